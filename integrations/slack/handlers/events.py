"""Messages: questions, what becomes of them afterwards, and who comes into a channel or opens the app."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from integrations.slack.asking import asked_of, place_of
from integrations.slack.conversation import is_question
from integrations.slack.delivery import sight_of, withdraw
from integrations.slack.examples import Examples
from integrations.slack.messages import said
from integrations.slack.parts import SlackParts
from integrations.slack.render_home import joined_message, suggested_prompts
from integrations.slack.streaming import sent

if TYPE_CHECKING:
    from slack_bolt import App

Json = dict[str, Any]
Next = Callable[[], Any]

PLAIN = ("", "thread_broadcast", "file_share", "me_message")  # subtypes of what people say themselves
LATE = 86_400.0  # seconds after which a change of a question changes nothing
_REPLIED = "vng_replied"  # of the context: the reply to a question that was deleted


def register(app: "App", parts: SlackParts, examples: Examples) -> None:
    """Has the application listen to messages, to who comes in, and to who opens the messages tab."""

    def take_mention(event: Json, body: Json, next: Next) -> Any:  # noqa: A002 - Bolt's name
        parts.inbox.take(asked_of(parts, event, body))
        return next()

    def take_message(event: Json, body: Json, context: Json, next: Next) -> Any:  # noqa: A002
        subtype = str(event.get("subtype") or "")
        if subtype == "message_changed":
            _change(parts, event, body)
        elif subtype == "message_deleted":
            ts = str(event.get("deleted_ts") or "")
            replied = parts.journal.forget(str(event["channel"]), ts) if ts else None
            context[_REPLIED] = (replied, str((event.get("previous_message") or {}).get("user", "")))
        elif subtype in PLAIN and _is_ours(parts, event):
            parts.inbox.take(asked_of(parts, event, body))
        return next()

    def after_message(context: Json) -> None:
        replied, asker = context.get(_REPLIED) or (None, "")
        if replied is not None:
            withdraw(parts, replied, asker)

    greeted: set[str] = set()

    def joined(event: Json, body: Json) -> None:
        channel = str(event["channel"])
        parts.gateway.forget(channel)
        if event.get("user") != parts.gateway.identity().user or channel in greeted:
            return
        greeted.add(channel)
        external = bool(body.get("is_ext_shared_channel")) or parts.gateway.channel(channel).external
        parts.gateway.post(channel, sent(joined_message(channel, external=external)))

    def left(event: Json) -> None:
        parts.gateway.forget(str(event["channel"]))
        if event.get("user") == parts.gateway.identity().user:
            greeted.discard(str(event["channel"]))

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
    app.event("message", middleware=[take_message])(after_message)
    app.event("member_joined_channel")(joined)
    app.event("member_left_channel")(left)
    app.event({"type": "app_home_opened"}, matchers=[_in_messages])(opened)


def _nothing() -> None:
    """What is left to do when a question has been written down."""


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


def _change(parts: SlackParts, event: Json, body: Json) -> None:
    """Has a question that was changed answered anew, unless nothing is asked otherwise or it is long ago."""
    message, before = event.get("message") or {}, event.get("previous_message") or {}
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
