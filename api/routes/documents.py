"""The documents of the library and their texts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header
from starlette.responses import PlainTextResponse, Response

from api.deps import SightDep, needs
from api.errors import UnknownDocument
from api.negotiate import preferred
from api.openapi import INVALID, READING, UNKNOWN, text_example
from api.requests import DocumentId
from api.responses import DocumentTextSchema, document_text_schema
from api.schemas import DocumentSchema, DocumentsSchema, document_schema

JSON, TEXT = "application/json", "text/plain"
router = APIRouter(tags=["documenten"], dependencies=[Depends(needs("ask"))])


@router.get("/v1/documents", operation_id="listDocuments", summary="Bekijk welke documenten er zijn", responses=READING)
def list_documents(sight: SightDep) -> DocumentsSchema:
    """Alle documenten die je mag zien, op volgorde van naam."""
    counts = sight.library.passage_counts
    return DocumentsSchema(
        documents=[document_schema(one, counts.get(doc_id, 0)) for doc_id, one in sight.documents.items()]
    )


@router.get(
    "/v1/documents/{docId}",
    operation_id="getDocument",
    summary="Vraag een document op",
    responses={**INVALID, **UNKNOWN, **READING},
)
def get_document(doc_id: DocumentId, sight: SightDep) -> DocumentSchema:
    """De gegevens van het document."""
    return document_schema(sight.document(doc_id), sight.library.passage_counts.get(doc_id, 0))


@router.get(
    "/v1/documents/{docId}/text",
    operation_id="getDocumentText",
    summary="Lees een document",
    response_model=DocumentTextSchema,
    responses={200: text_example(), **INVALID, **UNKNOWN, **READING},
)
def get_document_text(
    doc_id: DocumentId, sight: SightDep, accept: Annotated[str, Header(include_in_schema=False)] = JSON
) -> Response:
    """De tekst waar alle citaten naar verwijzen, met waar elke bladzijde begint. Plaatsen zijn geteld in tekens
    (Unicode-codepunten). Met `Accept: text/plain` komt alleen de tekst.
    """
    document = sight.document(doc_id)
    canonical = sight.library.canonical(doc_id)
    if canonical is None:
        raise UnknownDocument(doc_id)
    if preferred(accept, (JSON, TEXT)) == TEXT:
        return PlainTextResponse(canonical.text)
    return Response(document_text_schema(document, canonical).model_dump_json(by_alias=True), media_type=JSON)
