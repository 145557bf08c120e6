import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedFile, EncryptedFile
from ingest.read.word import read
from ingest.types import Block, Extract

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def extract(document: Any, folder: Path) -> Extract:
    path = folder / "stuk.docx"
    document.save(str(path))
    return read(path, "stuk.docx")


def of_xml(body: str, folder: Path) -> list[tuple[str, str]]:
    """The kinds and texts of a document with this body."""
    return [(block.kind, block.text) for block in extract(with_body(body), folder).blocks]


def with_body(body: str) -> Any:
    document = docx.Document()
    for element in parse_xml(f"<w:body {NAMESPACES}>{body}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, element)
    return document


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def with_numbering(document: Any, levels: str, nums: str = '<w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num>'):
    """Give the document a list with id 77 of these levels."""
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {NAMESPACES} w:abstractNumId="77">{levels}</w:abstractNum>'))
    for num in parse_xml(f"<w:numbering {NAMESPACES}>{nums}</w:numbering>"):
        numbering.append(num)


def level(depth: int, number_format: str, text: str, extra: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def item(text: str, depth: int = 0, num: int = 77) -> str:
    place = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{num}"/></w:numPr>'
    return f"<w:p><w:pPr>{place}</w:pPr>{run(text)}</w:p>"


def test_headings_paragraphs_quotes_and_captions(tmp_path: Path):
    document = docx.Document()
    document.add_heading("Jaarplan wijkbeheer", level=0)
    document.add_heading("Doelen", level=1)
    document.add_paragraph("Wij onderhouden de wijk samen.")
    document.add_heading("Planning", level=2)
    document.add_paragraph("Groen is goud.", style="Quote")
    document.add_paragraph("Zo doen we dat.", style="Intense Quote")
    document.add_paragraph("Tabel 1: uren per wijk", style="Caption")
    assert extract(document, tmp_path).blocks == (
        Block("heading", "Jaarplan wijkbeheer", 1),
        Block("heading", "Doelen", 1),
        Block("paragraph", "Wij onderhouden de wijk samen."),
        Block("heading", "Planning", 2),
        Block("quote", "Groen is goud."),
        Block("quote", "Zo doen we dat."),
        Block("caption", "Tabel 1: uren per wijk"),
    )


def test_a_style_of_one_s_own_inherits_from_a_heading(tmp_path: Path):
    document = docx.Document()
    style = document.styles.add_style("Huisstijl kop", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Heading 2"]
    document.add_paragraph("Onze aanpak", style="Huisstijl kop")
    assert extract(document, tmp_path).blocks == (Block("heading", "Onze aanpak", 2),)


def test_a_short_bold_line_is_a_heading_below_the_real_one(tmp_path: Path):
    document = docx.Document()
    document.add_heading("Beheer", level=2)
    document.add_paragraph().add_run("Maaien en snoeien").bold = True
    document.add_paragraph("Dat doen we in het najaar.")
    document.add_paragraph().add_run("Let op, dit geldt alleen voor de bermen langs de weg.").bold = True
    mixed = document.add_paragraph("Gewoon en ")
    mixed.add_run("vet").bold = True
    assert extract(document, tmp_path).blocks[1:] == (
        Block("heading", "Maaien en snoeien", 3),
        Block("paragraph", "Dat doen we in het najaar."),
        Block("paragraph", "Let op, dit geldt alleen voor de bermen langs de weg."),
        Block("paragraph", "Gewoon en vet"),
    )


def test_lists_by_style_are_nested_and_numbered(tmp_path: Path):
    document = docx.Document()
    document.add_paragraph("bomen", style="List Bullet")
    document.add_paragraph("eiken", style="List Bullet 2")
    document.add_paragraph("Meld de schade", style="List Number")
    document.add_paragraph("Wacht op bericht", style="List Number")
    assert extract(document, tmp_path).blocks == (
        Block("list_item", "bomen", 1),
        Block("list_item", "eiken", 2),
        Block("list_item", "1. Meld de schade", 1),
        Block("list_item", "2. Wacht op bericht", 1),
    )


def test_numbers_are_counted_as_word_shows_them(tmp_path: Path):
    document = with_body(
        item("een") + item("onder een", 1) + item("nog een", 1) + item("twee") + item("diep", 2) + item("opnieuw", 1)
    )
    levels = level(0, "decimal", "%1.") + level(1, "lowerLetter", "%2)") + level(2, "lowerRoman", "%1.%2.%3")
    with_numbering(document, levels)
    assert [(block.text, block.level) for block in extract(document, tmp_path).blocks] == [
        ("1. een", 1),
        ("a) onder een", 2),
        ("b) nog een", 2),
        ("2. twee", 1),
        ("2.a.i diep", 3),
        ("b) opnieuw", 2),
    ]


def test_a_list_that_starts_anew_counts_anew(tmp_path: Path):
    nums = (
        '<w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num>'
        '<w:num w:numId="78"><w:abstractNumId w:val="77"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )
    document = with_body(item("a") + item("b") + item("c", num=78) + item("d", num=78))
    with_numbering(document, level(0, "upperRoman", "%1."), nums)
    assert [block.text for block in extract(document, tmp_path).blocks] == ["I. a", "II. b", "I. c", "II. d"]


def test_headings_get_the_number_that_word_gives_them(tmp_path: Path):
    document = docx.Document()
    for depth, style in enumerate(("Heading 1", "Heading 2")):
        place = f'<w:numPr {NAMESPACES}><w:numId w:val="77"/></w:numPr>'
        document.styles[style].element.get_or_add_pPr().append(parse_xml(place))
        assert depth < 2
    with_numbering(
        document,
        level(0, "decimal", "Artikel %1", '<w:pStyle w:val="Heading1"/>')
        + level(1, "decimal", "%1.%2", '<w:pStyle w:val="Heading2"/>'),
    )
    document.add_heading("Begrippen", level=1)
    document.add_heading("Wijk", level=2)
    document.add_heading("Subsidie", level=1)
    assert extract(document, tmp_path).blocks == (
        Block("heading", "Artikel 1 Begrippen", 1),
        Block("heading", "1.1 Wijk", 2),
        Block("heading", "Artikel 2 Subsidie", 1),
    )


def test_tables_have_a_line_a_row_and_merged_cells_once(tmp_path: Path):
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for row, texts in enumerate([("Wijk", "Uren", "Kosten"), ("Noord", "10", "500"), ("", "12", "600")]):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    total = table.add_row()
    total.cells[0].text = "Totaal"
    total.cells[0].merge(total.cells[1])
    total.cells[2].text = "1100"
    assert extract(document, tmp_path).blocks == (
        Block("table", "Wijk | Uren | Kosten\nNoord | 10 | 500\n| 12 | 600\nTotaal | 1100"),
    )


def test_a_frame_of_one_cell_is_not_a_table(tmp_path: Path):
    document = docx.Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.paragraphs[0].text = "In het kort"
    cell.add_paragraph("snel melden", style="List Bullet")
    assert extract(document, tmp_path).blocks == (
        Block("paragraph", "In het kort"),
        Block("list_item", "snel melden", 1),
    )


def test_notes_follow_the_paragraph_that_they_hang_on(tmp_path: Path):
    body = (
        f'<w:p>{run("De raad besloot dit.")}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        f'<w:p>{run("Daarna volgde het college.")}<w:r><w:endnoteReference w:id="5"/></w:r></w:p>'
    )
    document = with_body(body)
    for kind, number, text in (("footnote", 2, "Besluit van 3 mei."), ("endnote", 5, "Brief van 9 juni.")):
        notes = (
            f'<w:{kind}s {NAMESPACES}><w:{kind} w:type="separator" w:id="0"><w:p>{run("streep")}</w:p></w:{kind}>'
            f'<w:{kind} w:id="{number}"><w:p><w:r><w:{kind}Ref/></w:r>{run(" " + text)}</w:p></w:{kind}></w:{kind}s>'
        )
        add_part(document, kind + "s", notes)
    assert [(block.kind, block.text) for block in extract(document, tmp_path).blocks] == [
        ("paragraph", "De raad besloot dit."),
        ("footnote", "Besluit van 3 mei."),
        ("paragraph", "Daarna volgde het college."),
        ("footnote", "Brief van 9 juni."),
    ]


def add_part(document: Any, name: str, xml: str) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    content_type = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml"
    part = Part(PackURI(f"/word/{name}.xml"), content_type, xml.encode(), document.part.package)
    document.part.relate_to(part, f"{RELATION}/{name}")


def test_a_text_box_is_read_once(tmp_path: Path):
    inside = f"<w:txbxContent><w:p>{run('Bel ons gerust.')}</w:p></w:txbxContent>"
    box = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert of_xml(f"<w:p>{run('Voor vragen.')}<w:r>{box}</w:r></w:p>", tmp_path) == [
        ("paragraph", "Voor vragen."),
        ("paragraph", "Bel ons gerust."),
    ]


def test_tracked_changes_are_read_as_accepted(tmp_path: Path):
    body = (
        f"<w:p>{run('Het plan is ')}<w:ins w:id='1'>{run('goed')}</w:ins>"
        f"<w:del w:id='2'><w:r><w:delText>slecht</w:delText></w:r></w:del>{run('.')}</w:p>"
        f"<w:p><w:moveFrom w:id='3'>{run('Verplaatst.')}</w:moveFrom></w:p>"
        f"<w:p><w:moveTo w:id='4'>{run('Verplaatst.')}</w:moveTo></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del w:id='5'/></w:rPr></w:pPr>{run('Deze zin')}</w:p><w:p>{run('loopt door.')}</w:p>"
        f"<w:tbl><w:tr><w:trPr><w:del w:id='6'/></w:trPr><w:tc><w:p>{run('weg')}</w:p></w:tc></w:tr></w:tbl>"
    )
    assert [text for _, text in of_xml(body, tmp_path)] == ["Het plan is goed.", "Verplaatst.", "Deze zin loopt door."]


def test_hidden_struck_and_placeholder_text_is_left_out(tmp_path: Path):
    shown = '<w:vanish w:val="0"/>'
    body = (
        f"<w:p>{run('Zichtbaar ')}{run('verborgen ', '<w:vanish/>')}{run('geldt niet ', '<w:strike/>')}"
        f"{run('gewoon', shown)}</w:p>"
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
        f"<w:sdtContent><w:p>{run('Klik hier')}</w:p></w:sdtContent></w:sdt>"
        f"<w:sdt><w:sdtPr/><w:sdtContent><w:p>{run('Ingevuld')}</w:p></w:sdtContent></w:sdt>"
    )
    assert [text for _, text in of_xml(body, tmp_path)] == ["Zichtbaar gewoon", "Ingevuld"]


def test_links_and_fields_give_their_text_only(tmp_path: Path):
    body = (
        f"<w:p>{run('Zie ')}<w:hyperlink r:id='rId99'>{run('de site')}</w:hyperlink>{run(', bladzijde ')}"
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGEREF _Toc1</w:instrText></w:r>"
        f"<w:r><w:fldChar w:fldCharType='separate'/></w:r>{run('12')}<w:r><w:fldChar w:fldCharType='end'/></w:r>"
        f"<w:fldSimple w:instr='DATE'>{run(' vandaag')}</w:fldSimple></w:p>"
    )
    assert of_xml(body, tmp_path) == [("paragraph", "Zie de site, bladzijde 12 vandaag")]


def test_headers_footers_and_comments_are_left_out(tmp_path: Path):
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "Kopregel"
    section.footer.paragraphs[0].text = "Voetregel"
    paragraph = document.add_paragraph("Dit is de tekst.")
    document.add_comment(paragraph.runs, text="Klopt dit?", author="A. Jansen")
    assert [block.text for block in extract(document, tmp_path).blocks] == ["Dit is de tekst."]


def test_a_list_typed_with_line_breaks_becomes_items(tmp_path: Path):
    document = docx.Document()
    document.add_paragraph("Neem mee:\n- een pas\n- een pen\n\nTot dan.")
    document.add_paragraph("Dorpsstraat 1\n1234 AB Voorbeeldstad")
    assert extract(document, tmp_path).blocks == (
        Block("paragraph", "Neem mee:"),
        Block("list_item", "een pas", 1),
        Block("list_item", "een pen", 1),
        Block("paragraph", "Tot dan."),
        Block("paragraph", "Dorpsstraat 1 1234 AB Voorbeeldstad"),
    )


def test_properties_give_title_author_and_date(tmp_path: Path):
    document = docx.Document()
    document.add_paragraph("Tekst.")
    document.core_properties.title = "Nota groen"
    document.core_properties.author = "Fatima de Vries"
    document.core_properties.modified = datetime(2023, 5, 4, 12, tzinfo=UTC)
    result = extract(document, tmp_path)
    assert (result.title, result.author, result.issued) == ("Nota groen", "Fatima de Vries", "2023-05-04")
    assert result.pages is None
    assert {block.page for block in result.blocks} == {None}


def test_properties_that_a_program_filled_in_are_not_believed(tmp_path: Path):
    document = docx.Document()
    document.core_properties.title = "Microsoft Word - concept3.doc"
    assert extract(document, tmp_path) == Extract(blocks=())


def test_a_document_with_macros_is_read_and_they_are_not(tmp_path: Path):
    document = docx.Document()
    document.add_paragraph("Gewone tekst.", style="List Bullet")
    document.save(str(tmp_path / "a.docx"))
    macros = rewritten(tmp_path / "a.docx", tmp_path / "a.docm", lambda name, data: data.replace(
        b"openxmlformats-officedocument.wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
    ))  # fmt: skip
    assert read(macros, "a.docm").blocks == (Block("list_item", "Gewone tekst.", 1),)


def test_the_strict_form_is_read_as_well(tmp_path: Path):
    document = docx.Document()
    document.add_heading("Doelen", level=1)
    document.add_paragraph("bomen", style="List Bullet")
    document.save(str(tmp_path / "a.docx"))

    def strict(name: str, data: bytes) -> bytes:
        for subject in (b"officeDocument", b"wordprocessingml", b"drawingml"):
            usual = b"http://schemas.openxmlformats.org/" + subject + b"/2006/"
            data = data.replace(usual, b"http://purl.oclc.org/ooxml/" + subject + b"/")
        return data

    path = rewritten(tmp_path / "a.docx", tmp_path / "b.docx", strict)
    assert read(path, "b.docx").blocks == (Block("heading", "Doelen", 1), Block("list_item", "bomen", 1))


def rewritten(original: Path, copy: Path, change: Any) -> Path:
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return copy


@pytest.mark.parametrize("entity_in", ["word/document.xml", "word/styles.xml", "docProps/core.xml"])
def test_entities_that_expand_without_end_are_refused(entity_in: str, tmp_path: Path):
    docx.Document().save(str(tmp_path / "a.docx"))
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{("&" + a + ";") * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )

    def laugh(name: str, data: bytes) -> bytes:
        if name != entity_in:
            return data
        start = data.index(b"?>") + 2
        laughs = f"<!DOCTYPE x [{entities}]>".encode()
        end = data.rindex(b"</")
        return data[:start] + laughs + data[start:end] + b"&i;" + data[end:]

    with pytest.raises(DamagedFile, match="entity"):
        read(rewritten(tmp_path / "a.docx", tmp_path / "b.docx", laugh), "b.docx")


def test_the_parser_itself_does_not_expand_entities():
    entity = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    root = parse_xml(f"{entity}<w:p {NAMESPACES}><w:r><w:t>&b;</w:t></w:r></w:p>")
    assert "ha" not in "".join(str(text) for text in root.itertext(tag=f"{{{W}}}t"))


def test_a_document_with_a_password_says_so(tmp_path: Path):
    path = tmp_path / "geheim.docx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(999)
    )
    with pytest.raises(EncryptedFile):
        read(path, "geheim.docx")


words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(words, min_size=1, max_size=6).map(" ".join), max_size=6))
def test_every_word_typed_comes_out_in_order(tmp_path_factory: pytest.TempPathFactory, paragraphs: list[str]):
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph("w" + paragraph)
    blocks = extract(document, tmp_path_factory.mktemp("woorden")).blocks
    assert " ".join(block.text for block in blocks).split() == " ".join("w" + text for text in paragraphs).split()
