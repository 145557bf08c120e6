"""The pages about the assistant itself, which are open to everybody: what it is, what it keeps, who can use it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.access import Caller
from api.deps import Parts, PartsDep
from api.errors import Unauthenticated
from api.session import SessionDep
from api.sight import sight_of
from api.web.templates import page
from ingest.errors import IngestError

# When the statement was last held against the pages; to be changed together with it.
STATEMENT_DATE = "2026-11-22"
router = APIRouter(include_in_schema=False)


async def _reader(request: Request, parts: PartsDep) -> Caller | None:
    """Whoever reads the page; None for somebody who has not logged in, and need not for this."""
    try:
        return parts.access.caller(request)
    except Unauthenticated:
        return None


ReaderDep = Annotated[Caller | None, Depends(_reader)]


@router.get("/over")
def about(request: Request, parts: PartsDep, session: SessionDep, caller: ReaderDep) -> Response:
    """What the assistant is, how it works, and what it cannot do."""
    return page(
        request,
        "about.html.j2",
        look=parts.look,
        session=session,
        caller=caller,
        documents=_documents(parts, caller),
    )


@router.get("/privacy")
async def privacy(request: Request, parts: PartsDep, session: SessionDep, caller: ReaderDep) -> Response:
    """What is kept of questions and answers, for how long, and who sees it."""
    return page(request, "privacy.html.j2", look=parts.look, session=session, caller=caller)


@router.get("/toegankelijkheid")
async def accessibility(request: Request, parts: PartsDep, session: SessionDep, caller: ReaderDep) -> Response:
    """How far everybody can use these pages, in the parts that the Dutch model for it has."""
    return page(
        request,
        "accessibility.html.j2",
        look=parts.look,
        session=session,
        caller=caller,
        written=STATEMENT_DATE,
    )


def _documents(parts: Parts, caller: Caller | None) -> int | None:
    """How many documents the caller may ask about; None for one that nobody knows, and without a library."""
    if caller is None:
        return None
    try:
        with parts.library.lease() as library:
            return len(sight_of(library, caller.groups).documents)
    except IngestError:
        return None
