import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentence_match import (
    intent,
    match_sentence,
    names_and_numbers,
    question_words,
)
from ingest.dutch import stem


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Hoeveel inwoners telt Veldrijk?", "amount"),
        ("Wie is de burgemeester?", "person"),
        ("Wanneer is de visie vastgesteld?", "time"),
        ("Waarom stijgen de kosten?", "why"),
        ("Welke drie plekken noemt de visie?", "list"),
        ("How many houses will be built?", "amount"),
        ("Gaat het goed?", None),
    ],
)
def test_the_question_word_tells_what_is_asked(question, expected):
    assert intent(question) == expected


def test_compounds_inflections_and_typing_errors_count():
    asked = question_words("jeugthulp woningen", {})
    assert match_sentence("De jeugdhulp en de woningbouw.", asked).covered > 0.6
    assert match_sentence("De raad vergadert.", asked).covered < 0.3


def test_rare_words_weigh_more():
    asked = question_words("gemeente zwembad", {stem("gemeente"): 0.1, stem("zwembad"): 5.0})
    assert match_sentence("Er komt een zwembad.", asked).covered > 0.9
    assert match_sentence("De gemeente bouwt.", asked).covered < 0.1


def test_who_says_it_hardly_counts():
    asked = question_words("Hoeveel banen zijn er volgens wethouder Jansen van Rotterdam?", {})
    assert match_sentence("Er zijn 300 banen.", asked).covered > 0.6
    assert match_sentence("Wethouder Jansen, Rotterdam", asked).covered < 0.4


def test_a_reason_a_number_and_a_name_are_recognised():
    assert match_sentence("De kosten stijgen, omdat hulp duurder is.", question_words("Waarom?", {})).expected
    assert match_sentence("Er komen zeven scholen.", question_words("Hoeveel scholen?", {})).expected
    assert match_sentence("Karin van der Hulst tekende.", question_words("Wie tekende?", {})).expected
    assert not match_sentence("Er is getekend.", question_words("Wie tekende?", {})).expected


def test_names_and_numbers_leave_the_first_word_out():
    assert names_and_numbers("Hoeveel woningen bouwt Veldrijk in 2030?") == {"veldrijk", "2030"}


@given(st.text(), st.text())
def test_coverage_is_a_share(sentence, question):
    asked = question_words(question, {})
    assert 0 <= match_sentence(sentence, asked).covered <= 1 + 1e-9
