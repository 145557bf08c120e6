"""Every error as a problem (RFC 9457): a type that stays the same, a status, and a sentence in Dutch that helps on.

What went wrong inside is never in it: that is for the logs, which have the same request id.
"""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api import errors
from api.field_errors import FieldProblem, field_problems
from api.responses import FieldErrorSchema, ProblemSchema
from assistant.errors import AssistantError, BadQuery
from ingest.errors import IngestError, NoLibrary

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:vng-assistent:problem:"
RETRY_SECONDS = 5
_log = logging.getLogger("vng_assistent.api")


@dataclass(frozen=True, slots=True)
class Problem:
    """What a caller is told of an error; `word` is the end of its type."""

    word: str
    status: int
    title: str
    detail: str
    fields: tuple[FieldProblem, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    def text(self, request_id: str) -> str:
        """The problem as JSON text."""
        shown = ProblemSchema(
            type=TYPE + self.word,
            title=self.title,
            status=self.status,
            detail=self.detail,
            request_id=request_id,
            errors=[FieldErrorSchema(field=one.field, message=one.message) for one in self.fields] or None,
        )
        return shown.model_dump_json(by_alias=True, exclude_none=True)

    def response(self, request_id: str) -> Response:
        """The problem as a response."""
        return Response(self.text(request_id), self.status, headers=self.headers, media_type=MEDIA_TYPE)


def _invalid(problems: tuple[FieldProblem, ...]) -> Problem:
    detail = " ".join(f"{one.field}: {one.message}" if one.field else one.message for one in problems[:3])
    return Problem("invalid-input", 400, "Er klopt iets niet in je verzoek.", detail, problems)


def _unknown(word: str, detail: str) -> Problem:
    return Problem(word, 404, "Dit is er niet.", detail)


def too_large(limit: int) -> Problem:
    """The problem of a body of more than `limit` bytes; the rest of it is not read."""
    detail = f"Je verzoek is te groot. Stuur hoogstens {limit // 1024} KiB."
    return Problem("body-too-large", 413, "Je verzoek is te groot.", detail, headers={"Connection": "close"})


def too_slow(seconds: float) -> Problem:
    """The problem of a body that takes longer than this to come in; the rest of it is not read."""
    detail = f"Je verzoek kwam niet binnen {seconds:g} seconden binnen. Probeer het opnieuw."
    return Problem("body-too-slow", 408, "Je verzoek duurde te lang.", detail, headers={"Connection": "close"})


def unknown_host() -> Problem:
    """The problem of a request that was meant for another server, as a web page that lures a browser here sends."""
    detail = "Deze server kent de naam niet waarmee je hem aanroept. Gebruik http://localhost of http://127.0.0.1."
    return Problem("unknown-host", 421, "Dit adres klopt niet.", detail)


INTERNAL = Problem(
    "internal",
    500,
    "Er ging iets mis.",
    "Er ging iets mis op de server. Probeer het opnieuw. Blijft het misgaan, geef de beheerder dan het requestId.",
)
_BAD_JSON = Problem(
    "invalid-json",
    400,
    "Dit is geen JSON.",
    "De inhoud van je verzoek is niet te lezen als JSON. Stuur een JSON-object in UTF-8.",
)
_NO_LIBRARY = Problem(
    "no-library",
    503,
    "Er zijn nog geen documenten.",
    "Er zijn nog geen documenten ingelezen. De beheerder doet dat met: vng-assistent ingest MAP.",
    headers={"Retry-After": "60"},
)
_LIBRARY = Problem(
    "library-unavailable",
    503,
    "De documenten zijn niet te lezen.",
    "De bibliotheek kan nu niet worden gebruikt. De beheerder vindt de oorzaak met: vng-assistent verify.",
    headers={"Retry-After": "60"},
)
_STORE = Problem(
    "store-unavailable",
    503,
    "De bewaarde antwoorden zijn niet bereikbaar.",
    "De database met antwoorden kan nu niet worden gebruikt. Probeer het later opnieuw, of vraag de beheerder.",
    headers={"Retry-After": "30"},
)


def _busy(seconds: int) -> Problem:
    detail = f"Er worden nu te veel vragen tegelijk gesteld. Probeer het over {seconds} seconden opnieuw."
    return Problem("busy", 503, "Het is te druk.", detail, headers={"Retry-After": str(seconds)})


def _bad_query(error: BadQuery) -> Problem:
    message = {
        "empty": "Vul een vraag in.",
        "too_long": f"Gebruik hoogstens {error.limit} tekens.",
        "range": f"Geef een getal van 1 tot en met {error.limit}.",
    }.get(error.problem, "Deze waarde klopt niet.")
    return _invalid((FieldProblem(error.field, message),))


def _unstorable(error: errors.Unstorable) -> Problem:
    too_long = f"Gebruik hoogstens {error.limit} tekens."
    message = too_long if error.problem == "too_long" else "Gebruik hier gewone tekst, zonder vreemde tekens."
    return _invalid((FieldProblem(error.field, message),))


def _unsupported(_error: errors.UnsupportedBody) -> Problem:
    detail = "Stuur JSON in UTF-8, met de header Content-Type: application/json."
    return Problem("unsupported-media-type", 415, "Dit soort inhoud kan niet.", detail)


def _validation(error: RequestValidationError) -> Problem:
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return _BAD_JSON
    return _invalid(field_problems(found))


def _http(error: HTTPException) -> Problem:
    """What the framework itself refuses."""
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.NOT_FOUND:
        return _unknown("not-found", "Dit adres bestaat niet. Bekijk /v1/openapi.json voor wat er wel is.")
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        detail = "Dit kan niet op dit adres. Bekijk /v1/openapi.json voor wat er wel kan."
        return Problem("method-not-allowed", 405, "Dit kan niet op dit adres.", detail, headers=headers)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return _BAD_JSON  # the framework's word for a body that it could not parse
    return INTERNAL


# The first that fits, so that a kind of error stands before the kind that it is one of.
_OURS: tuple[tuple[type[Exception], Callable[..., Problem]], ...] = (
    (errors.Busy, lambda error: _busy(error.seconds)),
    (errors.UnknownDocument, lambda _: _unknown("unknown-document", "Er is geen document met dit docId.")),
    (errors.UnknownPassage, lambda _: _unknown("unknown-passage", "Er is geen passage met dit passageId.")),
    (errors.UnknownAnswer, lambda _: _unknown("unknown-answer", "Er is geen antwoord met dit answerId.")),
    (errors.UnknownCitation, lambda _: _unknown("unknown-citation", "Dit antwoord heeft geen bron met dit nummer.")),
    (errors.UnsupportedBody, _unsupported),
    (errors.Unstorable, _unstorable),
    (errors.AnswerExists, lambda _: INTERNAL),
    (errors.StoreBusy, lambda _: _busy(RETRY_SECONDS)),
    (errors.StoreError, lambda _: _STORE),
    (BadQuery, _bad_query),
    (NoLibrary, lambda _: _NO_LIBRARY),
    (IngestError, lambda _: _LIBRARY),
    (RequestValidationError, _validation),
    (HTTPException, _http),
)


def problem_of(error: Exception) -> Problem:
    """The problem that a caller is told of for any error at all; INTERNAL for one that nobody foresaw."""
    for kind, told in _OURS:
        if isinstance(error, kind):
            return told(error)
    return INTERNAL


def request_id_of(request: Request) -> str:
    """The id of a request, which the middleware gave it."""
    return str(getattr(request.state, "request_id", ""))


def log_failure(error: Exception, request_id: str) -> None:
    """Writes in the logs what went wrong and where, and not the error's own words: they may hold what was asked."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("request %s failed: %s\n%s", request_id, type(error).__qualname__, where)


async def _told(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if problem is INTERNAL:
        raise error  # the middleware logs it, with whatever else nobody foresaw
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.warning("request %s: %s (%s)", request_id_of(request), problem.word, type(error).__qualname__)
    return problem.response(request_id_of(request))


def tell_problems(app: FastAPI) -> None:
    """Makes the application answer with a problem where something is wrong; what nobody foresaw is the middleware's."""
    for kind in (errors.ApiError, AssistantError, IngestError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _told)
