"""What Word keeps beside the text: styles with what they inherit, and list numbers, which are nowhere in the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest.read.structure import NumberFormat, number_text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_FORMATS: dict[str, NumberFormat] = {
    "decimal": "1",
    "decimalZero": "01",
    "lowerLetter": "a",
    "upperLetter": "A",
    "lowerRoman": "i",
    "upperRoman": "I",
}
_OFF = {"0", "false", "off", "none"}
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9


def value(element: Any, path: str) -> str | None:
    """The w:val of the element at a path such as "pPr/pStyle"; None where there is none."""
    found = child(element, path)
    return None if found is None else found.get(f"{W}val")


def child(element: Any, path: str) -> Any:
    """The element at a path such as "pPr/numPr", or None."""
    return None if element is None else element.find(_full(path))


@cache
def _full(path: str) -> str:
    return "/".join(W + step for step in path.split("/"))


def switch(element: Any, path: str) -> bool | None:
    """Whether an on-off property such as "rPr/b" is on or off; None where it is not said."""
    found = child(element, path)
    return None if found is None else found.get(f"{W}val") not in _OFF


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph's place in a list: which list, and how deep (0 = outermost)."""

    num_id: str
    depth: int


class Styles:
    """The styles of a document; a style is asked for by its id and answers with what it inherits as well."""

    def __init__(self, root: Any) -> None:
        found = [] if root is None else root.iter(f"{W}style")
        self._by_id = {style.get(f"{W}styleId"): style for style in found}
        # Every run of every paragraph asks for these.
        self._chains: dict[str | None, tuple[Any, ...]] = {}
        self._switches: dict[tuple[str | None, str], bool] = {}
        self._default = next(
            (
                name
                for name, style in self._by_id.items()
                if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true"}
            ),
            None,
        )

    def chain(self, style_id: str | None) -> tuple[Any, ...]:
        """The style itself and those it is based on, nearest first."""
        if style_id not in self._chains:
            self._chains[style_id] = tuple(self._follow(style_id or self._default))
        return self._chains[style_id]

    def _follow(self, style_id: str | None) -> Iterator[Any]:
        seen = set()
        while style_id in self._by_id and style_id not in seen:
            seen.add(style_id)
            yield self._by_id[style_id]
            style_id = value(self._by_id[style_id], "basedOn")

    def names(self, style_id: str | None) -> list[str]:
        """The names of the style and those it is based on, in lower case; English for Word's own styles."""
        return [(value(style, "name") or "").lower() for style in self.chain(style_id)]

    def switch(self, style_id: str | None, path: str) -> bool:
        """Whether an on-off property such as "rPr/b" is on in the style."""
        key = style_id, path
        if key not in self._switches:
            said = (switch(style, path) for style in self.chain(style_id))
            self._switches[key] = next((on for on in said if on is not None), False)
        return self._switches[key]

    def outline_level(self, style_id: str | None) -> int | None:
        """The outline level of the style, 0 = outermost; None for body text."""
        found = next((level for style in self.chain(style_id) if (level := value(style, "pPr/outlineLvl"))), None)
        return int(found) if found and found.isdecimal() and int(found) < _LEVELS else None

    def numbered(self, style_id: str | None) -> tuple[Any, str | None]:
        """The numPr element that the style gives its paragraphs, and the id of the style that says so."""
        for style in self.chain(style_id):
            found = child(style, "pPr/numPr")
            if found is not None:
                return found, style.get(f"{W}styleId")
        return None, None


class Numbering:
    """The lists of a document. It counts, so paragraphs must be asked for in reading order."""

    def __init__(self, root: Any, styles: Styles) -> None:
        self._styles = styles
        self._nums: dict[str | None, Any] = {}
        self._abstracts: dict[str | None, Any] = {}
        self._by_style_link: dict[str | None, Any] = {}
        self._counts: dict[str | None, list[int | None]] = {}
        self._restarted: set[tuple[str, int]] = set()
        for element in [] if root is None else root:
            if element.tag == f"{W}num":
                self._nums[element.get(f"{W}numId")] = element
            elif element.tag == f"{W}abstractNum":
                self._abstracts[element.get(f"{W}abstractNumId")] = element
                self._by_style_link[value(element, "styleLink")] = element

    def place(self, paragraph: Any, style_id: str | None) -> Numbered | None:
        """The place of a paragraph in a list, said by itself or by its style; None where it is in none."""
        own = child(paragraph, "pPr/numPr")
        inherited, from_style = self._styles.numbered(style_id)
        num_id = value(own, "numId") or value(inherited, "numId")
        if num_id is None or num_id not in self._nums:  # 0 takes a paragraph out of its style's list
            return None
        depth = value(own, "ilvl") or value(inherited, "ilvl") or self._depth_of_style(num_id, from_style)
        return Numbered(num_id, min(int(depth), _LEVELS - 1) if depth.isdecimal() else 0)

    def label(self, place: Numbered) -> str:
        """The number or letter of the next paragraph at this place, as Word shows it; "" for a bullet."""
        abstract = self._abstract(place.num_id)
        if abstract is None:
            return ""
        counts = self._counts.setdefault(abstract.get(f"{W}abstractNumId"), [None] * _LEVELS)
        self._count(counts, place)
        level = self._level(place.num_id, place.depth)
        if level is None or value(level, "numFmt") == "bullet":
            return ""
        legal = switch(level, "isLgl") or False
        return _PLACE.sub(
            lambda found: self._number(place.num_id, int(found[1]) - 1, counts, legal=legal),
            value(level, "lvlText") or "",
        ).strip()

    def _count(self, counts: list[int | None], place: Numbered) -> None:
        override = self._override(place)
        if override and (place.num_id, place.depth) not in self._restarted:
            self._restarted.add((place.num_id, place.depth))
            counts[place.depth] = None
        for depth in range(place.depth):
            if counts[depth] is None:
                counts[depth] = self._start(place.num_id, depth)
        now = counts[place.depth]
        start = int(override) if override else self._start(place.num_id, place.depth)
        counts[place.depth] = start if now is None else now + 1
        counts[place.depth + 1 :] = [None] * (_LEVELS - place.depth - 1)

    def _number(self, num_id: str, depth: int, counts: list[int | None], *, legal: bool) -> str:
        number = counts[depth]
        name = value(self._level(num_id, depth), "numFmt") or "decimal"
        if number is None or name in {"bullet", "none"}:
            return ""
        if name == "ordinal" and not legal:
            return f"{number}e"
        return number_text(number, "1" if legal else _FORMATS.get(name, "1"))

    def _abstract(self, num_id: str | None) -> Any:
        abstract = self._abstracts.get(value(self._nums.get(num_id), "abstractNumId"))
        link = value(abstract, "numStyleLink")
        return self._by_style_link.get(link, abstract) if link else abstract

    def _level(self, num_id: str, depth: int) -> Any:
        for override in self._nums[num_id].findall(f"{W}lvlOverride"):
            level = child(override, "lvl")
            if override.get(f"{W}ilvl") == str(depth) and level is not None:
                return level
        levels = self._abstract(num_id).findall(f"{W}lvl")
        return next((level for level in levels if level.get(f"{W}ilvl") == str(depth)), None)

    def _override(self, place: Numbered) -> str | None:
        for override in self._nums[place.num_id].findall(f"{W}lvlOverride"):
            start = value(override, "startOverride")
            if override.get(f"{W}ilvl") == str(place.depth) and start and start.isdecimal():
                return start
        return None

    def _start(self, num_id: str, depth: int) -> int:
        start = value(self._level(num_id, depth), "start")
        return int(start) if start and start.isdecimal() else 1

    def _depth_of_style(self, num_id: str, style_id: str | None) -> str:
        abstract = self._abstract(num_id)
        levels = [] if abstract is None else abstract.findall(f"{W}lvl")
        return next((level.get(f"{W}ilvl") for level in levels if value(level, "pStyle") == style_id), "0")
