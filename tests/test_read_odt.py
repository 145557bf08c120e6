import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odfdo import Cell, Document, Element, Frame, Header, List, ListItem, Paragraph, Row, Style, Table

from ingest.errors import DamagedFile, EncryptedFile
from ingest.read.odt import read
from ingest.types import Block, Extract

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{subject}:1.0"'
    for prefix, subject in (("text", "text"), ("office", "office"), ("draw", "drawing"), ("table", "table"))
)


def empty() -> Document:
    document = Document("text")
    document.body.clear()
    return document


def extract(document: Document, folder: Path, name: str = "stuk.odt") -> Extract:
    document.save(folder / name)
    return read(folder / name, name)


def of_xml(markup: str, folder: Path) -> list[tuple[str, str]]:
    """The kinds and texts of a document with this XML as its text."""
    document = empty()
    document.body.append(Paragraph("HIER"))
    document.save(folder / "kaal.odt")

    def fill(name: str, data: bytes) -> bytes:
        start, hit, end = data.partition(b"HIER</text:p>")
        if name != "content.xml":
            return data
        assert hit
        return start + b"</text:p>" + f"<text:section {NAMESPACES}>{markup}</text:section>".encode() + end

    return [(b.kind, b.text) for b in read(rewritten(folder / "kaal.odt", folder / "vol.odt", fill), "vol.odt").blocks]


def rewritten(original: Path, copy: Path, change: Callable[[str, bytes], bytes]) -> Path:
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return copy


def test_headings_paragraphs_quotes_and_captions(tmp_path: Path):
    document = empty()
    document.body.append(Paragraph("Jaarplan groen", style="Title"))
    document.body.append(Header(1, "Doelen"))
    document.body.append(Paragraph("Wij planten meer bomen."))
    document.body.append(Header(2, "Planning"))
    document.body.append(Paragraph("Groen is goud.", style="Quotations"))
    document.body.append(Paragraph("Tabel 1: bomen per wijk", style="Caption"))
    assert extract(document, tmp_path).blocks == (
        Block("heading", "Jaarplan groen", 1),
        Block("heading", "1. Doelen", 1),
        Block("paragraph", "Wij planten meer bomen."),
        Block("heading", "1.1. Planning", 2),
        Block("quote", "Groen is goud."),
        Block("caption", "Tabel 1: bomen per wijk"),
    )


def numbered_style(name: str) -> Any:
    style = Style("list", name=name)
    style.append(
        Element.from_tag('<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>')
    )
    style.append(
        Element.from_tag(
            '<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"'
            ' text:display-levels="2"/>'
        )
    )
    return style


def test_lists_are_nested_and_numbered_as_shown(tmp_path: Path):
    document = empty()
    document.insert_style(numbered_style("Genummerd"), automatic=True)
    inner = List()
    inner.append(ListItem("lengte"))
    inner.append(ListItem("breedte"))
    first = ListItem("meten")
    first.append(inner)
    numbers = List(style="Genummerd")
    numbers.append(first)
    numbers.append(ListItem("wegen"))
    document.body.append(numbers)
    document.body.append(Paragraph("Daarna verder."))
    going_on = List(style="Genummerd")
    going_on.set_attribute("text:continue-numbering", "true")
    going_on.append(ListItem("klaar"))
    document.body.append(going_on)
    bullets = List(["bomen", "struiken"])
    document.body.append(bullets)
    assert extract(document, tmp_path).blocks == (
        Block("list_item", "1. meten", 1),
        Block("list_item", "1.a) lengte", 2),
        Block("list_item", "1.b) breedte", 2),
        Block("list_item", "2. wegen", 1),
        Block("paragraph", "Daarna verder."),
        Block("list_item", "3. klaar", 1),
        Block("list_item", "bomen", 1),
        Block("list_item", "struiken", 1),
    )


def test_tables_have_a_line_a_row_and_merged_cells_once(tmp_path: Path):
    table = Table("uren")
    for texts in (("Wijk", "Uren", "Kosten"), ("Noord", "10", "500"), ("", "12", "600"), ("Totaal", "", "1100")):
        row = Row()
        for text in texts:
            cell = Cell()
            cell.append(Paragraph(text))
            row.append_cell(cell)
        table.append_row(row)
    table.set_span((0, 1, 0, 2))
    table.set_span((0, 3, 1, 3))
    document = empty()
    document.body.append(table)
    assert extract(document, tmp_path).blocks == (
        Block("table", "Wijk | Uren | Kosten\nNoord | 10 | 500\n| 12 | 600\nTotaal | 1100"),
    )


def test_notes_follow_the_paragraph_that_they_hang_on(tmp_path: Path):
    document = empty()
    paragraph = Paragraph("De raad besloot dit in mei.")
    paragraph.insert_note(after="dit", note_id="noot1", citation="1", body="Besluit van 3 mei.")
    document.body.append(paragraph)
    document.body.append(Paragraph("Daarna volgde het college."))
    assert [(block.kind, block.text) for block in extract(document, tmp_path).blocks] == [
        ("paragraph", "De raad besloot dit in mei."),
        ("footnote", "Besluit van 3 mei."),
        ("paragraph", "Daarna volgde het college."),
    ]


def test_a_text_box_follows_its_paragraph(tmp_path: Path):
    document = empty()
    paragraph = Paragraph("Voor vragen.")
    paragraph.append(Frame.text_frame("Bel ons gerust.", size=("6cm", "4cm")))
    document.body.append(paragraph)
    assert [block.text for block in extract(document, tmp_path).blocks] == ["Voor vragen.", "Bel ons gerust."]


def test_hidden_and_struck_text_is_left_out_and_bold_lines_are_headings(tmp_path: Path):
    document = empty()
    for name, setting in (("weg", {"text:display": "none"}), ("door", {"style:text-line-through-style": "solid"})):
        style = Style("text", name=name)
        style.set_properties(setting, area="text")
        document.insert_style(style, automatic=True)
    bold = Style("paragraph", name="vet")
    bold.set_properties({"fo:font-weight": "bold"}, area="text")
    document.insert_style(bold, automatic=True)
    document.body.append(Header(1, "Beheer"))
    document.body.append(Paragraph("Maaien en snoeien", style="vet"))
    paragraph = Paragraph("Zichtbaar verborgen ongeldig einde")
    paragraph.set_span("weg", regex="verborgen ")
    paragraph.set_span("door", regex="ongeldig ")
    document.body.append(paragraph)
    assert extract(document, tmp_path).blocks == (
        Block("heading", "1. Beheer", 1),
        Block("heading", "Maaien en snoeien", 2),
        Block("paragraph", "Zichtbaar einde"),
    )


def test_comments_and_tracked_deletions_are_left_out_and_insertions_stay(tmp_path: Path):
    markup = """
        <text:tracked-changes><text:changed-region><text:deletion><text:p>Dit is weg.</text:p></text:deletion>
        </text:changed-region></text:tracked-changes>
        <text:p>Het plan<office:annotation><text:p>Klopt dit?</text:p></office:annotation>
        <text:change-start text:change-id="c1"/>is goed<text:change-end text:change-id="c1"/><!-- xml -->.</text:p>
        <text:section text:display="none"><text:p>Verborgen deel.</text:p></text:section>
        <text:p>Een<text:s text:c="3"/>twee<text:tab/>drie<text:line-break/>vier <text:a>link</text:a>
        <x:y xmlns:x="http://voorbeeld.nl/eigen">eigen</x:y></text:p>
    """
    assert [text for _, text in of_xml(markup, tmp_path)] == ["Het plan is goed.", "Een twee drie vier link eigen"]


def test_chapters_get_the_numbers_that_are_shown(tmp_path: Path):
    document = empty()
    document.body.append(Header(1, "Begrippen"))
    document.body.append(Header(2, "Wijk"))
    document.body.append(Header(1, "Subsidie"))
    blocks = extract(document, tmp_path).blocks  # odfdo's template numbers chapters, as "1." and "1.1."
    assert [(block.text, block.level) for block in blocks] == [
        ("1. Begrippen", 1),
        ("1.1. Wijk", 2),
        ("2. Subsidie", 1),
    ]


def test_properties_give_title_author_and_date(tmp_path: Path):
    document = empty()
    document.body.append(Paragraph("Tekst."))
    document.meta.title = "Nota groen"
    document.meta.creator = "Fatima de Vries"
    document.meta.date = datetime(2023, 5, 4, 12)
    result = extract(document, tmp_path)
    assert (result.title, result.author, result.issued) == ("Nota groen", "Fatima de Vries", "2023-05-04")
    assert result.pages is None
    assert {block.page for block in result.blocks} == {None}


def test_entities_that_expand_without_end_are_refused(tmp_path: Path):
    empty().save(tmp_path / "a.odt")

    def laugh(name: str, data: bytes) -> bytes:
        if name != "content.xml":
            return data
        return b'<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]>' + data.partition(b"?>")[2]

    with pytest.raises(DamagedFile, match="entity"):
        read(rewritten(tmp_path / "a.odt", tmp_path / "b.odt", laugh), "b.odt")


def test_a_document_with_a_password_says_so(tmp_path: Path):
    empty().save(tmp_path / "a.odt")

    def encrypt(name: str, data: bytes) -> bytes:
        return data.replace(b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>")

    with pytest.raises(EncryptedFile):
        read(rewritten(tmp_path / "a.odt", tmp_path / "b.odt", encrypt), "b.odt")


words = st.text("abcdéïz0123456789", min_size=1, max_size=8)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(words, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=6))
def test_every_word_typed_comes_out_in_order(tmp_path_factory: pytest.TempPathFactory, paragraphs: list[str]):
    document = empty()
    for paragraph in paragraphs:
        document.body.append(Paragraph("w" + paragraph))
    blocks = extract(document, tmp_path_factory.mktemp("woorden")).blocks
    assert [block.text for block in blocks] == ["w" + paragraph for paragraph in paragraphs]
