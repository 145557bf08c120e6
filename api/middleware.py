"""What stands around the whole application, in plain ASGI, so that it holds for every route and every error."""

import logging
import re
import time
import uuid
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import METHODS, Metrics
from api.problems import INTERNAL, Problem, behind_proxy, elsewhere, log_failure, unknown_host
from api.proxies import FORWARDED

CLIENT_LEFT = 499  # in logs and counts only: there was nobody to send a status to
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_DATA_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_PAGE_HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            *("script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"),
            *("form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"),
        )
    ),
    # Without it a browser says of our own forms that they come from nowhere.
    "Referrer-Policy": "same-origin",
}
_TLS_HEADER = (b"strict-transport-security", b"max-age=%d" % (365 * 24 * 60 * 60))
_ALWAYS_OURS = frozenset((b"x-request-id", _TLS_HEADER[0]))
_CHANGING = frozenset(("POST", "PUT", "PATCH", "DELETE"))
_Header = tuple[bytes, bytes]
_log = logging.getLogger("vng_assistent.api")


class Envelope:
    """Gives each request an id, each response its headers, and the logs and counts a line; catches what nobody did."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, version: str) -> None:
        self._app = app
        self._metrics = metrics
        shared = {"API-Version": version, **_HEADERS}
        self._for_pages, self._for_data = _raw(shared | _PAGE_HEADERS), _raw(shared | _DATA_HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request, answered whatever happens."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = _request_id(Headers(scope=scope).get("x-request-id", ""))
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._dressed(message.get("headers", ()), scope, request_id)
            await send(message)

        try:
            await self._app(scope, receive, send_dressed)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets a problem and the logs the rest
            log_failure(error, request_id)
            if not status:
                await INTERNAL.response(request_id)(scope, receive, send_dressed)
        finally:
            self._count(scope, status or CLIENT_LEFT, time.perf_counter() - started, request_id)

    def _dressed(self, given: Iterable[_Header], scope: Scope, request_id: str) -> list[_Header]:
        """The headers of a response, with the id of its request and all of ours that it does not have."""
        headers = [one for one in given if one[0] not in _ALWAYS_OURS]
        headers.append((b"x-request-id", request_id.encode("latin-1")))
        present = dict(headers)
        is_page = present.get(b"content-type", b"").startswith(b"text/html")
        headers += (one for one in (self._for_pages if is_page else self._for_data) if one[0] not in present)
        if scope.get("scheme") == "https":
            headers.append(_TLS_HEADER)
        return headers

    def _count(self, scope: Scope, status: int, seconds: float, request_id: str) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.request(method, route, status, seconds)
        # The template of the path and no query string: that has the question in it.
        _log.info("%s %s %d %.1f ms %s", method, route, status, seconds * 1000, request_id)


class Heads:
    """Answers HEAD as GET, for what checks a link before anybody follows it; the server leaves out the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request, as one for the page itself."""
        # A copy: by the method in its own scope the server sees that no body goes along.
        is_head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self._app({**scope, "method": "GET"} if is_head else scope, receive, send)


class Hosts:
    """Answers only to the names that this server goes by: a web page elsewhere cannot make a browser ask for it.

    One that is `alone` is for one person on this computer, and answers to nobody that a server in between brings here,
    which would make everybody that person.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], alone: bool) -> None:
        self._app = app
        self._hosts = hosts
        self._alone = alone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request, when it was meant for this server."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            if _host(headers.get("host", "")) not in self._hosts:
                await _refuse(unknown_host(), scope, receive, send)
                return
            if self._alone and any(name in headers for name in FORWARDED):
                await _refuse(behind_proxy(), scope, receive, send)
                return
        await self._app(scope, receive, send)


class SameSite:
    """Refuses to change anything for a page that is not ours, wherever a browser says that it asks for one.

    Programs send none of these headers. A form of ours brings back a value besides, for browsers that do not either.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request, when it changes nothing or comes from ourselves."""
        if scope["type"] == "http" and scope["method"] in _CHANGING and not _is_own(Headers(scope=scope)):
            await _refuse(elsewhere(), scope, receive, send)
            return
        await self._app(scope, receive, send)


def _raw(headers: dict[str, str]) -> tuple[_Header, ...]:
    """The headers as they go over the wire."""
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items())


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    await problem.response(scope["state"]["request_id"])(scope, receive, send)


def _request_id(given: str) -> str:
    """The id that the caller gave, when it can stand in a log; else one of our own."""
    return given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex


def _is_own(headers: Headers) -> bool:
    """Whether no browser says that this is asked by a page of another site; another port or scheme is another one."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return True
    scheme, _, place = origin.lower().partition("://")
    default = {"http": ":80", "https": ":443"}.get(scheme, "")
    host = headers.get("host", "").lower()
    return bool(default) and place.removesuffix(default) == host.removesuffix(default)


def _host(header: str) -> str:
    """The name in a Host header, without its port: "[::1]:8000" gives "::1"."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.rpartition(":")[0].lower() if ":" in header else header.lower()
