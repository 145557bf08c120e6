"""What answers questions, for whoever does not care in which process that happens."""

from collections.abc import Generator
from typing import Protocol

from assistant.types import Answer, Query, ScoredPassage
from assistant.verify import Verified


class Answering(Protocol):
    """Answers questions: an `Assistant` in this process, or an `AssistantPool` of processes. Threads may share it.

    Each call raises BadQuery, LibraryError, and AssistantUnavailable.
    """

    def ask(self, query: Query) -> Answer:
        """The answer to a question."""
        ...

    def stream(self, query: Query) -> Generator[Verified | Answer, None, None]:
        """The statements of the answer, each as soon as it has been checked, and then the whole answer."""
        ...

    def search(self, query: Query) -> list[ScoredPassage]:
        """The passages that may answer a question, best first."""
        ...
