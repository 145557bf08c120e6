"""Answers that are kept: written as JSON, read back, and held against the library as it is now.

The JSON is {"format": "vng-assistent/answer", "version": 1, "answer": {...}}, in which every dataclass is an object
with all of its fields by name. Reading is strict: a field that is missing, unknown or of another type is refused, and
so is a statement without a citation.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, Literal, NoReturn, get_args, get_origin, get_type_hints

from assistant.errors import RecordError
from assistant.retrieve import visible_documents
from assistant.types import Answer, Citation, Filters
from assistant.verify import page_at
from ingest.library import Library
from ingest.types import CanonicalText, Document

FORMAT = "vng-assistent/answer"
VERSION = 1


class Outcome(StrEnum):
    """What became of a quote since it was cited."""

    UNCHANGED = "unchanged"  # it stands where it stood
    MOVED = "moved"  # it stands elsewhere in the same source
    CHANGED = "changed"  # the source is there, and the quote no longer stands in it
    GONE = "gone"  # the source is no longer there


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """What became of one citation.

    `start`, `end`, `page` and `page_label` are where the quote stands now, None where it does not. `revised` says
    whether the file of the source is another than it was.
    """

    number: int
    outcome: Outcome
    revised: bool = False
    start: int | None = None
    end: int | None = None
    page: int | None = None
    page_label: str | None = None

    @property
    def stands(self) -> bool:
        """Whether the quote still stands in its source."""
        return self.outcome in (Outcome.UNCHANGED, Outcome.MOVED)


@dataclass(frozen=True, slots=True)
class Recheck:
    """An answer held against a library: a check a citation, and for each statement whether all its citations stand."""

    answer_id: str
    library_version: str
    citations: tuple[CitationCheck, ...]
    statements: tuple[bool, ...]

    @property
    def holds(self) -> bool:
        """Whether every statement still stands."""
        return all(self.statements)


def to_json(answer: Answer) -> str:
    """The answer as JSON text, from which `from_json` makes an equal one. Equal answers give equal texts."""
    record = {"format": FORMAT, "version": VERSION, "answer": answer}
    return json.dumps(record, ensure_ascii=False, allow_nan=False, default=_plain)


def from_json(text: str) -> Answer:
    """The answer that `to_json` wrote. Raises RecordError for any other text."""
    try:
        record = json.loads(text, parse_constant=_no_number)
    except RecordError:
        raise
    except (ValueError, RecursionError) as error:
        raise RecordError("syntax") from error
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise RecordError("foreign")
    version = record.get("version")
    if type(version) is not int or version != VERSION:
        raise RecordError("version", str(version)[:20])
    if record.keys() != {"format", "version", "answer"}:
        raise RecordError("content", "record")
    try:
        answer = _reader(Answer)(record["answer"])
    except _Misfit as misfit:
        _refuse(f"answer{misfit.place}")
    assert isinstance(answer, Answer), "it was read as one"  # noqa: S101
    _check_citations(answer)
    return answer


def recheck(answer: Answer, library: Library, *, groups: frozenset[str] = frozenset()) -> Recheck:
    """What became of each citation of an answer, in the eyes of a caller of these groups.

    A document that the caller may not see is gone for him. Raises LibraryDamaged.
    """
    allowed = visible_documents(library, Filters(), groups)
    documents = {doc_id: library.documents[doc_id] for doc_id in (library.documents if allowed is None else allowed)}
    read = cache(library.canonical)  # an answer mostly cites one document several times
    checks = tuple(_check(citation, documents, read(citation.document.doc_id)) for citation in answer.citations)
    stands = {check.number: check.stands for check in checks}
    return Recheck(
        answer.answer_id,
        library.manifest.library_version,
        checks,
        tuple(all(stands.get(number, False) for number in one.citations) for one in answer.statements),
    )


def _check(citation: Citation, documents: dict[str, Document], canonical: CanonicalText | None) -> CitationCheck:
    document = documents.get(citation.document.doc_id)
    if document is None or canonical is None:
        return CitationCheck(citation.number, Outcome.GONE)
    revised = document.content_hash != citation.document.content_hash
    start, end = citation.start, citation.end
    if revised or canonical.text[start:end] != citation.quote:
        places = find_quote(canonical.text, citation.quote)
        if not places:
            return CitationCheck(citation.number, Outcome.CHANGED, revised)
        start, end = min(places, key=lambda place: abs(place[0] - citation.start))
    page = page_at(canonical, start)
    label = document.page_labels[page - 1] if page and page <= len(document.page_labels) else None
    stays = (start, end, page) == (citation.start, citation.end, citation.page)
    outcome = Outcome.UNCHANGED if stays else Outcome.MOVED
    return CitationCheck(citation.number, outcome, revised, start, end, page, label)


def find_quote(text: str, quote: str) -> list[tuple[int, int]]:
    """Where a quote stands in a text, to the letter but for its white space, and not as a part of a longer word or
    number: "5 miljoen" does not stand in "12,5 miljoen".
    """
    pieces = quote.split()
    if not pieces:
        return []
    before = r"(?<!\w)(?<!\w['’-])(?<!\d[.,])" if pieces[0][0].isalnum() else ""
    after = r"(?!\w)(?!['’-]\w)(?![.,]\d)" if pieces[-1][-1].isalnum() else ""
    return [found.span() for found in re.finditer(before + r"\s+".join(map(re.escape, pieces)) + after, text)]


def _plain(value: Any) -> Any:
    """What JSON does not know as something that it does, one step deep."""
    if isinstance(value, frozenset):
        return sorted(value)
    kind: Any = type(value)
    return {name: getattr(value, name) for name in _names(kind)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass, which are looked up for every answer."""
    return tuple(field.name for field in fields(kind))


class _Misfit(Exception):
    """A value of another type than is asked for; `place` says where it stands, seen from where it was read."""

    def __init__(self, place: str = "") -> None:
        super().__init__(place)
        self.place = place


_Reader = Callable[[Any], Any]


@cache
def _reader(kind: Any) -> _Reader:
    """What reads a value of this type out of JSON, found out once for each type. It raises _Misfit."""
    if get_origin(kind) is UnionType:
        [present] = [one for one in get_args(kind) if one is not type(None)]
        read = _reader(present)
        return lambda value: None if value is None else read(value)
    if get_origin(kind) in (tuple, frozenset):
        return _sequence_reader(kind)
    return _object_reader(kind) if is_dataclass(kind) else _one_reader(kind)


def _one_reader(kind: Any) -> _Reader:
    """What reads a single word, number or text."""
    if get_origin(kind) is Literal:
        words = get_args(kind)
        return lambda value: value if isinstance(value, str) and value in words else _misfit()
    if issubclass(kind, StrEnum):
        members = {one.value: one for one in kind}
        return lambda value: members[value] if isinstance(value, str) and value in members else _misfit()
    if kind is float:  # 1e999 is more than a number can be
        return lambda value: value if type(value) is float and math.isfinite(value) else _misfit()
    # Of this very type: True is no number.
    return lambda value: value if type(value) is kind else _misfit()


def _sequence_reader(kind: Any) -> _Reader:
    """What reads a list of which all items are of one type, or each is of its own."""
    made, arguments = get_origin(kind), get_args(kind)
    one_type = len(arguments) == 1 or arguments[-1] is Ellipsis
    readers = [_reader(one) for one in arguments if one is not Ellipsis]

    def read(value: Any) -> Any:
        if type(value) is not list or not (one_type or len(value) == len(readers)):
            _misfit()
        found: list[Any] = []  # as many as were read when one does not fit
        try:
            for one, of_item in zip(value, readers * len(value) if one_type else readers, strict=True):
                found.append(of_item(one))
        except _Misfit as misfit:
            raise _Misfit(f"[{len(found)}]{misfit.place}") from None
        return made(found)

    return read


def _object_reader(kind: Any) -> _Reader:
    """What reads an object with the fields of a dataclass, all of them and no others."""
    readers = tuple((name, _reader(of_field)) for name, of_field in get_type_hints(kind).items())
    names = tuple(name for name, _ in readers)
    known = frozenset(names)

    def read(value: Any) -> Any:
        if type(value) is not dict:
            _misfit()
        if value.keys() != known:
            _misfit(f".{min(value.keys() ^ known)}")
        found: list[Any] = []
        try:
            for name, of_field in readers:
                found.append(of_field(value[name]))
        except _Misfit as misfit:
            raise _Misfit(f".{names[len(found)]}{misfit.place}") from None
        return kind(*found)

    return read


def _misfit(place: str = "") -> NoReturn:
    raise _Misfit(place)


def _check_citations(answer: Answer) -> None:
    """Raises RecordError unless each statement has a citation, and each citation the quote that it says."""
    numbers = {citation.number for citation in answer.citations}
    if len(numbers) != len(answer.citations):
        _refuse("answer.citations")
    for at, statement in enumerate(answer.statements):
        if not statement.citations or not numbers.issuperset(statement.citations):
            _refuse(f"answer.statements[{at}].citations")
    for at, citation in enumerate(answer.citations):
        if citation.start < 0 or not citation.quote or citation.end - citation.start != len(citation.quote):
            _refuse(f"answer.citations[{at}].quote")


def _no_number(name: str) -> NoReturn:
    raise RecordError("content", name)


def _refuse(place: str) -> NoReturn:
    raise RecordError("content", place)
