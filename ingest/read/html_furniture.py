"""Which parts of a web page are its content, and which belong to the site around it.

What is around it is known by its element (nav, footer), its role, or its name: a cookie banner has to be called
something. An element that holds most of the text is content, whatever it is called.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.read.structure import squeeze

_FURNITURE = {"nav", "footer"}
_DELETED = {"del", "s", "strike"}
_FURNITURE_ROLES = {
    "navigation",
    "contentinfo",
    "search",
    "menu",
    "menubar",
    "toolbar",
    "dialog",
    "alertdialog",
    "banner",
}
_FURNITURE_NAME = re.compile(
    r"(?:^|[-_\s])(?:cookies?|cookie[a-z]+|consent|breadcrumbs?|kruimelpad|skip-?(?:links?|to[-a-z]*)|share|sharing|social"
    r"|deel|pagination|paginering|modal|popup|sr-only|visually-?hidden|screen-reader-text|readspeaker|noprint)(?:$|[-_\s])",
    re.IGNORECASE,
)
# Names that content also goes by: those must consist of links to be left out.
_LINKS_NAME = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navigation|navigatie|menu|sidebar|zijbalk|related|gerelateerd|footer|header|banner"
    r"|tags|toolbar|submenu)(?:$|[-_\s])",
    re.IGNORECASE,
)
_FOLDED_NAME = re.compile(r"accordion|collaps|panel|tab|toggle|uitklap", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# A main element with less than this share of the page's text is not where the content is.
_MAIN_SHARE = 0.2
_MOSTLY = 0.5


def content_of(tree: LexborHTMLParser, body: LexborNode) -> LexborNode:
    """The element that holds the content: the main one, the only article, or the whole body."""
    everything = len(squeeze(body.text()))
    mains = tree.css("main, [role=main]")
    articles = tree.css("article")
    for candidates in (mains, articles if len(articles) == 1 else []):
        best = max(candidates, key=lambda node: len(node.text()), default=None)
        if best is not None and len(squeeze(best.text())) >= _MAIN_SHARE * everything:
            return best
    return body


def is_left_out(node: LexborNode, tag: str, size: int) -> bool:
    """Whether an element is not content or not shown; `size` is the number of characters in all the content."""
    if tag in _DELETED or _is_hidden(node) or _is_note_link(node, tag):
        return True
    if tag == "header":
        return node.css_first("h1") is None and not _is_within(node, "article", "main", "section")
    if tag == "aside":
        return _link_share(node) >= _MOSTLY
    name = _name(node)
    furniture = (
        tag == "form"
        or (tag in _FURNITURE and not _is_within(node, "blockquote"))
        or node.attributes.get("role") in _FURNITURE_ROLES
        or _FURNITURE_NAME.search(name)
        or (_LINKS_NAME.search(name) and _link_share(node) >= _MOSTLY)
    )
    return bool(furniture) and len(squeeze(node.text())) < _MOSTLY * size


def _is_note_link(node: LexborNode, tag: str) -> bool:
    """Whether this is the mark of a note in the text, or the way back from the note."""
    if tag == "sup":
        return node.css_first("a[href^='#']") is not None
    to_here = tag == "a" and (node.attributes.get("href") or "").startswith("#")
    return to_here and not any(map(str.isalnum, node.text()))


def _is_hidden(node: LexborNode) -> bool:
    """Whether an element is not shown; what is folded in until someone clicks counts as shown."""
    attributes = node.attributes
    hidden = (
        attributes.get("hidden", "until-found") != "until-found"
        or attributes.get("aria-hidden") == "true"
        or _HIDDEN_STYLE.search(attributes.get("style") or "")
    )
    folded = attributes.get("role") in {"tabpanel", "region"} or "aria-labelledby" in attributes
    return bool(hidden) and not folded and not _FOLDED_NAME.search(_name(node))


def _name(node: LexborNode) -> str:
    return f"{node.attributes.get('id') or ''} {node.attributes.get('class') or ''}"


def _is_within(node: LexborNode, *tags: str) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in tags:
            return True
        parent = parent.parent
    return False


def _link_share(node: LexborNode) -> float:
    """Which part of the text is links."""
    linked = sum(len(squeeze(link.text())) for link in node.css("a"))
    return linked / max(len(squeeze(node.text())), 1)
