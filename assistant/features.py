"""What a passage has of a question, as numbers: what the reranker and the judge decide by.

None of the numbers depends on how large the library is: they are shares of the question, cosines, and distances to the
best of the candidates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np

from assistant.counting import AskedCount, asked_count, counts_each
from assistant.nearness import Floats, WordVectors, nearness
from assistant.sentence_forms import sentence_forms
from assistant.sentence_match import INTENTS
from assistant.terms import Terms, text_terms
from assistant.understand import Question
from assistant.word_match import (
    AskedWord,
    add_best,
    alike,
    asked_words,
    by_form,
    most,
    plainly,
    question_weights,
    share_found,
)
from ingest.types import Document, Passage

WINDOW = 3  # sentences at most in one stretch
NEAR = 60  # rank beyond which a retriever's rank says nothing

INTENT_NAMES = tuple(f"asks_{intent}" for intent in INTENTS)
# What each says is written beside the code that computes it, below.
NAMES = (
    "coverage",
    "cosine",
    "window_cosine",
    "second_window",
    "exact",
    "soft",
    "expanded",
    "only_expanded",
    "sentence",
    "window",
    "heading",
    "title",
    "named",
    "phrases",
    "late",
    "late_sentence",
    "late_weakest",
    "expected",
    "counted",
    "missing",
    "pointed_at",
    "body",
    "length",
    "lexical_rank",
    "dense_rank",
    "coverage_gap",
    "cosine_gap",
    "window_gap",
    "expanded_gap",
    "late_gap",
    "beside",
    "best_coverage",
    "best_cosine",
    "best_expanded",
    "best_late",
    "unknown",
    "absent",
    "words",
    "english",
    *INTENT_NAMES,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that a retriever found, and what the retrievers made of it.

    `coverage` and `cosine` as in LexicalHit and DenseHit; the ranks are 1-based, None where the retriever did not come
    up with it. `sentence_vectors` has a row a sentence, not of length one; None where the encoder is not additive.
    """

    row: int
    passage: Passage
    document: Document
    coverage: float
    cosine: float
    lexical_rank: int | None = None
    dense_rank: int | None = None
    stretches: tuple[float, ...] = ()


def candidate_features(question: Question, candidates: Sequence[Candidate], word_vectors: WordVectors) -> Floats:
    """A row of features for each candidate, in order of NAMES: (number of candidates, number of features).

    `word_vectors` gives a unit vector for each of a sequence of words, None where the encoder has none for words.
    """
    late = _late_interaction(question, [text_terms(c.passage.text) for c in candidates], word_vectors)
    asked = _Asked.of(question)
    rows = [_of_passage(asked, candidate) | near for candidate, near in zip(candidates, late, strict=True)]
    best = {name: max((row[name] for row in rows), default=0.0) for name in ("coverage", "cosine", "expanded", "late")}
    best_window = max((row["window_cosine"] for row in rows), default=0.0)
    idfs = [question.idf.get(word.stem, 0.0) for word in question.words]
    total = sum(idfs)
    unknown = sum(idf for idf, word in zip(idfs, question.words, strict=True) if word.stem not in question.known)
    of_question = {
        "best_coverage": best["coverage"],
        "best_cosine": best["cosine"],
        "best_expanded": best["expanded"],
        "best_late": best["late"],
        "unknown": unknown / total if total else 0.0,
        # The share of its names and numbers that no passage of the library has.
        "absent": len(question.absent) / len(question.names) if question.names else 0.0,
        "words": log(1 + len(question.words)),
        "english": float(question.english),
        **{f"asks_{intent}": float(question.intent == intent) for intent in INTENTS},
    }
    by_place = {(c.passage.doc_id, c.passage.ordinal): row["expanded"] for c, row in zip(candidates, rows, strict=True)}
    for candidate, row in zip(candidates, rows, strict=True):
        place = candidate.passage.doc_id, candidate.passage.ordinal
        row.update(of_question)
        row["coverage_gap"] = best["coverage"] - row["coverage"]
        row["cosine_gap"] = best["cosine"] - row["cosine"]
        row["window_gap"] = best_window - row["window_cosine"]
        row["expanded_gap"] = best["expanded"] - row["expanded"]
        row["late_gap"] = best["late"] - row["late"]
        row["beside"] = max(by_place.get((place[0], place[1] + step), 0.0) for step in (-1, 1))
    return np.array([[row[name] for name in NAMES] for row in rows], dtype=np.float32).reshape(-1, len(NAMES))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, made ready to be held against many passages; `above` keeps what a title or headings have of it."""

    question: Question
    words: tuple[AskedWord, ...]
    pairs: frozenset[tuple[str, str]]
    count: AskedCount | None
    above: dict[str, list[float]]
    said: frozenset[str]

    @classmethod
    def of(cls, question: Question) -> "_Asked":
        pairs = frozenset(pairwise(word.stem for word in question.words))
        return cls(
            question,
            asked_words(question),
            pairs,
            asked_count(question),
            {},
            frozenset(word.text for word in question.words),
        )

    def shares(self, text: str) -> list[float]:
        """What share of each word of the question stands in a title or headings, which many passages have in common."""
        if text not in self.above:
            terms = text_terms(text)
            self.above[text] = [share_found(one.word, terms) for one in self.words]
        return self.above[text]


def _of_passage(asked: _Asked, candidate: Candidate) -> dict[str, float]:
    question = asked.question
    headings = "\n".join(candidate.passage.section)
    body = text_terms(candidate.passage.text)
    count = max(1, len(body.sentences))
    of_sentence, of_stretch = [0.0] * count, [0.0] * count
    exact = soft = expanded = only_expanded = heading = in_title = missing = 0.0
    for one, in_heading, titled in zip(
        asked.words, asked.shares(headings), asked.shares(candidate.document.title), strict=True
    ):
        weight = one.weight
        heading += weight * in_heading
        in_title += weight * titled
        in_body = in_form = 0.0
        in_text = in_heading
        if one.may_stand_in(body):
            plain, formed = plainly(one.word, body), by_form(one, body)
            like = alike(one, body) if one.unknown else []
            if anyhow := plain + formed + like:
                add_best(of_sentence, anyhow, weight, reach=1)
                add_best(of_stretch, anyhow, weight, reach=WINDOW)
                in_body, in_form = most(plain), most(formed)
                in_text = max(in_body, most(like), in_heading)
        exact += weight * in_body
        soft += weight * in_text
        expanded += weight * (max(in_text, in_form))
        only_expanded += weight * max(0.0, in_form - in_text)
        if not (in_text or in_form or titled) and weight > missing:
            missing = weight
    first, second = [*sorted(candidate.stretches, reverse=True)[:2], candidate.cosine, candidate.cosine][:2]
    texts = (body, text_terms(candidate.document.title), text_terms(headings)) if question.names else ()
    named = [any(name in text.words for text in texts) for name in question.names]
    pairs = asked.pairs
    return {
        "coverage": candidate.coverage,
        "cosine": candidate.cosine,
        "window_cosine": first,
        "second_window": second,
        "exact": exact,
        "soft": soft,
        "expanded": expanded,
        "only_expanded": only_expanded,
        "sentence": max(of_sentence),
        "window": max(of_stretch),
        "heading": heading,
        "title": in_title,
        "named": sum(named) / len(named) if named else 1.0,
        # The share of the pairs of neighbours in the question that are neighbours here too.
        "phrases": body.beside(pairs) / len(pairs) if pairs else 0.0,
        "expected": _expected(asked, body, of_sentence),
        # 0.5 for a question that asks for no number.
        "counted": float(any(counts_each(asked.count, body))) if asked.count else 0.5,
        # The most telling word of the question that is nowhere in the passage or above it.
        "missing": missing,
        "pointed_at": float(candidate.passage.doc_id in question.documents) if question.documents else 0.5,
        "body": float(candidate.passage.role == "body"),
        "length": log(1 + body.length),
        "lexical_rank": _rank(candidate.lexical_rank),
        "dense_rank": _rank(candidate.dense_rank),
    }


def _late_interaction(question: Question, texts: Sequence[Terms], word_vectors: WordVectors) -> list[dict[str, float]]:
    """How near the words of each text come to those of the question.

    `late`: each word's nearest in the passage, weighed by idf; `late_sentence`: the same in the best sentence;
    `late_weakest`: the word that comes least near.
    """
    nothing = {"late": 0.0, "late_sentence": 0.0, "late_weakest": 0.0}
    near = nearness(tuple(word.text for word in question.words), texts, word_vectors)
    if near is None:
        return [nothing for _ in texts]
    weights = np.array(question_weights(question))
    columns = (
        weights @ near.of_text,
        np.maximum.reduceat(weights @ near.of_sentence, near.first),
        near.of_text.min(axis=0),
    )
    found = zip(*(column.tolist() for column in columns), strict=True)
    return [dict(zip(nothing, next(found), strict=True)) if has else nothing for has in near.has_words.tolist()]


def _expected(asked: _Asked, text: Terms, of_sentence: Sequence[float]) -> float:
    """What the best sentence with a number, date, name or reason, as is asked for, has of what the best one has."""
    intent = asked.question.intent
    best = max(of_sentence)
    if intent is None or not best:
        return 0.0
    forms = sentence_forms(text)
    for at in sorted(range(len(forms)), key=lambda at: -of_sentence[at]):
        if of_sentence[at] and forms[at].expected(asked.said)[intent]:
            return of_sentence[at] / best
    return 0.0


def stretch_cosines(matrices: Sequence[Floats | None], question: Floats) -> list[list[float]]:
    """For each matrix of sentence vectors, for each sentence: the cosine of the question with the best stretch of one
    to three sentences that begins there.
    """
    sizes = [0 if matrix is None else len(matrix) for matrix in matrices]
    filled = [matrix for matrix in matrices if matrix is not None and len(matrix)]
    if not filled:
        return [[] for _ in matrices]
    flat = np.concatenate(filled)
    last = np.repeat(np.cumsum(sizes), sizes)  # for each sentence, where its passage ends
    dots = flat @ question
    products = [np.einsum("ij,ij->i", flat[: len(flat) - step], flat[step:]) for step in range(WINDOW)]
    best = np.full(len(flat), -1.0)
    total, square = np.zeros(len(flat)), np.zeros(len(flat))
    for length in range(WINDOW):
        # One sentence longer: its dot product with the question, and its products with those before it.
        count = len(flat) - length
        total[:count] += dots[length:]
        square[:count] += products[0][length:]
        for step in range(1, length + 1):
            square[:count] += 2 * products[step][length - step : length - step + count]
        whole = np.arange(len(flat)) + length < last
        norms = np.sqrt(np.maximum(square, 0.0))
        cosines = np.divide(total, norms, out=np.zeros(len(flat)), where=norms > 0)
        best = np.where(whole, np.maximum(best, cosines), best)
    ends = np.cumsum(sizes)
    return [best[end - size : end].tolist() for end, size in zip(ends, sizes, strict=True)]


def _rank(rank: int | None) -> float:
    """1 for the first, falling with the logarithm of the rank to 0."""
    return 0.0 if rank is None else max(0.0, 1 - log(rank) / log(NEAR))
