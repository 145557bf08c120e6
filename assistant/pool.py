"""The assistant in several processes: an answer is work for one processor, and threads of one process share one."""

import logging
import threading
import time
from collections.abc import Generator
from contextlib import closing
from typing import Any, Self, cast

from assistant.errors import AssistantFailed, AssistantUnavailable
from assistant.types import Answer, Query, ScoredPassage
from assistant.verify import Verified
from assistant.worker import Call, Recipe, Worker, WorkerGone

ATTEMPTS = 2  # at a question; one that costs two processes is not asked again
GRACE_SECONDS = 5.0  # for questions that are under way at the end
_log = logging.getLogger("vng_assistent.pool")


class AssistantPool:
    """Answers as an `Assistant` does, in processes of their own. Threads may share it; they wait for their turn.

    A process that dies is replaced, and what it was asked is asked again. Each makes its own assistant with `recipe`.
    """

    def __init__(self, recipe: Recipe, processes: int) -> None:
        """Returns when all processes can be asked. Raises what `recipe` raises, and AssistantUnavailable."""
        self._recipe = recipe
        self._changed = threading.Condition()
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._missing = 0  # processes that are started when there is no other
        self._closed = False
        started: list[Worker] = []
        try:
            started += (Worker(recipe) for _ in range(processes))
            for worker in started:
                _wait(worker)
        except BaseException:
            for worker in started:
                worker.kill()
            raise
        self._idle += started

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def ask(self, query: Query) -> Answer:
        """The answer to a question. Raises what `Assistant.ask` raises, and AssistantUnavailable."""
        [answer] = self._run("ask", query)
        return cast(Answer, answer)

    def stream(self, query: Query) -> Generator[Verified | Answer, None, None]:
        """The statements of the answer, each as soon as it has been checked, and then the whole answer.

        Raises what `ask` raises. Left early, the work stops after the step that is under way.
        """
        return self._run("stream", query)

    def search(self, query: Query) -> list[ScoredPassage]:
        """The passages that may answer a question, best first. Raises what `ask` raises."""
        [found] = self._run("search", query)
        return cast(list[ScoredPassage], found)

    def pids(self) -> tuple[int, ...]:
        """The numbers of the processes that there are now."""
        with self._changed:
            return tuple(worker.pid for worker in (*self._idle, *self._busy))

    def close(self) -> None:
        """Ends the processes. Questions that are under way may end first, and those that wait are refused."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            until = time.monotonic() + GRACE_SECONDS
            while self._busy and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)
            idle, self._idle = self._idle, []
            busy, self._busy = self._busy, set()
        for worker in busy:
            worker.kill()
        for worker in idle:
            worker.end()

    def _run(self, call: Call, query: Query) -> Generator[Any, None, None]:
        given: list[Any] = []
        attempts = 0
        while attempts < ATTEMPTS:
            worker = self._take()
            alive = True
            try:
                with closing(worker.run(call, query)) as items:
                    for number, item in enumerate(items):
                        if number < len(given):
                            _check_same(item, given[number])
                            continue
                        given.append(item)
                        yield item
                return
            except WorkerGone as gone:
                attempts += gone.asked
                alive = False
                _log.warning("a process that answers is gone; another takes over")
                if given and (call != "stream" or isinstance(given[-1], Answer)):
                    return  # it had said all there was to say
            except AssistantFailed as error:
                _log.error("an answer failed: %s\n%s", error.kind, error.where)
                raise
            finally:
                self._give_back(worker, alive=alive)
        raise AssistantUnavailable("died")

    def _take(self) -> Worker:
        """A process for one question. Raises AssistantUnavailable when it is over, or no process can be started."""
        with self._changed:
            while not self._closed:
                self._drop_dead()
                if self._idle:
                    worker = self._idle.pop()
                    self._busy.add(worker)
                    return worker
                if self._missing:
                    self._missing -= 1
                    break
                self._changed.wait()
            else:
                raise AssistantUnavailable("closed")
        return self._start()

    def _start(self) -> Worker:
        """A new process in place of one that is missing."""
        worker: Worker | None = None
        try:
            worker = Worker(self._recipe)
            _wait(worker)
        except BaseException:
            if worker is not None:
                worker.kill()
            with self._changed:
                self._missing += 1
                self._tell_one()
            raise
        with self._changed:
            if not self._closed:
                self._busy.add(worker)
                return worker
        worker.kill()
        raise AssistantUnavailable("closed")

    def _give_back(self, worker: Worker, *, alive: bool) -> None:
        # One that said nothing more is gone, even while the system still takes it down.
        alive = alive and worker.is_alive()
        with self._changed:
            if worker not in self._busy:
                return  # it was ended while it was out
            self._busy.discard(worker)
            if alive:
                self._idle.append(worker)
            else:
                self._missing += 1
            self._tell_one()
        if not alive:
            worker.kill()

    def _tell_one(self) -> None:
        """Wakes whoever waits longest, for there is one process for one of them; at the end also whoever closes."""
        if self._closed:
            self._changed.notify_all()
        else:
            self._changed.notify()

    def _drop_dead(self) -> None:
        """Forgets the processes that died while nobody asked them anything."""
        for worker in [one for one in self._idle if not one.is_alive()]:
            self._idle.remove(worker)
            self._missing += 1
            worker.kill()


def _wait(worker: Worker) -> None:
    try:
        worker.wait()
    except WorkerGone:
        raise AssistantUnavailable("start") from None


def _check_same(item: Any, given: Any) -> None:
    """Raises AssistantUnavailable where a question that is asked again is answered otherwise than it was begun."""
    if item != given:
        raise AssistantUnavailable("died")
