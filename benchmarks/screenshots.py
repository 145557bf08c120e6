"""Pictures of every page in every state, to be looked at: `python -m benchmarks.screenshots FOLDER [--only NAME]`.

Each state is shown as a whole, on a wide and a narrow screen, in light and in dark. The servers are those of the tests
in a browser, with the sample documents in a folder of their own.
"""

import argparse
import logging
import tempfile
from functools import partial
from pathlib import Path

from playwright.sync_api import Page

from ingest.encode import load_encoder
from tests.browser import SCREENS, Screen, chromium
from tests.browser_site import running_site
from tests.browser_states import STATES, logged_in, seen

PRINTED = ("answer-comparison", "reader-quote")


def take(folder: Path, only: str = "") -> int:
    """How many pictures were put into the folder, of the states that have `only` in their names."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [one for one in STATES if only in one.name]
    taken = 0

    def shoot(page: Page, name: str, screen: Screen) -> None:
        nonlocal taken
        # What is looked at is the page, and not what moves on the way to it.
        page.screenshot(path=folder / f"{name}-{screen}.png", full_page=True, animations="disabled")
        taken += 1

    def print_it(page: Page, name: str) -> None:
        page.emulate_media(media="print")
        page.screenshot(path=folder / f"{name}-print.png", full_page=True)

    with (
        tempfile.TemporaryDirectory() as data,
        chromium() as browser,
        running_site(Path(data), load_encoder(None)) as site,
    ):
        for screen in SCREENS:
            for state in wanted:
                seen(browser, site, partial(shoot, name=state.name, screen=screen), screen, [state])
                if state.name in PRINTED and screen == SCREENS[0]:
                    seen(browser, site, partial(print_it, name=state.name), screen, [state])
            if only in "logged-in":
                with logged_in(browser, site, screen) as page:
                    shoot(page, "logged-in", screen)
    return taken


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="a part of the names of the states to show")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)  # one of the states is a page that fails
    print(take(arguments.folder, arguments.only), "pictures")
