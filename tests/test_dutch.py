import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dutch import (
    GRAM,
    MONTHS,
    NUMBER_WORDS,
    ORDINAL_WORDS,
    STOP_WORDS,
    analyse,
    content_words,
    english_stem,
    fold,
    part_stems,
    stem,
    word_grams,
    words,
)


def test_words_are_folded():
    assert words("De commerciële Wethouder’s in 's-Hertogenbosch") == [
        "de",
        "commerciele",
        "wethouders",
        "in",
        "s",
        "hertogenbosch",
    ]


def test_numbers_are_one_however_they_are_written():
    assert words("44.000 inwoners") == words("44000 inwoners")
    assert words("12,4 miljoen") == ["12.4", "miljoen"]
    assert words("1.250.000") == ["1250000"]


def test_accents_and_soft_hyphens_do_not_matter():
    assert fold("Coöpe\u00adratie sámen") == "cooperatie samen"


def test_negations_are_kept_and_function_words_are_not():
    kept = analyse("Er is geen plan zonder geld en niet voor de bouw").stems
    assert {stem("geen"), stem("zonder"), stem("niet")} <= set(kept)
    assert not {stem(word) for word in ("er", "is", "voor", "de", "en")} & set(kept)


def test_inflections_share_a_stem():
    assert stem("samenwerking") == stem("samenwerken")
    assert stem("wethouders") == stem("wethouder")


def test_a_compound_shares_grams_with_its_parts():
    compound = set(analyse("woningbouwopgave").grams)
    assert set(analyse("opgave").grams) & compound
    assert set(analyse("woningbouw").grams) & compound


def test_an_abbreviation_with_ampersand_is_one_word():
    assert words("het college van B&W") == ["het", "college", "van", "b&w"]


@given(st.text())
def test_any_text_can_be_analysed(text):
    analysis = analyse(text)
    assert analysis == analyse(text)
    assert all(gram and " " not in gram for gram in analysis.grams)
    assert all(stem and not any(c.isspace() for c in stem) for stem in analysis.stems)


@given(st.text(alphabet=st.characters(categories=["Ll"], max_codepoint=0x17F), min_size=GRAM, max_size=30))
def test_grams_cover_the_whole_word(word):
    grams = analyse(word).grams
    for folded in words(word):
        if len(folded) >= GRAM and grams:
            assert f"_{folded[: GRAM - 1]}" in grams or folded not in {g.strip("_") for g in grams}


@pytest.mark.parametrize(
    ("one", "other"),
    [("gemeente", "mening"), ("begroting", "begroeting"), ("minister", "minst"), ("belasting", "last")],
)
def test_words_of_another_meaning_do_not_share_a_stem(one, other):
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gemeente", "gemeenten"),
        ("mening", "meningen"),
        ("raden", "raad"),
        ("besluit", "besluiten"),
        ("wijken", "wijk"),
    ],
)
def test_a_plural_has_the_stem_of_its_singular(one, other):
    assert stem(one) == stem(other)


def test_english_inflections_share_a_stem():
    assert english_stem("councillors") == english_stem("councillor")
    assert english_stem("building") == english_stem("builds") != english_stem("bus")


def test_content_words_are_those_that_a_question_is_about():
    assert content_words("Wat vindt de burgemeester van het plan van 2019?") == [
        "vindt",
        "burgemeester",
        "plan",
        "2019",
    ]
    assert content_words("What does the mayor say about it?") == ["mayor", "say"]
    assert content_words("Hoe en waarom?") == []


def test_a_compound_has_the_stems_of_its_parts():
    assert part_stems("woningbouwopgave") == tuple(map(stem, ("woningbouw", "woning", "bouw", "opgave")))
    assert set(part_stems("raadsleden")) == {stem("raad"), stem("leden")}
    assert part_stems("opgave") == ()
    assert set(analyse("de opgave").stems) & set(analyse("de woningbouwopgave").parts)


def test_the_parts_of_a_text_are_apart_from_its_stems():
    analysis = analyse("De gemeenteraad kiest.")
    assert analysis.parts == part_stems("gemeenteraad") == (stem("gemeente"), stem("raad"))
    assert analysis.stems == (stem("gemeenteraad"), stem("kiest"))


@pytest.mark.parametrize(
    ("written", "short"),
    [("vierde", "4e"), ("vierde", "4de"), ("achtste", "8ste"), ("twaalfde", "12e"), ("twee", "2"), ("twintig", "20")],
)
def test_a_number_in_letters_and_in_digits_are_one(written, short):
    assert stem(written) == stem(short)
    assert analyse(written) == analyse(short)


def test_an_ordinal_is_not_its_number():
    assert stem("vierde") != stem("vier")
    assert stem("4e") != stem("4")
    assert stem("4e") != stem("14e")


def test_all_number_words_are_one_with_their_digits():
    assert all(stem(word) == stem(str(number)) for word, number in NUMBER_WORDS.items())
    assert all(stem(word) == stem(f"{number}e") == stem(f"{number}de") for word, number in ORDINAL_WORDS.items())


@pytest.mark.parametrize("short", ["5-11-2018", "05-11-2018", "5/11/2018", "05/11/2018"])
def test_a_date_in_digits_is_the_date_in_words(short):
    assert words(f"Op {short} was er raad") == words("Op 5 november 2018 was er raad")


@pytest.mark.parametrize("text", ["14-13-2018", "14-00-2018", "114-11-2018", "14-11-20185", "14-11-3018"])
def test_digits_that_are_no_date_are_left_alone(text):
    assert not set(MONTHS) & set(words(text))


def test_a_very_long_stretch_of_letters_or_digits_is_a_word_like_any_other():
    assert len(analyse("a" * 20_000).stems) == 1
    assert analyse("1" * 20_000 + "e").stems == ("1" * 20_000 + "e",)


@given(st.dates())
def test_a_date_is_one_however_it_is_written(date):
    if 1900 <= date.year < 2100:
        full = f"{date.day} {MONTHS[date.month - 1]} {date.year}"
        for short in (f"{date.day}-{date.month}-{date.year}", date.strftime("%d/%m/%Y"), date.strftime("%d-%m-%Y")):
            assert analyse(short) == analyse(full)


@given(st.integers(0, 999_999_999), st.sampled_from(["e", "de", "ste"]))
def test_an_ordinal_is_one_whatever_its_ending(number, ending):
    assert stem(f"{number}{ending}") == f"{number}e"


@given(st.text() | st.text("0123456789-/.,'’&edstv "))
def test_the_terms_of_a_text_are_those_of_its_content_words(text):
    content = content_words(text)
    assert content == [word for word in words(text) if word not in STOP_WORDS]
    analysis = analyse(text)
    assert analysis.stems == tuple(stem(word) for word in content)
    assert analysis.parts == tuple(part for word in content for part in part_stems(word))
    assert analysis.grams == tuple(gram for word in content for gram in word_grams(word))
