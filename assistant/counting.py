"""Whether what a question asks the number of stands next to a number in a text."""

import re
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

from assistant.sentence_forms import sentence_forms
from assistant.sentence_match import is_number
from assistant.terms import KEPT, Terms
from assistant.understand import Question
from ingest.dutch import content_words, stem, words

BESIDE = 4  # words between a number and what it is the number of, at most
COUNTED = re.compile(r"\b(?:hoeveel|how many|how much)\b(.{0,60})", re.IGNORECASE)
MONEY = re.compile(r"€|\beuro\b|\bkost|\bbedrag|\bmiljoen\b|\bmiljard\b|\bgeld\b|\bcost|\bmoney\b", re.IGNORECASE)
MEASURES = ("procent", "percentage", "euro", "percent")  # of what follows


@dataclass(frozen=True, slots=True)
class AskedCount:
    """What a question asks the number of, as stems, the words that it has itself, and whether it asks for money."""

    things: frozenset[str]
    known: frozenset[str]
    money: bool


def asked_count(question: Question) -> AskedCount | None:
    """What a question asks the number of; None for one that asks for no number."""
    asked = COUNTED.search(question.text)
    if asked is None:
        return None
    counted = content_words(asked[1])[:2]
    if counted and not counted[0].endswith("e") and counted[0] not in MEASURES:
        counted = counted[:1]  # what follows a noun is no longer what is counted: "hoeveel gemeenten telt ..."
    things = frozenset(
        one
        for word in question.words
        if word.text in counted
        for one in (word.stem, *word.parts, *(form.stems[0] for form in word.forms if len(form.stems) == 1))
    )
    return AskedCount(things, frozenset(word.text for word in question.words), MONEY.search(asked[0]) is not None)


def counts_each(asked: AskedCount, text: Terms) -> list[bool]:
    """For each sentence of a text: whether what a question asks the number of stands next to a number that the
    question does not give itself.
    """
    with_thing = reduce(or_, (text.places.get(thing, 0) for thing in asked.things), 0)
    return [
        # Most sentences have no other number, or not the thing: these need no closer look.
        not form.numbers <= asked.known
        and (asked.money or bool(with_thing >> at & 1))
        and _stands_beside(asked, text.sentences[at])
        for at, form in enumerate(sentence_forms(text))
    ]


def _stands_beside(asked: AskedCount, sentence: str) -> bool:
    beside, of_money = _numbers(sentence)
    return any(
        number not in asked.known and bool(asked.things & others or (asked.money and of_money))
        for number, others in beside
    )


@lru_cache(maxsize=KEPT)
def _numbers(sentence: str) -> tuple[tuple[tuple[str, frozenset[str]], ...], bool]:
    """Each number of a sentence with the stems that stand beside it, and whether the sentence speaks of money."""
    said = words(sentence)
    found = tuple(
        (word, frozenset(stem(other) for other in said[max(0, at - BESIDE) : at + BESIDE + 1]))
        for at, word in enumerate(said)
        if is_number(word)
    )
    return found, bool(found) and MONEY.search(sentence) is not None
