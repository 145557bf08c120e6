"""What people think of an answer."""

from datetime import UTC, datetime

from fastapi import APIRouter, Depends

from api.deps import PartsDep, SightDep, needs
from api.openapi import FULL, INVALID, READING, UNKNOWN, UNSUPPORTED
from api.requests import FeedbackBody
from api.routes.json_route import JsonRoute
from api.sight import shown_answer
from api.storage.types import Feedback

router = APIRouter(tags=["feedback"], route_class=JsonRoute, dependencies=[Depends(needs("ask"))])


@router.post(
    "/v1/feedback",
    operation_id="postFeedback",
    summary="Zeg wat je van een antwoord vindt",
    status_code=204,
    responses={**INVALID, **UNKNOWN, **FULL, **UNSUPPORTED, **READING},
)
def post_feedback(body: FeedbackBody, parts: PartsDep, sight: SightDep) -> None:
    """Over het hele antwoord, of met `citationNumber` over één bron."""
    shown_answer(parts.store, sight, body.answer_id)
    parts.store.add_feedback(
        Feedback(body.answer_id, body.helpful, body.reason or "", body.comment or "", body.citation_number),
        now=datetime.now(UTC),
    )
