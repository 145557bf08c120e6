"""What each paragraph of a PDF is: heading, caption, footnote, quote, list item or plain text."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.read.pdf.geometry import Style, Table
from ingest.read.pdf.paragraphs import Draft, Setting, is_contents
from ingest.read.pdf.text import joined
from ingest.types import BlockKind

LARGER = 1.11  # of the text size: a heading
_SMALLER = 0.93  # of the text size: a footnote
_CAPTION = re.compile(
    r"^(?:figuur|tabel|afbeelding|grafiek|kaart|foto|schema|diagram|illustratie|figure|table|kader|box)"
    r"\s+(?:\d+(?:[.\-]\d+)*[a-z]?|[IVX]+)(?P<after>\W*)(?P<text>.?)",
    re.IGNORECASE,
)
_CREDIT = re.compile(r"^(?:bron|foto|fotografie|beeld|illustratie)\s*:", re.IGNORECASE)
_NOTE = re.compile(r"^(?:\d{1,3}|[*†‡]{1,3})[.)]?\s+\S")
_NUMBERING = re.compile(
    r"^(?:(?:hoofdstuk|bijlage|deel|paragraaf|artikel)\s+)?(?:\d+(?:\.\d+)*|[A-Z]|[IVX]+)[.:)]?\s+", re.IGNORECASE
)
_LINK = re.compile(r"https?://|www\.|@")
_OPENS_QUOTE = re.compile(r"^[“„‘\"«]")
_POSTCODE = re.compile(r"\b\d{4}\s?[A-Z]{2}\b")
_RUNS_ON = (".", ",", ";", ":", "…")
_DIALOGUE_DASH = ("–", "—")

Bookmarks = dict[str, list[tuple[int | None, int]]]


def bookmarks(outline: Sequence[tuple[int, str, int | None]]) -> Bookmarks:
    """The page and level of each bookmark, by its folded title."""
    known: Bookmarks = {}
    for level, title, page in outline:
        for name in {_folded(title), _folded(_NUMBERING.sub("", title))} - {""}:
            known.setdefault(name, []).append((page, level))
    return known


def bookmark_level(text: str, page: int, known: Bookmarks) -> int:
    """The level of the bookmark that has this text for its title and leads to this page; 0 if there is none."""
    for name in (_folded(text), _folded(_NUMBERING.sub("", text))):
        for target, level in known.get(name, ()):
            if target is None or target == page:
                return level
    return 0


def classify(items: Sequence[Draft | Table], body: Setting, known: Bookmarks) -> list[Draft | Table]:
    """The items of one page, each with its kind."""
    result: list[Draft | Table] = []
    for index, item in enumerate(items):
        if isinstance(item, Table):
            result.append(item)
            continue
        text = joined(item.lines).text
        after = next((other for other in items[index + 1 :] if isinstance(other, Draft)), None)
        kind: BlockKind = item.kind
        if not is_contents(item.lines[-1]):
            kind = _kind(item, text, after, body, bookmark_level(text, item.first.page, known))
        if kind == "footnote" and not _is_lowest(item, items, body):
            kind = item.kind
        result.append(replace(item, kind=kind, level=item.level if kind == "list_item" else 0))
    return result


def _kind(item: Draft, text: str, after: Draft | None, body: Setting, level: int) -> BlockKind:
    style = item.style
    if _is_caption(item, text, body):
        return "caption"
    if style.size <= _SMALLER * body.style.size and _NOTE.match(text):
        return "footnote"
    if item.first.inset:
        return _inset_kind(item, text, body)
    if (level and len(item.lines) <= 4) or _is_heading(item, text, after, body):
        return "heading"
    return "quote" if _is_quote(item, text, body) else item.kind


def _is_caption(item: Draft, text: str, body: Setting) -> bool:
    other = _differs(item.style, body.style)
    if _CREDIT.match(text) and (other or len(text) < 100):
        return True
    match = _CAPTION.match(text)
    if not match or len(item.lines) > 5:
        return False
    marked = bool(re.search(r"[.:–—|-]", match["after"])) or not match["text"]
    return other or ((marked or match["text"].isupper()) and len(text) < 250)


def _differs(style: Style, usual: Style) -> bool:
    return abs(style.size - usual.size) > 0.06 * usual.size or style.italic != usual.italic or style.bold != usual.bold


def _inset_kind(item: Draft, text: str, body: Setting) -> BlockKind:
    """The kind of text that stands apart; its headings are no headings of the text around it."""
    if item.kind == "list_item":
        return "list_item"
    if not item.first.framed or _OPENS_QUOTE.match(text):
        return "quote"
    large = item.style.size >= LARGER * body.style.size and len(item.lines) >= 2
    return "quote" if large and text.endswith((".", "!", "?", "”", "’")) else "paragraph"


def _is_heading(item: Draft, text: str, after: Draft | None, body: Setting) -> bool:
    if len(text) > 200 or len(item.lines) > 4 or not any(character.isalpha() for character in text):
        return False
    if _LINK.search(text) or text[:1].islower() or text.startswith(_DIALOGUE_DASH):
        return False
    if item.style.size >= LARGER * body.style.size:
        return not (_OPENS_QUOTE.match(text) and len(item.lines) > 1) and not _reads_on(text, item)
    return after is not None and _stands_out(item, text, after, body)


def _stands_out(item: Draft, text: str, after: Draft, body: Setting) -> bool:
    """True for a short text that is no larger than the text it heads, but bold, in capitals, in colour or slanted."""
    style, usual = item.style, body.style
    long = len(item.lines) > 2 or len(text) > 120 or style.size < 0.94 * usual.size
    if long or text.endswith(_RUNS_ON) or _OPENS_QUOTE.match(text) or _same_look(after.style, style, usual):
        return False
    if style.bold and not usual.bold:
        return True
    if len(item.lines) > 1 or len(text) > 80 or item.kind != "paragraph":
        return False
    letters = sum(character.isalpha() for character in text)
    shouts = text.isupper() and letters >= 4 and not _POSTCODE.search(text)
    coloured = style.colour != usual.colour and _is_colourful(style.colour)
    return shouts or coloured or (style.italic and not usual.italic and not text.endswith("?"))


def _reads_on(text: str, item: Draft) -> bool:
    """True for a lead: large text of whole sentences."""
    return text.endswith(_RUNS_ON) and (len(item.lines) > 1 or len(text) > 60)


def _same_look(one: Style, two: Style, usual: Style) -> bool:
    """True if the text after it is set alike: emphasised text that goes on is no heading."""
    return one.size <= LARGER * usual.size and (one.bold, one.italic, one.colour) == (two.bold, two.italic, two.colour)


def _is_colourful(colour: int) -> bool:
    parts = colour >> 16, colour >> 8 & 255, colour & 255
    return max(parts) - min(parts) > 60


def _is_quote(item: Draft, text: str, body: Setting) -> bool:
    """True for a quotation set apart: larger and between quotation marks, or slanted and moved inwards."""
    larger = item.style.size >= LARGER * body.style.size
    if larger and _OPENS_QUOTE.match(text):
        return True
    size = body.style.size
    left, right = item.first.column
    inwards = min(line.x0 for line in item.lines) - left > size and right - max(line.x1 for line in item.lines) > size
    marked = bool(_OPENS_QUOTE.match(text)) and text.rstrip(".").endswith(("”", "’", '"', "»"))
    return inwards and len(item.lines) >= 2 and (marked or (item.style.italic and not body.style.italic))


def _is_lowest(item: Draft, items: Sequence[Draft | Table], body: Setting) -> bool:
    """True if no text of the usual size stands below it in its column: the place of footnotes."""
    left, right = item.first.column
    for other in items:
        if isinstance(other, Table):
            if other.box.top > item.first.baseline and other.box.x0 < right and other.box.x1 > left:
                return False
            continue
        below = other.first.baseline > item.first.baseline and other.style.size > _SMALLER * body.style.size
        if below and other.first.column[0] < right and other.first.column[1] > left:
            return False
    return True


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
