"""Messages: questions, what becomes of them afterwards, and who comes into a channel or opens the app."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from integrations.slack.asking import asked_of, place_of
from integrations.slack.conversation import TOMBSTONE, is_question
from integrations.slack.delivery import sight_of
from integrations.slack.examples import Examples
from integrations.slack.messages import said
from integrations.slack.parts import SlackParts
from integrations.slack.render_home import joined_message, suggested_prompts
from integrations.slack.streaming import sent
from integrations.slack.types import Asked

if TYPE_CHECKING:
    from slack_bolt import App

Json = dict[str, Any]
Next = Callable[[], Any]

PLAIN = ("", "thread_broadcast", "file_share", "me_message")  # subtypes of what people say themselves
_GREETED = ("greeted",)  # what is done once in a channel, by whichever process hears of it
LATE = 86_400.0  # seconds after which a change of a question changes nothing


def register(app: "App", parts: SlackParts, examples: Examples) -> None:
    """Has the application listen to messages, to who comes in, and to who opens the messages tab."""

    def take_mention(event: Json, body: Json, next: Next) -> Any:  # noqa: A002 - Bolt's name
        parts.inbox.take(asked_of(parts, event, body))
        return next()

    def take_message(event: Json, body: Json, next: Next) -> Any:  # noqa: A002
        subtype = str(event.get("subtype") or "")
        if subtype == "message_changed":
            _change(parts, event, body)
        elif subtype == "message_deleted":
            _forget(parts, event, str(event.get("deleted_ts") or ""))
        elif subtype in PLAIN and _is_ours(parts, event):
            parts.inbox.take(asked_of(parts, event, body))
        return next()

    def joined(event: Json, body: Json) -> None:
        channel = str(event["channel"])
        parts.gateway.forget(channel)
        if event.get("user") != parts.gateway.identity().user or not parts.journal.first(*_GREETED, channel):
            return
        external = bool(body.get("is_ext_shared_channel")) or parts.gateway.channel(channel).external
        parts.gateway.post(channel, sent(joined_message(channel, external=external)))

    def left(event: Json) -> None:
        parts.gateway.forget(str(event["channel"]))
        if event.get("user") == parts.gateway.identity().user:
            parts.journal.undone(*_GREETED, str(event["channel"]))

    def opened(event: Json) -> None:
        if event.get("tab") != "messages":
            return
        user = str(event["user"])
        channel = str(event.get("channel") or parts.gateway.direct(user))
        groups = sight_of(parts).groups(place_of(parts, channel, ""), user)
        prompts = [(one["title"], one["message"]) for one in suggested_prompts(examples.questions(groups))]
        if prompts:
            parts.gateway.set_prompts(channel, prompts, title=said("prompts_title"))

    app.event("app_mention", middleware=[take_mention])(_nothing)
    app.event("message", middleware=[take_message])(_nothing)
    app.event("member_joined_channel")(joined)
    app.event("member_left_channel")(left)
    app.event({"type": "app_home_opened"}, matchers=[_in_messages])(opened)


def _nothing() -> None:
    """What is left to do when it has been written down what is to be done."""


def _in_messages(event: Json) -> bool:
    return event.get("tab") == "messages"


def _is_ours(parts: SlackParts, event: Json) -> bool:
    """Whether a message may be a question to the bot; in a thread only the thread itself tells."""
    if not event.get("user") or event.get("bot_id"):
        return False
    text, bot = str(event.get("text") or ""), parts.gateway.identity().user
    if event.get("channel_type") == "im" or re.search(rf"<@{bot}[|>]", text):
        return True
    in_thread = bool(event.get("thread_ts")) and event.get("thread_ts") != event.get("ts")
    if not is_question(text, follow_up=in_thread):
        return False
    mode = parts.journal.settings_of(str(event["channel"])).mode
    return mode == "all" or (mode == "mention" and in_thread)


def _forget(parts: SlackParts, event: Json, ts: str) -> None:
    """Has a question forgotten whose message was deleted, with what was said to it."""
    before = event.get("previous_message") or {}
    place = place_of(parts, str(event["channel"]), str(before.get("thread_ts") or ts), event)
    if ts:
        parts.inbox.forget(Asked(place, ts, str(before.get("user") or ""), ""))


def _change(parts: SlackParts, event: Json, body: Json) -> None:
    """Has a question that was changed answered anew, unless nothing is asked otherwise or it is long ago."""
    message, before = event.get("message") or {}, event.get("previous_message") or {}
    if message.get("subtype") == TOMBSTONE:
        # A message that was deleted, and has a thread: what the bot says stands in one, so this is how it mostly goes.
        _forget(parts, event, str(message.get("ts") or ""))
        return
    if message.get("bot_id") or message.get("subtype") not in (None, *PLAIN):
        return
    channel, ts = str(event["channel"]), str(message.get("ts", ""))
    now = {**message, "channel": channel, "channel_type": event.get("channel_type", "")}
    asked = asked_of(parts, now, body)
    if not ts or asked.text == asked_of(parts, {**now, "text": before.get("text", "")}, body).text:
        return
    if parts.clock().timestamp() - float(ts) > LATE:
        return
    if parts.journal.reply_of(channel, ts) is not None or _is_ours(parts, now):
        parts.inbox.revise(asked)
