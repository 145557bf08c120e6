"""Searching for passages, and looking one up."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.deps import GateDep, GroupsDep, PartsDep, SightDep, asks, needs
from api.openapi import ASKING, INVALID, READING, UNKNOWN
from api.requests import PassageId, SearchParameters
from api.responses import PassagePlaceSchema, passage_place_schema
from api.schemas import PassagesSchema, passage_schema
from assistant import types

router = APIRouter(tags=["passages"], dependencies=[Depends(needs("ask"))])


async def _turn(gate: GateDep) -> AsyncIterator[None]:
    async with gate.turn():
        yield


@router.get(
    "/v1/passages",
    operation_id="listPassages",
    summary="Zoek passages",
    responses={**INVALID, **ASKING},
    dependencies=[Depends(asks), Depends(_turn, scope="function")],
)
def list_passages(search: Annotated[SearchParameters, Query()], parts: PartsDep, groups: GroupsDep) -> PassagesSchema:
    """De passages die het best bij je vraag passen, de beste eerst."""
    query = types.Query(search.q, top_k=search.top_k, filters=search.filters(), groups=groups)
    return PassagesSchema(passages=[passage_schema(hit) for hit in parts.assistant.search(query)])


@router.get(
    "/v1/passages/{passageId}",
    operation_id="getPassage",
    summary="Vraag een passage op",
    responses={**INVALID, **UNKNOWN, **READING},
)
def get_passage(passage_id: PassageId, sight: SightDep) -> PassagePlaceSchema:
    """De passage, met waar zij in de tekst van het document staat."""
    return passage_place_schema(*sight.passage(passage_id))
