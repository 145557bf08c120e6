"""What comes in over the wire, in camelCase, and what it must satisfy. Unknown fields are refused, not ignored."""

import re
from datetime import date
from typing import Annotated, Self

from fastapi import Path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from api.page_images import WIDTHS
from assistant.assistant import MAX_QUESTION, MAX_TOP_K
from assistant.types import Filters

MOST_FILTERS = 100
LONGEST_NAME = 300
LONGEST_REASON = 100
LONGEST_COMMENT = 2_000
LONGEST_QUOTE = 6_000
MOST_PAGES = 1_000_000
EXAMPLE_QUESTION = "Hoeveel woningen bouwt Veldrijk tot 2030?"
EXAMPLE_QUOTE = "Tot 2030 bouwt Veldrijk 2.150 woningen."
EXAMPLE_ID = "0b9c6c0a6f0e4a6f9c2d1e8b7a5f4c3d"

_TEXT = r"^[^\u0000]*$"
_SOME_TEXT = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"
_ISO_PATTERN = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def _text(value: str) -> str:
    """The value, when it is text that can be written down: JSON can also say half a character."""
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise PydanticCustomError("no_text", "not a text")
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "nothing but white space")
    return value


def _whole(value: object) -> object:
    """The value, as a whole number where it is one that is written as 5.0: in JSON these are the same."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _iso(value: str) -> str:
    """The value, when it is a year, a month of a year, or a day that exists."""
    parts = _ISO.fullmatch(value)
    if not parts:
        raise PydanticCustomError("iso_date", "not a date")
    try:
        date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError:
        raise PydanticCustomError("iso_date", "not a date") from None
    return value


Question = Annotated[
    str,
    StringConstraints(max_length=MAX_QUESTION),
    AfterValidator(_text),
    AfterValidator(_not_blank),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_QUESTION, "pattern": _SOME_TEXT}),
]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_NAME),
    AfterValidator(_text),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "pattern": _TEXT}),
]
Reason = Annotated[
    str,
    StringConstraints(max_length=LONGEST_REASON),
    AfterValidator(_text),
    WithJsonSchema({"type": "string", "maxLength": LONGEST_REASON, "pattern": _TEXT}),
]
Comment = Annotated[
    str,
    StringConstraints(max_length=LONGEST_COMMENT),
    AfterValidator(_text),
    WithJsonSchema({"type": "string", "maxLength": LONGEST_COMMENT, "pattern": _TEXT}),
]
Names = Annotated[list[Name], Field(max_length=MOST_FILTERS)]
IsoDate = Annotated[str, AfterValidator(_iso), WithJsonSchema({"type": "string", "pattern": _ISO_PATTERN})]
# The bounds come first: behind a validator of our own they are checked too, but not in the schema.
TopK = Annotated[int, Field(ge=1, le=MAX_TOP_K, description="Hoeveel passages je wilt zien."), BeforeValidator(_whole)]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
AnswerId = Annotated[str, Path(alias="answerId", description="De id van het antwoord.", examples=[EXAMPLE_ID])]
PageNumber = Annotated[int, Path(ge=1, le=MOST_PAGES, description="De bladzijde, geteld vanaf 1.", examples=[1])]
DocumentId = Annotated[str, Path(alias="docId", description="De id van het document.")]
PassageId = Annotated[str, Path(alias="passageId", description="De id van de passage.")]


class Incoming(BaseModel):
    """Fields in camelCase on the wire and nowhere else; a number is a number and no text that looks like one."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True, frozen=True)


class FiltersBody(Incoming):
    """Over welke documenten de vraag gaat. Wat leeg is, beperkt niets."""

    doc_ids: Names = Field(default=[], description="Alleen deze documenten.")
    kinds: Names = Field(default=[], description="Alleen deze soorten, bijvoorbeeld raadsbrief.")
    issued_from: IsoDate | None = Field(
        None, description="Niet ouder dan dit jaar, deze maand of deze dag.", examples=["2024"]
    )
    issued_to: IsoDate | None = Field(
        None, description="Niet nieuwer dan dit jaar, deze maand of deze dag.", examples=["2025-06-30"]
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.issued_from and self.issued_to:
            precision = min(len(self.issued_from), len(self.issued_to))
            if self.issued_from[:precision] > self.issued_to[:precision]:
                raise PydanticCustomError("date_order", "ends before it begins")
        return self

    def filters(self) -> Filters:
        """The same, as the assistant takes it."""
        return Filters(tuple(self.doc_ids), tuple(self.kinds), self.issued_from, self.issued_to)


class AskBody(Incoming):
    """Een vraag. Met het conversationId van een eerder antwoord is het een vervolgvraag."""

    question: Question = Field(description="De vraag, in gewone taal.", examples=[EXAMPLE_QUESTION])
    conversation_id: Id | None = Field(
        None, description="Het gesprek waar de vraag bij hoort; zonder begint een nieuw gesprek.", examples=[EXAMPLE_ID]
    )
    top_k: TopK = 10
    filters: FiltersBody | None = Field(None, description="Over welke documenten de vraag gaat.")


class FeedbackBody(Incoming):
    """Wat iemand van een antwoord of van een van de bronnen vindt."""

    answer_id: Id = Field(description="Het antwoord.", examples=[EXAMPLE_ID])
    helpful: bool = Field(description="Of het hielp.")
    reason: Reason | None = Field(None, description="Waarom, in een woord.", examples=["onvolledig"])
    comment: Comment | None = Field(
        None, description="Een toelichting.", examples=["Het aantal sociale huurwoningen ontbreekt."]
    )
    citation_number: Annotated[int, Field(ge=1, le=2**31 - 1), BeforeValidator(_whole)] | None = Field(
        None, description="Het nummer van de bron waar het over gaat; zonder gaat het over het hele antwoord."
    )


class SearchParameters(BaseModel):
    """Where to search, and for what; a query string knows nothing but text, so this is not strict."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    q: Question = Field(description="Waar je naar zoekt, in gewone taal.", examples=[EXAMPLE_QUESTION])
    top_k: TopK = 10
    doc_id: Names = Field(default=[], description="Alleen in dit document; mag vaker voorkomen.")

    def filters(self) -> Filters:
        """The documents to search in, as the assistant takes it."""
        return Filters(doc_ids=tuple(self.doc_id))


def _width(value: int) -> int:
    if value not in WIDTHS:
        raise PydanticCustomError("page_width", "not a width")
    return value


class PageParameters(BaseModel):
    """How a page is shown."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    width: Annotated[int, AfterValidator(_width), WithJsonSchema({"type": "integer", "enum": list(WIDTHS)})] = Field(
        WIDTHS[1], description="Hoe breed de afbeelding is, in beeldpunten."
    )


class BoxParameters(BaseModel):
    """Which quote is looked for on a page."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    quote: Annotated[
        str,
        StringConstraints(min_length=1, max_length=LONGEST_QUOTE),
        AfterValidator(_text),
        WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST_QUOTE, "pattern": _TEXT}),
    ] = Field(description="Het citaat, precies zoals het in een antwoord staat.", examples=[EXAMPLE_QUOTE])
    start: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = Field(
        None, description="Waar het citaat in de tekst van het document begint, zoals in een antwoord.", examples=[228]
    )
