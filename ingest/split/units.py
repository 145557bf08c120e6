"""Blocks of one section -> units that are not to be parted, and the best places to cut between them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.sentences import sentences
from ingest.types import BlockSpan

MOST = 200
# A list with its lead-in may be longer, so that the answer "which four" is in one place.
MOST_LISTED = 300
HARD_MOST = 320
_HARD_CHARACTERS = 3_000
TOGETHER_CHARACTERS = 2_200
_BEST, _FEWEST = 120, 60
# A longer list item reads as a paragraph; but a lettered one has its paragraphs below it.
_SHORT_ITEM, _LONG_ITEM = 45, 130
_LONG_TEXT = 300
_ASIDES = frozenset({"quote", "caption", "footnote"})
_LETTERED = re.compile(r"[a-z][.)]\s")
_QUESTION = re.compile(r"\?[’'”\")\s]*$")


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of text that stays whole. `bond` is what it costs to part it from the unit before it."""

    start: int
    end: int
    words: int
    bond: float
    listed: bool


def units_of(text: str, blocks: Sequence[BlockSpan]) -> tuple[Unit, ...]:
    """Give the units of the blocks of one section, in order; a block too long for a passage becomes several."""
    units: list[Unit] = []
    before: BlockSpan | None = None
    for run in _glued(text, blocks):
        start, end = run[0].start, run[-1].end
        words = len(text[start:end].split())
        longest_item = _SHORT_ITEM if len(run) == 1 else _LONG_ITEM
        listed = any(block.kind == "list_item" for block in run) and words <= longest_item
        if run[0].kind == "footnote" and words <= MOST:
            # Small print weighs less: better a long passage than a note without its paragraph.
            words = -(-words // 3)
        bond = _bond(text, before, run[0])
        before = run[-1]
        if words <= MOST and end - start <= _HARD_CHARACTERS:
            units.append(Unit(start, end, words, bond, listed))
        else:
            units += _pieces(text, run, bond, listed)
    return tuple(units)


def _glued(text: str, blocks: Sequence[BlockSpan]) -> Iterator[list[BlockSpan]]:
    """Runs of blocks that make no sense apart: a question and its answer, a label and what stands below it."""
    run: list[BlockSpan] = []
    for block in blocks:
        if run and not _belongs_below(text, run[-1], block):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _belongs_below(text: str, before: BlockSpan, block: BlockSpan) -> bool:
    said = text[before.start : before.end]
    words = said.count(" ") + 1
    if before.kind == "paragraph" and block.kind in {"paragraph", "quote"}:
        return (_asks(said) and not _asks(text[block.start : block.end])) or (words <= 6 and said.endswith(":"))
    if before.kind == "list_item" and block.kind in {"paragraph", "quote"}:
        return words < 20 and said[-1] not in ".!?;," and bool(_LETTERED.match(said))
    return before.kind == "caption" and block.kind == "table"


def _asks(said: str) -> bool:
    """Whether a paragraph is a question that the next one answers, as in an interview."""
    return said.count(" ") < 45 and bool(_QUESTION.search(said))


def _is_scrap(said: str) -> bool:
    """Whether a block is a line of an address, a signature or a picture rather than running text."""
    return said[-1] not in ".!?:" and max(line.count(" ") for line in said.split("\n")) < 12


def _bond(text: str, before: BlockSpan | None, block: BlockSpan) -> float:
    """What it costs to part a block from the one before it: most for a list and the words that lead up to it."""
    if before is None:
        return 0.0
    leads_in = text[before.end - 1] == ":"
    if block.kind in _ASIDES:
        cost = 6.0
    elif block.kind == "list_item" and before.kind == "list_item":
        short = block.end - block.start < _LONG_TEXT and before.end - before.start < _LONG_TEXT
        cost = (2.5 if short else 0.2) + (1.5 if block.level > before.level else 0.0)
    elif block.kind == "list_item":
        cost = 12.0 if leads_in else 5.0
    else:
        said = text[block.start : block.end]
        scraps = _is_scrap(said) and _is_scrap(text[before.start : before.end])
        after_aside = before.kind in _ASIDES or before.kind == "list_item"
        cost = 8.0 if leads_in else 3.0 if scraps else -1.0 if _asks(said) else 0.3 if after_aside else 0.0
    return cost


def _pieces(text: str, run: Sequence[BlockSpan], bond: float, listed: bool) -> list[Unit]:
    """A stretch too long for one passage, cut between sentences into parts of about the same length."""
    bounds = [span for block in run for span in _sentence_spans(text, block)]
    total = sum(words for _, _, words in bounds)
    parts = max(2, -(-total // (MOST - 40)))
    target = total / parts
    pieces: list[Unit] = []
    held: list[tuple[int, int, int]] = []
    size = 0
    for start, end, words in bounds:
        too_long = held and (size + words > MOST or end - held[0][0] > _HARD_CHARACTERS)
        if too_long or (held and size + words / 2 >= target):
            pieces.append(Unit(held[0][0], held[-1][1], size, bond if not pieces else 1.5, listed))
            held, size = [], 0
        held.append((start, end, words))
        size += words
    if held:
        pieces.append(Unit(held[0][0], held[-1][1], size, bond if not pieces else 1.5, listed))
    return pieces


def _sentence_spans(text: str, block: BlockSpan) -> Iterator[tuple[int, int, int]]:
    for start, end in sentences(text[block.start : block.end]):
        words = text[block.start + start : block.start + end].split()
        if len(words) <= MOST and end - start <= _HARD_CHARACTERS:
            yield block.start + start, block.start + end, len(words)
        else:
            yield from _chopped(text, block.start + start, block.start + end)


def _chopped(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """A "sentence" without an end, as a list of figures is: parts of at most the longest passage, between words."""
    while start < end:
        stop = min(end, start + _HARD_CHARACTERS // 2)
        if stop < end:
            space = max(text.rfind(" ", start, stop), text.rfind("\n", start, stop))
            stop = space if space > start else stop
        words = text[start:stop].split()
        while len(words) > MOST:
            stop = start + (stop - start) // 2
            space = text.rfind(" ", start, stop)
            stop = space if space > start else stop
            words = text[start:stop].split()
        if words:
            lead = stop - start - len(text[start:stop].lstrip())
            trail = len(text[start:stop]) - len(text[start:stop].rstrip())
            yield start + lead, stop - trail, len(words)
        start = stop


def cuts(units: Sequence[Unit]) -> list[tuple[Unit, Unit]]:
    """Give the first and last unit of each passage, at the least cost over the whole section."""
    best = [0.0] + [float("inf")] * len(units)
    back = [0] * (len(units) + 1)
    for end in range(1, len(units) + 1):
        words, listed = 0, 0
        for start in range(end - 1, -1, -1):
            words += units[start].words
            listed += units[start].listed
            length = units[end - 1].end - units[start].start
            if start < end - 1 and (words > HARD_MOST or length > TOGETHER_CHARACTERS):
                break
            cost = (
                best[start]
                + _cost(words, alone=start == end - 1, listed=listed >= 2)
                + (units[start].bond if start else 0.0)
            )
            if cost < best[end]:
                best[end], back[end] = cost, start
    spans: list[tuple[Unit, Unit]] = []
    end = len(units)
    while end:
        spans.append((units[back[end]], units[end - 1]))
        end = back[end]
    return spans[::-1]


def _cost(words: int, *, alone: bool, listed: bool) -> float:
    """What a passage of this many words costs; each passage costs something, so that no text is cut for nothing."""
    most = MOST_LISTED if listed else MOST
    cost = 1.0
    if words < _FEWEST:
        cost += 8.0 * (_FEWEST - words) / _FEWEST
    elif words > _BEST:
        cost += 2.0 * ((words - _BEST) / (MOST - _BEST)) ** 2 if not listed else (words - _BEST) / (MOST_LISTED - _BEST)
    if words > most and not alone:
        cost += 40.0
    return cost
