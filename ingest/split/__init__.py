"""A document's blocks -> its canonical text, and the passages of it that are searched and cited.

A passage never holds the end of one chapter and the start of the next. Within a section, the cuts are those with
the least cost: passages that are too short or too long cost, and so does parting a list from its lead-in, a quote
or a note from its paragraph. A section too small to stand alone goes together with its neighbours below the same
heading; the headings in between are then part of the text.
"""

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.split.roles import role_of
from ingest.split.units import MOST, TOGETHER_CHARACTERS, Unit, cuts, units_of
from ingest.types import Block, BlockSpan, CanonicalText, Document, Passage

SPLITTER_VERSION = "1"

_FEWEST = 60
_CHAPTER = 2
_DEEPEST = 99


def canonical(blocks: Sequence[Block]) -> CanonicalText:
    """Give the text of the blocks as one: a blank line between blocks, none within a list or a table.

    Where the blocks have pages, `pages` follows the order of the text: a note that was moved behind its sentence
    may bring an earlier page back.
    """
    pieces: list[str] = []
    spans: list[BlockSpan] = []
    pages: list[tuple[int, int]] = []
    length = 0
    before: Block | None = None
    for block in blocks:
        if before is not None:
            gap = "\n" if block.kind == before.kind and block.kind in {"list_item", "table"} else "\n\n"
            pieces.append(gap)
            length += len(gap)
        for offset, page in ((0, block.page), *block.breaks):
            if page is not None and (not pages or pages[-1][1] != page):
                pages.append((length + offset, page))
        joints = tuple(length + offset for offset, _ in block.breaks)
        spans.append(BlockSpan(block.kind, block.level, length, length + len(block.text), joints))
        pieces.append(block.text)
        length += len(block.text)
        before = block
    return CanonicalText("".join(pieces), tuple(spans), tuple(pages))


@dataclass(frozen=True, slots=True)
class _Section:
    """The text directly below one heading, as units.

    `heads` are the headings that begin here, as (depth in the path, start); `opened` is the level of the highest of
    them. `words` counts the text, `with_headings` also its headings.
    """

    path: tuple[str, ...]
    heads: tuple[tuple[int, int], ...]
    opened: int
    units: tuple[Unit, ...]
    words: int
    with_headings: int


@dataclass(frozen=True, slots=True)
class _Span:
    """A passage to be: its headings and its place."""

    path: tuple[str, ...]
    start: int
    end: int


def split(document: Document, canonical: CanonicalText) -> tuple[Passage, ...]:
    """Give the passages of the document, in order.

    Every block that is no heading is in exactly one passage, but for a block too long for one: that is cut between
    sentences. A heading directly above a passage is in `section` only, a heading within it also in the text.
    """
    spans = [span for group in _grouped(list(_sections(canonical))) for span in _spans_of(group)]
    if not spans and canonical.blocks:
        spans = [_Span((), canonical.blocks[0].start, canonical.blocks[-1].end)]
    seen: Counter[str] = Counter()
    starts = [block.start for block in canonical.blocks]
    offsets = [offset for offset, _ in canonical.pages]
    passages = []
    for ordinal, span in enumerate(spans):
        text = canonical.text[span.start : span.end]
        digest = hashlib.sha256("\n".join((*span.path, text)).encode("utf-8", "surrogatepass")).hexdigest()[:12]
        seen[digest] += 1
        name = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
        first, last = _pages(canonical, offsets, span)
        place = (span.path, span.start, span.end, first, last)
        role = role_of(span.path, _texts(canonical, starts, span))
        passages.append(Passage(f"{document.doc_id}-{name}", document.doc_id, ordinal, text, *place, role))
    return tuple(passages)


def _texts(canonical: CanonicalText, starts: Sequence[int], span: _Span) -> list[str]:
    first = max(0, bisect_right(starts, span.start) - 1)
    last = bisect_right(starts, span.end - 1)
    return [
        canonical.text[max(block.start, span.start) : min(block.end, span.end)]
        for block in canonical.blocks[first:last]
        if block.kind != "heading"
    ]


def _pages(canonical: CanonicalText, offsets: Sequence[int], span: _Span) -> tuple[int | None, int | None]:
    first = max(0, bisect_right(offsets, span.start) - 1)
    touched = [page for _, page in canonical.pages[first : bisect_right(offsets, span.end - 1)]]
    return (min(touched), max(touched)) if touched else (None, None)


def _sections(canonical: CanonicalText) -> Iterator[_Section]:
    """The document as sections in order; headings without text of their own start the section below them."""
    path: list[BlockSpan] = []
    held: list[BlockSpan] = []
    headings: list[BlockSpan] = []
    for block in canonical.blocks:
        if block.kind != "heading":
            held.append(block)
            continue
        if held:
            yield _section(canonical.text, path, headings, held)
            held, headings = [], []
        path = [above for above in path if above.level < block.level] + [block]
        headings.append(block)
    if held:
        yield _section(canonical.text, path, headings, held)


def _section(
    text: str, path: Sequence[BlockSpan], headings: Sequence[BlockSpan], held: Sequence[BlockSpan]
) -> _Section:
    units = units_of(text, held)
    words = sum(unit.words for unit in units)
    return _Section(
        path=tuple(text[heading.start : heading.end] for heading in path),
        heads=tuple((path.index(heading) + 1, heading.start) for heading in headings if heading in path),
        opened=min((heading.level for heading in headings), default=_DEEPEST),
        units=units,
        words=words,
        with_headings=words + sum(len(text[heading.start : heading.end].split()) for heading in headings),
    )


def _grouped(sections: Sequence[_Section]) -> Iterator[list[_Section]]:
    """Small sections that follow each other below the same heading, together as long as they fit."""
    group: list[_Section] = []
    for section in sections:
        if group and _fits(group, section):
            group.append(section)
            continue
        if group:
            yield group
        group = [section]
    if group:
        yield group


def _fits(group: Sequence[_Section], section: _Section) -> bool:
    words = sum(one.with_headings for one in group)
    too_long = words + section.with_headings > MOST or section.units[-1].end - _start(group[0]) > TOGETHER_CHARACTERS
    if too_long or section.opened <= 1:
        return False
    shared = _shared([*group, section])
    if not shared:
        return False
    last = group[-1]
    small = section.words < _FEWEST and last.words < _FEWEST
    if section.opened <= _CHAPTER:
        return small and words < 2 * _FEWEST
    # The text above the first subsection introduces it.
    introduces = len(group) == 1 and section.path[: len(last.path)] == last.path and last.words < _FEWEST
    return small or introduces


def _shared(sections: Sequence[_Section]) -> tuple[str, ...]:
    path = sections[0].path
    for section in sections[1:]:
        same = 0
        while same < min(len(path), len(section.path)) and path[same] == section.path[same]:
            same += 1
        path = path[:same]
    return path


def _spans_of(group: Sequence[_Section]) -> Iterator[_Span]:
    if len(group) == 1:
        for first, last in cuts(group[0].units):
            yield _Span(group[0].path, first.start, last.end)
        return
    shared = _shared(group)
    below = [start for depth, start in group[0].heads if depth > len(shared)]
    yield _Span(shared, below[0] if below else group[0].units[0].start, group[-1].units[-1].end)


def _start(section: _Section) -> int:
    return section.heads[0][1] if section.heads else section.units[0].start
