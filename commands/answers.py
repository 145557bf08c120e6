"""The commands `vng-assistent forget` and `vng-assistent record`: what is kept of questions and answers."""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from composition import settings_of, store_of

OK, FAILED, WRONG_USE, NOTHING_FOUND = 0, 1, 2, 3
MOST_DAYS = 36_500
_HERE = ZoneInfo("Europe/Amsterdam")
_PRIVATE = 0o600  # what people asked is nobody else's business on this machine
_PLAIN: Any = {"markup": False, "highlight": False}

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

DataOption = Annotated[Path | None, typer.Option("--data", help="Map van de bibliotheek.", show_default=False)]


def forget(
    *,
    answer: Annotated[str | None, typer.Option("--answer", help="Het antwoord met dit nummer.")] = None,
    conversation: Annotated[str | None, typer.Option("--conversation", help="Alles uit dit gesprek.")] = None,
    before: Annotated[str | None, typer.Option("--before", help="Alles van vóór deze dag, zoals 2026-01-31.")] = None,
    older_than: Annotated[
        int | None, typer.Option("--older-than", min=0, max=MOST_DAYS, help="Alles van meer dan zoveel dagen geleden.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Wis zonder te vragen.")] = False,
    data: DataOption = None,
) -> int:
    """Wis vragen en antwoorden met de meningen erover, zonder sporen achter te laten."""
    if sum(one is not None for one in (answer, conversation, before, older_than)) != 1:
        err.print("Zeg wat je wilt wissen: --answer, --conversation, --before of --older-than; één ervan.", **_PLAIN)
        return WRONG_USE
    try:
        moment = _moment(before, older_than, datetime.now(UTC))
    except ValueError:
        err.print("Schrijf de dag als 2026-01-31.", **_PLAIN)
        return WRONG_USE
    with store_of(settings_of(data)) as store:
        count = store.count(before=moment, answer_id=answer, conversation_id=conversation)
        if not count:
            err.print("Er is niets om te wissen.", **_PLAIN)
            return NOTHING_FOUND
        if not (yes or _agreed(count)):
            return WRONG_USE if not sys.stdin.isatty() else FAILED
        forgotten = store.forget(before=moment, answer_id=answer, conversation_id=conversation)
    out.print(f"{_answers(forgotten)} gewist.", **_PLAIN)
    return OK


def record(
    answer_id: Annotated[str, typer.Argument(metavar="NUMMER", help="Nummer van het antwoord.")],
    save_as: Annotated[Path | None, typer.Option("--save-as", help="Bewaar het als dit bestand.")] = None,
    data: DataOption = None,
) -> int:
    """Geef alles wat van een antwoord is bewaard, bijvoorbeeld voor een Woo-verzoek (JSON)."""
    with store_of(settings_of(data)) as store:
        kept = store.record(answer_id)
    if kept is None:
        err.print(
            "Er is geen antwoord met dit nummer. Het staat onder het antwoord, bij 'Over dit antwoord'.", **_PLAIN
        )
        return NOTHING_FOUND
    if save_as is None:
        print(kept)  # noqa: T201
        return OK
    save_as.touch(mode=_PRIVATE)
    save_as.write_text(kept + "\n", encoding="utf-8")
    err.print(f"Bewaard in {save_as}. Er kunnen persoonsgegevens in staan.", **_PLAIN)
    return OK


def _moment(before: str | None, older_than: int | None, now: datetime) -> datetime | None:
    """The moment before which answers are meant; a day begins at midnight in the Netherlands. Raises ValueError."""
    if older_than is not None:
        return now - timedelta(days=older_than)
    if before is None:
        return None
    day = date.fromisoformat(before)
    return datetime(day.year, day.month, day.day, tzinfo=_HERE)


def _agreed(count: int) -> bool:
    """Whether the person at the terminal wants so many answers to be erased; nobody there is a no."""
    if not sys.stdin.isatty():
        err.print(f"Dit wist {_answers(count)}. Voeg --yes toe als je dat wilt.", **_PLAIN)
        return False
    err.print(f"Dit wist {_answers(count)} voorgoed. Doorgaan? (ja/nee) ", end="", **_PLAIN)
    agreed = sys.stdin.readline().strip().casefold() in ("ja", "j")
    if not agreed:
        err.print("Er is niets gewist.", **_PLAIN)
    return agreed


def _answers(count: int) -> str:
    return "1 antwoord" if count == 1 else f"{count} antwoorden"
