"""The store of answers: what was asked and said, and what people thought of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, CursorResult, Engine, Select, delete, exc, false, func, select
from sqlalchemy.orm import Session, selectinload

from api.errors import (
    AnswerExists,
    StoreBusy,
    StoreDamaged,
    TooMuchFeedback,
    UnknownAnswer,
    UnknownCitation,
    Unstorable,
)
from api.storage.engine import by_itself, is_sqlite, open_engine, translated, writing
from api.storage.masked import masked
from api.storage.migrate import migrate
from api.storage.records import answer_of, exchange_of, record_text, stored_answer
from api.storage.tables import AnswerRow, FeedbackRow
from api.storage.texts import checked_id, is_id, plain, whole
from api.storage.types import Feedback, StoredAnswer
from assistant.masking import mask as mask_text
from assistant.record import to_json
from assistant.types import Answer, Turn

MAX_COMMENT = 2_000  # characters
MAX_REASON = 200
MAX_FEEDBACK = 200  # of one answer
_PATIENCE = 30.0
_BATCH = 100  # answers that are read in one go


def open_store(url: str, *, mask: bool = False, patience: float = _PATIENCE) -> "AnswerStore":
    """The store at this address, with its tables up to date; a file of SQLite is made where there is none.

    With `mask`, personal data are masked before anything is written. `patience` is how many seconds to wait for
    others that use the same database. Raises StoreAddress, StoreTooNew, StoreBusy, StoreUnavailable and StoreDamaged.
    """
    engine = open_engine(url, patience)
    try:
        with translated():
            migrate(engine)
        if is_sqlite(engine):
            with suppress(StoreBusy):  # then whoever erases next does it
                _finish_erasing(engine)
    except BaseException:
        engine.dispose()
        raise
    return AnswerStore(engine, mask=mask)


class AnswerStore:
    """The answers that are kept. Threads may share it; every call is one short transaction.

    Every method raises StoreBusy, StoreUnavailable and StoreDamaged. Moments need a time zone: without one they raise
    ValueError.
    """

    def __init__(self, engine: Engine, *, mask: bool) -> None:
        self._engine = engine
        self._writer = writing(engine)
        self._mask = mask

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    def save(self, answer: Answer, conversation_id: str, *, now: datetime) -> None:
        """Keep an answer that was asked now. Raises AnswerExists and Unstorable."""
        kept = masked(answer) if self._mask else answer
        row = AnswerRow(
            answer_id=checked_id("answer_id", kept.answer_id),
            conversation_id=checked_id("conversation_id", conversation_id),
            asked_at=_moment(now),
            status=kept.status.value,
            question=plain("question", kept.query.text),
            standalone=plain("standalone", kept.standalone_query),
            answer_text=plain("answer_text", kept.text),
            library_version=plain("library_version", kept.library_version),
            generator=plain("generator", kept.generator),
            language=kept.language,
            record=whole("record", to_json(kept)),
        )
        with self._writing() as session:
            session.add(row)
            try:
                session.flush()
            except exc.IntegrityError as error:
                raise AnswerExists(answer.answer_id) from error

    def answer(self, answer_id: str) -> StoredAnswer | None:
        """The answer with this id and the feedback on it; None where there is none."""
        row = self._find(answer_id)
        return None if row is None else stored_answer(row)

    def turns(self, conversation_id: str, most: int = 10) -> tuple[Turn, ...]:
        """The last questions of a conversation with the text of their answers, the oldest of them first."""
        if not is_id(conversation_id):
            return ()
        wanted = (
            select(AnswerRow.question, AnswerRow.answer_text)
            .where(AnswerRow.conversation_id == conversation_id)
            .order_by(AnswerRow.row.desc())
            .limit(max(0, most))
        )
        with self._reading() as session:
            newest_first = session.execute(wanted).all()
        return tuple(Turn(question, text) for question, text in reversed(newest_first))

    def conversation(self, conversation_id: str, most: int = 10) -> tuple[Answer, ...]:
        """The last answers of a conversation, the oldest of them first; without any that can no longer be read."""
        if not is_id(conversation_id):
            return ()
        wanted = (
            select(AnswerRow)
            .where(AnswerRow.conversation_id == conversation_id)
            .order_by(AnswerRow.row.desc())
            .limit(max(0, most))
        )
        found = []
        with self._reading() as session:
            for row in session.scalars(wanted):
                with suppress(StoreDamaged):
                    found.append(answer_of(row))
        return tuple(reversed(found))

    def add_feedback(self, feedback: Feedback, now: datetime) -> None:
        """Keep what somebody thought of an answer.

        Raises UnknownAnswer, UnknownCitation, TooMuchFeedback and Unstorable.
        """
        row = FeedbackRow(
            given_at=_moment(now),
            helpful=feedback.helpful,
            reason=self._typed("reason", feedback.reason, MAX_REASON),
            comment=self._typed("comment", feedback.comment, MAX_COMMENT),
            citation_number=feedback.citation_number,
        )
        if not is_id(feedback.answer_id):
            raise UnknownAnswer(feedback.answer_id)
        # Held, so that nobody erases the answer meanwhile.
        wanted = select(AnswerRow).where(AnswerRow.answer_id == feedback.answer_id).with_for_update()
        with self._writing() as session:
            about = session.scalar(wanted)
            if about is None:
                raise UnknownAnswer(feedback.answer_id)
            number = feedback.citation_number
            if number is not None and number not in {one.number for one in answer_of(about).citations}:
                raise UnknownCitation(feedback.answer_id, number)
            given = select(func.count()).select_from(FeedbackRow).where(FeedbackRow.answer_row == about.row)
            if (session.scalar(given) or 0) >= MAX_FEEDBACK:
                raise TooMuchFeedback(feedback.answer_id, MAX_FEEDBACK)
            row.answer_row = about.row
            session.add(row)

    def record(self, answer_id: str) -> str | None:
        """Everything that is kept of an answer, as `record_text` writes it; None without answer."""
        row = self._find(answer_id)
        return None if row is None else record_text(row)

    def count(
        self,
        *,
        before: datetime | None = None,
        answer_id: str | None = None,
        conversation_id: str | None = None,
    ) -> int:
        """How many answers `forget` would erase. Raises ValueError where nothing is named."""
        wanted = select(func.count()).select_from(AnswerRow).where(*_conditions(before, answer_id, conversation_id))
        with self._reading() as session:
            return session.scalar(wanted) or 0

    def forget(
        self,
        *,
        before: datetime | None = None,
        answer_id: str | None = None,
        conversation_id: str | None = None,
    ) -> int:
        """How many answers were erased, with their feedback: those asked before a moment, the one with this id, or
        those of this conversation; where more are given only those that are all of it. Raises ValueError without any.

        In SQLite nothing of the text is left in the files afterwards. StoreBusy then means that the answers are gone,
        and that others held on to the file so long that traces may be in it: the next call, or the next start, takes
        these away. PostgreSQL uses the space again when its autovacuum has come by.
        """
        conditions = _conditions(before, answer_id, conversation_id)
        with self._writing() as session:
            result = session.execute(delete(AnswerRow).where(*conditions))
            assert isinstance(result, CursorResult), "a deletion counts"  # noqa: S101
            if result.rowcount and is_sqlite(self._engine):
                session.connection().exec_driver_sql("PRAGMA user_version=1")
        if is_sqlite(self._engine):
            _finish_erasing(self._engine)
        return result.rowcount

    def exchanges(self, since: datetime | None = None) -> Iterator[dict[str, Any]]:
        """Every answer that was asked since a moment with its feedback, in the order in which they were kept.

        Each is {"answer": …, "feedback": […], "askedAt": …}, which `eval.harvest` reads as a line of JSON.
        """
        wanted = select(AnswerRow).order_by(AnswerRow.row).limit(_BATCH)
        if since is not None:
            wanted = wanted.where(AnswerRow.asked_at >= _moment(since))
        return self._stream(wanted)

    def _stream(self, wanted: Select[AnswerRow]) -> Iterator[dict[str, Any]]:
        """The exchanges batch by batch, so that nobody waits while a slow reader reads."""
        last = 0
        while rows := self._after(last, wanted):
            yield from map(exchange_of, rows)
            last = rows[-1].row

    def _after(self, row: int, wanted: Select[AnswerRow]) -> Sequence[AnswerRow]:
        batch = wanted.where(AnswerRow.row > row).options(selectinload(AnswerRow.feedback))
        with self._reading() as session:
            return session.scalars(batch).all()

    def _find(self, answer_id: str) -> AnswerRow | None:
        if not is_id(answer_id):
            return None
        wanted = select(AnswerRow).where(AnswerRow.answer_id == answer_id).options(selectinload(AnswerRow.feedback))
        with self._reading() as session:
            return session.scalar(wanted)

    def _typed(self, field: str, text: str, limit: int) -> str:
        """A text that somebody typed, as it is kept."""
        if len(text) > limit:
            raise Unstorable(field, "too_long", limit)
        text = plain(field, text)
        return mask_text(text) if self._mask else text

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with translated(), Session(self._engine) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with translated(), Session(self._writer) as session, session.begin():
            yield session


def _finish_erasing(engine: Engine) -> None:
    """Leaves nothing in the files of SQLite of what was deleted, if that is still to be done.

    Overwriting on deletion leaves copies that SQLite made when it moved rows from page to page. `user_version` says
    that there is something to erase; it is set with the deletion itself, so that a crash in between changes nothing.
    """
    with translated(), by_itself(engine) as connection:
        if not connection.exec_driver_sql("PRAGMA user_version").scalar():
            return
        connection.exec_driver_sql("VACUUM")
        [blocked, *_] = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        if blocked:
            raise StoreBusy
        connection.exec_driver_sql("PRAGMA user_version=0")


def _conditions(
    before: datetime | None, answer_id: str | None, conversation_id: str | None
) -> list[ColumnElement[bool]]:
    """What the answers must be that are meant. Raises ValueError where nothing is named."""
    conditions: list[ColumnElement[bool]] = []
    if before is not None:
        conditions.append(AnswerRow.asked_at < _moment(before))
    for column, given in ((AnswerRow.answer_id, answer_id), (AnswerRow.conversation_id, conversation_id)):
        if given is not None:
            conditions.append(column == given if is_id(given) else false())
    if not conditions:
        raise ValueError("name what is to be forgotten")
    return conditions


def _moment(moment: datetime) -> datetime:
    """The moment in UTC. Raises ValueError for one that may be any hour of the day."""
    if moment.utcoffset() is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)
