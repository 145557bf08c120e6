"""What the bot does in Slack and asks of it, each a method. How a call is made stands in `gateway_calls.py`."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from integrations.slack.errors import Gone, Refused
from integrations.slack.facts import (
    ANSWER_EVENT,
    ChannelFacts,
    Identity,
    ThreadMessage,
    UserFacts,
    channel_facts,
    thread_message,
    user_facts,
)
from integrations.slack.gateway_calls import SECONDS, Calls

Json = dict[str, Any]
Message = Mapping[str, Any]
"""What is said: `text` (for notifications and screen readers), and if need be `blocks` and `metadata`."""

FRESH = 300.0  # seconds that facts about people and channels are kept
MOST_FACTS = 2_000
MOST_MEMBERS = 1_000
PAGE = 200
_Fact = TypeVar("_Fact")


def answer_metadata(question: str) -> Json:
    """What is attached to the answer to the question with this ts, to know it by later."""
    return {"event_type": ANSWER_EVENT, "event_payload": {"question": question}}


class Gateway:
    """Slack, as the bot sees it. Threads may share it.

    Every method raises SlackUnavailable, RateLimited, TokenRefused and Refused, of which NotInChannel, Gone and
    StreamExpired are kinds.
    """

    def __init__(self, token: str, *, address: str = "https://slack.com/api/", seconds: float = SECONDS) -> None:
        self._calls = Calls(token, address, seconds)
        self._facts: dict[tuple[str, str], tuple[float, Any]] = {}
        self._lock = threading.Lock()
        self._identity: Identity | None = None

    def close(self) -> None:
        """Ends the connections that are kept for the next call; one that comes after this opens its own."""
        self._calls.close()

    # Who we are

    def identity(self) -> Identity:
        """Who the bot is; asked once. The proof that its token is taken: else TokenRefused."""
        if self._identity is None:
            said = self._calls.read("auth.test")
            self._identity = Identity(
                said.get("team_id", ""),
                said.get("user_id", ""),
                said.get("bot_id", ""),
                said.get("user", ""),
                said.get("url", ""),
            )
        return self._identity

    # Messages

    def post(self, channel: str, message: Message, thread: str = "") -> str:
        """The ts of a message that is said in a conversation, in a thread of it if there is one."""
        sent = {**message, "unfurl_links": False, "unfurl_media": False}
        return str(self._calls.write("chat.postMessage", channel=channel, thread_ts=thread or None, **sent)["ts"])

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Says something else in the place of what was said."""
        self._calls.write("chat.update", channel=channel, ts=ts, **message)

    def delete(self, channel: str, ts: str) -> None:
        """Takes back what was said; nothing where it is gone already."""
        try:
            self._calls.write("chat.delete", channel=channel, ts=ts)
        except Gone:
            return

    def ephemeral(self, channel: str, user: str, message: Message, thread: str = "") -> str:
        """The ts of a message that only this person sees, until he loads Slack again."""
        said = {name: value for name, value in message.items() if name != "metadata"}
        sent = self._calls.write("chat.postEphemeral", channel=channel, user=user, thread_ts=thread or None, **said)
        return str(sent["message_ts"])

    def respond(self, response_url: str, message: Message, *, shared: bool = False, replace: bool = False) -> None:
        """Says something at the address that came with a command or a click: to that person, or `shared` with all.

        `replace` puts it in the place of the message that was clicked on.
        """
        said = {name: value for name, value in message.items() if name != "metadata"}
        kind = "in_channel" if shared else "ephemeral"
        self._calls.respond(response_url, {**said, "response_type": kind, "replace_original": replace})

    def replies(self, channel: str, ts: str, most: int = 1_000) -> tuple[ThreadMessage, ...]:
        """The messages of the thread under this message, which comes first; the `most` oldest of them."""
        found: list[ThreadMessage] = []
        cursor = ""
        while len(found) < most:
            said = self._calls.read(
                "conversations.replies",
                channel=channel,
                ts=ts,
                limit=PAGE,
                include_all_metadata=True,
                cursor=cursor or None,
            )
            found += (thread_message(one, self.identity()) for one in said.get("messages", ()))
            cursor = (said.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                break
        return tuple(found[:most])

    def history(self, channel: str, *, before: str = "", after: str = "", most: int = 50) -> tuple[ThreadMessage, ...]:
        """The last messages of a conversation between these moments, oldest first, without what is in threads."""
        said = self._calls.read(
            "conversations.history",
            channel=channel,
            latest=before or None,
            oldest=after or None,
            limit=most,
            include_all_metadata=True,
        )
        return tuple(thread_message(one, self.identity()) for one in reversed(said.get("messages", ())))

    def permalink(self, channel: str, ts: str) -> str:
        """The address of a message, for people."""
        return str(self._calls.read("chat.getPermalink", channel=channel, message_ts=ts)["permalink"])

    # While working

    def set_status(self, channel: str, thread: str, text: str) -> None:
        """Shows in the thread what the bot is doing, until it says something; "" takes it away."""
        self._calls.write("assistant.threads.setStatus", channel_id=channel, thread_ts=thread, status=text)

    def set_prompts(
        self, channel: str, prompts: Sequence[tuple[str, str]], *, thread: str = "", title: str = ""
    ) -> None:
        """Offers up to four questions, each as (what the button says, what is asked)."""
        offered = [{"title": said, "message": asked} for said, asked in prompts[:4]]
        self._calls.write(
            "assistant.threads.setSuggestedPrompts",
            channel_id=channel,
            thread_ts=thread or None,
            title=title or None,
            prompts=offered,
        )

    def start_stream(self, channel: str, thread: str, *, user: str, team: str, text: str = "") -> str:
        """The ts of a message in this thread that grows while it is read; `user` of `team` is who asked."""
        said = self._calls.write(
            "chat.startStream",
            channel=channel,
            thread_ts=thread,
            recipient_user_id=user,
            recipient_team_id=team,
            markdown_text=text or None,
        )
        return str(said["ts"])

    def append_stream(self, channel: str, ts: str, text: str) -> None:
        """Adds text, as markdown, to a message that grows. Raises StreamExpired when it no longer does."""
        self._calls.write("chat.appendStream", channel=channel, ts=ts, markdown_text=text)

    def stop_stream(self, channel: str, ts: str, message: Message | None = None) -> None:
        """Ends a message that grows, with `blocks` and `metadata` of this one below it. Raises StreamExpired."""
        last = {name: value for name, value in (message or {}).items() if name in ("blocks", "metadata")}
        self._calls.write("chat.stopStream", channel=channel, ts=ts, **last)

    # Views

    def open_view(self, trigger: str, view: Message) -> str:
        """The id of a modal that is opened for whoever clicked. Raises Gone when that is more than 3 seconds ago."""
        return str(self._calls.write("views.open", trigger_id=trigger, view=view)["view"]["id"])

    def push_view(self, trigger: str, view: Message) -> str:
        """The id of a modal that is opened on top of another."""
        return str(self._calls.write("views.push", trigger_id=trigger, view=view)["view"]["id"])

    def update_view(self, view_id: str, view: Message) -> None:
        """Shows something else in an open modal."""
        self._calls.write("views.update", view_id=view_id, view=view)

    def publish_home(self, user: str, view: Message) -> None:
        """Shows this on the home tab of a person."""
        self._calls.write("views.publish", user_id=user, view=view)

    # Facts

    def channel(self, channel: str) -> ChannelFacts:
        """What kind of conversation this is."""
        return self._known(
            "channel",
            channel,
            lambda: channel_facts(self._calls.read("conversations.info", channel=channel)["channel"]),
        )

    def members(self, channel: str) -> frozenset[str] | None:
        """Who are in a conversation; None where there are more than MOST_MEMBERS."""
        return self._known("members", channel, lambda: self._members(channel))

    def user(self, user: str) -> UserFacts:
        """What kind of person this is."""
        return self._known("user", user, lambda: user_facts(self._calls.read("users.info", user=user)["user"]))

    def usergroup(self, group: str) -> frozenset[str]:
        """Who are in a user group; nobody where there is no such group."""
        return self._known("usergroup", group, lambda: self._usergroup(group))

    def direct(self, user: str) -> str:
        """The conversation of the bot with this person alone."""
        return self._known(
            "direct", user, lambda: str(self._calls.write("conversations.open", users=user)["channel"]["id"])
        )

    def forget(self, *ids: str) -> None:
        """Asks again for the facts about these channels and people, which have changed."""
        with self._lock:
            self._facts = {key: value for key, value in self._facts.items() if key[1] not in ids}

    # How it is asked

    def _members(self, channel: str) -> frozenset[str] | None:
        found: set[str] = set()
        cursor = ""
        while len(found) <= MOST_MEMBERS:
            said = self._calls.read("conversations.members", channel=channel, limit=PAGE, cursor=cursor or None)
            found.update(said["members"])
            cursor = (said.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return frozenset(found) if len(found) <= MOST_MEMBERS else None
        return None

    def _usergroup(self, group: str) -> frozenset[str]:
        try:
            return frozenset(self._calls.read("usergroups.users.list", usergroup=group)["users"])
        except Refused as refused:
            if refused.error in ("no_such_subteam", "subteam_not_found", "not_found"):
                return frozenset()
            raise

    def _known(self, kind: str, of: str, ask: Callable[[], _Fact]) -> _Fact:
        """A fact that is asked for once in a while; never an error that was."""
        now = time.monotonic()
        with self._lock:
            until, known = self._facts.get((kind, of), (0.0, None))
        if until > now:
            return cast(_Fact, known)
        value = ask()
        with self._lock:
            if len(self._facts) >= MOST_FACTS:
                self._facts = {key: one for key, one in self._facts.items() if one[0] > now}
            if len(self._facts) < MOST_FACTS:
                self._facts[kind, of] = (now + FRESH, value)
        return value
