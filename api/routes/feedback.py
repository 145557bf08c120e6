"""What people think of an answer."""

from datetime import UTC, datetime

from fastapi import APIRouter

from api.deps import PartsDep, SightDep
from api.errors import UnknownAnswer
from api.openapi import INVALID, READING, UNKNOWN, UNSUPPORTED
from api.requests import FeedbackBody
from api.routes.json_route import JsonRoute
from api.storage.types import Feedback

router = APIRouter(tags=["feedback"], route_class=JsonRoute)


@router.post(
    "/v1/feedback",
    operation_id="postFeedback",
    summary="Zeg wat je van een antwoord vindt",
    status_code=204,
    responses={**INVALID, **UNKNOWN, **UNSUPPORTED, **READING},
)
def post_feedback(body: FeedbackBody, parts: PartsDep, sight: SightDep) -> None:
    """Over het hele antwoord, of met `citationNumber` over één bron."""
    stored = parts.store.answer(body.answer_id)
    if stored is None or not sight.shows(stored.answer):
        raise UnknownAnswer(body.answer_id)
    parts.store.add_feedback(
        Feedback(body.answer_id, body.helpful, body.reason or "", body.comment or "", body.citation_number),
        now=datetime.now(UTC),
    )
