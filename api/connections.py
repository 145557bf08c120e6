"""Connections that do nothing are cut: the server itself waits for as long as a client likes."""

import asyncio
from typing import Any

HEAD_SECONDS = 10.0  # for the line and headers of a request, from its first byte or from the connection on
TAKE_SECONDS = 30.0  # for a client to take something of what is sent to it
HEAD_BYTES = 64 * 1024
MOST = 400  # connections at a time; well below the number of files that a process may have open


def patient_protocol(
    *, head_seconds: float = HEAD_SECONDS, take_seconds: float = TAKE_SECONDS, most: int = MOST
) -> type[asyncio.Protocol]:
    """The server's own protocol, with an end to its patience.

    A connection is cut when a request does not begin, or its headers do not end, in time or in HEAD_BYTES; and when the
    client takes nothing of the response. (How long a body may take is up to the application.)

    When there are too many connections, the one that has waited longest without a request makes room; where all are at
    work, the new one is cut.
    """
    from uvicorn.protocols.http.auto import AutoHTTPProtocol  # noqa: PLC0415 - heavy

    ours: Any = AutoHTTPProtocol  # of one of several libraries, whichever is there

    class PatientProtocol(ours):  # type: ignore[misc]
        """A connection with an end to its patience."""

        _head: asyncio.TimerHandle | None = None
        _head_bytes = 0
        _take: asyncio.TimerHandle | None = None
        _untaken = 0  # bytes

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            """There is a client."""
            super().connection_made(transport)
            self._expect_head()
            if len(self.connections) > most:
                self._make_room()

        def connection_lost(self, exc: Exception | None) -> None:
            """The client is gone."""
            self._stop()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            """The client sent something."""
            before = self.cycle
            waited = self.is_waiting()
            super().data_received(data)
            if self.cycle is not before:
                self._head = _cancel(self._head)
                self._head_bytes = 0
            elif waited:
                self._head_bytes += len(data)
                if self._head_bytes > HEAD_BYTES:
                    self.transport.abort()
                elif self._head is None:
                    self._expect_head()

        def pause_writing(self) -> None:
            """The client has more to take than is kept for it."""
            super().pause_writing()
            self._untaken = self.transport.get_write_buffer_size()
            self._expect_taking()

        def resume_writing(self) -> None:
            """The client took enough of it."""
            super().resume_writing()
            self._take = _cancel(self._take)

        def is_waiting(self) -> bool:
            """Whether no request is under way."""
            return self.cycle is None or bool(self.cycle.response_complete)

        def waits_until(self) -> float:
            """When its patience ends, on the clock of the loop."""
            timer = self._head or self.timeout_keep_alive_task
            return timer.when() if timer else self.loop.time()

        def _expect_head(self) -> None:
            self._head = self.loop.call_later(head_seconds, self.transport.abort)

        def _expect_taking(self) -> None:
            _cancel(self._take)
            self._take = self.loop.call_later(take_seconds, self._check_taking)

        def _check_taking(self) -> None:
            left = self.transport.get_write_buffer_size()
            if left >= self._untaken:
                self.transport.abort()
            else:
                self._untaken = left
                self._expect_taking()

        def _make_room(self) -> None:
            open_ones = [one for one in self.connections if not one.transport.is_closing()]
            if len(open_ones) > most:
                waiting = [one for one in open_ones if one is not self and one.is_waiting()]
                # The first to be cut anyhow.
                min(waiting, key=lambda one: one.waits_until(), default=self).transport.abort()

        def _stop(self) -> None:
            self._head, self._take = _cancel(self._head), _cancel(self._take)

    return PatientProtocol


def _cancel(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """No timer, in place of this one, which no longer does anything."""
    if timer is not None:
        timer.cancel()
    return None
