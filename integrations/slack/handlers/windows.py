"""Windows that take long to make: Slack opens one only within seconds of the click, and lets it be filled later."""

from collections.abc import Callable
from typing import Any

from integrations.slack.parts import SlackParts
from integrations.slack.render_source import failed_view, waiting_view

Json = dict[str, Any]


def show(parts: SlackParts, body: Json, made: Callable[[], Json], *, slow: bool) -> None:
    """Opens a window for whoever clicked. `slow`: it is open before it is known what is in it, who is in the place."""
    trigger = str(body["trigger_id"])
    if not slow:
        parts.gateway.open_view(trigger, made())
        return
    opened = parts.gateway.open_view(trigger, waiting_view())
    try:
        view = made()
    except Exception:
        parts.gateway.update_view(opened, failed_view())
        raise
    parts.gateway.update_view(opened, view)
