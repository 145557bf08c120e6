"""The text of a sample document as blocks, and what all formats say of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

PUBLISHER = "VNG-assistent"
ISSUED = datetime(2026, 11, 1, tzinfo=UTC)
ISSUED_TEXT = "november 2026"
DARK = "#154273"
LIGHT = "#e8eef5"

PartKind = Literal["heading", "paragraph", "bullet", "number", "quote", "table"]
LIST_KINDS: dict[str, PartKind] = {"bullet_list": "bullet", "ordered_list": "number", "blockquote": "quote"}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One block of a text, in reading order.

    `level` is that of a heading (1 = the title); `number` is the 1-based place of a list item in its list;
    `rows` are the cells of a table, the header row first.
    """

    kind: PartKind
    runs: tuple[Run, ...] = ()
    level: int = 0
    number: int = 0
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def text(self) -> str:
        """The plain text."""
        return "".join(run.text for run in self.runs)


def parse(markdown: str) -> tuple[Part, ...]:
    """The blocks of a Markdown text."""
    parts: list[Part] = []
    inside: list[PartKind] = []
    number = 0
    rows: list[list[str]] = []
    opener = ""
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        name, _, edge = token.type.rpartition("_")
        if name in LIST_KINDS and edge == "open":
            inside.append(LIST_KINDS[name])
            number = 0
        elif name in LIST_KINDS:
            inside.pop()
        elif token.type == "list_item_open":
            number += 1
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            parts.append(Part("table", rows=tuple(map(tuple, rows))))
            rows = []
        elif token.type == "inline" and opener in {"th", "td"}:
            rows[-1].append("".join(run.text for run in _runs(token)))
        elif token.type == "inline" and opener.startswith("h"):
            parts.append(Part("heading", _runs(token), level=int(opener[1])))
        elif token.type == "inline":
            kind = inside[-1] if inside else "paragraph"
            parts.append(Part(kind, _runs(token), number=number if kind in {"bullet", "number"} else 0))
        opener = token.tag
    return tuple(parts)


def _runs(inline: Token) -> tuple[Run, ...]:
    """The styled stretches of one block's text."""
    runs: list[Run] = []
    bold = italic = False
    for child in inline.children or []:
        match child.type:
            case "strong_open" | "strong_close":
                bold = child.type == "strong_open"
            case "em_open" | "em_close":
                italic = child.type == "em_open"
            case "text":
                runs.append(Run(child.content, bold, italic))
            case "softbreak":
                runs.append(Run(" ", bold, italic))
    return tuple(run for run in runs if run.text)
