"""Documents come in and go over HTTP: what is taken in, what is refused, and who sees what of it."""

import re
import unicodedata
from contextlib import nullcontext

import pytest

from api.errors import BadUpload
from api.upload_facts import ACCESS, PATTERNS, TEXTS, said_of
from ingest.encode import load_encoder
from tests.api_server import publish_corpus
from tests.upload_samples import (
    CALLERS,
    by,
    empty_zip,
    outcome_of,
    outcomes,
    send,
    sent,
    text_of,
    titles,
    upload_server,
)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return publish_corpus(tmp_path_factory.mktemp("uploads"), load_encoder(None))


@pytest.fixture(scope="module")
def client(data):
    with upload_server(data, load_encoder(None)) as client:
        yield client


def test_a_document_comes_in_is_found_changes_and_goes(client, data):
    response = send(
        client, ("Nota fietspad.md", text_of("Fietspad Elzen")), publisher="Gemeente Veldrijk", issued="2026-02"
    )
    assert response.json()["status"] == "queued"
    assert response.json()["files"][0]["outcome"] is None
    upload = outcome_of(client, response)
    [file] = upload["files"]
    assert (file["outcome"], file["status"], file["message"]) == ("added", "done", "")
    assert file["source"] == "upload/Nota fietspad.md"
    document = client.get(f"/v1/documents/{file['docId']}").json()
    assert document["publisher"] == "Gemeente Veldrijk"
    assert document["issued"] == "2026-02"
    assert document["passages"] == file["passages"] > 0

    again = sent(
        client, ("Nota fietspad.md", text_of("Fietspad Elzen")), publisher="Gemeente Veldrijk", issued="2026-02"
    )
    assert outcomes(again) == {"Nota fietspad.md": "unchanged"}
    changed = sent(client, ("Nota fietspad.md", text_of("Fietspad Elzen", "Het plan is ingetrokken.")))
    assert outcomes(changed) == {"Nota fietspad.md": "changed"}
    assert "ingetrokken" in client.get(f"/v1/documents/{file['docId']}/text").json()["text"]
    kept = list((data / "uploads" / "files").rglob("*.md"))
    assert len(kept) == 1, "the files that were replaced are gone"
    assert "ingetrokken" in kept[0].read_text(encoding="utf-8")

    assert client.delete(f"/v1/documents/{file['docId']}").status_code == 204
    assert client.get(f"/v1/documents/{file['docId']}").status_code == 404
    assert client.delete(f"/v1/documents/{file['docId']}").status_code == 404
    assert not list((data / "uploads").rglob("*.md"))
    for path in data.rglob("*"):
        assert not path.is_file() or b"ingetrokken" not in path.read_bytes()
        assert not path.is_file() or b"Nota fietspad" not in path.read_bytes()


def test_a_bad_file_does_not_stop_the_others(client):
    upload = sent(
        client,
        ("leeg.md", b""),
        ("goed.md", text_of("Goed plan")),
        ("rekenblad.xlsx", empty_zip()),
        ("goed.md", text_of("Tweede met deze naam")),
        ("nep.pdf", b"dit is geen pdf, maar gewone tekst"),
        ("te groot.txt", b"woord " * 150_000),
        ("kapot.docx", b"PK\x03\x04 kapot"),
        ("...", b"zonder naam"),
    )
    assert [file["outcome"] for file in upload["files"]] == [
        "failed", "added", "skipped", "failed", "failed", "added", "failed", "failed",
    ]  # fmt: skip
    assert upload["status"] == "done"
    messages = [file["message"] for file in upload["files"]]
    assert messages[0].startswith("leeg.md is leeg")
    assert "Excel" in messages[2]
    assert "twee keer" in messages[3]
    assert messages[6].startswith("kapot.docx is beschadigd")
    assert all("upload/" not in message for message in messages)
    assert "Goed plan" in titles(client)


def test_when_nothing_can_be_taken_in_the_upload_failed(client):
    upload = send(client, ("a.exe", b"MZ\x90\x00"), ("b.md", b"")).json()
    assert upload["status"] == "failed"
    assert outcomes(upload) == {"a.exe": "skipped", "b.md": "failed"}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.md", "passwd.md"),
        ("C:\\Documenten\\nota.md", "nota.md"),
        ("a\u202efdp.md", "afdp.md"),
        (".verborgen.md", "verborgen.md"),
        ("~$slot.md", "slot.md"),
        ("con.md", "_con.md"),
        ("x" * 300 + ".md", "x" * 117 + ".md"),
        ("<b>vet</b>.md", "b-.md"),
    ],
)
def test_a_name_is_made_safe(client, data, name, safe):
    [file] = send(client, (name, b"")).json()["files"]
    assert file["name"] == safe


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"acces": "griffie"}, "acces"),
        ({"access": ""}, "access"),
        ({"access": "directie"}, "access"),
        ({"access": ["griffie", "directie"]}, "access"),
        ({"issued": "gisteren"}, "issued"),
        ({"language": "Nederlands"}, "language"),
        ({"title": ["a", "b"]}, "title"),
        ({"publisher": "x" * 301}, "publisher"),
        ({"kind": "a\nb"}, "kind"),
        ({"author": "a\u202eb"}, "author"),
        ({"title": "Nota\n"}, "title"),
        ({"issued": "2024-13"}, "issued"),
    ],
)
def test_fields_that_cannot_be_are_told(client, data, fields, field):
    response = send(client, ("nieuw.md", text_of("Nieuw")), **fields)
    assert response.status_code == 400
    assert [one["field"] for one in response.json()["errors"]] == [field]
    assert "Nieuw" not in titles(client)
    assert not list((data / "uploads" / "incoming").iterdir()), "nothing of it stays"


@pytest.mark.parametrize("group", ["{}", "[]", '["griffie"]', '"griffie"', "griffie,directie", "grif\u200bfie", "\n"])
def test_what_is_no_name_of_a_group_is_refused_also_from_who_may_name_any(client, group):
    """It would close the document to a group that nobody can be in."""
    response = send(client, ("nieuw.md", text_of("Nieuw")), who="beheer", access=group)
    assert response.status_code == 400
    assert [one["field"] for one in response.json()["errors"]] == ["access"]


def test_a_field_is_described_as_it_is_checked(client):
    form = client.get("/v1/openapi.json").json()["paths"]["/documents"]["post"]["requestBody"]
    shapes = form["content"]["multipart/form-data"]["schema"]["properties"]
    shapes |= {"access": shapes["access"]["items"]}
    given = [
        *map(chr, range(0x300)),
        *"\u200b\u200d\u2028\u202e\ufeff\U0001f600",
        "nota\U000e0041",
        "2024-05",
        " nl ",
        "{}",
        "x" * 301,
    ]
    beheer = CALLERS["beheer"]
    for name in (*TEXTS, ACCESS):
        for value in given:
            # A line end behind the end is the end for Python, and not for JSON Schema.
            pattern = shapes[name]["pattern"].removesuffix("$") + r"\Z"
            described = bool(re.search(pattern, value)) and len(value) <= shapes[name]["maxLength"]
            with nullcontext() if described else pytest.raises(BadUpload):
                said_of({name: [value]}, files=1, caller=beheer)


def test_nothing_that_is_not_seen_is_kept():
    unseen = {"Cc", "Cf", "Zl", "Zp"}
    for character in map(chr, range(0x110000)):
        if unicodedata.category(character) in unseen and character != "\u200d":
            if ord(character) < 0x10000:
                assert not re.fullmatch(PATTERNS["title"], character)
            else:
                said = said_of({"title": [f"No{character}ta"]}, files=1, caller=CALLERS["beheer"])
                assert said.facts == {"title": "Nota"}


def test_the_patterns_of_the_description_hold_in_any_dialect(client):
    """One of characters that take two units of UTF-16 means something else where patterns are read by the unit."""
    assert all(ord(character) < 0x10000 for character in client.get("/v1/openapi.json").text)


def test_a_title_is_for_one_file(client):
    response = send(client, ("a.md", text_of("A")), ("b.md", text_of("B")), title="Samen")
    assert response.json()["errors"][0]["field"] == "title"
    upload = sent(client, ("c.md", text_of("C")), title="Alleen")
    assert "Alleen" in titles(client)
    assert client.delete(f"/v1/documents/{upload['files'][0]['docId']}").status_code == 204


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "application/json"}, b"{}", 415),
        ({"Content-Type": "multipart/form-data"}, b"x", 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"", 400),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"geen formulier", 400),
        (
            {"Content-Type": "multipart/form-data; boundary=x"},
            b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.md"\r\n\r\nhalf',
            400,
        ),
        (
            {"Content-Type": "multipart/form-data; boundary=x"},
            b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n\xff\xfe\r\n--x--\r\n',
            400,
        ),
        (
            {"Content-Type": "multipart/form-data; boundary=x"},
            b'--x\r\nContent-Disposition: form-data; name="ander"; filename="a.md"\r\n\r\nx\r\n--x--\r\n',
            400,
        ),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--\r\n", 400),
    ],
)
def test_what_is_no_form_with_files_is_refused(client, data, headers, body, status):
    response = client.post("/v1/documents", content=body, headers=headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert not list((data / "uploads" / "incoming").iterdir())


def test_too_many_files_are_refused(client, data):
    response = send(client, *((f"{number}.md", b"tekst") for number in range(51)))
    assert response.status_code == 400
    assert "50" in response.json()["detail"]
    assert not list((data / "uploads" / "incoming").iterdir())


def test_who_may_not_is_told_before_anything_is_read(client):
    assert send(client, ("a.md", b"a"), who="lezer").status_code == 403
    assert send(client, ("a.md", b"a"), who="niemand").status_code == 401
    for method, path in (("GET", "/v1/uploads"), ("GET", f"/v1/uploads/{'0' * 32}"), ("DELETE", "/v1/documents/x")):
        assert client.request(method, path, headers=by("lezer")).status_code == 403


def test_a_browser_elsewhere_cannot_upload(client):
    for headers in ({"Origin": "https://elders.example"}, {"Sec-Fetch-Site": "cross-site"}):
        sending = [("files", ("a.md", b"a"))]
        assert client.post("/v1/documents", files=sending, headers=headers).status_code == 403


def test_others_see_nothing_of_an_upload_that_is_closed_to_them(client):
    upload = sent(client, ("Sleutelplan.md", text_of("Sleutelplan")), access="griffie")
    [file] = upload["files"]
    address = f"/v1/uploads/{upload['uploadId']}"
    assert file["source"] == "upload/griffie/Sleutelplan.md"
    assert "Sleutelplan" in titles(client)
    for who in ("directie", "beheer"):
        assert client.get(address, headers=by(who)).status_code == 404
        assert "Sleutelplan" not in client.get("/v1/uploads", headers=by(who)).text
        assert "Sleutelplan" not in titles(client, who)
        assert client.delete(f"/v1/documents/{file['docId']}", headers=by(who)).status_code == 404
    # The same name, by somebody who cannot see that one: nothing tells that it is there, and it stays.
    other = sent(client, ("Sleutelplan.md", text_of("Ander plan")), who="directie", access="directie")
    assert outcomes(other) == {"Sleutelplan.md": "added"}
    admins = sent(client, ("Sleutelplan.md", text_of("Plan van beheer")), who="beheer", access="griffie")
    assert outcomes(admins) == {"Sleutelplan.md": "added"}
    assert {"Sleutelplan", "Plan van beheer"} <= titles(client)
    assert titles(client, "directie") >= {"Ander plan"}
    assert "Plan van beheer" not in titles(client, "beheer")


def test_an_admin_sees_the_open_uploads_of_others(client):
    upload = sent(client, ("open.md", text_of("Open plan")), who="directie")
    assert client.get(f"/v1/uploads/{upload['uploadId']}", headers=by("beheer")).json() == upload
    assert client.get(f"/v1/uploads/{upload['uploadId']}").status_code == 404


def test_without_uploads_the_addresses_are_not_there(tmp_path, encoder):
    from tests.api_server import client_of, open_parts

    with open_parts(tmp_path / "data", encoder) as parts, client_of(parts) as client:
        assert client.post("/v1/documents", files=[("files", ("a.md", b"a"))]).status_code == 404
        assert client.get("/v1/uploads").status_code == 404
        assert client.get("/beheer/documenten").status_code == 404
