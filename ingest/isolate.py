"""Run a task on many items in worker processes, so that one bad item cannot hurt the others.

A parser that hangs, crashes or eats memory takes its own process with it and nothing else. The worker processes
come from a fork server where the platform has one: it starts once, imports this module, and then hands out a
fresh process in milliseconds, which matters because every timeout costs a process. Forking this process itself
would be faster still, but is not safe once threads run in it.
"""

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing.context import BaseContext
from typing import Any, Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

from ingest.errors import DamagedFile, ReadError, ReadOutOfMemory, ReadTimeout

T = TypeVar("T")
R = TypeVar("R")

# A worker is replaced after this many items, so that what a parser leaks does not add up.
ITEMS_PER_WORKER = 200
# Items handed out ahead of the one that is waited for: enough to keep every worker busy behind a slow item,
# few enough that the results of 10,000 items never stand in memory together.
AHEAD_PER_WORKER = 4
# The pool as a whole can break, by bad luck, when a worker dies between two items. When it breaks this often in
# front of the same item, it is that item's doing.
BREAKS_PER_ITEM = 3
DETAIL_LENGTH = 200


def run_isolated(
    task: Callable[[T], R],
    items: Iterable[T],
    *,
    name: Callable[[T], str],
    workers: int,
    timeout_s: float,
    memory_mb: int,
) -> Iterator[tuple[T, R | ReadError]]:
    """Each item with what `task` gave back for it, or the `ReadError` it ended in; in the order of the items.

    `task`, the items and the results must be picklable. `name` gives the source that an error names. `timeout_s`
    is per item; `memory_mb` is the address space of one worker (not limited where the platform cannot).
    Leaving the iterator early, or an interrupt, stops the workers at once.
    """
    queue = iter(items)
    jobs: deque[_Job[T]] = deque()
    breaks = 0
    crew = _Crew(task, workers=workers, timeout_s=timeout_s, memory_mb=memory_mb)
    try:
        while True:
            jobs.extend(crew.submit(item, name(item)) for item in islice(queue, workers * AHEAD_PER_WORKER - len(jobs)))
            if not jobs:
                return
            outcome = crew.outcome(jobs[0])
            if outcome is None and breaks + 1 < BREAKS_PER_ITEM:
                breaks += 1
                jobs = crew.restart(jobs)
                continue
            job = jobs.popleft()
            if outcome is None:
                outcome = ReadOutOfMemory(job.source, str(memory_mb))
                jobs = crew.restart(jobs)
            breaks = 0
            yield job.item, outcome
    finally:
        crew.stop()


@dataclass(frozen=True, slots=True)
class _Job(Generic[T]):
    """An item that a worker has or will get, with its pickled outcome to come."""

    item: T
    source: str
    future: "Future[bytes]"


class _Crew(Generic[T, R]):
    """The worker processes, which do one task with the same limits for every item."""

    def __init__(self, task: Callable[[T], R], *, workers: int, timeout_s: float, memory_mb: int) -> None:
        self._task = task
        self._workers = workers
        self._timeout_s = timeout_s
        self._memory_mb = memory_mb
        self._pool = self._open()

    def _open(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._workers,
            max_tasks=ITEMS_PER_WORKER,
            initializer=_enter_worker,
            initargs=(self._memory_mb,),
            context=_start_method(),
        )

    def submit(self, item: T, source: str) -> _Job[T]:
        """The job for an item; when the pool is broken that is found when the outcome is asked for."""
        arguments = (self._task, item, source, self._memory_mb)
        try:
            future: Future[bytes] = self._pool.schedule(_run, args=arguments, timeout=self._timeout_s)
        except RuntimeError as error:  # pebble's word for a pool that is not active, BrokenProcessPool included
            future = Future()
            future.set_exception(BrokenProcessPool(str(error)))
        return _Job(item, source, future)

    def outcome(self, job: _Job[T]) -> Any:
        """What the task gave back or the `ReadError` it ended in, once there; None when the pool broke before that."""
        try:
            return pickle.loads(job.future.result())  # noqa: S301 - made by our own worker
        except TimeoutError:
            return ReadTimeout(job.source, f"{self._timeout_s:g}")
        except ProcessExpired:
            return ReadOutOfMemory(job.source, str(self._memory_mb))
        except (BrokenProcessPool, CancelledError):
            return None

    def restart(self, jobs: Iterable[_Job[T]]) -> deque[_Job[T]]:
        """The same jobs in new workers; those that were done stay done."""
        self.stop()
        self._pool = self._open()
        return deque(job if _has_outcome(job) else self.submit(job.item, job.source) for job in jobs)

    def stop(self) -> None:
        """Stop the workers, whatever they are doing."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


class StandingCrew(Generic[T, R]):
    """Worker processes that stay for the next item; safe to use from several threads. They start at the first item.

    The task, the items and the results must be picklable, and no result is None; see `run_isolated`.
    """

    def __init__(self, task: Callable[[T], R], *, workers: int, timeout_s: float, memory_mb: int) -> None:
        self._open = partial(_Crew[T, R], task, workers=workers, timeout_s=timeout_s, memory_mb=memory_mb)
        self._memory_mb = memory_mb
        self._lock = threading.Lock()
        self._crew: _Crew[T, R] | None = None

    def run(self, item: T, source: str) -> Any:
        """What the task gives back for this item. Raises the `ReadError` that it ends in, which names `source`."""
        for _ in range(BREAKS_PER_ITEM):
            with self._lock:
                crew = self._crew = self._crew or self._open()
            outcome = crew.outcome(crew.submit(item, source))
            if isinstance(outcome, ReadError):
                raise outcome
            if outcome is not None:
                return outcome
            self._let_go(crew)
        raise ReadOutOfMemory(source, str(self._memory_mb))

    def _let_go(self, broken: _Crew[T, R]) -> None:
        with self._lock:
            if self._crew is broken:
                self._crew = None
                broken.stop()

    def stop(self) -> None:
        """Stop the workers, whatever they are doing; the next item starts new ones."""
        with self._lock:
            crew, self._crew = self._crew, None
        if crew is not None:
            crew.stop()


def _has_outcome(job: _Job[T]) -> bool:
    return job.future.done() and not isinstance(job.future.exception(), BrokenProcessPool)


def _start_method() -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    # Imported once, in the server; every worker then has them from the start.
    context.set_forkserver_preload(["__main__", __name__])
    return context


def _enter_worker(memory_mb: int) -> None:
    """Make this process a worker: silent, limited in memory, and gone at once when it is told to stop."""
    # Native code that is stuck never reaches a Python signal handler, and there is nothing here to clean up.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    os.close(silence)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - only POSIX has it

        limit = memory_mb * 1024 * 1024
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        with contextlib.suppress(OSError, ValueError):  # macOS knows the limit but may refuse to set it
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _run(task: Callable[[T], R], item: T, source: str, memory_mb: int) -> bytes:
    """The pickled result or `ReadError` of one item. Pickled here, where every failure is still this item's."""
    try:
        return pickle.dumps(task(item), pickle.HIGHEST_PROTOCOL)
    except ReadError as error:
        return pickle.dumps(error)
    except MemoryError:
        return pickle.dumps(ReadOutOfMemory(source, str(memory_mb)))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a parser does, the other items go on
        return pickle.dumps(DamagedFile(source, f"{type(error).__name__}: {error}"[:DETAIL_LENGTH]))
