"""What a generator is: it makes statements out of what was found, each with the quotes it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from assistant.choose import Chosen
from assistant.types import CanonicalTexts, Draft, ScoredPassage, Verdict
from assistant.understand import Question


@dataclass(frozen=True, slots=True)
class Part:
    """One of the questions that a question consists of, often the only one: the sentences that may answer it, best
    first, and how likely the passages answer it.
    """

    question: Question
    sentences: tuple[Chosen, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer is made from: the question, the passages that were found for it, best first, their texts, and the
    parts of the question that they answer.
    """

    question: Question
    passages: tuple[ScoredPassage, ...]
    canonical: CanonicalTexts
    parts: tuple[Part, ...] = ()


class Generator(Protocol):
    """Makes drafts of statements, in the order in which they are to be read."""

    @property
    def name(self) -> str:
        """What stands with an answer as what made it."""
        ...

    def drafts(self, evidence: Evidence) -> Iterator[Draft]:
        """The statements, one by one; each is checked before the next is asked for. Raises GeneratorError."""
        ...
