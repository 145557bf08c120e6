"""The data that flows through `assistant`: a query becomes scored passages, these become an answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from ingest.types import CanonicalText, Document, Passage

CanonicalTexts = Callable[[str], CanonicalText]
"""Gives the canonical text of a document by its id."""


class Status(StrEnum):
    """Whether a question was answered. Every answer has exactly one."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"


class Reply(StrEnum):
    """What is no question to the documents, and gets a fixed reply. The status of such an answer is not_found."""

    GREETING = "greeting"
    THANKS = "thanks"
    ABOUT = "about"  # a question about the assistant itself
    TASK = "task"  # something to be made or done: a poem, a translation, a sum
    PERSONAL = "personal_data"  # private particulars of a person
    OPINION = "opinion"  # what the assistant itself thinks, or whom to vote for


class Level(StrEnum):
    """How sure an answer is, as it is shown."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Reason(StrEnum):
    """Why a passage that comes near does not answer the question."""

    OTHER_DOCUMENT = "other_document"  # than the one that is asked about
    OTHER_YEAR = "other_year"
    OTHER_NAME = "other_name"  # a person, place or organisation of the question is not in it
    NO_AMOUNT = "no_amount"
    NO_TIME = "no_time"
    NO_PERSON = "no_person"
    NO_REASON = "no_reason"
    PART = "part"  # it speaks of some of what is asked for
    SUBJECT = "subject"  # it is only about something alike


Language = Literal["nl", "en"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents a question is about; empty and None mean no restriction.

    `issued_from` and `issued_to` are ISO 8601 and inclusive; a document without a date falls outside both.
    """

    doc_ids: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    issued_from: str | None = None
    issued_to: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and the text of its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question. `groups` are the groups its asker belongs to; documents of other groups do not exist for it."""

    text: str
    top_k: int = 10
    filters: Filters = Filters()
    history: tuple[Turn, ...] = ()
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RetrieverRank:
    """Where one retriever put a passage: 1-based rank, and its own score."""

    retriever: str
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A retrieved passage. `rank` is 1-based; `parts` is what each retriever made of it."""

    passage: Passage
    document: Document
    score: float
    rank: int
    retriever: str
    parts: tuple[RetrieverRank, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote that stands, character for character, at [start, end) of its document's canonical text.

    `page` is the 1-based page on which all of it stands, None where the document has no pages; `page_label` is
    what is printed on that page, where that is known.
    """

    number: int
    passage: Passage
    document: Document
    quote: str
    start: int
    end: int
    page: int | None = None
    page_label: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of an answer, with the numbers of the citations that support it; never without one."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement that a generator proposes: its text and the quotes, as (document id, start, end), it rests on."""

    text: str
    quotes: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A passage that comes near a question that was not answered, and why it does not answer it.

    `detail` is the word that the reason is about: the year, the name; "" where there is none.
    """

    passage: ScoredPassage
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Generation:
    """How the statements of an answer were made, kept with it for whoever must account for it.

    `model` and `prompt_version` are those of a language model, None without one. `checks` names what every statement
    was held against, `dropped` counts the statements that did not hold. `fell_back` says in one word why a language
    model that is configured did not make the answer ("timeout", "rate_limit", …), None where it did.
    """

    generator: str
    model: str | None = None
    prompt_version: str | None = None
    checks: tuple[str, ...] = ()
    dropped: int = 0
    fell_back: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far the evidence answers a question, and what that rests on.

    `probability` is that of what was found answering the question, and `in_domain` that of the library being about such
    a thing at all; both between 0 and 1.
    """

    probability: float
    in_domain: float
    features: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a query.

    `confidence` is how likely what is quoted answers the question, 0 where nothing is; `level` is the same in three
    steps. `suggestions` and `questions` help on where nothing was found: what came near and why that is no
    answer, and questions that the documents do answer. `reply` is set where a fixed reply took the place of an answer.
    """

    answer_id: str
    query: Query
    standalone_query: str
    status: Status
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    passages: tuple[ScoredPassage, ...]
    suggestions: tuple[Suggestion, ...]
    confidence: float
    level: Level
    generation: Generation
    library_version: str
    took_ms: float
    language: Language = "nl"
    questions: tuple[str, ...] = ()
    reply: Reply | None = None

    @property
    def generator(self) -> str:
        """What made the statements: "extractive", or the name of a language model."""
        return self.generation.generator

    @property
    def text(self) -> str:
        """The statements as running text, each followed by its [n] markers; "" when nothing was found."""
        return " ".join(
            statement.text + "".join(f" [{number}]" for number in statement.citations) for statement in self.statements
        )
