"""Plain text: decoding, and the structure that its lines show."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import EmptyFile, ReadError, WrongFormat
from ingest.read import lines, text
from ingest.types import Extract

NOTE = """NOTITIE PARKEREN

Aan: de raad
Van: het college

1. Inleiding

De gemeente wil het parkeren in het centrum anders regelen. Daarvoor zijn drie
maatregelen nodig die samen zorgen voor rust in de straten rond de markt. Raads- en
commissieleden krijgen er een brief over.

De maatregelen zijn:
- betaald parkeren in het centrum
- een vergunning voor bewoners, ook als zij geen eigen garage
  hebben
- een garage bij het station
"""


def read(tmp_path: Path, content: str | bytes) -> Extract:
    path = tmp_path / "stuk.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return text.read(path, "stuk.txt")


def kinds(extract: Extract) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in extract.blocks]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_reads_the_encodings_of_office_software(tmp_path, encoding):
    sentence = "Het college vindt de coöperatie een goed idee – één euro per café, zegt de wethouder tegen de raad."
    extract = read(tmp_path, "\r\n\r\n".join([sentence] * 3).encode(encoding))
    assert [block.text for block in extract.blocks] == [sentence] * 3


@pytest.mark.parametrize("content", [b"", b"   \n\n", "\ufeff".encode(), b"\xff\xfe"])
def test_no_text_is_an_empty_file(tmp_path, content):
    with pytest.raises(EmptyFile):
        read(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n%abc",
        b"PK\x03\x04rest",
        bytes(range(256)) * 4,
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"tekst\x00\x01\x02" * 9,
    ],
)
def test_binary_content_is_the_wrong_format(tmp_path, content):
    with pytest.raises(WrongFormat):
        read(tmp_path, content)


def test_hard_wrapped_text_becomes_paragraphs_headings_and_lists(tmp_path):
    extract = read(tmp_path, NOTE)
    assert kinds(extract)[0] == ("heading", "NOTITIE PARKEREN")
    assert ("paragraph", "Aan: de raad\nVan: het college") in kinds(extract)
    running = next(block.text for block in extract.blocks if block.text.startswith("De gemeente"))
    assert "\n" not in running
    assert "Raads- en commissieleden" in running
    items = [block.text for block in extract.blocks if block.kind == "list_item"]
    assert "een vergunning voor bewoners, ook als zij geen eigen garage hebben" in items


def test_numbered_headings_have_their_level_and_need_no_blank_line(tmp_path):
    body = "Dit is een regel lopende tekst die ongeveer zo lang is als de breedte van een bladzijde het toelaat.\n"
    extract = read(tmp_path, f"1.1 Aanleiding\n\n{body * 3}1.2 Een besluit?\n\n{body * 2}1.2.1 Uitwerking\n{body}")
    headings = [(block.level, block.text) for block in extract.blocks if block.kind == "heading"]
    assert headings == [(2, "1.1 Aanleiding"), (2, "1.2 Een besluit?"), (3, "1.2.1 Uitwerking")]


def test_a_lifted_sentence_among_numbered_headings_is_a_quote(tmp_path):
    body = "De raad besluit over de begroting, en daarna gaat het college aan de slag met de uitvoering ervan.\n"
    extract = read(
        tmp_path,
        f"1.1 Begin\n\n{body * 2}\nDe uitvoering moet beginnen bij\n\neen goed besluit\n\n{body}\n1.2 Slot\n\n{body}",
    )
    assert ("quote", "De uitvoering moet beginnen bij een goed besluit") in kinds(extract)


def test_a_sentence_that_goes_on_below_a_blank_line_is_one_paragraph(tmp_path):
    full = "Het werken aan opgaven is voor gemeenten een uitdaging omdat zij daarbij anders moeten kijken naar hun\n"
    extract = read(tmp_path, f"{full}{full}\norganisatie en omgeving.\n\n{full}taken.\n")
    assert extract.blocks[0].text.endswith("naar hun organisatie en omgeving.")


def test_an_interview_keeps_each_question_and_answer_as_a_paragraph(tmp_path):
    answer = "‘" + "Dat doen wij samen met de inwoners van alle dorpen, zo vaak als het maar kan en mag. " * 4 + "’"
    extract = read(tmp_path, f"Met wie werkt u samen?\n{answer}\n\nEn wat levert het op?\n{answer}\n")
    assert [block.kind for block in extract.blocks] == ["paragraph"] * 4
    assert extract.blocks[2].text == "En wat levert het op?"


def test_form_feeds_are_pages(tmp_path):
    extract = read(tmp_path, "Eerste bladzijde, met een zin.\n\fTweede bladzijde, met een zin.\n\f")
    assert extract.pages == 2
    assert [block.page for block in extract.blocks] == [1, 2]


def test_notes_and_bare_links_are_footnotes(tmp_path):
    body = "De gemeente werkt met een vaste aanpak die in veel andere gemeenten ook al wordt gebruikt door het team.\n"
    extract = read(
        tmp_path,
        f"{body * 3}\n2 Zie voor de aanpak www.voorbeeld.nl\n\n3 Handboek van het netwerk\n\nhttps://voorbeeld.nl/a\n",
    )
    assert [block.kind for block in extract.blocks] == ["paragraph", "footnote", "footnote", "footnote"]


def test_text_that_is_markdown_goes_to_the_markdown_reader(tmp_path):
    extract = read(tmp_path, "# Nota wonen\n\nTekst met **vet** en *schuin*.\n\n## Kosten\n\nDe kosten.\n")
    assert kinds(extract)[:2] == [("heading", "Nota wonen"), ("paragraph", "Tekst met vet en schuin.")]
    assert not text.is_markdown("Prijs: 3 * 4 * 5\n#nummer\nVerder niets.")


@given(st.lists(st.text(alphabet="abc DE1.-•\t\n,?:‘’", max_size=200), min_size=1, max_size=3))
def test_any_lines_give_blocks_with_all_their_letters(pages):
    blocks = lines.blocks_of(pages)
    letters = sorted(char for page in pages for char in page if char.isalpha())
    assert sorted(char for block in blocks for char in block.text if char.isalpha()) == letters
    assert all(block.text.strip() == block.text != "" for block in blocks)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_a_read_error(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("bytes") / "stuk.txt"
    path.write_bytes(content)
    with suppress(ReadError):
        assert text.read(path, "stuk.txt").blocks


def test_the_address_of_a_link_is_part_of_the_text(tmp_path: Path):
    path = tmp_path / "brief.txt"
    written = "# Brief\n\n## Meer\n\nKijk op [de site](https://www.veldrijk.nl/woon_visie) of bel ons.\n"
    path.write_text(written, encoding="utf-8")
    shown = "Kijk op de site (https://www.veldrijk.nl/woon_visie) of bel ons."
    assert text.read(path, "brief.txt").blocks[-1].text == shown
