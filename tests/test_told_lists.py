"""Lists in running text: "De eerste ... De tweede ...", and as many sentences as are announced."""

import pytest

from assistant.lists import MOST_TOLD, told_list_at
from ingest.sentences import sentences
from ingest.split import canonical
from tests.test_lists import paragraph

COUNTED_OFF = ["De eerste is de kade.", "Daar liggen schepen.", "De tweede is de haven.", "Ten derde komt het plein."]


def told(said, at, asked=(), count=None):
    """The list in a paragraph around the sentence at this place, as its texts."""
    text = canonical([paragraph(" ".join(said))])
    start, end = sentences(text.text)[at]
    found = told_list_at(text, 0, start, end, set(asked), count)
    if found is None:
        return None
    lead = text.text[slice(*found.lead)] if found.lead else None
    return lead, [text.text[first:last] for first, last in found.items], found.whole


@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_sentences_that_are_counted_off_are_a_list(at):
    lead = "De gemeente bouwt op drie plekken."
    said = ["Veldrijk groeit.", lead, *COUNTED_OFF, "De raad vergadert in mei."]
    assert told(said, at) == (lead, [COUNTED_OFF[0], COUNTED_OFF[2], COUNTED_OFF[3]], True)


@pytest.mark.parametrize("at", [0, 6])
def test_what_stands_around_a_list_is_not_in_it(at):
    assert told(["Veldrijk groeit.", "Er zijn drie plekken.", *COUNTED_OFF, "De raad vergadert in mei."], at) is None


def test_a_list_with_fewer_items_than_it_says_is_not_whole():
    assert told(["Er zijn vier plekken.", *COUNTED_OFF], 0)[2] is False


@pytest.mark.parametrize(
    "said", [["De eerste is de kade.", "Een derde is water."], ["De tweede telt.", "Ten derde ook."]]
)
def test_a_share_and_a_list_without_its_first_are_no_list(said):
    assert told(said, 0) is None


REASONS = ["De grond is duur.", "Het water staat hoog.", "Er wonen vleermuizen."]


@pytest.mark.parametrize(
    "announced", ["Dat heeft drie oorzaken.", "Daarvoor zijn drie heel andere oorzaken te noemen."]
)
def test_as_many_sentences_follow_as_are_announced(announced):
    said = [announced, *REASONS, "De raad vergadert in mei."]
    for at in range(4):
        assert told(said, at, ["oorzak"], 3) == told(said, at, ["oorzak"]) == (announced, REASONS, True)
    assert told(said, 4, ["oorzak"], 3) is None


@pytest.mark.parametrize(
    ("announced", "count"),
    [
        ("Dat heeft drie gevolgen.", None),  # other things
        ("Dat heeft drie oorzaken.", 4),  # other than asked
        ("De drie oorzaken zijn bekend.", 3),  # they were told before
        ("Er zijn drie oorzaken: geld, tijd en water.", 3),  # here they are
        ("Dat heeft vier oorzaken.", 4),  # fewer follow
    ],
)
def test_a_number_of_something_else_announces_nothing(announced, count):
    assert told([announced, *REASONS], 0, ["oorzak"], count) is None


def test_a_list_in_running_text_has_its_limit():
    long = [f"{one[:-1]}, {' '.join(['heel'] * MOST_TOLD)} lang." for one in COUNTED_OFF]
    assert told(long, 0) is None
