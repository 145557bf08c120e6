"""What a sentence holds and how it is written, whatever is asked: found once, and kept for the next question."""

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache
from math import log

from assistant.sentence_match import CAUSE, PERSON, is_number, is_time
from assistant.terms import KEPT_TEXTS, Terms
from ingest.dutch import fold, words

DANGLING = re.compile(
    r"(dit|deze|dat|die|zij|ze|hij|daarom|daardoor|daarmee|daarbij|hierdoor|hiermee|hierbij|dergelijke|ook|maar|en|"
    r"this|these|that|they|he|she)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"(?<![.?!:]\s)(?<!^)(?<![\"“‘'])\b[A-Z][\w&-]+")
DEFINES = re.compile(r"\b(is|zijn|betekent|noemen|heet|houdt in|staat voor|wordt bedoeld|means?|are)\b", re.IGNORECASE)
QUOTES = frozenset("‘’“”'\"")

STYLE = ("cause", "defines", "commas", "quotes", "leads", "dangling", "length")
CAUSES, COMMAS, LEADS = (STYLE.index(name) for name in ("cause", "commas", "leads"))


@dataclass(frozen=True, slots=True)
class SentenceForm:
    """What a sentence holds: the folded words that are numbers, and those that are years or months, those of each name
    and of each person in it. `style` is how it is written, in order of STYLE: whether it gives a cause, defines, its
    commas (a quarter for each, at most four), whether it has quotation marks, leads to a list, or leans on the one
    before it, and the logarithm of its number of content words and one.
    """

    numbers: frozenset[str]
    times: frozenset[str]
    names: tuple[frozenset[str], ...]
    persons: tuple[frozenset[str], ...]
    style: tuple[float, ...]

    def expected(self, asked: Set[str]) -> dict[str, bool]:
        """For each intent (see `INTENTS`) whether the sentence holds what is asked for.

        A number or name that the question itself mentions, being among the folded words `asked`, is not.
        """
        return {
            "amount": not self.numbers <= asked,
            "person": any(map(asked.isdisjoint, self.persons)),
            "time": not self.times <= asked,
            "why": bool(self.style[CAUSES]),
            "list": self.style[COMMAS] > 1 / 4 or bool(self.style[LEADS]),
        }


@lru_cache(maxsize=KEPT_TEXTS)
def sentence_forms(text: Terms) -> tuple[SentenceForm, ...]:
    """The form of each sentence of a text."""
    counts = (text.bounds[1:] - text.bounds[:-1]).tolist()
    return tuple(_form(sentence, count) for sentence, count in zip(text.sentences, counts, strict=True))


def _form(text: str, content_words: int) -> SentenceForm:
    said = words(text)
    commas = text.count(",")
    style = (
        CAUSE.search(fold(text)) is not None,
        DEFINES.search(text) is not None,
        min(4, commas) / 4,
        not QUOTES.isdisjoint(text),
        text.endswith(":"),
        DANGLING.match(text) is not None,
        log(1 + content_words),
    )
    return SentenceForm(
        frozenset(filter(is_number, said)),
        frozenset(filter(is_time, said)),
        tuple(frozenset(words(name)) for name in NAME.findall(text)),
        tuple(frozenset(words(name)) for name in PERSON.findall(text)),
        tuple(map(float, style)),
    )
