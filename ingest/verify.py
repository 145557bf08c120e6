"""Whether a library holds together: what publishing checks before it switches, and `vng-assistent verify` on demand."""

import random
from pathlib import Path

from ingest.catalogue import Catalogue
from ingest.dutch import analyse
from ingest.encode import Encoder
from ingest.errors import LibraryDamaged
from ingest.lexical import QueryWord
from ingest.library import (
    CATALOGUE,
    DENSE_NAME,
    LEXICAL_NAME,
    open_dense,
    open_lexical,
    read_manifest,
    translated,
    versions_in_force,
)
from ingest.originals import damaged_originals

SAMPLE = 25  # passages that must find themselves
NEAREST = 10  # rank within which they must
MISSED = 0.1  # share of the sample that an approximate search may miss; another library's index misses nearly all
SAME = 0.999  # cosine of a vector with itself, after rounding


def check_library(folder: Path, encoder: Encoder, *, originals: bool = True) -> list[str]:
    """What is wrong with the library in this folder; empty when it is sound.

    Checks the versions, the counts, that every passage is what stands in its document's text, and that a sample of
    passages finds itself in both indexes; with `originals`, also that the copies of files that are kept are what was
    read. Raises LibraryDamaged when there is no manifest to check against.
    """
    manifest = read_manifest(folder)
    problems = [
        f"{part}: {getattr(manifest, part)} (nu: {in_force})"
        for part, in_force in versions_in_force(encoder).items()
        if getattr(manifest, part) != in_force
    ]
    if not (folder / CATALOGUE).is_file():
        return [*problems, f"{CATALOGUE} ontbreekt"]
    catalogue = Catalogue(folder / CATALOGUE)
    try:
        problems += catalogue.problems()
        if problems:
            return problems
        rows = catalogue.rows()
        if len(catalogue.documents()) != manifest.documents:
            problems.append(f"{len(catalogue.documents())} documenten in plaats van {manifest.documents}")
        if len(rows) != manifest.passages:
            problems.append(f"{len(rows)} passages in plaats van {manifest.passages}")
        problems += _texts(catalogue)
        if originals:
            problems += _originals(folder, catalogue)
        for check in (_lexical, _dense):
            try:
                problems += check(folder, catalogue, rows)
            except LibraryDamaged as error:
                problems += error.problems
    except LibraryDamaged as error:
        problems += error.problems
    finally:
        catalogue.close()
    return problems


def _texts(catalogue: Catalogue) -> list[str]:
    problems = list[str]()
    for document in catalogue.documents():
        canonical = catalogue.canonical(document.doc_id)
        text = canonical.text if canonical else ""
        problems += [
            f"passage {passage.passage_id} staat niet in {document.source}"
            for passage in catalogue.passages_of(document.doc_id)
            if text[passage.start : passage.end] != passage.text
        ]
    return problems


def _originals(folder: Path, catalogue: Catalogue) -> list[str]:
    return [
        f"de kopie van {document.source} is niet het bestand dat is gelezen"
        for document in damaged_originals(folder.parent, catalogue.documents())
    ]


def _sample(rows: set[int]) -> list[int]:
    return random.Random(0).sample(sorted(rows), min(SAMPLE, len(rows)))  # noqa: S311 - a sample, no secret


def _lexical(folder: Path, catalogue: Catalogue, rows: set[int]) -> list[str]:
    index = open_lexical(folder, len(rows))
    problems = []
    with translated(folder, LEXICAL_NAME):
        for row, passage, _ in catalogue.iterate(_sample(rows)):
            # Few passages have the most telling word of this one; in an index of other texts, none has.
            weights = {stem: index.idf("stems", stem) for stem in analyse(passage.text).stems}
            telling = max(((idf, stem) for stem, idf in weights.items() if idf is not None), default=None)
            if telling is None:
                continue
            word = QueryWord(telling[1], telling[1])
            if not index.search((word,), limit=0, weights={"stems": 1.0}, also=[row]):
                problems.append(f"{LEXICAL_NAME} vindt passage {passage.passage_id} niet")
    return problems


def _dense(folder: Path, catalogue: Catalogue, rows: set[int]) -> list[str]:
    if missing := len(catalogue.missing_vectors()):
        return [f"van {missing} teksten ontbreekt de vector"]
    index = open_dense(folder, len(rows))
    missed = []
    try:
        with translated(folder, DENSE_NAME):
            for row, vector in zip(*catalogue.vectors(_sample(rows)), strict=True):
                hits = {hit.row: hit.cosine for hit in index.search(vector, limit=NEAREST)}
                # Equal texts share a vector: among many of them nearness counts, not identity.
                cosine = hits.get(row, max(hits.values(), default=0.0))
                if vector.any() and cosine < SAME:
                    missed.append(f"{DENSE_NAME} vindt passage met rij {row} niet")
    finally:
        index.close()
    return missed if len(missed) > MISSED * min(SAMPLE, len(rows)) else []
