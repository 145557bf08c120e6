"""The frame and the pages about the assistant, in a real browser: everybody can see, reach and read what is there."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from api.app import create_app
from api.look import Look
from ingest.encode import Encoder
from tests.api_server import open_parts, publish_corpus, serving
from tests.browser import (
    NARROW,
    NARROW_DARK,
    WIDE,
    WIDE_DARK,
    Screen,
    chromium,
    focused,
    overflowing,
    shown,
    small_targets,
    violations,
)

PATHS = ("/", "/over", "/privacy", "/toegankelijkheid", "/documenten", "/bestaat-niet")
ORGANISATION = "Gemeente Ooster-Veldrijkerhuizen"
LOOK = Look(organisation=ORGANISATION, contact="griffie@veldrijk.example", retention_days=90, masked=True)
THEMED = replace(LOOK, theme=":root {\n  --thema-balk: #5a1e4a;\n  --thema-donker-balk: #3a0f2e;\n}\n")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    return publish_corpus(tmp_path_factory.mktemp("look"), encoder)


@pytest.fixture(scope="module")
def address(published: Path, encoder: Encoder) -> Iterator[str]:
    with open_parts(published, encoder) as parts, serving(create_app(replace(parts, look=LOOK))) as found:
        yield found


@pytest.mark.parametrize("screen", [WIDE, NARROW_DARK], ids=str)
def test_every_page_can_be_used_by_everybody(browser: Browser, address: str, screen: Screen) -> None:
    with shown(browser, address, screen) as page:
        for path in PATHS:
            page.goto(path)
            assert (path, violations(page)) == (path, [])


@pytest.mark.parametrize("screen", [Screen(256, 256), NARROW], ids=str)
def test_no_page_scrolls_sideways(browser: Browser, address: str, screen: Screen) -> None:
    with shown(browser, address, screen) as page:
        for path in PATHS:
            page.goto(path)
            assert (path, overflowing(page)) == (path, [])


def test_every_control_is_large_enough_to_hit(browser: Browser, address: str) -> None:
    with shown(browser, address, NARROW) as page:
        for path in PATHS:
            page.goto(path)
            assert (path, small_targets(page)) == (path, [])


def test_the_first_key_leads_past_the_menu(browser: Browser, address: str) -> None:
    with shown(browser, address) as page:
        page.goto("/over")
        page.keyboard.press("Tab")
        assert focused(page) == "Naar de inhoud"
        link = page.locator(".va-skip-link").bounding_box()
        assert link
        assert link["y"] >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert focused(page) == "Bekijk welke documenten dat zijn"


def test_keys_reach_every_control_in_the_order_of_the_page(browser: Browser, address: str) -> None:
    with shown(browser, address) as page:
        page.goto("/privacy")
        wanted = page.evaluate(
            "() => [...document.querySelectorAll('a[href], button, [tabindex=\"0\"]')].map((one) => one.textContent)"
        )
        found = []
        for _ in wanted:
            page.keyboard.press("Tab")
            found.append(focused(page))
        assert found == [" ".join(text.split()) for text in wanted]


@pytest.mark.parametrize("screen", [WIDE, WIDE_DARK, replace(WIDE, contrast="more")], ids=str)
def test_focus_is_always_visible(browser: Browser, address: str, screen: Screen) -> None:
    """Each control looks otherwise with the focus, by a ring of at least two pixels."""
    with shown(browser, address, screen) as page:
        page.goto("/documenten")
        for _ in range(page.locator("a[href], button, input:not([type=hidden]), select, [tabindex='0']").count()):
            page.keyboard.press("Tab")
            width, style, shadow = page.evaluate(
                "() => { const style = getComputedStyle(document.activeElement);"
                " return [parseFloat(style.outlineWidth), style.outlineStyle, style.boxShadow]; }"
            )
            assert (style, width >= 2) == ("solid", True), focused(page)
            assert shadow != "none", focused(page)


def colours(page: Page, selector: str) -> tuple[str, str]:
    found = page.locator(selector).first.evaluate(
        "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
    )
    return found[0], found[1]


def brightness(colour: str) -> int:
    return sum(map(int, re.findall(r"\d+", colour)[:3]))


def test_the_pages_follow_the_scheme_of_the_reader(browser: Browser, address: str) -> None:
    for screen, is_dark in ((WIDE, False), (WIDE_DARK, True)):
        with shown(browser, address, screen) as page:
            page.goto("/")
            text, background = colours(page, "body")
            assert (brightness(text) > brightness(background)) is is_dark
            field, under = colours(page, "textarea")
            assert (brightness(field) > brightness(under)) is is_dark


def test_more_contrast_is_black_on_white(browser: Browser, address: str) -> None:
    with shown(browser, address, replace(WIDE, contrast="more")) as page:
        page.goto("/over")
        assert colours(page, "body") == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")
        assert violations(page) == []


def test_forced_colours_leave_everything_visible(browser: Browser, address: str) -> None:
    with shown(browser, address, replace(WIDE, forced=True)) as page:
        page.goto("/")
        button = page.locator("main button").first
        assert button.evaluate("one => getComputedStyle(one).borderTopStyle") == "solid"
        assert violations(page) == []


def test_who_wants_no_motion_gets_none(browser: Browser, address: str) -> None:
    for still, scroll in ((True, "auto"), (False, "smooth")):
        with shown(browser, address, replace(WIDE, still=still)) as page:
            page.goto("/over")
            assert page.evaluate("() => getComputedStyle(document.documentElement).scrollBehavior") == scroll


def test_paper_has_no_menu(browser: Browser, address: str) -> None:
    with shown(browser, address) as page:
        page.goto("/over")
        page.emulate_media(media="print")
        assert not page.locator(".va-nav").is_visible()
        assert not page.locator(".va-footer").is_visible()
        assert page.locator("h1").is_visible()


def test_spacing_of_the_reader_cuts_nothing_off(browser: Browser, address: str) -> None:
    """The spacing of WCAG 1.4.12, which a reader may set himself."""
    css = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"
    with shown(browser, address, NARROW) as page:
        for path in PATHS:
            page.goto(path)
            page.evaluate(
                "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
                " document.adoptedStyleSheets = [sheet]; }",
                css,
            )
            assert (path, overflowing(page)) == (path, [])


def test_a_theme_gives_the_pages_another_colour(browser: Browser, published: Path, encoder: Encoder) -> None:
    with open_parts(published, encoder) as parts, serving(create_app(replace(parts, look=THEMED))) as address:
        for screen, bar in ((WIDE, "rgb(90, 30, 74)"), (WIDE_DARK, "rgb(58, 15, 46)")):
            with shown(browser, address, screen) as page:
                page.goto("/over")
                assert colours(page, ".va-header")[1] == bar
                assert violations(page) == []
