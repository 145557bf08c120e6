"""What a sentence has of a question, as numbers: what the choice of sentences is learnt from.

As with passages (`assistant.features`), none of the numbers depends on how large the library is.
"""

import re
from collections.abc import Sequence, Set
from functools import reduce
from itertools import compress, pairwise
from math import log
from operator import or_
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.counting import asked_count, counts_each
from assistant.nearness import Floats, WordVectors, nearness
from assistant.passage_sentences import Group, Sentence, grouped
from assistant.sentence_forms import STYLE, sentence_forms
from assistant.sentence_match import INTENTS
from assistant.terms import Terms, above
from assistant.understand import Question
from assistant.word_match import AskedWord, Places, alike, asked_words, by_form, most, plainly, question_weights

Columns = dict[str, NDArray[Any] | float]

PASSAGES = 6  # passages whose sentences are considered
FAR = 100  # times as unlikely as the best passage: what such a passage says counts for nothing more
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


def sentence_features(
    question: Question, said: Sequence[Sentence], word_vectors: WordVectors, vectors: Floats | None
) -> Floats:
    """A row of features for each sentence, in order of NAMES: (number of sentences, number of features).

    `said` is what `read_sentences` gave, and `vectors` a unit vector for each of these: None, as what `word_vectors`
    gives, with an encoder that is not additive.
    """
    if not said:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    groups = grouped(said)
    beside = _Beside(said)
    weights = np.array(question_weights(question), dtype=np.float32)
    found: Columns = {}
    _by_words(found, question, weights, said, groups, beside)
    _by_names(found, question, said, groups, beside)
    _by_word_vectors(found, question, weights, groups, beside, word_vectors)
    _by_vectors(found, question, vectors, beside)
    for name in ("expanded", "late", "cosine", "with_heading"):
        values = np.asarray(found[name])
        found[f"{name}_gap"] = values.max() - values
        if f"passage_{name}_gap" in NAMES:
            found[f"passage_{name}_gap"] = np.maximum.reduceat(values, beside.firsts)[beside.passage] - values
    _by_passage(found, said)
    _by_form(found, question, said, groups)
    found["words"] = log(1 + len(question.words))
    found["english"] = float(question.english)
    found |= {f"asks_{intent}": float(question.intent == intent) for intent in INTENTS}
    found |= {f"asks_{sort}": float(bool(has.search(question.text))) for sort, has in QUESTION_SORTS.items()}
    rows = np.empty((len(said), len(NAMES)), np.float32)
    for at, name in enumerate(NAMES):
        rows[:, at] = found[name]
    return rows


class _Beside:
    """For each sentence the number of the one before and after it in the same passage, its own where there is none.

    `passage` is the number of its passage; `hits` are the passages, and `firsts` the first sentence of each.
    """

    def __init__(self, said: Sequence[Sentence]) -> None:
        own = np.arange(len(said))
        begins = np.array([True, *(one.hit is not other.hit for one, other in pairwise(said))])
        self.firsts = np.flatnonzero(begins)
        self.hits = [said[at].hit for at in self.firsts.tolist()]
        self.passage = np.cumsum(begins) - 1
        self.previous = np.where(begins, own, own - 1)
        self.next = np.where(np.append(begins[1:], True), own, own + 1)


def _by_words(
    found: Columns,
    question: Question,
    weights: Floats,
    said: Sequence[Sentence],
    groups: Sequence[Group],
    beside: _Beside,
) -> None:
    """What each sentence has of the words of the question, by weight; by itself and with what stands around it."""
    asked = asked_words(question)
    exactly, somehow = ([[0.0] * len(said) for _ in asked] for _ in range(2))
    for group in groups:
        for word, one in enumerate(asked):
            if one.may_stand_in(group.terms):
                plain = plainly(one.word, group.terms)
                _put_best(exactly[word], plain, group)
                _put_best(somehow[word], plain + _otherwise(one, group.terms), group)
    exact, anyhow = (np.array(rows, np.float32).reshape(len(asked), len(said)) for rows in (exactly, somehow))
    headed = [
        [most(plainly(one.word, text) + _otherwise(one, text)) for one in asked]
        for text in (above(one.passage, one.document) for one in beside.hits)
    ]
    heading = np.array(headed, np.float32).reshape(len(headed), len(asked)).T[:, beside.passage]
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
    pairs = set(pairwise(word.stem for word in question.words))
    together = [count for group in groups for count in _pairs_in(pairs, group)]
    found["phrases"] = np.array(together, np.float32) / max(1, len(pairs))


def _otherwise(asked: AskedWord, text: Terms) -> Places:
    """Where a text has a word in another form, or one that looks so."""
    return by_form(asked, text) + (alike(asked, text) if asked.unknown else [])


def _put_best(row: list[float], places: Places, group: Group) -> None:
    """For each sentence of a group the best that it has of a word, in its place of `row`."""
    anywhere = reduce(or_, (bits for bits, _ in places), 0)
    for at, number in group.members:
        if anywhere >> number & 1:
            row[at] = max(value for bits, value in places if bits >> number & 1)


def _pairs_in(pairs: Set[tuple[str, str]], group: Group) -> list[int]:
    """How many of these pairs of stems stand side by side in each sentence."""
    places = group.terms.places
    likely = [(pair, bits) for pair in pairs if (bits := places.get(pair[0], 0) & places.get(pair[1], 0))]
    if not likely:
        return [0] * len(group.numbers)
    bounds = group.terms.bounds.tolist()
    return [
        len({pair for pair, bits in likely if bits >> number & 1}.intersection(
            pairwise(group.terms.stems[bounds[number] : bounds[number + 1]])
        ))
        for number in group.numbers
    ]  # fmt: skip


def _by_names(
    found: Columns, question: Question, said: Sequence[Sentence], groups: Sequence[Group], beside: _Beside
) -> None:
    """What share of the names and numbers of the question each sentence has; by itself and with what is around it."""
    if not question.names:
        found |= {"named": 1.0, "named_around": 1.0}
        return
    own, beyond = np.zeros((2, len(said)), np.float32)
    headings = [above(one.passage, one.document).words for one in beside.hits]
    for name in question.names:
        has = np.zeros(len(said), np.bool_)
        for group in groups:
            bits = group.terms.sentences_with(name)
            for at, number in group.members if bits else ():
                has[at] = bits >> number & 1
        own += has
        in_heading = np.array([name in words for words in headings])[beside.passage]
        beyond += has | in_heading | has[beside.previous] | has[beside.next]
    found["named"] = own / len(question.names)
    found["named_around"] = beyond / len(question.names)


def _by_word_vectors(
    found: Columns,
    question: Question,
    weights: Floats,
    groups: Sequence[Group],
    beside: _Beside,
    word_vectors: WordVectors,
) -> None:
    """How near the words of each sentence come to those of the question (see `nearness`)."""
    nearest = np.zeros((len(question.words), len(beside.passage)), np.float32)
    near = nearness(tuple(word.text for word in question.words), [group.terms for group in groups], word_vectors)
    if near is not None:
        spoken = compress(groups, near.has_words)
        columns = [
            (at, first + number)
            for group, first in zip(spoken, near.first.tolist(), strict=True)
            for at, number in group.members
        ]
        into, out_of = np.array(columns, np.intp).T
        nearest[:, into] = near.of_sentence[:, out_of]
    around = np.maximum(nearest, np.maximum(nearest[:, beside.previous], nearest[:, beside.next]))
    found["late"] = weights @ nearest
    found["late_around"] = weights @ around
    found["late_weakest"] = nearest.min(axis=0, initial=1.0)
    found["weakest_around"] = around.min(axis=0, initial=1.0)


def _by_vectors(found: Columns, question: Question, vectors: Floats | None, beside: _Beside) -> None:
    """How near each sentence comes in meaning, by itself and with the one beside it."""
    if vectors is None:
        found |= {
            "cosine": np.zeros(len(beside.passage), np.float32),
            "cosine_with_previous": 0.0,
            "cosine_with_next": 0.0,
        }
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


def _by_form(found: Columns, question: Question, said: Sequence[Sentence], groups: Sequence[Group]) -> None:
    """What sort of sentence each is: what it holds that may be asked for, and how it is written."""
    asked = {word.text for word in question.words}
    stems = {word.stem for word in question.words}
    count = asked_count(question)
    rows: list[tuple[float, ...]] = []
    for group in groups:
        forms = sentence_forms(group.terms)
        counted = counts_each(count, group.terms) if count else [0.5] * len(forms)
        has_stem = [bits for stem in stems if (bits := group.terms.places.get(stem))]
        for at, number in group.members:
            sentence, form = said[at], forms[number]
            expected = form.expected(asked)
            rows.append((
                expected.get(question.intent or "", False),
                counted[number],
                expected["amount"],
                any(map(asked.isdisjoint, form.names)),
                expected["person"],
                expected["time"],
                log(1 + group.terms.distinct[number] - sum(bits >> number & 1 for bits in has_stem)),
                sentence.kind == "list_item",
                sentence.kind not in ("paragraph", "list_item"),
                *form.style,
            ))  # fmt: skip
    names = (
        "expected", "counted", "new_number", "new_name", "person", "time", "new_words", "list_item", "other_kind",
        *STYLE,
    )  # fmt: skip
    found |= dict(zip(names, np.array(rows, np.float32).reshape(-1, len(names)).T, strict=True))
