"""The settings of a channel as a window, and the documents to choose from in it."""

from collections.abc import Sequence

from assistant.dates import written_date
from assistant.types import Language
from ingest.types import Document
from integrations.slack import names
from integrations.slack.messages import said
from integrations.slack.render_parts import Json, paragraph, plain, title_text
from integrations.slack.text import MOST_OPTION, MOST_TITLE
from integrations.slack.types import ChannelSettings, Mode

MODES: tuple[Mode, ...] = ("mention", "all", "off")
MOST_OPTIONS = 100
MOST_ID = 150  # characters of the value of an option


def settings_view(
    channel: str, settings: ChannelSettings, documents: Sequence[Document], *, language: Language = "nl"
) -> Json:
    """The window with the settings of a channel, whose id is its private_metadata.

    `documents` are those that the channel may choose from; a chosen one that is not among them is left out.
    """
    by_id = {one.doc_id: one for one in documents}
    chosen = document_options([by_id[one] for one in settings.doc_ids if one in by_id])
    modes = {one: {"text": plain(said(f"mode_{one}", language)), "value": one} for one in MODES}
    return {
        "type": "modal",
        "callback_id": names.SETTINGS_VIEW,
        "private_metadata": channel,
        "title": plain(said("settings_title", language), MOST_TITLE),
        "submit": plain(said("save", language), MOST_TITLE),
        "close": plain(said("cancel", language), MOST_TITLE),
        "blocks": [
            paragraph(said("settings_intro", language)),
            {
                "type": "input",
                "block_id": names.MODE_FIELD[0],
                "label": plain(said("mode_label", language)),
                "element": {
                    "type": "radio_buttons",
                    "action_id": names.MODE_FIELD[1],
                    "options": list(modes.values()),
                    "initial_option": modes[settings.mode],
                },
            },
            {
                "type": "input",
                "block_id": names.DOCUMENTS_FIELD[0],
                "optional": True,
                "label": plain(said("documents_label", language)),
                "hint": plain(said("documents_hint", language)),
                "element": {
                    "type": "multi_external_select",
                    "action_id": names.DOCUMENTS_FIELD[1],
                    "min_query_length": 0,
                    "placeholder": plain(said("documents_placeholder", language), 150),
                    **({"initial_options": chosen} if chosen else {}),
                },
            },
        ],
    }


def document_options(documents: Sequence[Document], search: str = "") -> list[Json]:
    """The documents with all words of a search in their title, publisher or file name, as options to choose from."""
    found = matching(documents, search)
    return [_option(one) for one in found if 0 < len(one.doc_id) <= MOST_ID][:MOST_OPTIONS]


def matching(documents: Sequence[Document], search: str) -> list[Document]:
    """The documents with all words of a search in their title, publisher or file name, in order."""
    words = search.casefold().split()

    def has(document: Document) -> bool:
        text = f"{document.title} {document.publisher or ''} {document.source}".casefold()
        return all(word in text for word in words)

    return [one for one in documents if has(one)]


def _option(document: Document) -> Json:
    facts = [document.publisher, written_date(document.issued) if document.issued else None]
    about = ", ".join(one for one in facts if one)
    option = {"text": plain(title_text(document), MOST_OPTION), "value": document.doc_id}
    return {**option, "description": plain(about, MOST_OPTION)} if about else option
