"""The server: the Web API, the response addresses, and the WebSocket of Socket Mode; and Slack's side of events.

`LocalSlack` is what a test holds: people who say, edit, click and type; and what the bot did is in its `world`.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.slack_local.blocks import complaints
from tests.slack_local.web_api import answer
from tests.slack_local.world import APP, BOT_USER, SIGNING_SECRET, TEAM, Call, Fault, World

Json = dict[str, Any]

ACK_SECONDS = 3.0
RETRIES = 3


class LocalSlack:
    """A Slack that a test talks to the bot through. `address` is of its Web API, to give to the bot."""

    def __init__(self) -> None:
        self.world = World()
        self.address = ""
        self.events_address = ""  # of the bot, for events over HTTP; "" for Socket Mode
        self.acknowledged: list[float] = []  # seconds, one a delivery
        self.undelivered: list[Json] = []
        self.retries = RETRIES
        self._sockets: list[WebSocket] = []
        self._waiting: dict[str, threading.Event] = {}
        self._responses: dict[str, Any] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._http = httpx.Client(timeout=ACK_SECONDS)
        self._numbers = itertools.count()
        self.app = Starlette(
            routes=[
                Route("/api/{method}", self._api, methods=["POST", "GET"]),
                Route("/respond/{key}", self._respond, methods=["POST"]),
                WebSocketRoute("/socket", self._socket),
            ]
        )

    # What people do

    def say(self, channel: str, user: str, text: str, *, thread: str | None = None, deliver: bool = True) -> str:
        """The ts of a message that somebody posts; the bot gets the events that Slack would send."""
        with self.world.changing():
            message = {"type": "message", "user": user, "text": text, "ts": self.world.ts(), "team": TEAM}
            if thread:
                message["thread_ts"] = thread
            self.world.add(channel, message)
        if deliver:
            for event in self.events_of(channel, message):
                self.deliver(event)
        return str(message["ts"])

    def events_of(self, channel: str, message: Json) -> list[Json]:
        """The events that Slack sends for a message: two for one that mentions the bot in a channel."""
        place = self.world.channels[channel]
        kind = {"channel": "channel", "private": "group", "im": "im", "mpim": "mpim"}[place.kind]
        sent: Json = {name: message[name] for name in ("user", "text", "ts", "thread_ts") if name in message}
        common: Json = {**sent, "channel": channel, "event_ts": message["ts"], "team": TEAM}
        events = [{"type": "message", "channel_type": kind, **common}]
        if f"<@{BOT_USER}>" in message["text"] and kind != "im":
            events.append({"type": "app_mention", **common})
        return [self.envelope(event, external=place.external) for event in events]

    def envelope(self, event: Json, *, external: bool = False) -> Json:
        """The event as the Events API sends it."""
        return {
            "token": "verouderd",
            "team_id": TEAM,
            "api_app_id": APP,
            "type": "event_callback",
            "event": event,
            "event_id": f"Ev{uuid.uuid4().hex[:10].upper()}",
            "event_time": int(time.time()),
            "is_ext_shared_channel": external,
            "event_context": "4-onbekend",
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
        }

    def edit(self, channel: str, ts: str, text: str) -> None:
        """Somebody changes a message."""
        with self.world.changing():
            message = self.world.find(channel, ts)
            assert message is not None
            before = dict(message)
            message.update(text=text, edited={"user": message["user"], "ts": self.world.ts()})
        self._changed(channel, "message_changed", {"message": message, "previous_message": before})

    def delete(self, channel: str, ts: str) -> None:
        """Somebody takes a message away."""
        with self.world.changing():
            message = self.world.find(channel, ts)
            assert message is not None
            self.world.channels[channel].messages.remove(message)
        self._changed(channel, "message_deleted", {"deleted_ts": ts, "previous_message": message})

    def _changed(self, channel: str, subtype: str, more: Json) -> None:
        kind = self.world.channels[channel].prefix
        event = {"type": "message", "subtype": subtype, "channel": channel, "channel_type": kind, "ts": self.world.ts()}
        self.deliver(self.envelope({**event, "hidden": True, "event_ts": event["ts"], **more}))

    def open_home(self, user: str, tab: str = "home") -> None:
        """Somebody opens the app: its home tab, or its messages tab."""
        event = {"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": tab}
        self.deliver(self.envelope({**event, "event_ts": self.world.ts()}))

    def command(self, user: str, channel: str, text: str, command: str = "/vng") -> Any:
        """Somebody types a slash command; gives what the bot says in its acknowledgement."""
        form = {"command": command, "text": text, "channel_id": channel, "user_id": user, "team_id": TEAM}
        form |= {"api_app_id": APP, "trigger_id": self.trigger(), "response_url": self.response_url(), "token": "oud"}
        form |= {"channel_name": channel.lower(), "user_name": user.lower(), "team_domain": "veldrijk"}
        return self._send("slash_commands", form, form=form)

    def click(
        self,
        user: str,
        action: Json,
        *,
        message: Json | None = None,
        channel: str = "",
        view: Json | None = None,
        ephemeral: bool = False,
    ) -> Any:
        """Somebody uses a button or a menu of a message or a view."""
        payload: Json = {
            "type": "block_actions",
            "actions": [{"action_ts": self.world.ts(), "block_id": "b", **action}],
        }
        if view is not None:
            payload |= {"view": view, "container": {"type": "view", "view_id": view["id"]}}
        if message is not None:
            at = {"type": "message", "message_ts": message["ts"], "channel_id": channel, "is_ephemeral": ephemeral}
            payload |= {"container": at, "channel": {"id": channel}, "response_url": self.response_url()}
            payload |= {} if ephemeral else {"message": message}
        return self._interact(user, payload)

    def submit(self, user: str, view: Json, values: Json) -> Any:
        """Somebody sends a modal in."""
        sent = {**view, "state": {"values": values}, "team_id": TEAM, "root_view_id": view["id"]}
        return self._interact(user, {"type": "view_submission", "view": sent, "response_urls": []})

    def shortcut(self, user: str, channel: str, message: Json, callback: str) -> Any:
        """Somebody uses a shortcut on a message."""
        payload = {"type": "message_action", "callback_id": callback, "channel": {"id": channel}, "message": message}
        return self._interact(user, {**payload, "message_ts": message["ts"], "response_url": self.response_url()})

    def suggest(self, user: str, action_id: str, typed: str, view: Json | None = None) -> Any:
        """The options that the bot gives for what somebody types in a menu."""
        payload = {"type": "block_suggestion", "action_id": action_id, "block_id": "b", "value": typed, "view": view}
        return self._interact(user, payload)

    def _interact(self, user: str, payload: Json) -> Any:
        payload = {
            "user": {"id": user, "team_id": TEAM, "username": user.lower()},
            "team": {"id": TEAM},
            "token": "oud",
            "api_app_id": APP,
            "trigger_id": self.trigger(),
            **payload,
        }
        return self._send("interactive", payload, form={"payload": json.dumps(payload)})

    def trigger(self) -> str:
        """A trigger, with which the bot may open one modal."""
        trigger = f"{next(self._numbers)}.{uuid.uuid4().hex}"
        self.world.triggers.add(trigger)
        return trigger

    def response_url(self) -> str:
        """An address at which the bot may answer."""
        return f"{self.address.removesuffix('/api/')}/respond/{uuid.uuid4().hex}"

    # How it reaches the bot

    def deliver(self, envelope: Json) -> bool:
        """Whether the bot acknowledged an event, sent again as often as Slack does."""
        for attempt in range(self.retries + 1):
            if self._send("events_api", envelope, attempt=attempt) is not None:
                return True
        self.undelivered.append(envelope)
        return False

    def _send(self, kind: str, payload: Json, *, form: Json | None = None, attempt: int = 0) -> Any:
        """What the bot acknowledges with: None where it does not, "" where it says nothing more."""
        started = time.perf_counter()
        sent = (
            self._over_http(payload, form, attempt)
            if self.events_address
            else self._over_socket(kind, payload, attempt)
        )
        if sent is not None:
            self.acknowledged.append(time.perf_counter() - started)
        return sent

    def _over_http(self, payload: Json, form: Json | None, attempt: int) -> Any:
        body = "&".join(f"{k}={quote(str(v), safe='')}" for k, v in form.items()) if form else json.dumps(payload)
        headers = {"Content-Type": "application/x-www-form-urlencoded" if form else "application/json", **signed(body)}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        try:
            response = self._http.post(self.events_address, content=body.encode(), headers=headers)
        except httpx.HTTPError:
            return None
        if response.status_code != 200:
            return None
        return response.json() if response.headers.get("content-type", "").startswith("application/json") else ""

    def _over_socket(self, kind: str, payload: Json, attempt: int) -> Any:
        deadline = time.monotonic() + ACK_SECONDS
        while not self._sockets and time.monotonic() < deadline:
            time.sleep(0.01)
        if not self._sockets or self._loop is None:
            return None
        envelope_id, there = uuid.uuid4().hex, threading.Event()
        self._waiting[envelope_id] = there
        envelope = {"envelope_id": envelope_id, "type": kind, "payload": payload, "accepts_response_payload": True}
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        socket = self._sockets[next(self._numbers) % len(self._sockets)]
        try:
            asyncio.run_coroutine_threadsafe(socket.send_text(json.dumps(envelope)), self._loop).result(ACK_SECONDS)
        except Exception:  # noqa: BLE001 - the bot left meanwhile, in one of many ways
            return None
        if not there.wait(ACK_SECONDS):
            return None
        return self._responses.pop(envelope_id, "") or ""

    def drop_connections(self) -> None:
        """The network is lost: every WebSocket ends, without a word."""
        for socket in list(self._sockets):
            assert self._loop is not None
            asyncio.run_coroutine_threadsafe(socket.close(1011), self._loop).result(5)

    # The server's side

    async def _api(self, request: Request) -> Response:
        method = request.path_params["method"]
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        body = await request.body()
        if request.headers.get("content-type", "").startswith("application/json"):
            given = json.loads(body or b"{}")
        else:
            given = dict(parse_qsl(body.decode())) | dict(request.query_params)
        token = given.pop("token", token)
        if fault := self._fault(method):
            return fault
        answered = await asyncio.to_thread(answer, self.world, method, token, given)
        if method == "apps.connections.open" and answered["ok"]:
            answered["url"] = f"{self.address.replace('http://', 'ws://').removesuffix('api/')}socket"
        with self.world.changing():
            self.world.calls.append(Call(method, given, answered, time.monotonic()))
        return JSONResponse(answered)

    def _fault(self, method: str) -> Response | None:
        for fault in self.world.faults:
            if fault.method == method and fault.times > 0:
                fault.times -= 1
                if fault.error == "ratelimited":
                    headers = {"Retry-After": str(fault.retry_after)}
                    return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers=headers)
                if fault.error == "http500":
                    return Response("stuk", 500)
                return JSONResponse({"ok": False, "error": fault.error})
        return None

    async def _respond(self, request: Request) -> Response:
        given = await request.json()
        found = complaints(given["blocks"]) if "blocks" in given else []
        with self.world.changing():
            self.world.complaints += [f"response_url: {one}" for one in found]
            self.world.responses.append(given)
        return JSONResponse({"ok": False, "error": "invalid_blocks"}, 400) if found else Response("ok")

    async def _socket(self, socket: WebSocket) -> None:
        self._loop = asyncio.get_running_loop()
        await socket.accept()
        await socket.send_text(json.dumps({"type": "hello", "num_connections": 1, "connection_info": {"app_id": APP}}))
        self._sockets.append(socket)
        try:
            while True:
                reply = json.loads(await socket.receive_text())
                self._responses[reply["envelope_id"]] = reply.get("payload")
                if there := self._waiting.pop(reply["envelope_id"], None):
                    there.set()
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)

    def fail(self, method: str, error: str, *, times: int = 1, retry_after: int = 1) -> None:
        """Makes the next calls of a method go wrong."""
        self.world.faults.append(Fault(method, error, times, retry_after))

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()


def signed(body: str, *, at: int | None = None, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """The headers that show that a body comes from Slack, at this moment."""
    moment = str(int(time.time()) if at is None else at)
    digest = hmac.new(secret.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}"}


@contextmanager
def local_slack() -> Iterator[LocalSlack]:
    """A Slack that runs, on a free port."""
    slack = LocalSlack()
    config = uvicorn.Config(
        slack.app, host="127.0.0.1", port=0, log_level="warning", ws="websockets-sansio", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        slack.address = f"http://127.0.0.1:{port}/api/"
        yield slack
    finally:
        slack.close()
        server.should_exit = True
        server.force_exit = True
        thread.join()
