"""What an ODT file keeps beside the text: styles with what they inherit, and how lists and chapters are numbered."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from ingest.read.structure import NumberFormat, number_text

_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES = {"drawing": "draw", "xsl-fo-compatible": "fo", "svg-compatible": "svg"}
_FORMATS: dict[str, NumberFormat] = {"1": "1", "a": "a", "A": "A", "i": "i", "I": "I"}
_BOLD = {"bold", "600", "700", "800", "900"}
_LEVELS = 10
_NUMBERED = {"text:list-level-style-number", "text:outline-level-style"}


def tag_of(element: Any) -> str:
    """The tag with the prefix that the standard gives its namespace, such as "text:p"."""
    return _short(element.tag)


def said(element: Any, name: str) -> str | None:
    """The attribute with a name such as "text:style-name", or None."""
    found: str | None = element.get(_long(name))
    return found


@cache
def _short(tag: str) -> str:
    namespace, _, name = tag.rpartition("}")
    subject = namespace.removeprefix("{" + _NAMESPACE).partition(":")[0]
    return f"{_PREFIXES.get(subject, subject)}:{name}"


@cache
def _long(name: str) -> str:
    prefix, _, local = name.partition(":")
    subject = next((subject for subject, short in _PREFIXES.items() if short == prefix), prefix)
    return f"{{{_NAMESPACE}{subject}:1.0}}{local}"


class Styles:
    """The styles of a document, its own and those that the program made for one paragraph."""

    def __init__(self, roots: Iterable[Any]) -> None:
        self._styles: dict[tuple[str, str], Any] = {}
        self._lists: dict[str, dict[int, Any]] = {}
        self.outline: dict[int, Any] = {}
        for root in roots:
            for group in root:
                for style in group:
                    self._keep(style)

    def _keep(self, style: Any) -> None:
        name = said(style, "style:name") or ""
        if tag_of(style) == "style:style":
            self._styles[said(style, "style:family") or "", name] = style
        elif tag_of(style) == "text:list-style":
            self._lists[name] = _levels(style)
        elif tag_of(style) == "text:outline-style":
            self.outline = _levels(style)

    def chain(self, family: str, name: str | None) -> Iterator[Any]:
        """The style itself and those it inherits from, nearest first."""
        seen = set()
        while name and (family, name) in self._styles and name not in seen:
            seen.add(name)
            style = self._styles[family, name]
            yield style
            name = said(style, "style:parent-style-name")

    def names(self, name: str | None) -> list[str]:
        """The names of a paragraph style and those it inherits from, as people see them, in lower case."""
        codes = [name or ""]
        for style in self.chain("paragraph", name):
            codes += [said(style, key) or "" for key in ("style:name", "style:display-name", "style:parent-style-name")]
        return [code.replace("_20_", " ").lower() for code in codes]

    def is_bold(self, family: str, name: str | None) -> bool | None:
        """Whether a style says bold, or not bold; None where it says nothing."""
        weight = self._text_property(family, name, "fo:font-weight")
        return None if weight is None else weight in _BOLD

    def is_unseen(self, family: str, name: str | None) -> bool:
        """Whether the style hides its text or strikes it through."""
        line = self._text_property(family, name, "style:text-line-through-style")
        return line not in {None, "none"} or self._text_property(family, name, "text:display") == "none"

    def _text_property(self, family: str, name: str | None, key: str) -> str | None:
        for style in self.chain(family, name):
            for properties in style:
                if tag_of(properties) == "style:text-properties" and (found := said(properties, key)):
                    return str(found)
        return None

    def list_levels(self, name: str | None) -> dict[int, Any]:
        """The levels (1 = outermost) of a list style."""
        return self._lists.get(name or "", {})


def _levels(style: Any) -> dict[int, Any]:
    return {_integer(level, "text:level", 1): level for level in style}


def _integer(element: Any, name: str, otherwise: int) -> int:
    text = said(element, name) or ""
    return int(text) if text.isdecimal() else otherwise


class Counter:
    """Counts the items of one list, or the chapters; it must be asked in reading order."""

    def __init__(self, levels: dict[int, Any]) -> None:
        self._levels = levels
        self._counts: dict[int, int] = {}

    def label(self, depth: int, item: Any = None) -> str:
        """The number or letter of the next item at this depth (1 = outermost), as shown; "" for a bullet."""
        for above in range(1, depth):
            self._counts.setdefault(above, self._start(above))
        start = _integer(item, "text:start-value", -1) if item is not None else -1
        following = self._counts[depth] + 1 if depth in self._counts else self._start(depth)
        self._counts[depth] = following if start < 0 else start
        for below in range(depth + 1, _LEVELS + 1):
            self._counts.pop(below, None)
        level = self._levels.get(depth)
        if level is None or not self._format(depth):
            return ""
        shown = _integer(level, "text:display-levels", 1)
        numbers = [self._number(above) for above in range(max(1, depth - shown + 1), depth + 1)]
        prefix = said(level, "style:num-prefix") or ""
        suffix = said(level, "style:num-suffix") or ""
        return f"{prefix}{'.'.join(number for number in numbers if number)}{suffix}".strip()

    def _start(self, depth: int) -> int:
        level = self._levels.get(depth)
        return 1 if level is None else _integer(level, "text:start-value", 1)

    def _format(self, depth: int) -> NumberFormat | None:
        level = self._levels.get(depth)
        if level is None or tag_of(level) not in _NUMBERED:
            return None
        return _FORMATS.get(said(level, "style:num-format") or "")

    def _number(self, depth: int) -> str:
        number_format = self._format(depth)
        return number_text(self._counts[depth], number_format) if number_format else ""
