"""Rows of a table: the one that a question names is about itself, and gets what the others had."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.choose import Chosen
from assistant.passage_sentences import Sentence
from assistant.sentence_features import NAMES
from assistant.table_rows import named_rows
from assistant.types import Query, ScoredPassage, Status
from ingest.library import LiveLibrary
from ingest.publish import publish
from ingest.types import BlockSpan, CanonicalText, Document, Passage
from tests.test_features import question

HEADINGS = "Soort haven | Waar het om gaat | Wat de haven doet"
ROWS = (
    "Strenge haven | Regels | Geeft boetes en houdt toezicht",
    "Snelle haven | Resultaat | Werkt met vaste afspraken",
    "Gastvrije haven | Samen met anderen | Zoekt partners aan de wal",
    "Haven | Water | Ligt aan zee",
)
TABLE = "\n".join((HEADINGS, *ROWS))
PROSE = "De strenge haven staat ook in de inleiding."
TEXT = f"{PROSE}\n\n{TABLE}"
CANONICAL = CanonicalText(
    TEXT, (BlockSpan("paragraph", 0, 0, len(PROSE)), BlockSpan("table", 0, len(PROSE) + 2, len(TEXT)))
)
HIT = ScoredPassage(
    Passage("p", "d", 0, TEXT, (), 0, len(TEXT)), Document("d", "d.md", "Havens", "text/markdown", "h"), 1.0, 1, "fused"
)
NOTHING = np.zeros(len(NAMES), dtype=np.float32)
SAMPLE = Path(__file__).parent.parent / "voorbeelden" / "documenten" / "samenvatting-werkende-samenwerking.docx"


@pytest.fixture(scope="module")
def asked_of_samples(tmp_path_factory, encoder):
    data = tmp_path_factory.mktemp("tabel")
    publish([SAMPLE], data, encoder)
    library = LiveLibrary(data, encoder)
    yield Assistant(library, encoder)
    library.close()


def chosen(shares, texts=(PROSE, HEADINGS, *ROWS)):
    found = []
    for text, share in zip(texts, shares, strict=True):
        at = TEXT.index(text)
        kind, block = ("paragraph", 0) if text == PROSE else ("table", 1)
        found.append(Chosen(Sentence(HIT, at, at + len(text), block, kind, text, True), share, 0.0, NOTHING))
    return sorted(found, key=lambda one: -one.score)


def shares_of(asked, shares):
    return {one.sentence.text: one.score for one in named_rows(question(asked), chosen(shares), lambda _: CANONICAL)}


def test_the_row_that_is_named_has_the_share_of_its_table():
    found = named_rows(
        question("Wat doet een gastvrije haven?"), chosen((0.1, 0.1, 0.4, 0.2, 0.15, 0.05)), lambda _: CANONICAL
    )
    assert [one.sentence.text for one in found[:2]] == [ROWS[2], PROSE]
    assert [one.score for one in found] == pytest.approx([0.9, 0.1, 0, 0, 0, 0])


def test_two_rows_that_are_named_divide_it_as_they_had_it():
    found = shares_of("Vergelijk de strenge haven met de snelle haven", (0.0, 0.1, 0.3, 0.1, 0.4, 0.1))
    assert found[ROWS[0]] == pytest.approx(0.75)
    assert found[ROWS[1]] == pytest.approx(0.25)


def test_a_row_that_has_no_share_yet_gets_it_all_the_same():
    assert shares_of("Wat doet een gastvrije haven?", (0.5, 0.25, 0.25, 0.0, 0.0, 0.0))[ROWS[2]] == pytest.approx(0.5)


def test_a_shorter_name_within_a_longer_one_does_not_count():
    assert shares_of("Wat doet een strenge haven?", (0.0, 0.2, 0.2, 0.2, 0.2, 0.2))[ROWS[3]] == 0
    assert shares_of("Wat doet een haven?", (0.0, 0.2, 0.2, 0.2, 0.2, 0.2))[ROWS[3]] == pytest.approx(1)


@pytest.mark.parametrize(
    "asked",
    [
        "Welke soort haven zijn er?",  # names the headings
        "Wie houdt toezicht op de boten?",  # names no row
        "Welke haven houdt toezicht en is geen snelle haven?",  # another row has more of it
        "???",
        "",
    ],
)
def test_without_a_row_that_it_is_about_nothing_changes(asked):
    before = chosen((0.1, 0.3, 0.2, 0.2, 0.15, 0.05))
    assert named_rows(question(asked), before, lambda _: CANONICAL) == before


def test_a_row_of_several_sentences_is_one():
    row = "Gastvrije haven | Werkt samen met anderen. Zoekt partners en sluit convenanten"
    text = f"{HEADINGS}\n{ROWS[0]}\n{row}"
    canonical = CanonicalText(text, (BlockSpan("table", 0, 0, len(text)),))
    pieces = (ROWS[0], "Gastvrije haven | Werkt samen met anderen.", "Zoekt partners en sluit convenanten")
    before = [
        Chosen(Sentence(HIT, at, at + len(piece), 0, "table", piece, True), share, 0.0, NOTHING)
        for piece, share in zip(pieces, (0.4, 0.1, 0.5), strict=True)
        for at in [text.index(piece)]
    ]
    found = named_rows(question("Met wie sluit een gastvrije haven convenanten?"), before, lambda _: canonical)
    assert [one.sentence.text for one in found] == [pieces[2], pieces[1], pieces[0]]
    assert [one.score for one in found] == pytest.approx([5 / 6, 1 / 6, 0])


@given(
    st.lists(st.floats(0, 1), min_size=6, max_size=6).filter(any),
    st.sampled_from(["strenge haven", "snelle haven en gastvrije haven", "haven", "boot"]),
)
def test_all_that_is_believed_stays_believed(weights, asked):
    before = chosen([weight / sum(weights) for weight in weights])
    after = named_rows(question(f"Wat doet een {asked}?"), before, lambda _: CANONICAL)
    assert sum(one.score for one in after) == pytest.approx(1)
    assert {one.sentence.text for one in after} == {one.sentence.text for one in before}
    assert [one.score for one in after] == sorted((one.score for one in after), reverse=True)


@pytest.mark.parametrize("sort", ["Netwerkende", "Responsieve", "Rechtmatige"])
def test_the_answer_quotes_the_row_that_was_asked_for(asked_of_samples, sort):
    answer = asked_of_samples.ask(Query(f"Wat doet een {sort.lower()} overheid?"))
    assert answer.status is Status.ANSWERED
    quoted = [line.split(" | ")[0] for citation in answer.citations for line in citation.quote.splitlines()]
    assert set(quoted) - {"Type overheid"} == {f"{sort} overheid"}
