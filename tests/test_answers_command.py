"""The commands forget and record: a real process, its output, its messages and its exit code."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.storage.engine import sqlite_url
from api.storage.store import open_store
from api.storage.types import Feedback
from assistant.types import Filters, Query, Turn
from commands.answers import _moment
from tests.storage_samples import sample
from tests.test_command import FAILED, NOTHING_FOUND, OK, ROOT, WRONG_USE, run

NOW = datetime.now(UTC)


@pytest.fixture
def data(tmp_path):
    """A data directory with three answers: a1 of long ago, a2 of the same conversation, a3."""
    with open_store(sqlite_url(tmp_path / "answers.sqlite")) as store:
        store.save(sample("a1", "Wat is oud?"), "c1", now=NOW - timedelta(days=40))
        store.save(sample("a2"), "c1", now=NOW)
        store.save(sample("a3"), "c2", now=NOW)
    return tmp_path


def left(data):
    """The ids of the answers that are kept."""
    with open_store(sqlite_url(data / "answers.sqlite")) as store:
        return [one["answer"]["answer"]["answer_id"] for one in store.exchanges()]


@pytest.mark.parametrize(
    ("named", "stays"),
    [
        (("--answer", "a2"), ["a1", "a3"]),
        (("--conversation", "c1"), ["a3"]),
        (("--older-than", "30"), ["a2", "a3"]),
    ],
)
def test_forget_erases_what_is_named(data, named, stays):
    result = run("forget", *named, "--yes", data=data)
    assert result.returncode == OK, result.stderr
    assert result.stdout == ("2 antwoorden gewist.\n" if len(stays) == 1 else "1 antwoord gewist.\n")
    assert left(data) == stays


def test_forget_counts_first_and_erases_nothing_where_nobody_can_be_asked(data):
    result = run("forget", "--conversation", "c1", data=data)
    assert result.returncode == WRONG_USE
    assert result.stderr == "Dit wist 2 antwoorden. Voeg --yes toe als je dat wilt.\n"
    assert left(data) == ["a1", "a2", "a3"]


@pytest.mark.parametrize(("said", "stays", "code"), [("ja", ["a3"], OK), ("nee", ["a1", "a2", "a3"], FAILED)])
def test_a_person_at_the_terminal_is_asked(data, said, stays, code):
    keyboard, terminal = os.openpty()
    command = [sys.executable, "-m", "vng_assistent", "forget", "--conversation", "c1", "--data", str(data)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        os.write(keyboard, f"{said}\n".encode())
        _, told = process.communicate()
    os.close(keyboard)
    os.close(terminal)
    assert told.startswith("Dit wist 2 antwoorden voorgoed. Doorgaan? (ja/nee) ")
    assert process.returncode == code
    assert left(data) == stays


def test_forget_needs_one_thing_to_forget_and_finds_it_or_not(data):
    assert run("forget", "--yes", data=data).returncode == WRONG_USE
    assert run("forget", "--answer", "a1", "--older-than", "1", "--yes", data=data).returncode == WRONG_USE
    bad = run("forget", "--before", "gisteren", "--yes", data=data)
    assert (bad.returncode, bad.stderr) == (WRONG_USE, "Schrijf de dag als 2026-01-31.\n")
    none = run("forget", "--answer", "onbekend", "--yes", data=data)
    assert (none.returncode, none.stderr) == (NOTHING_FOUND, "Er is niets om te wissen.\n")
    assert left(data) == ["a1", "a2", "a3"]


def test_a_day_begins_at_midnight_in_the_netherlands():
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert _moment("2026-07-01", None, now) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert _moment("2026-01-31", None, now) == datetime(2026, 1, 30, 23, tzinfo=UTC)
    assert _moment(None, 0, now) == now
    assert _moment(None, None, now) is None


def test_record_gives_everything_that_is_kept(tmp_path):
    query = Query(
        "En daarna?", filters=Filters(kinds=("visie",), issued_from="2024"), history=(Turn("Eerst?", "Dit."),),
        groups=frozenset(("directie", "griffie")),
    )  # fmt: skip
    answer = sample("a1")
    with open_store(sqlite_url(tmp_path / "answers.sqlite")) as store:
        store.save(replace(answer, query=query), "c1", now=NOW)
        store.add_feedback(Feedback("a1", False, "onvolledig", "Het bedrag ontbreekt."), NOW)
    result = run("record", "a1", data=tmp_path)
    assert result.returncode == OK, result.stderr
    record = json.loads(result.stdout)
    assert record["question"] == "En daarna?"
    assert record["earlierTurns"] == [{"question": "Eerst?", "answer": "Dit."}]
    assert record["filters"] == {"docIds": [], "kinds": ["visie"], "issuedFrom": "2024", "issuedTo": None}
    assert record["groups"] == ["directie", "griffie"]
    assert record["libraryVersion"] == answer.library_version
    assert record["generator"] == answer.generation.generator
    assert record["checks"] == list(answer.generation.checks)
    assert record["feedback"][0]["comment"] == "Het bedrag ontbreekt."
    passages = record["answer"]["answer"]["passages"]
    assert [one["passage"]["text"] for one in passages] == [hit.passage.text for hit in answer.passages]
    saved = tmp_path / "woo.json"
    assert run("record", "a1", "--save-as", saved, data=tmp_path).returncode == OK
    assert json.loads(saved.read_text(encoding="utf-8")) == record
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600


def test_record_of_what_is_not_kept_says_so(data):
    result = run("record", "onbekend", data=data)
    assert result.returncode == NOTHING_FOUND
    assert result.stdout == ""
    assert result.stderr.startswith("Er is geen antwoord met dit nummer.")
    assert run("record", "a1", "--save-as", data / "weg" / "a.json", data=data).returncode == FAILED
