from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.read.html import read
from ingest.types import Block, Extract


def extract(body: str, folder: Path, head: str = "") -> Extract:
    path = folder / "pagina.html"
    path.write_text(f"<!doctype html><html lang='nl-NL'><head>{head}</head><body>{body}</body></html>", "utf-8")
    return read(path, "pagina.html")


def pairs(body: str, folder: Path) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in extract(body, folder).blocks]


def test_headings_paragraphs_quotes_and_captions(tmp_path: Path):
    body = """
        <h1>Afval <em>scheiden</em></h1><p>Wij halen het afval
        elke week op.</p><h2>Plastic</h2>Losse tekst
        <blockquote><p>Gooi niets weg.</p></blockquote>
        <figure><img src="a.png" alt="foto"><figcaption>De nieuwe wagen</figcaption></figure>
    """
    assert extract(body, tmp_path).blocks == (
        Block("heading", "Afval scheiden", 1),
        Block("paragraph", "Wij halen het afval elke week op."),
        Block("heading", "Plastic", 2),
        Block("paragraph", "Losse tekst"),
        Block("quote", "Gooi niets weg."),
        Block("caption", "De nieuwe wagen"),
    )


def test_lists_are_nested_and_numbered_as_shown(tmp_path: Path):
    body = """
        <ol start="3"><li>meten<ul><li>lengte</li><li>breedte</li></ul></li><li>wegen</li></ol>
        <ol type="a"><li><p>eerst dit</p><p>Let daarbij op.</p></li><li value="5">dan dat</li></ol>
        <ol reversed><li>twee</li><li>een</li></ol>
    """
    assert extract(body, tmp_path).blocks == (
        Block("list_item", "3. meten", 1),
        Block("list_item", "lengte", 2),
        Block("list_item", "breedte", 2),
        Block("list_item", "4. wegen", 1),
        Block("list_item", "a. eerst dit", 1),
        Block("paragraph", "Let daarbij op."),
        Block("list_item", "e. dan dat", 1),
        Block("list_item", "2. twee", 1),
        Block("list_item", "1. een", 1),
    )


def test_tables_have_a_line_a_row_and_merged_cells_once(tmp_path: Path):
    body = """
        <table><caption>Tarieven</caption>
        <thead><tr><th>Soort</th><th>Jaar</th><th>Prijs</th></tr></thead>
        <tr><td rowspan="2">Paspoort</td><td>2023</td><td>€ 70</td></tr>
        <tr><td>2024</td><td>€ 75</td></tr>
        <tr><td colspan="2">Samen</td><td><ul><li>€ 145</li></ul></td></tr></table>
    """
    assert pairs(body, tmp_path) == [
        ("caption", "Tarieven"),
        ("table", "Soort | Jaar | Prijs\nPaspoort | 2023 | € 70\n| 2024 | € 75\nSamen | € 145"),
    ]


def test_a_page_laid_out_with_a_table_is_read_as_text(tmp_path: Path):
    inner = "<table><tr><td>Dag</td><td>Uur</td></tr><tr><td>ma</td><td>9</td></tr></table>"
    body = f"<table><tr><td><h2>Open</h2><p>Kom langs.</p></td><td>{inner}</td></tr></table>"
    assert pairs(body, tmp_path) == [
        ("heading", "Open"),
        ("paragraph", "Kom langs."),
        ("table", "Dag | Uur\nma | 9"),
    ]


def test_the_site_around_the_content_is_left_out(tmp_path: Path):
    text = "<p>De gemeente vernieuwt het riool in de hele wijk, straat voor straat, tot het einde van het jaar.</p>"
    body = f"""
        <div class="skip-links"><a href="#inhoud">Direct naar de inhoud</a></div>
        <header><a href="/">Gemeente Voorbeeldstad</a></header>
        <nav><ul><li>Wonen</li></ul></nav>
        <div id="cookie-banner"><p>Wij gebruiken cookies.</p></div>
        <div class="hero"><h1>Riool</h1></div>
        <div class="content">{text}<aside><a href="a">Lees ook dit</a></aside>
        <aside>Overlast? Bel ons.</aside><div class="menu"><a href="b">Meer over riolen</a></div>
        <form role="search"><label>Zoek</label><input></form>
        <div class="social-share">Deel dit</div><script>alert("x")</script><style>p {{}}</style></div>
        <footer>Postbus 1</footer>
    """
    assert [text for _, text in pairs(body, tmp_path)] == [
        "Riool",
        "De gemeente vernieuwt het riool in de hele wijk, straat voor straat, tot het einde van het jaar.",
        "Overlast? Bel ons.",
    ]


@pytest.mark.parametrize("element", ["main", "article", "div role=main"])
def test_the_main_element_is_the_content_with_the_heading_above_it(element: str, tmp_path: Path):
    closing = element.partition(" ")[0]
    body = f"""
        <div><h1>Subsidie aanvragen</h1></div><div>Nieuws van elders</div>
        <{element}><p>U vraagt de subsidie aan voor 1 mei. Dat kan met het formulier.</p></{closing}>
    """
    assert [text for _, text in pairs(body, tmp_path)] == [
        "Subsidie aanvragen",
        "U vraagt de subsidie aan voor 1 mei. Dat kan met het formulier.",
    ]


def test_content_stays_whatever_it_is_called(tmp_path: Path):
    body = """
        <form id="aspnet"><div class="cookie-consent-on menu"><p>Dit is alle tekst van de bladzijde.</p></div></form>
        <main><p>x</p></main>
    """
    assert pairs(body, tmp_path)[0] == ("paragraph", "Dit is alle tekst van de bladzijde.")


def test_what_is_not_shown_or_no_longer_holds_is_left_out(tmp_path: Path):
    body = """
        <p>Nu <del>vroeger</del><s>nooit</s><ins>straks</ins><!-- opmerking --></p><p hidden>weg</p>
        <p style="display: none">ook weg</p><span aria-hidden="true">★ster</span>
        <details><summary>Hoe lang duurt het?</summary><p>Twee weken.</p></details>
        <div class="accordion-panel" hidden><p>Ingeklapt.</p></div>
    """
    assert pairs(body, tmp_path) == [
        ("paragraph", "Nu straks"),
        ("heading", "Hoe lang duurt het?"),
        ("paragraph", "Twee weken."),
        ("paragraph", "Ingeklapt."),
    ]


def test_notes_are_notes_and_their_marks_are_gone(tmp_path: Path):
    body = """
        <p>Het besluit<sup><a href="#fn1" id="fnref1">1</a></sup> geldt voor 20 m<sup>2</sup>.</p>
        <section role="doc-endnotes"><ol>
            <li id="fn1"><p>Besluit van 3 mei. <a href="#fnref1">↩</a></p></li>
        </ol></section>
    """
    assert pairs(body, tmp_path) == [
        ("paragraph", "Het besluit geldt voor 20 m2."),
        ("footnote", "Besluit van 3 mei."),
    ]


def test_a_bold_line_is_a_heading_and_links_are_their_text(tmp_path: Path):
    body = """
        <h2>Bouwen</h2><p><strong>Kosten</strong></p>
        <p><b>Let op:</b> zie <a href="https://voorbeeld.nl">de lijst</a>.<br>Nieuwe regel.</p>
    """
    assert extract(body, tmp_path).blocks == (
        Block("heading", "Bouwen", 2),
        Block("heading", "Kosten", 3),
        Block("paragraph", "Let op: zie de lijst. Nieuwe regel."),
    )


def test_a_page_says_what_it_is(tmp_path: Path):
    head = """
        <title>Afval scheiden | Gemeente Voorbeeldstad</title><meta name="author" content="Team Afval">
        <meta name="DCTERMS.issued" content="2023-04-05T10:00"><meta name="date" content="onbekend">
    """
    result = extract("<h1>Afval scheiden</h1><p>Zo doet u dat.</p>", tmp_path, head)
    assert (result.title, result.author, result.issued, result.language) == (
        "Afval scheiden",
        "Team Afval",
        "2023-04-05",
        "nl",
    )
    assert result.pages is None
    assert {block.page for block in result.blocks} == {None}


def test_the_date_can_stand_in_data_for_search_engines(tmp_path: Path):
    head = '<script type="application/ld+json">{"@type": "Article", "datePublished": "2022-11-30T09:00"}</script>'
    assert extract("<p>Tekst.</p>", tmp_path, head).issued == "2022-11-30"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", ""),
        ("cp1252", "iso-8859-1"),
        ("cp1252", "onzin"),
        ("iso8859-15", "iso-8859-15"),
        ("utf-16", ""),
    ],
)
def test_letters_with_accents_survive_every_encoding(encoding: str, declared: str, tmp_path: Path):
    path = tmp_path / "oud.html"
    meta = f"<meta charset='{declared}'>" if declared else ""
    path.write_bytes(f"<html><head>{meta}</head><body><p>Eén café kost vijf euro.</p></body></html>".encode(encoding))
    assert [block.text for block in read(path, "oud.html").blocks] == ["Eén café kost vijf euro."]


def test_a_page_without_text_has_no_blocks(tmp_path: Path):
    assert extract("<div id='app'></div><script>start()</script>", tmp_path).blocks == ()


def test_deeply_nested_elements_are_read(tmp_path: Path):
    assert pairs("<div>" * 150 + "diep" + "</div>" * 150, tmp_path) == [("paragraph", "diep")]


words = st.text("abcdéïz0123456789", min_size=1, max_size=8)
tags = st.sampled_from(["p", "div", "li", "h2", "span", "td", "blockquote", "section", "b", "ul", "dd"])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(tags, words), min_size=1, max_size=12))
def test_no_word_is_lost_or_moved(tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, str]]):
    body = " ".join(f"<{tag}>{word}</{tag}>" for tag, word in parts)
    blocks = extract(body, tmp_path_factory.mktemp("html")).blocks
    assert " ".join(block.text for block in blocks).split() == [word for _, word in parts]


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=200))
def test_any_text_is_read_without_an_error(tmp_path_factory: pytest.TempPathFactory, markup: str):
    path = tmp_path_factory.mktemp("html") / "a.html"
    path.write_text(f"<p>tekst</p>{markup}", "utf-8")
    assert read(path, "a.html").blocks[0].text.startswith("tekst")
