"""The connections to the database, and what it says when something is wrong, as errors of `api`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url

from api.errors import StoreAddress, StoreBusy, StoreDamaged, StoreError, StoreUnavailable

BEGIN = "begin"  # the execution option that says how SQLite begins a transaction
_WRITING, _NOTHING = "BEGIN IMMEDIATE", ""
_SQLITE, _POSTGRES = "sqlite", "postgresql"
# Deleted text is overwritten, and what was saved is safe when the program is killed.
_PRAGMAS = ("foreign_keys=ON", "secure_delete=ON", "synchronous=NORMAL")
_PRIVATE = 0o600  # people's questions are nobody else's business on this machine
_PAUSE = 0.02  # seconds between attempts
_BUSY_STATES = {"55P03", "40P01", "40001", "57014"}  # of PostgreSQL: a lock, a deadlock, a conflict, a time limit


def sqlite_url(path: Path) -> str:
    """The address of a database in this file."""
    return URL.create(_SQLITE, database=str(path)).render_as_string(hide_password=False)


def open_engine(url: str, patience: float) -> Engine:
    """The database at this address. `patience` is how many seconds to wait for others.

    Makes the file and its folder where there is none. Raises StoreAddress and StoreUnavailable.
    """
    address = _address(url)
    try:
        if address.get_backend_name() == _SQLITE:
            return _sqlite(address, patience)
        return _postgres(address, patience)
    except ImportError as error:
        raise StoreAddress("driver") from error
    except OSError as error:
        raise StoreUnavailable(error.strerror or "") from error


def writing(engine: Engine) -> Engine:
    """The same database for whoever writes: SQLite gives way to one writer at the start, and not halfway."""
    return engine.execution_options(**{BEGIN: _WRITING})


@contextmanager
def by_itself(engine: Engine) -> Iterator[Connection]:
    """A connection to SQLite on which each statement stands by itself, for what no transaction can hold."""
    with engine.execution_options(**{BEGIN: _NOTHING}).connect() as connection:
        yield connection


def is_sqlite(engine: Engine) -> bool:
    """Whether the database is a file of SQLite."""
    return engine.dialect.name == _SQLITE


@contextmanager
def translated() -> Iterator[None]:
    """Turns what SQLAlchemy raises into StoreBusy, StoreDamaged or StoreUnavailable."""
    try:
        yield
    except exc.TimeoutError as error:
        raise StoreBusy from error
    except exc.DBAPIError as error:
        raise _store_error(error) from error
    except exc.SQLAlchemyError as error:
        raise StoreUnavailable(type(error).__name__) from error


def _store_error(error: exc.DBAPIError) -> StoreError:
    said = str(error.orig).partition("\n")[0]
    if getattr(error.orig, "sqlstate", None) in _BUSY_STATES or "is locked" in said:
        return StoreBusy()
    if "malformed" in said or "not a database" in said:
        return StoreDamaged()
    # What an OperationalError says is about the server or the file; others may repeat what was to be kept.
    return StoreUnavailable(said if isinstance(error, exc.OperationalError) else type(error.orig).__name__)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (exc.ArgumentError, ValueError) as error:
        raise StoreAddress("syntax") from error
    if address.drivername in (_SQLITE, "sqlite+pysqlite"):
        if address.database in (None, "", ":memory:") or str(address.database).startswith("file:"):
            raise StoreAddress("memory")
        return address
    if address.drivername in (_POSTGRES, "postgres", "postgresql+psycopg"):
        return address.set(drivername="postgresql+psycopg")
    raise StoreAddress("database")


def _sqlite(address: URL, patience: float) -> Engine:
    path = Path(str(address.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=_PRIVATE)
    engine = create_engine(address, hide_parameters=True, pool_timeout=patience, connect_args={"timeout": patience})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    try:
        with translated():
            _keep_readers_going(engine, patience)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _postgres(address: URL, patience: float) -> Engine:
    options: dict[str, Any] = {"connect_timeout": max(2, round(patience)), "client_encoding": "utf8"}
    if "options" not in address.query:
        options["options"] = f"-c lock_timeout={round(patience * 1000)}"
    return create_engine(address, hide_parameters=True, pool_timeout=patience, pool_pre_ping=True, connect_args=options)


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver leaves it to us to begin
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    if statement := connection.get_execution_options().get(BEGIN, "BEGIN"):
        connection.exec_driver_sql(statement)


def _keep_readers_going(engine: Engine, patience: float) -> None:
    """Sets the file to WAL, in which reading and writing go on beside each other."""
    until = time.monotonic() + patience
    while True:
        try:
            with by_itself(engine) as connection:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL").close()
            return
        except exc.OperationalError as error:
            # SQLite does not wait here for others that do the same.
            if "is locked" not in str(error.orig) or time.monotonic() > until:
                raise
        time.sleep(_PAUSE)
