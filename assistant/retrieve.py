"""Retrieval: a question -> the passages of a library that may answer it, best first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.fuse import Signals, fuse
from assistant.types import Filters, RetrieverRank, ScoredPassage
from ingest.dutch import Analysis, analyse
from ingest.encode import Encoder
from ingest.library import Library
from ingest.sentences import sentences
from ingest.types import Document

CANDIDATES = 100  # passages from each retriever
RERANKED = 40  # passages whose sentences are compared with the question
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
    lexical = library.search_lexical(question.analysis, limit=CANDIDATES, weights=LEXICAL_WEIGHTS, doc_ids=doc_ids)
    dense = library.search_dense(question.vector, limit=CANDIDATES, doc_ids=doc_ids)
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

    rows = sorted(coverages.keys() | cosines.keys())
    passages = library.passages(rows)
    ranks = {
        "lexical": {hit.row: rank for rank, hit in enumerate(lexical, 1)},
        "dense": {hit.row: rank for rank, hit in enumerate(dense, 1)},
    }
    scored = []
    for row in rows:
        passage = passages[row]
        signals = Signals(coverages.get(row, 0.0), cosines.get(row, 0.0))
        values = {"lexical": signals.coverage, "dense": signals.cosine}
        parts = tuple(
            RetrieverRank(retriever, rank, values[retriever])
            for retriever, by_row in ranks.items()
            if (rank := by_row.get(row)) is not None
        )
        document = library.documents[passage.doc_id]
        scored.append((ScoredPassage(passage, document, 0.0, 0, "fused", parts), signals))
    ranked = _rank(scored)
    if library.encoder.fast:
        ranked = _rerank(question, ranked, library.encoder)
    return [replace(hit, score=score, rank=rank) for rank, (hit, _, score) in enumerate(ranked[:limit], 1)]


_Ranked = tuple[ScoredPassage, Signals, float]


def _rank(scored: Sequence[tuple[ScoredPassage, Signals]]) -> list[_Ranked]:
    ranked = [(hit, signals, ROLE_FACTORS[hit.passage.role] * fuse(signals)) for hit, signals in scored]
    return sorted(ranked, key=lambda item: (-item[2], item[0].document.source, item[0].passage.ordinal))


def _rerank(question: Question, ranked: Sequence[_Ranked], encoder: Encoder) -> list[_Ranked]:
    """The best of the ranked passages again, now with their best stretch of sentences; the others below them."""
    head = ranked[:RERANKED]
    runs = encoder.encode_runs([sentence_texts(hit.passage.text) for hit, _, _ in head], WINDOW)
    again = [
        (hit, replace(signals, window=float(np.max(vectors @ question.vector, initial=-1.0))))
        for (hit, signals, _), vectors in zip(head, runs, strict=True)
    ]
    return [*_rank(again), *ranked[RERANKED:]]


def sentence_texts(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[start:end] for start, end in sentences(text)]


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
