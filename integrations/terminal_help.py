"""Help of the command line in Dutch: its headings, and the option --help itself."""

from typing import Any

import typer.core
import typer.rich_utils

typer.rich_utils.OPTIONS_PANEL_TITLE = "Opties"
typer.rich_utils.ARGUMENTS_PANEL_TITLE = "Wat je opgeeft"
typer.rich_utils.COMMANDS_PANEL_TITLE = "Commando's"


class DutchHelp:
    """A command whose own --help option speaks Dutch too."""

    def get_help_option(self, ctx: Any) -> Any:
        """The --help option."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Laat deze hulp zien."
        return option


class Group(DutchHelp, typer.core.TyperGroup):
    """The command itself."""


class Command(DutchHelp, typer.core.TyperCommand):
    """One of its commands."""
