"""Canonical text and passages."""

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import clean
from ingest.read import text
from ingest.split import SPLITTER_VERSION, canonical, split
from ingest.types import Block, CanonicalText, Document, Passage

SOURCES = Path(__file__).resolve().parents[2] / "shared" / "bronnen"
DOCUMENT = Document("nota", "nota.md", "Nota", "text/markdown", "hash")
SENTENCE = "De gemeente werkt samen met bewoners aan een plan voor de wijk."


def paragraph(words: int, page: int | None = None, end: str = ".") -> Block:
    return Block("paragraph", " ".join(["Woord"] + ["woord"] * (words - 1)) + end, page=page)


def heading(title: str, level: int = 2) -> Block:
    return Block("heading", title, level)


def passages(blocks: Sequence[Block]) -> tuple[Passage, ...]:
    return split(DOCUMENT, canonical(blocks))


def test_the_version_is_a_string():
    assert SPLITTER_VERSION


def test_canonical_text_keeps_lists_and_tables_together():
    blocks = [
        paragraph(2),
        Block("list_item", "een", 1),
        Block("list_item", "twee", 1),
        Block("table", "a | b"),
        paragraph(2),
    ]
    whole = canonical(blocks)
    assert whole.text == "Woord woord.\n\neen\ntwee\n\na | b\n\nWoord woord."
    assert [whole.text[span.start : span.end] for span in whole.blocks] == [block.text for block in blocks]


def test_pages_follow_the_text():
    first = Block("paragraph", f"{SENTENCE} {SENTENCE}", page=4, breaks=((len(SENTENCE) + 1, 5),))
    whole = canonical([first, paragraph(80, page=5), paragraph(70, page=6)])
    assert whole.pages[:2] == ((0, 4), (len(SENTENCE) + 1, 5))
    found = split(DOCUMENT, whole)
    assert (found[0].first_page, found[-1].last_page) == (4, 6)
    assert all(passage.first_page is None for passage in passages([paragraph(80)]))


def test_a_passage_never_crosses_a_chapter():
    found = passages([heading("Een", 1), paragraph(20), heading("Twee", 1), paragraph(20)])
    assert [passage.section for passage in found] == [("Een",), ("Twee",)]
    assert [passage.text.count("oord") for passage in found] == [20, 20]


def test_small_sections_below_one_heading_go_together_with_their_headings():
    found = passages(
        [
            heading("Bijeenkomsten", 1),
            heading("Noord"),
            paragraph(20),
            heading("Zuid"),
            paragraph(20),
            heading("Groot"),
            paragraph(100),
        ]
    )
    assert [passage.section for passage in found] == [("Bijeenkomsten",), ("Bijeenkomsten", "Groot")]
    assert found[0].text.startswith("Noord\n\nWoord")
    assert "\n\nZuid\n\n" in found[0].text


def test_the_words_above_subsections_go_with_them_when_it_fits():
    items = [block for name in "abcd" for block in (Block("list_item", f"{name}. De {name}-variant", 1), paragraph(25))]
    found = passages([heading("Typen", 3), paragraph(30, end=":"), *items])
    assert len(found) == 1
    assert all(f"{name}. De" in found[0].text for name in "abcd")


def test_a_list_stays_with_its_lead_in():
    items = [Block("list_item", f"{number}. punt nummer {number} van de lijst", 1) for number in range(1, 12)]
    found = passages([paragraph(110), paragraph(12, end=":"), *items, paragraph(100)])
    holder = next(passage for passage in found if "1. punt" in passage.text)
    assert "oord:" in holder.text
    assert "11. punt" in holder.text


def test_a_question_stays_with_its_answer():
    questions = [Block("paragraph", f"Wat doet u in jaar {year}?") for year in range(5)]
    found = passages([block for question in questions for block in (question, paragraph(90))])
    assert len(found) == 5
    assert all(passage.text.startswith("Wat doet u") for passage in found)


def test_a_caption_stays_with_its_paragraph():
    found = passages([paragraph(90), Block("caption", "Figuur 1: een kaart"), paragraph(120), paragraph(120)])
    assert "Figuur 1" in found[0].text


def test_a_long_paragraph_is_cut_between_sentences():
    long = Block("paragraph", " ".join([SENTENCE] * 50))
    found = passages([long])
    assert len(found) > 2
    assert all(passage.text.startswith("De gemeente") and passage.text.endswith("wijk.") for passage in found)
    assert all(60 <= len(passage.text.split()) <= 200 for passage in found)


@pytest.mark.parametrize(
    ("blocks", "role"),
    [
        ([heading("Inhoud", 1), Block("table", "Inleiding | 3\nKosten | 9\nSlot | 12")], "contents"),
        (
            [
                heading("Literatuur", 1),
                Block("paragraph", "Bakker, M. (2019). Een boek. Westerveen."),
                Block("paragraph", "Smit, B. (2020). Nog een."),
            ],
            "references",
        ),
        ([heading("Colofon", 1), Block("paragraph", "Tekst: gemeente Westerveen")], "imprint"),
        ([Block("paragraph", "Gemeente Westerveen\nPostbus 1\n1234 AB Westerveen\ninfo@westerveen.nl")], "imprint"),
        ([heading("Bronnen van inkomsten"), paragraph(80)], "body"),
    ],
)
def test_roles(blocks, role):
    assert passages(blocks)[0].role == role


def test_the_same_text_twice_has_two_ids():
    found = passages([heading("Een", 1), paragraph(70), heading("Een", 1), paragraph(70)])
    assert found[1].passage_id == f"{found[0].passage_id}-2"
    assert re.fullmatch(r"nota-[0-9a-f]{12}", found[0].passage_id)


def test_only_headings_still_give_a_passage():
    assert passages([heading("Een", 1), heading("Twee", 1)])[0].text == "Een\n\nTwee"
    assert passages([]) == ()


KINDS = st.sampled_from(["heading", "paragraph", "list_item", "quote", "table", "caption", "footnote"])
WORDS = st.integers(1, 260)


@st.composite
def block_lists(draw):
    blocks = []
    for _ in range(draw(st.integers(0, 14))):
        kind = draw(KINDS)
        count = draw(st.integers(1, 8)) if kind == "heading" else draw(WORDS)
        end = draw(st.sampled_from(["", ".", ":", "?", "!"]))
        words = " ".join(
            "a. Woord" if index == 0 else "woord." if index % 17 == 0 else "woord" for index in range(count)
        )
        blocks.append(Block(kind, words + end, draw(st.integers(1, 4)), draw(st.integers(1, 9))))
    return blocks


def check(blocks: Sequence[Block], whole: CanonicalText, found: Sequence[Passage]) -> None:
    assert [passage.ordinal for passage in found] == list(range(len(found)))
    assert len({passage.passage_id for passage in found}) == len(found)
    assert all(passage.text == whole.text[passage.start : passage.end] for passage in found)
    assert all(passage.text.strip() == passage.text != "" for passage in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(len(passage.text) <= 3_600 for passage in found)
    if any(block.kind != "heading" for block in blocks):
        for span in (span for span in whole.blocks if span.kind != "heading"):
            inside = "".join(
                whole.text[max(span.start, p.start) : min(span.end, p.end)]
                for p in found
                if p.start < span.end and p.end > span.start
            )
            assert "".join(inside.split()) == "".join(whole.text[span.start : span.end].split())


@given(block_lists())
def test_offsets_coverage_order_and_size(blocks):
    whole = canonical(blocks)
    found = split(DOCUMENT, whole)
    check(blocks, whole, found)
    assert found == split(DOCUMENT, whole)
    assert all(len(passage.text.split()) <= 450 for passage in found)


@given(
    st.lists(
        st.builds(Block, KINDS, st.text(min_size=1, max_size=400).filter(lambda t: t.strip() == t), st.integers(1, 3)),
        max_size=8,
    )
)
def test_any_text_is_split_without_a_crash(blocks):
    whole = canonical(blocks)
    check(blocks, whole, split(DOCUMENT, whole))


def test_text_without_spaces_is_cut_all_the_same():
    blocks = [Block("paragraph", "x" * 20_000), Block("paragraph", "1 " * 5_000 + "1")]
    check(blocks, canonical(blocks), passages(blocks))


@pytest.mark.parametrize("name", ["000", "001", "002", "003", "004"])
def test_real_documents(name):
    paths = sorted(SOURCES.glob(f"{name}*.txt"))
    if not paths:
        pytest.skip("needs ../shared/bronnen")
    blocks = clean(text.read(paths[0], paths[0].name).blocks)
    whole = canonical(blocks)
    found = split(DOCUMENT, whole)
    check(blocks, whole, found)
    assert not re.search(r"\*\*|</?\w+>|\w-\n\w|[\u00ad\ufb01]", whole.text)
    assert sum(60 <= len(passage.text.split()) <= 200 for passage in found) >= 0.9 * len(found)
