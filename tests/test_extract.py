import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.extract import JOINED_WORDS, LIST_WORDS, PASSAGES, extract, find_candidates, statement_text
from assistant.sentence_match import question_words
from assistant.types import ScoredPassage
from ingest.split import canonical, split
from ingest.types import Block, CanonicalText, Document

HEADING = Block("heading", "Wonen in Veldrijk", 1)


def paragraph(text):
    return Block("paragraph", text)


def item(text):
    return Block("list_item", text, 1)


def listing(lead, *items):
    return (paragraph(lead), *map(item, items))


def library(*documents):
    """Documents, given as their blocks: the canonical text of each by its id, and all their passages as hits."""
    texts: dict[str, CanonicalText] = {}
    hits: list[ScoredPassage] = []
    for number, blocks in enumerate(documents):
        document = Document(f"d{number}", f"{number}.md", "Titel", "text/markdown", "hash")
        texts[document.doc_id] = canonical(blocks)
        for passage in split(document, texts[document.doc_id]):
            rank = len(hits) + 1
            hits.append(ScoredPassage(passage, document, 1 / rank, rank, "fused"))
    return texts, hits


def answer(encoder, question, *documents):
    texts, hits = library(*documents)
    return extract(
        encoder.encode_queries([question])[0], question_words(question, {}), hits, texts.__getitem__, encoder
    )


def quotes(encoder, question, *documents):
    texts, _ = library(*documents)
    return [
        texts[doc_id].text[start:end]
        for draft in answer(encoder, question, *documents)
        for doc_id, start, end in draft.quotes
    ]


PLACES = listing(
    "De gemeente bouwt de woningen op drie plekken:",
    "het oude fabrieksterrein aan de Havenkade",
    "de noordrand van het dorp Elzen",
    "het stationsgebied, waar een warmtenet komt",
)
WHOLE_LIST = "\n\n".join((PLACES[0].text, "\n".join(one.text for one in PLACES[1:])))


def test_a_sentence_that_leads_into_a_list_takes_all_of_it_along(encoder):
    found = quotes(
        encoder,
        "Op welke drie plekken bouwt de gemeente woningen?",
        (HEADING, *PLACES, paragraph("De raad vergadert in mei.")),
    )
    assert found == [WHOLE_LIST]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_item_takes_its_list_and_lead_in_along_where_a_list_is_asked_for(encoder, number):
    words = {1: "oude fabrieksterreinen Havenkade", 2: "noordranden dorpen Elzen", 3: "stationsgebieden warmtenetten"}
    question = f"Welke {words[number]}?"
    document = (HEADING, paragraph("De raad vergadert in mei."), *PLACES)
    assert quotes(encoder, question, document)[0] == WHOLE_LIST


def test_only_the_sentence_before_the_list_that_leads_into_it_is_taken_along(encoder):
    lead = "Veldrijk groeit al jaren hard. De gemeente bouwt de woningen op drie plekken:"
    document = (HEADING, paragraph(lead), *PLACES[1:])
    assert quotes(encoder, "Welke stationsgebieden krijgen warmtenetten?", document)[0] == WHOLE_LIST


def test_an_item_stands_alone_where_no_list_is_asked_for(encoder):
    found = quotes(encoder, "Waar komt het warmtenet?", (HEADING, *PLACES))
    assert found[0] == PLACES[3].text


def test_a_list_that_is_too_long_is_cut_at_an_item(encoder):
    items = [f"maatregel {number} voor de straten, pleinen, parken en scholen van het dorp" for number in range(30)]
    document = listing("Het college neemt deze maatregelen voor het dorp:", *items)
    [quote] = quotes(encoder, "Welke maatregelen neemt het college voor het dorp?", document)
    assert quote.startswith(document[0].text)
    assert quote.endswith(" van het dorp")
    taken = quote.splitlines()[2:]
    assert taken == items[: len(taken)]
    assert LIST_WORDS - len(items[0].split()) < len(quote.split()) <= LIST_WORDS


def test_an_item_past_where_the_list_is_cut_is_quoted_by_itself(encoder):
    items = [f"maatregel {number} voor de straten, pleinen, parken en scholen van het dorp" for number in range(30)]
    last = "een sluis bij fort Kruikenburg voor de schippers"
    document = listing("Het college neemt deze maatregelen voor het dorp:", *items, last)
    assert quotes(encoder, "Welke sluizen bij fort Kruikenburg?", document)[0] == last


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_item_of_several_sentences_is_not_cut(encoder, number):
    items = ["de kade in Oost", "de haven in West", "het plein in Zuid"]
    items[number - 1] = "De markt is krap. Er komt een warmtenet in Elzen. Dat begint in mei."
    document = (HEADING, *listing("Er zijn drie plekken:", *items))
    [quote, *_] = quotes(encoder, "Welke warmtenetten komen er in Elzen?", document)
    assert quote.startswith("Er zijn drie plekken:")
    assert all(one in quote for one in items)


def test_text_after_the_list_is_not_part_of_it(encoder):
    document = (*PLACES, paragraph("De gemeente bouwt ook woningen op andere plekken, later."), *map(item, "ab"))
    assert "andere" not in quotes(encoder, "Welke drie plekken zijn het waar de gemeente bouwt?", document)[0]


BRIDGE = "De raad trok twee miljoen euro uit voor de brug."


@pytest.mark.parametrize("begins", ["Dit bedrag", "Deze som", "Dat geld", "Zij"])
def test_a_sentence_that_points_back_takes_the_one_before_along(encoder, begins):
    last = f"{begins} dekt het onderhoud voor tien jaar."
    document = (HEADING, paragraph(f"Het was een lange avond. {BRIDGE} {last}"))
    assert quotes(encoder, "Voor hoeveel jaar dekt dat het onderhoud?", document) == [f"{BRIDGE} {last}"]


def test_a_sentence_that_does_not_point_back_stands_alone(encoder):
    last = "Ditmaal is het onderhoud voor tien jaar gedekt."
    document = (HEADING, paragraph(f"{BRIDGE} {last}"))
    assert quotes(encoder, "Voor hoeveel jaar is het onderhoud gedekt?", document) == [last]


def test_nothing_is_taken_along_past_the_limit_or_from_another_block(encoder):
    last = "Dit bedrag dekt het onderhoud voor tien jaar."
    question = "Voor hoeveel jaar dekt dit het onderhoud?"
    fits = " ".join(["Na", *["lang"] * (JOINED_WORDS - len(last.split()) - 2), "beraad."])
    for before, expected in ((fits, f"{fits} {last}"), (fits.replace("beraad", "en breed beraad"), last)):
        assert quotes(encoder, question, (HEADING, paragraph(f"{before} {last}"))) == [expected]
    assert quotes(encoder, question, (HEADING, paragraph(BRIDGE), paragraph(last))) == [last]


def test_headings_and_questions_are_never_an_answer(encoder):
    document = (
        Block("heading", "De burgemeester van Veldrijk heet Aart Slingerland", 1),
        paragraph("Hoe heet de burgemeester van Veldrijk ook alweer?"),
        Block("heading", "Burgemeester Aart Slingerland", 2),
        paragraph("Hij woont aan de Havenkade."),
    )
    found = quotes(encoder, "Hoe heet de burgemeester van Veldrijk?", document)
    assert found == ["Hij woont aan de Havenkade."]
    assert answer(encoder, "Hoe heet de burgemeester?", document[:2]) == []


@pytest.mark.parametrize("pulled", ["{}.", "{}!", "{}, ook in Elzen."])
def test_running_text_and_its_pull_quote_are_not_both_quoted(encoder, pulled):
    said = "Vroeg meepraten over de straat maakt bewoners tevredener over het plan"
    document = (HEADING, paragraph(f"De burgemeester is stellig. {said}."), Block("quote", pulled.format(said)))
    found = quotes(encoder, "Maakt vroeg meepraten over de straat tevredener over het plan?", document)
    assert sum(said in quote for quote in found) == 1


def test_a_second_statement_that_says_something_else_is_given(encoder):
    document = (
        HEADING,
        paragraph("Elzen is groen. De speeltuin in Elzen krijgt een waterpomp. De speeltuin in Elzen is altijd open."),
    )
    assert len(quotes(encoder, "Hoe gaat het met de speeltuin in Elzen?", document)) == 2


def test_one_number_name_or_moment_is_one_statement(encoder):
    document = (HEADING, paragraph("Elzen telt 900 inwoners in 2023. Elzen telt naar verwachting 950 mensen later."))
    assert len(quotes(encoder, "Hoeveel inwoners telt Elzen?", document)) == 1


def test_a_reference_is_quoted_whole(encoder):
    entry = "Bakker, J. (2021). Wonen aan het water. Uitgeverij De Dijk. Elzen."
    others = [f"Visser, A. (20{year}). Dijken en polders. Uitgeverij De Dijk. Elzen." for year in (18, 19, 20)]
    document = (Block("heading", "Literatuur", 1), *map(paragraph, [*others, entry]))
    assert {hit.passage.role for hit in library(document)[1]} == {"references"}
    assert quotes(encoder, "Wie schreef Wonen aan het water?", document) == [entry]


def test_only_the_first_passages_are_read(encoder):
    answers = "De sluis van Elzen is in 1932 gebouwd."
    filler = (HEADING, paragraph("De raad vergadert in mei over de begroting."))
    question = "Wanneer is de sluis van Elzen gebouwd?"
    for before, expected in ((PASSAGES - 1, True), (PASSAGES, False)):
        found = quotes(encoder, question, *[filler] * before, (HEADING, paragraph(answers)))
        assert (answers in found) is expected


def test_without_passages_nothing_is_said(encoder):
    assert answer(encoder, "Wat dan?") == []


def test_a_statement_shows_items_on_lines_of_their_own_and_even_white_space():
    text = canonical([paragraph("Er zijn  twee\nplekken:"), item("de kade"), item("het\u00a0 dorp")])
    assert statement_text(text, 0, len(text.text)) == "“Er zijn twee plekken:\n– de kade\n– het dorp”"
    assert statement_text(text, text.blocks[1].start, text.blocks[2].end) == "“de kade\n– het dorp”"
    assert statement_text(text, 3, 13) == "“zijn twee”"


SENTENCES = st.sampled_from([
    "De gemeente bouwt 2.150 woningen.", "Dit plan is duur.", "Zij wil meer groen.", "Wat gaat er veranderen?",
    "Er zijn drie plekken:", "Wethouder Karin Hulst is tevreden.", "de noordrand van Elzen", "In 2026 volgt meer.", "?",
    "Omdat hulp duurder is, stijgen de kosten.", "…", "Zie ook Bakker, J. (2021). Wonen. Elzen.",
])  # fmt: skip
BLOCKS = st.builds(
    Block,
    st.sampled_from(["heading", "paragraph", "list_item", "quote", "footnote"]),
    st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join),
    st.integers(0, 2),
)
QUESTIONS = st.sampled_from([
    "Hoeveel woningen bouwt de gemeente?", "Welke drie plekken zijn het?", "Waarom stijgen de kosten?", "Wie?", "…",
    "Wat vindt wethouder Hulst van dit plan?",
])  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(QUESTIONS, st.lists(st.lists(BLOCKS, max_size=8), max_size=3), st.integers(0, 8))
def test_whatever_stands_in_the_documents_a_draft_is_a_stretch_of_what_was_retrieved(encoder, question, documents, top):
    texts, hits = library(*documents)
    found, again = (
        extract(
            encoder.encode_queries([question])[0], question_words(question, {}), hits[:top], texts.__getitem__, encoder
        )
        for _ in range(2)
    )
    assert found == again, "the same question gives the same answer"
    retrieved = {hit.passage.doc_id for hit in hits[:top]}
    for draft in found:
        [(doc_id, start, end)] = draft.quotes
        assert doc_id in retrieved
        assert 0 <= start < end <= len(texts[doc_id].text)
        assert draft.text == statement_text(texts[doc_id], start, end)
        said = draft.text.replace("\n– ", " ").strip("“”")
        assert said in " ".join(texts[doc_id].text.split())
    candidates = find_candidates(hits[:top][:PASSAGES], texts.__getitem__)
    assert bool(found) == bool(candidates) or (not found and question.startswith("Hoeveel"))
    for candidate in find_candidates(hits, texts.__getitem__):
        assert texts[candidate.doc_id].blocks[candidate.block].kind != "heading"
        assert not candidate.text.endswith("?")


def test_how_many_is_not_answered_without_a_number(encoder):
    texts, hits = library([Block("paragraph", "De gemeente bouwt woningen in het hele dorp.")])
    question = "Hoeveel woningen bouwt de gemeente?"
    asked = question_words(question, {})
    assert extract(encoder.encode_queries([question])[0], asked, hits, texts.__getitem__, encoder) == []
    texts, hits = library([Block("paragraph", "De gemeente bouwt zeven woningen in het hele dorp.")])
    assert extract(encoder.encode_queries([question])[0], asked, hits, texts.__getitem__, encoder)


def test_what_only_says_the_question_again_is_no_answer(encoder):
    assert answer(encoder, "Wat zegt wethouder Karin Boom van wonen in Veldrijk?", (
        HEADING, paragraph("Wethouder Karin Boom, wonen Veldrijk"),
    )) == []  # fmt: skip
