"""The files that pages load: their addresses, what is sent of them, and that what they colour can be read."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.look import Look
from api.web.static_files import MEDIA_TYPES, PREFIX, ROOT, ours, read_files, static_file, static_has, static_url
from api.web.theme import COLOURS, LARGEST, PAIRS, contrast, read_theme
from assistant.errors import SettingsError
from ingest.encode import Encoder
from tests.api_server import client_of, open_parts

THEME = ":root {\n  --thema-accent: #7a0000;\n}\n"
NLDS = "nlds/nlds.css"
NO_NLDS = "the css of NL Design System is not built in: npm ci --prefix api/web && node api/web/build.mjs"
MOST = 150 * 1024  # bytes that a page may weigh with all that it loads; each page adds some 20 KB of html
PROPERTY = re.compile(r"(--va-[\w-]+):\s*(?:var\(--thema-([\w-]+),\s*)?(#[0-9a-f]{6})\)?;")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[httpx.Client]:
    data = tmp_path_factory.mktemp("static")
    with open_parts(data, encoder) as parts, client_of(replace(parts, look=Look(theme=THEME))) as found:
        yield found


def test_a_file_at_its_own_address_may_be_kept_for_ever(client: httpx.Client) -> None:
    response = client.get(static_url("app.css"))
    assert response.status_code == 200
    assert response.content == (ROOT / "app.css").read_bytes()
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["content-type"] == "text/css; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/static/app.css", "/static/0123456789ab/app.css"])
def test_at_an_address_without_its_version_it_is_asked_for_again(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-cache"


def test_what_a_client_has_is_not_sent_again(client: httpx.Client) -> None:
    url = static_url("app.css")
    etag = client.get(url).headers["etag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        again = client.get(url, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert client.get(url, headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("gzip;q=0", False), ("gzip; q=0.0", False), ("identity", False)],
)
def test_it_is_packed_for_who_can_unpack_it(client: httpx.Client, accepted: str, packed: bool) -> None:
    with client.stream("GET", static_url("app.css"), headers={"Accept-Encoding": accepted}) as response:
        sent = b"".join(response.iter_raw())
    assert (response.headers.get("content-encoding") == "gzip") is packed
    assert (gzip.decompress(sent) if packed else sent) == (ROOT / "app.css").read_bytes()
    assert response.headers["vary"] == "Accept-Encoding"
    assert int(response.headers["content-length"]) == len(sent)


def test_packed_and_not_packed_have_another_etag(client: httpx.Client) -> None:
    found = {
        client.get(static_url("app.css"), headers={"Accept-Encoding": one}).headers["etag"]
        for one in ("gzip", "identity")
    }
    assert len(found) == 2


def test_head_says_what_get_would_send(client: httpx.Client) -> None:
    url = static_url("app.css")
    head, get = client.head(url), client.get(url)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-length", "content-type", "content-encoding", "cache-control"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize(
    "path",
    [
        *("../app.py", "..%2fstatic_files.py", "%2e%2e/static_files.py", "app.css/", "app.css%00", "nlds/stamp"),
        *("/etc/passwd", "%2fetc%2fpasswd", "..%5cstatic_files.py", "", "nlds", "theme.css/x", "0123456789ab/"),
    ],
)
def test_nothing_else_is_sent(client: httpx.Client, path: str) -> None:
    # As it stands: the client would take "..", and what it does to "//", out before it asks.
    url = client.base_url.copy_with(raw_path=f"{PREFIX}/{path}".encode())
    assert client.get(url).status_code == 404


@given(st.text(max_size=40))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    assert static_has(name) is (name in ours().files)


def test_the_version_changes_with_any_file(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}", encoding="utf-8")
    (tmp_path / "onder").mkdir()
    (tmp_path / "onder" / "b.js").write_text("1;", encoding="utf-8")
    (tmp_path / "geheim.key").write_text("x", encoding="utf-8")
    first = read_files(tmp_path)
    assert sorted(first.files) == ["a.css", "onder/b.js"]
    assert first == read_files(tmp_path)
    (tmp_path / "onder" / "b.js").write_text("2;", encoding="utf-8")
    second = read_files(tmp_path)
    assert second.version != first.version
    assert second.url("a.css") == f"/static/{second.version}/a.css"
    with pytest.raises(KeyError):
        second.url("geheim.key")


def test_a_small_file_is_not_packed() -> None:
    assert static_file(b"a{}", ".css").packed is None
    packed = static_file(b"a{}" * 1000, ".css").packed
    assert packed is not None
    assert gzip.decompress(packed) == b"a{}" * 1000


def test_every_file_has_a_media_type() -> None:
    strange = [path.name for path in ROOT.iterdir() if path.is_file() and path.suffix not in MEDIA_TYPES]
    assert strange == []


def test_the_theme_is_sent_at_an_address_that_changes_with_it(client: httpx.Client) -> None:
    look = Look(theme=THEME)
    response = client.get(look.theme_url)
    assert response.text == THEME
    assert "immutable" in response.headers["cache-control"]
    assert client.get("/static/theme.css").headers["cache-control"] == "no-cache"
    assert Look(theme=THEME + " ").theme_url != look.theme_url


def test_without_a_theme_there_is_no_file_of_it(tmp_path: Path, encoder: Encoder) -> None:
    with open_parts(tmp_path, encoder) as parts, client_of(parts) as client:
        assert client.get("/static/theme.css").status_code == 404


# What a theme may say.


def theme_file(folder: Path, content: str | bytes) -> Path:
    path = folder / "huisstijl.css"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_theme_is_read(tmp_path: Path) -> None:
    css = read_theme(theme_file(tmp_path, '/* x */ :root { --thema-balk: #003; --thema-letter: "Fira Sans", serif; }'))
    assert css == ':root {\n  --thema-balk: #003;\n  --thema-letter: "Fira Sans", serif;\n}\n'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("body { color: red }", "schrijf de regels in één blok"),
        (":root { --thema-balk: #003; } a { color: red }", "schrijf de regels in één blok"),
        (":root { color: #000000; }", "color kan niet worden ingesteld"),
        (":root { --va-text: #000000; }", "--va-text kan niet worden ingesteld"),
        (":root { --thema-balk: url(https://elders.example/x.png); }", "Schrijf een kleur als"),
        (":root { --thema-letter: url(x); }", "Noem namen van lettertypen"),
        (":root { --thema-hoeken: 4; }", "Schrijf een maat als"),
        (":root { --thema-tekst: #999999; }", "het contrast is 2,8 en moet minstens 4,5 zijn"),
        (":root { --thema-donker-link: #000080; }", "--thema-donker-link (#000080) is niet goed te zien"),
        (b":root { --thema-letter: \xff; }", "geen tekst in UTF-8"),
        (":root {" + " " * LARGEST + "}", "te groot"),
    ],
)
def test_a_theme_that_cannot_be_used_is_told_at_the_start(tmp_path: Path, content: str | bytes, told: str) -> None:
    path = theme_file(tmp_path, content)
    with pytest.raises(SettingsError) as caught:
        read_theme(path)
    assert all(problem.startswith(f"VNG_THEME={path}: ") for problem in caught.value.problems)
    assert told.lower() in caught.value.problems[0].lower()


def test_a_theme_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="dit bestand is er niet"):
        read_theme(tmp_path / "weg.css")


@given(st.text(alphabet=':root{}-themabalk;#0f(),/* \n\\"<', max_size=120))
def test_no_theme_says_more_than_themes_may(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = theme_file(tmp_path_factory.getbasetemp(), f":root {{{text}}}")
    try:
        css = read_theme(path)
    except SettingsError:
        return
    assert re.fullmatch(r':root \{\n(?:  --thema-[a-z-]+: [#\w\s,."\'-]+;\n)*\}\n', css)


# Our own colours.


def schemes() -> list[dict[str, str]]:
    """The colours of app.css: on a light screen, on a dark one, and on both for who wants more contrast."""
    css = (ROOT / "app.css").read_text(encoding="utf-8").partition("@layer plain {")[0]
    light, dark, more, more_dark = (
        {name: colour for name, _, colour in PROPERTY.findall(part)} for part in css.split("@media")
    )
    return [light, light | dark, light | more, light | dark | more | more_dark]


STATES = ("info", "ok", "warning", "error")
ON = (
    *((text, f"{state}-surface", 4.5) for text in ("text", "text-subtle", "link") for state in STATES),
    *((text, under, 4.5) for text in ("text", "text-subtle", "heading", "link") for under in ("background", "surface")),
    *((text, under, 4.5) for text in ("link-hover", "visited") for under in ("background", "surface")),
    *((state, under, 4.5) for state in STATES for under in ("background", f"{state}-surface")),
    *(("on-header", "header", 4.5), ("on-accent", "accent", 4.5), ("on-accent", "accent-hover", 4.5)),
    *(("on-mark", "mark", 4.5), ("on-focus-halo", "focus-halo", 4.5), ("focus-halo", "focus", 3.0)),
    *(("border-strong", under, 3.0) for under in ("background", "surface")),
)


@pytest.mark.parametrize("scheme", range(4), ids=["light", "dark", "more contrast", "more contrast, dark"])
def test_what_stands_on_a_colour_can_be_read(scheme: int) -> None:
    colours = schemes()[scheme]
    faint = {
        f"{text} on {under}": round(found, 2)
        for text, under, least in ON
        if (found := contrast(colours[f"--va-{text}"], colours[f"--va-{under}"])) < least
    }
    assert faint == {}


def test_one_of_the_two_rings_stands_out_from_every_surface() -> None:
    for colours in schemes():
        for name, under in colours.items():
            rings = (contrast(colours["--va-focus"], under), contrast(colours["--va-focus-halo"], under))
            assert max(rings) >= 3, name


def test_a_theme_is_checked_against_the_colours_that_the_css_has() -> None:
    css = (ROOT / "app.css").read_text(encoding="utf-8")
    said = {name: colour for _, name, colour in PROPERTY.findall(css) if name}
    wanted: dict[str, str] = {}
    for name, (light, dark) in COLOURS.items():
        wanted |= {name: light, f"donker-{name}": dark}
    assert said == wanted


def test_every_pair_of_a_theme_holds_for_our_own_colours() -> None:
    for text, under, least in PAIRS:
        for screen in (0, 1):
            assert contrast(COLOURS[text][screen], COLOURS[under][screen]) >= least, (text, under)


def test_contrast_is_counted_as_wcag_does() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


# What comes from npm.


def test_all_that_a_page_loads_is_light() -> None:
    if not static_has(NLDS):
        pytest.skip(NO_NLDS)
    css = sum(len(file.content) for name, file in ours().files.items() if name.endswith(".css"))
    scripts = sum(len(file.content) for name, file in ours().files.items() if name.endswith(".js"))
    assert css + scripts < MOST - 20 * 1024
    assert len(ours().files[NLDS].content) <= 40 * 1024


def test_nlds_comes_before_our_own_css_and_loads_nothing() -> None:
    if not static_has(NLDS):
        pytest.skip(NO_NLDS)
    css = ours().files[NLDS].content.decode()
    layers = "@layer plain,nlds,va;"
    assert layers in css
    assert layers in (ROOT / "app.css").read_text(encoding="utf-8").replace(", ", ",")
    assert "url(" not in css
    assert "@import" not in css
    assert "EUPL-1.2" in ours().files["nlds/licences.txt"].content.decode()


def test_our_css_loads_nothing_from_elsewhere() -> None:
    for name, file in ours().files.items():
        if name.endswith(".css"):
            assert not re.search(r"@import|https?:|url\((?!['\"]?data:)", file.content.decode()), name
