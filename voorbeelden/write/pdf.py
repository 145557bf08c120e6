"""Sample documents as a PDF in two columns, as a printed publication has them."""

import io
from html import escape
from typing import Any

from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Frame,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

from voorbeelden.write.text import DARK, ISSUED_TEXT, LIGHT, PUBLISHER, Part, parse

WIDTH, HEIGHT = A4
MARGIN = 20 * mm
GAP = 9 * mm
BAND = 50 * mm  # the coloured band over the first page, with the title in it
BOTTOM = 22 * mm
COLUMN = (WIDTH - 2 * MARGIN - GAP) / 2
NO_PADDING = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=14, alignment=TA_LEFT, spaceAfter=6)
CELL = ParagraphStyle("cell", BODY, fontSize=8.5, leading=11, spaceAfter=0)
ITEM = ParagraphStyle("item", BODY, leftIndent=16, bulletIndent=1, bulletFontSize=10, spaceAfter=3)
QUOTE = ParagraphStyle("quote", fontName="Helvetica-BoldOblique", fontSize=13, leading=17, textColor=DARK)
HEADINGS = {
    1: ParagraphStyle("heading1", fontName="Helvetica-Bold", fontSize=22, leading=27, textColor="white"),
    2: ParagraphStyle(
        "heading2", fontName="Helvetica-Bold", fontSize=13.5, leading=17, textColor=DARK, spaceBefore=10, spaceAfter=4,
        keepWithNext=1,
    ),
    3: ParagraphStyle(
        "heading3", fontName="Helvetica-Bold", fontSize=10.5, leading=14, textColor=DARK, spaceBefore=5, spaceAfter=2,
        keepWithNext=1,
    ),
}  # fmt: skip


def make_pdf(markdown: str) -> bytes:
    """The bytes of a PDF with the title over both columns, a running title, page numbers and bookmarks."""
    title, *body = parse(markdown)

    def first_page(canvas: Any, document: Any) -> None:
        canvas.setFillColor(DARK)
        canvas.rect(0, HEIGHT - BAND, WIDTH, BAND, stroke=0, fill=1)
        _footer(canvas, document)

    def later_page(canvas: Any, document: Any) -> None:
        _footer(canvas, document)
        canvas.drawString(MARGIN, HEIGHT - 14 * mm, title.text)
        canvas.setStrokeColor(DARK)
        canvas.line(MARGIN, HEIGHT - 16.5 * mm, WIDTH - MARGIN, HEIGHT - 16.5 * mm)

    file = io.BytesIO()
    # Without compression the bytes do not depend on the zlib that happens to be installed.
    document = Publication(
        file,
        invariant=1,
        pageCompression=0,
        lang="nl-NL",
        title=title.text,
        author=PUBLISHER,
        subject="",
        creator=PUBLISHER,
        displayDocTitle=1,
    )
    head = Frame(MARGIN, HEIGHT - BAND, WIDTH - 2 * MARGIN, BAND - 14 * mm, **NO_PADDING)
    document.addPageTemplates(
        [
            PageTemplate("first", [head, *_columns(HEIGHT - BAND - 9 * mm)], onPage=first_page, pagesize=A4),
            PageTemplate("later", _columns(HEIGHT - 24 * mm), onPage=later_page, pagesize=A4),
        ]
    )
    document.build([NextPageTemplate("later"), _flowable(title), CondPageBreak(BAND), *map(_flowable, body)])
    return file.getvalue()


class Publication(BaseDocTemplate):  # type: ignore[misc]  # reportlab has no types
    """A document that makes a bookmark of every heading."""

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802  # reportlab calls it by this name
        """Add the bookmark of the heading that has just been drawn."""
        name = getattr(getattr(flowable, "style", None), "name", "")
        if name.startswith("heading"):
            key = f"heading-{self.canv.getPageNumber()}-{flowable.getPlainText()}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.getPlainText(), key, level=int(name[-1]) - 1)


def _columns(top: float) -> list[Frame]:
    """Two frames side by side, from `top` down to the footer."""
    return [Frame(x, BOTTOM, COLUMN, top - BOTTOM, **NO_PADDING) for x in (MARGIN, MARGIN + COLUMN + GAP)]


def _footer(canvas: Any, document: Any) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor("#444444")
    canvas.drawString(MARGIN, 12 * mm, f"{PUBLISHER}, {ISSUED_TEXT}")
    canvas.drawRightString(WIDTH - MARGIN, 12 * mm, f"Pagina {document.page}")


def _flowable(part: Part) -> Any:
    """One block as reportlab lays it out."""
    match part.kind:
        case "heading":
            return Paragraph(_markup(part), HEADINGS[part.level])
        case "table":
            return _table(part.rows)
        case "quote":
            return _pull_quote(part)
        case "bullet" | "number":
            return Paragraph(_markup(part), ITEM, bulletText="•" if part.kind == "bullet" else f"{part.number}.")
        case _:
            return Paragraph(_markup(part), BODY)


def _pull_quote(part: Part) -> Table:
    """A sentence that stands out, between two rules."""
    rules = TableStyle(
        [
            ("LINEABOVE", (0, 0), (-1, 0), 1.5, DARK),
            ("LINEBELOW", (0, -1), (-1, -1), 1.5, DARK),
            ("TOPPADDING", (0, 0), (-1, -1), 7),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
        ]
    )
    return Table([[Paragraph(_markup(part), QUOTE)]], [COLUMN], style=rules, spaceBefore=8, spaceAfter=12)


def _markup(part: Part) -> str:
    """The text of a block in reportlab's own markup."""
    marked = []
    for run in part.runs:
        text = escape(run.text)
        text = f"<b>{text}</b>" if run.bold else text
        marked.append(f"<i>{text}</i>" if run.italic else text)
    return "".join(marked)


def _table(rows: tuple[tuple[str, ...], ...]) -> Table:
    """A table over the width of one column, that repeats its header row where it breaks."""
    head = ParagraphStyle("head", CELL, fontName="Helvetica-Bold", textColor="white")
    cells = [[Paragraph(escape(text), CELL if index else head) for text in row] for index, row in enumerate(rows)]
    style = TableStyle([
        ("BACKGROUND", (0, 0), (-1, 0), DARK),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), ["white", LIGHT]),
        ("LINEBELOW", (0, -1), (-1, -1), 0.75, DARK),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
    ])  # fmt: skip
    return Table(cells, [COLUMN / len(rows[0])] * len(rows[0]), style=style, repeatRows=1, spaceBefore=2, spaceAfter=8)
