"""Asking on a page: the form, the question, the answer at its own address, and what somebody thinks of it."""

import json
import uuid
from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from anyio.to_thread import run_sync as run_in_thread
from fastapi import APIRouter, Depends, Header, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api import events
from api.access import Caller
from api.deps import GateDep, MetricsDep, Parts, RequestIdDep, SightDep, asks, known_caller, needs, parts_of_request
from api.errors import Forbidden
from api.events import Event, EventStream
from api.export.copied import copy_text
from api.negotiate import preferred
from api.requests import AnswerId
from api.session import SentFormDep, Session, session_of
from api.sight import Sight, shown_answer, sight_of
from api.storage.types import StoredAnswer
from api.web.answer_view import answer_view, parts_of
from api.web.asking import (
    QUESTION,
    AskForm,
    answering,
    choices,
    filters_of,
    form_of,
    narrowed_text,
    problems,
    read_form,
    whole_answer,
)
from api.web.examples import PATIENCE, Examples
from api.web.opinion import REASON, REASONS, Opinion, read_opinion
from api.web.templates import fragment, page
from assistant.assistant import MAX_QUESTION
from assistant.types import Answer, Generation, Level, Query, Status
from assistant.verify import Verified

HTML = "text/html"
LATER = 5.0  # seconds that a script waits for examples
EXPIRED = "Deze pagina was verlopen. Wat je schreef, staat er nog. Verstuur het nog een keer."
INSTEAD = 3  # examples that are shown where nothing was found
DOWNLOADS = (("docx", "Word"), ("odt", "ODT"), ("md", "Markdown"))
router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("ask"))])


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at a page, with what he may see, and the examples there are for him."""

    request: Request
    parts: Parts
    caller: Caller
    session: Session
    sight: Sight

    def page(self, template: str, status: int = HTTPStatus.OK, **filled: Any) -> Response:
        """The template as a response."""
        return page(
            self.request,
            template,
            look=self.parts.look,
            session=self.session,
            caller=self.caller,
            status=status,
            **filled,
        )

    def examples(self, patience: float = PATIENCE) -> tuple[str, ...]:
        """Questions that the documents answer, after so many seconds at most."""
        found = self.request.app.state.examples
        assert isinstance(found, Examples), "create_app puts them there"  # noqa: S101
        return found.questions(self.parts.library, self.sight, patience=patience)


async def _visit(request: Request, sight: SightDep) -> Visit:
    return Visit(request, parts_of_request(request), known_caller(request), session_of(request), sight)


VisitDep = Annotated[Visit, Depends(_visit, scope="function")]


@router.get("/")
def ask_form(visit: VisitDep) -> Response:
    """The form, empty or as a link elsewhere fills it in, with examples and with what there is to ask."""
    return _ask_page(visit, read_form(visit.request.query_params), {})


@router.get("/voorbeelden")
def more_examples(visit: VisitDep) -> Response:
    """The examples as a piece of the page, for a script on a page that could not wait for them."""
    html = fragment("ask_examples.html.j2", session=visit.session, examples=visit.examples(LATER))
    return HTMLResponse(html)


@router.get("/vraag")
async def back_to_form() -> Response:
    """To the form: whoever loads the address that a form goes to, wants to ask."""
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)


@router.post("/vraag", dependencies=[Depends(asks)])
async def post_question(
    sent: SentFormDep,
    visit: VisitDep,
    gate: GateDep,
    metrics: MetricsDep,
    request_id: RequestIdDep,
    accept: Annotated[str, Header()] = HTML,
) -> Response:
    """To the answer at its own address; for a script the same as events; the form once more, with what is wrong."""
    asked = read_form(sent.fields)
    if sent.expired:
        return await run_in_thread(_ask_page, visit, asked, {QUESTION: EXPIRED}, HTTPStatus.FORBIDDEN)
    if found := problems(asked, visit.sight):
        return await run_in_thread(_ask_page, visit, asked, found, HTTPStatus.UNPROCESSABLE_ENTITY)
    query = Query(asked.question, filters=filters_of(asked, visit.sight), groups=visit.caller.groups)
    conversation_id = asked.conversation_id or uuid.uuid4().hex
    work = partial(answering, query, visit.parts, metrics, conversation_id, goes_on=bool(asked.conversation_id))
    if preferred(accept, (HTML, events.MEDIA_TYPE)) == events.MEDIA_TYPE:
        return EventStream(lambda: _events(visit, query, work()), gate, request_id)
    async with gate.turn():
        answer = await run_in_thread(lambda: whole_answer(list(work())))
    return RedirectResponse(f"/antwoorden/{answer.answer_id}", HTTPStatus.SEE_OTHER)


@router.get("/antwoorden/{answerId}")
def show_answer(answer_id: AnswerId, visit: VisitDep, dank: str = "") -> Response:
    """The answer as it was given, for whoever may see all the documents that it comes from."""
    stored = shown_answer(visit.parts.store, visit.sight, answer_id)
    return visit.page("answer.html.j2", **_filled(visit, stored, thanked=dank))


@router.post("/antwoorden/{answerId}/mening")
def post_opinion(answer_id: AnswerId, sent: SentFormDep, visit: VisitDep) -> Response:
    """To the answer, with thanks for what somebody thinks of it; or the answer once more, with what is wrong."""
    stored = shown_answer(visit.parts.store, visit.sight, answer_id)
    opinion = read_opinion(sent.fields, stored.answer)
    if sent.expired and opinion.helpful:
        raise Forbidden("session")  # nothing was written that could be lost
    if sent.expired:
        opinion = replace(opinion, errors=opinion.errors | {REASON: EXPIRED})
    if opinion.errors:
        status = HTTPStatus.FORBIDDEN if sent.expired else HTTPStatus.UNPROCESSABLE_ENTITY
        return visit.page("answer.html.j2", status, **_filled(visit, stored, opinion=opinion))
    visit.parts.store.add_feedback(opinion.feedback(answer_id), now=datetime.now(UTC))
    return RedirectResponse(f"/antwoorden/{answer_id}?dank={opinion.about}#{opinion.place}", HTTPStatus.SEE_OTHER)


def _ask_page(visit: Visit, form: AskForm, errors: dict[str, str], status: int = HTTPStatus.OK) -> Response:
    found = choices(visit.sight)
    return visit.page(
        "ask.html.j2",
        status,
        form=form,
        errors=errors,
        choices=found,
        kinds=[(one, one) for one in found.kinds],
        picked=[visit.sight.documents[one] for one in form.doc_ids if one in visit.sight.documents],
        # Whoever has something to mend is not to be led away from it.
        examples=() if errors else visit.examples(),
        most=MAX_QUESTION,
    )


def _filled(visit: Visit, stored: StoredAnswer, *, thanked: str = "", opinion: Opinion | None = None) -> dict[str, Any]:
    """What the page of an answer is filled with."""
    answer = stored.answer
    filters = answer.query.filters
    earlier = visit.parts.store.conversation(stored.conversation_id)
    before = [one.answer_id for one in earlier]
    earlier = earlier[: before.index(answer.answer_id)] if answer.answer_id in before else ()
    lost = not answer.statements
    return {
        "view": answer_view(stored, visit.sight),
        "turns": [one for one in earlier if visit.sight.shows(one)],
        "questions": answer.questions or (visit.examples()[:INSTEAD] if lost else ()),
        "narrowed": narrowed_text(filters, visit.sight.documents),
        "fields": form_of(filters).fields(),
        "copy": copy_text(answer, f"{str(visit.request.base_url).rstrip('/')}/antwoorden/{answer.answer_id}"),
        "downloads": DOWNLOADS,
        "reasons": REASONS,
        "opinion": opinion,
        "errors": opinion.placed_errors() if opinion else {},
        "thanked": thanked,
        "most": MAX_QUESTION,
    }


def _events(
    visit: Visit, query: Query, answered: Generator[Verified | Answer, None, None]
) -> Generator[Event, None, None]:
    """Each statement, and then the main part of the answer's page, as HTML."""
    said: list[Verified] = []
    for one in answered:
        if isinstance(one, Verified):
            said.append(one)
            shown = fragment("answer_statement.html.j2", parts=parts_of(_so_far(query, said)))
            yield _event("statement", html=shown)
        else:
            yield _whole(visit, one)


def _whole(visit: Visit, answer: Answer) -> Event:
    with visit.parts.library.lease() as library:
        now = replace(visit, sight=sight_of(library, visit.caller.groups))
        filled = _filled(now, shown_answer(visit.parts.store, now.sight, answer.answer_id))
        shared = {"request": visit.request, "look": visit.parts.look, "session": visit.session, "caller": visit.caller}
        html = fragment("_answer.html.j2", **shared, **filled)
        title = fragment("answer_title.html.j2", **shared, **filled)
    return _event("answer", html=html, title=title, url=f"/antwoorden/{answer.answer_id}")


def _event(name: str, **data: str) -> Event:
    return Event(name, json.dumps(data, ensure_ascii=False))


def _so_far(query: Query, said: list[Verified]) -> Answer:
    """The last statement as an answer of its own, with the citations there are."""
    return Answer(
        answer_id="",
        query=query,
        standalone_query=query.text,
        status=Status.ANSWERED,
        statements=(said[-1].statement,),
        citations=tuple(citation for one in said for citation in one.citations),
        passages=(),
        suggestions=(),
        confidence=0.0,
        level=Level.LOW,
        generation=Generation(""),
        library_version="",
        took_ms=0.0,
    )
