"""What routes get as arguments: the parts of the product, who asks, and what of the library he may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.gate import Gate
from api.metrics import Metrics
from api.problems import request_id_of
from api.sight import Sight, sight_of
from api.storage.store import AnswerStore
from assistant.assistant import Assistant
from ingest.library import LiveLibrary


@dataclass(frozen=True, slots=True)
class Parts:
    """What the API works with. Whoever made them closes them, after the last request."""

    assistant: Assistant
    library: LiveLibrary
    store: AnswerStore


async def _parts(request: Request) -> Parts:
    parts = request.app.state.parts
    assert isinstance(parts, Parts), "create_app puts them there"  # noqa: S101
    return parts


async def _gate(request: Request) -> Gate:
    gate = request.app.state.gate
    assert isinstance(gate, Gate), "create_app puts it there"  # noqa: S101
    return gate


async def _metrics(request: Request) -> Metrics:
    metrics = request.app.state.metrics
    assert isinstance(metrics, Metrics), "create_app puts them there"  # noqa: S101
    return metrics


async def _groups() -> frozenset[str]:
    """The groups of whoever asks: none, for nobody can say yet who he is. So he sees what is open to everyone."""
    return frozenset()


async def _request_id(request: Request) -> str:
    return request_id_of(request)


PartsDep = Annotated[Parts, Depends(_parts)]
GateDep = Annotated[Gate, Depends(_gate)]
MetricsDep = Annotated[Metrics, Depends(_metrics)]
GroupsDep = Annotated[frozenset[str], Depends(_groups)]
RequestIdDep = Annotated[str, Depends(_request_id)]


def _sight(parts: PartsDep, groups: GroupsDep) -> Iterator[Sight]:
    with parts.library.lease() as library:
        yield sight_of(library, groups)


# Let go of before the response is sent, so that a slow reader holds nothing up.
SightDep = Annotated[Sight, Depends(_sight, scope="function")]
