"""What is known of each upload, as a small file of its own: so that a restart, or a crash, goes on where it was.

data/uploads/
├── incoming/<upload>/<n>/<name>    what is still coming in, and what waits for the worker
├── files/<upload>/<n>/<name>       where the documents of the library come from, each with its bronnen.toml
└── records/<upload>.json           the uploads
"""

import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from ingest.types import Metadata

Status = Literal["queued", "running", "done", "failed"]
Outcome = Literal["added", "changed", "unchanged", "skipped", "failed"]
KEPT = 200  # uploads that are over
KEPT_DAYS = 30
HALF_SECONDS = 2 * 60 * 60  # longer than a form takes to come in
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(slots=True)
class UploadedFile:
    """A file of an upload, and what became of it: `outcome` is None for as long as nothing did.

    `replaces` is where the document came from that had this source before; "" for none, None when not looked yet.
    """

    number: int
    name: str
    source: str
    size: int
    outcome: Outcome | None = None
    message: str = ""
    doc_id: str | None = None
    passages: int = 0
    replaces: str | None = None


@dataclass(slots=True)
class UploadRecord:
    """An upload: whose it is (`owner` for us, `by` for a person), what is said of its files, and how far it is.

    `stage` is what is done now: "waiting" for another publisher, or a stage of publishing; `done` of `total` says how
    far. `attempts` counts how often the work was begun, and broken off.
    """

    upload_id: str
    owner: str
    by: str
    created: str
    access: tuple[str, ...]
    files: list[UploadedFile]
    facts: dict[str, str] = field(default_factory=dict)
    status: Status = "queued"
    stage: str = ""
    done: int = 0
    total: int = 0
    message: str = ""
    attempts: int = 0

    @property
    def metadata(self) -> Metadata:
        """What is said of its files, as `ingest` takes it."""
        return Metadata(**self.facts, access=frozenset(self.access))

    @property
    def is_over(self) -> bool:
        """Whether nothing more will become of it."""
        return self.status in ("done", "failed")


class Records:
    """The uploads on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.incoming, self.files = self.root / "incoming", self.root / "files"
        self._records, self._removing = self.root / "records", self.root / "removing"

    def prepare(self) -> None:
        """Make the folders. Raises OSError."""
        for folder in (self.root, self.incoming, self.files, self._records, self._removing):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def all(self) -> list[UploadRecord]:
        """All uploads, oldest first; one whose file cannot be read is left out."""
        found = [self.get(path.stem) for path in self._records.glob("*.json")]
        return sorted(filter(None, found), key=lambda record: (record.created, record.upload_id))

    def get(self, upload_id: str) -> UploadRecord | None:
        """The upload with this id."""
        if not _ID.fullmatch(upload_id):
            return None
        try:
            return _record(json.loads(self._path(upload_id).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def save(self, record: UploadRecord) -> None:
        """Write the upload down, in one step: it is the old one or the new one, whatever happens. Raises OSError."""
        _write(self._path(record.upload_id), asdict(record))

    def drop(self, upload_id: str) -> None:
        """Forget the upload; its documents stay."""
        self._path(upload_id).unlink(missing_ok=True)

    def folder_of(self, record: UploadRecord, file: UploadedFile) -> Path:
        """The folder that a file of an upload stands in for good."""
        return self.files / record.upload_id / str(file.number)

    def kept(self, origin: str) -> Path | None:
        """The folder of the uploaded file that a document came from; None for a document that came from elsewhere.

        Also when the data directory was moved since.
        """
        parts = Path(origin).parts[-5:]
        if parts[:2] != ("uploads", "files") or len(parts) != 5 or not _ID.fullmatch(parts[2]):
            return None
        folder = self.files / parts[2] / parts[3]
        return folder if parts[3].isdecimal() and folder.is_dir() else None

    def naming(self, source: str) -> Iterator[UploadRecord]:
        """The uploads that had a file with this source."""
        yield from (one for one in self.all() if any(file.source == source for file in one.files))

    def settle(self, record: UploadRecord) -> None:
        """Give the files of an upload the place where they stay. Raises OSError."""
        incoming = self.incoming / record.upload_id
        if incoming.is_dir():
            incoming.rename(self.files / record.upload_id)

    def remove_file(self, folder: Path) -> None:
        """Remove an uploaded file with what was said of it, and the folder of its upload when that is empty then."""
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            folder.parent.rmdir()

    def note_removal(self, source: str, origin: str) -> Path:
        """Write down that a document is being removed; -> the note, to be thrown away when that is done."""
        note = self._removing / f"{uuid.uuid4().hex}.json"
        _write(note, [source, origin])
        return note

    def removals(self) -> Iterator[tuple[Path, str, str]]:
        """The documents whose removal was cut off: the note, the source, and where it came from."""
        for note in sorted(self._removing.glob("*.json")):
            try:
                source, origin = json.loads(note.read_text(encoding="utf-8"))
            except (OSError, ValueError, TypeError):
                note.unlink(missing_ok=True)
                continue
            yield note, str(source), str(origin)

    def tidy(self) -> None:
        """Forget old uploads, and what came in half before a crash."""
        over = [record for record in reversed(self.all()) if record.is_over]
        oldest = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).isoformat()
        for record in [*over[KEPT:], *(one for one in over[:KEPT] if one.created < oldest)]:
            self.drop(record.upload_id)
        for folder in self.incoming.iterdir():
            if not self._path(folder.name).exists() and time.time() - folder.stat().st_mtime > HALF_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)

    def _path(self, upload_id: str) -> Path:
        return self._records / f"{upload_id}.json"


def _write(path: Path, value: Any) -> None:
    partial = path.with_suffix(".new")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _record(fields: dict[str, Any]) -> UploadRecord:
    files = [UploadedFile(**one) for one in fields.pop("files")]
    return UploadRecord(**{**fields, "access": tuple(fields["access"])}, files=files)
