"""A form with files, read as it comes in: files go to disk a piece at a time, and never stand in memory as a whole."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool

from api.errors import BadMultipart, UnsupportedBody

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FILES = "files"  # the field of the form that holds them
MOST_FILES = 50
MOST_FIELDS = 60
LONGEST_FIELD = 4_000  # bytes
_FORM = b"multipart/form-data"
_MOST_PARTS = MOST_FILES + MOST_FIELDS + 10  # browsers send an empty part for a field for files that was left empty


@dataclass(slots=True)
class ReceivedFile:
    """A file of the form. `given` is the name as it was sent; it was cut off where it `overflowed` its limit."""

    given: str
    path: Path
    size: int = 0
    overflowed: bool = False


@dataclass(slots=True)
class Received:
    """What a form held: fields with their values, in order, and files."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[ReceivedFile] = field(default_factory=list)

    def last(self, name: str) -> str:
        """The value of a field that stands in the form once; "" where it was left out."""
        return self.fields.get(name, [""])[-1]


async def receive_form(
    content_type: str,
    stream: AsyncIterator[bytes],
    folder: Path,
    *,
    file_bytes: int,
    before_files: Callable[[Received], None],
) -> Received:
    """The form in this stream, with its files in the folder, as 1.part, 2.part.

    `before_files` sees the fields that came before the first file, and can refuse the rest. Raises UnsupportedBody
    for what is no form with files, BadMultipart for one that cannot be read, OSError where the disk is full.
    """
    media_type, options = parse_options_header(content_type)
    if media_type.lower() != _FORM or not options.get(b"boundary"):
        raise UnsupportedBody(content_type, _FORM.decode())
    reading = _Reading(folder, file_bytes, before_files)
    try:
        parser = MultipartParser(options[b"boundary"], reading.callbacks())
        async for piece in stream:
            await run_in_threadpool(parser.write, piece)
        parser.finalize()
    except FormParserError:
        raise BadMultipart("syntax") from None
    finally:
        await run_in_threadpool(reading.close)
    if not reading.ended:
        raise BadMultipart("syntax")
    return reading.received


class _Reading:
    """The parts of a form as they come."""

    def __init__(self, folder: Path, file_bytes: int, before_files: Callable[[Received], None]) -> None:
        self.received = Received()
        self.ended = False
        self._folder = folder
        self._file_bytes = file_bytes
        self._before_files = before_files
        self._parts = 0
        self._header = bytearray()
        self._value = bytearray()
        self._disposition = b""
        self._name = ""
        self._text = bytearray()
        self._file: ReceivedFile | None = None
        self._opened: BinaryIO | None = None

    def callbacks(self) -> "MultipartCallbacks":
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def close(self) -> None:
        """Let go of a file that was not finished."""
        if self._opened is not None:
            with suppress(OSError):
                self._opened.close()

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise BadMultipart("parts")
        self._disposition, self._name, self._text, self._file = b"", "", bytearray(), None

    def _end_header(self) -> None:
        if bytes(self._header).lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _end_headers(self) -> None:
        kind, options = parse_options_header(self._disposition)
        if kind != b"form-data" or b"name" not in options:
            raise BadMultipart("syntax")
        self._name = options[b"name"].decode("utf-8", "replace")
        if b"filename" not in options:
            return
        if self._name != FILES:
            raise BadMultipart("file_field")
        if not self.received.files:
            self._before_files(self.received)
        if len(self.received.files) == MOST_FILES:
            raise BadMultipart("files")
        number = len(self.received.files) + 1
        self._file = ReceivedFile(_decoded(options[b"filename"]), self._folder / f"{number}.part")
        self._opened = self._file.path.open("xb")
        self.received.files.append(self._file)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is None:
            if len(self._text) + end - start > LONGEST_FIELD:
                raise BadMultipart("field")
            self._text += data[start:end]
            return
        self._file.size += end - start
        self._file.overflowed |= self._file.size > self._file_bytes
        if self._opened is not None and not self._file.overflowed:
            self._opened.write(data[start:end])

    def _end(self) -> None:
        if self._file is not None and self._opened is not None:
            self._opened.flush()
            os.fsync(self._opened.fileno())  # what is accepted is there, also after a power failure
            self._opened.close()
            self._opened = None
            if self._file.overflowed:
                self._file.path.unlink()
            if not self._file.given and not self._file.size:  # a field for files that was left empty
                self._file.path.unlink(missing_ok=True)
                self.received.files.remove(self._file)
            return
        values = self.received.fields.setdefault(self._name, [])
        if sum(map(len, self.received.fields.values())) >= MOST_FIELDS:
            raise BadMultipart("fields")
        try:
            values.append(self._text.decode("utf-8"))
        except UnicodeDecodeError:
            raise BadMultipart("encoding") from None

    def _finish(self) -> None:
        self.ended = True


def _decoded(name: bytes) -> str:
    """The name of a file, as browsers write it: in UTF-8, with three characters that they escape."""
    text = name.decode("utf-8", "replace")
    return text.replace("%22", '"').replace("%0A", " ").replace("%0D", " ")
