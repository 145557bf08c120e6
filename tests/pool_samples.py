"""What processes answer with in tests: the assistant itself, and ones that misbehave in a known way."""

import os
import signal
import time
from collections.abc import Generator
from pathlib import Path

from assistant.answering import Answering
from assistant.assistant import Assistant
from assistant.errors import SettingsError
from assistant.types import Answer, Query, ScoredPassage
from assistant.verify import Verified
from ingest.encode import load_encoder
from ingest.library import LiveLibrary

FATAL = "noodlottig"


def assistant_of(data: Path) -> Answering:
    """The assistant of this data directory."""
    encoder = load_encoder(None)
    return Assistant(LiveLibrary(data, encoder), encoder)


def refusing() -> Answering:
    """Nothing: it cannot be made."""
    raise SettingsError(("VNG_ENCODER: dit model is er niet.",))


def leaving() -> Answering:
    """Nothing: the process ends first."""
    os._exit(3)


def trying(data: Path, notes: Path) -> Answering:
    """The assistant of this data directory, and a note of everything that is asked."""
    return Trying(assistant_of(data), notes)


class Trying:
    """Answers, and does what the question tells it to do on the way; `notes` gets a line a step."""

    def __init__(self, inner: Answering, notes: Path) -> None:
        self._inner = inner
        self._notes = notes

    def ask(self, query: Query) -> Answer:
        """The answer; the first word of the question says what happens before."""
        self._note("ask")
        match query.text.split()[0]:
            case "sterf":  # once
                if self._count("ask") == 1:
                    self._die()
            case "noodlottig":
                self._die()
            case "breek":
                raise ZeroDivisionError(query.text)
            case "wacht":
                time.sleep(60)
        return self._inner.ask(query)

    def stream(self, query: Query) -> Generator[Verified | Answer, None, None]:
        """The statements over and over, and then the answer."""
        *statements, answer = self._inner.stream(query)
        self._note("stream")
        for number in range(1000 if query.text.startswith("eindeloos") else 3):
            if query.text.startswith("sterf") and number == 2 and self._count("stream") == 1:
                self._die()
            self._note(f"step {number}")
            yield from statements[:1]
            time.sleep(0.01)
        yield answer

    def search(self, query: Query) -> list[ScoredPassage]:
        """The passages."""
        return self._inner.search(query)

    def _die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def _note(self, line: str) -> None:
        with self._notes.open("a", encoding="utf-8") as stream:
            stream.write(f"{line}\n")

    def _count(self, line: str) -> int:
        return self._notes.read_text(encoding="utf-8").splitlines().count(line)
