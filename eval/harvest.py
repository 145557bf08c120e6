"""Candidate questions for a topics file, from answers that were stored: a person completes them.

The stored answers come as JSON lines, one exchange a line:

    {"answer": {…}, "feedback": [{"helpful": false, "reason": "…", "comment": "…", "citationNumber": 1}],
     "askedAt": "2026-03-01T09:30:00Z"}

`answer` is the JSON of an answer as `vng-assistent ask --json` gives it, or a stored record ("format":
"vng-assistent/answer"). `feedback` and `askedAt` may be left out, and an answer may also stand on a line by itself. Of
an answer only the question, the status and the citations are read; other fields may be there.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from assistant.errors import RecordError
from assistant.masking import mask
from assistant.record import FORMAT, from_json
from eval.errors import HarvestError, Problem
from eval.topics import Evidence, Topic
from eval.words import normalise

_EXTRA = "harvest"  # no field of a topic: a file that still has it is refused until a person took it away
_WHY = re.compile(r"waarom|waardoor|hoe komt", re.IGNORECASE)
_LIST = re.compile(r"welke|noem|wat zijn", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thought of an answer; `citation` is the number of the citation that it is about, if of one."""

    helpful: bool
    reason: str = ""
    comment: str = ""
    citation: int | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question that was asked and what is kept of its answer; not masked yet.

    `question` stands alone: that of a follow-up is the question that was made of it. `fixed` tells whether a fixed
    reply took the place of an answer. `cited` are the citations with their numbers.
    """

    question: str
    status: str
    fixed: bool
    english: bool
    cited: tuple[tuple[int, Evidence], ...]
    feedback: tuple[Feedback, ...]
    asked: date | None

    @property
    def unhelpful(self) -> tuple[Feedback, ...]:
        """The feedback of those whom the answer did not help."""
        return tuple(one for one in self.feedback if not one.helpful)

    @property
    def failed(self) -> bool:
        """Whether it did not help somebody, or did not answer all of a question to the documents."""
        return bool(self.unhelpful) or (self.status != "answered" and not self.fixed)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a file: the exchanges, and the lines that could not be used."""

    exchanges: tuple[Exchange, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that was not answered well, with personal data masked.

    `kind` is a guess by its form. `reasons` say, in Dutch, what was wrong. `times` counts how often it was asked, with
    and without success. `cited` is what was cited then, word for word from the documents; not what was said to be a
    wrong citation.
    """

    question: str
    kind: str
    reasons: tuple[str, ...]
    times: int
    cited: tuple[Evidence, ...]


def read_exchanges(path: Path) -> Reading:
    """The exchanges of a file of JSON lines, and what is wrong with the lines that hold none.

    Raises HarvestError when no line can be used, and OSError.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise HarvestError(path.name, (Problem(0, "encoding"),)) from error
    return exchanges_of(text.split("\n"), path.name)


def exchanges_of(lines: Iterable[str], source: str) -> Reading:
    """The exchanges in these lines of JSON, out of a source of this name. Raises HarvestError when none can be used."""
    read = [_exchange(line, row) for line, row in enumerate(lines, 1) if row.strip()]
    exchanges = tuple(one for one in read if isinstance(one, Exchange))
    problems = tuple(one for one in read if isinstance(one, Problem))
    if not exchanges:
        raise HarvestError(source, problems or (Problem(0, "empty"),))
    return Reading(exchanges, problems)


def candidates(exchanges: Iterable[Exchange], known: Sequence[Topic]) -> list[Candidate]:
    """The questions that did not help somebody, or were not or only partly answered, each once.

    Those asked most often come first, and of these the ones asked last. What is `known` is left out. Questions are the
    same when they have the same words once personal data are masked.
    """
    left_out = {"", *(normalise(mask(topic.question)) for topic in known)}
    masked = [(mask(exchange.question.strip()), exchange) for exchange in exchanges]
    groups: dict[str, list[tuple[str, Exchange]]] = {}
    for question, exchange in masked:
        groups.setdefault(normalise(question), []).append((question, exchange))
    wanted = [
        group for folded, group in groups.items() if folded not in left_out and any(one.failed for _, one in group)
    ]
    wanted.sort(key=lambda group: (len(group), max(one.asked or date.min for _, one in group)), reverse=True)
    return [_candidate(group[0][0], [exchange for _, exchange in group]) for group in wanted]


def candidate_rows(found: Iterable[Candidate]) -> list[dict[str, Any]]:
    """The candidates as rows of a topics file that a person must complete: it is refused as it is.

    To be filled in are "answerable" and "facts"; to be looked over "kind", "evidence" and "all_evidence"; to be taken
    away "harvest", which says why the question is here.
    """
    return [
        {
            "id": f"oogst-{hashlib.sha256(normalise(one.question).encode()).hexdigest()[:10]}",
            "question": one.question,
            "kind": one.kind,
            "answerable": None,
            "evidence": [{"doc": piece.source, "quote": piece.quote} for piece in one.cited],
            "all_evidence": False,
            "facts": [],
            _EXTRA: {"times": one.times, "reasons": list(one.reasons)},
        }
        for one in found
    ]


def candidates_text(found: Iterable[Candidate]) -> str:
    """The candidates as the text of a topics file that a person must complete."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in candidate_rows(found))


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, strict=True)


def _encodable(text: str) -> str:
    """The text, when it can be written to a file: JSON can also spell half a character. Raises ValueError."""
    text.encode()
    return text


_Text = Annotated[str, AfterValidator(_encodable)]


class _WireCitation(_Wire):
    number: int
    source: _Text = Field(min_length=1)
    quote: _Text = Field(min_length=1)


class _WireAnswer(_Wire):
    """What is read of the JSON of an answer."""

    question: _Text
    standalone_question: _Text = ""
    status: Literal["answered", "partial", "not_found"]
    reply: str | None = None
    language: str = "nl"
    citations: list[_WireCitation] = []


class _WireFeedback(_Wire):
    helpful: bool
    reason: _Text | None = None
    comment: _Text | None = None
    citation_number: int | None = None


class _WireExchange(_Wire):
    answer: dict[str, Any]
    feedback: list[_WireFeedback] = []
    asked_at: str | None = None


def _exchange(line: int, text: str) -> Exchange | Problem:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Problem(line, "syntax", getattr(error, "msg", str(error)))
    if not isinstance(row, dict):
        return Problem(line, "no_object")
    bare = "answer" not in row or "format" in row
    place = ""
    try:
        exchange = _WireExchange.model_validate({"answer": row} if bare else row)
        place = "" if bare else "answer."
        return _made(_answer(exchange.answer), exchange)
    except ValidationError as error:
        [first, *_] = error.errors()
        name = place + ".".join(str(part) for part in first["loc"])
        return Problem(line, "missing" if first["type"] == "missing" else "type", name)
    except RecordError as error:
        return Problem(line, "record", f"{error.problem} {error.place}".strip())
    except ValueError:
        return Problem(line, "type", "askedAt")


def _answer(row: dict[str, Any]) -> _WireAnswer:
    """The answer in one of the two forms. Raises ValidationError and RecordError."""
    if row.get("format") != FORMAT:
        return _WireAnswer.model_validate(row)
    answer = from_json(json.dumps(row))
    return _WireAnswer(
        question=answer.query.text,
        standalone_question=answer.standalone_query,
        status=answer.status.value,
        reply=answer.reply.value if answer.reply else None,
        language=answer.language,
        citations=[
            _WireCitation(number=one.number, source=one.document.source, quote=one.quote) for one in answer.citations
        ],
    )


def _made(answer: _WireAnswer, exchange: _WireExchange) -> Exchange:
    """The exchange without what is not needed of it. Raises ValueError for an impossible date."""
    return Exchange(
        question=answer.standalone_question.strip() or answer.question,
        status=answer.status,
        fixed=answer.reply is not None,
        english=answer.language == "en",
        cited=tuple((one.number, Evidence(one.source, one.quote)) for one in answer.citations),
        feedback=tuple(
            Feedback(one.helpful, one.reason or "", one.comment or "", one.citation_number) for one in exchange.feedback
        ),
        asked=datetime.fromisoformat(exchange.asked_at).date() if exchange.asked_at else None,
    )


def _candidate(question: str, exchanges: Sequence[Exchange]) -> Candidate:
    kind = _kind(question, english=any(one.english for one in exchanges))
    reasons = dict.fromkeys(reason for one in exchanges for reason in _reasons(one))
    cited: dict[tuple[str, str], Evidence] = {}
    for piece in (piece for one in exchanges for piece in _cited(one)):
        cited.setdefault((piece.document, normalise(piece.quote)), piece)
    return Candidate(question, kind, tuple(reasons), len(exchanges), tuple(cited.values()))


def _kind(question: str, *, english: bool) -> str:
    if english:
        return "english"
    return "why" if _WHY.match(question) else "list" if _LIST.match(question) else "fact"


def _reasons(exchange: Exchange) -> Iterator[str]:
    """Why an exchange failed, in Dutch, with what was said of it masked."""
    if not exchange.fixed and exchange.status != "answered":
        yield "niet gevonden" if exchange.status == "not_found" else "deels gevonden"
    for one in exchange.unhelpful:
        about = f" bij bron {one.citation}" if one.citation is not None else ""
        said = [mask(text.strip()) for text in (one.reason, one.comment) if text.strip()]
        yield f"duim omlaag{about}" + (f": {'; '.join(said)}" if said else "")


def _cited(exchange: Exchange) -> Iterator[Evidence]:
    """What was cited, without the citations that somebody found wrong."""
    wrong = {one.citation for one in exchange.unhelpful}
    return (piece for number, piece in exchange.cited if number not in wrong)
