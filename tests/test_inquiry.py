"""One question put to a library: what is considered, what is about nothing in it, and what a caller may not know of."""

import gc
import weakref

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.inquiry import Inquiry
from assistant.rerank import embedded_reranker
from assistant.types import Query, Reason, Status, Turn
from ingest.library import LiveLibrary
from ingest.publish import publish
from ingest.thesaurus import load_thesaurus
from tests.corpus import write_corpus

CLOSED = """# Memo sluiting zwembad Elzen

Het college overweegt het zwembad in Elzen te sluiten. De raad weet dat nog niet.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory, encoder):
    folder = tmp_path_factory.mktemp("navraag")
    write_corpus(folder / "bronnen")
    (folder / "bronnen" / "memo.md").write_text(CLOSED, encoding="utf-8")
    with (folder / "bronnen" / "bronnen.toml").open("a", encoding="utf-8") as metadata:
        metadata.write('\n["memo.md"]\naccess = ["college"]\n')
    publish([folder / "bronnen"], folder / "data", encoder)
    opened = LiveLibrary(folder / "data", encoder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def assistant(library, encoder):
    return Assistant(library, encoder)


def inquiry(library, encoder):
    return Inquiry(library, encoder, embedded_reranker(), load_thesaurus())


@pytest.mark.parametrize(
    "text", ["???", "…", "Wie?", "Waarom?", "de het een", "the of and", "Wat is een flapdoedel?", "x" * 1999]
)
def test_what_is_about_nothing_in_the_library_is_not_answered(assistant, text):
    answer = assistant.ask(Query(text))
    assert answer.status is Status.NOT_FOUND
    assert (answer.statements, answer.confidence) == ((), 0.0)


def test_a_word_with_a_typing_error_is_still_understood(assistant):
    assert "september 2025" in assistant.ask(Query("Wanneer beginnen de gezinscoahces?")).text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="qxzjy?! .", min_size=1, max_size=40).filter(str.strip))
def test_gibberish_gets_no_answer(assistant, text):
    assert assistant.ask(Query(text)).status is Status.NOT_FOUND


def test_what_is_considered_for_any_part_can_be_cited(library, encoder):
    parts = (
        "Hoeveel woningen bouwt Veldrijk",
        "wie is de burgemeester van Veldrijk",
        "wanneer beginnen de gezinscoaches",
        "waarom stijgen de uitgaven aan jeugdhulp",
        "welke hogeschool doet de evaluatie",
    )
    with library.lease() as opened:
        finding = inquiry(opened, encoder).find(" en ".join(parts) + "?", 1)
    assert len(finding.parts) == len(parts)
    readable = {hit.passage.passage_id for hit in finding.passages[: finding.read]}
    considered = {one.sentence.hit.passage.passage_id for part in finding.parts for one in part.sentences}
    assert considered <= readable


def test_nobody_learns_of_a_document_that_he_may_not_see(assistant):
    question = "Hoeveel woningen noemt de memo over de sluiting van het zwembad in Elzen?"
    stranger = assistant.ask(Query(question))
    insider = assistant.ask(Query(question, groups=frozenset({"college"})))
    assert any(hit.document.source == "memo.md" for hit in insider.passages)
    assert all(hit.document.source != "memo.md" for hit in stranger.passages)
    assert all(one.reason is not Reason.OTHER_DOCUMENT for one in stranger.suggestions)
    assert "memo" not in " ".join(stranger.questions).lower()


def test_a_question_points_only_at_documents_that_can_be_seen(library, encoder):
    with library.lease() as opened:
        seen = {key: one for key, one in opened.documents.items() if not one.access}
        text = "Wat staat er in de memo sluiting zwembad Elzen?"
        everyone = Inquiry(
            opened, encoder, embedded_reranker(), load_thesaurus(), documents=seen, doc_ids=list(seen)
        ).find(text, 5)
        insider = inquiry(opened, encoder).find(text, 5)
    assert not insider.question.documents <= seen.keys()
    assert everyone.question.documents <= seen.keys()


def test_texts_are_let_go_of_with_the_question(library, encoder):
    gc.collect()
    gc.disable()
    try:
        with library.lease() as opened:
            asked = inquiry(opened, encoder)
            asked.find("Hoeveel woningen bouwt Veldrijk?", 5)
            gone = weakref.ref(asked)
            del asked
        assert gone() is None
    finally:
        gc.enable()


def test_what_gets_a_fixed_reply_is_not_rewritten(library, encoder):
    class Refusing:
        def rewrite(self, question, history):
            raise AssertionError(question)

    history = (Turn("Hoeveel woningen bouwt Veldrijk?", "2.150"),)
    asked = Assistant(library, encoder, rewriter=Refusing())
    for text in ("Wat vind jij daarvan?", "Bedankt, hoor"):
        assert asked.ask(Query(text, history=history)).reply is not None
