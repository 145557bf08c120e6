"""Problems as pages, for whoever asked for a page: what went wrong, and what to do now."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import Caller
from api.events import MEDIA_TYPE as EVENTS
from api.look import Look
from api.negotiate import preferred
from api.problems import INTERNAL, MEDIA_TYPE, TYPE, log_failure, request_id_of
from api.session import Session, session_of
from api.web.templates import page

HTML = "text/html"
DATA_PATHS = ("/v1", "/health", "/metrics")
_KEPT_HEADERS = ("retry-after", "connection", "allow")
_LONGEST_PATH = 1_500


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says of a problem: in a few words, and in a sentence or two that help on."""

    title: str
    text: str


_GONE = Told(
    "Deze pagina is er niet",
    "Het adres klopt niet, de pagina is weg, of je mag haar niet zien. Controleer het adres, zoek in de documenten of "
    "stel een nieuwe vraag.",
)
# By the end of the type of a problem; what is not here says it well enough itself.
_TOLD = {
    "not-found": _GONE,
    "unknown-passage": _GONE,
    "unknown-citation": _GONE,
    "unknown-document": Told(
        "Dit document is er niet",
        "Het document is weg, het adres klopt niet, of je mag het niet zien. Zoek het in de lijst van documenten.",
    ),
    "unknown-answer": Told(
        "Dit antwoord is er niet",
        "Het antwoord is gewist, het adres klopt niet, of je mag het niet zien. Stel de vraag opnieuw.",
    ),
    "method-not-allowed": Told("Dit kan niet op deze pagina", "Ga terug naar het begin en probeer het opnieuw."),
    "csrf": Told(
        "Dit formulier komt van een andere website",
        "Daarom is er niets mee gedaan. Wil je dit zelf doen? Begin dan op deze website.",
    ),
    "page-expired": Told(
        "Deze pagina was verlopen",
        "Er is niets gedaan. Ga terug, laad de pagina opnieuw en probeer het nog een keer. Wat je had geschreven, "
        "staat er meestal nog. Blijft dit gebeuren? Sta dan cookies van deze website toe.",
    ),
    "invalid-input": Told(
        "Er klopt iets niet in wat je invulde", "Ga terug, kijk na wat je hebt ingevuld en probeer het opnieuw."
    ),
    "invalid-json": Told("Je verzoek is niet te lezen", "Ga terug en probeer het opnieuw."),
    "unsupported-media-type": Told("Je verzoek is niet te lezen", "Ga terug en probeer het opnieuw."),
    "body-too-large": Told("Dit is te veel in één keer", "Ga terug en maak je tekst korter."),
    "no-library": Told(
        "Er zijn nog geen documenten",
        "Je kunt vragen stellen zodra er documenten zijn.",
    ),
    "internal": Told(
        "Er ging iets mis",
        "Dat ligt aan ons, niet aan jou. Probeer het over een paar minuten opnieuw. Blijft het misgaan? Geef de "
        "beheerder dan het nummer hieronder.",
    ),
}


class ProblemPages:
    """Shows every problem of a page as a page, whoever it is that finds it; and what nobody foresaw as one of these.

    A script that asks for events gets problems as they are, and so does whoever asks for data.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request, with a page where its response is a problem."""
        if scope["type"] != "http" or not wants_page(scope):
            await self._app(scope, receive, send)
            return
        held: Message | None = None
        body = bytearray()
        started = False

        async def send_or_hold(message: Message) -> None:
            nonlocal held, started
            if message["type"] == "http.response.start":
                if Headers(raw=message["headers"]).get("content-type", "").startswith(MEDIA_TYPE):
                    held = message
                    return
                started = True
            if held is None:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                response = _shown(Request(scope), bytes(body), Headers(raw=held["headers"]))
                await response(scope, receive, send)

        try:
            await self._app(scope, receive, send_or_hold)
        except Exception as error:
            if started:
                raise
            request = Request(scope)
            log_failure(error, request_id_of(request))
            await _shown(request, INTERNAL.text("").encode(), Headers())(scope, receive, send)


def wants_page(scope: Scope) -> bool:
    """Whether a request is for a page: by its address, and by what it says it can read."""
    path = scope["path"]
    if any(path == one or path.startswith(f"{one}/") for one in DATA_PATHS):
        return False
    accept = Headers(scope=scope).get("accept", "")
    return preferred(accept, (HTML, "application/json", MEDIA_TYPE, EVENTS)) == HTML


def _shown(request: Request, problem: bytes, headers: Headers) -> Response:
    """The page of a problem; for whoever has to say first who he is, the way to where he does."""
    said = json.loads(problem)
    status = int(said["status"])
    if status == HTTPStatus.UNAUTHORIZED:
        return RedirectResponse(f"/inloggen?terug={quote(_wanted(request), safe='/')}", HTTPStatus.SEE_OTHER)
    word = str(said["type"]).removeprefix(TYPE)
    told = _TOLD.get(word) or Told(str(said["title"]).rstrip("."), str(said["detail"]))
    caller, session = _known(request)
    response = page(
        request,
        _template(word, status),
        look=_look(request),
        session=session,
        caller=caller,
        status=status,
        told=told,
        request_id=request_id_of(request),
        retry=headers.get("retry-after", ""),
        uploads=getattr(getattr(request.app.state, "parts", None), "uploads", None) is not None,
    )
    for name in _KEPT_HEADERS:
        if name in headers:
            response.headers[name] = headers[name]
    return response


def _template(word: str, status: int) -> str:
    if word == "no-library":
        return "no_library.html.j2"
    return "not_found.html.j2" if status == HTTPStatus.NOT_FOUND else "error.html.j2"


def _wanted(request: Request) -> str:
    """Where to go on once one has logged in: the page itself; a form that was sent is not sent again."""
    if request.method not in ("GET", "HEAD"):
        return "/"
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return path if len(path) <= _LONGEST_PATH else request.url.path[:_LONGEST_PATH]


def _look(request: Request) -> Look:
    look = getattr(getattr(request.app.state, "parts", None), "look", None)
    return look if isinstance(look, Look) else Look()


def _known(request: Request) -> tuple[Caller | None, Session]:
    """Who looks, as far as that can be told while something is wrong."""
    try:
        return request.app.state.parts.access.caller(request), session_of(request)
    except Exception:  # noqa: BLE001 - it only makes the menu, without which this is a page too
        return None, Session("")
