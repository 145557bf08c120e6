"""Who says it: when a quote is shown with its document and date before it, and how that reads."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.attribution import attributed, short_title, source_frame, speaker_of
from assistant.generator import Evidence
from assistant.passage_sentences import read_sentences
from assistant.quotation import quotation
from ingest.types import Block, Document
from tests.test_features import question
from tests.test_sentence_features import HEADING, library, paragraph

BRIDGE = "Elzen bouwt een brug over de vaart."
TITLES = ("Nota Water: een plan voor de vaart", "Verslag", "Visie")
DATES = ("2019-06", "2022", None)


def document(title, issued=None):
    return Document("d", "d.md", title, "text/markdown", "hash", issued=issued)


def statements(*documents, asked="Wat bouwt Elzen?", english=False, title=TITLES, issued=DATES):
    """The statements that quote the first sentence of each of these documents, given as blocks, in order."""
    texts, hits = library(*documents, title=title, issued=issued)
    whole = replace(question(asked), english=english)
    said = {one.doc_id: one for one in reversed(read_sentences(hits, texts.__getitem__)) if one.kind != "heading"}
    quotations = [quotation(said[doc_id], whole, texts[doc_id]) for doc_id in texts]
    return [draft.text for draft in attributed(quotations, Evidence(whole, tuple(hits), texts.__getitem__))]


def of(*texts, **options):
    return statements(*([HEADING, paragraph(text)] for text in texts), **options)


# When it is needed


def test_one_document_that_speaks_for_itself_is_not_named():
    assert of(BRIDGE) == [f"“{BRIDGE}”"]


@pytest.mark.parametrize(
    "text",
    [
        "Wij bouwen een brug over de vaart.",
        "De brug is van ons allemaal.",
        "Onze brug ligt over de vaart.",
        "Toen dacht ik aan een brug.",
        "De brug over de vaart is nu klaar.",
        "Vorig jaar kwam de brug over de vaart klaar.",
        "De brug over de vaart ligt er inmiddels.",
    ],
)
def test_wij_ik_and_nu_need_their_document(text):
    assert of(text) == [f"Nota Water (juni 2019): “{text}”"]


@pytest.mark.parametrize("text", ["De wijk krijgt een brug.", "De Nuon levert stroom.", "Onsbrug is een dorp."])
def test_words_that_only_look_like_them_do_not(text):
    assert of(text) == [f"“{text}”"]


def test_each_of_several_documents_is_named_with_its_date():
    other = "Elzen bouwt een sluis in de vaart."
    assert of(BRIDGE, other, BRIDGE) == [
        f"Nota Water (juni 2019): “{BRIDGE}”",
        f"Verslag (2022): “{other}”",
        f"Visie: “{BRIDGE}”",
    ]


def test_a_document_is_not_named_twice_in_a_row():
    texts, hits = library(
        [paragraph(f"{BRIDGE} De raad wil dat.")], [paragraph("Zo gaat dat.")], title=TITLES, issued=DATES
    )
    asked = question("Wat bouwt Elzen?")
    said = [quotation(one, question("Hoeveel?"), texts[one.doc_id]) for one in read_sentences(hits, texts.__getitem__)]
    evidence = Evidence(asked, tuple(hits), texts.__getitem__)
    first, second, other = said
    named = [draft.text.partition("“")[0] for draft in attributed([first, second, other, second], evidence)]
    assert named == ["Nota Water (juni 2019): ", "", "Verslag (2022): ", "Nota Water (juni 2019): "]


def test_an_english_answer_says_that_its_quote_is_dutch():
    assert of(BRIDGE, asked="What does Elzen build?", english=True) == [
        f"According to Nota Water (June 2019, in Dutch): “{BRIDGE}”"
    ]
    undated = of(BRIDGE, asked="What does Elzen build?", english=True, issued=(None,))
    assert undated == [f"According to Nota Water (in Dutch): “{BRIDGE}”"]


def test_without_quotations_there_are_no_statements():
    assert list(attributed([], Evidence(question("Wat?"), (), {}.__getitem__))) == []  # type: ignore[arg-type]


def test_a_statement_rests_on_all_spans_of_its_quotation():
    blocks = [paragraph("Er zijn twee punten:"), *(
        block for mark in "ab" for block in (Block("list_item", f"{mark}. de kade", 1), paragraph("Dat is zo."))
    )]  # fmt: skip
    texts, hits = library(blocks)
    asked = question("Welke punten zijn er?")
    found = quotation(read_sentences(hits, texts.__getitem__)[0], asked, texts["d0"])
    [draft] = attributed([found], Evidence(asked, tuple(hits), texts.__getitem__))
    assert draft.quotes == tuple(("d0", start, end) for start, end in found.spans)
    assert len(draft.quotes) == 3


# Under a person's name


def under(heading):
    return statements([Block("heading", "Gesprekken", 1), Block("heading", heading, 2), paragraph(BRIDGE)])


@pytest.mark.parametrize(
    "heading", ["Karin van der Hulst, wethouder in Elzen", "Aart Slingerland, burgemeester", "Ada Boom, oud-raadslid"]
)
def test_what_stands_under_the_name_of_a_person_is_said_by_that_person(heading):
    assert under(heading) == [f"{heading}, in Nota Water (juni 2019): “{BRIDGE}”"]


@pytest.mark.parametrize("heading", ["Bouwen, wethouder en raad", "Samen Sterk, een visie", "Karin van der Hulst"])
def test_a_heading_without_a_name_and_a_function_is_no_person(heading):
    assert under(heading) == [f"“{BRIDGE}”"]


def test_a_passage_without_headings_has_no_speaker():
    _, hits = library([paragraph(BRIDGE)])
    assert speaker_of(hits[0].passage) == ""


# How it reads


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Visie 2040", "Visie 2040"),
        ("Nota Water: een plan voor de vaart", "Nota Water"),
        ("Nota Water – een plan", "Nota Water"),
        ("Wie bouwt er mee? Een verslag van de avond", "Wie bouwt er mee?"),
        ("De 2.150 woningen van Elzen", "De 2.150 woningen van Elzen"),
        ("Sociaal-economische agenda", "Sociaal-economische agenda"),
        ("Om 12:30 in Elzen", "Om 12:30 in Elzen"),
        ("", ""),
    ],
)
def test_a_title_is_shown_without_its_subtitle(title, short):
    assert short_title(title) == short


def test_the_frame_has_what_is_known():
    assert source_frame(document("Visie", "2024-03-04")) == "Visie (4 maart 2024): "
    assert source_frame(document("Visie")) == "Visie: "
    assert (
        source_frame(document("Visie", "2024-03-04"), english=True) == "According to Visie (4 March 2024, in Dutch): "
    )


@given(st.text(max_size=60))
def test_a_short_title_is_the_beginning_of_the_title(title):
    assert title.strip().startswith(short_title(title))
    assert bool(short_title(title)) == bool(title.strip())
