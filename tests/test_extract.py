"""Answers without a language model: which of the sentences that are believed to answer are said, and how."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.choose import Chosen
from assistant.extract import DEFAULT_LIMIT, LIMITS, PART_LIMIT, Extractive
from assistant.generator import Evidence, Part
from assistant.passage_sentences import read_sentences
from assistant.rerank import shares
from assistant.sentence_features import NAMES, sentence_features
from assistant.sentence_match import intent
from assistant.types import Verdict
from assistant.verify import Verifier
from ingest.types import Block
from tests.test_features import no_words, question
from tests.test_sentence_features import HEADING, item, library, paragraph

TITLES = ("Nota Water: een plan voor de vaart", "Verslag van de avond", "Essay over bruggen", "Brief")
DATES = ("2019-06", "2022", None, "2024-03-04")
SURE = Verdict(0.9, 1.0)


def part(asked, found, believed=None):
    """A part of a question with the sentences of what was found: believed as far as said, else by their words."""
    texts, hits = found
    said = [one for one in read_sentences(hits, texts.__getitem__) if one.quotable]
    features = sentence_features(asked, said, no_words, None)
    scores = shares(4.0 * features[:, NAMES.index("expanded")].astype(np.float64))
    chosen = [
        Chosen(one, float(scores[at] if believed is None else believed.get(one.text, 0.0)), 0.0, features[at])
        for at, one in enumerate(said)
    ]
    assert (believed or {}).keys() <= {one.sentence.text for one in chosen}, "believed is what can be quoted"
    return Part(asked, tuple(sorted(chosen, key=lambda one: -one.score)), SURE)


def drafts(asked, *documents, believed=None):
    """The drafts for one or several questions, each as its text or analysed, to these documents, given as blocks."""
    found = library(*documents, title=TITLES, issued=DATES)
    parts = [question(one) if isinstance(one, str) else one for one in (asked if isinstance(asked, list) else [asked])]
    texts, hits = found
    evidence = Evidence(parts[0], tuple(hits), texts.__getitem__, tuple(part(one, found, believed) for one in parts))
    return list(Extractive().drafts(evidence)), evidence


def said(asked, *documents, believed=None):
    """The texts of these drafts."""
    return [draft.text for draft in drafts(asked, *documents, believed=believed)[0]]


def believing(*texts, first=0.4, then=0.5):
    """Texts with how far they are believed: each less than the one before."""
    return {text: first * then**at for at, text in enumerate(texts)}


def about(*sentences):
    return [HEADING, paragraph(" ".join(sentences))]


# How many statements


BRIDGES = [
    "De brug in Elzen kost 300 euro.",
    "Een sluis naar Oostmarke kost 400 gulden.",
    "Het gemaal bij Veldrijk kost 500 kronen.",
    "Een steiger voor Zandbergen kost 600 franken.",
    "Voor die molen vraagt niemand 700 dukaten.",
]


@pytest.mark.parametrize(
    ("asked", "sort"), [("Hoeveel kost het?", "amount"), ("Welke kosten zijn er?", "list"), ("Hoe kost het?", None)]
)
def test_an_answer_has_few_statements_for_each_sort_of_question(asked, sort):
    assert intent(asked) == sort
    most, _ = LIMITS.get(sort or "", DEFAULT_LIMIT)
    found = said(asked, about(*BRIDGES), believed=believing(*BRIDGES, first=0.2, then=0.9))
    assert found == [f"“{text}”" for text in BRIDGES[:most]]


def test_what_is_believed_most_comes_first():
    believed = {BRIDGES[2]: 0.5, BRIDGES[0]: 0.3}
    assert said("Hoe kost het?", about(*BRIDGES), believed=believed) == [f"“{BRIDGES[2]}”", f"“{BRIDGES[0]}”"]


def test_once_enough_is_believed_no_more_is_said():
    believed = {BRIDGES[0]: 0.9, BRIDGES[1]: 0.09}
    assert said("Hoe kost het?", about(*BRIDGES), believed=believed) == [f"“{BRIDGES[0]}”"]


def test_what_is_far_less_likely_than_the_first_is_not_said():
    believed = {BRIDGES[0]: 0.5, BRIDGES[1]: 0.001}
    assert said("Hoe kost het?", about(*BRIDGES), believed=believed) == [f"“{BRIDGES[0]}”"]


@pytest.mark.parametrize("asked", ["Wie spreekt er?", "Wat wordt er gezegd?"])
def test_an_answer_stays_within_its_words_but_for_the_first_statement(asked):
    texts = [" ".join([f"Over {name} valt", *(f"{name}{at}" for at in range(24)), "op."]) for name in "pqrst"]
    _, most = LIMITS.get(intent(asked) or "", DEFAULT_LIMIT)
    found = said(asked, about(*texts), believed=believing(*texts, first=0.3, then=0.9))
    assert found == [f"“{text}”" for text in texts[: most // len(texts[0].split())]]


def endless(words):
    return " ".join(["Bomen", *["en"] * (words - 2), "struiken."])


def test_a_first_statement_may_be_longer():
    text = endless(DEFAULT_LIMIT[1] + 50)
    assert said("Hoe kost het?", about(text), believed={text: 0.5}) == [f"“{text}”"]


def test_a_shorter_statement_may_still_fit_after_one_that_does_not():
    long = endless(DEFAULT_LIMIT[1] - 5)
    believed = {BRIDGES[0]: 0.4, long: 0.3, BRIDGES[1]: 0.2}
    found = said("Hoe kost het?", about(BRIDGES[0], long, BRIDGES[1]), believed=believed)
    assert found == [f"“{BRIDGES[0]}”", f"“{BRIDGES[1]}”"]


def test_nothing_to_say_is_said_as_nothing():
    assert said("Hoe kost het?", believed=None) == []
    assert said("Hoe kost het?", [HEADING, paragraph("Hoe kost het?")]) == []
    found = library(about(*BRIDGES))
    evidence = Evidence(question("Wat?"), tuple(found[1]), found[0].__getitem__)
    assert list(Extractive().drafts(evidence)) == []


# What is an answer


def test_headings_and_questions_are_never_an_answer():
    blocks = [
        Block("heading", "De burgemeester van Veldrijk heet Aart Slingerland", 1),
        paragraph("Hoe heet de burgemeester van Veldrijk ook alweer?"),
        Block("heading", "Burgemeester Aart Slingerland van Veldrijk is er sinds 2019", 3),
        paragraph("Aart Slingerland woont aan de Havenkade."),
    ]
    assert said("Hoe heet de burgemeester van Veldrijk?", blocks) == ["“Aart Slingerland woont aan de Havenkade.”"]


def test_how_many_and_when_are_not_answered_without_a_number_or_a_date():
    text = "De gemeente bouwt woningen in het hele dorp."
    for asked in ("Hoeveel woningen bouwt de gemeente?", "Wanneer bouwt de gemeente woningen?"):
        assert said(asked, about(text)) == []
    assert said("Waar bouwt de gemeente woningen?", about(text)) == [f"“{text}”"]


def test_a_number_or_date_of_the_question_itself_is_no_answer():
    assert said("Hoeveel woningen bouwt de gemeente in 2030?", about("De gemeente bouwt in 2030 woningen.")) == []
    assert said("Wanneer in 2030 bouwt de gemeente?", about("De gemeente bouwt in 2030 veel woningen.")) == []


def test_what_only_says_the_question_again_is_no_answer():
    again = "Karin Boom spreekt over wonen in Veldrijk."
    assert said("Spreekt Karin Boom over wonen in Veldrijk?", about(again)) == []
    assert said("Wat wil Karin Boom?", about(again)) == [f"“{again}”"]


@pytest.mark.parametrize(
    "label", ["De brug over de grote vaart", "“Bouwen aan de toekomst van later”", "Nummer 12, mei"]
)
def test_a_label_is_no_answer(label):
    text = "Elzen bouwt een sluis."
    believed = {label: 0.5, text: 0.2}
    found = said("Wat maakt Zandbergen?", [HEADING, paragraph(label), paragraph(text)], believed=believed)
    assert found == [f"“{text}”"]


def test_a_label_that_has_what_the_question_names_is_one():
    label = "Bijeenkomst over de haven: 3 mei 2024"
    blocks = [Block("heading", "Agenda", 1), paragraph("De raad vergadert in mei."), paragraph(label)]
    [first, *_] = said("Wanneer is de bijeenkomst over de haven?", blocks)
    assert label in first


def test_a_name_with_a_function_answers_who_and_nothing_else():
    blocks = [HEADING, paragraph("Ada Hulst, voorzitter van de dorpsraad"), paragraph("De dorpsraad vergadert in mei.")]
    assert said("Wie is voorzitter van de dorpsraad?", blocks)[0] == "“Ada Hulst, voorzitter van de dorpsraad”"
    assert said("Wat doet de voorzitter van de dorpsraad?", blocks) == ["“De dorpsraad vergadert in mei.”"]


def test_who_is_answered_by_a_sentence_with_a_name_where_there_is_one():
    nameless, named = "De raad stemde over de brug.", "De brug is een wens van wethouder Karin Boom."
    asked = "Wie bedacht de brug?"
    assert said(asked, about(nameless, named), believed={nameless: 0.6, named: 0.3}) == [f"“{named}”"]
    assert said(asked, about(nameless), believed={nameless: 0.6}) == [f"“{nameless}”"]


def test_where_what_is_believed_cannot_be_the_answer_nothing_is_said():
    unlikely = "Elzen krijgt 300 bomen."
    believed = {"De gemeente bouwt woningen in het hele dorp.": 0.9, unlikely: 0.001}
    assert said("Hoeveel woningen bouwt de gemeente?", about(*believed), believed=believed) == []


# One thing once

PULLED = "Vroeg meepraten over de straat maakt bewoners tevredener over het plan"


@pytest.mark.parametrize("pulled", ["{}.", "{}!", "{}, ook in Elzen."])
def test_running_text_and_its_pull_quote_are_not_both_quoted(pulled):
    pull = pulled.format(PULLED)
    blocks = [HEADING, paragraph(f"De burgemeester is stellig. {PULLED}."), Block("quote", pull)]
    believed = {f"{PULLED}.": 0.4, pull: 0.41}
    found = said("Wat doet meepraten?", blocks, believed=believed)
    assert sum(PULLED in text for text in found) == 1


def test_what_another_document_repeats_is_said_once():
    found = said("Wat doet meepraten?", about(f"{PULLED}."), about(f"{PULLED} al."))
    assert len(found) == 1


def test_a_sentence_that_was_taken_along_is_not_said_again():
    first, second = "Elzen krijgt een eigen budget.", "Daarmee kopen bewoners zelf bankjes."
    believed = {second: 0.4, first: 0.3}
    assert said("Wat verandert er?", about(first, second), believed=believed) == [f"“{first} {second}”"]


def test_the_items_of_a_list_are_not_said_again():
    items = ["het oude fabrieksterrein in Oost", "de noordrand van het dorp", "het stationsgebied van 2030"]
    lead = "De gemeente bouwt op drie plekken:"
    blocks = [HEADING, paragraph(lead), *map(item, items)]
    whole = f"“{lead}\n– " + "\n– ".join(items) + "”"
    for first in (lead, items[2]):
        believed = {text: 0.3 if text == first else 0.2 for text in (lead, *items)}
        asked = "Op welke drie plekken in Oost, het dorp en het stationsgebied bouwt de gemeente?"
        assert said(asked, blocks, believed=believed) == [whole]


def test_a_second_statement_that_says_something_else_is_given():
    texts = ["De speeltuin in Elzen krijgt een waterpomp.", "Kinderen vinden de speeltuin in Elzen altijd open."]
    found = said("Hoe gaat het met de speeltuin in Elzen?", about("De raad vergadert in mei.", *texts))
    assert found == [f"“{text}”" for text in texts]


# Several documents


def test_a_number_in_another_document_is_given_too_with_both_named():
    older, newer = "Nederland telt 355 gemeenten.", "De 344 gemeenten van het land kozen opnieuw."
    believed = {older: 0.9, newer: 0.05}
    assert said("Hoeveel gemeenten telt Nederland?", about(older), about(newer), believed=believed) == [
        f"Nota Water (juni 2019): “{older}”",
        f"Verslag van de avond (2022): “{newer}”",
    ]


def test_a_number_of_something_else_in_another_document_is_not():
    believed = {"Nederland telt 355 gemeenten.": 0.9, "Er zijn 12 provincies in het land.": 0.05}
    found = said("Hoeveel gemeenten telt Nederland?", *(about(text) for text in believed), believed=believed)
    assert found == ["“Nederland telt 355 gemeenten.”"]


def test_a_document_that_is_pointed_at_is_quoted_and_no_other():
    own, other = "Een brug verbindt mensen.", "Een brug kost vooral veel geld."
    asked = question("Wat is een brug volgens het essay?", documents=["d1"])
    assert said(asked, about(other), about(own), believed={other: 0.5, own: 0.3}) == [f"“{own}”"]


def test_a_document_that_is_pointed_at_without_an_answer_leaves_room_for_others():
    own, other = "De raad vergadert in mei.", "Een brug kost vooral veel geld."
    asked = question("Wat is een brug volgens het essay?", documents=["d1"])
    assert said(asked, about(other), about(own), believed={other: 0.9, own: 0.001}) == [f"“{other}”"]
    pointing_nowhere = replace(asked, documents=frozenset({"d3"}))
    assert said(pointing_nowhere, about(other), about(own), believed={other: 0.9}) == [f"“{other}”"]


def test_wij_and_nu_are_framed():
    text = "Wij bouwen nu een brug over de vaart."
    assert said("Wat wordt er gebouwd?", about(text)) == [f"Nota Water (juni 2019): “{text}”"]


def test_an_english_question_gets_an_english_frame():
    text = "Elzen bouwt een brug over de vaart."
    asked = replace(question("What does Elzen build?"), english=True)
    assert said(asked, about(text)) == [f"According to Nota Water (June 2019, in Dutch): “{text}”"]


# Several questions in one


def test_each_part_of_a_question_gets_its_answer_in_order():
    cost, payer = "De brug in Elzen kost 300 euro.", "De rekening van de sluis gaat naar Veldrijk."
    parts = ["Hoeveel kost de brug?", "Waar gaat de rekening heen?"]
    assert said(parts, about(payer, cost)) == [f"“{cost}”", f"“{payer}”"]
    assert said(parts[::-1], about(payer, cost))[0] == f"“{payer}”"


def test_each_part_gets_fewer_statements():
    found = said(["Hoe kost het?", "Hoe duur is het?"], about(*BRIDGES), believed=believing(*BRIDGES, then=0.9))
    assert len(found) <= 2 * PART_LIMIT[0]
    assert found[: PART_LIMIT[0]] == [f"“{text}”" for text in BRIDGES[: PART_LIMIT[0]]]


def test_parts_with_the_same_answer_say_it_once():
    text = "De brug in Elzen kost 300 euro."
    assert said(["Wat kost de brug in Elzen?", "Hoeveel kost de brug?"], about(text)) == [f"“{text}”"]


# Any documents

TEXTS = st.sampled_from([
    "De gemeente bouwt 2.150 woningen.", "Dit plan is duur.", "Zij wil meer groen.", "Wat gaat er veranderen?", "?",
    "Er zijn drie plekken:", "Wethouder Karin Hulst is tevreden.", "de noordrand van Elzen", "In 2026 volgt meer.", "…",
    "Omdat hulp duurder is, stijgen de kosten.", "Wij bouwen nu 300 woningen.", "a. de kade", "b. de haven: nog leeg.",
    "Zie Bakker, J. (2021). Wonen. Elzen.", "“Samen” staat er 12 keer.", "Datum: 3 mei 2024", "Hij zegt: ‘Het kan.’",
    "Er is geen geld, maar er zijn wel 2.150 woningen.", "Daardoor stijgen de kosten niet.",
])  # fmt: skip
BLOCKS = st.builds(
    Block,
    st.sampled_from(["heading", "paragraph", "paragraph", "list_item", "list_item", "quote", "footnote"]),
    st.lists(TEXTS, min_size=1, max_size=4).map(" ".join),
    st.integers(0, 3),
)
DOCUMENTS = st.lists(st.lists(BLOCKS, max_size=8), max_size=3)
QUESTIONS = st.lists(
    st.sampled_from([
        "Hoeveel woningen bouwt de gemeente?", "Welke drie plekken zijn het?", "Waarom stijgen de kosten?", "Wie?", "…",
        "Wat vindt wethouder Hulst van dit plan?", "Wanneer volgt meer?",
    ]),
    min_size=1,
    max_size=2,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(QUESTIONS, DOCUMENTS, st.booleans())
def test_whatever_the_documents_every_draft_passes_the_gate(asked, documents, english):
    parts = [replace(question(one), english=english) for one in asked]
    found, evidence = drafts(parts, *documents)
    assert found == drafts(parts, *documents)[0], "the same question gives the same answer"
    verifier = Verifier(evidence.passages, evidence.canonical)
    for draft in found:
        verified = verifier.check(draft)
        assert verified is not None, "what is quoted word for word is supported"
        assert "“" in draft.text
        quotes = [evidence.canonical(doc_id).text[start:end] for doc_id, start, end in draft.quotes]
        shown = " ".join(draft.text.replace("\n– ", " ").split())
        assert all(" ".join(quote.split()) in shown for quote in quotes), "each quote stands in it word for word"
    most = sum(PART_LIMIT[0] if len(parts) > 1 else LIMITS.get(one.intent or "", DEFAULT_LIMIT)[0] for one in parts)
    assert len(found) <= most
