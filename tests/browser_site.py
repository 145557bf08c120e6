"""Four servers with everything that the pages can show: documents with their originals, answers of every sort, uploads.

The documents are those of `voorbeelden`, one of which is a PDF.
"""

import io
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import httpx
from fastapi import FastAPI
from starlette.requests import Request

from api.access import Keyed
from api.app import create_app
from api.deps import Parts
from api.keys import KeyFile
from api.look import Look
from api.page_images import PageImages
from api.uploads import Uploads
from ingest.encode import Encoder
from ingest.publish import Limits, publish
from tests.api_server import open_parts, publish_corpus, serving
from tests.web_pages import Page, ask_page, get_page, send_form

SOURCES = Path(__file__).parent.parent / "voorbeelden" / "documenten"
LOOK = Look(
    organisation="Gemeente Veldrijk", contact="griffie@veldrijk.example", login=False, retention_days=90, masked=True
)
QUESTIONS = {
    "fact": "Waarvoor is het Naoberfonds bedoeld?",
    "list": "Welke participatievormen komen in de akkoorden voorbij?",
    "comparison": "Jeugdzorg en geld: hoe staat het in de VNG-strategie uit 2019 en hoe in de blog uit 2022?",
    "partial": "Wanneer stemden de leden in met Gemeenten 2024, en wie stuurde er exemplaren naar Westland?",
    "not-found": "Hoeveel woningen moeten er tot 2040 bijkomen volgens de blog?",
    "reply": "Hallo",
    "english": "What is the Naoberfonds for?",
    "english-list": "Which institutions did the research for the fourth VNG think tank?",
}
FOLLOW_UP = "En wie vult het?"
_CHANGING = "Aan hoeveel formele verbanden neemt Berkelland deel?"
_CHANGED = ("samenvatting-interview-martin-broers.md", "23 formele samenwerkingsverbanden", "24 verbanden met regels")
_LIMITS = Limits(file_bytes=2**20, seconds=60, workers=1)


@dataclass(frozen=True, slots=True)
class Site:
    """The addresses of the servers, and on the first one the paths of its answers and documents.

    `whole` has documents and answers; `keyed` has the same, for whoever logs in with `key`; `bare` has no documents
    yet; `uploaded` has an upload with files that went well and files that did not.
    """

    whole: str
    keyed: str
    bare: str
    uploaded: str
    key: str
    answers: dict[str, str]
    documents: dict[str, str]

    def server(self, name: str) -> str:
        """The address of the server with this name."""
        found: str = getattr(self, name)
        return found


@contextmanager
def running_site(folder: Path, encoder: Encoder) -> Iterator[Site]:
    """The servers, which keep what they have in this folder."""
    with ExitStack() as stack:
        pages = PageImages()
        stack.callback(pages.close)
        data, sources = folder / "data", folder / "bronnen"
        shutil.copytree(SOURCES, sources)
        publish([sources], data, encoder)
        parts = replace(stack.enter_context(open_parts(data, encoder)), look=LOOK, pages=pages)
        whole = stack.enter_context(_serving(replace(parts, uploads=Uploads(data, encoder, _LIMITS))))
        keys = KeyFile(folder / "keys.json")
        key, _ = keys.add("Griffie Veldrijk", scopes=frozenset({"ask", "ingest"}))
        login = replace(LOOK, login=True)
        keyed = stack.enter_context(_serving(replace(parts, access=Keyed(keys), look=login)))
        with httpx.Client(base_url=whole, timeout=60) as client:
            answers = {"changed": _path(ask_page(client, _CHANGING))}
            _change(sources)
            publish([sources], data, encoder)
            answers |= {name: _path(ask_page(client, question)) for name, question in QUESTIONS.items()}
            answers["follow-up"] = _path(_ask_on(client, answers["fact"], FOLLOW_UP))
        with parts.library.lease() as library:
            documents = {
                Path(one.source).suffix[1:]: f"/documenten/{doc_id}" for doc_id, one in library.documents.items()
            }
        bare = stack.enter_context(_taking_in(folder / "leeg", encoder))
        publish_corpus(folder / "klein", encoder, closed=False)
        uploaded = stack.enter_context(_taking_in(folder / "klein" / "data", encoder))
        with httpx.Client(base_url=uploaded, timeout=60) as client:
            _upload(client)
        yield Site(whole, keyed, bare, uploaded, key, answers, documents)


@contextmanager
def _serving(parts: Parts) -> Iterator[str]:
    app = create_app(parts)
    _add_failure(app)
    with serving(app) as address:
        yield address


@contextmanager
def _taking_in(data: Path, encoder: Encoder) -> Iterator[str]:
    with (
        open_parts(data, encoder) as parts,
        Uploads(data, encoder, _LIMITS, reserve=0).working() as uploads,
        _serving(replace(parts, look=LOOK, uploads=uploads)) as address,
    ):
        yield address


def _add_failure(app: FastAPI) -> None:
    """A page behind which something goes wrong that nobody foresaw."""

    def fail(_request: Request) -> NoReturn:
        raise RuntimeError("for the page that says so")

    app.router.add_route("/stuk", fail)


def _change(sources: Path) -> None:
    name, before, after = _CHANGED
    path = sources / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def _path(page: Page) -> str:
    return str(page.response.url.path)


def _ask_on(client: httpx.Client, path: str, question: str) -> Page:
    page = get_page(client, path)
    fields = page.fields(".va-follow-up form")
    fields.pop("csrf")
    return get_page(client, send_form(client, page, "/vraag", **(fields | {"vraag": question})).headers["location"])


def _upload(client: httpx.Client) -> None:
    """Uploads a file that goes well and two that do not, and waits until that is over."""
    fine = b"# Nota parkeren\n\n## Besluit\n\nVeldrijk legt tweehonderd parkeerplaatsen aan bij het station.\n"
    names = (("nota-parkeren.md", fine), ("begroting.pdf", b"%PDF-1.7 geen echte"), ("foto.jpg", b"\xff\xd8\xff\xe0"))
    response = client.post("/v1/documents", files=[("files", (name, io.BytesIO(content))) for name, content in names])
    assert response.status_code == httpx.codes.ACCEPTED, response.text
    for _ in range(1200):
        if client.get(response.headers["location"]).json()["status"] in ("done", "failed"):
            return
        time.sleep(0.05)
    raise AssertionError("the upload was never over")
