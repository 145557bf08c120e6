"""Cleaning: what extraction did is undone, and nothing else."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import READER_VERSION, clean
from ingest.clean.characters import Vocabulary, substitute, tidy
from ingest.clean.flow import rejoin
from ingest.split import canonical
from ingest.types import Block

RUNNING = "De gemeente werkt samen met bewoners en bedrijven aan een plan voor de hele wijk en haar straten."
MORE = "Het college stelt het plan vast nadat de raad er in een openbare vergadering over heeft gesproken."


def paragraph(text: str, page: int | None = None) -> Block:
    return Block("paragraph", text, page=page)


def heading(text: str, level: int = 2) -> Block:
    return Block("heading", text, level)


def texts(blocks) -> list[str]:
    return [block.text for block in clean(blocks)]


def test_the_version_is_a_string():
    assert READER_VERSION


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("Een eﬃciënte ﬁets\u00a0in\u2009de sta\u00adtion\u200bs", "Een efficiënte fiets in de stations"),
        ("coo\u0308peratie", "coöperatie"),
        ("over verde-\nlingsvraagstukken en meer", "over verdelingsvraagstukken en meer"),
        ("raads-, coalitie- en bestuursakkoorden", "raads-, coalitie- en bestuursakkoorden"),
        ("sociaal-\nen jeugdbeleid", "sociaal- en jeugdbeleid"),
        ("het VNG-\nbureau in Noord-\nHolland", "het VNG-bureau in Noord-Holland"),
        ("een zee-\neend en een niet-\nlid", "een zee-eend en een niet-lid"),
        ("de <b>nota</b> van de 4<sup>e</sup> raad<sup>2</sup>", "de nota van de 4e raad²"),
        ("**vet** en  ruim", "vet en ruim"),
        ("opgaven -anders gezegd- niet klein", "opgaven -anders gezegd- niet klein"),
        ("De raad van\nState en de burgemeester\nvan de stad", "De raad van State en de burgemeester van de stad"),
        ("Postbus 1\n1234 AB Westerveen\ninfo@westerveen.nl", "Postbus 1\n1234 AB Westerveen\ninfo@westerveen.nl"),
    ],
)
def test_characters_words_and_lines(raw, cleaned):
    assert texts([paragraph(raw)]) == [cleaned]


def test_a_hyphen_within_a_line_goes_only_where_the_document_writes_the_word_without():
    known = paragraph("De informatiesamenleving groeit, zegt de raad over de informatiesamenleving van nu.")
    assert "de informatiesamenleving" in texts([known, paragraph("Wij leven in de informatie-samenleving.")])[1]
    assert texts([paragraph("Wij leven in de informatie-samenleving.")]) == ["Wij leven in de informatie-samenleving."]


def test_running_headers_footers_and_page_numbers_go():
    blocks = []
    for page in range(1, 6):
        blocks += [paragraph("Nota wonen en zorg", page), paragraph(f"{RUNNING} Het is deel {page * 3}.", page)]
        blocks += [paragraph(f"{MORE} Zo ging het in maand {page}.", page)]
        blocks += [paragraph(f"Projectnummer: 12345 B-{page}", page), paragraph(str(page), page)]
    kept = texts(blocks)
    assert len(kept) == 10
    assert not any("Projectnummer" in text or "Nota wonen" in text for text in kept)


def test_a_title_repeated_on_every_page_stays_once():
    blocks = [heading("Samen verder", 1), paragraph(RUNNING), heading("Samen verder", 1), paragraph(MORE)]
    blocks += [
        heading("Samen verder", 1),
        paragraph("Zij staan voor een lastige keuze in de komende periode van vier jaar."),
    ]
    assert texts(blocks).count("Samen verder") == 1


def test_headings_that_return_in_every_chapter_stay():
    blocks = []
    for number in range(1, 5):
        blocks += [
            heading(f"{number} Wegwijzer naar {'abcd'[number]}" if number < 4 else "4 Slot", 1),
            heading("Een verhaal"),
        ]
        blocks += [paragraph(f"{RUNNING} {number}"), heading("Een handreiking"), paragraph(f"{MORE} {number}")]
    assert texts(blocks).count("Een handreiking") == 4


def test_a_paragraph_broken_by_a_page_is_whole_and_knows_its_pages():
    blocks = clean(
        [
            paragraph("De bijeenkomsten geven richting aan de koers die wij de komende jaren volgen. Ondanks", 1),
            paragraph("de verschillen was er veel overeenstemming.", 2),
        ]
    )
    assert len(blocks) == 1
    offset, page = blocks[0].breaks[0]
    assert page == 2
    assert blocks[0].text[offset:].startswith("de verschillen")


def test_a_word_cut_by_a_page_is_whole_and_the_break_stays_right():
    blocks = clean(
        [
            paragraph("Dit zijn keuzes die de gemeente inhoudelijk en organisato-", 3),
            paragraph("risch maakte in dat jaar.", 4),
        ]
    )
    assert blocks[0].text == "Dit zijn keuzes die de gemeente inhoudelijk en organisatorisch maakte in dat jaar."
    offset, page = blocks[0].breaks[0]
    assert page == 4
    assert blocks[0].text[offset:].startswith("risch")


def test_a_pull_quote_becomes_a_quote_behind_the_sentence_it_interrupts():
    pulled = "De grote taken van het bestuur vragen om een sterk lokaal verhaal."
    blocks = clean([
        paragraph(f"{pulled} De politiek raakt steeds verder verdeeld, en dat geldt ook in de kleinste gemeente."),
        paragraph("Binnen de vereniging komen alle lijnen samen. Daar moet dan ook de"),
        heading(pulled),
        paragraph("verbinding worden gezocht."),
    ])  # fmt: skip
    assert [block.kind for block in blocks] == ["paragraph", "paragraph", "quote"]
    assert blocks[1].text.endswith("Daar moet dan ook de verbinding worden gezocht.")


def test_a_box_that_interrupts_a_sentence_comes_at_the_end_of_its_section():
    blocks = clean([
        heading("Data"),
        paragraph("Gemeenten moeten regels verbinden aan data in de openbare ruimte, zoals camera-"),
        heading("Een voorbeeld uit de praktijk"),
        paragraph("In Westerveen ziet de gemeente met één druk op de knop wie een pand bezit en wie de"),
        paragraph("Kamer van Koophandel kent."),
        paragraph("toezicht in winkelstraten. En goed nadenken."),
        paragraph(MORE),
        heading("Uitvoering"),
    ])  # fmt: skip
    assert [block.text[:12] for block in blocks] == [
        "Data",
        "Gemeenten mo",
        "Het college ",
        "Een voorbeel",
        "In Westervee",
        "Uitvoering",
    ]
    assert "cameratoezicht in winkelstraten" in blocks[1].text


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (
            [paragraph("2"), heading("Terugblik", 1), paragraph("(2015 - 2019)"), paragraph(RUNNING)],
            "2 Terugblik (2015 - 2019)",
        ),
        ([heading("II", 1), paragraph("Een routekaart"), paragraph(RUNNING)], "II Een routekaart"),
        (
            [heading("Opgaven in het", 1), heading("sociaal domein", 1), paragraph(RUNNING)],
            "Opgaven in het sociaal domein",
        ),
        ([heading("1.", 1), heading("Inleiding", 2), paragraph(RUNNING)], "1. Inleiding"),
    ],
)
def test_broken_headings_are_whole(blocks, expected):
    assert clean(blocks)[0].text == expected
    assert clean(blocks)[0].kind == "heading"


def test_numbered_headings_come_below_roman_chapters():
    blocks = clean(
        [
            heading("I Over", 1),
            paragraph(RUNNING),
            heading("II Kaart", 1),
            heading("1 Feiten", 1),
            paragraph(MORE),
            heading("III Slot", 1),
        ]
    )
    assert [block.level for block in blocks if block.kind == "heading"] == [1, 1, 2, 1]


def test_a_title_that_the_contents_promise_is_a_heading():
    contents = Block("table", "1. Laat de feiten spreken | 7\n2. Ken het netwerk | 9\nColofon | 20")
    blocks = clean(
        [
            heading("Inhoud", 1),
            contents,
            paragraph("Laat de\nfeiten spreken"),
            paragraph(RUNNING),
            heading("2 Ken het netwerk", 1),
            paragraph(MORE),
        ]
    )
    assert ("heading", "Laat de feiten spreken") in [(block.kind, block.text) for block in blocks]


def test_the_speaker_stays_with_the_statement():
    quote = "'Laat elke streek zijn eigen stroom opwekken, dan delen wij de lasten eerlijk.'"
    blocks = clean(
        [
            heading("Energie"),
            paragraph(RUNNING),
            heading("Friesland", 3),
            paragraph(quote),
            heading("Wonen"),
            paragraph(MORE),
        ]
    )
    assert blocks[2] == Block("quote", f"Friesland\n{quote}")


def test_a_byline_is_a_heading_so_that_it_goes_with_every_part():
    long = "‘" + " ".join([RUNNING] * 3)
    blocks = clean(
        [
            heading("DOE RECHT AAN WAT ER IS", 3),
            paragraph("Anna de Vries, wnd. secretaris van Westerveen"),
            paragraph(long),
        ]
    )
    assert [(block.kind, block.level) for block in blocks] == [("heading", 3), ("heading", 4), ("paragraph", 0)]


def test_captions_take_the_line_below_their_label():
    blocks = clean([paragraph("Figuur 4"), paragraph("Een kaart van het netwerk"), paragraph(RUNNING)])
    assert blocks[0] == Block("caption", "Figuur 4 Een kaart van het netwerk")
    said = clean([paragraph("Figuur 2 laat zien dat de gemeente groeit en dat zij dat nog jaren blijft doen.")])
    assert said[0].kind == "paragraph"


def test_lower_case_paragraphs_after_a_colon_are_a_list():
    blocks = clean(
        [
            paragraph("Elke wegwijzer kent drie onderdelen:"),
            paragraph("een verhaal van een collega uit de praktijk"),
            paragraph("een handreiking voor de raad"),
        ]
    )
    assert [block.kind for block in blocks] == ["paragraph", "list_item", "list_item"]


def test_an_english_description_of_a_picture_goes_from_a_dutch_document():
    picture = "An illustration of two people on a bench, with a green circle around them and the logo at the right."
    assert texts([paragraph(RUNNING), paragraph(picture), paragraph(MORE)]) == [RUNNING, MORE]


@given(st.text(alphabet="ab-\n \u00adﬁ\u00a0", max_size=40), st.lists(st.integers(0, 39), max_size=3, unique=True))
def test_breaks_stay_in_order_and_within_the_text(text, offsets):
    breaks = tuple((offset, number) for number, offset in enumerate(sorted(o for o in offsets if 0 < o < len(text)), 2))
    block = tidy(Block("paragraph", text, page=1, breaks=breaks), Vocabulary([text]))
    found = [offset for offset, _ in block.breaks]
    assert found == sorted(found)
    assert all(0 < offset < len(block.text) for offset in found)


def test_substitute_moves_breaks_with_the_text():
    assert substitute(re.compile("b+"), "x", "abbbcd", ((4, 2),)) == ("axcd", ((2, 2),))


KINDS = st.sampled_from(["heading", "paragraph", "list_item", "quote", "table", "caption", "footnote"])
TEXT = st.text(
    alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "Zs", "Cc", "Mn")), min_size=1, max_size=60
)
BLOCKS = st.lists(st.builds(Block, kind=KINDS, text=TEXT, level=st.integers(1, 4), page=st.integers(1, 5)), max_size=12)


@given(BLOCKS)
def test_any_blocks_are_cleaned_without_a_crash_and_the_same_every_time(blocks):
    cleaned = clean(blocks)
    assert cleaned == clean(blocks)
    assert all(block.text == block.text.strip() != "" for block in cleaned)
    assert all(unicodedata.is_normalized("NFC", block.text) for block in cleaned)


PARTS = st.sampled_from([RUNNING, MORE, "Een korte zin.", "en de rest van een zin.", "De gemeente wil met de"])


@given(st.lists(PARTS, max_size=5, unique=True))
def test_no_word_of_running_text_is_lost(sentences):
    cleaned = " ".join(texts([paragraph(sentence) for sentence in sentences])).split()
    assert sorted(cleaned) == sorted(" ".join(sentences).split())


def test_where_a_note_stood_between_two_halves_stays_known():
    halves = (
        "De raad denkt aan een proef in drie straten waarin de bewoners mee mogen praten over de",
        "werkwijze die bij hun eigen straat past.",
    )
    blocks = [Block("paragraph", halves[0]), Block("footnote", "2 Zie de nota."), Block("paragraph", halves[1])]
    joined = rejoin(blocks)
    assert [block.text for block in joined] == [" ".join(halves), "2 Zie de nota."]
    text = canonical(joined)
    assert text.blocks[0].joints == (len(halves[0]) + 1,)
    assert text.text[text.blocks[0].joints[0] :].startswith(halves[1])


def test_halves_with_nothing_between_them_leave_no_trace():
    joined = rejoin(
        [Block("paragraph", "De raad besloot na een lang debat om de"), Block("paragraph", "brug te sluiten.")]
    )
    assert [block.breaks for block in joined] == [()]


@pytest.mark.parametrize("name", ["Hoofdstuk", "Deel", "Agendapunt"])
def test_numbered_headings_of_one_word_are_no_running_header(name):
    blocks = [
        block
        for number in range(1, 6)
        for block in (heading(f"{name} {number}", 1), paragraph(f"In stuk {number} staat hoe het dorp verder groeit."))
    ]
    assert list(clean(blocks)) == blocks


def test_the_name_of_a_chapter_on_every_page_is_a_running_header():
    text = "De gemeente bouwt in dit deel van het dorp nog lang niet alles wat zij in de plannen heeft gezet, want"
    blocks = [
        block
        for page in range(1, 8)
        for block in (heading("Hoofdstuk 1", 1), paragraph(f"{text} zij wacht op besluit {page} van de raad.", page))
    ]
    assert texts(clean(blocks)).count("Hoofdstuk 1") == 1
