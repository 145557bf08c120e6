"""The journal of another version of the program: an older one is brought up to date, a newer one refused."""

from contextlib import closing

import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from integrations.slack.error_messages import explain
from integrations.slack.errors import JournalTooNew
from integrations.slack.journal import open_journal
from integrations.slack.journal_tables import metadata, sqlite_url
from integrations.slack.journal_versions import STEPS, VERSION
from tests.slack_samples import NAMES, RAAD, asked, replied
from tests.storage_samples import new_database, postgres_missing

# The tables as version 1 made them; it did not say its number.
ROW = {"sqlite": "INTEGER", "postgresql": "BIGSERIAL"}
FIRST = """
CREATE TABLE slack_questions (
    id {row} PRIMARY KEY, key TEXT NOT NULL UNIQUE, person TEXT, asked TEXT, state TEXT NOT NULL, turn BIGINT NOT NULL,
    revision INTEGER NOT NULL, attempts INTEGER NOT NULL, ready_at DOUBLE PRECISION NOT NULL,
    lease_until DOUBLE PRECISION, owner TEXT, taken_at DOUBLE PRECISION NOT NULL, ended_at DOUBLE PRECISION,
    delivery TEXT, reply_here BOOLEAN, reply_ts TEXT, answer_id TEXT);
CREATE TABLE slack_events (event_id TEXT PRIMARY KEY, seen_at DOUBLE PRECISION NOT NULL);
CREATE TABLE slack_channels (channel TEXT PRIMARY KEY, mode TEXT NOT NULL, doc_ids TEXT NOT NULL,
    changed_at DOUBLE PRECISION NOT NULL)
"""
QUESTION = (
    '{"place": {"team": "T", "channel": "C0RAAD", "thread": "1.000001", "kind": "channel", "external": false},'
    ' "ts": "1.000001", "user": "U0ANNA", "text": "Hoeveel?", "event_id": "", "private": false, "response_url": ""}'
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=postgres_missing)])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "slack.sqlite")
    else:
        with new_database() as address:
            yield address


def executed(url, *statements, **values):
    """The columns of each table, after these statements."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address)
    try:
        with engine.begin() as connection:
            for one in statements:
                connection.execute(text(one), values if ":" in one else {})
            there = inspect(connection).get_table_names()
            return {table: {one["name"] for one in inspect(connection).get_columns(table)} for table in there}
    finally:
        engine.dispose()


def make_old(url):
    """A journal of version 1 with a question in it."""
    kept = (
        "INSERT INTO slack_questions (key, person, asked, state, turn, revision, attempts, ready_at, taken_at)"
        " VALUES (:key, :person, :asked, 'queued', 0, 0, 0, 0, 0)"
    )
    tables = FIRST.format(row=ROW[make_url(url).get_backend_name()]).split(";")
    executed(url, *tables, kept, key=NAMES(RAAD, "1.000001"), person=NAMES("U0ANNA"), asked=QUESTION)


def test_an_older_journal_is_brought_up_and_goes_on(url):
    make_old(url)
    with closing(open_journal(url, NAMES)) as journal:
        assert not journal.take(asked())
        claim = journal.claim("ik", 10)
        assert claim
        assert (claim.asked.text, claim.task, claim.failures) == ("Hoeveel?", "answer", 0)
        assert journal.finish(claim, replied()) == "done"
        assert journal.take(asked("2.1"))
    columns = executed(url)
    columns.pop("sqlite_sequence", None)
    assert columns == {name: {one.name for one in table.columns} for name, table in metadata.tables.items()}
    with closing(open_journal(url, NAMES)) as journal:
        assert journal.counts() == {"done": 1, "queued": 1}


def test_a_newer_journal_is_refused_in_dutch_and_left_alone(url):
    open_journal(url, NAMES).close()
    before = executed(url, "UPDATE slack_journal SET version = :version", version=VERSION + 1)
    with pytest.raises(JournalTooNew) as caught:
        open_journal(url, NAMES)
    said = explain(caught.value)
    assert "nieuwere versie" in said
    assert str(VERSION + 1) in said
    assert executed(url) == before


def test_there_is_a_step_from_every_version():
    assert sorted(STEPS) == list(range(1, VERSION))
