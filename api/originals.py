"""The file that a document was read from, as a download."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from ingest.types import Document

_CHUNK = 2**16


def original_response(document: Document, original: Path | None) -> Response | None:
    """The copy of the document's file as a download with the name of its source; None where there is none.

    Never to be shown in the browser: a file of others must not run as a page of ours.
    """
    try:
        file = original.open("rb") if original else None
    except OSError:
        return None
    if file is None:
        return None
    headers = {
        "Content-Type": document.media_type,
        "Content-Length": str(os.fstat(file.fileno()).st_size),
        "Content-Disposition": _disposition(document),
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(_chunks(file), headers=headers)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _disposition(document: Document) -> str:
    """What to call the file: in the characters of old, and in all characters (RFC 6266 and 8187)."""
    name = "".join(one for one in document.source.rpartition("/")[2] if one.isprintable()) or document.doc_id
    plain = "".join(one if one.isascii() and one not in '"\\%' else "_" for one in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
