"""What a body may cost: the limits of a body with files, over a real connection."""

import socket
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from starlette.types import Receive, Scope, Send

from api.body import Body
from tests.api_server import serving

LIMIT = 200_000


class Counting:
    """An application that reads what it is sent, when the path is for that, and says how much that was."""

    def __init__(self) -> None:
        self.read = 0
        self.messages = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _lifespan(receive, send)
            return
        status = 200
        if b"weiger" in scope["query_string"]:
            status = 401
        else:
            try:
                await self._read(receive)
            except Exception as error:  # noqa: BLE001 - what the middleware raises is what is looked at
                status = {"BodyTooLarge": 413, "BodyTooSlow": 408}[type(error).__name__]
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def _read(self, receive: Receive) -> None:
        while True:
            message = await receive()
            self.read += len(message.get("body", b""))
            self.messages += 1
            if not message.get("more_body", False):
                return


async def _lifespan(receive: Receive, send: Send) -> None:
    for said in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{said}.complete"})


@contextmanager
def connected(app):
    async def named(scope, receive, send):
        scope.setdefault("state", {})["request_id"] = "verzoek-1"  # as the envelope around it does
        await app(scope, receive, send)

    with serving(named) as address:
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
            yield connection


def head(path, *lines):
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def answer(connection):
    """The head of the response, and whether the connection ends after it."""
    found = b""
    while b"\r\n\r\n" not in found:
        piece = connection.recv(65536)
        if not piece:
            break
        found += piece
    return int(found.split()[1]), b"connection: close" in found.lower()


def made(**options):
    counting = Counting()
    return counting, Body(counting, upload_limit=LIMIT, **options)


@pytest.mark.parametrize("path", ["/v1/documents", "/beheer/documenten"])
def test_a_body_with_files_streams_through(path):
    counting, app = made()
    with connected(app) as connection:
        connection.sendall(head(path, f"Content-Length: {LIMIT}") + b"x" * LIMIT)
        assert answer(connection) == (200, False)
    assert counting.read == LIMIT
    assert counting.messages > 1, "not as a whole"


def test_one_that_says_it_is_too_large_is_not_asked_for():
    counting, app = made()
    with connected(app) as connection:
        connection.sendall(head("/v1/documents", f"Content-Length: {LIMIT + 1}", "Expect: 100-continue"))
        assert answer(connection) == (413, True), "and no word to go on"
    assert counting.read == 0


def test_one_that_turns_out_too_large_is_cut_off():
    counting, app = made()
    with connected(app) as connection:
        connection.sendall(head("/v1/documents", "Transfer-Encoding: chunked"))
        for _ in range(LIMIT // 50_000 + 1):
            connection.sendall(b"c350\r\n" + b"x" * 50_000 + b"\r\n")
        assert answer(connection) == (413, True)
    assert counting.read <= LIMIT


@pytest.mark.parametrize(("sent", "status"), [(0, 408), (100, 408)])
def test_one_that_comes_in_too_slowly_is_cut_off(sent, status):
    counting, app = made(seconds=0.2, upload_rate=100_000)
    with connected(app) as connection:
        connection.sendall(head("/v1/documents", "Content-Length: 1000") + b"x" * sent)
        assert answer(connection) == (status, True)
    assert counting.read == sent


def test_a_steady_sender_gets_the_time_that_its_bytes_need():
    counting, app = made(seconds=0.3, upload_rate=1_000)
    with connected(app) as connection:
        connection.sendall(head("/v1/documents", "Content-Length: 5000"))
        for _ in range(5):
            connection.sendall(b"x" * 1000)
            time.sleep(0.1)
        assert answer(connection) == (200, False)
    assert counting.read == 5000


def test_who_is_refused_gets_that_before_his_body_is_read():
    counting, app = made()
    with connected(app) as connection:
        connection.sendall(head("/v1/documents?weiger", f"Content-Length: {LIMIT}", "Expect: 100-continue"))
        assert answer(connection) == (401, True)
    assert counting.read == 0


def test_a_small_body_that_is_refused_is_still_read_so_that_the_answer_arrives():
    counting, app = made()
    with connected(app) as connection:
        connection.sendall(head("/v1/documents?weiger", "Content-Length: 50000") + b"x" * 50_000)
        assert answer(connection) == (401, False)
    assert counting.read == 0, "not by the application"


@pytest.mark.parametrize(
    "path", ["/v1/answers", "/v1/documents/x", "/beheer/documenten/x/verwijderen", "/v1/documents/"]
)
def test_all_other_bodies_stay_small(path):
    counting, app = made()
    with connected(app) as connection:
        connection.sendall(head(path, "Content-Length: 70000") + b"x" * 70_000)
        status, _ = answer(connection)
    assert (status, counting.read) == (413, 0)


def test_where_nothing_is_uploaded_all_bodies_stay_small():
    counting = Counting()
    with connected(Body(counting)) as connection:
        connection.sendall(head("/v1/documents", "Content-Length: 70000") + b"x" * 70_000)
        status, _ = answer(connection)
    assert (status, counting.read) == (413, 0)
