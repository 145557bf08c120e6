"""A document laid out for reading: its headings, nested as they are meant, and parts that fit on a page of the web.

What follows from the canonical text alone, and so is the same for everyone who may read the document.
"""

import html
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.types import BlockKind, BlockSpan, CanonicalText

FULL = 56_000  # bytes of html that a part may hold
ENOUGH = 36_000  # bytes after which a part ends where a section does
LONGEST = 12_000  # characters of a block that is not cut
SECTION = 2  # headings up to this depth begin a new part once there is enough
OVERHEAD = 90  # bytes of markup around a block
CELL = 24  # bytes of markup around a cell of a table
DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Stretch:
    """A block, or what fits in one part of a block that is too long: the text at [start, end).

    `number` is the number of its block, `depth` how deep a heading is nested (1 = outermost), 0 for what is none.
    `header` is the [start, end) of the header row of a table that goes on here.
    """

    kind: BlockKind
    level: int
    start: int
    end: int
    number: int
    depth: int = 0
    header: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the document: `number` is that of its block, `part` that of the part it stands in (from 1)."""

    text: str
    depth: int
    start: int
    number: int
    part: int


@dataclass(frozen=True, slots=True)
class Part:
    """What is shown at once of a document. `above` are the headings, outermost first, that it is still under."""

    number: int
    stretches: tuple[Stretch, ...]
    above: tuple[Heading, ...]

    @property
    def start(self) -> int:
        """Where it begins in the canonical text."""
        return self.stretches[0].start if self.stretches else 0

    @property
    def end(self) -> int:
        """Where it ends in the canonical text."""
        return self.stretches[-1].end if self.stretches else 0


@dataclass(frozen=True, slots=True)
class Layout:
    """A document in parts, of which there is always at least one, with all its headings in order."""

    parts: tuple[Part, ...]
    headings: tuple[Heading, ...]

    def part_at(self, offset: int) -> Part:
        """The part that holds this place in the canonical text."""
        return self.parts[max(0, bisect_right([part.start for part in self.parts], offset) - 1)]

    def headings_at(self, offset: int) -> tuple[Heading, ...]:
        """The headings that this place stands under, outermost first."""
        path: list[Heading] = []
        for heading in self.headings[: bisect_right([one.start for one in self.headings], offset)]:
            path = [above for above in path if above.depth < heading.depth] + [heading]
        return tuple(path)


def layout_of(canonical: CanonicalText) -> Layout:
    """The document in parts. A part ends where a section does if it can, and is never much larger than FULL."""
    parts: list[Part] = []
    headings: list[Heading] = []
    path: tuple[Heading, ...] = ()
    for number, stretches in enumerate(_filled(canonical), 1):
        parts.append(Part(number, tuple(stretches), path))
        for stretch in stretches:
            if stretch.depth:
                text = canonical.text[stretch.start : stretch.end]
                heading = Heading(" ".join(text.split()), stretch.depth, stretch.start, stretch.number, number)
                headings.append(heading)
                path = (*(above for above in path if above.depth < heading.depth), heading)
    # A part that begins with a heading is no longer under the headings that this one ends.
    parts = [replace(part, above=_still_open(part)) for part in parts] or [Part(1, (), ())]
    return Layout(tuple(parts), tuple(headings))


def _still_open(part: Part) -> tuple[Heading, ...]:
    first = part.stretches[0].depth
    return tuple(above for above in part.above if not first or above.depth < first)


def _filled(canonical: CanonicalText) -> Iterator[list[Stretch]]:
    held: list[Stretch] = []
    weight = 0
    for stretch in _stretches(canonical):
        size = weight_of(stretch, canonical.text)
        at_section = weight > ENOUGH and 0 < stretch.depth <= SECTION
        if held and (at_section or weight + size > FULL):
            # A heading goes along with what stands under it.
            moved = [] if at_section else _trailing_headings(held)
            yield held[: len(held) - len(moved)]
            held, weight = moved, sum(weight_of(one, canonical.text) for one in moved)
        held.append(stretch)
        weight += size
    if held:
        yield held


def _trailing_headings(held: Sequence[Stretch]) -> list[Stretch]:
    """The headings at the end; none where there is nothing else, or hardly: then they are a part of their own."""
    at = len(held)
    while at and held[at - 1].depth and len(held) - at < DEEPEST:
        at -= 1
    return list(held[at:]) if at else []


def weight_of(stretch: Stretch, text: str) -> int:
    """About how many bytes of html a stretch becomes."""
    said = text[stretch.start : stretch.end]
    weight = len(html.escape(said).encode()) + OVERHEAD + said.count("\n") * CELL
    return weight + (said.count("|") + 1) * CELL if stretch.kind == "table" else weight


def _stretches(canonical: CanonicalText) -> Iterator[Stretch]:
    """The blocks, each heading with its depth: one deeper than the nearest heading above it of a higher level."""
    levels: list[int] = []
    for number, block in enumerate(canonical.blocks):
        if not canonical.text[block.start : block.end].strip():
            continue
        depth = 0
        if block.kind == "heading":
            levels = [above for above in levels if above < block.level] + [block.level]
            depth = len(levels)
        whole = Stretch(block.kind, block.level, block.start, block.end, number, depth)
        if block.end - block.start <= LONGEST:
            yield whole
        else:
            yield from _cut(canonical.text, block, whole)


def _cut(text: str, block: BlockSpan, whole: Stretch) -> Iterator[Stretch]:
    """A long block in pieces: a table between rows, with its header row in mind; the rest between lines or words."""
    header: tuple[int, int] | None = None
    if block.kind == "table":
        line_end = text.find("\n", block.start, block.end)
        if 0 < line_end - block.start < LONGEST // 4:
            header = (block.start, line_end)
    start = block.start
    while start < block.end:
        end = _piece_end(text, start, block, rows=block.kind == "table")
        went_on = start > block.start
        yield replace(
            whole,
            start=start,
            end=end,
            depth=0 if went_on else whole.depth,
            kind="paragraph" if went_on and whole.kind == "heading" else whole.kind,
            header=header if went_on else None,
        )
        start = end
        while start < block.end and text[start].isspace():
            start += 1


def _piece_end(text: str, start: int, block: BlockSpan, *, rows: bool) -> int:
    """Where the piece that begins at `start` ends: after its last whole row, line or word."""
    limit = start + LONGEST // 2
    if limit >= block.end:
        return block.end
    marks = ("\n",) if rows else ("\n", ". ", " ")
    for mark in (*marks, " "):
        found = text.rfind(mark, start + 1, limit)
        if found > start:
            return found + (1 if mark == ". " else 0)
    return limit
