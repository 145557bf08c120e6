"""One page in reading order: its tables, its text boxes and pull quotes, and the lines of its columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.read.pdf.columns import columns
from ingest.read.pdf.geometry import Box, Line, PageMarks, Table, Word, around, bounds
from ingest.read.pdf.lines import join_drop_caps, lines, text_size
from ingest.read.pdf.tables import find_tables

_DISPLAY = 1.15  # of the text size: larger text may be a pull quote
_WIDE = 0.75  # of the text's width: an inset this wide divides the page


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page as it is read: lines and tables in order, with the size of the page."""

    number: int
    width: float
    height: float
    items: tuple[Line | Table, ...]


@dataclass(frozen=True, slots=True)
class _Inset:
    """Text that stands apart from the columns: `framed` if a box is drawn round or behind it."""

    box: Box
    words: tuple[Word, ...]
    framed: bool


def lay_out(marks: PageMarks) -> PageLayout:
    """The page's lines and tables in reading order; boxes and pull quotes after the column text they interrupt."""
    if not marks.words:
        return PageLayout(marks.number, marks.width, marks.height, ())
    tables, words = find_tables(marks)
    words = join_drop_caps(words)
    size = text_size(words)
    insets, words = _framed(marks, words)
    quotes, words = _pull_quotes(words, size)
    insets += quotes
    flow = _flow(words, tables, size, marks.number)
    for index, inset in enumerate(sorted(insets, key=lambda inset: (inset.box.top, inset.box.x0)), start=1):
        content = _inset_lines(inset, marks.number, index)
        place = _place(flow, inset.box)
        flow[place:place] = content
    return PageLayout(marks.number, marks.width, marks.height, tuple(flow))


def _flow(words: Sequence[Word], tables: Sequence[Table], size: float, page: int) -> list[Line | Table]:
    """The lines of the columns, with the tables between them."""
    flow: list[Line | Table] = []
    for group in columns([*words, *tables], size):
        text = [item for item in group if isinstance(item, Word)]
        found: list[Line | Table] = [*lines(text, page), *(item for item in group if isinstance(item, Table))]
        found.sort(key=lambda item: item.box.bottom if isinstance(item, Table) else item.baseline)
        flow += found
    return flow


def _inset_lines(inset: _Inset, page: int, index: int) -> list[Line]:
    size = text_size(inset.words)
    return [
        line
        for group in columns(list(inset.words), size)
        for line in lines([item for item in group if isinstance(item, Word)], page, inset=index, framed=inset.framed)
    ]


def _place(flow: Sequence[Line | Table], box: Box) -> int:
    """The place in the flow after the last line that stands above the middle of the box, in its column."""
    middle = (box.top + box.bottom) / 2
    above = [
        index
        for index, item in enumerate(flow)
        if (isinstance(item, Line) and not item.inset) and item.baseline < middle and _shares_width(item, box)
    ]
    if above:
        place = above[-1] + 1
    else:
        below = [index for index, item in enumerate(flow) if _stands_below(item, box)]
        place = below[0] if below else len(flow)
    while place < len(flow) and isinstance(item := flow[place], Line) and item.inset:
        place += 1  # after the insets that were placed here before
    return place


def _stands_below(item: Line | Table, box: Box) -> bool:
    if isinstance(item, Table):
        return item.box.top >= box.bottom and item.box.x0 < box.x1 and box.x0 < item.box.x1
    return item.baseline > box.top and _shares_width(item, box)


def _shares_width(line: Line, box: Box) -> bool:
    """True if the column of the line lies above, below or around the box."""
    return min(line.column[1], box.x1) - max(line.column[0], box.x0) > 0.3 * min(
        line.column[1] - line.column[0], box.width
    )


def _framed(marks: PageMarks, words: list[Word]) -> tuple[list[_Inset], list[Word]]:
    """The text boxes drawn on the page, and the words outside them."""
    insets: list[_Inset] = []
    for area in _merged(sorted(marks.areas, key=lambda area: -area.width * area.height)):
        if area.width < 60 or area.height < 15 or area.width * area.height > 0.5 * marks.width * marks.height:
            continue
        inside = [word for word in words if area.holds(*word.middle)]
        crossing = sum(word.x0 < area.x0 - 2 or word.x1 > area.x1 + 2 for word in inside)
        if sum(len(word.text) for word in inside) < 20 or crossing > 1 or len(inside) > 0.6 * len(words):
            continue
        insets.append(_Inset(area, tuple(inside), framed=True))
        taken = set(map(id, inside))
        words = [word for word in words if id(word) not in taken]
    return insets, words


def _merged(areas: Sequence[Box]) -> list[Box]:
    """The areas, the largest first, without those inside another; areas of one width stacked together are one."""
    kept: list[Box] = []
    for area in areas:
        for index, other in enumerate(kept):
            inside = other.holds(area.x0, area.top, slack=2) and other.holds(area.x1, area.bottom, slack=2)
            level = abs(area.x0 - other.x0) < 2 and abs(area.x1 - other.x1) < 2
            if inside or (level and area.top <= other.bottom + 2 and area.bottom >= other.top - 2):
                kept[index] = around([other, area])
                break
        else:
            kept.append(area)
    return kept if len(kept) == len(areas) else _merged(kept)


def _pull_quotes(words: list[Word], size: float) -> tuple[list[_Inset], list[Word]]:
    """Stretches of larger text with running text to the left or right of them, and the words outside them."""
    large = [word for word in words if word.style.size >= _DISPLAY * size]
    insets: list[_Inset] = []
    if not large or len(large) > 0.5 * len(words):
        return insets, words
    for cluster in _clusters(large):
        box = bounds(cluster)
        if len(cluster) < 4 or box.height < 1.5 * cluster[0].style.size:
            continue
        beside = [
            word
            for word in words
            if word.style.size < _DISPLAY * size
            and box.top < word.middle[1] < box.bottom
            and (word.x1 <= box.x0 + 1 or word.x0 >= box.x1 - 1)
        ]
        left, right = (
            any(test) for test in ([w.x1 <= box.x0 + 1 for w in beside], [w.x0 >= box.x1 - 1 for w in beside])
        )
        if left and right and not _fits_column(box, words, size):
            taken = set(map(id, cluster))
            insets.append(_Inset(box, tuple(cluster), framed=False))
            words = [word for word in words if id(word) not in taken]
    return insets, words


def _fits_column(box: Box, words: Sequence[Word], size: float) -> bool:
    """True if running text straight above or below the box starts at its left edge: it is set in a column."""
    usual = [word for word in words if word.style.size < _DISPLAY * size]
    near = [
        word
        for word in usual
        if abs(word.x0 - box.x0) < 0.5 * size
        and (0 < box.top - word.bottom < 4 * size or 0 < word.top - box.bottom < 4 * size)
    ]
    return any(
        all(abs(other.baseline - word.baseline) > 1 or not 0 <= word.x0 - other.x1 < size for other in usual)
        for word in near
    )


def _clusters(words: Sequence[Word]) -> list[list[Word]]:
    """Words of one size that stand near each other, as groups."""
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.baseline, word.x0)):
        for group in groups:
            size = group[0].style.size
            box = bounds(group)
            same = abs(word.style.size - size) < 0.5
            near = word.baseline - group[-1].baseline < 1.9 * size
            if same and near and word.x0 < box.x1 + 1.5 * size and word.x1 > box.x0 - 1.5 * size:
                group.append(word)
                break
        else:
            groups.append([word])
    return groups
