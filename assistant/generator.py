"""What a generator is: it makes statements out of what was found, each with the quotes it rests on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from assistant.types import Draft, ScoredPassage
from assistant.understand import Question
from ingest.types import CanonicalText

CanonicalTexts = Callable[[str], CanonicalText]
"""Gives the canonical text of a document by its id."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer is made from: the question, the passages that were found for it, best first, and their texts."""

    question: Question
    passages: tuple[ScoredPassage, ...]
    canonical: CanonicalTexts


class Generator(Protocol):
    """Makes drafts of statements, in the order in which they are to be read."""

    @property
    def name(self) -> str:
        """What stands with an answer as what made it."""
        ...

    def drafts(self, evidence: Evidence) -> Iterator[Draft]:
        """The statements, one by one; each is checked before the next is asked for. Raises GeneratorError."""
        ...
