"""Sentence boundaries in Dutch."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentences


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "De heer J.P. de Vries, d.w.z. de wethouder, sprak o.a. over art. 3, lid 2.",
        "Dat was op 5 juni jl. in Westerveen.",
        "'Ik ga weg.' zei hij.",
        "Bouwen, bouwen... niet alleen in de stad.",
        "Prof. dr. M. Bakker e.a. schreven dit m.b.t. nr. 12.",
        "Het kost ca. 1.200 euro, bijv. voor dhr. Jansen of mw. Smit.",
        "Op de 3. plaats kwam Westerveen.",
        "1. Inleiding",
        "Kijk op www.voorbeeld.nl voor meer.",
    ],
)
def test_one_sentence_stays_one(text):
    assert parts(text) == [text]


@pytest.mark.parametrize(
    "expected",
    [
        ["Hoe dan?!", "Dat is nog niet bekend."],
        ['"Het kan."', "(Zie bijlage 1.)", "Dr. Jansen kwam."],
        ["In 2019 waren het er 12.", "Dat is veel."],
        ["Wij schrijven aan het college van B&W.", "Het antwoord volgt."],
        ["Wat nu?", "'s Avonds is het stil."],
        ["Er zijn pennen, papier e.d. nodig.", "Koop die bij Kantoor B.V.", "De rekening volgt."],
        ["Neem potloden mee enz.", "Daarna begint de dag."],
        ["Hij zei: ‘Dat vergt lef.’", "Daarna ging hij weg."],
        ["Dat is zo…", "Maar niet altijd."],
    ],
)
def test_sentences_part(expected):
    assert parts(" ".join(expected)) == expected


def test_a_line_end_parts_lines_items_and_rows():
    assert parts("de lusten\nde lasten\n\nEn verder.") == ["de lusten", "de lasten", "En verder."]


def test_an_omission_goes_with_the_sentence_after_it():
    assert parts("'[...] Dat betekent iets.' (p. 18)") == ["'[...] Dat betekent iets.' (p. 18)"]


@given(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(" .!?\n…’”)A1a")), max_size=200))
def test_spans_are_trimmed_in_order_and_hold_all_text(text):
    spans = sentences(text)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    covered = {at for start, end in spans for at in range(start, end)}
    assert all(at in covered for at, char in enumerate(text) if not char.isspace())
