"""What is quoted for a sentence: with what it refers to, with its list, with its record; and always word for word."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.passage_sentences import read_sentences
from assistant.quotation import BACK, FOLLOWED_WORDS, JOINED_WORDS, quotation, shown
from ingest.split import canonical
from ingest.types import Block
from tests.test_features import question
from tests.test_sentence_features import HEADING, item, library, paragraph

PLACES = ["het oude fabrieksterrein aan de Havenkade", "de noordrand van het dorp Elzen", "het stationsgebied"]
LEAD = "De gemeente bouwt op drie plekken:"


def quoted(asked, text, *blocks):
    """What is quoted for the sentence with this text, as it is shown."""
    texts, hits = library(blocks)
    [sentence] = [one for one in read_sentences(hits, texts.__getitem__) if one.text == text]
    found = quotation(sentence, question(asked), texts["d0"])
    assert_stands(found, texts["d0"])
    return found.text


def pieces(text):
    """What stands in a quotation between quotation marks, and behind dashes, with even white space."""
    return [
        piece for line in re.split(r"(?:^|\n)– ", text) if (piece := line.strip().removeprefix("“").removesuffix("”"))
    ]


def assert_stands(found, text):
    """All of a quotation, quotes and dashes taken off, is what stands at its spans, word for word and in order."""
    assert list(found.spans) == sorted(found.spans)
    assert all(0 <= start < end <= len(text.text) for start, end in found.spans)
    stand = " ".join(" ".join(text.text[start:end].split()) for start, end in found.spans)
    said = " ".join(pieces(found.text))
    # What is quoted may begin or end with quotation marks of its own.
    assert re.sub("[“”]", "", said).split() == re.sub("[“”]", "", stand).split()
    assert not any(
        block.kind == "heading" and start < block.start and block.end < end and block.level <= 2
        for start, end in found.spans
        for block in text.blocks
    )


# A sentence and what it refers to

BRIDGE = "De raad trok twee miljoen euro uit voor de brug."


@pytest.mark.parametrize(
    "begins",
    ["Dat", "Deze aanpak", "Dit bedrag", "Zij", "Daarmee", "Hierdoor", "Ook dat", "Maar dit", "Want dat", "‘Dit geld"],
)
def test_a_sentence_that_refers_back_takes_the_one_before_along(begins):
    last = f"{begins} dekt het onderhoud voor tien jaar."
    text = f"Het was een lange avond. {BRIDGE} {last}"
    assert quoted("Voor hoeveel jaar is het onderhoud gedekt?", last, HEADING, paragraph(text)) == f"“{BRIDGE} {last}”"


@pytest.mark.parametrize("begins", ["Ditmaal", "De brug", "Elzen", "Eén bedrag", "Datum 3 mei", "Daarheen"])
def test_a_sentence_that_does_not_refer_back_stands_alone(begins):
    last = f"{begins} dekt het onderhoud voor tien jaar."
    assert quoted("Hoeveel jaar?", last, HEADING, paragraph(f"{BRIDGE} {last}")) == f"“{last}”"


@pytest.mark.parametrize("therefore", ["daarom", "daardoor", "dus", "hierdoor"])
def test_a_why_question_gets_the_reason_that_stands_before(therefore):
    reason = "Het geld voor de brug was in mei al op."
    last = f"De aanleg begint {therefore} pas in 2027."
    text = paragraph(f"Het was een lange avond. {reason} {last}")
    assert quoted("Waarom begint de aanleg pas later?", last, HEADING, text) == f"“{reason} {last}”"
    assert quoted("Wanneer begint de aanleg?", last, HEADING, text) == f"“{last}”"


def test_what_the_question_names_needs_nothing_before_it():
    last = "Deze verbouwing liep vast door geldgebrek."
    text = paragraph(f"Het raadhuis krijgt twee zalen erbij. {last}")
    assert quoted("Hoeveel geldgebrek had de verbouwing?", last, text) == f"“{last}”"
    assert quoted("Hoeveel geldgebrek was er?", last, text) == f"“{text.text}”"


def test_a_question_in_another_form_of_the_word_names_it_too():
    last = "Deze plannen zijn vorig jaar vastgesteld."
    assert quoted("Wanneer is het plan gemaakt?", last, paragraph(f"Elzen schreef drie nota's. {last}")) == f"“{last}”"


def test_a_chain_of_references_is_followed_only_so_far():
    chain = ["Elzen bouwt een brug."] + [f"Dat is punt {number} van het dorp." for number in range(BACK + 1)]
    assert quoted("Welk punt is het?", chain[-1], paragraph(" ".join(chain))) == f"“{' '.join(chain[1:])}”"
    assert quoted("Welk punt is het?", chain[-2], paragraph(" ".join(chain[:-1]))) == f"“{' '.join(chain[:-1])}”"


def test_what_is_taken_along_before_stays_within_the_limit():
    last = "Dit bedrag dekt het onderhoud voor tien jaar."
    fits = " ".join(["Na", *["lang"] * (JOINED_WORDS - len(last.split()) - 2), "beraad."])
    for before, taken in ((fits, f"{fits} {last}"), (fits.replace("beraad", "en breed beraad"), last)):
        assert quoted("Hoeveel jaar?", last, paragraph(f"{before} {last}")) == f"“{taken}”"


def test_the_paragraph_before_holds_what_a_first_sentence_refers_to():
    last = "Dit bedrag dekt het onderhoud voor tien jaar."
    assert quoted("Hoeveel jaar?", last, HEADING, paragraph(BRIDGE), paragraph(last)) == f"“{BRIDGE} {last}”"


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_nothing_is_taken_along_over_a_heading(level):
    last = "Dit bedrag dekt het onderhoud voor tien jaar."
    between = Block("heading", "Onderhoud", level)
    follows = paragraph("Daardoor blijft de brug open.")
    assert quoted("Hoeveel jaar?", last, HEADING, paragraph(BRIDGE), between, paragraph(last)) == f"“{last}”"
    assert quoted("Waarom?", BRIDGE, HEADING, paragraph(BRIDGE), between, follows) == f"“{BRIDGE}”"


@pytest.mark.parametrize("kind", ["table", "caption", "footnote", "quote"])
def test_nothing_is_taken_along_out_of_another_kind_of_block(kind):
    last = "Dit bedrag dekt het onderhoud voor tien jaar."
    assert quoted("Hoeveel jaar?", last, Block(kind, BRIDGE), paragraph(last)) == f"“{last}”"


def test_nothing_is_taken_along_out_of_another_passage():
    texts, hits = library([paragraph(f"{BRIDGE} Dit geld is er al.")])
    start = hits[0].passage.text.index("Dit")
    hit = replace(hits[0], passage=replace(hits[0].passage, start=start, text=hits[0].passage.text[start:]))
    [sentence] = read_sentences([hit], texts.__getitem__)
    assert quotation(sentence, question("Hoeveel?"), texts["d0"]).text == "“Dit geld is er al.”"


# What goes on about it


def test_a_why_question_takes_the_reason_along_where_the_sentence_has_none():
    text = paragraph("De kosten van de hulp stijgen. Dat komt door de hogere lonen. De raad vergadert in mei.")
    first = "De kosten van de hulp stijgen."
    both = "“De kosten van de hulp stijgen. Dat komt door de hogere lonen.”"
    assert quoted("Waarom stijgen de kosten van de hulp?", first, text) == both
    assert quoted("Hoeveel stijgen de kosten van de hulp?", first, text) == f"“{first}”"


def test_a_reason_in_the_next_sentence_needs_no_word_that_refers_to_it():
    text = paragraph("De kosten van de hulp stijgen. Lonen zijn hoger dan vroeger.")
    assert quoted("Waarom stijgen de kosten?", "De kosten van de hulp stijgen.", text) == f"“{text.text}”"


def test_a_sentence_with_its_reason_needs_no_other():
    first = "De kosten stijgen, omdat de lonen hoger zijn."
    text = paragraph(f"{first} De raad vergadert in mei.")
    assert quoted("Waarom stijgen de kosten?", first, text) == f"“{first}”"


@pytest.mark.parametrize("begins", ["Daardoor", "Dat betekent dat", "Zo", "Hierdoor", "Dan"])
def test_what_goes_on_is_taken_along_where_more_than_a_word_is_asked(begins):
    first, second = "Elzen krijgt een eigen budget.", f"{begins} beslissen bewoners zelf."
    text = paragraph(f"{first} {second} De raad vergadert in mei.")
    assert quoted("Wat verandert er in Elzen?", first, text) == f"“{first} {second}”"
    for short in ("Hoeveel budget is er?", "Wie krijgt budget?", "Wanneer komt het budget?"):
        assert quoted(short, first, text) == f"“{first}”"


def test_what_goes_on_stays_within_the_limit():
    first = "Elzen krijgt een eigen budget."
    for words, taken in ((FOLLOWED_WORDS - 5, True), (FOLLOWED_WORDS - 4, False)):
        second = " ".join(["Daardoor", *["en"] * (words - 2), "verder."])
        assert (second in quoted("Wat verandert er?", first, paragraph(f"{first} {second}"))) is taken


def test_a_sentence_that_is_cut_off_takes_the_rest_along():
    first, rest = "De gemeente kiest voor bomen,", "struiken en bloemen in elke straat."
    assert quoted("Hoeveel bomen?", first, paragraph(first), paragraph(rest)) == f"“{first} {rest}”"


# Lists


def test_the_lead_in_of_a_list_takes_its_items_along():
    blocks = [HEADING, paragraph(LEAD), *map(item, PLACES), paragraph("De raad vergadert in mei.")]
    whole = f"“{LEAD}\n– {PLACES[0]}\n– {PLACES[1]}\n– {PLACES[2]}”"
    for asked in ("Op welke drie plekken bouwt de gemeente?", "Wat doet de gemeente?", "Hoeveel plekken zijn er?"):
        assert quoted(asked, LEAD, *blocks) == whole


def test_an_item_leads_back_to_its_list_where_a_list_is_asked_for():
    blocks = [HEADING, paragraph(LEAD), *map(item, PLACES)]
    whole = quoted("Wat doet de gemeente?", LEAD, *blocks)
    for place in PLACES[:2]:
        assert quoted("Op welke drie plekken bouwt de gemeente?", place, *blocks) == whole
        assert quoted("Wie kocht het terrein?", place, *blocks) == f"“{place}”"


def test_items_with_text_between_them_are_quoted_one_by_one():
    items = ["a. de strenge dijkgraaf", "b. de snelle aannemer", "c. de goede buur"]
    between = paragraph("Daar is veel over te zeggen in de straat.")
    blocks = [HEADING, paragraph("Er zijn drie typen:"), *(block for one in items for block in (item(one), between))]
    texts, hits = library(blocks)
    said = read_sentences(hits, texts.__getitem__)
    for text in ("Er zijn drie typen:", *items):
        [sentence] = [one for one in said if one.text == text]
        found = quotation(sentence, question("Welke drie typen zijn er?"), texts["d0"])
        assert_stands(found, texts["d0"])
        assert found.is_list
        assert len(found.spans) == 4
        assert found.text == "“Er zijn drie typen:”" + "".join(f"\n– “{one}”" for one in items)


def test_a_list_in_a_row_is_one_quote():
    texts, hits = library([paragraph(LEAD), *map(item, PLACES)])
    found = quotation(read_sentences(hits, texts.__getitem__)[0], question("Welke plekken?"), texts["d0"])
    assert found.is_list
    assert found.spans == ((0, len(texts["d0"].text)),)


def test_a_list_without_a_lead_in_is_its_items():
    blocks = [HEADING, *map(item, PLACES)]
    shown_items = quoted("Welke plekken zijn er?", PLACES[0], *blocks)
    assert pieces(shown_items) == PLACES


def test_long_items_are_quoted_up_to_their_first_clause():
    more = " ".join(["Daar is in alle straten en op alle pleinen veel over te vertellen."] * 6)
    items = [f"{place}: daar komt een park. {more}" for place in PLACES]
    found = quoted("Welke drie plekken zijn er?", LEAD, HEADING, paragraph(LEAD), *map(item, items))
    assert found == f"“{LEAD}”" + "".join(f"\n– “{place}”" for place in PLACES)


def test_a_list_in_running_text_is_quoted_whole_where_a_list_is_asked_for():
    said = ["Dat heeft twee oorzaken.", "De grond is duur.", "Het water staat hoog.", "De raad vergadert in mei."]
    text = paragraph(" ".join(said))
    for one in said[:3]:
        assert quoted("Welke oorzaken heeft dat?", one, HEADING, text) == f"“{' '.join(said[:3])}”"
    assert quoted("Welke oorzaken heeft dat?", said[3], HEADING, text) == f"“{said[3]}”"
    assert quoted("Wie bezit de grond?", said[1], HEADING, text) == f"“{said[1]}”"


# Replies

ASKED = Block("heading", "Waarom bouwt u op de kade?", 3)


@pytest.mark.parametrize("reply", ["Omdat daar ruimte is voor wonen.", "Ja, daar ben ik voor.", "Dat is een oud plan."])
def test_a_reply_that_needs_its_question_is_quoted_with_it(reply):
    assert quoted("Waarom wil zij een nieuwe kade?", reply, HEADING, ASKED, paragraph(reply)) == (
        f"“{ASKED.text} {reply}”"
    )


def test_a_reply_that_says_it_all_stands_alone():
    reply = "De gemeente bouwt op de kade."
    assert quoted("Wie bouwt er?", reply, HEADING, ASKED, paragraph(reply)) == f"“{reply}”"
    after = "Omdat daar ruimte is voor wonen."
    assert quoted("Wie bouwt er?", after, HEADING, ASKED, paragraph(f"{reply} {after}")) == f"“{after}”"


# Records

RECORD = [
    Block("heading", "Bijeenkomst over de haven", 3),
    paragraph("Datum: 3 mei 2024"),
    paragraph("Zaal: de Schuur"),
]


def test_a_labelled_line_is_quoted_with_what_it_belongs_to():
    found = quoted("Wanneer was de bijeenkomst?", "Datum: 3 mei 2024", HEADING, *RECORD)
    assert found == "“Bijeenkomst over de haven Datum: 3 mei 2024”"
    found = quoted("Waar was de bijeenkomst?", "Zaal: de Schuur", HEADING, *RECORD)
    assert found == "“Bijeenkomst over de haven Datum: 3 mei 2024 Zaal: de Schuur”"


def test_running_text_above_a_labelled_line_is_not_part_of_the_record():
    before = paragraph("De raad sprak lang over de haven.")
    found = quoted("Wanneer?", "Datum: 3 mei 2024", HEADING, before, *RECORD[1:])
    assert found == "“Datum: 3 mei 2024”"


def test_a_sentence_with_a_colon_is_no_record():
    text = "De wethouder zegt: wij bouwen een brug."
    assert quoted("Wat zegt hij?", text, Block("heading", "Brug", 3), paragraph(text)) == f"“{text}”"


# How it is shown


def test_items_are_shown_on_lines_of_their_own_and_white_space_is_made_even():
    text = canonical([paragraph("Er zijn  twee\nplekken:"), item("de kade"), item("het\u00a0 dorp")])
    assert shown(text, 0, len(text.text)) == "“Er zijn twee plekken:\n– de kade\n– het dorp”"
    assert shown(text, text.blocks[1].start, text.blocks[2].end) == "“de kade\n– het dorp”"
    assert shown(text, 3, 13) == "“zijn twee”"


def test_one_quotation_within_another_is_seen_in_one_document_only():
    blocks = [paragraph(f"{BRIDGE} Dit dekt het onderhoud. Elzen is groen.")]
    texts, hits = library(blocks, blocks)
    made = [quotation(one, question("Hoeveel?"), texts[one.doc_id]) for one in read_sentences(hits, texts.__getitem__)]
    first, widened, other, elsewhere = made[:4]
    assert widened.spans != first.spans
    assert first.within(widened)
    assert widened.within(first)
    assert not first.within(other)
    assert not first.within(elsewhere)


# Any document

TEXTS = st.sampled_from([
    "De gemeente bouwt 2.150 woningen.", "Dit plan is duur.", "Zij wil meer groen.", "Deze aanpak werkt.", "…", "?",
    "Er zijn drie plekken:", "Er zijn twee typen:", "de noordrand van Elzen", "Wat gaat er veranderen?", "1.", "– –",
    "Omdat hulp duurder is, stijgen de kosten.", "Daardoor stijgen de kosten.", "Datum: 3 mei 2024",
    "“Samen” staat er.", "a. de kade", "b. de haven: daar komt een brug. Die is rood.", "c. het plein",
    "Een regel\nen een regel", "open,",
    "Zie Bakker, J. (2021). Wonen.", "Daarover is veel te zeggen. " * 12, "Dat  zijn\u00a0gaten .",
    "Zaal: de Schuur",
])  # fmt: skip
BLOCKS = st.builds(
    Block,
    st.sampled_from(["heading", "paragraph", "paragraph", "list_item", "list_item", "quote", "footnote", "table"]),
    st.lists(TEXTS, min_size=1, max_size=3).map(" ".join),
    st.integers(0, 4),
)
QUESTIONS = st.sampled_from([
    "Hoeveel woningen bouwt de gemeente?", "Welke drie plekken zijn het?", "Waarom stijgen de kosten?",
    "Wat is de aanpak?", "Wanneer was dat?", "",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(QUESTIONS, st.lists(st.lists(BLOCKS, max_size=9), min_size=1, max_size=2))
def test_every_quotation_is_word_for_word_what_stands_at_its_spans(asked, documents):
    texts, hits = library(*documents)
    for sentence in read_sentences(hits, texts.__getitem__):
        if not sentence.quotable:
            continue
        found = quotation(sentence, question(asked), texts[sentence.doc_id])
        text = texts[found.doc_id]
        assert_stands(found, text)
        assert found == quotation(sentence, question(asked), text)
        assert found.text.count("“") >= 1
        assert found.within(found)
        if not found.is_list:
            [(start, end)] = found.spans
            assert start <= sentence.start < sentence.end <= end
