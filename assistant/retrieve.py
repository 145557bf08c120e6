"""Retrieval: a question -> the passages of a library that may answer it, best first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from assistant.features import NAMES, Candidate, candidate_features, stretch_cosines
from assistant.fuse import fuse_all
from assistant.rerank import Reranker
from assistant.types import Filters, RetrieverRank, ScoredPassage
from assistant.understand import Question
from ingest.library import Library
from ingest.types import Document

CANDIDATES = 40  # passages from each retriever, at least
READ = 30  # passages that are read and reranked, at least
LEXICAL_WEIGHTS = {"grams": 1.0, "stems": 0.5, "heading": 0.3}


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found: passages, best first, with a row of features for each (see `assistant.features`).

    `rows` is the row of each passage in the library, by its id.
    """

    passages: tuple[ScoredPassage, ...]
    features: NDArray[np.float32]
    rows: Mapping[str, int] = field(default_factory=dict)


def visible_documents(library: Library, filters: Filters, groups: frozenset[str]) -> list[str] | None:
    """The ids of the documents that a caller of these groups may see and that pass the filters; None means all."""
    if filters == Filters() and not library.restricted:
        return None
    visible = [
        doc_id
        for doc_id, document in library.documents.items()
        if _may_see(document, groups) and _passes(document, filters)
    ]
    return None if len(visible) == len(library.documents) else visible


def retrieve(
    question: Question,
    library: Library,
    reranker: Reranker,
    *,
    limit: int,
    doc_ids: Sequence[str] | None = None,
) -> Retrieval:
    """The passages that may answer the question, best first; one of several parts is searched for part by part.

    `doc_ids` are the only documents looked at, None for all. Equal scores stand in order of the library.
    """
    parts = question.parts or (question,)
    return interleave([retrieve_part(part, library, reranker, limit=limit, doc_ids=doc_ids) for part in parts], limit)


def retrieve_part(
    question: Question,
    library: Library,
    reranker: Reranker,
    *,
    limit: int,
    doc_ids: Sequence[str] | None = None,
    read: int = READ,
) -> Retrieval:
    """The passages for a question that is one: lexical and dense candidates, fused, and the best `read` reranked."""
    candidates = find_candidates(question, library, limit=limit, doc_ids=doc_ids, read=read)
    features = candidate_features(question, candidates, library.word_vectors)
    scores = reranker.score(question, candidates, features)
    order = sorted(range(len(candidates)), key=lambda at: (-scores[at], candidates[at].row))[:limit]
    passages = (scored(candidates[at], float(scores[at]), rank, reranker.name) for rank, at in enumerate(order, 1))
    return Retrieval(
        tuple(passages), features[order], {candidates[at].passage.passage_id: candidates[at].row for at in order}
    )


def interleave(retrievals: Sequence[Retrieval], limit: int) -> Retrieval:
    """The best of each retrieval, then the second of each; no passage twice, no score above the one before."""
    if len(retrievals) == 1:
        return retrievals[0]
    found: dict[str, tuple[ScoredPassage, NDArray[np.float32]]] = {}
    least = 1.0
    for of_rank in zip_longest(*(zip(one.passages, one.features, strict=True) for one in retrievals)):
        for hit, features in sorted((one for one in of_rank if one), key=lambda one: -one[0].score):
            if hit.passage.passage_id not in found and len(found) < limit:
                least = min(least, hit.score)
                found[hit.passage.passage_id] = replace(hit, score=least, rank=len(found) + 1), features
    features = [features for _, features in found.values()]
    rows = {passage_id: row for one in retrievals for passage_id, row in one.rows.items() if passage_id in found}
    return Retrieval(tuple(hit for hit, _ in found.values()), np.array(features).reshape(-1, len(NAMES)), rows)


def find_candidates(
    question: Question, library: Library, *, limit: int = READ, doc_ids: Sequence[str] | None = None, read: int = READ
) -> list[Candidate]:
    """What the lexical and the dense retriever come up with, each scored by the other too; the best of it by fusion."""
    most = max(CANDIDATES, limit)
    dense = library.search_dense(question.vector, limit=most, doc_ids=doc_ids)
    near = {hit.row: hit.cosine for hit in dense}
    lexical = library.search_lexical(
        question.words, limit=most, weights=LEXICAL_WEIGHTS, doc_ids=doc_ids, also=near.keys()
    )
    coverages = dict.fromkeys(near, 0.0) | {hit.row: hit.coverage for hit in lexical}
    cosines = near | _cosines(question, library, sorted(coverages.keys() - near.keys()))
    sentence_vectors = library.sentence_vectors(sorted(coverages))
    by_row = stretch_cosines([sentence_vectors.get(row) for row in coverages], question.vector)
    stretches = dict(zip(coverages, by_row, strict=True))
    # Where no stretch is known, the passage as a whole is what counts.
    signals = [(coverages[row], cosines[row], max(stretches[row], default=cosines[row])) for row in coverages]
    fused = fuse_all(*np.array(signals, dtype=np.float64).reshape(-1, 3).T)
    rows = [row for _, row in sorted(zip((-fused).tolist(), coverages, strict=True))][: max(read, limit)]
    passages = library.passages(rows)
    lexical_ranks = {hit.row: rank for rank, hit in enumerate(lexical[:most], 1)}
    dense_ranks = {hit.row: rank for rank, hit in enumerate(dense, 1)}
    return [
        Candidate(
            row,
            passages[row],
            library.documents[passages[row].doc_id],
            coverages[row],
            cosines[row],
            lexical_ranks.get(row),
            dense_ranks.get(row),
            tuple(stretches[row]),
        )
        for row in rows
    ]


def scored(candidate: Candidate, score: float, rank: int, retriever: str) -> ScoredPassage:
    """A candidate with its score and its 1-based rank."""
    parts = [
        RetrieverRank(name, of_retriever, value)
        for name, of_retriever, value in (
            ("lexical", candidate.lexical_rank, candidate.coverage),
            ("dense", candidate.dense_rank, candidate.cosine),
        )
        if of_retriever
    ]
    return ScoredPassage(candidate.passage, candidate.document, score, rank, retriever, tuple(parts))


def _cosines(question: Question, library: Library, rows: Sequence[int]) -> dict[int, float]:
    """Row -> the cosine of its passage with the question; 0 where the passage has no vector."""
    vectors = library.vectors(rows)
    return {row: float(vectors[row] @ question.vector) if row in vectors else 0.0 for row in rows}


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
