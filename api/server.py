"""Serving the application over HTTP, until it is told to stop."""

import ipaddress
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.types import ASGIApp

from api.connections import patient_protocol
from api.errors import BindRefused

GRACE_SECONDS = 20  # for requests that are under way when the server is told to stop
IDLE_SECONDS = 5  # that a connection stays open for a next request
# Ours, a line a request, and the server's own where something is wrong.
_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "vng_assistent": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}


def serve(app: ASGIApp, host: str, port: int, *, keyed: bool = False, ready: Callable[[], None] = lambda: None) -> None:
    """Answer requests until a signal to stop; those that are under way are finished first.

    `keyed` says that the application knows by keys who asks; `ready` is called as soon as requests can come in.
    To be called in the main thread. Raises BindRefused for a
    host that others can reach, if it does not; and OSError where the port cannot be had.
    """
    if not keyed:
        check_host(host)
    import uvicorn  # noqa: PLC0415 - a command pays only for what it needs

    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=patient_protocol(),
        ws="none",
        proxy_headers=False,  # the application itself knows whose word can be taken
        server_header=False,
        access_log=False,  # it has the question in it; ours has not
        log_config=_LOGGING,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=IDLE_SECONDS,
    )
    with _listener(host, port) as listener, _signals_return():
        ready()
        uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def _signals_return() -> Iterator[None]:
    """Lets the caller of `serve` close what it opened: the server repeats the signal that stopped it, when it is done.

    Only in the main thread, as signals are.
    """
    before = {one: signal.signal(one, lambda *_: None) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def check_host(host: str) -> None:
    """Raises BindRefused unless only this computer can reach the host."""
    if not is_loopback(host):
        raise BindRefused(host)


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach the host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listener(host: str, port: int) -> socket.socket:
    """A socket that listens; opened here, so that a port that is taken is an error of ours to tell."""
    address = "127.0.0.1" if host == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen()  # who comes before the server runs waits a moment
    except BaseException:
        listener.close()
        raise
    return listener
