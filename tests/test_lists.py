"""Lists in a document: their lead-in and all their items, found from the lead-in or from any item."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.lists import (
    APART,
    LONG_ITEM,
    LONG_LIST,
    MOST_ITEMS,
    count_in,
    leads_into_list,
    list_at,
    marker,
)
from ingest.sentences import sentences
from ingest.split import canonical
from ingest.types import Block

LEAD = "De gemeente bouwt op drie plekken:"
PLACES = ["het oude fabrieksterrein aan de Havenkade", "de noordrand van het dorp Elzen", "het stationsgebied"]
LETTERED = ["a. de kade", "b. de haven", "c. het plein"]


def paragraph(text):
    return Block("paragraph", text)


def item(text):
    return Block("list_item", text, 1)


def heading(text, level=2):
    return Block("heading", text, level)


def found_at(blocks, number):
    """The list at the last sentence of a block, as its texts: lead-in, items, and whether it is whole."""
    text = canonical(blocks)
    block = text.blocks[number]
    start, end = sentences(text.text[block.start : block.end])[-1]
    found = list_at(text, number, block.start + start, block.start + end)
    if found is None:
        return None
    lead = text.text[slice(*found.lead)] if found.lead else None
    return lead, [text.text[first:last] for first, last in found.items], found.whole


def spread(*items, between=1):
    """Items with paragraphs of their own between them."""
    return [
        block
        for one in items
        for block in (item(one), *[paragraph(f"Over dit punt valt meer te zeggen ({at}).") for at in range(between)])
    ]


# The list and its lead-in


def test_the_sentence_before_the_items_leads_into_all_of_them():
    blocks = [heading("Locaties"), paragraph(LEAD), *map(item, PLACES), paragraph("De raad vergadert in mei.")]
    assert found_at(blocks, 1) == (LEAD, PLACES, True)


@pytest.mark.parametrize("number", [2, 3, 4])
def test_any_item_leads_back_to_the_lead_in_and_to_the_other_items(number):
    blocks = [heading("Locaties"), paragraph(LEAD), *map(item, PLACES), paragraph("De raad vergadert in mei.")]
    assert found_at(blocks, number) == (LEAD, PLACES, True)


def test_only_the_sentence_next_to_the_items_leads_into_them():
    blocks = [paragraph(f"Veldrijk groeit. {LEAD}"), *map(item, PLACES)]
    assert found_at(blocks, 1)[0] == LEAD
    text = canonical(blocks)
    assert list_at(text, 0, 0, len("Veldrijk groeit.")) is None


@pytest.mark.parametrize("before", [heading(LEAD), paragraph("De raad vergadert in mei."), item("1. iets anders")])
def test_what_does_not_lead_in_is_left_out(before):
    lead, items, whole = found_at([before, *map(item, PLACES)], 1)
    assert (lead, items, whole) == (None, PLACES, True)


def test_a_list_at_the_very_beginning_has_no_lead_in():
    assert found_at([*map(item, PLACES)], 2) == (None, PLACES, True)


@pytest.mark.parametrize(
    "blocks",
    [
        [paragraph(LEAD)],
        [paragraph(LEAD), paragraph("De raad vergadert.")],
        [paragraph(LEAD), item(PLACES[0])],
        [paragraph(LEAD), heading("Locaties"), *map(item, PLACES)],
    ],
)
def test_without_two_items_right_below_there_is_no_list(blocks):
    assert found_at(blocks, 0) is None


def test_a_lone_item_is_no_list():
    assert found_at([paragraph(LEAD), item(PLACES[0])], 1) is None


# Where a list ends


@pytest.mark.parametrize("after", [paragraph("Ook elders wordt gebouwd."), heading("Planning"), item("1. de kade")])
def test_items_without_markers_stand_next_to_each_other(after):
    blocks = [paragraph("Er komen woningen op deze plekken:"), *map(item, PLACES), after, item("een losse opmerking")]
    assert found_at(blocks, 0)[1] == PLACES


@pytest.mark.parametrize("markers", ["a. b. c.", "A) B) C)", "1. 2. 3.", "(1) (2) (3)"])
@pytest.mark.parametrize("between", [0, 1, 2])
def test_marked_items_may_have_text_of_their_own_between_them(markers, between):
    items = [f"{mark} {text}" for mark, text in zip(markers.split(), PLACES, strict=True)]
    blocks = [paragraph(LEAD), *spread(*items, between=between), paragraph("De raad vergadert in mei.")]
    for number in [0, *range(1, len(blocks) - 1, between + 1)]:
        assert found_at(blocks, number) == (LEAD, items, True)


def test_a_list_within_an_item_is_not_part_of_the_list():
    blocks = [paragraph("Er zijn drie plekken:"), item(LETTERED[0]), *map(item, PLACES), *map(item, LETTERED[1:])]
    assert found_at(blocks, 0) == ("Er zijn drie plekken:", LETTERED, True)


def test_a_marked_list_does_not_go_on_past_a_chapter():
    blocks = [paragraph("Zo:"), *spread(*LETTERED[:2]), heading("Planning"), *spread(LETTERED[2])]
    assert found_at(blocks, 0)[1] == LETTERED[:2]


def test_a_small_heading_does_not_end_a_marked_list():
    blocks = [paragraph("Zo:"), *spread(*LETTERED[:2]), heading("Het derde", 4), *spread(LETTERED[2])]
    assert found_at(blocks, 0)[1] == LETTERED


def test_marked_items_that_are_far_apart_are_no_list():
    blocks = [paragraph("Zo:"), *spread(*LETTERED[:2], between=0), *spread("x. los", between=APART + 2)[1:]]
    assert found_at([*blocks, item(LETTERED[2])], 0)[1] == LETTERED[:2]


def test_a_list_that_begins_anew_is_another_list():
    again = ["1. de brug", "2. de sluis"]
    blocks = [paragraph("Eerst:"), *map(item, ["1. de kade", "2. de haven"]), paragraph("Dan:"), *map(item, again)]
    assert found_at(blocks, 0)[1] == ["1. de kade", "2. de haven"]
    for number in (3, 4, 5):
        assert found_at(blocks, number)[:2] == ("Dan:", again)


def test_an_endless_list_ends():
    blocks = [paragraph("Zo:"), *(item(f"straat {number}") for number in range(2 * MOST_ITEMS))]
    assert len(found_at(blocks, 0)[1]) == MOST_ITEMS


# How many there are


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Er zijn vier soorten bruggen:", 4),
        ("De raad noemt Twaalf redenen:", 12),
        ("There are three places:", 3),
        ("De twee vragen en de drie antwoorden:", 3),
        ("In 2024 zijn er 5 plekken:", None),
        ("Er zijn veel viering en tiental:", None),
        ("", None),
    ],
)
def test_a_count_in_words_is_read(text, expected):
    assert count_in(text) == expected


@pytest.mark.parametrize(("word", "whole"), [("twee", True), ("drie", True), ("vier", False), ("deze", True)])
def test_the_count_tells_whether_the_list_is_whole(word, whole):
    lead = f"De gemeente bouwt op {word} plekken:"
    found = found_at([paragraph(lead), *map(item, PLACES)], 0)
    assert found == (lead, PLACES[: 2 if word == "twee" else 3], whole)


def test_the_count_stops_a_list_that_runs_on_into_another():
    blocks = [paragraph("Er zijn twee plekken:"), *map(item, LETTERED[:2]), paragraph("En dan:"), item(LETTERED[2])]
    assert found_at(blocks, 0) == ("Er zijn twee plekken:", LETTERED[:2], True)


# Long items


def long_list(item_text, count=3):
    """A list in which each item has more text than fits in an answer."""
    more = " ".join(["Daar is in de straten en op de pleinen nog veel over te vertellen."] * (LONG_LIST // 12))
    return [paragraph("Zo:"), *(item(f"{item_text.format(at)} {more}") for at in range(count))]


@pytest.mark.parametrize(
    ("begins", "shown"),
    [
        ("Punt {} gaat over de haven.", "Punt {} gaat over de haven."),
        ("De haven van punt {}: daar komen bomen.", "De haven van punt {}"),
        ("Het is 12:30 uur bij punt {}.", "Het is 12:30 uur bij punt {}."),
    ],
)
def test_long_items_are_quoted_up_to_their_first_clause(begins, shown):
    _, items, whole = found_at(long_list(begins), 0)
    assert items == [shown.format(at) for at in range(3)]
    assert whole


@pytest.mark.parametrize("marks", ["123", "abc"])
def test_the_marker_of_a_long_item_is_no_sentence(marks):
    blocks = [
        block if block.kind == "paragraph" else item(f"{marks[at - 1]}. {block.text}")
        for at, block in enumerate(long_list("Punt {} gaat over de haven."))
    ]
    assert found_at(blocks, 0)[1] == [f"{mark}. Punt {at} gaat over de haven." for at, mark in enumerate(marks)]


def test_a_short_item_of_a_long_list_stays_whole():
    short = "De kade. Die is van ons."
    assert len(short.split()) <= LONG_ITEM
    assert found_at([*long_list("Punt {} gaat over de haven."), item(short)], 0)[1][-1] == short


def test_items_of_a_short_list_stay_whole():
    items = ["De kade: daar komen bomen. Die staan er al.", "De haven: daar komt een steiger."]
    assert found_at([paragraph("Zo:"), *map(item, items)], 0)[1] == items


# Markers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a. de kade", ("letter", 1)),
        ("C) het plein", ("letter", 3)),
        ("(b) de haven", ("letter", 2)),
        ("1. de kade", ("number", 1)),
        ("12) de kade", ("number", 12)),
        ("de kade", None),
        ("2024. de kade", None),
        ("a.s. maandag", None),
        ("1.2 de kade", None),
        ("1.", None),
        ("", None),
    ],
)
def test_an_item_has_a_marker(text, expected):
    assert marker(text) == expected


def test_a_block_leads_into_a_list_when_an_item_follows():
    blocks = canonical([paragraph(LEAD), item(PLACES[0]), paragraph("De raad vergadert.")]).blocks
    assert [leads_into_list(blocks, number) for number in range(3)] == [True, False, False]


# Any document

TEXTS = st.sampled_from([
    *PLACES, *LETTERED, LEAD, "1. de brug", "2. de sluis", "3. de dijk. Die is oud: dat weten wij.", "a.", "1. 2. 3.",
    "De raad vergadert. Dat duurt lang.", "Er zijn twee plekken:", ":", "iv. de molen", "…", "b. …", "1. ?", "2. : :",
    " ".join(["Daar is nog veel over te vertellen."] * 20), "1. " + "Dit duurt maar voort: het houdt niet op. " * 16,
])  # fmt: skip
BLOCKS = st.lists(
    st.builds(
        Block, st.sampled_from(["heading", "paragraph", "list_item", "list_item", "quote"]), TEXTS, st.integers(0, 3)
    ),
    min_size=1,
    max_size=12,
)


@given(BLOCKS)
def test_whatever_the_document_a_list_is_made_of_its_blocks_in_order(blocks):
    text = canonical(blocks)
    for number, block in enumerate(text.blocks):
        if block.kind == "heading":
            continue
        for start, end in sentences(text.text[block.start : block.end]):
            found = list_at(text, number, block.start + start, block.start + end)
            if found is None:
                continue
            spans = [*([found.lead] if found.lead else []), *found.items]
            assert len(found.items) >= 2
            assert spans == sorted(spans)
            assert all(first < last for first, last in spans)
            starts = {one.start: one for one in text.blocks if one.kind == "list_item"}
            assert all(last <= starts[first].end for first, last in found.items)
            between = [one for one in text.blocks if spans[0][0] <= one.start < spans[-1][1] and one.kind == "heading"]
            assert all(one.level > 2 for one in between)


@given(BLOCKS)
def test_every_item_of_a_list_leads_to_the_same_list(blocks):
    text = canonical(blocks)
    for number, block in enumerate(text.blocks):
        if block.kind in ("heading", "list_item"):
            continue
        start, end = sentences(text.text[block.start : block.end])[-1]
        found = list_at(text, number, block.start + start, block.start + end)
        if found and found.lead and text.text[slice(*found.lead)].endswith(":"):
            numbers = [at for at, one in enumerate(text.blocks) if one.start in {first for first, _ in found.items}]
            for at in numbers:
                again = list_at(text, at, text.blocks[at].start, text.blocks[at].end)
                assert again is not None
                assert again.items[: len(found.items)] == found.items


# Numbered headings


def numbered(*names, level=3):
    """Headings that are numbered on, each with a paragraph of its own."""
    return [
        block
        for at, name in enumerate(names, 1)
        for block in (heading(f"{at}. {name}", level), paragraph(f"Daarover sprak de raad in mei ({at})."))
    ]


def test_numbered_headings_are_the_items_of_the_lead_in_above_them():
    blocks = [paragraph(LEAD), *numbered("De kade", "De haven", "Het plein"), heading("Geld")]
    assert found_at(blocks, 0) == (LEAD, ["1. De kade", "2. De haven", "3. Het plein"], True)


def test_smaller_headings_between_the_items_are_none():
    blocks = [paragraph(LEAD), *numbered("De kade"), heading("Het water", 4), *numbered("De kade", "De haven")[2:]]
    assert found_at(blocks, 0) == (LEAD, ["1. De kade", "2. De haven"], False)


@pytest.mark.parametrize(
    "after",
    [[heading("De kade", 3), heading("De haven", 3)], numbered("De kade"), [heading("2. De kade", 3)], []],
)
def test_headings_that_are_not_numbered_from_one_are_no_list(after):
    assert found_at([paragraph(LEAD), *after], 0) is None
