"""The shortcut "Vraag hierover" on a message: what it says can be changed into a question, which is then asked."""

import json
from typing import TYPE_CHECKING, Any

from assistant.assistant import MAX_QUESTION
from integrations.slack import names
from integrations.slack.asking import CLICK, channel_of, place_of
from integrations.slack.parts import SlackParts
from integrations.slack.render_parts import plain
from integrations.slack.text import MOST_TITLE, asked_text, cut
from integrations.slack.types import Asked

if TYPE_CHECKING:
    from slack_bolt import Ack, App

Json = dict[str, Any]
VIEW = "vng_ask"
FIELD = ("vraag", "vraag")


def register(app: "App", parts: SlackParts) -> None:
    """Has the application open the window with the question, and ask what is sent in."""

    def opened(ack: "Ack", body: Json) -> None:
        ack()
        message = body.get("message") or {}
        thread = str(message.get("thread_ts") or message.get("ts") or "")
        text = asked_text(str(message.get("text") or ""), parts.gateway.identity().user)
        parts.gateway.open_view(str(body["trigger_id"]), ask_view(channel_of(body), thread, text))

    def sent_in(ack: "Ack", body: Json, view: Json) -> None:
        block, action = FIELD
        text = str(((view["state"]["values"].get(block) or {}).get(action) or {}).get("value") or "").strip()
        if not text:
            ack(response_action="errors", errors={block: "Typ je vraag."})
            return
        channel, thread = _aim(str(view.get("private_metadata") or ""))
        user = str(body["user"]["id"])
        place = place_of(parts, channel or parts.gateway.direct(user), thread if channel else "")
        parts.inbox.take(Asked(place, f"{CLICK}{view['id']}", user, text, private=True))
        ack()

    app.shortcut(names.SHORTCUT)(opened)
    app.view(VIEW)(sent_in)


def ask_view(channel: str, thread: str, text: str) -> Json:
    """The window with a question to change and ask, about a message in this thread."""
    block, action = FIELD
    element = {"type": "plain_text_input", "action_id": action, "multiline": True, "max_length": MAX_QUESTION}
    started = cut(text, MAX_QUESTION)
    return {
        "type": "modal",
        "callback_id": VIEW,
        "private_metadata": json.dumps([channel, thread]),
        "title": plain("Vraag hierover", MOST_TITLE),
        "submit": plain("Vraag het", MOST_TITLE),
        "close": plain("Annuleren", MOST_TITLE),
        "blocks": [
            {
                "type": "input",
                "block_id": block,
                "label": plain("Wat wil je weten?"),
                "hint": plain("Alleen jij ziet het antwoord; je kunt het daarna delen in het kanaal."),
                "element": {**element, **({"initial_value": started} if started else {})},
            }
        ],
    }


def _aim(private_metadata: str) -> tuple[str, str]:
    try:
        channel, thread = json.loads(private_metadata)
    except (ValueError, TypeError):
        return "", ""
    return str(channel), str(thread)
