"""Questions from Slack, a journal, and a small bot that says after people what they ask."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.types import Answer
from integrations.slack.access import Access
from integrations.slack.bolt_app import build, close
from integrations.slack.facts import ANSWER_EVENT
from integrations.slack.gateway import Gateway
from integrations.slack.inbox import Inbox
from integrations.slack.journal import Journal, open_journal
from integrations.slack.journal_tables import sqlite_url
from integrations.slack.parts import SlackParts
from integrations.slack.pseudonym import Pseudonyms
from integrations.slack.types import Asked, Place, Replied
from tests.slack_local.server import LocalSlack
from tests.slack_local.world import BOT_TOKEN, SIGNING_SECRET, TEAM

NAMES = Pseudonyms(b"geheim")
ANNA, BRAM, RAAD = "U0ANNA", "U0BRAM", "C0RAAD"


def asked(ts: str = "1.000001", text: str = "Hoeveel woningen?", *, user: str = ANNA, **more: Any) -> Asked:
    """A question in the channel of the council."""
    channel = more.pop("channel", RAAD)
    return Asked(Place(TEAM, channel, more.pop("thread", ts), "channel"), ts, user, text, **more)


def replied(ts: str = "1.000002", answer_id: str = "a1", channel: str = RAAD) -> Replied:
    """Where a reply stands."""
    return Replied(channel, ts, answer_id, "thread")


@contextmanager
def journal_in(folder: Path, clock: Callable[[], float] = time.time) -> Iterator[Journal]:
    """A journal in a file of this folder."""
    with closing(open_journal(sqlite_url(folder / "slack.sqlite"), NAMES, clock=clock)) as journal:
        yield journal


class NoRecords:
    """Keeps nothing."""

    def keep(self, answer: Answer, conversation_id: str, now: datetime) -> None:
        """Nothing."""

    def find(self, answer_id: str) -> Answer | None:
        """Nothing."""
        return None

    def erase(self, answer_id: str) -> None:
        """Nothing."""

    def feedback(self, answer_id: str, **_: Any) -> bool:
        """Nobody thinks anything of it."""
        return False


def small_parts(slack: LocalSlack, journal: Journal, inbox: Inbox) -> SlackParts:
    """The parts of a bot without a library."""
    nothing: Any = None
    return SlackParts(
        assistant=nothing,
        library=nothing,
        gateway=Gateway(BOT_TOKEN, address=slack.address, seconds=5),
        journal=journal,
        inbox=inbox,
        records=NoRecords(),
        access=Access(),
        clock=lambda: datetime.now(UTC),
    )


def register(app: Any, parts: SlackParts) -> None:
    """Takes every message as a question, and answers a command."""

    def take(body: dict[str, Any], next: Callable[[], Any]) -> Any:  # noqa: A002 - Bolt's name
        event = body["event"]
        if not event.get("subtype"):
            place = Place(TEAM, event["channel"], event.get("thread_ts") or event["ts"], "channel")
            parts.inbox.take(Asked(place, event["ts"], event["user"], event["text"], body["event_id"]))
        return next()

    def nothing() -> None:
        """What was to be done has been done."""

    def command(ack: Callable[..., Any], body: dict[str, Any]) -> None:
        ack(f"Je vroeg: {body['text']}")

    def fail(ack: Callable[[], Any]) -> None:
        ack()
        raise RuntimeError("dit is geheim")

    app.event("message", middleware=[take])(nothing)
    app.event("app_mention", middleware=[take])(nothing)
    app.command("/vng")(command)
    app.action("kapot")(fail)


def echo(parts: SlackParts, question: Asked) -> Replied:
    """The reply that says the question again."""
    channel = question.place.channel
    metadata = {"event_type": ANSWER_EVENT, "event_payload": {"question": question.ts}}
    said = {"text": f"Je vroeg: {question.text}", "metadata": metadata}
    return Replied(channel, parts.gateway.post(channel, said, question.place.thread), question.ts, "thread")


def tell(parts: SlackParts, question: Asked) -> Replied:
    """What says that a question stays without an answer."""
    channel = question.place.channel
    return Replied(channel, parts.gateway.post(channel, {"text": "Mislukt."}, question.place.thread), "", "thread")


def found(parts: SlackParts, question: Asked) -> Replied | None:
    """The reply that is in the thread already."""
    channel = question.place.channel
    for one in parts.gateway.replies(channel, question.place.thread):
        if one.question == question.ts:
            return Replied(channel, one.ts, one.question, "thread")
    return None


@contextmanager
def small_bot(slack: LocalSlack, folder: Path, **options: Any) -> Iterator[tuple[Any, SlackParts]]:
    """The application and the parts of a bot that answers by saying the question again."""
    with journal_in(folder) as journal:
        parts = small_parts(slack, journal, Inbox(journal, first_pause=0.01, **options))
        app = build(parts, register, signing_secret=SIGNING_SECRET)
        parts.inbox.start(
            lambda one: echo(parts, one),
            was_answered=lambda one: found(parts, one),
            tell=lambda one: tell(parts, one),
            undo=lambda one, reply: parts.gateway.delete(reply.channel, reply.ts),
        )
        try:
            yield app, parts
        finally:
            close(app)
            assert parts.inbox.close()
            parts.gateway.close()
