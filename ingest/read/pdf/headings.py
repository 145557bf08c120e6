"""The level of each heading of a PDF: by the bookmarks where it has them, and by how headings look."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ingest.read.pdf.geometry import Table
from ingest.read.pdf.kinds import LARGER, Bookmarks, bookmark_level
from ingest.read.pdf.paragraphs import Draft, Setting
from ingest.read.pdf.text import joined

_NUMBERS = re.compile(r"^(\d{1,2}(?:\.\d{1,2})*)\.?\s+\D")
_DEEPEST = 6

Look = tuple[float, bool, bool]


def with_levels(items: Sequence[Draft | Table], body: Setting, known: Bookmarks) -> list[Draft | Table]:
    """The items of the whole document, with a level for each heading."""
    headings = [item for item in items if isinstance(item, Draft) and item.kind == "heading"]
    levels = _levels(headings, body, known)
    result: list[Draft | Table] = []
    for item in items:
        if not isinstance(item, Draft) or item.kind != "heading":
            result.append(item)
            continue
        level = bookmark_level(joined(item.lines).text, item.first.page, known) or levels[_look(item, body)]
        result.append(replace(item, level=min(level, _DEEPEST)))
    return result


def title_on_first_page(items: Sequence[Draft | Table]) -> str | None:
    """The largest heading on the first page that has text, None if there is none."""
    first = min((item.first.page for item in items if isinstance(item, Draft)), default=0)
    headings = [
        item for item in items if isinstance(item, Draft) and item.first.page == first and item.kind == "heading"
    ]
    if not headings:
        return None
    largest = max(item.style.size for item in headings)
    lines = [line for item in headings if item.style.size > 0.97 * largest for line in item.lines]
    return joined(lines[:4]).text.replace("\t", " ") or None


def _look(item: Draft, body: Setting) -> Look:
    """How a heading looks, the most prominent first in order: size (0 if no larger than the text), bold, capitals."""
    style = item.style
    size = round(style.size * 2) / 2 if style.size >= LARGER * body.style.size else 0.0
    return size, style.bold, bool(not size and joined(item.lines).text.isupper())


def _levels(headings: Sequence[Draft], body: Setting, known: Bookmarks) -> dict[Look, int]:
    """The level of each look: that of its bookmarks, or of its numbering, else one below the next larger look."""
    looks: dict[Look, list[Draft]] = defaultdict(list)
    for item in headings:
        looks[_look(item, body)].append(item)
    ordered = sorted(looks, reverse=True)
    first = min((item.first.page for item in headings), default=0)
    levels: dict[Look, int] = {}
    last = 0
    for index, look in enumerate(ordered):
        group = looks[look]
        if not levels and index + 1 < len(ordered) and all(item.first.page == first for item in group):
            levels[look] = 1  # the title on the cover; chapters are level 1 too
            continue
        marked = _most_common([bookmark_level(joined(item.lines).text, item.first.page, known) for item in group])
        numbered = _most_common([_depth(item) for item in group])
        last = marked or (numbered if numbered > last else last + 1)
        levels[look] = last
    return levels


def _most_common(levels: Sequence[int]) -> int:
    """The level that most of them have, 0 if fewer than half have any."""
    found = Counter(level for level in levels if level)
    if not found or 2 * found.total() < len(levels):
        return 0
    return found.most_common(1)[0][0]


def _depth(item: Draft) -> int:
    match = _NUMBERS.match(item.first.text)
    return match[1].count(".") + 1 if match else 0
