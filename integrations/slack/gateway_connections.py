"""Connections with Slack that stay open between calls: to open one takes longer than a call."""

import select
import ssl
import threading
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPMessage, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

IDLE = 20.0  # seconds that a connection is kept unused, which is less than servers keep one
MOST_IDLE = 16


class Response(NamedTuple):
    """What a server answers."""

    status: int
    reason: str
    headers: HTTPMessage
    body: bytes


class Connections:
    """The way to one server. Threads may share it: a connection carries one request at a time."""

    def __init__(self, address: str, seconds: float, secure: ssl.SSLContext) -> None:
        """`seconds` is how long each step of a request may take, and `secure` how certificates are checked."""
        self._address = urlsplit(address)
        self._seconds = seconds
        self._secure = secure
        self._idle: list[tuple[float, HTTPConnection]] = []  # with when each was used last, the latest at the end
        self._lock = threading.Lock()

    def post(self, url: str, body: Any, headers: Mapping[str, str]) -> Response:
        """What the server answers to a request at an address of its own. Raises OSError and HTTPException.

        It is sent once: a request that fails may have been carried out.
        """
        connection = self._taken()
        try:
            connection.request("POST", url[url.index("/", url.index("//") + 2) :], body, dict(headers))
            response = connection.getresponse()
            found = Response(response.status, response.reason, response.headers, response.read())
        except BaseException:
            connection.close()
            raise
        if response.will_close:
            connection.close()
        else:
            self._given_back(connection)
        return found

    def close(self) -> None:
        """Ends the connections that nobody uses."""
        with self._lock:
            idle, self._idle = self._idle, []
        for _, connection in idle:
            connection.close()

    def _taken(self) -> HTTPConnection:
        """A connection that is still good, as far as can be seen; a new one where there is none."""
        while True:
            with self._lock:
                if not self._idle:
                    break
                used, connection = self._idle.pop()
            if time.monotonic() - used < IDLE and not _has_news(connection):
                return connection
            connection.close()
        if self._address.scheme == "https":
            return HTTPSConnection(self._address.netloc, timeout=self._seconds, context=self._secure)
        return HTTPConnection(self._address.netloc, timeout=self._seconds)

    def _given_back(self, connection: HTTPConnection) -> None:
        with self._lock:
            if len(self._idle) < MOST_IDLE:
                self._idle.append((time.monotonic(), connection))
                return
        connection.close()


def _has_news(connection: HTTPConnection) -> bool:
    """Whether something came in over a connection on which nothing was asked: that it has ended, as a rule."""
    if connection.sock is None:
        return True
    return bool(select.select([connection.sock], [], [], 0)[0])
