"""The description of the API (OpenAPI 3.1), as the Dutch rules for government APIs ask for it."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.examples import MARKDOWN, REQUESTS, RESPONSES, STREAM, TEXT
from api.export.odt import MEDIA_TYPE as ODT
from api.export.word import MEDIA_TYPE as WORD
from api.responses import ProblemSchema, StatementEventSchema
from ingest.read import MEDIA_TYPES

API_VERSION = "1.0.0"
PREFIX = "/v1"
TITLE = "VNG-assistent"
DESCRIPTION = (
    "Stel een vraag aan de documenten van je gemeente, en krijg een antwoord dat uit letterlijke citaten bestaat. "
    "Elke fout is een probleem volgens RFC 9457: het `type` blijft gelijk, `detail` zegt in het Nederlands wat je kunt "
    "doen. Documenten die je niet mag zien, bestaan voor jou niet: die geven 404."
)
CONTACT = {
    "name": "Beheerders van de VNG-assistent",
    "url": "https://example.org/vng-assistent",
    "email": "vng-assistent@example.org",
}
LICENSE = {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}
KEY = "sleutel"
KEY_DESCRIPTION = (
    "Een sleutel van de beheerder (vng-assistent keys add). Een server voor één persoon op de eigen computer vraagt er "
    "geen."
)
TAGS = [
    {"name": "antwoorden", "description": "Vragen en hun antwoorden."},
    {"name": "passages", "description": "Zoeken in de documenten."},
    {"name": "documenten", "description": "De documenten en hun tekst."},
    {"name": "feedback", "description": "Wat mensen van een antwoord vinden."},
]
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemSchema"}}}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_RETRY = {
    "Retry-After": {"description": "Na hoeveel seconden je het weer kunt proberen.", "schema": {"type": "string"}}
}
_DESCRIPTIONS = {
    400: "Er klopt iets niet in het verzoek; `errors` noemt de velden.",
    401: "Er is geen sleutel, of een die niet werkt.",
    403: "Dit mag je niet: de sleutel mist een recht, of het verzoek komt van een andere website.",
    404: "Dit is er niet.",
    409: "Er kan niets meer bij.",
    408: "Het verzoek kwam te langzaam binnen.",
    413: "Het verzoek is te groot.",
    415: "De inhoud is geen JSON in UTF-8.",
    429: "Je vraagt te veel in korte tijd.",
    421: "De server kent de naam niet waarmee hij is aangeroepen.",
    500: "Er ging iets mis op de server.",
    503: "Het is te druk, of de documenten of de database zijn niet te gebruiken.",
    507: "De schijf van de server is vol.",
}
Responses = dict[int | str, dict[str, Any]]


def _problem(status: int) -> Responses:
    return {status: {"description": _DESCRIPTIONS[status], "content": _PROBLEM}}


# What the routes say of themselves.
INVALID, UNKNOWN, UNSUPPORTED = _problem(400), _problem(404), _problem(415)
READING: Responses = {503: {"description": _DESCRIPTIONS[503], "content": _PROBLEM, "headers": _RETRY}}
ASKING = READING
FULL = _problem(409)
STORING: Responses = {**READING, **_problem(507)}
_WHO = {"WWW-Authenticate": {"description": "Hoe je laat weten wie je bent.", "schema": {"type": "string"}}}
# What may become of any request at all.
_ALWAYS: Responses = {
    401: {"description": _DESCRIPTIONS[401], "content": _PROBLEM, "headers": _WHO},
    429: {"description": _DESCRIPTIONS[429], "content": _PROBLEM, "headers": _RETRY},
    **READING,  # also where nobody can tell who asks
    **_problem(403),
    **_problem(408),
    **_problem(413),
    **_problem(421),
    **_problem(500),
}


def stream_example() -> dict[str, Any]:
    """What a route says of its stream of events."""
    return {
        "description": "Met Accept: text/event-stream: gebeurtenissen statement, en dan answer of problem.",
        "content": {"text/event-stream": {"schema": {"type": "string"}, "example": STREAM}},
    }


def text_example() -> dict[str, Any]:
    """What a route says of its plain text."""
    return {
        "description": "De tekst.",
        "content": {"text/plain": {"schema": {"type": "string"}, "example": TEXT}},
    }


def answer_file_example() -> dict[str, Any]:
    """What a route says of the file of an answer."""
    disposition = {
        "description": "De naam van het bestand (RFC 6266).",
        "schema": {"type": "string"},
        "example": 'attachment; filename="antwoord-hoeveel-woningen.docx"',
    }
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {
        "description": "Het bestand.",
        "headers": {"Content-Disposition": disposition},
        "content": {
            **dict.fromkeys((WORD, ODT), binary),
            "text/markdown": {"schema": {"type": "string"}, "example": MARKDOWN},
        },
    }


def record_example() -> dict[str, Any]:
    """What a route says of everything that is kept of an answer."""
    return {
        "description": "Alles wat van het antwoord is bewaard.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }


def original_example() -> dict[str, Any]:
    """What a route says of the file that a document was read from."""
    name = {"description": "De naam van het bestand.", "schema": {"type": "string"}}
    return {
        "description": "Het bestand.",
        "headers": {"Content-Disposition": name},
        "content": dict.fromkeys(sorted(MEDIA_TYPES), _BINARY),
    }


def image_example() -> dict[str, Any]:
    """What a route says of the image of a page."""
    return {"description": "De afbeelding.", "content": {"image/webp": _BINARY}}


def description(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description of an application, as JSON has it."""
    found = get_openapi(
        title=TITLE,
        version=API_VERSION,
        description=DESCRIPTION,
        contact=CONTACT,
        license_info=LICENSE,
        tags=TAGS,
        servers=[{"url": PREFIX, "description": "Deze server"}],
        routes=app.routes,
    )
    found["paths"] = {path.removeprefix(PREFIX): item for path, item in found["paths"].items()}
    found["components"]["securitySchemes"] = {KEY: {"type": "http", "scheme": "bearer", "description": KEY_DESCRIPTION}}
    found["security"] = [{KEY: []}, {}]
    schemas = found["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for model in (ProblemSchema, StatementEventSchema):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    found["components"]["schemas"] = dict(sorted(schemas.items()))
    for operation in _operations(found):
        _complete(operation)
    return found


def _operations(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in found["paths"].values():
        yield from (operation for operation in item.values() if isinstance(operation, dict))


def _complete(operation: dict[str, Any]) -> None:
    """Adds to an operation what is so for all of them: headers, the problems of any request, an example."""
    responses = operation["responses"]
    responses.pop("422", None)  # ours has status 400
    responses.update({str(status): dict(response) for status, response in _ALWAYS.items()})
    version = {"API-Version": {"description": "De versie van de API.", "schema": {"type": "string"}}}
    for status, response in responses.items():
        response["headers"] = {**version, **response.get("headers", {})}
        content = response.get("content", {})
        if status.startswith("2") and "application/json" in content:
            content["application/json"]["example"] = RESPONSES[operation["operationId"]]
    if "201" in responses:
        location = {"description": "Waar dit antwoord te vinden blijft.", "schema": {"type": "string"}}
        responses["201"]["headers"]["Location"] = location
    if "202" in responses:
        location = {"description": "Waar staat hoe ver het is.", "schema": {"type": "string"}}
        responses["202"]["headers"]["Location"] = location
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content["example"] = REQUESTS[operation["operationId"]]
    operation["responses"] = dict(sorted(responses.items()))
