"""Retrieval: a question -> the passages of a library that may answer it, best first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.fuse import Signals, fuse
from assistant.types import Filters, RetrieverRank, ScoredPassage
from ingest.dense import DenseHit
from ingest.dutch import Analysis, analyse
from ingest.encode import Encoder
from ingest.lexical import LexicalHit
from ingest.library import Library
from ingest.types import Document, Passage

CANDIDATES = 30  # passages from each retriever, at least
READ = 30  # passages that are read after fusion, at least
RERANKED = 20  # passages whose sentences are compared with the question
WINDOW = 3  # sentences at most in one stretch
LEXICAL_WEIGHTS = {"grams": 1.0, "stems": 0.5, "heading": 0.3}
# Tables of contents, lists of references and imprints hold the words of many questions and the answer to few.
ROLE_FACTORS = {"body": 1.0, "contents": 0.5, "references": 0.8, "imprint": 0.8}


@dataclass(frozen=True, slots=True)
class Question:
    """A question, analysed once: its text, its terms, and its L2-normalised vector."""

    text: str
    analysis: Analysis
    vector: NDArray[np.float32]


def understand(text: str, encoder: Encoder) -> Question:
    """The question with its terms and its vector."""
    return Question(text, analyse(text), encoder.encode_queries([text])[0])


def visible_documents(library: Library, filters: Filters, groups: frozenset[str]) -> list[str] | None:
    """The ids of the documents that a caller of these groups may see and that pass the filters; None means all."""
    visible = [
        doc_id
        for doc_id, document in library.documents.items()
        if _may_see(document, groups) and _passes(document, filters)
    ]
    return None if len(visible) == len(library.documents) else visible


def retrieve(
    question: Question, library: Library, *, limit: int, doc_ids: Sequence[str] | None = None
) -> list[ScoredPassage]:
    """The passages that may answer the question, best first: lexical and dense candidates, fused and reranked.

    `doc_ids` are the only documents looked at, None for all. Equal scores stand in order of the library.
    """
    candidates = max(CANDIDATES, limit)
    lexical = library.search_lexical(question.analysis, limit=candidates, weights=LEXICAL_WEIGHTS, doc_ids=doc_ids)
    dense = library.search_dense(question.vector, limit=candidates, doc_ids=doc_ids)
    signals = _complete(question, library, lexical, dense)
    # Only the best by words and meaning are read: what they say sentence by sentence decides.
    rows = sorted(signals, key=lambda row: (-fuse(signals[row]), row))[: max(READ, limit)]
    passages = library.passages(rows)
    windows = _best_stretches(question, library, rows[:RERANKED])
    scores = {row: _score(passages[row], replace(signals[row], window=windows.get(row))) for row in rows}
    rows.sort(key=lambda row: (-scores[row], row))
    ranks = {hit.row: RetrieverRank("lexical", rank, hit.coverage) for rank, hit in enumerate(lexical, 1)}
    near = {hit.row: RetrieverRank("dense", rank, hit.cosine) for rank, hit in enumerate(dense, 1)}
    return [
        ScoredPassage(
            passages[row],
            library.documents[passages[row].doc_id],
            scores[row],
            rank,
            "fused",
            tuple(part for part in (ranks.get(row), near.get(row)) if part),
        )
        for rank, row in enumerate(rows[:limit], 1)
    ]


def _complete(
    question: Question, library: Library, lexical: Sequence[LexicalHit], dense: Sequence[DenseHit]
) -> dict[int, Signals]:
    """Row -> what both retrievers make of it, also where only one of them came up with it."""
    coverages = {hit.row: hit.coverage for hit in lexical}
    cosines = {hit.row: hit.cosine for hit in dense}
    if only_dense := sorted(cosines.keys() - coverages.keys()):
        more = library.search_lexical(
            question.analysis, limit=len(only_dense), weights=LEXICAL_WEIGHTS, rows=only_dense
        )
        coverages |= {hit.row: hit.coverage for hit in more}
    if only_lexical := sorted(coverages.keys() - cosines.keys()):
        vectors = library.vectors(only_lexical)
        cosines |= {row: float(vector @ question.vector) for row, vector in vectors.items()}
    return {row: Signals(coverages.get(row, 0.0), cosines.get(row, 0.0)) for row in coverages.keys() | cosines.keys()}


def _score(passage: Passage, signals: Signals) -> float:
    return ROLE_FACTORS[passage.role] * fuse(signals)


def _best_stretches(question: Question, library: Library, rows: Sequence[int]) -> dict[int, float]:
    """Row -> cosine of the question with the passage's best stretch of one to three sentences."""
    found = {}
    for row, vectors in library.sentence_vectors(rows).items():
        sums = [vectors]
        for length in range(2, min(WINDOW, len(vectors)) + 1):
            sums.append(sums[-1][:-1] + vectors[length - 1 :])
        stretches = np.concatenate(sums)
        lengths = np.linalg.norm(stretches, axis=1)
        cosines = stretches @ question.vector / np.where(lengths > 0, lengths, 1.0)
        found[row] = float(cosines.max(initial=-1.0))
    return found


def _may_see(document: Document, groups: frozenset[str]) -> bool:
    return not document.access or bool(document.access & groups)


def _passes(document: Document, filters: Filters) -> bool:
    if filters.doc_ids and document.doc_id not in filters.doc_ids:
        return False
    if filters.kinds and document.kind not in filters.kinds:
        return False
    if filters.issued_from is None and filters.issued_to is None:
        return True
    if document.issued is None:
        return False
    # ISO dates compare as text; a bound of a year only covers the whole year, as does a document's.
    earliest, latest = filters.issued_from or "", filters.issued_to or "9999"
    return document.issued >= earliest[: len(document.issued)] and document.issued[: len(latest)] <= latest
