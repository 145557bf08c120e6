"""Documents that come in and go: uploads, how far they are, and the removal of a document."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from api.access import Caller
from api.deps import PartsDep, SightDep, needs
from api.openapi import INVALID, READING, STORING, UNKNOWN, UNSUPPORTED
from api.requests import EXAMPLE_ID, DocumentId
from api.upload_facts import ACCESS, GROUP, LONGEST_GROUP, LONGEST_TEXT, MOST_GROUPS, PATTERNS, TEXTS, said_of
from api.upload_form import FILES, MOST_FILES
from api.upload_schemas import UploadSchema, UploadsSchema, upload_schema
from api.uploads import Uploads

JSON = "application/json"
router = APIRouter(tags=["documenten"])

_DESCRIPTIONS = {
    "title": "De titel, bij één bestand; zonder is het die uit het bestand.",
    "publisher": "Wie het uitgaf.",
    "author": "Wie het schreef.",
    "kind": "De soort, bijvoorbeeld raadsbrief.",
    "issued": "De datum: 2024, 2024-05 of 2024-05-31.",
    "language": "De taal, bijvoorbeeld nl.",
}
_GROUP = {"type": "string", "minLength": 1, "maxLength": LONGEST_GROUP, "pattern": GROUP}


def _text(name: str) -> dict[str, str | int]:
    """The schema of a field with text."""
    return {
        "type": "string",
        "maxLength": LONGEST_TEXT,
        "pattern": PATTERNS[name],
        "description": _DESCRIPTIONS[name],
    }


_FORM: dict[str, Any] = {
    "type": "object",
    "required": [FILES],
    "additionalProperties": False,
    "properties": {
        FILES: {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_FILES,
            "items": {"type": "string", "contentMediaType": "application/octet-stream"},
            "description": "De bestanden; het veld mag vaker voorkomen.",
        },
        **{name: _text(name) for name in TEXTS},
        ACCESS: {
            "type": "array",
            "maxItems": MOST_GROUPS,
            "items": _GROUP,
            "description": "De groepen die de documenten mogen zien; zonder is dat iedereen. Mag vaker voorkomen.",
        },
    },
}
_BODY = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}}
_LATER = "Het document wordt verwijderd zodra de andere documenten zijn verwerkt."
UploadId = Annotated[
    str, Path(alias="uploadId", description="De id van de upload.", examples=[EXAMPLE_ID], pattern="^[0-9a-f]{32}$")
]
IngesterDep = Annotated[Caller, Depends(needs("ingest"))]


async def _uploads(parts: PartsDep) -> Uploads:
    """The uploads; where none are taken in, these addresses are not there."""
    if parts.uploads is None:
        raise HTTPException(404)
    return parts.uploads


UploadsDep = Annotated[Uploads, Depends(_uploads)]


@router.post(
    "/v1/documents",
    operation_id="postDocuments",
    summary="Voeg documenten toe",
    status_code=202,
    response_model=UploadSchema,
    responses={**INVALID, **UNSUPPORTED, **STORING},
    openapi_extra=_BODY,
)
async def post_documents(request: Request, caller: IngesterDep, uploads: UploadsDep) -> Response:
    """De bestanden worden na elkaar verwerkt; op het adres in `Location` staat hoe ver dat is. Een bestand met de naam
    van een eerdere upload voor dezelfde groepen vervangt die. Een bestand dat niet kan, houdt de andere niet tegen.
    """
    try:
        record = await uploads.take_in(
            request.headers.get("content-type", ""),
            request.stream(),
            caller,
            before_files=lambda _: None,
            said_of=lambda form: said_of(form.fields, files=len(form.files), caller=caller),
        )
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    return Response(
        upload_schema(record).model_dump_json(by_alias=True),
        202,
        headers={"Location": f"/v1/uploads/{record.upload_id}"},
        media_type=JSON,
    )


@router.get("/v1/uploads", operation_id="listUploads", summary="Bekijk je uploads")
def list_uploads(caller: IngesterDep, uploads: UploadsDep) -> UploadsSchema:
    """Je eigen uploads, de nieuwste eerst; een beheerder ziet ook die van anderen."""
    return UploadsSchema(uploads=[upload_schema(one) for one in uploads.of(caller)])


@router.get(
    "/v1/uploads/{uploadId}",
    operation_id="getUpload",
    summary="Bekijk hoe ver een upload is",
    responses={**INVALID, **UNKNOWN},
)
def get_upload(upload_id: UploadId, caller: IngesterDep, uploads: UploadsDep) -> UploadSchema:
    """Hoe ver de upload is, en wat er van elk bestand is geworden."""
    return upload_schema(uploads.get(upload_id, caller))


@router.delete(
    "/v1/documents/{docId}",
    operation_id="deleteDocument",
    summary="Verwijder een document",
    status_code=204,
    response_class=Response,
    responses={202: {"description": _LATER}, **INVALID, **UNKNOWN, **READING},
)
def delete_document(doc_id: DocumentId, _caller: IngesterDep, sight: SightDep, uploads: UploadsDep) -> Response:
    """Het document verdwijnt zonder spoor uit de bibliotheek. Worden er net andere documenten verwerkt, dan is het
    antwoord 202 en verdwijnt het daarna: het adres in `Location` geeft 404 zodra het weg is. Staat het document nog in
    een map die wordt ingelezen, dan komt het later terug.
    """
    if uploads.remove(sight.document(doc_id).source):
        return Response(status_code=204)
    return Response(status_code=202, headers={"Location": f"/v1/documents/{quote(doc_id, safe='')}"})
