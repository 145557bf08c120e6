"""An answer as a paper to take along, before it is written in any format."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# What no XML can hold (control characters, half characters, two that are no characters), and marks that turn the
# direction of what follows, so that a quote would read otherwise than it is written.
_UNSAFE = re.compile("[^\t\n\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")

BlockKind = Literal["text", "item", "warning", "message", "fact"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one language; `link` is the address that it leads to, "" for none."""

    text: str
    language: str = "nl"
    strong: bool = False
    quote: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of a footnote: `note` is its place, from 0, in the notes of the paper."""

    note: int


Inline = Run | Mark


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph; an "item" is one of a list, a "fact" one of the small lines about the answer."""

    kind: BlockKind
    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """All that is written. `asked` is a moment in the time of the reader, `maker` an organisation, never a person.

    The title is the question, which may be in another language than the paper. `notes` are the footnotes in
    the order of their marks, which is that of the [n] in the text of the answer.
    """

    title: str
    title_language: str
    subtitle: str
    language: str
    maker: str
    asked: datetime
    sections: tuple[Section, ...]
    notes: tuple[tuple[Run, ...], ...]


def clean(text: str) -> str:
    """The text with only what can be written in a file and does what it looks like, with one kind of line end."""
    return _UNSAFE.sub("\ufffd", _LINE_END.sub("\n", text))


def one_line(text: str) -> str:
    """The text as `clean`, on one line."""
    return " ".join(clean(text).split())
