"""What flows through the bot: somebody asks something somewhere, and gets a reply there."""

from dataclasses import dataclass
from typing import Literal

PlaceKind = Literal["channel", "private", "direct", "group"]
"""A public channel, a private one, a conversation with the bot alone, or a conversation of several people."""

Mode = Literal["mention", "all", "off"]
"""When the bot answers in a channel: when it is mentioned, every question, or never."""

Delivery = Literal["thread", "ephemeral", "direct"]
"""Where a reply goes: into the thread for all to see, to the asker alone, or into the asker's own conversation."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question is asked. `thread` is the ts of the message that the thread hangs under.

    `external` says that people of other organisations can read along.
    """

    team: str
    channel: str
    thread: str
    kind: PlaceKind
    external: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked: `ts` is its message, which with the channel is its key.

    `event_id` is Slack's id of the event, "" where there is none. `private` asks for a reply that only the asker sees,
    as a slash command does; `response_url` is then where Slack takes it for half an hour.
    """

    place: Place
    ts: str
    user: str
    text: str
    event_id: str = ""
    private: bool = False
    response_url: str = ""


@dataclass(frozen=True, slots=True)
class Replied:
    """Where the reply to a question stands: the message, and the answer in it."""

    channel: str
    ts: str
    answer_id: str
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What the managers of a channel chose: when the bot answers there, and from which documents (empty: all)."""

    mode: Mode = "mention"
    doc_ids: tuple[str, ...] = ()
