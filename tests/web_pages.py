"""Pages as a test reads them: parsed, and held against what every page must be."""

import re
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser as Reader
from itertools import pairwise

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode

FIELDS = "input, select, textarea"
UNLABELLED = ("hidden", "submit", "button", "reset")
REFERRING = ("aria-describedby", "aria-labelledby", "aria-controls", "aria-errormessage")
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
SVG = "svg"  # inside it an element may close itself


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the response, and the tree of its elements."""

    response: httpx.Response
    tree: LexborHTMLParser

    @property
    def title(self) -> str:
        return squeezed(self.one("title"))

    @property
    def heading(self) -> str:
        return squeezed(self.one("h1"))

    @property
    def text(self) -> str:
        """What stands in its main part, white space made even."""
        return squeezed(self.one("main"))

    def all(self, selector: str) -> list[LexborNode]:
        return self.tree.css(selector)

    def one(self, selector: str) -> LexborNode:
        found = self.tree.css(selector)
        assert len(found) == 1, f"{len(found)} of {selector}"
        return found[0]

    def texts(self, selector: str) -> list[str]:
        return [squeezed(node) for node in self.tree.css(selector)]

    def links(self) -> dict[str, str]:
        """Text -> address, of every link."""
        return {squeezed(node): address(node) for node in self.tree.css("a[href]")}

    def csrf(self) -> str:
        """The value that a form of the page brings back."""
        return value(self.tree.css("input[name=csrf]")[0])

    def fields(self, form: str) -> dict[str, str | list[str]]:
        """Name -> value of the fields of the form with this selector, as a browser would send them."""
        found: dict[str, str | list[str]] = {}
        for node in self.one(form).css(FIELDS):
            name, kind = node.attributes.get("name"), node.attributes.get("type")
            if not name or kind in ("submit", "button"):
                continue
            if kind in ("checkbox", "radio"):
                if "checked" in node.attributes:
                    found[name] = [*(found.get(name) or []), value(node)]
            elif node.tag == "select":
                chosen = node.css("option[selected]") or node.css("option")
                found[name] = value(chosen[0]) if chosen else ""
            else:
                found[name] = node.text() if node.tag == "textarea" else value(node)
        return found


def squeezed(node: LexborNode) -> str:
    return " ".join(node.text().split())


def attribute(node: LexborNode, name: str) -> str:
    """The attribute of an element, "" where it has none or it is empty."""
    return node.attributes.get(name) or ""


def value(node: LexborNode) -> str:
    return attribute(node, "value")


def address(node: LexborNode) -> str:
    return attribute(node, "href")


def page_of(response: httpx.Response, status: int = 200) -> Page:
    """The page in a response, which has this status and is all that every page must be."""
    assert response.status_code == status, response.text[:2_000]
    assert response.headers["content-type"].startswith("text/html")
    check_balance(response.text)
    page = Page(response, LexborHTMLParser(response.text))
    check_frame(page)
    check_ids(page)
    check_headings(page)
    check_fields(page)
    check_names(page)
    check_policy(page)
    check_tables(page)
    return page


def get_page(client: httpx.Client, path: str, status: int = 200) -> Page:
    """The page at this path."""
    return page_of(client.get(path, headers={"Accept": "text/html"}), status)


def send_form(client: httpx.Client, page: Page, path: str, **fields: str | list[str]) -> httpx.Response:
    """What becomes of a form of this page that is sent with these fields; no further than where it leads."""
    return client.post(path, data={"csrf": page.csrf(), **fields}, headers={"Accept": "text/html"})


def ask_page(client: httpx.Client, question: str, **fields: str | list[str]) -> Page:
    """The page of the answer to a question that is asked with the form."""
    response = send_form(client, get_page(client, "/"), "/vraag", vraag=question, **fields)
    assert response.status_code == httpx.codes.SEE_OTHER, response.text[:2_000]
    return get_page(client, response.headers["location"])


def check_frame(page: Page) -> None:
    assert page.response.text.lstrip().lower().startswith("<!doctype html>")
    assert page.one("html").attributes.get("lang") == "nl"
    assert len(page.title) > len("VNG-assistent")
    assert page.heading
    assert page.one("main").attributes.get("id") == "inhoud"
    assert page.all("header")
    assert page.all("footer")
    assert "width=device-width" in (page.one("meta[name=viewport]").attributes.get("content") or "")
    assert "user-scalable=no" not in page.response.text


def check_ids(page: Page) -> None:
    """Every id is there once, and what refers to one refers to one that is there."""
    counted = Counter(node.attributes.get("id") for node in page.all("[id]"))
    assert {one: count for one, count in counted.items() if count > 1 or not one or " " in one} == {}
    for name in REFERRING:
        for node in page.all(f"[{name}]"):
            assert set((node.attributes.get(name) or "").split()) <= counted.keys(), node.html
    for node in page.all("a[href^='#']"):
        assert address(node).removeprefix("#") in counted, node.html


def check_headings(page: Page) -> None:
    """The headings begin with the one h1, and no level is left out on the way down."""
    levels = [int((node.tag or "")[1:]) for node in page.one("main").css("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= before + 1 for before, later in pairwise(levels)), levels
    assert all(page.texts("main h1, main h2, main h3, main h4")), "a heading without text"


def check_fields(page: Page) -> None:
    """Every field has a label, a group of choices a legend, a form that changes something the value of the session."""
    labelled = {node.attributes.get("for") for node in page.all("label[for]") if squeezed(node)}
    for node in page.all(FIELDS):
        if node.attributes.get("type") in UNLABELLED:
            continue
        named = node.attributes.get("aria-label") or node.attributes.get("aria-labelledby")
        assert node.attributes.get("id") in labelled or named, node.html
        if node.attributes.get("aria-invalid") == "true":
            assert node.attributes.get("aria-describedby"), node.html
    for node in page.all("fieldset"):
        assert len(node.css("legend")) >= 1, node.html
    for node in page.all("form"):
        if (node.attributes.get("method") or "get").lower() == "post":
            assert len(node.css("input[type=hidden][name=csrf]")) == 1, node.html
        assert (node.attributes.get("action") or "/").startswith("/"), node.html


def check_names(page: Page) -> None:
    """Links, buttons and images say what they are; a link without a place to go is none."""
    for node in page.all("a, button, summary"):
        assert squeezed(node) or node.attributes.get("aria-label"), node.html
    for node in page.all("a"):
        assert re.match(r"/(?!/)|#|\?|mailto:|https?://", address(node)), node.html
    for node in page.all("img"):
        assert "alt" in node.attributes, node.html
    for node in page.all("nav"):
        assert len(page.all("nav")) == 1 or {"aria-label", "aria-labelledby"} & node.attributes.keys(), node.html
    assert page.all("a a, button a, a button, button button") == []


def check_policy(page: Page) -> None:
    """Nothing in it needs what the policy for its content forbids, and the policy is strict."""
    policy = page.response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    for node in page.all("*"):
        assert not any(name == "style" or name.startswith("on") for name in node.attributes), node.html
    assert page.all("style") == []
    for node in page.all("script"):
        assert (node.attributes.get("src") or "").startswith("/static/"), node.html
        assert not squeezed(node)
    for node in page.all("link[rel=stylesheet]"):
        assert address(node).startswith("/static/"), node.html


def check_tables(page: Page) -> None:
    for node in page.all("table"):
        assert len(node.css("caption")) == 1, node.html
        assert all("scope" in cell.attributes for cell in node.css("th")), node.html


class _Balance(Reader):
    """Keeps which elements are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        assert tag in VOID or SVG in self.open, f"<{tag}/>"

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> inside {self.open}"
        self.open.pop()


def check_balance(html: str) -> None:
    """Every element that opens closes, inside out: a browser would repair it, each in its own way."""
    reader = _Balance()
    reader.feed(html)
    reader.close()
    assert reader.open == []
