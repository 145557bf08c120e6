"""Pages that fit: on a phone, at 400 %, with wide text, on paper, in forced colours, without scripts, without npm."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from ingest.encode import Encoder
from tests.browser import NARROW, WIDE, Screen, chromium, overflowing, shown, small_targets
from tests.browser_site import FOLLOW_UP, QUESTIONS, Site, running_site
from tests.browser_states import STATES, named, seen

LIMIT = 150_000  # bytes of a page with its css and scripts
PLAIN = replace(WIDE, scripts=False)
KINDS = ("text/html", "text/css", "text/javascript")
# The spacing of WCAG 1.4.12, which a reader may set himself.
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
# Text that its own box cuts off.
CUT = """() => [...document.querySelectorAll("body *")]
  .filter((one) => !one.closest(".va-visually-hidden, .va-scroll, .va-skip-link, select, svg, textarea, option"))
  .filter((one) => ["hidden", "clip"].includes(getComputedStyle(one).overflowX) && one.offsetParent)
  .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
  .map((one) => one.outerHTML.slice(0, 100))"""
MOVING = """() => [
  ...document.getAnimations().map((one) => one.animationName ?? one.transitionProperty),
  ...[document.documentElement, document.body, document.querySelector("main")]
    .map((one) => getComputedStyle(one).scrollBehavior).filter((one) => one === "smooth"),
  ...[...document.querySelectorAll("*")].map((one) => getComputedStyle(one))
    .filter((one) => parseFloat(one.transitionDuration) > 0.001 || parseFloat(one.animationDuration) > 0.001)
    .map((one) => one.transitionProperty),
]"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("passen"), encoder) as running:
        yield running


def test_every_page_fits_on_a_phone_and_at_four_times_its_size(browser: Browser, site: Site) -> None:
    """Nor is there a control that a finger cannot hit, or text that is lost when its spacing is widened."""
    found = seen(browser, site, lost_on_a_phone, NARROW)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def lost_on_a_phone(page: Page) -> list[str]:
    found = overflowing(page) + small_targets(page)
    page.evaluate(SPACING)
    return [*found, *overflowing(page), *page.evaluate(CUT)]


def test_nothing_moves_for_who_wants_that(browser: Browser, site: Site) -> None:
    states = named("ask-filters", "answer-at-source", "feedback-error", "reader-pdf-quote", "admin-done")
    found = seen(browser, site, lambda page: page.evaluate(MOVING), replace(WIDE, still=True), states)
    assert {name: moving for name, moving in found.items() if moving} == {}


def test_paper_has_the_answer_and_its_sources_and_no_controls(browser: Browser, site: Site) -> None:
    with shown(browser, site.whole) as page:
        page.goto(site.answers["comparison"])
        page.emulate_media(media="print")
        for source in page.locator(".va-context").all():
            assert source.is_visible()
            assert source.evaluate("one => one.scrollHeight <= one.clientHeight + 1")
        for quote in page.locator(".va-quote").all():
            assert quote.is_visible()
        expect(page.locator(".va-print")).to_contain_text(f"{site.whole}{site.answers['comparison']}")
        for control in page.locator("nav, button, textarea, input:not([type=hidden]), select, summary, footer").all():
            assert not control.is_visible(), control.evaluate("one => one.outerHTML")


def test_forced_colours_leave_quotes_boxes_and_controls_to_be_told_apart(browser: Browser, site: Site) -> None:
    seen(browser, site, told_apart, replace(WIDE, forced=True), named("answer-fact", "reader-pdf-quote"))


def told_apart(page: Page) -> None:
    mark = page.locator("mark").first
    background, around = mark.evaluate(
        "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one.closest('main')).color]"
    )
    assert background not in ("rgba(0, 0, 0, 0)", around), page.url
    for button in page.locator("main button:visible").all():
        assert button.evaluate("one => getComputedStyle(one).borderTopStyle") == "solid", page.url


def test_the_whole_way_without_scripts(browser: Browser, site: Site) -> None:
    with shown(browser, site.whole, PLAIN) as page:
        page.goto("/")
        page.locator(".va-filters summary").click()
        page.locator("#vraag").fill(QUESTIONS["fact"])
        page.get_by_role("button", name="Stel je vraag").click()
        page.wait_for_url("**/antwoorden/*")
        assert page.locator("[data-copies], [data-prints]").first.is_hidden()
        answer = page.url
        page.locator("a.va-marker").first.click()
        assert page.url == f"{answer}#bron-1"
        page.get_by_role("link", name="Lees in het document").click()
        expect(page.locator("#citaat")).to_be_in_viewport()
        page.get_by_role("link", name="Terug naar het antwoord").click()
        assert page.url == f"{answer}#bron-1"
        page.locator("#vraag").fill(FOLLOW_UP)
        page.get_by_role("button", name="Stel je vraag").click()
        expect(page.locator("h1")).to_have_text(FOLLOW_UP)
        page.locator(".va-turns a").click()
        page.locator(".va-feedback__no > summary").click()
        page.get_by_role("button", name="Verstuur").last.click()
        expect(page.locator("#fouten")).to_be_visible()
        page.locator("#mening input[type=radio]").first.check()
        page.locator("#mening button[value=nee]").click()
        expect(page.locator(".va-feedback__thanks")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download als Word").click()
        assert download.value.suggested_filename.endswith(".docx")
        page.goto("/")
        page.get_by_role("button", name="Stel je vraag").click()
        expect(page.locator("#vraag-fout")).to_contain_text("Vul een vraag in.")


def _keep(kept: list[Response], response: Response) -> None:
    kept.append(response)


def test_no_page_weighs_more_than_150_kilobytes(browser: Browser, site: Site) -> None:
    """With its css and scripts, unpacked; nothing of it comes from anywhere else."""
    weights = {}
    for state in STATES:
        if state.act is None and state.server != "bare":
            with shown(browser, site.server(state.server)) as page:
                weighed: list[Response] = []
                page.on("response", partial(_keep, weighed))
                page.goto(state.path.format(**site.answers | site.documents), wait_until="networkidle")
                counted = [one for one in weighed if one.headers.get("content-type", "").startswith(KINDS)]
                assert len(counted) >= 3, "a page has css"
                weights[state.name] = sum(len(one.body()) for one in counted)
    assert {name: weight for name, weight in weights.items() if weight > LIMIT} == {}


def colour_of(page: Page, selector: str) -> str:
    found: str = page.locator(selector).first.evaluate("one => getComputedStyle(one).backgroundColor")
    return found


@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=str)
def test_without_the_css_of_npm_the_pages_are_tidy_too(browser: Browser, site: Site, screen: Screen) -> None:
    wrong = {}
    with shown(browser, site.whole, screen) as page:
        page.route("**/nlds/*.css", lambda route: route.fulfill(content_type="text/css", body=""))
        for state in named("ask-years-error", "answer-comparison", "feedback-error", "documents", "reader-pdf-quote"):
            state.enter(page, site)
            if found := overflowing(page) + small_targets(page) + page.evaluate(CUT):
                wrong[state.name] = found
            if state.name == "ask-years-error":
                assert re.fullmatch(r"rgb\(\d+, \d+, \d+\)", colour_of(page, "main .utrecht-button--primary-action"))
                sizes = [page.locator(f"#{one}").bounding_box() for one in ("van", "tot")]
                assert all(one and one["height"] >= 44 for one in sizes)
    assert wrong == {}
