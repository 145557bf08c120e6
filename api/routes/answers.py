"""Questions and their answers."""

import uuid
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Annotated

from anyio.to_thread import run_sync as run_in_thread
from fastapi import APIRouter, Depends, Header
from starlette.responses import Response

from api import events
from api.deps import GateDep, GroupsDep, MetricsDep, Parts, PartsDep, RequestIdDep, SightDep, asks, needs
from api.events import Event, EventStream
from api.history import turns_in_sight
from api.metrics import Metrics
from api.negotiate import preferred
from api.openapi import ASKING, INVALID, UNKNOWN, UNSUPPORTED, stream_example
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
    dependencies=[Depends(asks)],
)
async def post_answer(
    body: AskBody,
    parts: PartsDep,
    gate: GateDep,
    groups: GroupsDep,
    metrics: MetricsDep,
    request_id: RequestIdDep,
    accept: Annotated[str, Header(include_in_schema=False)] = JSON,
) -> Response:
    """Het antwoord bestaat uit uitspraken die elk naar een letterlijk citaat verwijzen. Staat het niet in de
    documenten, dan is `status` `not_found`. Met `Accept: text/event-stream` komt elke uitspraak zodra die is
    gecontroleerd, als gebeurtenis `statement`, en daarna het hele antwoord als `answer`; een fout komt als `problem`.
    """
    conversation_id = body.conversation_id or uuid.uuid4().hex
    if preferred(accept, (JSON, events.MEDIA_TYPE)) == events.MEDIA_TYPE:
        return EventStream(lambda: _events(body, parts, groups, metrics, conversation_id), gate, request_id)
    async with gate.turn():
        answer = await run_in_thread(_ask, body, parts, groups, metrics, conversation_id)
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


def _ask(body: AskBody, parts: Parts, groups: frozenset[str], metrics: Metrics, conversation_id: str) -> Answer:
    """The whole answer, kept."""
    *_, answer = _stream(body, parts, groups, metrics, conversation_id)
    assert isinstance(answer, Answer), "a stream ends with its answer"  # noqa: S101
    return answer


def _stream(
    body: AskBody, parts: Parts, groups: frozenset[str], metrics: Metrics, conversation_id: str
) -> Generator[Verified | Answer, None, None]:
    """The statements of the answer, and then the answer, which is kept by then."""
    history = turns_in_sight(parts.store, parts.library, groups, conversation_id) if body.conversation_id else ()
    filters = body.filters.filters() if body.filters else Filters()
    query = Query(body.question, top_k=body.top_k, filters=filters, history=history, groups=groups)
    for one in parts.assistant.stream(query):
        if isinstance(one, Answer):
            parts.store.save(one, conversation_id, now=datetime.now(UTC))
            metrics.answer(one.status.value)
        yield one


def _events(
    body: AskBody, parts: Parts, groups: frozenset[str], metrics: Metrics, conversation_id: str
) -> Generator[Event, None, None]:
    for one in _stream(body, parts, groups, metrics, conversation_id):
        if isinstance(one, Answer):
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
