"""Word files (.docx, .docm) -> blocks, through python-docx.

python-docx opens the package and parses its parts; its paragraph objects leave out footnotes, text boxes, content
controls and list numbers, so the walk is over the XML that they stand on. Left out on purpose: headers and footers,
comments, tracked deletions, struck-through and hidden text, and text that a template asks to replace.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docx.oxml import parse_xml
from docx.package import Package

from ingest.read.archive import check_archive
from ingest.read.properties import sensible_author, sensible_date, sensible_title
from ingest.read.structure import Cell, Draft, list_level
from ingest.read.word_styles import Numbered, Numbering, Styles, W, child, switch, value
from ingest.types import Extract

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(officeDocument|wordprocessingml|drawingml)/(\w+)")
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

_PROPERTIES = {f"{W}pPr", f"{W}rPr"}
_DELETED = {f"{W}del", f"{W}moveFrom"}
_DRAWINGS = {f"{W}drawing", f"{W}pict", f"{W}object"}
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
# Symbol fonts whose signs people meet as text: arrows that Word makes of "-->", and boxes to tick.
_SYMBOLS = {"F0E0": "→", "F0DF": "←", "F0FE": "☒", "F0A8": "☐", "F06F": "☐", "F0FC": "✓"}
_QUOTES = {"quote", "intense quote", "block text", "citaat", "duidelijk citaat"}
_HIDING = ("vanish", "strike", "dstrike")


def read(path: Path, source: str) -> Extract:
    """The blocks of a Word file, and the title, author and date in its properties.

    Raises EncryptedFile, FileTooLarge or DamagedFile; what python-docx throws on a damaged file passes through.
    """
    check_archive(path, source)
    package = Package.open(_transitional(path))
    main = package.main_document_part

    def root(name: str) -> Any:
        # A part that python-docx has no class for, such as that of a .docm, is bytes to parse.
        parts = (relation.target_part for relation in main.rels.values() if relation.reltype == _RELATION + name)
        part = next(parts, None)
        return None if part is None else parse_xml(part.blob)

    styles = Styles(root("styles"))
    notes = {name: _notes(root(name)) for name in ("footnotes", "endnotes")}
    walk = _Walk(styles, Numbering(root("numbering"), styles), notes)
    draft = Draft()
    walk.blocks(child(parse_xml(main.blob), "body"), draft)
    properties = package.core_properties
    return Extract(
        blocks=tuple(draft.blocks),
        title=sensible_title(properties.title),
        author=sensible_author(properties.author),
        # People start from last year's file, so the day it was made says less than the day it was finished.
        issued=sensible_date(properties.modified) or sensible_date(properties.created),
    )


def _transitional(path: Path) -> Any:
    """The file, or a copy in memory with the usual names where it is in the "strict" form, which uses others."""
    with zipfile.ZipFile(path) as strict:
        if "_rels/.rels" not in strict.namelist() or b"//purl.oclc.org/ooxml/" not in strict.read("_rels/.rels"):
            return str(path)
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w") as usual:
            for name in strict.namelist():
                data = strict.read(name)
                usual.writestr(name, _STRICT.sub(_usual_name, data) if name.endswith((".xml", ".rels")) else data)
    return copy


def _usual_name(found: re.Match[bytes]) -> bytes:
    return b"http://schemas.openxmlformats.org/%s/2006/%s" % (found[1], found[2])


def _notes(root: Any) -> dict[str | None, Any]:
    return (
        {} if root is None else {note.get(f"{W}id"): note for note in root if note.get(f"{W}type") in {None, "normal"}}
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


class _Walk:
    """A walk over the body of a document, in reading order; list numbers depend on what came before."""

    def __init__(self, styles: Styles, numbering: Numbering, notes: dict[str, dict[str | None, Any]]) -> None:
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        # Text of a paragraph whose end was deleted: it runs on in the next.
        self._carried: list[str] = []

    def blocks(self, container: Any, draft: Draft) -> None:
        """Add the blocks of a body, cell, text box or note to the draft."""
        for element in _children(container):
            if element.tag == f"{W}p":
                self._paragraph(element, draft)
            elif element.tag == f"{W}tbl":
                draft.table([self._row(row, draft) for row in _children(element) if _is_row(row)])

    def _paragraph(self, paragraph: Any, draft: Draft) -> None:
        style_id = value(paragraph, "pPr/pStyle")
        line = _Line()
        self._inline(paragraph, style_id, line)
        mark = child(paragraph, "pPr/rPr")
        if mark is not None and (child(mark, "del") is not None or child(mark, "moveFrom") is not None):
            self._carried.append(line.text)
            return
        line.pieces[:0] = [text + " " for text in self._carried if text]
        self._carried = []
        place = self._numbering.place(paragraph, style_id)
        self._add(line, paragraph, place, draft)
        for note in line.notes:
            inside = Draft()
            self.blocks(note, inside)
            draft.text("footnote", " ".join(block.text for block in inside.blocks))
        for box in line.boxes:
            self.blocks(box, draft)

    def _add(self, line: _Line, paragraph: Any, place: Numbered | None, draft: Draft) -> None:
        style_id = value(paragraph, "pPr/pStyle")
        label = self._numbering.label(place) if place else ""
        text = f"{label} {line.text}".strip() if line.text else ""
        names = self._styles.names(style_id)
        if level := self._heading_level(paragraph, style_id, names):
            draft.heading(text, level)
        elif "caption" in names:
            draft.text("caption", text)
        elif not _QUOTES.isdisjoint(names):
            draft.text("quote", text)
        elif place:
            draft.text("list_item", text, max(place.depth + 1, list_level(names)))
        elif list_level(names):
            draft.text("list_item", text, list_level(names))
        elif line.bold:
            draft.bold_line(text)
        else:
            draft.paragraph(text)

    def _heading_level(self, paragraph: Any, style_id: str | None, names: list[str]) -> int:
        """The level of a heading, 0 for other paragraphs."""
        own = value(paragraph, "pPr/outlineLvl")
        level = int(own) if own and own.isdecimal() and int(own) < 9 else self._styles.outline_level(style_id)
        if level is not None:
            return level + 1
        if "title" in names or "toc heading" in names:
            return 1
        for name in names:
            word, _, number = name.partition(" ")
            if word in {"heading", "kop"} and number.isdecimal():
                return int(number)
        return 0

    def _inline(self, parent: Any, style_id: str | None, line: _Line) -> None:
        """Gather the text of runs; everything that wraps runs (links, insertions, controls) is looked through."""
        for element in _children(parent):
            if element.tag == f"{W}r":
                if not self._is_hidden(element, style_id):
                    self._run(element, style_id, line)
            elif element.tag == _MATH_TEXT:
                line.pieces.append(element.text or "")
            elif element.tag not in _PROPERTIES:
                self._inline(element, style_id, line)

    def _run(self, run: Any, style_id: str | None, line: _Line) -> None:
        bold = self._is_on(run, style_id, "b")
        for element in _children(run):
            tag = element.tag
            if tag == f"{W}t":
                line.pieces.append(element.text or "")
                line.bold = line.bold and (bold or not (element.text or "").strip())
            elif tag == f"{W}br":
                line.pieces.append("\n" if element.get(f"{W}type") in {None, "textWrapping"} else " ")
            elif tag == f"{W}sym":
                line.pieces.append(_SYMBOLS.get(element.get(f"{W}char", "").upper(), " "))
            elif tag in _SIGNS:
                line.pieces.append(_SIGNS[tag])
            elif tag in _NOTES:
                note = self._notes[_NOTES[tag]].get(element.get(f"{W}id"))
                line.notes.extend([] if note is None else [note])
            elif tag in _DRAWINGS:
                line.boxes.extend(_text_boxes(element))

    def _is_hidden(self, run: Any, style_id: str | None) -> bool:
        return any(self._is_on(run, style_id, name) for name in _HIDING)

    def _is_on(self, run: Any, style_id: str | None, name: str) -> bool:
        own = switch(run, f"rPr/{name}")
        if own is not None:
            return own
        character_style = value(run, "rPr/rStyle")
        if character_style and self._styles.switch(character_style, f"rPr/{name}"):
            return True
        return self._styles.switch(style_id, f"rPr/{name}")

    def _row(self, row: Any, draft: Draft) -> list[Cell]:
        cells: list[Cell] = []
        for cell in _children(row):
            if cell.tag != f"{W}tc" or value(cell, "tcPr/hMerge") == "continue":
                continue
            merged = child(cell, "tcPr/vMerge")
            if merged is not None and merged.get(f"{W}val") != "restart":
                cells.append(None)
                continue
            inside = draft.nested()
            self.blocks(cell, inside)
            cells.append(inside.blocks)
        return cells


def _children(parent: Any) -> Iterator[Any]:
    """The elements in a parent, looking through wrappers, without what was deleted or is there only for old readers."""
    for element in parent if parent is not None else ():
        tag = element.tag
        if tag in _DELETED or not isinstance(tag, str):
            continue
        if tag == f"{W}sdt":
            if child(element, "sdtPr/showingPlcHdr") is None:
                yield from _children(child(element, "sdtContent"))
        elif tag in {f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"}:
            yield from _children(element)
        elif tag == _ALTERNATIVES:
            yield from _children(next(iter(element), None))
        else:
            yield element


def _text_boxes(drawing: Any) -> Iterator[Any]:
    """The outermost text boxes in a drawing; those inside them are found when their text is read."""
    for element in drawing:
        if element.tag == f"{W}txbxContent":
            yield element
        elif element.tag != _FALLBACK:
            yield from _text_boxes(element)


def _is_row(element: Any) -> bool:
    properties = child(element, "trPr")
    hidden = properties is not None and any(child(properties, name) is not None for name in ("del", "hidden"))
    return element.tag == f"{W}tr" and not hidden
