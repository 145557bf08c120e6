"""The tables of the journal, and the connections to the database they are in: a file of SQLite, or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    Engine,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    exc,
    make_url,
    text,
)

from integrations.slack.errors import JournalUnavailable
from integrations.slack.journal_versions import bring_up

QUEUED, WORKING, DONE, DROPPED = "queued", "working", "done", "dropped"
_PRIVATE = 0o600  # people's questions are nobody else's business on this machine
_LOCK_NUMBER = 0x766E6773  # "vngs": any number will do on which all our processes agree
_BEGIN = "begin"
_PRAGMAS = ("journal_mode=WAL", "secure_delete=ON")  # erased text is overwritten
# SQLite only numbers rows by itself in a column of the type INTEGER.
_ROW = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

# Moments are seconds since 1970. `asked` is the question as JSON, for as long as it must be answered. `turn` is when it
# comes to it: nobody's second question before everybody's first. `revision` counts the changes of the message. `task`
# is what is to be done, NULL for an answer; `failures` are the attempts that Slack was to blame for. Whoever changes a
# table adds a step in journal_versions.py.
questions = Table(
    "slack_questions",
    metadata,
    Column("id", _ROW, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("person", Text),
    Column("asked", Text),
    Column("state", Text, nullable=False),
    Column("turn", _ROW, nullable=False),
    Column("revision", Integer, nullable=False, default=0),
    Column("attempts", Integer, nullable=False, default=0),
    Column("ready_at", Double, nullable=False),
    Column("lease_until", Double),
    Column("owner", Text),
    Column("taken_at", Double, nullable=False),
    Column("ended_at", Double),
    Column("delivery", Text),
    Column("reply_here", Boolean),
    Column("reply_ts", Text),
    Column("answer_id", Text),
    Column("task", Text),
    Column("failures", Integer, nullable=False, server_default="0"),
    Index("ix_slack_questions_queue", "state", "turn", "id"),
    Index("ix_slack_questions_person", "person", "state", "turn"),
    Index("ix_slack_questions_ended", "ended_at"),
    sqlite_autoincrement=True,
)

# The events that were seen, so that the same one again is known.
events = Table(
    "slack_events",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("seen_at", Double, nullable=False, index=True),
)

# What the managers of channels chose.
channels = Table(
    "slack_channels",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("mode", Text, nullable=False),
    Column("doc_ids", Text, nullable=False),
    Column("changed_at", Double, nullable=False),
)


# Which version of these tables this is, in its one row.
versions = Table("slack_journal", metadata, Column("version", Integer, nullable=False))


def sqlite_url(path: Path) -> str:
    """The address of a database in this file."""
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)


def open_engine(url: str, patience: float, *, lasting: bool = False) -> Engine:
    """The database at this address with the tables in it, both made where there are none.

    `patience` is how many seconds to wait for others. What is written is safe when the program is killed; with
    `lasting` also when the power fails, which takes SQLite much longer. Raises JournalUnavailable.
    """
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _sqlite(address, patience, lasting)
        if address.get_backend_name() in ("postgresql", "postgres"):
            return _postgres(address, patience)
        raise JournalUnavailable("neither SQLite nor PostgreSQL")
    except (exc.ArgumentError, exc.NoSuchModuleError, ImportError) as error:
        raise JournalUnavailable(type(error).__name__) from error
    except OSError as error:
        raise JournalUnavailable(error.strerror or type(error).__name__) from error


def writing(engine: Engine) -> Engine:
    """The same database for whoever writes: SQLite gives way to one writer at the start, and not halfway."""
    return engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})


def at_once(engine: Engine) -> Engine:
    """The same database for who does one thing at a time, so that SQLite need not hear where it begins and ends."""
    return engine.execution_options(**{_BEGIN: ""})


def is_sqlite(engine: Engine) -> bool:
    """Whether the database is a file of SQLite."""
    return engine.dialect.name == "sqlite"


def empty_log(engine: Engine) -> None:
    """Leaves nothing in SQLite's log of what was erased from the database, unless somebody is reading it."""
    if is_sqlite(engine):
        with translated(), engine.execution_options(**{_BEGIN: ""}).connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()


@contextmanager
def translated() -> Iterator[None]:
    """Turns what SQLAlchemy raises into JournalUnavailable, without what was asked."""
    try:
        yield
    except exc.OperationalError as error:
        raise JournalUnavailable(str(error.orig).partition("\n")[0]) from error
    except exc.DBAPIError as error:
        raise JournalUnavailable(type(error.orig).__name__) from error
    except exc.SQLAlchemyError as error:
        raise JournalUnavailable(type(error).__name__) from error


def _sqlite(address: URL, patience: float, lasting: bool) -> Engine:
    path = Path(str(address.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=_PRIVATE)
    engine = create_engine(address, hide_parameters=True, pool_timeout=patience, connect_args={"timeout": patience})
    event.listen(engine, "connect", partial(_prepare, f"synchronous={'FULL' if lasting else 'NORMAL'}"))
    event.listen(engine, "begin", _begin)
    return _with_tables(engine)


def _postgres(address: URL, patience: float) -> Engine:
    options: dict[str, Any] = {"connect_timeout": max(2, round(patience)), "client_encoding": "utf8"}
    if "options" not in address.query:
        options["options"] = f"-c lock_timeout={round(patience * 1000)}"
    return _with_tables(
        create_engine(
            address.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            pool_timeout=patience,
            pool_pre_ping=True,
            connect_args=options,
        )
    )


def _with_tables(engine: Engine) -> Engine:
    """The engine, with the tables made by one process while others wait."""
    try:
        with translated(), writing(engine).begin() as connection:
            if not is_sqlite(engine):
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
            bring_up(connection, metadata, versions)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _prepare(how: str, connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver leaves it to us to begin
    for pragma in (*_PRAGMAS, how):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    if statement := connection.get_execution_options().get(_BEGIN, "BEGIN"):
        connection.exec_driver_sql(statement)
