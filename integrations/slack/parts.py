"""What the handlers of the bot work with, put together by whoever starts it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assistant.answering import Answering
from ingest.library import LiveLibrary
from integrations.slack.access import Access
from integrations.slack.gateway import Gateway
from integrations.slack.inbox import Inbox
from integrations.slack.journal import Journal
from integrations.slack.records import Records


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the settings say that the bot needs to know. `masked`: personal data are made unreadable before keeping."""

    organisation: str = ""
    contact: str = ""
    colleagues: str = ""
    language_model: str = ""
    retention_days: int | None = None
    masked: bool = False


@dataclass(frozen=True, slots=True)
class SlackParts:
    """Whoever made them closes them. `public_url` is of the web pages, "" where nobody reaches these.

    `generated` says that a language model writes answers, which are then streamed.
    """

    assistant: Answering
    library: LiveLibrary
    gateway: Gateway
    journal: Journal
    inbox: Inbox
    records: Records
    access: Access
    clock: Callable[[], datetime]
    public_url: str = ""
    generated: bool = False
    chosen: Chosen = Chosen()
