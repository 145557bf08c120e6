"""The store in the hands of many: threads, processes, and a process that is killed halfway."""

import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from api.errors import AnswerExists, StoreBusy, UnknownAnswer
from api.storage.engine import sqlite_url
from api.storage.store import open_store
from api.storage.types import Feedback
from tests.storage_samples import NOW, kept, new_database, postgres_missing, sample

ROOT = Path(__file__).parent.parent
THREADS, EACH = 8, 12


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=postgres_missing)])
def url(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "answers.sqlite")
    else:
        with new_database() as address:
            yield address


def test_threads_save_and_read_beside_each_other(url):
    with open_store(url) as store:
        start = threading.Barrier(THREADS)

        def work(thread):
            start.wait()
            for number in range(EACH):
                answer = sample(f"a{thread}-{number}", f"Vraag {number} van {thread}?")
                store.save(answer, f"c{thread}", now=NOW)
                store.add_feedback(Feedback(answer.answer_id, number % 2 == 0, citation_number=1), NOW)
                assert kept(store, answer.answer_id).answer == answer
                assert [turn.question for turn in store.turns(f"c{thread}", most=2)][-1] == answer.query.text

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(work, range(THREADS)))
        found = list(store.exchanges())
        assert len(found) == THREADS * EACH
        assert {len(one["feedback"]) for one in found} == {1}
        for thread in range(THREADS):
            turns = store.turns(f"c{thread}", most=EACH)
            assert [turn.question for turn in turns] == [f"Vraag {number} van {thread}?" for number in range(EACH)]


def test_of_two_that_save_under_one_id_one_is_refused(url):
    with open_store(url) as store:
        start = threading.Barrier(THREADS)

        def work(thread):
            start.wait()
            try:
                store.save(sample("a1", f"Vraag van {thread}?"), f"c{thread}", now=NOW)
            except AnswerExists:
                return 0
            return 1

        with ThreadPoolExecutor(THREADS) as pool:
            assert sum(pool.map(work, range(THREADS))) == 1
        assert len(list(store.exchanges())) == 1


def test_forgetting_goes_on_beside_asking(url):
    with open_store(url) as store:
        old = [f"oud{number}" for number in range(30)]
        for name in old:
            store.save(sample(name), "c1", now=NOW - timedelta(days=1))
        start = threading.Barrier(3)

        def ask():
            start.wait()
            for number in range(30):
                store.save(sample(f"nieuw{number}"), "c1", now=NOW)

        def rate():
            start.wait()
            refused = 0
            for name in old:
                try:
                    store.add_feedback(Feedback(name, True), NOW)
                except UnknownAnswer:
                    refused += 1
            return refused

        def forget():
            start.wait()
            return sum(store.forget(answer_id=name) for name in old[:10]) + store.forget(before=NOW)

        with ThreadPoolExecutor(3) as pool:
            asked, rated, forgotten = pool.submit(ask), pool.submit(rate), pool.submit(forget)
            asked.result()
            rated.result()
            assert forgotten.result() == len(old)
        assert {one["answer"]["answer"]["answer_id"] for one in store.exchanges()} == {f"nieuw{n}" for n in range(30)}


def test_who_holds_the_file_for_too_long_is_told_of_and_loses_nothing(tmp_path):
    path = tmp_path / "answers.sqlite"
    with open_store(sqlite_url(path), patience=0.2) as store:
        store.save(sample("a1"), "c1", now=NOW)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE").close()
            with pytest.raises(StoreBusy):
                store.save(sample("a2"), "c1", now=NOW)
            assert store.answer("a1") is not None
        store.save(sample("a2"), "c1", now=NOW)
        assert store.answer("a2") is not None


SAVING = """
import sys
from itertools import count
from api.storage.store import open_store
from tests.storage_samples import NOW, sample

with open_store(sys.argv[1]) as store:
    for number in count():
        print(f"begin a{number}", flush=True)
        store.save(sample(f"a{number}", "Hoeveel woningen? " * 200), "c1", now=NOW)
        print(f"klaar a{number}", flush=True)
"""


@pytest.mark.parametrize("enough", [7, 18, 43])  # lines that it said: halfway an answer, or between two
def test_who_is_killed_while_saving_loses_at_most_that_answer(url, enough):
    with subprocess.Popen([sys.executable, "-c", SAVING, url], cwd=ROOT, text=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(enough)]
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
    done = {line.split()[1] for line in lines if line.startswith("klaar") and line.endswith("\n")}
    begun = {line.split()[1] for line in lines if line.startswith("begin") and line.endswith("\n")}
    with open_store(url) as store:
        found = {one["answer"]["answer"]["answer_id"] for one in store.exchanges()}
        assert done <= found <= begun
        assert len(begun - done) <= 1
        for name in found:
            assert kept(store, name).conversation_id == "c1"
        store.save(sample("daarna"), "c1", now=NOW)
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
