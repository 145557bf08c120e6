"""Statements: as rich text, in which nothing of a document or a model is interpreted, and as markdown for a stream."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.types import Citation, Statement
from integrations.slack.render_parts import Json, Links, line, listed, rich, runs
from integrations.slack.text import shown

_ITEM = re.compile(r"\s*[–•*-]\s+")
_AFTER = re.compile(r"[.,;:!?…]?[”’\"']+[.,;:!?]?")  # what may still stand between a quote and its number
_FRAME = re.compile(r"[^“”\n]{1,300}: (?=“)")
# What markdown may read as markup, wherever it stands or at the beginning of a line: a backslash before it makes it a
# character. Nothing else gets one, for a reader would see those that Slack leaves standing.
_MARKDOWN = re.compile(r"[\\`*_\[\]~]|:(?=[\w+'-]+:)|(?<=:)/(?=/)|@(?=\w)|(?<=\bwww)\.", re.IGNORECASE)
_OPENING = re.compile(r"(?m)^(\s*)([#>=+|:-])|^(\s*\d{1,9})([.)])")
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line: text, or with a `number` the marker of a citation."""

    text: str = ""
    number: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or an item of a list."""

    is_item: bool
    runs: tuple[Run, ...]


def lines_of(statement: Statement, citations: Mapping[int, Citation], *, compares: bool = False) -> list[Line]:
    """The lines of a statement, with the number of each citation behind its quote.

    `compares` says that the answer holds several documents side by side: then the one that a line is about is strong.
    """
    text = shown(statement.text).rstrip()
    places = _number_places(text, [shown(citations[one].quote) for one in statement.citations if one in citations])
    # A citation that is not given is put behind the statement, so that no number is ever lost.
    missing = [one for one in statement.citations if one not in citations]
    marks = [*zip(places, [one for one in statement.citations if one in citations], strict=True)]
    marks += [(len(text), one) for one in missing]
    found: list[Line] = []
    start = 0
    for written in text.split("\n"):
        end = start + len(written)
        item = _ITEM.match(written)
        begin = start + (item.end() if item else 0)
        here = [(max(place, begin), number) for place, number in marks if start <= place <= end]
        frame = _FRAME.match(written) if compares and not item else None
        pieces = _cut(text, begin, end, here, start + frame.end() - 1 if frame else begin)
        if pieces:
            found.append(Line(item is not None, tuple(pieces)))
        start = end + 1
    return found


def statement_block(
    statement: Statement,
    citations: Mapping[int, Citation],
    *,
    answer_id: str,
    links: Links,
    compares: bool = False,
    block_id: str = "",
) -> Json:
    """The block of a statement: paragraphs and lists, with [n] behind each quote.

    With web pages each [n] leads to the quote in its document.
    """
    elements: list[Json] = []
    for is_item, group in groupby(lines_of(statement, citations, compares=compares), key=lambda one: one.is_item):
        paragraphs = [line(*(_shown(run, citations, answer_id, links) for run in one.runs)) for one in group]
        elements += [listed(paragraphs)] if is_item else paragraphs
    return rich(elements or [line(runs(" "))], block_id)


def statement_markdown(
    statement: Statement, citations: Sequence[Citation] | Mapping[int, Citation], *, compares: bool = False
) -> str:
    """The statement as markdown for a stream, ending in an empty line; what it says itself is no markup."""
    by_number = citations if isinstance(citations, Mapping) else {one.number: one for one in citations}
    found = []
    for is_item, group in groupby(lines_of(statement, by_number, compares=compares), key=lambda one: one.is_item):
        written = ["".join(_written(run) for run in one.runs).strip() for one in group]
        found += ["\n".join(f"- {one}" for one in written)] if is_item else written
    return "\n\n".join(found) + "\n\n"


def unmarked(text: str) -> str:
    """The text as markdown in which nothing is markup."""
    said = _MARKDOWN.sub(lambda found: f"\\{found[0]}", shown(text))
    said = _OPENING.sub(lambda found: f"{found[1] or found[3] or ''}\\{found[2] or found[4]}", said)
    for character, entity in _ENTITIES:
        said = said.replace(character, entity)
    return said


def _number_places(text: str, quotes: Sequence[str]) -> list[int]:
    """Where the number of each citation goes, in order: behind its quote, or else at the end of the statement."""
    places: list[int] = []
    at = 0
    for quote in quotes:
        found = text.find(f"“{quote}", at)
        closed = _AFTER.match(text, found + 1 + len(quote)) if found >= 0 else None
        at = closed.end() if closed else len(text)
        places.append(at)
    return places


def _cut(text: str, start: int, end: int, marks: Sequence[tuple[int, int]], strong_until: int) -> list[Run]:
    """[start, end) of the text in runs, with the marks in their places."""
    found: list[Run] = []
    cuts = sorted({start, end, strong_until, *(min(place, end) for place, _ in marks)})
    for first, last in zip(cuts, [*cuts[1:], end], strict=True):
        found += [Run(number=number) for place, number in marks if min(place, end) == first]
        if last > first:
            found.append(Run(text[first:last], strong=last <= strong_until))
    return found


def _shown(run: Run, citations: Mapping[int, Citation], answer_id: str, links: Links) -> list[Json]:
    if not run.number:
        return runs(run.text, bold=True) if run.strong else runs(run.text)
    marker = f"[{run.number}]"
    cited = citations.get(run.number)
    url = links.reader(cited.document.doc_id, antwoord=answer_id, bron=run.number) if cited else ""
    if url:
        return [*runs(" "), {"type": "link", "url": url, "text": marker}]
    return runs(f" {marker}", bold=True)


def _written(run: Run) -> str:
    if run.number:
        return f" **\\[{run.number}\\]**"
    if not run.strong:
        return unmarked(run.text)
    # White space within the stars would make them characters.
    inner = run.text.strip()
    return f"**{unmarked(inner)}**{run.text[len(run.text.rstrip()) :]}" if inner else run.text
