"""What goes into the store and comes out of it, besides answers themselves."""

from dataclasses import dataclass
from datetime import datetime

from assistant.types import Answer


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thought of an answer.

    `reason` is a word out of a list, `comment` what was typed; both may be "". `citation_number` is the citation that
    it is about, None where it is about the answer as a whole.
    """

    answer_id: str
    helpful: bool
    reason: str = ""
    comment: str = ""
    citation_number: int | None = None


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it is kept: its conversation, when it was asked (UTC), and the feedback, oldest first."""

    answer: Answer
    conversation_id: str
    asked_at: datetime
    feedback: tuple[Feedback, ...]
