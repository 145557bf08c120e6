"""What there is in the workspace: people, channels, messages, streams, views; and what the bot did to it."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

TEAM, APP, BOT, BOT_USER = "T0VELDRIJK", "A0ASSISTENT", "B0ASSISTENT", "U0ASSISTENT"
BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-veldrijk-0123456789abcdef", "xapp-veldrijk-0123456789abcdef", "geheim" * 6


@dataclass(slots=True)
class Channel:
    """A conversation. `kind` is channel, private, im or mpim."""

    id: str
    kind: str
    members: set[str]
    external: bool = False
    messages: list[Json] = field(default_factory=list)  # changed by `add` and `remove` only
    by_ts: dict[str, Json] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        return {"channel": "channel", "private": "group", "im": "im", "mpim": "mpim"}[self.kind]

    def add(self, message: Json) -> None:
        self.messages.append(message)
        self.by_ts[message["ts"]] = message

    def remove(self, message: Json) -> None:
        self.messages.remove(message)
        del self.by_ts[message["ts"]]


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the Web API by the bot, and what it got for an answer."""

    method: str
    arguments: Json
    answer: Json
    at: float


@dataclass(slots=True)
class Fault:
    """What happens to the next calls of a method instead of what should: "ratelimited", "http500" or an error."""

    method: str
    error: str
    times: int = 1
    retry_after: int = 1


class World:
    """A workspace with its people and conversations. Used from several threads."""

    def __init__(self) -> None:
        self.users: dict[str, Json] = {BOT_USER: {"id": BOT_USER, "is_bot": True, "team_id": TEAM}}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, list[str]] = {}
        self.ephemeral: list[Json] = []
        self.responses: list[Json] = []  # what was sent to a response_url
        self.views: list[Json] = []  # opened, pushed or updated
        self.homes: dict[str, Json] = {}
        self.statuses: list[Json] = []
        self.prompts: list[Json] = []
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.faults: list[Fault] = []
        self.streams: dict[tuple[str, str], str] = {}  # (channel, ts) -> "open" or "expired"
        self.expire_streams_after: int | None = None  # appends
        self.triggers: set[str] = set()
        self.awaited: dict[
            tuple[str, str], Callable[[float], None]
        ] = {}  # told when the bot says something in a thread
        self.changed = threading.Condition()
        self._clock = itertools.count(1)
        self._start = int(time.time())

    def user(self, user: str, *, team: str = TEAM, bot: bool = False, manager: bool = False) -> str:
        """A person, by id."""
        self.users[user] = {
            "id": user,
            "team_id": team,
            "is_bot": bot,
            "is_admin": manager,
            "name": user.lower(),
            "deleted": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_stranger": team != TEAM,
            "profile": {"display_name": f"Persoon {user}", "real_name": f"Persoon {user}"},
        }
        return user

    def channel(self, channel: str, *members: str, kind: str = "channel", external: bool = False) -> str:
        """A conversation with these members and the bot, by id."""
        self.channels[channel] = Channel(channel, kind, {*members, BOT_USER}, external)
        return channel

    def ts(self) -> str:
        """A new timestamp; each is later than the one before."""
        number = next(self._clock)
        return f"{self._start + number // 1_000_000}.{number % 1_000_000:06d}"

    @contextmanager
    def changing(self) -> Iterator[None]:
        """What happens in the `with` block happens at once; whoever waits is told afterwards."""
        with self.changed:
            yield
            self.changed.notify_all()

    def wait(self, until: Callable[[], Any], seconds: float = 20) -> Any:
        """What `until` gives as soon as it gives something; fails when that takes too long."""
        with self.changed:
            found = None

            def there() -> bool:
                nonlocal found
                found = until()
                return bool(found)

            assert self.changed.wait_for(there, seconds), f"waited {seconds} s; {self.complaints or 'no complaints'}"
            return found

    def add(self, channel: str, message: Json) -> Json:
        """The message, put in its conversation."""
        self.channels[channel].add(message)
        if message.get("user") == BOT_USER and (
            tell := self.awaited.pop((channel, message.get("thread_ts", "")), None)
        ):
            tell(time.perf_counter())
        return message

    def find(self, channel: str, ts: str) -> Json | None:
        """The message with this ts."""
        return self.channels[channel].by_ts.get(ts)

    def thread(self, channel: str, ts: str) -> list[Json]:
        """The message with this ts and the replies to it, oldest first."""
        return [one for one in self.channels[channel].messages if ts in (one["ts"], one.get("thread_ts"))]

    def by_bot(self, channel: str, thread: str | None = None) -> list[Json]:
        """What the bot said in a conversation, or in one thread of it."""
        said = self.channels[channel].messages if thread is None else self.thread(channel, thread)
        return [one for one in said if one.get("user") == BOT_USER]

    def called(self, method: str) -> list[Call]:
        """The calls of this method."""
        return [one for one in self.calls if one.method == method]
