"""Answers that go by themselves, and what the store forgets and counts on request."""

import threading
from datetime import timedelta

import pytest

from api.errors import StoreUnavailable, TooMuchFeedback
from api.retention import Retention
from api.storage.engine import sqlite_url
from api.storage.store import MAX_FEEDBACK, AnswerStore, open_store
from api.storage.types import Feedback
from tests.storage_samples import NOW, kept, new_database, postgres_missing, sample

DAY = timedelta(days=1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=postgres_missing)])
def store(request, tmp_path):
    """An empty store."""
    if request.param == "sqlite":
        with open_store(sqlite_url(tmp_path / "answers.sqlite")) as opened:
            yield opened
    else:
        with new_database() as address, open_store(address) as opened:
            yield opened


class Clock:
    """A clock that a test sets, and that says when it was looked at."""

    def __init__(self, now):
        self.now = now
        self.looked = threading.Semaphore(0)

    def __call__(self):
        self.looked.release()
        return self.now


class Failing(AnswerStore):
    """A store that is away for the first rounds, and then does what the real one does."""

    def __init__(self, store, times):
        super().__init__(store._engine, mask=False)
        self.times = times

    def forget(self, **named):
        if self.times:
            self.times -= 1
            raise StoreUnavailable("weg")
        return super().forget(**named)


def test_what_is_older_than_so_many_days_goes_and_the_rest_stays(store):
    for name, age in (("oud", 31 * DAY), ("net", 30 * DAY), ("nieuw", 0 * DAY)):
        store.save(sample(name), "c1", now=NOW - age)
    store.add_feedback(Feedback("oud", True), NOW)
    assert Retention(store, 30, clock=lambda: NOW).sweep() == 1
    assert store.answer("oud") is None
    assert store.answer("net") is not None
    assert Retention(store, 30, clock=lambda: NOW + timedelta(seconds=1)).sweep() == 1
    assert store.answer("nieuw") is not None


def test_without_days_nothing_goes(store):
    store.save(sample("oud"), "c1", now=NOW - 9999 * DAY)
    clock = Clock(NOW)
    with Retention(store, None, clock=clock, every=0.001) as retention:
        assert retention.sweep() == 0
    assert not clock.looked.acquire(blocking=False)
    assert store.answer("oud") is not None


def test_it_goes_round_at_the_start_and_again_until_it_is_closed(store):
    store.save(sample("a1"), "c1", now=NOW)
    clock = Clock(NOW)
    with Retention(store, 1, clock=clock, every=0.001):
        assert clock.looked.acquire(timeout=30)
        clock.now = NOW + 2 * DAY
        for _ in range(2):  # the second look begins after a round that began with the new time
            assert clock.looked.acquire(timeout=30)
        assert clock.looked.acquire(timeout=30)
    assert store.answer("a1") is None
    assert not [one for one in threading.enumerate() if one.name == "retention"]


def test_a_database_that_is_away_is_asked_again(store, caplog):
    store.save(sample("a1", "Wat verdient Jansen?"), "c1", now=NOW - 2 * DAY)
    clock = Clock(NOW)
    with caplog.at_level("INFO"), Retention(Failing(store, 2), 1, clock=clock, every=0.001):
        for _ in range(4):
            assert clock.looked.acquire(timeout=30)
    assert store.answer("a1") is None
    said = [record.getMessage() for record in caplog.records if record.name == "vng_assistent.api"]
    assert said[:3] == [
        "answers could not be forgotten: StoreUnavailable",
        "answers could not be forgotten: StoreUnavailable",
        "forgot 1 answers older than 1 days",
    ]
    assert "Jansen" not in caplog.text


def test_a_conversation_is_counted_and_forgotten_whole(store):
    for name, conversation in (("a1", "c1"), ("a2", "c1"), ("a3", "c2")):
        store.save(sample(name), conversation, now=NOW)
    assert store.count(conversation_id="c1") == 2
    assert store.count(conversation_id="c1", answer_id="a3") == 0
    assert store.count(before=NOW + DAY) == 3
    assert store.forget(conversation_id="c1") == 2
    assert [store.answer(name) is None for name in ("a1", "a2", "a3")] == [True, True, False]
    assert store.count(conversation_id="c1") == 0
    assert store.count(conversation_id="\0") == store.forget(conversation_id="\0") == 0


@pytest.mark.parametrize("call", ["count", "forget"])
def test_nothing_named_is_nothing_forgotten(store, call):
    with pytest.raises(ValueError, match="forgotten"):
        getattr(store, call)()


def test_a_conversation_comes_back_oldest_first_and_bounded(store):
    for number in range(5):
        store.save(sample(f"a{number}"), "c1", now=NOW - number * DAY)
    store.save(sample("ander"), "c2", now=NOW)
    assert [one.answer_id for one in store.conversation("c1")] == ["a0", "a1", "a2", "a3", "a4"]
    assert [one.answer_id for one in store.conversation("c1", most=2)] == ["a3", "a4"]
    assert store.conversation("geen") == store.conversation("\0") == store.conversation("c1", most=0) == ()


def test_feedback_on_one_answer_has_an_end(store):
    store.save(sample("a1"), "c1", now=NOW)
    store.save(sample("a2"), "c1", now=NOW)
    for _ in range(MAX_FEEDBACK):
        store.add_feedback(Feedback("a1", True), NOW)
    with pytest.raises(TooMuchFeedback) as caught:
        store.add_feedback(Feedback("a1", False), NOW)
    assert (caught.value.answer_id, caught.value.limit) == ("a1", MAX_FEEDBACK)
    store.add_feedback(Feedback("a2", False), NOW)
    assert len(kept(store, "a1").feedback) == MAX_FEEDBACK
