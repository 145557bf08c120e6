"""What routes get as arguments: the parts of the product, who asks, and what of the library he may see."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from api.access import Access, Caller, Open, Scope
from api.errors import Forbidden, Unauthenticated
from api.gate import Gate
from api.limits import Limits
from api.look import Look
from api.metrics import Metrics
from api.page_images import PageImages
from api.problems import request_id_of
from api.session import Sessions
from api.sight import Sight, sight_of
from api.storage.store import AnswerStore
from api.uploads import Uploads
from assistant.answering import Answering
from ingest.library import LiveLibrary


@dataclass(frozen=True, slots=True)
class Parts:
    """What the API works with. Whoever made them closes them, after the last request.

    `access` says how callers are known, `look` what the pages say of whose they are, `pages` shows the pages of a PDF,
    `uploads` takes documents in.
    """

    assistant: Answering
    library: LiveLibrary
    store: AnswerStore
    access: Access = field(default_factory=Open)
    sessions: Sessions = field(default_factory=Sessions)
    limits: Limits = field(default_factory=Limits)
    look: Look = field(default_factory=Look)
    pages: PageImages | None = None
    uploads: Uploads | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """What a question is answered with, for somebody of these groups who may ask it, and is counted."""

    parts: Parts
    gate: Gate
    metrics: Metrics
    groups: frozenset[str]


# Each of these asks for the request and for nothing else: what FastAPI does for one more dependency, for every route
# that has it, takes longer than what is done here.
async def _parts(request: Request) -> Parts:
    return parts_of_request(request)


async def _gate(request: Request) -> Gate:
    gate = request.app.state.gate
    assert isinstance(gate, Gate), "create_app puts it there"  # noqa: S101
    return gate


async def _metrics(request: Request) -> Metrics:
    metrics = request.app.state.metrics
    assert isinstance(metrics, Metrics), "create_app puts them there"  # noqa: S101
    return metrics


async def _caller(request: Request) -> Caller:
    return known_caller(request)


def needs(scope: Scope) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency that gives the caller, and raises Forbidden for one that lacks this scope."""

    async def check(request: Request) -> Caller:
        caller = known_caller(request)
        if not caller.may(scope):
            raise Forbidden(scope)
        return caller

    return check


async def asks(request: Request) -> Caller:
    """Whoever asks a question or searches, counted. Raises Forbidden, and TooManyRequests."""
    caller = await _asker(request)
    parts_of_request(request).limits.asks(caller)
    return caller


async def _asking(request: Request) -> Asking:
    caller = await asks(request)
    return Asking(parts_of_request(request), await _gate(request), await _metrics(request), caller.groups)


def parts_of_request(request: Request) -> Parts:
    """What the application that gets this request works with."""
    parts = request.app.state.parts
    assert isinstance(parts, Parts), "create_app puts them there"  # noqa: S101
    return parts


def known_caller(request: Request) -> Caller:
    """Whoever makes this request, who is looked up and counted once.

    Raises Unauthenticated, and TooManyRequests for one that asks more often than he may.
    """
    known = getattr(request.state, "caller", None)
    if isinstance(known, Caller):
        return known
    parts = parts_of_request(request)
    try:
        caller = parts.access.caller(request)
    except Unauthenticated as error:
        parts.limits.fails(address_of(request), wrong=error.why != "missing")
        raise
    parts.limits.comes(caller)
    request.state.caller = caller
    return caller


def address_of(request: Request) -> str:
    """The address that a request comes from."""
    return request.client.host if request.client else ""


async def _groups(request: Request) -> frozenset[str]:
    return known_caller(request).groups


async def _request_id(request: Request) -> str:
    return request_id_of(request)


_asker = needs("ask")
PartsDep = Annotated[Parts, Depends(_parts)]
CallerDep = Annotated[Caller, Depends(_caller)]
GateDep = Annotated[Gate, Depends(_gate)]
MetricsDep = Annotated[Metrics, Depends(_metrics)]
GroupsDep = Annotated[frozenset[str], Depends(_groups)]
AskingDep = Annotated[Asking, Depends(_asking)]
RequestIdDep = Annotated[str, Depends(_request_id)]


def _sight(request: Request) -> Iterator[Sight]:
    groups = known_caller(request).groups
    with parts_of_request(request).library.lease() as library:
        yield sight_of(library, groups)


# Let go of before the response is sent, so that a slow reader holds nothing up.
SightDep = Annotated[Sight, Depends(_sight, scope="function")]
