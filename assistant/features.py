"""What a passage has of a question, as numbers: what the reranker and the judge decide by.

None of the numbers depends on how large the library is: they are shares of the question, cosines, and distances to the
best of the candidates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

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
from ingest.sentence_vectors import STRETCH, SentenceVectors
from ingest.types import Document, Passage

Columns = NDArray[np.float64]

NEAR = 60  # rank beyond which a retriever's rank says nothing

INTENT_NAMES = tuple(f"asks_{intent}" for intent in INTENTS)
# Of a passage by itself, in the order in which `_of_passage` gives them.
OF_PASSAGE = (
    "coverage", "cosine", "window_cosine", "second_window", "exact", "soft", "expanded", "only_expanded", "sentence",
    "window", "heading", "title", "named", "phrases", "expected", "counted", "missing", "pointed_at", "body", "length",
    "lexical_rank", "dense_rank",
)  # fmt: skip
# What each candidate falls short of the best of all, which is mostly a feature too.
GAPS = {
    "coverage": "coverage_gap", "cosine": "cosine_gap", "window_cosine": "window_gap", "expanded": "expanded_gap",
    "late": "late_gap",
}  # fmt: skip
# What each says is written beside the code that computes it, below.
NAMES = (
    "coverage", "cosine", "window_cosine", "second_window", "exact", "soft", "expanded", "only_expanded", "sentence",
    "window", "heading", "title", "named", "phrases", "late", "late_sentence", "late_weakest", "expected", "counted",
    "missing", "pointed_at", "body", "length", "lexical_rank", "dense_rank", "coverage_gap", "cosine_gap", "window_gap",
    "expanded_gap", "late_gap", "beside", "best_coverage", "best_cosine", "best_expanded", "best_late", "unknown",
    "absent", "words", "english", *INTENT_NAMES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that a retriever found, and what the retrievers made of it.

    `coverage` and `cosine` as in LexicalHit and DenseHit; the ranks are 1-based, None where the retriever did not come
    up with it. `stretches` has for each sentence the cosine of the best one that begins there, empty without vectors of
    sentences.
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
    if not candidates:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    asked = _Asked.of(question)
    each = np.array([_of_passage(asked, candidate) for candidate in candidates])
    found: dict[str, Columns | float] = dict(zip(OF_PASSAGE, each.T, strict=True))
    found |= _late_interaction(question, [text_terms(c.passage.text) for c in candidates], word_vectors)
    found |= _of_question(question)
    for name, gap in GAPS.items():
        values = np.asarray(found[name])
        found[gap] = values.max() - values
        found[f"best_{name}"] = values.max()
    found["beside"] = np.array(_beside(candidates, np.asarray(found["expanded"]).tolist()))
    features = np.empty((len(candidates), len(NAMES)), dtype=np.float32)
    for at, name in enumerate(NAMES):
        features[:, at] = found[name]
    return features


def _of_question(question: Question) -> dict[str, float]:
    idfs = [question.idf.get(word.stem, 0.0) for word in question.words]
    total = sum(idfs)
    unknown = sum(idf for idf, word in zip(idfs, question.words, strict=True) if word.stem not in question.known)
    return {
        "unknown": unknown / total if total else 0.0,
        # The share of its names and numbers that no passage of the library has.
        "absent": len(question.absent) / len(question.names) if question.names else 0.0,
        "words": log(1 + len(question.words)),
        "english": float(question.english),
        **{f"asks_{intent}": float(question.intent == intent) for intent in INTENTS},
    }


def _beside(candidates: Sequence[Candidate], expanded: Sequence[float]) -> list[float]:
    """What the better of the passages before and after each has of the question, where that is a candidate too."""
    places = [(one.passage.doc_id, one.passage.ordinal) for one in candidates]
    by_place = dict(zip(places, expanded, strict=True))
    return [max(by_place.get((doc_id, at + step), 0.0) for step in (-1, 1)) for doc_id, at in places]


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


def _of_passage(asked: _Asked, candidate: Candidate) -> tuple[float, ...]:
    """The features in order of OF_PASSAGE."""
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
                add_best(of_stretch, anyhow, weight, reach=STRETCH)
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
    return (
        candidate.coverage,
        candidate.cosine,
        first,
        second,
        exact,
        soft,
        expanded,
        only_expanded,
        max(of_sentence),
        max(of_stretch),
        heading,
        in_title,
        sum(named) / len(named) if named else 1.0,
        # The share of the pairs of neighbours in the question that are neighbours here too.
        body.beside(pairs) / len(pairs) if pairs else 0.0,
        _expected(asked, body, of_sentence),
        # 0.5 for a question that asks for no number.
        float(any(counts_each(asked.count, body))) if asked.count else 0.5,
        # The most telling word of the question that is nowhere in the passage or above it.
        missing,
        float(candidate.passage.doc_id in question.documents) if question.documents else 0.5,
        float(candidate.passage.role == "body"),
        log(1 + body.length),
        _rank(candidate.lexical_rank),
        _rank(candidate.dense_rank),
    )


def _late_interaction(question: Question, texts: Sequence[Terms], word_vectors: WordVectors) -> dict[str, Columns]:
    """How near the words of each text come to those of the question; 0 where there is nothing to compare.

    `late`: each word's nearest in the passage, weighed by idf; `late_sentence`: the same in the best sentence;
    `late_weakest`: the word that comes least near.
    """
    found = {name: np.zeros(len(texts)) for name in ("late", "late_sentence", "late_weakest")}
    near = nearness(tuple(word.text for word in question.words), texts, word_vectors)
    if near is not None:
        weights = np.array(question_weights(question))
        found["late"][near.has_words] = weights @ near.of_text
        found["late_sentence"][near.has_words] = np.maximum.reduceat(weights @ near.of_sentence, near.first)
        found["late_weakest"][near.has_words] = near.of_text.min(axis=0)
    return found


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


def stretch_cosines(kept: Sequence[SentenceVectors | None], question: Floats) -> list[list[float]]:
    """For each passage, for each sentence: the cosine of the question with the best stretch of one to three sentences
    that begins there.
    """
    filled = [one for one in kept if one is not None]
    if not filled:
        return [[] for _ in kept]
    dots = np.concatenate([one.rows for one in filled]).astype(np.float32) @ question
    lengths = np.concatenate([one.lengths for one in filled])
    best = np.full(len(dots), -1.0, dtype=np.float32)
    total = np.zeros(len(dots), dtype=np.float32)
    for more in range(STRETCH):
        # One sentence longer; what would go beyond its passage has no length.
        total[: len(dots) - more] += dots[more:]
        best = np.fmax(best, total / lengths[:, more])
    ends = np.cumsum([0 if one is None else len(one.rows) for one in kept]).tolist()
    return [best[start:end].tolist() for start, end in pairwise([0, *ends])]


def _rank(rank: int | None) -> float:
    """1 for the first, falling with the logarithm of the rank to 0."""
    return 0.0 if rank is None else max(0.0, 1 - log(rank) / log(NEAR))
