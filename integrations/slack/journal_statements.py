"""The statements of the journal that every question takes, made once: making one takes longer than carrying it out.

What differs each time is a parameter, whose name begins with `the_`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ScalarSelect, Select, Update, bindparam, func, select, union_all, update

from integrations.slack.journal_rows import ERASED, UNSAID
from integrations.slack.journal_tables import QUEUED, WORKING, channels, events, questions


@dataclass(frozen=True, slots=True)
class Statements:
    """`see`, `add` and `claim` give the row that they wrote, and none where they wrote none.

    see: an event, unless it was seen. add: a question, unless it is there. claim: the question whose turn it is.
    note: where the reply to a claimed question stands. finish: that it was dealt with, unless it was changed or taken
    over meanwhile; finish_noted also where its reply stands.
    """

    see: Any
    add: Any
    claim: Update
    note: Update
    finish: Update
    finish_noted: Update
    question: Select[Any]
    settings: Select[Any]


def statements_of(insert: Callable[..., Any]) -> Statements:
    """The statements for a database with this kind of INSERT."""
    see = insert(events).values(event_id=bindparam("the_event"), seen_at=bindparam("the_moment"))
    add = insert(questions).values(
        key=bindparam("the_key"),
        person=bindparam("the_person"),
        asked=bindparam("the_question"),
        state=QUEUED,
        turn=_turn(),
        ready_at=bindparam("the_moment"),
        taken_at=bindparam("the_moment"),
    )
    noted: dict[str, Any] = {column: bindparam(f"the_{column}") for column in UNSAID}
    ended = {"state": bindparam("the_state"), "ended_at": bindparam("the_moment"), **ERASED}
    unchanged = _claimed().where(questions.c.revision == bindparam("the_revision"))
    return Statements(
        see=see.on_conflict_do_nothing().returning(events.c.event_id),
        add=add.on_conflict_do_nothing().returning(questions.c.id),
        claim=_claim(),
        note=_claimed().values(**noted),
        finish=unchanged.values(**ended),
        finish_noted=unchanged.values(**ended, **noted),
        question=select(questions).where(questions.c.key == bindparam("the_key")),
        settings=select(channels.c.mode, channels.c.doc_ids).where(channels.c.channel == bindparam("the_channel")),
    )


def parameters(columns: Mapping[str, Any]) -> dict[str, Any]:
    """What is written in columns, as parameters."""
    return {f"the_{column}": value for column, value in columns.items()}


def _turn() -> ScalarSelect[Any]:
    """When it is a person's turn: after his own questions, and not after other people's later ones."""
    first = select(func.min(questions.c.turn).label("turn")).where(questions.c.state == QUEUED)
    waiting = questions.c.person == bindparam("the_person"), questions.c.state.in_((QUEUED, WORKING))
    own = select((func.max(questions.c.turn) + 1).label("turn")).where(*waiting)
    either = union_all(first, own).subquery()
    return select(func.coalesce(func.max(either.c.turn), 0)).scalar_subquery()


def _claim() -> Update:
    """Gives a question whose time was up to another owner, else the first that waits."""
    now: BindParameter[Any] = bindparam("the_moment")
    overdue = select(questions.c.id).where(questions.c.state == WORKING, questions.c.lease_until < now)
    ready = select(questions.c.id).where(questions.c.state == QUEUED, questions.c.ready_at <= now)
    queued = ready.order_by(questions.c.turn, questions.c.id)
    either = (one.limit(1).with_for_update(skip_locked=True).scalar_subquery() for one in (overdue, queued))
    leased = {"state": WORKING, "owner": bindparam("the_owner"), "lease_until": bindparam("the_end")}
    change = update(questions).where(questions.c.id == func.coalesce(*either))
    return change.values(attempts=questions.c.attempts + 1, **leased).returning(questions)


def _claimed() -> Update:
    """A change of a question, as long as whoever claimed it still has it."""
    mine = questions.c.id == bindparam("the_row"), questions.c.owner == bindparam("the_owner")
    return update(questions).where(*mine, questions.c.state == WORKING)
