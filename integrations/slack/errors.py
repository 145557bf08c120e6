"""The errors of the Slack bot, as a tree. Data sits on the exception; the Dutch sentence is made where it is read.

SlackError
├── RecordsUnavailable       the database of answers cannot be used now
├── JournalUnavailable       the database of questions that were taken cannot be used now
│   └── JournalTooNew        a newer version of the program made it what it is
├── SlackUnavailable         Slack cannot be reached, or has trouble of its own: try again later
├── RateLimited              we ask too much of Slack: not before so many seconds
├── TokenRefused             Slack does not know the bot by its token (any more), or the token may not do this
└── Refused                  Slack does not do this, with the word it gives for it
    ├── NotInChannel         the bot is not in that conversation, or it is no more
    ├── Gone                 the message, the thread or the view is not there (any more)
    └── StreamExpired        the stream of an answer has ended before we ended it
"""


class SlackError(Exception):
    """Any error of the Slack bot."""


class RecordsUnavailable(SlackError):
    """The database of answers cannot be reached, read or written."""


class JournalUnavailable(SlackError):
    """The database of questions cannot be reached, read or written. `why` says it without anything that was asked."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class JournalTooNew(JournalUnavailable):
    """The tables of the database of questions are of version `found`, and this program knows them up to `known`."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(f"version {found} instead of {known}")
        self.found = found
        self.known = known


class SlackUnavailable(SlackError):
    """Slack cannot be reached or fails. What was asked of it may have been done or not."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class RateLimited(SlackError):
    """Slack wants us to wait this many seconds. What was asked of it was not done."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds


class TokenRefused(SlackError):
    """Slack does not take the token. `error` is its word: invalid_auth, token_revoked, missing_scope…"""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class Refused(SlackError):
    """Slack does not do this. `method` is what was asked, `error` its word for why, `details` what it adds."""

    def __init__(self, method: str, error: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(f"{method}: {error}")
        self.method = method
        self.error = error
        self.details = details


class NotInChannel(Refused):
    """The bot cannot read or write there."""


class Gone(Refused):
    """What this is about is not there (any more)."""


class StreamExpired(Refused):
    """The message is not being streamed (any more); chat.update can still change it."""


_REFUSALS: dict[str, type[Refused]] = {
    **dict.fromkeys(("channel_not_found", "not_in_channel", "is_archived", "user_not_in_channel"), NotInChannel),
    **dict.fromkeys(("message_not_found", "thread_not_found", "expired_trigger_id", "not_found"), Gone),
    **dict.fromkeys(("message_not_in_streaming_state", "streaming_state_conflict", "stream_expired"), StreamExpired),
}
_OF_TOKENS = frozenset(
    (
        *("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope"),
        *(
            "not_allowed_token_type",
            "no_permission",
            "org_login_required",
            "ekm_access_denied",
            "team_access_not_granted",
        ),
    )
)
_PASSING = frozenset(("internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"))


def refusal(method: str, error: str, details: tuple[str, ...] = ()) -> SlackError:
    """The error for what Slack says to a method."""
    if error in _OF_TOKENS:
        return TokenRefused(error)
    if error in _PASSING:
        return SlackUnavailable(error)
    return _REFUSALS.get(error, Refused)(method, error, details)
