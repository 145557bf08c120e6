"""The page with the documents: filters, order, pages, and a search through all of them."""

import pytest

from api.web.document_list import PER_PAGE, Choice, chosen_documents, found_documents, listing
from api.web.document_search import wanted_of
from ingest.encode import load_encoder
from ingest.publish import publish
from ingest.types import Document
from tests.api_server import HIDDEN_SOURCE, HIDDEN_WORD, client_of, open_parts, publish_corpus
from tests.web_pages import get_page


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    encoder = load_encoder(None)
    data = publish_corpus(tmp_path_factory.mktemp("documenten"), encoder)
    with open_parts(data, encoder) as parts, client_of(parts) as client:
        yield client


def rows(page):
    return page.texts("main table tbody th")


def test_all_documents_that_the_caller_may_see_are_listed(client):
    page = get_page(client, "/documenten")
    assert rows(page) == [
        "Interview met burgemeester Aart Slingerland",
        "Raadsbrief jeugdhulp",
        "Woonvisie Veldrijk 2030",
    ]
    assert page.texts("caption") == ["3 documenten"]
    for word in ("Woonvisie Veldrijk 2030", "Gemeente Veldrijk", "visie", "maart 2024", "6 mei 2025"):
        assert word in page.text
    assert HIDDEN_WORD not in page.response.text
    assert HIDDEN_SOURCE not in page.response.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("titel=WOONVISIE", ["Woonvisie Veldrijk 2030"]),
        ("titel=veldrijk+brief", ["Raadsbrief jeugdhulp"]),
        ("soort=visie", ["Woonvisie Veldrijk 2030"]),
        ("jaar=2025", ["Raadsbrief jeugdhulp"]),
        ("volgorde=nieuwste&titel=veldrijk", ["Raadsbrief jeugdhulp", "Woonvisie Veldrijk 2030"]),
        ("volgorde=oudste&titel=veldrijk", ["Woonvisie Veldrijk 2030", "Raadsbrief jeugdhulp"]),
        ("titel=Zilverreiger", []),
        ("soort=onbekend", []),
    ],
)
def test_the_list_is_filtered_and_sorted(client, query, found):
    page = get_page(client, f"/documenten?{query}")
    assert rows(page) == found
    assert (page.texts("caption") or ["0 van de 3"])[0].startswith(f"{len(found)} van ")
    if not found:
        assert "Geen van de 3 documenten" in page.text


def test_the_form_remembers_what_was_chosen(client):
    page = get_page(client, "/documenten?titel=veld&jaar=2024&volgorde=oudste&zoek=warmtenet")
    fields = page.fields("main form")
    assert fields == {"zoek": "warmtenet", "titel": "veld", "soort": "", "jaar": "2024", "volgorde": "oudste"}


def test_a_search_shows_passages_by_document_with_the_words_marked(client):
    page = get_page(client, "/documenten?zoek=gezinscoach+op+scholen")
    found = page.all(".va-found-document")
    assert "Raadsbrief jeugdhulp" in found[0].text()
    assert {"gezinscoach", "school"} <= {mark.text().strip() for mark in found[0].css("mark")}
    link = found[0].css(".va-found-passage a")[0].attributes["href"] or ""
    target = get_page(client, link.partition("#")[0])
    assert len(target.all("#citaat")) == 1
    assert HIDDEN_WORD not in page.response.text


def test_a_search_keeps_to_the_documents_that_were_chosen(client):
    page = get_page(client, "/documenten?zoek=Veldrijk&jaar=2025")
    assert [one.text() for one in page.all(".va-found-document h3")] == ["Raadsbrief jeugdhulp"]
    none = get_page(client, "/documenten?zoek=Veldrijk&jaar=1066")
    assert "niets gevonden" in none.text


def test_nothing_closed_is_found(client):
    page = get_page(client, "/documenten?zoek=Wat+kost+het+project+Zilverreiger")
    assert "8,6 miljoen" not in page.response.text
    assert HIDDEN_SOURCE not in page.response.text


@pytest.mark.parametrize(
    "query",
    [
        "pagina=0",
        "pagina=-1",
        "pagina=99999999999999",
        "pagina=x",
        "volgorde=%00",
        "zoek=%3F%3F",
        "zoek=+",
        "soort=%ED%A0%80",
        "jaar=20245",
        "zoek=" + "a" * 3_000,
        "titel=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_whatever_stands_in_the_address_gives_a_page(client, query):
    page = get_page(client, f"/documenten?{query}")
    assert "<script>alert" not in page.response.text


def test_without_documents_the_page_says_so(tmp_path):
    encoder = load_encoder(None)
    (tmp_path / "bronnen").mkdir()
    (tmp_path / "bronnen" / "geheim.md").write_text("# Geheim\n\nAlleen voor de directie.", encoding="utf-8")
    (tmp_path / "bronnen" / "bronnen.toml").write_text('["geheim.md"]\naccess = ["directie"]\n', encoding="utf-8")
    publish([tmp_path / "bronnen"], tmp_path / "data", encoder)
    with open_parts(tmp_path / "data", encoder) as parts, client_of(parts) as client:
        page = get_page(client, "/documenten")
        assert "Er zijn nog geen documenten" in page.text
        assert page.all("main form") == []


def many(count):
    return [
        Document(f"{one:016x}", f"{one}.md", f"Stuk {one:04}", "text/markdown", "0", issued=f"{2000 + one % 20}")
        for one in range(count)
    ]


def test_thousands_of_documents_are_shown_a_page_at_a_time():
    every = many(3_210)
    shown = [listing(chosen_documents(every, choice), every, choice, {}) for choice in map(page_of_list, (1, 65, 999))]
    assert [len(one.lines) for one in shown] == [PER_PAGE, 10, 10]
    assert [one.page for one in shown] == [1, 65, 65]
    assert shown[0].lines[0].document.title == "Stuk 0000"
    assert shown[1].lines[-1].document.title == "Stuk 3209"
    assert len(shown[0].years) == 20


def page_of_list(number):
    return Choice(page=number)


def test_documents_without_a_date_come_last_either_way():
    undated = Document("f" * 16, "z.md", "Aap", "text/markdown", "0")
    for order in ("nieuwste", "oudste"):
        assert chosen_documents([undated, *many(3)], Choice(order=order))[-1] == undated


def test_the_address_of_a_page_keeps_what_was_chosen():
    choice = Choice("a&b", "visie", "2024", "oudste", 3, "huur")
    assert choice.prefix == "/documenten?titel=a%26b&soort=visie&jaar=2024&zoek=huur&volgorde=oudste&pagina="


def test_no_hits_make_no_groups():
    assert found_documents([], wanted_of("huur"), {}) == ()
