"""A run: all questions put to the assistant, in several processes, going on where an earlier run was interrupted."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from itertools import count

from eval.errors import WorkerLost
from eval.examine import Open, Subject, examine
from eval.journal import Journal
from eval.records import Outcome
from eval.topics import Topic

TAMPERED = 200  # questions at most of whose answers false versions are made: 1,600 of these are enough
PER_WORKER = 20  # questions, for fewer of which a process of its own is not worth its start
# A process a core: threads of its own for sums would only stand in the way of the other processes.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

Task = tuple[Topic, bool]
"""A question, and whether false versions of its answer are made."""

Progress = Callable[[int, int], None]
"""Told how many questions are done, of how many."""


def run(
    topics: Sequence[Topic], open_subject: Open, journal: Journal, *, workers: int, progress: Progress
) -> list[Outcome]:
    """What came of each question, in their order; those in the journal are not asked again.

    Raises WorkerLost when one of the processes ends before its work is done, and what opening the subject raises.
    """
    every = -(-len(topics) // TAMPERED)
    waiting = [(topic, at % every == 0) for at, topic in enumerate(topics) if topic.topic_id not in journal.done]
    progress(len(topics) - len(waiting), len(topics))
    done = count(1)
    # Closed at once when this is interrupted, so that no process goes on with what is waiting.
    with closing(_examined(waiting, open_subject, min(workers, len(waiting) // PER_WORKER))) as outcomes:
        for outcome in outcomes:
            journal.add(outcome)
            progress(len(topics) - len(waiting) + next(done), len(topics))
    return [journal.done[topic.topic_id] for topic in topics]


def _examined(topics: Sequence[Task], open_subject: Open, workers: int) -> Generator[Outcome, None, None]:
    if not topics:
        return
    if workers < 2:
        subject = open_subject()
        try:
            for topic, tamper in topics:
                yield examine(topic, subject, tamper=tamper)
        finally:
            subject.close()
        return
    # Spawned, not forked: the libraries that indexes are read with start threads.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _start, (open_subject,))
    lost: BrokenProcessPool | None = None
    try:
        with _one_thread():
            futures = [pool.submit(_examine, topic, tamper) for topic, tamper in topics]
        for future in as_completed(futures):
            try:
                yield future.result()
            except BrokenProcessPool as error:
                lost = error  # others may have been done before it
    except BrokenProcessPool as error:  # lost before all were handed out
        raise WorkerLost from error
    finally:
        pool.shutdown(cancel_futures=True)  # not as a context: leaving that would wait for all that was submitted
    if lost:
        raise WorkerLost from lost


@contextmanager
def _one_thread() -> Iterator[None]:
    """While this lasts, processes are started with one thread for sums."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


_to_open: list[Open] = []
_opened: list[Subject] = []
"""What a process of the pool has open, for as long as it lives."""


def _start(open_subject: Open) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interruption is for the process that started this one
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _to_open.append(open_subject)


def _end_with_parent() -> None:
    """End this process when the one that started it was killed: it would wait for questions for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _examine(topic: Topic, tamper: bool) -> Outcome:
    if not _opened:  # here, so that what opening raises comes back as the outcome of a question
        _opened.append(_to_open[0]())
    return examine(topic, _opened[0], tamper=tamper)
