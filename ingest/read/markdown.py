"""Markdown files -> blocks, through markdown-it-py: headings, lists, quotes and tables, without the markup."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import EmptyFile
from ingest.read.decode import decode
from ingest.read.rows import as_row, row_of_tabs
from ingest.types import Block, Extract

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KEYS = {
    "title": "title", "titel": "title", "author": "author", "auteur": "author", "authors": "author",
    "date": "issued", "datum": "issued", "lang": "language", "language": "language", "taal": "language",
}  # fmt: skip
_MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ISO_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?(?=$|[T ])")
_NUMERIC_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_WRITTEN_DATE = re.compile(r"(?:(\d{1,2})\s+)?([a-z]{3})[a-z]*\.?\s+(\d{4})$", re.IGNORECASE)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_HTML_ROW = re.compile(r"</tr\s*>|<br\s*/?>|</p\s*>|</li\s*>|</h\d\s*>", re.IGNORECASE)
_HTML_CELL = re.compile(r"</t[dh]\s*>\s*<t[dh][^>]*>", re.IGNORECASE)
_HTML_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_HTML_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# A line this long was broken because it was full, a shorter one because the writer wanted a new line.
_FULL_LINE = 60
_MOST_HEADING = 200


def read(path: Path, source: str) -> Extract:
    """Give the blocks of a Markdown file and what its front matter says of it.

    Raises EmptyFile or WrongFormat.
    """
    extract = parse(decode(path.read_bytes(), source))
    if not extract.blocks:
        raise EmptyFile(source)
    return extract


def parse(text: str) -> Extract:
    """Give the blocks of Markdown text; the title is that of the front matter, else the first heading."""
    said, body = _front_matter(text)
    blocks = tuple(_blocks(body))
    opening = blocks[0] if blocks else None
    title = said.get("title") or (opening.text if opening and opening.kind == "heading" else None)
    return Extract(blocks, title, said.get("author"), said.get("issued"), said.get("language"))


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    found = _FRONT_MATTER.match(text)
    if not found or ":" not in found[1]:
        return {}, text
    said: dict[str, str] = {}
    for line in found[1].splitlines():
        key, _, value = line.partition(":")
        name, value = _KEYS.get(key.strip().lower()), value.strip().strip("\"'[]")
        if name and value:
            said[name] = value
    said["issued"] = iso_date(said.get("issued", ""))
    return {name: value for name, value in said.items() if value}, text[found.end() :]


def iso_date(written: str) -> str:
    """Give a written date ("8 februari 2019", "08-02-2019", "2019-02") as ISO 8601; "" where it is none."""
    written = written.strip()
    if found := _ISO_DATE.match(written):
        return found[0]
    if found := _NUMERIC_DATE.match(written):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    found = _WRITTEN_DATE.match(written)
    month = (
        {"mrt": "maa", "mar": "maa", "may": "mei", "oct": "okt"}.get(found[2].lower(), found[2].lower())
        if found
        else ""
    )
    if not found or month not in _MONTHS:
        return ""
    day = f"-{int(found[1]):02}" if found[1] else ""
    return f"{found[3]}-{_MONTHS.index(month) + 1:02}{day}"


def _blocks(text: str) -> list[Block]:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only for Markdown

    # Indented "code" is off: in text that came out of a PDF an indent is layout, not a program.
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").disable("code")
    walk = _Walk()
    for token in parser.parse(text):
        walk.take(token)
    return [_or_paragraph(block, at, walk) if at in walk.bold else block for at, block in enumerate(walk.blocks)]


def _or_paragraph(block: Block, at: int, walk: "_Walk") -> Block:
    """A bold line is a heading only above text that starts as text does."""
    following = walk.blocks[at + 1] if at + 1 < len(walk.blocks) else None
    heads = (
        following is not None
        and following.kind != "heading"
        and not (following.text[0].islower() or following.text[0] == "(")
    )
    return block if heads else Block("paragraph", block.text)


class _Walk:
    """Collects blocks from a stream of markdown-it tokens; holds where in lists, quotes and tables we are."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.bold: set[int] = set()
        self._inside: list[str] = []
        self._markers: list[str] = []
        self._rows: list[str] = []
        self._cells: list[str] = []
        self._heading = 0

    def take(self, token: "Token") -> None:
        kind = token.type
        if kind == "inline":
            self._inline(token)
        elif kind in {"fence", "code_block"}:
            self._add("paragraph", token.content)
        elif kind == "html_block":
            self._html(token.content)
        elif kind.endswith("_open"):
            self._open(token, kind[:-5])
        elif kind.endswith("_close"):
            self._close(kind[:-6])

    def _open(self, token: "Token", name: str) -> None:
        if name == "list_item":
            self._markers.append(f"{token.info}{token.markup} " if token.info else "")
        elif name == "heading":
            self._heading = int(token.tag[1:])
        self._inside.append(name)

    def _close(self, name: str) -> None:
        self._inside.pop()
        if name == "list_item":
            self._markers.pop()
        elif name == "tr":
            self._rows.append(as_row(self._cells))
            self._cells = []
        elif name == "table":
            self._add("table", "\n".join(row for row in self._rows if row))
            self._rows = []

    def _inline(self, token: "Token") -> None:
        parent = self._inside[-1] if self._inside else ""
        if parent in {"th", "td"}:
            self._cells.append(" ".join(plain(token).split()))
        elif "\t" in token.content and (rows := row_of_tabs(plain(token))):
            self._add("table", rows)
        elif parent == "heading":
            text = plain(token)
            # Underlining a whole paragraph makes it a heading in Markdown; a writer seldom means that.
            self._add("heading" if len(text) <= _MOST_HEADING else "paragraph", text, self._heading)
        elif self._markers:
            text = self._markers[-1] + plain(token)
            first = bool(self._markers[-1]) or self._inside[-2:] == ["list_item", "paragraph"]
            self._add("list_item" if first else "paragraph", text, len(self._markers))
            self._markers[-1] = ""
            if self._inside[-2:] == ["list_item", "paragraph"]:
                self._inside[-2] = "list_item_begun"
        elif "blockquote" in self._inside:
            self._add("quote", plain(token))
        elif _all_bold(token) and self._heading:
            self.bold.add(len(self.blocks))
            self._add("heading", plain(token), min(self._heading + 1, 6))
        else:
            self._add("paragraph", plain(token))

    def _html(self, content: str) -> None:
        is_table = "<td" in content.lower()
        text = _HTML_CELL.sub(" | ", _HTML_HIDDEN.sub(" ", content))
        lines = (_HTML_TAG.sub(" ", line).split() for line in _HTML_ROW.sub("\n", text).splitlines())
        self._add("table" if is_table else "paragraph", "\n".join(" ".join(line) for line in lines if line))

    def _add(self, kind: str, text: str, level: int = 0) -> None:
        text = text.strip()
        if not text:
            return
        if kind == "heading":
            self.blocks.append(Block("heading", " ".join(text.split()), level))
        elif kind == "list_item":
            self.blocks.append(Block("list_item", text, level))
        elif kind == "table":
            self.blocks.append(Block("table", text))
        elif kind == "quote":
            self.blocks.append(Block("quote", text))
        else:
            self.blocks.append(Block("paragraph", text))


def _all_bold(token: "Token") -> bool:
    """Whether a paragraph is one short bold line that reads as a heading: converters often write headings so."""
    parts = [child for child in token.children or [] if child.type != "text" or child.content]
    text = plain(token)
    return (
        len(parts) >= 3
        and parts[0].type == "strong_open"
        and parts[-1].type == "strong_close"
        and sum(part.type == "strong_open" for part in parts) == 1
        and "\n" not in text
        and len(text.split()) <= 10
        and (text[0].isupper() or text[0].isdigit())
        and text[-1] not in ".,:;"
    )


def plain(token: "Token") -> str:
    """Give the text of an inline token without markup: link texts stay, images and their alt texts go."""
    pieces: list[str] = []
    raised = ""
    for child in token.children or []:
        if child.type in {"text", "code_inline", "text_special"}:
            pieces.append(_raise(child.content, pieces) if raised == "sup" else child.content)
        elif child.type == "hardbreak":
            pieces.append("\n")
        elif child.type == "softbreak":
            line = "".join(pieces).rpartition("\n")[2]
            cut = line.endswith("-")
            pieces.append(" " if len(line) >= _FULL_LINE and not cut else "\n")
        elif child.type == "html_inline":
            tag = re.sub(r"[\s/].*|[<>]", "", child.content.replace("</", "<")).lower()
            if tag == "br":
                pieces.append("\n")
            elif tag in {"sup", "sub"}:
                raised = "" if child.content.startswith("</") else tag
    return "\n".join(line.strip(" ") for line in "".join(pieces).split("\n")).strip()


def _raise(content: str, before: list[str]) -> str:
    """A raised figure is a note's mark or an exponent: keep it apart from the word or number it hangs on."""
    return content.translate(_RAISED) if content.strip().isdigit() and before else content
