"""The whole of it with the keyboard alone: asking, reading, following a source, asking on, an opinion, a download."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from ingest.encode import Encoder
from tests.browser import chromium, focused, shown
from tests.browser_site import FOLLOW_UP, QUESTIONS, Site, running_site

MOST_KEYS = 60
# What assistive technology reads out without being asked, and whether something on the page took the focus away.
_WATCH = """
addEventListener("DOMContentLoaded", () => {
  const LIVE = "[role=status], [role=alert], [aria-live]";
  window.said = [];
  window.lost = [];
  let last = null;
  document.addEventListener("focusin", (event) => { last = event.target; });
  new MutationObserver((records) => {
    const regions = new Set();
    for (const { target, addedNodes } of records) {
      const around = (target.closest ? target : target.parentElement)?.closest(LIVE);
      if (around) regions.add(around);
      for (const one of addedNodes) one.querySelectorAll?.(LIVE).forEach((it) => regions.add(it));
    }
    for (const one of regions) if (one.textContent.trim()) window.said.push(one.textContent.trim());
    if (last && document.activeElement === document.body) window.lost.push(last.outerHTML.slice(0, 200));
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
});
"""
_RING = """() => {
  const style = getComputedStyle(document.activeElement);
  const box = document.activeElement.getBoundingClientRect();
  return [style.outlineStyle, parseFloat(style.outlineWidth), box.width > 0 && box.height > 0];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("toetsen"), encoder) as running:
        yield running


@contextmanager
def watched(browser: Browser, site: Site, path: str) -> Iterator[Page]:
    """A page at this path, on which the focus may never be lost."""
    with shown(browser, site.whole) as page:
        page.add_init_script(_WATCH)
        page.goto(path)
        yield page
        assert page.evaluate("window.lost") == []


def tab_to(page: Page, text: str, *, key: str = "Tab") -> None:
    """Goes on until what begins with this text, or the field with this name, has the focus, which is always seen."""
    passed = []
    for _ in range(MOST_KEYS):
        page.keyboard.press(key)
        style, width, visible = page.evaluate(_RING)
        passed.append(focused(page))
        assert (style, width >= 2, visible) == ("solid", True, True), passed
        if passed[-1].startswith(text):
            return
    raise AssertionError(f"{text} is not among {passed}")


def focus_id(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.id")
    return found


def ask_with_keys(page: Page, question: str) -> None:
    tab_to(page, "vraag")
    page.keyboard.type(question)
    tab_to(page, "Stel je vraag")
    page.keyboard.press("Enter")


def said_of(page: Page, text: str) -> int:
    """How often something with this text was read out, once everything was."""
    page.wait_for_timeout(300)
    return sum(text in one for one in page.evaluate("window.said"))


@contextmanager
def held_questions(page: Page) -> Iterator[list[Route]]:
    """The questions that were sent, which wait until they are let through."""
    held: list[Route] = []
    page.route("**/vraag", lambda route: held.append(route))  # noqa: PLW0108 - it needs a function of Python
    yield held
    page.unroute("**/vraag")


def test_the_whole_way_with_the_keyboard_alone(browser: Browser, site: Site) -> None:
    with watched(browser, site, "/") as page:
        page.keyboard.press("Tab")
        assert focused(page) == "Naar de inhoud"
        page.keyboard.press("Enter")
        ask_with_keys(page, QUESTIONS["fact"])
        expect(page.locator("#antwoord")).to_be_focused()
        answer = page.url
        assert "/antwoorden/" in answer

        tab_to(page, "bron [1]")
        page.keyboard.press("Enter")
        expect(page.locator("#bron-1")).to_be_focused()
        tab_to(page, "Lees in het document")
        page.keyboard.press("Enter")
        page.wait_for_url("**/documenten/**")
        expect(page.locator("#citaat")).to_be_focused()
        expect(page.locator("#citaat")).to_be_in_viewport()
        tab_to(page, "Terug naar het antwoord", key="Shift+Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{answer}#bron-1")
        expect(page.locator("#bron-1")).to_be_focused()

        tab_to(page, "vraag")
        page.keyboard.type(FOLLOW_UP)
        tab_to(page, "Stel je vraag")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(FOLLOW_UP)
        expect(page.locator("#antwoord")).to_be_focused()
        assert page.url != answer
        expect(page.locator(".va-turns a")).to_have_text(QUESTIONS["fact"])


def test_an_opinion_with_the_keyboard_alone(browser: Browser, site: Site) -> None:
    with watched(browser, site, site.answers["fact"]) as page:
        tab_to(page, "Nee")
        page.keyboard.press("Enter")
        tab_to(page, "nuttig" if page.locator("button[name=nuttig]:text-is('')").count() else "Verstuur")
        page.keyboard.press("Enter")
        expect(page.locator("#reden")).to_be_focused()
        assert "Kies" in str(page.locator("#reden-fout").text_content())
        tab_to(page, "reden")
        page.keyboard.press("Space")
        tab_to(page, "Verstuur")
        page.keyboard.press("Enter")
        expect(page.locator(".va-feedback__thanks")).to_be_focused()


def test_a_download_with_the_keyboard_alone(browser: Browser, site: Site) -> None:
    with watched(browser, site, site.answers["fact"]) as page:
        for name, suffix in (("Word", ".docx"), ("ODT", ".odt"), ("Markdown", ".md")):
            tab_to(page, f"Download als {name}")
            with page.expect_download() as download:
                page.keyboard.press("Enter")
            assert download.value.suggested_filename.endswith(suffix)
            assert Path(download.value.path()).stat().st_size > 500


def test_an_answer_is_read_out_once(browser: Browser, site: Site) -> None:
    with watched(browser, site, "/") as page:
        ask_with_keys(page, QUESTIONS["fact"])
        expect(page.locator("#antwoord")).to_be_focused()
        spoken = str(page.locator("[data-spoken]").text_content()).split("[1]")[0]
        assert said_of(page, " ".join(spoken.split())) == 1


def test_a_question_is_asked_once_and_can_be_stopped(browser: Browser, site: Site) -> None:
    with watched(browser, site, "/") as page, held_questions(page) as held:
        for key in ("Enter", "Escape"):
            page.locator("#vraag").fill(QUESTIONS["fact"])
            page.locator("#vraag").focus()
            tab_to(page, "Stel je vraag")
            before = len(held)
            page.keyboard.press("Enter")
            page.keyboard.press("Enter")
            page.keyboard.press("Enter")
            tab_to(page, "Stop")
            page.keyboard.press(key)
            expect(page.locator("#vraag")).to_be_focused()
            expect(page.locator("#vraag")).to_have_value(QUESTIONS["fact"])
            expect(page.locator(".va-working")).to_have_count(0)
            assert len(held) == before + 1
        assert said_of(page, "Gestopt.") == 2


def test_an_empty_question_is_explained_at_its_field(browser: Browser, site: Site) -> None:
    with watched(browser, site, "/") as page:
        tab_to(page, "Stel je vraag")
        page.keyboard.press("Enter")
        expect(page.locator("#fouten")).to_be_visible()
        expect(page.locator("#vraag")).to_have_attribute("aria-invalid", "true")
        described = str(page.locator("#vraag").get_attribute("aria-describedby")).split()
        assert "Vul een vraag in." in str(page.locator(f"#{described[-1]}").text_content())
        tab_to(page, "Vul een vraag in.")
        page.keyboard.press("Enter")
        expect(page.locator("#vraag")).to_be_focused()


@pytest.mark.parametrize(
    ("status", "told"), [(503, "Het is nu te druk."), (0, "De verbinding brak af.")], ids=["busy", "broken"]
)
def test_what_goes_wrong_is_told_and_loses_nothing(browser: Browser, site: Site, status: int, told: str) -> None:
    def refuse(route: Route) -> None:
        if not status:
            route.abort()
            return
        route.fulfill(
            status=status,
            content_type="application/problem+json",
            json={"status": status, "title": "Het is nu te druk.", "detail": "Probeer het straks."},
        )

    with watched(browser, site, "/") as page:
        page.route("**/vraag", refuse)
        ask_with_keys(page, QUESTIONS["fact"])
        expect(page.locator("[data-problem]")).to_be_focused()
        assert told in focused(page)
        expect(page.locator("#vraag")).to_have_value(QUESTIONS["fact"])
        page.unroute("**/vraag")
        tab_to(page, "Stel je vraag")
        page.keyboard.press("Enter")
        expect(page.locator("#antwoord")).to_be_focused()


def test_back_and_forward_lead_to_the_pages_there_were(browser: Browser, site: Site) -> None:
    with watched(browser, site, "/") as page:
        ask_with_keys(page, QUESTIONS["fact"])
        expect(page.locator("#antwoord")).to_be_focused()
        page.go_back()
        expect(page.locator("h1")).to_have_text("Stel een vraag aan de documenten")
        page.go_forward()
        expect(page.locator("h1")).to_have_text(QUESTIONS["fact"])


def test_a_marker_leads_to_its_source_without_loading_the_page_anew(browser: Browser, site: Site) -> None:
    with watched(browser, site, site.answers["comparison"]) as page:
        page.locator("form.va-form textarea").fill("Wat ik al had geschreven")
        for number in (1, 2):
            page.locator(f"a.va-marker[href='#bron-{number}']").first.click()
            expect(page.locator(f"#bron-{number}")).to_be_in_viewport()
        page.go_back()
        page.wait_for_url("**#bron-1")
        expect(page.locator("form.va-form textarea")).to_have_value("Wat ik al had geschreven")


def test_an_answer_is_copied_with_its_sources(browser: Browser, site: Site) -> None:
    with watched(browser, site, site.answers["fact"]) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        tab_to(page, "Kopieer met bronnen")
        page.keyboard.press("Enter")
        expect(page.locator("[data-copies]")).to_have_text("Gekopieerd")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert QUESTIONS["fact"] in copied
        assert "interview met gemeentesecretaris Martin Broers" in copied
        assert f"{site.whole}{site.answers['fact']}" in copied
        assert said_of(page, "gekopieerd") == 1
