"""What goes over the HTTP wire and nowhere else: parts of the library, events, problems, health."""

from typing import Literal

from pydantic import Field

from api.schemas import CitationSchema, Schema, StatementSchema
from ingest.types import CanonicalText, Document, Passage


class PassagePlaceSchema(Schema):
    """Een passage, en waar zij staat: `text` is de tekst van het document van `start` tot `end`."""

    passage_id: str
    doc_id: str
    source: str
    title: str
    section: list[str]
    first_page: int | None
    last_page: int | None
    ordinal: int
    start: int
    end: int
    text: str


class PageSchema(Schema):
    """Waar een bladzijde begint in de tekst, geteld in tekens (Unicode-codepunten)."""

    page: int
    start: int


class DocumentTextSchema(Schema):
    """De tekst van een document, waar alle citaten naar verwijzen; `pages` is leeg als er geen bladzijden zijn."""

    doc_id: str
    source: str
    title: str
    text: str
    pages: list[PageSchema]


class BoxSchema(Schema):
    """Een vak op de afbeelding van een bladzijde, als deel van de breedte en de hoogte: van 0 (links, boven) tot 1."""

    left: float
    top: float
    width: float
    height: float


class BoxesSchema(Schema):
    """De vakken waarin een citaat staat, op volgorde van het citaat."""

    boxes: list[BoxSchema]


class StatementEventSchema(Schema):
    """Een uitspraak van een antwoord dat nog in de maak is, met de bronnen die er nieuw bij zijn."""

    statement: StatementSchema
    citations: list[CitationSchema]


class FieldErrorSchema(Schema):
    """Een veld dat niet klopt, en wat je eraan doet."""

    field: str = Field(examples=["filters.issuedFrom"])
    message: str = Field(examples=["Schrijf een datum als 2024, 2024-05 of 2024-05-31."])


class ProblemSchema(Schema):
    """Een fout (RFC 9457). `type` blijft gelijk en is voor programma's; de rest is om te lezen."""

    type: str = Field(examples=["urn:vng-assistent:problem:invalid-input"])
    title: str = Field(examples=["Er klopt iets niet in je verzoek."])
    status: int = Field(examples=[400])
    detail: str = Field(examples=["question: Dit veld is verplicht. Vul het in."])
    request_id: str = Field(description="Het nummer van dit verzoek, dat ook in de logboeken staat.")
    errors: list[FieldErrorSchema] | None = Field(None, description="De velden die niet kloppen.")


class LiveSchema(Schema):
    """That the program runs."""

    status: Literal["ok"] = "ok"


class ReadySchema(Schema):
    """That questions can be answered, and from which version of the library."""

    status: Literal["ok"] = "ok"
    library_version: str


def passage_place_schema(passage: Passage, document: Document) -> PassagePlaceSchema:
    """A passage with where it stands, as it goes over the wire."""
    return PassagePlaceSchema(
        passage_id=passage.passage_id,
        doc_id=passage.doc_id,
        source=document.source,
        title=document.title,
        section=list(passage.section),
        first_page=passage.first_page,
        last_page=passage.last_page,
        ordinal=passage.ordinal,
        start=passage.start,
        end=passage.end,
        text=passage.text,
    )


def document_text_schema(document: Document, canonical: CanonicalText) -> DocumentTextSchema:
    """The text of a document as it goes over the wire."""
    return DocumentTextSchema(
        doc_id=document.doc_id,
        source=document.source,
        title=document.title,
        text=canonical.text,
        pages=[PageSchema(page=page, start=start) for start, page in canonical.pages],
    )
