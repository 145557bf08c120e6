"""The store of answers, in SQLite and, where there is a server, in PostgreSQL."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta, timezone
from itertools import count

import pytest
from hypothesis import given, settings

from api.errors import (
    AnswerExists,
    StoreDamaged,
    UnknownAnswer,
    UnknownCitation,
    Unstorable,
)
from api.storage.engine import sqlite_url
from api.storage.store import MAX_COMMENT, MAX_REASON, open_store
from api.storage.texts import MAX_ID
from api.storage.types import Feedback, StoredAnswer
from assistant.record import from_json
from assistant.types import Statement, Turn
from eval.harvest import candidates, read_exchanges
from tests.storage_samples import NOW, kept, new_database, postgres_missing, sample
from tests.test_record import ANSWER, CITATION, answers


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=postgres_missing)])
def url(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "answers.sqlite")
    else:
        with new_database() as address:
            yield address


@pytest.fixture
def store(url):
    with open_store(url) as opened:
        yield opened


def test_what_was_kept_is_what_is_read(store):
    answer = sample("a1")
    store.save(answer, "c1", now=NOW)
    assert store.answer("a1") == StoredAnswer(answer, "c1", NOW, ())


def test_an_answer_outlives_the_store(url):
    with open_store(url) as first:
        first.save(sample("a1"), "c1", now=NOW)
    with open_store(url) as second:
        assert second.answer("a1") is not None


def test_a_moment_is_the_same_in_every_time_zone(store):
    store.save(sample("a1"), "c1", now=NOW.astimezone(timezone(timedelta(hours=2))))
    found = kept(store, "a1")
    assert found.asked_at == NOW
    assert found.asked_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("call", ["save", "feedback", "forget", "exchanges"])
def test_a_moment_without_time_zone_is_refused(store, call):
    bare = NOW.replace(tzinfo=None)
    calls = {
        "save": lambda: store.save(sample(), "c1", now=bare),
        "feedback": lambda: store.add_feedback(Feedback("a1", True), bare),
        "forget": lambda: store.forget(before=bare),
        "exchanges": lambda: store.exchanges(bare),
    }
    with pytest.raises(ValueError, match="time zone"):
        calls[call]()


def test_an_id_is_used_once(store):
    store.save(sample("a1"), "c1", now=NOW)
    with pytest.raises(AnswerExists) as caught:
        store.save(sample("a1", "Iets anders?"), "c2", now=NOW)
    assert caught.value.answer_id == "a1"
    assert kept(store, "a1").conversation_id == "c1"


IDS = count()


@pytest.fixture(scope="module")
def lasting(tmp_path_factory):
    with open_store(sqlite_url(tmp_path_factory.mktemp("store") / "answers.sqlite")) as opened:
        yield opened


@settings(max_examples=60, deadline=None)
@given(answers())
def test_any_answer_comes_back(lasting, answer):
    answer = replace(answer, answer_id=f"a{next(IDS)}")
    lasting.save(answer, "c", now=NOW)
    assert kept(lasting, answer.answer_id).answer == answer


@pytest.mark.skipif(*postgres_missing.args, **postgres_missing.kwargs)
def test_any_answer_comes_back_from_postgresql():
    with new_database() as address, open_store(address) as opened:

        @settings(max_examples=30, deadline=None)
        @given(answers())
        def comes_back(answer):
            answer = replace(answer, answer_id=f"a{next(IDS)}")
            opened.save(answer, "c", now=NOW)
            assert kept(opened, answer.answer_id).answer == answer

        comes_back()


# Texts that a database has no room for


@pytest.mark.parametrize("bad", ["", "a\0b", "\ud800", "x" * (MAX_ID + 1)])
def test_what_can_be_no_id_is_refused_and_unknown(store, bad):
    for answer, conversation in ((replace(sample(), answer_id=bad), "c1"), (sample(), bad)):
        with pytest.raises(Unstorable) as caught:
            store.save(answer, conversation, now=NOW)
        assert caught.value.problem == "id"
    assert store.answer(bad) is None
    assert store.record(bad) is None
    assert store.turns(bad) == ()
    assert store.forget(answer_id=bad) == 0
    with pytest.raises(UnknownAnswer):
        store.add_feedback(Feedback(bad, True), NOW)


def test_half_a_character_is_refused_wherever_it_stands(store):
    halves = [
        sample("q", "Wat is \udc80?"),
        replace(sample("s"), standalone_query="\ud83d"),
        sample("h", history=(Turn("\ud83d", ""),)),
    ]
    for answer in halves:
        with pytest.raises(Unstorable) as caught:
            store.save(answer, "c1", now=NOW)
        assert caught.value.problem == "encoding"
        assert store.answer(answer.answer_id) is None
    store.save(sample("a1"), "c1", now=NOW)
    with pytest.raises(Unstorable):
        store.add_feedback(Feedback("a1", True, comment="\udfff"), NOW)


def test_a_nul_is_kept_in_the_record_and_replaced_elsewhere(store):
    answer = sample("a1", "Wat\0nu?")
    store.save(answer, "c1", now=NOW)
    store.add_feedback(Feedback("a1", False, "on\0zin", "a\0b"), NOW)
    found = kept(store, "a1")
    assert found.answer == answer
    assert found.feedback == (Feedback("a1", False, "on\ufffdzin", "a\ufffdb"),)
    assert store.turns("c1") == (Turn("Wat\ufffdnu?", answer.text),)


# Conversations


def test_turns_are_the_last_of_a_conversation_the_oldest_first(store):
    for number in range(5):
        store.save(sample(f"a{number}", f"Vraag {number}?"), "c1", now=NOW + timedelta(minutes=number))
    store.save(sample("b", "Van een ander?"), "c2", now=NOW)
    text = sample().text
    assert text.endswith("[1]")
    assert store.turns("c1", most=3) == tuple(Turn(f"Vraag {number}?", text) for number in (2, 3, 4))
    assert len(store.turns("c1")) == 5
    assert store.turns("c3") == store.turns("c1", most=0) == store.turns("c1", most=-1) == ()


def test_turns_of_one_moment_keep_their_order(store):
    for number in range(4):
        store.save(sample(question=f"Vraag {number}?"), "c1", now=NOW)
    assert [turn.question for turn in store.turns("c1")] == [f"Vraag {number}?" for number in range(4)]


# Feedback


def test_feedback_comes_back_with_its_answer_in_order(store):
    store.save(sample("a1"), "c1", now=NOW)
    given_ = (Feedback("a1", True), Feedback("a1", False, "onjuist", "Dit klopt niet.", 1))
    for one in given_:
        store.add_feedback(one, NOW)
    assert kept(store, "a1").feedback == given_


def test_feedback_needs_an_answer_and_one_of_its_citations(store):
    store.save(sample("a1"), "c1", now=NOW)
    with pytest.raises(UnknownAnswer) as unknown:
        store.add_feedback(Feedback("a2", True), NOW)
    assert unknown.value.answer_id == "a2"
    for number in (0, 2, -1, 10**30):
        with pytest.raises(UnknownCitation) as caught:
            store.add_feedback(Feedback("a1", False, citation_number=number), NOW)
        assert caught.value.number == number
    assert kept(store, "a1").feedback == ()


@pytest.mark.parametrize(("field", "limit"), [("comment", MAX_COMMENT), ("reason", MAX_REASON)])
def test_feedback_has_a_longest_text(store, field, limit):
    store.save(sample("a1"), "c1", now=NOW)
    store.add_feedback(Feedback("a1", True, **{field: "x" * limit}), NOW)
    with pytest.raises(Unstorable) as caught:
        store.add_feedback(Feedback("a1", True, **{field: "x" * (limit + 1)}), NOW)
    assert (caught.value.field, caught.value.problem, caught.value.limit) == (field, "too_long", limit)
    assert len(kept(store, "a1").feedback) == 1


def test_without_masking_a_question_is_kept_to_the_letter(store):
    answer = sample("a1", "Wat kreeg mevrouw Jansen?")
    store.save(answer, "c1", now=NOW)
    assert kept(store, "a1").answer.query.text == "Wat kreeg mevrouw Jansen?"


# What is given away


def test_the_record_of_an_answer_is_whole(store):
    answer = replace(sample("a1"), generation=replace(ANSWER.generation, model="mistral", checks=("quote", "numbers")))
    store.save(answer, "c1", now=NOW)
    store.add_feedback(Feedback("a1", False, "onjuist", "Klopt niet – écht", 1), NOW + timedelta(hours=1))
    text = store.record("a1")
    assert "écht" in text
    record = json.loads(text)
    assert from_json(json.dumps(record["answer"])) == answer
    assert record["question"] == answer.query.text
    assert record["askedAt"] == "2026-03-01T09:30:00.000125Z"
    assert record["feedback"] == [
        {"helpful": False, "reason": "onjuist", "comment": "Klopt niet – écht", "citationNumber": 1,
         "givenAt": "2026-03-01T10:30:00.000125Z"}
    ]  # fmt: skip
    assert (record["libraryVersion"], record["generator"], record["model"]) == ("v1", "extractive", "mistral")
    assert record["checks"] == ["quote", "numbers"]
    assert record["answer"]["answer"]["citations"][0]["quote"] == CITATION.quote
    assert store.record("a2") is None


def test_exchanges_are_what_the_harvest_reads(store, tmp_path):
    store.save(sample("a1", "Hoeveel woningen?"), "c1", now=NOW)
    store.save(sample("a2", "Wanneer komt het zwembad?"), "c1", now=NOW + timedelta(days=1))
    store.add_feedback(Feedback("a2", False, comment="Dit gaat ergens anders over."), NOW + timedelta(days=1))
    path = tmp_path / "antwoorden.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in store.exchanges()), encoding="utf-8")
    reading = read_exchanges(path)
    assert reading.problems == ()
    assert [one.asked for one in reading.exchanges] == [NOW.date(), (NOW + timedelta(days=1)).date()]
    [candidate] = candidates(reading.exchanges, ())
    assert candidate.question == "Wanneer komt het zwembad?"
    assert candidate.reasons == ("duim omlaag: Dit gaat ergens anders over.",)


def test_exchanges_come_in_order_since_a_moment_over_several_batches(store):
    for number in range(230):
        store.save(sample(f"a{number}"), "c1", now=NOW + timedelta(seconds=number))
    ids = [one["answer"]["answer"]["answer_id"] for one in store.exchanges(NOW + timedelta(seconds=10))]
    assert ids == [f"a{number}" for number in range(10, 230)]


def test_exchanges_hold_up_nobody_halfway(store):
    for number in range(120):
        store.save(sample(f"a{number}"), "c1", now=NOW)
    stream = store.exchanges()
    next(stream)
    assert store.forget(answer_id="a1") == 1
    store.save(sample("later"), "c1", now=NOW)
    assert [one["answer"]["answer"]["answer_id"] for one in stream][-1] == "later"


# Forgetting


def test_forgetting_takes_what_was_asked_before_a_moment(store):
    for day in range(4):
        store.save(sample(f"a{day}"), f"c{day // 2}", now=NOW + timedelta(days=day))
        store.add_feedback(Feedback(f"a{day}", True), NOW)
    assert store.forget(before=NOW + timedelta(days=3)) == 3
    assert [store.answer(f"a{day}") is None for day in range(4)] == [True, True, True, False]
    assert store.turns("c0") == ()
    assert len(store.turns("c1")) == 1
    assert kept(store, "a3").feedback == (Feedback("a3", True),)
    assert store.forget(before=NOW + timedelta(days=3)) == 0


def test_forgetting_one_answer_leaves_the_rest(store):
    for name in ("a1", "a2"):
        store.save(sample(name), "c1", now=NOW)
    assert store.forget(answer_id="a1", before=NOW) == 0
    assert store.forget(answer_id="a1") == 1
    assert store.forget(answer_id="a1") == 0
    assert store.answer("a2") is not None
    with pytest.raises(UnknownAnswer):
        store.add_feedback(Feedback("a1", True), NOW)


def test_forgetting_everything_must_be_said(store):
    store.save(sample("a1"), "c1", now=NOW)
    with pytest.raises(ValueError, match="forgotten"):
        store.forget()
    assert store.answer("a1") is not None


def test_an_answer_without_statements_is_kept(store):
    empty = replace(sample("a1"), statements=(), citations=())
    store.save(empty, "c1", now=NOW)
    assert store.turns("c1") == (Turn(empty.query.text, ""),)
    longer = replace(sample("a2"), statements=(Statement("Een zin.", (1,)),) * 300)
    store.save(longer, "c1", now=NOW)
    assert kept(store, "a2").answer == longer


def test_a_record_that_was_altered_is_named(tmp_path):
    path = tmp_path / "answers.sqlite"
    with open_store(sqlite_url(path)) as store:
        store.save(sample("a1"), "c1", now=NOW)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("UPDATE answers SET record = replace(record, '2.150', '3.150 of meer')").close()
        for read in (store.answer, store.record):
            with pytest.raises(StoreDamaged) as caught:
                read("a1")
            assert caught.value.answer_id == "a1"
