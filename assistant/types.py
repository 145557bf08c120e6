"""The data that flows through `assistant`: a query becomes scored passages, these become an answer."""

from dataclasses import dataclass, field
from enum import StrEnum

from ingest.types import Document, Passage


class Status(StrEnum):
    """Whether a question was answered. Every answer has exactly one."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"


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
class Verdict:
    """How far the evidence answers a question: a probability between 0 and 1, and what it rests on."""

    probability: float
    features: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a query. `confidence` is the judge's probability that the passages answer the question."""

    answer_id: str
    query: Query
    standalone_query: str
    status: Status
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    passages: tuple[ScoredPassage, ...]
    suggestions: tuple[ScoredPassage, ...]
    confidence: float
    generator: str
    library_version: str
    took_ms: float

    @property
    def text(self) -> str:
        """The statements as running text, each followed by its [n] markers; "" when nothing was found."""
        return " ".join(
            statement.text + "".join(f" [{number}]" for number in statement.citations) for statement in self.statements
        )
