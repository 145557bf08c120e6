"""Stretches of a text to be marked: a quote within its passage, evidence within what was found, what changed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import Literal

FEWEST_ALIKE = 3  # words in a row, between two changes


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text, with whether it is part of a quote, and of evidence."""

    text: str
    quote: bool = False
    evidence: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of two texts: in both ("same"), only in the earlier ("deleted"), or only in the later ("inserted")."""

    what: Literal["same", "deleted", "inserted"]
    text: str


def stretches(text: str, quotes: Sequence[str] = (), evidence: Sequence[str] = ()) -> tuple[Stretch, ...]:
    """The whole text in pieces, those of the quotes and of the evidence marked wherever they occur."""
    quoted = [place for one in quotes for place in _places(text, one)]
    proving = [place for one in evidence for place in _places(text, one)]
    cuts = sorted({0, len(text), *(cut for place in (*quoted, *proving) for cut in place)})
    return tuple(
        Stretch(text[start:end], _inside(start, quoted), _inside(start, proving)) for start, end in pairwise(cuts)
    )


def word_edits(before: str, now: str) -> tuple[Edit, ...]:
    """What changed from one text to another, by whole words.

    A few words that happen to be alike between two changes are taken along with these: a person reads what was there
    and what is there now, not a patchwork.
    """
    old, new = (re.findall(r"\s*\S+", text) for text in (before, now))
    words, others = ([word.strip() for word in side] for side in (old, new))
    blocks = SequenceMatcher(None, words, others, autojunk=False).get_matching_blocks()
    edits: list[Edit] = []
    at_old = at_new = 0
    for block in blocks:
        inside = block.a + block.b > 0 and block.a + block.size < len(old)
        if inside and block.size < FEWEST_ALIKE:
            continue
        gone, came = "".join(old[at_old : block.a]), "".join(new[at_new : block.b])
        at_old, at_new = block.a + block.size, block.b + block.size
        alike = "".join(new[block.b : at_new])
        pieces = (Edit("deleted", gone), Edit("inserted", came), Edit("same", alike))
        edits += [edit for edit in pieces if edit.text]
    return tuple(edits)


def _places(text: str, sought: str) -> list[tuple[int, int]]:
    pattern = _pattern(sought)
    return [found.span() for found in pattern.finditer(text)] if pattern else []


@lru_cache(maxsize=1_000)
def _pattern(sought: str) -> re.Pattern[str] | None:
    """The words, whatever white space is between them, in capitals or not; None where there are none."""
    words = [re.escape(word) for word in sought.split()]
    return re.compile(r"\s+".join(words), re.IGNORECASE) if words else None


def _inside(at: int, places: Sequence[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in places)
