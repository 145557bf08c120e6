"""The text of a PDF across its columns and pages: paragraphs that were interrupted made whole, and made into blocks."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.read.pdf.geometry import Line, Table
from ingest.read.pdf.paragraphs import Draft, ended, is_contents, marker, was_cut_short
from ingest.read.pdf.text import Spelling, joined
from ingest.read.rows import as_row
from ingest.types import Block

_DIVIDED = re.compile(r"[^\W\d_]-$")
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}")
_FURTHEST = 12  # items: how far away the rest of an interrupted paragraph is looked for


def whole(items: Sequence[Draft | Table]) -> list[Draft | Table]:
    """The items, each paragraph that runs on in the next column or page joined; what interrupted it comes after it."""
    waiting = list(items)
    result: list[Draft | Table] = []
    while waiting:
        item = waiting.pop(0)
        while isinstance(item, Draft) and (index := _rest(item, waiting)) is not None:
            rest = waiting.pop(index)
            if isinstance(rest, Draft):
                item = replace(item, lines=item.lines + rest.lines)
        result.append(item)
    return result


def blocks(items: Sequence[Draft | Table], known: Spelling) -> tuple[Block, ...]:
    """The items as blocks; `known` is how the document spells its words."""
    made = (_table(item) if isinstance(item, Table) else _block(item, known) for item in items)
    return tuple(block for block in made if block.text)


def _table(table: Table) -> Block:
    return Block("table", "\n".join(filter(None, map(as_row, table.rows))), page=table.page)


def _block(item: Draft, known: Spelling) -> Block:
    bullet = item.marker if item.kind == "list_item" and not any(map(str.isalnum, item.marker.strip("o "))) else ""
    lines = [replace(item.first, text=item.first.text.removeprefix(bullet)), *item.lines[1:]]
    lines = [replace(line, text=_LEADERS.sub(" ..... ", line.text)) for line in lines]
    lines = [replace(line, text=" ".join(line.text.split())) for line in lines]
    text = joined(lines, known)
    return Block(item.kind, text.text, level=item.level, page=item.first.page, breaks=text.breaks)


def _rest(item: Draft, waiting: Sequence[Draft | Table]) -> int | None:
    """Where the rest of an interrupted paragraph or list item stands among the items that follow; None if nowhere."""
    if item.kind not in {"paragraph", "list_item"} or item.first.inset or is_contents(item.lines[-1]):
        return None
    for index, other in enumerate(waiting[:_FURTHEST]):
        if isinstance(other, Table) or other.first.inset or other.kind in {"quote", "caption", "footnote"}:
            continue
        return index if _runs_on(item, other, interrupted=index > 0) else None
    return None


def _runs_on(item: Draft, rest: Draft, *, interrupted: bool) -> bool:
    last, first = item.lines[-1], rest.first
    if rest.kind != "paragraph" or first.page - last.page not in {0, 1} or is_contents(first):
        return False
    if not (interrupted or first.page != last.page or first.column != last.column):
        return False
    size = last.style.size
    if abs(first.style.size - size) > 0.06 * size or (item.style.bold != rest.style.bold):
        return False
    if first.text[:1].islower():
        return bool(_DIVIDED.search(last.text)) or not last.text.endswith((":", ";", "?", "!"))
    if ended(last.text) or _DIVIDED.search(last.text) or item.kind == "list_item" or marker(first):
        return False
    return _is_full(last, first) and len(item.lines) > 1 and not _is_indented(rest)


def _is_full(last: Line, first: Line) -> bool:
    return not was_cut_short(last, first.first_width)


def _is_indented(item: Draft) -> bool:
    return len(item.lines) > 1 and item.first.x0 - item.lines[1].x0 > 0.7 * item.first.style.size
