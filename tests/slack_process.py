"""The real bot as a process, on a tiny library, against the local Slack."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.slack_local.server import LocalSlack
from tests.slack_local.world import APP_TOKEN, BOT_TOKEN

ROOT = Path(__file__).parent.parent
_BEGIN = "import sys; from vng_assistent import main; sys.argv = ['vng-assistent', *sys.argv[1:]]; main()"


def start_bot(slack: LocalSlack, data: Path, **settings: str) -> subprocess.Popen[str]:
    """A process of `vng-assistent slack`, which may still be starting."""
    environment = {
        **os.environ,
        "VNG_DATA": str(data),
        "VNG_SLACK_BOT_TOKEN": BOT_TOKEN,
        "VNG_SLACK_APP_TOKEN": APP_TOKEN,
        "VNG_SLACK_URL": slack.address,
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    with (data / "bot.log").open("a") as log:
        return subprocess.Popen(
            [sys.executable, "-c", _BEGIN, "slack"],
            cwd=data,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=log,
            text=True,
        )


@contextmanager
def running_bot(slack: LocalSlack, data: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """The bot, connected; told to stop at the end, which it does in good order."""
    process = start_bot(slack, data, **settings)
    try:
        wait_for_bot(slack, process, data)
        yield process
    except BaseException:
        process.kill()
        raise
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(60)


def wait_for_bot(slack: LocalSlack, process: subprocess.Popen[str], data: Path) -> None:
    """Returns when the bot has its connection."""
    before = len(slack.world.called("apps.connections.open"))

    def there() -> bool:
        assert process.poll() is None, (data / "bot.log").read_text()
        return len(slack.world.called("apps.connections.open")) > before

    slack.world.wait(there, 120)
