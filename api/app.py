"""The HTTP application: routes, and what stands around them."""

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.responses import JSONResponse

from api.deps import Parts
from api.gate import Gate
from api.metrics import Metrics
from api.middleware import BODY_LIMIT, BODY_SECONDS, Body, Envelope, Hosts
from api.openapi import API_VERSION, PREFIX, TITLE, description
from api.problems import tell_problems
from api.routes import answers, documents, feedback, health, passages

LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


def create_app(
    parts: Parts,
    *,
    hosts: frozenset[str] = LOOPBACK,
    gate: Gate | None = None,
    body_limit: int = BODY_LIMIT,
    body_seconds: float = BODY_SECONDS,
) -> FastAPI:
    """The application that answers with these parts, to requests for these names of hosts.

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
            Middleware(Envelope, metrics=metrics, version=API_VERSION),
            Middleware(Hosts, hosts=hosts),
            Middleware(Body, limit=body_limit, seconds=body_seconds),
        ],
    )
    app.state.parts, app.state.gate, app.state.metrics = parts, gate or Gate(), metrics
    for routes in (answers, passages, documents, feedback, health):
        app.include_router(routes.router)
    tell_problems(app)
    described = description(app)

    async def openapi() -> JSONResponse:
        return JSONResponse(described)

    app.add_api_route(f"{PREFIX}/openapi.json", openapi, include_in_schema=False)
    return app
