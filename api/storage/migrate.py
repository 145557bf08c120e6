"""Brings the tables of a database up to date."""

import threading
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from api.errors import StoreTooNew
from api.storage.engine import is_sqlite, writing

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK_NUMBER = 0x766E6761  # "vnga": any number will do on which all our processes agree
_ONE_AT_A_TIME = threading.Lock()  # Alembic has one context for the whole process


def migrate(engine: Engine) -> None:
    """Makes the tables, or changes them into those of this version: all of it, or nothing.

    Several processes may do so at once: one does the work, the others wait for it. Raises StoreTooNew for a database
    of a later version, and what SQLAlchemy raises.
    """
    from alembic import command  # noqa: PLC0415 - only needed at the start
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    newest = script.get_current_head()
    with engine.connect() as connection:
        if version_of(connection) == newest:
            return  # and leaves the others to their work
    with _ONE_AT_A_TIME, writing(engine).begin() as connection:
        if not is_sqlite(engine):  # where one transaction that writes already keeps out the others
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
        found = version_of(connection)
        if found is not None and found not in {one.revision for one in script.walk_revisions()}:
            raise StoreTooNew(found, str(newest))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def version_of(connection: Connection) -> str | None:
    """The version of the tables, None where there are none yet."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    return MigrationContext.configure(connection).get_current_revision()
