"""Markdown: blocks without markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import EmptyFile
from ingest.read.markdown import iso_date, parse, read
from ingest.types import Block


def blocks(text: str) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, block.text) for block in parse(text).blocks]


def test_headings_paragraphs_quotes_and_links_lose_their_markup():
    text = "# Nota **wonen**\n\nZie [de site](https://voorbeeld.nl) en *schuin* `code`.\n\n> Een citaat.\n"
    assert blocks(text) == [
        ("heading", 1, "Nota wonen"),
        ("paragraph", 0, "Zie de site en schuin code."),
        ("quote", 0, "Een citaat."),
    ]


def test_lists_keep_their_numbers_and_depth():
    text = "- een\n    - twee\n\n3. drie\n4. vier\n\n   nog iets over vier\n"
    assert blocks(text) == [
        ("list_item", 1, "een"),
        ("list_item", 2, "twee"),
        ("list_item", 1, "3. drie"),
        ("list_item", 1, "4. vier"),
        ("paragraph", 0, "nog iets over vier"),
    ]


def test_tables_are_rows_whether_drawn_tabbed_or_html():
    assert blocks("| a | b |\n|---|---|\n| 1 | *2* |\n") == [("table", 0, "a | b\n1 | 2")]
    assert blocks("Wonen\t3\nWerken\t14\n") == [("table", 0, "Wonen | 3\nWerken | 14")]
    html = "<table><tr><th>a</th><th>b</th></tr>\n<tr><td>1</td><td>2</td></tr></table>\n"
    assert blocks(html) == [("table", 0, "a | b\n1 | 2")]


def test_images_go_with_their_alt_text():
    assert blocks("![een blauwe lijn](lijn.png)\n\nTekst.\n") == [("paragraph", 0, "Tekst.")]


def test_raised_figures_stay_apart_from_the_word():
    assert blocks("De 4<sup>e</sup> nota<sup>3</sup> over CO<sub>2</sub> en m<sup>2</sup>.") == [
        ("paragraph", 0, "De 4e nota³ over CO2 en m².")
    ]


def test_line_breaks_that_a_writer_made_stay():
    assert blocks("Gemeente Westerveen  \nPostbus 1  \n1234 AB Westerveen\n") == [
        ("paragraph", 0, "Gemeente Westerveen\nPostbus 1\n1234 AB Westerveen")
    ]
    long = "Een regel die zo lang is dat hij wel vol moest zijn geweest toen"
    assert blocks(f"{long}\nhij brak.\n") == [("paragraph", 0, f"{long} hij brak.")]


def test_a_bold_line_above_text_is_a_heading_and_one_above_a_rest_is_not():
    text = "# Nota\n\n**Kosten**\n\nDe kosten zijn bekend.\n\n**Raad voor Cultuur**\n\n(2019). *Een advies.*\n"
    assert blocks(text)[1] == ("heading", 2, "Kosten")
    assert blocks(text)[3] == ("paragraph", 0, "Raad voor Cultuur")


def test_front_matter_gives_title_author_and_date():
    extract = parse('---\ntitle: "Nota wonen"\nauteur: B. Smit\ndate: 8 februari 2019\n---\n\nTekst.\n')
    assert (extract.title, extract.author, extract.issued) == ("Nota wonen", "B. Smit", "2019-02-08")
    assert extract.blocks == (Block("paragraph", "Tekst."),)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2019", "2019"),
        ("2019-06", "2019-06"),
        ("08-02-2019", "2019-02-08"),
        ("mrt 2020", "2020-03"),
        ("ooit", ""),
        ("", ""),
    ],
)
def test_dates(written, iso):
    assert iso_date(written) == iso


def test_a_file_with_only_a_picture_is_empty(tmp_path):
    path = tmp_path / "leeg.md"
    path.write_text("![foto](x.png)\n", encoding="utf-8")
    with pytest.raises(EmptyFile):
        read(path, "leeg.md")


@given(st.text(alphabet="ab *_#>-|`[]()!<>\n\t1.\\", max_size=120))
def test_any_markdown_gives_blocks_with_text(text):
    assert all(block.text.strip() for block in parse(text).blocks)
