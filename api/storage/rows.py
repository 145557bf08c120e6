"""Answers and feedback as their rows have them, and the statements that read and write these.

The statements are made once, and give columns instead of objects: of transactions as short as ours, making the rest
would be most of the work.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select

from api.storage.tables import AnswerRow, Base, FeedbackRow

ANSWERS = Base.metadata.tables[AnswerRow.__tablename__]
FEEDBACK = Base.metadata.tables[FeedbackRow.__tablename__]
# Nobody asks for the numbers of new rows.
KEEP = insert(ANSWERS).inline()
GIVE = insert(FEEDBACK).inline()
Wanted = Select[int, str, str, datetime, str]
KEPT: Wanted = select(
    AnswerRow.row, AnswerRow.answer_id, AnswerRow.conversation_id, AnswerRow.asked_at, AnswerRow.record
)
WITH_ID = KEPT.where(AnswerRow.answer_id == bindparam("answer_id"))
# Of a conversation, the newest first.
LAST_TURNS = (
    select(AnswerRow.question, AnswerRow.answer_text)
    .where(AnswerRow.conversation_id == bindparam("conversation_id"))
    .order_by(AnswerRow.row.desc())
    .limit(bindparam("most"))
)
LAST_RECORDS = (
    select(AnswerRow.answer_id, AnswerRow.record)
    .where(AnswerRow.conversation_id == bindparam("conversation_id"))
    .order_by(AnswerRow.row.desc())
    .limit(bindparam("most"))
)
_GIVEN = (
    select(
        FeedbackRow.answer_row,
        FeedbackRow.given_at,
        FeedbackRow.helpful,
        FeedbackRow.reason,
        FeedbackRow.comment,
        FeedbackRow.citation_number,
    )
    .where(FeedbackRow.answer_row.in_(bindparam("rows", expanding=True)))
    .order_by(FeedbackRow.row)
)


@dataclass(frozen=True, slots=True)
class Given:
    """Feedback, as its row has it."""

    given_at: datetime
    helpful: bool
    reason: str
    comment: str
    citation_number: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, as its row has it, and the feedback on it, oldest first."""

    row: int
    answer_id: str
    conversation_id: str
    asked_at: datetime
    record: str
    feedback: tuple[Given, ...] = ()


def read_kept(connection: Connection, wanted: Wanted, **given: Any) -> list[Kept]:
    """The answers that a statement made from KEPT asks for, with the feedback on them."""
    kept = {
        row: Kept(row, answer_id, conversation_id, asked_at, record)
        for row, answer_id, conversation_id, asked_at, record in connection.execute(wanted, given)
    }
    if kept:
        for row, given_at, helpful, reason, comment, number in connection.execute(_GIVEN, {"rows": list(kept)}):
            feedback = Given(given_at, helpful, reason, comment, number)
            kept[row] = replace(kept[row], feedback=(*kept[row].feedback, feedback))
    return list(kept.values())
