"""Web pages (.html) -> blocks, through selectolax: the content of the page, not the site around it."""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.read.decode import decode
from ingest.read.html_furniture import content_of, is_left_out
from ingest.read.properties import sensible_author, sensible_date, sensible_title
from ingest.read.structure import Cell, Draft, NumberFormat, number_text, squeeze
from ingest.types import BlockKind, Extract

_NO_TEXT = [
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "video", "audio", "canvas",
    "map", "button", "input", "select", "textarea", "datalist", "dialog",
]  # fmt: skip
_INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "ruby", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
}  # fmt: skip
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_NOTE_NAME = re.compile(r"(?:fn|ftn|edn|footnote|endnote|voetnoot|eindnoot)[-_:]?\d+", re.IGNORECASE)
_NOTE_CLASSES = {"footnote", "footnotes", "endnotes", "voetnoot", "voetnoten"}
_NOTE_ROLES = {"doc-footnote", "doc-endnote", "doc-endnotes"}
_SPACES = re.compile(r"\s+")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CHARSET = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_LIST_FORMATS: dict[str, NumberFormat] = {"a": "a", "A": "A", "i": "i", "I": "I"}
_DATE_NAMES = (
    "article:published_time", "dcterms.issued", "dcterms.available", "dcterms.date", "dc.date.issued", "dc.date",
    "datepublished", "date", "dcterms.created", "article:modified_time", "dcterms.modified", "last-modified",
)  # fmt: skip
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"(\d{4}-\d{2}-\d{2})')
_LONGEST_SPAN = 500


def read(path: Path, source: str) -> Extract:
    """The blocks of a web page, and the title, author, date and language that it gives itself.

    Raises EmptyFile or WrongFormat where the bytes are not text.
    """
    tree = LexborHTMLParser(_markup(path.read_bytes(), source))
    issued = _issued(tree)
    tree.strip_tags(_NO_TEXT)
    body = tree.body
    if body is None:
        return Extract(blocks=())
    root = content_of(tree, body)
    draft = Draft()
    title = tree.css_first("h1")
    if title is not None and root.css_first("h1") is None and len(tree.css("h1")) == 1:
        draft.heading(title.text(), 1)  # it stands in a banner above the content
    _Walk(root).read(root, draft)
    language = (tree.root.attributes.get("lang") or "") if tree.root else ""
    return Extract(
        blocks=tuple(draft.blocks),
        title=_title(tree),
        author=sensible_author(_meta(tree, "author", "dcterms.creator", "dc.creator", "article:author")),
        issued=issued,
        language=language.partition("-")[0].strip().lower() or None,
    )


def _markup(data: bytes, source: str) -> str:
    if b"\x00" not in data:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
        declared = _CHARSET.search(data[:4096])
        try:
            encoding = codecs.lookup(declared[1].decode()).name if declared else "utf-8"
        except LookupError:
            encoding = "utf-8"
        if encoding != "utf-8":
            # Browsers read these as their Windows sister, and so did whoever wrote the page.
            return data.decode("cp1252" if encoding in {"iso8859-1", "ascii"} else encoding, "replace")
    return decode(data, source)


def _title(tree: LexborHTMLParser) -> str | None:
    """The title of the page; its heading when the title only adds the name of the site to that."""
    heading = tree.css_first("h1")
    title = tree.css_first("title")
    said = _meta(tree, "og:title", "dcterms.title", "dc.title") or (squeeze(title.text()) if title else "")
    shown = squeeze(heading.text()) if heading else ""
    return sensible_title(shown if shown and shown in said else said) or sensible_title(shown)


def _meta(tree: LexborHTMLParser, *names: str) -> str | None:
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        name = node.attributes.get("property") or node.attributes.get("name") or node.attributes.get("itemprop") or ""
        found.setdefault(name.lower(), squeeze(node.attributes.get("content") or ""))
    return next((found[name] for name in names if found.get(name)), None)


def _issued(tree: LexborHTMLParser) -> str | None:
    moments = [_meta(tree, name) for name in _DATE_NAMES]
    moments[1:1] = [found[1] for node in tree.css("script") if (found := _JSON_DATE.search(node.text()))]
    moments += [node.attributes.get("datetime") for node in tree.css("time[pubdate], time[itemprop=datePublished]")]
    for moment in moments:
        try:
            if moment and (day := sensible_date(date.fromisoformat(moment[:10]))):
                return day
        except ValueError:
            continue
    return None


class _Walk:
    """A walk over the elements of a page; text gathers in a line until a block element ends it."""

    def __init__(self, root: LexborNode) -> None:
        self._size = len(squeeze(root.text()))
        self._draft = Draft()
        self._depth = 0
        self._pieces: list[str] = []
        self._bold = True
        self._kind: BlockKind = "paragraph"
        self._level = 0
        self._label = ""

    def read(self, node: LexborNode, draft: Draft) -> None:
        """Add the blocks in an element to the draft."""
        outer = self._draft, self._depth
        self._draft, self._depth = draft, 0
        self._flow(node, bold=False)
        self._end_line()
        self._draft, self._depth = outer

    def _flow(self, parent: LexborNode, *, bold: bool) -> None:
        for node in parent.iter(include_text=True):
            self._take(node, bold=bold)

    def _take(self, node: LexborNode, *, bold: bool) -> None:
        tag = node.tag or ""
        if node.is_text_node:
            text = node.text_content or ""
            self._pieces.append(_SPACES.sub(" ", text))
            self._bold = self._bold and (bold or not text.strip())
        elif tag == "br":
            self._pieces.append("\n")
        elif not node.is_element_node or is_left_out(node, tag, self._size):
            return
        elif tag in _INLINE or ":" in tag:
            strong = tag in {"b", "strong"} or bool(_BOLD_STYLE.search(node.attributes.get("style") or ""))
            self._flow(node, bold=bold or strong)
        else:
            self._end_line()
            self._block(node, tag)
            self._end_line()

    def _end_line(self) -> None:
        text = "".join(self._pieces).strip()
        bold, self._pieces, self._bold = self._bold, [], True
        if not text:
            return
        if self._kind != "paragraph":
            self._draft.text(self._kind, f"{self._label} {text}", self._level)
            if self._kind == "list_item":  # what follows in the same item is text below it
                self._kind, self._level, self._label = "paragraph", 0, ""
        elif bold:
            self._draft.bold_line(text)
        else:
            self._draft.paragraph(text)

    @contextmanager
    def _reading_as(self, kind: BlockKind, level: int = 0, label: str = "") -> Iterator[None]:
        outer = self._kind, self._level, self._label
        self._kind, self._level, self._label = kind, level, label
        yield
        self._end_line()
        self._kind, self._level, self._label = outer

    def _block(self, node: LexborNode, tag: str) -> None:
        if tag in _HEADINGS:
            self._draft.heading(self._text(node), _HEADINGS[tag])
        elif tag in {"ul", "ol", "menu", "dir"}:
            self._list(node, ordered=tag == "ol")
        elif tag == "summary":
            self._draft.bold_line(self._text(node))
        elif tag == "figcaption":
            self._draft.text("caption", self._text(node))
        elif tag == "table":
            for caption in (child for child in node.iter() if child.tag == "caption"):
                self._draft.text("caption", self._text(caption))
            self._draft.table(self._rows(node))
        elif tag == "blockquote" or _is_note(node):
            with self._reading_as("quote" if tag == "blockquote" else "footnote"):
                self._flow(node, bold=False)
        else:
            self._flow(node, bold=False)

    def _text(self, node: LexborNode) -> str:
        inside = Draft()
        with self._reading_as("paragraph"):
            self.read(node, inside)
        return " ".join(block.text for block in inside.blocks)

    def _list(self, node: LexborNode, *, ordered: bool) -> None:
        self._depth += 1
        step = -1 if "reversed" in node.attributes else 1
        first = sum(child.tag == "li" for child in node.iter()) if step < 0 else 1
        number = _integer(node.attributes.get("start"), first)
        number_format = _LIST_FORMATS.get(node.attributes.get("type") or "", "1")
        for child in node.iter(include_text=True):
            if child.tag != "li":  # not allowed, and common: most of all the list that should have been in an item
                self._take(child, bold=False)
                continue
            self._end_line()
            if is_left_out(child, "li", self._size):
                continue
            number = _integer(child.attributes.get("value"), number)
            if self._kind == "footnote" or _is_note(child):
                how: tuple[BlockKind, int, str] = ("footnote", 0, "")
            else:
                how = ("list_item", self._depth, f"{number_text(number, number_format)}." if ordered else "")
            number += step
            with self._reading_as(*how):
                self._flow(child, bold=False)
        self._depth -= 1

    def _rows(self, table: LexborNode) -> list[list[Cell]]:
        running: dict[int, int] = {}
        rows = []
        for row in _rows_of(table):
            cells: list[Cell] = []
            column = 0
            for cell in (child for child in row.iter() if child.tag in {"td", "th"}):
                while running.get(column, 0) > 0:
                    running[column] -= 1
                    cells.append(None)
                    column += 1
                inside = self._draft.nested()
                with self._reading_as("paragraph"):
                    self.read(cell, inside)
                cells.append(inside.blocks)
                running[column] = min(_integer(cell.attributes.get("rowspan"), 1), _LONGEST_SPAN) - 1
                column += max(_integer(cell.attributes.get("colspan"), 1), 1)
            rows.append(cells)
        return rows


def _rows_of(table: LexborNode) -> Iterator[LexborNode]:
    for child in table.iter():
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from _rows_of(child)


def _is_note(node: LexborNode) -> bool:
    name, role = node.attributes.get("id") or "", node.attributes.get("role")
    classes = (node.attributes.get("class") or "").lower().split()
    return bool(_NOTE_NAME.fullmatch(name)) or role in _NOTE_ROLES or not _NOTE_CLASSES.isdisjoint(classes)


def _integer(text: str | None, otherwise: int) -> int:
    try:
        return max(-9999, min(int(text or ""), 9999))
    except ValueError:
        return otherwise
