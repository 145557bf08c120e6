"""Whether a passage holds a piece of evidence, and how well a ranking does on one question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.evidence import MEASURES, WORDS, Evidence, Topic, document_name, holds, measure, normalise

QUOTE = "De gemeenteraad besluit in het voorjaar van 2027 over het nieuwe zwembad."
OTHER = "De wijkagent houdt elke dinsdag spreekuur in de bibliotheek."
WORD = st.sampled_from("raad zwembad wijk dorp 2027 college plan geld huis straat de het een in van".split())
SENTENCE = st.lists(WORD, min_size=1, max_size=12)


def topic(*evidence, needs_all=False):
    """A question with this evidence: (document, quote) pairs."""
    return Topic("v1", "Wanneer beslist de raad?", "fact", True, tuple(Evidence(*pair) for pair in evidence), needs_all)


def has(text, quote=QUOTE):
    return holds(normalise(text), normalise(quote))


# Text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("De  Raad,\n besluit!", "de raad besluit"),
        ("coördinator – Café", "coordinator cafe"),
        ("woning-\nbouw en ge\u00admeente", "woningbouw en gemeente"),
        ("sociaal-economisch", "sociaal economisch"),
        ("H<sub>2</sub>O op 1 m²", "h2o op 1 m2"),
        ("een_twee **drie**", "een twee drie"),
        ("€ 12,4 miljoen", "12 4 miljoen"),
        ("ﬁnanciën", "financien"),
        ("…", ""),
    ],
)
def test_only_the_words_of_a_text_are_left(text, expected):
    assert normalise(text) == expected


@given(st.one_of(st.text(), st.text("aB é-\n<>/_1.\u00ad")))
def test_a_normalised_text_has_single_spaces_and_lower_case(text):
    found = normalise(text)
    assert found == " ".join(found.split()) == found.lower()


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("nota.md", "nota"),
        ("map/submap/nota.pdf", "nota"),
        ("map\\nota.docx", "nota"),
        ("nota", "nota"),
        ("v1.2/nota.html", "nota"),
    ],
)
def test_a_document_goes_by_its_file_name(source, name):
    assert document_name(source) == name


# A piece of evidence


@pytest.mark.parametrize(
    ("text", "held"),
    [
        (QUOTE, True),
        (f"{OTHER} {QUOTE} {OTHER}", True),
        (QUOTE.upper().replace(" ", "\n"), True),
        ("De gemeenteraad besluit in het voorjaar van 2027 pas echt.", True),  # 8 of the 12 words
        ("De gemeenteraad besluit in het voorjaar.", False),  # 6 of them
        ("De gemeenteraad besluit in het najaar van 2027 over het nieuwe zwembad.", False),  # two runs
        (OTHER, False),
        ("", False),
    ],
)
def test_a_passage_holds_a_quote_or_most_of_it_in_one_run(text, held):
    assert has(text) is held


def test_a_quote_without_words_is_held_by_nothing():
    assert not has(QUOTE, "")
    assert not has("", "")
    assert not has(QUOTE, "…")


@given(SENTENCE, SENTENCE, SENTENCE)
def test_whatever_stands_around_it_a_quote_is_held(before, quote, after):
    assert has(" ".join([*before, *quote, *after]), " ".join(quote))


@given(SENTENCE, SENTENCE, SENTENCE)
def test_a_longer_passage_holds_no_less(passage, more, quote):
    if has(" ".join(passage), " ".join(quote)):
        assert has(" ".join([*passage, *more]), " ".join(quote))


# Topics


@pytest.mark.parametrize("needs_all", [True, False])
def test_a_topic_is_a_row_of_a_topics_file(needs_all):
    row = {
        "id": "v7",
        "question": "Waar is het spreekuur?",
        "kind": "list",
        "answerable": True,
        "evidence": [{"doc": "wijk/agent.pdf", "quote": OTHER}],
        "all_evidence": needs_all,
        "facts": [["bibliotheek"]],
    }
    expected = Topic("v7", "Waar is het spreekuur?", "list", True, (Evidence("agent", OTHER),), needs_all)
    assert Topic.of(row) == expected


# Measures


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (0, {"R@1": 1, "R@5": 1, "R@10": 1, "MRR@10": 1}),
        (1, {"R@1": 0, "R@5": 1, "R@10": 1, "MRR@10": 1 / 2}),
        (4, {"R@1": 0, "R@5": 1, "R@10": 1, "MRR@10": 1 / 5}),
        (5, {"R@1": 0, "R@5": 0, "R@10": 1, "MRR@10": 1 / 6}),
        (9, {"R@1": 0, "R@5": 0, "R@10": 1, "MRR@10": 1 / 10}),
        (10, {"R@1": 0, "R@5": 0, "R@10": 0, "MRR@10": 0}),
    ],
)
def test_the_measures_follow_the_rank_of_the_evidence(before, expected):
    found = measure(topic(("nota", QUOTE)), [("wijk.md", OTHER)] * before + [("nota.md", QUOTE)])
    assert found.keys() == set(MEASURES)
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_the_same_words_in_another_document_are_no_evidence():
    assert not any(measure(topic(("nota", QUOTE)), [("wijk.md", QUOTE)]).values())


def test_any_piece_will_do_unless_all_are_needed():
    ranked = [("nota.md", QUOTE), ("elders.md", OTHER)]
    pair = ("nota", QUOTE), ("wijk", OTHER)
    assert measure(topic(*pair), ranked)["R@5"] == 1
    assert measure(topic(*pair, needs_all=True), ranked)["R@5"] == 0.5
    both = [("nota.md", QUOTE), ("map/wijk.pdf", OTHER)]
    assert measure(topic(*pair, needs_all=True), both)["R@5"] == 1
    assert measure(topic(*pair, needs_all=True), both)["R@1"] == 0.5


def test_words_are_counted_up_to_and_with_the_evidence():
    long = ("lang.md", "woord " * (WORDS - 12))
    assert measure(topic(("nota", QUOTE)), [long, ("nota.md", QUOTE)])["R@300w"] == 1
    assert measure(topic(("nota", QUOTE)), [long, ("meer.md", "woord"), ("nota.md", QUOTE)])["R@300w"] == 0


def test_the_first_passage_counts_however_long_it_is():
    assert measure(topic(("nota", QUOTE)), [("nota.md", QUOTE + " woord" * WORDS)])["R@300w"] == 1


def test_nothing_found_is_nothing_measured():
    assert measure(topic(("nota", QUOTE)), []) == dict.fromkeys(MEASURES, 0.0)


@pytest.mark.parametrize("needs_all", [True, False])
def test_a_question_that_nothing_answers_has_no_evidence_to_find(needs_all):
    assert measure(topic(needs_all=needs_all), [("nota.md", QUOTE)]) == dict.fromkeys(MEASURES, 0.0)


RANKED = st.lists(st.tuples(st.sampled_from(["a.md", "b.md"]), SENTENCE.map(" ".join)), max_size=12)
EVIDENCE = st.lists(st.tuples(st.sampled_from("ab"), SENTENCE.map(" ".join)), min_size=1, max_size=3)


@given(EVIDENCE, RANKED, st.booleans())
def test_measures_are_shares_that_grow_with_the_number_of_passages(evidence, ranked, needs_all):
    found = measure(topic(*evidence, needs_all=needs_all), ranked)
    assert all(0 <= value <= 1 for value in found.values())
    assert found["R@1"] <= found["R@5"] <= found["R@10"]
    assert found["R@1"] <= found["R@300w"]
    assert (found["MRR@10"] > 0) == (found["R@10"] > 0)


@given(EVIDENCE, RANKED, RANKED)
def test_what_comes_later_takes_nothing_away(evidence, ranked, more):
    asked = topic(*evidence)
    before, after = measure(asked, ranked), measure(asked, [*ranked, *more])
    assert all(after[name] >= before[name] for name in MEASURES)
