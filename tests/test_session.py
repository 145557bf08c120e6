"""Sessions: their cookies, logging in and out, and forms that only a page of ours can send."""

import stat
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access import Keyed
from api.keys import KeyFile, new_text
from api.limits import Limits
from api.session import LONGEST_FIELD, Session, Sessions, own_path, read_secret
from ingest.encode import load_encoder
from tests.api_server import client_of, open_parts, publish_corpus
from tests.web_pages import get_page, page_of

ASK = frozenset({"ask"})
LATER = timedelta(days=2)


class Clock:
    """The time as it is, and later when it is moved on."""

    def __init__(self):
        self.ahead = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="module")
def open_ones(tmp_path_factory):
    encoder = load_encoder(None)
    with open_parts(publish_corpus(tmp_path_factory.mktemp("sessies"), encoder), encoder) as parts:
        yield parts


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keys(tmp_path, clock):
    return KeyFile(tmp_path / "keys.json", clock=clock)


@pytest.fixture
def parts(open_ones, keys):
    return replace(open_ones, access=Keyed(keys), limits=Limits(), look=replace(open_ones.look, login=True))


@pytest.fixture
def client(parts):
    with client_of(parts, proxies=frozenset({"127.0.0.1"})) as client:
        yield client


def log_in(client, key, back="/", **headers):
    page = page_of(client.get("/inloggen", params={"terug": back}, headers=headers))
    return client.post(
        "/inloggen", data={"csrf": page.csrf(), "sleutel": key, "terug": back}, headers=headers, follow_redirects=False
    )


def cookie_of(response):
    """The name, the value and the properties of the cookie that a response sets."""
    pair, *properties = response.headers["set-cookie"].split("; ")
    name, _, value = pair.partition("=")
    return name, value, set(properties)


def test_a_session_is_known_by_its_signature():
    sessions = Sessions(b"x" * 32)
    session = Session("waarde", "aB3dE6gH")
    sealed = sessions.seal(session)
    assert sessions.unseal(sealed) == session
    assert Sessions(b"x" * 32).unseal(sealed) == session
    assert Sessions(b"y" * 32).unseal(sealed) is None
    assert Sessions().unseal(sealed) is None


def test_a_session_that_is_too_old_is_none():
    assert Sessions(b"x" * 32, lifetime=-1).unseal(Sessions(b"x" * 32).seal(Session("waarde"))) is None


@given(st.text())
def test_no_other_cookie_is_a_session(text):
    assert Sessions(b"x" * 32).unseal(text) is None


@given(st.data())
def test_a_cookie_that_was_changed_is_none(data):
    sessions = Sessions(b"x" * 32)
    sealed = sessions.seal(Session("waarde", "aB3dE6gH"))
    place = data.draw(st.integers(0, len(sealed) - 2))  # of the last character not every bit counts
    other = data.draw(st.sampled_from("abcXYZ019-_."))
    changed = sealed[:place] + other + sealed[place + 1 :]
    assert changed == sealed or sessions.unseal(changed) is None


def test_the_secret_is_made_once_and_is_for_its_owner_only(tmp_path):
    path = tmp_path / "data" / "session-secret"
    secret = read_secret(path)
    assert len(secret) == 32
    assert read_secret(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["session-secret"]
    path.write_bytes(b"half")
    assert len(read_secret(path)) == 32


@pytest.mark.parametrize("path", ["/", "/documenten/a?pagina=2&zoek=x%20y", "/antwoorden/ab#citaat", "/x//y", "/a:b@c"])
def test_a_path_of_ours_is_gone_back_to(path):
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        *("", "x", "https://kwaad.example", "//kwaad.example", "/\\kwaad.example", "\\\\kwaad.example", "///kwaad"),
        *(
            "/\t/kwaad.example",
            "/\n/kwaad.example",
            "\t//kwaad",
            " //kwaad",
            "javascript:alert(1)",
            "/x\r\nSet-Cookie: a",
        ),
        *("/inloggen", "/inloggen?terug=/", "/uitloggen", "/" + "x" * 3000, "/ x", "/\u2028", None, 3, b"/x"),
    ],
)
def test_anything_else_is_not(path):
    assert own_path(path, "/begin") == "/begin"


@given(st.text(alphabet="/\\:@.?#ehtpsx\t\n %"))
def test_no_path_leads_to_another_site(text):
    found = own_path(text)
    parts = urlsplit(found.replace("\\", "/"))
    assert found.startswith("/")
    assert not parts.netloc
    assert not parts.scheme


def test_who_is_not_logged_in_is_sent_to_where_he_can(client):
    response = client.get("/documenten?zoek=woning", follow_redirects=False)
    assert response.status_code == 303
    where = urlsplit(response.headers["location"])
    assert where.path == "/inloggen"
    assert httpx.QueryParams(where.query)["terug"] == "/documenten?zoek=woning"


def test_logging_in_and_out(client, keys):
    text, key = keys.add("Griffie Veldrijk", scopes=ASK)
    page = get_page(client, "/inloggen")
    before = client.cookies["vng"]
    assert page.one("#sleutel").attributes["type"] == "password"
    assert page.one("#sleutel").attributes["autocomplete"] == "current-password"
    response = log_in(client, text, "/documenten?zoek=woning")
    assert response.status_code == 303
    assert response.headers["location"] == "/documenten?zoek=woning"
    name, value, properties = cookie_of(response)
    assert name == "vng"
    assert value != before
    assert properties == {"Path=/", "HttpOnly", "SameSite=Lax"}
    assert text not in value
    documents = get_page(client, "/documenten")
    assert "Griffie Veldrijk" in documents.response.text
    out = client.post("/uitloggen", data={"csrf": documents.csrf()}, follow_redirects=False)
    assert out.headers["location"] == "/inloggen"
    assert client.get("/documenten", follow_redirects=False).status_code == 303
    assert key.prefix not in client.cookies["vng"]


def test_over_tls_the_cookie_is_for_us_alone(client, keys):
    text, _ = keys.add("griffie", scopes=ASK)
    tls = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    form = client.get("/inloggen", headers=tls)
    assert form.headers["strict-transport-security"].startswith("max-age=31536000")
    name, value, properties = cookie_of(form)
    assert name == "__Host-vng"
    assert properties == {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"}
    # The client here speaks without TLS, and so keeps such a cookie to itself.
    tls["Cookie"] = f"{name}={value}"
    data = {"csrf": page_of(form).csrf(), "sleutel": text}
    response = client.post("/inloggen", data=data, headers=tls, follow_redirects=False)
    name, value, _ = cookie_of(response)
    assert client.get("/documenten", headers={**tls, "Cookie": f"{name}={value}"}).status_code == 200
    # A cookie that did not come over TLS is no session there.
    other = {**tls, "Cookie": f"vng={value}"}
    assert client.get("/documenten", headers=other, follow_redirects=False).status_code == 303
    assert "strict-transport-security" not in client.get("/inloggen").headers


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda keys, text: "", "Vul je sleutel in"),
        (lambda keys, text: text[:-1], "klopt niet"),
        (lambda keys, text: new_text(), "bestaat niet"),
        (lambda keys, text: keys.revoke("griffie") and text, "ingetrokken"),
    ],
)
def test_what_is_wrong_with_a_key_is_told_at_the_field(client, keys, change, said):
    text, _ = keys.add("griffie", scopes=ASK)
    given = change(keys, text)
    response = log_in(client, given, "/documenten")
    page = page_of(response, 403)
    assert said in page.text
    field = page.one("#sleutel")
    assert field.attributes["aria-invalid"] == "true"
    assert said in page.one("#" + (field.attributes["aria-describedby"] or "").split()[-1]).text()
    assert not given or given not in response.text
    assert page.one("input[name=terug]").attributes["value"] == "/documenten"
    assert client.get("/documenten", follow_redirects=False).status_code == 303


def test_logging_in_leads_to_no_other_site(client, keys):
    text, _ = keys.add("griffie", scopes=ASK)
    assert log_in(client, text, "//kwaad.example/").headers["location"] == "/"


def test_who_tries_too_often_has_to_wait_and_a_good_key_has_not(client, keys):
    text, _ = keys.add("griffie", scopes=ASK)
    statuses = [log_in(client, new_text()).status_code for _ in range(21)]
    assert statuses == [403] * 20 + [429]
    response = log_in(client, new_text())
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert "te vaak" in page_of(response, 429).text
    assert log_in(client, new_text(), **{"X-Forwarded-For": "192.0.2.8"}).status_code == 403
    assert log_in(client, text).status_code == 303


def test_a_session_ends_with_its_key(client, keys, clock):
    text, _ = keys.add("griffie", scopes=ASK, expires=date.today() + LATER)
    log_in(client, text)
    assert client.get("/documenten").status_code == 200
    clock.ahead = LATER
    assert client.get("/documenten", follow_redirects=False).status_code == 303
    clock.ahead = timedelta()
    assert client.get("/documenten").status_code == 200
    keys.revoke("griffie")
    assert client.get("/documenten", follow_redirects=False).status_code == 303


def test_a_session_lasts_as_long_as_it_is_used(parts, keys):
    text, _ = keys.add("griffie", scopes=ASK)
    renewing = replace(parts, sessions=Sessions(b"x" * 32, lifetime=3600, renewed=-1))
    with client_of(renewing) as client:
        log_in(client, text)
        first = client.cookies["vng"]
        before = get_page(client, "/documenten")
        time.sleep(1.1)  # the signature has whole seconds
        assert client.get("/documenten").headers["set-cookie"]
        assert client.cookies["vng"] != first
        assert client.post("/uitloggen", data={"csrf": before.csrf()}, follow_redirects=False).status_code == 303
    with client_of(replace(parts, sessions=Sessions(b"x" * 32, lifetime=-1))) as client:
        client.cookies["vng"] = first
        assert client.get("/documenten", follow_redirects=False).status_code == 303


def test_a_fresh_session_is_left_as_it_is(client, keys):
    text, _ = keys.add("griffie", scopes=ASK)
    log_in(client, text)
    assert "set-cookie" not in client.get("/documenten").headers


def test_a_form_without_the_value_of_the_session_is_refused(client, keys):
    text, _ = keys.add("griffie", scopes=ASK)
    for sent in ({}, {"csrf": ""}, {"csrf": "x" * 43}, {"csrf": "é"}):
        response = client.post("/inloggen", data={**sent, "sleutel": text}, follow_redirects=False)
        assert response.status_code == 403
    assert client.get("/documenten", follow_redirects=False).status_code == 303
    log_in(client, text)
    mine = get_page(client, "/documenten").csrf()
    with httpx.Client(base_url=client.base_url) as other:
        theirs = get_page(other, "/inloggen").csrf()
    assert mine != theirs
    assert client.post("/uitloggen", data={"csrf": theirs}, follow_redirects=False).status_code == 403
    assert client.get("/documenten").status_code == 200


def test_a_form_has_to_be_a_form_of_our_size(client):
    csrf = get_page(client, "/inloggen").csrf()
    many = {"csrf": csrf, **{f"veld{number}": "x" for number in range(100)}}
    assert client.post("/inloggen", data=many).status_code == 400
    long = {"csrf": csrf, "sleutel": "x" * (LONGEST_FIELD + 1)}
    assert client.post("/inloggen", data=long).status_code == 400
    assert client.post("/inloggen", json={"csrf": csrf}).status_code == 415
    assert client.post("/inloggen", files={"csrf": csrf.encode()}).status_code == 415


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://kwaad.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "https://kwaad.example", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_nothing_changes_for_a_page_of_another_site(client, open_ones, keys, headers):
    text, _ = keys.add("griffie", scopes=ASK)
    log_in(client, text)
    csrf = get_page(client, "/documenten").csrf()
    assert client.post("/uitloggen", data={"csrf": csrf}, headers=headers).status_code == 403
    assert client.get("/documenten", headers=headers).status_code == 200  # following a link
    with client_of(open_ones) as alone:
        for path in ("/v1/answers", "/v1/feedback", "/v1/documents", "/vraag", "/bestaat-niet"):
            response = alone.post(path, json={"question": "Wat?"}, headers={"Accept": "application/json", **headers})
            assert response.status_code == 403
            assert response.json()["type"].endswith(":csrf")


def test_a_page_of_ours_and_a_program_may(client, keys):
    text, _ = keys.add("griffie", scopes=ASK)
    own = str(client.base_url).rstrip("/")
    for headers in ({}, {"Origin": own}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert log_in(client, text, **headers).status_code == 303


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_site_cannot_send_json_without_asking_first(open_ones, content_type):
    """What a form of any site can send is no JSON, and a browser that asks whether it may send that gets no yes."""
    with client_of(open_ones) as client:
        body = b'{"question": "Wat is een gezinscoach?"}'
        response = client.post("/v1/answers", content=body, headers={"Content-Type": content_type})
        assert response.status_code == 415
        asked = client.options(
            "/v1/answers",
            headers={
                "Origin": "https://kwaad.example",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "content-type",
            },
        )
        assert asked.status_code == 405
        assert not [name for name in asked.headers if name.startswith("access-control-")]


def test_the_one_person_of_a_computer_need_not_log_in(open_ones):
    with client_of(open_ones) as client:
        response = client.get("/inloggen?terug=/documenten", follow_redirects=False)
        assert (response.status_code, response.headers["location"]) == (303, "/documenten")
        page = get_page(client, "/documenten")
        assert "Uitloggen" not in page.response.text
