"""Pages in a real browser: Debian's Chromium, at several sizes and in several schemes, and what to hold against them.

A test makes its own fixture of `chromium()`, for as long as its module lasts, and looks at a page with `shown`.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

AXE = Path(__file__).parent.parent / "api" / "web" / "node_modules" / "axe-core" / "axe.min.js"
NO_CHROMIUM = "no Chromium on this machine: apt-get install chromium"
NO_AXE = "no axe-core: npm ci --prefix api/web"
# Nothing that reaches for a network or asks for a GPU.
_ARGUMENTS = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OVERFLOWING = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const inner = (one) => one.closest("[role=region], .va-scroll, .va-visually-hidden");
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > width + 1 && !inner(one))
    .map((one) => `${one.tagName.toLowerCase()}.${one.className}`)
    .concat(`the page is ${document.documentElement.scrollWidth} wide`);
}"""
_SMALL_TARGETS = """() => {
  const inText = (one) => one.matches("a") && getComputedStyle(one).display === "inline";
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((one) => one.offsetParent !== null && !inText(one) && !one.closest(".va-visually-hidden"))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24)
    .map(([one, box]) => `${one.tagName.toLowerCase()} ${one.textContent.trim()} ${box.width}x${box.height}`);
}"""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a page is shown on: width and height in css pixels, and what its reader prefers.

    320 pixels is also what a screen of 1280 shows at 400 %.
    """

    width: int = 1280
    height: int = 800
    scheme: Literal["light", "dark"] = "light"
    contrast: Literal["more", "no-preference"] = "no-preference"
    forced: bool = False
    still: bool = False
    scripts: bool = True

    def __str__(self) -> str:
        more = [name for name in ("forced", "still") if getattr(self, name)]
        plain = [] if self.scripts else ["no-scripts"]
        contrast = [] if self.contrast == "no-preference" else ["contrast"]
        return "-".join([str(self.width), self.scheme, *contrast, *more, *plain])


WIDE, NARROW = Screen(), Screen(320, 640)
WIDE_DARK, NARROW_DARK = Screen(scheme="dark"), Screen(320, 640, scheme="dark")
SCREENS = (WIDE, NARROW, WIDE_DARK, NARROW_DARK)


def chromium_path() -> str | None:
    """Where Chromium is; None on a machine without."""
    usual = Path("/usr/bin/chromium")
    return str(usual) if usual.exists() else shutil.which("chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; the test is skipped on a machine without Chromium."""
    path = chromium_path()
    if path is None:
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        # Its sandbox does not work for root, nor in most containers; it only sees pages of our own.
        browser = playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS), chromium_sandbox=False)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def shown(browser: Browser, address: str, screen: Screen = WIDE) -> Iterator[Page]:
    """A page on this screen, in a session of its own, for paths below this address: `page.goto("/over")`.

    Afterwards nothing may have gone wrong in it: no error in a script, nothing that the policy of the page stopped, and
    no request to anywhere else.
    """
    wrong: list[str] = []
    with browser.new_context(
        base_url=address,
        viewport={"width": screen.width, "height": screen.height},
        color_scheme=screen.scheme,
        contrast=screen.contrast,
        forced_colors="active" if screen.forced else "none",
        reduced_motion="reduce" if screen.still else "no-preference",
        java_script_enabled=screen.scripts,
        locale="nl-NL",
    ) as context:
        page = context.new_page()
        page.set_default_timeout(60_000)

        def heard(message: ConsoleMessage) -> None:
            # The status of a page that is to be an error is not an error of the page.
            if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
                wrong.append(message.text)

        def asked(request: Request) -> None:
            if not request.url.startswith((address, "data:", "blob:")):
                wrong.append(f"a request to {request.url}")

        page.on("console", heard)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", asked)
        yield page
    assert wrong == []


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is; the test is skipped where axe-core is not installed."""
    if not AXE.exists():
        pytest.skip(NO_AXE)
    page.evaluate(_axe())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", _RULES)["violations"]
    return [f"{one['id']}: {node['html']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def overflowing(page: Page) -> list[str]:
    """The elements that make the page wider than its screen."""
    found: list[str] = page.evaluate(_OVERFLOWING)
    return found


def small_targets(page: Page) -> list[str]:
    """The controls that are smaller than 24 by 24 pixels and do not stand in a line of text."""
    found: list[str] = page.evaluate(_SMALL_TARGETS)
    return found


def focused(page: Page) -> str:
    """The text of what has the focus, or the name of its field."""
    found: str = page.evaluate("() => (document.activeElement.textContent || document.activeElement.name || '').trim()")
    return " ".join(found.split())
