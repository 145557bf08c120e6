"""What is drawn on a page of a PDF beside its text: the ruling lines and the areas of a table or a text box."""

import ctypes
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.read.pdf.geometry import Box, Frame, turned

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_THIN = 2.5  # points: anything drawn narrower is a line
_SHORTEST = 6.0  # points: a shorter line is part of a letter or a picture
_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 4_000
_DEEPEST = 4
_WHITE = 250


@dataclass(frozen=True, slots=True)
class Drawing:
    """The level and upright lines, the rectangles, and the number of objects of any kind on a page."""

    rules: tuple[Box, ...]
    areas: tuple[Box, ...]
    objects: int


def drawn_marks(pdfium: Any, page: Any, frame: Frame, turn: int) -> Drawing:
    """The lines and rectangles on a page, seen from its top left corner with its text level.

    `pdfium` is the library's raw interface, from the one module that imports it.
    """
    rules: list[Box] = []
    areas: list[Box] = []
    objects = segments = 0
    for item, matrix in _objects(pdfium, page):
        objects += 1
        if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_PATH or segments > _MOST_SEGMENTS:
            continue
        if not _visible(pdfium, item):
            continue
        for box, closed in _path_boxes(pdfium, item, matrix):
            segments += 1
            one, two = turned(box.x0, box.top, frame, turn), turned(box.x1, box.bottom, frame, turn)
            seen = Box(min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1]))
            if min(seen.width, seen.height) <= _THIN:
                if max(seen.width, seen.height) >= _SHORTEST:
                    rules.append(seen)
            elif closed:
                areas.append(seen)
    if segments > _MOST_SEGMENTS:  # a drawing, not a table
        return Drawing((), (), objects)
    return Drawing(tuple(rules), tuple(areas), objects)


def _objects(pdfium: Any, page: Any) -> Iterator[tuple[Any, Matrix]]:
    """Every object on the page, those in form objects included, with the matrix of its surroundings."""
    count = min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)
    waiting = [(pdfium.FPDFPage_GetObject(page, index), _IDENTITY, 0) for index in range(count)]
    while waiting:
        item, outer, depth = waiting.pop()
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            inner = _times(_matrix(pdfium, item), outer)
            count = min(pdfium.FPDFFormObj_CountObjects(item), _MOST_OBJECTS)
            waiting.extend((pdfium.FPDFFormObj_GetObject(item, index), inner, depth + 1) for index in range(count))
        else:
            yield item, outer


def _visible(pdfium: Any, item: Any) -> bool:
    """True unless the path draws nothing, or fills with white."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(item, fill, stroke):
        return False
    if stroke.value:
        return True
    if not fill.value:
        return False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return True
    return alpha.value > 0 and min(red.value, green.value, blue.value) < _WHITE


def _path_boxes(pdfium: Any, item: Any, outer: Matrix) -> Iterator[tuple[Box, bool]]:
    """Each part of a path as a box: a straight line, or (True) a part that goes round an area with straight sides."""
    matrix = _times(_matrix(pdfium, item), outer)
    part: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    curved = False
    for index in range(min(pdfium.FPDFPath_CountSegments(item), _MOST_SEGMENTS)):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            yield from _part_boxes(part, curved=curved)
            part, curved = [], False
        curved = curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
        part.append(_apply(matrix, x.value, y.value))
    yield from _part_boxes(part, curved=curved)


def _part_boxes(part: list[tuple[float, float]], *, curved: bool) -> Iterator[tuple[Box, bool]]:
    if len(part) < 2:
        return
    xs, ys = [point[0] for point in part], [point[1] for point in part]
    whole = Box(min(xs), min(ys), max(xs), max(ys))
    if len(part) >= 4 and (curved or _straight(part)):
        # a rectangle, with round corners or without; anything more is a picture
        if len(part) <= (20 if curved else 6):
            yield whole, True
        return
    if curved:
        return
    for (x0, y0), (x1, y1) in itertools.pairwise(part):
        if abs(x0 - x1) <= 1 or abs(y0 - y1) <= 1:
            yield Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), False


def _straight(part: list[tuple[float, float]]) -> bool:
    """True if the part goes round an area along level and upright sides only."""
    sides = zip(part, [*part[1:], part[0]], strict=True)
    xs, ys = {round(point[0]) for point in part}, {round(point[1]) for point in part}
    return len(xs) <= 3 and len(ys) <= 3 and all(abs(a[0] - b[0]) <= 1 or abs(a[1] - b[1]) <= 1 for a, b in sides)


def _matrix(pdfium: Any, item: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, found):
        return _IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(one: Matrix, two: Matrix) -> Matrix:
    """The matrix that does first `one`, then `two`."""
    return (
        one[0] * two[0] + one[1] * two[2],
        one[0] * two[1] + one[1] * two[3],
        one[2] * two[0] + one[3] * two[2],
        one[2] * two[1] + one[3] * two[3],
        one[4] * two[0] + one[5] * two[2] + two[4],
        one[4] * two[1] + one[5] * two[3] + two[5],
    )


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    return matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]
