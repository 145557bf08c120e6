"""What is marked in a text and where its pages begin, cut up into runs that a template writes out one after another."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from api.web.page_names import label_of, page_text
from ingest.types import CanonicalText, Document

# What is not shown: white space, and the lines between the cells of a table.
_NEXT_TEXT = re.compile(r"(?:\s+|\|(?=\s|$))*")

Kind = Literal["quote", "passage"]


@dataclass(frozen=True, slots=True)
class Target:
    """The place that the reader was opened for: a quote of an answer, or a passage; [start, end) in the text."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PageStart:
    """The place where a page begins. `name` is what it is called; `first` is False where it only comes back, as around
    a footnote that was moved.
    """

    offset: int
    page: int
    name: str
    first: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is all marked alike.

    `page` is the page that begins with it. `found` is the number of the hit that it is (0: of a hit that is not
    counted by itself), None where it is none. `breaks`: a line ends here, `text` is then empty.
    """

    text: str
    page: PageStart | None = None
    found: int | None = None
    current: bool = False
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """Runs in one mark, or in none. `opens` and `closes`: all of the target begins or ends here."""

    runs: tuple[Run, ...]
    kind: Kind | None = None
    opens: bool = False
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A word that was searched for, at [start, end): `number` is the hit's number where a hit begins, else 0."""

    start: int
    end: int
    number: int


class Marks:
    """Where the marks and the starts of pages stand in one canonical text."""

    def __init__(
        self,
        canonical: CanonicalText,
        pages: Sequence[PageStart] = (),
        *,
        target: Target | None = None,
        found: Sequence[Found] = (),
        current: int = 0,
    ) -> None:
        """`pages` and `found` are in order of place; `current` is the number of the hit that is looked at."""
        self._text = canonical.text
        self._pages = pages
        self._page_offsets = [one.offset for one in pages]
        self._target = target
        self._found = found
        self._found_starts = [one.start for one in found]
        self._current = current

    def segments(self, start: int, end: int) -> tuple[Segment, ...]:
        """The text at [start, end), in segments and runs; together they have all of it but line ends."""
        target = self._target
        if target is None or target.start >= end or target.end <= start:
            return (Segment(self._runs(start, end)),)
        first, last = max(start, target.start), min(end, target.end)
        # The mark hugs the words: white space at its edges stays outside, so that no empty mark is shown.
        said = self._text[first:last]
        last -= len(said) - len(said.rstrip())
        first += len(said) - len(said.lstrip())
        if first >= last:
            return (Segment(self._runs(start, end)),)
        opens = not self._text[target.start : first].strip()
        closes = not self._text[last : target.end].strip()
        marked = Segment(self._runs(first, last), target.kind, opens, closes)
        around = (Segment(self._runs(start, first)), marked, Segment(self._runs(last, end)))
        return tuple(one for one in around if one.runs)

    def _runs(self, start: int, end: int) -> tuple[Run, ...]:
        pages = self._pages[bisect_left(self._page_offsets, start) : bisect_left(self._page_offsets, end)]
        begun = {one.offset: one for one in pages}
        found = self._found_between(start, end)
        cuts = sorted({start, end, *begun, *(at for one in found for at in (one.start, one.end) if start < at < end)})
        runs: list[Run] = []
        for first, last in pairwise(cuts):
            hit = next((one for one in found if one.start <= first and last <= one.end), None)
            lines = self._text[first:last].split("\n")
            for number, line in enumerate(lines):
                if number:
                    runs.append(Run("", breaks=True))
                page = begun.get(first) if number == 0 else None
                if line or page:
                    # Where a page begins within a word that was found, only its beginning is where a link leads.
                    number_of = None if hit is None else hit.number if hit.start == first and not number else 0
                    current = bool(number_of) and number_of == self._current
                    runs.append(Run(line, page, number_of, current))
        return tuple(runs)

    def _found_between(self, start: int, end: int) -> Sequence[Found]:
        first = bisect_right(self._found_starts, start)
        first -= 1 if first and self._found[first - 1].end > start else 0
        return self._found[first : bisect_left(self._found_starts, end)]


def page_starts(document: Document, canonical: CanonicalText) -> tuple[PageStart, ...]:
    """Where pages begin in the text, each with its name; () where the document has no pages."""
    seen: set[int] = set()
    starts: list[PageStart] = []
    for place, page in canonical.pages:
        offset = _NEXT_TEXT.match(canonical.text, place).end()  # type: ignore[union-attr]  # it matches anywhere
        if starts and starts[-1].offset == offset:
            starts.pop()  # a page without text
        starts.append(PageStart(offset, page, page_name(document, page), page not in seen))
        seen.add(page)
    return tuple(starts)


def page_name(document: Document, page: int) -> str:
    """What a page is called where its name stands by itself."""
    text = page_text(page, label_of(document, page))
    return f"{text[0].upper()}{text[1:]}"


def page_at(canonical: CanonicalText, offset: int) -> int | None:
    """The page on which this place stands; None where the document has no pages."""
    at = bisect_right([one for one, _ in canonical.pages], offset) - 1
    return canonical.pages[max(0, at)][1] if canonical.pages else None


def on_page(canonical: CanonicalText, page: int, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """What of [start, end) stands on this page, in order."""
    spans = []
    for at, (offset, number) in enumerate(canonical.pages):
        until = canonical.pages[at + 1][0] if at + 1 < len(canonical.pages) else len(canonical.text)
        first, last = max(start, offset), min(end, until)
        if number == page and first < last:
            spans.append((first, last))
    return tuple(spans)
