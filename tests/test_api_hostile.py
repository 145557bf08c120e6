"""Clients that mean no good or leave halfway, and work that fails: the server goes on, and keeps its secrets."""

import json
import logging
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import anyio
import pytest

from api.app import create_app
from api.errors import Busy
from api.events import Event, EventStream
from api.gate import Gate
from assistant.assistant import Assistant
from ingest.encode import load_encoder
from tests.api_server import client_of, open_parts, publish_corpus, serving

INSIDE = "het-wachtwoord-is-zilver"
LIST_QUESTION = "Op welke drie plekken bouwt de gemeente, en hoeveel woningen bouwt Veldrijk tot 2030?"
STREAM = {"Accept": "text/event-stream"}
PATIENCE = 30


class Paced(Assistant):
    """An assistant that goes on after its first statement when it is told to."""

    def __init__(self, assistant):
        self._assistant = assistant
        self.at_work, self.go_on = threading.Event(), threading.Event()

    def stream(self, query):
        for one in self._assistant.stream(query):
            self.at_work.set()
            yield one
            assert self.go_on.wait(PATIENCE)


class Endless(Assistant):
    """An assistant that says the same again and again, and tells when somebody put an end to it."""

    def __init__(self, assistant):
        self._assistant = assistant
        self.ended = threading.Event()

    def stream(self, query):
        first = next(iter(self._assistant.stream(query)))
        try:
            while True:
                yield first
                time.sleep(0.01)
        finally:
            self.ended.set()


class Broken(Assistant):
    """An assistant that fails, at once or after its first statement, with an error that has a secret in it."""

    def __init__(self, assistant, *, at_once):
        self._assistant = assistant
        self._at_once = at_once

    def stream(self, query):
        if not self._at_once:
            yield next(iter(self._assistant.stream(query)))
        raise ZeroDivisionError(INSIDE)

    def search(self, query):
        raise ZeroDivisionError(INSIDE)


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    encoder = load_encoder(None)
    with open_parts(publish_corpus(tmp_path_factory.mktemp("vijanden"), encoder), encoder) as parts:
        yield parts


@contextmanager
def connected(address):
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as connection:
        yield connection


def read_all(connection):
    """What the server says until it hangs up."""
    said = b""
    try:
        while piece := connection.recv(65536):
            said += piece
    except ConnectionResetError:
        pass
    return said.decode()


HEAD = "POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def test_a_body_that_never_comes_is_given_up(parts):
    with serving(create_app(parts, body_seconds=0.2)) as address, connected(address) as connection:
        connection.sendall(f'{HEAD}Content-Length: 100\r\n\r\n{{"que'.encode())
        said = read_all(connection)
    assert said.startswith("HTTP/1.1 408 ")
    assert "urn:vng-assistent:problem:body-too-slow" in said


def test_a_body_without_end_is_cut_off(parts):
    with serving(create_app(parts)) as address, connected(address) as connection:
        connection.sendall(f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode())
        for _ in range(65):
            connection.sendall(b"400\r\n" + b" " * 1024 + b"\r\n")
        said = read_all(connection)
    assert said.startswith("HTTP/1.1 413 ")
    assert "urn:vng-assistent:problem:body-too-large" in said


@pytest.mark.parametrize("length", ["65537", "999999999999999999"])
def test_a_length_that_is_too_large_is_refused_before_the_body(parts, length):
    with serving(create_app(parts)) as address, connected(address) as connection:
        connection.sendall(f"{HEAD}Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n".encode())
        said = read_all(connection)
    assert said.startswith("HTTP/1.1 413 ")


def test_who_leaves_halfway_the_body_leaves_no_trace(parts):
    with client_of(parts) as client:
        with connected(str(client.base_url)) as connection:
            connection.sendall(f'{HEAD}Content-Length: 100\r\n\r\n{{"que'.encode())
        assert client.get("/health/ready").status_code == 200


def test_a_client_that_leaves_stops_the_work(parts):
    endless = Endless(parts.assistant)
    kept = list(parts.store.exchanges())
    with client_of(replace(parts, assistant=endless), gate=Gate(at_once=1, queue=0)) as client:
        for _ in range(2):  # the second time shows that the place at the gate was given back
            endless.ended.clear()
            while (response := leave_after_one_line(client)) == "":
                pass
            assert response == "event: statement"
            assert endless.ended.wait(PATIENCE)
    assert list(parts.store.exchanges()) == kept


def leave_after_one_line(client):
    """The first line of a stream that is left there; "" where it was too busy."""
    with client.stream("POST", "/v1/answers", json={"question": LIST_QUESTION}, headers=STREAM) as response:
        return next(response.iter_lines()) if response.status_code == 200 else ""


def test_when_it_is_too_busy_one_is_told_when_to_come_back(parts):
    paced = Paced(parts.assistant)
    with (
        client_of(replace(parts, assistant=paced), gate=Gate(at_once=1, queue=0)) as client,
        client.stream("POST", "/v1/answers", json={"question": LIST_QUESTION}, headers=STREAM) as response,
    ):
        assert paced.at_work.wait(PATIENCE)
        for refused in (
            client.post("/v1/answers", json={"question": LIST_QUESTION}),
            client.post("/v1/answers", json={"question": LIST_QUESTION}, headers=STREAM),
            client.get("/v1/passages", params={"q": LIST_QUESTION}),
        ):
            assert refused.status_code == 503
            assert refused.json()["type"] == "urn:vng-assistent:problem:busy"
            assert int(refused.headers["retry-after"]) > 0
        assert client.get("/v1/documents").status_code == 200
        paced.go_on.set()
        assert "event: answer" in response.read().decode()


def test_the_queue_lets_in_as_many_as_it_says():
    async def crowd():
        gate, release, order = Gate(at_once=2, queue=2), anyio.Event(), []

        async def one(number):
            async with gate.turn():
                order.append(number)
                await release.wait()

        async with anyio.create_task_group() as group:
            for number in range(4):
                group.start_soon(one, number)
            await anyio.wait_all_tasks_blocked()
            assert order == [0, 1]
            with pytest.raises(Busy):
                async with gate.turn():
                    pass
            release.set()
        assert sorted(order) == [0, 1, 2, 3]
        async with gate.turn():
            pass

    anyio.run(crowd)


def test_a_failure_nobody_foresaw_is_a_problem_without_its_insides(parts, caplog):
    broken = Broken(parts.assistant, at_once=True)
    with caplog.at_level(logging.INFO), client_of(replace(parts, assistant=broken)) as client:
        for response in (
            client.post("/v1/answers", json={"question": LIST_QUESTION}, headers={"X-Request-Id": "verzoek-1"}),
            client.post(
                "/v1/answers", json={"question": LIST_QUESTION}, headers={"X-Request-Id": "verzoek-1", **STREAM}
            ),
            client.get("/v1/passages", params={"q": LIST_QUESTION}, headers={"X-Request-Id": "verzoek-1"}),
        ):
            assert response.status_code == 500
            assert response.headers["content-type"] == "application/problem+json"
            assert response.headers["x-content-type-options"] == "nosniff"
            assert response.json()["requestId"] == response.headers["x-request-id"] == "verzoek-1"
            for inside in (INSIDE, "ZeroDivision", "Traceback", ".py"):
                assert inside not in response.text
        assert client.get("/health/live").status_code == 200
    logged = "\n".join(one.getMessage() for one in caplog.records if not one.name.startswith("http"))
    assert logged.count("request verzoek-1 failed: ZeroDivisionError") == 3
    assert INSIDE not in logged
    assert "Veldrijk" not in logged, "no question in the logs"


def test_a_failure_halfway_a_stream_is_its_last_event(parts):
    broken = Broken(parts.assistant, at_once=False)
    with client_of(replace(parts, assistant=broken)) as client:
        response = client.post("/v1/answers", json={"question": LIST_QUESTION}, headers=STREAM)
    assert response.status_code == 200
    first, last = [block for block in response.text.split("\n\n") if block]
    assert first.startswith("event: statement\n")
    name, data = last.split("\n")
    assert name == "event: problem"
    assert json.loads(data.removeprefix("data: "))["type"] == "urn:vng-assistent:problem:internal"
    assert INSIDE not in response.text


def test_a_stream_shows_that_it_is_there_while_nothing_comes():
    go_on = threading.Event()

    def events():
        yield Event("eerste", "1")
        assert go_on.wait(PATIENCE)
        yield Event("tweede", "2")

    sent = []

    async def send(message):
        sent.append(message.get("body", b""))
        if message.get("body") == b": nog bezig\n\n":
            go_on.set()

    async def stay():
        await anyio.sleep_forever()
        return {"type": "http.disconnect"}

    async def call():
        stream = EventStream(events, Gate(), "een", heartbeat=0.01)
        await stream({"type": "http"}, stay, send)

    anyio.run(call)
    told = [piece for piece in sent if piece and not piece.startswith(b":")]
    assert told == [b"event: eerste\ndata: 1\n\n", b"event: tweede\ndata: 2\n\n"]
    assert b": nog bezig\n\n" in sent
