"""The pages for whoever takes documents in: uploading without JavaScript, the list, and removing."""

import re

import pytest

from ingest.encode import load_encoder
from tests.api_server import HIDDEN_SOURCE, client_of, open_parts, publish_corpus
from tests.upload_samples import by, sent, text_of, titles, upload_server

PAGE = "/beheer/documenten"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    data = publish_corpus(tmp_path_factory.mktemp("beheer"), load_encoder(None))
    with upload_server(data, load_encoder(None)) as client:
        yield client


def csrf_of(response):
    [token, *_] = re.findall(r'name="csrf" value="([^"]+)"', response.text)
    return token


def fill_in(client, *files, who="griffie", csrf=None, **fields):
    """What the page answers to its form, filled in like this."""
    token = csrf if csrf is not None else csrf_of(client.get(PAGE, headers=by(who)))
    parts = [("csrf", (None, token)), *(("files", (name, content)) for name, content in files)]
    parts += [
        (name, (None, one)) for name, value in fields.items() for one in ([value] if isinstance(value, str) else value)
    ]
    return client.post(PAGE, files=parts, headers=by(who))


def wait(client, who="griffie"):
    """Until nothing is under way."""
    while 'data-over="nee"' in client.get(f"{PAGE}/uploads", headers=by(who)).text:
        pass


def test_the_overview_says_what_there_is_and_who_you_are(client):
    page = client.get("/beheer")
    assert page.status_code == 200
    assert "Griffie" in page.text
    assert re.search(r"Documenten die je ziet</dt> <dd[^>]*>\d+<", page.text)
    assert 'href="/beheer/documenten"' in page.text
    assert page.text.count("<h1") == 1


def test_who_may_not_take_documents_in_does_not_get_the_pages(client):
    for method, path in (
        ("GET", "/beheer"),
        ("GET", PAGE),
        ("POST", PAGE),
        ("GET", f"{PAGE}/uploads"),
        ("GET", f"{PAGE}/x/verwijderen"),
    ):
        assert client.request(method, path, headers=by("lezer")).status_code == 403, path
        response = client.request(method, path, headers=by("niemand"))
        assert response.status_code in (303, 401), path


def test_a_form_takes_documents_in(client):
    done = fill_in(
        client, ("Nota.md", text_of("Nota groen")), ("leeg.md", b""), audience="iedereen", title="", publisher=""
    )
    assert done.status_code == 303
    assert done.headers["location"].startswith(PAGE)
    assert "zijn binnen" in client.get(done.headers["location"]).text
    wait(client)
    page = client.get(PAGE)
    assert "Klaar: 1 van 2 gelukt" in page.text
    assert "leeg.md is leeg" in page.text
    assert "Nota groen" in titles(client, "directie")


def test_a_form_closes_documents_to_groups(client):
    done = fill_in(client, ("Dicht.md", text_of("Dichte nota")), audience="groepen", access="griffie")
    assert done.status_code == 303
    wait(client)
    assert "Dichte nota" in titles(client)
    for who in ("directie", "beheer"):
        assert "Dichte nota" not in client.get(PAGE, headers=by(who)).text
        assert "Dicht.md" not in client.get(f"{PAGE}/uploads", headers=by(who)).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Kies wie de documenten mag zien."),
        ({"audience": "iedereen", "access": "griffie"}, "Kies één van beide."),
        ({"audience": "groepen"}, "Kies minstens één groep"),
        ({"audience": "groepen", "access": "directie"}, "waar je zelf bij hoort"),
        ({"audience": "groepen", "groups": "griffie, directie"}, "waar je zelf bij hoort"),
        ({"audience": "iedereen", "issued": "gisteren"}, "Schrijf een datum als"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_filled_in_stays(client, fields, sentence):
    page = fill_in(client, ("a.md", text_of("Fout ingevuld")), publisher="Gemeente <Veldrijk>", **fields)
    assert page.status_code == 400
    assert sentence in page.text
    [named] = re.findall(r'<a [^>]*href="#([a-z]+)">[^<]*' + re.escape(sentence[:15]), page.text)[:1] or [""]
    assert not named or f'id="{named}"' in page.text
    assert "aria-describedby" in page.text
    assert "Gemeente &lt;Veldrijk&gt;" in page.text
    assert "<title>Fout:" in page.text
    assert "Fout ingevuld" not in titles(client)


def test_without_a_file_it_says_so(client):
    lines = ["--x"]  # as browsers send a field for files that was left empty
    for name, value in (("csrf", csrf_of(client.get(PAGE))), ("audience", "iedereen")):
        lines += [f'Content-Disposition: form-data; name="{name}"', "", value, "--x"]
    lines += ['Content-Disposition: form-data; name="files"; filename=""', "", "", "--x--", ""]
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    page = client.post(PAGE, content="\r\n".join(lines).encode(), headers=kind)
    assert page.status_code == 400
    assert "Kies een of meer bestanden." in page.text


@pytest.mark.parametrize("csrf", ["", "verkeerd"])
def test_a_form_of_another_page_is_refused_before_its_files(client, csrf):
    response = fill_in(client, ("a.md", text_of("Vreemd")), audience="iedereen", csrf=csrf)
    assert response.status_code == 403
    assert "Vreemd" not in titles(client)


def test_a_document_is_removed_after_a_question(client):
    [file] = sent(client, ("Oud.md", text_of("Oude nota")))["files"]
    path = f"{PAGE}/{file['docId']}/verwijderen"
    page = client.get(path)
    assert "Oude nota" in page.text
    assert "map op de server" not in page.text
    assert "Oude nota" in titles(client), "asking does nothing"
    assert client.post(path, data={"csrf": "verkeerd"}).status_code == 403
    done = client.post(path, data={"csrf": csrf_of(page)})
    assert done.status_code == 303
    assert "Het document is verwijderd." in client.get(done.headers["location"]).text
    assert "Oude nota" not in titles(client)
    assert client.get(path).status_code == 404


def test_a_document_from_a_folder_says_that_it_may_come_back(client):
    [document] = [one for one in client.get("/v1/documents").json()["documents"] if one["source"] == "interview.md"]
    assert "map op de server" in client.get(f"{PAGE}/{document['docId']}/verwijderen").text


def test_nothing_tells_of_a_document_that_is_hidden(client):
    for path in ("/beheer", PAGE, f"{PAGE}?zoek=geheim", f"{PAGE}/uploads"):
        assert HIDDEN_SOURCE not in client.get(path).text
        assert "Zilverreiger" not in client.get(path).text
    [hidden] = [
        one["docId"]
        for one in client.get("/v1/documents", headers=by("directie")).json()["documents"]
        if one["source"] == HIDDEN_SOURCE
    ]
    path = f"{PAGE}/{hidden}/verwijderen"
    csrf = csrf_of(client.get(PAGE))
    assert client.get(path).status_code == client.post(path, data={"csrf": csrf}).status_code == 404
    assert client.get(f"/v1/documents/{hidden}", headers=by("directie")).status_code == 200


def test_the_list_is_searched_and_has_pages(client):
    found = client.get(f"{PAGE}?zoek=woonvisie").text
    assert "Woonvisie Veldrijk 2030" in found
    assert "jeugdhulp.md" not in found
    assert "geen document met" in client.get(f"{PAGE}?zoek=<xyz>").text
    for number in ("0", "-1", "abc", "9" * 30, "²", "2"):
        assert client.get(PAGE, params={"pagina": number}).status_code == 200


def test_what_a_file_is_called_is_escaped(client):
    sent(client, ("x&amp;<i>y.md", text_of("Nota <b>vet</b> & zo")))
    page = client.get(PAGE).text
    assert "<b>vet</b>" not in page
    assert "<i>y" not in page


def test_on_a_computer_of_one_person_without_documents_the_pages_work(tmp_path, encoder):
    with open_parts(tmp_path / "data", encoder) as parts, client_of(parts) as client:
        assert "nog geen documenten" in client.get("/beheer").text
    with upload_server(tmp_path / "data", encoder) as client:
        assert "nog geen documenten" in client.get(PAGE).text
