"""How large a body may be and how long it may take, for every request; one with files to upload streams through."""

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import BodyTooLarge, BodyTooSlow
from api.problems import Problem, too_large, too_slow

BODY_LIMIT = 64 * 1024  # bytes
BODY_SECONDS = 10.0
UPLOAD_PATHS = frozenset(("/v1/documents", "/beheer/documenten"))
UPLOAD_RATE = 8 * 1024  # bytes a second that must come in, on average
UPLOAD_SECONDS = 15 * 60.0
_DRAIN_BYTES, _DRAIN_SECONDS = 256 * 1024, 1.0


class Body:
    """Reads the body before the application does, so that one that is too large or too slow never gets that far.

    A body with files is too large to wait for. It goes through as the application asks for it, which has then seen
    who sends it; one that is too large or too slow ends there in BodyTooLarge or BodyTooSlow.
    `upload_limit` is what such a body may be, in bytes; 0 where nothing is uploaded.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limit: int = BODY_LIMIT,
        seconds: float = BODY_SECONDS,
        upload_limit: int = 0,
        upload_rate: float = UPLOAD_RATE,
    ) -> None:
        self._app = app
        self._limit = limit
        self._seconds = seconds
        self._upload_limit = upload_limit
        self._upload_rate = upload_rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request with its whole body, when that is small enough and came in time."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._upload_limit and scope["method"] == "POST" and scope["path"] in UPLOAD_PATHS:
            await self._stream(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        # Refused before it is asked for; a length that is no truth is found out below.
        if length.isdecimal() and int(length[:20]) > self._limit:
            await _refuse(too_large(self._limit), scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._seconds):
                body = await self._read(receive)
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

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request, whose body is counted and timed as it goes through."""
        counted = _Counted(receive, Headers(scope=scope), self._upload_limit, self._seconds, self._upload_rate)

        async def send_when_done(message: Message) -> None:
            if message["type"] == "http.response.start" and not counted.ended:
                await counted.drain()
                message = {**message, "headers": _closing(message.get("headers", []), counted.ended)}
            await send(message)

        await self._app(scope, counted.receive, send_when_done)


class _Counted:
    """A body that is counted and timed: as much time as its bytes need at the slowest rate, and a little more."""

    def __init__(self, receive: Receive, headers: Headers, limit: int, grace: float, rate: float) -> None:
        self._receive = receive
        self._limit = limit
        self._grace = grace
        self._rate = rate
        length = headers.get("content-length", "")
        self._told = int(length[:20]) if length.isdecimal() else 0
        self._waits_for_a_word = "100-continue" in headers.get("expect", "").lower()
        self._started = asyncio.get_running_loop().time()
        self._read = 0
        self.ended = not self._told and "transfer-encoding" not in headers

    async def receive(self) -> Message:
        """The next message. Raises BodyTooLarge, BodyTooSlow."""
        if self.ended:
            return await self._receive()  # that the client left, and until then nothing
        if self._told > self._limit:
            raise BodyTooLarge(self._limit)  # before it is asked for
        spent = asyncio.get_running_loop().time() - self._started
        allowed = min(self._grace + self._read / self._rate, UPLOAD_SECONDS)
        try:
            message = await asyncio.wait_for(self._receive(), max(allowed - spent, 0))
        except TimeoutError:
            raise BodyTooSlow from None
        self._read += len(message.get("body", b""))
        self.ended = message["type"] != "http.request" or not message.get("more_body", False)
        if self._read > self._limit:
            raise BodyTooLarge(self._limit)
        return message

    async def drain(self) -> None:
        """Read on a little: a client that is cut off while it sends may never see the response.

        Not one that waits for our word to begin: no word is answer enough.
        """
        if self._told - self._read > _DRAIN_BYTES or (self._waits_for_a_word and not self._read):
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rest(), _DRAIN_SECONDS)

    async def _rest(self) -> None:
        most = self._read + _DRAIN_BYTES
        while not self.ended and self._read <= most:
            message = await self._receive()
            self._read += len(message.get("body", b""))
            self.ended = message["type"] != "http.request" or not message.get("more_body", False)


def _closing(headers: list[tuple[bytes, bytes]], ended: bool) -> list[tuple[bytes, bytes]]:
    """The headers, with the word that the connection ends where the rest of the body is still to come."""
    if ended:
        return headers
    return [*((name, value) for name, value in headers if name.lower() != b"connection"), (b"connection", b"close")]


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    await problem.response(scope["state"]["request_id"])(scope, receive, send)
