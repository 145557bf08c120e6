"""Whether a text holds a piece of evidence."""

from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.evidence import SHARE, held, holds, normalise
from eval.topics import Evidence

QUOTE = "De gemeenteraad besluit in het voorjaar van 2027 over het nieuwe zwembad."
OTHER = "De wijkagent houdt elke dinsdag spreekuur in de bibliotheek."
WORD = st.sampled_from("raad zwembad wijk dorp 2027 college plan geld huis straat de het een in van".split())
SENTENCE = st.lists(WORD, min_size=1, max_size=12)


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


@settings(deadline=None)
@given(st.one_of(st.text(), st.text("aB é-\n<>/_1.\u00ad")))
def test_a_normalised_text_has_single_spaces_and_lower_case(text):
    found = normalise(text)
    assert found == " ".join(found.split()) == found.lower()


# A piece of evidence


@pytest.mark.parametrize(
    ("text", "expected"),
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
def test_a_passage_holds_a_quote_or_most_of_it_in_one_run(text, expected):
    assert has(text) is expected


def test_a_quote_without_words_is_held_by_nothing():
    assert not has(QUOTE, "")
    assert not has("", "")
    assert not has(QUOTE, "…")


@settings(deadline=None)
@given(SENTENCE, SENTENCE, SENTENCE)
def test_whatever_stands_around_it_a_quote_is_held(before, quote, after):
    assert has(" ".join([*before, *quote, *after]), " ".join(quote))


@settings(deadline=None)
@given(SENTENCE, SENTENCE, SENTENCE)
def test_a_longer_passage_holds_no_less(passage, more, quote):
    if has(" ".join(passage), " ".join(quote)):
        assert has(" ".join([*passage, *more]), " ".join(quote))


@settings(deadline=None)
@given(SENTENCE, SENTENCE)
def test_the_run_is_the_longest_that_they_have_in_common(passage, quote):
    match = SequenceMatcher(None, passage, quote, autojunk=False).find_longest_match()
    assert holds(" ".join(passage), " ".join(quote)) is (match.size >= SHARE * len(quote))


# Pieces of evidence

PIECES = (Evidence("nota.md", QUOTE), Evidence("map/wijk.pdf", OTHER), Evidence("wijk.md", QUOTE))


@pytest.mark.parametrize(
    ("source", "text", "places"),
    [
        ("nota.md", QUOTE, (0,)),
        ("elders/nota.pdf", f"{OTHER}\n\n{QUOTE}", (0,)),
        ("wijk.docx", f"{OTHER} {QUOTE}", (1, 2)),
        ("wijk.docx", OTHER, (1,)),
        ("nota.md", OTHER, ()),
        ("Nota.md", QUOTE, ()),
        ("elders.md", f"{OTHER} {QUOTE}", ()),
    ],
)
def test_a_passage_holds_the_pieces_of_its_own_document(source, text, places):
    assert held(PIECES, source, text) == places
