"""One question put to the real assistant: what is kept of what it found and answered, held against what it should."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.llm.language_model import open_model
from assistant.messages import message_text
from assistant.types import Citation, Query, Statement
from eval.examine import RETRIEVED, Subject, _is_exact, _said, examine
from eval.llm_judge import Judge
from eval.measures import BY_NAME
from eval.records import Judged
from eval.tamper import Tampering
from eval.topics import Evidence, Topic
from ingest.encode import load_encoder
from ingest.library import Library, LiveLibrary
from ingest.publish import publish
from ingest.types import BlockSpan, CanonicalText, Document, Passage
from tests.corpus import METADATA, write_corpus
from tests.openai_server import serving

HOUSES = Topic(
    "v1", "Hoeveel woningen bouwt Veldrijk tot 2030?", "fact", True,
    (
        Evidence("map/woonvisie.pdf", "Tot 2030 bouwt Veldrijk 2.150 woningen."),
        Evidence("woonvisie.md", "Wethouder Karin Hulst noemt betaalbaarheid het belangrijkste doel."),
        Evidence("jeugdhulp.md", "De gezinscoaches beginnen op 1 september 2025."),
    ),
    False, (("2.150", "2150"),),
)  # fmt: skip
ALL = frozenset({"directie"})
NOWHERE = Topic("v2", "Hoeveel woningen bouwt Veldrijk in 2041?", "unanswerable", False, (), False)
ENGLISH = Topic(
    "v3", "How many houses does Veldrijk build until 2030?", "english", True,
    (Evidence("woonvisie.md", "Tot 2030 bouwt Veldrijk 2.150 woningen."),), True, (("2.150",),),
)  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bron")
    corpus = write_corpus(folder / "bronnen")
    (corpus / "besluit.md").write_text(
        "# Besluit directie\n\nDe directie koopt een pand aan de Kastanjelaan voor 800.000 euro.\n", encoding="utf-8"
    )
    (corpus / "bronnen.toml").write_text(METADATA + '\n["besluit.md"]\naccess = ["directie"]\n', encoding="utf-8")
    publish([corpus], folder / "data", load_encoder(None))
    return folder / "data"


@pytest.fixture(scope="module")
def subject(data):
    encoder = load_encoder(None)
    library = LiveLibrary(data, encoder)
    opened = Subject(library, Assistant(library, encoder), Assistant(library, encoder, generator=Tampering()))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def houses(subject):
    return examine(HOUSES, subject)


# What is asked and found


def test_what_is_asked_is_kept_whole(houses):
    asked = houses.asked
    assert (asked.topic_id, asked.question, asked.kind) == ("v1", HOUSES.question, "fact")
    assert (asked.answerable, asked.needs_all, asked.facts) == (True, False, HOUSES.facts)
    assert [(one.source, one.quote) for one in asked.evidence] == [(one.source, one.quote) for one in HOUSES.evidence]
    assert asked.documents == ("woonvisie", "jeugdhulp")
    assert asked.language == "nl"


def test_passages_are_kept_in_order_with_the_evidence_that_they_hold(houses, subject):
    hits = subject.assistant.search(Query(HOUSES.question, top_k=RETRIEVED, groups=ALL))
    assert [one.passage_id for one in houses.found] == [hit.passage.passage_id for hit in hits]
    assert [one.words for one in houses.found] == [len(hit.passage.text.split()) for hit in hits]
    holding = {piece: [one.source for one in houses.found if piece in one.evidence] for piece in range(3)}
    assert holding == {0: ["woonvisie.md"], 1: ["woonvisie.md"], 2: ["brieven/jeugdhulp.md"]}
    assert houses.found[0].evidence == (0, 1)
    assert {one.page for one in houses.found} == {None}


def test_the_time_of_the_search_and_of_the_answer_are_kept(houses):
    assert houses.ask_ms > 0
    assert houses.search_ms > 0


# What is answered


def test_the_answer_is_kept_as_it_was_given(houses, subject):
    given, answer = houses.given, subject.assistant.ask(Query(HOUSES.question, groups=ALL))
    assert (given.status, given.text, given.generator) == ("answered", answer.text, "extractive")
    assert (given.confidence, given.level) == (answer.confidence, answer.level.value)
    assert given.message == message_text(answer)
    assert [one.text for one in given.statements] == [one.text for one in answer.statements]
    assert [(one.number, one.quote, one.start) for one in given.citations] == [
        (one.number, one.quote, one.start) for one in answer.citations
    ]
    assert (given.fell_back, given.prompt_tokens, given.completion_tokens) == (None, 0, 0)


def test_of_a_citation_it_is_kept_whether_it_is_exact_and_what_it_holds(houses):
    first = houses.given.citations[0]
    assert (first.quote, first.source) == ("Tot 2030 bouwt Veldrijk 2.150 woningen.", "woonvisie.md")
    assert (first.title, first.section[0]) == ("Woonvisie Veldrijk 2030", "Woonvisie Veldrijk 2030")
    assert all(one.exact for one in houses.given.citations)
    assert first.evidence == (0,)
    assert set(first.near) == {0, 1}, "the passage around it holds another piece"


def test_a_verbatim_statement_is_supported_by_a_citation_that_it_needs(houses):
    for one in houses.given.statements:
        assert one.supported
        assert one.needed == one.citations


def test_an_answered_question_is_asked_of_the_liar_too(houses):
    assert houses.tampered.proposed > 0
    assert houses.tampered.shown == ()


def test_the_measures_of_a_good_answer_are_good(houses):
    best = ("facts", "all_facts", "evidence", "quotes_exact", "citation_recall", "citation_precision", "language")
    assert {name: BY_NAME[name].of(houses) for name in best} == dict.fromkeys(best, 1.0)
    assert BY_NAME["R@1"].of(houses) == 1


def test_what_is_not_found_is_kept_with_what_was_said(subject):
    made = examine(NOWHERE, subject)
    assert made.given is not None
    assert made.given.refused
    assert (made.given.text, made.given.statements, made.given.citations, made.tampered) == ("", (), (), None)
    assert made.given.message
    assert made.found
    assert BY_NAME["refusal_recall"].of(made) == 1


def test_a_question_in_english_is_to_be_answered_in_english(subject):
    made = examine(ENGLISH, subject)
    assert made.asked.language == "en"
    assert made.given is not None
    assert made.given.language == "en"
    assert BY_NAME["language"].of(made) == 1


def test_documents_of_every_group_are_asked(subject):
    quote = "De directie koopt een pand aan de Kastanjelaan voor 800.000 euro."
    asked = Topic("v4", "Waar koopt de directie een pand?", "fact", True, (Evidence("besluit.md", quote),), True)
    made = examine(asked, subject)
    assert BY_NAME["R@1"].of(made) == 1
    assert BY_NAME["evidence"].of(made) == 1
    assert made.tampered is not None
    assert made.tampered.proposed > 0


def test_the_same_question_again_gives_the_same(subject, houses):
    again = examine(HOUSES, subject).model_copy(update={"ask_ms": houses.ask_ms, "search_ms": houses.search_ms})
    assert again == houses


# What goes wrong


@pytest.mark.parametrize("question", ["?" * 2_001, " "])
def test_a_question_that_cannot_be_asked_failed(subject, question):
    made = examine(replace(HOUSES, question=question), subject)
    assert made.failed is not None
    assert made.failed.startswith("BadQuery")
    assert (made.found, made.given, made.tampered, made.ask_ms, made.search_ms) == ((), None, None, None, None)


def test_without_a_library_every_question_failed(tmp_path):
    encoder = load_encoder(None)
    library = LiveLibrary(tmp_path, encoder)
    made = examine(HOUSES, Subject(library, Assistant(library, encoder), Assistant(library, encoder)))
    assert made.failed is not None
    assert made.failed.startswith("NoLibrary")


# The opinion of a language model


def test_only_an_answer_gets_an_opinion(subject):
    with serving("vloeiend: 4\nvolledig: 2") as (url, script):
        model = open_model("openai", url=url, model="m", key=None, seconds=20.0, tokens=50, context_words=500)
        judging = replace(subject, judge=Judge(model))
        assert examine(HOUSES, judging).judged == Judged(fluency=4, completeness=2)
        assert examine(NOWHERE, judging).judged is None
        assert script.asked
    assert examine(HOUSES, subject).judged is None


# Exact quotes, worked out by hand

TEXT = "Veldrijk bouwt 2.150 woningen. De raad besloot dat in maart. Wethouder Hulst is blij met het besluit."
CANONICAL = CanonicalText(TEXT, (BlockSpan("paragraph", 0, 0, len(TEXT)),), ((0, 3), (61, 4)))
DOCUMENT = Document("d", "d.pdf", "Titel", "application/pdf", "h", pages=5)
PASSAGE = Passage("p", "d", 0, TEXT, (), 0, len(TEXT), 3, 4)


class OneText(Library):
    """A library of one text."""

    def __init__(self):
        pass

    def canonical(self, doc_id):
        return CANONICAL if doc_id == "d" else None


def citation(start, end, *, number=1, quote=None, page=3, document=DOCUMENT):
    return Citation(number, PASSAGE, document, TEXT[start:end] if quote is None else quote, start, end, page)


@pytest.mark.parametrize(
    ("cited", "exact"),
    [
        (citation(0, 30), True),
        (citation(61, len(TEXT), page=4), True),
        (citation(0, 30, page=4), False),
        (citation(0, 30, page=None), False),
        (citation(31, 80), False),  # it runs on to the next page
        (citation(0, 30, quote="Veldrijk bouwt 2.160 woningen."), False),
        (citation(0, 30, quote="veldrijk bouwt 2.150 woningen."), False),
        (citation(1, 30, quote=TEXT[0:30]), False),
        (citation(5, 5), False),
        (citation(90, 500), False),
        (citation(0, 30, document=replace(DOCUMENT, doc_id="weg")), False),
    ],
)
def test_a_quote_is_exact_at_its_place_on_its_page(cited, exact):
    assert _is_exact(cited, OneText()) is exact


@given(st.integers(0, 110), st.integers(0, 110), st.integers(1, 5), st.text("Vw. 2", max_size=3))
def test_no_other_quote_is_exact(start, end, page, added):
    cited = citation(start, end, page=page)
    if _is_exact(replace(cited, quote=cited.quote + added), OneText()):
        assert not added
        assert page == (3 if end <= 61 else 4)


# Support


@pytest.mark.parametrize(
    ("text", "spans", "supported", "needed"),
    [
        ("“Veldrijk bouwt 2.150 woningen.”", [(0, 30)], True, (1,)),
        ("“Veldrijk bouwt 2.150 woningen.”", [(0, 30), (31, 60)], True, (1,)),
        ("“Veldrijk bouwt 2.150 woningen.”", [(0, 30), (0, 60)], True, (1, 2)),  # each of them is enough
        ("“Veldrijk bouwt 2.150 woningen.” “De raad besloot dat in maart.”", [(0, 30), (31, 60)], True, (1, 2)),
        ("“Veldrijk bouwt 2.160 woningen.”", [(0, 30)], False, ()),
        ("“Veldrijk bouwt 2.150 woningen.”", [(31, 60)], False, ()),
        ("“Veldrijk bouwt 2.150 woningen.”", [], False, ()),
    ],
)
def test_citations_are_needed_that_carry_a_statement_or_without_which_it_falls(text, spans, supported, needed):
    cited = [citation(*span, number=number) for number, span in enumerate(spans, 1)]
    said = _said(Statement(text, tuple(one.number for one in cited)), cited)
    assert (said.supported, said.needed) == (supported, needed)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_whatever_is_asked_something_comes_of_it(subject, question):
    made = examine(replace(HOUSES, question=question), subject)
    assert (made.given is None) == (made.failed is not None)
    assert made.tampered is None or made.tampered.shown == ()
    assert made.given is None or all(one.exact for one in made.given.citations)


def test_lies_are_put_to_the_verifier_only_where_that_is_asked_for(subject):
    assert examine(HOUSES, subject).tampered is not None
    assert examine(HOUSES, subject, tamper=False).tampered is None
