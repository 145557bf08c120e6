"""Socket Mode: a WebSocket that the bot opens itself, so that Slack needs no way in.

What comes in is handled in threads; each envelope is acknowledged as soon as it was taken, and not at all when it could
not be: then Slack sends it again. Connections end now and then, by Slack's own wish or not; a new one is opened then,
after a pause that grows as long as it fails.
"""

import json
import logging
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from integrations.slack.errors import RateLimited, Refused, SlackError, SlackUnavailable, TokenRefused
from integrations.slack.gateway_calls import SECONDS, Calls
from integrations.slack.inbox import where

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

Json = dict[str, Any]
Take = Callable[[Json], tuple[bool, Any]]
"""Takes a payload: whether to acknowledge it, and what to say with that."""

THREADS = 10  # that take what comes in
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds before the next try
LASTED = 30.0  # seconds after which a connection counts as a good one
_LOOK = 0.5  # seconds between looks whether to stop
_LARGEST = 2**24  # bytes of a message
_log = logging.getLogger("vng_assistent.slack")
_quiet = logging.getLogger("vng_assistent.slack.websocket")
_quiet.setLevel(logging.CRITICAL)


def connections(app_token: str, *, address: str, seconds: float = SECONDS) -> Callable[[], str]:
    """What asks Slack for the address of a WebSocket. It raises what Calls raises, and Refused."""
    calls = Calls(app_token, address, seconds)
    own = urlsplit(address)

    def open_address() -> str:
        try:
            url = str(calls.write("apps.connections.open").get("url", ""))
        finally:
            calls.close()  # it is not asked again for hours
        given = urlsplit(url)
        safe = given.scheme == ("wss" if own.scheme == "https" else "ws")
        if not safe or not f".{given.hostname}".endswith(f".{own.hostname}"):
            raise Refused("apps.connections.open", "foreign_address")
        return url

    return open_address


class SocketMode:
    """The connection with Slack; `run` keeps it until `stop`."""

    def __init__(
        self,
        open_address: Callable[[], str],
        take: Take,
        *,
        threads: int = THREADS,
        first_pause: float = FIRST_PAUSE,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self._open_address = open_address
        self._take = take
        self._pool = ThreadPoolExecutor(threads, "slack-socket")
        self._first_pause = first_pause
        self._longest_pause = longest_pause
        self._stopping = threading.Event()
        self._trouble = ""
        self._was_connected = False

    def run(self) -> None:
        """Takes what Slack sends until `stop` is called; then waits until all of it has been acknowledged.

        Raises TokenRefused when Slack does not take the token at the start; later on it is tried again.
        """
        failures = 0
        try:
            while not self._stopping.is_set():
                began = time.monotonic()
                if why := self._connection():
                    failures = 0 if time.monotonic() - began > LASTED else failures + 1
                    self._complain(why)
                    self._stopping.wait(self._pause(failures))
                else:
                    failures = 0
        finally:
            self._pool.shutdown(wait=True)

    def stop(self) -> None:
        """Has `run` end. Any thread may call it, and a handler of signals."""
        self._stopping.set()

    def _connection(self) -> str:
        """Why a connection ended, or never came to be; "" where a new one is to be opened right away."""
        from websockets.exceptions import WebSocketException  # noqa: PLC0415 - a command pays only for what it needs
        from websockets.sync.client import connect  # noqa: PLC0415

        try:
            with connect(
                self._open_address(),
                open_timeout=SECONDS,
                close_timeout=2,
                max_size=_LARGEST,
                compression=None,
                logger=_quiet,
            ) as socket:
                return self._session(socket)
        except TokenRefused as error:
            if not self._was_connected:
                raise
            return f"de sleutel wordt geweigerd ({error.error})"
        except RateLimited as error:
            self._stopping.wait(error.seconds)
            return "Slack vraagt om te wachten"
        except SlackUnavailable as error:
            return f"Slack is niet bereikbaar ({error.why})"
        except SlackError as error:
            return f"Slack weigert de verbinding ({error})"
        except (WebSocketException, OSError) as error:
            return f"de verbinding is verbroken ({type(error).__name__})"

    def _session(self, socket: "ClientConnection") -> str:
        """Reads what comes in until the connection must be replaced. Raises ConnectionClosed when it is lost."""
        pending = _Pending()
        while not self._stopping.is_set():
            try:
                message = _parsed(socket.recv(timeout=_LOOK))
            except TimeoutError:
                continue
            kind = message.get("type")
            if kind == "hello":
                self._connected()
            elif kind == "disconnect":
                pending.wait()
                if message.get("reason") == "link_disabled":
                    return "Socket Mode staat uit in de instellingen van de app"
                return ""
            elif message.get("envelope_id"):
                pending.add()
                self._pool.submit(self._handle, socket, message, pending)
        pending.wait()
        return ""

    def _handle(self, socket: "ClientConnection", message: Json, pending: "_Pending") -> None:
        """Takes an envelope, and acknowledges it if it could be taken."""
        from websockets.exceptions import WebSocketException  # noqa: PLC0415

        try:
            taken, said = self._take(message.get("payload") or {})
            if taken:
                reply = {"envelope_id": message["envelope_id"], **({} if said is None else {"payload": said})}
                socket.send(json.dumps(reply))
        except (WebSocketException, OSError):
            return  # Slack sends it again over the next connection, and then it is known
        except Exception as error:  # noqa: BLE001 - whatever it is, what comes next is handled
            _log.error("Iets uit Slack is niet verwerkt: %s.", where(error))
        finally:
            pending.done()

    def _connected(self) -> None:
        if self._trouble or not self._was_connected:
            _log.info("Verbonden met Slack.")
        self._was_connected, self._trouble = True, ""

    def _complain(self, why: str) -> None:
        """Logs what is wrong, once, and not for every try."""
        if why != self._trouble and not self._stopping.is_set():
            _log.warning("Geen verbinding met Slack: %s. Er wordt steeds opnieuw geprobeerd.", why)
        self._trouble = why

    def _pause(self, failures: int) -> float:
        """How long to wait after so many failures in a row, a little differently each time."""
        longest = min(self._longest_pause, self._first_pause * 2.0 ** min(failures, 20))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - to keep many bots apart


class _Pending:
    """How much of what came in over a connection has not been acknowledged over it yet."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def add(self) -> None:
        with self._changed:
            self._count += 1

    def done(self) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def wait(self, seconds: float = 5.0) -> None:
        """Returns when nothing is left, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._count == 0, seconds)


def _parsed(message: str | bytes) -> Json:
    """A message of Slack; {} for one that is none."""
    try:
        found = json.loads(message)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
