from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Draft, ScoredPassage
from assistant.verify import Verifier, page_at, pieces_in_place
from ingest.types import BlockSpan, CanonicalText, Document, Passage

TEXT = "Veldrijk bouwt 2.150 woningen. De raad besloot dat in maart. Wethouder Hulst is blij met het besluit."
CANONICAL = CanonicalText(TEXT, (BlockSpan("paragraph", 0, 0, len(TEXT)),), ((0, 3), (61, 4)))
DOCUMENT = Document("d", "d.pdf", "Titel", "application/pdf", "h", pages=5, page_labels=("i", "ii", "1", "2", "3"))
HIT = ScoredPassage(Passage("p", "d", 0, TEXT, (), 0, len(TEXT), 3, 4), DOCUMENT, 1.0, 1, "fused")


def check(*drafts):
    verifier = Verifier([HIT], lambda doc_id: CANONICAL)
    passed = [verified for draft in drafts if (verified := verifier.check(draft))]
    assert verifier.dropped == len(drafts) - len(passed)
    return tuple(one.statement for one in passed), tuple(new for one in passed for new in one.citations)


def test_a_verbatim_statement_passes_with_its_page():
    statements, citations = check(Draft("“Veldrijk bouwt 2.150 woningen.”", (("d", 0, 30),)))
    assert statements[0].citations == (1,)
    assert citations[0].quote == TEXT[0:30]
    assert (citations[0].page, citations[0].page_label) == (3, "1")


def test_a_number_or_name_that_is_not_in_the_quote_drops_the_statement():
    assert check(Draft("Veldrijk bouwt 2.500 woningen.", (("d", 0, 30),))) == ((), ())
    assert check(Draft("Het is wethouder Bakker die blij is.", (("d", 61, 100),))) == ((), ())


def test_what_the_quote_does_not_say_drops_the_statement():
    assert check(Draft("Veldrijk bouwt geen 2.150 woningen.", (("d", 0, 30),))) == ((), ())
    assert check(Draft("Veldrijk bouwt 2.150 scholen.", (("d", 0, 30),))) == ((), ())
    assert check(Draft("De raad is blij met het besluit.", (("d", 61, len(TEXT)),))) == ((), ())


def test_a_statement_in_other_order_holds_and_so_does_a_frame_that_names_the_document():
    statements, _ = check(
        Draft("In maart besloot de raad dat.", (("d", 31, 60),)),
        Draft("Titel: “Veldrijk bouwt 2.150 woningen.”", (("d", 0, 30),)),
    )
    assert len(statements) == 2


def test_a_quote_outside_the_text_or_the_passages_drops_the_statement():
    assert check(Draft("“x”", (("d", 90, 500),))) == ((), ())
    assert check(Draft("“x”", (("d", 5, 5),))) == ((), ())
    assert check(Draft("“Veldrijk bouwt 2.150 woningen.”", (("ander", 0, 30),))) == ((), ())
    assert check(Draft("Veldrijk bouwt.", ())) == ((), ())


def test_a_quote_over_two_pages_becomes_a_citation_a_page():
    statements, citations = check(Draft(f"“{TEXT[31:]}”", (("d", 31, len(TEXT)),)))
    assert statements[0].citations == (1, 2)
    assert [c.page for c in citations] == [3, 4]
    assert citations[0].quote == "De raad besloot dat in maart."


def test_the_same_quote_has_one_number():
    draft = Draft("“Veldrijk bouwt 2.150 woningen.”", (("d", 0, 30),))
    statements, citations = check(draft, draft)
    assert [s.citations for s in statements] == [(1,), (1,)]
    assert len(citations) == 1


@given(st.integers(-10, 120), st.integers(-10, 120), st.text())
def test_whatever_is_proposed_only_true_quotes_come_out(start, end, said):
    statements, citations = check(Draft(said, (("d", start, end),)))
    assert all(statement.citations for statement in statements)
    for citation in citations:
        assert citation.quote == TEXT[citation.start : citation.end]
        assert page_at(CANONICAL, citation.start) == citation.page == page_at(CANONICAL, citation.end - 1)


@given(st.integers(0, 100), st.integers(0, 100))
def test_pieces_keep_all_but_white_space(start, end):
    pieces = pieces_in_place(CANONICAL, start, end)
    joined = "".join(TEXT[a:b] for a, b in pieces)
    assert joined.replace(" ", "") == TEXT[start:end].replace(" ", "")


def test_a_quote_around_a_footnote_becomes_two_citations_that_each_stand_in_one_piece():
    blocks = (BlockSpan("paragraph", 0, 0, len(TEXT), joints=(43,)),)
    broken = CanonicalText(TEXT, blocks)
    verified = Verifier([HIT], lambda doc_id: broken).check(Draft(f"“{TEXT[31:60]}”", (("d", 31, 60),)))
    assert verified is not None
    assert [one.quote for one in verified.citations] == [TEXT[31:43].strip(), TEXT[43:60].strip()]
    assert verified.statement.citations == (1, 2)
