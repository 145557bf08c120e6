"""What Word, ODT and HTML have in common: turning paragraphs, lists and tables as typed into blocks."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from ingest.types import Block, BlockKind

NumberFormat = Literal["1", "01", "a", "A", "i", "I"]
# One cell of a table: its own blocks, or None where a cell from a row above runs on.
Cell = list[Block] | None

_TYPED_BULLET = re.compile(r"^[•●▪■◦○‣∙·➢➤✓\uf0b7\uf0a7]\s*|^[-–—*]\s+")
_TYPED_NUMBER = re.compile(r"^(?:\d{1,3}|[a-z])[.)]\s+\S")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
# A table whose cells hold this many characters on average is not a table but a page laid out with one.
_LAYOUT_CELL = 500
_DEEPEST_HEADING = 6
_LONGEST_BOLD_HEADING = 90


class Draft:
    """The blocks of a document in the making; text without a letter or digit in it is left out."""

    def __init__(self, heading_level: int = 0) -> None:
        self.blocks: list[Block] = []
        self._heading_level = heading_level

    def nested(self) -> "Draft":
        """An empty draft for a part of this one, such as a table cell, that knows which heading it is under."""
        return Draft(self._heading_level)

    def heading(self, text: str, level: int) -> None:
        """Add a heading; `level` 1 is a title or chapter."""
        self._heading_level = level
        self._add(Block("heading", squeeze(text), level))

    def bold_line(self, text: str) -> None:
        """Add a paragraph that is bold from start to end: a heading that its writer did not call one, or just text."""
        if looks_like_heading(text):
            self._add(Block("heading", squeeze(text), min(self._heading_level + 1, _DEEPEST_HEADING)))
        else:
            self.paragraph(text)

    def paragraph(self, text: str) -> None:
        """Add running text. Line breaks in it can make it several paragraphs, or a list that was typed."""
        for block in _typed_blocks(text):
            self._add(block)

    def text(self, kind: BlockKind, text: str, level: int = 0) -> None:
        """Add one block of another kind than heading, paragraph or table."""
        self._add(Block(kind, squeeze(text), level))

    def table(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add a table, or the contents of its cells when it only serves to lay out a page."""
        cells = [cell for row in rows for cell in row if cell]
        if _is_layout(rows, cells):
            self.blocks.extend(block for cell in cells for block in cell)
            return
        self._add(Block("table", table_text([[_cell_text(cell) for cell in row] for row in rows])))
        self.blocks.extend(block for cell in cells for block in cell if block.kind == "footnote")

    def _add(self, block: Block) -> None:
        if any(character.isalnum() for character in block.text):
            self.blocks.append(block)


def squeeze(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def table_text(rows: Iterable[Sequence[str]]) -> str:
    """A table as text: a line a row, cells separated by " | ", without rows and columns that are all empty."""
    filled = [[squeeze(cell) for cell in row] for row in rows]
    width = max(map(len, filled), default=0)
    used = [column for column in range(width) if any(row[column] for row in filled if column < len(row))]
    lines = (" | ".join(row[column] for column in used if column < len(row)) for row in filled if any(row))
    return "\n".join(line.strip() for line in lines)


def looks_like_heading(text: str) -> bool:
    """Whether a bold line reads as a heading: short, one line, and not a sentence or a label before a colon."""
    line = text.strip()
    return (
        0 < len(line) <= _LONGEST_BOLD_HEADING
        and "\n" not in line
        and line[-1] not in ".,;:!"
        and (line[0].isupper() or line[0].isdigit())
        and any(character.isalpha() for character in line)
    )


def list_level(style_names: Iterable[str]) -> int:
    """The list level that a style named "list bullet 2" gives, 0 for styles that are not for lists."""
    for name in style_names:
        if name.startswith(("list bullet", "list number")):
            last = name.rpartition(" ")[2]
            return int(last) if last.isdecimal() else 1
    return 0


def number_text(number: int, number_format: NumberFormat) -> str:
    """A number as a list shows it: 3, 03, c, C, iii or III."""
    if number_format == "01":
        return f"{number:02d}"
    if number_format == "1" or number < 1:
        return str(number)
    text = _roman(number) if number_format in "iI" else _letters(number)
    return text.upper() if number_format in "AI" else text


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        text += sign * count
    return text


def _letters(number: int) -> str:
    """The letters a to z, then aa, bb, ...: as Word, LibreOffice and browsers agree on up to 26."""
    repeats, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * (repeats + 1)


def _typed_blocks(text: str) -> Iterable[Block]:
    lines = [squeeze(line) for line in text.split("\n")]
    numbered = sum(bool(_TYPED_NUMBER.match(line)) for line in lines) > 1
    running: list[str] = []
    for line in [*lines, ""]:
        bullet = _TYPED_BULLET.match(line)
        is_item = bullet or (numbered and _TYPED_NUMBER.match(line))
        if (is_item or not line) and running:
            yield Block("paragraph", " ".join(running))
            running = []
        if is_item:
            yield Block("list_item", line[bullet.end() :] if bullet else line, 1)
        elif line:
            running.append(line)


def _is_layout(rows: Sequence[Sequence[Cell]], cells: Sequence[list[Block]]) -> bool:
    columns = max((sum(cell is None or bool(cell) for cell in row) for row in rows), default=0)
    nested = any(block.kind == "table" for cell in cells for block in cell)
    characters = sum(len(block.text) for cell in cells for block in cell)
    return columns <= 1 or nested or characters > _LAYOUT_CELL * len(cells)


def _cell_text(cell: Cell) -> str:
    return " ".join(block.text for block in cell or () if block.kind != "footnote")
