"""Questions and answers over HTTP, as JSON and as a stream."""

import json

import pytest

from ingest.encode import load_encoder
from tests.api_server import client_of, open_parts, publish_corpus

QUESTION = "Hoeveel woningen bouwt Veldrijk tot 2030?"


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    encoder = load_encoder(None)
    with open_parts(publish_corpus(tmp_path_factory.mktemp("antwoorden"), encoder), encoder) as parts:
        yield parts


@pytest.fixture(scope="module")
def client(parts):
    with client_of(parts) as client:
        yield client


def events_of(response):
    """The events of a stream, as (name, data)."""
    assert response.headers["content-type"].startswith("text/event-stream")
    blocks = [block.split("\n") for block in response.text.split("\n\n") if block and not block.startswith(":")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def streamed(client, **body):
    return client.post("/v1/answers", json=body, headers={"Accept": "text/event-stream"})


def test_an_answer_comes_with_its_quotes_and_stays_where_it_was_put(client):
    response = client.post("/v1/answers", json={"question": QUESTION, "topK": 3})
    assert response.status_code == 201
    answer = response.json()
    assert answer["status"] == "answered"
    assert "2.150" in answer["text"]
    assert len(answer["passages"]) <= 3
    assert response.headers["location"] == f"/v1/answers/{answer['answerId']}"
    assert response.headers["cache-control"] == "no-store"
    again = client.get(response.headers["location"])
    assert again.status_code == 200
    assert again.json() == answer


def test_every_quote_stands_in_the_text_that_is_served(client):
    answer = client.post("/v1/answers", json={"question": QUESTION}).json()
    for citation in answer["citations"]:
        text = client.get(f"/v1/documents/{citation['docId']}/text").json()["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_stream_gives_each_statement_and_then_the_same_answer(client):
    with client.stream(
        "POST", "/v1/answers", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}
    ) as response:
        response.read()
    assert response.status_code == 200
    *statements, (last, answer) = events_of(response)
    assert last == "answer"
    assert [name for name, _ in statements] == ["statement"] * len(answer["statements"])
    assert [data["statement"] for _, data in statements] == answer["statements"]
    assert [one for _, data in statements for one in data["citations"]] == answer["citations"]
    assert client.get(f"/v1/answers/{answer['answerId']}").json() == answer


def test_what_is_not_found_is_an_answer_too(client):
    answer = client.post("/v1/answers", json={"question": "Hoeveel woningen bouwt Veldrijk in 2041?"}).json()
    assert answer["status"] == "not_found"
    assert answer["message"]
    assert answer["suggestions"]
    [(name, data)] = events_of(streamed(client, question="Hoeveel woningen bouwt Veldrijk in 2041?"))
    assert (name, data["status"]) == ("answer", "not_found")


def test_a_follow_up_leans_on_the_conversation(client):
    first = client.post("/v1/answers", json={"question": "Wanneer beginnen de gezinscoaches?"}).json()
    following = {"question": "En waar komen ze?", "conversationId": first["conversationId"]}
    second = client.post("/v1/answers", json=following).json()
    assert second["conversationId"] == first["conversationId"]
    assert second["standaloneQuestion"] != second["question"]
    alone = client.post("/v1/answers", json={"question": "En waar komen ze?"}).json()
    assert alone["standaloneQuestion"] == "En waar komen ze?"
    assert alone["conversationId"] != first["conversationId"]


@pytest.mark.parametrize(
    ("filters", "status"),
    [
        ({"kinds": ["visie"]}, "answered"),
        ({"kinds": ["raadsbrief"]}, "not_found"),
        ({"issuedFrom": "2024"}, "answered"),
        ({"issuedFrom": "2024-04"}, "not_found"),
        ({"issuedTo": "2024-02-29"}, "not_found"),
        ({"docIds": ["bestaat-niet"]}, "not_found"),
        (None, "answered"),
    ],
)
def test_filters_say_which_documents_a_question_is_about(client, filters, status):
    assert client.post("/v1/answers", json={"question": QUESTION, "filters": filters}).json()["status"] == status


def test_feedback_is_kept_with_the_answer(client, parts):
    answer = client.post("/v1/answers", json={"question": QUESTION}).json()
    body = {"answerId": answer["answerId"], "helpful": False, "reason": "onvolledig", "citationNumber": 1}
    assert client.post("/v1/feedback", json=body).status_code == 204
    assert client.post("/v1/feedback", json={"answerId": answer["answerId"], "helpful": True}).status_code == 204
    about_source, about_answer = parts.store.answer(answer["answerId"]).feedback
    assert (about_source.helpful, about_source.reason, about_source.citation_number) == (False, "onvolledig", 1)
    assert (about_answer.helpful, about_answer.comment, about_answer.citation_number) == (True, "", None)


def test_feedback_needs_an_answer_and_a_source_that_are_there(client):
    answer = client.post("/v1/answers", json={"question": QUESTION}).json()
    missing = client.post("/v1/feedback", json={"answerId": "0" * 32, "helpful": True})
    assert (missing.status_code, missing.json()["type"]) == (404, "urn:vng-assistent:problem:unknown-answer")
    wrong = client.post("/v1/feedback", json={"answerId": answer["answerId"], "helpful": True, "citationNumber": 99})
    assert (wrong.status_code, wrong.json()["type"]) == (404, "urn:vng-assistent:problem:unknown-citation")


def test_passages_are_searched_and_looked_up(client):
    found = client.get("/v1/passages", params={"q": QUESTION, "topK": 2}).json()["passages"]
    assert [one["rank"] for one in found] == [1, 2]
    passage = client.get(f"/v1/passages/{found[0]['passageId']}").json()
    assert passage["text"] == found[0]["text"]
    text = client.get(f"/v1/documents/{passage['docId']}/text").json()["text"]
    assert text[passage["start"] : passage["end"]] == passage["text"]


def test_a_search_keeps_to_the_documents_that_are_named(client):
    ids = {one["source"]: one["docId"] for one in client.get("/v1/documents").json()["documents"]}
    wanted = [ids["interview.md"], ids["brieven/jeugdhulp.md"]]
    found = client.get("/v1/passages", params={"q": QUESTION, "docId": wanted, "topK": 100}).json()["passages"]
    assert {one["docId"] for one in found} == set(wanted)


def test_documents_are_listed_and_read(client):
    documents = client.get("/v1/documents").json()["documents"]
    assert [one["source"] for one in documents] == ["brieven/jeugdhulp.md", "interview.md", "woonvisie.md"]
    one = client.get(f"/v1/documents/{documents[0]['docId']}").json()
    assert one == documents[0]
    plain = client.get(f"/v1/documents/{one['docId']}/text", headers={"Accept": "text/plain"})
    assert plain.headers["content-type"] == "text/plain; charset=utf-8"
    as_json = client.get(f"/v1/documents/{one['docId']}/text")
    assert plain.text == as_json.json()["text"]
    assert as_json.json()["pages"] == []
