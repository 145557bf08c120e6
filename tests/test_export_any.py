"""Any answer at all, with whatever text: every file opens, and has its footnotes."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from api.export.copied import copy_text
from api.export.paper import clean
from tests.export_samples import LINK, cited, file_of, numbers, odt_notes, odt_of, word_notes, word_of
from tests.test_record import answers

NASTY = st.sampled_from(
    [
        "\x00\x08\x1b", "\ud800", "\udfff", "\ufffe", "\u202e", "\r\n", "\t ", "  ", "]]>", "<w:p>", "&amp;", "&#0;",
        "“", "”", "\n– ", "\u2028", "[^1]", "[1]", "\\", "`", "|", "💧", "é", "{ PAGE }", "\x85", "\x7f",
    ]
)  # fmt: skip
TEXT = st.lists(st.text(max_size=6) | NASTY, max_size=8).map("".join)


@st.composite
def nasty_answers(draw):
    """An answer, with nasty text wherever text can be."""
    answer = draw(answers())
    quotes = {one.number: draw(TEXT.filter(bool)) for one in answer.citations}
    cites = tuple(
        replace(
            one, quote=quotes[one.number], start=0, end=len(quotes[one.number]), page_label=draw(TEXT),
            document=replace(one.document, title=draw(TEXT), publisher=draw(TEXT), issued=draw(st.none() | TEXT)),
        )
        for one in answer.citations
    )  # fmt: skip
    said = tuple(
        replace(one, text=draw(TEXT) + "".join(f"“{quotes[number]}”" + draw(TEXT) for number in one.citations))
        for one in answer.statements
    )
    query = replace(answer.query, text=draw(TEXT))
    return replace(answer, query=query, citations=cites, statements=said)


@settings(max_examples=40, deadline=None)
@given(nasty_answers())
def test_every_number_of_an_answer_is_one_footnote_with_its_quote(answer):
    quotes = {one.number: clean(one.quote) for one in answer.citations}
    wanted = [f"“{quotes[number]}”" for one in answer.statements for number in one.citations]
    for notes in (word_notes(word_of(answer)), odt_notes(odt_of(answer))):
        assert len(notes) == len(wanted)
        for note, quote in zip(notes, wanted, strict=True):
            assert note.removeprefix(" ").startswith(quote)
    assert numbers(file_of(answer, "md").decode()) == list(range(1, len(wanted) + 1))
    copy_text(answer, LINK).encode()


@given(TEXT)
def test_cleaned_text_can_be_written_and_stays_itself(text):
    assert clean(clean(text)) == clean(text)
    clean(text).encode()


def test_text_that_can_be_written_is_left_as_it_is():
    text = "Één “citaat” – met 100 % \t tab,\n💧 en €"
    assert clean(text) == text
    assert cited(1, text).quote == text
