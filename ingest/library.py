"""A published library, opened for reading.

    data/library/
    ├── current                 a file that names the published version
    ├── <version>/              catalogue.sqlite, lexical/, dense/, abbreviations.txt, manifest.json; never changes
    ├── originals/              a copy of each file that was read, named by the hash of its bytes
    └── next/                   what a publisher is working on

A reader that holds on to `LiveLibrary` notices the switch to a new version and opens it, without dropping a question.
"""

import json
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.catalogue import Catalogue
from ingest.clean import READER_VERSION
from ingest.dense import SCANNED, DenseHit, DenseIndex, DenseTable
from ingest.dutch import ANALYSER_VERSION
from ingest.encode import Encoder, VectorCache
from ingest.errors import IngestError, LibraryDamaged, LibraryMismatch, NoLibrary
from ingest.lexical import LexicalHit, LexicalIndex, QueryWord
from ingest.memory import give_back
from ingest.originals import kept_original
from ingest.recent import Recent
from ingest.sentence_vectors import SentenceVectors
from ingest.split import SPLITTER_VERSION
from ingest.thesaurus import Thesaurus, read_file
from ingest.titles import Titles
from ingest.types import CanonicalText, Document, Manifest, Passage

CATALOGUE, LEXICAL, DENSE, MANIFEST = "catalogue.sqlite", "lexical", "dense", "manifest.json"
ABBREVIATIONS = "abbreviations.txt"
KEPT_PASSAGES = SCANNED  # that were read last, of which text and vectors are kept: 10 MB for each thousand
KEPT_CHARACTERS = 30_000_000  # of the texts of documents that were read last: 120 MB at most
LEXICAL_NAME, DENSE_NAME = "de woordindex", "de vectorindex"


def library_root(data: Path) -> Path:
    """Where the versions of the library of this data directory stand."""
    return data / "library"


def published_version(data: Path) -> str:
    """The version that is published now. Raises NoLibrary when there is none, LibraryDamaged when none is named."""
    try:
        version = (library_root(data) / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise NoLibrary(str(data)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise LibraryDamaged("current", (f"het bestand 'current' is niet te lezen: {error}",)) from error
    if not version or Path(version).name != version:
        raise LibraryDamaged(version, ("het bestand 'current' noemt geen versie",))
    return version


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the library in this folder. Raises LibraryDamaged when it cannot be read."""
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise LibraryDamaged(folder.name, (f"manifest: {error}",)) from None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of the library in this folder."""
    text = json.dumps(asdict(manifest), indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def versions_in_force(encoder: Encoder) -> dict[str, str]:
    """What a library must have been made with to be read by this program, by the manifest's field."""
    return {
        "encoder": encoder.name,
        "analyser_version": ANALYSER_VERSION,
        "splitter_version": SPLITTER_VERSION,
        "reader_version": READER_VERSION,
    }


@contextmanager
def translated(folder: Path, name: str) -> Iterator[None]:
    """Turns what an index throws in the `with` block into LibraryDamaged: each vendor has errors of its own."""
    try:
        yield
    except (IngestError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # on garbage both engines may panic, and a panic in Rust is no Exception
        raise LibraryDamaged(folder.name, (f"{name} is beschadigd",)) from error


def open_lexical(folder: Path, passages: int) -> LexicalIndex:
    """The lexical index of the library in this folder. Raises LibraryDamaged unless it holds this many passages."""
    if not (folder / LEXICAL).is_dir():
        raise LibraryDamaged(folder.name, (f"{LEXICAL_NAME} ontbreekt",))
    with translated(folder, LEXICAL_NAME):
        index = LexicalIndex(folder / LEXICAL)
        _check_size(folder, LEXICAL_NAME, len(index), passages)
    return index


def open_dense(folder: Path, passages: int) -> DenseIndex:
    """The dense index of the library in this folder. Raises LibraryDamaged unless it holds this many passages."""
    # Chroma makes what is not there, and a published library never changes.
    if not (folder / DENSE).is_dir():
        raise LibraryDamaged(folder.name, (f"{DENSE_NAME} ontbreekt",))
    with translated(folder, DENSE_NAME):
        index = DenseIndex(folder / DENSE)
        try:
            _check_size(folder, DENSE_NAME, len(index), passages)
        except BaseException:
            index.close()
            raise
    return index


def _check_size(folder: Path, name: str, found: int, passages: int) -> None:
    if found != passages:
        raise LibraryDamaged(folder.name, (f"{name} heeft {found} passages in plaats van {passages}",))


class Library:
    """One published version, open for reading from several threads. Every read of it may raise LibraryDamaged."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.folder = folder
        self.encoder = encoder
        self.manifest = read_manifest(folder)
        for part, in_force in versions_in_force(encoder).items():
            if (in_library := getattr(self.manifest, part)) != in_force:
                raise LibraryMismatch(part.removesuffix("_version"), in_library, in_force)
        if not (folder / CATALOGUE).is_file():
            raise LibraryDamaged(folder.name, (f"{CATALOGUE} ontbreekt",))
        self._catalogue = Catalogue(folder / CATALOGUE)
        try:
            self._catalogue.meta()  # a file that is no catalogue is refused here, not at the first question
        except LibraryDamaged:
            self._catalogue.close()
            raise
        self._opening = threading.Lock()
        self._words = VectorCache(encoder)
        # What was read of the catalogue. It never changes, so nothing in these can be out of date.
        self._passages: Recent[int, Passage] = Recent(KEPT_PASSAGES)
        self._sentences: Recent[int, SentenceVectors] = Recent(KEPT_PASSAGES)
        self._canonical: Recent[str, CanonicalText] = Recent(KEPT_CHARACTERS, size=lambda one: len(one.text))

    @classmethod
    def open(cls, data: Path, encoder: Encoder) -> "Library":
        """Open the version that is published now.

        Raises NoLibrary, LibraryDamaged, or LibraryMismatch when it was made with other parts than those in force.
        """
        return cls(library_root(data) / published_version(data), encoder)

    def close(self) -> None:
        """Let go of the files, and of what is in memory: whoever still has the library need not keep that too."""
        self._catalogue.close()
        for kept in (self._passages, self._sentences, self._canonical):
            kept.close()
        if "_dense" in self.__dict__:
            self._dense.close()
        for part in ("_table", "_lexical"):
            self.__dict__.pop(part, None)

    def warm(self) -> None:
        """Open and read now what otherwise is at the first search, when the files may have been removed."""
        _ = self.abbreviations
        self.search_lexical((), limit=1, weights={})
        self.search_dense(np.eye(1, self.manifest.dimensions, dtype=np.float32)[0], limit=1)

    # The indexes open on first use, under a lock: `documents` needs neither, and Chroma takes a second to import.

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return open_lexical(self.folder, self.manifest.passages)

    @cached_property
    def _dense(self) -> DenseIndex:
        return open_dense(self.folder, self.manifest.passages)

    @cached_property
    def _table(self) -> DenseTable | None:
        """All vectors, where these are not too many to go through."""
        if self.manifest.passages > SCANNED:
            return None
        rows, vectors = self._catalogue.vectors(self.rows)
        return DenseTable(rows, vectors, self._catalogue.documents_of(rows))

    @cached_property
    def documents(self) -> dict[str, Document]:
        """All documents by id, in order of source."""
        return {document.doc_id: document for document in self._catalogue.documents()}

    @cached_property
    def titles(self) -> Titles:
        """By what a question can point at a document."""
        return Titles(self.documents)

    @cached_property
    def restricted(self) -> bool:
        """Whether any document is for some groups only."""
        return any(document.access for document in self.documents.values())

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """The rows of all passages, ascending."""
        return tuple(sorted(self._catalogue.rows()))

    @cached_property
    def passage_counts(self) -> dict[str, int]:
        """The number of passages a document has, by its id."""
        return self._catalogue.passage_counts()

    @cached_property
    def abbreviations(self) -> Thesaurus:
        """The abbreviations that the documents explain; none when their file is lost, which the rest can do without."""
        path = self.folder / ABBREVIATIONS
        return Thesaurus(read_file(path) if path.is_file() else ())

    def canonical(self, doc_id: str) -> CanonicalText | None:
        """The canonical text of a document."""
        return self._canonical.get(doc_id, self._catalogue.canonical)

    def original(self, doc_id: str) -> Path | None:
        """The copy of the file that a document was read from; None where none was kept."""
        document = self.documents.get(doc_id)
        return kept_original(self.folder.parent, document.content_hash) if document else None

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id."""
        return self._catalogue.passage(passage_id)

    def passages_of(self, doc_id: str) -> list[Passage]:
        """The passages of a document, in order."""
        return self._catalogue.passages_of(doc_id)

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """Row -> passage, for what the searches below found."""
        return self._passages.get_all(rows, self._catalogue.passages)

    def vectors(self, rows: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """Row -> L2-normalised vector of the passage."""
        with self._opening:
            table = self._table
        if table is not None:
            return table.vectors(rows)
        found, matrix = self._catalogue.vectors(rows)
        return dict(zip(found, matrix, strict=True))

    def sentence_vectors(self, rows: Sequence[int]) -> dict[int, SentenceVectors]:
        """Row -> the vectors of the sentences of its passage; none with an encoder that is not additive."""
        return self._sentences.get_all(rows, self._catalogue.sentence_vectors)

    def word_vectors(self, texts: Sequence[tuple[str, ...]]) -> tuple[NDArray[np.float32], NDArray[np.intp]] | None:
        """See `VectorCache.vectors`; None with an encoder to which single words say little."""
        return self._words.vectors(texts) if self.encoder.additive else None

    def idf(self, stems: Iterable[str]) -> dict[str, float]:
        """How telling each of these stems is in this library: its inverse document frequency, 0 for the commonest."""
        with self._opening:
            index = self._lexical
        with translated(self.folder, LEXICAL_NAME):
            return {stem: index.idf("stems", stem) or 0.0 for stem in stems}

    def known(self, stems: Iterable[str]) -> set[str]:
        """Which of these stems some passage has."""
        with self._opening:
            index = self._lexical
        with translated(self.folder, LEXICAL_NAME):
            return {stem for stem in stems if index.known(stem)}

    def search_lexical(
        self,
        words: Sequence[QueryWord],
        *,
        limit: int,
        weights: dict[str, float],
        doc_ids: Sequence[str] | None = None,
        also: Collection[int] = (),
    ) -> list[LexicalHit]:
        """The passages that share the most telling terms, best first. See `LexicalIndex.search`."""
        with self._opening:
            index = self._lexical
        with translated(self.folder, LEXICAL_NAME):
            return index.search(words, limit=limit, weights=weights, doc_ids=doc_ids, also=also)

    def search_dense(
        self, vector: NDArray[np.float32], *, limit: int, doc_ids: Sequence[str] | None = None
    ) -> list[DenseHit]:
        """The passages nearest to a vector, nearest first. See `DenseIndex.search`."""
        with self._opening:
            table = self._table
            index = self._dense if table is None else None
        if table is not None:
            return table.search(vector, limit=limit, doc_ids=doc_ids)
        assert index is not None, "there is one of the two"  # noqa: S101
        with translated(self.folder, DENSE_NAME):
            return index.search(vector, limit=limit, doc_ids=doc_ids)


class LiveLibrary:
    """Always the version that is published now: each `lease` opens a new version when there is one.

    A version stays open until the last lease on it ends, so a question that is under way is never dropped.
    """

    def __init__(self, data: Path, encoder: Encoder) -> None:
        self._data = data
        self._encoder = encoder
        self._lock = threading.Lock()
        self._current: Library | None = None
        self._leases: dict[int, int] = {}

    @contextmanager
    def lease(self) -> Iterator[Library]:
        """The published library, open for as long as the `with` block lasts."""
        library = self._take()
        try:
            yield library
        finally:
            self._give_back(library)

    def close(self) -> None:
        """Close the version in use; leases that are still out keep theirs until they end."""
        with self._lock:
            library, self._current = self._current, None
            if library is not None and not self._leases.get(id(library)):
                library.close()

    def _take(self) -> Library:
        with self._lock:
            version = published_version(self._data)
            if self._current is None or self._current.folder.name != version:
                retired = self._current
                self._current = self._open(version)
                if retired is not None and not self._leases.get(id(retired)):
                    retired.close()
                    give_back()
            self._leases[id(self._current)] = self._leases.get(id(self._current), 0) + 1
            return self._current

    def _open(self, version: str) -> Library:
        """The version of this name with all its files open, so that they may be removed while it is in use."""
        try:
            library = Library(library_root(self._data) / version, self._encoder)
            library.warm()
        except (LibraryDamaged, OSError):
            now = published_version(self._data)
            if now == version:
                raise
            return self._open(now)  # it was replaced and removed just before it was open
        return library

    def _give_back(self, library: Library) -> None:
        with self._lock:
            self._leases[id(library)] -= 1
            if not self._leases[id(library)]:
                del self._leases[id(library)]
                if library is not self._current:
                    library.close()
                    give_back()
