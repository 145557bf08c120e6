"""Lists in a document: the sentence that leads into one, and its items, also where each has text of its own."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from ingest.dutch import stem, words
from ingest.sentences import sentences
from ingest.types import BlockSpan, CanonicalText

MARKER = re.compile(r"\s*\(?(?:(\d{1,2})|([a-zA-Z]))[.)]\s+")
COUNTS = dict(zip("twee drie vier vijf zes zeven acht negen tien elf twaalf".split(), range(2, 13), strict=True))
ENGLISH_COUNTS = dict(
    zip("two three four five six seven eight nine ten eleven twelve".split(), range(2, 13), strict=True)
)
APART = 6  # blocks at most between two items that are numbered on
MOST_ITEMS = 30
MOST_TOLD = 130  # words of a list that is told in running text
NOUN_AFTER = 3  # words after a count among which what is counted stands: "drie heel verschillende oorzaken"
DEFINITE = ("de", "die", "deze", "alle", "beide", "the", "these", "those", "all")
LONG_LIST = 110  # words, from which each item is quoted only as far as its first clause or sentence
LONG_ITEM = 12  # words that an item may have however long the list
ORDINALS = {
    word: at
    for words_in_order in (
        "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende",
        "first second third fourth fifth sixth seventh eighth ninth tenth",
    )
    for at, word in enumerate(words_in_order.split(), 1)
}
# "De tweede is smaak", "Ten derde"; not "Een derde van de huizen", which is a share.
ORDINAL = re.compile(
    rf"[‘'“\"]?(?:(?:En|Maar|And|But) )?(?:(?:de|het|ten|als|the) )?({'|'.join(ORDINALS)})\b", re.IGNORECASE
)


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
        if end < blocks[number].end - 1 or not leads_into_list(blocks, number):
            return _list_of_headings(canonical, number, lead)
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


def table_at(canonical: CanonicalText, number: int, start: int, *, whole: bool) -> ListFound | None:
    """The row of a table that stands at `start`, led into by the row of headings; all rows where the `whole` is asked
    for and that is not too long. None where block `number` is no table.
    """
    block = canonical.blocks[number]
    if block.kind != "table":
        return None
    rows: list[tuple[int, int]] = []
    begin = block.start
    for line in canonical.text[block.start : block.end].split("\n"):
        rows += [(begin, begin + len(line))] if line.strip() else []
        begin += len(line) + 1
    if len(rows) < 2:
        return None
    short = len(_text(canonical, block).split()) <= MOST_TOLD
    chosen = [row for row in rows[1:] if (whole and short) or row[0] <= start < row[1]]
    return ListFound(rows[0], tuple(chosen or rows[1:2]), whole=True) if chosen or start < rows[0][1] else None


def told_list_at(
    canonical: CanonicalText, number: int, start: int, end: int, asked: Set[str], count: int | None
) -> ListFound | None:
    """The list that running text tells around the sentence at [start, end) of block `number`; None without one.

    Either its sentences are counted off ("De eerste is …", "De tweede …"), or a sentence says how many there are of
    what was `asked`, in stems ("noemen vier oorzaken."), not another number than `count`, and as many sentences follow.
    The sentence is one of them or leads into them.
    """
    block = canonical.blocks[number]
    said = [(block.start + first, block.start + last) for first, last in sentences(_text(canonical, block))]
    at = next((at for at, span in enumerate(said) if span[0] <= start and end <= span[1]), None)
    texts = [canonical.text[slice(*span)] for span in said]
    lead, items = _counted_off(texts) or _announced(texts, asked, count) or (None, [])
    if at is None or len(items) < 2 or not (items[0] if lead is None else lead) <= at <= items[-1]:
        return None
    if sum(len(texts[one].split()) for one in [*items, *([] if lead is None else [lead])]) > MOST_TOLD:
        return None
    announced = count if lead is None else count_in(texts[lead])
    spans = tuple(said[one] for one in items)
    return ListFound(None if lead is None else said[lead], spans, announced in (None, len(spans)))


def _counted_off(said: Sequence[str]) -> tuple[int | None, list[int]] | None:
    """The places of the sentence before that says how many there are, None without, and of each that is counted off."""
    items: list[int] = []
    for at, text in enumerate(said):
        found = ORDINAL.match(text)
        if found and ORDINALS[found[1].lower()] == len(items) + 1:
            items.append(at)
    if len(items) < 2:
        return None
    before = items[0] - 1
    return (before if before >= 0 and count_in(said[before]) else None), items


def _announced(said: Sequence[str], asked: Set[str], count: int | None) -> tuple[int, list[int]] | None:
    """The places of the sentence that says how many there are of what was asked, and of as many that follow it."""
    for at, text in enumerate(said):
        number = _number_of(text, asked)
        if number and count in (None, number) and at + number < len(said):
            return at, list(range(at + 1, at + number + 1))
    return None


def _number_of(text: str, asked: Set[str]) -> int | None:
    """How many there are of what was asked, by a text that brings it up: "Er zijn drie oorzaken", not "de drie"."""
    tokens = words(text)
    for at, word in enumerate(tokens):
        number = COUNTS.get(word) or ENGLISH_COUNTS.get(word)
        named = asked & {stem(noun) for noun in tokens[at + 1 : at + 1 + NOUN_AFTER]}
        if number and named and ":" not in text and (at == 0 or tokens[at - 1] not in DEFINITE):
            return number
    return None


def _list_of_headings(canonical: CanonicalText, number: int, lead: tuple[int, int]) -> ListFound | None:
    """The list whose items are numbered headings, each with text of its own below it."""
    blocks = canonical.blocks
    if number + 1 == len(blocks) or blocks[number + 1].kind != "heading":
        return None
    opening = marker(_text(canonical, blocks[number + 1]))
    found: list[BlockSpan] = []
    for block in blocks[number + 1 :]:
        if opening is None or block.kind != "heading" or block.level > blocks[number + 1].level:
            continue
        if marker(_text(canonical, block)) != (opening[0], len(found) + 1) or block.level < blocks[number + 1].level:
            break
        found.append(block)
    said = count_in(canonical.text[slice(*lead)])
    found = found[: said or MOST_ITEMS]
    if len(found) < 2:
        return None
    return ListFound(lead, tuple((block.start, block.end) for block in found), said in (None, len(found)))


def count_in(text: str) -> int | None:
    """The number of things that a text says there are, in words: "vier typen" is 4; None where it doesn't say.

    The last one counts, for it stands nearest to the list: "De twee gemeenten bouwen op drie plekken:".
    """
    said = words(text)
    # "De raad acht het belangrijk" says of nothing how many there are.
    counts = [
        COUNTS.get(word) or ENGLISH_COUNTS.get(word)
        for word, following in zip(said, [*said[1:], ""], strict=False)
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
