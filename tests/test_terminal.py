import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from assistant.settings import load_settings
from assistant.types import (
    Answer,
    Citation,
    Generation,
    Level,
    Query,
    Reason,
    Reply,
    ScoredPassage,
    Statement,
    Status,
    Suggestion,
)
from ingest.errors import EmptyFile
from ingest.publish import PublishReport
from ingest.types import Document, FileReport, Manifest, Passage
from integrations.terminal import (
    SHOWN_WORDS,
    one_line,
    page_text,
    progress_bar,
    section_text,
    show_answer,
    show_doctor,
    show_documents,
    show_passages,
    show_report,
    shown,
)

TEXT = "Veldrijk bouwt 2.150 woningen."
PASSAGE = Passage("p", "d", 0, TEXT, ("Woonvisie", "Deel 1", "Opgave"), 0, len(TEXT), 4, 5)
DOCUMENT = Document(
    "d", "wonen/visie.pdf", "Woonvisie", "application/pdf", "hash", "Gemeente Veldrijk", issued="2024-03", pages=40
)
HIT = ScoredPassage(PASSAGE, DOCUMENT, 0.8, 1, "fused")
CITATION = Citation(1, PASSAGE, DOCUMENT, TEXT, 0, len(TEXT), 4, "2")
ANSWER = Answer(
    "a1", Query("Hoeveel?"), "Hoeveel?", Status.ANSWERED, (Statement(f"“{TEXT}”", (1,)),), (CITATION,), (HIT,), (),
    0.9, Level.HIGH, Generation("extractive"), "v1", 12.0,
)  # fmt: skip
MANIFEST = Manifest("v1", "2025-01-01", "model 64d", 64, "1", "1", "1", 1, 1, "hash")


def printed(show, *arguments, width=160, terminal=False):
    """What is printed on a screen of fixed width, without what fills its lines up."""
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=terminal, color_system="truecolor" if terminal else None)
    show(console, *arguments)
    return re.sub(" +\n", "\n", stream.getvalue())


def named(title=None, source=None, section=None, text=None, publisher=None):
    """An answer, and the parts that it is made of, with these texts in the place of the plain ones."""
    document = replace(
        DOCUMENT, title=title or "Woonvisie", source=source or "visie.pdf", publisher=publisher or "Veldrijk"
    )
    passage = replace(PASSAGE, text=text or TEXT, section=(section or "Opgave",))
    hit = replace(HIT, passage=passage, document=document)
    citation = replace(CITATION, passage=passage, document=document)
    statement = Statement(f"“{text or TEXT}”", (1,))
    near = Suggestion(hit, Reason.PART, text or TEXT)
    return replace(
        ANSWER, statements=(statement,), citations=(citation,), passages=(hit,), suggestions=(near,),
        questions=(text or TEXT,), standalone_query=text or TEXT,
        generation=Generation("model", model=title or "model", dropped=2),
    )  # fmt: skip


def everything(answer, **options):
    """All that can be shown of an answer, its passages and its document."""
    document = answer.citations[0].document
    report = PublishReport(MANIFEST, (FileReport(document.source, "added"),), published=True)
    return "".join([
        printed(show_answer, answer, **options),
        printed(show_answer, replace(answer, status=Status.NOT_FOUND, statements=()), **options),
        printed(show_passages, list(answer.passages), **options),
        printed(show_documents, {"d": document}, {"d": 3}, **options),
        printed(show_report, report, **options),
        printed(show_doctor, load_settings(), answer.library_version, [document.title], **options),
    ])  # fmt: skip


# What is said


def test_an_answer_has_its_markers_how_sure_it_is_and_its_sources():
    assert printed(show_answer, ANSWER) == (
        "“Veldrijk bouwt 2.150 woningen.” [1]\n\nZeker: het antwoord staat zo in de bron.\n\nBronnen\n"
        "[1] Woonvisie · Gemeente Veldrijk, maart 2024 · Deel 1 › Opgave · p. 2 (pagina 4 van het bestand)\n"
    )


def test_each_citation_of_a_statement_is_marked():
    two = replace(CITATION, number=2, page=None)
    answer = replace(ANSWER, statements=(Statement("“Ja.”", (1, 2)),), citations=(CITATION, two))
    shown_lines = printed(show_answer, answer).splitlines()
    assert shown_lines[0] == "“Ja.” [1] [2]"
    assert [line[:3] for line in shown_lines[5:]] == ["[1]", "[2]"]
    assert "p." not in shown_lines[6]


def test_items_of_a_quote_stay_on_lines_of_their_own():
    answer = replace(ANSWER, statements=(Statement("“Er zijn twee plekken:\n– de kade\n– Elzen”", (1,)),))
    assert "“Er zijn twee plekken:\n– de kade\n– Elzen” [1]\n" in printed(show_answer, answer)


NOTHING = replace(ANSWER, status=Status.NOT_FOUND, statements=(), citations=())


def test_not_found_is_said_with_what_comes_nearest_and_why_that_is_no_answer():
    other = replace(HIT, passage=replace(PASSAGE, section=(), first_page=None))
    near = (Suggestion(HIT, Reason.OTHER_YEAR, "2019"), Suggestion(other, Reason.NO_AMOUNT))
    answer = replace(NOTHING, suggestions=near, questions=("Wat is een woonvisie?", "Waar komen de woningen?"))
    assert printed(show_answer, answer) == (
        "Dit staat niet in de documenten.\n\nHet dichtst in de buurt:\n"
        "  – Woonvisie · Deel 1 › Opgave · p. 4\n"
        "    Dit noemt het jaar 2019, en niet het jaar in je vraag.\n"
        "  – Woonvisie\n"
        "    Dit gaat over je onderwerp, maar noemt er geen aantal of bedrag bij.\n"
        "\nDit kun je wel vragen:\n  – Wat is een woonvisie?\n  – Waar komen de woningen?\n"
    )
    assert printed(show_answer, NOTHING) == "Dit staat niet in de documenten.\n"
    assert "What comes nearest:" in printed(show_answer, replace(answer, language="en"))


@pytest.mark.parametrize("reply", Reply)
def test_a_fixed_reply_stands_by_itself(reply):
    said = printed(show_answer, replace(NOTHING, reply=reply, standalone_query="anders"))
    assert said.strip()
    assert "Dit staat niet in de documenten." not in said
    assert "gelezen als" not in said


@pytest.mark.parametrize(("level", "word"), [(Level.HIGH, "Zeker"), (Level.MEDIUM, "Waarsch"), (Level.LOW, "Onzeker")])
def test_how_sure_an_answer_is_is_said_in_words(level, word):
    assert f"\n{word}" in printed(show_answer, replace(ANSWER, level=level))


def test_a_follow_up_shows_as_what_it_was_read():
    said = printed(show_answer, replace(ANSWER, query=Query("En in Elzen?"), standalone_query="Hoeveel in Elzen?"))
    assert said.startswith("Ik heb je vraag gelezen als: “Hoeveel in Elzen?”\n\n“Veldrijk")
    assert "gelezen als" not in printed(show_answer, ANSWER)


def test_a_part_of_an_answer_is_said_to_be_one():
    said = printed(show_answer, replace(ANSWER, status=Status.PARTIAL, suggestions=(Suggestion(HIT, Reason.PART),)))
    assert "Dit is een deel van het antwoord." in said
    assert said.index("Bronnen") < said.index("Het dichtst in de buurt:")


def test_a_language_model_is_named_with_what_it_got_wrong():
    made = Generation("model", model="mistral", dropped=1)
    said = printed(show_answer, replace(ANSWER, generation=made))
    assert "Opgesteld door het taalmodel mistral." in said
    assert "1 zin is weggelaten" in said
    late = replace(ANSWER, generation=Generation("extractive", model="mistral", fell_back="timeout"))
    assert "Het taalmodel antwoordde niet op tijd." in printed(show_answer, late)
    assert "taalmodel" not in printed(show_answer, ANSWER)


def test_passages_are_numbered_and_cut():
    long = replace(
        HIT, rank=2, passage=replace(PASSAGE, text="woord " * (SHOWN_WORDS + 1), section=(), first_page=None)
    )
    lines = printed(show_passages, [HIT, long], width=600).splitlines()
    assert lines[:2] == ["1. Woonvisie · Deel 1 › Opgave · p. 4", "   Veldrijk bouwt 2.150 woningen."]
    assert lines[3] == "2. Woonvisie"
    assert lines[4].split() == ["woord"] * SHOWN_WORDS + ["…"]
    whole = replace(long, passage=replace(long.passage, text="woord " * SHOWN_WORDS))
    assert "…" not in printed(show_passages, [whole], width=600)


def test_documents_are_listed_with_what_is_known_of_them():
    bare = Document("e", "los.md", "Losse notitie", "text/markdown", "hash", pages=1)
    assert printed(show_documents, {"d": DOCUMENT, "e": bare}, {"d": 12, "e": 1}).splitlines() == [
        "wonen/visie.pdf", "  Woonvisie", "  Gemeente Veldrijk · maart 2024 · 40 pagina's · 12 passages",
        "los.md", "  Losse notitie", "  1 pagina · 1 passage",
        "2 documenten in de bibliotheek.",
    ]  # fmt: skip
    assert printed(show_documents, {"e": bare}, {}).splitlines()[-2:] == [
        "  1 pagina · 0 passages", "1 document in de bibliotheek.",
    ]  # fmt: skip
    assert printed(show_documents, {}, {}) == "0 documenten in de bibliotheek.\n"


def report(*files, documents=3, passages=9, published=True):
    return PublishReport(replace(MANIFEST, documents=documents, passages=passages), files, published)


def test_a_report_has_a_line_a_file_with_news_and_a_sum():
    files = (
        FileReport("a.md", "added", passages=1),
        FileReport("b.md", "changed", passages=8),
        FileReport("c.md", "unchanged"),
        FileReport("d.md", "failed", error=EmptyFile("d.md")),
    )
    lines = printed(show_report, report(*files)).splitlines()
    assert lines[:2] == ["✓ a.md: toegevoegd (1 passage)", "✓ b.md: gewijzigd (8 passages)"]
    assert lines[2].startswith("✗ d.md is leeg")
    assert lines[3:] == [
        "1 toegevoegd, 1 gewijzigd, 1 ongewijzigd, 1 niet gelezen. De bibliotheek heeft nu 3 documenten en 9 passages."
    ]


def test_a_report_counts_one_as_one_and_says_when_there_was_nothing():
    one = report(documents=1, passages=1, published=False)
    assert printed(show_report, one) == "Niets te doen. De bibliotheek heeft nu 1 document en 1 passage.\n"


def test_a_report_says_what_to_do_about_a_file_that_is_gone():
    said = printed(show_report, report(FileReport("weg.md", "missing")))
    assert "– weg.md: bestand is weg" in said
    assert "vng-assistent remove" in said
    assert "vng-assistent remove" not in printed(show_report, report(FileReport("nieuw.md", "added")))


def test_a_long_name_is_not_broken_over_lines():
    name = "map/" * 30 + "verslag.md"
    assert f"{name}: toegevoegd" in printed(show_report, report(FileReport(name, "added")), width=40)


@pytest.mark.parametrize(
    ("page", "label", "expected"),
    [
        (None, None, ""),
        (None, "iv", ""),
        (4, None, "p. 4"),
        (4, "", "p. 4"),
        (4, "4", "p. 4"),
        (6, "iv", "p. iv (pagina 6 van het bestand)"),
    ],
)
def test_a_page_is_named_as_printed_and_as_counted(page, label, expected):
    assert page_text(page, label) == expected


def test_a_section_is_the_nearest_headings_without_the_title():
    assert section_text(PASSAGE, DOCUMENT) == "Deel 1 › Opgave"
    assert section_text(replace(PASSAGE, section=("Woonvisie",)), DOCUMENT) == ""
    assert section_text(replace(PASSAGE, section=("A", "B", "C")), DOCUMENT) == "B › C"


def test_doctor_shows_settings_and_problems(tmp_path):
    settings = load_settings().model_copy(update={"data": tmp_path, "encoder": ""})
    good = printed(show_doctor, settings, "v1, 3 documenten", [], width=300)
    assert re.search(rf"VNG_DATA +{re.escape(str(tmp_path))} ", good)
    assert re.search(r"VNG_ENCODER +\(leeg\) ", good)
    assert "Bibliotheek: v1, 3 documenten" in good
    assert "Alles in orde." in good
    bad = printed(show_doctor, settings, "v1", ["Het zoekmodel ontbreekt."], width=300)
    assert "✗ Het zoekmodel ontbreekt." in bad
    assert "Alles in orde." not in bad


def test_progress_is_drawn_on_a_screen_only():
    def work(console):
        with progress_bar(console) as bar:
            for done in (1, 2):
                bar("read", done, 2)
            bar("encode", 1, 1)

    assert printed(work) == ""
    assert "Bestanden lezen" in printed(work, terminal=True)


# What stands in documents is data

MARKUP = ["[bold]dik[/bold]", "[red]", "[/]", "[link=https://voorbeeld.nl]klik[/link]", ":warning:", "\\[dim]", "[1] x"]


@pytest.mark.parametrize("markup", MARKUP)
@pytest.mark.parametrize("place", ["title", "source", "section", "text", "publisher"])
def test_markup_in_a_document_is_shown_as_it_is(markup, place):
    shown_plain, in_colour = (everything(named(**{place: markup}), terminal=terminal) for terminal in (False, True))
    assert markup in shown_plain
    assert markup in re.sub(r"\x1b\[[0-9;]*m", "", in_colour)
    assert "voorbeeld.nl\x1b\\" not in in_colour, "a link that a document asks for is not made"


@pytest.mark.parametrize(
    "control",
    [
        "\x1b[31m", "\x1b]0;titel\x07", "\x1b]8;;https://x.nl\x1b\\", "\r", "\x07", "\x08", "\x9b2J", "\x00", "\x7f",
        "\u202e", "\u2066", "\ud800",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["title", "source", "section", "text", "publisher"])
def test_nothing_that_a_terminal_obeys_reaches_it(control, place):
    said = everything(named(**{place: f"voor{control}na"}))
    assert not set(said) & {control[0], "\x1b", "\x07", "\r"}
    assert re.search(r"voor.*na", said), "what can be shown of it is"
    coloured = everything(named(**{place: f"voor{control}na"}), terminal=True)
    assert "\x1b" not in re.sub(r"\x1b\[[0-9;]*m", "", coloured)


def test_a_title_cannot_pass_for_a_line_of_ours():
    said = printed(show_answer, named(title="Visie\nBronnen\n[2] Vals"))
    assert "[1] Visie Bronnen [2] Vals ·" in said
    assert not any(line.startswith("[2] Vals") for line in said.splitlines())


def test_what_a_reader_needs_is_kept():
    for text in ("naïef, 100 %, €", "één 😀 👩‍🌾", "regel\nregel", "wo\u00adning", "دار"):
        assert shown(text) == text
    assert shown("a\tb\x1b[2Jc") == "a b�[2Jc"
    assert one_line(" a\n\n b ") == "a b"


@given(st.text(max_size=30), st.sampled_from(["title", "source", "section", "text", "publisher"]))
def test_whatever_stands_in_a_document_only_text_is_printed(text, place):
    said = printed(show_answer, named(**{place: text}), width=400)
    said += printed(show_passages, list(named(**{place: text}).passages), width=400)
    said.encode("utf-8")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)
