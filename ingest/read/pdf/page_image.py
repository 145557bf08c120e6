"""A page of a PDF as an image, and where on it a quote stands.

`render_page` and `quote_boxes` are not thread-safe, and a PDF may be made to do harm: `PageWorker` runs them in
processes of their own, with limits on time and memory.
"""

import ctypes
import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.errors import DamagedFile
from ingest.isolate import StandingCrew
from ingest.read.pdf.align import find_quote
from ingest.read.pdf.geometry import Frame, turned
from ingest.types import Box

MOST_PIXELS = 12_000_000
LONGEST_SIDE = 12_000  # pixels; WebP has no more than 16,383
SECONDS, MEMORY_MB = 15.0, 1024
_FEW_COLOURS = 4096  # a page of text and drawings has fewer, one with photographs more
_PALETTE = 20
_WHITE = 250  # of 255: so light is the paper, which a palette makes a little grey
_QUALITY = 60
_MOST_CHARACTERS = 400_000
_GAP = 1.5  # of the height of a line: a wider gap between two characters parts two boxes
_LEVEL = 0.5  # of the lower of two characters: so much of their heights on a line is shared
_TALL = 3.0  # of the height of its ink: a higher box of a character is a mistake of its font
_MARGIN = 1e-6

_Rect = tuple[float, float, float, float]  # left, top, right, bottom, in points from the top left corner


def render_page(path: Path, page: int, *, width: int) -> bytes:
    """The page (1-based) as a WebP image of this many pixels wide; fewer where it would have too many in all.

    Raises DamagedFile for a file or page that cannot be opened.
    """
    with _opened(path, page) as shown:
        across, down = shown.get_size()
        scale = min(width / across, LONGEST_SIDE / down, math.sqrt(MOST_PIXELS / (across * down)))
        bitmap = shown.render(scale=scale)
        return _webp(bitmap.to_pil())


def _webp(image: Any) -> bytes:
    from PIL import Image  # noqa: PLC0415

    written = io.BytesIO()
    if image.getcolors(_FEW_COLOURS) is None:
        image.convert("RGB").save(written, "WEBP", quality=_QUALITY, method=2)
    else:  # letters stay sharp, in half the bytes
        few = image.convert("RGB").quantize(_PALETTE, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.putpalette([255 if part >= _WHITE else part for part in few.getpalette()])
        few.convert("RGB").save(written, "WEBP", lossless=True, quality=20, method=1)
    return written.getvalue()


def quote_boxes(path: Path, page: int, quote: str, *, before: str = "", after: str = "") -> tuple[Box, ...]:
    """Where on the page (1-based) a quote of the cleaned text stands, a box a line; () where it does not.

    Words that stand on the page more than once are told apart by what surrounds the quote: `before` and `after`.
    Raises DamagedFile for a file or page that cannot be opened.
    """
    with _opened(path, page) as shown:
        textpage = shown.get_textpage()
        try:
            characters = _characters(textpage)
            boxes = [
                box
                for stretch in find_quote(characters, quote, before, after)
                for box in _lines(_places(textpage, stretch, shown.get_bbox(), shown.get_rotation() // 90))
            ]
            across, down = shown.get_size()
        finally:
            textpage.close()
    fractions = (_fraction(box, across, down) for box in boxes)
    return tuple(box for box in fractions if box is not None)


@contextmanager
def _opened(path: Path, page: int) -> Iterator[Any]:
    """The page, open."""
    import pypdfium2  # noqa: PLC0415 - loads a library of 8 MB

    try:
        with pypdfium2.PdfDocument(path) as pdf:
            if not 1 <= page <= len(pdf):
                raise DamagedFile(path.name, f"no page {page}")
            pdf.init_forms()  # what is filled in on a form is shown with it
            shown = pdf[page - 1]
            across, down = shown.get_size()
            if not (math.isfinite(across * down) and across >= 1 and down >= 1):
                raise DamagedFile(path.name, f"page {page} has no size")
            yield shown
    except pypdfium2.PdfiumError as error:
        raise DamagedFile(path.name, str(error)) from error


def _characters(textpage: Any) -> str:
    """The characters of the page in the order of the file, one for each index that PDFium knows them by."""
    from pypdfium2 import raw as pdfium  # noqa: PLC0415

    codes = (
        pdfium.FPDFText_GetUnicode(textpage.raw, index)
        for index in range(min(textpage.count_chars(), _MOST_CHARACTERS))
    )
    return "".join(chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffe" for code in codes)


def _places(textpage: Any, stretch: range, frame: Frame, rotation: int) -> Iterator[tuple[_Rect, bool]]:
    """Where each character stands on the page as it is shown, and whether its line runs up or down."""
    from pypdfium2 import raw as pdfium  # noqa: PLC0415

    text = textpage.raw
    loose = pdfium.FS_RECTF()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    for index in stretch:
        if pdfium.FPDFText_IsGenerated(text, index) == 1 or not pdfium.FPDFText_GetCharBox(
            text, index, left, right, bottom, top
        ):
            continue
        ink = (left.value, bottom.value, right.value, top.value)
        sideways = (round(pdfium.FPDFText_GetCharAngle(text, index) / (math.pi / 2)) + rotation) % 2 == 1
        if pdfium.FPDFText_GetLooseCharBox(text, index, loose):
            whole = (loose.left, loose.bottom, loose.right, loose.top)
            rect = whole if _is_sane(whole, ink) else ink
        else:
            rect = ink
        one, two = turned(rect[0], rect[1], frame, rotation), turned(rect[2], rect[3], frame, rotation)
        yield (min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1])), sideways


def _is_sane(whole: _Rect, ink: _Rect) -> bool:
    across, down = abs(whole[2] - whole[0]), abs(whole[3] - whole[1])
    size = max(abs(ink[2] - ink[0]), abs(ink[3] - ink[1]))
    return across > 0 and down > 0 and (size == 0 or max(across, down) <= max(_TALL * size, 4 * min(across, down)))


def _lines(places: Iterator[tuple[_Rect, bool]]) -> list[_Rect]:
    """The places put together, one for each line or part of it."""
    lines: list[_Rect] = []
    upright: bool | None = None
    for rect, sideways in places:
        if lines and upright is sideways and _goes_on(lines[-1], rect, sideways=sideways):
            lines[-1] = _around(lines[-1], rect)
        else:
            lines.append(rect)
        upright = sideways
    return lines


def _goes_on(line: _Rect, rect: _Rect, *, sideways: bool) -> bool:
    """Whether a character stands on the line, near enough to be of it."""
    if sideways:
        line, rect = _transposed(line), _transposed(rect)
    height, lower = line[3] - line[1], min(line[3] - line[1], rect[3] - rect[1])
    shared = min(line[3], rect[3]) - max(line[1], rect[1])
    gap = max(rect[0] - line[2], line[0] - rect[2])
    return shared >= _LEVEL * lower and gap <= _GAP * height


def _transposed(rect: _Rect) -> _Rect:
    return rect[1], rect[0], rect[3], rect[2]


def _around(one: _Rect, other: _Rect) -> _Rect:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _fraction(rect: _Rect, across: float, down: float) -> Box | None:
    """The part of a rectangle that the page shows; None where it shows nothing of it."""
    left, right = max(0.0, rect[0] / across), min(1.0, rect[2] / across)
    top, bottom = max(0.0, rect[1] / down), min(1.0, rect[3] / down)
    if right - left <= _MARGIN or bottom - top <= _MARGIN:
        return None
    return Box(left, top, right - left, bottom - top)


# In processes of their own


@dataclass(frozen=True, slots=True)
class _Render:
    path: Path
    page: int
    width: int


@dataclass(frozen=True, slots=True)
class _Find:
    path: Path
    page: int
    quote: str
    before: str
    after: str


def _work(job: _Render | _Find) -> Any:
    if isinstance(job, _Render):
        return render_page(job.path, job.page, width=job.width)
    return quote_boxes(job.path, job.page, job.quote, before=job.before, after=job.after)


class PageWorker:
    """`render_page` and `quote_boxes` in processes that stay for the next page; safe to use from several threads.

    Both raise a ReadError for a page that cannot be shown, takes too long or needs too much memory. The processes
    start at the first page.
    """

    def __init__(self, workers: int = 1, *, seconds: float = SECONDS, memory_mb: int = MEMORY_MB) -> None:
        self._crew = StandingCrew(_work, workers=workers, timeout_s=seconds, memory_mb=memory_mb)

    def render(self, path: Path, page: int, width: int) -> bytes:
        """The page as an image; see `render_page`."""
        image: bytes = self._crew.run(_Render(path, page, width), path.name)
        return image

    def boxes(self, path: Path, page: int, quote: str, before: str = "", after: str = "") -> tuple[Box, ...]:
        """Where the quote stands; see `quote_boxes`."""
        found: tuple[Box, ...] = self._crew.run(_Find(path, page, quote, before, after), path.name)
        return found

    def close(self) -> None:
        """Stop the processes, whatever they are doing."""
        self._crew.stop()
