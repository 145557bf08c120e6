"""The version of the journal's tables: made new, brought up from an older one, and refused when it is newer."""

from sqlalchemy import Connection, MetaData, Table, inspect, select, text

from integrations.slack.errors import JournalTooNew

VERSION = 2
FIRST_TABLE = "slack_questions"  # there since version 1, which did not say its number yet
# What makes a version into the next one, in SQLite and in PostgreSQL alike. A program of the version before must still
# be able to write: it may run while another one is started.
STEPS: dict[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE slack_questions ADD COLUMN task TEXT",
        "ALTER TABLE slack_questions ADD COLUMN failures INTEGER DEFAULT 0 NOT NULL",
    ),
}


def bring_up(connection: Connection, metadata: MetaData, versions: Table) -> None:
    """The tables at this version, within a transaction in which nobody else changes them. Raises JournalTooNew."""
    found = _found(connection, versions)
    if found > VERSION:
        raise JournalTooNew(found, VERSION)
    for version in range(found, VERSION) if found else ():
        for statement in STEPS[version]:
            connection.execute(text(statement))
    metadata.create_all(connection)
    if found != VERSION:
        connection.execute(versions.delete())
        connection.execute(versions.insert().values(version=VERSION))


def _found(connection: Connection, versions: Table) -> int:
    """The version of the tables that are there; 0 where there are none."""
    names = set(inspect(connection).get_table_names())
    if versions.name in names and (said := connection.scalar(select(versions.c.version))) is not None:
        return int(said)
    return 1 if FIRST_TABLE in names else 0
