"""What Slack says of messages, conversations and people, as far as the bot needs it."""

from dataclasses import dataclass, field
from typing import Any

from integrations.slack.types import PlaceKind

Json = dict[str, Any]
ANSWER_EVENT = "vng_answer"


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """A message of a thread. `ours` says that the bot wrote it, `bot` that some program did.

    `question` is the ts of the question that it answers, "" where it is no answer.
    """

    ts: str
    user: str
    text: str
    thread: str = ""
    ours: bool = False
    bot: bool = False
    edited: bool = False
    subtype: str = ""
    question: str = ""
    metadata: Json = field(default_factory=dict)
    blocks: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What Slack says of a conversation. `external`: people of other organisations are in it, or may be."""

    channel: str
    kind: PlaceKind
    external: bool
    creator: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class UserFacts:
    """What Slack says of a person. `guest`: of this workspace, but not of all of it. `stranger`: of another one."""

    user: str
    team: str
    name: str = ""
    bot: bool = False
    guest: bool = False
    stranger: bool = False
    admin: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in this workspace."""

    team: str
    user: str
    bot: str
    name: str
    url: str


def channel_facts(said: Json) -> ChannelFacts:
    """The facts in what conversations.info says; a conversation that may be shared with others counts as external."""
    kind: PlaceKind = "channel"
    if said.get("is_im"):
        kind = "direct"
    elif said.get("is_mpim"):
        kind = "group"
    elif said.get("is_private"):
        kind = "private"
    signs = ("is_ext_shared", "is_pending_ext_shared", "pending_shared", "pending_connected_team_ids")
    external = any(said.get(one) for one in signs)
    return ChannelFacts(said.get("id", ""), kind, external, said.get("creator", ""), said.get("name", ""))


def user_facts(said: Json) -> UserFacts:
    """The facts in what users.info says."""
    profile = said.get("profile") or {}
    return UserFacts(
        user=said.get("id", ""),
        team=said.get("team_id", ""),
        name=profile.get("display_name") or profile.get("real_name") or said.get("name", ""),
        bot=bool(said.get("is_bot") or said.get("is_workflow_bot")),
        guest=bool(said.get("is_restricted") or said.get("is_ultra_restricted")),
        stranger=bool(said.get("is_stranger")),
        admin=bool(said.get("is_admin") or said.get("is_owner")),
        deleted=bool(said.get("deleted")),
    )


def thread_message(said: Json, us: Identity) -> ThreadMessage:
    """A message of conversations.replies."""
    metadata = said.get("metadata") or {}
    ours = said.get("user") == us.user or bool(us.bot and said.get("bot_id") == us.bot)
    known = ours and metadata.get("event_type") == ANSWER_EVENT
    return ThreadMessage(
        ts=said["ts"],
        user=said.get("user", ""),
        text=said.get("text", ""),
        thread=said.get("thread_ts", ""),
        ours=ours,
        bot=ours or bool(said.get("bot_id")),
        edited="edited" in said,
        subtype=said.get("subtype", ""),
        question=str(metadata.get("event_payload", {}).get("question", "")) if known else "",
        metadata=metadata,
        blocks=tuple(said.get("blocks") or ()),
    )
