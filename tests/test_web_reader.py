"""The page of a document: its text, what is marked in it, searching in it, its pages as images, and who may see it."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from api.page_images import PageImages
from assistant.types import Query
from ingest.encode import load_encoder
from ingest.publish import publish
from tests.api_server import HIDDEN_QUESTION, HIDDEN_SOURCE, client_of, open_parts
from tests.api_server import publish_corpus as publish_open_and_closed
from tests.web_pages import get_page

PDF = Path(__file__).parent.parent / "voorbeelden" / "documenten" / "samenvatting-gemeenten-2024.pdf"
LIMIT = 150_000
HOSTILE = """# <script>alert(1)</script> & "titel"

Deze <b>zin</b> heeft &lt;img src=x onerror=alert(1)&gt; en 'aanhalingstekens' over duizendpoten.

- <li> een
- "twee" | 'drie'

| <th> | B |
|---|---|
| <td> | javascript:alert(1) |
"""


CHAPTERS = (
    "wonen zorg sport cultuur water bodem natuur energie vervoer havens scholen wijken parken bruggen riolering "
    "veiligheid vergunningen belastingen personeel inkoop archief voorlichting verkiezingen samenwerking"
).split()


def long_text():
    for chapter, name in enumerate(CHAPTERS):
        yield f"## Over {name}"
        yield f"Dit hoofdstuk gaat over {name}."
        for section in range(6):
            yield f"### Wat {name} {'kost vraagt geeft neemt doet laat'.split()[section]}"
            yield f"De raad van Veldrijk bespreekt punt {chapter}.{section}. " * 60
    yield "## Slot\n\nHelemaal aan het eind staat de vleermuiskast."


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lezer")
    encoder = load_encoder(None)
    publish_open_and_closed(folder, encoder)
    sources = folder / "bronnen"
    shutil.copy(PDF, sources / "gemeenten.pdf")
    (sources / "vreemd.md").write_text(HOSTILE, encoding="utf-8")
    (sources / "lang.md").write_text("# Lang stuk\n\n" + "\n\n".join(long_text()), encoding="utf-8")
    publish([sources], folder / "data", encoder)
    return folder / "data"


@pytest.fixture(scope="module")
def parts(data):
    pages = PageImages()
    with open_parts(data, load_encoder(None)) as parts:
        yield replace(parts, pages=pages)
    pages.close()


@pytest.fixture(scope="module")
def client(parts):
    with client_of(parts) as client:
        yield client


@pytest.fixture(scope="module")
def ids(parts):
    """Source -> id of the document."""
    with parts.library.lease() as library:
        return {one.source: doc_id for doc_id, one in library.documents.items()}


def asked(parts, question, **of_query):
    """An answer that is kept."""
    answer = parts.assistant.ask(Query(question, **of_query))
    assert answer.citations, question
    parts.store.save(answer, "a" * 32, now=datetime.now(UTC))
    return answer


def read_quote(page):
    """What is marked, without what is said of it to who cannot see it."""
    for node in page.all("mark .va-visually-hidden"):
        node.decompose()
    return " ".join(page.texts("mark.va-marked"))


def test_the_text_is_there_in_its_own_structure(client, ids):
    page = get_page(client, f"/documenten/{ids['woonvisie.md']}")
    assert page.heading == "Woonvisie Veldrijk 2030"
    assert page.texts("article h2") == ["Inleiding", "Opgave", "Locaties", "Duurzaamheid"]
    assert "het stationsgebied" in page.texts("article li")
    assert {"Gemeente Veldrijk", "visie", "maart 2024"} <= set(page.texts("dd"))
    assert page.links()["Stel een vraag over dit document"] == f"/?document={ids['woonvisie.md']}"
    for node in page.all("nav[aria-label='Inhoud van het document'] a"):
        assert page.all(f"main {node.attributes['href']}")


def test_a_quote_of_an_answer_is_marked_and_leads_back(client, parts):
    answer = asked(parts, "Hoeveel woningen bouwt Veldrijk tot 2030?")
    cited = answer.citations[0]
    page = get_page(client, f"/documenten/{cited.document.doc_id}?antwoord={answer.answer_id}&bron={cited.number}")
    target = page.one("#citaat")
    assert target.attributes["tabindex"] == "-1"
    assert target.text().startswith("Begin citaat: ")
    assert "(einde citaat)" in page.all("mark")[-1].text()
    assert read_quote(page) == " ".join(cited.quote.split())
    assert page.links()["Terug naar het antwoord"].startswith(f"/antwoorden/{answer.answer_id}")
    assert answer.query.text in page.text
    assert "gewijzigd" not in page.text


def test_a_passage_is_marked(client, parts, ids):
    with parts.library.lease() as library:
        passage = library.passages_of(ids["brieven/jeugdhulp.md"])[-1]
    page = get_page(client, f"/documenten/{passage.doc_id}?passage={passage.passage_id}")
    assert len(page.all("#citaat")) == 1
    assert "".join(read_quote(page).split()) == "".join(passage.text.split())


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("passage=weg", "staat niet meer in dit document"),
        ("antwoord=" + "f" * 32 + "&bron=1", "is er niet meer"),
        ("antwoord=x+y%00&bron=1", "is er niet meer"),
        ("antwoord={}&bron=99", "geen bron met dit nummer"),
    ],
)
def test_what_is_no_longer_there_is_told(client, parts, ids, query, said):
    answer = asked(parts, "Hoeveel woningen bouwt Veldrijk tot 2030?")
    page = get_page(client, f"/documenten/{ids['woonvisie.md']}?{query.format(answer.answer_id)}")
    assert said in page.text
    assert page.all("mark") == []


def test_an_answer_from_closed_documents_marks_nothing(client, parts, ids):
    answer = asked(parts, HIDDEN_QUESTION, groups=frozenset({"directie"}))
    page = get_page(client, f"/documenten/{ids['woonvisie.md']}?antwoord={answer.answer_id}&bron=1")
    unknown = get_page(client, f"/documenten/{ids['woonvisie.md']}?antwoord={'e' * 32}&bron=1")
    assert page.text == unknown.text
    assert "Zilverreiger" not in page.response.text


def test_a_closed_document_cannot_be_told_from_one_that_is_not_there(client, parts, ids):
    doc_id = ids[HIDDEN_SOURCE]
    with parts.library.lease() as library:
        passage = library.passages_of(doc_id)[0].passage_id
    for path in ("", f"?passage={passage}", "?zoek=project", "/origineel", "/pagina/1.webp"):
        closed, absent = (
            client.get(f"/documenten/{one}{path}", headers={"Accept": "text/html", "X-Request-Id": "een"})
            for one in (doc_id, "0" * 16)
        )
        assert closed.status_code == absent.status_code == 404
        assert closed.text.replace(doc_id, "") == absent.text.replace("0" * 16, "")


def test_text_of_a_document_is_only_ever_text(client, ids):
    page = get_page(client, f"/documenten/{ids['vreemd.md']}?zoek=<script>+duizendpoot&treffer=1")
    assert "<script>alert" not in page.response.text
    assert page.all("article img, article b, article script") == []
    assert "<img src=x onerror=alert(1)>" in page.one("article").text()


def test_a_long_document_is_read_in_parts_that_follow_each_other(client, ids):
    path = f"/documenten/{ids['lang.md']}"
    page = get_page(client, path)
    seen, more = [], page
    for _ in range(40):
        assert len(more.response.content) < LIMIT
        seen += more.texts("article h2:not(.va-continued), article h3:not(.va-continued)")
        following = list(more.all("a[rel=next]"))
        if not following:
            break
        more = get_page(client, path + (following[0].attributes["href"] or "").partition("#")[0])
    assert [one for one in seen if one.startswith("Over ")] == [f"Over {one}" for one in CHAPTERS]
    assert len(seen) == len(set(seen))
    assert "vleermuiskast" in more.text
    assert "vleermuiskast" not in page.text


@pytest.mark.parametrize(
    "query",
    ["deel=0", "deel=99999", "deel=-1", "pagina=7", "pagina=x", "treffer=9&zoek=raad", "lijst=999&zoek=raad", "bron=1"],
)
def test_whatever_stands_in_the_address_gives_the_document(client, ids, query):
    assert get_page(client, f"/documenten/{ids['lang.md']}?{query}").heading == "Lang stuk"


def test_words_are_found_in_the_document_and_lead_to_their_part(client, ids):
    path = f"/documenten/{ids['lang.md']}"
    page = get_page(client, f"{path}?zoek=vleermuiskasten")
    assert "staat op 1 plek" in page.text
    [link] = [node.attributes["href"] or "" for node in page.all(".va-hits__list a")]
    there = get_page(client, path + link.partition("#")[0])
    assert there.one("#citaat").text() == "vleermuiskast"
    assert "staat niet in dit document" in get_page(client, f"{path}?zoek=zeppelin").text


@pytest.mark.parametrize("typed", ["?!", "...", "„”", "- –"])
def test_a_search_without_a_word_says_that_there_is_nothing_to_search_for(client, ids, typed):
    for path in (f"/documenten/{ids['lang.md']}", "/documenten"):
        page = get_page(client, f"{path}?{urlencode({'zoek': typed})}")
        assert "staat geen woord om te zoeken" in page.text
        assert typed in page.text
        assert page.all("mark") == page.all("#gevonden-kop") == []
    assert "geen woord om te zoeken" not in get_page(client, f"/documenten/{ids['lang.md']}?zoek=+").text


def test_the_title_stands_above_the_text_only_once(client, ids):
    path = f"/documenten/{ids['woonvisie.md']}"
    page = get_page(client, path)
    title = "Woonvisie Veldrijk 2030"
    assert page.texts("main h1") == [title]
    assert title not in page.texts("article h2")
    [entry] = [node for node in page.all(".va-contents a") if node.text() == title]
    assert page.one(entry.attributes["href"] or "").tag == "h1", "the contents lead to it"
    marked = get_page(client, f"{path}?zoek=woonvisie")
    assert title in marked.texts("article h2"), "what was searched for is marked in the text itself"
    later = get_page(client, f"/documenten/{ids['lang.md']}?deel=2")
    assert "Lang stuk (vervolg)" not in later.texts("article h2")


def test_the_hits_are_listed_in_pages_and_one_follows_another(client, ids):
    path = f"/documenten/{ids['lang.md']}"
    page = get_page(client, f"{path}?zoek=raad&treffer=25")
    assert "Plek 25 van" in page.text
    assert next(node.attributes["value"] for node in page.all(".va-hits__list li")) == "21"
    assert "treffer=24" in page.links()["Vorige plek"]
    assert "treffer=26" in page.links()["Volgende plek"]
    assert "lijst=3" in page.links()["Meer plekken in de lijst"]
    assert len(page.all("#citaat")) == 1


def test_a_page_of_a_pdf_stands_beside_its_text_with_the_quote_in_boxes(client, parts, ids):
    doc_id = ids["gemeenten.pdf"]
    page = get_page(client, f"/documenten/{doc_id}?pagina=2")
    image = page.one("main img")
    assert image.attributes["src"] == f"/documenten/{doc_id}/pagina/2.webp"
    assert (image.attributes["alt"] or "").startswith("Bladzijde 2 van ")
    assert page.all("#pagina-2")
    response = client.get(image.attributes["src"] or "")
    assert response.headers["content-type"] == "image/webp"
    assert response.content[8:12] == b"WEBP"
    with parts.library.lease() as library:
        passage = next(one for one in library.passages_of(doc_id) if one.first_page == 2)
    marked = get_page(client, f"/documenten/{doc_id}?passage={passage.passage_id}")
    boxes = marked.all("svg rect")
    assert boxes
    assert all(0 <= float(box.attributes[name] or "") <= 1 for box in boxes for name in ("x", "y", "width", "height"))


def test_a_page_that_is_not_there_has_no_image(client, ids):
    for path in (
        f"{ids['gemeenten.pdf']}/pagina/99",
        f"{ids['gemeenten.pdf']}/pagina/x",
        f"{ids['woonvisie.md']}/pagina/1",
    ):
        assert client.get(f"/documenten/{path}.webp").status_code == 404
    assert get_page(client, f"/documenten/{ids['gemeenten.pdf']}?pagina=99").all("main img") == []
    assert get_page(client, f"/documenten/{ids['woonvisie.md']}").all("main img") == []


def test_the_original_is_a_download(client, ids):
    doc_id = ids["gemeenten.pdf"]
    response = client.get(get_page(client, f"/documenten/{doc_id}").links()["Origineel downloaden"])
    assert response.content == PDF.read_bytes()
    assert response.headers["content-disposition"].startswith("attachment")


def test_a_document_that_changed_since_the_answer_says_so(tmp_path):
    encoder = load_encoder(None)
    data = publish_open_and_closed(tmp_path, encoder)
    source = tmp_path / "bronnen" / "woonvisie.md"
    text = source.read_text(encoding="utf-8")
    with open_parts(data, encoder) as parts, client_of(parts) as client:
        answer = asked(parts, "Hoeveel woningen bouwt Veldrijk tot 2030?")
        cited = answer.citations[0]
        path = f"/documenten/{cited.document.doc_id}?antwoord={answer.answer_id}&bron={cited.number}"
        source.write_text(
            text.replace("## Opgave", "Vooraf nog dit: de visie is aangevuld.\n\n## Opgave"), encoding="utf-8"
        )
        publish([tmp_path / "bronnen"], data, encoder)
        moved = get_page(client, path)
        assert "gewijzigd sinds dit antwoord" in moved.text
        assert read_quote(moved) == " ".join(cited.quote.split())
        source.write_text(text.replace("2.150", "1.975"), encoding="utf-8")
        publish([tmp_path / "bronnen"], data, encoder)
        lost = get_page(client, path)
        assert "het citaat staat er niet meer in" in lost.text
        assert "2.150" in lost.one("blockquote.va-quote").text()
        assert lost.all("mark") == []
