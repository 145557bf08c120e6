"""Sample documents as a web page."""

import re
from html import escape
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt

from voorbeelden.write.text import ISSUED, ISSUED_TEXT, PUBLISHER, parse

TEMPLATE = Path(__file__).parent / "page.html"


def make_html(markdown: str) -> bytes:
    """A web page as a municipality publishes it: with navigation, a footer and the text between them."""
    reader = MarkdownIt("commonmark").enable("table")
    tokens = reader.parse(markdown)
    links = []
    for token, inline in pairwise(tokens):
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if token.type == "heading_open" and token.tag == "h2":
            slug = re.sub(r"\W+", "-", inline.content.lower()).strip("-")
            token.attrSet("id", slug)
            links.append(f'<li><a href="#{slug}">{escape(inline.content)}</a></li>')
    page = TEMPLATE.read_text(encoding="utf-8")
    fields = {
        "title": escape(parse(markdown)[0].text),
        "publisher": PUBLISHER,
        "issued": f"{ISSUED:%Y-%m}",
        "issued_text": ISSUED_TEXT,
        "links": "\n".join(links),
        "article": reader.renderer.render(tokens, reader.options, {}).strip(),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda field: fields[field[1]], page).encode()
