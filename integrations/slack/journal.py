"""The durable inbox: what was asked, who works on it, and what was answered where. Several processes may share it.

Every question is written here before Slack is told that it came in. Names of people and conversations are pseudonyms;
the question itself, with the real ones, stands here only until it has been dealt with.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Self

from sqlalchemy import Connection, CursorResult, Engine, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from integrations.slack.errors import JournalUnavailable
from integrations.slack.journal_rows import (
    AFRESH,
    ERASED,
    UNSAID,
    Claim,
    Earlier,
    read_claim,
    read_question,
    read_reply,
    without_text,
    written_question,
    written_reply,
)
from integrations.slack.journal_statements import parameters, statements_of
from integrations.slack.journal_tables import (
    DONE,
    DROPPED,
    QUEUED,
    WORKING,
    at_once,
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
from integrations.slack.types import Asked, ChannelSettings, Replied

Outcome = Literal["done", "again", "lost"]
"""What became of a question that was worked on: it is done; it was changed or deleted meanwhile and must be dealt with
again; or somebody else took it over."""

_PATIENCE = 30.0
_EVENTS_KEPT = 7 * 86_400.0  # seconds; Slack tries an event again within hours


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
        self._taking: deque[_Taking] = deque()
        self._writer = writing(engine)
        self._reader = at_once(engine)
        self._name = pseudonyms
        self._clock = clock
        # SQLite has its writers wait in turns of many milliseconds; threads of one process can do better.
        self._one_writer = threading.Lock()
        self._insert = sqlite.insert if is_sqlite(engine) else postgresql.insert
        self._statements = statements_of(self._insert)

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
                self._take_all([self._taking.popleft() for _ in range(len(self._taking))])
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
            if row.person is None or (row.asked and read_question(row.asked).text == asked.text):
                return False
            waits = {} if row.state == WORKING else {"state": QUEUED, "ready_at": self._clock(), "task": None, **AFRESH}
            change = update(questions).where(questions.c.id == row.id)
            connection.execute(
                change.values(asked=written_question(asked), revision=row.revision + 1, ended_at=None, **waits)
            )
            return True

    def forget(self, asked: Asked) -> bool:
        """Whether something was said to a question whose message was deleted, and will be taken away.

        Nothing is left of what was asked. A question that comes in later than the news of its deletion is not taken.
        """
        key, now = self._key(asked.place.channel, asked.ts), self._clock()
        gone = {"state": DROPPED, "person": None, "ended_at": now, **ERASED}
        with self._writing() as connection:
            row = connection.execute(select(questions).where(questions.c.key == key).with_for_update()).one_or_none()
            if row is None:
                add = self._insert(questions).values(key=key, turn=0, ready_at=now, taken_at=now, **gone)
                connection.execute(add.on_conflict_do_nothing())
                return False
            if row.person is None:
                return False  # it was said before
            change = update(questions).where(questions.c.id == row.id)
            if row.reply_ts is None and (row.state in (DONE, DROPPED) or not row.attempts):
                connection.execute(change.values(**gone))
                return False
            known = read_question(row.asked) if row.asked else asked
            left = {"asked": written_question(without_text(known)), "person": None, "task": "withdraw"}
            waits = {} if row.state == WORKING else {"state": QUEUED, "ready_at": now, "ended_at": None, **AFRESH}
            connection.execute(change.values(revision=row.revision + 1, **left, **waits))
            return True

    # Working on it

    def claim(self, owner: str, seconds: float) -> Claim | None:
        """The question whose turn it is, for this owner for so many seconds; None where nothing waits.

        One whose owner let the time pass is taken over.
        """
        now = self._clock()
        leased = {"the_owner": owner, "the_moment": now, "the_end": now + seconds}
        with self._writing(at_once=True) as connection:
            row = connection.execute(self._statements.claim, leased).one_or_none()
        return None if row is None else read_claim(row, owner)

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

    def postpone(self, claim: Claim, seconds: float, *, blameless: bool = False) -> None:
        """Leaves a question for later: not before so many seconds. `blameless`: this try does not count as ours."""
        waits = {"state": QUEUED, "ready_at": self._clock() + seconds, "owner": None, "lease_until": None}
        with self._writing() as connection:
            connection.execute(self._of(claim).values(failures=questions.c.failures + int(blameless), **waits))

    def give_up(self, claim: Claim) -> None:
        """Leaves a question without an answer, and its asker to be told so; one that was changed is tried afresh."""
        waits = {"state": QUEUED, "ready_at": self._clock(), "owner": None, "lease_until": None, **AFRESH}
        same = questions.c.revision == claim.revision
        with self._writing() as connection:
            if not _count(connection.execute(self._of(claim).where(same).values(task="tell", **waits))):
                connection.execute(self._of(claim).values(**waits))

    def note(self, claim: Claim, replied: Replied) -> None:
        """Writes down where the reply to a question stands that is still being worked on."""
        said = parameters(written_reply(claim.asked, replied))
        with self._writing(at_once=True) as connection:
            connection.execute(self._statements.note, {"the_row": claim.row, "the_owner": claim.owner, **said})

    def finish(self, claim: Claim, replied: Replied | None) -> Outcome:
        """What became of a question; None for a reply where there was nothing to say, or where it was taken away."""
        said = written_reply(claim.asked, replied) if replied else UNSAID if claim.task == "withdraw" else {}
        ended = {"the_state": DONE if claim.task == "answer" else DROPPED, "the_moment": self._clock()}
        held = {"the_row": claim.row, "the_owner": claim.owner, "the_revision": claim.revision}
        finish = self._statements.finish_noted if said else self._statements.finish
        with self._writing(at_once=True) as connection:
            if _count(connection.execute(finish, {**held, **ended, **parameters(said)})):
                return "done"
        again = {"state": QUEUED, "ready_at": self._clock(), "owner": None, "lease_until": None, **AFRESH}
        with self._writing() as connection:
            return "again" if _count(connection.execute(self._of(claim).values(**said, **again))) else "lost"

    def drop(self, claim: Claim) -> None:
        """Leaves a question alone for good, unless it was changed or deleted meanwhile."""
        same = questions.c.revision == claim.revision
        ended = {"state": DROPPED, "ended_at": self._clock(), **ERASED}
        waits = {"state": QUEUED, "ready_at": self._clock(), "owner": None, "lease_until": None, **AFRESH}
        with self._writing() as connection:
            if not _count(connection.execute(self._of(claim).where(same).values(**ended))):
                connection.execute(self._of(claim).values(**waits))

    # What is known

    def reply_of(self, channel: str, ts: str) -> Replied | None:
        """Where the reply to this question stands. Its channel is "" where that is the asker's own conversation."""
        with self._reading() as connection:
            row = connection.execute(self._statements.question, {"the_key": self._key(channel, ts)}).one_or_none()
        return None if row is None else read_reply(row, channel)

    def is_reply(self, ts: str) -> bool:
        """Whether a message with this ts was noted as the reply to some question."""
        with self._reading() as connection:
            noted = select(questions.c.id).where(questions.c.reply_ts == ts).limit(1)
            return connection.execute(noted).first() is not None

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

    def first(self, *what: str) -> bool:
        """Whether this was not done before, in any process; from now on it was. `undone` takes that back."""
        with self._writing() as connection:
            return self._is_new(connection, self._name("once", *what))

    def undone(self, *what: str) -> None:
        """Takes back that something was done, so that it can be tried again."""
        with self._writing() as connection:
            connection.execute(delete(events).where(events.c.event_id == self._name("once", *what)))

    def settings_of(self, channel: str) -> ChannelSettings:
        """What the managers of a channel chose, or what goes where they chose nothing."""
        with self._reading() as connection:
            row = connection.execute(self._statements.settings, {"the_channel": self._name(channel)}).one_or_none()
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
        seen = {"the_event": event_id, "the_moment": self._clock()}
        return connection.execute(self._statements.see, seen).one_or_none() is not None

    def _take_all(self, together: "Sequence[_Taking]") -> None:
        """Takes questions in one go: all of them, or none."""
        with translated(), self._lasting.begin() as connection:
            new = [
                self._is_new(connection, one.asked.event_id) and self._add(connection, one.asked) for one in together
            ]
        for one, is_new in zip(together, new, strict=True):
            one.is_new = is_new

    def _add(self, connection: Connection, asked: Asked) -> bool:
        written = {
            "the_key": self._key(asked.place.channel, asked.ts),
            "the_person": self._name(asked.user),
            "the_question": written_question(asked),
            "the_moment": self._clock(),
        }
        return connection.execute(self._statements.add, written).one_or_none() is not None

    def _key(self, channel: str, ts: str) -> str:
        return self._name(channel, ts)

    def _of(self, claim: Claim) -> Any:
        """A change of a question, as long as whoever claimed it still has it."""
        mine = questions.c.id == claim.row, questions.c.owner == claim.owner, questions.c.state == WORKING
        return update(questions).where(*mine)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self, *, at_once: bool = False) -> Iterator[Connection]:
        """A transaction, `at_once` when it is one statement."""
        writer = self._reader if at_once else self._writer
        if not is_sqlite(self._engine):
            with translated(), writer.begin() as connection:
                yield connection
            return
        with self._one_writer, translated(), writer.begin() as connection:
            yield connection


def _count(result: CursorResult[Any]) -> int:
    return int(result.rowcount)
