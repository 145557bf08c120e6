"""Where a text has a word of the question: the word itself, its parts, another form of it, or one that looks so."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_, itemgetter, or_

from assistant.sentence_match import ATTRIBUTED, similarity
from assistant.terms import Terms
from assistant.understand import Question
from ingest.dutch import stem
from ingest.lexical import Form, QueryWord

KEPT_QUESTIONS = 32  # each is looked for at several places, one after the other
PART_VALUE = 0.8  # what all parts of a compound count for, beside the compound itself


def question_weights(question: Question) -> list[float]:
    """What share of the question each of its words is, by idf; who says it hardly counts."""
    idfs = [
        question.idf.get(word.stem, 0.0) * (ATTRIBUTED if word.text in question.attributed else 1.0)
        for word in question.words
    ]
    total = sum(idfs) or 1.0
    return [idf / total for idf in idfs]


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of the question as it is looked for in thirty passages: `weight` is what share of the question it is.

    `single` has for each weight the stems of the forms of one word, `phrases` the forms of several. `stems` are all
    stems of which a text must have one to have anything of the word. `looks` remembers of words of texts how much they
    look like an unknown one.
    """

    word: QueryWord
    weight: float
    single: tuple[tuple[float, tuple[str, ...]], ...]
    phrases: tuple[Form, ...]
    unknown: bool
    stems: frozenset[str]
    looks: dict[str, float]

    def may_stand_in(self, text: Terms) -> bool:
        """Whether a text can have anything of the word, which most texts have not: this is soon told."""
        return self.unknown or not text.places.keys().isdisjoint(self.stems)


@lru_cache(maxsize=KEPT_QUESTIONS)
def asked_words(question: Question) -> tuple[AskedWord, ...]:
    """The words of a question, made ready to be looked for in many texts."""
    found = []
    for word, weight in zip(question.words, question_weights(question), strict=True):
        single: dict[float, list[str]] = defaultdict(list)
        for form in word.forms:
            if len(form.stems) == 1:
                single[form.weight].append(form.stems[0])
        phrases = tuple(form for form in word.forms if len(form.stems) > 1)
        by_weight = tuple((value, tuple(stems)) for value, stems in sorted(single.items(), reverse=True))
        stems = frozenset((word.stem, *word.parts, *(form.stems[0] for form in word.forms)))
        unknown = word.fuzzy and word.stem not in question.known
        found.append(AskedWord(word, weight, by_weight, phrases, unknown, stems, {}))
    return tuple(found)


_value = itemgetter(1)
Places = list[tuple[int, float]]
"""A bit for each sentence of a text that has a word, and how far what it has is the word."""


def plainly(word: QueryWord, text: Terms) -> Places:
    """Where a text has a word or its parts."""
    own = text.places.get(word.stem)
    found = [(own, 1.0)] if own else []
    if word.parts:
        parts = [text.places.get(part, 0) for part in word.parts]
        if any(parts):
            # The sentences that have all parts, and those that have one.
            every = reduce(and_, parts)
            found += [(every, PART_VALUE)] if every else []
            found.append((reduce(or_, parts), PART_VALUE / len(parts)))
    return found


def by_form(asked: AskedWord, text: Terms) -> Places:
    """Where a text has another form of a word, all of it in one sentence."""
    has = text.places
    found = []
    for weight, stems in asked.single:
        places = 0
        for one in stems:
            if one in has:
                places |= has[one]
        if places:
            found.append((places, weight))
    for form in asked.phrases:
        places = has.get(form.stems[0], 0)
        if places:
            for one in form.stems[1:]:
                places &= has.get(one, 0)
            if places:
                found.append((places, form.weight))
    return found


def alike(asked: AskedWord, text: Terms) -> Places:
    """Where a text has a word that looks like one that the library does not have."""
    looks = asked.looks
    for spelled in text.words:
        if spelled not in looks:
            looks[spelled] = _look(asked.word.text, spelled)
    return [(text.places[stem(spelled)], value) for spelled in text.words if (value := looks[spelled])]


def _look(asked: str, spelled: str) -> float:
    """How much a word of a text looks like one that is asked for.

    Compared are those with the same first letter, which a typing error mostly spares, and those that hold it or that it
    holds.
    """
    near = spelled[0] == asked[0] or spelled in asked or asked in spelled
    return similarity(asked, spelled) if near else 0.0


def add_best(of_sentence: list[float], found: Places, weight: float, *, reach: int) -> None:
    """Add to each sentence the best that it, or one of the `reach` - 1 after it, has of a word of this weight."""
    taken = 0
    for places, value in found if len(found) == 1 else sorted(found, key=_falling):
        new = places
        for step in range(1, reach):
            new |= places >> step
        new &= ~taken
        taken |= new
        while new:
            lowest = new & -new
            of_sentence[lowest.bit_length() - 1] += weight * value
            new ^= lowest


def most(found: Places) -> float:
    """How far the best of what was found is the word; 0 when nothing was."""
    return max(map(_value, found)) if found else 0.0


def _falling(place: tuple[int, float]) -> float:
    return -place[1]


def share_found(word: QueryWord, text: Terms) -> float:
    """Whether a text has a word, or how much of a compound."""
    if word.stem in text.places:
        return 1.0
    return PART_VALUE * sum(part in text.places for part in word.parts) / len(word.parts) if word.parts else 0.0
