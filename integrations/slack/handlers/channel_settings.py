"""The settings of a channel: when the bot answers there and from which documents, for whoever manages the channel."""

from typing import TYPE_CHECKING, Any, cast

from ingest.types import Document
from integrations.slack import names
from integrations.slack.asking import channel_of, kind_of, place_of
from integrations.slack.delivery import sight_of
from integrations.slack.errors import Refused
from integrations.slack.handlers.windows import show
from integrations.slack.parts import SlackParts
from integrations.slack.render_feedback import notice
from integrations.slack.render_settings import MODES, settings_view
from integrations.slack.streaming import sent
from integrations.slack.types import ChannelSettings, Mode

if TYPE_CHECKING:
    from slack_bolt import Ack, App

Json = dict[str, Any]


def register(app: "App", parts: SlackParts) -> None:
    """Has the application open the settings of a channel, and keep what is chosen."""

    def opened(ack: "Ack", body: Json, action: Json) -> None:
        ack()
        user, channel = str(body["user"]["id"]), str(action.get("value") or channel_of(body))
        if is_manager(parts, channel, user):
            open_settings(parts, body, channel, user)
        else:
            parts.gateway.ephemeral(channel_of(body) or channel, user, sent(notice("settings_refused")))

    def chosen(ack: "Ack", body: Json, view: Json) -> None:
        user, channel = str(body["user"]["id"]), str(view.get("private_metadata") or "")
        if not is_manager(parts, channel, user):
            field = names.MODE_FIELD[0]
            ack(response_action="errors", errors={field: notice("settings_refused").text})
            return
        parts.journal.set_settings(channel, _chosen(parts, channel, user, view))
        ack()
        parts.gateway.ephemeral(channel, user, sent(notice("settings_saved")))

    app.action(names.SETTINGS_OPEN)(opened)
    app.view(names.SETTINGS_VIEW)(chosen)


def open_settings(parts: SlackParts, body: Json, channel: str, user: str) -> None:
    """Opens the settings of a channel for somebody who manages it."""
    settings = parts.journal.settings_of(channel)
    show(parts, body, lambda: settings_view(channel, settings, choosable(parts, channel, user)), slow=True)


def is_manager(parts: SlackParts, channel: str, user: str) -> bool:
    """Whether somebody made this channel, manages the workspace, or manages all channels by the groups file."""
    if not channel or kind_of(channel) == "direct":
        return False
    try:
        facts, person = parts.gateway.channel(channel), parts.gateway.user(user)
    except Refused:
        return False
    if person.stranger or person.guest or person.bot or person.deleted:
        return False
    return user in parts.access.managers or person.admin or facts.creator == user


def choosable(parts: SlackParts, channel: str, user: str) -> list[Document]:
    """The documents that a channel may be limited to: those that everybody in it may read, and whoever chooses."""
    sight, place = sight_of(parts), place_of(parts, channel, "")
    mine = sight.documents(sight.groups(place, user))
    return [one for doc_id, one in sight.documents(sight.groups_of_all(place)).items() if doc_id in mine]


def _chosen(parts: SlackParts, channel: str, user: str, view: Json) -> ChannelSettings:
    values = view["state"]["values"]
    mode = ((_field(values, names.MODE_FIELD).get("selected_option")) or {}).get("value", "mention")
    options = _field(values, names.DOCUMENTS_FIELD).get("selected_options") or []
    allowed = {one.doc_id for one in choosable(parts, channel, user)}
    doc_ids = tuple(one["value"] for one in options if one.get("value") in allowed)
    return ChannelSettings(cast(Mode, mode) if mode in MODES else "mention", doc_ids)


def _field(values: Json, field: tuple[str, str]) -> Json:
    block, action = field
    found: Json = (values.get(block) or {}).get(action) or {}
    return found
