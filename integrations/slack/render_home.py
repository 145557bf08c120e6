"""The home tab of the app, and what it says of itself elsewhere: what it is, what can be asked, and of what."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.dates import written_date
from assistant.types import Language
from ingest.types import Document
from integrations.slack import names
from integrations.slack.messages import said
from integrations.slack.render_parts import (
    Json,
    Links,
    Message,
    actions,
    button,
    context,
    fallback,
    header,
    line,
    listed,
    paragraph,
    plain,
    question_blocks,
    rich,
    runs,
    title_text,
)
from integrations.slack.render_settings import matching
from integrations.slack.text import MOST_BUTTON, MOST_URL, cut, one_line

DOCUMENTS_A_PAGE = 10
MOST_RECENT = 10
MOST_EXAMPLES = 5
MOST_PROMPTS = 4
MOST_QUESTION = 200


@dataclass(frozen=True, slots=True)
class Recent:
    """A question that somebody asked before; `link` leads to it in Slack, "" where it is no longer there."""

    question: str
    link: str = ""


def home_view(
    documents: Sequence[Document],
    *,
    links: Links,
    examples: Sequence[str] = (),
    recent: Sequence[Recent] = (),
    search: str = "",
    page: int = 1,
    retention_days: int | None = None,
    language_model: str = "",
    language: Language = "nl",
) -> Json:
    """The home tab of somebody who may read these documents, at a page of those whose title matches the search.

    What it says of privacy depends on how long answers are kept and on the language model that writes them, if any.
    """
    blocks = [
        header(said("home_title", language)),
        paragraph(said("home_what", language)),
        paragraph(said("home_how", language, command=names.COMMAND)),
        *_examples(examples, language),
        *_recent(recent, language),
        {"type": "divider"},
        *_documents(documents, links, one_line(search), page, language),
        {"type": "divider"},
        header(said("home_privacy", language)),
        paragraph(_privacy(retention_days, language_model, language)),
    ]
    return {"type": "home", "blocks": blocks}


def joined_message(channel: str, *, external: bool = False, language: Language = "nl") -> Message:
    """The greeting in a channel that the bot was added to; `external`: people of other organisations read along."""
    sentence = said("joined_external" if external else "joined", language)
    choose = button(said("settings_button", language), names.SETTINGS_OPEN, channel)
    return Message(fallback(sentence), [paragraph(sentence), *actions([choose])])


def usage_message(*, language: Language = "nl") -> Message:
    """What the command does, for who types it without a question."""
    sentence = said("usage", language, command=names.COMMAND)
    return Message(fallback(sentence), [paragraph(sentence)])


def suggested_prompts(questions: Sequence[str]) -> list[Json]:
    """Questions as Slack suggests them above an empty conversation."""
    found = [" ".join(one.split()) for one in questions]
    return [{"title": cut(one_line(one), MOST_BUTTON), "message": one} for one in found if one][:MOST_PROMPTS]


def _privacy(retention_days: int | None, language_model: str, language: Language) -> str:
    until = "" if retention_days is None else said("privacy_until", language, days=retention_days)
    model = said("privacy_model", language, model=one_line(language_model)) if language_model else ""
    return said("privacy", language, until=until) + model


def _examples(examples: Sequence[str], language: Language) -> list[Json]:
    shown = question_blocks(examples[:MOST_EXAMPLES], language)
    return [header(said("home_examples", language)), *shown] if shown else []


def _recent(recent: Sequence[Recent], language: Language) -> list[Json]:
    if not recent:
        return []
    items = []
    for one in recent[:MOST_RECENT]:
        question = cut(one_line(one.question), MOST_QUESTION) or "–"
        linked = one.link.startswith("https://") and len(one.link) <= MOST_URL
        items.append(line([{"type": "link", "url": one.link, "text": question}] if linked else runs(question)))
    title = header(said("home_recent", language))
    return [title, context(said("home_recent_hint", language)), rich([listed(items)])]


def _documents(documents: Sequence[Document], links: Links, search: str, page: int, language: Language) -> list[Json]:
    """The documents, a page at a time, with a field to search them."""
    title = header(said("home_documents", language))
    if not documents:
        return [title, paragraph(said("home_none", language))]
    found = matching(documents, search)
    pages = max(1, -(-len(found) // DOCUMENTS_A_PAGE))
    page = min(max(page, 1), pages)
    start = (page - 1) * DOCUMENTS_A_PAGE
    items = [_document(one, links, language) for one in found[start : start + DOCUMENTS_A_PAGE]]
    counted = (
        said("home_found", language, count=len(found), all=len(documents))
        if search
        else said("home_all_one" if len(documents) == 1 else "home_all", language, all=len(documents))
    )
    turned = f"{counted} · {said('home_page', language, page=page, pages=pages)}" if pages > 1 else counted
    listing = rich([listed(items)]) if items else paragraph(said("home_no_match", language, search=cut(search, 100)))
    return [title, _search(search, language), context(turned), listing, *_turning(page, pages, search, language)]


def _search(search: str, language: Language) -> Json:
    element = {
        "type": "plain_text_input",
        "action_id": names.HOME_SEARCH,
        "max_length": 100,
        "placeholder": plain(said("home_search_placeholder", language), 150),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    if search:
        element["initial_value"] = search[:100]
    return {
        "type": "input",
        "dispatch_action": True,
        "optional": True,
        "label": plain(said("home_search", language)),
        "element": element,
    }


def _turning(page: int, pages: int, search: str, language: Language) -> list[Json]:
    chosen = []
    if page > 1:
        value = names.home_value(page - 1, search)
        chosen.append(button(said("home_back", language), f"{names.HOME_PAGE}_back", value))
    if page < pages:
        chosen.append(button(said("home_on", language), f"{names.HOME_PAGE}_on", names.home_value(page + 1, search)))
    return actions(chosen)


def _document(document: Document, links: Links, language: Language) -> Json:
    url = links.reader(document.doc_id)
    title = title_text(document)
    named: list[Json] = [{"type": "link", "url": url, "text": title}] if url else runs(title, bold=True)
    pages = document.pages
    facts = [
        one_line(document.publisher or ""),
        written_date(document.issued, language) if document.issued else "",
        said("pages_one" if pages == 1 else "pages", language, count=pages) if pages else "",
    ]
    about = cut(" · ".join(one for one in facts if one), MOST_QUESTION)
    return line(named, runs(f"\n{about}") if about else [])
