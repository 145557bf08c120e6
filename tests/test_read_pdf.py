"""The PDF reader, on PDFs that we write ourselves."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedFile, EmptyFile, EncryptedFile, NoTextLayer, WrongFormat
from ingest.read.pdf import read
from ingest.read.pdf.text import Spelling, keeps_hyphen
from ingest.types import Block, Extract
from tests import pdf_samples as samples


def texts(extract: Extract, kind: str) -> list[str]:
    return [block.text for block in extract.blocks if block.kind == kind]


def found(extract: Extract, start: str) -> Block:
    return next(block for block in extract.blocks if block.text.startswith(start))


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("title", ["", "Een titel over alle kolommen heen"])
def test_columns_are_read_one_after_the_other(tmp_path: Path, count: int, title: str) -> None:
    extract = read(samples.in_columns(tmp_path / "a.pdf", count, title=title), "a.pdf")
    expected = [
        f"{samples.prose(column * 3 + number, 4)} Dit is kolom {column + 1} alinea {number}."
        for column in range(count)
        for number in range(1, 4)
    ]
    assert texts(extract, "paragraph") == expected
    assert texts(extract, "heading") == ([title] if title else [])
    assert extract.title == (title or None)


def test_headings_have_the_level_of_their_size(tmp_path: Path) -> None:
    extract = read(samples.report(tmp_path / "a.pdf", 7), "a.pdf")
    levels = {
        block.text.split(" bij ")[0].split(" onderwerp ")[0]: block.level for block in extract.blocks if block.level
    }
    assert levels == {"Hoofdstuk over": 1, "Wat er speelt": 2}


def test_running_headers_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    extract = read(samples.report(tmp_path / "a.pdf", 7), "a.pdf")
    bare = read(samples.report(tmp_path / "b.pdf", 7, furniture=False), "b.pdf")
    assert extract.blocks == bare.blocks
    assert extract.page_labels == ("3", "4", "5", "6", "7", "8", "9")
    assert bare.page_labels == ("1", "2", "3", "4", "5", "6", "7")


def test_headings_at_the_top_of_each_page_are_kept(tmp_path: Path) -> None:
    def page(number: int):
        def fill(pen: samples.Pen) -> None:
            pen.y = samples.HEIGHT - 70
            pen.write(f"Artikel {number * number}", font="Times-Bold")
            pen.write(samples.prose(number, 7))

        return fill

    extract = read(samples.write(tmp_path / "a.pdf", *(page(number) for number in range(1, 7))), "a.pdf")
    assert texts(extract, "heading") == [f"Artikel {number * number}" for number in range(1, 7)]


def test_words_divided_at_the_end_of_a_line_are_whole(tmp_path: Path) -> None:
    (block,) = read(samples.divided(tmp_path / "a.pdf"), "a.pdf").blocks
    for whole in (
        "raads- en commissieleden",
        "woningbouw",
        "is sociaal-economisch van",
        "VNG-bureau",
        "alle raads- en statenleden",
        "een sociaal-economisch akkoord",
        "auto-ongelukken",
        "financiële",
    ):
        assert whole in block.text


def test_lists_keep_their_items_and_depth(tmp_path: Path) -> None:
    extract = read(samples.lists(tmp_path / "a.pdf"), "a.pdf")
    items = [(block.level, block.text.split()[0]) for block in extract.blocks if block.kind == "list_item"]
    assert items == [
        (1, "De"),
        (1, "Bewoners"),
        (2, "per"),
        (2, "aan"),
        (1, "De"),
        (1, "1."),
        (1, "2."),
        (1, "a)"),
        (1, "b)"),
    ]
    assert found(extract, "aan het loket").text.endswith("eerste zaterdag.")
    assert texts(extract, "paragraph") == [
        "We maken drie afspraken met elkaar:",
        "De stappen zijn:",
        "Er zijn twee uitkomsten:",
    ]


def test_raised_numbers_leave_and_footnotes_stay_apart(tmp_path: Path) -> None:
    extract = read(samples.noted(tmp_path / "a.pdf"), "a.pdf")
    assert texts(extract, "footnote") == [
        "1 Zie het raadsvoorstel van 12 maart, met de bijlagen die daarbij horen.",
        "2 Met negentien stemmen voor en vier tegen.",
    ]
    running = " ".join(texts(extract, "paragraph"))
    assert "Het perceel van 300 m² ligt aan de haven." in running
    assert "Er komt minder CO2 vrij." in running
    assert "De raad stemde in met het plan." in running


def test_a_paragraph_runs_on_over_a_page(tmp_path: Path) -> None:
    extract = read(samples.running_on(tmp_path / "a.pdf"), "a.pdf")
    block = found(extract, "Aan het einde")
    assert "blijkt of de woningbouw op gang is gekomen." in block.text
    assert block.page == 1
    ((offset, page),) = block.breaks
    assert page == 2
    assert block.text[offset:].startswith("bouw op gang")
    kinds = [other.kind for other in extract.blocks]
    assert kinds == ["paragraph", "paragraph", "caption", "footnote", "paragraph"]


def test_boxes_quotes_and_drop_caps(tmp_path: Path) -> None:
    extract = read(samples.magazine(tmp_path / "a.pdf"), "a.pdf")
    running = texts(extract, "paragraph")
    assert running[0].startswith("De dorpsraad van Achterdijk kreeg")
    assert any("verder gaat in de volgende kolom met de rest van diezelfde zin." in text for text in running)
    assert "Een groep bewoners die het gemeentebestuur gevraagd en ongevraagd advies geeft." in running
    assert texts(extract, "heading") == ["Een dorp dat zelf beslist"]
    assert texts(extract, "quote") == ["“Wij weten zelf het best wat het dorp nodig heeft”"]
    order = [running.index(text) for text in running if text.startswith(("Hier wijkt", "Daaronder"))]
    assert [running[index].split()[0] for index in order] == ["Hier", "Daaronder", "Hier", "Daaronder"]


ROWS = (
    ("Kern", "Inwoners", "Woningen"),
    ("Duinoord", "12.400", "5.300"),
    ("Zeewijk aan de Vaart", "8.100", "3.900"),
    ("Achterdijk", "950", ""),
)


@pytest.mark.parametrize("grid", [True, False])
def test_a_table_is_one_block(tmp_path: Path, grid: bool) -> None:
    extract = read(samples.table(tmp_path / "a.pdf", ROWS, grid=grid), "a.pdf")
    assert [block.kind for block in extract.blocks] == ["paragraph", "caption", "table", "paragraph"]
    lines = texts(extract, "table")[0].splitlines()
    assert lines[0] == "Kern | Inwoners | Woningen"
    assert lines[2] == "Zeewijk aan de Vaart | 8.100 | 3.900"
    assert len(lines) == 4
    assert "Duinoord | " not in "".join(texts(extract, "paragraph"))


def test_a_column_of_addresses_stays_apart(tmp_path: Path) -> None:
    extract = read(samples.sidebar(tmp_path / "a.pdf"), "a.pdf")
    running = texts(extract, "paragraph")
    assert running[:3] == [samples.prose(number, 6) for number in range(3)]
    assert "Postbus 12" in "".join(running[3:])


def test_text_up_the_margin_is_left_out_and_a_turned_page_is_read(tmp_path: Path) -> None:
    extract = read(samples.sideways(tmp_path / "a.pdf"), "a.pdf")
    assert texts(extract, "paragraph") == [
        samples.prose(0, 5),
        "Op deze gedraaide bladzijde staat ook tekst. " + samples.prose(3, 4),
    ]


def test_a_table_of_contents_is_a_line_an_entry(tmp_path: Path) -> None:
    extract = read(samples.contents(tmp_path / "a.pdf"), "a.pdf")
    assert texts(extract, "paragraph")[:3] == [
        "Inleiding ..... 3",
        "Wonen in de kernen ..... 5",
        "Wat het plan kost ..... 12",
    ]


def test_bookmarks_make_headings_and_labels_are_kept(tmp_path: Path) -> None:
    extract = read(samples.outlined(tmp_path / "a.pdf"), "a.pdf")
    headings = [(block.text, block.level, block.page) for block in extract.blocks if block.kind == "heading"]
    assert headings == [("Waarom dit plan", 1, 1), ("Wat het kost", 2, 2)]
    assert extract.page_labels == ("i", "1")


def test_what_the_file_says_of_itself(tmp_path: Path) -> None:
    def page(pen: samples.Pen) -> None:
        pen.write("Nota grondbeleid", font="Times-Bold", size=20)
        pen.write(samples.prose(0, 4))

    plain = read(samples.write(tmp_path / "a.pdf", page, title="Grondbeleid 2026", author="Team Ruimte"), "a.pdf")
    assert (plain.title, plain.author) == ("Grondbeleid 2026", "Team Ruimte")
    word = read(samples.write(tmp_path / "b.pdf", page, title="Microsoft Word - nota_def.docx"), "b.pdf")
    assert (word.title, word.author) == ("Nota grondbeleid", None)


def test_an_owner_password_alone_does_not_stop_a_reader(tmp_path: Path) -> None:
    extract = read(samples.encrypted(tmp_path / "a.pdf", user="", owner="geheim"), "a.pdf")
    assert texts(extract, "paragraph") == [samples.prose(0, 5)]


def test_a_file_that_needs_a_password(tmp_path: Path) -> None:
    with pytest.raises(EncryptedFile):
        read(samples.encrypted(tmp_path / "a.pdf", user="open", owner="geheim"), "a.pdf")


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_file_that_is_cut_off(tmp_path: Path, part: float) -> None:
    path = samples.report(tmp_path / "a.pdf", 5)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(DamagedFile):
        read(path, "a.pdf")


def test_a_file_with_nothing_in_it(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"")
    with pytest.raises(EmptyFile):
        read(path, "a.pdf")
    with pytest.raises(EmptyFile):
        read(samples.write(tmp_path / "b.pdf", lambda _: None), "b.pdf")


def test_a_file_that_is_no_pdf(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_text("Dit is gewone tekst.")
    with pytest.raises(WrongFormat):
        read(path, "a.pdf")


def test_a_header_without_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\n" + b"rommel\n" * 50 + b"startxref\n0\n%%EOF\n")
    with pytest.raises(DamagedFile):
        read(path, "a.pdf")


def test_pages_that_are_only_images(tmp_path: Path) -> None:
    with pytest.raises(NoTextLayer) as error:
        read(samples.scanned(tmp_path / "a.pdf", 3), "a.pdf")
    assert error.value.detail == "3"


def test_a_file_with_some_scanned_pages(tmp_path: Path) -> None:
    extract = read(samples.half_scanned(tmp_path / "a.pdf"), "a.pdf")
    assert [(block.page, block.text) for block in extract.blocks] == [(2, samples.prose(0, 5))]
    assert extract.pages == 2


def test_a_font_without_letters_counts_as_no_text(tmp_path: Path) -> None:
    with pytest.raises(NoTextLayer):
        read(samples.unreadable(tmp_path / "a.pdf"), "a.pdf")


def test_two_hundred_pages(tmp_path: Path) -> None:
    path = samples.report(tmp_path / "a.pdf", 200)
    start = time.perf_counter()
    extract = read(path, "a.pdf")
    assert time.perf_counter() - start < 120
    assert extract.pages == 200
    assert extract.page_labels[-1] == "202"
    assert len(texts(extract, "heading")) == 200 + 67
    assert not any("Omgevingsvisie" in block.text for block in extract.blocks)
    assert {block.page for block in extract.blocks} == set(range(1, 201))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    count=st.integers(1, 3),
    size=st.sampled_from([8.0, 9.0, 10.0, 10.5]),
    title=st.sampled_from(["", "Samen aan de slag", "Een lange titel die over de hele breedte van de bladzijde loopt"]),
)
def test_no_word_is_lost_or_added(tmp_path: Path, count: int, size: float, title: str) -> None:
    extract = read(samples.in_columns(tmp_path / "a.pdf", count, title=title, size=size), "a.pdf")
    expected = [title] if title else []
    expected += [
        f"{samples.prose(column * 3 + number, 4)} Dit is kolom {column + 1} alinea {number}."
        for column in range(count)
        for number in range(1, 4)
    ]
    assert " ".join(block.text for block in extract.blocks).split() == " ".join(expected).split()


WORDS = st.text("abdeghijklmnoprstuvwz", min_size=2, max_size=9)


@given(first=WORDS, last=WORDS)
def test_the_document_says_how_a_word_is_spelled(first: str, last: str) -> None:
    assert keeps_hyphen(first, last, Spelling(hyphenated=frozenset({f"{first}-{last}"})))
    assert not keeps_hyphen(first, last, Spelling(whole=frozenset({first + last})))
    assert keeps_hyphen(first.upper(), last, Spelling())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pages=st.integers(1, 6), furniture=st.booleans())
def test_pages_and_breaks_go_up(tmp_path: Path, pages: int, furniture: bool) -> None:
    extract = read(samples.report(tmp_path / "a.pdf", pages, furniture=furniture), "a.pdf")
    assert extract.pages == len(extract.page_labels) == pages
    for block in extract.blocks:
        assert block.page is not None
        places = [(0, block.page), *block.breaks]
        assert all(one[0] < two[0] for one, two in pairwise(places))
        assert all(one[1] and two[1] and one[1] <= two[1] for one, two in pairwise(places))
        assert all(offset < len(block.text) for offset, _ in places)
        assert block.text == block.text.strip()
    firsts = [block.page for block in extract.blocks if block.kind != "footnote" and block.page]
    assert firsts == sorted(firsts)
