"""Many questions at once: clients that ask one after the other, or at a pace of their own."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.http_client import Client


@dataclass(frozen=True, slots=True)
class Target:
    """A server that answers a question at this port, at this path, in the words of its own interface."""

    name: str
    port: int
    path: str
    wrap: str  # what surrounds the question, as JSON with %s where it stands

    def body(self, question: str) -> bytes:
        """The body of the request for a question."""
        return self.wrap.replace("%s", json.dumps(question, ensure_ascii=False)).encode()


@dataclass(slots=True)
class Outcome:
    """What came of it: the milliseconds of each answer, what went wrong, and what it took."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    client_cpu: float = 0.0  # seconds

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.milliseconds) / self.seconds


def closed_loop(target: Target, questions: Sequence[str], *, clients: int, count: int, seconds: float) -> Outcome:
    """So many clients ask one question after the other, until there are `count` answers or the time is over."""
    return asyncio.run(_closed(target, questions, clients, count, seconds))


def paced_loop(target: Target, questions: Sequence[str], *, clients: int, rate: float, count: int) -> Outcome:
    """So many clients ask `count` questions, `rate` a second between them, in turn.

    The time of an answer starts when its question should have been sent, also where its client was still waiting then.
    """
    return asyncio.run(_paced(target, questions, clients, rate, count))


async def _closed(target: Target, questions: Sequence[str], clients: int, count: int, seconds: float) -> Outcome:
    outcome, numbers = Outcome(), iter(range(count))
    until = time.perf_counter() + seconds

    async def ask() -> None:
        client = Client(target.port)
        for number in numbers:
            if time.perf_counter() > until:
                break
            await _timed(client, target, questions[number % len(questions)], outcome, time.perf_counter())
        await client.close()

    await _measured(outcome, *(ask() for _ in range(clients)))
    return outcome


async def _paced(target: Target, questions: Sequence[str], clients: int, rate: float, count: int) -> Outcome:
    outcome, started = Outcome(), time.perf_counter()

    async def ask(first: int) -> None:
        client = Client(target.port)
        for number in range(first, count, clients):
            due = started + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await _timed(client, target, questions[number % len(questions)], outcome, due)
        await client.close()

    await _measured(outcome, *(ask(first) for first in range(clients)))
    return outcome


async def _measured(outcome: Outcome, *work: object) -> None:
    started, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*work)  # type: ignore[call-overload]
    outcome.seconds, outcome.client_cpu = time.perf_counter() - started, time.process_time() - cpu


async def _timed(client: Client, target: Target, question: str, outcome: Outcome, started: float) -> None:
    try:
        reply = await client.send("POST", target.path, target.body(question), ("Content-Type: application/json",))
    except (OSError, EOFError, TimeoutError) as error:
        outcome.errors.append(type(error).__name__)
        return
    if reply.status in (200, 201):
        outcome.milliseconds.append((time.perf_counter() - started) * 1000)
    else:
        outcome.errors.append(str(reply.status))
