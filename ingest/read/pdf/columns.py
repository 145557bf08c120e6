"""Reading order: divides the words of a page over its columns, and puts the columns in the order they are read.

A gutter is an upright strip without text, between two stretches of running text that stand side by side. What
stands across it (a title, a wide table) divides the page above and below; each part is divided again.
"""

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.read.pdf.geometry import Box, Table, Word, bounds
from ingest.read.pdf.lines import text_size

Item = Word | Table
_GUTTER = 0.75  # of the text size: the narrowest gutter
_ALIGNED = 2.5  # points: left edges this near each other are one edge
_FEWEST_STARTS = 3
_FILLED = 0.6  # of its column: lines of running text are mostly longer
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class _Place:
    """An item with its box and its middle (`x`, `y`), worked out once."""

    item: Item
    x0: float
    top: float
    x1: float
    bottom: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Side:
    """The lines on one side of a possible gutter, as (baseline, x0, x1, words)."""

    lines: tuple[tuple[float, float, float, int], ...]
    width: float

    @property
    def running(self) -> bool:
        """True for running text: lines of several words, most of which fill the column."""
        if len(self.lines) < 3 or self.width <= 0:
            return False
        fill = statistics.median((x1 - x0) / self.width for _, x0, x1, _ in self.lines)
        return fill >= _FILLED and statistics.median(count for *_, count in self.lines) >= 3

    @property
    def steady(self) -> bool:
        """True if the lines follow each other at one distance, as in a list or an address."""
        steps = [b[0] - a[0] for a, b in itertools.pairwise(self.lines)]
        if len(steps) < 2:
            return False
        return sum(step <= 1.25 * min(steps) for step in steps) >= 0.7 * len(steps)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A gutter: the text right of it starts at `x`; it runs from `top` to `bottom`; `weight` is what it divides."""

    x: float
    top: float
    bottom: float
    weight: int


def columns(items: Sequence[Item], size: float) -> list[list[Item]]:
    """The items in groups, one for each stretch of column, in reading order; `size` is the usual text size."""
    return [[place.item for place in group] for group in _divide([_placed(item) for item in items], size, 0)]


def _divide(places: list[_Place], size: float, depth: int) -> list[list[_Place]]:
    if not places:
        return []
    cut = _best_cut(places, size) if depth < _DEEPEST else None
    if cut is None:
        return [places]
    above = [place for place in places if place.y < cut.top]
    below = [place for place in places if place.y > cut.bottom]
    within = [place for place in places if cut.top <= place.y <= cut.bottom]
    left = [place for place in within if place.x < cut.x]
    right = [place for place in within if place.x >= cut.x]
    if _is_margin(left, right, size):
        left, right = right, left
    return [group for part in (above, left, right, below) for group in _divide(part, size, depth + 1)]


def _placed(item: Item) -> _Place:
    box = item.box if isinstance(item, Table) else Box(item.x0, item.top, item.x1, item.bottom)
    return _Place(item, box.x0, box.top, box.x1, box.bottom, (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2)


def _words(places: Sequence[_Place]) -> list[Word]:
    return [place.item for place in places if isinstance(place.item, Word)]


def _is_margin(left: Sequence[_Place], right: Sequence[_Place], size: float) -> bool:
    """True if the left part is a narrow column in another size: notes in the margin, read after the text."""
    one, two = _words(left), _words(right)
    if not one or not two or bounds(one).width > 0.5 * bounds(two).width:
        return False
    return abs(text_size(one) - text_size(two)) > 0.07 * size and abs(text_size(two) - size) < 0.07 * size


def _best_cut(places: Sequence[_Place], size: float) -> _Cut | None:
    found = [cut for x in _starts(places, size) for cut in _cuts_at(places, x, size)]
    return max(found, key=lambda cut: (cut.weight, -cut.x), default=None)


def _starts(places: Sequence[_Place], size: float) -> list[float]:
    """The left edges at which several words start after a gap: a column to the right of a gutter has one."""
    edges: list[float] = []
    last: _Place | None = None
    for place in sorted(places, key=lambda place: (round(place.y), place.x0)):
        follows = last is not None and round(last.y) == round(place.y)
        if last is None or not follows or place.x0 - last.x1 >= _gutter(size):
            edges.append(place.x0)
        last = place
    starts: list[float] = []
    group: list[float] = []
    for edge in [*sorted(edges), float("inf")]:
        if group and edge - group[0] > _ALIGNED:
            if len(group) >= _FEWEST_STARTS:
                starts.append(group[0])
            group = []
        group.append(edge)
    return starts


def _gutter(size: float) -> float:
    return max(_GUTTER * size, 5.0)


def _cuts_at(places: Sequence[_Place], x: float, size: float) -> list[_Cut]:
    """The gutters that end at `x`: one for each stretch between two items that stand across it."""
    near, far = x - _gutter(size), x - 0.5
    across = sorted((place.top, place.bottom) for place in places if place.x0 < far and place.x1 > near)
    cuts = []
    top = float("-inf")
    for start, end in [*across, (float("inf"), float("inf"))]:
        if start - top > 2 * size:
            within = [place for place in places if top < place.y < start]
            one = [place for place in within if place.x1 <= near]
            two = [place for place in within if place.x0 >= far]
            weight = _weight(one, two, x, size)
            if weight:
                cuts.append(_Cut(x, top, start, weight))
        top = max(top, end)
    return cuts


def _weight(left: Sequence[_Place], right: Sequence[_Place], x: float, size: float) -> int:
    """How many lines the gutter divides; 0 if it is none: the two sides are not texts that are read apart."""
    if len(left) < 2 or len(right) < 2:
        return 0
    one, two = _side(_words(left)), _side(_words(right))
    if len(one.lines) < 2 or len(two.lines) < 2 or len(one.lines) + len(two.lines) < 6:
        return 0
    if one.width < 4 * size or two.width < 4 * size:
        return 0
    if not _side_by_side(one, two) or not _apart(one, two, x, size):
        return 0
    return len(one.lines) + len(two.lines)


def _side_by_side(one: _Side, two: _Side) -> bool:
    """True if the sides share some height: text above left of other text is no column."""
    top = max(one.lines[0][0], two.lines[0][0])
    bottom = min(one.lines[-1][0], two.lines[-1][0])
    return bottom > top


def _apart(one: _Side, two: _Side, x: float, size: float) -> bool:
    """True if the sides are texts of their own, False if their lines belong together as rows."""
    if one.running and two.running:
        return True
    if two.running and not one.running:  # labels before the text they belong to, or a narrow column of its own
        return one.steady and len(one.lines) >= 3 and not _in_rows(one, two, size)
    if one.running:
        gap = x - max(line[2] for line in one.lines)
        return two.steady or not _in_rows(two, one, size) or gap > 3 * size
    return not _in_rows(one, two, size) and not _in_rows(two, one, size)


def _in_rows(one: _Side, two: _Side, size: float) -> bool:
    """True if nearly every line of `one` stands at the height of a line of `two`."""
    heights = [line[0] for line in two.lines]
    same = sum(any(abs(line[0] - height) < 0.15 * size for height in heights) for line in one.lines)
    return same >= 0.75 * len(one.lines)


def _side(words: Sequence[Word]) -> _Side:
    lines: list[list[float]] = []
    for word in sorted(words, key=lambda word: word.baseline):
        if lines and word.baseline - lines[-1][0] < 0.4 * word.style.size:
            last = lines[-1]
            last[1], last[2], last[3] = min(last[1], word.x0), max(last[2], word.x1), last[3] + 1
        else:
            lines.append([word.baseline, word.x0, word.x1, 1])
    width = max((line[2] for line in lines), default=0.0) - min((line[1] for line in lines), default=0.0)
    return _Side(tuple((line[0], line[1], line[2], int(line[3])) for line in lines), width)
