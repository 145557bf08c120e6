"""Files, images of pages and boxes over HTTP, and who may see them."""

import dataclasses
import io
import threading

import pytest
from PIL import Image

from api.errors import Busy
from api.page_images import AT_ONCE, WAITING, WIDTHS, PageImages
from ingest.encode import load_encoder
from ingest.library import library_root
from ingest.originals import FOLDER
from ingest.publish import publish
from ingest.read.pdf.page_image import PageWorker
from ingest.types import Box
from tests import pdf_samples
from tests.api_server import client_of, open_parts

QUOTE = "De raad bespreekt het voorstel in de vergadering van november."
NAMES = {"rapport": "Rapport wonen – «één».pdf", "page": "pagina.html", "closed": "besloten.pdf", "broken": "brief.md"}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paginas")
    sources = folder / "bronnen"
    sources.mkdir()
    for name in ("rapport", "closed"):
        pdf_samples.write(
            sources / NAMES[name],
            lambda pen: pen.write(pdf_samples.prose(0, 10)),
            lambda pen: pen.write(pdf_samples.prose(3, 4)),
            title=name,
        )
    (sources / NAMES["page"]).write_text(
        "<html><body><h1>Pagina</h1><p>Een stuk tekst van de gemeente.</p><script>alert(1)</script></body></html>",
        encoding="utf-8",
    )
    (sources / NAMES["broken"]).write_text("# Brief\n\nEen brief van het college.\n", encoding="utf-8")
    (sources / "bronnen.toml").write_text('["besloten.pdf"]\naccess = ["directie"]\n', encoding="utf-8")
    publish([sources], folder / "data", load_encoder(None))
    return folder / "data"


@pytest.fixture(scope="module")
def pages():
    found = PageImages()
    yield found
    found.close()


@pytest.fixture(scope="module")
def parts(data, pages):
    with open_parts(data, load_encoder(None)) as parts:
        yield dataclasses.replace(parts, pages=pages)


@pytest.fixture(scope="module")
def client(parts):
    with client_of(parts) as client:
        yield client


@pytest.fixture(scope="module")
def ids(parts):
    with parts.library.lease() as library:
        found = {one.source: doc_id for doc_id, one in library.documents.items()}
    return {name: found[source] for name, source in NAMES.items()}


def test_the_original_is_a_download_with_the_name_of_the_file(client, ids, data):
    found = client.get(f"/v1/documents/{ids['rapport']}/original")
    assert found.status_code == 200
    assert found.content == (data.parent / "bronnen" / NAMES["rapport"]).read_bytes()
    assert found.headers["content-type"] == "application/pdf"
    assert int(found.headers["content-length"]) == len(found.content)
    assert found.headers["x-content-type-options"] == "nosniff"
    said = found.headers["content-disposition"]
    assert said.startswith('attachment; filename="Rapport wonen _ ___n_.pdf"')
    assert said.endswith("filename*=UTF-8''Rapport%20wonen%20%E2%80%93%20%C2%AB%C3%A9%C3%A9n%C2%BB.pdf")


def test_a_web_page_of_others_never_runs_as_ours(client, ids):
    found = client.get(f"/v1/documents/{ids['page']}/original")
    assert b"alert(1)" in found.content
    assert found.headers["content-disposition"].startswith("attachment")
    assert found.headers["content-type"] == "text/html"


@pytest.mark.parametrize("width", [None, *WIDTHS])
def test_a_page_is_an_image(client, ids, width):
    found = client.get(f"/v1/documents/{ids['rapport']}/pages/2", params={"width": width} if width else {})
    assert found.status_code == 200
    assert found.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(found.content)).width == (width or 1100)


def test_a_quote_is_boxed_on_its_own_page(client, ids):
    address = f"/v1/documents/{ids['rapport']}"
    text = client.get(f"{address}/text").json()
    first = text["text"].index(QUOTE)
    second = text["text"].index(QUOTE, first + 1)
    for page, start in ((1, first), (2, second)):
        found = client.get(f"{address}/pages/{page}/boxes", params={"quote": QUOTE, "start": start})
        assert found.status_code == 200
        boxes = found.json()["boxes"]
        assert 1 <= len(boxes) <= 2
        assert all(0 < box["left"] < 1 and 0 < box["height"] < 0.05 for box in boxes)
        assert client.get(f"{address}/pages/{page}/boxes", params={"quote": QUOTE}).json()["boxes"] == boxes
    wrong = client.get(f"{address}/pages/2/boxes", params={"quote": QUOTE, "start": first})
    assert wrong.json() == {"boxes": []}


@pytest.mark.parametrize("quote", ["Dit staat er niet.", QUOTE.upper(), "…"])
def test_what_is_not_in_the_text_has_no_boxes(client, ids, quote):
    found = client.get(f"/v1/documents/{ids['rapport']}/pages/1/boxes", params={"quote": quote})
    assert (found.status_code, found.json()) == (200, {"boxes": []})


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("{closed}/original", "unknown-document"),
        ("{closed}/pages/1", "unknown-document"),
        ("{closed}/pages/1/boxes?quote=raad", "unknown-document"),
        ("onbekend/original", "unknown-document"),
        ("{rapport}/pages/3", "unknown-page"),
        ("{rapport}/pages/3/boxes?quote=raad", "unknown-page"),
        ("{page}/pages/1", "unknown-page"),
        ("{page}/pages/1/boxes?quote=raad", "unknown-page"),
    ],
)
def test_what_is_not_there_for_you_is_not_there(client, ids, path, word):
    found = client.get(f"/v1/documents/{path.format(**ids)}")
    assert found.status_code == 404
    assert found.json()["type"] == f"urn:vng-assistent:problem:{word}"


@pytest.mark.parametrize(
    "path",
    [
        "pages/0",
        "pages/-1",
        "pages/een",
        "pages/1?width=900",
        "pages/1?width=x",
        "pages/1?breedte=550",
        "pages/1/boxes",
        "pages/1/boxes?quote=",
        "pages/1/boxes?quote=a&start=-1",
        f"pages/1/boxes?quote={'a' * 6001}",
        f"pages/{10**30}",
    ],
)
def test_what_cannot_be_is_told(client, ids, path):
    found = client.get(f"/v1/documents/{ids['rapport']}/{path}")
    assert found.status_code == 400
    assert found.json()["errors"][0]["message"]


def test_a_file_that_is_not_kept_is_told(client, ids, data):
    [gone] = [path for path in (library_root(data) / FOLDER).iterdir() if b"Een brief van" in path.read_bytes()]
    gone.unlink()
    found = client.get(f"/v1/documents/{ids['broken']}/original")
    assert found.status_code == 404
    assert found.json()["type"] == "urn:vng-assistent:problem:unknown-original"


def test_without_images_there_are_none(data, ids):
    with open_parts(data, load_encoder(None)) as parts, client_of(parts) as client:
        assert client.get(f"/v1/documents/{ids['rapport']}/pages/1").status_code == 404
        found = client.get(f"/v1/documents/{ids['rapport']}/pages/1/boxes", params={"quote": QUOTE})
        assert found.json() == {"boxes": []}


class Counting(PageWorker):
    """A worker that draws nothing, and counts how often it is asked to; it waits for `go` where there is one."""

    def __init__(self, image=b"x" * 1000, go=None):
        super().__init__()
        self.image, self.go, self.asked = image, go, []

    def render(self, path, page, width):
        self.asked.append((page, width))
        if self.go:
            self.go.wait()
        return self.image

    def boxes(self, path, page, quote, before="", after=""):
        self.asked.append(quote)
        return (Box(0, 0, 1, 1),)


def test_what_was_drawn_is_kept_until_there_is_no_room(parts, ids):
    worker = Counting()
    images = PageImages(cache_bytes=5000, worker=worker)
    with parts.library.lease() as library:
        for page, width in ((1, 550), (1, 600), (2, 550), (1, 550), (1, 5000), (2, 550)):
            assert images.image(library, ids["rapport"], page, width) == worker.image
        assert worker.asked == [(1, 550), (2, 550), (1, 1650), (2, 550)], "room for two"
        assert images.boxes(library, ids["rapport"], 1, QUOTE) == (Box(0, 0, 1, 1),)
        assert images.image(library, ids["page"], 1) is None
        assert images.image(library, "onbekend", 1) is None
    images.close()


def test_whoever_cannot_wait_is_told_so(parts, ids):
    go = threading.Event()
    worker = Counting(go=go)
    images = PageImages(cache_bytes=0, worker=worker)
    with parts.library.lease() as library:
        found = []
        asking = [
            threading.Thread(target=lambda: found.append(images.image(library, ids["rapport"], 1)))
            for _ in range(AT_ONCE + WAITING)
        ]
        for one in asking:
            one.start()
        while images.free:
            threading.Event().wait(0.01)
        with pytest.raises(Busy):
            images.image(library, ids["rapport"], 2)
        go.set()
        for one in asking:
            one.join()
    assert found == [worker.image] * len(asking)
    images.close()
