"""A run of questions: in one process and in two, gone on with after it was killed, the same every time."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psutil
import pytest

from assistant.assistant import Assistant
from eval.errors import WorkerLost
from eval.examine import Subject
from eval.journal import Journal
from eval.measures import MEASURES, measure_each, summarise
from eval.run import ONE_THREAD, PER_WORKER, run
from eval.tamper import Tampering
from eval.topics import Evidence, Topic
from ingest.encode import load_encoder
from ingest.errors import NoLibrary
from ingest.library import LiveLibrary
from ingest.publish import publish
from tests.corpus import write_corpus

ROOT = Path(__file__).parent.parent
ASKED = [
    ("Hoeveel woningen bouwt Veldrijk tot 2030?", "woonvisie.md", "Tot 2030 bouwt Veldrijk 2.150 woningen.", "2.150"),
    ("Hoeveel inwoners telt Veldrijk?", "woonvisie.md", "Veldrijk telt 38.400 inwoners en groeit.", "38.400"),
    ("Wanneer beginnen de gezinscoaches?", "jeugdhulp.md", "De gezinscoaches beginnen op 1 september 2025.", "2025"),
    ("Wie beslist over het dorpsbudget?", "interview.md", "Over dat budget beslist een dorpsraad", "dorpsraad"),
    ("Hoeveel woningen bouwt Veldrijk in 2041?", None, "", ""),
]
STABLE = [measure for measure in MEASURES if measure.stable]


def topic(at):
    question, source, quote, fact = ASKED[at % len(ASKED)]
    if source is None:
        return Topic(f"v{at}", question, "unanswerable", False, (), False)
    return Topic(f"v{at}", question, "fact", True, (Evidence(source, quote),), False, ((fact,),))


TOPICS = [topic(at) for at in range(2 * PER_WORKER + 4)]
TOO_LONG = Topic(
    "te-lang", "Waarom " * 500 + "?", "fact", True, (Evidence("woonvisie.md", "Veldrijk"),), False, (("x",),)
)

FATAL = Topic("fataal", "Welke vraag is er te veel?", "unanswerable", False, (), False)


def open_subject(data):
    """The corpus and who answers from it; at module level, so that another process can open it too."""
    encoder = load_encoder(None)
    library = LiveLibrary(data, encoder)
    return Subject(library, Assistant(library, encoder), Assistant(library, encoder, generator=Tampering()))


class Fatal(Assistant):
    """An assistant whose process ends at one question, the way the system ends one that takes too much memory."""

    def search(self, query):
        if query.text == FATAL.question:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().search(query)


def open_fatal(data):
    subject = open_subject(data)
    return Subject(subject.library, Fatal(subject.library, load_encoder(None)), subject.tampered)


def open_wrongly():
    raise ZeroDivisionError


def open_nothing():
    raise AssertionError("nothing is left to be asked")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bron")
    publish([write_corpus(folder / "bronnen")], folder / "data", load_encoder(None))
    return folder / "data"


@pytest.fixture(scope="module")
def once(library, tmp_path_factory):
    """All questions, asked in one process."""
    with Journal(tmp_path_factory.mktemp("een"), "een") as journal:
        return run(TOPICS, partial(open_subject, library), journal, workers=1, progress=quiet)


def quiet(done, total):
    assert 0 <= done <= total


def timeless(outcomes):
    return [one.model_copy(update={"ask_ms": None, "search_ms": None}) for one in outcomes]


def kept(data, name):
    """What was done so far, as the next run finds it."""
    with Journal(data, name) as journal:
        return journal.done


def test_outcomes_come_in_the_order_of_the_questions(once):
    assert [one.asked.topic_id for one in once] == [one.topic_id for one in TOPICS]
    assert [one.failed for one in once] == [None] * len(TOPICS)
    values = summarise(once, measure_each(once)).all
    assert values["facts"].value == values["R@5"].value == values["refusal_recall"].value == 1
    assert values["quotes_exact"].value == 1
    assert values["tampered_shown"].value == 0


def test_of_many_questions_a_share_is_tampered_with(library, tmp_path, monkeypatch):
    monkeypatch.setattr("eval.run.TAMPERED", 3)
    with Journal(tmp_path, "deel") as journal:
        made = run(TOPICS[:9], partial(open_subject, library), journal, workers=1, progress=quiet)
    assert [at for at, one in enumerate(made) if one.tampered] == [0, 3, 6]


def test_the_same_run_again_gives_the_same(library, tmp_path, once):
    with Journal(tmp_path, "weer") as journal:
        again = run(TOPICS[:10], partial(open_subject, library), journal, workers=1, progress=quiet)
    assert timeless(again) == timeless(once[:10])


def test_two_processes_give_what_one_does_in_the_same_order(library, tmp_path, once):
    told = []
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    with Journal(tmp_path, "twee") as journal:
        found = run(
            TOPICS, partial(open_subject, library), journal, workers=2, progress=lambda *done: told.append(done)
        )
    assert timeless(found) == timeless(once)
    measured, expected = measure_each(found), measure_each(once)
    for name in (measure.name for measure in STABLE):
        assert [row[name] for row in measured.values()] == [row[name] for row in expected.values()]
    assert told == [(done, len(TOPICS)) for done in range(len(TOPICS) + 1)]
    assert {name: os.environ.get(name) for name in ONE_THREAD} == before
    assert list((tmp_path / "evaluatie").iterdir()) == []


def test_what_was_done_is_not_asked_again(tmp_path, once):
    told = []
    with Journal(tmp_path, "af") as journal:
        for outcome in once:
            journal.add(outcome)
        assert run(TOPICS, open_nothing, journal, workers=2, progress=lambda *done: told.append(done)) == once
    assert told == [(len(TOPICS), len(TOPICS))]


def test_of_a_question_that_failed_the_reason_is_kept_and_the_others_go_on(library, tmp_path, once):
    asked = [TOPICS[0], TOO_LONG, TOPICS[1]]
    with Journal(tmp_path, "mis") as journal:
        first, failed, second = run(asked, partial(open_subject, library), journal, workers=1, progress=quiet)
        assert set(kept(tmp_path, "mis")) == {"v0", "v1"}, "what failed is tried again"
    assert timeless([first, second]) == timeless(once[:2])
    assert (failed.asked.topic_id, failed.given, failed.found) == ("te-lang", None, ())
    assert failed.failed
    assert "BadQuery" in failed.failed


KILLED = """
import os, signal, sys
from functools import partial
from multiprocessing import active_children
from pathlib import Path
from eval.journal import Journal
from eval.run import run
from tests.test_eval_run import TOPICS, open_subject

data, folder, count, workers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])

def progress(done, total):
    if done == 3:
        (folder / "gestart").write_text(" ".join(str(child.pid) for child in active_children()))
        os.kill(os.getpid(), signal.SIGKILL)

with Journal(folder, "gestopt") as journal:
    run(TOPICS[:count], partial(open_subject, data), journal, workers=workers, progress=progress)
"""


def killed(library, folder, *, count, workers):
    """Kill a run of so many questions after three of them; the numbers of the processes that it had started."""
    command = [sys.executable, "-c", KILLED, library, folder, str(count), str(workers)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    return [int(pid) for pid in (folder / "gestart").read_text().split()]


def alive(pid):
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_after_a_kill_a_run_goes_on_where_it_was(library, tmp_path, once):
    assert killed(library, tmp_path, count=6, workers=1) == []
    told = []
    with Journal(tmp_path, "gestopt") as journal:
        before = dict(journal.done)
        found = run(
            TOPICS[:6], partial(open_subject, library), journal, workers=1, progress=lambda *done: told.append(done)
        )
    assert list(before) == ["v0", "v1", "v2"]
    assert told == [(done, 6) for done in (3, 4, 5, 6)]
    assert list(before.values()) == found[:3]
    assert timeless(found) == timeless(once[:6])


def test_what_a_killed_run_started_ends_with_it(library, tmp_path):
    started = killed(library, tmp_path, count=len(TOPICS), workers=2)
    assert len(started) == 2
    until = time.monotonic() + 30
    while any(map(alive, started)) and time.monotonic() < until:
        time.sleep(0.1)
    left = [pid for pid in started if alive(pid)]
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []


@pytest.mark.parametrize("workers", [1, 2])
def test_what_opening_raises_is_raised(tmp_path, workers):
    with pytest.raises(ZeroDivisionError), Journal(tmp_path, "dicht") as journal:
        run(TOPICS, open_wrongly, journal, workers=workers, progress=quiet)


def test_an_interruption_keeps_what_was_done_by_several_processes(library, tmp_path, once):
    def interrupt(done, total):
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Journal(tmp_path, "stop") as journal:
        run(TOPICS, partial(open_subject, library), journal, workers=2, progress=interrupt)
    done = kept(tmp_path, "stop")
    assert len(done) == 5
    assert timeless(done.values()) == timeless(one for at in done for one in once if one.asked.topic_id == at)


def test_a_process_that_ends_early_is_told_and_what_was_done_is_kept(library, tmp_path, once):
    asked = [*TOPICS, FATAL]
    with pytest.raises(WorkerLost), Journal(tmp_path, "weg") as journal:
        run(asked, partial(open_fatal, library), journal, workers=2, progress=quiet)
    with Journal(tmp_path, "weg") as journal:
        assert "fataal" not in journal.done
        assert journal.done
        found = run(asked, partial(open_subject, library), journal, workers=1, progress=quiet)
    assert timeless(found[:-1]) == timeless(once)
    assert found[-1].given is not None


def test_without_a_library_there_is_nothing_to_ask(tmp_path):
    with Journal(tmp_path, "leeg") as journal:
        [made] = run(TOPICS[:1], partial(open_subject, tmp_path), journal, workers=1, progress=quiet)
    assert made.failed
    assert NoLibrary.__name__ in made.failed
