"""A document that is closed to the caller is asked for on every route, and on none of them is it there."""

from datetime import UTC, datetime

import pytest

from api.sight import shown_answer, sight_of
from assistant.types import Filters, Query, Turn
from ingest.encode import load_encoder
from ingest.publish import publish
from tests.api_server import HIDDEN_QUESTION, HIDDEN_SOURCE, HIDDEN_WORD, client_of, open_parts, publish_corpus

GROUP = frozenset({"directie"})
AMOUNT = "8,6 miljoen"


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    encoder = load_encoder(None)
    with open_parts(publish_corpus(tmp_path_factory.mktemp("besloten"), encoder), encoder) as parts:
        yield parts


@pytest.fixture(scope="module")
def client(parts):
    with client_of(parts) as client:
        yield client


@pytest.fixture(scope="module")
def hidden(parts):
    """The hidden document and one of its passages."""
    with parts.library.lease() as library:
        [document] = [one for one in library.documents.values() if one.source == HIDDEN_SOURCE]
        return document, library.passages_of(document.doc_id)[0]


@pytest.fixture(scope="module")
def hidden_answer(parts):
    """The id of a stored answer that somebody of the group got."""
    answer = parts.assistant.ask(Query(HIDDEN_QUESTION, groups=GROUP))
    assert AMOUNT in answer.text, "whoever may see the document gets the answer"
    parts.store.save(answer, "a" * 32, now=datetime.now(UTC))
    return answer.answer_id


def assert_nothing_leaks(response):
    for word in (AMOUNT, HIDDEN_SOURCE, "directie", "besloten vergadering"):
        assert word not in response.text


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_no_answer_is_made_from_it(client, hidden, accept):
    for filters in ({}, {"docIds": [hidden[0].doc_id]}):
        body = {"question": HIDDEN_QUESTION, "topK": 100, "filters": filters}
        response = client.post("/v1/answers", json=body, headers={"Accept": accept})
        assert response.is_success
        assert '"status":"not_found"' in response.text
        assert_nothing_leaks(response)
        assert hidden[0].doc_id not in response.text


def test_no_passage_of_it_is_found(client, hidden):
    for only in ({}, {"docId": hidden[0].doc_id}):
        response = client.get("/v1/passages", params={"q": HIDDEN_QUESTION, "topK": 100, **only})
        assert response.status_code == 200
        assert hidden[0].doc_id not in response.text
        assert HIDDEN_WORD not in response.text
        assert_nothing_leaks(response)


def test_it_is_not_in_the_list(client):
    response = client.get("/v1/documents")
    assert len(response.json()["documents"]) == 3
    assert_nothing_leaks(response)


@pytest.mark.parametrize("accept", ["application/json", "text/plain"])
def test_it_cannot_be_told_from_what_is_not_there(client, hidden, accept):
    document, passage = hidden
    for path, there, not_there in (
        ("/v1/documents/{}", document.doc_id, "bestaat-niet"),
        ("/v1/documents/{}/text", document.doc_id, "bestaat-niet"),
        ("/v1/passages/{}", passage.passage_id, "bestaat-niet"),
    ):
        headers = {"Accept": accept, "X-Request-Id": "gelijk"}
        closed = client.get(path.format(there), headers=headers)
        missing = client.get(path.format(not_there), headers=headers)
        assert closed.status_code == missing.status_code == 404
        assert closed.content == missing.content


def test_an_answer_that_cites_it_is_not_there_either(client, hidden_answer):
    headers = {"X-Request-Id": "gelijk"}
    closed = client.get(f"/v1/answers/{hidden_answer}", headers=headers)
    missing = client.get(f"/v1/answers/{'0' * 32}", headers=headers)
    assert closed.status_code == missing.status_code == 404
    assert closed.content == missing.content


def test_feedback_does_not_show_that_such_an_answer_is_there(client, parts, hidden_answer):
    headers = {"X-Request-Id": "gelijk"}
    for more in ({}, {"citationNumber": 1}, {"citationNumber": 99}):
        closed = client.post("/v1/feedback", json={"answerId": hidden_answer, "helpful": True, **more}, headers=headers)
        missing = client.post("/v1/feedback", json={"answerId": "0" * 32, "helpful": True, **more}, headers=headers)
        assert closed.status_code == missing.status_code == 404
        assert closed.content == missing.content
    assert parts.store.answer(hidden_answer).feedback == ()


def test_health_and_counts_say_nothing_of_it(client):
    for path in ("/health/live", "/health/ready", "/metrics", "/v1/openapi.json"):
        response = client.get(path)
        assert response.status_code == 200
        assert_nothing_leaks(response)
        assert HIDDEN_WORD not in response.text


def test_an_answer_goes_when_its_document_is_closed_later(tmp_path, encoder):
    data = publish_corpus(tmp_path, encoder, closed=False)
    with open_parts(data, encoder) as parts, client_of(parts) as client:
        response = client.post("/v1/answers", json={"question": HIDDEN_QUESTION})
        assert AMOUNT in response.json()["text"]
        where = response.headers["location"]
        assert client.get(where).status_code == 200
        with (tmp_path / "bronnen" / "bronnen.toml").open("a", encoding="utf-8") as metadata:
            metadata.write('\n["geheim.md"]\naccess = ["directie"]\n')
        publish([tmp_path / "bronnen"], data, encoder)
        assert client.get(where).status_code == 404  # without a restart: the new library is noticed


def test_the_group_itself_sees_all(parts, hidden_answer):
    answer = parts.store.answer(hidden_answer).answer
    with parts.library.lease() as library:
        assert sight_of(library, GROUP).shows(answer)
        assert not sight_of(library, frozenset({"andere"})).shows(answer)
        assert len(sight_of(library, GROUP).documents) == 4


@pytest.mark.parametrize(
    "question", ["Wanneer beslist de directie over de woningen?", "Wanneer besluit de gemeenteraad over het project?"]
)
@pytest.mark.parametrize("top_k", [1, 2, 10])
def test_questions_that_are_suggested_come_from_what_is_kept(parts, question, top_k):
    """Who may see an answer is told by its documents, and so there must be none that it does not keep."""
    answer = parts.assistant.ask(Query(question, top_k=top_k, groups=GROUP))
    kept = {hit.document.source for hit in answer.passages}
    assert answer.status == "not_found"
    for suggested in answer.questions:
        [first, *_] = parts.assistant.ask(Query(suggested, groups=GROUP)).citations
        assert first.document.source in kept


@pytest.fixture(scope="module")
def follow_ups(parts):
    """The ids of two answers from what all may see: after a question about what is hidden, and after another one."""
    with parts.library.lease() as library:
        [open_to_all] = [one.doc_id for one in library.documents.values() if one.source == "woonvisie.md"]
    found = []
    for first in (HIDDEN_QUESTION, "Hoeveel woningen bouwt Veldrijk tot 2030?"):
        before = parts.assistant.ask(Query(first, groups=GROUP if first == HIDDEN_QUESTION else frozenset()))
        turns = (Turn(before.query.text, before.text),)
        query = Query("En wie beslist dat?", filters=Filters((open_to_all,)), history=turns, groups=GROUP)
        after = parts.assistant.ask(query)
        assert {one.document.source for one in after.passages} == {"woonvisie.md"}
        conversation = before.answer_id
        parts.store.save(before, conversation, now=datetime.now(UTC))
        parts.store.save(after, conversation, now=datetime.now(UTC))
        found.append(after.answer_id)
    return found


@pytest.mark.parametrize(
    "address", ["/v1/answers/{}", "/v1/answers/{}/record", "/v1/answers/{}/export?format=md", "/antwoorden/{}"]
)
def test_what_was_asked_after_it_is_not_there_either(client, follow_ups, address):
    """A follow-up question takes up words of the answer before it, and the record has that answer whole."""
    after_hidden, after_open = follow_ups
    assert client.get(address.format(after_open)).status_code == 200
    closed = client.get(address.format(after_hidden))
    assert closed.status_code == 404
    assert_nothing_leaks(closed)
    assert HIDDEN_WORD not in closed.text


def test_what_was_asked_after_it_is_there_for_the_group(parts, follow_ups):
    with parts.library.lease() as library:
        for groups in (GROUP, GROUP | {"andere"}):
            assert shown_answer(parts.store, sight_of(library, groups), follow_ups[0]).answer.query.history
