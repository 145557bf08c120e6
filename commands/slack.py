"""The command `vng-assistent slack`: the bot for Slack, over a connection that it opens itself (Socket Mode)."""

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from assistant.errors import SettingsError
from assistant.settings import Settings
from composition import answering_of, settings_of, store_of
from slack_parts import slack_app, slack_problems

if TYPE_CHECKING:
    from integrations.slack.socket import SocketMode

# Seconds that a thread may compute while others wait, ten times as short as Python's own: whoever acknowledges what
# comes in needs the interpreter for a moment many times over, between threads that make answers.
SWITCH_SECONDS = 0.0005

err = Console(stderr=True, soft_wrap=True)


def slack(
    data: Annotated[Path | None, typer.Option("--data", help="Map van de bibliotheek.", show_default=False)] = None,
) -> int:
    """Beantwoord vragen in Slack, ook achter een firewall: de bot maakt zelf verbinding."""
    from api.retention import Retention  # noqa: PLC0415 - a command pays only for what it needs
    from integrations.slack.bolt_app import over_socket  # noqa: PLC0415
    from integrations.slack.error_messages import explain  # noqa: PLC0415
    from integrations.slack.errors import SlackError  # noqa: PLC0415
    from integrations.slack.socket import SocketMode, connections  # noqa: PLC0415

    settings = settings_of(data)
    token = _app_token(settings)
    _log_to_stderr()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        with ExitStack() as stack:
            assistant, library = stack.enter_context(answering_of(settings))
            store = stack.enter_context(store_of(settings))
            stack.enter_context(Retention(store, settings.retention_days))
            app = stack.enter_context(slack_app(settings, assistant, library, store))
            socket = SocketMode(
                connections(token, address=settings.slack_url), lambda payload: over_socket(app, payload)
            )
            with _stopped_by_signals(socket):
                err.print("De bot voor Slack draait (stoppen: Ctrl+C).", highlight=False)
                socket.run()
                err.print("De bot stopt, en maakt af wat onder handen is.", highlight=False)
    except SlackError as error:
        err.print(explain(error), markup=False, highlight=False)
        return 1
    return 0


def _app_token(settings: Settings) -> str:
    """The token for the connection. Raises SettingsError where it is not there, or where another setting is wrong."""
    missing = [
        f"VNG_SLACK_{name}_TOKEN: vul deze sleutel in (begint met {begin}); zie docs/handleiding/slack.md."
        for name, begin, given in (
            ("BOT", "xoxb-", settings.slack_bot_token),
            ("APP", "xapp-", settings.slack_app_token),
        )
        if not given
    ]
    if problems := tuple(missing) or slack_problems(settings):
        raise SettingsError(problems)
    assert settings.slack_app_token is not None, "it is not missing"  # noqa: S101
    return settings.slack_app_token.get_secret_value()


@contextmanager
def _stopped_by_signals(socket: "SocketMode") -> Iterator[None]:
    """A signal to stop has the bot finish what is under way; a second one ends it at once."""
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, _frame: object) -> None:
        socket.stop()
        signal.signal(number, before[signal.Signals(number)])

    for one in before:
        signal.signal(one, stop)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _log_to_stderr() -> None:
    """Shows what the bot says of itself, a line each."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.getLogger("vng_assistent")
    log.handlers = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False
