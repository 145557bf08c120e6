"""What stands in a row of the journal, as what it means; and the other way round."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row

from integrations.slack.types import Asked, Place, Replied

Task = Literal["answer", "tell", "withdraw"]
"""What is to be done with a question: answer it, tell its asker that it stays without an answer, or take away what was
said to it, because it was deleted itself."""

ERASED: dict[str, Any] = {"asked": None, "owner": None, "lease_until": None, "task": None}
UNSAID: dict[str, Any] = {"delivery": None, "reply_here": None, "reply_ts": None, "answer_id": None}
AFRESH: dict[str, Any] = {"attempts": 0, "failures": 0}


@dataclass(frozen=True, slots=True)
class Claim:
    """A question that somebody works on. `attempt` counts from 1; `revision` counts changes of the message.

    `failures` are the attempts that somebody else was to blame for, such as Slack. `former` is the reply that was noted
    before; its channel is "" where that is the asker's own conversation.
    """

    row: int
    owner: str
    asked: Asked
    attempt: int
    revision: int
    former: Replied | None
    task: Task = "answer"
    failures: int = 0

    @property
    def tries(self) -> int:
        """The attempts that we are to blame for ourselves, this one included."""
        return self.attempt - self.failures


@dataclass(frozen=True, slots=True)
class Earlier:
    """Something that a person asked earlier."""

    answer_id: str
    asked_at: datetime


def written_question(asked: Asked) -> str:
    """A question as it is kept until it has been dealt with."""
    return json.dumps(asdict(asked))


def read_question(text: str) -> Asked:
    """The question that was kept."""
    given = json.loads(text)
    return Asked(**{**given, "place": Place(**given["place"])})


def without_text(asked: Asked) -> Asked:
    """Where a question was asked and by whom, without what was asked."""
    return replace(asked, text="", response_url="", event_id="")


def written_reply(asked: Asked, replied: Replied) -> dict[str, Any]:
    """A reply as it is kept: without the name of the conversation, which is that of the question or the asker's own."""
    here = replied.channel == asked.place.channel
    kept = {"delivery": replied.delivery, "reply_here": here, "reply_ts": replied.ts}
    return {**kept, "answer_id": replied.answer_id}


def read_reply(row: Row[Any], channel: str) -> Replied | None:
    """The reply that was kept with a question in this conversation."""
    if row.reply_ts is None:
        return None
    return Replied(channel if row.reply_here else "", row.reply_ts, row.answer_id, row.delivery)


def read_claim(row: Row[Any], owner: str) -> Claim:
    """The claim of this owner on a question, of which the row is as it is now."""
    asked = read_question(row.asked)
    former = read_reply(row, asked.place.channel)
    return Claim(row.id, owner, asked, row.attempts, row.revision, former, row.task or "answer", row.failures)
