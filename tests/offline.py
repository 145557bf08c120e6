"""The offline guard: a test that opens a connection to another machine fails, and says where it wanted to go.

It listens to the interpreter's own audit events, so it also sees libraries that kept a reference to `socket.socket`
or caught the error. What a library does in native code, or a program that a test starts, is out of its sight; those
get the environment below.
"""

import ipaddress
import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest

OFFLINE = {
    "ANONYMIZED_TELEMETRY": "False",
    "CHROMA_TELEMETRY_ENABLED": "False",
    "DO_NOT_TRACK": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_OFFLINE": "1",
}
os.environ.update(OFFLINE)

HOST_FIRST = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
ADDRESS_LAST = {"socket.connect", "socket.sendto"}
attempts: list[str] = []


class NetworkInTest(OSError):
    """A test tried to reach another machine."""


def is_local(host: object) -> bool:
    """Whether the host is this machine, told without asking a name server."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not host or host in {"localhost", "localhost.localdomain", "ip6-localhost"}:
        return True
    try:
        address = ipaddress.ip_address(str(host).split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Raises NetworkInTest when an audit event shows a connection to another machine."""
    if event in HOST_FIRST:
        host = arguments[0]
    elif event in ADDRESS_LAST and isinstance(arguments[-1], tuple):
        host = arguments[-1][0]
    else:
        return
    if not is_local(host):
        attempts.append(f"{event} {host!r}")
        raise NetworkInTest(f"tests work without a network, but this one wanted {event} {host!r}")


sys.addaudithook(guard)


@pytest.fixture(autouse=True)
def offline() -> Iterator[None]:
    """Fails the test when it, or anything it called, tried to reach another machine; even if the error was caught."""
    attempts.clear()
    yield
    if attempts:
        pytest.fail(f"tests work without a network, but this one wanted: {', '.join(attempts)}")
