"""Applications of others under a path of this server, which know by themselves who sends what there."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class _Place:
    """What is counted and logged as the route of such a request."""

    path: str


class Aside:
    """Hands a request for exactly one of these paths to the application there, past what stands around our own."""

    def __init__(self, app: ASGIApp, *, mounts: Mapping[str, ASGIApp]) -> None:
        self._app = app
        self._mounts = mounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request, answered by whoever it is for."""
        mounted = self._mounts.get(scope["path"]) if scope["type"] == "http" else None
        if mounted is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = _Place(scope["path"])
        await mounted(scope, receive, send)
