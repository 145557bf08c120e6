"""How the local Slack speaks: the Web API and the response addresses over HTTP, and what happens over WebSockets.

An application of its own for the server, without a framework: what it takes of the processor is not the bot's.
"""

import asyncio
import itertools
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from tests.slack_local.blocks import complaints
from tests.slack_local.web_api import answer
from tests.slack_local.world import APP, Call, World

Json = dict[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
Answer = tuple[int, dict[str, str], bytes]

ACK_SECONDS = 3.0
_JSON = {"content-type": "application/json"}


class Wire:
    """What comes in goes to the world; `push` brings to the bot what happens there. `address` is of the Web API."""

    def __init__(self, world: World) -> None:
        self.address = ""
        self.callers: set[tuple[str, int]] = set()  # the ends of the connections over which the Web API was called
        self.loop: asyncio.AbstractEventLoop | None = None
        self._world = world
        self._sockets: list[Send] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._numbers = itertools.count()

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application for the server."""
        if scope["type"] == "websocket":
            await self._socket(receive, send)
            return
        status, headers, content = self._answer(scope, await _body(receive))
        headers |= {"content-length": str(len(content))}
        shown = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": shown})
        await send({"type": "http.response.body", "body": content})

    async def push(self, kind: str, payload: Json, attempt: int = 0) -> Any:
        """What the bot acknowledges with: None where it does not in time, "" where it says nothing more.

        A bot without a connection has as much time to make one.
        """
        deadline = time.monotonic() + ACK_SECONDS
        while not self._sockets:
            if time.monotonic() > deadline:
                return None
            await asyncio.sleep(0.01)
        number = next(self._numbers)
        envelope: Json = {"envelope_id": f"{number:032x}", "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = True
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        waiting = self._waiting[envelope["envelope_id"]] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ACK_SECONDS):
                send = self._sockets[number % len(self._sockets)]
                await send({"type": "websocket.send", "text": json.dumps(envelope)})
                return await waiting
        except Exception:  # noqa: BLE001 - it took too long, or the bot left meanwhile, in one of many ways
            return None
        finally:
            del self._waiting[envelope["envelope_id"]]

    def push_now(self, kind: str, payload: Json, attempt: int = 0) -> Any:
        """What `push` gives, for another thread."""
        return self.run(self.push(kind, payload, attempt))

    def run(self, what: Any) -> Any:
        """What a coroutine gives that is carried out where the server is; called from another thread."""
        assert self.loop is not None, "the server runs"
        return asyncio.run_coroutine_threadsafe(what, self.loop).result()

    def drop_connections(self) -> None:
        """Every WebSocket ends, without a word."""
        for send in list(self._sockets):
            self.run(send({"type": "websocket.close", "code": 1011}))

    async def _socket(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        hello = {"type": "hello", "num_connections": 1, "connection_info": {"app_id": APP}}
        await send({"type": "websocket.send", "text": json.dumps(hello)})
        self._sockets.append(send)
        try:
            while (message := await receive())["type"] == "websocket.receive":
                reply = json.loads(message["text"])
                waiting = self._waiting.get(reply["envelope_id"])
                if waiting is not None and not waiting.done():
                    waiting.set_result(reply.get("payload") or "")
        finally:
            self._sockets.remove(send)

    def _answer(self, scope: Scope, body: bytes) -> Answer:
        where, _, name = scope["path"].removeprefix("/").partition("/")
        if where == "respond":
            return self._respond(json.loads(body))
        if where != "api":
            return 404, {}, b""
        self.callers.add(tuple(scope["client"]))
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if headers.get("content-type", "").startswith("application/json"):
            given = json.loads(body or b"{}")
        else:
            given = dict(parse_qsl(body.decode())) | dict(parse_qsl(scope["query_string"].decode()))
        return self._fault(name) or self._called(name, given.pop("token", token), given)

    def _called(self, method: str, token: str, given: Json) -> Answer:
        answered = answer(self._world, method, token, given)
        if method == "apps.connections.open" and answered["ok"]:
            answered["url"] = f"{self.address.replace('http://', 'ws://').removesuffix('api/')}socket"
        with self._world.changing():
            self._world.calls.append(Call(method, given, answered, time.monotonic()))
        return _json(answered)

    def _fault(self, method: str) -> Answer | None:
        for fault in self._world.faults:
            if fault.method == method and fault.times > 0:
                fault.times -= 1
                if fault.error == "ratelimited":
                    return _json({"ok": False, "error": "ratelimited"}, 429, {"retry-after": str(fault.retry_after)})
                return (500, {}, b"stuk") if fault.error == "http500" else _json({"ok": False, "error": fault.error})
        return None

    def _respond(self, given: Json) -> Answer:
        found = complaints(given["blocks"]) if "blocks" in given else []
        with self._world.changing():
            self._world.complaints += [f"response_url: {one}" for one in found]
            self._world.responses.append(given)
        return _json({"ok": False, "error": "invalid_blocks"}, 400) if found else (200, {}, b"ok")


def _json(content: Json, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return status, {**_JSON, **(headers or {})}, json.dumps(content, ensure_ascii=False).encode("utf-8")


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)
