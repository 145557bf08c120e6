"""Everything that can be wrong with a request is told as a problem, in Dutch, and never with a 500."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import errors
from api.body import BODY_LIMIT
from api.problems import INTERNAL, problem_of
from assistant.assistant import MAX_QUESTION
from assistant.errors import BadQuery
from ingest.encode import load_encoder
from ingest.errors import IngestError, LibraryDamaged, NoLibrary
from tests.api_server import client_of, open_parts, publish_corpus

TYPE = "urn:vng-assistent:problem:"
JSON = {"Content-Type": "application/json"}
ID = "a" * 32


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    encoder = load_encoder(None)
    with (
        open_parts(publish_corpus(tmp_path_factory.mktemp("fouten"), encoder), encoder) as parts,
        client_of(parts) as client,
    ):
        yield client


def check_problem(response, status, word):
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["api-version"] == "1.0.0"
    problem = response.json()
    assert (response.status_code, problem["status"], problem["type"]) == (status, status, TYPE + word)
    assert problem["requestId"] == response.headers["x-request-id"]
    assert problem["title"]
    assert problem["detail"]
    return problem


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({}, "question", "verplicht"),
        ({"question": ""}, "question", "Vul een vraag in"),
        ({"question": " \n"}, "question", "Vul een vraag in"),
        ({"question": "x" * (MAX_QUESTION + 1)}, "question", str(MAX_QUESTION)),
        ({"question": 7}, "question", "tekst"),
        ({"question": None}, "question", "tekst"),
        ({"question": "half \ud800"}, "question", "gewone tekst"),
        ({"question": "nul \0"}, "question", "gewone tekst"),
        ({"question": "x", "topK": 0}, "topK", "1 of hoger"),
        ({"question": "x", "topK": 101}, "topK", "100 of lager"),
        ({"question": "x", "topK": "5"}, "topK", "heel getal"),
        ({"question": "x", "topK": 1.5}, "topK", "heel getal"),
        ({"question": "x", "topK": True}, "topK", "heel getal"),
        ({"question": "x", "top_k": 5}, "top_k", "bestaat niet"),
        ({"question": "x", "<script>\n": 5}, "?script??", "bestaat niet"),
        ({"question": "x", "\ud800": 5}, "", "gewone tekst"),
        ({"question": "x", "conversationId": "../x"}, "conversationId", "32"),
        ({"question": "x", "filters": []}, "filters", "object"),
        ({"question": "x", "filters": {"docIds": "a"}}, "filters.docIds", "lijst"),
        ({"question": "x", "filters": {"docIds": ["a", 2]}}, "filters.docIds[1]", "tekst"),
        ({"question": "x", "filters": {"kinds": ["a"] * 101}}, "filters.kinds", "100"),
        ({"question": "x", "filters": {"issuedFrom": "gisteren"}}, "filters.issuedFrom", "2024-05"),
        ({"question": "x", "filters": {"issuedFrom": "2023-02-30"}}, "filters.issuedFrom", "2024-05"),
        ({"question": "x", "filters": {"issuedFrom": "٢٠٢٣"}}, "filters.issuedFrom", "2024-05"),
        ({"question": "x", "filters": {"issuedFrom": "2024-06", "issuedTo": "2024-05"}}, "filters", "later"),
    ],
)
def test_a_field_that_is_wrong_is_named(client, body, field, says):
    problem = check_problem(client.post("/v1/answers", content=json.dumps(body), headers=JSON), 400, "invalid-input")
    [error] = problem["errors"]
    assert error["field"] == field
    assert says in error["message"]


def test_a_whole_number_may_be_written_with_a_point(client):
    answer = client.post("/v1/answers", content=b'{"question": "Woningen?", "topK": 2.0}', headers=JSON)
    assert len(answer.json()["passages"]) == 2


def test_bounds_of_different_precision_do_not_cross(client):
    for bounds in (("2024-05-31", "2024"), ("2024", "2024-05")):
        filters = dict(zip(("issuedFrom", "issuedTo"), bounds, strict=True))
        assert client.post("/v1/answers", json={"question": "Woningen?", "filters": filters}).status_code == 201


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"geen json",
        b'{"question": "x", "topK": ',
        b'{"question": "\xe9\xe9n"}',
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"question": "x", "topK": ' + b"9" * 10_000 + b"}",
    ],
)
def test_what_is_no_json_is_told_so(client, content):
    check_problem(client.post("/v1/answers", content=content, headers=JSON), 400, "invalid-json")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-0.5"])
def test_a_number_that_is_none_is_refused(client, number):
    content = f'{{"question": "x", "topK": {number}}}'
    check_problem(client.post("/v1/answers", content=content, headers=JSON), 400, "invalid-input")


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b'"vraag"', b"3"])
def test_a_body_must_be_an_object(client, content):
    problem = check_problem(client.post("/v1/answers", content=content, headers=JSON), 400, "invalid-input")
    assert "JSON-object" in problem["detail"]


@pytest.mark.parametrize(
    "content_type",
    [
        *("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"),
        *("application/json; charset=iso-8859-1", "application/json; charset=utf-16", "application/jsonp", "json", ";"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/answers", "/v1/feedback"])
def test_only_json_in_utf_8_is_taken(client, path, content_type):
    headers = {"Content-Type": content_type} if content_type else {}
    response = client.post(path, content=b'{"question": "Hoeveel woningen?"}', headers=headers)
    check_problem(response, 415, "unsupported-media-type")


@pytest.mark.parametrize("content_type", ["application/json; charset=UTF-8", "APPLICATION/JSON"])
def test_json_may_say_that_it_is_utf_8(client, content_type):
    headers = {"Content-Type": content_type}
    assert client.post("/v1/answers", content=b'{"question": "Woningen?"}', headers=headers).status_code == 201


def test_a_body_that_is_too_large_is_not_read(client):
    just_fits = b'{"question": "x"}'.ljust(BODY_LIMIT)
    assert client.post("/v1/answers", content=just_fits, headers=JSON).status_code == 201
    check_problem(client.post("/v1/answers", content=b"x" * (BODY_LIMIT + 1), headers=JSON), 413, "body-too-large")


@pytest.mark.parametrize(
    ("method", "path", "status", "word"),
    [
        ("GET", "/nergens", 404, "not-found"),
        ("GET", "/v1/answers/", 404, "not-found"),
        ("GET", "/v1/documents/", 404, "not-found"),
        ("GET", "/v1/../etc/passwd", 404, "not-found"),
        ("GET", "/docs", 404, "not-found"),
        ("GET", "/v1/answers/%00%ff", 404, "unknown-answer"),
        ("GET", "/v1/answers/" + "x" * 5000, 404, "unknown-answer"),
        ("GET", "/v1/documents/%00", 404, "unknown-document"),
        ("GET", "/v1/passages/%F0%9F", 404, "unknown-passage"),
        ("GET", "/v1/answers", 405, "method-not-allowed"),
        ("DELETE", "/v1/documents", 405, "method-not-allowed"),
        ("OPTIONS", "/v1/answers", 405, "method-not-allowed"),
        ("TRACE", "/v1/documents", 405, "method-not-allowed"),
        ("GET", "/v1/passages", 400, "invalid-input"),
        ("GET", "/v1/passages?q=%20", 400, "invalid-input"),
        ("GET", "/v1/passages?q=%00", 400, "invalid-input"),
        ("GET", "/v1/passages?q=x&topK=veel", 400, "invalid-input"),
        ("GET", "/v1/passages?q=x&topk=2", 400, "invalid-input"),
        ("GET", "/v1/passages?q=" + "x" * 2001, 400, "invalid-input"),
    ],
)
def test_what_is_not_there_or_cannot_be_is_told(client, method, path, status, word):
    response = client.request(method, path, headers={"Accept": "application/json"})
    check_problem(response, status, word)
    assert status != 405 or response.headers["allow"]


def test_all_methods_of_an_address_are_told(client):
    allowed = {path: client.put(path).headers["allow"] for path in ("/v1/documents", "/v1/documents/x", "/v1/feedback")}
    assert allowed == {
        "/v1/documents": "GET, HEAD, POST",
        "/v1/documents/x": "DELETE, GET, HEAD",
        "/v1/feedback": "POST",
    }


@pytest.mark.parametrize("path", ["/", "/v1/documents", "/health/live", "/bestaat-niet"])
def test_the_head_of_an_address_is_that_of_its_page(client, path):
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    assert client.head("/v1/feedback").status_code == 405


def test_the_description_says_which_numbers_may_be_given(client):
    schemas = client.get("/v1/openapi.json").json()["components"]["schemas"]
    top_k = schemas["AskBody"]["properties"]["topK"]
    assert (top_k["minimum"], top_k["maximum"]) == (1, 100)


@pytest.mark.parametrize("host", ["kwaad.example", "kwaad.example:8000", "127.0.0.1.kwaad.example", "[::2]", ""])
def test_a_name_that_is_not_ours_is_refused(client, host):
    check_problem(client.get("/v1/documents", headers={"Host": host}), 421, "unknown-host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "127.0.0.1:80", "[::1]:8000", "[::1]"])
def test_the_names_of_this_computer_are_ours(client, host):
    assert client.get("/health/live", headers={"Host": host}).status_code == 200


def everything():
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
        max_leaves=8,
    )


FIELDS = st.sampled_from(["topK", "conversationId", "filters", "answerId", "helpful", "comment", "citationNumber"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=everything() | st.dictionaries(FIELDS, everything()), path=st.sampled_from(["answers", "feedback"]))
def test_whatever_comes_in_is_told_what_is_wrong_with_it(client, body, path):
    response = client.post(f"/v1/{path}", content=json.dumps(body), headers=JSON)
    check_problem(response, 400, "invalid-input")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(min_size=1, max_size=60))
def test_whatever_is_asked_is_answered_or_refused(client, question):
    response = client.post("/v1/answers", content=json.dumps({"question": question}), headers=JSON)
    assert response.status_code in (201, 400)
    assert client.get("/v1/passages", params={"q": question}).status_code in (200, 400)


def kinds_of(root):
    return [root, *(deeper for kind in root.__subclasses__() for deeper in kinds_of(kind))]


@pytest.mark.parametrize("kind", kinds_of(errors.ApiError) + kinds_of(IngestError), ids=lambda kind: kind.__name__)
def test_every_error_of_ours_has_its_problem(kind):
    error = kind.__new__(kind)
    for name in ("field", "problem", "why", "needed", "wanted", "media_type"):
        setattr(error, name, "range")
    error.seconds = error.limit = 1
    error.problems = ()
    problem = problem_of(error)
    assert problem is not INTERNAL or kind in (errors.ApiError, errors.AnswerExists, errors.BadRate, errors.BindRefused)


def test_what_is_inside_stays_inside():
    for error in (
        NoLibrary("/srv/geheim"),
        LibraryDamaged("/srv/geheim", ("geheim",)),
        errors.StoreUnavailable("geheim"),
        errors.StoreDamaged("geheim"),
        ValueError("geheim"),
    ):
        assert "geheim" not in problem_of(error).text("een")
    assert "Vul een vraag in" in problem_of(BadQuery("question", "empty")).detail
