"""The durable inbox: what was asked, who works on it, and what was answered where. Several processes may share it.

Every question is written here before Slack is told that it came in. Names of people and conversations are pseudonyms;
the question itself, with the real ones, stands here only until it has been dealt with.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Self

from sqlalchemy import Connection, CursorResult, Engine, Row, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from integrations.slack.errors import JournalUnavailable
from integrations.slack.journal_tables import (
    DONE,
    DROPPED,
    QUEUED,
    WORKING,
    channels,
    empty_log,
    events,
    is_sqlite,
    open_engine,
    questions,
    translated,
    writing,
)
from integrations.slack.pseudonym import Pseudonyms
from integrations.slack.types import Asked, ChannelSettings, Place, Replied

Outcome = Literal["done", "again", "forgotten", "lost"]
"""What became of a question that was worked on: it is done; it was changed meanwhile and must be answered again; it was
deleted meanwhile; or somebody else took it over."""

_PATIENCE = 30.0
_EVENTS_KEPT = 7 * 86_400.0  # seconds; Slack tries an event again within hours
_ERASED: dict[str, Any] = {"asked": None, "owner": None, "lease_until": None}


@dataclass(frozen=True, slots=True)
class Claim:
    """A question that somebody works on. `attempt` counts from 1; `revision` counts changes of the message.

    `former` is the reply that was noted before; its channel is "" where that is the asker's own conversation.
    """

    row: int
    owner: str
    asked: Asked
    attempt: int
    revision: int
    former: Replied | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """Something that a person asked earlier."""

    answer_id: str
    asked_at: datetime


@dataclass(slots=True)
class _Taking:
    """A question that somebody waits to have taken; `is_new` is None until it is."""

    asked: Asked
    is_new: bool | None = None


def open_journal(
    url: str, pseudonyms: Pseudonyms, *, clock: Callable[[], float] = time.time, patience: float = _PATIENCE
) -> "Journal":
    """The journal at this address, made where there is none. Raises JournalUnavailable."""
    return Journal(open_engine(url, patience), open_engine(url, patience, lasting=True), pseudonyms, clock)


class Journal:
    """Threads and processes may share it. Every call is one short transaction, and may raise JournalUnavailable."""

    def __init__(self, engine: Engine, lasting: Engine, pseudonyms: Pseudonyms, clock: Callable[[], float]) -> None:
        """`lasting` is the same database, for what must be safe when the power fails."""
        self._engine = engine
        self._lasting = writing(lasting)
        self._taking: list[_Taking] = []
        self._writer = writing(engine)
        self._name = pseudonyms
        self._clock = clock
        # SQLite has its writers wait in turns of many milliseconds; threads of one process can do better.
        self._one_writer = threading.Lock()
        self._insert = sqlite.insert if is_sqlite(engine) else postgresql.insert

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()
        self._lasting.dispose()

    # What comes in

    def take(self, asked: Asked) -> bool:
        """Whether this is a question that was not there yet; it is now, and it will be answered."""
        mine = _Taking(asked)
        self._taking.append(mine)
        with self._one_writer:
            # Whoever is first takes those of all who wait: one wait for the disk instead of many.
            if mine.is_new is None:
                together, self._taking = self._taking, []
                self._take_all(together)
        if mine.is_new is None:
            raise JournalUnavailable("not written")
        return mine.is_new

    def revise(self, asked: Asked) -> bool:
        """Whether the message of a question was changed into this, so that it must be answered again.

        False for an event that was seen already, a question that was deleted, and the same text.
        """
        key = self._key(asked.place.channel, asked.ts)
        with self._writing() as connection:
            if not self._is_new(connection, asked.event_id):
                return False
            row = connection.execute(select(questions).where(questions.c.key == key).with_for_update()).one_or_none()
            if row is None:
                return self._add(connection, asked)
            if row.person is None or (row.asked and _asked(row.asked).text == asked.text):
                return False
            waits = {} if row.state == WORKING else {"state": QUEUED, "ready_at": self._clock(), "attempts": 0}
            change = update(questions).where(questions.c.id == row.id)
            connection.execute(change.values(asked=_json(asked), revision=row.revision + 1, ended_at=None, **waits))
            return True

    def forget(self, channel: str, ts: str) -> Replied | None:
        """Takes out a question, whose message was deleted; what was replied to it, None where nothing was yet.

        A question that comes in later than the news of its deletion is not taken.
        """
        key, now = self._key(channel, ts), self._clock()
        with self._writing() as connection:
            row = connection.execute(select(questions).where(questions.c.key == key).with_for_update()).one_or_none()
            gone = {"state": DROPPED, "person": None, "ended_at": now, **_ERASED}
            if row is None:
                add = self._insert(questions).values(key=key, turn=0, ready_at=now, taken_at=now, **gone)
                connection.execute(add.on_conflict_do_nothing())
                return None
            nothing = {"delivery": None, "reply_here": None, "reply_ts": None, "answer_id": None}
            connection.execute(update(questions).where(questions.c.id == row.id).values(**gone, **nothing))
            return _replied(row, channel)

    # Working on it

    def claim(self, owner: str, seconds: float) -> Claim | None:
        """The question whose turn it is, for this owner for so many seconds; None where nothing waits.

        One whose owner let the time pass is taken over.
        """
        now = self._clock()
        overdue = select(questions).where(questions.c.state == WORKING, questions.c.lease_until < now).limit(1)
        ready = questions.c.state == QUEUED, questions.c.ready_at <= now
        queued = select(questions).where(*ready).order_by(questions.c.turn, questions.c.id).limit(1)
        with self._reading() as connection:
            if not any(connection.execute(one.with_only_columns(questions.c.id)).first() for one in (overdue, queued)):
                return None
        with self._writing() as connection:
            for wanted in (overdue, queued):
                row = connection.execute(wanted.with_for_update(skip_locked=True)).one_or_none()
                if row is not None:
                    break
            else:
                return None
            change = update(questions).where(questions.c.id == row.id)
            leased = {"state": WORKING, "owner": owner, "lease_until": now + seconds}
            connection.execute(change.values(attempts=row.attempts + 1, **leased))
        asked = _asked(row.asked)
        return Claim(row.id, owner, asked, row.attempts + 1, row.revision, _replied(row, asked.place.channel))

    def renew(self, owner: str, rows: Sequence[int], seconds: float) -> None:
        """Gives an owner so many seconds more for these questions of its claims."""
        if not rows:
            return
        mine = update(questions).where(
            questions.c.id.in_(rows), questions.c.state == WORKING, questions.c.owner == owner
        )
        with self._writing() as connection:
            connection.execute(mine.values(lease_until=self._clock() + seconds))

    def release(self, is_gone: Callable[[str], bool]) -> int:
        """How many questions were taken from owners that are gone, to be taken over at once."""
        with self._reading() as connection:
            working = select(questions.c.owner).where(questions.c.state == WORKING).distinct()
            gone = [owner for owner in connection.scalars(working) if owner and is_gone(owner)]
        if not gone:
            return 0
        theirs = update(questions).where(questions.c.state == WORKING, questions.c.owner.in_(gone))
        with self._writing() as connection:
            return _count(connection.execute(theirs.values(state=QUEUED, ready_at=self._clock(), lease_until=None)))

    def postpone(self, claim: Claim, seconds: float) -> None:
        """Leaves a question for later: not before so many seconds."""
        with self._writing() as connection:
            later = self._clock() + seconds
            connection.execute(self._of(claim).values(state=QUEUED, ready_at=later, owner=None, lease_until=None))

    def note(self, claim: Claim, replied: Replied) -> None:
        """Writes down where the reply to a question stands that is still being worked on."""
        with self._writing() as connection:
            connection.execute(self._of(claim).values(**_written(claim.asked, replied)))

    def finish(self, claim: Claim, replied: Replied | None) -> Outcome:
        """What became of a question; None for a reply where there was nothing to say."""
        said = _written(claim.asked, replied) if replied else {}
        with self._writing() as connection:
            wanted = select(questions.c.state, questions.c.owner, questions.c.revision).where(
                questions.c.id == claim.row
            )
            row = connection.execute(wanted.with_for_update()).one_or_none()
            if row is None or row.state == DROPPED:
                return "forgotten"
            if row.state != WORKING or row.owner != claim.owner:
                return "lost"
            if row.revision != claim.revision:
                again = {"state": QUEUED, "ready_at": self._clock(), "attempts": 0, "owner": None, "lease_until": None}
                connection.execute(self._of(claim).values(**said, **again))
                return "again"
            connection.execute(self._of(claim).values(state=DONE, ended_at=self._clock(), **said, **_ERASED))
            return "done"

    def drop(self, claim: Claim) -> None:
        """Gives up on a question."""
        with self._writing() as connection:
            connection.execute(self._of(claim).values(state=DROPPED, ended_at=self._clock(), **_ERASED))

    # What is known

    def reply_of(self, channel: str, ts: str) -> Replied | None:
        """Where the reply to this question stands. Its channel is "" where that is the asker's own conversation."""
        with self._reading() as connection:
            key = self._key(channel, ts)
            row = connection.execute(select(questions).where(questions.c.key == key)).one_or_none()
        return None if row is None else _replied(row, channel)

    def recent(self, user: str, most: int = 5) -> tuple[Earlier, ...]:
        """What this person asked last and got an answer to, the latest first."""
        wanted = (
            select(questions.c.answer_id, questions.c.taken_at)
            .where(questions.c.person == self._name(user), questions.c.state == DONE, questions.c.answer_id != "")
            .order_by(questions.c.id.desc())
            .limit(most)
        )
        with self._reading() as connection:
            found = connection.execute(wanted).all()
        return tuple(Earlier(row.answer_id, datetime.fromtimestamp(row.taken_at, UTC)) for row in found)

    def settings_of(self, channel: str) -> ChannelSettings:
        """What the managers of a channel chose, or what goes where they chose nothing."""
        wanted = select(channels.c.mode, channels.c.doc_ids).where(channels.c.channel == self._name(channel))
        with self._reading() as connection:
            row = connection.execute(wanted).one_or_none()
        return ChannelSettings() if row is None else ChannelSettings(row.mode, tuple(json.loads(row.doc_ids)))

    def set_settings(self, channel: str, chosen: ChannelSettings) -> None:
        """Writes down what the managers of a channel chose."""
        said = {"mode": chosen.mode, "doc_ids": json.dumps(chosen.doc_ids), "changed_at": self._clock()}
        add = self._insert(channels).values(channel=self._name(channel), **said)
        with self._writing() as connection:
            connection.execute(add.on_conflict_do_update(index_elements=[channels.c.channel], set_=said))

    def counts(self) -> dict[str, int]:
        """How many questions there are in each state."""
        with self._reading() as connection:
            rows = connection.execute(select(questions.c.state, func.count()).group_by(questions.c.state)).all()
        return {row[0]: row[1] for row in rows}

    def prune(self, days: float) -> int:
        """How many questions were taken out that were dealt with more than so many days ago."""
        now = self._clock()
        old = delete(questions).where(questions.c.ended_at < now - days * 86_400)
        with self._writing() as connection:
            connection.execute(delete(events).where(events.c.seen_at < now - _EVENTS_KEPT))
            return _count(connection.execute(old))

    def tidy(self) -> None:
        """Leaves no trace of what was erased in the files beside the database."""
        empty_log(self._engine)

    # How it is done

    def _is_new(self, connection: Connection, event_id: str) -> bool:
        """Whether no event with this id was seen; now it was."""
        if not event_id:
            return True
        add = self._insert(events).values(event_id=event_id, seen_at=self._clock()).on_conflict_do_nothing()
        return connection.execute(add.returning(events.c.event_id)).one_or_none() is not None

    def _take_all(self, together: "Sequence[_Taking]") -> None:
        """Takes questions in one go: all of them, or none."""
        with translated(), self._lasting.begin() as connection:
            new = [
                self._is_new(connection, one.asked.event_id) and self._add(connection, one.asked) for one in together
            ]
        for one, is_new in zip(together, new, strict=True):
            one.is_new = is_new

    def _add(self, connection: Connection, asked: Asked) -> bool:
        person, now = self._name(asked.user), self._clock()
        add = self._insert(questions).values(
            key=self._key(asked.place.channel, asked.ts),
            person=person,
            asked=_json(asked),
            state=QUEUED,
            turn=self._turn(connection, person),
            ready_at=now,
            taken_at=now,
        )
        return connection.execute(add.on_conflict_do_nothing().returning(questions.c.id)).one_or_none() is not None

    def _turn(self, connection: Connection, person: str) -> int:
        """When it is this person's turn: after his own questions, and not after other people's later ones."""
        first = select(func.min(questions.c.turn)).where(questions.c.state == QUEUED)
        waiting = questions.c.person == person, questions.c.state.in_((QUEUED, WORKING))
        own = connection.scalar(select(func.max(questions.c.turn)).where(*waiting))
        return max(connection.scalar(first) or 0, 0 if own is None else own + 1)

    def _key(self, channel: str, ts: str) -> str:
        return self._name(channel, ts)

    def _of(self, claim: Claim) -> Any:
        """A change of a question, as long as whoever claimed it still has it."""
        mine = questions.c.id == claim.row, questions.c.owner == claim.owner, questions.c.state == WORKING
        return update(questions).where(*mine)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if not is_sqlite(self._engine):
            with translated(), self._writer.begin() as connection:
                yield connection
            return
        with self._one_writer, translated(), self._writer.begin() as connection:
            yield connection


def _json(asked: Asked) -> str:
    return json.dumps(asdict(asked))


def _asked(text: str) -> Asked:
    given = json.loads(text)
    return Asked(**{**given, "place": Place(**given["place"])})


def _written(asked: Asked, replied: Replied) -> dict[str, Any]:
    """A reply as it is kept: without the name of the conversation, which is that of the question or the asker's own."""
    here = replied.channel == asked.place.channel
    kept = {"delivery": replied.delivery, "reply_here": here, "reply_ts": replied.ts}
    return {**kept, "answer_id": replied.answer_id}


def _replied(row: Row[Any], channel: str) -> Replied | None:
    if row.reply_ts is None:
        return None
    return Replied(channel if row.reply_here else "", row.reply_ts, row.answer_id, row.delivery)


def _count(result: CursorResult[Any]) -> int:
    return int(result.rowcount)
