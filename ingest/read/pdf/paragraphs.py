"""Lines gathered into paragraphs and list items, column by column."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.read.pdf.geometry import Line, Style, Table
from ingest.read.pdf.layout import PageLayout
from ingest.types import BlockKind

_BULLET = re.compile(r"^(?:[•▪●○◦‣■□►▶➢✓✔·]\s*|[–\-*→§o]\s+)(?=\S)")
_SURE_BULLET = re.compile(r"^[•▪●○◦‣■□►▶➢✓✔]")
_NUMBERED = re.compile(r"^(?:\d{1,2}[.)]|[a-z][.)]|\((?:\d{1,2}|[a-z])\)|[ivx]{2,4}[.)])\s+(?=\S)")
_NOTE = re.compile(r"^(?:\d{1,3}|[*†‡]{1,3})[.)]?\s+\S")
_CONTENTS = re.compile(r"(?:\t|\.{4,}|(?:\. ?){4,}|…{2,}|_{4,})\s*(?:\d{1,4}|[ivxlc]{1,6})$")
_ENDED = re.compile(r"[.!?:;…][”’\"')\]]*$")
_SIZE = 0.06  # sizes that differ less are one size
_SMALL = 0.93  # of the text size: footnotes are set smaller


@dataclass(frozen=True, slots=True)
class Setting:
    """How the running text of a document is set: its usual style, and `leading`, the usual step between lines."""

    style: Style
    leading: float


@dataclass(frozen=True, slots=True)
class Draft:
    """Lines that belong together; `marker` is the list marker that the first one starts with."""

    lines: tuple[Line, ...]
    kind: BlockKind = "paragraph"
    level: int = 0
    marker: str = ""

    @property
    def first(self) -> Line:
        """Its first line."""
        return self.lines[0]

    @property
    def style(self) -> Style:
        """The style of the most of its lines; bold or italic only if all are."""
        common = Counter(line.style for line in self.lines).most_common(1)[0][0]
        return replace(
            common,
            bold=all(line.style.bold for line in self.lines),
            italic=all(line.style.italic for line in self.lines),
        )


def setting(lines: Sequence[Line]) -> Setting:
    """How the running text is set, by the number of characters."""
    styles: Counter[Style] = Counter()
    for line in lines:
        styles[line.style] += len(line.text)
    sizes: Counter[float] = Counter()
    for style, count in styles.items():
        sizes[style.size] += count
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    style = max((style for style in styles if style.size == size), key=lambda s: styles[s], default=Style(size))
    steps: Counter[float] = Counter()
    for one, two in itertools.pairwise(lines):
        step = two.baseline - one.baseline
        if one.column == two.column and one.style.size == two.style.size == size and 0.9 * size < step < 2.6 * size:
            steps[round(step * 2) / 2] += 1
    return Setting(style, steps.most_common(1)[0][0] if steps else 1.25 * size)


def gather(page: PageLayout, body: Setting) -> list[Draft | Table]:
    """The page's paragraphs, list items and tables in reading order."""
    result: list[Draft | Table] = []
    current: list[Line] = []

    def close() -> None:
        if current:
            result.append(_draft(current))
            current.clear()

    for item in page.items:
        if isinstance(item, Table):
            close()
            result.append(item)
            continue
        if not item.text:
            continue
        if current and _starts_new(current, item, body):
            close()
        current.append(item)
    close()
    return _with_depth(result)


def marker(line: Line) -> str:
    """The list marker at the start of the line, "" if none."""
    match = _BULLET.match(line.text) or _NUMBERED.match(line.text)
    if not match:
        return ""
    if match[0].startswith("o ") and line.hang - line.x0 < 1.2 * line.style.size:
        return ""  # the letter, not a bullet
    return match[0]


def ended(text: str) -> bool:
    """True if the text ends as a sentence or a lead-in does."""
    return bool(_ENDED.search(text))


def is_contents(line: Line) -> bool:
    """True for a line of a table of contents: a title, a jump or a row of dots, and a page number."""
    return bool(_CONTENTS.search(line.text))


def was_cut_short(line: Line, first_width: float) -> bool:
    """True if a word of `first_width` would have fitted at the end of the line: the writer ended it there."""
    size = line.style.size
    return line.x1 + 0.3 * size + first_width < line.column[1] - 0.6 * size


def _draft(lines: Sequence[Line]) -> Draft:
    sign = marker(lines[0])
    return Draft(tuple(lines), "list_item" if sign else "paragraph", marker=sign)


def _starts_new(current: Sequence[Line], line: Line, body: Setting) -> bool:
    last = current[-1]
    size = last.style.size
    if line.inset != last.inset or line.column != last.column or abs(line.style.size - size) > _SIZE * size:
        return True
    if not 0 < line.baseline - last.baseline <= _widest_step(current, body):
        return True
    if is_contents(line) or is_contents(last):
        return is_contents(last) or ended(last.text) or len(current) > 1
    cut = was_cut_short(last, line.first_width)
    turns_bold = line.style.bold != last.style.bold and (cut or ended(last.text))
    if turns_bold or _starts_marked(current, line, body, cut=cut):
        return True
    return _leaves_item(current, line, cut=cut) if marker(current[0]) else _leaves_paragraph(current, line, cut=cut)


def _widest_step(current: Sequence[Line], body: Setting) -> float:
    """The largest step to the next line of the same paragraph."""
    size = current[-1].style.size
    if len(current) > 1:
        own = min(two.baseline - one.baseline for one, two in itertools.pairwise(current))
        return 1.25 * own + 0.5
    if abs(size - body.style.size) <= _SIZE * size:
        return 1.25 * body.leading + 0.5
    return max(1.55 * size, 1.25 * body.leading * size / body.style.size if size < body.style.size else 0)


def _starts_marked(current: Sequence[Line], line: Line, body: Setting, *, cut: bool) -> bool:
    """True if the line starts a list item or a footnote."""
    small = line.style.size <= _SMALL * body.style.size
    if small and _NOTE.match(line.text) and _NOTE.match(current[0].text):
        return True
    if not marker(line):
        return False
    if _SURE_BULLET.match(line.text):
        return True
    last = current[-1]
    if marker(current[0]):
        return abs(line.x0 - current[0].x0) < 0.6 * line.style.size or cut or ended(last.text)
    return cut or ended(last.text) or line.x0 > last.x0 + 0.5 * line.style.size


def _leaves_item(current: Sequence[Line], line: Line, *, cut: bool) -> bool:
    """True if the line is not part of the list item that the current lines are."""
    size = line.style.size
    first = current[0]
    edge = current[1].x0 if len(current) > 1 else first.hang
    if abs(line.x0 - edge) < 0.6 * size and line.x0 > first.x0 + 0.3 * size:
        return cut and ended(current[-1].text) and len(current) > 1 and was_cut_short(current[-1], 6 * size)
    return cut or line.x0 < first.x0 - 0.3 * size or (ended(current[-1].text) and abs(line.x0 - first.x0) > size)


def _leaves_paragraph(current: Sequence[Line], line: Line, *, cut: bool) -> bool:
    """True if the line starts another paragraph than that of the current lines."""
    return _indents(current, line, cut=cut) or (cut and (ended(current[-1].text) or not line.text[:1].islower()))


def _indents(current: Sequence[Line], line: Line, *, cut: bool) -> bool:
    """True if the left edge says that a new paragraph starts."""
    size = line.style.size
    step = line.x0 - current[-1].x0
    if len(current) == 1:
        # a second line further right is a hanging indent, unless the first one was ended
        return step > 0.7 * size and (cut or ended(current[0].text))
    return abs(step) > 0.7 * size


def _with_depth(items: list[Draft | Table]) -> list[Draft | Table]:
    """The items, list items numbered by how deep they are nested: by their distance from the left edge."""
    result: list[Draft | Table] = []
    edges: list[float] = []
    for item in items:
        if not isinstance(item, Draft) or item.kind != "list_item":
            if isinstance(item, Draft):
                edges = []
            result.append(item)
            continue
        indent = item.first.x0 - item.first.column[0]
        while edges and indent < edges[-1] - 0.5 * item.first.style.size:
            edges.pop()
        if not edges or indent > edges[-1] + 0.5 * item.first.style.size:
            edges.append(indent)
        result.append(replace(item, level=len(edges)))
    return result
