"""What the bot needs of the database of answers, which another front end keeps."""

from datetime import datetime
from typing import Protocol

from assistant.types import Answer


class Records(Protocol):
    """The answers that are kept. Every call may raise RecordsUnavailable: then a question is answered all the same."""

    def keep(self, answer: Answer, conversation_id: str, now: datetime) -> None:
        """Keep an answer, for its permalink and for whoever must account for it."""

    def find(self, answer_id: str) -> Answer | None:
        """The answer with this id; None where there is none (any more)."""

    def erase(self, answer_id: str) -> None:
        """Forget an answer and the feedback on it; nothing where there is none."""

    def feedback(
        self, answer_id: str, *, helpful: bool, reason: str = "", comment: str = "", number: int | None = None
    ) -> bool:
        """Keep what somebody thought of an answer, or of its source with this number; whether there is such."""
