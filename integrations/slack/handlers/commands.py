"""The command /vng: a question of which only the asker sees the answer, help, or the settings of a channel."""

from typing import TYPE_CHECKING, Any

from integrations.slack import names
from integrations.slack.asking import CLICK, place_of
from integrations.slack.handlers.channel_settings import is_manager, open_settings
from integrations.slack.parts import SlackParts
from integrations.slack.render_feedback import notice
from integrations.slack.render_home import usage_message
from integrations.slack.streaming import sent
from integrations.slack.text import asked_text
from integrations.slack.types import Asked

if TYPE_CHECKING:
    from slack_bolt import Ack, App

Json = dict[str, Any]
HELP = frozenset(("", "hulp", "help", "?", "vraag"))
SETTINGS = frozenset(("instellingen", "instelling", "settings"))


def register(app: "App", parts: SlackParts) -> None:
    """Has the application listen to the command."""

    def commanded(ack: "Ack", body: Json) -> None:
        typed = str(body.get("text") or "").strip()
        word = typed.lower()
        if word in HELP:
            ack({"response_type": "ephemeral", **sent(usage_message())})
        elif word in SETTINGS:
            channel, user = str(body["channel_id"]), str(body["user_id"])
            if is_manager(parts, channel, user):
                ack()  # first: it takes a while to see who are in the channel
                open_settings(parts, body, channel, user)
            else:
                ack({"response_type": "ephemeral", **sent(notice("settings_refused"))})
        else:
            parts.inbox.take(_asked(parts, body, typed))
            ack()

    app.command(names.COMMAND)(commanded)


def _asked(parts: SlackParts, body: Json, typed: str) -> Asked:
    first, _, rest = typed.partition(" ")
    question = rest if first.lower() in ("vraag", "vraag:") and rest.strip() else typed
    return Asked(
        place=place_of(parts, str(body["channel_id"]), ""),
        ts=f"{CLICK}{body['trigger_id']}",
        user=str(body["user_id"]),
        text=asked_text(question, parts.gateway.identity().user),
        private=True,
        response_url=str(body.get("response_url") or ""),
    )
