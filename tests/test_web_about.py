"""The pages about the assistant: true to the settings, and open to whoever has not logged in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from starlette.requests import HTTPConnection

from api.access import Caller, Open
from api.errors import Unauthenticated
from api.look import Look
from assistant.settings import Settings
from composition import look_of
from ingest.encode import Encoder
from tests.api_server import client_of, open_parts, publish_corpus
from tests.web_pages import Page, get_page

PATHS = ("/over", "/privacy", "/toegankelijkheid")


@dataclass(frozen=True, slots=True)
class Closed:
    """Access of a server on which everybody has to log in first, and nobody has."""

    def caller(self, request: HTTPConnection) -> Caller:
        raise Unauthenticated


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    return publish_corpus(tmp_path_factory.mktemp("about"), encoder)


@contextmanager
def served(data: Path, encoder: Encoder, **parts_with) -> Iterator[httpx.Client]:
    with open_parts(data, encoder) as parts, client_of(replace(parts, **parts_with)) as client:
        yield client


@pytest.fixture(scope="module")
def client(published: Path, encoder: Encoder) -> Iterator[httpx.Client]:
    with served(published, encoder) as found:
        yield found


def privacy(data: Path, encoder: Encoder, look: Look) -> Page:
    with served(data, encoder, look=look) as client:
        return get_page(client, "/privacy")


@pytest.mark.parametrize("path", PATHS)
def test_each_page_is_a_good_page(client: httpx.Client, path: str) -> None:
    page = get_page(client, path)
    assert [node.attributes["href"] for node in page.all("footer a[aria-current=page]")] == [path]


def test_the_menu_says_where_you_are(client: httpx.Client) -> None:
    page = get_page(client, "/over")
    assert page.texts("header [aria-current=page]") == ["Over"]
    assert page.texts("header nav li") == ["Vragen", "Documenten", "Over", "Beheer"]


def test_documents_are_counted_as_far_as_you_see_them(published: Path, encoder: Encoder) -> None:
    counts = []
    for groups in (frozenset[str](), frozenset({"directie"})):
        with served(published, encoder, access=Open(groups)) as client:
            text = get_page(client, "/over").text
            counts.append(int(text.partition("vragen stellen over ")[2].split()[0]))
    assert counts[1] == counts[0] + 1


def test_without_a_library_there_is_no_count(tmp_path: Path, encoder: Encoder) -> None:
    with served(tmp_path, encoder) as client:
        assert "vragen stellen over" not in get_page(client, "/over").text


@pytest.mark.parametrize("path", PATHS)
def test_nobody_has_to_log_in_to_read_them(published: Path, encoder: Encoder, path: str) -> None:
    with served(published, encoder, access=Closed(), look=Look(login=True)) as client:
        page = get_page(client, path)
        assert page.texts("header nav li") == ["Vragen", "Documenten", "Over", "Inloggen"]
        assert "vragen stellen over" not in page.text  # how many there are is theirs alone who may see them


def test_who_can_upload_has_that_in_the_menu(published: Path, encoder: Encoder) -> None:
    @dataclass(frozen=True, slots=True)
    class Reading:
        def caller(self, request: HTTPConnection) -> Caller:
            return Caller(name="raadslid", scopes=frozenset({"ask"}))

    with served(published, encoder, access=Reading()) as client:
        page = get_page(client, "/over")
    assert "Beheer" not in page.texts("header nav li")
    assert page.texts("header form button") == ["Uitloggen"]
    assert page.texts("header form span") == ["raadslid"]


def test_how_long_is_kept_is_as_the_settings_say(published: Path, encoder: Encoder) -> None:
    assert "na 90 dagen gewist" in privacy(published, encoder, Look(retention_days=90)).text
    assert "na 1 dag gewist" in privacy(published, encoder, Look(retention_days=1)).text
    assert "geen vaste tijd" in privacy(published, encoder, Look()).text


def test_masking_is_named_where_it_is_done(published: Path, encoder: Encoder) -> None:
    assert "onleesbaar gemaakt" in privacy(published, encoder, Look(masked=True)).text
    assert "onleesbaar" not in privacy(published, encoder, Look()).text


def test_a_language_model_is_named_with_its_server(published: Path, encoder: Encoder) -> None:
    page = privacy(published, encoder, Look(language_model="model.veldrijk.example"))
    assert "gaan daarvoor naar de server model.veldrijk.example" in page.text
    without = privacy(published, encoder, Look())
    assert "helemaal op de server van deze website" in without.text
    assert "gaan daarvoor naar" not in without.text


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("griffie@veldrijk.example", "mailto:griffie@veldrijk.example"),
        ("https://veldrijk.example/contact", "https://veldrijk.example/contact"),
        ("kamer 3", None),
        ("javascript:alert(1)", None),
    ],
)
def test_the_contact_is_a_link_when_it_can_be(
    published: Path, encoder: Encoder, contact: str, address: str | None
) -> None:
    page = privacy(published, encoder, Look(contact=contact))
    assert contact in page.text
    assert page.links().get(contact) == address


def test_the_name_of_the_organisation_is_text(published: Path, encoder: Encoder) -> None:
    page = privacy(published, encoder, Look(organisation="Gemeente <b>Veldrijk</b> & co"))
    assert page.one(".va-header__name").text().split()[:4] == ["Gemeente", "<b>Veldrijk</b>", "&", "co"]
    assert page.title == "Privacy – Gemeente <b>Veldrijk</b> & co"


def test_the_look_is_as_the_settings_say(tmp_path: Path) -> None:
    theme = tmp_path / "huisstijl.css"
    theme.write_text(":root { --thema-balk: #003366; }", encoding="utf-8")
    settings = Settings.model_validate(
        {
            "organisation": "Veldrijk",
            "theme": theme,
            "contact": "griffie@veldrijk.example",
            "retention_days": 30,
            "mask": True,
            "llm": "openai",
            "llm_url": "https://model.veldrijk.example:8443/v1",
            "llm_model": "x",
        }
    )
    look = look_of(settings, login=True)
    assert look.theme == ":root {\n  --thema-balk: #003366;\n}\n"
    assert (look.organisation, look.contact) == ("Veldrijk", "griffie@veldrijk.example")
    assert (look.login, look.retention_days, look.masked) == (True, 30, True)
    assert look.language_model == "model.veldrijk.example"
    unused = Settings.model_validate({"llm_url": "https://model.veldrijk.example/v1"})
    assert look_of(unused, login=False).language_model == ""
