"""Whatever goes wrong on a page is a page; a program gets what it always got."""

from dataclasses import replace

import pytest
from fastapi import FastAPI
from starlette.middleware import Middleware

from api.access import Caller, Open
from api.app import create_app
from api.errors import Busy, StoreUnavailable, Unauthenticated
from api.look import Look
from api.metrics import Metrics
from api.middleware import Envelope
from api.problems import tell_problems
from api.web.errors import ProblemPages, wants_page
from tests.api_server import client_of, open_parts, publish_corpus, serving
from tests.web_pages import get_page, page_of

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
INSIDE = "zilveren-wachtwoord"


@pytest.fixture(scope="module")
def parts(tmp_path_factory, encoder):
    data = publish_corpus(tmp_path_factory.mktemp("fouten"), encoder)
    with open_parts(data, encoder) as parts:
        yield replace(parts, look=Look(organisation="Gemeente Veldrijk", contact="griffie@veldrijk.example"))


@pytest.fixture(scope="module")
def client(parts):
    with client_of(parts) as client:
        yield client


@pytest.mark.parametrize("path", ["/bestaat-niet", "/antwoorden/" + "0" * 32, "/antwoorden/x", "/antwoorden/%00"])
def test_what_is_not_there_helps_on(client, path):
    page = get_page(client, path, 404)
    assert page.heading in ("Deze pagina is er niet", "Dit antwoord is er niet")
    assert page.links()["Stel een vraag"] == "/"
    assert page.one("form[role=search]").attributes["action"] == "/documenten"
    assert page.response.headers["x-request-id"] in page.text
    assert page.links()["Neem contact op"] == "mailto:griffie@veldrijk.example"
    assert "openapi" not in page.text
    assert page.title.endswith("Gemeente Veldrijk")


@pytest.mark.parametrize("path", ["/v1/bestaat-niet", "/v1", "/health/x", "/metrics/x"])
def test_a_program_gets_data_whatever_it_says_it_reads(client, path):
    response = client.get(path, headers=HTML)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json", "application/problem+json"])
def test_whoever_asks_for_data_gets_data(client, accept):
    response = client.get("/bestaat-niet", headers={"Accept": accept})
    assert response.headers["content-type"] == "application/problem+json"


def test_a_wrong_way_of_asking_is_a_page_too(client):
    page = page_of(client.put("/", headers=HTML), 405)
    assert page.response.headers["allow"] == "GET, HEAD"


def test_a_body_that_is_too_large_is_a_page_too(client):
    response = client.post("/vraag", content=b"x" * 100_000, headers={**HTML, "Content-Type": "text/plain"})
    assert page_of(response, 413).heading == "Dit is te veel in één keer"


def test_a_name_that_is_not_ours_is_a_page_too(client):
    page_of(client.get("/", headers={**HTML, "Host": "evil.example"}), 421)


def test_before_there_are_documents_the_page_says_so(tmp_path, encoder):
    with open_parts(tmp_path / "leeg", encoder) as parts, client_of(parts) as client:
        page = get_page(client, "/", 503)
        assert page.heading == "Er zijn nog geen documenten"
        assert page.response.headers["retry-after"] == "60"
        assert "Wacht" not in page.text, "nothing changes by waiting"
        assert "vng-assistent ingest MAP" in page.text
        assert not [link for link in page.links().values() if link == "/beheer/documenten"], "nothing is uploaded here"


def test_whoever_only_asks_is_sent_to_who_adds_documents(tmp_path, encoder):
    with open_parts(tmp_path / "leeg", encoder) as parts, client_of(replace(parts, access=Asking())) as client:
        page = get_page(client, "/", 503)
        assert "Vraag de beheerder" in page.text
        assert "vng-assistent ingest" not in page.text


class Asking(Open):
    """Access that lets everybody ask, and no more."""

    def caller(self, request):
        return Caller(scopes=frozenset(["ask"]))


class Closed(Open):
    """Access that knows nobody."""

    def caller(self, request):
        raise Unauthenticated


def test_whoever_is_not_known_is_brought_to_where_he_logs_in(parts):
    with client_of(replace(parts, access=Closed())) as client:
        response = client.get("/antwoorden/abc?dank=ja&x=//evil.example", headers=HTML)
        assert response.status_code == 303
        assert response.headers["location"] == "/inloggen?terug=/antwoorden/abc%3Fdank%3Dja%26x%3D//evil.example"
        sent = client.post("/vraag", data={"vraag": "Wat?"}, headers=HTML)
        assert sent.headers["location"] == "/inloggen?terug=/"
        script = client.post("/vraag", data={"vraag": "Wat?"}, headers={"Accept": "text/event-stream"})
        assert script.status_code == 401


def failing_app():
    """An application without parts of which every page fails in its own way."""
    app = FastAPI(
        middleware=[Middleware(Envelope, metrics=Metrics(), version="1"), Middleware(ProblemPages)],
        openapi_url=None,
    )
    tell_problems(app)

    def fails(error):
        async def route():
            raise error

        return route

    app.add_api_route("/stuk", fails(RuntimeError(INSIDE)))
    app.add_api_route("/druk", fails(Busy(7)))
    app.add_api_route("/opslag", fails(StoreUnavailable(INSIDE)))
    return app


@pytest.fixture(scope="module")
def failing():
    import httpx

    with serving(failing_app()) as address, httpx.Client(base_url=address) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/stuk", 500, "Er ging iets mis"),
        ("/druk", 503, "Het is te druk"),
        ("/opslag", 503, "De bewaarde antwoorden zijn niet bereikbaar"),
    ],
)
def test_a_failure_is_a_page_that_needs_nothing_and_tells_no_secrets(failing, path, status, heading):
    page = get_page(failing, path, status)
    assert page.heading == heading
    assert INSIDE not in page.response.text
    assert "RuntimeError" not in page.response.text
    assert page.response.headers["x-request-id"] in page.text


def test_how_long_to_wait_is_told_to_man_and_machine(failing):
    page = get_page(failing, "/druk", 503)
    assert page.response.headers["retry-after"] == "7"
    assert "Wacht 7 seconden" in page.text


@pytest.mark.parametrize(
    ("path", "accept", "page"),
    [
        ("/", "", True),
        ("/", "*/*", True),
        ("/documenten/v1", "text/html", True),
        ("/v1x", "text/html", True),
        ("/v1/answers", "text/html", False),
        ("/metrics", "text/html", False),
        ("/vraag", "text/event-stream", False),
        ("/vraag", "text/event-stream, text/html;q=0.5", False),
    ],
)
def test_who_wants_a_page(path, accept, page):
    scope = {"type": "http", "path": path, "headers": [(b"accept", accept.encode())] if accept else []}
    assert wants_page(scope) is page


def test_the_whole_application_has_them(parts):
    assert "ProblemPages" in [getattr(one.cls, "__name__", "") for one in create_app(parts).user_middleware]
