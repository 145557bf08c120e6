"""Whether a library holds together: what publishing checks before it switches, and `vng-assistent verify` on demand."""

import random
from pathlib import Path

from ingest.catalogue import Catalogue
from ingest.dense import DenseIndex
from ingest.dutch import analyse
from ingest.encode import Encoder
from ingest.lexical import LexicalIndex
from ingest.library import CATALOGUE, DENSE, LEXICAL, read_manifest, versions_in_force

SAMPLE = 25  # passages that must find themselves
NEAREST = 10  # rank within which they must; passages with the same text share first place


def check_library(folder: Path, encoder: Encoder) -> list[str]:
    """What is wrong with the library in this folder; empty when it is sound.

    Checks the versions, the counts, that every passage is what stands in its document's text, and that a sample of
    passages finds itself in both indexes. Raises LibraryDamaged when there is no manifest to check against.
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
        problems += _lexical(folder / LEXICAL, catalogue, rows)
        problems += _dense(folder / DENSE, catalogue, rows)
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


def _sample(rows: set[int]) -> list[int]:
    return random.Random(0).sample(sorted(rows), min(SAMPLE, len(rows)))  # noqa: S311 - a sample, no secret


def _lexical(path: Path, catalogue: Catalogue, rows: set[int]) -> list[str]:
    if not path.is_dir():
        return ["de woordindex ontbreekt"]
    index = LexicalIndex(path)
    if len(index) != len(rows):
        return [f"de woordindex heeft {len(index)} passages in plaats van {len(rows)}"]
    problems = []
    for row, passage, _ in catalogue.iterate(_sample(rows)):
        analysis = analyse(passage.text)
        hits = index.search(analysis, limit=NEAREST, weights={"stems": 1.0})
        if analysis.stems and row not in {hit.row for hit in hits} and len(hits) < NEAREST:
            problems.append(f"de woordindex vindt passage {passage.passage_id} niet")
    return problems


def _dense(path: Path, catalogue: Catalogue, rows: set[int]) -> list[str]:
    if not path.is_dir():
        return ["de vectorindex ontbreekt"]
    index = DenseIndex(path)
    try:
        if len(index) != len(rows):
            return [f"de vectorindex heeft {len(index)} passages in plaats van {len(rows)}"]
        problems = []
        for row, vector in zip(*catalogue.vectors(_sample(rows)), strict=True):
            hits = index.search(vector, limit=NEAREST)
            nearest = hits[0].cosine if hits else 0.0
            # Equal texts share a vector, so nearness counts, not identity.
            if row not in {hit.row for hit in hits} and nearest < 0.999 and vector.any():
                problems.append(f"de vectorindex vindt passage met rij {row} niet")
        return problems
    finally:
        index.close()
