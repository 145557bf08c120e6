"""What may not be in the files of SQLite: what was forgotten, and personal data where these are masked."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.errors import StoreBusy
from api.storage.engine import sqlite_url
from api.storage.store import open_store
from api.storage.types import Feedback
from assistant.types import Reason, Suggestion, Turn
from tests.storage_samples import NOW, kept, sample, traces
from tests.test_record import HIT, answers

NAME, NUMBER, MAIL = "mevrouw Jansen", "111222333", "jansen@voorbeeld.nl"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "answers.sqlite"


# Personal data


def test_personal_data_is_masked_before_it_is_written(path):
    asked = f"Wat kreeg {NAME} (bsn {NUMBER})?"
    answer = sample(
        "a1", asked, history=(Turn(f"Wie is {NAME}?", f"Mail {MAIL}."),),
        suggestions=(Suggestion(HIT, Reason.OTHER_NAME, "Jansen"), Suggestion(HIT, Reason.PART, "kreeg")),
        questions=(f"Waar werkt {NAME}?",),
    )  # fmt: skip
    with open_store(sqlite_url(path), mask=True) as store:
        store.save(answer, "c1", now=NOW)
        store.add_feedback(Feedback("a1", False, f"bel {NAME}", f"Mijn nummer is {NUMBER}."), NOW)
        found = kept(store, "a1")
        assert found.answer.query.text == "Wat kreeg mevrouw [naam] (bsn [BSN])?"
        assert found.answer.citations == answer.citations
        assert [one.detail for one in found.answer.suggestions] == ["", "kreeg"]
        assert found.feedback == (Feedback("a1", False, "bel mevrouw [naam]", "Mijn nummer is [BSN]."),)
        assert store.turns("c1")[0].question == found.answer.query.text
        written = traces(path)
    for secret in (b"Jansen", NUMBER.encode(), b"jansen"):
        assert secret not in written
    assert b"kreeg" in written


# Words that stand nowhere else in the file, of any length up to several pages of it.
WORDS = st.lists(st.tuples(st.integers(1, 700), st.integers(0, 3)), min_size=1, max_size=12)


@settings(max_examples=15, deadline=None)
@given(WORDS, st.data())
def test_what_is_forgotten_leaves_no_trace(tmp_path_factory, sizes, data):
    path = tmp_path_factory.mktemp("store") / "answers.sqlite"
    with open_store(sqlite_url(path)) as store:
        for number, (size, remarks) in enumerate(sizes):
            store.save(sample(f"id-{number:03d}", f"geheim{number:03d} " * size), f"gesprek-{number:03d}", now=NOW)
            for _ in range(remarks):
                store.add_feedback(Feedback(f"id-{number:03d}", False, comment=f"klacht{number:03d}"), NOW)
        gone = data.draw(st.sets(st.integers(0, len(sizes) - 1), min_size=1))
        assert f"geheim{min(gone):03d}".encode() in traces(path)
        for number in gone:
            assert store.forget(answer_id=f"id-{number:03d}") == 1
        left = traces(path)
        for number in range(len(sizes)):
            for word in ("geheim", "id-", "gesprek-"):
                assert (f"{word}{number:03d}".encode() in left) == (number not in gone)
        for number in gone:
            assert f"klacht{number:03d}".encode() not in left


def test_what_an_earlier_deletion_left_goes_too(path):
    with open_store(sqlite_url(path)) as store:
        for name in ("a1", "a2", "a3"):
            store.save(sample(name), "c1", now=NOW)
            store.add_feedback(Feedback(name, False, comment=f"geheim-{name}"), NOW)
        with closing(sqlite3.connect(path, isolation_level=None)) as careless:
            for statement in (
                "PRAGMA secure_delete=OFF",
                "DELETE FROM feedback WHERE comment = 'geheim-a1'",
                "PRAGMA wal_checkpoint(TRUNCATE)",
            ):
                careless.execute(statement).close()
        assert b"geheim-a1" in traces(path)
        store.save(sample("a4"), "c1", now=NOW)
        assert store.forget(answer_id="a4") == 1
        left = traces(path)
    assert b"geheim-a1" not in left
    assert b"geheim-a3" in left


@pytest.mark.parametrize("again", ["forget", "open"])
def test_who_still_reads_delays_the_erasing_and_does_not_prevent_it(path, again):
    with open_store(sqlite_url(path), patience=0.2) as store:
        store.save(sample("a1", "geheim " * 900), "c1", now=NOW)
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN").close()
            assert reader.execute("SELECT count(*) FROM answers").fetchall() == [(1,)]
            with pytest.raises(StoreBusy):
                store.forget(answer_id="a1")
            assert store.answer("a1") is None
            assert b"geheim" in traces(path)
            open_store(sqlite_url(path), patience=0.2).close()
            assert b"geheim" in traces(path)
        if again == "forget":
            assert store.forget(answer_id="a1") == 0
        else:
            open_store(sqlite_url(path), patience=0.2).close()
        assert b"geheim" not in traces(path)
        store.save(sample("a2"), "c1", now=NOW)
        assert kept(store, "a2").conversation_id == "c1"


@settings(max_examples=25, deadline=None)
@given(answers())
def test_what_was_masked_is_read_as_it_was_kept(tmp_path_factory, answer):
    path = tmp_path_factory.mktemp("store") / "answers.sqlite"
    asked = replace(answer, answer_id="a1", query=replace(answer.query, text=f"{NAME} {answer.query.text}"))
    with open_store(sqlite_url(path), mask=True) as store:
        store.save(asked, "c1", now=NOW)
        found = kept(store, "a1").answer
        store.save(replace(found, answer_id="a2"), "c1", now=NOW)
        assert kept(store, "a2").answer == replace(found, answer_id="a2")
    assert "Jansen" not in found.query.text
    assert (found.statements, found.citations, found.passages) == (answer.statements, answer.citations, answer.passages)
