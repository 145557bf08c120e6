"""Whoever may not see a document tries every route there is, and sees nothing of it: not even that it is there.

The routes come from the application itself: one without a case here fails the test.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from api.access import Keyed, Open, Scope
from api.app import create_app
from api.keys import KeyFile, new_text, prefix_of
from api.limits import Limits
from api.page_images import PageImages
from api.session import Session
from api.uploads import Uploads
from assistant.types import Filters, Query
from ingest.encode import load_encoder
from ingest.publish import publish
from tests.access_cases import CASES, HTML, Ids
from tests.api_server import HIDDEN_QUESTION, HIDDEN_SOURCE, HIDDEN_WORD, client_of, open_parts, publish_corpus
from tests.web_pages import page_of

GROUP = frozenset({"directie"})
EVERYTHING: frozenset[Scope] = frozenset({"ask", "ingest", "admin"})
HIDDEN_PDF = "geheim.pdf"  # with images of its pages, and a copy of the file itself
SECRETS = ("8,6 miljoen", HIDDEN_SOURCE, HIDDEN_PDF, "besloten vergadering", "directie")
PUBLIC_QUESTION = "Hoeveel woningen bouwt Veldrijk tot 2030?"


def routes_of(app) -> Iterator[tuple[str, str]]:
    """The method and path of every route."""
    for one in app.routes:
        for route in getattr(getattr(one, "original_router", None), "routes", [one]):
            for method in sorted(route.methods - {"HEAD"}):
                yield method, route.path


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return KeyFile(tmp_path_factory.mktemp("sleutels") / "keys.json")


@pytest.fixture(scope="module")
def parts(tmp_path_factory, keys):
    encoder = load_encoder(None)
    folder = tmp_path_factory.mktemp("routes")
    data = publish_corpus(folder, encoder)
    write_hidden_pdf(folder / "bronnen" / HIDDEN_PDF)
    with (folder / "bronnen" / "bronnen.toml").open("a", encoding="utf-8") as metadata:
        metadata.write(f'\n["{HIDDEN_PDF}"]\naccess = ["directie"]\ntitle = "Bijlage bij {HIDDEN_WORD}"\n')
    publish([folder / "bronnen"], data, encoder)
    pages = PageImages()
    try:
        with open_parts(data, encoder) as parts:
            # Uploads without anybody who works on them: what is to be seen of them here, is at the door.
            yield replace(
                parts, access=Keyed(keys), limits=Limits("9999/minute"), pages=pages, uploads=Uploads(data, encoder)
            )
    finally:
        pages.close()


@pytest.fixture(scope="module")
def app(parts):
    return create_app(parts)


@pytest.fixture(scope="module")
def client(parts):
    with client_of(parts) as client:
        yield client


@pytest.fixture(scope="module")
def outsider(keys):
    """The key of somebody who may do everything, and is not in the group."""
    return keys.add("buitenstaander", scopes=EVERYTHING, groups=frozenset({"raad"}))[0]


@pytest.fixture(scope="module")
def insider(keys):
    return keys.add("binnenstaander", scopes=EVERYTHING, groups=GROUP)[0]


def write_hidden_pdf(path):
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    canvas.drawString(70, 700, "Het project Zilverreiger kost 8,6 miljoen euro.")
    canvas.drawString(70, 680, "De directie besluit daarover in besloten vergadering.")
    canvas.save()


@pytest.fixture(scope="module", params=[HIDDEN_SOURCE, HIDDEN_PDF])
def hidden(parts, request):
    """The ids of a hidden document, and of an answer and a conversation about it."""
    with parts.library.lease() as library:
        [document] = [one for one in library.documents.values() if one.source == request.param]
        passage = library.passages_of(document.doc_id)[0]
    filters = Filters(doc_ids=(document.doc_id,))
    answer = parts.assistant.ask(Query(HIDDEN_QUESTION, filters=filters, groups=GROUP))
    assert SECRETS[0] in answer.text, "whoever may see the document gets the answer"
    conversation = ("a" if request.param == HIDDEN_SOURCE else "c") * 32
    parts.store.save(answer, conversation, now=datetime.now(UTC))
    return Ids(document.doc_id, passage.passage_id, answer.answer_id, conversation)


@pytest.fixture(scope="module")
def ids(hidden):
    """The ids of what is hidden, and ids of nothing, of the same form."""
    swap = str.maketrans("0123456789abcdef", "fedcba9876543210")
    return hidden, Ids(*(one.translate(swap) for one in hidden.all()))


def ask(client, parts, method, case, ids, key):
    """The response to somebody with this key: a program that shows it, or a person who is logged in with it."""
    client.cookies.clear()
    if not case.path.startswith(("/v1", "/health", "/metrics")):
        session = Session("x" * 43, prefix_of(key) or "")
        client.cookies["vng"] = parts.sessions.seal(session)
        return case.send(client, method, {}, ids, session.csrf)
    return case.send(client, method, {"Authorization": f"Bearer {key}"}, ids, "")


def comparable(response: httpx.Response, ids: Ids) -> tuple[int, dict[str, str], str]:
    """What there is to see of a response, apart from ids that the caller himself gave, and from what is always new."""
    text = response.text if response.headers.get("content-type", "").startswith(("text", "application/")) else ""
    for one in ids.all():
        text = text.replace(one, "ID")
    text = re.sub(r'name="csrf" value="[^"]*"', "csrf", text)
    text = re.sub(r'"(answerId|conversationId|tookMs)":[^,}]*', "", text)
    text = re.sub(r"/antwoorden/[0-9a-f]{32}", "/antwoorden/ID", text)
    text = re.sub(r"[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.+Z]+", "ID", text)
    text = re.sub(r"\d+([.,]\d+)? (ms|seconden?)|\d\d[.:]\d\d uur", "", text)
    kept = ("content-type", "cache-control", "content-disposition", "etag", "www-authenticate")
    return response.status_code, {name: response.headers.get(name, "") for name in kept}, text


def test_every_route_has_a_case(app):
    assert set(routes_of(app)) == CASES.keys()


EVERY_CASE = [
    pytest.param(method, path, case, id=f"{method} {path} {number}")
    for (method, path), cases in CASES.items()
    for number, case in enumerate(cases)
]


@pytest.mark.parametrize(("method", "path", "case"), EVERY_CASE)
def test_nothing_of_it_is_seen(client, parts, outsider, ids, method, path, case):
    hidden, missing = ids
    closed = ask(client, parts, method, case, hidden, outsider)
    gone = ask(client, parts, method, case, missing, outsider)
    assert closed.status_code < 500
    words = set(SECRETS) | ({HIDDEN_WORD} if not case.asked else set())
    seen = (closed.text + str(closed.headers)).casefold()
    assert [word for word in words if word.casefold() in seen] == []
    if path != "/metrics":  # which counts along
        assert comparable(closed, hidden) == comparable(gone, missing)


@pytest.mark.parametrize(("method", "path", "case"), EVERY_CASE)
def test_without_a_key_there_is_nothing_at_all(client, hidden, method, path, case):
    """For programs a refusal, for people the way to where they log in; but for what is the same for all."""
    if path in OPEN:
        return
    client.cookies.clear()
    response = case.send(client, method, {}, hidden, page_of(client.get("/inloggen")).csrf())
    if case.accept == HTML:
        assert response.status_code == 303
        assert response.headers["location"].startswith("/inloggen")
    else:
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer")
    for word in (*SECRETS, HIDDEN_WORD):
        assert word not in response.text


OPEN = frozenset(
    (
        *("/v1/openapi.json", "/health/live", "/health/ready", "/over", "/privacy", "/toegankelijkheid"),
        *("/static/{path:path}", "/inloggen", "/uitloggen"),
    )
)


def test_whoever_is_in_the_group_does_see_it(client, insider, hidden):
    """So that the tests above cannot pass because nothing is ever shown."""
    for path in (
        *("/v1/documents", f"/v1/documents/{hidden.document}", f"/v1/passages/{hidden.passage}"),
        *(f"/v1/answers/{hidden.answer}", "/documenten", f"/antwoorden/{hidden.answer}"),
    ):
        response = client.get(path, headers={"Authorization": f"Bearer {insider}"})
        assert response.status_code == 200
        assert HIDDEN_WORD in response.text, path


def test_whoever_is_in_the_group_sees_its_file_and_its_pages(client, parts, insider):
    with parts.library.lease() as library:
        [doc_id] = [one.doc_id for one in library.documents.values() if one.source == HIDDEN_PDF]
    headers = {"Authorization": f"Bearer {insider}"}
    place = f"/v1/documents/{doc_id}"
    assert client.get(f"{place}/original", headers=headers).content.startswith(b"%PDF")
    assert client.get(f"{place}/pages/1", headers=headers).headers["content-type"] == "image/webp"
    assert client.get(f"{place}/pages/1/boxes", params={"quote": "Het project"}, headers=headers).json()["boxes"]


def test_a_conversation_goes_on_only_for_who_saw_it(client, parts, insider, outsider):
    """What was asked and answered comes back in how a follow-up question is read."""
    read = {}
    conversation = "b" * 32
    parts.store.save(parts.assistant.ask(Query(HIDDEN_QUESTION, groups=GROUP)), conversation, now=datetime.now(UTC))
    for name, key in (("out", outsider), ("in", insider)):
        body = {"question": "En wat kost dat?", "conversationId": conversation}
        read[name] = client.post("/v1/answers", json=body, headers={"Authorization": f"Bearer {key}"}).json()
    assert HIDDEN_WORD in read["in"]["standaloneQuestion"]
    assert read["out"]["standaloneQuestion"] == "En wat kost dat?"


def test_a_conversation_about_what_all_may_see_goes_on_for_all(client, outsider):
    headers = {"Authorization": f"Bearer {outsider}"}
    first = client.post("/v1/answers", json={"question": PUBLIC_QUESTION}, headers=headers).json()
    body = {"question": "En waarom?", "conversationId": first["conversationId"]}
    assert client.post("/v1/answers", json=body, headers=headers).json()["standaloneQuestion"] != "En waarom?"


READS = ("/v1/documents", "/v1/passages?q=woning", "/documenten", "/")
MAY: list[tuple[Scope, tuple[str, ...], tuple[str, ...]]] = [
    ("ask", READS, ("/metrics", "/v1/uploads", "/beheer/documenten")),
    ("ingest", ("/v1/uploads", "/beheer/documenten"), ("/metrics", *READS)),
    ("admin", ("/metrics", "/v1/uploads", "/beheer/documenten", *READS), ()),
]


@pytest.mark.parametrize(("scope", "may", "may_not"), MAY)
def test_a_key_is_for_what_its_scopes_say(client, keys, scope, may, may_not):
    text, _ = keys.add(f"alleen {scope}", scopes=frozenset({scope}))
    headers = {"Authorization": f"Bearer {text}"}
    assert {path: client.get(path, headers=headers).status_code for path in may} == dict.fromkeys(may, 200)
    assert {path: client.get(path, headers=headers).status_code for path in may_not} == dict.fromkeys(may_not, 403)


def test_whoever_asks_too_much_has_to_wait(parts, keys):
    text, _ = keys.add("haastig", scopes=frozenset({"ask"}), rate="2/minute")
    with client_of(replace(parts, limits=Limits())) as client:
        client.headers["Authorization"] = f"Bearer {text}"
        asked = [client.get("/v1/passages?q=woning") for _ in range(3)]
        assert [one.status_code for one in asked] == [200, 200, 429]
        assert asked[2].json()["type"] == "urn:vng-assistent:problem:too-many-requests"
        assert 1 <= int(asked[2].headers["retry-after"]) <= 60
        assert client.post("/v1/answers", json={"question": PUBLIC_QUESTION}).status_code == 429
        assert client.get("/v1/documents").status_code == 200  # reading goes on
        page = client.get("/documenten?zoek=woning", headers={"Accept": HTML})
        assert page.status_code == 429
        assert page.headers["retry-after"]
        assert "te snel" in page_of(page, 429).text


def test_wrong_keys_are_held_up_and_good_ones_are_not(parts, outsider):
    with client_of(replace(parts, limits=Limits())) as client:
        wrong = {"Authorization": f"Bearer {new_text()}"}
        statuses = [client.get("/v1/documents", headers=wrong).status_code for _ in range(21)]
        assert statuses == [401] * 20 + [429]
        assert client.get("/v1/documents", headers={"Authorization": f"Bearer {outsider}"}).status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Basic Z3JpZmZpZTp4", "Stuur je sleutel mee"),
        ("Bearer", "klopt niet"),
        ("Bearer vng_abc", "klopt niet"),
        ("Bearer UNKNOWN", "bestaat niet"),
    ],
)
def test_a_program_reads_what_is_wrong_with_its_key(client, given, said):
    client.cookies.clear()
    given = given.replace("UNKNOWN", new_text())
    response = client.get("/v1/documents", headers={"Authorization": given})
    assert response.status_code == 401
    assert said in response.json()["detail"]
    assert response.headers["www-authenticate"] == 'Bearer realm="vng-assistent"'


def test_a_session_is_no_key_for_programs(client, parts, outsider):
    client.cookies["vng"] = parts.sessions.seal(Session("x" * 43, prefix_of(outsider) or ""))
    assert client.get("/documenten").status_code == 200
    assert client.get("/v1/documents").status_code == 401
    assert client.get("/metrics").status_code == 401
    client.cookies.clear()


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_server_for_one_person_serves_nobody_that_another_server_brings(parts, header):
    with client_of(replace(parts, access=Open())) as client:
        assert client.get("/v1/documents").status_code == 200
        response = client.get("/v1/documents", headers={header: "198.51.100.1"})
        assert response.status_code == 403
        assert response.json()["type"].endswith(":not-for-others")
        assert "--login" in response.json()["detail"]


def test_where_keys_cannot_be_read_nobody_comes_in(parts, tmp_path):
    keys = KeyFile(tmp_path / "keys.json")
    text, _ = keys.add("griffie", scopes=EVERYTHING)
    with client_of(replace(parts, access=Keyed(keys))) as client:
        headers = {"Authorization": f"Bearer {text}"}
        assert client.get("/v1/documents", headers=headers).status_code == 200
        (tmp_path / "keys.json").write_text("{", encoding="utf-8")
        response = client.get("/v1/documents", headers=headers)
        assert response.status_code == 503
        assert response.json()["type"].endswith(":keys-unavailable")
        assert str(tmp_path) not in response.text
        assert client.get("/health/live").status_code == 200


@pytest.mark.parametrize("name", [HIDDEN_SOURCE, HIDDEN_PDF])
def test_uploading_under_the_name_of_a_hidden_file_tells_nothing(client, parts, outsider, name):
    """Last, for what is uploaded waits here and is listed from then on."""
    seen = []
    for one in (name, name.replace("geheim", "anders")):
        content = b"%PDF-1.4 kapot" if one.endswith(".pdf") else b"# Nota\n\nEr staat niets in.\n"
        file = [("files", (one, content))]
        response = client.post("/v1/documents", files=file, headers={"Authorization": f"Bearer {outsider}"})
        assert response.status_code == 202
        session = Session("x" * 43, prefix_of(outsider) or "")
        client.cookies["vng"] = parts.sessions.seal(session)
        form = [("csrf", (None, session.csrf)), ("audience", (None, "iedereen")), *file]
        page = client.post("/beheer/documenten", files=form, headers={"Accept": HTML})
        client.cookies.clear()
        told = re.sub(r"[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.+Z]+", "", response.text).replace(one, "NAAM")
        seen.append((told, page.status_code, page.headers["location"]))
    assert seen[0] == seen[1]
