"""The files of an answer that a page links to."""

from http import HTTPStatus

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from api.deps import PartsDep, SightDep, needs
from api.export.exported import MEDIA_TYPES
from api.requests import AnswerId
from api.routes.exports import exported, file_response

router = APIRouter(include_in_schema=False)


@router.get("/antwoorden/{answerId}/bestand.{suffix}", dependencies=[Depends(needs("ask"))])
def answer_file(answer_id: AnswerId, suffix: str, request: Request, parts: PartsDep, sight: SightDep) -> Response:
    """The answer as a Word file, an OpenDocument text or Markdown."""
    if suffix not in MEDIA_TYPES:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return file_response(exported(request, parts, sight, answer_id, suffix))
