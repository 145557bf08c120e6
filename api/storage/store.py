"""The store of answers: what was asked and said, and what people thought of it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, Engine, delete, exc, false, func, select

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
from api.storage.rows import (
    ANSWERS,
    FEEDBACK,
    GIVE,
    KEEP,
    KEPT,
    LAST_RECORDS,
    LAST_TURNS,
    WITH_ID,
    Kept,
    Wanted,
    read_kept,
)
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
        columns = {
            "answer_id": checked_id("answer_id", kept.answer_id),
            "conversation_id": checked_id("conversation_id", conversation_id),
            "asked_at": _moment(now),
            "status": kept.status.value,
            "question": plain("question", kept.query.text),
            "standalone": plain("standalone", kept.standalone_query),
            "answer_text": plain("answer_text", kept.text),
            "library_version": plain("library_version", kept.library_version),
            "generator": plain("generator", kept.generator),
            "language": kept.language,
            "record": whole("record", to_json(kept)),
        }
        with self._writing() as connection:
            try:
                connection.execute(KEEP, columns)
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
        with self._reading() as connection:
            newest_first = connection.execute(LAST_TURNS, _of(conversation_id, most)).all()
        return tuple(Turn(question, text) for question, text in reversed(newest_first))

    def conversation(self, conversation_id: str, most: int = 10) -> tuple[Answer, ...]:
        """The last answers of a conversation, the oldest of them first; without any that can no longer be read."""
        if not is_id(conversation_id):
            return ()
        with self._reading() as connection:
            newest_first = connection.execute(LAST_RECORDS, _of(conversation_id, most)).all()
        found = []
        for answer_id, record in reversed(newest_first):
            with suppress(StoreDamaged):
                found.append(answer_of(answer_id, record))
        return tuple(found)

    def add_feedback(self, feedback: Feedback, now: datetime) -> None:
        """Keep what somebody thought of an answer.

        Raises UnknownAnswer, UnknownCitation, TooMuchFeedback and Unstorable.
        """
        columns = {
            "given_at": _moment(now),
            "helpful": feedback.helpful,
            "reason": self._typed("reason", feedback.reason, MAX_REASON),
            "comment": self._typed("comment", feedback.comment, MAX_COMMENT),
            "citation_number": feedback.citation_number,
        }
        if not is_id(feedback.answer_id):
            raise UnknownAnswer(feedback.answer_id)
        with self._writing() as connection:
            # Held, so that nobody erases the answer meanwhile.
            found = connection.execute(WITH_ID.with_for_update(), {"answer_id": feedback.answer_id}).one_or_none()
            if found is None:
                raise UnknownAnswer(feedback.answer_id)
            row, answer_id, _, _, record = found
            number = feedback.citation_number
            if number is not None and number not in {one.number for one in answer_of(answer_id, record).citations}:
                raise UnknownCitation(feedback.answer_id, number)
            given = select(func.count()).select_from(FEEDBACK).where(FeedbackRow.answer_row == row)
            if (connection.scalar(given) or 0) >= MAX_FEEDBACK:
                raise TooMuchFeedback(feedback.answer_id, MAX_FEEDBACK)
            connection.execute(GIVE, {**columns, "answer_row": row})

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
        wanted = select(func.count()).select_from(ANSWERS).where(*_conditions(before, answer_id, conversation_id))
        with self._reading() as connection:
            return connection.scalar(wanted) or 0

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
        with self._writing() as connection:
            erased = connection.execute(delete(ANSWERS).where(*conditions)).rowcount
            if erased and is_sqlite(self._engine):
                connection.exec_driver_sql("PRAGMA user_version=1")
        if is_sqlite(self._engine):
            _finish_erasing(self._engine)
        return erased

    def exchanges(self, since: datetime | None = None) -> Iterator[dict[str, Any]]:
        """Every answer that was asked since a moment with its feedback, in the order in which they were kept.

        Each is {"answer": …, "feedback": […], "askedAt": …}, which `eval.harvest` reads as a line of JSON.
        """
        wanted = KEPT.order_by(AnswerRow.row).limit(_BATCH)
        if since is not None:
            wanted = wanted.where(AnswerRow.asked_at >= _moment(since))
        return self._stream(wanted)

    def _stream(self, wanted: Wanted) -> Iterator[dict[str, Any]]:
        """The exchanges batch by batch, so that nobody waits while a slow reader reads."""
        last = 0
        while rows := self._after(last, wanted):
            yield from map(exchange_of, rows)
            last = rows[-1].row

    def _after(self, row: int, wanted: Wanted) -> list[Kept]:
        with self._reading() as connection:
            return read_kept(connection, wanted.where(AnswerRow.row > row))

    def _find(self, answer_id: str) -> Kept | None:
        if not is_id(answer_id):
            return None
        with self._reading() as connection:
            return next(iter(read_kept(connection, WITH_ID, answer_id=answer_id)), None)

    def _typed(self, field: str, text: str, limit: int) -> str:
        """A text that somebody typed, as it is kept."""
        if len(text) > limit:
            raise Unstorable(field, "too_long", limit)
        text = plain(field, text)
        return mask_text(text) if self._mask else text

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with translated(), self._writer.begin() as connection:
            yield connection


def _of(conversation_id: str, most: int) -> dict[str, Any]:
    """What a statement asks for: so many answers of this conversation."""
    return {"conversation_id": conversation_id, "most": max(0, most)}


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
