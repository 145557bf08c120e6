"""The journal of questions, in SQLite and, where there is a server, in PostgreSQL."""

import threading
from contextlib import closing
from dataclasses import replace

import pytest

from integrations.slack.errors import JournalUnavailable
from integrations.slack.journal import open_journal
from integrations.slack.journal_tables import sqlite_url
from integrations.slack.pseudonym import read_pseudonyms
from integrations.slack.types import ChannelSettings
from tests.slack_samples import ANNA, BRAM, NAMES, RAAD, asked, replied
from tests.storage_samples import new_database, postgres_missing

DAY = 86_400.0


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=postgres_missing)])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "slack.sqlite")
    else:
        with new_database() as address:
            yield address


@pytest.fixture
def journal(url, clock):
    with closing(open_journal(url, NAMES, clock=clock)) as opened:
        yield opened


def test_a_question_is_taken_once_by_its_message_and_by_its_event(journal):
    assert journal.take(asked(event_id="Ev1"))
    assert not journal.take(asked(event_id="Ev1"))
    assert not journal.take(asked(event_id="Ev2"))
    assert not journal.take(asked("1.000009", event_id="Ev1"))
    assert journal.take(asked(channel="C0ANDERS"))
    assert journal.counts() == {"queued": 2}


def test_what_was_taken_is_there_for_the_next_process(url, clock):
    with closing(open_journal(url, NAMES, clock=clock)) as first:
        first.take(asked(text="Wat kost het? \ud83c \0 é"))
    with closing(open_journal(url, NAMES, clock=clock)) as second:
        assert not second.take(asked())
        claim = second.claim("ik", 10)
        assert claim
        assert claim.asked.text == "Wat kost het? \ud83c \0 é"


def test_everybody_comes_in_turn(journal):
    for number in range(4):
        journal.take(asked(f"1.{number}", f"a{number}"))
    journal.take(asked("2.1", "b0", user=BRAM))
    order = []
    while claim := journal.claim("ik", 10):
        order.append(claim.asked.text)
        if len(order) == 3:
            journal.take(asked("3.1", "c0", user="U0CORA"))
        journal.finish(claim, None)
    assert order[:2] == ["a0", "b0"]
    assert order.index("c0") == 4
    assert [one for one in order if one[0] == "a"] == ["a0", "a1", "a2", "a3"]


def test_nobody_else_gets_what_somebody_works_on_until_his_time_is_up(journal, clock):
    journal.take(asked())
    first = journal.claim("ik", 10)
    assert (first.attempt, first.former) == (1, None)
    assert journal.claim("jij", 10) is None
    clock.now += 9
    journal.renew("ik", [first.row], 10)
    clock.now += 9
    assert journal.claim("jij", 10) is None
    clock.now += 2
    second = journal.claim("jij", 10)
    assert second.attempt == 2
    assert journal.finish(first, replied()) == "lost"
    assert journal.finish(second, replied("1.5")) == "done"
    assert journal.reply_of(RAAD, "1.000001") == replied("1.5")


def test_who_is_gone_loses_what_he_worked_on(journal):
    journal.take(asked())
    journal.claim("dood", 1000)
    assert journal.release(lambda owner: owner == "levend") == 0
    assert journal.release(lambda owner: owner == "dood") == 1
    assert journal.claim("ik", 10).attempt == 2


def test_a_question_that_is_left_for_later_comes_later(journal, clock):
    journal.take(asked())
    journal.postpone(journal.claim("ik", 10), 30)
    assert journal.claim("ik", 10) is None
    clock.now += 31
    assert journal.claim("ik", 10).attempt == 2


def test_what_was_noted_is_known_at_the_next_try(journal, clock):
    journal.take(asked())
    journal.note(journal.claim("ik", 10), replied())
    clock.now += 11
    assert journal.claim("jij", 10).former == replied()


def test_nothing_of_the_question_stays_when_it_is_done(journal, url, tmp_path):
    journal.take(asked(text="Mevrouw Pietersen vraagt", event_id="Ev1"))
    journal.finish(journal.claim("ik", 10), replied(channel="D0ANNA"))
    journal.tidy()
    for file in tmp_path.glob("slack.sqlite*"):
        kept = file.read_bytes()
        assert not any(word in kept for word in (b"Pietersen", ANNA.encode(), RAAD.encode(), b"D0ANNA"))
    assert journal.reply_of(RAAD, "1.000001") == replied(channel="")


def test_a_deleted_question_is_forgotten_and_its_reply_withdrawn(journal):
    journal.take(asked())
    journal.finish(journal.claim("ik", 10), replied())
    assert journal.recent(ANNA)
    assert journal.forget(asked(text=""))
    assert not journal.forget(asked(text=""))
    assert journal.recent(ANNA) == ()
    assert not journal.take(asked())
    assert not journal.revise(asked(text="Anders"))
    claim = journal.claim("ik", 10)
    assert (claim.task, claim.former, claim.asked.text) == ("withdraw", replied(), "")
    assert journal.finish(claim, None) == "done"
    assert journal.reply_of(RAAD, "1.000001") is None
    assert journal.counts() == {"dropped": 1}


def test_a_question_that_is_deleted_while_it_waits_or_before_it_comes_is_not_answered(journal):
    journal.take(asked())
    assert not journal.forget(asked())
    assert not journal.forget(asked("2.000001"))
    assert not journal.take(asked("2.000001"))
    assert journal.claim("ik", 10) is None


def test_one_that_is_deleted_while_it_is_answered_is_withdrawn_at_the_end(journal, clock):
    for ts in ("1.1", "1.2"):
        journal.take(asked(ts))
        claim = journal.claim("ik", 10)
        assert journal.forget(asked(ts))
        if ts == "1.1":
            assert journal.finish(claim, replied()) == "again"
        else:
            clock.now += 11  # it was killed, and nobody knows what it said
        again = journal.claim("jij", 10)
        assert (again.task, again.former) == ("withdraw", replied() if ts == "1.1" else None)
        assert journal.finish(again, None) == "done"
        assert journal.reply_of(RAAD, ts) is None


def test_nothing_of_a_deleted_question_stays(journal, tmp_path):
    journal.take(asked(text="Mevrouw Pietersen vraagt"))
    claim = journal.claim("ik", 10)
    journal.forget(asked(text=""))
    journal.tidy()
    assert not any(b"Pietersen" in file.read_bytes() for file in tmp_path.glob("slack.sqlite*"))
    journal.finish(claim, replied())
    journal.finish(journal.claim("ik", 10), None)
    journal.tidy()
    assert not any(ANNA.encode() in file.read_bytes() for file in tmp_path.glob("slack.sqlite*"))


def test_who_gave_up_leaves_it_to_be_told_and_a_change_has_it_tried_again(journal):
    journal.take(asked())
    journal.give_up(journal.claim("ik", 10))
    claim = journal.claim("ik", 10)
    assert (claim.task, claim.attempt) == ("tell", 1)
    journal.postpone(claim, 0, blameless=True)
    assert journal.revise(asked(text="Anders"))
    claim = journal.claim("ik", 10)
    assert (claim.task, claim.tries) == ("answer", 1)
    assert journal.revise(asked(text="Nog anders"))
    journal.give_up(claim)
    assert journal.claim("ik", 10).task == "answer"


def test_a_try_that_others_are_to_blame_for_does_not_count(journal, clock):
    journal.take(asked())
    for tries in range(1, 4):
        claim = journal.claim("ik", 10)
        assert (claim.attempt, claim.failures, claim.tries) == (tries, tries - 1, 1)
        journal.postpone(claim, 0, blameless=True)
    journal.postpone(journal.claim("ik", 10), 0)
    assert journal.claim("ik", 10).tries == 2


def test_a_thing_is_done_once_by_all_processes(url):
    with closing(open_journal(url, NAMES)) as one, closing(open_journal(url, NAMES)) as other:
        assert one.first("deel", "a1")
        assert not other.first("deel", "a1")
        assert other.first("deel", "a2")
        one.undone("deel", "a1")
        assert other.first("deel", "a1")


def test_a_changed_question_is_answered_again_in_the_place_of_the_reply(journal):
    journal.take(asked())
    journal.finish(journal.claim("ik", 10), replied())
    assert journal.revise(asked(text="Hoeveel bomen?", event_id="Ev2"))
    assert not journal.revise(asked(text="Hoeveel struiken?", event_id="Ev2"))
    assert not journal.revise(asked(text="Hoeveel bomen?", event_id="Ev3"))
    claim = journal.claim("ik", 10)
    assert (claim.asked.text, claim.former, claim.attempt, claim.revision) == ("Hoeveel bomen?", replied(), 1, 1)


def test_a_question_that_is_changed_while_it_is_answered_is_answered_again(journal):
    journal.take(asked())
    claim = journal.claim("ik", 10)
    assert journal.revise(asked(text="Hoeveel bomen?"))
    assert journal.finish(claim, replied()) == "again"
    again = journal.claim("ik", 10)
    assert (again.asked.text, again.former) == ("Hoeveel bomen?", replied())
    assert journal.finish(again, replied()) == "done"


def test_what_somebody_asked_is_found_for_him_alone(journal):
    for number in range(3):
        journal.take(asked(f"1.{number}"))
        journal.finish(journal.claim("ik", 10), replied(answer_id=f"a{number}"))
    journal.take(asked("2.1"))
    journal.finish(journal.claim("ik", 10), None)
    assert [one.answer_id for one in journal.recent(ANNA, 2)] == ["a2", "a1"]
    assert journal.recent(BRAM) == ()


def test_what_a_channel_chose_is_kept(journal):
    assert journal.settings_of(RAAD) == ChannelSettings()
    journal.set_settings(RAAD, ChannelSettings("all", ("d1", "d2")))
    journal.set_settings(RAAD, chosen := ChannelSettings("off", ("d1",)))
    assert journal.settings_of(RAAD) == chosen
    assert journal.settings_of("C0ANDERS") == ChannelSettings()


def test_old_questions_go_and_waiting_ones_stay(journal, clock):
    journal.take(asked(event_id="Ev1"))
    journal.finish(journal.claim("ik", 10), replied())
    clock.now += 40 * DAY
    journal.take(asked("2.1"))
    clock.now += 30 * DAY
    assert journal.prune(30) == 1
    assert journal.counts() == {"queued": 1}
    assert journal.reply_of(RAAD, "1.000001") is None


def test_many_threads_take_and_answer_each_question_once(url):
    """Two journals stand for two processes."""
    with closing(open_journal(url, NAMES)) as one, closing(open_journal(url, NAMES)) as other:
        taken, answered = [], []  # appending is safe in threads

        def take(journal):
            for number in range(30):
                taken.extend([number] * journal.take(asked(f"1.{number}", event_id=f"Ev{number}")))

        def work(journal, name):
            while claim := journal.claim(name, 60):
                answered.append(claim.asked.ts)
                assert journal.finish(claim, replied()) == "done"

        _together([(take, one), (take, other), (take, one), (take, other)])
        _together([(work, one, "a"), (work, other, "b"), (work, one, "c"), (work, other, "d")])
    assert sorted(taken) == list(range(30))
    assert sorted(answered) == sorted(f"1.{number}" for number in range(30))


def test_a_database_that_cannot_be_had_says_so(tmp_path):
    (tmp_path / "map").mkdir()
    with pytest.raises(JournalUnavailable):
        open_journal(sqlite_url(tmp_path / "map"), NAMES)
    with pytest.raises(JournalUnavailable):
        open_journal("oracle://nergens", NAMES)
    (tmp_path / "stuk.sqlite").write_bytes(b"dit is geen database, maar wel lang genoeg om er een te lijken" * 20)
    with pytest.raises(JournalUnavailable):
        open_journal(sqlite_url(tmp_path / "stuk.sqlite"), NAMES)


def test_the_secret_is_made_once_and_is_for_nobody_else(tmp_path):
    file = tmp_path / "data" / "slack-secret"
    first, second = read_pseudonyms(file), read_pseudonyms(file)
    assert first(ANNA) == second(ANNA) != first(BRAM)
    assert first("a", "bc") != first("ab", "c")
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_pseudonyms(tmp_path / "ander")(ANNA) != first(ANNA)
    assert [one.name for one in file.parent.iterdir()] == ["slack-secret"]


def test_an_empty_secret_is_refused(tmp_path):
    (tmp_path / "slack-secret").touch()
    with pytest.raises(OSError, match="no secret"):
        read_pseudonyms(tmp_path / "slack-secret")


def test_another_place_is_another_question(journal):
    journal.take(asked())
    journal.take(replace(asked(), place=replace(asked().place, channel="C0ANDERS")))
    assert journal.counts() == {"queued": 2}


def _together(calls):
    failures = []

    def run(call):
        try:
            call[0](*call[1:])
        except BaseException as error:  # noqa: BLE001 - told below, in the thread of the test
            failures.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
