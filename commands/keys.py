"""The commands `vng-assistent keys …`: who may use the server, and for what."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from composition import explained, keys_of, settings_of
from integrations.terminal_help import Command, Group

if TYPE_CHECKING:
    from api.access import Scope
    from api.keys import Key

LONGEST_NAME = 80
WRONG_USE = 2
_PLAIN: Any = {"markup": False, "highlight": False}

app = typer.Typer(
    cls=Group, help="Maak sleutels voor collega's en programma's, bekijk ze en trek ze in.", no_args_is_help=True
)
out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

DataOption = Annotated[Path | None, typer.Option("--data", help="Map van de bibliotheek.", show_default=False)]


class Refused(Exception):
    """Something that was typed and cannot be; the message says why, in Dutch."""


@app.command(cls=Command)
def add(
    name: Annotated[str, typer.Argument(metavar="NAAM", help="Van wie de sleutel is, zoals griffie of website.")],
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", help="Wat ermee mag: ask, ingest of admin. Mag vaker; zonder is het ask."),
    ] = None,
    group: Annotated[
        list[str] | None, typer.Option("--group", help="Groep waarvan ook besloten documenten te zien zijn.")
    ] = None,
    expires: Annotated[str | None, typer.Option("--expires", help="Dag vanaf wanneer hij niet meer werkt.")] = None,
    rate: Annotated[str, typer.Option("--rate", help="Eigen grens voor vragen, zoals 30/minute.")] = "",
    data: DataOption = None,
) -> int:
    """Maak een sleutel. Hij wordt één keer getoond."""
    from api.errors import BadRate  # noqa: PLC0415 - a command pays only for what it needs
    from api.limits import checked_rate  # noqa: PLC0415

    try:
        called = _name(name)
        scopes = _scopes(scope or ["ask"])
        groups = frozenset(_group(one) for one in group or ())
        last = _day(expires) if expires else None
        own = checked_rate(rate) if rate else ""
    except Refused as error:
        err.print(str(error), **_PLAIN)
        return WRONG_USE
    except BadRate as error:
        err.print(explained(error), **_PLAIN)
        return WRONG_USE
    text, key = keys_of(settings_of(data)).add(called, scopes=scopes, groups=groups, expires=last, rate=own)
    err.print(f"Sleutel voor {key.name}. Bewaar hem goed: hij wordt niet nog een keer getoond.", **_PLAIN)
    out.print(text, **_PLAIN)
    return 0


@app.command("list", cls=Command)
def list_keys(
    data: DataOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Geef het resultaat als JSON.")] = False,
) -> int:
    """Laat zien welke sleutels er zijn. De sleutels zelf zijn niet meer te zien."""
    keys = sorted(keys_of(settings_of(data)).kept(), key=lambda key: key.created)
    now = datetime.now(UTC)
    if as_json:
        print(json.dumps({"keys": [_shown(key, now) for key in keys]}, ensure_ascii=False, indent=2))  # noqa: T201
    elif keys:
        out.print(_table(keys, now))
    else:
        err.print("Er zijn nog geen sleutels. Maak er een met: vng-assistent keys add NAAM", **_PLAIN)
    return 0


@app.command(cls=Command)
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAAM_OF_BEGIN", help="De naam, of de acht tekens na vng_.")],
    data: DataOption = None,
) -> int:
    """Trek een sleutel in. Hij werkt dan meteen niet meer, ook niet op een server die al draait."""
    key = keys_of(settings_of(data)).revoke(name)
    err.print(f"De sleutel van {key.name} ({key.prefix}) is ingetrokken en werkt niet meer.", **_PLAIN)
    return 0


def _name(given: str) -> str:
    name = given.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(f"Geef een naam van 1 tot en met {LONGEST_NAME} tekens.")
    return name


def _scopes(given: list[str]) -> "frozenset[Scope]":
    from api.access import SCOPES  # noqa: PLC0415

    if unknown := sorted(set(given).difference(SCOPES)):
        raise Refused(
            f"Het recht '{_seen(unknown[0])}' bestaat niet. Kies ask (vragen en lezen), ingest (documenten inlezen) of "
            "admin (alles)."
        )
    return frozenset(one for one in SCOPES if one in given)


def _group(given: str) -> str:
    group = given.strip()
    if not group or not group.isprintable() or "," in group:
        raise Refused(
            f"'{_seen(given)}' is geen groep. Geef één naam, zoals directie; gebruik --group vaker voor meer."
        )
    return group


def _day(given: str) -> date:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise Refused(f"'{_seen(given)}' is geen datum. Schrijf hem als 2027-01-31.") from None
    if day <= datetime.now(UTC).date():
        raise Refused(f"{day.isoformat()} is al geweest. Kies een dag in de toekomst.")
    return day


def _seen(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _shown(key: "Key", now: datetime) -> dict[str, object]:
    """A key as JSON shows it: without its hash."""
    return {
        "prefix": key.prefix,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "groups": sorted(key.groups),
        "created": key.created.isoformat().replace("+00:00", "Z"),
        "expires": key.expires.isoformat() if key.expires else None,
        "rate": key.rate or None,
        "status": key.problem(now) or "valid",
    }


def _table(keys: "list[Key]", now: datetime) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("Begin", "Naam", "Rechten", "Groepen", "Gemaakt", "Tot", "Grens", "Stand"):
        table.add_column(title, overflow="fold")
    status = {"revoked": "ingetrokken", "expired": "verlopen", None: "werkt"}
    for key in keys:
        table.add_row(
            key.prefix,
            Text(key.name),
            ", ".join(sorted(key.scopes)),
            Text(", ".join(sorted(key.groups)) or "–"),
            key.created.date().isoformat(),
            key.expires.isoformat() if key.expires else "–",
            key.rate or "–",
            status[key.problem(now)],
        )
    return table
