"""Headings as the layout broke them -> headings of one piece, at the level they have in the document."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.clean.contents import CONTENTS_TITLES, Contents, folded, unlabelled
from ingest.clean.flow import goes_on, leaves_open
from ingest.types import Block

_ROMAN = re.compile(r"(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})[.)]?")
_NUMBER = re.compile(r"(?:(?:hoofdstuk|deel|bijlage)\s+)?\d{1,2}[.)]?", re.IGNORECASE)
_STARTS_ROMAN = re.compile(r"[IVXLC]+[.)]?\s")
_STARTS_NUMBER = re.compile(r"(\d{1,2})[.)]?\s+\S")
_LONE_ENUMERATED = re.compile(r"(\d{1,2})[.)]\s+\S")
_LETTERED = re.compile(r"([a-z])[.)]\s+\S")
_GLYPH = re.compile(r"([^\w\s\"'‘’“”„(\[«&@#+*-])\s*")
_BULLET = re.compile(r"[•▪■□●○◦‣⁃►▶➢➤→⇒✓✔❖◆♦·][\s•▪■□●○◦‣⁃►▶➢➤→⇒✓✔❖◆♦·]*")
_IN_BRACKETS = re.compile(r"\([^()]+\)[.:]?")
_ALONE = CONTENTS_TITLES | {
    "colofon",
    "voorwoord",
    "samenvatting",
    "literatuur",
    "literatuurlijst",
    "bijlagen",
    "bronnen",
    "nawoord",
}
_LONGEST_TITLE = 14


def mend_headings(blocks: Sequence[Block], contents: Contents) -> list[Block]:
    """Give the blocks with broken headings whole, headings that lost their markup restored, and levels that fit."""
    inside = {id(blocks[at]) for at in contents.where}
    mended = _glyphs(blocks)
    mended = _numbers(mended, inside)
    mended = _promised(mended, contents, inside)
    mended = _numbers(mended, inside)
    mended = _run_on(mended)
    mended = _enumerated(mended, inside)
    return _under_chapters(_under_roman(mended, contents), contents)


def _is_title(text: str) -> bool:
    return (
        bool(text)
        and text.count(" ") < _LONGEST_TITLE
        and text[-1] not in ".,:;"
        and not goes_on(text)
        and "\n" not in text
    )


def _glyphs(blocks: Sequence[Block]) -> list[Block]:
    """A glyph that headings start with (an arrow, a square) marks a heading where a paragraph's first line has it."""
    counts = Counter(found[1] for block in blocks if block.kind == "heading" and (found := _GLYPH.match(block.text)))
    marks = {glyph: 0 for glyph, count in counts.items() if count >= 2}
    done: list[Block] = []
    for block in blocks:
        found = _GLYPH.match(block.text)
        if not found or found[1] not in marks:
            done.append(_without_bullet(block))
        elif block.kind == "heading":
            marks[found[1]] = block.level
            done.append(replace(block, text=block.text[found.end() :] or block.text))
        else:
            first, _, rest = block.text[found.end() :].partition("\n")
            if block.kind == "paragraph" and rest and _is_title(first) and not block.breaks:
                done += [Block("heading", first, marks[found[1]] or 2, block.page), replace(block, text=rest)]
            else:
                done.append(_without_bullet(block))
    return done


def _without_bullet(block: Block) -> Block:
    found = _BULLET.match(block.text) if block.kind != "table" else None
    if not found or found.end() == len(block.text):
        return block
    cut = found.end()
    breaks = tuple((max(0, offset - cut), page) for offset, page in block.breaks)
    return replace(block, text=block.text[cut:], breaks=breaks)


def _numbers(blocks: Sequence[Block], inside: set[int]) -> list[Block]:
    """A number on a line of its own belongs to the heading below it."""
    done: list[Block] = []
    for block in blocks:
        before = done[-1] if done else None
        if before is None or id(before) in inside or id(block) in inside or not _is_lone_number(before):
            done.append(block)
        elif block.kind == "heading":
            levels = [one.level for one in (before, block) if one.kind == "heading"]
            done[-1] = Block("heading", f"{before.text} {block.text}", min(levels), before.page)
        elif before.kind == "heading" and block.kind == "paragraph" and _is_title(block.text):
            done[-1] = replace(before, text=f"{before.text} {block.text}")
        else:
            done.append(block)
    return done


def _is_lone_number(block: Block) -> bool:
    if block.kind not in {"heading", "paragraph"} or len(block.text) > 16:
        return False
    return bool(_ROMAN.fullmatch(block.text) or _NUMBER.fullmatch(block.text))


def _promised(blocks: Sequence[Block], contents: Contents, inside: set[int]) -> list[Block]:
    """A short line that the table of contents names, or that always is a heading, is one."""
    present = {
        folded(text) for block in blocks if block.kind == "heading" for text in (block.text, unlabelled(block.text))
    }
    contents_seen = False
    levels = _levels_by_style(blocks, contents)
    done: list[Block] = []
    for at, block in enumerate(blocks):
        title = folded(block.text[:120])
        contents_seen = contents_seen or id(block) in inside
        candidate = (
            block.kind == "paragraph" and id(block) not in inside and title not in present and _is_title(block.text)
        )
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        if block.kind == "heading" and title == "colofon":
            done.append(replace(block, level=1))
        elif block.kind == "paragraph" and title in CONTENTS_TITLES:
            done.append(replace(block, kind="heading", level=1))
        elif candidate and contents_seen and (label := contents.label(block.text)) is not None:
            done.append(replace(block, kind="heading", level=levels.get(_style(label), _default_level(label))))
            present.add(title)
        elif candidate and title in _ALONE and following is not None and id(following) not in inside:
            done.append(replace(block, kind="heading", level=1))
        else:
            done.append(block)
    return done


def _style(label: str) -> str:
    bare = label.rstrip(".)")
    return (
        "roman"
        if bare and _ROMAN.fullmatch(bare)
        else f"number{bare.count('.')}"
        if bare[:1].isdigit()
        else "letter"
        if bare
        else ""
    )


def _default_level(label: str) -> int:
    style = _style(label)
    return int(style[6:]) + 1 if style.startswith("number") else 1 if style != "letter" else 3


def _levels_by_style(blocks: Sequence[Block], contents: Contents) -> dict[str, int]:
    """The level that headings named in the contents have, for each style of label."""
    seen: dict[str, Counter[int]] = {}
    for block in blocks:
        if block.kind == "heading" and (label := contents.label(block.text)) is not None:
            seen.setdefault(_style(label), Counter())[block.level] += 1
    return {style: levels.most_common(1)[0][0] for style, levels in seen.items()}


def _run_on(blocks: Sequence[Block]) -> list[Block]:
    """The rest of a heading on the next line, or its subtitle in brackets, belongs to it."""
    done: list[Block] = []
    for at, block in enumerate(blocks):
        before = done[-1] if done else None
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        if (
            before is not None
            and before.kind == "heading"
            and before.text
            and _continues_heading(before, block, following)
        ):
            gap = "" if before.text.endswith("-") and block.text[:1].islower() else " "
            text = before.text[:-1] if not gap else before.text
            done[-1] = replace(before, text=f"{text}{gap}{block.text.rstrip(':')}")
        else:
            done.append(block)
    return done


def _continues_heading(heading: Block, block: Block, following: Block | None) -> bool:
    text = block.text
    if "\n" in text or text.count(" ") > _LONGEST_TITLE:
        return False
    if block.kind == "paragraph" and _IN_BRACKETS.fullmatch(text):
        return True
    if block.kind == "heading" and block.level != heading.level:
        return False
    if block.kind not in {"heading", "paragraph"} or heading.text[-1] in ".!?:" or text[-1] in ".,:;":
        return False
    lower = goes_on(text) and text[0] != "("
    if block.kind == "paragraph":
        # A lone short line only completes a heading that cannot stop where it does.
        return leaves_open(heading.text) and (lower or following is None or following.kind != "heading")
    return lower or leaves_open(heading.text)


def _enumerated(blocks: Sequence[Block], inside: set[int]) -> list[Block]:
    """An item of a list that has paragraphs of its own below it: a heading if numbered, a list item if lettered."""
    done: list[Block] = []
    numbered: dict[int, int] = {}
    level = 1
    for at, block in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        before = done[-1] if done else None
        if block.kind == "heading":
            level = block.level
            numbered = {number: depth for number, depth in numbered.items() if depth <= level}
            if found := _STARTS_NUMBER.match(block.text):
                numbered[int(found[1])] = level
        lone = (
            block.kind in {"list_item", "paragraph"}
            and id(block) not in inside
            and (following is not None and following.kind in {"paragraph", "quote"} and following.text.count(" ") >= 8)
            and not _next_in_list(before, block, numbered)
            and block.text.count(" ") < 20
            and block.text[-1] not in ".,:;?"
            and "\n" not in block.text
        )
        if lone and (found := _LETTERED.match(block.text)):
            done.append(replace(block, kind="list_item", level=1))
        elif lone and (found := _LONE_ENUMERATED.match(block.text)):
            depth = numbered.get(int(found[1]) - 1, min(level + 1, 6))
            numbered[int(found[1])] = level = depth
            done.append(replace(block, kind="heading", level=depth))
        else:
            done.append(block)
    return done


def _next_in_list(before: Block | None, block: Block, numbered: Mapping[int, int]) -> bool:
    """Whether it follows another item of the same list; a number that follows a heading's number does not."""
    if before is None or before.kind != "list_item" or block.kind != "list_item":
        return False
    found = _LONE_ENUMERATED.match(block.text)
    follows_heading = found is not None and int(found[1]) - 1 in numbered
    return not follows_heading or bool(_LONE_ENUMERATED.match(before.text))


def _under_roman(blocks: Sequence[Block], contents: Contents) -> list[Block]:
    """Numbered headings at the level of the Roman-numbered chapters around them come one level below these."""
    romans = [block.level for block in blocks if block.kind == "heading" and _STARTS_ROMAN.match(block.text)]
    if len(romans) < 2:
        return list(blocks)
    top = min(romans)
    done: list[Block] = []
    shift, started = 0, False
    for block in blocks:
        if block.kind != "heading":
            done.append(block)
            continue
        if block.level <= top:
            is_roman = bool(_STARTS_ROMAN.match(block.text))
            label = contents.label(block.text) or ""
            is_numbered = not is_roman and (
                bool(_STARTS_NUMBER.match(block.text)) or _style(label).startswith("number")
            )
            started = is_roman or (started and is_numbered)
            shift = 1 if is_numbered and started else 0
        done.append(replace(block, level=min(block.level + shift, 6)))
    return done


def _under_chapters(blocks: Sequence[Block], contents: Contents) -> list[Block]:
    """Below a numbered chapter title without text of its own, unnumbered headings of its level are its sections."""
    done: list[Block] = []
    chapter, shift = 0, 0
    for at, block in enumerate(blocks):
        if block.kind != "heading":
            done.append(block)
            continue
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        if _STARTS_NUMBER.match(block.text) or _STARTS_ROMAN.match(block.text):
            empty = following is not None and following.kind == "heading" and following.level == block.level
            if not shift or block.level <= chapter:
                bare = empty and following is not None and not _STARTS_NUMBER.match(following.text)
                chapter, shift = block.level, 0
                done.append(block)
                shift = 1 if bare else 0
                continue
        elif block.level < chapter or (block.level == chapter and _stands_apart(block, contents)):
            shift = 0
        done.append(replace(block, level=min(block.level + shift, 6)))
    return done


def _stands_apart(block: Block, contents: Contents) -> bool:
    return folded(block.text) in _ALONE or contents.label(block.text) is not None
