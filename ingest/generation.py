"""The making of the next version of a library, and the switch to it.

The next version is made in `library/next` and only then renamed to its own name, after which the file `current` is
replaced in one atomic rename. Whatever a killed publisher left in `next` is used again by a following run with the
same task, when it was made from the version that is still published; else it is thrown away. The version before the
published one is kept, so that a reader has time to move on.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.abbreviations import harvest, render
from ingest.catalogue import Catalogue, copy_catalogue
from ingest.dense import write_dense
from ingest.encode import Encoder
from ingest.errors import CatalogueLost, LibraryDamaged, NoLibrary
from ingest.lexical import write_lexical
from ingest.library import (
    ABBREVIATIONS,
    CATALOGUE,
    DENSE,
    LEXICAL,
    library_root,
    open_dense,
    open_lexical,
    published_version,
    read_manifest,
    versions_in_force,
    write_manifest,
)
from ingest.originals import prune_originals
from ingest.sentences import sentences
from ingest.types import Document, Manifest, Passage
from ingest.verify import check_library

VERSION = re.compile(r"\d{8}T\d+Z-[0-9a-f]{8}")  # when it was made, and the start of its corpus hash
ENCODE_BATCH = 512  # passages
DENSE_BATCH = 20_000  # vectors in memory at a time
# An index with more than this share of its passages taken out is made anew: it gets slow, and less exact.
REMOVED_SHARE = 0.2

Progress = Callable[[str, int, int], None]
"""Called with the stage ("read", "encode", "lexical", "dense", "verify"), how many are done, and of how many."""


@contextmanager
def next_catalogue(data: Path, encoder: Encoder, task: str) -> Iterator[Catalogue]:
    """The catalogue of the next version: what an earlier run left, a copy of the published one, or a new one.

    What an earlier run left is used only by a run with the same task, so that nothing is published that this run
    was not asked for. Raises CatalogueLost when there is a library, but no version of it can be read.
    """
    root = library_root(data)
    folder = root / "next"
    base = _readable_base(data)
    if not _usable(folder / CATALOGUE, base, task):
        discard_next(data)
        folder.mkdir(parents=True)
        if base:
            partial = folder / "copying.sqlite"
            copy_catalogue(root / base / CATALOGUE, partial)
            partial.rename(folder / CATALOGUE)
    catalogue = Catalogue(folder / CATALOGUE, writable=True)
    try:
        if catalogue.meta().get("encoder", encoder.name) != encoder.name:
            catalogue.clear_vectors()
        catalogue.note({"base": base, "task": task, "encoder": encoder.name})
        yield catalogue
    finally:
        catalogue.close()


def discard_next(data: Path) -> None:
    """Throw away the version that was being made."""
    shutil.rmtree(library_root(data) / "next", ignore_errors=True)


def _readable_base(data: Path) -> str:
    """The published version, or else the newest one whose catalogue can be read; "" when there is no library yet."""
    root = library_root(data)
    try:
        published = published_version(data)
    except NoLibrary:
        return ""
    except LibraryDamaged:
        published = ""
    for version in [published, *reversed(_versions(root))]:
        path = root / version / CATALOGUE
        if version and path.is_file() and _is_sound(path):
            return version
    raise CatalogueLost(str(data))


def _versions(root: Path) -> list[str]:
    """The versions that stand in a library, oldest first."""
    return sorted(path.name for path in root.iterdir() if path.is_dir() and VERSION.fullmatch(path.name))


def _is_sound(path: Path) -> bool:
    catalogue = Catalogue(path)
    try:
        return not catalogue.problems()
    finally:
        catalogue.close()


def _usable(path: Path, base: str, task: str) -> bool:
    """Whether a killed publisher left a catalogue of the same task, made from the version that is published now."""
    if not path.is_file():
        return False
    catalogue = Catalogue(path, writable=True)
    try:
        noted = catalogue.meta()
        return noted.get("base") == base and noted.get("task") == task and not catalogue.problems()
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is thrown away and made again
        return False
    finally:
        catalogue.close()


def complete(
    data: Path, encoder: Encoder, catalogue: Catalogue, *, purge: bool, progress: Progress
) -> tuple[Manifest, bool]:
    """Encode, index, verify and publish what is in the catalogue; -> (manifest in force, whether it is new).

    With `purge`, nothing is reused from earlier versions and these are removed. Raises NoLibrary when there is
    nothing to publish, LibraryDamaged when the result does not verify: then the published version stays.
    """
    root = library_root(data)
    folder = catalogue.path.parent
    base = catalogue.meta()["base"]
    old = _manifest_of(root / base) if base else None
    documents = len(catalogue.origins())
    if not documents and old is None:
        discard_next(data)
        raise NoLibrary(str(data))
    corpus_hash = _corpus_hash(catalogue)
    in_force = versions_in_force(encoder)
    same_parts = old is not None and all(getattr(old, part) == value for part, value in in_force.items())
    if old is not None and same_parts and not purge and old.corpus_hash == corpus_hash:
        discard_next(data)
        return old, False

    _encode(catalogue, encoder, progress)
    reusable = root / base if same_parts and not purge else None
    _index(folder, catalogue, reusable, encoder.dimensions, progress)
    catalogue.finish(vacuum=purge)
    manifest = Manifest(
        library_version=f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z-{corpus_hash[:8]}",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        dimensions=encoder.dimensions,
        documents=documents,
        passages=len(catalogue.rows()),
        corpus_hash=corpus_hash,
        **in_force,
    )
    write_manifest(folder, manifest)
    catalogue.close()
    progress("verify", 0, 1)
    if problems := check_library(folder, encoder, originals=False):
        raise LibraryDamaged(manifest.library_version, tuple(problems))
    progress("verify", 1, 1)
    _switch(root, folder, manifest.library_version)
    prune(data, keep=() if purge else (base,))
    return manifest, True


def prune(data: Path, *, keep: Collection[str] = ()) -> None:
    """Remove all versions but the published one and those to keep, and what only these needed.

    Raises OSError for what cannot be removed.
    """
    root = library_root(data)
    for version in set(_versions(root)) - {published_version(data), *keep}:
        shutil.rmtree(root / version)
    settle_originals(data)


def settle_originals(data: Path, *, keep: bool = True) -> None:
    """Remove the copies of files that no version needs; all of them unless they are to be kept.

    Raises OSError for one that cannot be removed.
    """
    root = library_root(data)
    needed = set[str]()
    for version in _versions(root) if keep else ():
        catalogue = Catalogue(root / version / CATALOGUE)
        try:
            needed.update(document.content_hash for document in catalogue.documents())
        except LibraryDamaged:
            continue  # its documents cannot be shown, whatever is kept
        finally:
            catalogue.close()
    prune_originals(root, needed)


def _manifest_of(folder: Path) -> Manifest | None:
    """The manifest of a version; None when it cannot be read, so that everything is made anew."""
    try:
        return read_manifest(folder)
    except LibraryDamaged:
        return None


# What is derived from the catalogue


def parts_to_encode(passage: Passage, document: Document) -> tuple[str, ...]:
    """What of a passage goes into its vector: the nearest headings, or else the title, and then the text."""
    return (*(passage.section[-2:] or (document.title,)), passage.text)


def vector_key(passage: Passage, document: Document) -> str:
    """The key of a passage's vector: passages with the same text to encode share it."""
    return hashlib.sha256("\n".join(parts_to_encode(passage, document)).encode()).hexdigest()


def _encode(catalogue: Catalogue, encoder: Encoder, progress: Progress) -> None:
    missing = catalogue.missing_vectors()
    documents = {document.doc_id: document for document in catalogue.documents()}
    for at in range(0, len(missing), ENCODE_BATCH):
        batch = catalogue.passages_with(missing[at : at + ENCODE_BATCH])
        encoded = _encoded(list(batch.values()), documents, encoder)
        catalogue.put_vectors((key, *vectors) for key, vectors in zip(batch, encoded, strict=True))
        progress("encode", min(at + ENCODE_BATCH, len(missing)), len(missing))


def _encoded(
    passages: Sequence[Passage], documents: Mapping[str, Document], encoder: Encoder
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32] | None]]:
    """For each passage its vector, and a matrix with a vector a sentence where the encoder is additive."""
    texts = [parts_to_encode(passage, documents[passage.doc_id]) for passage in passages]
    if not encoder.additive:
        for vector in encoder.encode_passages(["\n".join(parts) for parts in texts]):
            yield vector, None
        return
    # The parts are encoded once, and added up to the vector of the whole.
    cut = [[body[start:end] for start, end in sentences(body)] for *_, body in texts]
    flat = encoder.encode_parts(
        [part for (*above, _), said in zip(texts, cut, strict=True) for part in (*above, *said)]
    )
    at = 0
    for (*above, _), said in zip(texts, cut, strict=True):
        own = flat[at : at + len(above) + len(said)]
        at += len(own)
        whole = own.sum(axis=0)
        length = float(np.linalg.norm(whole))
        yield whole / length if length else whole, own[len(above) :]


def _index(folder: Path, catalogue: Catalogue, base: Path | None, dimensions: int, progress: Progress) -> None:
    """Make the lexical and dense index: from those of `base` when little was taken out of it, else anew."""
    for name in (LEXICAL, DENSE):
        shutil.rmtree(folder / name, ignore_errors=True)
    rows = catalogue.rows()
    added, removed = sorted(rows), list[int]()
    if base is not None and _is_whole(base):
        previous = Catalogue(base / CATALOGUE)
        base_rows = previous.rows()
        previous.close()
        if len(base_rows - rows) <= REMOVED_SHARE * len(base_rows):
            for name in (LEXICAL, DENSE):
                shutil.copytree(base / name, folder / name)
            added, removed = sorted(rows - base_rows), sorted(base_rows - rows)

    def counted() -> Iterator[tuple[int, Passage, Document]]:
        for done, item in enumerate(catalogue.iterate(added), 1):
            if done % 100 == 0 or done == len(added):
                progress("lexical", done, len(added))
            yield item

    texts = (passage.text for _, passage, _ in catalogue.iterate(sorted(rows)))
    (folder / ABBREVIATIONS).write_text(render(harvest(texts)), encoding="utf-8")
    write_lexical(folder / LEXICAL, counted(), removed)
    for at in range(0, max(len(added), 1), DENSE_BATCH):
        batch, vectors = catalogue.vectors(added[at : at + DENSE_BATCH])
        doc_ids = [passage.doc_id for passage in map(catalogue.passages(batch).__getitem__, batch)]
        write_dense(folder / DENSE, batch, vectors.reshape(-1, dimensions), doc_ids, removed if at == 0 else ())
        progress("dense", min(at + DENSE_BATCH, len(added)), len(added))


def _is_whole(folder: Path) -> bool:
    """Whether both indexes of a version can be opened and added to."""
    try:
        passages = read_manifest(folder).passages
        open_lexical(folder, passages)
        open_dense(folder, passages).close()
    except LibraryDamaged:
        return False
    return True


# Publishing it


def _corpus_hash(catalogue: Catalogue) -> str:
    facts = sorted((source, input_hash) for source, (_, input_hash) in catalogue.origins().items())
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _switch(root: Path, folder: Path, version: str) -> None:
    """Publish: give the finished folder its name, and let `current` name it, in one atomic rename."""
    pointer = root / "current.new"
    pointer.write_text(version + "\n", encoding="utf-8")
    for path in (*folder.rglob("*"), folder, pointer):
        _sync(path)
    folder.rename(root / version)
    _sync(root)
    pointer.replace(root / "current")
    _sync(root)


def _sync(path: Path) -> None:
    """Have the disk hold what was written, so that a power failure cannot leave a name without content."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open a folder, and does not need to
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
