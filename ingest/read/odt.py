"""OpenDocument text (.odt) -> blocks, through odfdo.

odfdo opens the package and knows its properties; the walk is over the plain XML, because odfdo's own elements
stumble over comments and over namespaces that other programs add, and its parser expands entities.
Left out on purpose: headers and footers, comments, deletions that are tracked, struck-through and hidden text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from odfdo import Document

from ingest.read.archive import check_archive
from ingest.read.odt_styles import Counter, Styles, said, tag_of
from ingest.read.properties import sensible_author, sensible_date, sensible_title
from ingest.read.structure import Cell, Draft, list_level
from ingest.types import Extract

_LOOKED_THROUGH = {
    "text:section", "text:index-body", "text:index-title", "text:table-of-content", "text:illustration-index",
    "text:table-index", "text:object-index", "text:user-index", "text:alphabetical-index", "text:bibliography",
    "office:text", "draw:text-box", "text:note-body", "table:table-cell",
}  # fmt: skip
_LEFT_OUT = {
    "office:annotation", "office:annotation-end", "text:tracked-changes", "text:placeholder", "text:hidden-text",
    "text:ruby-text", "svg:title", "svg:desc", "office:event-listeners", "presentation:notes", "draw:image",
}  # fmt: skip
_SIGNS = {"text:s": " ", "text:tab": "\t", "text:line-break": "\n"}
_ROW_GROUPS = {"table:table-header-rows", "table:table-rows", "table:table-row-group"}
_QUOTES = {"quotations", "quote", "intense quote", "block text", "citaat"}
_CAPTIONS = {"caption", "illustration", "figure", "drawing", "bijschrift"}
# Spreadsheet-like tables end in thousands of empty cells, written once with a count.
_MOST_REPEATS = 100


def read(path: Path, source: str) -> Extract:
    """The blocks of an ODT file, and the title, author and date in its properties.

    Raises EncryptedFile, FileTooLarge or DamagedFile; what odfdo throws on a damaged file passes through.
    """
    check_archive(path, source)
    document = Document(path)
    package: Any = document.container
    styles, content = (fromstring(package.get_part(name)) for name in ("styles.xml", "content.xml"))
    draft = Draft()
    body = next(element for element in content if tag_of(element) == "office:body")
    _Walk(Styles([styles, content])).blocks(body, draft)
    properties = document.meta
    return Extract(
        blocks=tuple(draft.blocks),
        title=sensible_title(properties.title),
        author=sensible_author(properties.creator or properties.initial_creator),
        issued=sensible_date(properties.date) or sensible_date(properties.creation_date),
    )


@dataclass(slots=True)
class _Line:
    """The text of one paragraph as it is gathered, and what hangs on it."""

    pieces: list[str] = field(default_factory=list)
    bold: bool = True
    notes: list[Any] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces).strip()

    def add(self, text: str | None, *, bold: bool) -> None:
        """Add text as XML has it, where a line end is a space."""
        if text:
            self.pieces.append(text.replace("\n", " "))
            self.bold = self.bold and (bold or not text.strip())


class _Walk:
    """A walk over the body of a document, in reading order; numbers depend on what came before."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._chapters = Counter(styles.outline)
        self._counters: dict[str, Counter] = {}

    def blocks(self, container: Any, draft: Draft) -> None:
        """Add the blocks in a body, section, cell, text box or note to the draft."""
        for element in container:
            tag = tag_of(element)
            if tag in {"text:p", "text:h"}:
                self._paragraph(element, draft, kind="heading" if tag == "text:h" else "paragraph")
            elif tag == "text:list":
                self._list(element, draft, self._counter(element), depth=1)
            elif tag == "table:table":
                draft.table([self._row(row, draft) for row in _rows(element)])
            elif _is_container(element):
                self.blocks(element, draft)

    def _paragraph(self, element: Any, draft: Draft, *, kind: str, label: str = "", level: int = 0) -> None:
        style = said(element, "text:style-name")
        line = _Line()
        if not self._styles.is_unseen("paragraph", style):
            self._inline(element, line, bold=self._styles.is_bold("paragraph", style) or False)
        names = self._styles.names(style)
        text = f"{label} {line.text}".strip() if line.text else ""
        if kind == "heading" and text:
            depth = _outline_level(element)
            draft.heading(f"{'' if label else self._chapters.label(depth, element)} {text}", depth)
        elif "title" in names:
            draft.heading(text, 1)
        elif kind == "list_item":
            draft.text("list_item", text, max(level, list_level(names)))
        elif not _QUOTES.isdisjoint(names):
            draft.text("quote", text)
        elif not _CAPTIONS.isdisjoint(names):
            draft.text("caption", text)
        elif line.bold:
            draft.bold_line(text)
        else:
            draft.paragraph(text)
        for note in line.notes:
            inside = Draft()
            self.blocks(note, inside)
            draft.text("footnote", " ".join(block.text for block in inside.blocks))
        for box in line.boxes:
            self.blocks(box, draft)

    def _inline(self, parent: Any, line: _Line, *, bold: bool) -> None:
        line.add(parent.text, bold=bold)
        for element in parent:
            tag = tag_of(element)
            if tag in _SIGNS:
                line.pieces.append(_SIGNS[tag])
            elif tag == "text:note":
                line.notes += [part for part in element if tag_of(part) == "text:note-body"]
            elif tag == "draw:a":
                line.boxes += element
            elif tag.startswith("draw:"):
                line.boxes.append(element)
            elif tag == "text:span":
                self._span(element, line, bold=bold)
            elif tag not in _LEFT_OUT and said(element, "text:is-hidden") != "true":
                self._inline(element, line, bold=bold)
            line.add(element.tail, bold=bold)

    def _span(self, span: Any, line: _Line, *, bold: bool) -> None:
        style = said(span, "text:style-name")
        own = self._styles.is_bold("text", style)
        if not self._styles.is_unseen("text", style):
            self._inline(span, line, bold=bold if own is None else own)

    def _counter(self, element: Any) -> Counter:
        """The counter of an outermost list: a new one, or that of the list it goes on with."""
        name = said(element, "text:style-name") or ""
        goes_on = said(element, "text:continue-numbering") == "true" or said(element, "text:continue-list") is not None
        if not goes_on or name not in self._counters:
            self._counters[name] = Counter(self._styles.list_levels(name))
        return self._counters[name]

    def _list(self, element: Any, draft: Draft, counter: Counter, depth: int) -> None:
        for item in element:
            if tag_of(item) not in {"text:list-item", "text:list-header"}:
                continue
            # An item that only holds a deeper list shows no number, so it is counted at its first paragraph.
            begun = tag_of(item) == "text:list-header"
            for part in item:
                if tag_of(part) == "text:list":
                    self._list(part, draft, self._deeper(part, counter), depth + 1)
                elif tag_of(part) in {"text:p", "text:h"} and not begun:
                    begun = True
                    kind = "heading" if tag_of(part) == "text:h" else "list_item"
                    self._paragraph(part, draft, kind=kind, label=counter.label(depth, item), level=depth)
                elif tag_of(part) in {"text:p", "text:h"}:
                    self._paragraph(part, draft, kind="heading" if tag_of(part) == "text:h" else "paragraph")

    def _deeper(self, element: Any, counter: Counter) -> Counter:
        name = said(element, "text:style-name")
        return Counter(self._styles.list_levels(name)) if name and self._styles.list_levels(name) else counter

    def _row(self, row: Any, draft: Draft) -> list[Cell]:
        cells: list[Cell] = []
        covered_here = 0
        for cell in row:
            if tag_of(cell) == "table:covered-table-cell":
                # Covered by the cell before it in this row, or by one that runs on from a row above.
                count = _count(cell, "table:number-columns-repeated")
                cells += [None] * max(0, count - covered_here)
                covered_here = max(0, covered_here - count)
            elif tag_of(cell) == "table:table-cell":
                inside = draft.nested()
                self.blocks(cell, inside)
                cells += [inside.blocks] * _count(cell, "table:number-columns-repeated")
                covered_here = _count(cell, "table:number-columns-spanned") - 1
        return cells


def _is_container(element: Any) -> bool:
    """Whether there can be paragraphs in the element that are shown."""
    shape = tag_of(element).startswith("draw:") and tag_of(element) not in _LEFT_OUT
    return (shape or tag_of(element) in _LOOKED_THROUGH) and said(element, "text:display") != "none"


def _rows(table: Any) -> Iterator[Any]:
    for element in table:
        if tag_of(element) in _ROW_GROUPS:
            yield from _rows(element)
        elif tag_of(element) == "table:table-row" and said(element, "table:visibility") is None:
            yield element


def _count(element: Any, name: str) -> int:
    text = said(element, name) or ""
    return min(max(int(text), 1), _MOST_REPEATS) if text.isdecimal() else 1


def _outline_level(element: Any) -> int:
    text = said(element, "text:outline-level") or ""
    return max(int(text), 1) if text.isdecimal() else 1
