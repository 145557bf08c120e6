"""The pages with the documents: the list, and the reader of each."""

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.deps import CallerDep, GateDep, Parts, PartsDep, SightDep
from api.errors import Busy, UnknownDocument
from api.session import SessionDep
from api.sight import Sight
from api.web.document_list import ORDERS, Choice, chosen_documents, found_documents, listing, title_of
from api.web.document_search import LONGEST, wanted_of
from api.web.reader import Reader, Wish, aim_of, read
from api.web.templates import page
from assistant.dates import written_date
from assistant.types import Filters, Query, ScoredPassage
from ingest.types import Box, Document

SEARCHED = 50  # passages that a search over all documents brings up
PDF = "application/pdf"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """The image of a page: its number and name, where it is, and where on it stands what is marked."""

    number: int
    name: str
    address: str
    large: str
    boxes: tuple[Box, ...]


async def _turn(request: Request, parts: PartsDep, caller: CallerDep, gate: GateDep) -> AsyncIterator[None]:
    """A turn to search, for who does: it costs what a question does."""
    if not wanted_of(request.query_params.get("zoek", "")):
        yield
        return
    parts.limits.asks(caller)
    async with gate.turn():
        yield


@router.get("/documenten", dependencies=[Depends(_turn, scope="function")])
def documents_page(
    request: Request, parts: PartsDep, caller: CallerDep, session: SessionDep, sight: SightDep
) -> Response:
    """The documents that the caller may see, and what he searched for in them."""
    choice = _choice(request)
    counts = sight.library.passage_counts
    chosen = chosen_documents(sight.documents.values(), choice)
    shown = listing(chosen, sight.documents.values(), choice, counts)
    wanted = wanted_of(choice.search)
    found = found_documents(_search(parts, sight, choice, chosen), wanted, counts) if wanted else None
    return page(
        request,
        "documents.html.j2",
        look=parts.look,
        session=session,
        caller=caller,
        choice=choice,
        listing=shown,
        found=found,
        kinds=[(kind, kind) for kind in shown.kinds],
        years=[(year, year) for year in shown.years],
        orders=list(ORDERS.items()),
        title_of=title_of,
    )


@router.get("/documenten/{docId}", dependencies=[Depends(_turn, scope="function")])
def reader_page(request: Request, parts: PartsDep, caller: CallerDep, session: SessionDep, sight: SightDep) -> Response:
    """A document, at the place that is asked for, with what is to be marked there."""
    document = sight.document(request.path_params["docId"])
    canonical = sight.library.canonical(document.doc_id)
    if canonical is None:
        raise UnknownDocument(document.doc_id)
    wish = _wish(request)
    stored = parts.store.answer(wish.antwoord) if wish.antwoord and wish.bron else None
    aim = aim_of(sight, document, wish, stored)
    reader = read(document, canonical, wish, aim, wanted_of(wish.zoek))
    has_original = sight.library.original(document.doc_id) is not None
    return page(
        request,
        "reader.html.j2",
        look=parts.look,
        session=session,
        caller=caller,
        reader=reader,
        title=title_of(document),
        language=document.language if _LANGUAGE.fullmatch(document.language) else "nl",
        issued=written_date(document.issued) if document.issued else "",
        original=f"{_address(document)}/origineel" if has_original else "",
        picture=_picture(parts, sight, reader) if has_original else None,
    )


def _search(parts: Parts, sight: Sight, choice: Choice, chosen: list[Document]) -> list[ScoredPassage]:
    if choice.filters and not chosen:
        return []  # no documents, which as a filter would be all of them
    filters = Filters(doc_ids=tuple(one.doc_id for one in chosen) if choice.filters else ())
    return parts.assistant.search(Query(choice.search, top_k=SEARCHED, filters=filters, groups=sight.groups))


def _picture(parts: Parts, sight: Sight, reader: Reader) -> Picture | None:
    """The image of the page that is read, of a PDF whose pages can be shown."""
    document, number = reader.document, reader.page
    if parts.pages is None or document.media_type != PDF or not number or number > (document.pages or 0):
        return None
    boxes: list[Box] = []
    with suppress(Busy):  # then the image has no boxes, and the text has its mark all the same
        for start, text in reader.marked_on(number):
            boxes += parts.pages.boxes(sight.library, document.doc_id, number, text, start=start)
    address = f"{_address(document)}/pagina/{number}.webp"
    return Picture(number, reader.page_name(number), address, f"{address}?breedte=1650", tuple(boxes))


def _address(document: Document) -> str:
    return f"/documenten/{quote(document.doc_id, safe='')}"


def _choice(request: Request) -> Choice:
    order = _typed(request, "volgorde")
    return Choice(
        _typed(request, "titel"),
        _typed(request, "soort"),
        _typed(request, "jaar"),
        order if order in ORDERS else "titel",
        _number(request, "pagina") or 1,
        wanted_of(request.query_params.get("zoek", "")).text,
    )


def _wish(request: Request) -> Wish:
    return Wish(
        _typed(request, "passage"),
        _typed(request, "antwoord"),
        _number(request, "bron"),
        wanted_of(request.query_params.get("zoek", "")).text,
        _number(request, "treffer"),
        _number(request, "deel"),
        _number(request, "pagina"),
        _number(request, "lijst"),
    )


def _typed(request: Request, name: str) -> str:
    """What stands in the address under this name, on one line and not endless; "" where nothing does."""
    given = request.query_params.get(name, "")[:LONGEST]
    return " ".join("".join(one if one.isprintable() else " " for one in given).split())


def _number(request: Request, name: str) -> int:
    """The number that stands in the address under this name; 0 for anything that is none."""
    given = request.query_params.get(name, "")[:9]
    return int(given) if given.isdecimal() else 0
