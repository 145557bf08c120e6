from hypothesis import given
from hypothesis import strategies as st

from ingest.dutch import GRAM, analyse, fold, stem, words


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
    assert {"geen", "zonder", "niet"} <= set(kept)
    assert not {"er", "is", "voor", "de", "en"} & set(kept)


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
