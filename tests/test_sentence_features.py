"""The sentences of what was found, and what each has of a question; small documents for tests of what is quoted."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.features import NAMES as PASSAGE_NAMES
from assistant.passage_sentences import read_sentences
from assistant.sentence_features import FAR, NAMES, QUESTION_SORTS, sentence_features
from assistant.sentence_match import INTENTS
from assistant.types import ScoredPassage
from ingest.dutch import stem
from ingest.lexical import Form
from ingest.split import canonical, split
from ingest.types import Block, CanonicalText, Document
from tests.test_features import no_words, one_hot, question

HEADING = Block("heading", "Wonen in Veldrijk", 1)


def paragraph(text):
    return Block("paragraph", text)


def item(text):
    return Block("list_item", text, 1)


def library(*documents, **known):
    """Documents as blocks: the canonical text of each by its id, and all their passages as hits, the first best."""
    texts: dict[str, CanonicalText] = {}
    hits: list[ScoredPassage] = []
    for number, blocks in enumerate(documents):
        fields = {"title": f"Nota {'ABCDEFGH'[number]}"} | {name: values[number] for name, values in known.items()}
        document = Document(f"d{number}", f"{number}.md", media_type="text/markdown", content_hash="hash", **fields)
        texts[document.doc_id] = canonical(blocks)
        for passage in split(document, texts[document.doc_id]):
            rank = len(hits) + 1
            hits.append(ScoredPassage(passage, document, 0.5**rank, rank, "fused"))
    return texts, hits


def read(*documents):
    """The sentences of documents, given as blocks."""
    texts, hits = library(*documents)
    return read_sentences(hits, texts.__getitem__)


def said_in(text, *, kind="paragraph", above=(HEADING,)):
    return read([*above, Block(kind, text)])


def rows(asked, said, *, word_vectors=no_words, vectors=None):
    found = sentence_features(asked, said, word_vectors, vectors)
    assert found.shape == (len(said), len(NAMES))
    assert found.dtype == np.float32
    return [dict(zip(NAMES, row.tolist(), strict=True)) for row in found]


def values(name, asked, said, **options):
    return [row[name] for row in rows(asked, said, **options)]


# The sentences of a passage


def test_sentences_come_in_order_with_their_place_and_block():
    texts, hits = library([HEADING, paragraph("Er komt een brug. Die is rood."), item("de kade in Oost")])
    said = read_sentences(hits, texts.__getitem__)
    assert [one.text for one in said] == ["Er komt een brug.", "Die is rood.", "de kade in Oost"]
    assert [(one.block, one.kind) for one in said] == [(1, "paragraph"), (1, "paragraph"), (2, "list_item")]
    for one in said:
        assert texts[one.doc_id].text[one.start : one.end] == one.text
        assert one.hit is hits[0]


def test_a_sentence_that_two_passages_have_is_read_once():
    texts, hits = library([paragraph("Er komt een brug over de vaart.")])
    again = replace(hits[0], rank=2)
    said = read_sentences([*hits, again], texts.__getitem__)
    assert len(said) == 1
    assert said[0].hit is hits[0]


def test_only_what_is_in_the_passage_is_read():
    texts, hits = library([paragraph("Er komt een brug. Die is rood. Dat is mooi.")])
    text = "Die is rood."
    start = hits[0].passage.text.index(text)
    part = replace(hits[0], passage=replace(hits[0].passage, start=start, end=start + len(text), text=text))
    [sentence] = read_sentences([part], texts.__getitem__)
    assert (sentence.text, sentence.start) == (text, start)


@pytest.mark.parametrize(
    ("text", "kind", "quotable"),
    [
        ("Er komt een brug over de vaart.", "paragraph", True),
        ("Er komt een brug over de vaart", "list_item", True),
        ("Er komt een brug over de vaart.", "quote", True),
        ("Er komt een brug over de vaart?", "paragraph", False),
        ("Bruggen en sluizen", "paragraph", False),
        ("Budget: 300 euro", "paragraph", True),
        ("2031", "list_item", True),
    ],
)
def test_headings_labels_and_questions_are_only_context(text, kind, quotable):
    [sentence] = said_in(text, kind=kind)
    assert sentence.quotable is quotable


def test_a_heading_within_a_passage_is_never_quotable():
    small = [Block("heading", "De brug over de vaart kost 300 euro.", 3), paragraph("Er komt een brug in het dorp.")]
    other = [Block("heading", "De sluis in de vaart kost 200 euro.", 3), paragraph("Er komt een sluis in het dorp.")]
    said = read([HEADING, *small, *other])
    assert {one.kind for one in said} == {"heading", "paragraph"}, "the test needs a passage with a heading in it"
    assert all(one.quotable is (one.kind != "heading") for one in said)


def test_a_reference_is_one_piece():
    entries = [f"Visser, A. (20{year}). Dijken en polders. Uitgeverij De Dijk. Elzen." for year in (18, 19, 20)]
    said = read([Block("heading", "Literatuur", 1), *map(paragraph, entries)])
    assert {one.hit.passage.role for one in said} == {"references"}
    assert [one.text for one in said] == entries


# What a sentence has of the words of the question


def test_words_count_by_how_telling_they_are_in_the_sentence_itself():
    asked = question("Krijgt het zwembad verlichting?", idf={"zwembad": 3.0, "krijgt": 0.0})
    said = said_in("Het zwembad gaat dicht. De verlichting is stuk. Niemand weet waarom dat is.")
    assert values("exact", asked, said) == pytest.approx([0.75, 0.25, 0])


def test_another_form_of_a_word_counts_as_far_as_it_is_the_word():
    asked = question("jeugdzorg", forms={"jeugdzorg": [Form((stem("opvoedhulp"),), 0.4)]})
    [row] = rows(asked, said_in("Er komt opvoedhulp in het dorp."))
    assert (row["exact"], row["expanded"]) == pytest.approx((0, 0.4))


def test_what_stands_beside_a_sentence_counts_apart():
    asked = question("zwembad verlichting")
    said = said_in("Het zwembad gaat dicht. Dat is nog niet zeker. De verlichting is stuk.")
    assert values("exact", asked, said) == [0.5, 0, 0.5]
    assert values("with_previous", asked, said) == [0.5, 0.5, 0.5]
    assert values("with_next", asked, said) == [0.5, 0.5, 0.5]
    assert values("uncovered", asked, said) == [0.5, 0, 0.5]
    assert values("missing", asked, said) == [0.5, 0, 0.5]


def test_a_neighbour_in_another_passage_is_none():
    asked = question("zwembad")
    said = read([HEADING, paragraph("Het zwembad gaat dicht.")], [HEADING, paragraph("De raad vergadert.")])
    assert values("with_previous", asked, said) == [1, 0]
    assert values("with_next", asked, said[::-1]) == [0, 1]


def test_title_and_headings_stand_above_each_sentence():
    asked = question("Veldrijk zwembad verlichting")
    said = said_in("Het zwembad gaat dicht.")
    assert rows(asked, said)[0]["with_heading"] == pytest.approx(2 / 3)
    assert rows(question("nota"), said)[0]["with_heading"] == 1


def test_a_question_in_the_text_points_at_the_sentence_after_it():
    said = said_in("Hoe diep is het zwembad? Dat is twee meter diep. De raad vergadert.")
    assert values("previous_asks", question("zwembad"), said) == [0, 1, 0]
    assert values("answers_question", question("zwembad kade"), said) == [0, 0.5, 0]


def test_names_are_looked_for_in_the_sentence_and_around_it():
    asked = question("Wat bouwt Elzen in 2030?")
    said = said_in("De raad van Elzen beslist. Dat is in 2030 gebeurd. Zo gaat het.")
    assert values("named", asked, said) == [0.5, 0.5, 0]
    assert values("named_around", asked, said) == [1, 1, 0.5]
    assert set(values("named", question("Wat bouwt de gemeente?"), said)) == {1}


def test_neighbours_in_the_question_that_are_neighbours_in_the_sentence():
    asked = question("sociale huur nieuwbouw")
    assert values("phrases", asked, said_in("Er komt sociale huur bij. De huur is sociaal.")) == [0.5, 0]


def test_words_come_as_near_as_their_vectors():
    asked = question("zwembad verlichting", idf={"zwembad": 3.0})
    said = said_in("Het zwembad gaat dicht. Niemand weet dat nu. Ook de verlichting brandt.")
    found = rows(asked, said, word_vectors=one_hot)
    assert [row["late"] for row in found] == pytest.approx([0.75, 0, 0.25])
    assert [row["late_around"] for row in found] == pytest.approx([0.75, 1, 0.25])
    assert [row["late_weakest"] for row in found] == [0, 0, 0]
    assert [row["weakest_around"] for row in found] == [0, 1, 0]
    assert [row["late_gap"] for row in found] == pytest.approx([0, 0.75, 0.5])
    assert set(values("late", asked, said)) == {0}, "without vectors for words none comes near"


def test_the_vector_of_a_sentence_comes_nearest_to_a_question_in_its_words(encoder):
    texts = ["De brug over de vaart wordt vernieuwd.", "Het college bespreekt morgen de jeugdhulp."]
    asked = replace(
        question("Wanneer wordt de brug vernieuwd?"), vector=encoder.encode_queries(["de brug vernieuwd"])[0]
    )
    said = said_in(" ".join(texts))
    near, far = rows(asked, said, vectors=encoder.encode_passages([one.text for one in said]))
    assert near["cosine"] > far["cosine"]
    assert (near["cosine_gap"], far["cosine_gap"]) == pytest.approx((0, near["cosine"] - far["cosine"]))
    assert near["cosine_with_next"] == pytest.approx(far["cosine_with_previous"])
    assert near["cosine_with_previous"] == pytest.approx(near["cosine"], abs=1e-5)
    assert set(values("cosine", asked, said)) == {0}, "vectors that do not add up say nothing of sentences"


# Its passage and its form


def test_a_sentence_has_the_rank_and_score_of_its_passage():
    said = read(*[[HEADING, paragraph(f"De raad vergadert in zaal {number}. Dat duurt lang.")] for number in (1, 2)])
    found = rows(question("raad"), said)
    assert [row["passage_rank"] for row in found] == [1, 1, 0.5, 0.5]
    assert [row["share"] for row in found] == [0.5, 0.5, 0.25, 0.25]
    assert [row["first"] for row in found] == [1, 0, 1, 0]
    assert all((row["place"] == 0) is bool(row["first"]) for row in found)
    assert found[0]["passage"] == 1 > found[2]["passage"] > 0


@pytest.mark.parametrize("score", [0.0, 0.5 / FAR, 1e-30])
def test_what_is_far_less_likely_than_the_best_counts_for_nothing(score):
    first, second = read([paragraph("De raad vergadert.  Nu.")], [paragraph("De raad vergadert vandaag.")])[::2]
    said = [first, replace(second, hit=replace(second.hit, score=score))]
    assert values("passage", question("raad"), said) == pytest.approx([1, 0], abs=1e-6)


def test_each_is_measured_against_the_best_of_its_passage_and_of_all():
    asked = question("zwembad verlichting")
    said = read(
        [paragraph("Het zwembad heeft verlichting. Het zwembad gaat dicht.")],
        [paragraph("De verlichting brandt nog niet. Dat is jammer voor iedereen.")],
    )
    assert values("expanded_gap", asked, said) == pytest.approx([0, 0.5, 0.5, 1])
    assert values("passage_expanded_gap", asked, said) == pytest.approx([0, 0.5, 0, 0.5])


@pytest.mark.parametrize(
    ("name", "yes", "no"),
    [
        ("new_number", "Er komen zeven nieuwe bruggen.", "Er komen nieuwe bruggen in 2030."),
        ("new_name", "Dat zegt de raad van Oostmarke.", "Dat zegt de raad van Elzen."),
        ("person", "Dat zegt wethouder Karin van der Hulst.", "Dat zegt de wethouder van Elzen."),
        ("time", "Dat gebeurt in september.", "Dat gebeurt in 2030."),
        ("cause", "Dat is duur, omdat hout schaars is.", "Dat is duur en hout is schaars."),
        ("defines", "Een dorpsraad is een groep bewoners.", "Bewoners kiezen de dorpsraad."),
        ("quotes", "De raad zegt: ‘Het kan beter.’", "De raad zegt dat het beter kan."),
        ("leads", "De raad kiest drie plekken:", "De raad kiest drie plekken."),
        ("dangling", "Deze brug is nieuw gebouwd.", "De brug is nieuw gebouwd."),
    ],
)
def test_the_form_of_a_sentence_is_seen(name, yes, no):
    asked = question("Wat bouwt Elzen in 2030?")
    assert values(name, asked, said_in(yes)) == [1]
    assert values(name, asked, said_in(no)) == [0]


def test_a_sentence_that_has_what_is_asked_for_is_expected():
    asked = question("Hoeveel woningen komen er?")
    assert values("expected", asked, said_in("Er komen 300 woningen. Er komen ook woningen bij.")) == [1, 0]
    assert values("counted", asked, said_in("Er komen 300 woningen. Er staan 300 bomen langs de weg.")) == [1, 0]
    assert values("counted", question("Wat kost het?"), said_in("Er komen 300 woningen.")) == [0.5]


def test_the_kind_of_block_is_seen():
    for kind, (list_item, other) in {"paragraph": (0, 0), "list_item": (1, 0), "quote": (0, 1)}.items():
        [row] = rows(question("brug"), said_in("Er komt een brug in Elzen.", kind=kind))
        assert (row["list_item"], row["other_kind"]) == (list_item, other)


def test_what_is_said_of_the_question_is_said_with_each_sentence():
    asked = question("Hoeveel vlinders telt Oostmarke in 2030?")
    for row in rows(asked, said_in("Er komt een brug. Die is rood geverfd.")):
        assert row["words"] == pytest.approx(np.log(1 + len(asked.words)))
        assert {name for name in INTENTS if row[f"asks_{name}"]} == {"amount"}
        assert row["english"] == 0
    assert rows(replace(asked, english=True), said_in("Er komt een brug."))[0]["english"] == 1


@pytest.mark.parametrize(
    ("text", "sorts"),
    [
        ("Welke raad beslist?", {"which"}),
        ("In welke gemeente staat de brug?", {"which", "where"}),
        ("Waar staat de brug?", {"where"}),
        ("Hoe werkt de brug?", {"how"}),
        ("Hoeveel bruggen zijn het?", set()),
        ("Wat is een dorpsraad?", {"what", "define"}),
        ("Is de brug rood of groen?", {"closed", "or"}),
        ("What does the bridge cost?", {"what", "define"}),
        ("Where is the bridge?", {"where"}),
    ],
)
def test_the_sort_of_question_is_seen(text, sorts):
    [row] = rows(question(text), said_in("Er komt een brug."))
    assert {sort for sort in QUESTION_SORTS if row[f"asks_{sort}"]} == sorts


# Any documents, any question


def test_every_feature_has_one_name():
    assert len(set(NAMES)) == len(NAMES)
    assert set(NAMES) - set(PASSAGE_NAMES), "they are of sentences"


def test_without_sentences_there_are_no_rows(encoder):
    assert sentence_features(question("brug"), [], one_hot, None).shape == (0, len(NAMES))
    texts, _ = library([])
    assert read_sentences([], texts.__getitem__) == []


TEXTS = st.sampled_from([
    "De gemeente bouwt 2.150 woningen.", "Dit plan is duur.", "Wat gaat er veranderen?", "Er zijn drie plekken:",
    "…", "Wethouder Karin Hulst is tevreden.", "de noordrand van Elzen", "?", "Zie Bakker, J. (2021). Wonen. Elzen.",
    "\u00a0.",
])  # fmt: skip
BLOCKS = st.builds(
    Block,
    st.sampled_from(["heading", "paragraph", "list_item", "quote", "table", "caption", "footnote"]),
    st.lists(TEXTS, min_size=1, max_size=4).map(" ".join),
    st.integers(0, 3),
)
QUESTIONS = st.sampled_from(
    ["Hoeveel woningen bouwt de gemeente?", "Wie?", "", "???", "Wat vindt Karin Hulst van 2030?"]
)
DOCUMENTS = st.lists(st.lists(BLOCKS, max_size=8), max_size=3)


@settings(max_examples=40, deadline=None)
@given(QUESTIONS, DOCUMENTS, st.booleans())
def test_any_sentence_has_finite_features_and_stands_in_its_document(encoder, text, documents, additive):
    texts, hits = library(*documents)
    said = read_sentences(hits, texts.__getitem__)
    assert len({(one.doc_id, one.start) for one in said}) == len(said)
    for one in said:
        own = texts[one.doc_id]
        assert own.text[one.start : one.end] == one.text
        assert one.text.strip()
        assert own.blocks[one.block].start <= one.start < one.end <= own.blocks[one.block].end
        assert one.hit.passage.start <= one.start < one.end <= one.hit.passage.end
    asked = replace(question(text), vector=encoder.encode_queries([text])[0])
    vectors = (one_hot, encoder.encode_passages([one.text for one in said])) if additive else (no_words, None)
    found = sentence_features(asked, said, *vectors)
    assert np.isfinite(found).all()
    assert found.shape == (len(said), len(NAMES))
    for name in ("exact", "expanded", "with_heading", "named", "missing", "uncovered", "late", "passage", "place"):
        column = found[:, NAMES.index(name)]
        assert ((column >= -1e-5) & (column <= 1 + 1e-5)).all(), name
    np.testing.assert_array_equal(found, sentence_features(asked, said, *vectors))
