"""The Bolt application out of the parts: what comes from Slack is checked here, and brought to the handlers.

Bolt acknowledges an event before it calls its listener. A question must be written down before that, so whoever
listens to events does that in a middleware of the listener, which comes first and whose failure is told to Slack:

    app.event("app_mention", middleware=[take])(nothing)
"""

import asyncio
import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from integrations.slack.gateway import Gateway
from integrations.slack.inbox import where
from integrations.slack.parts import SlackParts

if TYPE_CHECKING:
    from slack_bolt import App, BoltResponse
    from slack_bolt.authorization import AuthorizeResult

Json = dict[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BODY = 2**20  # bytes; what Slack sends is much smaller
LISTENERS = 8  # threads for what is done after the acknowledgement
_REMEMBERED = 20_000  # signatures
_SIGNATURE_SECONDS = 600.0  # longer than Bolt takes one to be fresh
_log = logging.getLogger("vng_assistent.slack")
_quiet = logging.getLogger("vng_assistent.slack.bolt")
_quiet.setLevel(logging.CRITICAL)  # it would repeat what people said


def build(parts: SlackParts, register: Callable[["App", SlackParts], None], *, signing_secret: str = "") -> "App":
    """The application with these handlers. Without `signing_secret` it takes nothing over HTTP.

    Raises TokenRefused, SlackUnavailable and RateLimited when Slack does not say who the bot is.
    """
    from slack_bolt import App  # noqa: PLC0415 - a command pays only for what it needs

    parts.gateway.identity()
    app = App(
        name="vng-assistent",
        logger=_quiet,
        signing_secret=signing_secret,
        authorize=_authorization(parts.gateway),
        listener_executor=ThreadPoolExecutor(LISTENERS, "slack-listener"),
        attaching_conversation_kwargs_enabled=False,
        process_before_response=False,
    )
    app.use(_without_bots(parts.gateway))
    app.error(_failed)
    register(app, parts)
    return app


def close(app: "App") -> None:
    """Waits until what was acknowledged has been dealt with by its listeners."""
    executor = app.listener_runner.listener_executor
    assert isinstance(executor, ThreadPoolExecutor), "build gives it one"  # noqa: S101
    executor.shutdown(wait=True)


def over_socket(app: "App", payload: Json) -> tuple[bool, Any]:
    """Whether to acknowledge what came over the WebSocket, and what to say with that; None for nothing."""
    from slack_bolt import BoltRequest  # noqa: PLC0415

    response = _dispatched(app, BoltRequest(mode="socket_mode", body=payload))
    if response.status != 200:
        return False, None
    if not response.body:
        return True, None
    is_json = response.first_headers().get("content-type", "").startswith("application/json")
    return True, json.loads(response.body) if is_json else {"text": response.body}


def slack_asgi(app: "App", *, threads: int = 10) -> Asgi:
    """The application over HTTP, for one path: what Slack signed is dispatched, in threads of its own."""
    from slack_bolt import BoltRequest  # noqa: PLC0415

    pool = ThreadPoolExecutor(threads, "slack-http")
    seen = Seen()

    def answer(headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        signature = headers.get("x-slack-signature", "")
        if not headers.get("x-slack-request-timestamp", "0").isdecimal():
            return 401, {}, b""  # which Bolt has no answer to
        if seen.has(signature):
            return 200, {}, b""  # the same request word for word: what it asks for has been done
        try:
            request = BoltRequest(body=body.decode("utf-8"), headers=dict(headers))
            response = _dispatched(app, request)
        except ValueError:  # no text, or no JSON
            return 400, {}, b""
        if response.status == 200:
            seen.add(signature)
        return response.status, response.first_headers_without_set_cookie(), response.body.encode("utf-8")

    async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await _send(send, 405, {"allow": "POST"}, b"")
            return
        body = await _body(receive)
        if body is None:
            await _send(send, 413, {}, b"")
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        await _send(send, *await asyncio.get_running_loop().run_in_executor(pool, answer, headers, body))

    return asgi


class Seen:
    """The signatures of requests that were carried out lately. Threads may share it."""

    def __init__(self, most: int = _REMEMBERED, seconds: float = _SIGNATURE_SECONDS) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()
        self._most = most
        self._seconds = seconds

    def has(self, signature: str) -> bool:
        """Whether a request with this signature was carried out."""
        with self._lock:
            return self._until.get(signature, 0.0) > time.monotonic()

    def add(self, signature: str) -> None:
        """Remembers that it was."""
        with self._lock:
            self._until[signature] = time.monotonic() + self._seconds
            while len(self._until) > self._most:
                self._until.popitem(last=False)


def is_of_program(body: Json, bot_user: str) -> bool:
    """Whether an event is about what a program said, this bot included."""
    event = body.get("event")
    if not isinstance(event, dict) or event.get("type") not in ("message", "app_mention"):
        return False
    said = (event, event.get("message"), event.get("previous_message"))
    return any(
        isinstance(one, dict)
        and bool(one.get("bot_id") or one.get("subtype") == "bot_message" or one.get("user") == bot_user)
        for one in said
    )


def _dispatched(app: "App", request: Any) -> "BoltResponse":
    """What the application says to a request. What nobody listens to is taken all the same: Slack would repeat it."""
    from slack_bolt import BoltResponse  # noqa: PLC0415

    response = app.dispatch(request)
    return BoltResponse(status=200, body="") if response.status == 404 else response


def _authorization(gateway: Gateway) -> Callable[..., "AuthorizeResult"]:
    """What Bolt asks for each request, known without asking Slack. Handlers call Slack by the gateway."""

    def authorize(**_: object) -> "AuthorizeResult":
        from slack_bolt.authorization import AuthorizeResult  # noqa: PLC0415

        us = gateway.identity()
        return AuthorizeResult(
            enterprise_id=None, team_id=us.team, bot_user_id=us.user, bot_id=us.bot, bot_token="", user_id=None
        )

    return authorize


def _without_bots(gateway: Gateway) -> Callable[..., Any]:
    """A middleware that takes what programs say, and does nothing with it: two bots could talk for ever."""

    def without_bots(body: Json, ack: Callable[[], Any], next: Callable[[], Any]) -> Any:  # noqa: A002 - Bolt's name
        return ack() if is_of_program(body, gateway.identity().user) else next()

    return without_bots


def _failed(error: Exception) -> None:
    """Logs that a handler failed: what kind of error, and where, without what was said."""
    _log.error("Iets uit Slack is niet verwerkt: %s.", where(error))


async def _body(receive: Receive) -> bytes | None:
    """The body of a request; None for one that is too large."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > MOST_BODY:
            return None
        if not message.get("more_body"):
            return bytes(body)


async def _send(send: Send, status: int, headers: Mapping[str, str], body: bytes) -> None:
    shown = [(name.lower().encode("latin-1"), str(value).encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": shown})
    await send({"type": "http.response.body", "body": body})
