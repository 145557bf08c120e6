"""What a language model wrote, line by line: what is a statement, and what is not, however it is made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.claims import MAX_LINE, Claim, Lines, claim

SPACES = st.sampled_from(["", " ", "   "])
SEPARATORS = st.sampled_from(["", ".", ",", ";"])


@pytest.mark.parametrize(
    "line",
    [
        "- De raad besloot dat [1] «De raad besloot.»",
        "De raad besloot dat «De raad besloot.» [1]",
        "1. De raad besloot dat. [1] “De raad besloot.”;",
    ],
)
def test_a_statement_points_at_a_passage_and_its_words(line):
    assert claim(line) == Claim("De raad besloot dat.", ((1, "De raad besloot."),))


@given(st.lists(st.tuples(st.integers(1, 99), SPACES, SPACES, SEPARATORS, SPACES), min_size=1, max_size=30))
def test_every_quote_of_a_statement_is_read_whatever_white_space_is_between(pointed):
    said = "".join(f"{a}[{number}]{b}«De raad besloot.»{mark}{c}" for number, a, b, mark, c in pointed)
    found = claim(f"De raad besloot dat{said}")
    assert found is not None
    assert [number for number, _ in found.pointed] == [number for number, *_ in pointed]


@pytest.mark.parametrize("between", [" ", "  ", " ; "])
def test_a_long_line_that_is_no_statement_is_refused_at_once(between):
    # Read in every way that white space can be divided, this would take for ever.
    assert claim(("De raad besloot dat " + f"[1] «aaaa»{between}" * 200)[: MAX_LINE - 1] + "x") is None


@given(st.text(max_size=300))
def test_any_line_is_a_statement_or_none(line):
    found = claim(line)
    assert found is None or (found.text and found.pointed)


@given(st.lists(st.text(max_size=60)))
def test_a_stream_is_cut_into_the_lines_that_it_has(chunks):
    lines = Lines()
    found = [line for chunk in chunks for line in lines.feed(chunk)] + lines.end()
    assert found == [line for line in "".join(chunks).replace("\r", "\n").split("\n") if line.strip()]
