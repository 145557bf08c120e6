"""The parts that messages and views are built of: text, buttons and blocks, as Slack takes them.

`rich`, `plain` and what is made of them are for any text; `marked` is for markup of ours, around text that is escaped.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from assistant.dates import written_date
from assistant.types import Language
from ingest.types import Document, Passage
from integrations.slack import names
from integrations.slack.messages import said
from integrations.slack.text import (
    MOST_BUTTON,
    MOST_FALLBACK,
    MOST_TEXT,
    MOST_URL,
    MOST_VALUE,
    cut,
    escaped,
    length,
    one_line,
    pieces,
    shown,
)

Json = dict[str, Any]

MOST_LONG_QUESTION = 300
MOST_NAME = 250  # characters of a title, of a document or of its section
HEADINGS_SHOWN = 2  # of a section, the nearest ones


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is posted: `text` is for notifications and screen readers, `blocks` are what is seen."""

    text: str
    blocks: list[Json]
    metadata: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Links:
    """Where a message may lead to: the address of the web pages, "" without, and the group of colleagues who help."""

    public_url: str = ""
    colleagues: str = ""

    def answer(self, answer_id: str) -> str:
        """The page of an answer; "" without web pages."""
        return self._page(f"/antwoorden/{quote(answer_id, safe='')}")

    def reader(self, doc_id: str, **aim: str | int) -> str:
        """The page on which a document is read, at what is aimed at; "" without web pages."""
        query = f"?{urlencode(aim)}#citaat" if aim else ""
        return self._page(f"/documenten/{quote(doc_id, safe='')}{query}")

    def _page(self, path: str) -> str:
        url = f"{self.public_url.rstrip('/')}{path}" if self.public_url else ""
        return url if len(url) <= MOST_URL else ""


def size(blocks: Sequence[Json]) -> int:
    """How long blocks are as they are sent."""
    return length(json.dumps(blocks, ensure_ascii=False))


def plain(text: str, most: int = MOST_TEXT) -> Json:
    """Text in which Slack interprets nothing, where a text object is asked for; never empty."""
    return {"type": "plain_text", "text": cut(shown(text).strip(), most) or " ", "emoji": False}


def marked(text: str) -> Json:
    """Markup of ours: what comes from elsewhere in it is `escaped`. Slack makes no links of its own in it."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def runs(text: str, **style: bool) -> list[Json]:
    """Any text for within rich text, to the letter."""
    styled = {"style": style} if style else {}
    return [{"type": "text", "text": piece, **styled} for piece in pieces(shown(text))]


def rich(elements: Sequence[Json], block_id: str = "") -> Json:
    """A block of rich text: sections, lists and quotes."""
    return {"type": "rich_text", **({"block_id": block_id} if block_id else {}), "elements": list(elements)}


def line(*parts: Sequence[Json]) -> Json:
    """A paragraph of rich text."""
    return {"type": "rich_text_section", "elements": [one for part in parts for one in part]}


def quoted(*parts: Sequence[Json]) -> Json:
    """A quote in rich text."""
    return {"type": "rich_text_quote", "elements": [one for part in parts for one in part]}


def listed(items: Iterable[Json]) -> Json:
    """A list in rich text, of paragraphs."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def paragraph(text: str, **style: bool) -> Json:
    """A block with a paragraph of any text."""
    return rich([line(runs(text, **style))])


def context(*lines: str) -> Json:
    """A block with small print, a line each."""
    return {"type": "context", "elements": [plain("\n".join(one for one in lines if one))]}


def section(text: Json, accessory: Json | None = None) -> Json:
    """A block of text, with something to choose beside it."""
    return {"type": "section", "text": text, **({"accessory": accessory} if accessory else {})}


def header(text: str) -> Json:
    """A block with a heading."""
    return {"type": "header", "text": plain(text, 150)}


def actions(elements: Sequence[Json], block_id: str = "") -> list[Json]:
    """A block of buttons; none without buttons."""
    made = {"type": "actions", **({"block_id": block_id} if block_id else {}), "elements": list(elements)}
    return [made] if elements else []


def button(label: str, action_id: str, value: str, *, spoken: str = "", primary: bool = False) -> Json:
    """A button; `spoken` is what a screen reader says instead of the label."""
    return {
        "type": "button",
        "text": plain(label, MOST_BUTTON),
        "action_id": action_id,
        "value": next(pieces(shown(value), MOST_VALUE), "-"),
        **({"accessibility_label": cut(one_line(spoken), MOST_BUTTON)} if spoken else {}),
        **({"style": "primary"} if primary else {}),
    }


def link_button(label: str, url: str, action_id: str = names.WEB) -> Json:
    """A button that leads to a page."""
    return {"type": "button", "text": plain(label, MOST_BUTTON), "action_id": action_id, "url": url}


def question_blocks(questions: Sequence[str], language: Language) -> list[Json]:
    """Questions to choose from: as buttons, and one that is too long for a button beside one."""
    blocks: list[Json] = []
    short: list[Json] = []
    for at, question in enumerate(questions, 1):
        name = f"{names.QUESTION}_{at}"
        if length(one_line(question)) <= MOST_BUTTON:
            short.append(button(one_line(question), name, question))
        else:
            choose = button(said("ask_this", language), name, question, spoken=question)
            blocks.append(section(plain(question, MOST_LONG_QUESTION), choose))
    return [*actions(short), *blocks]


def fallback(*lines: str) -> str:
    """The text of a message for notifications and screen readers, of the lines that are not empty."""
    # Escaping makes it longer, at most five times; nearly never does it.
    said_in_full = "\n".join(one.strip() for one in lines if one.strip())
    return escaped(cut(said_in_full, MOST_FALLBACK))


def place_text(document: Document, passage: Passage, pages: str, language: Language) -> str:
    """Where a passage stands besides its document's title: publisher and date, section, and pages."""
    facts = [document.publisher, written_date(document.issued, language) if document.issued else None]
    headings = [one for one in passage.section if one != document.title][-HEADINGS_SHOWN:]
    parts = [", ".join(one for one in facts if one), " › ".join(headings), pages]
    return " · ".join(cut(one_line(part), MOST_NAME) for part in parts if part)


def title_text(document: Document) -> str:
    """The title of a document in one line; its file's name where it has none."""
    return cut(one_line(document.title) or one_line(document.source) or "–", MOST_NAME)


def page_text(page: int | None, label: str | None, language: Language) -> str:
    """A page, with the page of the file where another number is printed on it; "" where there is none."""
    if page is None:
        return ""
    if label in (None, "", str(page)):
        return said("page", language, page=page)
    return said("page_labelled", language, label=one_line(str(label)), page=page)
