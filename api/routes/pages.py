"""The files that documents were read from, images of their pages, and where on a page a quote stands."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.deps import PartsDep, SightDep, needs
from api.errors import UnknownOriginal, UnknownPage
from api.openapi import INVALID, READING, UNKNOWN, image_example, original_example
from api.originals import original_response
from api.requests import BoxParameters, DocumentId, PageNumber, PageParameters
from api.responses import BoxesSchema, BoxSchema

WEBP = "image/webp"
router = APIRouter(tags=["documenten"], dependencies=[Depends(needs("ask"))])


@router.get(
    "/v1/documents/{docId}/original",
    operation_id="getDocumentOriginal",
    summary="Haal het bestand van een document op",
    response_class=Response,
    responses={200: original_example(), **INVALID, **UNKNOWN, **READING},
)
def get_document_original(doc_id: DocumentId, sight: SightDep) -> Response:
    """Het bestand waaruit het document is gelezen, als download. Is er geen kopie van bewaard, dan is er geen."""
    document = sight.document(doc_id)
    found = original_response(document, sight.library.original(doc_id))
    if found is None:
        raise UnknownOriginal(doc_id)
    return found


@router.get(
    "/v1/documents/{docId}/pages/{page}",
    operation_id="getPageImage",
    summary="Bekijk een bladzijde",
    response_class=Response,
    responses={200: image_example(), **INVALID, **UNKNOWN, **READING},
)
def get_page_image(
    doc_id: DocumentId,
    page: PageNumber,
    parameters: Annotated[PageParameters, Query()],
    sight: SightDep,
    parts: PartsDep,
) -> Response:
    """De bladzijde van een pdf als afbeelding. Andere documenten hebben geen bladzijden."""
    document = sight.document(doc_id)
    image = parts.pages.image(sight.library, doc_id, page, parameters.width) if parts.pages else None
    if image is None:
        raise UnknownPage(document.doc_id, page)
    return Response(image, media_type=WEBP)


@router.get(
    "/v1/documents/{docId}/pages/{page}/boxes",
    operation_id="listQuoteBoxes",
    summary="Zoek waar een citaat op een bladzijde staat",
    responses={**INVALID, **UNKNOWN, **READING},
)
def list_quote_boxes(
    doc_id: DocumentId,
    page: PageNumber,
    parameters: Annotated[BoxParameters, Query()],
    sight: SightDep,
    parts: PartsDep,
) -> BoxesSchema:
    """De vakken op de afbeelding van de bladzijde waarin het citaat staat: één per regel. De lijst is leeg als het
    citaat er niet staat, of als niet zeker is waar.
    """
    document = sight.document(doc_id)
    if not 1 <= page <= (document.pages or 0):
        raise UnknownPage(doc_id, page)
    boxes = (
        parts.pages.boxes(sight.library, doc_id, page, parameters.quote, start=parameters.start) if parts.pages else ()
    )
    return BoxesSchema(
        boxes=[BoxSchema(left=one.left, top=one.top, width=one.width, height=one.height) for one in boxes]
    )
