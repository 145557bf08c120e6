"""Tables: cells from the lines drawn on a page (found by pdfplumber) or, where rows alone are ruled, from the gaps.

The text of a cell comes from the words that stand in it.
"""

import itertools
from collections.abc import Sequence
from typing import Any

from ingest.read.pdf.geometry import Box, PageMarks, Table, Word, around, bounds
from ingest.read.pdf.lines import lines, text_size
from ingest.read.pdf.text import joined

_SNAP = 3.0  # points: edges this near each other are one edge
_MOST_EDGES = 600
_FEWEST_RULES = 3  # level rules of one width that make a table without upright lines
_GAP = 0.9  # of the text size: between the columns of a table without upright lines


def find_tables(marks: PageMarks) -> tuple[list[Table], list[Word]]:
    """The tables on a page, from the top down, and the words that stand in none of them."""
    words = list(marks.words)
    tables: list[Table] = []
    for cells in _ruled(marks):
        table, rest = _from_cells(cells, words, marks.number)
        if table:
            tables.append(table)
            words = rest
    for area in _row_ruled(marks, tables):
        inside = [word for word in words if area.holds(*word.middle, slack=1)]
        rows = rows_by_gaps(inside)
        if rows:
            tables.append(Table(rows, marks.number, area))
            words = [word for word in words if word not in inside]
    return sorted(tables, key=lambda table: (table.box.top, table.box.x0)), words


def _edges(marks: PageMarks) -> list[dict[str, Any]]:
    """The lines and the sides of areas, as pdfplumber describes edges."""
    edges = [_edge(rule, level=rule.width >= rule.height) for rule in marks.rules]
    for area in marks.areas:
        if area.width > 0.95 * marks.width and area.height > 0.9 * marks.height:
            continue
        edges += [
            _edge(Box(area.x0, area.top, area.x1, area.top), level=True),
            _edge(Box(area.x0, area.bottom, area.x1, area.bottom), level=True),
            _edge(Box(area.x0, area.top, area.x0, area.bottom), level=False),
            _edge(Box(area.x1, area.top, area.x1, area.bottom), level=False),
        ]
    return edges


def _edge(box: Box, *, level: bool) -> dict[str, Any]:
    middle_x, middle_y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    box = Box(box.x0, middle_y, box.x1, middle_y) if level else Box(middle_x, box.top, middle_x, box.bottom)
    return {
        "x0": box.x0,
        "x1": box.x1,
        "top": box.top,
        "bottom": box.bottom,
        "width": box.width,
        "height": box.height,
        "orientation": "h" if level else "v",
        "object_type": "line",
    }


def _ruled(marks: PageMarks) -> list[list[Box]]:
    """The cells of each grid of ruling lines on the page."""
    edges = _edges(marks)
    upright = sum(edge["orientation"] == "v" for edge in edges)
    if upright < 2 or len(edges) - upright < 2:
        return []
    from pdfplumber import table as plumber  # noqa: PLC0415  -- loads pdfminer with it

    edges = plumber.merge_edges(edges, _SNAP, _SNAP, _SNAP, _SNAP)
    if len(edges) > _MOST_EDGES:
        return []
    crossings = plumber.edges_to_intersections(edges, _SNAP, _SNAP)
    if len(crossings) > 4 * _MOST_EDGES:
        return []
    grids = plumber.cells_to_tables(plumber.intersections_to_cells(crossings))
    return [[Box(*cell) for cell in grid] for grid in grids]


def _from_cells(cells: list[Box], words: list[Word], page: int) -> tuple[Table | None, list[Word]]:
    tops = sorted({round(cell.top) for cell in cells})
    lefts = sorted({round(cell.x0) for cell in cells})
    box = around(cells)
    homes: dict[tuple[int, int], list[Word]] = {}
    rest: list[Word] = []
    for word in words:
        cell = next((cell for cell in cells if cell.holds(*word.middle)), None)
        if cell is None:
            rest.append(word)
        else:
            homes.setdefault((round(cell.top), round(cell.x0)), []).append(word)
    rows = [tuple(_cell_text(homes.get((top, left), []), page) for left in lefts) for top in tops]
    rows = _without_blanks(rows)
    if len(rows) < 2 or len(rows[0]) < 2 or sum(sum(map(bool, row)) >= 2 for row in rows) < 2:
        return None, words
    return Table(tuple(rows), page, box), rest


def _without_blanks(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows without the rows and columns in which nothing stands."""
    rows = [row for row in rows if any(row)]
    if not rows:
        return []
    kept = [index for index in range(len(rows[0])) if any(row[index] for row in rows)]
    return [tuple(row[index] for index in kept) for row in rows]


def _cell_text(words: Sequence[Word], page: int) -> str:
    return joined(lines(words, page)).text.replace("|", "/") if words else ""


def _row_ruled(marks: PageMarks, tables: Sequence[Table]) -> list[Box]:
    """The areas between level rules of one width: tables without upright lines, or with shaded rows."""
    groups: dict[tuple[int, int], list[Box]] = {}
    for rule in [*marks.rules, *marks.areas]:
        known = any(table.box.holds(rule.x0 + 1, rule.top + 1, slack=2) for table in tables)
        if rule.width > 90 and rule.height < 120 and not known:
            groups.setdefault((round(rule.x0 / 4), round(rule.x1 / 4)), []).append(rule)
    return [around(group) for group in groups.values() if len({round(rule.top / 3) for rule in group}) >= _FEWEST_RULES]


def rows_by_gaps(words: Sequence[Word]) -> tuple[tuple[str, ...], ...]:
    """The words as rows of cells, cut where a gap runs through all rows; empty if they don't make a table."""
    if len(words) < 6:
        return ()
    size = text_size(words)
    cuts = _gaps(words, _GAP * size)
    if not cuts:
        return ()
    edges = [float("-inf"), *cuts, float("inf")]
    cells = [
        lines([word for word in words if start <= word.middle[0] < end], page=0)
        for start, end in itertools.pairwise(edges)
    ]
    starts = sorted({line.baseline for line in cells[0]})
    rows: list[tuple[str, ...]] = []
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else float("inf")
        top = start if index else float("-inf")
        slack = 0.3 * size
        rows.append(
            tuple(
                joined([line for line in column if top - slack <= line.baseline < end - slack]).text for column in cells
            )
        )
    full = sum(sum(map(bool, row)) >= 2 for row in rows)
    box = bounds(list(words))
    if full < 3 or full < 0.6 * len(rows) or box.height < 3 * size:
        return ()
    return tuple(rows)


def _gaps(words: Sequence[Word], width: float) -> list[float]:
    """The middles of the upright strips, at least `width` wide, in which no word stands."""
    gaps = []
    reach = float("inf")
    for word in sorted(words, key=lambda word: word.x0):
        if word.x0 - reach >= width:
            gaps.append((word.x0 + reach) / 2)
        reach = word.x1 if reach == float("inf") else max(reach, word.x1)
    return gaps
