"""The parts of the HTML report: numbers, marks, marked text, what changed in a text, and colours one can read."""

import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.report.marking import stretches, word_edits
from eval.report.marks import Mark, mark_of
from eval.report.numbers import date_text, decimals_text, p_text, short_text
from tests.eval_samples import outcome

STYLE = Path(__file__).parent.parent / "eval" / "report" / "style.css"
WORDS = st.lists(st.sampled_from(["de", "kat", "zit", "op", "mat", "hond"]), max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.712, "71 %"), (1.0, "100 %"), (0.9996, "99,9 %"), (0.0004, "0,1 %"), (0.0, "0 %"), (0.995, "99,5 %")],
)
def test_share_at_a_glance_is_never_rounded_to_all_or_nothing(value, shown):
    assert short_text(value, "share") == shown.replace(" ", "\u00a0")


def test_other_numbers():
    assert short_text(70.6, "ms") == "70,6\u00a0ms"
    assert p_text(0.0344) == "0,034"
    assert p_text(0.0002) == "<\u00a00,001"
    assert decimals_text(0.8999999) == "0,8999999"
    assert date_text("2026-11-22T09:05:00+00:00") == "22 november 2026, 09:05 UTC"
    assert date_text("2026-03-01T23:59:00") == "1 maart 2026, 23:59"
    assert date_text("gisteren") == "gisteren"


@pytest.mark.parametrize(
    ("made", "mark"),
    [
        (outcome(), Mark.GOOD),
        (outcome(facts_found=False), Mark.WRONG),
        (outcome(refused=True), Mark.REFUSED_WRONGLY),
        (outcome(kind="unanswerable", rank=None, refused=True), Mark.REFUSED_RIGHTLY),
        (outcome(kind="unanswerable", rank=None), Mark.ANSWERED_WRONGLY),
        (outcome(failed="Kapot"), Mark.FAILED),
    ],
)
def test_mark_of_a_question(made, mark):
    assert mark_of(made) is mark


def test_mark_of_an_answer_with_some_of_the_facts():
    made = outcome()
    asked = made.asked.model_copy(update={"facts": (*made.asked.facts, ("zaterdag",))})
    assert mark_of(made.model_copy(update={"asked": asked})) is Mark.PARTLY


def test_quote_and_evidence_that_overlap_are_each_marked():
    found = stretches("Oud papier gaat op donderdag weg.", ["papier gaat op"], ["op donderdag"])
    assert [(one.text, one.quote, one.evidence) for one in found] == [
        ("Oud ", False, False),
        ("papier gaat ", True, False),
        ("op", True, True),
        (" donderdag", False, True),
        (" weg.", False, False),
    ]


def test_other_white_space_and_capitals_do_not_hide_a_quote():
    assert [one.text for one in stretches("Zie: Oud\n  papier (A.4)", ["oud papier (a.4)"]) if one.quote] == [
        "Oud\n  papier (A.4)"
    ]


@given(st.text(max_size=40), st.lists(st.text(max_size=5), max_size=3), st.lists(st.text(max_size=5), max_size=3))
def test_marking_loses_nothing(text, quotes, evidence):
    found = stretches(text, quotes, evidence)
    assert "".join(one.text for one in found) == text
    for quote in quotes:
        if quote.strip() and quote.strip() in text:
            assert any(one.quote for one in found)


@given(WORDS, WORDS)
def test_edits_hold_both_texts(before, now):
    edits = word_edits(before, now)
    sides = {
        side: "".join(f" {edit.text}" for edit in edits if edit.what in ("same", side)).split()
        for side in ("deleted", "inserted")
    }
    assert sides == {"deleted": before.split(), "inserted": now.split()}


def test_text_that_stayed_the_same_has_no_edits():
    assert [edit.what for edit in word_edits("de kat zit", "de  kat zit")] == ["same"]


def test_a_few_words_alike_between_changes_go_along_with_these():
    edits = word_edits("Het afval gaat op maandag weg", "Het papier gaat op dinsdag weg")
    assert [(edit.what, edit.text.strip()) for edit in edits] == [
        ("same", "Het"),
        ("deleted", "afval gaat op maandag"),
        ("inserted", "papier gaat op dinsdag"),
        ("same", "weg"),
    ]


def schemes():
    """The colours by name, in the light, the dark and the printed page."""
    blocks = re.findall(r":root\s*\{([^}]*)\}", STYLE.read_text(encoding="utf-8"))
    return [dict(re.findall(r"--(\w+):\s*(#[0-9a-f]{6})", block)) for block in blocks]


def luminance(colour):
    """The relative luminance of WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_as_wcag_defines_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", schemes(), ids=["light", "dark", "print"])
def test_text_and_charts_can_be_read_in_every_scheme(scheme):
    texts = ("ink", "muted", "accent", "second", "good", "bad")
    pairs = [*product(texts, ("paper", "panel")), ("ink", "quote"), ("proof", "quote"), ("proof", "paper")]
    low = {pair: contrast(*(scheme[name] for name in pair)) for pair in pairs}
    assert {pair: found for pair, found in low.items() if found < 4.5} == {}


def test_schemes_have_the_same_colours():
    light, dark, printed = schemes()
    assert light.keys() == dark.keys() == printed.keys()
    used = set(re.findall(r"var\(--(\w+)\)", STYLE.read_text(encoding="utf-8")))
    assert used <= light.keys()
