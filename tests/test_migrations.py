"""The database itself: its address, its file, and the steps that bring its tables up to date."""

import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from api.errors import ApiError, StoreAddress, StoreDamaged, StoreTooNew, StoreUnavailable
from api.storage.engine import open_engine, sqlite_url
from api.storage.migrate import MIGRATIONS, migrate, version_of
from api.storage.store import open_store
from api.storage.tables import Base
from tests.storage_samples import NOW, kept, new_database, postgres_missing, sample, traces

ROOT = Path(__file__).parent.parent


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=postgres_missing)])
def url(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "answers.sqlite")
    else:
        with new_database() as address:
            yield address


@pytest.fixture
def engine(url):
    """The database of this address, for looking at it from outside the store."""
    opened = open_engine(url, 5)
    yield opened
    opened.dispose()


def newest():
    """The version that the last step leads to."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def test_the_steps_make_the_tables_that_the_program_knows(engine):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    migrate(engine)
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []
        assert version_of(connection) == newest()
    known, made = Base.metadata.tables, inspect(engine)
    for name, table in known.items():
        assert made.get_pk_constraint(name)["constrained_columns"] == table.primary_key.columns.keys()
        [*keys] = made.get_foreign_keys(name)
        assert {key["options"].get("ondelete") for key in keys} == {key.ondelete for key in table.foreign_keys}


def test_rows_are_never_numbered_twice(url):
    with open_store(url) as store:
        store.save(sample("a1"), "c1", now=NOW)
        store.forget(answer_id="a1")
        store.save(sample("a2"), "c1", now=NOW)
    engine = open_engine(url, 5)
    with engine.connect() as connection:
        assert connection.execute(text('SELECT "row" FROM answers')).scalars().all() == [2]
    engine.dispose()


def test_opening_again_changes_nothing(url):
    for number in range(3):
        with open_store(url) as store:
            store.save(sample(f"a{number}"), "c1", now=NOW)
    with open_store(url) as store:
        assert [kept(store, f"a{number}").conversation_id for number in range(3)] == ["c1"] * 3


def test_a_database_of_a_later_version_is_refused_and_left_alone(url, engine):
    with open_store(url) as store:
        store.save(sample("a1"), "c1", now=NOW)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTooNew) as caught:
        open_store(url)
    assert (caught.value.found, caught.value.known) == ("9999", newest())
    with engine.connect() as connection:
        assert version_of(connection) == "9999"
        assert connection.execute(text("SELECT count(*) FROM answers")).scalar() == 1


def test_a_step_that_fails_leaves_nothing_behind(url, engine):
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE feedback (van_een_ander TEXT)"))
    with pytest.raises(StoreUnavailable):
        open_store(url)
    assert inspect(engine).get_table_names() == ["feedback"]
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE feedback"))
    open_store(url).close()


def test_every_step_can_be_undone(url, engine):
    from alembic import command
    from alembic.config import Config

    open_store(url).close()
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    with open_store(url) as store:
        store.save(sample("a1"), "c1", now=NOW)
        assert kept(store, "a1").answer == sample("a1")


def test_a_next_step_starts_from_the_template(tmp_path):
    from alembic import command
    from alembic.config import Config

    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    config = Config(stdout=StringIO())
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(folder))
    command.revision(config, message="Iets nieuws", rev_id="0002")
    [made] = (folder / "versions").glob("0002_*.py")
    source = made.read_text(encoding="utf-8")
    assert source.startswith('"""Iets nieuws."""')
    step: dict[str, object] = {}
    exec(compile(source, made.name, "exec"), step)  # noqa: S102 - the very file that was made
    assert (step["revision"], step["down_revision"]) == ("0002", newest())


START = """
import sys
from api.storage.store import open_store
from tests.storage_samples import NOW, sample

name, url = sys.argv[1:]
print("klaar", flush=True)
sys.stdin.readline()
with open_store(url) as store:
    store.save(sample(name), "c1", now=NOW)
"""


def test_processes_that_start_at_once_wait_for_each_other(url):
    names = [f"p{number}" for number in range(3)]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", START, name, url], cwd=ROOT, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for name in names
    ]  # fmt: skip
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "klaar\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    with open_store(url) as store:
        assert {kept(store, name).answer.answer_id for name in names} == set(names)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert version_of(connection) == newest()
    engine.dispose()


# Databases and addresses that cannot be used


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("", "syntax"),
        ("geen adres", "syntax"),
        ("postgresql://u:geheim@host:poort/db", "syntax"),
        ("mysql://u:geheim@host/db", "database"),
        ("postgresql+psycopg2://u:geheim@host/db", "database"),
        ("sqlite://", "memory"),
        ("sqlite:///:memory:", "memory"),
        ("sqlite:///file:x?mode=memory&uri=true", "memory"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(address, problem):
    with pytest.raises(StoreAddress) as caught:
        open_store(address)
    assert caught.value.problem == problem
    assert "geheim" not in repr(caught.value)


@pytest.mark.parametrize("name", ["answers.sqlite", "met spatie/50% én #1.sqlite", "a?b.sqlite"])
def test_a_file_may_have_any_name_and_only_its_owner_reads_it(tmp_path, name):
    path = tmp_path / "nieuw" / name
    with open_store(sqlite_url(path)) as store:
        store.save(sample("a1"), "c1", now=NOW)
        assert path.stat().st_size > 0
        assert {one.stat().st_mode & 0o077 for one in path.parent.glob(f"{path.name}*")} == {0}
        assert traces(path).count(b"a1") > 0


@pytest.mark.parametrize("content", [b"dit is geen database" * 500, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "answers.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreDamaged):
        open_store(sqlite_url(path))
    assert path.read_bytes() == content


def test_a_folder_in_the_way_is_told(tmp_path):
    (tmp_path / "answers.sqlite").mkdir()
    (tmp_path / "bestand").write_text("")
    for path in (tmp_path / "answers.sqlite", tmp_path / "bestand" / "answers.sqlite"):
        with pytest.raises(StoreUnavailable) as caught:
            open_store(sqlite_url(path))
        assert isinstance(caught.value, ApiError)


def test_a_server_that_is_not_there_is_told(tmp_path):
    pytest.importorskip("psycopg", reason="psycopg ontbreekt: installeer met pip install 'vng-assistent[postgres]'")
    with pytest.raises(StoreUnavailable) as caught:
        open_store("postgresql://iemand:geheim@127.0.0.1:1/antwoorden", patience=2)
    assert "geheim" not in str(caught.value)
