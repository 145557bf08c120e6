"""Server-sent events: the work runs in a thread at its own pace, and stops when the client has left."""

import threading
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass

import anyio
from anyio.from_thread import run_sync as run_in_loop
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from anyio.to_thread import run_sync as run_in_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.gate import Gate
from api.problems import INTERNAL, Problem, log_failure, problem_of

MEDIA_TYPE = "text/event-stream"
HEARTBEAT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its name, and its data as JSON text on one line."""

    name: str
    data: str

    def encode(self) -> bytes:
        """The event as it goes over the wire; without a name it is a comment, which only shows that we are there."""
        return f"event: {self.name}\ndata: {self.data}\n\n".encode() if self.name else f": {self.data}\n\n".encode()


_HEARTBEAT = Event("", "nog bezig")
Events = Callable[[], Generator[Event, None, None]]
_Outbox = MemoryObjectSendStream[Event | Exception]
_Inbox = MemoryObjectReceiveStream[Event | Exception]


class EventStream(Response):
    """A response of the events that `events` makes, each sent as soon as it is there.

    What goes wrong before the first event is a response of its own, with the status of the problem; after that it is
    an event `problem`. Waits its turn at the gate, and is past it when the work is done, however slow the client reads.
    """

    def __init__(self, events: Events, gate: Gate, request_id: str, *, heartbeat: float = HEARTBEAT_SECONDS) -> None:
        super().__init__(media_type=MEDIA_TYPE, headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]  # nobody knows it yet
        self._events = events
        self._gate = gate
        self._request_id = request_id
        self._heartbeat = heartbeat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the events, for as long as there is somebody to send them to."""
        left = threading.Event()
        outbox, inbox = anyio.create_memory_object_stream[Event | Exception](float("inf"))
        with inbox:
            async with anyio.create_task_group() as group:
                group.start_soon(self._work, outbox, left)
                group.start_soon(_watch, receive, left, group.cancel_scope)
                try:
                    await self._send_all(inbox, scope, receive, send)
                finally:
                    left.set()
                group.cancel_scope.cancel()

    async def _work(self, outbox: _Outbox, left: threading.Event) -> None:
        with outbox:
            try:
                async with self._gate.turn():
                    await run_in_thread(self._make, outbox, left)
            except Exception as error:  # noqa: BLE001 - told to the client, whatever it is
                _put(outbox, error)

    def _make(self, outbox: _Outbox, left: threading.Event) -> None:
        events = self._events()
        try:
            for event in events:
                if left.is_set():
                    return
                run_in_loop(_put, outbox, event)
        finally:
            events.close()

    async def _send_all(self, inbox: _Inbox, scope: Scope, receive: Receive, send: Send) -> None:
        item = await self._next(inbox)
        if isinstance(item, Exception):
            await self._problem(item).response(self._request_id)(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        while item is not None:
            event = (
                Event("problem", self._problem(item).text(self._request_id)) if isinstance(item, Exception) else item
            )
            await send({"type": "http.response.body", "body": event.encode(), "more_body": True})
            item = await self._next(inbox)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self, inbox: _Inbox) -> Event | Exception | None:
        """What is to be sent next: a heartbeat where nothing comes, None at the end."""
        with anyio.move_on_after(self._heartbeat):
            try:
                return await inbox.receive()
            except anyio.EndOfStream:
                return None
        return _HEARTBEAT

    def _problem(self, error: Exception) -> Problem:
        problem = problem_of(error)
        if problem is INTERNAL:
            log_failure(error, self._request_id)
        return problem


async def _watch(receive: Receive, left: threading.Event, scope: anyio.CancelScope) -> None:
    """Ends everything when the client leaves; a step of the work that is under way ends first."""
    while (await receive())["type"] != "http.disconnect":
        pass
    left.set()
    scope.cancel()


def _put(outbox: _Outbox, item: Event | Exception) -> None:
    with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):  # nobody reads any more
        outbox.send_nowait(item)
