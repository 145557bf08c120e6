"""Every page in every state that it can be in, and how a browser gets there."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from playwright.sync_api import Browser, Page

from tests.browser import WIDE, Screen, shown
from tests.browser_site import Site

Act = Callable[[Page], None]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class State:
    """A state: its name, the server and the path that it begins at, and what is done there.

    `path` names an answer as "{fact}" and a document by its suffix, as "{pdf}".
    """

    name: str
    path: str
    act: Act | None = None
    server: str = "whole"

    def enter(self, page: Page, site: Site) -> None:
        """Brings the page, of a browser on the server of this state, into it."""
        page.goto(self.path.format(**site.answers | site.documents), wait_until="load")
        if self.act is not None:
            self.act(page)


def _click(*selectors: str) -> Act:
    def act(page: Page) -> None:
        for one in selectors:
            page.locator(one).first.click()
        page.wait_for_load_state("load")

    return act


def _first_source(page: Page) -> None:
    """To the reader, at the first quote of an answer."""
    with page.expect_navigation():
        page.locator(".va-source__links a").first.click()
    _pictured(page)


def _pictured(page: Page) -> None:
    """Waits for the image of the page, where there is one: it is loaded only once it comes near."""
    for image in page.locator(".va-picture__image").all():
        image.evaluate("one => { one.loading = 'eager'; return one.decode(); }")


def _sent_source_feedback(page: Page) -> None:
    page.locator(".va-feedback--source summary").first.click()
    page.locator(".va-feedback--source button[value=nee]").first.click()
    page.locator(".va-feedback--source .utrecht-form-field-error-message").wait_for()


def _refused_feedback(page: Page) -> None:
    page.locator("#mening summary").click()
    page.locator("#mening button[value=nee]").click()
    page.locator("#reden-fout").wait_for()


def _thanked(page: Page) -> None:
    page.locator("#mening button[value=ja]").click()
    page.locator(".va-feedback__thanks").wait_for()


def _refused_question(page: Page) -> None:
    page.locator("form.va-form button[type=submit]").click()
    page.locator("#fouten").wait_for()


def _refused_years(page: Page) -> None:
    page.locator(".va-filters summary").click()
    page.locator("#vraag").fill("Wie vult het Naoberfonds?")
    page.locator("#van").fill("2024")
    page.locator("#tot").fill("2022")
    page.locator("form.va-form button[type=submit]").click()
    page.locator("#tot-fout").wait_for()


def _refused_login(page: Page) -> None:
    page.locator("#sleutel").fill("vng_verzonnen")
    page.locator(".va-login button").click()
    page.locator("#fouten").wait_for()


def _refused_upload(page: Page) -> None:
    page.locator("#files").set_input_files({"name": "nota.md", "mimeType": "text/markdown", "buffer": b"# Nota"})
    page.locator("summary").click()
    page.locator("#audience-iedereen").check()
    page.locator("#issued").fill("gisteren")
    page.locator("form[enctype] button").click()
    page.locator("#issued-fout").wait_for()


STATES = (
    State("ask", "/"),
    State("ask-filters", "/", _click(".va-filters summary")),
    State("ask-error", "/", _refused_question),
    State("ask-years-error", "/", _refused_years),
    State("answer-fact", "{fact}"),
    State("answer-list", "{list}"),
    State("answer-comparison", "{comparison}"),
    State("answer-partial", "{partial}"),
    State("answer-not-found", "{not-found}"),
    State("answer-reply", "{reply}"),
    State("answer-english", "{english}"),
    State("answer-english-list", "{english-list}"),
    State("answer-follow-up", "{follow-up}"),
    State("answer-changed", "{changed}"),
    State("answer-at-source", "{comparison}#bron-2"),
    State("feedback-open", "{fact}", _click("#mening summary")),
    State("feedback-error", "{fact}", _refused_feedback),
    State("feedback-thanks", "{fact}", _thanked),
    State("source-feedback", "{fact}", _click(".va-feedback--source summary")),
    State("source-feedback-error", "{fact}", _sent_source_feedback),
    State("documents", "/documenten"),
    State("documents-search", "/documenten?zoek=samenwerking"),
    State("documents-nothing", "/documenten?zoek=vleermuiskast&titel=xyzzy"),
    State("reader", "{docx}"),
    State("reader-quote", "{list}", _first_source),
    State("reader-pdf", "{pdf}", _pictured),
    State("reader-pdf-quote", "{partial}", _first_source),
    State("reader-search", "{odt}?zoek=integrale"),
    State("reader-search-nothing", "{odt}?zoek=vleermuiskast"),
    State("reader-changed", "{changed}", _first_source),
    State("about", "/over"),
    State("privacy", "/privacy"),
    State("accessibility", "/toegankelijkheid"),
    State("admin", "/beheer"),
    State("admin-documents", "/beheer/documenten"),
    State("not-found", "/bestaat-niet"),
    State("unknown-document", "/documenten/bestaat-niet"),
    State("unknown-answer", f"/antwoorden/{'0' * 32}"),
    State("failure", "/stuk"),
    State("bare-ask", "/", server="bare"),
    State("bare-admin", "/beheer", server="bare"),
    State("bare-admin-documents", "/beheer/documenten", server="bare"),
    State("admin-done", "/beheer/documenten#uploads", server="uploaded"),
    State("admin-error", "/beheer/documenten", _refused_upload, server="uploaded"),
    State("admin-remove", "/beheer/documenten", _click("td a[href$=verwijderen]"), server="uploaded"),
    State("admin-removed", "/beheer/documenten?verwijderd=1", server="uploaded"),
    State("login", "/inloggen?terug=/over", server="keyed"),
    State("login-error", "/inloggen", _refused_login, server="keyed"),
)


def named(*names: str) -> tuple[State, ...]:
    """The states with these names."""
    found = {one.name: one for one in STATES}
    return tuple(found[name] for name in names)


@contextmanager
def logged_in(browser: Browser, site: Site, screen: Screen = WIDE) -> Iterator[Page]:
    """A page of somebody who logged in."""
    with shown(browser, site.keyed, screen) as page:
        page.goto("/inloggen?terug=/")
        page.locator("#sleutel").fill(site.key)
        page.locator(".va-login button").click()
        page.locator(".va-session").wait_for()
        yield page


def seen(
    browser: Browser,
    site: Site,
    look: Callable[[Page], Found],
    screen: Screen = WIDE,
    states: Sequence[State] = STATES,
) -> dict[str, Found]:
    """What `look` finds on the page in each state, by the name of that; afterwards nothing may have gone wrong in any.

    No generator: one that is left halfway by a test that fails closes its page whenever the collector comes by, maybe
    in the middle of what the browser is told.
    """
    found = {}
    for server in dict.fromkeys(one.server for one in states):
        with shown(browser, site.server(server), screen) as page:
            for state in states:
                if state.server == server:
                    state.enter(page, site)
                    found[state.name] = look(page)
    return found
