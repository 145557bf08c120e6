"""What an evaluation keeps: for each question what was found and answered; and what it was a run of.

These are written as JSON (camelCase) by `vng-assistent evaluate --json`, and read back as the baseline of a later one.
Texts of passages are left out: they are in the library, under the ids that are kept.
"""

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from eval.errors import BaselineError

FORMAT: Literal["vng-assistent/evaluation"] = "vng-assistent/evaluation"
VERSION: Literal[1] = 1


class Record(BaseModel):
    """Names as in Python here, in camelCase on the wire; never changed once made."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid", allow_inf_nan=False
    )


class Piece(Record):
    """A piece of evidence: the source, and the quote that stands in it."""

    source: str
    quote: str


class Asked(Record):
    """A question with what answers it; see `eval.topics.Topic`."""

    topic_id: str
    question: str
    kind: str
    answerable: bool
    evidence: tuple[Piece, ...]
    needs_all: bool
    facts: tuple[tuple[str, ...], ...]
    language: Literal["nl", "en"]
    documents: tuple[str, ...]


class Found(Record):
    """A passage that was found, in order of rank. `evidence` are the places of the pieces that it holds."""

    passage_id: str
    source: str
    page: int | None
    words: int
    evidence: tuple[int, ...]


class Cited(Record):
    """A citation. `exact`: the quote stands, character for character, at its place in its document, on its page.

    `evidence` are the places of the pieces that the quote holds; `near` those that its passage holds.
    """

    number: int
    passage_id: str
    source: str
    title: str
    section: tuple[str, ...]
    page: int | None
    quote: str
    start: int
    end: int
    exact: bool
    evidence: tuple[int, ...]
    near: tuple[int, ...]


class Said(Record):
    """A statement. `supported`: its quotes support all that it says; `needed`: those citations without which they do
    not, or which do so alone (ALCE's precise citations).
    """

    text: str
    citations: tuple[int, ...]
    supported: bool
    needed: tuple[int, ...]


class Given(Record):
    """An answer. Times are in milliseconds; tokens are those of a language model, 0 without one."""

    status: Literal["answered", "partial", "not_found"]
    text: str
    message: str
    statements: tuple[Said, ...]
    citations: tuple[Cited, ...]
    language: Literal["nl", "en"]
    confidence: float
    level: Literal["high", "medium", "low"]
    generator: str
    fell_back: str | None
    prompt_tokens: int
    completion_tokens: int

    @property
    def refused(self) -> bool:
        """Whether it says that the documents do not answer the question."""
        return self.status == "not_found"


class Tampered(Record):
    """How many false statements were put to the verifier, made from this answer, and those that it let through."""

    proposed: int
    shown: tuple[str, ...]


class Judged(Record):
    """What a language model thinks of an answer, each from 1 (bad) to 5 (good). Reported beside, never decides."""

    fluency: int
    completeness: int


class Outcome(Record):
    """What came of one question. `failed` says why there is no answer, None when there is one."""

    asked: Asked
    found: tuple[Found, ...] = ()
    given: Given | None = None
    tampered: Tampered | None = None
    judged: Judged | None = None
    failed: str | None = None
    ask_ms: float | None = None
    search_ms: float | None = None


class Stamp(Record):
    """What was evaluated: enough to do it again.

    `commit` is that of the working directory, None outside a git repository; `changed` tells whether files differed
    from it. `settings` are those in force, without secrets.
    """

    created: str
    version: str
    commit: str | None
    changed: bool
    topics: str
    topics_hash: str
    library: dict[str, str | int]
    settings: dict[str, str]


class Estimate(Record):
    """A measure over some questions: its value, the bounds of its 95 % interval, and the number of questions.

    The bounds are None for fewer than two questions.
    """

    value: float
    low: float | None
    high: float | None
    count: int


Estimates = dict[str, Estimate]
"""Measures by name; one that says nothing of these questions is left out."""


class Summary(Record):
    """The measures over all questions, by kind of question, and by document that holds the evidence."""

    all: Estimates
    kinds: dict[str, Estimates]
    documents: dict[str, Estimates]


class Evaluation(Record):
    """One run of the questions. `warnings` are about questions whose evidence the library does not hold."""

    format: Literal["vng-assistent/evaluation"] = FORMAT
    version: Literal[1] = VERSION
    stamp: Stamp
    summary: Summary
    warnings: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = Field(min_length=1)


def evaluation_text(evaluation: Evaluation) -> str:
    """An evaluation as JSON: all but the outcomes on the first line, and then a line for each of them."""
    head = evaluation.model_dump_json(by_alias=True, exclude={"outcomes"})
    rows = ",\n".join(outcome.model_dump_json(by_alias=True) for outcome in evaluation.outcomes)
    return f'{head[:-1]},"outcomes":[\n{rows}\n]}}\n'


def read_evaluation(path: Path) -> Evaluation:
    """The evaluation in a file. Raises BaselineError when it is none that can be read, and OSError."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise BaselineError(path.name, "syntax") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BaselineError(path.name, "foreign")
    if found.get("version") != VERSION:
        raise BaselineError(path.name, "version", str(found.get("version")))
    try:
        return Evaluation.model_validate_json(json.dumps(found))
    except ValidationError as error:
        first = error.errors()[0]
        raise BaselineError(path.name, "content", ".".join(map(str, first["loc"]))) from None
