"""Page furniture out of the running text: page numbers, running headers and footers, descriptions of pictures."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from statistics import median

from ingest.clean.flow import goes_on, is_address, is_open
from ingest.types import Block

_PAGE_NUMBER = re.compile(
    r"(?:[-–—|]\s*)?(?:(?:p|pag|pagina|blz|bladzijde|page)\.?\s*)?\d{1,4}(?:\s*(?:van|of|/|\|)\s*\d{1,4})?(?:\s*[-–—|])?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")
# Numbered parts of a document recur with only their number differing, as footers do.
_PARTS = re.compile(
    r"(?:artikel|bijlage|hoofdstuk|paragraaf|figuur|tabel|stap|fase|deel|lid|thema|doel|scenario|variant|optie|actie|"
    r"maatregel|casus|vraag|punt|besluit|beslispunt|bouwsteen|spoor|lijn|pijler|opgave|voorbeeld|kader|box)\b",
    re.IGNORECASE,
)
_LONGEST = 160
_FEWEST = 3
_ALIKE = 0.8
_RUNNING_WORDS = 12
_PICTURE = re.compile(
    r"(?:an?|the|this|image|photo|picture|logo|icon|illustration)\b.*\b(?:image|photo|picture|line|lines|logo|icon|"
    r"illustration|diagram|chart|graph|background|decorative|drawing|shape|shapes|circle|arrow|arrows|map|person|people)\b",
    re.IGNORECASE | re.DOTALL,
)
_ENGLISH = re.compile(r"\b(?:the|and|with|of|is|are|at|on|that|from|around|showing|starts|then|down|right|left)\b")
_DUTCH = re.compile(r"\b(?:de|het|een|van|en|met|voor|niet|zijn|wordt|die|dat|op)\b")


def drop_furniture(blocks: Sequence[Block], contents: range) -> list[Block]:
    """Give the blocks without what the layout put on the pages; `contents` is the table of contents, left alone."""
    dutch = _is_dutch(blocks)
    drop = {at for at, block in enumerate(blocks) if dutch and _describes_picture(block)}
    drop |= _repeated_title(blocks)
    drop |= {at for at in range(1, len(blocks)) if len(blocks[at].text) > 20 and blocks[at].text == blocks[at - 1].text}
    drop |= _recurring(blocks, contents, drop)
    # A header can stand between a footer and the sentence that both interrupt: once more without the first.
    drop |= _recurring(blocks, contents, drop)
    drop |= _page_numbers(blocks, contents, drop)
    return [block for at, block in enumerate(blocks) if at not in drop]


def _repeated_title(blocks: Sequence[Block]) -> set[int]:
    """A title page that comes twice, as a cover and as a first page: the same heading, with little in between."""
    headings = [at for at, block in enumerate(blocks) if block.kind == "heading"]
    drop: set[int] = set()
    for first, second in pairwise(headings):
        between = sum(block.text.count(" ") + 1 for block in blocks[first + 1 : second])
        if (
            blocks[first].text.lower() != blocks[second].text.lower()
            or blocks[first].level != blocks[second].level
            or between > 60
        ):
            continue
        drop.add(second)
        for one, other in zip(range(first + 1, second), range(second + 1, len(blocks)), strict=False):
            if blocks[one].text != blocks[other].text:
                break
            drop.add(other)
    return drop


def _is_dutch(blocks: Iterable[Block]) -> bool:
    first = (block.text for _, block in zip(range(80), blocks, strict=False) if not _PICTURE.match(block.text))
    sample = " ".join(first).lower()
    return len(_DUTCH.findall(sample)) > 2 * len(_ENGLISH.findall(sample))


def _describes_picture(block: Block) -> bool:
    """A converter's English description of a picture, in a Dutch document, is no text of the document."""
    if block.kind != "paragraph" or len(block.text) > 600 or not _PICTURE.match(block.text):
        return False
    lowered = block.text.lower()
    return len(_ENGLISH.findall(lowered)) >= 3 and not _DUTCH.search(lowered)


def is_number(block: Block) -> bool:
    """Whether the block is nothing but a number, as a page has it or the opening of a chapter."""
    return block.kind in {"paragraph", "heading", "footnote"} and bool(_PAGE_NUMBER.fullmatch(block.text))


def _page_numbers(blocks: Sequence[Block], contents: range, gone: set[int]) -> set[int]:
    """Lone numbers; but one above a title may be that of a chapter, unless they count the pages."""
    lone = [
        at
        for at, block in enumerate(blocks)
        if at not in contents and at not in gone and block.kind != "heading" and is_number(block)
    ]
    above = {at for at in lone if blocks[at].text.isdigit() and _opens_chapter(blocks, at, gone)}
    numbers = [int(_DIGITS.findall(blocks[at].text)[0]) for at in lone]
    rising = sum(0 < later - earlier <= 3 for earlier, later in pairwise(numbers))
    paginated = len(lone) >= _FEWEST and rising >= 0.8 * (len(lone) - 1) and len(above) * 3 <= len(lone) * 2
    return set(lone) if paginated or _follow_pages(blocks, lone, numbers) else set(lone) - above


def _follow_pages(blocks: Sequence[Block], lone: Sequence[int], numbers: Sequence[int]) -> bool:
    """Whether the numbers differ from the pages they stand on by always the same."""
    shifts = Counter(
        number - page for at, number in zip(lone, numbers, strict=True) if (page := blocks[at].page) is not None
    )
    return bool(shifts) and shifts.most_common(1)[0][1] >= max(_FEWEST, 0.6 * len(lone))


def _opens_chapter(blocks: Sequence[Block], at: int, gone: set[int]) -> bool:
    below = next((blocks[i] for i in range(at + 1, min(at + 6, len(blocks))) if i not in gone), None)
    if below is None or int(blocks[at].text) > 30:
        return False
    title = len(below.text) <= 80 and below.text[-1] not in ".,:;" and not below.text[0].islower()
    return below.kind == "heading" or (below.kind == "paragraph" and title)


def _recurring(blocks: Sequence[Block], contents: range, gone: set[int]) -> set[int]:
    groups: dict[str, list[int]] = defaultdict(list)
    for at, block in enumerate(blocks):
        if (
            at not in contents
            and at not in gone
            and block.kind in {"paragraph", "heading", "caption", "footnote"}
            and 2 < len(block.text) <= _LONGEST
        ):
            groups[_shape(block.text)].append(at)
    clusters = [alike for members in groups.values() if len(members) >= _FEWEST for alike in _clusters(blocks, members)]
    headed = (alike for alike in clusters if any(blocks[at].kind == "heading" for at in alike))
    recurring = {at for alike in headed for at in alike}
    return {at for alike in clusters for at in _furniture_among(blocks, alike, gone, recurring)}


def _shape(text: str) -> str:
    """Letters as x, numbers as 0: lines with a misread letter still have the same shape."""
    return _LETTER.sub("x", _DIGITS.sub("0", text.strip(" .'\"‘’“”*").replace("\n", " ")))


def _clusters(blocks: Sequence[Block], members: Sequence[int]) -> list[list[int]]:
    clusters: dict[str, list[int]] = {}
    for at in members:
        text = _DIGITS.sub("0", blocks[at].text.lower())
        key = text if text in clusters else next((one for one in list(clusters)[:20] if _alike(one, text)), text)
        clusters.setdefault(key, []).append(at)
    return [alike for alike in clusters.values() if len(alike) >= _FEWEST]


def _alike(one: str, other: str) -> bool:
    return len(one) > 8 and one[:2] == other[:2] and SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE


def _furniture_among(blocks: Sequence[Block], alike: Sequence[int], gone: set[int], recurring: set[int]) -> set[int]:
    """Which of the blocks that look the same are furniture: all, all but the title itself, or none."""
    first = alike[0]
    if _are_numbered_parts(blocks, alike):
        return set()
    if _is_title(blocks, alike, recurring):
        return set(alike[1:])
    sentence = blocks[first].text[-1] in ".!?" and blocks[first].text.count(" ") >= 8
    if sentence or blocks[first].text.endswith(":") or _PARTS.match(blocks[first].text):
        return set()
    members = set(alike) | gone
    interrupts = sum(_interrupts(blocks, at, members) for at in alike)
    if interrupts * 4 >= len(alike) or _at_page_edges(blocks, alike):
        return set(alike)
    return set(alike) if blocks[first].kind != "heading" and _counts_pages(blocks, alike) else set()


def _are_numbered_parts(blocks: Sequence[Block], alike: Sequence[int]) -> bool:
    """Whether these are the headings "Hoofdstuk 1", "Hoofdstuk 2" and so on, each of a part of its own.

    A running header names the same chapter on one page after another. Other words than those of `_PARTS` may be the
    name of the document, with the number of the page behind it, unless they count on from 1 in a text without pages.
    """
    numbers = [int(_DIGITS.findall(blocks[at].text + " 0")[0]) for at in alike]
    if any(blocks[at].kind != "heading" for at in alike) or not all(a < b for a, b in pairwise(numbers)):
        return False
    counted = numbers == list(range(1, len(alike) + 1)) and all(blocks[at].page is None for at in alike)
    return counted or bool(_PARTS.match(blocks[alike[0]].text))


def _is_title(blocks: Sequence[Block], alike: Sequence[int], recurring: set[int]) -> bool:
    """Whether it is the title above the first text, put on later pages again.

    The first heading in every chapter also starts above the first text, but always below a chapter's own heading.
    """
    texts = (at for at, one in enumerate(blocks) if one.text.count(" ") >= _RUNNING_WORDS and at not in recurring)
    first_text = next(texts, len(blocks))
    if alike[0] > first_text or not any(blocks[at].kind == "heading" for at in alike):
        return False
    below_own = sum(blocks[at - 1].kind == "heading" and at - 1 not in recurring for at in alike[1:])
    return below_own * 2 < len(alike) - 1


def _interrupts(blocks: Sequence[Block], at: int, members: set[int]) -> bool:
    """Whether the block stands in the middle of a sentence."""
    before = next(
        (blocks[i] for i in range(at - 1, max(-1, at - 8), -1) if not _is_aside(blocks[i], i in members)), None
    )
    after = next(
        (blocks[i] for i in range(at + 1, min(len(blocks), at + 8)) if not _is_aside(blocks[i], i in members)), None
    )
    return before is not None and after is not None and is_open(before.text) and goes_on(after.text)


def _is_aside(block: Block, is_member: bool) -> bool:
    return is_member or block.kind in {"footnote", "caption"} or is_number(block) or is_address(block.text)


def _at_page_edges(blocks: Sequence[Block], alike: Sequence[int]) -> bool:
    """First or last on most pages of the stretch they appear in."""
    pages = {blocks[at].page for at in alike}
    if None in pages or len(pages) < _FEWEST:
        return False
    edges = sum(
        min(
            sum(block.page == blocks[at].page for block in blocks[max(0, at - 3) : at]),
            sum(block.page == blocks[at].page for block in blocks[at + 1 : at + 4]),
        )
        <= 1
        for at in alike
    )
    numbers = sorted(page for page in pages if page is not None)
    return edges >= 0.8 * len(alike) and len(pages) >= 0.4 * (numbers[-1] - numbers[0] + 1)


def _counts_pages(blocks: Sequence[Block], alike: Sequence[int]) -> bool:
    """A line with words and a last number that only rises, spread over the document: a footer with its page."""
    numbers = [_DIGITS.findall(blocks[at].text) for at in alike]
    if not all(numbers) or len(_LETTER.findall(blocks[alike[0]].text)) < 8:
        return False
    last = [int(found[-1]) for found in numbers]
    if not all(a < b for a, b in pairwise(last)):
        return False
    return median(sum(len(block.text) for block in blocks[a:b]) for a, b in pairwise(alike)) > 800
