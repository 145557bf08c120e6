"""Every page in every state, as axe-core sees it: nothing that keeps anybody out."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from ingest.encode import Encoder
from tests.browser import NARROW_DARK, WIDE, WIDE_DARK, Screen, chromium, violations
from tests.browser_site import Site, running_site
from tests.browser_states import STATES, State, logged_in, named, seen

FORCED = replace(WIDE, forced=True)
# Those with every sort of control and of text between them.
TELLING = named("ask-years-error", "answer-comparison", "feedback-error", "reader-pdf-quote", "admin-error")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("axe"), encoder) as running:
        yield running


@pytest.mark.parametrize(
    ("screen", "states"),
    [
        pytest.param(WIDE, STATES, id="wide"),
        pytest.param(NARROW_DARK, STATES, id="narrow-dark"),
        pytest.param(WIDE_DARK, TELLING, id="wide-dark"),
        pytest.param(FORCED, TELLING, id="forced"),
    ],
)
def test_nothing_keeps_anybody_out(browser: Browser, site: Site, screen: Screen, states: tuple[State, ...]) -> None:
    found = seen(browser, site, violations, screen, states)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_nothing_keeps_anybody_out_who_logged_in(browser: Browser, site: Site) -> None:
    with logged_in(browser, site) as page:
        for path in ("/", "/beheer"):
            page.goto(path)
            assert violations(page) == []
