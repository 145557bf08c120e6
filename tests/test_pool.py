import inspect
import os
import pickle
import signal
import threading
import time
from dataclasses import replace
from functools import partial

import pytest

import assistant.errors
import ingest.errors
from assistant.assistant import Assistant
from assistant.errors import AssistantError, AssistantFailed, AssistantUnavailable, BadQuery, SettingsError
from assistant.pool import AssistantPool
from assistant.types import Answer, Query
from assistant.worker import portable
from ingest.errors import IngestError, LibraryDamaged, NoLibrary, NothingPublished
from ingest.library import LiveLibrary
from ingest.publish import publish
from tests.api_server import HIDDEN_QUESTION, publish_corpus
from tests.pool_samples import assistant_of, leaving, refusing, trying

QUESTION = "Hoeveel woningen bouwt Veldrijk tot 2030?"


@pytest.fixture(scope="module")
def library_data(tmp_path_factory, encoder):
    return publish_corpus(tmp_path_factory.mktemp("pool"), encoder)


@pytest.fixture(scope="module")
def pool(library_data):
    with AssistantPool(partial(assistant_of, library_data), 2) as made:
        yield made


@pytest.fixture(scope="module")
def trying_pool(library_data, tmp_path_factory):
    notes = tmp_path_factory.mktemp("notes") / "notes.txt"
    with AssistantPool(partial(trying, library_data, notes), 1) as made:
        yield made, notes


@pytest.fixture
def made_to_try(trying_pool):
    return trying_pool[0]


@pytest.fixture
def notes(trying_pool):
    trying_pool[1].write_text("", encoding="utf-8")
    return trying_pool[1]


def same(answer: Answer) -> Answer:
    """The answer without what is never the same twice."""
    return replace(answer, answer_id="", took_ms=0.0)


@pytest.mark.parametrize("query", [Query(QUESTION), Query(HIDDEN_QUESTION), Query("Hallo", top_k=3)])
def test_the_answers_are_those_of_the_assistant(pool, library_data, encoder, query):
    library = LiveLibrary(library_data, encoder)
    for asked in (query, replace(query, groups=frozenset({"directie"}))):
        expected = Assistant(library, encoder)
        assert same(pool.ask(asked)) == same(expected.ask(asked))
        *statements, answer = pool.stream(asked)
        assert [*statements, same(answer)] == [
            one if not isinstance(one, Answer) else same(one) for one in expected.stream(asked)
        ]
        assert pool.search(asked) == expected.search(asked)
    library.close()


def test_threads_share_the_processes(pool):
    found = []
    threads = [threading.Thread(target=lambda: found.append(pool.ask(Query(QUESTION)))) for _ in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 12
    assert {one.text for one in found} == {found[0].text}
    assert len(pool.pids()) == 2


def test_what_is_wrong_with_a_question_is_told(pool):
    with pytest.raises(BadQuery) as caught:
        pool.ask(Query("  "))
    assert (caught.value.field, caught.value.problem) == ("question", "empty")
    with pytest.raises(BadQuery):
        list(pool.stream(Query(QUESTION, top_k=0)))
    with pytest.raises(BadQuery):
        pool.search(Query("a" * 3000))
    assert pool.ask(Query(QUESTION)).statements


def test_a_process_that_is_killed_while_it_waits_is_replaced(pool):
    before = pool.pids()
    for pid in before:
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert [pool.ask(Query(QUESTION)).status.value for _ in range(3)] == ["answered"] * 3
    assert not set(pool.pids()) & set(before)


def test_a_new_library_is_seen_at_once(tmp_path, encoder):
    data = tmp_path / "data"
    (tmp_path / "nieuws").mkdir()
    (tmp_path / "nieuws" / "bad.md").write_text("# Zwembad\n\nHet zwembad kost 7,5 miljoen euro.", encoding="utf-8")
    question = Query("Wat kost het zwembad?")
    with AssistantPool(partial(assistant_of, data), 1) as made:
        with pytest.raises(NoLibrary) as caught:
            made.ask(question)
        assert caught.value.data == str(data)
        publish([tmp_path / "nieuws"], data, encoder)
        assert "7,5 miljoen" in made.ask(question).text
        (tmp_path / "nieuws" / "bad.md").write_text("# Zwembad\n\nHet zwembad kost 8 miljoen euro.", encoding="utf-8")
        publish([tmp_path / "nieuws"], data, encoder)
        assert "8 miljoen" in made.ask(question).text


def test_what_costs_a_process_is_asked_again_once(made_to_try, notes):
    [first] = made_to_try.pids()
    assert made_to_try.ask(Query("sterf bij " + QUESTION)).status
    assert notes.read_text("utf-8").split() == ["ask", "ask"]
    assert made_to_try.pids() != (first,)
    with pytest.raises(AssistantUnavailable) as caught:
        made_to_try.ask(Query("noodlottig " + QUESTION))
    assert caught.value.problem == "died"
    assert notes.read_text("utf-8").split() == ["ask"] * 4
    assert made_to_try.search(Query(QUESTION))


def test_a_stream_goes_on_where_it_was_when_its_process_died(made_to_try, notes):
    *statements, answer = made_to_try.stream(Query("sterf " + QUESTION))
    assert isinstance(answer, Answer)
    assert len(statements) == 3, "none twice"
    assert notes.read_text("utf-8").splitlines().count("stream") == 2


def test_who_leaves_a_stream_stops_the_work(made_to_try, notes):
    stream = made_to_try.stream(Query("eindeloos " + QUESTION))
    next(stream)
    stream.close()
    done = notes.read_text("utf-8")
    assert len(done.splitlines()) < 100
    assert made_to_try.search(Query(QUESTION)), "the process does something else"
    assert notes.read_text("utf-8") == done


def test_what_nobody_foresaw_is_told_without_its_words(made_to_try, notes, caplog):
    with pytest.raises(AssistantFailed) as caught:
        made_to_try.ask(Query("breek geheim"))
    assert caught.value.kind == "ZeroDivisionError"
    assert "in ask" in caught.value.where
    assert "ZeroDivisionError" in caplog.text
    assert "geheim" not in caplog.text + str(caught.value)


def test_closing_ends_the_processes_and_refuses_who_waits(library_data, notes):
    made = AssistantPool(partial(trying, library_data, notes), 1)
    [pid] = made.pids()
    problems = []

    def ask(text):
        with pytest.raises(AssistantUnavailable) as caught:
            made.ask(Query(text))
        problems.append(caught.value.problem)

    threads = [threading.Thread(target=ask, args=("wacht " + QUESTION,)) for _ in range(2)]
    for one in threads:
        one.start()
    while not notes.read_text("utf-8"):
        time.sleep(0.01)
    made.close()
    for one in threads:
        one.join()
    assert problems == ["closed", "closed"]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(AssistantUnavailable):
        made.search(Query(QUESTION))
    made.close()


def test_a_recipe_that_fails_is_told_at_the_start():
    with pytest.raises(SettingsError) as caught:
        AssistantPool(refusing, 2)
    assert "VNG_ENCODER" in caught.value.problems[0]
    with pytest.raises(AssistantUnavailable) as gone:
        AssistantPool(leaving, 1)
    assert gone.value.problem == "start"


def errors_of(module, root):
    return [one for _, one in inspect.getmembers(module, inspect.isclass) if issubclass(one, root)]


@pytest.mark.parametrize("kind", [*errors_of(assistant.errors, AssistantError), *errors_of(ingest.errors, IngestError)])
def test_every_error_crosses_as_it_is(kind):
    own = kind.__init__ not in (Exception.__init__, IngestError.__init__)
    names = list(inspect.signature(kind).parameters) if own else []
    values = {"problems": ("een", "twee"), "files": (), "line": 3, "seconds": 1.5, "limit": 7}
    filled = {name: values.get(name, f"de {name}") for name in names}
    error = kind(**filled)
    crossed = portable(error)
    assert type(crossed) is kind
    again = pickle.loads(pickle.dumps(crossed))  # noqa: S301 - made here
    assert {name: getattr(again, name) for name in names} == filled
    assert str(again) == str(error)


def test_an_error_that_cannot_cross_is_told_by_name():
    class Unforeseen(LibraryDamaged):
        def __init__(self):
            super().__init__("v", ())
            self.lock = threading.Lock()

    assert str(getattr(portable(Unforeseen()), "kind", "")).endswith("Unforeseen")
    assert portable(KeyError("geheim")).args == ("KeyError", "")
    assert isinstance(portable(NothingPublished(())), NothingPublished)
