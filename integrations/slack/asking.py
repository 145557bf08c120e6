"""A question out of what Slack sends: a message, a button or a command; and what it says of where that is."""

from collections.abc import Mapping
from typing import Any

from integrations.slack.parts import SlackParts
from integrations.slack.text import asked_text
from integrations.slack.types import Asked, Place, PlaceKind

Json = Mapping[str, Any]

_KINDS: dict[str, PlaceKind] = {"im": "direct", "mpim": "group", "group": "private", "channel": "channel"}
CLICK = "q-"  # before the moment of a question that is no message


def asked_of(parts: SlackParts, event: Json, body: Json) -> Asked:
    """The question in a message."""
    bot = parts.gateway.identity()
    channel, ts = str(event["channel"]), str(event["ts"])
    return Asked(
        place=place_of(parts, channel, str(event.get("thread_ts") or ts), event, body),
        ts=ts,
        user=str(event.get("user", "")),
        text=asked_text(str(event.get("text") or ""), bot.user),
        event_id=str(body.get("event_id", "")),
    )


def place_of(
    parts: SlackParts, channel: str, thread: str, event: Json | None = None, body: Json | None = None
) -> Place:
    """A place, by what is known without asking Slack."""
    kind = _KINDS.get(str((event or {}).get("channel_type", "")))
    external = bool((body or {}).get("is_ext_shared_channel"))
    return Place(parts.gateway.identity().team, channel, thread, kind or kind_of(channel), external)


def kind_of(channel: str) -> PlaceKind:
    """What kind of conversation an id is of, as far as that can be told."""
    return "direct" if channel.startswith("D") else "channel"


def clicked(parts: SlackParts, body: Json, text: str) -> Asked:
    """The question that somebody asks with a button, in the place where the button is."""
    action = (body.get("actions") or [{}])[0]
    container = body.get("container") or {}
    user = str(body["user"]["id"])
    channel = channel_of(body) or parts.gateway.direct(user)
    alone = bool(container.get("is_ephemeral"))
    return Asked(
        place=place_of(parts, channel, thread_of(body)),
        ts=f"{CLICK}{action.get('action_ts', '')}",
        user=user,
        text=text,
        private=alone,
        response_url=str(body.get("response_url", "")) if alone else "",
    )


def channel_of(body: Json) -> str:
    """The conversation in which somebody clicked; "" where that was in a view."""
    return str((body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id") or "")


def thread_of(body: Json) -> str:
    """The thread of the message that somebody clicked on; "" where it is in none, and nobody else sees it."""
    container, message = body.get("container") or {}, body.get("message") or {}
    thread = message.get("thread_ts") or container.get("thread_ts")
    return str(thread or ("" if container.get("is_ephemeral") else container.get("message_ts", "")))


def place_clicked(parts: SlackParts, body: Json) -> Place:
    """Where somebody clicked; in a view that is with the bot alone."""
    channel = channel_of(body)
    if not channel:
        return Place(parts.gateway.identity().team, "", "", "direct")
    return place_of(parts, channel, thread_of(body))
