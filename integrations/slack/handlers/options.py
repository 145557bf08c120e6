"""What can be chosen from while somebody types: the documents for the settings of a channel."""

from typing import TYPE_CHECKING, Any

from ingest.errors import IngestError
from integrations.slack import names
from integrations.slack.handlers.channel_settings import choosable, is_manager
from integrations.slack.parts import SlackParts
from integrations.slack.render_settings import document_options

if TYPE_CHECKING:
    from slack_bolt import Ack, App

Json = dict[str, Any]


def register(app: "App", parts: SlackParts) -> None:
    """Has the application offer documents."""

    def offered(ack: "Ack", body: Json) -> None:
        user, view = str(body["user"]["id"]), body.get("view") or {}
        channel = str(view.get("private_metadata") or "")
        if view.get("callback_id") != names.SETTINGS_VIEW or not is_manager(parts, channel, user):
            ack(options=[])
            return
        try:
            documents = choosable(parts, channel, user)
        except IngestError:
            documents = []
        ack(options=document_options(documents, str(body.get("value") or "")))

    app.options(names.DOCUMENTS_FIELD[1])(offered)
