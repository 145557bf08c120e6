"""Sample documents as a Word file."""

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from voorbeelden.write.archive import with_fixed_times
from voorbeelden.write.text import DARK, ISSUED, ISSUED_TEXT, PUBLISHER, Part, parse


def make_docx(markdown: str) -> bytes:
    """A Word document with heading, list and quote styles, a running title, and page numbers in the footer."""
    parts = parse(markdown)
    document = Document()
    _set_up(document, parts[0].text)
    list_id = 0
    for part in parts:
        if part.kind == "table":
            _add_table(document, part.rows)
            continue
        paragraph = document.add_paragraph(style=_style(part))
        for run in part.runs:
            written = paragraph.add_run(run.text)
            written.bold, written.italic = run.bold or None, run.italic or None
        if part.kind == "number":
            list_id = _restarted_list(document) if part.number == 1 else list_id
            paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = list_id
    file = io.BytesIO()
    document.save(file)
    return with_fixed_times(file.getvalue())


def _set_up(document: Any, title: str) -> None:
    """Set the paper, the styles, the properties, and the header and footer."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    styles = document.styles
    styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(11)
    for name in ("Title", "Heading 1", "Heading 2", "Intense Quote"):
        styles[name].font.color.rgb = RGBColor.from_string(DARK[1:])
    styles["Title"].font.size = Pt(24)
    for level in document.part.numbering_part.element.iter(qn("w:lvl")):
        # The template leaves no room between "10." and the text.
        indents = level.find(qn("w:pPr"))
        indents.clear()
        indents.append(_element("w:ind", left="510", hanging="510"))
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "nl-NL")
    properties = document.core_properties
    properties.title, properties.language, properties.comments = title, "nl-NL", ""
    properties.author = properties.last_modified_by = PUBLISHER
    properties.created = properties.modified = ISSUED.replace(tzinfo=None)
    section.header.paragraphs[0].text = title
    footer = section.footer.paragraphs[0]
    styles["Footer"].paragraph_format.tab_stops.clear_all()
    styles["Footer"].paragraph_format.tab_stops.add_tab_stop(Cm(16), WD_TAB_ALIGNMENT.RIGHT)
    footer.text = f"{PUBLISHER}, {ISSUED_TEXT}\tPagina "
    footer._p.append(_element("w:fldSimple", instr="PAGE"))


def _element(tag: str, **attributes: str) -> Any:
    """An element of Word's markup, for what python-docx has no call for."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _style(part: Part) -> str:
    """The name of Word's own style for a block."""
    if part.kind == "heading":
        return "Title" if part.level == 1 else f"Heading {part.level - 1}"
    return {"bullet": "List Bullet", "number": "List Number", "quote": "Intense Quote"}.get(part.kind, "Normal")


def _restarted_list(document: Any) -> int:
    """The id of a new list that counts from 1: without one, Word counts on from the list before."""
    numbering = document.part.numbering_part.element
    style_list = numbering.num_having_numId(document.styles["List Number"].element.pPr.numPr.numId.val)
    new_list = numbering.add_num(style_list.abstractNumId.val)
    new_list.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(new_list.numId)


def _add_table(document: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    """Append a table of which the header row repeats on a next page."""
    table = document.add_table(len(rows), len(rows[0]), style="Light Grid Accent 1")
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph()
