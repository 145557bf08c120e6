import pytest

from assistant.sentence_match import (
    intent,
    is_number,
    is_time,
    names_and_numbers,
)
from ingest.dutch import MONTHS


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Hoeveel inwoners telt Veldrijk?", "amount"),
        ("Wie is de burgemeester?", "person"),
        ("Wanneer is de visie vastgesteld?", "time"),
        ("Waarom stijgen de kosten?", "why"),
        ("Vanwaar die stijging?", "why"),
        ("Waar komt het tekort door?", "why"),
        ("Welke drie plekken noemt de visie?", "list"),
        ("How many houses will be built?", "amount"),
        ("Gaat het goed?", None),
    ],
)
def test_the_question_word_tells_what_is_asked(question, expected):
    assert intent(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Welke onderdelen heeft de visie?",
        "Welke nare kanten heeft het plan?",
        "Welke drie staan er in de brief?",
        "Uit welke twee delen bestaat de wet?",
        "Op welke plekken bouwt de gemeente?",
        "Noem de maatregelen van het college.",
        "Wat zijn de gevolgen?",
        "Which three places are there?",
        "Which measures does the council take?",
        "What are the consequences?",
        "Som de eisen op die het college stelt.",
        "Rijtje met maatregelen graag",
        "Geef de onderdelen van het plan.",
        "Name the kinds of housing.",
    ],
)
def test_a_question_for_more_than_one_thing_asks_for_a_list(question):
    assert intent(question) == "list"


@pytest.mark.parametrize(
    "question",
    [
        "Welke gemeente heeft de meeste woningen?",
        "Welke gemeente was de eerste?",
        "Welke hogeschool doet de evaluatie van de maatregelen?",
        "Welke wet is volgens de raad verouderd?",
        "Welk dorp krijgt woningen?",
        "Geef de prijs van de brug.",
        "Which is the largest?",
        "Wat staat er over de maatregelen in de brieven?",
        "Waar liggen de drie plekken?",
    ],
)
def test_a_question_for_one_thing_does_not(question):
    assert intent(question) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Welke wethouder noemt de drie plekken?", "person"),
        ("In welke maand beginnen de lessen?", "time"),
        ("Hoeveel maatregelen zijn er en welke?", "amount"),
        ("Om welke redenen, of waarom?", "why"),
    ],
)
def test_who_when_how_many_and_why_come_before_which(question, expected):
    assert intent(question) == expected


@pytest.mark.parametrize("word", ["1899", "2024", "2099", *MONTHS])
def test_a_year_and_a_month_are_a_time(word):
    assert is_time(word)


@pytest.mark.parametrize("word", ["1799", "2100", "20245", "355", "344", "maandag", "jaar", "drie", "1", "meisje"])
def test_another_word_is_no_time(word):
    assert not is_time(word)


@pytest.mark.parametrize(
    ("word", "number"),
    [("355", True), ("drie", True), ("12e", True), ("miljoen", True), ("veel", False), ("a1", False)],
)
def test_a_number_is_in_digits_or_a_word(word, number):
    assert is_number(word) is number


def test_names_and_numbers_leave_the_first_word_out():
    assert names_and_numbers("Hoeveel woningen bouwt Veldrijk in 2030?") == {"veldrijk", "2030"}
