"""Documents that are taken out of the library, with the files that were uploaded for them."""

import contextlib
import time
from pathlib import Path

from api.upload_records import Records
from ingest.encode import Encoder
from ingest.errors import LibraryError, PublisherBusy, UnknownSource
from ingest.publish import published, remove

_PAUSE = 0.2  # seconds between tries


class Removals:
    """Removes documents of a data directory: at once, or when another publisher is done. Notes outlive a crash."""

    def __init__(self, data: Path, encoder: Encoder, records: Records, *, patience: float) -> None:
        """`patience` is how many seconds to wait for another publisher."""
        self._data = data
        self._encoder = encoder
        self._records = records
        self._patience = patience

    def remove(self, source: str) -> bool:
        """Whether the document is gone, without a trace; False where it goes as soon as another publisher is done.

        Raises UnknownSource, LibraryDamaged.
        """
        found = published(self._data).get(source)
        if found is None:
            raise UnknownSource(source)
        note = self._records.note_removal(source, found.origin)
        until = time.monotonic() + self._patience
        while True:
            try:
                self._take_out(source, found.origin)
            except PublisherBusy:
                if time.monotonic() > until:
                    return False
                time.sleep(_PAUSE)
            except BaseException:
                note.unlink(missing_ok=True)
                raise
            else:
                note.unlink(missing_ok=True)
                return True

    def finish(self) -> None:
        """Do what had to wait, and what was cut off; what cannot be done now stays for the next time."""
        for note, source, origin in self._records.removals():
            with contextlib.suppress(LibraryError):
                found = published(self._data).get(source)
                if found is None or found.origin == origin:  # what came in its place since is another document
                    self._take_out(source, origin)
                note.unlink(missing_ok=True)

    def _take_out(self, source: str, origin: str) -> None:
        with contextlib.suppress(UnknownSource):  # it is gone already; what is left of its file is not
            remove(source, self._data, self._encoder)
        self._forget(source, origin)

    def _forget(self, source: str, origin: str) -> None:
        """Remove the uploaded file of a document that is gone, and its name from what is known of uploads."""
        if folder := self._records.kept(origin):
            self._records.remove_file(folder)
        for record in self._records.naming(source):
            record.files = [file for file in record.files if file.source != source or file.outcome is None]
            if record.files:
                self._records.save(record)
            else:
                self._records.drop(record.upload_id)
