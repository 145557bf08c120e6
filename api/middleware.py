"""What stands around the whole application, in plain ASGI, so that it holds for every route and every error."""

import asyncio
import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import METHODS, Metrics
from api.problems import INTERNAL, Problem, log_failure, too_large, too_slow, unknown_host

BODY_LIMIT = 64 * 1024  # bytes
BODY_SECONDS = 10.0
CLIENT_LEFT = 499  # in logs and counts only: there was nobody to send a status to
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_log = logging.getLogger("vng_assistent.api")


class Envelope:
    """Gives each request an id, each response its headers, and the logs and counts a line; catches what nobody did."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, version: str) -> None:
        self._app = app
        self._metrics = metrics
        self._headers = {"API-Version": version, **_HEADERS}

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
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_dressed)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets a problem and the logs the rest
            log_failure(error, request_id)
            if not status:
                await INTERNAL.response(request_id)(scope, receive, send_dressed)
        finally:
            self._count(scope, status or CLIENT_LEFT, time.perf_counter() - started, request_id)

    def _count(self, scope: Scope, status: int, seconds: float, request_id: str) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.request(method, route, status, seconds)
        # The template of the path and no query string: that has the question in it.
        _log.info("%s %s %d %.1f ms %s", method, route, status, seconds * 1000, request_id)


class Hosts:
    """Answers only to the names that this server goes by: a web page elsewhere cannot make a browser ask for it."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request, when it was meant for this server."""
        if scope["type"] == "http" and _host(Headers(scope=scope).get("host", "")) not in self._hosts:
            await _refuse(unknown_host(), scope, receive, send)
            return
        await self._app(scope, receive, send)


class Body:
    """Reads the body before the application does, so that one that is too large or too slow never gets that far."""

    def __init__(self, app: ASGIApp, *, limit: int = BODY_LIMIT, seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._limit = limit
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request with its whole body, when that is small enough and came in time."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        # Refused before it is asked for; a length that is no truth is found out below.
        if length.isdecimal() and int(length[:20]) > self._limit:
            await _refuse(too_large(self._limit), scope, receive, send)
            return
        try:
            body = await asyncio.wait_for(self._read(receive), self._seconds)
        except TimeoutError:
            await _refuse(too_slow(self._seconds), scope, receive, send)
            return
        if body is None:
            return  # the client left
        if len(body) > self._limit:
            await _refuse(too_large(self._limit), scope, receive, send)
            return
        first = True

        async def replay() -> Message:
            nonlocal first
            if first:
                first = False
                return {"type": "http.request", "body": body, "more_body": False}
            return await receive()

        await self._app(scope, replay, send)

    async def _read(self, receive: Receive) -> bytes | None:
        """The body, no more of it than shows that it is too large; None when the client left."""
        body = bytearray()
        while len(body) <= self._limit:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        return bytes(body)


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    await problem.response(scope["state"]["request_id"])(scope, receive, send)


def _request_id(given: str) -> str:
    """The id that the caller gave, when it can stand in a log; else one of our own."""
    return given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex


def _host(header: str) -> str:
    """The name in a Host header, without its port: "[::1]:8000" gives "::1"."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.rpartition(":")[0].lower() if ":" in header else header.lower()
