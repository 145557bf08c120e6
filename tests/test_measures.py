"""The measures of answers, worked out by hand; and as a program from outside scores them."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.evidence import held
from eval.measures import BY_NAME, MEASURES, SUITES
from eval.measures.calibration import BINS, expected_error, reliability
from eval.measures.facts import fact_recall, is_right
from eval.records import Cited, Given, Piece, Said
from eval.topics import Evidence
from tests.eval_samples import outcome

SCORE = Path(__file__).parent.parent.parent / "shared" / "eval" / "score.py"
FAILED = outcome(failed="NoLibrary: data")
REFUSED = outcome(refused=True)


def value(name, made):
    return BY_NAME[name].of(made)


def cited(number, *, quote="De raad besluit.", evidence=(), near=(), exact=True, source="afvalplan.md"):
    return Cited(
        number=number, passage_id=f"p{number}", source=source, title="Plan", section=(), page=None, quote=quote,
        start=0, end=len(quote), exact=exact, evidence=evidence, near=near,
    )  # fmt: skip


def said(*citations, supported=True, needed=None):
    return Said(text="De raad besluit.", citations=citations, supported=supported, needed=needed or ())


def answer(statements=(), citations=(), text="De raad besluit. [1]", **more):
    fields = {
        "status": "answered", "message": text, "language": "nl", "confidence": 0.8, "level": "high",
        "generator": "extractive", "fell_back": None, "prompt_tokens": 0, "completion_tokens": 0, **more,
    }  # fmt: skip
    return Given(text=text, statements=tuple(statements), citations=tuple(citations), **fields)


def came(given=None, *, facts=(("x",),), pieces=1, needs_all=False, kind="fact", **more):
    """What came of a question with these facts, and so many pieces of evidence."""
    made = outcome(kind=kind)
    evidence = tuple(Piece(source="afvalplan.md", quote=f"Zin {at}.") for at in range(pieces if kind == "fact" else 0))
    asked = made.asked.model_copy(update={"facts": facts, "evidence": evidence, "needs_all": needs_all})
    return made.model_copy(update={"asked": asked, "given": given, **more})


# All of them


def test_every_measure_is_explained_in_a_suite_of_its_own_name():
    assert len(BY_NAME) == len(MEASURES)
    assert {measure.suite for measure in MEASURES} == set(SUITES)
    assert len({measure.label for measure in MEASURES}) == len(MEASURES)
    for measure in MEASURES:
        assert measure.label.lstrip("“")[:1].isupper()
        assert measure.meaning.endswith(".")


def test_of_a_failed_question_only_what_was_found_and_answered_counts():
    known = {measure.name for measure in MEASURES if measure.of(FAILED) is not None and measure.suite != "retrieval"}
    assert known == {"facts", "all_facts", "evidence", "failed"}
    assert [value(name, FAILED) for name in ("facts", "all_facts", "evidence", "failed")] == [0, 0, 0, 1]
    assert value("failed", outcome()) == 0


# Facts


@pytest.mark.parametrize(
    ("facts", "text", "share"),
    [
        ((("donderdag",),), "Op Donderdag. [1]", 1),
        ((("donderdag",),), "Op vrijdag. [1]", 0),
        ((("80%", "80 procent"),), "Dat is 80 procent. [1]", 1),
        ((("één",), ("Havenkade",), ("Elzen",)), "Een aan de haven-\nkade. [1]", 2 / 3),
        ((("geen",), ("later",)), "", 0),
        ((), "Het staat er. [1]", 1),
    ],
)
def test_facts_are_looked_for_in_the_words_of_the_answer(facts, text, share):
    made = came(answer(text=text), facts=facts)
    assert fact_recall(made) == pytest.approx(share)
    assert is_right(made) == (share == 1)
    assert value("all_facts", made) == float(share == 1)


def test_what_is_refused_says_no_facts_even_where_none_are_asked():
    assert value("facts", came(answer(status="not_found", text=""), facts=())) == 0
    assert value("facts", outcome(kind="unanswerable")) is None
    assert value("all_facts", outcome(kind="unanswerable")) is None
    assert not is_right(outcome(kind="unanswerable"))


# Citations


@pytest.mark.parametrize(
    ("citations", "any_piece", "all_pieces"),
    [
        ([cited(1, evidence=(0,)), cited(2, evidence=(1,))], 1, 2 / 4),
        ([cited(1, evidence=(0,)), cited(2, evidence=(0,))], 1, 1 / 4),
        ([cited(1, near=(0, 1)), cited(2, evidence=(2,), near=(2,))], 1, 3 / 4),
        ([cited(1), cited(2)], 0, 0),
        ([], 0, 0),
    ],
)
def test_cited_evidence_is_what_quotes_and_their_passages_hold(citations, any_piece, all_pieces):
    given = answer([said(1)], citations)
    assert value("evidence", came(given, pieces=4)) == any_piece
    assert value("evidence", came(given, pieces=4, needs_all=True)) == all_pieces


def test_cited_evidence_of_a_refusal_is_none_and_of_an_unanswerable_question_is_not_asked():
    assert value("evidence", REFUSED) == 0
    assert value("evidence", outcome(kind="unanswerable")) is None


def test_the_share_of_citations_that_are_evidence():
    given = answer([said(1)], [cited(1), cited(2, evidence=(0,)), cited(3, near=(0,)), cited(4)])
    assert value("evidence_precision", came(given)) == 2 / 4
    assert value("evidence_precision", REFUSED) is None


def test_citation_recall_and_precision_are_those_of_alce():
    """Three statements, two of which are supported; five citations stand with them, three of which are needed."""
    statements = [said(1, 2, needed=(1,)), said(2, 3, needed=(2, 3)), said(3, supported=False)]
    made = came(answer(statements, [cited(1), cited(2), cited(3)]))
    assert value("citation_recall", made) == pytest.approx(2 / 3)
    assert value("citation_precision", made) == pytest.approx(3 / 5)
    assert value("citation_recall", REFUSED) is None
    assert value("citation_precision", REFUSED) is None


def test_statements_without_citations_have_no_precision():
    made = came(answer([said(supported=False)], []))
    assert (value("citation_recall", made), value("citation_precision", made)) == (0, None)


# Quotes


def test_quotes_are_exact_or_not():
    given = answer([said(1)], [cited(1), cited(2, exact=False), cited(3), cited(4)])
    assert value("quotes_exact", came(given)) == 3 / 4
    assert value("quotes_exact", REFUSED) is None


@pytest.mark.parametrize(
    ("statements", "count"), [([said(1), said(1, 2)], 0), ([said(), said(1)], 1), ([said(3), said(1, 9), said()], 3)]
)
def test_a_statement_whose_citation_is_not_there_has_none(statements, count):
    assert value("uncited", came(answer(statements, [cited(1), cited(2)]))) == count


# Refusals


def test_a_refusal_is_right_where_the_documents_do_not_answer():
    names = ("refusal_recall", "refusal_precision", "refused_answerable")
    wanted = {
        (True, "fact"): (None, 0, 1),
        (False, "fact"): (None, None, 0),
        (True, "unanswerable"): (1, 1, None),
        (False, "unanswerable"): (0, None, None),
    }
    for (refused, kind), expected in wanted.items():
        made = outcome(kind=kind, refused=refused)
        assert tuple(value(name, made) for name in names) == expected
    assert tuple(value(name, FAILED) for name in names) == (None, None, None)


def test_an_answer_in_part_is_no_refusal():
    assert value("refused_answerable", came(answer([said(1)], [cited(1)], status="partial"))) == 0


# Confidence


def test_the_calibration_error_is_the_gap_in_each_bin_weighed_by_its_answers():
    """Three at 0.95 of which one is right: a gap of 1.85; two at 0.15, both wrong: 0.3. Of five answers: 2.15 / 5."""
    sure = np.array([0.95, 0.95, 0.95, 0.15, 0.15])
    right = np.array([1.0, 0.0, 0.0, 0.0, 0.0])
    assert expected_error(sure, right) == pytest.approx(0.43)
    assert expected_error(np.array([0.3, 0.3, 0.3, 0.3]), np.array([1, 0, 0, 0])) == pytest.approx(0.05)


def test_gaps_in_different_bins_do_not_cancel_and_those_in_one_bin_do():
    assert expected_error(np.array([0.05, 0.95]), np.array([1, 0])) == pytest.approx(0.95)
    assert expected_error(np.array([0.5, 0.5]), np.array([1, 0])) == 0


PAIRS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


@settings(deadline=None)
@given(PAIRS)
def test_the_calibration_error_is_the_sum_over_the_bins_that_are_shown(pairs):
    made = [outcome(f"v{at}", confidence=sure, facts_found=right) for at, (sure, right) in enumerate(pairs)]
    bins = reliability(made)
    assert sum(one.count for one in bins) == len(pairs)
    assert [one.low for one in bins] == sorted({one.low for one in bins})
    assert all(one.low - 1e-9 <= one.confidence <= one.high + 1e-9 for one in bins)
    assert len(bins) <= BINS
    columns = np.array([value("ece", one) for one in made]).T
    gaps = sum(one.count * abs(one.right - one.confidence) for one in bins)
    assert expected_error(*columns) == pytest.approx(gaps / len(pairs), abs=1e-9)


@settings(deadline=None)
@given(st.lists(PAIRS.filter(lambda pairs: len(pairs) >= 3).map(lambda pairs: pairs[:3]), min_size=1, max_size=4))
def test_the_calibration_error_of_many_samples_at_once_is_that_of_each(samples):
    sure = np.array([[one for one, _ in pairs] for pairs in samples])
    right = np.array([[float(one) for _, one in pairs] for pairs in samples])
    expected = [expected_error(one, other) for one, other in zip(sure, right, strict=True)]
    assert expected_error(sure, right, axis=-1) == pytest.approx(np.array(expected))


def test_only_answers_have_a_confidence_that_can_be_wrong():
    assert value("ece", REFUSED) is None
    assert value("ece", FAILED) is None
    assert value("ece", outcome(confidence=0.6)) == (0.6, 1.0)
    assert value("ece", outcome(kind="unanswerable", confidence=0.6)) == (0.6, 0.0)
    assert reliability([REFUSED, FAILED]) == []


# Use


def test_what_an_answer_takes_and_how_it_is_given():
    made = came(
        answer(text="Op maandag en dinsdag. [1]", prompt_tokens=700, completion_tokens=45, fell_back="timeout"),
        ask_ms=12.5,
    )
    assert value("words", made) == 5
    assert value("tokens", made) == 745
    assert value("fell_back", made) == 1
    assert value("latency_p50", made) == value("latency_p95", made) == 12.5
    assert value("language", made) == 1
    assert value("language", came(answer(language="en"))) == 0
    assert value("words", REFUSED) == 0


def test_the_wait_is_told_by_the_middle_one_and_by_one_in_twenty():
    waited = np.arange(1.0, 102.0)  # of 101 the 51st and the 96th
    assert BY_NAME["latency_p50"].sum_up(waited, axis=-1) == 51
    assert BY_NAME["latency_p95"].sum_up(waited, axis=-1) == 96


def test_what_a_liar_got_through_is_told_of_what_it_said():
    assert value("tampered_shown", outcome(shown=("Onwaar.", "Ook onwaar."))) == 2 / 8
    assert value("tampered_shown", outcome()) == 0
    assert value("tampered_shown", REFUSED) is None


# As an outsider scores it

WORD = st.sampled_from("raad zwembad wijk dorp 2027 college plan geld huis straat de het een in van".split())
SENTENCE = st.lists(WORD, min_size=1, max_size=8).map(" ".join)
SOURCE = st.sampled_from(["afval.md", "map/wonen.pdf", "zorg.docx"])
SPAN = st.tuples(SOURCE, SENTENCE)


@st.composite
def replies(draw):
    """A question with what answers it, and a reply as the API gives it."""
    answerable = draw(st.booleans())
    passages = draw(st.lists(SPAN, max_size=5))
    numbers = range(1, draw(st.integers(0, 4)) + 1)
    citations = []
    for number in numbers:
        at = draw(st.integers(0, 6))  # a passage that is shown, or one beyond
        source = passages[at][0] if at < len(passages) else draw(SOURCE)
        citations.append({"number": number, "passageId": f"p{at}", "source": source, "quote": draw(SENTENCE)})
    pointing = st.lists(st.sampled_from(numbers), max_size=3) if numbers else st.just([])
    topic = {
        "answerable": answerable,
        "evidence": [{"doc": doc, "quote": quote} for doc, quote in draw(st.lists(SPAN, min_size=1, max_size=4))],
        "all_evidence": draw(st.booleans()),
        "facts": draw(st.lists(st.lists(WORD, min_size=1, max_size=3), max_size=4)) if answerable else [],
    }
    return topic, {
        "status": draw(st.sampled_from(["answered", "partial", "not_found"])),
        "text": draw(SENTENCE | st.just("")),
        "statements": [{"citations": draw(pointing)} for _ in range(draw(st.integers(0, 3)))],
        "citations": citations,
        "passages": [{"passageId": f"p{at}", "source": s, "text": t} for at, (s, t) in enumerate(passages)],
    }


def of_reply(topic, reply):
    """The same question and reply as an outcome."""
    evidence = tuple(Evidence(one["doc"], one["quote"]) for one in topic["evidence"] if topic["answerable"])
    texts = {one["passageId"]: one["text"] for one in reply["passages"]}
    citations = [
        cited(
            one["number"],
            quote=one["quote"],
            source=one["source"],
            evidence=held(evidence, one["source"], one["quote"]),
            near=held(evidence, one["source"], texts.get(one["passageId"], "")),
        )
        for one in reply["citations"]
    ]
    given = answer([said(*one["citations"]) for one in reply["statements"]], citations, reply["text"])
    made = came(
        given.model_copy(update={"status": reply["status"]}),
        facts=tuple(map(tuple, topic["facts"])),
        needs_all=topic["all_evidence"],
        kind="fact" if topic["answerable"] else "unanswerable",
    )
    pieces = tuple(Piece(source=one.source, quote=one.quote) for one in evidence)
    return made.model_copy(update={"asked": made.asked.model_copy(update={"evidence": pieces})})


@pytest.fixture(scope="module")
def score():
    if not SCORE.is_file():
        pytest.skip("needs ../shared/eval/score.py")
    return runpy.run_path(str(SCORE))


@settings(deadline=None)
@given(replies())
def test_an_outside_program_scores_an_answer_alike(score, asked_and_replied):
    topic, reply = asked_and_replied
    expected = score["score_ask"](topic, reply, {})
    made = of_reply(topic, reply)
    refusal = "refused_answerable" if topic["answerable"] else "refusal_recall"
    found = {name: value(name, made) for name in ("words", "uncited", "facts", "evidence")}
    assert {**found, "refused": value(refusal, made)} == pytest.approx({"facts": None, "evidence": None, **expected})
