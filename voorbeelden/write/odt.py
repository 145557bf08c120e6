"""Sample documents as an OpenDocument text."""

import io
from typing import Any

from odfdo import (
    Cell,
    Document,
    Element,
    Header,
    HeaderRows,
    List,
    ListItem,
    Paragraph,
    Row,
    Span,
    Style,
    Table,
    VarPageNumber,
)

from voorbeelden.write.archive import with_fixed_times
from voorbeelden.write.text import DARK, ISSUED, ISSUED_TEXT, LIGHT, PUBLISHER, Part, parse

INDENT = (
    '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
    '<style:list-level-label-alignment text:label-followed-by="listtab" '
    'fo:text-indent="-0.7cm" fo:margin-left="0.9cm"/>'
    "</style:list-level-properties>"
)
# The list styles of odfdo's template have no indent.
LIST_STYLES = (
    '<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1" text:bullet-char="•">'
    f"{INDENT}</text:list-level-style-bullet></text:list-style>",
    '<text:list-style style:name="Numbers"><text:list-level-style-number text:level="1" style:num-format="1" '
    f'style:num-suffix=".">{INDENT}</text:list-level-style-number></text:list-style>',
)
HEADING_SIZES = {1: "20pt", 2: "14pt", 3: "12pt"}


def make_odt(markdown: str) -> bytes:
    """An OpenDocument text with heading and list styles, and page numbers in the footer."""
    parts = parse(markdown)
    document = Document("text")
    document.body.clear()
    _set_styles(document)
    meta = document.meta
    meta.title, meta.language, meta.creator, meta.initial_creator = parts[0].text, "nl-NL", PUBLISHER, PUBLISHER
    meta.creation_date = meta.date = ISSUED.replace(tzinfo=None)
    for part in parts:
        match part.kind:
            case "heading":
                name = f"Heading_20_{part.level}"
                document.body.append(Header(part.level, part.text, style=name, formatted=False))
            case "table":
                document.body.append(_table(part.rows))
                document.body.append(Paragraph(style="Text_20_body"))
            case "bullet" | "number":
                if part.number == 1:
                    open_list = List(style="Bullets" if part.kind == "bullet" else "Numbers")
                    document.body.append(open_list)
                item = ListItem()
                item.append(_paragraph(part))
                open_list.append(item)
            case _:
                document.body.append(_paragraph(part))
    file = io.BytesIO()
    document.save(file, pretty=False)
    return with_fixed_times(file.getvalue())


def _set_styles(document: Any) -> None:
    """Turn the French template of odfdo, which numbers its headings, into a plain Dutch publication."""
    root = document.get_part("styles.xml").root
    for language in root.get_elements("//style:text-properties[@fo:language]"):
        language.set_attribute("fo:language", "nl")
        language.set_attribute("fo:country", "NL")
        language.set_attribute("style:font-name", "Liberation Sans")
        language.set_attribute("fo:font-size", "11pt")
    for level in root.get_elements("//text:outline-level-style"):
        for numbering in ("style:num-format", "style:num-suffix", "loext:num-list-format"):
            level.set_attribute(numbering, "")
    for number, size in HEADING_SIZES.items():
        heading = document.get_style("paragraph", f"Heading_20_{number}")
        heading.set_properties({"fo:color": DARK, "fo:font-size": size, "fo:font-style": "normal"}, area="text")
    document.insert_style(Style("text", name="Strong", bold=True))
    document.insert_style(Style("text", name="Emphasis", italic=True))
    cell: dict[str, Any] = {"border": f"0.5pt solid {DARK}", "padding": "0.1cm"}
    document.insert_style(Style("table-cell", name="Cell", **cell), automatic=True)
    document.insert_style(Style("table-cell", name="HeadCell", background_color=LIGHT, **cell), automatic=True)
    for style in LIST_STYLES:
        root.get_element("office:styles").append(Element.from_tag(style))
    footer = Paragraph(f"{PUBLISHER}, {ISSUED_TEXT}. Pagina ", style="Standard")
    footer.append(VarPageNumber())
    document.get_style("master-page", "Standard").set_page_footer(footer)


def _paragraph(part: Part) -> Paragraph:
    paragraph = Paragraph(style="Text_20_body")
    for run in part.runs:
        style = "Strong" if run.bold else "Emphasis" if run.italic else None
        paragraph.append(Span(run.text, style=style, formatted=False) if style else run.text)
    return paragraph


def _table(rows: tuple[tuple[str, ...], ...]) -> Table:
    """A table with ruled cells, of which the header row repeats on a next page."""
    table = Table("Tabel")
    head = HeaderRows()
    table.append(head)
    for index, texts in enumerate(rows):
        row = Row()
        for text in texts:
            cell = Cell(style="Cell" if index else "HeadCell", cell_type="string")
            span = Span(text, style=None if index else "Strong", formatted=False)
            cell.append(Paragraph(span if index == 0 else text, style="Standard", formatted=False))
            row.append(cell)
        (table if index else head).append(row)
    return table
