"""Answers to export, and the footnotes of the files that come out as another library reads them."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from odfdo import Document as OdtDocument

from api.export.exported import export
from assistant.types import Answer, Citation, Statement, Status
from ingest.types import Document, Passage
from tests.test_record import ANSWER

ASKED = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # the day after, in the Netherlands
LINK = "https://assistent.veldrijk.example/antwoorden/a1"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VISION = Document(
    "d1", "wonen/visie.pdf", "Woonvisie Veldrijk", "application/pdf", "h1", "Gemeente Veldrijk", issued="2024-03",
    pages=5, page_labels=("i", "ii", "1", "2", "3"),
)  # fmt: skip
LETTER = Document("d2", "brief.docx", "Brief over de jeugd", "application/msword", "h2", issued="2023-06-01")
LEAD = "De visie noemt drie soorten woningen:"
ITEMS = ("sociale huur", "middenhuur", "koop")


def cited(number: int, quote: str, document: Document = VISION, page: int | None = None) -> Citation:
    """A citation of this quote, as it stands on a page."""
    passage = Passage(f"p{number}", document.doc_id, 0, quote, (document.title, "Deel 2", "Opgave"), 0, len(quote))
    label = document.page_labels[page - 1] if page and document.page_labels else None
    return Citation(number, passage, document, quote, 0, len(quote), page, label)


def answered(*statements: Statement, citations: tuple[Citation, ...], **changes) -> Answer:
    """An answer of these statements."""
    return replace(
        ANSWER, statements=statements, citations=citations, suggestions=(), questions=(), reply=None,
        **{"status": Status.ANSWERED, "language": "nl", **changes},
    )  # fmt: skip


def list_answer(**changes) -> Answer:
    """A list with its lead-in, each with a citation, and a sentence from another document."""
    text = "\n".join((f"“{LEAD}”", *(f"– “{one}”" for one in ITEMS)))
    cites = [cited(at, quote, page=2 + at) for at, quote in enumerate((LEAD, *ITEMS[:2]), 1)]
    cites += [cited(4, ITEMS[2]), cited(5, "De wachttijd is 14 weken.", LETTER)]
    said = "Brief over de jeugd (1 juni 2023): “De wachttijd is 14 weken.”"
    return answered(Statement(text, (1, 2, 3, 4)), Statement(said, (5,)), citations=tuple(cites), **changes)


def word_of(answer: Answer, **options):
    """The Word file of an answer, opened."""
    return docx.Document(io.BytesIO(file_of(answer, "docx", **options)))


def odt_of(answer: Answer, **options) -> OdtDocument:
    """The OpenDocument text of an answer, opened."""
    return OdtDocument(io.BytesIO(file_of(answer, "odt", **options)))


def file_of(answer: Answer, kind, *, link: str = LINK, organisation: str = "") -> bytes:
    """The bytes of the file."""
    return export(answer, kind, asked_at=ASKED, link=link, organisation=organisation).content


def word_notes(opened) -> list[str]:
    """The text of the footnotes of a Word file, in the order in which the document refers to them."""
    part = opened.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES)
    notes = {one.get(f"{W}id"): word_text(one) for one in parse_xml(part.blob).iter(f"{W}footnote")}
    return [notes[one.get(f"{W}id")] for one in opened.element.iter(f"{W}footnoteReference")]


def word_text(element) -> str:
    """The text of an element of Word."""
    signs = {f"{W}br": "\n", f"{W}tab": "\t"}
    return "".join(signs.get(one.tag) or (one.text or "" if one.tag == f"{W}t" else "") for one in element.iter())


def odt_notes(opened: OdtDocument) -> list[str]:
    """The text of the footnotes of an OpenDocument text, in the order in which they stand in it."""
    return [
        odt_text(one.get_element("descendant::text:note-body/text:p"))
        for one in opened.body.get_elements("descendant::text:note")
    ]


def odt_text(element) -> str:
    """The text of an element of OpenDocument, with its spaces, tabs and line ends."""
    said = element.text or ""
    for child in element.children:
        signs = {"text:line-break": "\n", "text:tab": "\t", "text:s": " " * int(child.get_attribute("text:c") or 1)}
        said += signs.get(child.tag) or odt_text(child)
        said += child.tail or ""
    return said


def numbers(text: str) -> list[int]:
    """The numbers of the [^n] in the text of a Markdown file."""
    return [int(one) for one in re.findall(r"(?<!\\)\[\^(\d+)\](?!:)", text)]
