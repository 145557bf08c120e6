"""The inbox: each question is answered once, everybody in turn, whatever happens meanwhile."""

import random
import threading
import time
from collections import Counter, defaultdict
from contextlib import contextmanager

from integrations.slack.errors import RateLimited, RecordsUnavailable, SlackUnavailable, TokenRefused
from integrations.slack.inbox import CRASHES, TRIES_OF_OURS, Inbox
from integrations.slack.journal import Journal
from integrations.slack.owner import is_gone, new_owner
from tests.slack_samples import ANNA, asked, journal_in, replied

EVENTS = 1_000  # ten times as many in benchmarks/slack.py
PEOPLE = 40


class Thread:
    """What stands in Slack: the answers, by question."""

    def __init__(self, answer=None):
        self.answers = defaultdict(list)
        self.undone = []
        self.told = []
        self._answer = answer
        self._changed = threading.Condition()

    def answer(self, question):
        reply = self._answer(question) if self._answer else replied(f"9{question.ts}", f"a{question.ts}")
        self.post(question, reply)
        return reply

    def post(self, question, reply):
        with self._changed:
            self.answers[question.ts].append(question.text)
            self._changed.notify_all()

    def was_answered(self, question):
        return replied(f"9{question.ts}") if question.ts in self.answers else None

    def tell(self, question):
        with self._changed:
            self.told.append(question.ts)
            self._changed.notify_all()
        return replied(f"8{question.ts}", "")

    def undo(self, question, reply):
        with self._changed:
            self.undone.append(reply)
            self._changed.notify_all()

    def wait(self, until):
        with self._changed:
            assert self._changed.wait_for(until, 60)


@contextmanager
def working(journal: Journal, thread: Thread, **options):
    inbox = Inbox(journal, first_pause=0.01, poll=0.05, **options)
    inbox.start(thread.answer, was_answered=thread.was_answered, tell=thread.tell, undo=thread.undo)
    try:
        yield inbox
    finally:
        assert inbox.close()


def test_many_events_with_retries_doubles_and_disorder_get_one_answer_each(tmp_path):
    """A mention gives two events, and three in ten events come again; all of it out of order."""
    chance = random.Random(20260301)  # noqa: S311 - the same disorder each time
    questions = [asked(f"{n}.5", f"vraag {n}", user=f"U{n % PEOPLE:03}") for n in range(EVENTS // 2)]
    events = [(one, f"Ev{one.ts}{kind}") for one in questions for kind in ("message", "app_mention")]
    events += chance.sample(events, len(events) * 3 // 10)
    chance.shuffle(events)
    thread = Thread()
    with journal_in(tmp_path) as journal, working(journal, thread) as inbox:
        new = []

        def deliver(part):
            for question, event_id in part:
                again = asked(question.ts, question.text, user=question.user, event_id=event_id)
                if inbox.take(again):
                    new.append(question.ts)

        senders = [threading.Thread(target=deliver, args=(events[n::16],)) for n in range(16)]
        for one in senders:
            one.start()
        for one in senders:
            one.join()
        thread.wait(lambda: len(thread.answers) == len(questions))
        assert inbox.close()
        assert Counter(new) == Counter(one.ts for one in questions)
        assert journal.counts() == {"done": len(questions)}
    assert {len(given) for given in thread.answers.values()} == {1}


def test_a_process_that_was_killed_leaves_its_questions_to_the_next(tmp_path):
    """One had answered and not said so, the other had not begun."""
    thread = Thread()
    with journal_in(tmp_path) as journal:
        for ts in ("1.1", "1.2", "1.3"):
            journal.take(asked(ts))
        first = journal.claim("een|dode|1|1", -1)
        assert first
        journal.claim("een|dode|1|1", -1)
        thread.post(first.asked, replied())
        with working(journal, thread):
            thread.wait(lambda: len(thread.answers) == 3)
        assert journal.counts() == {"done": 3}
    assert {len(given) for given in thread.answers.values()} == {1}


def test_it_is_tried_again_while_slack_is_away_and_said_once(tmp_path):
    failures = [SlackUnavailable("URLError"), RateLimited(0.01), SlackUnavailable("HTTP 500")]

    def answer(question):
        if failures:
            raise failures.pop()
        return replied()

    thread = Thread(answer)
    with journal_in(tmp_path) as journal:
        with working(journal, thread) as inbox:
            inbox.take(asked())
            thread.wait(lambda: thread.answers)
        assert journal.counts() == {"done": 1}
    assert [len(given) for given in thread.answers.values()] == [1]


def test_one_that_cannot_be_answered_is_dropped_and_the_next_one_answered(tmp_path, caplog):
    tries = []

    def answer(question):
        if question.ts == "1.1":
            tries.append(1)
            raise RuntimeError("mevrouw Pietersen")
        return replied()

    thread = Thread(answer)
    with journal_in(tmp_path) as journal, working(journal, thread) as inbox:
        inbox.take(asked("1.1"))
        inbox.take(asked("1.2"))
        thread.wait(lambda: "1.2" in thread.answers)
        _until(lambda: journal.counts() == {"done": 1, "dropped": 1})
    assert len(tries) == TRIES_OF_OURS
    assert thread.told == ["1.1"]
    assert "RuntimeError" in caplog.text
    assert "Pietersen" not in caplog.text


def test_a_slack_that_is_away_for_long_costs_no_question_its_answer(tmp_path):
    failures = [SlackUnavailable("URLError"), TokenRefused("token_expired"), RateLimited(0)] * 10

    def answer(question):
        if failures:
            raise failures.pop()
        return replied()

    thread = Thread(answer)
    with journal_in(tmp_path) as journal, working(journal, thread, longest_pause=0.01) as inbox:
        inbox.take(asked())
        thread.wait(lambda: thread.answers)
        _until(lambda: journal.counts() == {"done": 1})
    assert thread.told == []


def test_who_stays_without_an_answer_is_told_once_also_by_the_next_process(tmp_path):
    """The first process is stopped when it has given up, and before Slack lets it say so."""

    def answer(question):
        raise RuntimeError("stuk")

    class Away(Thread):
        def tell(self, question):
            with self._changed:
                self.told.append(question.ts)
                self._changed.notify_all()
            raise SlackUnavailable("URLError")

    away, back = Away(answer), Thread(answer)
    with journal_in(tmp_path) as journal:
        with working(journal, away, longest_pause=0.05) as inbox:
            inbox.take(asked())
            away.wait(lambda: away.told)
        with working(journal, back):
            back.wait(lambda: back.told)
            _until(lambda: journal.counts() == {"dropped": 1})
        with working(journal, back):
            back_again = journal.claim("ik", 10)
        assert journal.reply_of("C0RAAD", "1.000001") == replied("81.000001", "")
    assert back_again is None
    assert back.told == ["1.000001"]


def test_a_question_that_ends_whoever_works_on_it_is_given_up(tmp_path):
    thread = Thread()
    with journal_in(tmp_path) as journal:
        journal.take(asked())
        for _ in range(CRASHES):
            assert journal.claim("een|dode|1|1", -1)
        with working(journal, thread):
            thread.wait(lambda: thread.told)
    assert not thread.answers


def test_what_is_deleted_is_taken_back_also_when_that_does_not_work_at_first(tmp_path):
    failures = [RecordsUnavailable(), SlackUnavailable("URLError")] * 4

    class Trouble(Thread):
        def undo(self, question, reply):
            if failures:
                raise failures.pop()
            assert question.text == ""
            super().undo(question, reply)

    thread = Trouble()
    with journal_in(tmp_path) as journal, working(journal, thread, longest_pause=0.01) as inbox:
        inbox.take(asked())
        _until(lambda: journal.counts() == {"done": 1})
        assert inbox.forget(asked())
        thread.wait(lambda: thread.undone)
        _until(lambda: journal.counts() == {"dropped": 1})
        assert not inbox.forget(asked())
    assert thread.undone == [replied("91.000001", "a1.000001")]


def test_the_answer_to_a_question_that_is_deleted_meanwhile_is_taken_back(tmp_path):
    with journal_in(tmp_path) as journal:

        def answer(question):
            journal.forget(question)
            return replied()

        thread = Thread(answer)
        with working(journal, thread) as inbox:
            inbox.take(asked())
            thread.wait(lambda: thread.undone)
            _until(lambda: journal.counts() == {"dropped": 1})
    assert thread.undone == [replied()]


def test_a_question_that_is_changed_meanwhile_is_answered_again(tmp_path):
    with journal_in(tmp_path) as journal:
        inbox = Inbox(journal, first_pause=0.01)

        def answer(question):
            if question.text != "Anders":
                inbox.note(question, replied())
                assert inbox.revise(asked(text="Anders"))
            return replied()

        thread = Thread(answer)
        inbox.start(thread.answer, was_answered=thread.was_answered, tell=thread.tell, undo=thread.undo)
        inbox.take(asked())
        thread.wait(lambda: len(thread.answers["1.000001"]) == 2)
        assert inbox.close()
    assert thread.answers["1.000001"] == ["Hoeveel woningen?", "Anders"]


def test_what_waits_at_the_end_stays_for_the_next_start(tmp_path):
    begun, go_on = threading.Event(), threading.Event()

    def answer(question):
        begun.set()
        assert go_on.wait(20)
        return replied()

    thread = Thread(answer)
    with journal_in(tmp_path) as journal:
        inbox = Inbox(journal, workers=1)
        inbox.start(thread.answer, was_answered=thread.was_answered, tell=thread.tell, undo=thread.undo)
        inbox.take(asked("1.1"))
        inbox.take(asked("1.2"))
        assert begun.wait(20)
        assert not inbox.close(0.01)
        go_on.set()
        assert inbox.close()
        assert journal.counts() == {"done": 1, "queued": 1}


def test_what_another_process_takes_is_answered_too(tmp_path):
    thread = Thread()
    with journal_in(tmp_path) as ours, journal_in(tmp_path) as theirs, working(ours, thread):
        theirs.take(asked())
        thread.wait(lambda: thread.answers)


def test_a_process_knows_itself_from_one_that_ended():
    own = new_owner()
    assert not is_gone(own)
    host, room, number, _, mark = own.split("|")
    assert is_gone("|".join((host, room, number, "1", mark)))
    assert not is_gone("|".join(("elders", room, number, "1", mark)))
    assert not is_gone("iets anders")
    assert new_owner() != own


def _until(there):
    for _ in range(2_000):
        if there():
            return
        time.sleep(0.01)
    raise AssertionError(ANNA)
