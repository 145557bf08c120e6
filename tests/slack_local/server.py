"""The server that a test holds: `LocalSlack` has people who say, edit, click and type, and the bot hears of it.

What the bot did is in its `world`; how the two speak stands in `wire.py`.
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
from urllib.parse import quote

import httpx
import uvicorn

from tests.slack_local.wire import ACK_SECONDS, Wire
from tests.slack_local.world import APP, BOT_USER, SIGNING_SECRET, TEAM, Fault, World

Json = dict[str, Any]

RETRIES = 3


class LocalSlack:
    """A Slack that a test talks to the bot through."""

    def __init__(self) -> None:
        self.world = World()
        self.wire = Wire(self.world)
        self.events_address = ""  # of the bot, for events over HTTP; "" for Socket Mode
        self.acknowledged: list[float] = []  # seconds, one a delivery
        self.undelivered: list[Json] = []
        self.retries = RETRIES
        self._http = httpx.Client(timeout=ACK_SECONDS)
        self._numbers = itertools.count()

    @property
    def address(self) -> str:
        """Where its Web API is, to give to the bot."""
        return self.wire.address

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
            before, has_thread = dict(message), len(self.world.thread(channel, ts)) > 1
            if has_thread:  # as a tombstone it keeps its thread, and Slack says that it was changed
                gone = {
                    "subtype": "tombstone",
                    "user": "USLACKBOT",
                    "text": "This message was deleted.",
                    "hidden": True,
                }
                message.clear()
                message.update({"type": "message", "ts": ts, "thread_ts": ts, **gone})
            else:
                self.world.channels[channel].remove(message)
        if has_thread:
            self._changed(channel, "message_changed", {"message": dict(message), "previous_message": before})
        else:
            self._changed(channel, "message_deleted", {"deleted_ts": ts, "previous_message": before})

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

    async def hand_over(self, envelope: Json) -> bool:
        """What `deliver` does, over a WebSocket and for whoever runs where the server does."""
        for attempt in range(self.retries + 1):
            started = time.perf_counter()
            if await self.wire.push("events_api", envelope, attempt) is not None:
                self.acknowledged.append(time.perf_counter() - started)
                return True
        self.undelivered.append(envelope)
        return False

    def _send(self, kind: str, payload: Json, *, form: Json | None = None, attempt: int = 0) -> Any:
        """What the bot acknowledges with: None where it does not, "" where it says nothing more."""
        started = time.perf_counter()
        sent = (
            self._over_http(payload, form, attempt)
            if self.events_address
            else self.wire.push_now(kind, payload, attempt)
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

    def drop_connections(self) -> None:
        """The network is lost: every WebSocket ends, without a word."""
        self.wire.drop_connections()

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
        slack.wire.app,
        host="127.0.0.1",
        port=0,
        log_level="warning",
        interface="asgi3",
        ws="websockets-sansio",
        lifespan="off",
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=60,  # as long as Slack has patience, and not as short as is usual
    )
    server = uvicorn.Server(config)

    def serve() -> None:
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            slack.wire.loop = runner.get_loop()
            runner.run(server.serve())

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        slack.wire.address = f"http://127.0.0.1:{port}/api/"
        yield slack
    finally:
        slack.close()
        server.should_exit = True
        server.force_exit = True
        thread.join()
