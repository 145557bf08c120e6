"""Logging in with a key, and out."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.access import Keyed
from api.deps import Parts, PartsDep, address_of
from api.errors import TooManyRequests, Unauthenticated
from api.session import FormDep, Session, SessionDep, log_in, log_out, own_path
from api.web.templates import page

HOME = "/"
_ERRORS = {
    "missing": "Vul je sleutel in.",
    "mistyped": "Deze sleutel klopt niet. Kopieer hem helemaal, van vng_ tot en met het laatste teken.",
    "unknown": "Deze sleutel bestaat niet. Vraag de beheerder om een nieuwe.",
    "expired": "Deze sleutel is verlopen. Vraag de beheerder om een nieuwe.",
    "revoked": "Deze sleutel is ingetrokken. Vraag de beheerder om een nieuwe.",
}
router = APIRouter(include_in_schema=False)


@router.get("/inloggen")
async def login_form(
    request: Request, parts: PartsDep, session: SessionDep, back: Annotated[str, Query(alias="terug")] = HOME
) -> Response:
    """The page on which to log in; where nobody has to, the page that was asked for."""
    if not isinstance(parts.access, Keyed):
        return _go(own_path(back, HOME))
    return _page(request, parts, session, back=own_path(back, HOME))


@router.post("/inloggen")
async def login(request: Request, parts: PartsDep, session: SessionDep, form: FormDep) -> Response:
    """To the page that was asked for, with a session of the key; or the form once more, with what is wrong."""
    back = own_path(form.get("terug"), HOME)
    access = parts.access
    if not isinstance(access, Keyed):
        return _go(back)
    given = str(form.get("sleutel", "")).strip()
    try:
        if not given:
            raise Unauthenticated("missing")
        key = access.keys.of_text(given)
    except Unauthenticated as error:
        return _refused(request, parts, session, error.why, back)
    log_in(request, key.prefix)
    return _go(back)


@router.post("/uitloggen")
async def logout(request: Request, _form: FormDep) -> Response:
    """To the beginning, as nobody."""
    log_out(request)
    return _go("/inloggen")


def _refused(request: Request, parts: Parts, session: Session, why: str, back: str) -> Response:
    """The form once more. Who tries too often is told to wait, whatever the key; a key that works is not held up."""
    try:
        parts.limits.fails(address_of(request), wrong=why != "missing")
    except TooManyRequests as error:
        minutes = "een minuut" if error.seconds <= 60 else f"{-(-error.seconds // 60)} minuten"
        text = f"Je hebt te vaak een verkeerde sleutel ingevuld. Wacht {minutes} en probeer het opnieuw."
        response = _page(request, parts, session, back=back, error=text, status=HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    return _page(request, parts, session, back=back, error=_ERRORS[why], status=HTTPStatus.FORBIDDEN)


def _page(
    request: Request,
    parts: Parts,
    session: Session,
    *,
    back: str,
    error: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    return page(
        request,
        "login.html.j2",
        look=parts.look,
        session=session,
        caller=None,
        status=status,
        back=back,
        error=error,
    )


def _go(path: str) -> RedirectResponse:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)
