"""Running headers, footers and page numbers: found by their place and their return on other pages, and left out."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.read.pdf.geometry import Line
from ingest.read.pdf.layout import PageLayout

_ZONE = 0.14  # of the page height: furniture stands this near the top or bottom edge
_ROWS = 3  # furniture is among the outermost rows of a page
_DRIFT = 4.0  # points: how far furniture moves between pages
_DISTINCT = 1.2  # of the text size: larger text is a heading, unless it returns on most pages
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"^[ivxlc]{1,7}$", re.IGNORECASE)
_PAGE_OF = re.compile(
    r"^(?:pagina|pag\.?|p\.?|page|blz\.?|bladzijde)?\s*(\d{1,4})\s*(?:van|/|of)\s*(\d{1,4})$", re.IGNORECASE
)
_LONE_NUMBER = re.compile(
    r"^(?:pagina|pag\.?|p\.?|page|blz\.?|bladzijde)?\s*[-–—|•·\[]*\s*(\d{1,4})\s*[-–—|•·\]]*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line near the top or bottom edge of a page: `height` is its distance from that edge."""

    line: Line
    page: int
    at_top: bool
    height: float


def without_furniture(pages: Sequence[PageLayout], size: float) -> tuple[list[PageLayout], dict[int, str]]:
    """The pages without their furniture, and the page number printed on each page that shows one.

    `size` is the text size of the document.
    """
    edges = [edge for page in pages for edge in _edges(page)]
    numbers = _page_numbers(edges, len(pages))
    gone = {id(edge.line) for edge in _returning(edges, len(pages), size)}
    gone |= {id(edge.line) for edge in edges if id(edge.line) in numbers}
    gone |= {id(edge.line) for edge in _beside(edges, gone, numbers, size)}
    labels: dict[int, str] = {}
    for edge in edges:
        if label := numbers.get(id(edge.line)):
            known = labels.get(edge.page)
            labels[edge.page] = f"{known}-{label}" if known and _follows(known, label) else known or label
    kept = [replace(page, items=tuple(item for item in page.items if id(item) not in gone)) for page in pages]
    return kept, labels


def page_labels(pages: int, defined: Sequence[str], printed: dict[int, str]) -> tuple[str, ...]:
    """A label for each page: as the file defines them, else as printed, else the page's place in the file.

    A page without a printed number gets the one that its neighbours' numbers give it.
    """
    if defined:
        return tuple(label or str(number) for number, label in enumerate(defined, start=1))
    steps = Counter(int(label) - page for page, label in printed.items() if label.isdigit())
    step = steps.most_common(1)[0][0] if steps else 0
    return tuple(
        printed.get(page) or (str(page + step) if page + step > 0 else str(page)) for page in range(1, pages + 1)
    )


def _edges(page: PageLayout) -> list[_Edge]:
    """The lines of the outermost rows near the top and bottom of a page."""
    lines = sorted((item for item in page.items if isinstance(item, Line)), key=lambda line: line.baseline)
    found: list[_Edge] = []
    for at_top, ordered in ((True, lines), (False, lines[::-1])):
        rows: list[float] = []
        for line in ordered:
            height = line.baseline if at_top else page.height - line.baseline
            if not rows or abs(line.baseline - rows[-1]) > 3:
                rows.append(line.baseline)
            if len(rows) > _ROWS or height > _ZONE * page.height:
                break
            found.append(_Edge(line, page.number, at_top, height))
    return found


def _page_numbers(edges: Sequence[_Edge], pages: int) -> dict[int, str]:
    """The page number in each line that shows one, by the identity of the line.

    A number is a page number if it is as far from the page's place in the file as that of other pages, at the
    same height; or if it says so itself: "pagina 3 van 12".
    """
    found: dict[tuple[bool, int], list[tuple[_Edge, str]]] = defaultdict(list)
    numbers: dict[int, str] = {}
    for edge in edges:
        text = edge.line.text.strip()
        if (match := _PAGE_OF.match(text)) and int(match[1]) <= int(match[2]):
            numbers[id(edge.line)] = match[1]
        for number in _candidates(text):
            found[edge.at_top, int(number) - edge.page].append((edge, number))
    for group in found.values():
        for edge, number in group:
            same = {other.page for other, _ in group if abs(other.height - edge.height) <= _DRIFT}
            if len(same) >= 3:
                numbers.setdefault(id(edge.line), number)
    lone = _lone_numbers(edges)
    shown: dict[int, set[int]] = defaultdict(set)
    for edge, _, step in lone:
        shown[step].add(edge.page)
    for edge, number, step in lone:
        if len(shown[step]) >= 2 or (pages == 1 and number == "1"):
            numbers.setdefault(id(edge.line), number)
    return numbers


def _lone_numbers(edges: Sequence[_Edge]) -> list[tuple[_Edge, str, int]]:
    """The lines that are nothing but a number, with that number and how far it is from the page's place."""
    found = []
    for edge in edges:
        text = edge.line.text.strip()
        if match := _LONE_NUMBER.match(text):
            found.append((edge, match[1], int(match[1]) - edge.page))
        elif _ROMAN.match(text):
            found.append((edge, text, _roman_value(text.lower()) - edge.page))
    return found


def _candidates(text: str) -> set[str]:
    """The numbers at the start and the end of a line."""
    words = text.replace("|", " ").split()
    if not words:
        return set()
    ends = {words[0].strip("-–—•·[]"), words[-1].strip("-–—•·[]")}
    return {end for end in ends if end.isascii() and end.isdigit() and len(end) <= 4}


def _roman_value(text: str) -> int:
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
    total = 0
    for index, letter in enumerate(text):
        value = values[letter]
        total += -value if index + 1 < len(text) and values[text[index + 1]] > value else value
    return total


def _follows(known: str, label: str) -> bool:
    return known.isdigit() and label.isdigit() and int(label) == int(known) + 1


def _returning(edges: Sequence[_Edge], pages: int, size: float) -> list[_Edge]:
    """The lines that return, the numbers in them apart, at one height on nearby pages."""
    groups: dict[tuple[bool, str], list[_Edge]] = defaultdict(list)
    for edge in edges:
        groups[edge.at_top, _NUMBER.sub("#", edge.line.text.casefold())].append(edge)
    gone: list[_Edge] = []
    for group in groups.values():
        for edge in group:
            same = [other for other in group if abs(other.height - edge.height) <= _DRIFT and _agrees(edge, other)]
            times = len({other.page for other in same})
            near = any(0 < abs(other.page - edge.page) <= 3 for other in same)
            few = times >= 2 and edge.line.style.size < 0.95 * size and _on_every_other(same, pages)
            large = edge.line.style.size > _DISTINCT * size and times < 0.6 * pages
            if near and (times >= 3 or few) and not large:
                gone.append(edge)
    return gone


def _on_every_other(edges: Sequence[_Edge], pages: int) -> bool:
    """True if the lines stand on most of the pages, or of the left or the right pages: enough in a short document."""
    shown = {edge.page for edge in edges}
    sides = [range(1, pages + 1), range(1, pages + 1, 2), range(2, pages + 1, 2)]
    return any(shown <= set(side) and len(shown) >= 0.6 * len(side) for side in sides)


def _agrees(one: _Edge, two: _Edge) -> bool:
    """True if each number in the lines is the same, or goes up with the page: "Artikel 3" is no running header."""
    first, second = _NUMBER.findall(one.line.text), _NUMBER.findall(two.line.text)
    step = two.page - one.page
    return all(int(b) - int(a) in (0, step) for a, b in zip(first, second, strict=False))


def _beside(edges: Sequence[_Edge], gone: set[int], numbers: dict[int, str], size: float) -> list[_Edge]:
    """The short lines at the height of a page number: the title of a chapter beside it."""
    heights = {
        (edge.page, round(edge.line.baseline)) for edge in edges if id(edge.line) in numbers and id(edge.line) in gone
    }
    return [
        edge
        for edge in edges
        if any((edge.page, round(edge.line.baseline) + step) in heights for step in (-1, 0, 1))
        and len(edge.line.text) < 90
        and edge.line.style.size <= _DISTINCT * size
    ]
