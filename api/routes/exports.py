"""Answers to take along: as a file to work on, and as everything that is kept of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.deps import PartsDep, SightDep, needs
from api.errors import UnknownAnswer
from api.export.exported import Exported, Format, export
from api.openapi import INVALID, READING, UNKNOWN, answer_file_example, record_example
from api.requests import AnswerId
from api.sight import shown_answer

FormatQuery = Annotated[Format, Query(alias="format", description="Word, OpenDocument of Markdown.", examples=["docx"])]
router = APIRouter(tags=["antwoorden"])


@router.get(
    "/v1/answers/{answerId}/export",
    operation_id="getAnswerExport",
    summary="Neem een antwoord mee als bestand",
    response_class=Response,
    responses={200: answer_file_example(), **INVALID, **UNKNOWN, **READING},
    dependencies=[Depends(needs("ask"))],
)
def get_answer_export(
    answer_id: AnswerId, request: Request, parts: PartsDep, sight: SightDep, as_format: FormatQuery = "docx"
) -> Response:
    """Het antwoord met een voetnoot voor elke bron, een lijst van bronnen, en hoe het is gemaakt. Alleen als je alle
    documenten mag zien waar het uit komt.
    """
    return file_response(exported(request, parts, sight, answer_id, as_format))


@router.get(
    "/v1/answers/{answerId}/record",
    operation_id="getAnswerRecord",
    summary="Vraag alles op wat van een antwoord is bewaard",
    response_class=Response,
    responses={200: record_example(), **INVALID, **UNKNOWN, **READING},
    dependencies=[Depends(needs("admin"))],
)
def get_answer_record(answer_id: AnswerId, parts: PartsDep, sight: SightDep) -> Response:
    """Voor wie verantwoording aflegt, bijvoorbeeld bij een Woo-verzoek: de vraag, de gevonden passages, de versie van
    de documenten, wat het antwoord maakte, de controles, de meningen, en welke groepen de vrager had. Vraagt het recht
    `admin`.
    """
    shown_answer(parts.store, sight, answer_id)
    record = parts.store.record(answer_id)
    if record is None:  # forgotten meanwhile
        raise UnknownAnswer(answer_id)
    return Response(record, media_type="application/json")


def exported(request: Request, parts: PartsDep, sight: SightDep, answer_id: str, as_format: Format) -> Exported:
    """The file of an answer, with links to the server that is asked. Raises UnknownAnswer."""
    stored = shown_answer(parts.store, sight, answer_id)
    link = f"{request.base_url}antwoorden/{stored.answer.answer_id}"
    organisation = parts.look.organisation
    return export(stored.answer, as_format, asked_at=stored.asked_at, link=link, organisation=organisation)


def file_response(file: Exported) -> Response:
    """The file as a response that a browser saves under its name."""
    return Response(file.content, media_type=file.media_type, headers={"Content-Disposition": file.disposition})
