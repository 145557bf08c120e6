"""The catalogue of a library: documents, canonical texts, passages and vectors in one SQLite file.

It is the source of truth. The lexical and the dense index hold nothing that cannot be made again from it.
Passages carry a `row`, an integer that is never used twice, by which both indexes name them.
"""

import errno
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from ingest.errors import LibraryDamaged
from ingest.sentence_vectors import SentenceVectors, pack, unpack
from ingest.types import BlockSpan, CanonicalText, Document, Passage

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY, source TEXT NOT NULL UNIQUE, origin TEXT NOT NULL, input_hash TEXT NOT NULL,
    fields TEXT NOT NULL, text TEXT NOT NULL, blocks TEXT NOT NULL, pages TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, passage_id TEXT NOT NULL UNIQUE,
    doc_id TEXT NOT NULL REFERENCES documents (doc_id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, section TEXT NOT NULL, text TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    first_page INTEGER, last_page INTEGER, role TEXT NOT NULL, vector_key TEXT NOT NULL
);
CREATE INDEX passages_of_document ON passages (doc_id, ordinal);
CREATE INDEX passages_of_vector ON passages (vector_key);
CREATE TABLE vectors (vector_key TEXT PRIMARY KEY, vector BLOB NOT NULL, sentences BLOB) WITHOUT ROWID;
"""
PASSAGE_COLUMNS = 'row, passage_id, doc_id, ordinal, section, text, start, "end", first_page, last_page, role'
T = TypeVar("T")
P = ParamSpec("P")
BATCH = 500  # rows named in one statement; SQLite allows at least 999 parameters


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready for the catalogue: read, cleaned and split.

    `origin` is the absolute path it came from, `input_hash` a hash over everything its text was made from.
    """

    document: Document
    canonical: CanonicalText
    passages: tuple[Passage, ...]
    origin: str
    input_hash: str


def _reading(method: Callable[Concatenate["Catalogue", P], T]) -> Callable[Concatenate["Catalogue", P], T]:
    """The method, with whatever a damaged file makes SQLite or a decoder throw turned into LibraryDamaged."""

    @wraps(method)
    def read(self: "Catalogue", /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            with self._lock:
                return method(self, *args, **kwargs)
        except (sqlite3.ProgrammingError, UnicodeEncodeError):
            raise  # of a closed catalogue, or an id that cannot be text: not the file's doing
        except (sqlite3.DatabaseError, ValueError, TypeError, KeyError) as error:
            raise _damaged(self.path) from error

    return read


def _writing(method: Callable[Concatenate["Catalogue", P], None]) -> Callable[Concatenate["Catalogue", P], None]:
    """The method, with what SQLite throws when it cannot write turned into OSError: a full disk, most often."""

    @wraps(method)
    def write(self: "Catalogue", /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            method(self, *args, **kwargs)
        except sqlite3.OperationalError as error:
            number = errno.ENOSPC if "full" in str(error) else errno.EROFS if "readonly" in str(error) else errno.EIO
            raise OSError(number, str(error), str(self.path)) from error

    return write


def _damaged(path: Path) -> LibraryDamaged:
    return LibraryDamaged(path.parent.name, (f"{path.name} is beschadigd",))


class Catalogue:
    """An open catalogue. Reading is safe from several threads; writing is for the one publisher.

    Every method that reads raises LibraryDamaged for a file that cannot be read, or not understood.
    """

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        self.path = path
        self._writable = writable
        self._lock = threading.RLock()
        self._opened: sqlite3.Connection | None = None
        if writable and not path.exists():
            self._connection.executescript(SCHEMA)

    @property
    def _connection(self) -> sqlite3.Connection:
        """The one connection, which threads use in turn: it stays good when the file is removed under a reader."""
        if self._opened is None:
            # A published catalogue never changes, so readers skip locking altogether.
            mode = "mode=rwc" if self._writable else "mode=ro&immutable=1"
            self._opened = sqlite3.connect(f"{self.path.absolute().as_uri()}?{mode}", uri=True, check_same_thread=False)
            self._opened.execute("PRAGMA foreign_keys = ON")
            self._opened.execute("PRAGMA secure_delete = ON")
        return self._opened

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    # Reading

    @_reading
    def meta(self) -> dict[str, str]:
        """The facts that the publisher noted about this catalogue."""
        return dict(self._connection.execute("SELECT key, value FROM meta"))

    @_reading
    def documents(self) -> list[Document]:
        """All documents, by source."""
        rows = self._connection.execute("SELECT fields FROM documents ORDER BY source")
        return [_document(fields) for (fields,) in rows]

    @_reading
    def document(self, doc_id: str) -> Document | None:
        """The document with this id."""
        row = self._connection.execute("SELECT fields FROM documents WHERE doc_id = ?", (doc_id,)).fetchone()
        return _document(row[0]) if row else None

    @_reading
    def canonical(self, doc_id: str) -> CanonicalText | None:
        """The canonical text of the document with this id."""
        row = self._connection.execute(
            "SELECT text, blocks, pages FROM documents WHERE doc_id = ?", (doc_id,)
        ).fetchone()
        if row is None:
            return None
        blocks = tuple(
            BlockSpan(kind, level, start, end, tuple(joints)) for kind, level, start, end, joints in json.loads(row[1])
        )
        return CanonicalText(row[0], blocks, tuple((offset, page) for offset, page in json.loads(row[2])))

    @_reading
    def origins(self) -> dict[str, tuple[str, str]]:
        """Source -> (absolute path it came from, input hash)."""
        rows = self._connection.execute("SELECT source, origin, input_hash FROM documents")
        return {source: (origin, input_hash) for source, origin, input_hash in rows}

    @_reading
    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """Row -> passage, for the rows that exist."""
        found: dict[int, Passage] = {}
        for batch in _batches(rows):
            marks = ",".join("?" * len(batch))
            query = f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE row IN ({marks})"  # noqa: S608 - only marks
            found.update((values[0], _passage(values)) for values in self._connection.execute(query, batch))
        return found

    @_reading
    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id."""
        query = f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE passage_id = ?"  # noqa: S608 - constant columns
        values = self._connection.execute(query, (passage_id,)).fetchone()
        return _passage(values) if values else None

    @_reading
    def passages_of(self, doc_id: str) -> list[Passage]:
        """The passages of a document, in order."""
        query = f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE doc_id = ? ORDER BY ordinal"  # noqa: S608
        return [_passage(values) for values in self._connection.execute(query, (doc_id,))]

    @_reading
    def passage_counts(self) -> dict[str, int]:
        """Document id -> number of passages."""
        return dict(self._connection.execute("SELECT doc_id, count(*) FROM passages GROUP BY doc_id"))

    @_reading
    def rows(self) -> set[int]:
        """The rows of all passages."""
        return {row for (row,) in self._connection.execute("SELECT row FROM passages")}

    def iterate(self, rows: Sequence[int]) -> Iterator[tuple[int, Passage, Document]]:
        """(row, passage, its document) for each of these rows, in ascending order, a batch at a time."""
        documents = {document.doc_id: document for document in self.documents()}
        for batch in _batches(sorted(rows)):
            for row, passage in sorted(self.passages(batch).items()):
                if passage.doc_id not in documents:
                    raise _damaged(self.path)
                yield row, passage, documents[passage.doc_id]

    @_reading
    def vectors(self, rows: Sequence[int]) -> tuple[list[int], NDArray[np.float32]]:
        """(rows, matrix of their vectors, one a row), ascending; rows without a vector are left out."""
        found: list[tuple[int, bytes]] = []
        for batch in _batches(sorted(rows)):
            marks = ",".join("?" * len(batch))
            query = (
                "SELECT row, vector FROM passages JOIN vectors USING (vector_key) "  # noqa: S608 - only marks
                f"WHERE row IN ({marks}) ORDER BY row"
            )
            found.extend(self._connection.execute(query, batch))
        matrix = np.array([np.frombuffer(vector, dtype=np.float16) for _, vector in found], dtype=np.float32)
        return [row for row, _ in found], matrix

    @_reading
    def documents_of(self, rows: Sequence[int]) -> list[str]:
        """The id of the document of each of these rows that there are, in ascending order of row."""
        found: list[str] = []
        for batch in _batches(sorted(rows)):
            marks = ",".join("?" * len(batch))
            query = f"SELECT doc_id FROM passages WHERE row IN ({marks}) ORDER BY row"  # noqa: S608 - only marks
            found.extend(doc_id for (doc_id,) in self._connection.execute(query, batch))
        return found

    @_reading
    def sentence_vectors(self, rows: Sequence[int]) -> dict[int, SentenceVectors]:
        """Row -> the vectors of the sentences of the passage; not for passages without them."""
        found: dict[int, SentenceVectors] = {}
        for batch in _batches(rows):
            marks = ",".join("?" * len(batch))
            query = (
                "SELECT row, sentences, length(vector) FROM passages JOIN vectors USING (vector_key) "  # noqa: S608
                f"WHERE row IN ({marks}) AND sentences IS NOT NULL"
            )
            for row, blob, size in self._connection.execute(query, batch):
                found[row] = unpack(blob, size // np.dtype(np.float16).itemsize)
        return found

    @_reading
    def missing_vectors(self) -> list[str]:
        """The vector keys that passages name and that have no vector yet, sorted."""
        query = "SELECT DISTINCT vector_key FROM passages WHERE vector_key NOT IN (SELECT vector_key FROM vectors)"
        return sorted(key for (key,) in self._connection.execute(query))

    @_reading
    def passages_with(self, vector_keys: Sequence[str]) -> dict[str, Passage]:
        """Vector key -> a passage that has it."""
        found: dict[str, Passage] = {}
        for batch in _batches(vector_keys):
            marks = ",".join("?" * len(batch))
            query = f"SELECT vector_key, {PASSAGE_COLUMNS} FROM passages WHERE vector_key IN ({marks})"  # noqa: S608
            found.update((values[0], _passage(values[1:])) for values in self._connection.execute(query, batch))
        return found

    # Writing: each call is one transaction, so that a killed publisher leaves whole documents

    @_writing
    def note(self, facts: dict[str, str]) -> None:
        """Note facts about this catalogue, over earlier ones with the same key."""
        with self._connection as connection:
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())

    @_writing
    def put(self, prepared: Prepared, vector_keys: Sequence[str]) -> None:
        """Add a document with its passages, in the place of one with the same id."""
        document, canonical = prepared.document, prepared.canonical
        blocks = [[b.kind, b.level, b.start, b.end, b.joints] for b in canonical.blocks]
        with self._connection as connection:
            connection.execute("DELETE FROM documents WHERE doc_id = ?", (document.doc_id,))
            connection.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    document.doc_id, document.source, prepared.origin, prepared.input_hash, _fields(document),
                    canonical.text, json.dumps(blocks), json.dumps(canonical.pages),
                ),
            )  # fmt: skip
            connection.executemany(
                "INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        p.passage_id, p.doc_id, p.ordinal, json.dumps(p.section, ensure_ascii=False), p.text,
                        p.start, p.end, p.first_page, p.last_page, p.role, key,
                    )
                    for p, key in zip(prepared.passages, vector_keys, strict=True)
                ),
            )  # fmt: skip

    @_writing
    def put_vectors(self, vectors: Iterable[tuple[str, NDArray[np.float32], NDArray[np.float32] | None]]) -> None:
        """Add vectors by their key, each with those of the sentences where there are any."""
        with self._connection as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                (
                    (key, vector.astype(np.float16).tobytes(), None if sentences is None else pack(sentences))
                    for key, vector, sentences in vectors
                ),
            )

    @_writing
    def remove(self, doc_id: str) -> None:
        """Remove a document with its passages."""
        with self._connection as connection:
            connection.execute("DELETE FROM documents WHERE doc_id = ?", (doc_id,))

    @_writing
    def clear_vectors(self) -> None:
        """Remove all vectors, because another encoder will make them."""
        with self._connection as connection:
            connection.execute("DELETE FROM vectors")

    @_writing
    def finish(self, *, vacuum: bool) -> None:
        """Drop vectors that no passage uses; with `vacuum`, write the file anew, without what was removed from it."""
        with self._connection as connection:
            connection.execute("DELETE FROM vectors WHERE vector_key NOT IN (SELECT vector_key FROM passages)")
        if vacuum:
            self._connection.execute("VACUUM")

    def problems(self) -> list[str]:
        """What is wrong with the file itself; empty when SQLite finds it sound."""
        try:
            sound = self._connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        except sqlite3.DatabaseError:
            sound = False
        return [] if sound else list(_damaged(self.path).problems)


def copy_catalogue(source: Path, target: Path) -> None:
    """Copy a published catalogue; nobody writes the source, so this is a plain consistent copy.

    Raises LibraryDamaged when the source cannot be read.
    """
    with closing(Catalogue(source)) as checked:
        checked.meta()
    uri = f"{source.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as reader, closing(sqlite3.connect(target)) as writer:
        reader.backup(writer)


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(items), BATCH):
        yield items[at : at + BATCH]


def _fields(document: Document) -> str:
    values = {name: getattr(document, name) for name in Document.__dataclass_fields__}
    return json.dumps({**values, "access": sorted(document.access)}, ensure_ascii=False)


def _document(fields: str) -> Document:
    values = json.loads(fields)
    values["access"] = frozenset(values["access"])
    values["page_labels"] = tuple(values["page_labels"])
    return Document(**values)


def _passage(values: Sequence[Any]) -> Passage:
    _, passage_id, doc_id, ordinal, section, text, start, end, first_page, last_page, role = values
    return Passage(
        passage_id=passage_id, doc_id=doc_id, ordinal=ordinal, text=text, section=tuple(json.loads(section)),
        start=start, end=end, first_page=first_page, last_page=last_page, role=role,
    )  # fmt: skip
