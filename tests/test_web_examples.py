"""Example questions: the library answers each of them, for whoever sees them, and a failure costs no page."""

import threading
from dataclasses import replace

import pytest

from api.sight import sight_of
from api.web.examples import KEPT, WANTED, Examples, good_questions
from assistant.assistant import Assistant
from assistant.types import Level, Query, Status
from ingest.dutch import words
from ingest.library import LiveLibrary
from ingest.publish import publish
from tests.api_server import HIDDEN_WORD, client_of, open_parts, publish_corpus
from tests.web_pages import ask_page, get_page, value

BOARD = frozenset({"directie"})
PATIENCE = 60


@pytest.fixture(scope="module")
def parts(tmp_path_factory, encoder):
    with open_parts(publish_corpus(tmp_path_factory.mktemp("voorbeelden"), encoder), encoder) as parts:
        yield parts


@pytest.fixture(scope="module")
def found(parts):
    """The examples for everybody."""
    with parts.library.lease() as library:
        return Examples().questions(parts.library, sight_of(library, frozenset()), patience=PATIENCE)


def test_each_of_them_is_answered_with_certainty(parts, found):
    assert 2 <= len(found) <= WANTED
    for question in found:
        answer = parts.assistant.ask(Query(question))
        assert (answer.status, answer.level) == (Status.ANSWERED, Level.HIGH), question


def test_they_stand_alone_and_differ(found):
    assert len(set(found)) == len(found)
    assert all(question.endswith("?") for question in found)
    assert not any({"dan", "ook", "echter"} & set(words(question)) for question in found)


def test_they_are_out_of_several_documents(parts, found):
    sources = {parts.assistant.ask(Query(one)).citations[0].document.source for one in found}
    assert len(sources) >= 2


def test_they_tell_nothing_of_what_others_may_see(parts, found):
    assert not any(HIDDEN_WORD in one for one in found)
    with parts.library.lease() as library:
        examples = Examples()
        open_to_all = examples.questions(parts.library, sight_of(library, frozenset()), patience=PATIENCE)
        of_board = examples.questions(parts.library, sight_of(library, BOARD), patience=PATIENCE)
    assert open_to_all == found
    asked = [parts.assistant.ask(Query(one, groups=BOARD)) for one in of_board]
    assert all(answer.status is Status.ANSWERED for answer in asked)


def test_they_are_made_once(parts):
    examples = Examples()
    with parts.library.lease() as library:
        sight = sight_of(library, frozenset())
        first = examples.questions(parts.library, sight, patience=PATIENCE)
        running = threading.active_count()
        assert examples.questions(parts.library, sight, patience=0) is first
        assert threading.active_count() <= running


def test_no_more_sets_are_remembered_than_there_is_room_for(parts):
    examples = Examples()
    with parts.library.lease() as library:
        empty = replace(sight_of(library, frozenset()), documents={})
        for at in range(KEPT + 5):
            examples.questions(parts.library, replace(empty, groups=frozenset({f"groep {at}"})), patience=0)
    assert len(examples._sets) == KEPT


def test_only_what_is_certain_is_kept(parts):
    with parts.library.lease() as library:
        sight = sight_of(library, frozenset())
        assistant = Assistant(parts.library, library.encoder)
        asked = []

        def unsure(query):
            asked.append(query)
            return replace(assistant.ask(query), level=Level.MEDIUM)

        assert list(good_questions(sight, unsure)) == []
    assert asked


class Broken(LiveLibrary):
    """A library that cannot be opened."""

    def __init__(self):
        pass

    def lease(self):
        raise RuntimeError


def test_a_failure_leaves_a_page_without_examples(parts):
    with parts.library.lease() as library:
        assert Examples().questions(Broken(), sight_of(library, frozenset()), patience=PATIENCE) == ()


def test_the_page_has_them_as_buttons_that_ask(parts, found):
    with client_of(parts) as client:
        client.get("/voorbeelden")
        page = get_page(client, "/")
        assert tuple(value(one) for one in page.all("button[name=vraag]")) == found
        assert tuple(page.texts("button[name=vraag]")) == found
        assert ask_page(client, found[0]).all(".va-marker")


def test_none_are_made_for_a_version_that_was_replaced(tmp_path, encoder):
    with open_parts(publish_corpus(tmp_path, encoder), encoder) as parts, parts.library.lease() as old:
        news = tmp_path / "nieuws.md"
        news.write_text("# Nieuws\n\nDe gemeente bouwt in 2030 een nieuw zwembad van 8 miljoen euro.\n", "utf-8")
        publish([news], parts.library._data, encoder)
        assert Examples().questions(parts.library, sight_of(old, frozenset()), patience=PATIENCE) == ()
