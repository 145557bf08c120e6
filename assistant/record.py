"""Answers that are kept: written as JSON, read back, and held against the library as it is now.

The JSON is {"format": "vng-assistent/answer", "version": 1, "answer": {...}}, in which every dataclass is an object
with all of its fields by name. Reading is strict: a field that is missing, unknown or of another type is refused, and
so is a statement without a citation.
"""

import json
import math
import re
from collections.abc import Iterable
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
    answer = _read(Answer, record["answer"], "answer")
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


def _read(kind: Any, value: Any, place: str) -> Any:
    """The value of this type that JSON has at this place."""
    if get_origin(kind) is UnionType:
        [present] = [one for one in get_args(kind) if one is not type(None)]
        return None if value is None else _read(present, value, place)
    if get_origin(kind) in (tuple, frozenset):
        return get_origin(kind)(_read_all(get_args(kind), _expect(list, value, place), place))
    if is_dataclass(kind):
        return _read_fields(kind, _expect(dict, value, place), place)
    return _read_one(kind, value, place)


def _read_one(kind: Any, value: Any, place: str) -> Any:
    if get_origin(kind) is Literal:
        return value if isinstance(value, str) and value in get_args(kind) else _refuse(place)
    if issubclass(kind, StrEnum):
        return kind(value) if isinstance(value, str) and value in list(kind) else _refuse(place)
    if kind is float and type(value) is float and not math.isfinite(value):
        return _refuse(place)  # 1e999, which is more than a number can be
    return _expect(kind, value, place)


def _read_all(arguments: tuple[Any, ...], values: list[Any], place: str) -> Iterable[Any]:
    """The items of a sequence: all of one type, or each of its own."""
    one_type = len(arguments) == 1 or arguments[-1] is Ellipsis
    if not one_type and len(values) != len(arguments):
        _refuse(place)
    kinds = [arguments[0]] * len(values) if one_type else arguments
    return [_read(kind, one, f"{place}[{at}]") for at, (kind, one) in enumerate(zip(kinds, values, strict=True))]


def _read_fields(kind: Any, value: dict[str, Any], place: str) -> Any:
    types = _types(kind)
    if value.keys() != types.keys():
        _refuse(f"{place}.{min(value.keys() ^ types.keys())}")
    return kind(**{name: _read(of_field, value[name], f"{place}.{name}") for name, of_field in types.items()})


@cache
def _types(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _expect(kind: Any, value: Any, place: str) -> Any:
    """The value, when it is of this very type: True is no number."""
    return value if type(value) is kind else _refuse(place)


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
