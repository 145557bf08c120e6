"""The command `vng-assistent serve`: starts the server of the API and of the web pages."""

import os
import sys
import webbrowser
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import typer
from rich.console import Console

from composition import access_of, keys_of, parts_of, settings_of
from slack_parts import slack_mounts

ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - told apart, and not listened on unless asked
err = Console(stderr=True, soft_wrap=True)


def serve(
    host: Annotated[str, typer.Option("--host", help="Adres waarop de server luistert.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Poort waarop de server luistert.")] = 8000,
    login: Annotated[bool, typer.Option("--login", help="Laat iedereen inloggen met een sleutel, ook hier.")] = False,
    question: Annotated[
        str | None, typer.Option("--open", metavar="VRAAG", help="Open de webpagina in je browser, met deze vraag.")
    ] = None,
    data: Annotated[Path | None, typer.Option("--data", help="Map van de bibliotheek.", show_default=False)] = None,
) -> int:
    """Beantwoord vragen op een webpagina en over HTTP, op deze computer of met sleutels voor collega's."""
    from api.access import Keyed  # noqa: PLC0415 - a command pays only for what it needs
    from api.app import LOOPBACK, create_app  # noqa: PLC0415
    from api.gate import AT_ONCE, Gate  # noqa: PLC0415
    from api.server import is_loopback  # noqa: PLC0415
    from api.server import serve as serve_app  # noqa: PLC0415

    settings = settings_of(data)
    access = access_of(settings, host, login=login)
    keyed = isinstance(access, Keyed)
    hosts = LOOPBACK | {one.lower() for one in settings.hosts} | ({host.lower()} - set(ANYWHERE))
    shown = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def ready() -> None:
        say(f"De webpagina's staan op {shown}/ en de API op {shown}/v1 (stoppen: Ctrl+C).")
        if not keyed and keys_of(settings).has_valid():
            say("Op deze computer is geen sleutel nodig. Moet iedereen inloggen? Gebruik dan --login.")
        if host in ANYWHERE and not settings.hosts:
            say("Let op: de server antwoordt alleen op namen uit VNG_HOSTS. Zet daarin hoe collega's hem noemen.")
        if not is_loopback(host) and not settings.proxies:
            say(
                "Let op: zonder TLS gaan sleutels leesbaar over het netwerk. Zet er een reverse proxy voor; zie "
                "docs/handleiding/server.md."
            )
        if question is not None:
            open_page(f"{shown}/?{urlencode({'vraag': question})}")

    with (
        parts_of(settings, access) as parts,
        slack_mounts(settings, parts.assistant, parts.library, parts.store, say) as mounts,
    ):
        # One more than there are processes to answer: while its answer is being kept, the next one can be made.
        gate = Gate(at_once=settings.processes + 1 if settings.processes else AT_ONCE)
        app = create_app(parts, hosts=hosts, proxies=settings.proxies, gate=gate, mounts=mounts)
        serve_app(app, host, port, keyed=keyed, ready=ready)
    return 0


def open_page(address: str) -> None:
    """Shows the page in the browser of whoever sits at the terminal; only its address where nobody does."""
    screen = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not (screen and sys.stderr.isatty() and webbrowser.open(address)):
        say(f"Bekijk het voorbeeld in je browser: {address}")


def say(line: str) -> None:
    """Tells the person at the terminal."""
    err.print(line, markup=False, highlight=False)
