"""What the bot does when something happens in Slack: each file listens to one kind of thing.

A question is written down before Slack is told that it came in; everything else happens after that.
"""

from typing import TYPE_CHECKING

from integrations.slack.examples import Examples
from integrations.slack.handlers import (
    actions,
    channel_settings,
    commands,
    events,
    home,
    options,
    shortcuts,
    views,
)
from integrations.slack.parts import SlackParts

if TYPE_CHECKING:
    from slack_bolt import App


def register(app: "App", parts: SlackParts) -> None:
    """Has the application do what the bot does, with these parts."""
    examples = Examples(parts.library)
    events.register(app, parts, examples)
    home.register(app, parts, examples)
    for listens in (actions, channel_settings, commands, options, shortcuts, views):
        listens.register(app, parts)
