"""A real server on a free port, in a thread, for tests of the HTTP interface."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from starlette.types import ASGIApp

from api.app import create_app
from api.connections import patient_protocol
from api.deps import Parts
from api.storage.store import open_store
from assistant.assistant import Assistant
from ingest.encode import Encoder
from ingest.library import LiveLibrary
from ingest.publish import publish
from tests.corpus import write_corpus

HIDDEN_SOURCE = "geheim.md"
HIDDEN_WORD = "Zilverreiger"
HIDDEN_QUESTION = "Wat kost het project Zilverreiger?"
_HIDDEN = """# Project Zilverreiger

## Kosten

Het project Zilverreiger kost 8,6 miljoen euro. De directie besluit daarover in besloten vergadering.
"""
_CLOSED = '\n["geheim.md"]\naccess = ["directie"]\n'


def publish_corpus(folder: Path, encoder: Encoder, *, closed: bool = True) -> Path:
    """The data directory of a library of the tiny corpus with one more document, which only the directie may see."""
    sources = write_corpus(folder / "bronnen")
    (sources / HIDDEN_SOURCE).write_text(_HIDDEN, encoding="utf-8")
    if closed:
        with (sources / "bronnen.toml").open("a", encoding="utf-8") as metadata:
            metadata.write(_CLOSED)
    publish([sources], folder / "data", encoder)
    return folder / "data"


@contextmanager
def open_parts(data: Path, encoder: Encoder) -> Iterator[Parts]:
    """The parts that work on this data directory, with a store in it."""
    data.mkdir(exist_ok=True)
    library = LiveLibrary(data, encoder)
    with open_store(f"sqlite:///{data / 'antwoorden.sqlite'}") as store:
        yield Parts(Assistant(library, encoder), library, store)
    library.close()


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """The address of a server of this application."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        http=patient_protocol(),
        access_log=False,
        log_level="warning",
        ws="none",
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def client_of(parts: Parts, **options) -> Iterator[httpx.Client]:
    """A client of a server with these parts."""
    with serving(create_app(parts, **options)) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client
