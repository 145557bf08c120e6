"""Abbreviations that documents explain: "Interbestuurlijk Programma (IBP)" -> IBP, Interbestuurlijk Programma.

The algorithm of Schwartz & Hearst 2003 ("A simple algorithm for identifying abbreviation definitions in biomedical
text"): the letters of the abbreviation must stand, in order, in the words before it, the first at the start of a word.
"""

import re
from collections import Counter
from collections.abc import Iterable

from ingest.dutch import STOP_WORDS, fold
from ingest.thesaurus import Entry, Group

# Two to eight letters, two of which are capitals or, of four at most, the first: IBP, Wmo, B&W, RvT.
EXPLAINED = re.compile(r"(?<=[\w’'”\"] )\((?:hierna:? )?[‘'\"“]?(?P<short>[A-Za-z][A-Za-z&.-]{1,7})[’'\"”]?\)")
EXPLAINS = re.compile(r"\b(?P<short>[A-Z][A-Za-z&.-]{1,7}) \((?P<long>[A-Za-z][\w ’'-]{5,80})\)")
WORD = re.compile(r"[^\W_]+")
NOT_IN_A_LINE = frozenset(",=?#")  # they mean something in a file of the thesaurus
WORD_MARGIN = 5  # words of the long form beyond one a letter (Schwartz & Hearst)


def harvest(texts: Iterable[str]) -> tuple[Group, ...]:
    """The abbreviations that these texts explain, in order of the alphabet; the commonest explanation of each."""
    seen: dict[str, Counter[str]] = {}
    for text in texts:
        if "(" not in text:
            continue
        for short, long in _explanations(text):
            seen.setdefault(short, Counter())[long] += 1
    return tuple(
        Group((Entry(short), Entry(min(longs, key=lambda long: (-longs[long], long)))))
        for short, longs in sorted(seen.items())
    )


def render(groups: Iterable[Group]) -> str:
    """The groups as a file of the thesaurus."""
    return "".join(", ".join(entry.text for entry in group.dutch) + "\n" for group in groups)


def _explanations(text: str) -> Iterable[tuple[str, str]]:
    for found in EXPLAINED.finditer(text):
        before = re.split(r"[.:;!?()\n]", text[max(0, found.start() - 160) : found.start()])[-1].split()
        short = found["short"].strip(".")
        most = min(len(short) + WORD_MARGIN, 2 * len(short))
        yield from _explained(short, before[-most:])
    for found in EXPLAINS.finditer(text):
        yield from _explained(found["short"].strip("."), found["long"].split(), whole=True)


def _explained(short: str, words: list[str], *, whole: bool = False) -> Iterable[tuple[str, str]]:
    if sum(letter.isupper() for letter in short) < 2 and not (short[0].isupper() and 2 <= len(short) <= 4):
        return
    long = _long_form(short, " ".join(words))
    if long and len(long.split()) > 1 and (not whole or long == " ".join(words)):
        folded = fold(long)
        if NOT_IN_A_LINE.isdisjoint(folded):
            yield fold(short), folded


def _long_form(short: str, text: str) -> str | None:
    """The shortest end of `text` that has the letters of `short` in order, beginning with its first."""
    at = len(text)
    letters = [letter.lower() for letter in short if letter.isalnum()]
    for number, letter in reversed(list(enumerate(letters))):
        at -= 1
        while at >= 0 and (text[at].lower() != letter or (number == 0 and not _begins(text, at))):
            at -= 1
        if at < 0:
            return None
    return text[at:].strip("‘’'\"“” ")


def _begins(text: str, at: int) -> bool:
    """Whether a word that says something begins here: the V of VNG is not that of "van"."""
    first = WORD.match(text, at)
    return (at == 0 or not text[at - 1].isalnum()) and first is not None and fold(first.group()) not in STOP_WORDS
