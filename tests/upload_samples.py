"""What tests of uploads need: files to send, a server that takes them in, and waiting until it did."""

import io
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from starlette.requests import HTTPConnection

from api.access import Caller
from api.errors import Unauthenticated
from api.uploads import Uploads
from ingest.encode import Encoder
from ingest.publish import Limits
from tests.api_server import client_of, open_parts

LIMITS = Limits(file_bytes=2**20, seconds=60, workers=1)
CALLERS = {
    "griffie": Caller("Griffie", frozenset({"griffie"}), frozenset({"ask", "ingest"}), "griffie"),
    "directie": Caller("Directie", frozenset({"directie"}), frozenset({"ask", "ingest"}), "directie"),
    "beheer": Caller("Beheer", frozenset(), frozenset({"admin"}), "beheer"),
    "lezer": Caller("Lezer", frozenset(), frozenset({"ask"}), "lezer"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """Access for tests: a header says who it is."""

    def caller(self, request: HTTPConnection) -> Caller:
        name = request.headers.get("x-naam", "")
        if name not in CALLERS:
            raise Unauthenticated
        return CALLERS[name]


@contextmanager
def upload_server(
    data: Path, encoder: Encoder, *, limits: Limits = LIMITS, working: bool = True, **options
) -> Iterator[httpx.Client]:
    """A client of a server that takes documents in, in the name of the griffie unless a header says otherwise."""
    with open_parts(data, encoder) as opened:
        uploads = Uploads(data, encoder, limits, reserve=0, remove_seconds=options.pop("remove_seconds", 20))
        parts = replace(opened, access=Named(), uploads=uploads)
        if not working:
            with client_of(parts, **options) as client:
                client.headers["x-naam"] = "griffie"
                yield client
            return
        with uploads.working(), client_of(parts, **options) as client:
            client.headers["x-naam"] = "griffie"
            yield client


def by(name: str) -> dict[str, str]:
    """The header of this caller."""
    return {"x-naam": name}


def text_of(subject: str, words: str = "Het plan is klaar.") -> bytes:
    """A small document in Markdown."""
    return f"# {subject}\n\n## Besluit\n\n{words} De raad van Veldrijk bespreekt {subject.lower()} in mei.\n".encode()


def send(client: httpx.Client, *files: tuple[str, bytes], who: str = "griffie", **fields) -> httpx.Response:
    """The response to an upload of these files."""
    sent = [("files", (name, io.BytesIO(content))) for name, content in files]
    return client.post("/v1/documents", files=sent, data=fields, headers=by(who))


def outcome_of(client: httpx.Client, response: httpx.Response, who: str = "griffie") -> dict[str, Any]:
    """The upload, once it is over."""
    assert response.status_code == 202, response.text
    for _ in range(1200):
        found: dict[str, Any] = client.get(response.headers["location"], headers=by(who)).json()
        if found["status"] in ("done", "failed"):
            return found
        time.sleep(0.05)
    raise AssertionError(f"never over: {found}")


def sent(client: httpx.Client, *files: tuple[str, bytes], who: str = "griffie", **fields) -> dict[str, Any]:
    """What became of an upload of these files."""
    return outcome_of(client, send(client, *files, who=who, **fields), who)


def outcomes(upload: dict[str, Any]) -> dict[str, str]:
    """Name -> what became of it."""
    return {file["name"]: file["outcome"] for file in upload["files"]}


def titles(client: httpx.Client, who: str = "griffie") -> set[str]:
    """The titles of the documents that this caller sees."""
    response = client.get("/v1/documents", headers=by(who))
    return {one["title"] for one in response.json().get("documents", ())}


def empty_zip() -> bytes:
    """A zip without anything in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w"):
        pass
    return stream.getvalue()
