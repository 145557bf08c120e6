"""The worker that publishes uploads, one after another, and goes on after a restart where it was."""

import errno
import logging
import shutil
import threading
import time
import traceback
from pathlib import Path

from api.upload_records import Records, UploadedFile, UploadRecord
from api.upload_removals import Removals
from ingest.discover import SourceFile
from ingest.encode import Encoder
from ingest.errors import IngestError, LibraryDamaged, NothingPublished, PublisherBusy
from ingest.lock import publisher_lock
from ingest.messages import explain
from ingest.publish import Limits, Published, publish_files, published
from ingest.types import FileReport

MOST_ATTEMPTS = 3  # that may be broken off, before it is the files' doing
LOOK_SECONDS = 10.0  # between looks for uploads that another process took in
STOP_SECONDS = 15.0
_PROGRESS_SECONDS = 0.5
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0  # seconds, for another publisher
_BROKEN_OFF = "Het verwerken is steeds afgebroken. Probeer het met minder of kleinere bestanden."
_UNFORESEEN = "Er ging iets mis op de server. Vraag de beheerder om in de logboeken te kijken."
_FULL = "Er is te weinig ruimte op de schijf van de server. Vraag de beheerder om ruimte te maken."
_UNWRITABLE = (
    "De server kan de documenten niet wegschrijven. Vraag de beheerder om de map van de bibliotheek na te zien."
)
_log = logging.getLogger("vng_assistent.api")


class _Stopped(Exception):
    """The server stops; the upload goes on at the next start."""


def told(error: Exception, file: UploadedFile) -> str:
    """The Dutch sentence for what is wrong with a file, by the name that it was uploaded under."""
    sentence = explain(error) if isinstance(error, IngestError) else _UNFORESEEN
    return sentence.replace(file.source, file.name)


class UploadWorker:
    """Publishes what waits in these records, in a thread of its own."""

    def __init__(self, data: Path, encoder: Encoder, limits: Limits, records: Records, removals: Removals) -> None:
        self._data = data
        self._encoder = encoder
        self._limits = limits
        self._records = records
        self._removals = removals
        self._waking = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="uploads", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop at the next step; what was done of an upload is used again when it goes on."""
        self._stopping.set()
        self._waking.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
            self._thread = None

    def wake(self) -> None:
        """Say that there is something to do."""
        self._waking.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._waking.clear()
            try:
                self._publish_all()
            except _Stopped:
                return
            except PublisherBusy:
                pass  # another server works on the same uploads
            except Exception as error:  # noqa: BLE001 - whatever it is, the next upload must not wait for it for ever
                _log_failure(error)
            self._waking.wait(LOOK_SECONDS)

    def _publish_all(self) -> None:
        """Publish what waits, until nothing does. Before each upload, what had to be removed goes."""
        with publisher_lock(self._records.root):
            self._removals.finish()
            while waiting := [one for one in self._records.all() if not one.is_over]:
                self._publish(waiting[0])
                self._removals.finish()
            self._records.tidy()

    def _publish(self, record: UploadRecord) -> None:
        """See one upload through. Raises _Stopped."""
        record.status, record.attempts = "running", record.attempts + 1
        self._records.save(record)
        try:
            if record.attempts > MOST_ATTEMPTS:
                _fail(record, _BROKEN_OFF)
            else:
                self._records.settle(record)
                self._take_in(record)
        except _Stopped:
            record.attempts -= 1
            self._records.save(record)
            raise
        except NothingPublished as error:
            self._note(record, {report.source: report for report in error.files}, {})
        except IngestError as error:
            _fail(record, explain(error))
        except OSError as error:
            _log_failure(error)
            _fail(record, _FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else _UNWRITABLE)
        except Exception as error:  # noqa: BLE001 - one upload must not stop the others
            _log_failure(error)
            _fail(record, _UNFORESEEN)
        self._finish(record)

    def _take_in(self, record: UploadRecord) -> None:
        pending = [file for file in record.files if file.outcome is None]
        if not pending:
            return  # it was broken off just before its end
        before = self._published()
        for file in pending:
            if file.replaces is None:
                file.replaces = before[file.source].origin if file.source in before else ""
        self._records.save(record)
        sources = [
            SourceFile(self._records.folder_of(record, file) / file.name, file.source, record.metadata, named=True)
            for file in pending
        ]
        self._note(record, self._publish_files(record, sources), self._published())

    def _publish_files(self, record: UploadRecord, sources: list[SourceFile]) -> dict[str, FileReport]:
        """The reports by source; waits for another publisher, the command for one, as long as that takes."""
        shown = 0.0

        def progress(stage: str, done: int, total: int) -> None:
            nonlocal shown
            if self._stopping.is_set():
                raise _Stopped
            if stage != record.stage or time.monotonic() - shown > _PROGRESS_SECONDS:
                shown = time.monotonic()
                record.stage, record.done, record.total = stage, done, total
                self._records.save(record)

        wait = _FIRST_WAIT
        while True:
            try:
                report = publish_files(sources, self._data, self._encoder, limits=self._limits, progress=progress)
                return {one.source: one for one in report.files}
            except PublisherBusy:
                progress("waiting", 0, 0)
                if self._stopping.wait(wait):
                    raise _Stopped from None
                wait = min(wait * 2, _LONGEST_WAIT)

    def _published(self) -> dict[str, Published]:
        try:
            return published(self._data)
        except LibraryDamaged:
            return {}  # publishing goes on from an earlier version, where there is one

    def _note(self, record: UploadRecord, reports: dict[str, FileReport], after: dict[str, Published]) -> None:
        """What became of each file, so that it need not be done again."""
        for file in record.files:
            report = reports.get(file.source)
            if file.outcome is not None or report is None:
                continue
            if report.error is not None:
                file.outcome = "skipped" if report.outcome == "skipped" else "failed"
                file.message = told(report.error, file)
                continue
            found = after[file.source]
            file.doc_id, file.passages = found.doc_id, found.passages
            if Path(found.origin) == self._records.folder_of(record, file) / file.name:
                file.outcome = "changed" if file.replaces else "added"
            else:
                file.outcome = "unchanged"
        self._records.save(record)

    def _finish(self, record: UploadRecord) -> None:
        """Remove the files that no document comes from, and say that the upload is over."""
        for file in record.files:
            own = self._records.folder_of(record, file)
            if file.outcome in ("failed", "skipped", "unchanged"):
                self._records.remove_file(own)
            elif file.replaces and (old := self._records.kept(file.replaces)) and old != own:
                self._records.remove_file(old)
        shutil.rmtree(self._records.incoming / record.upload_id, ignore_errors=True)
        taken = any(file.outcome in ("added", "changed", "unchanged") for file in record.files)
        record.status, record.stage, record.done, record.total = "done" if taken else "failed", "", 0, 0
        self._records.save(record)


def _fail(record: UploadRecord, message: str) -> None:
    """Nothing more can be done for the files that nothing became of."""
    record.message = message
    for file in record.files:
        if file.outcome is None:
            file.outcome, file.message = "failed", message


def _log_failure(error: Exception) -> None:
    """Writes where it went wrong, and not the error's own words: they may hold what is in a document."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("an upload failed: %s\n%s", type(error).__qualname__, where)
