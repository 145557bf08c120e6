"""What a page of a PDF is made of: words, lines of words, rules and boxes, in points from the top left corner."""

from collections.abc import Sequence
from dataclasses import dataclass

ASCENT = 0.75
DESCENT = 0.22

Frame = tuple[float, float, float, float]  # left, bottom, right, top of the visible page in PDF space


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `top` lies above `bottom`, so it is the smaller number."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        """The width in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """The height in points."""
        return self.bottom - self.top

    def holds(self, x: float, y: float, slack: float = 0.0) -> bool:
        """True if the point lies in the box, or within `slack` points of it."""
        return self.x0 - slack <= x <= self.x1 + slack and self.top - slack <= y <= self.bottom + slack


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set: `size` in points as printed, `colour` as RGB, `symbols` for a font of pictures."""

    size: float
    bold: bool = False
    italic: bool = False
    colour: int = 0
    symbols: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands on a page; `spaced` tells that the file itself puts a space before it."""

    text: str
    x0: float
    x1: float
    baseline: float
    style: Style
    spaced: bool = True

    @property
    def top(self) -> float:
        """The height of its tallest letters."""
        return self.baseline - ASCENT * self.style.size

    @property
    def bottom(self) -> float:
        """The depth of its longest tails."""
        return self.baseline + DESCENT * self.style.size

    @property
    def middle(self) -> tuple[float, float]:
        """The point in the middle of the word."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in its column.

    `column` is the left and right edge of the text it stands in; `hang` is where its second word starts;
    `first_width` is the width of its first word; `inset` numbers the box or pull quote that holds it on its
    page, 0 for the running text; `framed` tells that this inset is drawn as a box.
    """

    text: str
    page: int
    x0: float
    x1: float
    baseline: float
    style: Style
    column: tuple[float, float]
    first_width: float
    hang: float
    inset: int = 0
    framed: bool = False

    @property
    def top(self) -> float:
        """The height of its tallest letters."""
        return self.baseline - ASCENT * self.style.size


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its rows of cell texts, and where it stands."""

    rows: tuple[tuple[str, ...], ...]
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class PageMarks:
    """All that a page shows: its words, the lines and filled areas drawn on it, and whether it shows anything.

    `unreadable` is the number of characters whose font does not say which letters they are.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Box, ...] = ()
    areas: tuple[Box, ...] = ()
    objects: int = 0
    unreadable: int = 0


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around the boxes; at least one is needed."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )


def bounds(words: Sequence[Word]) -> Box:
    """The smallest box around the words; at least one is needed."""
    return Box(
        min(word.x0 for word in words),
        min(word.top for word in words),
        max(word.x1 for word in words),
        max(word.bottom for word in words),
    )


def turned(x: float, y: float, frame: Frame, turn: int) -> tuple[float, float]:
    """The point in PDF space as seen from the top left, the page turned so that text at `turn` quarters is level."""
    left, bottom, right, top = frame
    if turn == 0:
        return x - left, top - y
    if turn == 1:
        return y - bottom, x - left
    if turn == 2:
        return right - x, y - bottom
    return top - y, right - x
