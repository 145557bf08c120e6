"""The bot on a tiny library, driven by the local Slack over signed HTTP."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from api.storage.engine import sqlite_url
from api.storage.store import AnswerStore, open_store
from assistant.assistant import Assistant
from assistant.settings import Settings
from ingest.encode import Encoder
from ingest.library import LiveLibrary
from integrations.slack.journal import Journal, open_journal
from integrations.slack.pseudonym import read_pseudonyms
from slack_parts import slack_app
from tests.api_server import serving
from tests.slack_local.server import LocalSlack, local_slack
from tests.slack_local.world import BOT_TOKEN, BOT_USER, SIGNING_SECRET

Json = dict[str, Any]

ANNA, BERT, CEES, GUEST = "U0ANNA", "U0BERT", "U0CEES", "U0GAST"
OPEN, BOARD, SHARED, GUESTS = "C0OPEN", "C0DIRECTIE", "C0SAMEN", "C0GASTEN"
ACCESS = f"""
managers = ["{BERT}"]

[team.T0VELDRIJK]
groups = ["medewerkers"]

[user.{ANNA}]
groups = ["directie"]

[channel.{BOARD}]
groups = ["directie"]
"""
MENTION = f"<@{BOT_USER}>"


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that runs, and the Slack that it is in."""

    slack: LocalSlack
    store: AnswerStore

    @property
    def world(self) -> Any:
        return self.slack.world

    def ask(self, channel: str, user: str, text: str, *, thread: str | None = None) -> tuple[str, Json]:
        """The ts of a question that somebody asks, and the bot's reply to it in the thread."""
        ts = self.slack.say(channel, user, text, thread=thread)
        return ts, self.reply(channel, ts)

    def reply(self, channel: str, ts: str) -> Json:
        """The reply to a question, as soon as it is whole."""
        found: Json = self.world.wait(lambda: self.find(channel, ts))
        return found

    def find(self, channel: str, ts: str) -> Json | None:
        """The reply to a question, if it is there."""
        found = [one for one in self.world.by_bot(channel) if question_of(one) == ts]
        assert len(found) <= 1, "a question has one reply"
        return found[0] if found else None

    def alone(self, user: str, count: int = 1) -> Json:
        """What the bot said to this person alone, when that is so many messages."""

        def found() -> list[Json]:
            said = [one for one in self.world.ephemeral if one["to"] == user]
            return said if len(said) >= count else []

        all_said: list[Json] = self.world.wait(found)
        return all_said[-1]

    def until(self, there: Callable[[], Any]) -> Any:
        """What `there` gives as soon as it gives something, of what Slack does not hear about."""
        for _ in range(2_000):
            if found := there():
                return found
            time.sleep(0.01)
        raise AssertionError(self.world.complaints or "it never came to be")

    def settle(self) -> None:
        """Returns when nothing is being answered any more: a question of somebody else has been."""
        self.ask("D0CEES", CEES, "Hoeveel inwoners telt Veldrijk?")

    def everything(self) -> str:
        """All that was shown to anybody anywhere, as text."""
        world = self.world
        said = [one for channel in world.channels.values() for one in channel.messages if one.get("user") == BOT_USER]
        return repr([said, world.ephemeral, world.responses, world.views, world.homes, world.prompts])


def question_of(message: Json) -> str:
    """The ts of the question that a message of the bot answers; "" where it is no answer."""
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("question", ""))


def buttons(message: Json, name: str) -> list[Json]:
    """The buttons of a message or a view whose action begins with this name."""
    found = []
    for block in message["blocks"]:
        elements = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        found += [one for one in elements if isinstance(one, dict) and one.get("action_id", "").startswith(name)]
    return found


def people(slack: LocalSlack) -> None:
    """The people and the conversations of the tests."""
    world = slack.world
    for user in (ANNA, BERT, CEES):
        world.user(user)
    world.users[world.user(GUEST)]["is_restricted"] = True
    world.user("U0VREEMD", team="T0ELDERS")
    world.channel(OPEN, ANNA, BERT, CEES)
    world.channel(BOARD, ANNA, BERT)
    world.channel(SHARED, ANNA, BERT, "U0VREEMD", external=True)
    world.channel(GUESTS, ANNA, GUEST)
    for user in (ANNA, BERT, CEES, GUEST):
        world.channel(f"D{user[1:]}", user, kind="im")


@contextmanager
def bot_on(
    data: Path,
    encoder: Encoder,
    folder: Path,
    *,
    generator: Any = None,
    before: Callable[[LocalSlack, Journal], None] | None = None,
    **more: Any,
) -> Iterator[Bot]:
    """A bot that answers from the library in this data directory, with its own files in this folder.

    `before` has a Slack and a journal as they are left behind by a process that ended.
    """
    folder.mkdir(parents=True, exist_ok=True)
    access = folder / "toegang.toml"
    access.write_text(ACCESS, encoding="utf-8")
    with ExitStack() as stack:
        slack = stack.enter_context(local_slack())
        people(slack)
        if before:
            names = read_pseudonyms(folder / "slack-secret")
            with open_journal(sqlite_url(folder / "slack.sqlite"), names) as journal:
                before(slack, journal)
        library = LiveLibrary(data, encoder)
        stack.callback(library.close)
        store = stack.enter_context(open_store(sqlite_url(folder / "answers.sqlite")))
        settings = Settings(
            data=folder,
            slack_bot_token=SecretStr(BOT_TOKEN),
            slack_signing_secret=SecretStr(SIGNING_SECRET),
            slack_access_file=access,
            slack_url=slack.address,
            **{"public_url": "https://assistent.veldrijk.nl", "slack_colleagues": "S0HULP", **more},
        )
        assistant = Assistant(library, encoder, generator=generator)
        app = stack.enter_context(slack_app(settings, assistant, library, store))
        slack.events_address = stack.enter_context(serving(_asgi(app)))
        yield Bot(slack, store)


def _asgi(app: Any) -> Any:
    """The application, which the server also tells when it begins and ends."""
    from integrations.slack.bolt_app import slack_asgi

    asgi = slack_asgi(app)

    async def served(scope: Json, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await asgi(scope, receive, send)
            return
        for phase in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{phase}.complete"})

    return served
