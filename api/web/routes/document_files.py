"""What the reader shows beside the text of a document: images of its pages, and the file that it was read from."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import PartsDep, SightDep
from api.errors import UnknownOriginal, UnknownPage
from api.originals import original_response

WEBP = "image/webp"
WIDTH = 1100  # pixels, where no other width is asked for
KEPT = "private, max-age=300"  # for who leafs back and forth
router = APIRouter(include_in_schema=False)


@router.get("/documenten/{docId}/pagina/{number}.webp")
def page_image(request: Request, parts: PartsDep, sight: SightDep) -> Response:
    """A page of a PDF as an image; `breedte` is how wide it is to be. Raises UnknownPage."""
    document = sight.document(request.path_params["docId"])
    number = _number(request.path_params["number"])
    width = _number(request.query_params.get("breedte", "")) or WIDTH
    image = parts.pages.image(sight.library, document.doc_id, number, width) if parts.pages and number else None
    if image is None:
        raise UnknownPage(document.doc_id, number)
    return Response(image, media_type=WEBP, headers={"Cache-Control": KEPT})


@router.get("/documenten/{docId}/origineel")
def original_file(request: Request, sight: SightDep) -> Response:
    """The file that a document was read from, as a download. Raises UnknownOriginal."""
    document = sight.document(request.path_params["docId"])
    found = original_response(document, sight.library.original(document.doc_id))
    if found is None:
        raise UnknownOriginal(document.doc_id)
    return found


def _number(text: str) -> int:
    """The number in a piece of an address; 0 for what is none."""
    return int(text) if text[:9] == text and text.isdecimal() else 0
