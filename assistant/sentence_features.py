"""What a sentence has of a question, as numbers: what the choice of sentences is learnt from.

As with passages (`assistant.features`), none of the numbers depends on how large the library is.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.counting import asked_count, counts
from assistant.nearness import Floats, WordVectors, nearness
from assistant.sentence_match import CAUSE, INTENTS, PERSON, is_number, is_time
from assistant.terms import KEPT, Terms, sentence_terms, text_terms
from assistant.types import CanonicalTexts, ScoredPassage
from assistant.understand import Question
from assistant.word_match import AskedWord, alike, asked_words, by_form, most, plainly, question_weights
from ingest.dutch import fold, words
from ingest.sentences import sentences
from ingest.types import PassageRole

Columns = dict[str, NDArray[Any] | float]

PASSAGES = 6  # passages whose sentences are considered
LEAST = 4  # words; fewer, without a figure among them, are a label
FAR = 100  # times as unlikely as the best passage: what such a passage says counts for nothing more
DANGLING = re.compile(
    r"(dit|deze|dat|die|zij|ze|hij|daarom|daardoor|daarmee|daarbij|hierdoor|hiermee|hierbij|dergelijke|ook|maar|en|"
    r"this|these|that|they|he|she)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"(?<![.?!:]\s)(?<!^)(?<![\"“‘'])\b[A-Z][\w&-]+")
DEFINES = re.compile(r"\b(is|zijn|betekent|noemen|heet|houdt in|staat voor|wordt bedoeld|means?|are)\b", re.IGNORECASE)
QUESTION_SORTS = {
    "which": re.compile(r"\b(welke?|which)\b", re.IGNORECASE),
    "where": re.compile(
        r"\b(waar|where|in welke? (plaats|gemeente|stad|dorp|kern|provincie|regio|wijk|land))\b", re.IGNORECASE
    ),
    "how": re.compile(r"\b(hoe|how)\b(?!\s*(veel|many|much|groot|hoog|vaak|lang|oud))", re.IGNORECASE),
    "what": re.compile(r"\b(wat|what)\b", re.IGNORECASE),
    "or": re.compile(r"\b(of|or)\b", re.IGNORECASE),
    "define": re.compile(r"^(wat (is|zijn|betekent|houdt|wordt)|what (is|are|does))\b", re.IGNORECASE),
    "closed": re.compile(
        r"^(is|zijn|was|waren|heeft|hebben|had|kan|mag|moet|wordt|gaat|does|do|did|has|can|are)\b", re.IGNORECASE
    ),
}

NAMES = (
    "exact", "expanded", "with_previous", "with_next", "with_heading", "missing", "uncovered", "named", "named_around",
    "phrases",
    "late", "late_around", "late_weakest", "weakest_around", "cosine", "cosine_with_previous", "cosine_with_next",
    "expanded_gap", "late_gap", "cosine_gap", "with_heading_gap", "passage_expanded_gap", "passage_late_gap",
    "passage_cosine_gap", "passage", "share", "passage_rank", "answers_question", "previous_asks",
    "expected", "counted", "new_number", "new_name", "person", "time", "cause", "defines", "commas", "quotes", "leads",
    "length", "new_words", "first", "place", "dangling", "list_item", "other_kind", "words", "english",
    *(f"asks_{intent}" for intent in INTENTS), *(f"asks_{sort}" for sort in QUESTION_SORTS),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage that was found, at [start, end) of its document; `block` is the number of its block.

    `quotable`: whether it may stand in an answer; headings, labels and questions are only context to others.
    """

    hit: ScoredPassage
    start: int
    end: int
    block: int
    kind: str
    text: str
    quotable: bool

    @property
    def doc_id(self) -> str:
        """The document that it stands in."""
        return self.hit.document.doc_id


def read_sentences(passages: Sequence[ScoredPassage], canonical: CanonicalTexts) -> list[Sentence]:
    """The sentences of these passages, passage by passage and in order within each; none twice."""
    found: dict[tuple[str, int], Sentence] = {}
    for hit in passages:
        text = canonical(hit.passage.doc_id)
        begin = bisect_right(text.blocks, hit.passage.start, key=lambda block: block.end)
        until = bisect_left(text.blocks, hit.passage.end, key=lambda block: block.start)
        for number, block in enumerate(text.blocks[begin:until], begin):
            start, end = max(block.start, hit.passage.start), min(block.end, hit.passage.end)
            if start >= end:
                continue
            for first, last in _units(text.text[start:end], hit.passage.role):
                quote = text.text[start + first : start + last]
                quotable = (
                    block.kind != "heading"
                    and not quote.endswith("?")
                    and (len(quote.split()) >= LEAST or any(map(str.isdigit, quote)))
                )
                key = (hit.passage.doc_id, start + first)
                found.setdefault(key, Sentence(hit, key[1], start + last, number, block.kind, quote, quotable))
    return list(found.values())


@lru_cache(maxsize=KEPT)
def _units(text: str, role: PassageRole) -> tuple[tuple[int, int], ...]:
    """The spans of a block that can be quoted: its sentences, or all of it where full stops end no sentences."""
    return ((0, len(text)),) if role in ("references", "imprint") else tuple(sentences(text))


def sentence_features(
    question: Question, said: Sequence[Sentence], word_vectors: WordVectors, sentence_vectors: WordVectors
) -> Floats:
    """A row of features for each sentence, in order of NAMES: (number of sentences, number of features).

    `word_vectors` and `sentence_vectors` give a unit vector for each of a sequence of words or sentences, None with an
    encoder that is not additive.
    """
    if not said:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    asked = asked_words(question)
    weights = np.array(question_weights(question), dtype=np.float32)
    terms = [sentence_terms(sentence.text) for sentence in said]
    beside = _Beside(said)
    found: Columns = {}
    _by_words(found, question, asked, weights, said, terms, beside)
    _by_word_vectors(found, question, weights, terms, beside, word_vectors)
    _by_vectors(found, question, said, sentence_vectors, beside)
    of_passage = np.array([id(sentence.hit) for sentence in said])
    for name in ("expanded", "late", "cosine", "with_heading"):
        values = np.asarray(found[name])
        found[f"{name}_gap"] = values.max() - values
        if f"passage_{name}_gap" in NAMES:
            best = np.array([values[of_passage == one].max() for one in of_passage])
            found[f"passage_{name}_gap"] = best - values
    _by_passage(found, said)
    _by_form(found, question, said, terms)
    found["words"] = log(1 + len(question.words))
    found["english"] = float(question.english)
    found |= {f"asks_{intent}": float(question.intent == intent) for intent in INTENTS}
    found |= {f"asks_{sort}": float(bool(has.search(question.text))) for sort, has in QUESTION_SORTS.items()}
    rows = np.empty((len(said), len(NAMES)), np.float32)
    for at, name in enumerate(NAMES):
        rows[:, at] = found[name]
    return rows


class _Beside:
    """For each sentence the number of the one before and after it in the same passage, its own where there is none."""

    def __init__(self, said: Sequence[Sentence]) -> None:
        count = len(said)
        self.previous = np.arange(count)
        self.next = np.arange(count)
        for at, (one, other) in enumerate(pairwise(said)):
            if one.hit is other.hit:
                self.previous[at + 1] = at
                self.next[at] = at + 1


def _by_words(
    found: Columns,
    question: Question,
    asked: Sequence[AskedWord],
    weights: Floats,
    said: Sequence[Sentence],
    terms: Sequence[Terms],
    beside: _Beside,
) -> None:
    """What each sentence has of the words of the question, by weight; by itself and with what stands around it."""
    above = {id(one.hit): text_terms("\n".join((one.hit.document.title, *one.hit.passage.section))) for one in said}
    exact, anyhow = np.zeros((2, len(asked), len(said)), np.float32)
    for word, one in enumerate(asked):
        for at, text in enumerate(terms):
            if one.may_stand_in(text):
                exact[word, at], anyhow[word, at] = _found_in(one, text)
    headed = {key: np.array([_found_in(one, text)[1] for one in asked], np.float32) for key, text in above.items()}
    heading = np.stack([headed[id(one.hit)] for one in said], axis=1)
    before, after = anyhow[:, beside.previous], anyhow[:, beside.next]
    around = np.maximum(np.maximum(anyhow, heading), np.maximum(before, after))
    found["exact"] = weights @ exact
    found["expanded"] = weights @ anyhow
    found["with_previous"] = weights @ np.maximum(anyhow, before)
    found["with_next"] = weights @ np.maximum(anyhow, after)
    found["with_heading"] = weights @ np.maximum(anyhow, heading)
    # The most telling word of the question that stands neither in the sentence nor around it.
    found["missing"] = (weights[:, None] * (around == 0)).max(axis=0, initial=0.0)
    found["uncovered"] = weights @ (around == 0)
    asks = np.array([sentence.text.endswith("?") for sentence in said], np.float32)[beside.previous]
    asks *= beside.previous != np.arange(len(said))
    found["previous_asks"] = asks
    found["answers_question"] = asks * (weights @ before)
    names = question.names
    own = [sum(name in text.words for name in names) for text in terms]
    beyond = [
        sum(any(name in text.words for text in (terms[at], above[id(said[at].hit)], terms[before], terms[after]))
            for name in names)
        for at, (before, after) in enumerate(zip(beside.previous.tolist(), beside.next.tolist(), strict=True))
    ]  # fmt: skip
    found["named"] = np.array(own, np.float32) / len(names) if names else 1.0
    found["named_around"] = np.array(beyond, np.float32) / len(names) if names else 1.0
    pairs = set(pairwise(word.stem for word in question.words))
    found["phrases"] = np.array([text.beside(pairs) / max(1, len(pairs)) for text in terms], np.float32)


def _found_in(asked: AskedWord, text: Terms) -> tuple[float, float]:
    """How far the best that a text has is this word: as it stands, and in whatever form."""
    plain = plainly(asked.word, text)
    anyhow = plain + by_form(asked, text)
    return most(plain), most(anyhow + alike(asked.word, text) if asked.unknown else anyhow)


def _by_word_vectors(
    found: Columns,
    question: Question,
    weights: Floats,
    terms: Sequence[Terms],
    beside: _Beside,
    word_vectors: WordVectors,
) -> None:
    """How near the words of each sentence come to those of the question (see `nearness`)."""
    nearest = np.zeros((len(question.words), len(terms)), np.float32)
    near = nearness(tuple(word.text for word in question.words), terms, word_vectors)
    if near is not None:
        nearest[:, near.has_words] = near.of_text
    around = np.maximum(nearest, np.maximum(nearest[:, beside.previous], nearest[:, beside.next]))
    found["late"] = weights @ nearest
    found["late_around"] = weights @ around
    found["late_weakest"] = nearest.min(axis=0, initial=1.0)
    found["weakest_around"] = around.min(axis=0, initial=1.0)


def _by_vectors(
    found: Columns, question: Question, said: Sequence[Sentence], sentence_vectors: WordVectors, beside: _Beside
) -> None:
    """How near each sentence comes in meaning, by itself and with the one beside it."""
    vectors = sentence_vectors(tuple(sentence.text for sentence in said))
    if vectors is None:
        found |= {"cosine": np.zeros(len(said), np.float32), "cosine_with_previous": 0.0, "cosine_with_next": 0.0}
        return
    found["cosine"] = vectors @ question.vector
    for name, other in (("previous", beside.previous), ("next", beside.next)):
        both = vectors + vectors[other]
        both /= np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-6)
        found[f"cosine_with_{name}"] = both @ question.vector


def _by_passage(found: Columns, said: Sequence[Sentence]) -> None:
    """What the passage of each sentence is worth, and where in it the sentence stands."""
    best = max((sentence.hit.score for sentence in said), default=0.0)
    found["passage"] = np.array([_closeness(sentence.hit.score, best) for sentence in said], np.float32)
    found["share"] = np.array([sentence.hit.score for sentence in said], np.float32)
    found["passage_rank"] = np.array([1 / sentence.hit.rank for sentence in said], np.float32)
    spans = [(one.hit.passage.start, max(1, one.hit.passage.end - one.hit.passage.start)) for one in said]
    found["first"] = np.array([one.start == at for one, (at, _) in zip(said, spans, strict=True)], np.float32)
    found["place"] = np.array(
        [(one.start - at) / size for one, (at, size) in zip(said, spans, strict=True)], np.float32
    )


def _closeness(score: float, best: float) -> float:
    """How near the score of a passage comes to the best one: 1 for that, 0 where it is a hundredth of it."""
    return max(0.0, 1 - log(best / score) / log(FAR)) if score > 0 else 0.0


@dataclass(frozen=True, slots=True)
class _Form:
    """What a sentence holds, whatever is asked: the folded words that are numbers, and those that are years or months,
    those of each name and of each person in it, and how it is written.
    """

    numbers: frozenset[str]
    times: frozenset[str]
    names: tuple[frozenset[str], ...]
    persons: tuple[frozenset[str], ...]
    cause: bool
    defines: bool
    quotes: bool
    dangling: bool


@lru_cache(maxsize=KEPT)
def _form(text: str) -> _Form:
    said = words(text)
    return _Form(
        frozenset(filter(is_number, said)),
        frozenset(filter(is_time, said)),
        tuple(frozenset(words(name)) for name in NAME.findall(text)),
        tuple(frozenset(words(name)) for name in PERSON.findall(text)),
        CAUSE.search(fold(text)) is not None,
        DEFINES.search(text) is not None,
        any(mark in text for mark in "‘’“”'\""),
        DANGLING.match(text) is not None,
    )


def _by_form(found: Columns, question: Question, said: Sequence[Sentence], terms: Sequence[Terms]) -> None:
    """What sort of sentence each is: what it holds that may be asked for, and how it is written."""
    asked = {word.text for word in question.words}
    stems = {word.stem for word in question.words}
    count = asked_count(question)
    rows = []
    for sentence, text in zip(said, terms, strict=True):
        form = _form(sentence.text)
        commas, leads = sentence.text.count(","), sentence.text.endswith(":")
        number, person = bool(form.numbers - asked), any(map(asked.isdisjoint, form.persons))
        time = bool(form.times - asked)
        expected = {"amount": number, "person": person, "time": time, "why": form.cause, "list": commas > 1 or leads}
        rows.append((
            expected.get(question.intent or "", False),
            counts(count, [sentence.text]) if count else 0.5,
            number,
            any(map(asked.isdisjoint, form.names)),
            person,
            time,
            form.cause,
            form.defines,
            min(4, commas) / 4,
            form.quotes,
            leads,
            log(1 + text.length),
            log(1 + len(text.places) - sum(map(text.places.__contains__, stems))),
            form.dangling,
            sentence.kind == "list_item",
            sentence.kind not in ("paragraph", "list_item"),
        ))  # fmt: skip
    names = (
        "expected", "counted", "new_number", "new_name", "person", "time", "cause", "defines", "commas", "quotes",
        "leads", "length", "new_words", "dangling", "list_item", "other_kind",
    )  # fmt: skip
    found |= dict(zip(names, np.array(rows, np.float32).reshape(-1, len(names)).T, strict=True))
