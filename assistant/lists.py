"""Lists in a document: the sentence that leads into one, and its items, also where each has text of its own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.dutch import words
from ingest.sentences import sentences
from ingest.types import BlockSpan, CanonicalText

MARKER = re.compile(r"\s*\(?(?:(\d{1,2})|([a-zA-Z]))[.)]\s+")
COUNTS = dict(zip("twee drie vier vijf zes zeven acht negen tien elf twaalf".split(), range(2, 13), strict=True))
ENGLISH_COUNTS = dict(
    zip("two three four five six seven eight nine ten eleven twelve".split(), range(2, 13), strict=True)
)
APART = 6  # blocks at most between two items that are numbered on
MOST_ITEMS = 30
LONG_LIST = 110  # words, from which each item is quoted only as far as its first clause or sentence
LONG_ITEM = 12  # words that an item may have however long the list


@dataclass(frozen=True, slots=True)
class ListFound:
    """A list: the [start, end) of the sentence that leads into it, None where nothing does, and those of its items.

    `whole`: it has as many items as it says it has, or does not say how many.
    """

    lead: tuple[int, int] | None
    items: tuple[tuple[int, int], ...]
    whole: bool


def list_at(canonical: CanonicalText, number: int, start: int, end: int) -> ListFound | None:
    """The list that the sentence at [start, end) in block `number` leads into or is an item of; None without one."""
    blocks = canonical.blocks
    if blocks[number].kind == "list_item":
        first = _first_item(canonical, number)
        lead = _lead_before(canonical, first)
    else:
        first = number + 1
        lead = (start, end)
        if end < blocks[number].end - 1 or first == len(blocks) or blocks[first].kind != "list_item":
            return None
    said = count_in(canonical.text[slice(*lead)]) if lead else None
    found = list(_items(canonical, first, said))
    chosen = blocks[number]
    if chosen.kind == "list_item" and chosen not in found:
        # What the lead-in says there are is not all there is.
        said = None
        found = list(_items(canonical, first, None))
        if chosen not in found:
            return None
    if len(found) < 2:
        return None
    spans = [(block.start, block.end) for block in found]
    if sum(len(canonical.text[first:last].split()) for first, last in spans) > LONG_LIST:
        spans = [_opening(canonical.text, first, last) for first, last in spans]
    return ListFound(lead, tuple(spans), said is None or said == len(spans))


def count_in(text: str) -> int | None:
    """The number of things that a text says there are, in words: "vier typen" is 4; None where it doesn't say.

    The last one counts, for it stands nearest to the list: "De twee gemeenten bouwen op drie plekken:".
    """
    said = words(text)
    # "De raad acht het belangrijk" says of nothing how many there are.
    counts = [
        COUNTS.get(word) or ENGLISH_COUNTS.get(word)
        for word, following in zip(said, [*said[1:], ""], strict=True)
        if word != "acht" or following not in ("het", "de", "dit", "dat", "een", "deze", "zich")
    ]
    return next((count for count in reversed(counts) if count), None)


def marker(text: str) -> tuple[str, int] | None:
    """The sort of marker that an item begins with and its place in order: "c. " is ("letter", 3)."""
    found = MARKER.match(text)
    if not found:
        return None
    if found[1]:
        return "number", int(found[1])
    return "letter", ord(found[2].lower()) - ord("a") + 1


def _text(canonical: CanonicalText, block: BlockSpan) -> str:
    return canonical.text[block.start : block.end]


def _items(canonical: CanonicalText, first: int, said: int | None) -> Iterator[BlockSpan]:
    """The items of the list that begins at this block, in order.

    Items without markers stand next to each other; those that are numbered on may have text between them.
    """
    blocks = canonical.blocks
    opening, level = marker(_text(canonical, blocks[first])), blocks[first].level
    yield blocks[first]
    count, last = 1, first
    for number in range(first + 1, len(blocks)):
        block = blocks[number]
        if count in (said, MOST_ITEMS):
            return
        if block.kind == "list_item" and block.level > level:
            last = number if opening is None else last  # an item of an item
        elif block.kind == "list_item":
            own = marker(_text(canonical, block))
            numbered_on = opening is not None and own == (opening[0], opening[1] + count)
            if numbered_on or (opening is None and own is None and number == last + 1):
                count, last = count + 1, number
                yield block
            elif opening is None or own is not None:
                return
        elif opening is None or number - last > APART or (block.kind == "heading" and block.level <= 2):
            return


def _first_item(canonical: CanonicalText, number: int) -> int:
    """The number of the block with the first item of the list that this item is in."""
    blocks = canonical.blocks
    own = marker(_text(canonical, blocks[number]))
    first = number
    for before in range(number - 1, -1, -1):
        block = blocks[before]
        if block.kind == "list_item":
            other = marker(_text(canonical, block))
            if own is None and other is None and before == first - 1:
                first = before
            elif own and other == (own[0], own[1] - 1):
                first, own = before, other
            elif own is None or other is not None:
                break
        elif own is None or own[1] == 1 or first - before > APART:
            break
    return first


def _lead_before(canonical: CanonicalText, first: int) -> tuple[int, int] | None:
    """The last sentence before the first item, when it leads into the list."""
    if first == 0:
        return None
    block = canonical.blocks[first - 1]
    if block.kind not in ("paragraph", "quote") or not _text(canonical, block).rstrip().endswith(":"):
        return None
    begin, end = sentences(_text(canonical, block))[-1]
    return block.start + begin, block.start + end


def _opening(text: str, start: int, end: int) -> tuple[int, int]:
    """The first clause of a long item, up to a colon, or its first sentence."""
    item = text[start:end]
    if len(item.split()) <= LONG_ITEM:
        return start, end
    begin, stop = sentences(item)[0] if marker(item) is None else _sentence_after_marker(item)
    clause = re.match(r"[^:]{3,}(?=:\s)", item[begin:stop])
    return start + begin, start + begin + (clause.end() if clause else stop - begin)


def _sentence_after_marker(item: str) -> tuple[int, int]:
    """The first sentence of an item, its marker included: "1." by itself is none."""
    found = sentences(item)
    after = MARKER.match(item)
    stop = next(stop for _, stop in found if after is None or stop > after.end())
    return found[0][0], stop


def leads_into_list(blocks: Sequence[BlockSpan], number: int) -> bool:
    """Whether the block after this one is an item of a list."""
    return number + 1 < len(blocks) and blocks[number + 1].kind == "list_item"
