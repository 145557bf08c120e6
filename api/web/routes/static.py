"""The files that pages load, at addresses that change with what is in them."""

import re

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.deps import PartsDep
from api.look import THEME_URL
from api.web.static_files import PREFIX, StaticFile, ours, static_file

router = APIRouter(include_in_schema=False)
_FOREVER = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"
_VERSION = re.compile(r"[0-9a-f]{12}/")
_THEME = THEME_URL.removeprefix(f"{PREFIX}/")


@router.api_route(PREFIX + "/{path:path}", methods=["GET", "HEAD"])
async def static(request: Request, path: str, parts: PartsDep) -> Response:
    """The file; one whose address holds its version may be kept for a year."""
    files = ours()
    if path == _THEME and parts.look.theme:
        known = request.query_params.get("v") == parts.look.theme_version
        return _sent(request, static_file(parts.look.theme.encode(), ".css"), forever=known)
    version, _, name = path.partition("/")
    if version == files.version and name in files.files:
        return _sent(request, files.files[name], forever=True)
    # A page from before an update asks for what there was; what there is now is the nearest.
    file = files.files.get(_VERSION.sub("", path, count=1))
    if file is None:
        raise HTTPException(404)
    return _sent(request, file, forever=False)


def _sent(request: Request, file: StaticFile, *, forever: bool) -> Response:
    packed = file.packed is not None and _takes_gzip(request.headers.get("accept-encoding", ""))
    etag = f'{file.etag[:-1]}-gz"' if packed else file.etag
    headers = {
        "Cache-Control": _FOREVER if forever else _ASK_FIRST,
        "ETag": etag,
        "Vary": "Accept-Encoding",
    }
    if _is_known(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = file.media_type
    if packed:
        headers["Content-Encoding"] = "gzip"
    body = file.packed if packed and file.packed is not None else file.content
    if request.method == "HEAD":
        return Response(headers={**headers, "Content-Length": str(len(body))})
    return Response(body, headers=headers)


def _takes_gzip(header: str) -> bool:
    """Whether a client that sends this header reads gzip: "gzip;q=0" says that it does not."""
    for one in header.lower().split(","):
        name, _, parameters = one.strip().partition(";")
        if name.strip() == "gzip":
            return re.fullmatch(r"\s*q\s*=\s*0(?:\.0*)?\s*", parameters) is None
    return False


def _is_known(header: str, etag: str) -> bool:
    return header.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in header.split(","))
