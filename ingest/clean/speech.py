"""Who says what: bylines, quoted statements with their speaker, pull quotes, and the captions of figures."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.clean.flow import goes_on
from ingest.types import Block

_OPENING, _CLOSING = "‘'“\"„’", "’'”\""
_QUOTED = re.compile(rf"[{_OPENING}](?=\S).+[{_CLOSING}][.!?]?$", re.DOTALL)
_NAME = r"[A-ZÀ-Ý][\w'’.-]*(?:\s+(?:van|de|der|den|het|ten|ter|te|la|von|'t|’t|[A-ZÀ-Ý][\w'’.-]*))*\s+[A-ZÀ-Ý][\w'’-]+"
# What someone is may hold an abbreviation ("wnd. secretaris") but no end of a sentence.
_OFFICE = r"(?:[^.!?:]|\.(?=\s[a-z]))"
_BYLINE = re.compile(rf"(?:{_NAME})(?:\s*,\s*{_OFFICE}+|\s+\([^()]+\){_OFFICE}*|\s+en\s+{_NAME}{_OFFICE}*)$")
_SHOUTED_THEN_NAME = re.compile(r"((?:[A-ZÀ-Ý0-9&'’?!,:-]+\s+){3,}?)([A-ZÀ-Ý][a-zà-ÿ][^\n]*,[^\n]+)")
_LABEL = r"(?i:figuur|fig\.|tabel|afbeelding|grafiek|diagram|schema|kaart|illustratie|infographic)"
_CAPTION = re.compile(rf"{_LABEL}\s+\d+(?:[.-]\d+)?[a-z]?(?:$|\s*[:.–|-]|\s+[A-ZÀ-Ý‘'“\"(])")
_LONE_CAPTION = re.compile(rf"{_LABEL}\s+\d+(?:[.-]\d+)?[a-z]?[.:]?")
_CREDIT = re.compile(r"(?:foto|beeld|bron|fotografie|illustratie)(?:\s+en\s+\w+)?:\s*\S", re.IGNORECASE)
_LONGEST_CAPTION, _LONGEST_BYLINE, _LONGEST_ATTRIBUTION = 35, 30, 16
_PULLED = range(8, 46)
_NEAR = 24
_NO_MARKS = {ord(mark): " " for mark in ".,;:!?()[]\"'‘’“”„«»–—-/*…|"}


def captions(blocks: Sequence[Block]) -> list[Block]:
    """Give the blocks with the captions of figures and tables as such; a label alone takes the line below it."""
    done: list[Block] = []
    for block in blocks:
        before = done[-1] if done else None
        words = block.text.count(" ") + 1
        if (
            before is not None
            and before.kind == "caption"
            and _LONE_CAPTION.fullmatch(before.text)
            and _may_caption(block)
        ):
            done[-1] = replace(before, text=f"{before.text} {block.text}")
        elif block.kind == "paragraph" and words <= _LONGEST_CAPTION and _is_caption(block.text, words):
            done.append(replace(block, kind="caption"))
        else:
            done.append(block)
    return done


def _is_caption(text: str, words: int) -> bool:
    """Whether it names a figure, "Figuur 2" with a capital, or says who made the picture."""
    if _CAPTION.match(text):
        return text[0].isupper()
    return words <= 12 and "\n" not in text and bool(_CREDIT.match(text))


def _may_caption(block: Block) -> bool:
    return (
        block.kind == "paragraph"
        and block.text.count(" ") < 20
        and block.text[-1] not in ".:;"
        and not goes_on(block.text)
    )


def bylines(blocks: Sequence[Block]) -> list[Block]:
    """Give the blocks with the line that says who speaks as a heading: so it goes with every part of the story."""
    done: list[Block] = []
    for at, block in enumerate(blocks):
        before = done[-1] if done else None
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        if block.kind == "heading" and (found := _SHOUTED_THEN_NAME.fullmatch(block.text)):
            done.append(replace(block, text=found[1].strip()))
            done.append(replace(block, text=found[2].strip(), level=min(block.level + 1, 6)))
        elif before is not None and before.kind == "heading" and _is_byline(block, following):
            done.append(
                replace(
                    block, kind="heading", text=" ".join(block.text.split()), level=min(before.level + 1, 6), breaks=()
                )
            )
        else:
            done.append(block)
    return done


def _is_byline(block: Block, following: Block | None) -> bool:
    return (
        block.kind == "paragraph"
        and following is not None
        and following.kind in {"paragraph", "quote"}
        and following.text.count(" ") >= 15
        and block.text.count(" ") < _LONGEST_BYLINE
        and bool(_BYLINE.match(block.text))
    )


def statements(blocks: Sequence[Block]) -> list[Block]:
    """Give the blocks with each quoted statement in one block with the name above it or the attribution below it."""
    done: list[Block] = []
    for at, block in enumerate(blocks):
        before = done[-1] if done else None
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        quoted = block.kind in {"paragraph", "quote"} and bool(_QUOTED.match(block.text))
        if quoted and before is not None and _names_speaker(before) and _stands_alone(following):
            lead = f"{before.text}\n"
            breaks = tuple((offset + len(lead), page) for offset, page in block.breaks)
            if block.page != before.page and block.page is not None:
                breaks = ((len(lead), block.page), *breaks)
            done[-1] = Block("quote", lead + block.text, 0, before.page, breaks)
        elif (
            before is not None
            and before.kind in {"quote", "paragraph"}
            and _QUOTED.search(before.text)
            and _attributes(before, block, following)
        ):
            done[-1] = replace(before, kind="quote", text=f"{before.text}\n{block.text}")
        else:
            done.append(block)
    return done


def _names_speaker(block: Block) -> bool:
    return block.kind == "heading" and block.level >= 2 and block.text.count(" ") < 7 and block.text[-1] not in ".!?:"


def _stands_alone(following: Block | None) -> bool:
    if following is None or following.kind == "heading":
        return True
    return following.kind == "paragraph" and (goes_on(following.text) or following.text[0] in '“"')


def _attributes(quote: Block, block: Block, following: Block | None) -> bool:
    """A short line without an end, below a statement that is one quotation, says whose it is."""
    if block.kind != "paragraph" or block.text.count(" ") >= _LONGEST_ATTRIBUTION or "\n" in quote.text:
        return False
    if (
        following is not None
        and following.kind == "paragraph"
        and following.text[0] in _OPENING
        and block.text[-1] == "?"
    ):
        return False
    dash = block.text[0] in "–—" and block.text[1:2] == " "
    ended = block.text[-1] in ".!?:;" or goes_on(block.text) or ":" in block.text
    return quote.text.count(" ") > 6 and (dash or not ended) and quote.page == block.page


def pull_quotes(blocks: Sequence[Block]) -> list[Block]:
    """Give the blocks with sentences that the layout lifted out of the running text as quotes.

    A candidate is short and stands alone; it is one if most of its words are, in the same order, in a longer
    block near it. A heading is a candidate where it ends as a sentence.
    """
    done = list(blocks)
    candidates = [at for at, block in enumerate(blocks) if _may_be_pulled(block)]
    near: dict[int, str] = {}
    for at in candidates:
        words = _compared(blocks[at].text).split()
        if len(words) in _PULLED and _repeats(blocks, at, words, near):
            done[at] = replace(blocks[at], kind="quote", level=0)
    return done


def _may_be_pulled(block: Block) -> bool:
    if block.kind != "paragraph" and not (block.kind == "heading" and block.text[-1] in ".!’”'\""):
        return False
    return block.text.count(" ") + 1 in _PULLED and not goes_on(block.text)


def _compared(text: str) -> str:
    """The words of a text in lower case, as `folded` gives them but faster, for much text."""
    return f" {' '.join(text.lower().translate(_NO_MARKS).split())} "


def _repeats(blocks: Sequence[Block], at: int, words: Sequence[str], near: dict[int, str]) -> bool:
    length = max(5, -(-len(words) * 6 // 10))
    # Every run of that length has the words in the middle: one look tells most blocks from the one we seek.
    middle = f" {' '.join(words[len(words) - length : length])} "
    runs = [f" {' '.join(words[start : start + length])} " for start in range(len(words) - length + 1)]
    least = 1.5 * len(blocks[at].text)
    for other in range(max(0, at - _NEAR), min(len(blocks), at + _NEAR + 1)):
        block = blocks[other]
        if other == at or len(block.text) < least or block.kind not in {"paragraph", "list_item"}:
            continue
        text = near.get(other)
        if text is None:
            text = near[other] = _compared(block.text)
        if middle in text and any(run in text for run in runs):
            return True
    return False
