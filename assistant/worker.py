"""A process that answers one question at a time, and how to talk with it.

Over the pipe goes a call with its query, and back come its items and then its end, which brings the last item along. A
caller that leaves says STOP and waits for the end, so that what is on the pipe always belongs to the question at hand.
"""

import multiprocessing
import pickle
import signal
import traceback
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from typing import Any, Literal

from assistant.answering import Answering
from assistant.errors import AssistantError, AssistantFailed
from assistant.parcel import packed, unpacked
from assistant.types import Answer, Query
from ingest.errors import IngestError

Call = Literal["ask", "stream", "search"]
Recipe = Callable[[], Answering]
"""Makes what answers; picklable, as a function of a module with its arguments is."""

STOP, LEAVE = "stop", "leave"
_READY, _ITEM, _END, _ERROR = "ready", "item", "end", "error"
_GONE = (EOFError, OSError)  # what a pipe says when there is nobody at the other end
_PATIENCE = 5.0  # seconds to leave in


class WorkerGone(Exception):
    """The process is not there any more, whatever the reason; `asked` says that it knew of the question by then."""

    def __init__(self, *, asked: bool = True) -> None:
        super().__init__(asked)
        self.asked = asked


class Worker:
    """A process of our own. For one caller at a time."""

    def __init__(self, recipe: Recipe) -> None:
        # A fresh interpreter: forking this one is not safe once threads run in it.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(recipe, theirs), name="vng-antwoorden", daemon=True)
        try:
            self._process.start()
        except BaseException:
            self._pipe.close()
            raise
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid or 0

    def wait(self) -> None:
        """Returns when questions can be asked. Raises what the recipe raised, and WorkerGone."""
        kind, value = self._receive()
        if kind == _ERROR:
            raise value

    def is_alive(self) -> bool:
        """Whether the process is there, as far as is known."""
        return self._process.is_alive()

    def run(self, call: Call, query: Query) -> Generator[Any, None, None]:
        """What the call gives, item by item. Raises what it raises, and WorkerGone.

        Left early, the call is stopped after the step that is under way.
        """
        self._send((call, query))
        ended = False
        try:
            while True:
                kind, value = self._receive()
                if kind == _ITEM:
                    yield value
                    continue
                ended = True
                if kind == _ERROR:
                    raise value
                yield from value
                return
        except WorkerGone:
            ended = True
            raise
        finally:
            if not ended:
                self._stop()

    def end(self) -> None:
        """Makes the process leave: of its own accord when it can, and otherwise by force."""
        with suppress(WorkerGone):
            self._send(LEAVE)
        self._process.join(_PATIENCE if self.is_alive() else 0)
        self.kill()

    def kill(self) -> None:
        """Ends the process, whatever it is doing; who waits for it gets WorkerGone."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _stop(self) -> None:
        with suppress(WorkerGone):
            self._send(STOP)
            while self._receive()[0] == _ITEM:
                pass

    def _send(self, message: object) -> None:
        try:
            _send(self._pipe, message)
        except _GONE as error:
            raise WorkerGone(asked=False) from error

    def _receive(self) -> tuple[str, Any]:
        try:
            kind, value = _receive(self._pipe)
        except _GONE as error:
            raise WorkerGone from error
        return kind, value


def _work(recipe: Recipe, pipe: Connection) -> None:
    """The life of the process: until it is told to leave, or nobody is there to tell it anything."""
    # Ctrl+C reaches every process of a terminal; when this one leaves is for the server to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(*_GONE):
        try:
            answering = recipe()
        except Exception as error:  # noqa: BLE001 - told to whoever waits for us
            _send(pipe, (_ERROR, portable(error)))
            return
        _send(pipe, (_READY, None))
        while (task := _receive(pipe)) != LEAVE:
            if task != STOP:  # of a call that had ended by then
                call, query = task
                _answer(answering, call, query, pipe)


def _answer(answering: Answering, call: Call, query: Query, pipe: Connection) -> None:
    try:
        if call == "stream":
            last = _stream(answering, query, pipe)
        else:
            last = (answering.ask(query) if call == "ask" else answering.search(query),)
        _send(pipe, (_END, last))
    except _GONE:
        raise
    except Exception as error:  # noqa: BLE001 - told to whoever asked
        _send(pipe, (_ERROR, portable(error)))


def _stream(answering: Answering, query: Query, pipe: Connection) -> tuple[Any, ...]:
    """Sends the items; gives back the last one, an answer, which goes with the end."""
    held: tuple[Any, ...] = ()
    with closing(answering.stream(query)) as items:
        for item in items:
            for one in held:
                _send(pipe, (_ITEM, one))
            held = (item,) if isinstance(item, Answer) else ()
            if held:
                continue
            _send(pipe, (_ITEM, item))
            if pipe.poll():
                _receive(pipe)  # STOP, the only thing that is said during a call
                return ()
    return held


def _send(pipe: Connection, message: object) -> None:
    pipe.send_bytes(packed(message))


def _receive(pipe: Connection) -> Any:
    return unpacked(pipe.recv_bytes())


def portable(error: Exception) -> Exception:
    """The error as it can be told to another process: one of ours as it is, and otherwise what is known of it."""
    if isinstance(error, AssistantError | IngestError):
        with suppress(Exception):
            if type(pickle.loads(pickle.dumps(error))) is type(error):  # noqa: S301 - of our own making
                return error
    where = "".join(traceback.format_tb(error.__traceback__))
    return AssistantFailed(type(error).__qualname__, where)
