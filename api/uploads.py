"""Documents that are uploaded: taken in at the door, kept, and published one upload after another."""

import contextlib
import errno
import os
import shutil
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from api.access import Caller
from api.errors import Busy, StorageFull, UnknownUpload
from api.upload_facts import Said
from api.upload_form import Received, ReceivedFile, receive_form
from api.upload_names import safe_name, source_of
from api.upload_records import Records, UploadedFile, UploadRecord
from api.upload_removals import Removals
from api.upload_work import UploadWorker, told
from ingest.encode import Encoder
from ingest.errors import FileTooLarge, FileUnreachable, ReadError, UnsupportedFormat
from ingest.metadata import write_metadata
from ingest.publish import DEFAULT_LIMITS, Limits, uploads_root
from ingest.read import recognise
from ingest.types import Metadata

FORM_BYTES = 2**20  # for what a form has beside its files
AT_ONCE = 3  # uploads that come in at the same time
MOST_WAITING = 50  # uploads that were not published yet
RESERVE_BYTES = 256 * 2**20  # that must stay free on the disk
REMOVE_SECONDS = 2.0  # that a removal waits for another publisher, before it is left to the worker
_RETRY_SECONDS = 30
_MEGABYTE = 2**20


class Uploads:
    """The uploads of a data directory, and the worker that publishes them."""

    def __init__(
        self,
        data: Path,
        encoder: Encoder,
        limits: Limits = DEFAULT_LIMITS,
        *,
        reserve: int = RESERVE_BYTES,
        remove_seconds: float = REMOVE_SECONDS,
    ) -> None:
        self.limits = limits
        self._data = data
        self._encoder = encoder
        self._reserve = reserve
        self._records = Records(uploads_root(data))
        self._records.prepare()
        self._removals = Removals(data, encoder, self._records, patience=remove_seconds)
        self._worker = UploadWorker(data, encoder, limits, self._records, self._removals)
        self._door = threading.Semaphore(AT_ONCE)

    @property
    def root(self) -> Path:
        """The folder that uploads stand in."""
        return self._records.root

    @property
    def body_limit(self) -> int:
        """The largest form that is taken in, in bytes: the largest file, and room for the rest."""
        return self.limits.file_bytes + FORM_BYTES

    @contextlib.contextmanager
    def working(self) -> Iterator["Uploads"]:
        """These uploads, with a worker for as long as the `with` block lasts.

        It goes on with what waits and with what was broken off; what is not done at the end, it does the next time.
        """
        self._worker.start()
        try:
            yield self
        finally:
            self._worker.stop()

    async def take_in(
        self,
        content_type: str,
        stream: AsyncIterator[bytes],
        caller: Caller,
        *,
        before_files: Callable[[Received], None],
        said_of: Callable[[Received], Said],
    ) -> UploadRecord:
        """The upload that this form makes, which waits to be published from then on.

        `before_files` sees the fields before the first file, `said_of` says what they say of it. Raises what these
        raise, and Busy, StorageFull, BadMultipart, UnsupportedBody.
        """
        if not self._door.acquire(blocking=False):
            raise Busy(_RETRY_SECONDS)
        upload_id = uuid.uuid4().hex
        folder = self._records.incoming / upload_id
        try:
            with _room_on_disk():
                await run_in_threadpool(self._make_room, folder)
                received = await receive_form(
                    content_type, stream, folder, file_bytes=self.limits.file_bytes, before_files=before_files
                )
                return await run_in_threadpool(self._accept, upload_id, folder, received, said_of(received), caller)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            self._door.release()

    def of(self, caller: Caller) -> list[UploadRecord]:
        """The uploads that the caller may see, newest first: his own, and whoever administers those of others."""
        return [one for one in reversed(self._records.all()) if _may_see(one, caller)]

    def get(self, upload_id: str, caller: Caller) -> UploadRecord:
        """The upload with this id. Raises UnknownUpload."""
        record = self._records.get(upload_id)
        if record is None or not _may_see(record, caller):
            raise UnknownUpload(upload_id)
        return record

    def remove(self, source: str) -> bool:
        """Whether a document is out of the library without a trace, with the file that was uploaded for it.

        False where others publish: then it goes when these are done. Raises UnknownSource, LibraryDamaged.
        """
        gone = self._removals.remove(source)
        if not gone:
            self._worker.wake()
        return gone

    def _make_room(self, folder: Path) -> None:
        if sum(not one.is_over for one in self._records.all()) >= MOST_WAITING:
            raise Busy(_RETRY_SECONDS)
        if shutil.disk_usage(self._records.root).free < self._reserve + self.limits.file_bytes:
            raise StorageFull
        folder.mkdir()

    def _accept(self, upload_id: str, folder: Path, received: Received, said: Said, caller: Caller) -> UploadRecord:
        """The upload, with what is wrong with each of its files; it waits for the worker from then on."""
        record = UploadRecord(
            upload_id=upload_id,
            owner=caller.bucket,
            by=caller.name,
            created=datetime.now(UTC).isoformat(timespec="milliseconds"),
            access=tuple(sorted(said.access)),
            files=[],
            facts=said.facts,
        )
        for number, file in enumerate(received.files, 1):
            name = safe_name(file.given)
            source = source_of(name, said.access, caller.groups, caller.bucket)
            taken = UploadedFile(number, name or f"bestand {number}", source, file.size)
            others = {other.name.casefold() for other in record.files}
            record.files.append(taken)
            try:
                self._check(file, name, others)
                _keep(file.path, folder / str(number), name, record.metadata)
            except ReadError as error:
                taken.outcome = "skipped" if isinstance(error, UnsupportedFormat) else "failed"
                taken.message = told(error, taken)
                file.path.unlink(missing_ok=True)
        if all(file.outcome for file in record.files):
            record.status = "failed"
            shutil.rmtree(folder, ignore_errors=True)
        self._records.save(record)
        self._worker.wake()
        return record

    def _check(self, file: ReceivedFile, name: str, others: set[str]) -> None:
        """Raises a ReadError for a file that will not be read."""
        if not name:
            raise FileUnreachable("Een bestand", "name")
        if name.casefold() in others:
            raise FileUnreachable(name, "twice")
        if file.overflowed:
            sizes = f"{file.size / _MEGABYTE:.0f} MB > {self.limits.file_bytes / _MEGABYTE:.0f} MB"
            raise FileTooLarge(name, sizes)
        recognise(file.path, source=name, max_bytes=self.limits.file_bytes)


def _keep(path: Path, folder: Path, name: str, metadata: Metadata) -> None:
    """Put the file in a folder of its own, with what is said of it."""
    folder.mkdir()
    path.rename(folder / name)
    write_metadata(folder, name, metadata)
    for part in (folder, folder.parent):
        _sync(part)


def _sync(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open a folder, and does not need to
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _may_see(record: UploadRecord, caller: Caller) -> bool:
    """Whoever administers sees the uploads of others as he sees their documents: not those closed to him."""
    is_open = not record.access or not caller.groups.isdisjoint(record.access)
    return record.owner == caller.bucket or (caller.may("admin") and is_open)


@contextlib.contextmanager
def _room_on_disk() -> Iterator[None]:
    """Turns the errors of a disk that is full into StorageFull."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise
