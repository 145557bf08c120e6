from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.abbreviations import harvest, render
from ingest.dutch import STOP_WORDS, content_words, fold
from ingest.thesaurus import Entry, Group, Thesaurus, read_file

WORDS = "raad bestuur jeugd zorg wonen klimaat Energie water Regio sport buurt opvang nota Visie toets".split()
TEXT = st.lists(st.sampled_from([*WORDS, "van", "en", "(RvB)", "(Wmo)", "(B&W)", "(ab.)", ",", "=", "?", "#", "\n"]))


def pairs(*texts: str) -> list[tuple[str, ...]]:
    return [tuple(entry.text for entry in group.dutch) for group in harvest(texts)]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Het Interbestuurlijk Programma (IBP) loopt.", "ibp", "interbestuurlijk programma"),
        ("Volgens de Wet maatschappelijke ondersteuning (Wmo) mag dat.", "wmo", "wet maatschappelijke ondersteuning"),
        ("Het college van burgemeester en wethouders (B&W) wil dit.", "b&w", "burgemeester en wethouders"),
        ("Er kwam een Raad van Toezicht (‘RvT’) bij.", "rvt", "raad van toezicht"),
        ("Een gemeenschappelijke regeling (hierna: GR) is nodig.", "gr", "gemeenschappelijke regeling"),
        ("Het plan is goed. De Algemene Ledenvergadering (ALV) stemt.", "alv", "algemene ledenvergadering"),
        ("De RES (Regionale Energiestrategie) is klaar.", "res", "regionale energiestrategie"),
        ("ICT (informatie- en communicatietechnologie) kost geld.", "ict", "informatie- en communicatietechnologie"),
    ],
)
def test_an_explained_abbreviation_is_found(text: str, short: str, long: str):
    assert pairs(text) == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(IBP)",
        "De Omgevingsdienst (zie bijlage) komt langs.",
        "De heer Jansen (VVD) was tegen.",
        "Zij woont in Amersfoort (Utrecht).",
        "Dat staat in de wet (Wo).",
        "Mevrouw Anna Jansma (A.) sprak.",
        "De VNG (Zij kwamen langs) was er.",
        "Het Interbestuurlijk Programma loopt; er is een ander plan (IBP).",
    ],
)
def test_other_words_in_brackets_are_no_abbreviation(text: str):
    assert pairs(text) == []


def test_the_words_before_a_full_stop_or_the_function_words_do_not_begin_it():
    assert pairs("Van alle Verenigingen is de Vereniging van Nederlandse Gemeenten (VNG) de grootste.") == [
        ("vng", "vereniging van nederlandse gemeenten")
    ]


def test_the_commonest_explanation_of_each_is_kept_in_order_of_the_alphabet():
    texts = [
        "Regionaal Overleg (RO) en Centraal Bureau (CB)",
        "Ruimtelijke Ordening (RO)",
        "Ruimtelijke Ordening (RO)",
    ]
    assert pairs(*texts) == [("cb", "centraal bureau"), ("ro", "ruimtelijke ordening")]


def test_of_two_that_are_as_common_the_order_of_the_texts_does_not_choose():
    texts = ["Regionaal Overleg (RO)", "Ruimtelijke Ordening (RO)"]
    assert pairs(*texts) == pairs(*reversed(texts)) == [("ro", "regionaal overleg")]


def test_the_file_is_a_thesaurus_by_which_either_finds_the_other(tmp_path: Path):
    path = tmp_path / "afkortingen.txt"
    path.write_text(render(harvest(["Het Interbestuurlijk Programma (IBP) loopt."])), encoding="utf-8")
    thesaurus = Thesaurus(read_file(path))
    assert thesaurus.synonyms(content_words("Wat is het IBP?")) == [(0, 1, ("interbestuurlijk programma",))]
    assert thesaurus.synonyms(content_words("Wat is het interbestuurlijke programma?")) == [(0, 2, ("ibp",))]


def test_what_the_file_cannot_hold_is_left_out():
    assert pairs("De Wet = open Overheid (WOO) geldt.") == []
    assert pairs("De Raad van wonen, werken en Toezicht (RvwT) komt.") == []


def test_no_abbreviations_are_an_empty_file(tmp_path: Path):
    path = tmp_path / "afkortingen.txt"
    path.write_text(render(()), encoding="utf-8")
    assert read_file(path) == ()


@given(st.lists(st.sampled_from(WORDS), min_size=2, max_size=6, unique_by=lambda word: word[0].lower()))
def test_first_letters_in_capitals_explain_themselves(long: list[str]):
    short = "".join(word[0] for word in long).upper()
    assert pairs(f"Dit is {' '.join(long)} ({short}).") == [(fold(short), fold(" ".join(long)))]


@given(
    st.lists(st.one_of(st.text(max_size=60), TEXT.map(" ".join), st.text("AVeg ()&.-=,?#’\n", max_size=60)), max_size=5)
)
def test_whatever_the_texts_say_the_file_holds_what_was_found(texts: list[str]):
    groups = harvest(texts)
    assert list(groups) == sorted(groups, key=lambda group: group.dutch[0].text)
    for group in groups:
        short, long = (entry.text for entry in group.dutch)
        letters = [letter for letter in short if letter.isalnum()]
        assert 2 <= len(short) <= 8
        assert long.startswith(letters[0])
        assert long.split()[0] not in STOP_WORDS
        assert len(long.split()) > 1
        rest = iter(long)
        assert all(letter in rest for letter in letters)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "afkortingen.txt"
        path.write_text(render(groups), encoding="utf-8")
        assert read_file(path) == groups


def test_the_groups_are_dutch_and_unambiguous():
    assert harvest(["Centraal Bureau (CB)"]) == (Group((Entry("cb"), Entry("centraal bureau"))),)
