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
from starlette.routing import Match

from api import errors
from api.field_errors import FieldProblem, field_problems
from api.responses import FieldErrorSchema, ProblemSchema
from api.upload_messages import field_message, form_message
from assistant.errors import AssistantError, AssistantUnavailable, BadQuery
from ingest.errors import IngestError, NoLibrary, PublisherBusy, UnknownSource

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
    most = f"{limit // 2**20} MiB" if limit >= 2**20 else f"{limit // 1024} KiB"
    detail = f"Je verzoek is te groot. Stuur hoogstens {most}."
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
_NO_ASSISTANT = Problem(
    "assistant-unavailable",
    503,
    "De assistent kan nu niet antwoorden.",
    "De server kan nu geen antwoorden maken. Probeer het over een minuut opnieuw, of vraag de beheerder.",
    headers={"Retry-After": "60"},
)
_STORE = Problem(
    "store-unavailable",
    503,
    "De bewaarde antwoorden zijn niet bereikbaar.",
    "De database met antwoorden kan nu niet worden gebruikt. Probeer het later opnieuw, of vraag de beheerder.",
    headers={"Retry-After": "30"},
)

_KEYS = Problem(
    "keys-unavailable",
    503,
    "De sleutels zijn niet te lezen.",
    "De server kan nu niet nagaan wie je bent. De beheerder vindt de oorzaak met: vng-assistent keys list.",
    headers={"Retry-After": "30"},
)


_TOO_SLOW = Problem(
    "body-too-slow",
    408,
    "Je verzoek duurde te lang.",
    "De bestanden kwamen te langzaam binnen. Probeer het opnieuw, met minder bestanden tegelijk.",
    headers={"Connection": "close"},
)
_FULL = Problem(
    "storage-full",
    507,
    "De schijf is vol.",
    "Er is te weinig ruimte op de schijf van de server. Vraag de beheerder om ruimte te maken.",
)
_PUBLISHING = Problem(
    "publisher-busy",
    503,
    "Er worden al documenten verwerkt.",
    "Er worden nu andere documenten verwerkt. Probeer het opnieuw als dat klaar is.",
    headers={"Retry-After": "30"},
)


def _bad_upload(error: errors.BadUpload) -> Problem:
    return _invalid(tuple(FieldProblem(name, field_message(problem)) for name, problem in error.problems))


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


def _unsupported(error: errors.UnsupportedBody) -> Problem:
    detail = f"Stuur {error.wanted}, met de juiste header Content-Type."
    if error.wanted == "application/json":
        detail = "Stuur JSON in UTF-8, met de header Content-Type: application/json."
    return Problem("unsupported-media-type", 415, "Dit soort inhoud kan niet.", detail)


def _unauthenticated(error: errors.Unauthenticated) -> Problem:
    detail = {
        "expired": "Je sleutel is verlopen. Vraag de beheerder om een nieuwe.",
        "revoked": "Je sleutel is ingetrokken. Vraag de beheerder om een nieuwe.",
        "unknown": "Deze sleutel bestaat niet. Vraag de beheerder om een nieuwe.",
        "mistyped": "Je sleutel klopt niet. Controleer of je hem helemaal en zonder fouten hebt overgenomen.",
    }.get(error.why, "Stuur je sleutel mee in de header Authorization: Bearer SLEUTEL.")
    headers = {"WWW-Authenticate": 'Bearer realm="vng-assistent"'}
    return Problem("unauthenticated", 401, "Laat eerst weten wie je bent.", detail, headers=headers)


def _forbidden(error: errors.Forbidden) -> Problem:
    if error.needed == "csrf":
        return elsewhere()
    if error.needed == "session":
        detail = "De pagina was verlopen. Laad de pagina opnieuw en probeer het nog een keer."
        return Problem("page-expired", 403, "De pagina is verlopen.", detail)
    detail = f"Je mag dit niet doen. Daarvoor is het recht '{error.needed}' nodig; vraag het de beheerder."
    return Problem("forbidden", 403, "Dit mag je niet.", detail)


def _too_much_feedback(error: errors.TooMuchFeedback) -> Problem:
    detail = f"Bij dit antwoord staan al {error.limit} meningen, en meer worden er niet bewaard."
    return Problem("feedback-full", 409, "Er kan geen mening meer bij.", detail)


def _too_many(error: errors.TooManyRequests) -> Problem:
    wait = "1 seconde" if error.seconds == 1 else f"{error.seconds} seconden"
    detail = f"Je vraagt te veel in korte tijd. Probeer het over {wait} opnieuw."
    return Problem("too-many-requests", 429, "Dit gaat te snel.", detail, headers={"Retry-After": str(error.seconds)})


def elsewhere() -> Problem:
    """The problem of a request to change something that a browser sends for a page that is not ours."""
    detail = "Dit verzoek komt van een andere website. Open de pagina hier en probeer het opnieuw."
    return Problem("csrf", 403, "Dit verzoek komt van een andere website.", detail)


def behind_proxy() -> Problem:
    """The problem of a request that came by a server in between, to one that takes everybody for its only user."""
    detail = (
        "Deze server is er voor één persoon op deze computer, en je komt van elders. De beheerder laat collega's toe "
        "met: vng-assistent serve --login."
    )
    return Problem("not-for-others", 403, "Deze server is niet voor anderen.", detail)


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
    (errors.Unauthenticated, _unauthenticated),
    (errors.Forbidden, _forbidden),
    (errors.TooManyRequests, _too_many),
    (errors.KeysError, lambda _: _KEYS),
    (errors.BadForm, lambda _: _invalid((FieldProblem("", "Er staat te veel in het formulier. Maak het korter."),))),
    (errors.UnknownDocument, lambda _: _unknown("unknown-document", "Er is geen document met dit docId.")),
    (errors.UnknownPassage, lambda _: _unknown("unknown-passage", "Er is geen passage met dit passageId.")),
    (errors.UnknownOriginal, lambda _: _unknown("unknown-original", "Van dit document is geen bestand bewaard.")),
    (errors.UnknownPage, lambda _: _unknown("unknown-page", "Van deze bladzijde is er geen afbeelding.")),
    (errors.UnknownAnswer, lambda _: _unknown("unknown-answer", "Er is geen antwoord met dit answerId.")),
    (errors.UnknownCitation, lambda _: _unknown("unknown-citation", "Dit antwoord heeft geen bron met dit nummer.")),
    (errors.TooMuchFeedback, _too_much_feedback),
    (errors.UnsupportedBody, _unsupported),
    (errors.BodyTooLarge, lambda error: too_large(error.limit)),
    (errors.BodyTooSlow, lambda _: _TOO_SLOW),
    (errors.BadMultipart, lambda error: _invalid((FieldProblem("", form_message(error.problem)),))),
    (errors.BadUpload, _bad_upload),
    (errors.UnknownUpload, lambda _: _unknown("unknown-upload", "Er is geen upload met dit uploadId.")),
    (errors.StorageFull, lambda _: _FULL),
    (PublisherBusy, lambda _: _PUBLISHING),
    (UnknownSource, lambda _: _unknown("unknown-document", "Er is geen document met dit docId.")),
    (errors.Unstorable, _unstorable),
    (errors.AnswerExists, lambda _: INTERNAL),
    (errors.StoreBusy, lambda _: _busy(RETRY_SECONDS)),
    (errors.StoreError, lambda _: _STORE),
    (AssistantUnavailable, lambda _: _NO_ASSISTANT),
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
    if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
        problem.headers["Allow"] = _allowed(request)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.warning("request %s: %s (%s)", request_id_of(request), problem.word, type(error).__qualname__)
    return problem.response(request_id_of(request))


def _allowed(request: Request) -> str:
    """The methods that there are for an address: the framework names those of the first route that has it only."""
    bare = {"type": "http", "path": request.scope["path"], "root_path": request.scope.get("root_path", "")}
    found = {
        method
        for method in ("DELETE", "GET", "PATCH", "POST", "PUT")
        if any(route.matches({**bare, "method": method})[0] is Match.FULL for route in request.app.routes)
    }
    return ", ".join(sorted(found | ({"HEAD"} if "GET" in found else set())))


def tell_problems(app: FastAPI) -> None:
    """Makes the application answer with a problem where something is wrong; what nobody foresaw is the middleware's."""
    for kind in (errors.ApiError, AssistantError, IngestError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _told)
