"""Calls of Slack's Web API, with patience, and its errors as errors of ours.

A call that Slack did not carry out for sure (a limit, a connection that never came) is tried again, a few times and not
for long. One that it may have carried out is tried again only where twice is the same as once: a message is not.
"""

import logging
import ssl
import time
from collections.abc import Iterable, Mapping
from http.client import HTTPException
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, getproxies, proxy_bypass

from integrations.slack.errors import RateLimited, Refused, SlackUnavailable, refusal
from integrations.slack.gateway_connections import Connections

if TYPE_CHECKING:
    from slack_sdk import WebClient

Json = dict[str, Any]

SECONDS = 10.0  # for one call
TRIES = 3
LONGEST_WAIT = 5.0  # seconds of Retry-After that are waited here; a longer one is for the queue
# What changes nothing when it happens twice.
_REPEATABLE = frozenset(
    (
        *("chat.update", "chat.delete", "views.publish", "views.update", "conversations.open"),
        *("assistant.threads.setStatus", "assistant.threads.setSuggestedPrompts"),
    )
)
_quiet = logging.getLogger("vng_assistent.slack.sdk")
_quiet.setLevel(logging.CRITICAL)  # what goes wrong is told by whoever gets the error, and never with what was said


class Calls:
    """The methods of the Web API by name. Threads may share it."""

    def __init__(self, token: str, address: str, seconds: float) -> None:
        self._token = token
        self._address = address
        self._seconds = max(1, round(seconds))
        self._secure = ssl.create_default_context()  # made once: reading the certificates takes longer than a call
        self._connections = Connections(address, self._seconds, self._secure)
        self._once = self._client(repeat=False)
        self._again = self._client(repeat=True)

    def read(self, method: str, **arguments: object) -> Json:
        """What Slack says to a question; arguments that are None are left out."""
        return _called(self._again, method, params={k: v for k, v in arguments.items() if v is not None})

    def write(self, method: str, **arguments: object) -> Json:
        """What Slack says when it is asked to do something; arguments that are None are left out."""
        client = self._again if method in _REPEATABLE else self._once
        return _called(client, method, json={k: v for k, v in arguments.items() if v is not None})

    def close(self) -> None:
        """Ends the connections that are kept for the next call."""
        self._connections.close()

    def respond(self, response_url: str, said: Json) -> None:
        """Says something at an address that Slack gave."""
        from slack_sdk.webhook import WebhookClient  # noqa: PLC0415 - a command pays only for what it needs

        if not self._is_slack(response_url):
            raise Refused("response_url", "foreign_address")
        client = WebhookClient(
            response_url,
            timeout=self._seconds,
            ssl=self._secure,
            logger=_quiet,
            retry_handlers=_handlers(repeat=False),
        )
        try:
            response = client.send_dict(said)
        except OSError as error:
            raise SlackUnavailable(type(error).__name__) from error
        _check_status("response_url", response.status_code, response.headers)
        if response.status_code != 200:
            raise refusal("response_url", response.body.strip()[:80] or str(response.status_code))

    def _client(self, *, repeat: bool) -> "WebClient":
        from slack_sdk import WebClient  # noqa: PLC0415

        connections = self._connections

        class Lasting(WebClient):
            """Slack's own client, which opens a connection for each call, over connections that last."""

            def _perform_urllib_http_request_internal(self, url: str, req: Request) -> Json:
                found = connections.post(url, req.data, req.headers)
                if found.status >= 300:
                    raise HTTPError(url, found.status, found.reason, found.headers, BytesIO(found.body))
                return {"status": found.status, "headers": found.headers, "body": found.body.decode("utf-8")}

        # The way through a proxy is its own.
        return (WebClient if _has_proxy(self._address) else Lasting)(
            self._token,
            base_url=self._address,
            timeout=self._seconds,
            ssl=self._secure,
            logger=_quiet,
            retry_handlers=_handlers(repeat=repeat),
        )

    def _is_slack(self, address: str) -> bool:
        """Whether an address is of the Slack that we talk to: what comes in must not send us elsewhere."""
        given, own = urlsplit(address), urlsplit(self._address)
        if given.scheme != own.scheme:
            return False
        return given.netloc in (own.netloc, f"hooks.{own.netloc}")


def _called(client: "WebClient", method: str, **sent: Any) -> Json:
    """What Slack answers to a method."""
    from slack_sdk.errors import SlackApiError, SlackClientError  # noqa: PLC0415

    try:
        response = client.api_call(method, **sent)
    except SlackApiError as error:
        _check_status(method, error.response.status_code, error.response.headers)
        said = error.response.data if isinstance(error.response.data, dict) else {}
        word = str(said.get("error") or error.response.status_code)
        details = (said.get("response_metadata") or {}).get("messages") or ()
        raise refusal(method, word, tuple(map(str, details))) from None
    except (SlackClientError, HTTPException, OSError, ValueError) as error:
        raise SlackUnavailable(type(error).__name__) from error
    return response.data if isinstance(response.data, dict) else {}


def _check_status(method: str, status: int, headers: Mapping[str, Any]) -> None:
    """Raises RateLimited and SlackUnavailable for the statuses of HTTP that say so."""
    if status == 429:
        raise RateLimited(_retry_after(headers))
    if status >= 500:
        raise SlackUnavailable(f"{method}: HTTP {status}")


def _retry_after(headers: Mapping[str, Any]) -> float:
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    said = given[0] if isinstance(given, list) and given else given
    try:
        return max(0.0, float(str(said)))
    except ValueError:
        return 1.0


def _handlers(*, repeat: bool) -> list[Any]:
    """What tries a call again: after a limit and without a connection; after other trouble only with `repeat`."""
    from slack_sdk.http_retry import RetryHandler  # noqa: PLC0415
    from slack_sdk.http_retry.builtin_interval_calculators import BackoffRetryIntervalCalculator  # noqa: PLC0415

    class Limit(RetryHandler):
        """Waits as long as Slack says, if that is not long."""

        def _can_retry(self, *, response: Any = None, **_: Any) -> bool:
            return (
                response is not None and response.status_code == 429 and _retry_after(response.headers) <= LONGEST_WAIT
            )

        def prepare_for_next_attempt(self, *, state: Any, response: Any = None, **_: Any) -> None:
            state.next_attempt_requested = True
            time.sleep(_retry_after(response.headers))
            state.increment_current_attempt()

    class Trouble(RetryHandler):
        """Tries again after a moment where nothing was done, or where twice is the same as once."""

        def _can_retry(self, *, response: Any = None, error: Any = None, **_: Any) -> bool:
            if response is not None:
                return repeat and response.status_code in (500, 502, 503, 504)
            return error is not None and (repeat or _never_arrived(error))

    calm = BackoffRetryIntervalCalculator(0.3)
    return [Limit(TRIES - 1), Trouble(TRIES - 1, calm)]


def _has_proxy(address: str) -> bool:
    """Whether the way to an address leads through a proxy; Slack's client takes one of either kind for both."""
    return not getproxies().keys().isdisjoint(("http", "https")) and not proxy_bypass(urlsplit(address).hostname or "")


def _never_arrived(error: BaseException) -> bool:
    """Whether a call was not even sent: no server by that name, or none that listens."""
    causes: Iterable[object] = (error, getattr(error, "reason", None))
    return any(isinstance(one, ConnectionRefusedError) or type(one).__name__ == "gaierror" for one in causes)
