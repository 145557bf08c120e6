"""Where a quote stands in the characters of a page: both are folded to their letters and digits, and compared.

The quote is of the cleaned text: words that were cut at a line end are whole in it, ligatures are letters, and what
stood in between, such as a note or the foot of a page, is gone. So a quote may stand on its page in several stretches.
What is not certain is left out: words that stand on the page twice count only where their surroundings decide.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

SURROUNDINGS = 800  # folded characters before and after a quote that tell it from the same words elsewhere
_SEED = 8  # folded characters: what is looked up
_RUN = 16  # a stretch this long says by itself that it is of the quote
_CERTAIN = 40  # one this long does so even where the rest of the quote is not found
_COVERED = 0.5  # of the quote: less than this may be chance
_NOTE = "[0-9]{0,2}"
_NEAR = 24  # between two stretches: what is found this near needs no other proof


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without all but its letters and digits; `where` gives the offset in the text of each of them."""

    text: str
    where: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch that quote and page share, by the offsets in both."""

    quote: int
    page: int
    length: int

    @property
    def quote_end(self) -> int:
        return self.quote + self.length

    @property
    def page_end(self) -> int:
        return self.page + self.length


def fold(text: str) -> Folded:
    """The text without case, accents, ligatures, spaces, hyphens and other punctuation."""
    letters, where = [], []
    for offset, character in enumerate(text):
        for letter in _letters(character):
            letters.append(letter)
            where.append(offset)
    return Folded("".join(letters), tuple(where))


@lru_cache(maxsize=4096)
def _letters(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character).casefold()
    return "".join(letter for letter in plain if letter.isalnum() or letter in "€%")


def find_quote(page: str, quote: str, before: str = "", after: str = "") -> tuple[range, ...]:
    """The stretches of a page's characters in which the quote stands, in order of the quote; () where it does not.

    `before` and `after` are what surrounds the quote in its document.
    """
    wanted, found = fold(quote), fold(page)
    if not wanted.text:
        return ()
    runs = _whole(page, quote, found, wanted, fold(before).text[-SURROUNDINGS:], fold(after).text[:SURROUNDINGS])
    if runs is None:
        runs = _stretches(found.text, wanted.text)
        covered = sum(run.length for run in runs) / len(wanted.text)
        if covered < _COVERED and max((run.length for run in runs), default=0) < _CERTAIN:
            return ()
    return tuple(_with_signs(page, quote, found, wanted, run) for run in runs)


def _whole(page: str, quote: str, found: Folded, wanted: Folded, before: str, after: str) -> list[_Run] | None:
    """The one place where the quote stands as a whole, none where more places are as likely; None if there is none."""
    places = list(_places(found.text, wanted.text))
    apart = [place for place in places if _stands_apart(page, found, place, len(wanted.text))]
    if len(wanted.text) < _RUN or apart:
        places = apart
    if not places:
        return _round_notes(found.text, wanted, quote)
    scores = [_agreement(found.text, place, place + len(wanted.text), before, after) for place in places]
    best = max(scores)
    likeliest = [place for place, score in zip(places, scores, strict=True) if score == best]
    return [_Run(0, likeliest[0], len(wanted.text))] if len(likeliest) == 1 else []


def _round_notes(text: str, wanted: Folded, quote: str) -> list[_Run] | None:
    """The one place where the quote stands with the raised numbers of notes after its words; None if there is none."""
    words = [word for word in (fold(part).text for part in quote.split()) if word]
    if len(words) < 2 or len(wanted.text) < _SEED:
        return None
    joins = (_NOTE if before[-1].isalpha() and after[0].isalpha() else "" for before, after in pairwise(words))
    pattern = "".join(join + f"({re.escape(word)})" for join, word in zip(["", *joins], words, strict=True))
    places = list(re.finditer(pattern, text))
    if len(places) != 1:
        return None
    runs: list[_Run] = []
    for at in range(1, len(words) + 1):
        start, end = places[0].span(at)
        last = runs.pop() if runs and runs[-1].page_end == start else None
        at_quote = runs[-1].quote_end if runs else 0
        runs.append(_Run(last.quote, last.page, end - last.page) if last else _Run(at_quote, start, end - start))
    return runs


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _stands_apart(page: str, found: Folded, place: int, length: int) -> bool:
    """Whether no word goes on before or after this stretch."""
    first, last = found.where[place], found.where[place + length - 1]
    return not (page[first - 1 : first].isalnum() or page[last + 1 : last + 2].isalnum())


def _agreement(text: str, start: int, end: int, before: str, after: str) -> int:
    """How many characters round this stretch are those that surround the quote."""
    left = _shared(text[max(0, start - len(before)) : start][::-1], before[::-1])
    return left + _shared(text[end : end + len(after)], after)


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return at
    return min(len(one), len(other))


def _stretches(page: str, quote: str) -> list[_Run]:
    """The stretches of the quote that stand on the page, in order of the quote."""
    seeds: dict[str, list[int]] = {}
    for at in range(len(page) - _SEED + 1):
        seeds.setdefault(page[at : at + _SEED], []).append(at)
    runs: list[_Run] = []
    at = 0
    while at <= len(quote) - _SEED:
        last = runs[-1] if runs else None
        run = _longest(page, quote, at, seeds.get(quote[at : at + _SEED], ()), last)
        if run is None:
            at += 1
        else:
            runs.append(run)
            at = run.quote_end
    return list(_closed(page, quote, runs))


def _longest(page: str, quote: str, at: int, places: Sequence[int], last: _Run | None) -> _Run | None:
    """The stretch from here that is certain: it goes on where the last one ended, or is long and stands there once."""
    runs = [_Run(at, place, _shared(quote[at:], page[place : place + len(quote) - at])) for place in places]
    if last is not None:
        near = [run for run in runs if 0 <= run.page - last.page_end <= _NEAR + run.quote - last.quote_end]
        if near and at - last.quote_end <= _NEAR:
            return max(near, key=lambda run: (run.length, -run.page))
    longest = max((run.length for run in runs), default=0)
    likeliest = [run for run in runs if run.length == longest]
    return likeliest[0] if longest >= _RUN and len(likeliest) == 1 else None


def _closed(page: str, quote: str, runs: Sequence[_Run]) -> Iterator[_Run]:
    """The runs, with the few letters before, between and after them where these stand in between on the page too."""
    if not runs:
        return
    first, last = runs[0], runs[-1]
    if 0 < first.quote <= _NEAR:
        yield from _between(page, quote, (0, first.quote), (first.page - first.quote - _NEAR, first.page), last=True)
    for run, following in zip(runs, [*runs[1:], None], strict=True):
        yield run
        if following is not None and following.page >= run.page_end:
            gap = (run.page_end, min(following.page, run.page_end + following.quote - run.quote_end + _NEAR))
            yield from _between(page, quote, (run.quote_end, following.quote), gap)
    rest = len(quote) - last.quote_end
    if 0 < rest <= _NEAR:
        yield from _between(page, quote, (last.quote_end, len(quote)), (last.page_end, last.page_end + rest + _NEAR))


def _between(
    page: str, quote: str, part: tuple[int, int], gap: tuple[int, int], *, last: bool = False
) -> Iterator[_Run]:
    wanted = quote[part[0] : part[1]]
    start, end = max(0, gap[0]), max(0, gap[1])
    at = page.rfind(wanted, start, end) if last else page.find(wanted, start, end)
    if 2 <= len(wanted) <= _NEAR and at >= 0:
        yield _Run(part[0], at, len(wanted))


def _with_signs(page: str, quote: str, found: Folded, wanted: Folded, run: _Run) -> range:
    """The stretch on the page, with the punctuation that the quote begins and ends with."""
    first, end = found.where[run.page], found.where[run.page_end - 1] + 1
    if run.quote == 0:
        signs = wanted.where[0]
        while signs and first and _is_sign(page[first - 1]):
            first, signs = first - 1, signs - 1
    if run.quote_end == len(wanted.text):
        signs = len(quote) - wanted.where[-1] - 1
        while signs and end < len(page) and _is_sign(page[end]):
            end, signs = end + 1, signs - 1
    return range(first, end)


def _is_sign(character: str) -> bool:
    return not character.isspace() and not _letters(character)
