"""Who asks, and whether over TLS, where a server stands in between: its word is taken only if it is one of ours."""

import ipaddress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

# What servers in between add; the second and third are not read here, but say that there is one.
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_MOST_HOPS = 20


class Proxies:
    """Puts the address of the client, and the scheme it used, in place of those of a server in between that is ours.

    Of `X-Forwarded-For` the last address that is not one of our servers counts: what stands before it, the client may
    have written itself.
    """

    def __init__(self, app: ASGIApp, *, trusted: frozenset[str]) -> None:
        self._app = app
        self._trusted = networks_of(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request, as the client made it."""
        peer = _address((scope.get("client") or ("", 0))[0])
        if scope["type"] == "http" and peer is not None and self._is_ours(peer):
            headers = Headers(scope=scope)
            scope = {**scope, "client": (str(self._client(headers, peer)), 0)}
            # The last, as ours adds it: one that a client sent may stand before it.
            scheme = ",".join(headers.getlist("x-forwarded-proto")).rpartition(",")[2].strip().lower()
            if scheme in ("http", "https"):
                scope["scheme"] = scheme
        await self._app(scope, receive, send)

    def _client(self, headers: Headers, peer: _Address) -> _Address:
        """The last address in the chain that is not ours; of a chain that is not to be read, what could be read."""
        chain = ",".join(headers.getlist("x-forwarded-for")).split(",")[-_MOST_HOPS:]
        client = peer
        for hop in reversed(chain):
            address = _address(hop.strip())
            if address is None:
                break
            client = address
            if not self._is_ours(address):
                break
        return client

    def _is_ours(self, address: _Address) -> bool:
        return any(address in network for network in self._trusted)


def networks_of(addresses: frozenset[str]) -> tuple[_Network, ...]:
    """The addresses and networks (as in 10.0.0.0/8) of these texts. Raises ValueError for one that is neither."""
    return tuple(ipaddress.ip_network(one) for one in sorted(addresses))


def _address(text: str) -> _Address | None:
    """The address in "192.0.2.1", "192.0.2.1:80", "2001:db8::1" or "[2001:db8::1]:80"; None where there is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
