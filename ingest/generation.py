"""The making of the next version of a library, and the switch to it.

The next version is made in `library/next` and only then renamed to its own name, after which the file `current` is
replaced in one atomic rename. Whatever a killed publisher left in `next` is used again by the following run when it
was made from the version that is still published; else it is thrown away.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.catalogue import Catalogue, copy_catalogue
from ingest.dense import write_dense
from ingest.encode import Encoder
from ingest.errors import LibraryDamaged, NoLibrary
from ingest.lexical import write_lexical
from ingest.library import (
    CATALOGUE,
    DENSE,
    LEXICAL,
    library_root,
    published_version,
    read_manifest,
    versions_in_force,
    write_manifest,
)
from ingest.sentences import sentences
from ingest.types import Document, Manifest, Passage
from ingest.verify import check_library

KEEP = 2  # versions, so that a reader has time to move to the new one
ENCODE_BATCH = 512  # passages
DENSE_BATCH = 20_000  # vectors in memory at a time
# An index with more than this share of its passages taken out is made anew: it gets slow, and less exact.
REMOVED_SHARE = 0.2

Progress = Callable[[str, int, int], None]
"""Called with the stage ("read", "encode", "lexical", "dense", "verify"), how many are done, and of how many."""


@contextmanager
def next_catalogue(data: Path, encoder: Encoder) -> Iterator[Catalogue]:
    """The catalogue of the next version: what an earlier run left, a copy of the published one, or a new one."""
    root = library_root(data)
    folder = root / "next"
    try:
        base = published_version(data)
    except NoLibrary:
        base = ""
    if not _usable(folder / CATALOGUE, base):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if base:
            partial = folder / "copying.sqlite"
            copy_catalogue(root / base / CATALOGUE, partial)
            partial.rename(folder / CATALOGUE)
    catalogue = Catalogue(folder / CATALOGUE, writable=True)
    try:
        if catalogue.meta().get("encoder", encoder.name) != encoder.name:
            catalogue.clear_vectors()
        catalogue.note({"base": base, "encoder": encoder.name})
        yield catalogue
    finally:
        catalogue.close()


def discard_next(data: Path) -> None:
    """Throw away the version that was being made."""
    shutil.rmtree(library_root(data) / "next", ignore_errors=True)


def _usable(path: Path, base: str) -> bool:
    """Whether a killed publisher left a catalogue that was made from the version that is published now."""
    if not path.is_file():
        return False
    catalogue = Catalogue(path, writable=True)
    try:
        return catalogue.meta().get("base") == base and not catalogue.problems()
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
    old = read_manifest(root / base) if base else None
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
    if problems := check_library(folder, encoder):
        raise LibraryDamaged(manifest.library_version, tuple(problems))
    progress("verify", 1, 1)
    _switch(root, folder, manifest.library_version)
    _prune(root, manifest.library_version, keep=1 if purge else KEEP)
    return manifest, True


# What is derived from the catalogue


def text_to_encode(passage: Passage, document: Document) -> str:
    """What of a passage goes into its vector: the nearest headings, or else the title, and then the text."""
    return "\n".join((*(passage.section[-2:] or (document.title,)), passage.text))


def vector_key(passage: Passage, document: Document) -> str:
    """The key of a passage's vector: passages with the same text to encode share it."""
    return hashlib.sha256(text_to_encode(passage, document).encode()).hexdigest()


def _encode(catalogue: Catalogue, encoder: Encoder, progress: Progress) -> None:
    missing = catalogue.missing_vectors()
    documents = {document.doc_id: document for document in catalogue.documents()}
    for at in range(0, len(missing), ENCODE_BATCH):
        batch = catalogue.passages_with(missing[at : at + ENCODE_BATCH])
        texts = [text_to_encode(passage, documents[passage.doc_id]) for passage in batch.values()]
        parts = _sentence_vectors(batch.values(), encoder) if encoder.additive else repeat(None)
        catalogue.put_vectors(zip(batch, encoder.encode_passages(texts), parts, strict=False))
        progress("encode", min(at + ENCODE_BATCH, len(missing)), len(missing))


def _sentence_vectors(passages: Iterable[Passage], encoder: Encoder) -> Iterator[NDArray[np.float32]]:
    """For each passage, a matrix with a vector a sentence."""
    texts = [[p.text[start:end] for start, end in sentences(p.text)] for p in passages]
    flat = encoder.encode_parts([sentence for of_passage in texts for sentence in of_passage])
    at = 0
    for of_passage in texts:
        yield flat[at : at + len(of_passage)]
        at += len(of_passage)


def _index(folder: Path, catalogue: Catalogue, base: Path | None, dimensions: int, progress: Progress) -> None:
    """Make the lexical and dense index: from those of `base` when little was taken out of it, else anew."""
    for name in (LEXICAL, DENSE):
        shutil.rmtree(folder / name, ignore_errors=True)
    rows = catalogue.rows()
    added, removed = sorted(rows), list[int]()
    if base is not None:
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

    write_lexical(folder / LEXICAL, counted(), removed)
    for at in range(0, max(len(added), 1), DENSE_BATCH):
        batch, vectors = catalogue.vectors(added[at : at + DENSE_BATCH])
        doc_ids = [passage.doc_id for passage in map(catalogue.passages(batch).__getitem__, batch)]
        write_dense(folder / DENSE, batch, vectors.reshape(-1, dimensions), doc_ids, removed if at == 0 else ())
        progress("dense", min(at + DENSE_BATCH, len(added)), len(added))


# Publishing it


def _corpus_hash(catalogue: Catalogue) -> str:
    facts = sorted((source, input_hash) for source, (_, input_hash) in catalogue.origins().items())
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _switch(root: Path, folder: Path, version: str) -> None:
    """Publish: give the finished folder its name, and let `current` name it, in one atomic rename."""
    _sync(folder)
    folder.rename(root / version)
    pointer = root / "current.new"
    pointer.write_text(version + "\n", encoding="utf-8")
    _sync(pointer)
    pointer.replace(root / "current")
    _sync(root / version)


def _sync(path: Path) -> None:
    """Have the disk hold what was written, so that a power failure cannot leave a name without content."""
    for target in [*path.rglob("*"), path, path.parent] if path.is_dir() else [path]:
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _prune(root: Path, version: str, *, keep: int) -> None:
    """Remove versions that are no longer needed, and what a killed publisher left under a version's name."""
    folders = sorted(path for path in root.iterdir() if path.is_dir() and path.name not in ("next", version))
    for folder in folders[: max(0, len(folders) - (keep - 1))]:
        shutil.rmtree(folder, ignore_errors=True)
