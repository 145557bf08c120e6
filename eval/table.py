r"""Questions as a table, for people who write them in a spreadsheet.

A row holds a question with one piece of evidence. More pieces stand in the rows below it, in which every other column
is empty. In the column of facts each line is a fact, with " | " between its alternatives. There, \| is a |, \n a line
end, \\ a backslash, and \s and \t are a space and a tab at the edge of an alternative. Line ends of whatever kind are
"\n": a spreadsheet does not keep others apart.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eval.errors import Problem, TopicsError
from eval.topics import Topic, topics_of

# The columns by the field that they hold: those of a row in a topics file, with "doc" and "quote" of its evidence.
COLUMNS = {
    "id": "nummer",
    "question": "vraag",
    "kind": "soort",
    "answerable": "antwoord staat erin",
    "doc": "document",
    "quote": "citaat",
    "all_evidence": "alle citaten nodig",
    "facts": "feiten",
}
KIND_WORDS = {
    "fact": "feit",
    "list": "opsomming",
    "why": "waarom",
    "paraphrase": "in andere woorden",
    "multi": "meer bewijs nodig",
    "compare": "vergelijking",
    "sloppy": "slordig getypt",
    "english": "in het Engels",
    "unanswerable": "zonder antwoord",
}
YES, NO = "ja", "nee"
MOST_ROWS = 20_000
LONGEST_CELL = 32_767  # what Excel keeps of a cell, counted as UTF-16 does
# Control characters and half characters; and what Excel takes for the code of a character, such as _x000D_.
UNHOLDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|x005F_")

Row = tuple[int, tuple[str, ...]]
"""The cells of a row with its number, 1-based, as the spreadsheet program shows it."""

_CODES = {word.casefold(): code for code, word in KIND_WORDS.items()} | {code: code for code in KIND_WORDS}
_YES = {YES, "j", "waar", "true", "yes"}
_NO = {NO, "n", "onwaar", "false", "no"}
_OF_EVIDENCE = ("doc", "quote")
_ESCAPES = {"\\": "\\\\", "|": "\\|", "\n": "\\n"}
_EDGES = {" ": "\\s", "\t": "\\t"}
_ESCAPED = {"\\": "\\", "|": "|", "n": "\n", "s": " ", "t": "\t"}


def table_of(topics: Iterable[Topic], source: str) -> list[tuple[str, ...]]:
    """The rows of a table with these questions, the header first.

    Raises TopicsError, with the file's name as `source`, when there is something that a spreadsheet cannot hold.
    """
    rows = [tuple(COLUMNS.values())]
    problems: list[Problem] = []
    for topic in topics:
        for row in _rows(topic):
            rows.append(tuple(row.values()))
            problems += (
                Problem(0, what, f"{name} {topic.topic_id}")
                for name, cell in row.items()
                if (what := _unholdable(cell))
            )
    if len(rows) > MOST_ROWS:
        problems.append(Problem(0, "many_rows", str(len(rows))))
    if problems:
        raise TopicsError(source, tuple(problems))
    return rows


def topics_in(rows: Iterable[Row | Problem], source: str) -> list[Topic]:
    """The questions in the rows of a table, of which the first that is not empty is the header. Raises TopicsError."""
    table: list[Row] = []
    problems: list[Problem] = []
    for row in rows:
        if isinstance(row, Problem):
            problems.append(row)
        elif any(cell.strip() for cell in row[1]):
            table.append((row[0], tuple(_one_kind_of_line_end(cell) for cell in row[1])))
        if len(table) > MOST_ROWS:
            raise TopicsError(source, (Problem(0, "many_rows"),))
    if not table:
        raise TopicsError(source, (*problems, Problem(0, "empty")))
    places = {at: name for at, cell in enumerate(table[0][1]) if (name := header_name(cell))}
    if wrong := list(_wrong_header(*table[0], places)):
        raise TopicsError(source, tuple(wrong))
    found = sorted((*_problem_rows(problems), *_topic_rows(table[1:], places)), key=lambda row: row[0])
    return topics_of(found, source)


def header_name(cell: str) -> str | None:
    """The field that a column of this name holds; None for a name that no column has."""
    words = " ".join(cell.split()).casefold()
    return next((name for name, header in COLUMNS.items() if header == words), None)


# Writing


def _rows(topic: Topic) -> Iterator[dict[str, str]]:
    first = {
        "id": topic.topic_id,
        "question": topic.question,
        "kind": KIND_WORDS.get(topic.kind, topic.kind),
        "answerable": YES if topic.answerable else NO,
        "doc": "",
        "quote": "",
        "all_evidence": YES if topic.needs_all else NO,
        "facts": "\n".join(" | ".join(_escaped(one) for one in fact) for fact in topic.facts),
    }
    pieces = [{"doc": found.source, "quote": found.quote} for found in topic.evidence] or [{"doc": "", "quote": ""}]
    empty = dict.fromkeys(COLUMNS, "")
    for at, piece in enumerate(pieces):
        row = (empty if at else first) | piece
        yield {name: _one_kind_of_line_end(cell) for name, cell in row.items()}


def _escaped(alternative: str) -> str:
    text = "".join(_ESCAPES.get(character, character) for character in _one_kind_of_line_end(alternative))
    inside = text.strip(" \t")
    before, after = text[: len(text) - len(text.lstrip(" \t"))], text[len(text.rstrip(" \t")) :]
    return "".join(_EDGES[edge] for edge in before) + inside + "".join(_EDGES[edge] for edge in after)


def _one_kind_of_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unholdable(cell: str) -> str | None:
    if UNHOLDABLE.search(cell):
        return "unholdable"
    return "long_cell" if len(cell.encode("utf-16-le")) // 2 > LONGEST_CELL else None


# Reading


@dataclass(slots=True)
class _Draft:
    """A question as far as it is read: its first row, and the evidence in that and the rows below."""

    line: int
    cells: Mapping[str, str]
    evidence: list[dict[str, str]] = field(default_factory=list)


def _wrong_header(line: int, cells: Sequence[str], places: Mapping[int, str]) -> Iterator[Problem]:
    found = list(places.values())
    if missing := [header for name, header in COLUMNS.items() if name not in found]:
        yield Problem(line, "missing_columns", ", ".join(missing))
    if unknown := [cell.strip() for at, cell in enumerate(cells) if cell.strip() and at not in places]:
        yield Problem(line, "unknown_columns", ", ".join(unknown))
    if repeated := [header for name, header in COLUMNS.items() if found.count(name) > 1]:
        yield Problem(line, "repeated_columns", ", ".join(repeated))


def _problem_rows(problems: Iterable[Problem]) -> Iterator[tuple[int, Problem]]:
    return ((problem.line, problem) for problem in problems)


def _topic_rows(rows: Iterable[Row], places: Mapping[int, str]) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    draft: _Draft | None = None
    for line, cells in rows:
        if any(cell.strip() for at, cell in enumerate(cells) if at not in places):
            yield line, Problem(line, "outside")
        named = dict.fromkeys(COLUMNS, "") | {name: cells[at] for at, name in places.items() if at < len(cells)}
        if any(cell.strip() for name, cell in named.items() if name not in _OF_EVIDENCE):
            if draft:
                yield from _finished(draft)
            draft = _Draft(line, named)
        elif draft is None:
            yield line, Problem(line, "no_question")
            continue
        yield from ((line, problem) for problem in _add_evidence(draft, line, named))
    if draft:
        yield from _finished(draft)


def _add_evidence(draft: _Draft, line: int, cells: Mapping[str, str]) -> Iterator[Problem]:
    """Adds the evidence in a row, if any; gives a problem when half of it is missing."""
    piece = {name: cells[name] for name in _OF_EVIDENCE}
    empty = [name for name, cell in piece.items() if not cell.strip()]
    if not empty:
        draft.evidence.append(piece)
    elif len(empty) == 1:
        yield Problem(line, "blank", empty[0])


def _finished(draft: _Draft) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    answers = {
        "answerable": _yes_or_no(draft.cells["answerable"]),
        # With one piece of evidence, or none, there is nothing to choose.
        "all_evidence": _yes_or_no(draft.cells["all_evidence"] or NO),
    }
    wrong = [name for name, answer in answers.items() if answer is None]
    for name in wrong:
        yield draft.line, Problem(draft.line, "yes_no", f"{name} {draft.cells[name].strip()}")
    if wrong:
        return
    kind = " ".join(draft.cells["kind"].split())
    yield (
        draft.line,
        {
            "id": draft.cells["id"].strip(),
            "question": draft.cells["question"],
            "kind": _CODES.get(kind.casefold(), kind),
            "evidence": draft.evidence,
            "facts": [_alternatives(line) for line in draft.cells["facts"].split("\n") if line.strip()],
            **answers,
        },
    )


def _yes_or_no(cell: str) -> bool | None:
    word = cell.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def _alternatives(fact: str) -> list[str]:
    return [
        re.sub(r"\\([\\|nst])", lambda found: _ESCAPED[found[1]], one.strip(" \t"))
        for one in re.split(r"(?<!\\)\|", fact)
    ]
