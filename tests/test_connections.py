"""Connections that do nothing are cut, and who stands in between is believed only when it is one of ours."""

import asyncio
import socket
import threading
import time
from contextlib import contextmanager, suppress

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse

from api.connections import HEAD_BYTES, patient_protocol
from api.proxies import Proxies, networks_of

LARGE = "x" * 8_000_000  # more than a socket holds
ASK = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
FEW = 3
SOON, LATE = 0.3, 60.0


async def answer(scope, receive, send):
    """Who asks and over what; or, at /veel, much text."""
    if scope["type"] == "http":
        said = LARGE if scope["path"] == "/veel" else f"{scope['client'][0]} {scope['scheme']}"
        await PlainTextResponse(said)(scope, receive, send)


@contextmanager
def serving(app=answer, **patience):
    """The port of a server with so much patience."""
    config = uvicorn.Config(
        app,
        port=0,
        http=patient_protocol(**patience),
        lifespan="off",
        log_level="error",
        proxy_headers=False,
        ws="none",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def connected(port):
    with socket.create_connection(("127.0.0.1", port), timeout=LATE) as client:
        yield client


def is_cut(client):
    """Whether the server ends the connection, without a word."""
    try:
        return client.recv(100) == b""
    except ConnectionResetError:
        return True


def response(client):
    """Everything up to the end of the response."""
    said = b""
    while b"\r\n\r\n" not in said or not said.endswith(b"http"):
        piece = client.recv(1000)
        if not piece:
            break
        said += piece
    return said


@pytest.mark.parametrize("begun", [b"", b"GET / HT", ASK, ASK + b"X-Lang: " + b"a" * 1000])
def test_a_request_that_does_not_end_is_cut(begun):
    with serving(head_seconds=SOON) as port, connected(port) as client:
        client.sendall(begun)
        assert is_cut(client)


def sends_until_cut(client, piece, pause=0.0):
    """Whether the server cuts off a client that goes on sending."""
    client.sendall(ASK)
    with suppress(ConnectionError):
        for _ in range(2_000):
            client.sendall(piece)
            time.sleep(pause)
        return False
    return True


def test_a_client_that_sends_a_byte_now_and_then_is_cut_as_well():
    with serving(head_seconds=SOON) as port, connected(port) as client:
        assert sends_until_cut(client, b"x", 0.02)


def test_so_is_the_next_request_of_a_connection():
    with serving(head_seconds=SOON) as port, connected(port) as client:
        client.sendall(ASK + b"\r\n")
        assert b"200 OK" in response(client)
        client.sendall(b"GET / HT")
        assert is_cut(client)


def test_headers_without_end_are_cut_before_they_fill_the_memory():
    with serving(head_seconds=LATE) as port, connected(port) as client:
        assert sends_until_cut(client, b"X-Nog-Een: " + b"a" * (HEAD_BYTES // 8) + b"\r\n")


def test_a_client_that_takes_nothing_is_cut():
    with serving(head_seconds=LATE, take_seconds=SOON) as port, connected(port) as client:
        client.sendall(b"GET /veel HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(3 * SOON)
        taken = 0
        with suppress(ConnectionError):
            while piece := client.recv(1_000_000):
                taken += len(piece)
        assert 0 < taken < len(LARGE)


def test_a_client_that_takes_its_time_gets_everything():
    with serving(head_seconds=LATE, take_seconds=1.0) as port, connected(port) as client:
        client.sendall(b"GET /veel HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        taken = 0
        while piece := client.recv(1_000_000):
            taken += len(piece)
            time.sleep(0.02)
        assert taken > len(LARGE)


def test_requests_one_after_another_are_all_answered():
    with serving(head_seconds=LATE) as port, connected(port) as client:
        for _ in range(5):
            client.sendall(ASK)
            client.sendall(b"\r\n")
            assert b"200 OK" in response(client)


def finished(client):
    """Whether a request that was begun is still answered."""
    with suppress(ConnectionError):
        client.sendall(b"\r\n")
        return b"200 OK" in response(client)
    return False


def test_one_that_waits_makes_room_and_the_others_stay():
    with serving(head_seconds=LATE, most=FEW) as port:
        idle = [socket.create_connection(("127.0.0.1", port), timeout=LATE) for _ in range(FEW)]
        try:
            for client in idle:
                client.sendall(ASK)
            with connected(port) as client:
                client.sendall(ASK + b"\r\n")
                assert b"200 OK" in response(client)
                assert sorted(map(finished, idle)) == [False] + [True] * (FEW - 1)
        finally:
            for client in idle:
                client.close()


def seen(trusted, peer, *headers):
    """Who asks and over what, in the eyes of the application."""
    found = []

    async def application(scope, receive, send):
        found.append((scope["client"][0], scope["scheme"]))

    scope = {
        "type": "http",
        "client": (peer, 1),
        "scheme": "http",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }

    async def nothing(*_message):
        return {}

    asyncio.run(Proxies(application, trusted=frozenset(trusted))(scope, nothing, nothing))
    return found[0]


FOR, PROTO = "x-forwarded-for", "x-forwarded-proto"


@pytest.mark.parametrize(
    ("trusted", "peer", "headers", "expected"),
    [
        ((), "192.0.2.1", [(FOR, "198.51.100.1"), (PROTO, "https")], ("192.0.2.1", "http")),
        (("10.0.0.1",), "192.0.2.1", [(FOR, "198.51.100.1"), (PROTO, "https")], ("192.0.2.1", "http")),
        (("10.0.0.1",), "10.0.0.1", [(FOR, "198.51.100.1"), (PROTO, "https")], ("198.51.100.1", "https")),
        (("10.0.0.0/8",), "10.9.9.9", [(FOR, "198.51.100.1:4711")], ("198.51.100.1", "http")),
        (("10.0.0.1",), "10.0.0.1", [], ("10.0.0.1", "http")),
        # What the client wrote stands first, what our proxy adds last.
        (("10.0.0.1",), "10.0.0.1", [(FOR, "127.0.0.1, 198.51.100.1")], ("198.51.100.1", "http")),
        (("10.0.0.1",), "10.0.0.1", [(FOR, "127.0.0.1"), (FOR, "198.51.100.1")], ("198.51.100.1", "http")),
        (("10.0.0.1",), "10.0.0.1", [(FOR, "10.0.0.1, 198.51.100.1")], ("198.51.100.1", "http")),
        (("10.0.0.1",), "10.0.0.1", [(PROTO, "https, http")], ("10.0.0.1", "http")),
        (("10.0.0.1",), "10.0.0.1", [(PROTO, "gopher")], ("10.0.0.1", "http")),
        # Several of ours in a row.
        (("10.0.0.1", "10.0.0.2"), "10.0.0.1", [(FOR, "6.6.6.6, 198.51.100.1, 10.0.0.2")], ("198.51.100.1", "http")),
        (("10.0.0.1",), "10.0.0.1", [(FOR, "10.0.0.1")], ("10.0.0.1", "http")),
        # What cannot be read is not taken for somebody.
        (("10.0.0.1",), "10.0.0.1", [(FOR, "198.51.100.1, <script>")], ("10.0.0.1", "http")),
        (("10.0.0.1",), "10.0.0.1", [(FOR, "")], ("10.0.0.1", "http")),
        (("::1",), "::1", [(FOR, "[2001:db8::1]:80")], ("2001:db8::1", "http")),
        (("10.0.0.1",), "::ffff:10.0.0.1", [(FOR, "198.51.100.1")], ("198.51.100.1", "http")),
    ],
)
def test_the_client_is_the_last_that_is_not_ours(trusted, peer, headers, expected):
    assert seen(trusted, peer, *headers) == expected


@given(st.text(alphabet="0123456789.,:[]af -%"))
def test_whatever_stands_there_the_client_is_an_address(text):
    networks_of(frozenset({seen(("10.0.0.1",), "10.0.0.1", (FOR, text))[0]}))
