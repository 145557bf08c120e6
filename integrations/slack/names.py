"""The names by which Slack gives back what somebody chose, and what their values mean."""

from dataclasses import dataclass
from typing import Literal

# Buttons and menus.
PASSAGE = "vng_passage"  # value: `value_of(...)`; opens the passage
WHOLE = "vng_whole"  # value: answer id; opens the whole answer
FEEDBACK = "vng_feedback"  # value: "up:<answer id>" or "down:<answer id>"
COLLEAGUE = "vng_colleague"  # value: answer id
SHARE = "vng_share"  # value: answer id
QUESTION = "vng_question"  # value: the question; several of one message are QUESTION + "_1", "_2", …
WEB = "vng_web"  # a link; Slack reports the click, which only wants an acknowledgement
RETRY = "vng_retry"  # value: the question
HOME_SEARCH = "vng_home_search"  # the search field of the home tab
HOME_PAGE = "vng_home_page"  # value: the page to go to; HOME_PAGE + "_back", "_on"
SETTINGS_OPEN = "vng_settings_open"  # value: channel id; opens the settings of a channel

# Views that are sent in, and the fields in them, as (block_id, action_id).
REASON_VIEW = "vng_reason"
REASON_FIELD = ("reden", "reden")
COMMENT_FIELD = ("toelichting", "toelichting")
SETTINGS_VIEW = "vng_settings"
MODE_FIELD = ("wanneer", "wanneer")
DOCUMENTS_FIELD = ("documenten", "vng_documents")  # its options are asked for: block_suggestion

COMMAND = "/vng"
SHORTCUT = "vng_ask_about"

# Metadata of the bot's own messages.
ANSWER_EVENT = "vng_answer"

Kind = Literal["citation", "suggestion"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A source that was chosen: the citation with this number, or the suggestion in this place, from 1."""

    answer_id: str
    kind: Kind
    number: int


def value_of(answer_id: str, kind: Kind, number: int) -> str:
    """The value of a button that opens a source."""
    return f"{answer_id}:{kind}:{number}"


def chosen(value: str) -> Chosen | None:
    """The source that the value of a button names; None for any other text."""
    answer_id, _, rest = value.partition(":")
    kind, _, number = rest.partition(":")
    if not answer_id or not (number.isascii() and number.isdigit()) or len(number) > 6:
        return None
    if kind == "citation":
        return Chosen(answer_id, "citation", int(number))
    return Chosen(answer_id, "suggestion", int(number)) if kind == "suggestion" else None


def opinion(value: str) -> tuple[bool, str] | None:
    """Whether an answer helped, and its id, by the value of a feedback button; None for any other text."""
    side, _, answer_id = value.partition(":")
    return (side == "up", answer_id) if side in ("up", "down") and answer_id else None


def home_value(page: int, search: str) -> str:
    """The value of a button that turns the page of the documents in the home tab."""
    return f"{page}:{search[:500]}"


def home_aim(value: str) -> tuple[int, str]:
    """The page of the home tab that a button leads to, and what was searched for; the first for any other text."""
    page, _, search = value.partition(":")
    return (int(page), search) if page.isascii() and page.isdigit() and len(page) < 7 else (1, "")
