"""A route whose body is JSON, and says so."""

from collections.abc import Callable, Coroutine
from email.message import Message
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from api.errors import UnsupportedBody

_JSON = "application/json"


class JsonRoute(APIRoute):
    """Refuses another media type, and another encoding than UTF-8, before the body is looked at.

    That also keeps web pages elsewhere out: a form of theirs cannot send JSON.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route, with the check before it."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if self.body_field:
                _check(request.headers.get("content-type", ""))
            return await handle(request)

        return checked


def _check(content_type: str) -> None:
    if content_type == _JSON:  # as nearly everybody writes it
        return
    header = Message()
    header["content-type"] = content_type
    charset = header.get_content_charset() or "utf-8"
    if not content_type or header.get_content_type() != _JSON or charset not in ("utf-8", "us-ascii"):
        raise UnsupportedBody(content_type)
