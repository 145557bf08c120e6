"""The one place that talks to PDFium: opens a PDF and gives, page by page, the words and rules on it.

Positions come out in points from the top left corner of the page as a reader holds it: a page whose text runs
sideways is turned first. PDFium is not thread-safe: one file at a time in a process.
"""

import contextlib
import ctypes
import math
import re
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ingest.errors import DamagedFile, EmptyFile, EncryptedFile, WrongFormat
from ingest.read.pdf.drawing import drawn_marks
from ingest.read.pdf.geometry import Frame, PageMarks, Style, Word, turned

_SYMBOL_FONTS = re.compile(r"wingdings|symbol|dingbats|webdings|awesome|icon", re.IGNORECASE)
_BOLD_FONTS = re.compile(r"bold|black|heavy|demi|(?<![a-z])(?:bd|cmbx)", re.IGNORECASE)
_ITALIC_FONTS = re.compile(r"italic|oblique|cmti|cmsl|(?<![a-z])ital?\b", re.IGNORECASE)
_FLAG_ITALIC, _FLAG_FORCE_BOLD = 1 << 6, 1 << 18
_BOLD_WEIGHT = 700
_ERROR_PASSWORD, _ERROR_SECURITY = 4, 5
_SPACE = 0.18  # of the size: a wider gap between two glyphs is a space
_STEP = 0.09  # of the size: a larger step of the baseline starts a new word
_NAMED = dict.fromkeys((0x20, 0x0D, 0x0A, 0x09, 0xA0), " ")
# 0x02 and 0xFFFE are PDFium's own codes for a hyphen that ends a line
_NAMED |= dict.fromkeys((0x02, 0xFFFE, 0x2010, 0x2011, 0xAD), "-")
_ACCENTS = {"¨": "\u0308", "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "¸": "\u0327"}
_RISE = 0.6  # of its own size: how far a raised digit stands above the line
_MOST_GLYPHS = 400_000


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character with its place: `x0`, `x1` along the line, `baseline` down the page."""

    text: str
    x0: float
    x1: float
    baseline: float
    style: Style
    spaced: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """A text object: characters in one style along one line; `turn` is its angle in quarters, None if slanted."""

    style: Style
    turn: int | None


class PdfFile:
    """An open PDF: its pages, bookmarks, page labels and metadata."""

    def __init__(self, path: Path, source: str) -> None:
        import pypdfium2  # noqa: PLC0415  -- loads a library of 8 MB

        _check_bytes(path, source)
        self._source = source
        try:
            self._pdf = pypdfium2.PdfDocument(path)
            self.pages = len(self._pdf)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) in (_ERROR_PASSWORD, _ERROR_SECURITY):
                raise EncryptedFile(source) from error
            raise DamagedFile(source, str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._pdf.close()

    def metadata(self) -> dict[str, str]:
        """The file's metadata: "Title", "Author", "CreationDate" and so on; absent keys are empty."""
        return {key: str(value).replace("\x00", "").strip() for key, value in self._pdf.get_metadata_dict().items()}

    def labels(self) -> tuple[str, ...]:
        """The page labels that the file defines, one a page; empty if it defines none."""
        labels = tuple((self._pdf.get_page_label(number) or "").strip() for number in range(self.pages))
        return labels if any(labels) else ()

    def outline(self) -> tuple[tuple[int, str, int | None], ...]:
        """The bookmarks in order: level (1 = outermost), title and 1-based page if known."""
        import pypdfium2  # noqa: PLC0415

        entries: list[tuple[int, str, int | None]] = []
        with contextlib.suppress(pypdfium2.PdfiumError), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a circular bookmark tree is cut, and says so
            for bookmark in self._pdf.get_toc():
                target = bookmark.get_dest()
                index = target.get_index() if target else None
                entries.append((bookmark.level + 1, bookmark.get_title() or "", None if index is None else index + 1))
        return tuple(entries)

    def marks(self) -> Iterator[PageMarks]:
        """Each page's words and rules, in order; a page that cannot be loaded comes out blank."""
        import pypdfium2  # noqa: PLC0415

        failed = 0
        for number in range(1, self.pages + 1):
            try:
                page = self._pdf[number - 1]
            except pypdfium2.PdfiumError as error:
                failed += 1
                if failed == self.pages:
                    raise DamagedFile(self._source, str(error)) from error
                yield PageMarks(number, 0.0, 0.0, ())
                continue
            try:
                yield _page_marks(page, number)
            finally:
                page.close()


def _check_bytes(path: Path, source: str) -> None:
    """Refuse what is empty, not a PDF, or cut off: PDFium repairs a cut-off file and silently leaves pages out."""
    data = path.read_bytes()
    if not data.strip():
        raise EmptyFile(source)
    if b"%PDF-" not in data[:1024]:
        raise WrongFormat(source, "no PDF header")
    if b"startxref" not in data:
        raise DamagedFile(source, "the end of the file is missing")
    declared = re.search(rb"/Linearized\b.{0,200}?/L\s+(\d+)", data[:2048], re.DOTALL)
    if declared and len(data) < int(declared[1]):
        raise DamagedFile(source, f"{len(data)} of {int(declared[1])} bytes")


def _page_marks(page: Any, number: int) -> PageMarks:
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    frame = page.get_bbox()
    glyphs, unreadable, turn = _glyphs(pdfium, page, frame, page.get_rotation() // 90)
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    if turn % 2:
        width, height = height, width
    drawn = drawn_marks(pdfium, page, frame, turn)
    words = tuple(word for word in _words(glyphs) if word.x0 >= -2 and word.x1 <= width + 2)
    words = tuple(word for word in words if 0 <= word.baseline <= height + 2)
    return PageMarks(number, width, height, words, drawn.rules, drawn.areas, drawn.objects, unreadable)


def _glyphs(pdfium: Any, page: Any, frame: Frame, rotation: int) -> tuple[list[Glyph], int, int]:
    """The readable level glyphs in the order of the file, the number of unreadable ones, and the page's turn."""
    textpage = page.get_textpage()
    text = textpage.raw
    try:
        found: list[tuple[str, tuple[float, float, float, float], float, _Run, bool]] = []
        unreadable = 0
        spaced = True
        rect, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        runs: dict[int, _Run] = {}
        for index in range(min(textpage.count_chars(), _MOST_GLYPHS)):
            char = _character(pdfium.FPDFText_GetUnicode(text, index))
            owner = pdfium.FPDFText_GetTextObject(text, index)
            if not owner or char.isspace() or not char:
                spaced = spaced or bool(char)
                continue
            key = ctypes.addressof(owner.contents)
            run = runs.get(key)
            if run is None:
                run = runs[key] = _run(pdfium, text, index, owner)
            if pdfium.FPDFText_HasUnicodeMapError(text, index) == 1 or char == "\ufffd":
                if not run.style.symbols:
                    unreadable += 1
                    continue
                char = "•"
            elif len(char) == 1 and unicodedata.category(char) == "Co":
                char = "•"
            turn = run.turn
            if turn is None:
                continue
            pdfium.FPDFText_GetLooseCharBox(text, index, rect)
            pdfium.FPDFText_GetCharOrigin(text, index, x, y)
            box = (rect.left, rect.bottom, rect.right, rect.top)
            if turn == 0 and char.isdecimal() and _is_raised(pdfium, text, index, y.value, run.style.size):
                run = runs.setdefault(-key, _raised(run))
                y.value += _RISE * run.style.size
            found.append((char, box, x.value if turn % 2 else y.value, run, spaced))
            spaced = False
    finally:
        textpage.close()
    level = _page_turn(Counter(run.turn for _, _, _, run, _ in found if run.turn is not None), rotation)
    return [_placed(item, frame, level) for item in found if item[3].turn == level], unreadable, level


def _page_turn(turns: Counter[int], rotation: int) -> int:
    """The quarter turn of the text a reader sees upright: the page's own, or that of nearly all of its text."""
    most = max(turns, key=lambda turn: turns[turn], default=rotation)
    sideways = turns[most] >= 200 and turns[most] > 4 * turns[rotation]
    return most if sideways else rotation


def _placed(
    item: tuple[str, tuple[float, float, float, float], float, _Run, bool],
    frame: Frame,
    turn: int,
) -> Glyph:
    char, (left, bottom, right, top), origin, run, spaced = item
    if turn == 0:  # nearly every page: the short way
        return Glyph(char, left - frame[0], right - frame[0], frame[3] - origin, run.style, spaced)
    one = turned(left, bottom, frame, turn)
    two = turned(right, top, frame, turn)
    baseline = turned(origin, origin, frame, turn)[1]
    return Glyph(char, min(one[0], two[0]), max(one[0], two[0]), baseline, run.style, spaced)


def _character(code: int) -> str:
    """The character as it is read: ligatures as letters, the hyphen that PDFium marks as a hyphen; "" if none."""
    if code in _NAMED:
        return _NAMED[code]
    if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return "\ufffd"
    char = chr(code)
    if 0xFB00 <= code <= 0xFB06:
        return unicodedata.normalize("NFKC", char)
    return "" if unicodedata.category(char) == "Cf" else char


def _is_raised(pdfium: Any, text: Any, index: int, baseline: float, size: float) -> bool:
    """True for a digit that the font itself draws small and high, at the size and height of the text."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top):
        return False
    return bottom.value - baseline > 0.2 * size and top.value - bottom.value < 0.55 * size


def _raised(run: _Run) -> _Run:
    return replace(run, style=replace(run.style, size=round(0.6 * run.style.size, 1)))


def _run(pdfium: Any, text: Any, index: int, owner: Any) -> _Run:
    matrix, flags = pdfium.FS_MATRIX(), ctypes.c_int()
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetMatrix(text, index, matrix)
    pdfium.FPDFText_GetFontInfo(text, index, name, 128, flags)
    font = name.value.decode("utf-8", "replace").split("+", 1)[-1]
    size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
    weight = pdfium.FPDFText_GetFontWeight(text, index)
    bold = bool(_BOLD_FONTS.search(font)) or bool(flags.value & _FLAG_FORCE_BOLD) or weight >= _BOLD_WEIGHT
    slanted = bool(_ITALIC_FONTS.search(font)) or bool(flags.value & _FLAG_ITALIC)
    symbols = bool(_SYMBOL_FONTS.search(font))
    style = Style(round(abs(size), 1) or 1.0, bold, slanted, _colour(pdfium, owner), symbols)
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    quarter = round(angle / 90)
    return _Run(style, quarter % 4 if abs(angle - 90 * quarter) < 2 else None)


def _colour(pdfium: Any, owner: Any) -> int:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(owner, red, green, blue, alpha):
        return 0
    return int(red.value << 16 | green.value << 8 | blue.value)


def _words(glyphs: list[Glyph]) -> Iterator[Word]:
    """The glyphs joined into words, in the order of the file."""
    group: list[Glyph] = []
    for glyph in glyphs:
        if group and not _continues(group[-1], glyph):
            yield _word(group)
            group = []
        group.append(glyph)
    if group:
        yield _word(group)


def _continues(last: Glyph, glyph: Glyph) -> bool:
    size = max(last.style.size, glyph.style.size)
    if glyph.style != last.style or abs(glyph.baseline - last.baseline) > _STEP * size:
        return False
    gap = glyph.x0 - last.x1
    return -size < gap < (_SPACE * 0.5 if glyph.spaced else _SPACE) * size and glyph.x0 >= last.x0 - 0.3 * size


def _with_accents(group: list[Glyph]) -> str:
    """The text with each accent that is drawn over the next letter put on that letter."""
    parts: list[str] = []
    accent = ""
    for glyph, after in zip(group, [*group[1:], None], strict=True):
        over = after is not None and after.text.isalpha() and after.x0 < (glyph.x0 + glyph.x1) / 2 < after.x1
        if glyph.text in _ACCENTS and over:
            accent = _ACCENTS[glyph.text]
            continue
        parts.append(glyph.text + accent)
        accent = ""
    return "".join(parts)


def _word(group: list[Glyph]) -> Word:
    text = "".join(glyph.text for glyph in group)
    if len(group) > 1 and not _ACCENTS.keys().isdisjoint(text):
        text = _with_accents(group)
    text = unicodedata.normalize("NFC", text)
    first = group[0]
    return Word(
        text, min(g.x0 for g in group), max(g.x1 for g in group), first.baseline, first.style, spaced=first.spaced
    )
