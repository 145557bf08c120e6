"""The evidence of questions held against the documents of a library."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.check_evidence import COMMON, HINTS, MOST_UNKNOWN, Unheld, unheld
from eval.evidence import holds
from eval.words import normalise
from ingest.library import Library
from ingest.publish import publish
from tests.corpus import DOCUMENTS, write_corpus
from tests.topic_samples import an_answer, no_answer

COUNCIL = "De gemeenteraad stelde de visie vast op 14 maart 2024."
COACHES = "De gezinscoaches beginnen op 1 september 2025."


@pytest.fixture(scope="module")
def library(tmp_path_factory, encoder):
    """The tiny corpus, with a document that says one thing often and two documents of one name."""
    data, folder = tmp_path_factory.mktemp("data"), write_corpus(tmp_path_factory.mktemp("bronnen"))
    (folder / "spreekuur.md").write_text(
        "# Spreekuren\n\nHet spreekuur is gratis. In Elzen is er ook een inloop.\n\n## Noord\n\n"
        "Het spreekuur is gratis. Kom op tijd.\n\n## Zuid\n\nHet spreekuur is gratis. Bel eerst.\n",
        encoding="utf-8",
    )
    for name in ("noord/wijkplan.md", "zuid/wijkplan.txt"):
        (folder / name).parent.mkdir()
        (folder / name).write_text(f"Wijkplan\n\nDit is het plan voor de wijk in {name[:5]} van de stad.\n", "utf-8")
    publish([folder], data, encoder)
    opened = Library.open(data, encoder)
    yield opened
    opened.close()


def found(library, *pairs):
    problems = unheld([an_answer("v1", evidence=pairs)], library)
    assert all((one.line, one.topic_id) == (0, "v1") for one in problems)
    return [(one.what, one.detail) for one in problems]


@pytest.mark.parametrize(
    ("source", "quote"),
    [
        ("woonvisie.md", COUNCIL),
        ("elders/woonvisie.pdf", COUNCIL),
        ("brieven\\jeugdhulp.md", COACHES),
        ("jeugdhulp", COACHES.upper().replace(" ", "\n")),
        ("woonvisie.md", "2.150 woningen"),
        ("spreekuur.md", "Het spreekuur is gratis. Kom op tijd."),
    ],
)
def test_evidence_that_is_there_is_no_problem(library, source, quote):
    assert found(library, (source, quote)) == []


def test_a_question_without_answer_has_no_evidence_to_look_for(library):
    assert unheld([no_answer()], library) == []


@pytest.mark.parametrize(
    ("source", "nearest"),
    [
        ("woonvisies.md", ("woonvisie.md",)),
        ("Woonvisie.md", ("woonvisie.md",)),
        ("jeugd-hulp.docx", ("brieven/jeugdhulp.md",)),
        ("wijkplannen", ("noord/wijkplan.md", "zuid/wijkplan.txt")),
        ("qqq.pdf", ()),
    ],
)
def test_of_an_unknown_document_the_nearest_are_named(library, source, nearest):
    [problem] = unheld([an_answer(evidence=[(source, COUNCIL)])], library)
    assert (problem.what, problem.detail, problem.others) == ("unknown_document", source, nearest)


def test_of_very_many_unknown_documents_the_nearest_are_not_looked_up(library):
    topics = [an_answer(f"v{n}", evidence=[(f"woonvisie{n % (MOST_UNKNOWN + 5)}.md", COUNCIL)]) for n in range(100)]
    named = {problem.detail for problem in unheld(topics, library) if problem.others}
    assert named == {f"woonvisie{n}.md" for n in range(MOST_UNKNOWN)}


def test_a_name_that_two_documents_have_is_a_problem(library):
    quote = "Dit is het plan voor de wijk in noord van de stad."
    [problem] = unheld([an_answer(evidence=[("noord/wijkplan.md", quote)])], library)
    assert problem.what == "ambiguous_document"
    assert problem.others == ("noord/wijkplan.md", "zuid/wijkplan.txt")
    problems = found(library, ("wijkplan.md", "Dit staat er niet."))
    assert problems == [("ambiguous_document", "wijkplan.md"), ("unheld_quote", "wijkplan.md")]


@pytest.mark.parametrize(
    ("source", "quote", "what"),
    [
        ("woonvisie.md", COACHES, "unheld_quote"),
        ("woonvisie.md", "De gemeenteraad stelde de begroting vast in het voorjaar.", "unheld_quote"),
        ("woonvisie.md", "De gemeenteraad stelde de visie vast op 14 april 2025.", "partly_held"),
        ("spreekuur.md", "Het spreekuur is gratis.", "common_quote"),
        ("spreekuur.md", "is", "common_quote"),
    ],
)
def test_a_quote_must_be_in_the_document_and_tell_a_place(library, source, quote, what):
    assert found(library, (source, quote)) == [(what, source)]
    assert (what in HINTS) is (what != "unheld_quote")


def test_part_of_a_word_is_no_place_of_its_own(library):
    # "is" stands in three sentences; "spreekuu" only within words.
    assert found(library, ("spreekuur.md", "spreekuu")) == []


def test_problems_come_in_the_order_of_the_questions(library):
    topics = [
        an_answer("v1", evidence=[("qqq.md", "Een."), ("woonvisie.md", COUNCIL), ("woonvisie.md", COACHES)]),
        an_answer("v2", evidence=[("woonvisie.md", COUNCIL)]),
        an_answer("v3", evidence=[("jeugdhulp.md", COUNCIL)]),
    ]
    assert unheld(topics, library) == [
        Unheld(0, "unknown_document", "qqq.md", "v1", "Een."),
        Unheld(0, "unheld_quote", "woonvisie.md", "v1", COACHES),
        Unheld(0, "unheld_quote", "jeugdhulp.md", "v3", COUNCIL),
    ]


WORDS = " ".join(DOCUMENTS["woonvisie.md"].split()[:120]).split()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(WORDS) | st.sampled_from(["zwembad", "\u00ad", "…"]), min_size=1, max_size=8))
def test_a_quote_is_held_by_the_rule_that_passages_are_held_to(library, words):
    quote = " ".join(words)
    [document] = [doc_id for doc_id, one in library.documents.items() if one.source == "woonvisie.md"]
    text = normalise(library.canonical(document).text)
    whats = {what for what, _ in found(library, ("woonvisie.md", quote))}
    assert ("unheld_quote" in whats) is not holds(text, normalise(quote))
    assert ("partly_held" in whats) is (holds(text, normalise(quote)) and normalise(quote) not in text)
    if "common_quote" in whats:
        assert text.count(normalise(quote)) >= COMMON
