"""The blocks of a part as the elements of a page: headings, paragraphs, lists in lists, tables with their header."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from api.web.reader_layout import DEEPEST, Part, Stretch
from api.web.reader_marks import Marks, Segment
from ingest.types import CanonicalText

# As the readers join cells; at the edges of a row the space may be gone.
_BETWEEN_CELLS = re.compile(r"(?:(?<=\s)|^)\|(?=\s|$)")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.):]\s")

Segments = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A heading, paragraph, quote, caption or footnote. `rank` is that of the html heading (2 to 6), 0 for others."""

    kind: Literal["heading", "paragraph", "quote", "caption", "footnote"]
    segments: Segments
    rank: int = 0
    anchor: str = ""


@dataclass(slots=True)
class Item:
    """An item of a list, with the items below it."""

    segments: Segments
    numbered: bool
    items: "list[Item]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class List:
    """A list. An item brings its number or letter along in its text; then no bullet is shown."""

    items: Sequence[Item]
    kind: Literal["list"] = "list"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the cells of its header row, and of the rows below; `caption` is None where the document has none.

    `goes_on`: its beginning stands in an earlier part.
    """

    header: tuple[Segments, ...]
    rows: tuple[tuple[Segments, ...], ...]
    caption: Segments | None = None
    goes_on: bool = False
    kind: Literal["table"] = "table"


Element = Text | List | Table


def elements_of(part: Part, canonical: CanonicalText, marks: Marks) -> tuple[Element, ...]:
    """The elements of a part, in order."""
    return tuple(_elements(part.stretches, canonical, marks))


def rank_of(depth: int) -> int:
    """The rank of the html heading for a heading nested this deep: the title of the page is the only one of rank 1."""
    return min(DEEPEST, depth + 1)


def anchor_of(number: int) -> str:
    """The id of the heading that is the block of this number."""
    return f"kop-{number}"


def _elements(stretches: Sequence[Stretch], canonical: CanonicalText, marks: Marks) -> Iterator[Element]:
    at = 0
    while at < len(stretches):
        stretch = stretches[at]
        after = stretches[at + 1] if at + 1 < len(stretches) else None
        if stretch.kind == "list_item":
            end = at
            while end < len(stretches) and stretches[end].kind == "list_item":
                end += 1
            yield List(_nested(stretches[at:end], canonical, marks))
            at = end
        elif stretch.kind == "caption" and after is not None and after.kind == "table" and after.header is None:
            yield _table(after, canonical, marks, marks.segments(stretch.start, stretch.end))
            at += 2
        elif stretch.kind == "table":
            yield _table(stretch, canonical, marks, None)
            at += 1
        else:
            yield _text(stretch, marks)
            at += 1


def _text(stretch: Stretch, marks: Marks) -> Text:
    segments = marks.segments(stretch.start, stretch.end)
    if stretch.kind == "heading":
        if stretch.depth:
            return Text("heading", segments, rank_of(stretch.depth), anchor_of(stretch.number))
        return Text("paragraph", segments)
    kind = stretch.kind
    assert kind != "list_item" and kind != "table", "these have an element of their own"  # noqa: S101, PT018, PLR1714
    return Text(kind, segments)


def _nested(stretches: Sequence[Stretch], canonical: CanonicalText, marks: Marks) -> list[Item]:
    """The items as lists in lists; an item belongs to the nearest one before it of a higher level."""
    roots: list[Item] = []
    above: list[tuple[int, Item]] = []
    for stretch in stretches:
        numbered = bool(_NUMBERED.match(canonical.text[stretch.start : stretch.start + 10]))
        item = Item(marks.segments(stretch.start, stretch.end), numbered)
        above = [one for one in above if one[0] < stretch.level]
        (above[-1][1].items if above else roots).append(item)
        above.append((stretch.level, item))
    return roots


def _table(stretch: Stretch, canonical: CanonicalText, marks: Marks, caption: Segments | None) -> Table:
    rows = [_cells(canonical.text, *line) for line in _lines(canonical.text, stretch.start, stretch.end)]
    header = _cells(canonical.text, *stretch.header) if stretch.header else rows.pop(0) if rows else []
    width = max(map(len, [header, *rows]), default=0)
    # A header row that is shown again has nothing in it that a link may lead to.
    plain = Marks(canonical) if stretch.header else marks

    def filled(cells: Sequence[tuple[int, int]], marks: Marks) -> tuple[Segments, ...]:
        written = [marks.segments(*cell) for cell in cells]
        return (*written, *([()] * (width - len(written))))

    return Table(filled(header, plain), tuple(filled(row, marks) for row in rows), caption, stretch.header is not None)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if text[start:stop].strip():
            yield start, stop
        start = stop + 1


def _cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The [start, end) of each cell of a row."""
    cells = []
    first = start
    for found in _BETWEEN_CELLS.finditer(text[start:end]):
        cells.append((first, max(first, start + found.start())))
        first = start + found.end()
    cells.append((first, end))
    return [_trimmed(text, *cell) for cell in cells]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
