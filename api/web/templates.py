"""The pages: templates filled in, with everything in them escaped."""

from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.access import Caller
from api.look import Look
from api.session import Session
from api.web.static_files import static_has, static_url
from assistant.dates import written_date

_HERE = "Europe/Amsterdam"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("api.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Of a program that is updated while it runs, the new pages do not go with the old code.
        auto_reload=False,
    )
    environment.globals.update(static_url=static_url, static_has=static_has)
    environment.filters.update(written_date=_written, moment=moment, plural=plural, number=number)
    return environment


def page(
    request: Request,
    template: str,
    *,
    look: Look,
    session: Session,
    caller: Caller | None,
    status: int = 200,
    **filled: Any,
) -> HTMLResponse:
    """The template as a response. Beside `filled` it knows `request`, `look`, `session` and `caller`."""
    text = (
        _environment()
        .get_template(template)
        .render(request=request, look=look, session=session, caller=caller, **filled)
    )
    return HTMLResponse(text, status)


def fragment(template: str, **filled: Any) -> str:
    """The template as a piece of a page."""
    return _environment().get_template(template).render(**filled)


def moment(asked: datetime) -> str:
    """A moment as people here write it: "3 mei 2026 om 14.05 uur"."""
    try:
        here = asked.astimezone(ZoneInfo(_HERE))
    except ZoneInfoNotFoundError:  # a computer without a list of time zones
        here = asked.astimezone()
    return f"{written_date(here.date().isoformat())} om {here:%H.%M} uur"


def plural(count: int, one: str, more: str) -> str:
    """A count with its noun: "1 document", "2.150 documenten"."""
    return f"{number(count)} {one if count == 1 else more}"


def number(count: int) -> str:
    """A whole number as people here write it: "2.150"."""
    return f"{count:,}".replace(",", ".")


def _written(issued: str) -> str:
    """An ISO 8601 date as it is written; whatever is none stays as it is."""
    try:
        return written_date(issued)
    except (ValueError, IndexError):
        return issued
