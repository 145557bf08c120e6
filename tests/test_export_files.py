"""The files of an answer: opened by the libraries that others read them with, and held against the answer."""

import io
import zipfile
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from api.export.copied import copy_text
from api.export.exported import MEDIA_TYPES, export
from assistant.types import Level, Reason, Reply, ScoredPassage, Statement, Status, Suggestion
from tests.export_samples import (
    ASKED,
    ITEMS,
    LEAD,
    LETTER,
    LINK,
    VISION,
    W,
    answered,
    cited,
    file_of,
    list_answer,
    numbers,
    odt_notes,
    odt_of,
    odt_text,
    word_notes,
    word_of,
)

KINDS = sorted(MEDIA_TYPES)


def paragraphs(opened):
    return [(one.style.name, one.text) for one in opened.paragraphs]


def text_of(answer, kind, **options):
    """All text of a file, whatever its kind."""
    if kind == "docx":
        opened = word_of(answer, **options)
        return "\n".join([*(one.text for one in opened.paragraphs), *word_notes(opened)])
    if kind == "odt":
        return odt_text(odt_of(answer, **options).body)
    return file_of(answer, kind, **options).decode().replace("\\", "")


def nothing_found(**changes):
    hit = ScoredPassage(cited(1, "Het warmtenet komt er.").passage, VISION, 0.5, 1, "hybrid")
    return replace(
        answered(citations=()), status=Status.NOT_FOUND, suggestions=(Suggestion(hit, Reason.OTHER_YEAR, "2024"),),
        questions=("Wat kost het warmtenet?",), **changes,
    )  # fmt: skip


def test_the_structure_of_a_list_is_kept_in_word():
    said = paragraphs(word_of(list_answer()))
    assert said[0] == ("Title", list_answer().query.text)
    assert [text for style, text in said if style == "Heading 1"] == ["Antwoord", "Bronnen", "Over dit antwoord"]
    assert ("Normal", f"“{LEAD}”") in said
    bullets = [text for style, text in said if style == "List Bullet"]
    assert bullets[:3] == [f"“{one}”" for one in ITEMS]


def test_the_structure_of_a_list_is_kept_in_opendocument():
    body = odt_of(list_answer()).body
    assert [one.text_recursive for one in body.get_headers()] == ["Antwoord", "Bronnen", "Over dit antwoord"]
    items = body.get_elements("descendant::text:list")[0].get_elements("text:list-item")
    assert len(items) == len(ITEMS)
    for item, said in zip(items, ITEMS, strict=True):
        assert f"“{said}”" in odt_text(item)


@pytest.mark.parametrize(
    "notes", [lambda: word_notes(word_of(list_answer())), lambda: odt_notes(odt_of(list_answer()))]
)
def test_a_footnote_holds_the_quote_and_where_it_stands(notes):
    found = [one.strip() for one in notes()]
    assert found[0] == (
        f"“{LEAD}” – Woonvisie Veldrijk (Gemeente Veldrijk, maart 2024), Deel 2 › Opgave, "
        "p. 1 (pagina 3 van het bestand)."
    )
    assert found[3] == "“koop” – Woonvisie Veldrijk (Gemeente Veldrijk, maart 2024), Deel 2 › Opgave."
    assert found[4] == "“De wachttijd is 14 weken.” – Brief over de jeugd (1 juni 2023), Deel 2 › Opgave."
    assert len(found) == 5


def test_a_footnote_stands_behind_its_own_quote():
    [lead] = [one for one in word_of(list_answer()).paragraphs if one.text == f"“{LEAD}”"]
    assert [one.tag for one in lead._p.iter() if one.tag == f"{W}footnoteReference"] != []
    body = file_of(list_answer(), "md").decode()
    assert "- “middenhuur”[^3]\n" in body


def test_two_footnotes_in_one_place_do_not_read_as_one_number():
    answer = answered(Statement("Samengevat.", (1, 2)), citations=(cited(1, "Een."), cited(2, "Twee.")))
    [said] = [one for one in word_of(answer).paragraphs if one.text.startswith("Samengevat.")]
    assert said.text == "Samengevat.,"
    assert said.runs[-2].text == ","
    assert said.runs[-2].style.name == "footnote reference"


def test_a_citation_that_is_used_twice_has_its_quote_in_both_footnotes():
    answer = answered(Statement("A.", (1,)), Statement("B.", (2, 1)), citations=(cited(1, "Een."), cited(2, "Twee.")))
    for notes in (word_notes(word_of(answer)), odt_notes(odt_of(answer))):
        assert [one.strip()[:6] for one in notes] == ["“Een.”", "“Twee.", "“Een.”"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_document_is_listed_once_with_its_pages_and_a_link(kind):
    said = text_of(list_answer(), kind)
    assert said.count("Gemeente Veldrijk, maart 2024, p. 1, 2 en 3") == 1
    assert said.count("bron=") == (2 if kind == "md" else 0)


def test_links_lead_to_the_reader_and_nowhere_else():
    opened = word_of(list_answer())
    outside = {one.target_ref for one in opened.part.rels.values() if one.is_external}
    answer_id = list_answer().answer_id
    assert outside == {
        f"https://assistent.veldrijk.example/documenten/d1?antwoord={answer_id}&bron=1",
        f"https://assistent.veldrijk.example/documenten/d2?antwoord={answer_id}&bron=5",
        LINK,
    }


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "file:///etc/passwd", "http://[half"])
def test_what_is_no_web_page_is_no_link(link):
    opened = word_of(list_answer(), link=link)
    assert not [one for one in opened.part.rels.values() if one.is_external]
    assert "](" not in file_of(list_answer(), "md", link=link).decode()


@pytest.mark.parametrize("kind", KINDS)
def test_how_sure_it_is_and_that_it_is_a_part_is_said(kind):
    said = text_of(list_answer(level=Level.HIGH), kind)
    assert "Zeker: het antwoord staat zo in de bron. Lees de citaten na" in said
    part = text_of(list_answer(level=Level.LOW, status=Status.PARTIAL), kind)
    assert "Dit is een deel van het antwoord." in part
    assert "Onzeker:" in part


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_found_is_said_with_what_came_nearest(kind):
    said = text_of(nothing_found(), kind)
    assert "Dit staat niet in de documenten." in said
    assert "Het warmtenet komt er." in said
    assert "Dit noemt het jaar 2024, en niet het jaar in je vraag." in said
    assert "Wat kost het warmtenet?" in said
    assert "Zeker" not in said
    assert "Bronnen" not in said


def test_a_fixed_reply_is_no_missing_answer():
    said = text_of(replace(nothing_found(), reply=Reply.GREETING, suggestions=()), "docx")
    assert "Dit staat niet in de documenten." not in said


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_when_and_from_what_it_was_made(kind):
    answer = list_answer()
    said = text_of(answer, kind, organisation="gemeente Veldrijk")
    for fact in ("2 maart 2026 om 00.30 uur", answer.answer_id, answer.library_version, LINK, "gemeente Veldrijk"):
        assert fact in said


def test_the_properties_are_dutch_and_of_no_person():
    opened = word_of(list_answer(), organisation="gemeente Veldrijk").core_properties
    assert (opened.title, opened.language) == (list_answer().query.text, "nl-NL")
    assert (opened.author, opened.last_modified_by) == ("gemeente Veldrijk", "gemeente Veldrijk")
    meta = odt_of(list_answer()).meta
    assert (meta.title, str(meta.language), meta.creator) == (list_answer().query.text, "nl-NL", "VNG-assistent")


def test_english_is_marked_as_english_and_its_dutch_quotes_as_dutch():
    said = Statement("According to Woonvisie (in Dutch): “Veldrijk bouwt.”", (1,))
    opened = word_of(answered(said, citations=(cited(1, "Veldrijk bouwt."),), language="en"))
    [paragraph] = [one for one in opened.paragraphs if one.text.startswith("According")]
    languages = {
        run.text: [one.get(f"{W}val") for one in run._r.iter(f"{W}lang")] for run in paragraph.runs if run.text
    }
    assert [one.get(f"{W}val") for one in opened.paragraphs[0]._p.iter(f"{W}lang")] == ["en-GB"]
    assert languages == {"According to Woonvisie (in Dutch): ": ["en-GB"], "“Veldrijk bouwt.”": ["nl-NL"]}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_answer_gives_the_same_bytes(kind):
    assert file_of(list_answer(), kind) == file_of(list_answer(), kind)


def test_the_files_hold_no_clock_and_opendocument_says_first_what_it_is():
    for kind in ("docx", "odt"):
        with zipfile.ZipFile(io.BytesIO(file_of(list_answer(), kind))) as archive:
            assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_only_page_numbers_are_fields():
    answer = list_answer()
    quote = '{ INCLUDETEXT "/etc/passwd" } =SUM(A1)'
    answer = replace(answer, citations=(replace(answer.citations[0], quote=quote), *answer.citations[1:]))
    with zipfile.ZipFile(io.BytesIO(file_of(answer, "docx"))) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    fields = [name for name, text in texts.items() if "w:instr" in text]
    assert fields == ["word/footer1.xml"]


def test_markdown_reads_as_it_was_meant():
    answer = answered(
        Statement("“# *Geen* kop <b>en</b> [geen](link)”\n– “1. punt”", (1,)),
        citations=(cited(1, "# *Geen* kop <b>en</b> [geen](link)"),),
    )
    shown = MarkdownIt().render(file_of(answer, "md", link="").decode())
    assert "“# *Geen* kop &lt;b&gt;en&lt;/b&gt; [geen](link)”" in shown
    assert shown.count("<h1>") == 1
    assert "<em>" not in shown
    assert numbers(file_of(answer, "md").decode()) == [1]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Hoeveel woningen bouwt Veldrijk?", "antwoord-hoeveel-woningen-bouwt-veldrijk"),
        ("Wat kost één café in '24?", "antwoord-wat-kost-één-café-in-24"),
        ("../../etc/passwd\r\nSet-Cookie: x", "antwoord-etc-passwd-set-cookie-x"),
        ("???", "antwoord"),
        ("a" * 300, "antwoord"),
    ],
)
def test_the_name_of_the_file_comes_from_the_question(question, name):
    answer = list_answer()
    file = export(replace(answer, query=replace(answer.query, text=question)), "odt", asked_at=ASKED, link=LINK)
    assert file.name == f"{name}.odt"
    assert "\r" not in file.disposition
    file.disposition.encode("ascii")


def test_copied_text_has_the_numbers_and_the_sources():
    copied = copy_text(list_answer(), LINK)
    assert f"– “{ITEMS[2]}” [1] [2] [3] [4]\n" in copied
    assert "[5] “De wachttijd is 14 weken.” – Brief over de jeugd (1 juni 2023), Deel 2 › Opgave.\n" in copied
    assert copied.endswith(f"Te vinden op: {LINK}\n")
    assert "Dit staat niet in de documenten." in copy_text(nothing_found(), LINK)
    assert LETTER.title in copied
