"""The table of contents of a document: where it stands, and which headings it promises."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.types import Block

CONTENTS_TITLES = frozenset(
    {"inhoud", "inhoudsopgave", "inhoudsopgaaf", "contents", "table of contents", "inhoudstafel"}
)
_PAGE = re.compile(r"(?:^|[\s.·…|_]+)(?:p|pag|blz)?\.?\s*\d{1,3}$")
_LEADERS = re.compile(r"(?:\.{3,}|…|(?:\. ){3,}|·{3,}|_{3,})\s*\d{1,3}$")
_LABEL = re.compile(r"((?:\d{1,2}(?:\.\d{1,2})*|[IVXLC]+|[A-Za-z])[.)]?)[\s|]+(?=\S)")
_WORD = re.compile(r"[^\W_]+")
_LONGEST_ENTRY = 18
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Contents:
    """Which blocks are the table of contents, and its entries: folded title -> label ("2.", "IV", or "")."""

    where: range = range(0)
    entries: dict[str, str] = field(default_factory=dict)

    def label(self, text: str) -> str | None:
        """Give the label of the entry with this title, with or without its number; None where there is none."""
        found = self.entries.get(folded(text))
        return found if found is not None else self.entries.get(folded(unlabelled(text)))


def folded(text: str) -> str:
    """Give the words of the text in lower case, without punctuation: for comparing titles."""
    return " ".join(_WORD.findall(text.lower()))


def unlabelled(text: str) -> str:
    """Give a title without its number or letter."""
    found = _LABEL.match(text)
    return text[found.end() :] if found else text


def find_contents(blocks: Sequence[Block]) -> Contents:
    """Give the table of contents; an empty one where the document has none."""
    for at, block in enumerate(blocks):
        if block.kind in {"heading", "paragraph"} and folded(block.text[:40]) in CONTENTS_TITLES:
            end = _end(blocks, at + 1)
            if _page_references(blocks[at + 1 : end]) >= _FEWEST:
                return Contents(range(at, end), _entries(blocks[at + 1 : end]))
        elif block.kind != "heading" and len(_leader_lines(block)) >= _FEWEST:
            end = at + 1
            while end < len(blocks) and _leader_lines(blocks[end]):
                end += 1
            return Contents(range(at, end), _entries(blocks[at:end]))
    return Contents()


def _leader_lines(block: Block) -> list[str]:
    return (
        [line for line in block.text.split("\n") if _LEADERS.search(line)]
        if "..." in block.text or "…" in block.text
        else []
    )


def _end(blocks: Sequence[Block], start: int) -> int:
    last = start
    for at in range(start, len(blocks)):
        block = blocks[at]
        if block.kind == "heading" and at > start:
            break
        if any(line.count(" ") >= _LONGEST_ENTRY for line in block.text.split("\n")):
            break
        if any(_PAGE.search(line) for line in block.text.split("\n")):
            last = at + 1
    return last


def _page_references(blocks: Sequence[Block]) -> int:
    return sum(bool(_PAGE.search(line)) for block in blocks for line in block.text.split("\n"))


def _entries(blocks: Sequence[Block]) -> dict[str, str]:
    entries: dict[str, str] = {}
    for block in blocks:
        whole = block.kind != "table" and _page_references([block]) < 2
        for line in [block.text.replace("\n", " ")] if whole else block.text.split("\n"):
            title = _PAGE.sub("", line).strip(" .|·…_")
            found = _LABEL.match(title)
            name = folded(title[found.end() :] if found else title)
            if name and not name.isdigit():
                entries.setdefault(name, found[1] if found else "")
    return entries
