"""Health, counts, the description of the API, and the server itself."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.errors import BindRefused
from api.messages import explain
from api.negotiate import preferred
from api.server import check_host, serve
from ingest.encode import load_encoder
from ingest.publish import publish
from tests.api_server import client_of, open_parts, publish_corpus, serving
from tests.corpus import write_corpus

QUESTION = "Hoeveel woningen bouwt Veldrijk tot 2030?"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return publish_corpus(tmp_path_factory.mktemp("dienst"), load_encoder(None))


@pytest.fixture(scope="module")
def parts(data):
    with open_parts(data, load_encoder(None)) as parts:
        yield parts


@pytest.fixture(scope="module")
def client(parts):
    with client_of(parts) as client:
        yield client


def test_it_is_ready_when_there_is_a_library_and_a_database(client, parts):
    assert client.get("/health/live").json() == {"status": "ok"}
    with parts.library.lease() as library:
        version = library.manifest.library_version
    assert client.get("/health/ready").json() == {"status": "ok", "libraryVersion": version}


def test_without_a_library_everything_says_how_to_make_one(tmp_path, encoder):
    with open_parts(tmp_path / "data", encoder) as parts, client_of(parts) as client:
        assert client.get("/health/live").status_code == 200
        for response in (
            client.get("/health/ready"),
            client.get("/v1/documents"),
            client.get("/v1/documents/x"),
            client.get("/v1/documents/x/text"),
            client.get("/v1/passages/x"),
            client.get("/v1/passages?q=woningen"),
            client.get("/v1/answers/x"),
            client.post("/v1/answers", json={"question": QUESTION}),
            client.post("/v1/answers", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}),
            client.post("/v1/feedback", json={"answerId": "0" * 32, "helpful": True}),
        ):
            assert response.status_code == 503
            assert response.headers["content-type"] == "application/problem+json"
            assert response.headers["retry-after"]
            assert response.json()["type"] == "urn:vng-assistent:problem:no-library"
            assert "vng-assistent ingest" in response.json()["detail"]
            assert str(tmp_path) not in response.text
        publish([write_corpus(tmp_path / "bronnen")], tmp_path / "data", encoder)
        assert client.get("/health/ready").status_code == 200


def test_a_damaged_library_is_no_failure_of_ours(tmp_path, encoder):
    data = publish_corpus(tmp_path, encoder)
    [manifest] = data.glob("library/*/manifest.json")
    manifest.write_text("{", encoding="utf-8")
    with open_parts(data, encoder) as parts, client_of(parts) as client:
        response = client.get("/health/ready")
        assert response.status_code == 503
        assert response.json()["type"] == "urn:vng-assistent:problem:library-unavailable"
        assert str(tmp_path) not in response.text


def test_a_database_that_is_no_longer_there_is_told(tmp_path, encoder):
    data = publish_corpus(tmp_path, encoder)
    with open_parts(data, encoder) as parts, client_of(parts) as client:
        assert client.get("/health/ready").status_code == 200
        parts.store.close()
        for file in data.glob("antwoorden.sqlite*"):
            file.unlink()
        (data / "antwoorden.sqlite").write_bytes(b"geen database " * 500)
        for response in (client.get("/health/ready"), client.post("/v1/answers", json={"question": QUESTION})):
            assert response.status_code == 503
            assert response.json()["type"] == "urn:vng-assistent:problem:store-unavailable"


def test_counts_are_by_route_and_never_by_question(client):
    client.post("/v1/answers", json={"question": "Wat is een gezinscoach?"})
    client.get("/v1/documents/een-eigen-id")
    client.get("/een/pad/dat/er/niet/is")
    counts = client.get("/metrics")
    assert counts.headers["content-type"].startswith("text/plain")
    for line in (
        'vng_http_requests_total{method="POST",route="/v1/answers",status="201"}',
        'vng_http_requests_total{method="GET",route="/v1/documents/{docId}",status="404"}',
        'vng_http_requests_total{method="GET",route="unmatched",status="404"}',
        'vng_http_request_seconds_bucket{le="0.2",method="POST",route="/v1/answers",status="201"}',
        "vng_answers_total{status=",
    ):
        assert line in counts.text
    for asked in ("gezinscoach", "een-eigen-id", "/een/pad"):
        assert asked not in counts.text


@pytest.mark.parametrize("given", ["verzoek-1", "a" * 64, "0.9_x"])
def test_a_sane_request_id_is_kept(client, given):
    assert client.get("/health/live", headers={"X-Request-Id": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a" * 65, "met spatie", "<script>", "één".encode(), b"\xff"])
def test_another_request_id_is_replaced(client, given):
    found = client.get(
        "/health/live", headers=[(b"X-Request-Id", given if isinstance(given, bytes) else given.encode())]
    )
    assert re.fullmatch("[0-9a-f]{32}", found.headers["x-request-id"])


@pytest.mark.parametrize("path", ["/v1/documents", "/v1/openapi.json", "/health/live", "/metrics", "/nergens"])
def test_every_response_has_the_headers_that_keep_it_safe(client, path):
    headers = client.get(path, headers={"Accept": "application/json"}).headers
    assert headers["api-version"] == "1.0.0"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers or "uvicorn" in headers["server"]  # the tests' own server says so, ours does not


def test_the_description_says_all_that_a_caller_may_get(client):
    described = client.get("/v1/openapi.json").json()
    assert described["servers"] == [{"url": "/v1", "description": "Deze server"}]
    assert described["info"]["version"] == "1.0.0"
    assert described["info"]["license"]["identifier"] == "EUPL-1.2"
    assert {"name", "url", "email"} <= described["info"]["contact"].keys()
    operations = {one["operationId"]: one for item in described["paths"].values() for one in item.values()}
    assert operations.keys() == {
        *("postAnswer", "getAnswer", "listPassages", "getPassage"),
        *("listDocuments", "getDocument", "getDocumentText", "postFeedback"),
        *("getAnswerExport", "getAnswerRecord", "postDocuments", "deleteDocument", "listUploads", "getUpload"),
        *("getDocumentOriginal", "getPageImage", "listQuoteBoxes"),
    }
    tags = {tag["name"] for tag in described["tags"]}
    for operation in operations.values():
        assert operation["summary"]
        assert set(operation["tags"]) <= tags
        assert {"413", "500", "503"} <= operation["responses"].keys()
        assert "422" not in operation["responses"]
        for status, response in operation["responses"].items():
            assert "API-Version" in response["headers"]
            if status >= "4":
                assert list(response["content"]) == ["application/problem+json"]
    assert operations["postAnswer"]["responses"].keys() >= {"200", "201", "400", "415"}
    assert operations["postAnswer"]["responses"]["200"]["content"].keys() == {"text/event-stream"}
    assert "ProblemSchema" in described["components"]["schemas"]


def test_every_reference_in_the_description_leads_somewhere(client):
    text = client.get("/v1/openapi.json").text
    described = json.loads(text)
    for name in set(re.findall(r'"#/components/schemas/([^"]+)"', text)):
        assert name in described["components"]["schemas"]


def test_the_examples_are_what_the_api_itself_would_say(client):
    described = client.get("/v1/openapi.json").json()
    answered = client.post("/v1/answers", json={"question": QUESTION}).json()
    example = described["paths"]["/answers"]["post"]["responses"]["201"]["content"]["application/json"]["example"]
    assert example.keys() == answered.keys()
    assert example["citations"][0].keys() == answered["citations"][0].keys()
    assert example["generation"].keys() == answered["generation"].keys()
    request = described["paths"]["/answers"]["post"]["requestBody"]["content"]["application/json"]["example"]
    assert client.post("/v1/answers", json=request).status_code == 201


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_the_server_listens_to_this_computer(host):
    check_host(host)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.168.1.2", "", "vng.example", "localhost.example", "*", "2130706433"],  # noqa: S104
)
def test_the_server_does_not_listen_to_others(host, parts):
    with pytest.raises(BindRefused) as refused:
        serve(create_app(parts), host, 0)
    assert refused.value.host == host
    assert f"'{host}'" in explain(refused.value)
    assert "--host 127.0.0.1" in explain(refused.value)
    assert "vng-assistent keys add" in explain(refused.value)


def test_a_port_that_is_taken_is_told(parts):
    with serving(create_app(parts)) as address, pytest.raises(OSError, match="in use"):
        serve(create_app(parts), "127.0.0.1", int(address.rpartition(":")[2]))


SERVE = """
import sys
from pathlib import Path
from api.app import create_app
from api.server import serve
from ingest.encode import load_encoder
from tests.api_server import open_parts
with open_parts(Path(sys.argv[1]), load_encoder(None)) as parts:
    serve(create_app(parts), "127.0.0.1", int(sys.argv[2]))
print("netjes gestopt")
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def test_the_server_serves_and_stops_when_it_is_told(data):
    address = f"http://127.0.0.1:{(port := free_port())}"
    program = [sys.executable, "-c", SERVE, str(data), str(port)]
    environment = {**os.environ, "PYTHONPATH": "."}
    with subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as server:
        try:
            for _ in range(600):
                assert server.poll() is None, "the server did not start"
                try:
                    answered = httpx.post(f"{address}/v1/answers", json={"question": QUESTION}, timeout=60)
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
        finally:
            server.send_signal(signal.SIGTERM)
            said, logged = server.communicate(timeout=60)
    assert answered.status_code == 201
    assert "server" not in answered.headers
    assert "POST /v1/answers 201" in logged
    assert "woningen" not in logged
    assert server.returncode == 0
    assert said == "netjes gestopt\n", "the parts were closed"
    assert "Traceback" not in logged


TYPES = ("application/json", "text/event-stream")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", 0),
        ("*/*", 0),
        ("text/html", 0),
        ("text/event-stream", 1),
        ("text/*", 1),
        ("application/json, text/event-stream", 0),
        ("application/json;q=0.5, text/event-stream", 1),
        ("text/event-stream;q=0", 0),
        ("text/event-stream;q=0, */*", 0),
        ("*/*;q=0.1, text/event-stream;q=0.2", 1),
        ("TEXT/EVENT-STREAM; Q=1.0", 1),
        ("text/event-stream;q=veel, application/json;q=0.9", 1),
    ],
)
def test_the_accept_header_chooses(accept, chosen):
    assert preferred(accept, TYPES) == TYPES[chosen]


@given(st.text(alphabet="aj/*;,q=01. pt"))
def test_any_accept_header_chooses_something(accept):
    assert preferred(accept, TYPES) in TYPES
