"""The Slack bot, put together as the settings say."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.errors import SettingsError
from assistant.settings import Settings
from assistant.types import Answer

if TYPE_CHECKING:
    from slack_bolt import App

    from api.storage.store import AnswerStore
    from assistant.answering import Answering
    from ingest.library import LiveLibrary
    from integrations.slack.access import Access
    from integrations.slack.bolt_app import Asgi
    from integrations.slack.parts import SlackParts

SLACK_PATH = "/slack/events"
GRACE_SECONDS = 20.0  # for questions that are being answered when the bot is told to stop


class StoredRecords:
    """The answers that are kept in the database of the API, for the bot."""

    def __init__(self, store: "AnswerStore") -> None:
        self._store = store

    def keep(self, answer: Answer, conversation_id: str, now: datetime) -> None:
        """Keep an answer; one that is there already stays as it is. Raises RecordsUnavailable."""
        from api.errors import AnswerExists  # noqa: PLC0415

        with _translated():
            try:
                self._store.save(answer, conversation_id, now=now)
            except AnswerExists:
                return

    def find(self, answer_id: str) -> Answer | None:
        """The answer with this id. Raises RecordsUnavailable."""
        with _translated():
            found = self._store.answer(answer_id)
        return None if found is None else found.answer

    def erase(self, answer_id: str) -> None:
        """Forget an answer and the feedback on it. Raises RecordsUnavailable."""
        from api.errors import StoreBusy  # noqa: PLC0415

        with _translated():
            try:
                self._store.forget(answer_id=answer_id)
            except StoreBusy:
                if self._store.answer(answer_id) is not None:
                    raise

    def feedback(
        self, answer_id: str, *, helpful: bool, reason: str = "", comment: str = "", number: int | None = None
    ) -> bool:
        """Whether there is such an answer, of which it is now kept what somebody thought. Raises RecordsUnavailable."""
        from api.errors import TooMuchFeedback, UnknownAnswer, UnknownCitation  # noqa: PLC0415
        from api.storage.types import Feedback  # noqa: PLC0415

        with _translated():
            try:
                self._store.add_feedback(Feedback(answer_id, helpful, reason, comment, number), datetime.now(UTC))
            except (UnknownAnswer, UnknownCitation, TooMuchFeedback):
                return False
        return True


@contextmanager
def _translated() -> Iterator[None]:
    from api.errors import StoreError, Unstorable  # noqa: PLC0415
    from integrations.slack.errors import RecordsUnavailable  # noqa: PLC0415

    try:
        yield
    except (StoreError, Unstorable) as error:
        raise RecordsUnavailable from error


def slack_problems(settings: Settings) -> tuple[str, ...]:
    """What is wrong with the settings of the bot where there are any, a Dutch line each."""
    given = settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret
    if not any(given) and not settings.slack_access_file and not settings.slack_colleagues:
        return ()
    problems = []
    for name, secret, begin in (("BOT", given[0], "xoxb-"), ("APP", given[1], "xapp-")):
        if secret and not secret.get_secret_value().startswith(begin):
            problems.append(f"VNG_SLACK_{name}_TOKEN: een sleutel van deze soort begint met {begin}.")
    if not given[0]:
        problems.append("VNG_SLACK_BOT_TOKEN: vul de sleutel van de bot in; zie docs/handleiding/slack.md.")
    elif not given[1] and not given[2]:
        problems.append(
            "VNG_SLACK_APP_TOKEN of VNG_SLACK_SIGNING_SECRET: vul er een in; zonder komt geen vraag uit Slack binnen."
        )
    address = urlsplit(settings.slack_url)
    if address.scheme not in ("http", "https") or not address.hostname or address.username:
        problems.append("VNG_SLACK_URL: noem een adres zoals https://slack.com/api/.")
    if settings.slack_colleagues and not settings.slack_colleagues.startswith("S"):
        problems.append("VNG_SLACK_COLLEAGUES: het id van een gebruikersgroep begint met S, zoals S0123456789.")
    try:
        _access_of(settings)
    except SettingsError as error:
        problems += error.problems
    return tuple(problems)


@contextmanager
def slack_app(
    settings: Settings, assistant: "Answering", library: "LiveLibrary", store: "AnswerStore"
) -> "Iterator[App]":
    """The bot, which answers for as long as this lasts, and finishes what is under way at the end.

    Raises SettingsError, JournalUnavailable, TokenRefused, SlackUnavailable and RateLimited.
    """
    if problems := slack_problems(settings):
        raise SettingsError(problems)
    from integrations.slack import answering  # noqa: PLC0415 - a command pays only for what it needs
    from integrations.slack.bolt_app import build, close  # noqa: PLC0415
    from integrations.slack.delivery import withdraw  # noqa: PLC0415
    from integrations.slack.handlers import register  # noqa: PLC0415

    secret = settings.slack_signing_secret
    with ExitStack() as stack:
        parts = stack.enter_context(_parts(settings, assistant, library, store))
        app = build(parts, register, signing_secret=secret.get_secret_value() if secret else "")
        parts.inbox.start(
            partial(answering.answer, parts),
            was_answered=partial(answering.was_answered, parts),
            tell=partial(answering.tell_given_up, parts),
            undo=partial(withdraw, parts),
        )
        stack.callback(parts.inbox.close, GRACE_SECONDS)
        stack.callback(close, app)
        yield app


@contextmanager
def slack_mounts(
    settings: Settings,
    assistant: "Answering",
    library: "LiveLibrary",
    store: "AnswerStore",
    say: Callable[[str], None],
) -> "Iterator[dict[str, Asgi]]":
    """What the server takes of Slack, by path: nothing unless the settings say so, or when Slack does not know the bot,
    or its questions cannot be kept, which is said then. Raises SettingsError.
    """
    if not (settings.slack_bot_token and settings.slack_signing_secret):
        yield {}
        return
    from integrations.slack.bolt_app import slack_asgi  # noqa: PLC0415
    from integrations.slack.error_messages import explain  # noqa: PLC0415
    from integrations.slack.errors import (  # noqa: PLC0415
        JournalUnavailable,
        RateLimited,
        SlackUnavailable,
        TokenRefused,
    )

    with ExitStack() as stack:
        mounts = {}
        try:
            app = stack.enter_context(slack_app(settings, assistant, library, store))
        except (TokenRefused, SlackUnavailable, RateLimited, JournalUnavailable) as error:
            say(f"{explain(error)} De webpagina's werken; vragen uit Slack niet.")
        else:
            mounts[SLACK_PATH] = slack_asgi(app)
            say(f"Vragen uit Slack komen binnen op {SLACK_PATH}.")
        yield mounts


@contextmanager
def _parts(
    settings: Settings, assistant: "Answering", library: "LiveLibrary", store: "AnswerStore"
) -> "Iterator[SlackParts]":
    from integrations.slack.gateway import Gateway  # noqa: PLC0415
    from integrations.slack.inbox import Inbox  # noqa: PLC0415
    from integrations.slack.journal import open_journal  # noqa: PLC0415
    from integrations.slack.journal_tables import sqlite_url  # noqa: PLC0415
    from integrations.slack.parts import Chosen, SlackParts  # noqa: PLC0415
    from integrations.slack.pseudonym import read_pseudonyms  # noqa: PLC0415

    assert settings.slack_bot_token is not None, "slack_problems looked"  # noqa: S101
    database = settings.database_address or ""
    url = database if database.startswith("postgres") else sqlite_url(settings.data / "slack.sqlite")
    pseudonyms = read_pseudonyms(settings.data / "slack-secret")
    token = settings.slack_bot_token.get_secret_value()
    with (
        closing(Gateway(token, address=settings.slack_url)) as gateway,
        closing(open_journal(url, pseudonyms)) as journal,
    ):
        yield SlackParts(
            assistant=assistant,
            library=library,
            gateway=gateway,
            journal=journal,
            inbox=Inbox(journal, keep_days=settings.retention_days or 365),
            records=StoredRecords(store),
            access=_access_of(settings),
            clock=lambda: datetime.now(UTC),
            public_url=settings.public_url.rstrip("/"),
            generated=bool(settings.llm),
            chosen=Chosen(
                organisation=settings.organisation,
                contact=settings.contact,
                colleagues=settings.slack_colleagues,
                language_model=(urlsplit(settings.llm_url).hostname or "") if settings.llm else "",
                retention_days=settings.retention_days,
                masked=settings.mask,
            ),
        )


def _access_of(settings: Settings) -> "Access":
    """What the groups file says. Raises SettingsError."""
    from integrations.slack.access import read_access  # noqa: PLC0415

    return read_access(settings.slack_access_file)
