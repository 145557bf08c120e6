"""The text of a document as elements: nothing of it is lost, marks are where they belong, and parts stay small."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.web.document_search import excerpt, search_text, snippet, wanted_of
from api.web.reader_blocks import List, Table, Text, elements_of
from api.web.reader_contents import contents_of
from api.web.reader_layout import FULL, layout_of, weight_of
from api.web.reader_marks import Marks, PageStart, Target, on_page, page_at, page_starts
from ingest.split import canonical
from ingest.types import Block, Document

DOCUMENT = Document("d" * 16, "visie.pdf", "Visie", "application/pdf", "0" * 64, pages=9, page_labels=("i", "ii", "3"))
TABLE = "Post | Bedrag\nGroen | 12\nGrijs | 4"

KINDS = ("heading", "paragraph", "list_item", "quote", "table", "caption", "footnote")
WORDS = st.text(st.sampled_from("ab cé|\n<&\"'.1"), min_size=1, max_size=60).filter(str.strip)
BLOCKS = st.lists(
    st.builds(
        lambda kind, text, level, page: Block(kind, text.strip(), level, page),
        st.sampled_from(KINDS),
        WORDS,
        st.integers(0, 7),
        st.sampled_from([None, 1, 2, 3]),
    ),
    max_size=12,
)


def squeezed(text):
    return "".join(text.replace("|", "").split())


def said(segments):
    return "".join("\n" if run.breaks else run.text for segment in segments for run in segment.runs)


def everything(elements):
    """Every row of segments of these elements, in order; repeated headers left out."""
    for element in elements:
        if isinstance(element, Text):
            yield element.segments
        elif isinstance(element, List):
            yield from of_items(element.items)
        else:
            yield from ([element.caption] if element.caption is not None else [])
            yield from ([] if element.goes_on else element.header)
            yield from (cell for row in element.rows for cell in row)


def of_items(items):
    for item in items:
        yield item.segments
        yield from of_items(item.items)


def elements(text, marks=None):
    layout = layout_of(text)
    return [one for part in layout.parts for one in elements_of(part, text, marks or Marks(text))]


def marked(text, start, end):
    rows = everything(elements(text, Marks(text, target=Target("quote", start, end))))
    return [segment for row in rows for segment in row if segment.kind]


@settings(max_examples=150, deadline=None)
@given(BLOCKS, st.data())
def test_nothing_is_lost_and_exactly_the_quote_is_marked(blocks, data):
    text = canonical(blocks)
    start = data.draw(st.integers(0, len(text.text)))
    end = data.draw(st.integers(start, len(text.text)))
    marks = Marks(text, page_starts(DOCUMENT, text), target=Target("quote", start, end))
    rows = list(everything(elements(text, marks)))
    assert squeezed("".join(map(said, rows))) == squeezed(text.text)
    shown = [segment for row in rows for segment in row if segment.kind]
    assert squeezed(said(shown)) == squeezed(text.text[start:end])
    if squeezed(text.text[start:end]):
        assert sum(one.opens for one in shown) <= 1
    begun = [run.page for row in rows for segment in row for run in segment.runs if run.page]
    assert begun == [one for one in marks._pages if one.offset < len(text.text)]


@settings(max_examples=60, deadline=None)
@given(BLOCKS)
def test_headings_never_skip_a_level(blocks):
    ranks = [one.rank for one in elements(canonical(blocks)) if isinstance(one, Text) and one.rank]
    assert all(later <= before + 1 for before, later in pairwise([1, *ranks]))


def test_headings_nest_as_they_are_meant():
    text = canonical(
        [Block("heading", name, level) for name, level in (("A", 3), ("B", 2), ("C", 5), ("D", 3), ("E", 2))]
    )
    assert [one.rank for one in elements(text)] == [2, 2, 3, 3, 2]
    layout = layout_of(text)
    [a, b, e] = contents_of(layout, layout.parts[0], text.blocks[3].start).entries
    assert [one.text for one in b.entries] == ["C", "D"]
    assert [one.here for one in b.entries] == [False, True]
    assert (a.text, e.text) == ("A", "E")


def test_lists_stand_in_lists():
    levels = (("een", 1), ("a) diep", 2), ("dieper", 3), ("twee", 1))
    [only] = elements(canonical([Block("list_item", name, level) for name, level in levels]))
    assert [said(one.segments) for one in only.items] == ["een", "twee"]
    [deep] = only.items[0].items
    assert deep.numbered
    assert said(deep.items[0].segments) == "dieper"


def test_a_table_has_its_header_its_caption_and_cells_for_every_column():
    [table] = elements(canonical([Block("caption", "Tabel 1"), Block("table", TABLE + "\nRest")]))
    assert isinstance(table, Table)
    assert said(table.caption) == "Tabel 1"
    assert list(map(said, table.header)) == ["Post", "Bedrag"]
    assert [list(map(said, row)) for row in table.rows] == [["Groen", "12"], ["Grijs", "4"], ["Rest", ""]]


def test_a_quote_over_cells_and_items_is_marked_in_each_and_opens_once():
    text = canonical([Block("paragraph", "Dit kost:"), Block("table", TABLE), Block("list_item", "en meer", 1)])
    start, end = text.text.index("kost"), text.text.index("meer")
    shown = marked(text, start, end)
    assert [said([one]) for one in shown] == ["kost:", "Post", "Bedrag", "Groen", "12", "Grijs", "4", "en"]
    assert [one.opens for one in shown] == [True, *[False] * 7]
    assert [one.closes for one in shown] == [*[False] * 7, True]


def test_a_page_that_begins_in_a_paragraph_is_named_there():
    text = canonical([Block("paragraph", "Hier houdt het op en gaat het door.", page=1, breaks=((18, 2),))])
    starts = page_starts(DOCUMENT, text)
    assert starts == (
        PageStart(0, 1, "Bladzijde i (pagina 1 van het bestand)", True),
        PageStart(18, 2, "Bladzijde ii (pagina 2 van het bestand)", True),
    )
    [paragraph] = elements(text, Marks(text, starts))
    assert [(run.text, run.page and run.page.page) for run in paragraph.segments[0].runs] == [
        ("Hier houdt het op ", 1),
        ("en gaat het door.", 2),
    ]
    assert (page_at(text, 17), page_at(text, 18)) == (1, 2)
    assert on_page(text, 2, 5, 24) == ((18, 24),)


def test_a_page_that_comes_back_is_no_second_anchor():
    blocks = [Block("paragraph", "Een", page=1), Block("paragraph", "Twee", page=2), Block("footnote", "Noot", page=1)]
    assert [one.first for one in page_starts(DOCUMENT, canonical(blocks))] == [True, True, False]


def long_document():
    for chapter in range(30):
        yield Block("heading", f"{chapter} Hoofdstuk", 1)
        for section in range(6):
            yield Block("heading", f"{chapter}.{section} Paragraaf", 2)
            yield from (Block("paragraph", f"De raad <besluit> over {chapter}.{section}. " * 12) for _ in range(8))
    yield Block("table", "Nummer | Bedrag\n" + "\n".join(f"{number} | {number * 7}" for number in range(5_000)))
    yield Block("paragraph", "woord " * 20_000)
    yield Block("heading", "x" * 40_000, 1)


def test_parts_are_of_a_size_that_can_be_read_and_begin_where_a_section_does():
    text = canonical(list(long_document()))
    layout = layout_of(text)
    for part in layout.parts:
        assert sum(weight_of(one, text.text) for one in part.stretches) <= 2 * FULL
        assert not part.stretches[-1].depth or len(part.stretches) == 1 or part is layout.parts[-1]
    chapters = [part for part in layout.parts[:-1] if part.stretches[0].depth]
    assert len(chapters) > 10
    assert all(part.above == () or part.above[0].depth == 1 for part in layout.parts)
    assert squeezed("".join(map(said, everything(elements(text))))) == squeezed(text.text)
    for offset in range(0, len(text.text), 9_999):
        part = layout.part_at(offset)
        assert part.start <= offset <= (part.end + 2)


def test_a_table_that_goes_on_has_its_header_again():
    text = canonical([Block("table", "Nummer | Bedrag\n" + "\n".join(f"{one} | 7" for one in range(4_000)))])
    tables = elements(text)
    assert len(tables) > 2
    assert {tuple(map(said, one.header)) for one in tables} == {("Nummer", "Bedrag")}
    assert [one.goes_on for one in tables] == [False, *[True] * (len(tables) - 1)]
    assert sum(len(one.rows) for one in tables) == 4_000


def test_contents_stay_short_and_hold_what_is_near():
    text = canonical([Block("heading", f"Kop {one}", 1 + one % 2) for one in range(3_000)])
    layout = layout_of(text)
    part = layout.parts[1]
    contents = contents_of(layout, part, part.start)
    entries = [one for root in contents.entries for one in (root, *root.entries)]
    assert not contents.whole
    assert len(entries) < 300
    assert any(one.here for one in entries)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("woning", ["woningen", "Woning", "woningbouw"]),
        ("de raad", ["raad", "raadsleden"]),
        ('"sociale huur"', ["sociale huur"]),
        ("44.000", ["44.000"]),
        ("foto", ["foto's"]),
        ("???", []),
        ("zeppelin", []),
    ],
)
def test_words_are_found_in_their_inflections_and_in_compounds(typed, found):
    text = canonical(
        [
            Block("paragraph", "Er komen 44.000 woningen. Een Woning kost geld; de raad wil sociale huur."),
            Block("paragraph", "De huur is sociale zaak. Er zijn foto's van de woningbouw, en van raadsleden."),
        ]
    )
    search = search_text(text, wanted_of(typed))
    assert [text.text[one.start : one.end] for one in search.hits] == found
    assert [one.number for one in search.found] == list(range(1, len(found) + 1))


def test_several_words_are_found_where_they_stand_together():
    text = canonical(
        [Block("paragraph", "De haven groeit."), Block("paragraph", "De kade van de haven."), Block("table", TABLE)]
    )
    search = search_text(text, wanted_of("haven kade"))
    assert [text.text[one.start : one.end] for one in search.hits] == ["kade van de haven"]
    assert search.together
    apart = search_text(text, wanted_of("groeit kade"))
    assert not apart.together
    assert len(apart.hits) == 2
    assert not search_text(text, wanted_of("groen 4")).together, "rows of a table are apart"


def test_snippets_show_words_whole_and_what_was_found():
    text = "Begin " + "voor " * 40 + "de haven ligt hier " + "achter " * 40
    search = search_text(canonical([Block("paragraph", text.strip())]), wanted_of("haven"))
    made = snippet(text, search.hits[0].start, search.hits[0].end, search.found)
    assert made.pieces[1] == "haven"
    assert made.pieces[0].startswith("… voor")
    assert made.pieces[2].endswith("achter …")
    assert excerpt("Niets ervan.", wanted_of("haven")).pieces == ("Niets ervan.",)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.text(max_size=30))
def test_any_search_in_any_text_gives_snippets_of_that_text(text, typed):
    made = canonical([Block("paragraph", text)])
    search = search_text(made, wanted_of(typed))
    for hit in search.hits:
        pieces = "".join(snippet(made.text, hit.start, hit.end, search.found).pieces)
        assert pieces.strip("… ") in made.text
    assert "".join(excerpt(text, wanted_of(typed)).pieces).strip("… ") in text
