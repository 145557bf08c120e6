"""The HTTP application: routes, and what stands around them."""

from collections.abc import Mapping

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from api.access import Open
from api.aside import Aside
from api.body import BODY_LIMIT, BODY_SECONDS, Body
from api.deps import Parts, needs
from api.gate import Gate
from api.metrics import Metrics
from api.middleware import Envelope, Heads, Hosts, SameSite
from api.openapi import API_VERSION, PREFIX, TITLE, description
from api.problems import tell_problems
from api.proxies import Proxies
from api.routes import answers, documents, exports, feedback, health, passages, uploads
from api.routes import pages as page_images
from api.session import Cookies
from api.web.errors import ProblemPages
from api.web.examples import Examples
from api.web.routes import about, admin, ask, document_files, login, static
from api.web.routes import documents as document_pages
from api.web.routes import exports as answer_files

LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


def create_app(
    parts: Parts,
    *,
    hosts: frozenset[str] = LOOPBACK,
    proxies: frozenset[str] = frozenset(),
    gate: Gate | None = None,
    body_limit: int = BODY_LIMIT,
    body_seconds: float = BODY_SECONDS,
    mounts: Mapping[str, ASGIApp] | None = None,
) -> FastAPI:
    """The application that answers with these parts, to requests for these names of hosts.

    `proxies` are the servers in between whose word is taken for who asks. `mounts` are applications for one path each,
    which check by themselves who sends what.
    The parts stay the caller's, who closes them after the last request.
    """
    metrics = Metrics()
    app = FastAPI(
        title=TITLE,
        version=API_VERSION,
        openapi_url=None,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        middleware=[
            Middleware(Proxies, trusted=proxies),
            Middleware(Heads),
            Middleware(Envelope, metrics=metrics, version=API_VERSION),
            Middleware(Aside, mounts=mounts or {}),
            Middleware(Cookies),
            Middleware(ProblemPages),
            Middleware(Hosts, hosts=hosts, alone=isinstance(parts.access, Open)),
            Middleware(SameSite),
            Middleware(
                Body,
                limit=body_limit,
                seconds=body_seconds,
                upload_limit=parts.uploads.body_limit if parts.uploads else 0,
            ),
        ],
    )
    app.state.parts, app.state.gate, app.state.metrics = parts, gate or Gate(), metrics
    app.state.examples = Examples()
    for routes in (answers, exports, passages, documents, feedback, health):
        app.include_router(routes.router)
    app.include_router(page_images.router)
    app.include_router(login.router)
    app.include_router(ask.router)
    for pages in (about, static):
        app.include_router(pages.router)
    app.include_router(answer_files.router)
    for of_documents in (document_pages, document_files):
        app.include_router(of_documents.router, dependencies=[Depends(needs("ask"))])
    app.include_router(uploads.router)
    app.include_router(admin.router)
    tell_problems(app)
    described = description(app)

    async def openapi() -> JSONResponse:
        return JSONResponse(described)

    app.add_api_route(f"{PREFIX}/openapi.json", openapi, include_in_schema=False)
    return app
