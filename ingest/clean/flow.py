"""Paragraphs that a page break, a column, a picture or a pull quote broke in two -> whole again, in reading order."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.types import Block

# Words that cannot end a Dutch sentence: what comes after one is the rest of it, capital or not.
FUNCTION_WORDS = frozenset(
    "de het een van en of in op aan met voor door te bij tot uit om dat die als naar over onder tussen zonder tegen "
    "zoals zijn haar hun onze ons mijn dit deze elke elk ieder iedere alle geen ook maar want dus is wordt worden "
    "per via sinds volgens the of and".split()
)
_TERMINAL = re.compile(r"[.!?:…][)\]»”’\"'*¹²³⁰-⁹]*$")
_ADDRESS = re.compile(
    r"(?:https?://|www\.|[\w.+-]+@[\w-]+\.|[\w-]+(?:\.[\w-]+)*\.(?:nl|com|org|eu|net)\b)", re.IGNORECASE
)
_LOWER_START = re.compile(r"[\"'‘“(]?[a-zà-öø-ÿ]")
_APOSTROPHE_START = re.compile(r"['’‘](?:[stnkm]\b|n\b)")
_BRACKET_START = re.compile(r"\((?:\d|[a-zà-ÿ])")
_LABELLED = re.compile(r"(?:\d{1,3}|[a-z])[.)]\s")
_QUOTED_LINE = re.compile(r"[’'”\"][.!?]?(?:\n|$)")
_FEWEST_WORDS = 5
_FARTHEST = 12
_MOST_BETWEEN = 320


def is_address(text: str) -> bool:
    """Whether the text starts with a web or e-mail address."""
    return bool(_ADDRESS.match(text))


def leaves_open(text: str) -> bool:
    """Whether the text stops where a sentence cannot: at a comma, a cut word, an article, a preposition."""
    if not text or text[-1] in ",-–&":
        return bool(text)
    if not text[-1].isalpha():
        return False
    last = text[-14:].rpartition(" ")[2].rpartition("\n")[2]
    return last.lower() in FUNCTION_WORDS and last != text


def is_open(text: str) -> bool:
    """Whether the text may go on in a later block: it has no end, and is more than a label."""
    if leaves_open(text):
        return True
    return (
        not _TERMINAL.search(text[-8:])
        and (text.count(" ") >= _FEWEST_WORDS - 1)
        and not is_address(text.rsplit(None, 1)[-1])
    )


def goes_on(text: str) -> bool:
    """Whether the text starts in the middle of a sentence."""
    if is_address(text) or _APOSTROPHE_START.match(text) or _LABELLED.match(text):
        return False
    return bool(_LOWER_START.match(text)) or bool(_BRACKET_START.match(text))


def join(first: Block, second: Block, *, apart: bool = False) -> Block:
    """Give two parts of one text as one block of the first one's kind, with its breaks.

    `apart`: something else stands between them in the file.
    """
    gap = "" if _is_drop_cap(first.text) else "\n" if first.text.endswith("-") else " "
    start = len(first.text) + len(gap)
    breaks = list(first.breaks)
    here = breaks[-1][1] if breaks else first.page
    if apart or (second.page is not None and second.page != here):
        breaks.append((start, second.page))
    breaks += [(start + offset, page) for offset, page in second.breaks]
    return replace(first, text=f"{first.text}{gap}{second.text}", breaks=tuple(breaks))


def _is_drop_cap(text: str) -> bool:
    return len(text) == 1 and text.isupper()


def rejoin(blocks: Sequence[Block]) -> list[Block]:
    """Give the blocks with broken paragraphs whole again.

    What stood in between comes after the paragraph; a box with its own heading comes at the end of the section,
    so that the text that goes on does not end up under that heading.
    """
    done: list[Block] = []
    boxes: list[Block] = []
    for block in blocks:
        if block.kind == "heading" and boxes:
            done, boxes = [*done, *boxes], []
        at = _opening_of(done, block)
        if at is None:
            done.append(block)
            continue
        between = done[at + 1 :]
        whole = join(done[at], block, apart=bool(between))
        if any(one.kind == "heading" for one in between):
            del done[at:]
            boxes += between
            done.append(whole)
        else:
            done[at] = whole
    return [*done, *boxes]


def _opening_of(done: Sequence[Block], block: Block) -> int | None:
    """The index of the block that `block` is the rest of, None where it is no rest."""
    if block.kind not in {"paragraph", "quote", "list_item"} or not done or _LABELLED.match(block.text):
        return None
    before = done[-1]
    if before.kind == "paragraph" and block.kind == "paragraph":
        if _is_drop_cap(before.text) and block.text[:1].islower():
            return len(done) - 1
        if _cannot_stop(before.text) and not is_address(block.text):
            return len(done) - 1
    if block.kind != "paragraph" or not goes_on(block.text):
        return None
    return _nearest_open(done)


def _cannot_stop(text: str) -> bool:
    """An article or preposition at the end of running text; a comma may also close the lines of a letter."""
    return leaves_open(text) and text[-1] not in ",&" and text.count(" ") >= _FEWEST_WORDS


def _nearest_open(done: Sequence[Block]) -> int | None:
    words = 0
    for at in range(len(done) - 1, max(-1, len(done) - 1 - _FARTHEST), -1):
        block = done[at]
        may_go_on = block.kind in {"paragraph", "list_item", "quote"}
        if may_go_on and _may_have_rest(block.text, adjacent=at == len(done) - 1):
            return at
        # Plain running text that closed is the end of the search: what follows it, follows from it.
        if (
            block.kind == "paragraph"
            and not any(one.kind == "heading" for one in done[max(0, at - 3) : at])
            and not _is_short(block.text)
        ):
            return None
        words += block.text.count(" ") + 1
        if words > _MOST_BETWEEN:
            return None
    return None


def _may_have_rest(text: str, *, adjacent: bool) -> bool:
    """Next to its rest a text needs only to be open; farther away it must be running text, or impossible to stop."""
    if "\n" in text and _QUOTED_LINE.search(text):
        return False
    if adjacent:
        return is_open(text) or (
            " " in text and not _TERMINAL.search(text[-8:]) and not is_address(text.rsplit(None, 1)[-1])
        )
    return is_open(text) and (not _is_short(text) or _cannot_stop(text))


def _is_short(text: str) -> bool:
    return text.count(" ") < 14
