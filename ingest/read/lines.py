"""Lines of plain text -> blocks: which lines belong together, and what each group of lines is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.clean.flow import goes_on, is_address, is_open, join, leaves_open
from ingest.read.rows import row_of_tabs
from ingest.types import Block

_BULLET = re.compile(r"\s*(?:[•▪■□●○◦‣⁃►▶➢➤→✓✔❖◆♦·*\uf0a7\uf0b7\u2013\u2014-]|o(?=\s{2}))\s+(?=\S)")
_ENUMERATED = re.compile(r"\s*(?:\(?\d{1,2}[.)]|\(?[a-z][.)]|[ivx]{1,4}[.)])\s+(?=\S)")
_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,4})\.?\s+(?=\S)")
_CHAPTER = re.compile(
    r"(?:hoofdstuk|deel|bijlage|artikel|paragraaf)\s+(?:\d{1,3}[a-z]?|[IVXLC]+|[A-Z])\b[.:]?(?:\s|$)", re.IGNORECASE
)
_SINGLE = re.compile(r"(\d{1,2})\.?\s+(?=[A-ZÀ-Ý])")
_NOTE = re.compile(r"(?:\d{1,3}|\*{1,3}|[†‡]|[¹²³⁴-⁹]|['’])\s+(?=\S)")
_NOTE_WORDS = re.compile(
    r"\b(?:zie|vgl|ibid|idem|bron|website|definitie|geraadpleegd)\b|https?:|www\.|\w\.(?:nl|com|eu|org)\b|\bp\.\s*\d",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[A-ZÀ-Ý][\w-]*:\s")
_DATED = re.compile(
    r"\b\d{1,2}\s+(?:jan|feb|maart|apr|mei|jun|jul|aug|sep|okt|nov|dec)[a-z]*\.?\s+\d{4}\b", re.IGNORECASE
)
_PAGE_REFERENCE = re.compile(r"(?:\.{3,}|…|(?:\. ){3,}|\t|\s{3,})\s*\d{1,3}$")
_VERB = re.compile(
    r"\b(?:is|zijn|was|waren|wordt|worden|werd|heeft|hebben|had|moet|moeten|kan|kunnen|zal|zullen|mag|mogen|wil|willen|"
    r"gaat|gaan|komt|komen|blijft|blijven|maakt|maken|vraagt|vragen|biedt|staat|staan|geeft|doet|spreken|krijgt|vergt)\b"
)
_LONGEST_HEADING = 90
_LONGEST_PULLED = 140
_LONGEST_WRAP = 160


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines that stand together, with where in the layout they stood."""

    lines: tuple[str, ...]
    page: int | None
    after_blank: bool
    before_blank: bool


def blocks_of(pages: Sequence[str]) -> list[Block]:
    """Give the blocks of the pages; `page` is filled in where there is more than one."""
    width = _width(pages)
    groups = [
        group
        for number, page in enumerate(pages, 1)
        for group in _groups(page, number if len(pages) > 1 else None, width)
    ]
    numbered = sum(bool(_DECIMAL.match(group.lines[0])) and len(group.lines) == 1 for group in groups) >= 2
    raw = _whole([block for group in groups for block in _plain(group, width)])
    return [
        _named(block, before, raw[at + 1] if at + 1 < len(raw) else None, numbered=numbered)
        for at, (block, before) in enumerate(zip(raw, [None, *raw], strict=False))
    ]


def _width(pages: Iterable[str]) -> int:
    """The line length that the text was wrapped at; 0 where a line is a paragraph."""
    lengths = sorted(len(line.rstrip()) for page in pages for line in page.split("\n") if line.strip())
    if len(lengths) < 3:
        return 0
    usual = lengths[int(len(lengths) * 0.9)]
    longest = lengths[-1]
    return usual if usual <= _LONGEST_WRAP and longest <= 3 * usual else 0


def _groups(page: str, number: int | None, width: int) -> Iterable[_Group]:
    held: list[str] = []
    blank = True
    for line in page.split("\n"):
        bare = line.strip()
        if not bare:
            if held:
                yield _Group(tuple(held), number, blank, True)
            held, blank = [], True
            continue
        if held and _starts_group(held[-1], line, width):
            yield _Group(tuple(held), number, blank, False)
            held, blank = [], False
        held.append(line.rstrip())
    if held:
        yield _Group(tuple(held), number, blank, True)


def _starts_group(before: str, line: str, width: int) -> bool:
    """Whether a line begins something new although no blank line stands above it."""
    bare, above = line.strip(), before.strip()
    ended = above[-1:] in ".!?:"
    indented = len(line) - len(line.lstrip()) > len(before) - len(before.lstrip())
    return (
        bool(_BULLET.match(line) or _CHAPTER.match(bare))
        or is_address(bare)
        or is_address(above)
        or _is_numbered_title(bare)
        or (bool(_ENUMERATED.match(line)) and not leaves_open(above))
        or (indented and ended)
        or (_is_numbered_title(above) and not goes_on(bare))
        or _is_paragraph_end(above, bare, width, ended=ended)
    )


def _is_paragraph_end(above: str, bare: str, width: int, *, ended: bool) -> bool:
    if not width:
        # A line is a paragraph, but the lines of an address or signature belong together.
        return len(above) > 70 or len(bare) > 70 or ended
    short = len(above) + len(bare.split(maxsplit=1)[0]) + 1 < 0.75 * width
    return short and ended and not goes_on(bare)


def _is_numbered_title(bare: str) -> bool:
    found = _DECIMAL.match(bare)
    return (
        found is not None
        and len(bare) <= _LONGEST_HEADING
        and bare[found.end()].isupper()
        and bare[-1] not in ".,;"
        and "\n" not in bare
        and not _PAGE_REFERENCE.search(bare)
    )


def _plain(group: _Group, width: int) -> list[Block]:
    """The blocks of a group, their kinds still to be named: list items, tables, contents and paragraphs."""
    text = "\n".join(line.strip() for line in group.lines)
    if "\t" in text and (rows := row_of_tabs(text)):
        return [Block("table", rows, page=group.page)]
    if sum(bool(_PAGE_REFERENCE.search(line)) for line in group.lines) * 2 > len(group.lines):
        return [Block("paragraph", text, page=group.page)]
    joined = _unwrapped([line.strip() for line in group.lines], width)
    first = group.lines[0]
    if found := _BULLET.match(first):
        indent = len(first) - len(first.lstrip())
        return [Block("list_item", joined[found.end() - indent :].strip(), 1 + min(indent // 3, 3), group.page)]
    if _ENUMERATED.match(first) and not _is_numbered_title(first.strip()):
        return [Block("list_item", joined, 1 + min((len(first) - len(first.lstrip())) // 3, 3), group.page)]
    alone = group.after_blank or group.before_blank
    return [
        Block(
            "heading" if alone and "\n" not in joined and len(joined) <= _LONGEST_HEADING else "paragraph",
            joined,
            0,
            group.page,
        )
    ]


def _unwrapped(bare: Sequence[str], width: int) -> str:
    """The lines as one text: a line that was full runs on, a short one ended because the writer wanted it to."""
    text = bare[0]
    for before, line in pairwise(bare):
        full = bool(width) and len(before) + 1 + len(line.split(maxsplit=1)[0]) > 0.85 * width
        cut = before.endswith("-") and before[-2:-1].isalnum()
        runs_on = full or leaves_open(before) or (goes_on(line) and before[-1] not in ".!?:")
        text += ("\n" if cut or not runs_on else " ") + line
    return text


def _whole(blocks: Sequence[Block]) -> list[Block]:
    """A sentence that runs on below a blank line is one text; that comes before asking what each text is."""
    done: list[Block] = []
    for block in blocks:
        before = done[-1] if done else None
        rest = (
            before is not None
            and before.kind != "table"
            and block.kind in {"heading", "paragraph"}
            and "\n" not in before.text
            and goes_on(block.text)
            and (is_open(before.text) or (" " in before.text and before.text[-1].isalpha()))
            and not is_address(before.text)
            and not _LABEL.match(before.text)
        )
        if rest and before is not None:
            whole = join(before, block)
            short = before.kind == "heading" and len(whole.text) <= _LONGEST_PULLED
            done[-1] = whole if before.kind == "list_item" or short else replace(whole, kind="paragraph")
        else:
            done.append(block)
    return done


def _named(block: Block, before: Block | None, following: Block | None, *, numbered: bool) -> Block:
    """The block with its kind: `heading` so far only says that it is short and stands alone."""
    if block.kind in {"table", "list_item"}:
        return block
    text = block.text
    if _is_note(text, before):
        return replace(block, kind="footnote")
    if block.kind == "paragraph" and not _is_numbered_title(text):
        return block
    level = _level(text, following, numbered=numbered)
    if level:
        return replace(block, kind="heading", level=level)
    pulled = numbered and _is_clause(text) and following is not None and not text.endswith(":")
    return replace(block, kind="quote" if pulled else "paragraph")


def _is_note(text: str, before: Block | None) -> bool:
    if all(is_address(word) for word in text.split()):
        return before is not None
    found = _NOTE.match(text)
    if not found or _is_numbered_title(text):
        return False
    return bool(_NOTE_WORDS.search(text)) or (
        before is not None and bool(_NOTE.match(before.text)) and bool(_NOTE_WORDS.search(before.text))
    )


def _is_clause(text: str) -> bool:
    """Whether a short line reads as a sentence: then it is lifted out of the text, not a title above it."""
    spaces = text.count(" ")
    return (
        (spaces >= 7 or (spaces >= 4 and bool(_VERB.search(text)))) and not _SINGLE.match(text) and text[-1] not in ",;"
    )


def _level(text: str, following: Block | None, *, numbered: bool) -> int:
    """The level of a heading; 0 where the line is none."""
    if _is_numbered_title(text) and (found := _DECIMAL.match(text)):
        return found[1].count(".") + 1
    if (
        _CHAPTER.match(text)
        and len(text) <= _LONGEST_HEADING
        and text[-1] not in ",;"
        and not _PAGE_REFERENCE.search(text)
    ):
        return 1
    if following is None or "\n" in text or _PAGE_REFERENCE.search(text) or not _is_bare_title(text):
        return 0
    if _SINGLE.match(text):
        return 1
    shouted = text.isupper() and len(text) > 3
    if numbered:
        return 2 if shouted else 0 if _is_clause(text) else 3
    return 1 if shouted else 2 if text[0].isupper() and _is_text(following) else 0


def _is_bare_title(text: str) -> bool:
    """Whether a line that stands alone may be a title: no sentence, label, date, address or part of one."""
    ends = text[-1] in ".,:;!?" and not text.endswith("...")
    part = is_address(text) or goes_on(text) or leaves_open(text)
    labelled = _LABEL.match(text) or _DATED.search(text)
    return not (ends or part or labelled) and text.count(" ") < 12 and any(char.isalpha() for char in text)


def _is_text(block: Block) -> bool:
    """Whether the block below reads as the text under a heading, not as the next line of an address."""
    return block.kind != "heading" or block.text.count(" ") >= 7 or block.text[-1] in ".?!:"
