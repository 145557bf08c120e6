"""Whether what a question asks the number of stands next to a number in a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.sentence_match import is_number
from assistant.terms import KEPT
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


def counts(asked: AskedCount, said: Sequence[str]) -> float:
    """Whether what a question asks the number of stands next to a number that the question does not give itself."""
    for sentence in said:
        beside, of_money = _numbers(sentence)
        for number, others in beside:
            if number not in asked.known and (asked.things & others or (asked.money and of_money)):
                return 1.0
    return 0.0


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
