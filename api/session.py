"""The web session: a signed cookie that says with which key somebody logged in, and what a page's form brings back.

Nothing of it is kept on the server. What is signed can be read by whoever holds the cookie, so there is no secret in
it: the prefix of the key, with which nobody can log in, the value for forms, and when it was made.
"""

import hashlib
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import FormData, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import BadForm, Forbidden, UnsupportedBody

FIELD = "csrf"  # the hidden field of every form
LIFETIME = 12 * 60 * 60  # seconds without a request after which one has to log in again
RENEWED = 15 * 60  # seconds after which a request gets a new cookie
MOST_FIELDS = 40
LONGEST_FIELD = 16 * 1024  # bytes
LONGEST_PATH = 2_000
_SECRET_BYTES = 32
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Session:
    """The session of a browser: `csrf` is the value that each of its forms brings back in the field FIELD.

    `prefix` is that of the key with which somebody logged in, "" for nobody.
    """

    csrf: str
    prefix: str = ""


class Sessions:
    """Signs the sessions that it gives out, so that it knows them again."""

    def __init__(self, secret: bytes | None = None, *, lifetime: float = LIFETIME, renewed: float = RENEWED) -> None:
        self._serializer = URLSafeTimedSerializer(
            secret or secrets.token_bytes(_SECRET_BYTES),
            salt="vng-assistent session",
            signer_kwargs={"digest_method": hashlib.sha256},
        )
        self._lifetime = lifetime
        self._renewed = renewed

    def seal(self, session: Session) -> str:
        """The session as the value of a cookie."""
        sealed = self._serializer.dumps([session.prefix, session.csrf])
        return sealed if isinstance(sealed, str) else sealed.decode("ascii")

    def unseal(self, cookie: str) -> Session | None:
        """The session of a cookie; None for one that is not ours, or too old."""
        return self._read(cookie, self._lifetime)

    def is_fresh(self, cookie: str) -> bool:
        """Whether the cookie is young enough to leave it as it is."""
        return self._read(cookie, self._renewed) is not None

    def _read(self, cookie: str, seconds: float) -> Session | None:
        try:
            # A float is compared as well as a whole number, whatever the type says.
            prefix, csrf = self._serializer.loads(cookie, max_age=seconds)  # type: ignore[arg-type]
        except (BadSignature, ValueError, TypeError):
            return None
        return Session(str(csrf), str(prefix))


class Cookies:
    """Sends the cookie of the session along with the response, where the session began or was renewed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request, with the cookie on its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            value = scope.get("state", {}).get("session_cookie")
            if message["type"] == "http.response.start" and value is not None:
                MutableHeaders(scope=message).append("set-cookie", _cookie(HTTPConnection(scope), value))
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def read_secret(path: Path) -> bytes:
    """The secret that sessions are signed with, from this file; made, for its owner only, where there is none."""
    with suppress(FileNotFoundError):
        if len(found := path.read_bytes()) >= _SECRET_BYTES:
            return found
        path.unlink()  # half written, on a disk that was full
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)  # with mode 0600
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(_SECRET_BYTES))
    try:
        os.link(name, path)  # fails where another process was first, whose secret then holds
    except FileExistsError:
        pass
    except OSError:  # a disk without links
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    return path.read_bytes()


def session_of(request: HTTPConnection) -> Session:
    """The session of the browser that makes the request; a new one, which goes along with the response, if it has none.

    The same one for the whole of the request.
    """
    found = getattr(request.state, "session", None)
    if isinstance(found, Session):
        return found
    sessions = _sessions(request)
    cookie = request.cookies.get(_name(request), "")
    session = sessions.unseal(cookie) if cookie else None
    if session and sessions.is_fresh(cookie):
        request.state.session = session
        return session
    return _begin(request, session or _nobody())


def log_in(request: HTTPConnection, prefix: str) -> Session:
    """A session of the key with this prefix, in place of the one there was."""
    return _begin(request, Session(secrets.token_urlsafe(_SECRET_BYTES), prefix))


def log_out(request: HTTPConnection) -> Session:
    """A session of nobody, in place of the one there was."""
    return _begin(request, _nobody())


def check_csrf(session: Session, given: object) -> None:
    """Raises Forbidden unless this is what a form of this session brings back."""
    if not isinstance(given, str) or not given:
        raise Forbidden("csrf")
    if not secrets.compare_digest(given.encode(), session.csrf.encode()):
        raise Forbidden("session")


@dataclass(frozen=True, slots=True)
class SentForm:
    """The fields of a form. One that `expired` was of another session, and only shown once more: nothing is done."""

    fields: FormData
    expired: bool


async def sent_form(request: Request, session: "SessionDep") -> SentForm:
    """A form of ours. Raises Forbidden for a form of another site, BadForm for one that is too large, and
    UnsupportedBody for no form at all.

    That the request comes from a page of ours, as far as the browser says so, was seen before (`middleware.SameSite`).
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _FORM:
        raise UnsupportedBody(media_type)
    try:
        form = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD)
    except HTTPException:
        raise BadForm from None
    try:
        check_csrf(session, form.get(FIELD))
    except Forbidden as error:
        if error.needed != "session":
            raise
        return SentForm(form, expired=True)
    return SentForm(form, expired=False)


async def checked_form(sent: "SentFormDep") -> FormData:
    """The fields of a form of this session. Raises Forbidden for another one."""
    if sent.expired:
        raise Forbidden("session")
    return sent.fields


def own_path(given: object, otherwise: str = "/") -> str:
    """The path and query of a page of ours, as given; `otherwise` for whatever a browser may take for another site."""
    if not isinstance(given, str) or len(given) > LONGEST_PATH or not given.startswith("/"):
        return otherwise
    # A browser reads a backslash as a slash, and drops tabs and line ends before it reads at all.
    if given.startswith("//") or "\\" in given or not given.isprintable() or " " in given:
        return otherwise
    parts = urlsplit(given)
    if parts.scheme or parts.netloc or parts.path in ("/inloggen", "/uitloggen"):
        return otherwise
    return given


async def _session(request: Request) -> Session:
    """The session of the browser that makes the request."""
    return session_of(request)


def _nobody() -> Session:
    return Session(secrets.token_urlsafe(_SECRET_BYTES))


def _begin(request: HTTPConnection, session: Session) -> Session:
    request.state.session = session
    request.state.session_cookie = _sessions(request).seal(session)
    return session


def _sessions(request: HTTPConnection) -> Sessions:
    sessions = request.app.state.parts.sessions
    assert isinstance(sessions, Sessions), "create_app puts them there"  # noqa: S101
    return sessions


def _is_tls(request: HTTPConnection) -> bool:
    return bool(request.scope.get("scheme") == "https")


def _name(request: HTTPConnection) -> str:
    """With this beginning a browser takes the cookie only from us, over TLS, and not from a name beside ours."""
    return "__Host-vng" if _is_tls(request) else "vng"


def _cookie(request: HTTPConnection, value: str) -> str:
    """The header for a cookie that goes when the browser closes: on a shared computer nobody stays logged in."""
    secure = "; Secure" if _is_tls(request) else ""
    return f"{_name(request)}={value}; Path=/; HttpOnly; SameSite=Lax{secure}"


SessionDep = Annotated[Session, Depends(_session)]
SentFormDep = Annotated[SentForm, Depends(sent_form)]
FormDep = Annotated[FormData, Depends(checked_form)]
