"""The gate before the work: a few questions at once, a queue for the next ones, and no more than that."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.errors import Busy

AT_ONCE = 4
QUEUE = 64
WAIT_SECONDS = 5  # after which asking again makes sense


class Gate:
    """Lets `at_once` callers through, and `queue` wait for their turn. For the callers of one event loop."""

    def __init__(self, *, at_once: int = AT_ONCE, queue: int = QUEUE) -> None:
        self._most = at_once + queue
        self._inside = 0
        self._free = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One's turn, for as long as the `with` block lasts. Raises Busy at once when the queue is full."""
        if self._inside >= self._most:
            raise Busy(WAIT_SECONDS)
        self._inside += 1
        try:
            async with self._free:
                yield
        finally:
            self._inside -= 1
