"""Read one file: choose the reader for its format, clean what it gives, and say what the document is.

Each format has one module with `read(path, source) -> Extract`; it is imported when a file of that format comes.
What a parser throws is translated here, and only here, into the errors of `ingest.errors`.
"""

import errno
import hashlib
import importlib
import os
import re
import stat
from pathlib import Path

from ingest.clean import clean
from ingest.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    FileTooLarge,
    FileUnreachable,
    ReadError,
    UnsupportedFormat,
    WrongFormat,
)
from ingest.read.properties import sensible_author, sensible_title
from ingest.read.sniff import sniff
from ingest.types import Block, Document, Extract, Metadata

# The format that a name promises, by its extension.
_EXTENSIONS = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".docm": "docx",
    ".odt": "odt",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
}
SUPPORTED: frozenset[str] = frozenset(_EXTENSIONS)

_READERS = {
    "pdf": ("ingest.read.pdf", "application/pdf"),
    "docx": ("ingest.read.word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "odt": ("ingest.read.odt", "application/vnd.oasis.opendocument.text"),
    "html": ("ingest.read.html", "text/html"),
    "markdown": ("ingest.read.markdown", "text/markdown"),
    "text": ("ingest.read.text", "text/plain"),
}
MEDIA_TYPES: frozenset[str] = frozenset(media_type for _, media_type in _READERS.values())
# What the content may look like under a name. Nothing in plain text says that it is Markdown or a piece of HTML.
_ACCEPTED = {"html": {"html", "xml", "text"}, "markdown": {"text", "html"}, "text": {"text", "xml"}}
# Content that says nothing: under a name that promises a format, it is that format gone wrong.
_RUINS = frozenset({"binary", "broken-zip"})

MAX_BYTES = 200 * 1024 * 1024
_NO_METADATA = Metadata()
_MEGABYTE = 1024 * 1024
_DETAIL_LENGTH = 200
# A file that went away while it was read. Other operating system errors are a parser's doing, such as a seek to -1.
_UNREACHABLE = frozenset({errno.EACCES, errno.EIO, errno.ENOENT, errno.EPERM, errno.ESTALE})
# "Verslag 2.0" or "brief v1.2 concept" has no extension, though it has a dot.
_EXTENSION = re.compile(r"\.(?=[0-9]*[a-z])[a-z0-9]{1,8}")


def read(
    path: Path, *, source: str, metadata: Metadata = _NO_METADATA, max_bytes: int = MAX_BYTES
) -> tuple[Document, tuple[Block, ...]]:
    """The document in a file and its cleaned blocks, in reading order.

    `source` is what the document is known by; what `metadata` says wins over what the file says of itself.
    Raises a ReadError that says what is wrong with the file; MemoryError passes through.
    """
    try:
        _check_file(path, source, max_bytes)
        kind = _kind(path, source)
        extract = _extract(kind, path, source)
        blocks = clean(extract.blocks)
        with path.open("rb") as file:
            content_hash = hashlib.file_digest(file, "sha256").hexdigest()
    except (ReadError, MemoryError):
        raise
    except OSError as error:
        raise FileUnreachable(source, error.strerror or str(error)) from error
    if not blocks:
        raise EmptyFile(source)
    document = Document(
        doc_id=hashlib.sha256(source.encode()).hexdigest()[:16],
        source=source,
        title=metadata.title or sensible_title(extract.title) or _first_heading(blocks) or _readable_name(source),
        media_type=_READERS[kind][1],
        content_hash=content_hash,
        publisher=metadata.publisher,
        author=metadata.author or sensible_author(extract.author),
        kind=metadata.kind,
        issued=metadata.issued or extract.issued,
        language=metadata.language or extract.language or "nl",
        pages=extract.pages,
        page_labels=extract.page_labels,
        access=metadata.access,
    )
    return document, blocks


def recognise(path: Path, *, source: str, max_bytes: int = MAX_BYTES) -> str:
    """The format that a file would be read as, from its name and its first bytes. Raises a ReadError."""
    try:
        _check_file(path, source, max_bytes)
        return _kind(path, source)
    except OSError as error:
        raise FileUnreachable(source, error.strerror or str(error)) from error


def _check_file(path: Path, source: str, max_bytes: int) -> None:
    """Raise unless there is a file with something in it, not more than the limit, that may be read."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):  # a pipe or device would keep the reader waiting for ever
        raise FileUnreachable(
            source, os.strerror(errno.EISDIR) if stat.S_ISDIR(status.st_mode) else "not a regular file"
        )
    if status.st_size == 0:
        raise EmptyFile(source)
    if status.st_size > max_bytes:
        raise FileTooLarge(source, f"{status.st_size / _MEGABYTE:.0f} MB > {max_bytes / _MEGABYTE:.0f} MB")
    with path.open("rb"):
        pass


def _kind(path: Path, source: str) -> str:
    """The format to read the file as, from its name and its content, which must agree."""
    suffix = Path(source).suffix.strip().lower()
    extension = suffix if _EXTENSION.fullmatch(suffix) else ""
    if extension and extension not in _EXTENSIONS:
        raise UnsupportedFormat(source, extension)
    content = sniff(path)
    if content == "encrypted":
        raise EncryptedFile(source)
    if not extension:
        if content not in _READERS:
            raise UnsupportedFormat(source, content)
        return content
    promised = _EXTENSIONS[extension]
    if content in _ACCEPTED.get(promised, {promised}):
        return promised
    if content in _RUINS and promised not in _ACCEPTED:
        raise DamagedFile(source, f"no {promised} in it")
    raise WrongFormat(source, content)


def _extract(kind: str, path: Path, source: str) -> Extract:
    reader = importlib.import_module(_READERS[kind][0])
    try:
        extract: Extract = reader.read(path, source)
    except (ReadError, MemoryError):
        raise
    except Exception as error:
        # Parsers raise anything on a damaged file: KeyError, struct.error, RecursionError, their own classes.
        if isinstance(error, OSError) and error.errno in _UNREACHABLE:
            raise
        raise DamagedFile(source, f"{type(error).__name__}: {error}"[:_DETAIL_LENGTH]) from error
    return extract


def _first_heading(blocks: tuple[Block, ...]) -> str | None:
    heading = next((block.text for block in blocks if block.kind == "heading"), None)
    return sensible_title(heading)


def _readable_name(source: str) -> str:
    """A file name as a title: "2023-05_verslag-raad.docx" is "2023-05 verslag raad"."""
    name = Path(source).name
    suffix = Path(source).suffix
    stem = name.removesuffix(suffix) if suffix.lower() in _EXTENSIONS else name
    words = re.sub(r"[_+\s]+|(?<!\d)-|-(?!\d)", " ", stem).split()
    title = " ".join(words) or name
    return title[0].upper() + title[1:]
