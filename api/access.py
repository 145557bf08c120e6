"""Who asks, and what he may: groups whose documents he sees, and scopes for what he may do."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from starlette.requests import HTTPConnection

from api.errors import Unauthenticated
from api.session import session_of

if TYPE_CHECKING:
    from api.keys import Key, KeyFile

Scope = Literal["ask", "ingest", "admin"]
SCOPES: tuple[Scope, ...] = ("ask", "ingest", "admin")


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever makes a request.

    `name` is what he is called where a person reads it, "" on a computer of one person. `bucket` is what his requests
    are counted under, "" for one whose requests are not, and `rate` how many questions he may ask, "" for as many as
    others.
    """

    name: str = ""
    groups: frozenset[str] = frozenset()
    scopes: frozenset[Scope] = frozenset(SCOPES)
    bucket: str = ""
    rate: str = ""

    def may(self, scope: Scope) -> bool:
        """Whether he may do what this scope is for; whoever administers may do everything."""
        return scope in self.scopes or "admin" in self.scopes


class Access(Protocol):
    """How callers are known."""

    def caller(self, request: HTTPConnection) -> Caller:
        """Whoever makes this request. Raises Unauthenticated for one that has to say first who he is."""


@dataclass(frozen=True, slots=True)
class Open:
    """Access on a computer of one person: everybody is he, and sees what is open to all and to these groups."""

    groups: frozenset[str] = frozenset()

    def caller(self, request: HTTPConnection) -> Caller:
        """The one person there is."""
        return Caller(groups=self.groups)


@dataclass(frozen=True, slots=True)
class Keyed:
    """Access with keys: a program shows one with each request, and a person once, when logging in on the pages."""

    keys: "KeyFile"

    def caller(self, request: HTTPConnection) -> Caller:
        """Whoever has the key of this request or of its session. Raises Unauthenticated, and KeysUnreadable.

        That is found out again for every request, so that a key that is revoked stops at once. A key in the header goes
        before a session. For programs there are no sessions: a browser sends its cookie along unasked.
        """
        given = request.headers.get("authorization", "")
        if given:
            scheme, _, text = given.partition(" ")
            if scheme.lower() != "bearer":
                raise Unauthenticated("missing")
            return caller_of(self.keys.of_text(text.strip()))
        prefix = session_of(request).prefix if is_page(request.scope["path"]) else ""
        if not prefix:
            raise Unauthenticated("missing")
        return caller_of(self.keys.of_prefix(prefix))


def caller_of(key: "Key") -> Caller:
    """Whoever has this key."""
    return Caller(key.name, key.groups, key.scopes, bucket=key.prefix, rate=key.rate)


def is_page(path: str) -> bool:
    """Whether a person reads what is at this path, and not a program."""
    return path.split("/")[1:2] not in (["v1"], ["health"], ["metrics"])
