"""Questions and their answers."""

import uuid
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Annotated

from anyio.to_thread import run_sync as run_in_thread
from fastapi import APIRouter, Depends, Header, Request
from starlette.responses import Response

from api import events
from api.deps import Asking, AskingDep, PartsDep, SightDep, needs
from api.events import Event, EventStream
from api.history import turns_in_sight
from api.negotiate import preferred
from api.openapi import ASKING, INVALID, UNKNOWN, UNSUPPORTED, stream_example
from api.problems import request_id_of
from api.requests import AnswerId, AskBody
from api.responses import StatementEventSchema
from api.routes.json_route import JsonRoute
from api.schemas import AnswerSchema, StatementSchema, answer_schema, citation_schema
from api.sight import shown_answer
from assistant.types import Answer, Filters, Query
from assistant.verify import Verified

JSON = "application/json"
router = APIRouter(tags=["antwoorden"], route_class=JsonRoute, dependencies=[Depends(needs("ask"))])


@router.post(
    "/v1/answers",
    operation_id="postAnswer",
    summary="Stel een vraag",
    status_code=201,
    response_model=AnswerSchema,
    responses={200: stream_example(), **INVALID, **UNSUPPORTED, **ASKING},
)
async def post_answer(
    body: AskBody,
    asking: AskingDep,
    request: Request,
    accept: Annotated[str, Header(include_in_schema=False)] = JSON,
) -> Response:
    """Het antwoord bestaat uit uitspraken die elk naar een letterlijk citaat verwijzen. Staat het niet in de
    documenten, dan is `status` `not_found`. Met `Accept: text/event-stream` komt elke uitspraak zodra die is
    gecontroleerd, als gebeurtenis `statement`, en daarna het hele antwoord als `answer`; een fout komt als `problem`.
    """
    conversation_id = body.conversation_id or uuid.uuid4().hex
    if preferred(accept, (JSON, events.MEDIA_TYPE)) == events.MEDIA_TYPE:
        return EventStream(lambda: _events(body, asking, conversation_id), asking.gate, request_id_of(request))
    async with asking.gate.turn():
        answer = await run_in_thread(_ask, body, asking, conversation_id)
    return Response(
        _text(answer, conversation_id),
        201,
        headers={"Location": f"/v1/answers/{answer.answer_id}"},
        media_type=JSON,
    )


@router.get(
    "/v1/answers/{answerId}",
    operation_id="getAnswer",
    summary="Vraag een eerder antwoord op",
    response_model=AnswerSchema,
    responses={**INVALID, **UNKNOWN, **ASKING},
)
def get_answer(answer_id: AnswerId, parts: PartsDep, sight: SightDep) -> Response:
    """Het antwoord zoals het toen is gegeven, als je alle documenten mag zien waar het uit komt."""
    stored = shown_answer(parts.store, sight, answer_id)
    return Response(_text(stored.answer, stored.conversation_id), media_type=JSON)


def _ask(body: AskBody, asking: Asking, conversation_id: str) -> Answer:
    """The whole answer, kept."""
    answer = asking.parts.assistant.ask(_query(body, asking))
    _keep(answer, asking, conversation_id)
    return answer


def _query(body: AskBody, asking: Asking) -> Query:
    """The question, with what was said before in its conversation."""
    parts, groups, earlier = asking.parts, asking.groups, body.conversation_id
    history = turns_in_sight(parts.store, parts.library, groups, earlier) if earlier else ()
    filters = body.filters.filters() if body.filters else Filters()
    return Query(body.question, top_k=body.top_k, filters=filters, history=history, groups=groups)


def _keep(answer: Answer, asking: Asking, conversation_id: str) -> None:
    asking.parts.store.save(answer, conversation_id, now=datetime.now(UTC))
    asking.metrics.answer(answer.status.value)


def _events(body: AskBody, asking: Asking, conversation_id: str) -> Generator[Event, None, None]:
    """The statements of the answer, and then the answer, which is kept by then."""
    for one in asking.parts.assistant.stream(_query(body, asking)):
        if isinstance(one, Answer):
            _keep(one, asking, conversation_id)
            yield Event("answer", _text(one, conversation_id))
        else:
            yield Event("statement", _statement(one).model_dump_json(by_alias=True))


def _statement(verified: Verified) -> StatementEventSchema:
    statement = verified.statement
    return StatementEventSchema(
        statement=StatementSchema(text=statement.text, citations=list(statement.citations)),
        citations=[citation_schema(one) for one in verified.citations],
    )


def _text(answer: Answer, conversation_id: str) -> str:
    return answer_schema(answer, conversation_id=conversation_id).model_dump_json(by_alias=True)
