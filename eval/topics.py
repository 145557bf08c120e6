"""Questions with what answers them: the topics file.

One question a line, in JSON: {"id", "question", "kind", "answerable", "evidence": [{"doc", "quote"}], "all_evidence",
"facts": [[alternative, …], …]}. Evidence is a stretch of a source, so that a judgment stays true when documents are cut
into other passages.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from assistant.assistant import MAX_QUESTION
from eval.errors import Problem, TopicsError
from eval.words import normalise

KINDS = ("fact", "list", "why", "paraphrase", "multi", "compare", "sloppy", "english", "unanswerable")
FIELDS = ("id", "question", "kind", "answerable", "evidence", "all_evidence", "facts")
LARGEST = 20_000_000  # bytes of a file with questions
# Reports make names of files and addresses out of ids.
LONGEST_ID = 80
ID = re.compile(r"[^\W_](?:[\w .-]*\w)?")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote that answers a question, and the source that it stands in."""

    source: str
    quote: str

    @property
    def document(self) -> str:
        """The name that a document is known by, wherever its file stands and whatever its format."""
        return document_name(self.source)


@dataclass(frozen=True, slots=True)
class Topic:
    """A question with what answers it.

    `needs_all`: all of the evidence is needed, not just one piece. `facts` is what an answer must say: of each fact one
    of its alternatives.
    """

    topic_id: str
    question: str
    kind: str
    answerable: bool
    evidence: tuple[Evidence, ...]
    needs_all: bool
    facts: tuple[tuple[str, ...], ...] = ()

    @property
    def language(self) -> str:
        """The language of the question, and so of what is said around the quotes: "nl" or "en"."""
        return "en" if self.kind == "english" else "nl"

    @property
    def documents(self) -> tuple[str, ...]:
        """The names of the documents that hold the evidence, each once."""
        return tuple(dict.fromkeys(found.document for found in self.evidence))


def document_name(source: str) -> str:
    """The file name of a source, without folders and extension."""
    # Some systems write é as an e and an accent.
    return unicodedata.normalize("NFC", PurePosixPath(source.replace("\\", "/")).stem.strip())


def read_topics(path: Path) -> list[Topic]:
    """The questions in a file of JSON lines. Raises TopicsError with every line that cannot be used, and OSError."""
    return topics_of(_rows(content_of(path)), path.name)


def content_of(path: Path) -> bytes:
    """What a file with questions holds. Raises TopicsError when it is too large, and OSError."""
    size = path.stat().st_size
    if size > LARGEST:
        raise TopicsError(path.name, (Problem(0, "too_large", str(size)),))
    return path.read_bytes()


def topics_of(rows: Iterable[tuple[int, Mapping[str, Any] | Problem]], source: str) -> list[Topic]:
    """The questions in these numbered rows, or what is wrong with them. Raises TopicsError."""
    topics: list[Topic] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for line, row in rows:
        if isinstance(row, Problem):
            problems.append(row)
            continue
        found = [*_problems(line, row), *_repeated(line, row.get("id"), seen)]
        if not found:
            topics.append(_topic(row))
        problems += found
    if not topics and not problems:
        problems.append(Problem(0, "empty"))
    if problems:
        raise TopicsError(source, tuple(problems))
    return topics


def topic_row(topic: Topic) -> dict[str, Any]:
    """A question as a row of a topics file."""
    return {
        "id": topic.topic_id,
        "question": topic.question,
        "kind": topic.kind,
        "answerable": topic.answerable,
        "evidence": [{"doc": found.source, "quote": found.quote} for found in topic.evidence],
        "all_evidence": topic.needs_all,
        "facts": [list(alternatives) for alternatives in topic.facts],
    }


def topics_text(topics: Iterable[Topic]) -> str:
    """Questions as the text of a topics file."""
    return "".join(json.dumps(topic_row(topic), ensure_ascii=False) + "\n" for topic in topics)


class _RepeatedField(ValueError):
    """An object that has the same name twice, of which JSON would keep the last."""


def _rows(content: bytes) -> Iterator[tuple[int, Mapping[str, Any] | Problem]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield 0, Problem(0, "encoding")
        return
    # Not splitlines(): JSON lets a text have line ends of other kinds, such as U+2028.
    for line, row in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if row.strip():
            yield line, _object(line, row)


def _object(line: int, row: str) -> Mapping[str, Any] | Problem:
    """The object in one line, or what is wrong: for bad syntax, at which character."""
    try:
        found = json.loads(row, object_pairs_hook=_unique)
    except _RepeatedField as error:
        return Problem(line, "repeated_field", str(error))
    except json.JSONDecodeError as error:
        return Problem(line, "syntax", str(error.pos + 1))
    except (ValueError, RecursionError):  # numbers of thousands of digits; lists in lists in lists
        return Problem(line, "syntax")
    return found if isinstance(found, dict) else Problem(line, "no_object")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _RepeatedField(name)
        found[name] = value
    return found


def _repeated(line: int, topic_id: object, seen: dict[str, int]) -> Iterator[Problem]:
    """The problem that an id was seen before, with the line of that; upper and lower case make no difference."""
    if not isinstance(topic_id, str) or not topic_id.strip():
        return
    if (known := topic_id.casefold()) in seen:
        yield Problem(line, "repeated_id", f"{seen[known]} {topic_id}")
    seen.setdefault(known, line)


def _problems(line: int, row: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with one row: its form first, and when that is right, what it says."""
    form = [
        *(Problem(line, "missing", name) for name in FIELDS if name not in row),
        *(Problem(line, "unknown_field", str(name)) for name in row if name not in FIELDS),
        *(Problem(line, "type", name) for name in FIELDS if name in row and not _has_type(name, row[name])),
    ]
    form = form or [Problem(line, "characters", name) for name in FIELDS if not _is_text(row[name])]
    yield from form or [*_wrong_question(line, row), *_wrong_answer(line, row)]


def _wrong_question(line: int, row: Mapping[str, Any]) -> Iterator[Problem]:
    if not row["id"].strip():
        yield Problem(line, "blank", "id")
    elif len(row["id"]) > LONGEST_ID or not ID.fullmatch(row["id"]):
        yield Problem(line, "id", row["id"])
    if not normalise(row["question"]):
        yield Problem(line, "blank", "question")
    if len(row["question"]) > MAX_QUESTION:
        yield Problem(line, "long_question", str(len(row["question"])))
    if row["kind"] not in KINDS:
        yield Problem(line, "kind", row["kind"])
    elif (row["kind"] == "unanswerable") == row["answerable"]:
        yield Problem(line, "answerable" if row["answerable"] else "unanswerable", row["kind"])


def _wrong_answer(line: int, row: Mapping[str, Any]) -> Iterator[Problem]:
    for name in ("evidence", "facts"):
        if row["answerable"] != bool(row[name]):
            yield Problem(line, "lacking" if row["answerable"] else "surplus", name)
    pieces = [(found["doc"], found["quote"]) for found in row["evidence"]]
    # A quote without words is in no text, and a fact without words in every text.
    if not all(document_name(doc) for doc, _ in pieces):
        yield Problem(line, "blank", "doc")
    if not all(normalise(quote) for _, quote in pieces):
        yield Problem(line, "blank", "quote")
    if not all(fact and all(normalise(one) for one in fact) for fact in row["facts"]):
        yield Problem(line, "blank", "facts")
    if len({(document_name(doc), normalise(quote)) for doc, quote in pieces}) < len(pieces):
        yield Problem(line, "repeated_evidence")


def _has_type(name: str, value: object) -> bool:
    if name in {"id", "question", "kind"}:
        return isinstance(value, str)
    if name in {"answerable", "all_evidence"}:
        return isinstance(value, bool)
    if not isinstance(value, list):
        return False
    if name == "facts":
        return all(isinstance(fact, list) and all(isinstance(one, str) for one in fact) for fact in value)
    return all(
        isinstance(found, dict) and set(found) == {"doc", "quote"} and all(isinstance(v, str) for v in found.values())
        for found in value
    )


def _is_text(value: object) -> bool:
    """Whether all text in a value can be written: JSON can name half a character, which nothing else can hold."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _topic(row: Mapping[str, Any]) -> Topic:
    return Topic(
        row["id"],
        row["question"],
        row["kind"],
        row["answerable"],
        tuple(Evidence(found["doc"], found["quote"]) for found in row["evidence"]),
        row["all_evidence"],
        tuple(tuple(fact) for fact in row["facts"]),
    )
