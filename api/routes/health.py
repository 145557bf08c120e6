"""Whether the program runs, whether it can answer, and its counts. For whoever keeps it running, not for callers."""

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.deps import MetricsDep, PartsDep, needs
from api.metrics import CONTENT_TYPE
from api.responses import LiveSchema, ReadySchema

NO_ANSWER = "0" * 32  # an id that no answer has
router = APIRouter(include_in_schema=False)


@router.get("/health/live")
async def live() -> LiveSchema:
    """That the program runs, whatever it can do."""
    return LiveSchema()


@router.get("/health/ready")
def ready(parts: PartsDep) -> ReadySchema:
    """That questions can be answered: there is a library that opens, and a database that answers."""
    parts.store.answer(NO_ANSWER)
    with parts.library.lease() as library:
        return ReadySchema(library_version=library.manifest.library_version)


@router.get("/metrics", dependencies=[Depends(needs("admin"))])
async def metrics(counts: MetricsDep) -> Response:
    """The counts, for Prometheus."""
    return Response(counts.text(), media_type=CONTENT_TYPE)
