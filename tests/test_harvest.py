import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.record import to_json
from assistant.types import Answer, Citation, Generation, Level, Query, Reply, Statement, Status
from eval.errors import HarvestError, Problem, TopicsError
from eval.harvest import Candidate, candidate_rows, candidates, candidates_text, read_exchanges
from eval.topics import Evidence, Topic, read_topics
from ingest.types import Document, Passage

QUOTE = "Veldrijk bouwt 2.150 woningen."
EVIDENCE = Evidence("visie.md", QUOTE)
PASSAGE = Passage("p", "d", 0, QUOTE, ("Opgave",), 0, len(QUOTE))
CITATION = Citation(1, PASSAGE, Document("d", "visie.md", "Visie", "text/markdown", "hash"), QUOTE, 0, len(QUOTE))
ANSWER = Answer(
    "a1", Query("En hoeveel huurhuizen?"), "Hoeveel huurhuizen bouwt Veldrijk?", Status.ANSWERED,
    (Statement(f"“{QUOTE}”", (1,)),), (CITATION,), (), (), 0.9, Level.HIGH, Generation("extractive"), "v1", 12.5,
)  # fmt: skip
DOWN = [{"helpful": False}]


def wire(question="Hoeveel woningen bouwt Veldrijk?", status="answered", *, cited=1, **more):
    """An answer as the command line gives it, in short."""
    citations = [{"number": n, "source": "visie.md", "quote": QUOTE, "page": None} for n in range(1, cited + 1)]
    return {"question": question, "status": status, "text": "tekst", "tookMs": 3, "citations": citations, **more}


def exchange(answer=None, feedback=(), **more):
    return {"answer": wire() if answer is None else answer, "feedback": list(feedback), **more}


@pytest.fixture
def read(tmp_path):
    def written(*rows):
        path = tmp_path / "antwoorden.jsonl"
        path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows), encoding="utf-8")
        return read_exchanges(path)

    return written


@pytest.fixture
def harvest(read):
    return lambda *rows, known=(): candidates(read(*rows).exchanges, known)


# Reading


def test_an_exchange_keeps_the_question_what_was_cited_and_the_feedback(read):
    feedback = [{"helpful": True, "reason": None}, {"helpful": False, "comment": "Oud.", "citationNumber": 1}]
    [found] = read(exchange(feedback=feedback, askedAt="2026-03-01T23:30:00Z", conversationId="c")).exchanges
    assert (found.question, found.status) == ("Hoeveel woningen bouwt Veldrijk?", "answered")
    assert found.cited == ((1, EVIDENCE),)
    assert [(one.helpful, one.comment, one.citation) for one in found.feedback] == [
        (True, "", None),
        (False, "Oud.", 1),
    ]
    assert found.asked == date(2026, 3, 1)
    assert "tekst" not in repr(found)


@pytest.mark.parametrize("form", ["bare answer", "bare record", "answer", "record"])
def test_an_answer_is_read_in_each_of_its_forms(read, form):
    """The question of a follow-up is the one that was made of it."""
    answer = {**wire("En hoeveel huurhuizen?"), "standaloneQuestion": "Hoeveel huurhuizen bouwt Veldrijk?"}
    row = answer if "answer" in form else json.loads(to_json(ANSWER))
    [found] = read(row if "bare" in form else {"answer": row}).exchanges
    assert found.question == "Hoeveel huurhuizen bouwt Veldrijk?"
    assert (found.status, found.fixed, found.english) == ("answered", False, False)
    assert found.cited == ((1, EVIDENCE),)
    assert found.feedback == ()


def test_a_fixed_reply_and_the_language_are_read_in_both_forms(read):
    record = json.loads(to_json(replace(ANSWER, reply=Reply.TASK, language="en")))
    found = read(record, wire(reply="task", language="en")).exchanges
    assert [(one.fixed, one.english) for one in found] == [(True, True)] * 2


@pytest.mark.parametrize(
    ("row", "what", "detail"),
    [
        ("{", "syntax", None),
        ("[1]", "no_object", ""),
        ({}, "missing", "question"),
        ({"answer": {"question": "Wat?"}}, "missing", "answer.status"),
        (exchange(wire(status="misschien")), "type", "answer.status"),
        (exchange(wire(question=3)), "type", "answer.question"),
        (exchange(wire("Wat \ud800?")), "type", "answer.question"),
        (exchange({**wire(), "citations": [{"number": 1, "source": "a.md"}]}), "missing", "answer.citations.0.quote"),
        (wire(citations="geen"), "type", "citations"),
        (exchange("antwoord"), "type", "answer"),
        (exchange(feedback=[{"reason": "fout"}]), "missing", "feedback.0.helpful"),
        (exchange(feedback=[{"helpful": "nee"}]), "type", "feedback.0.helpful"),
        (exchange(askedAt="gisteren"), "type", "askedAt"),
        (json.loads(to_json(ANSWER)) | {"version": 99}, "record", "version 99"),
        ({"answer": json.loads(to_json(ANSWER)) | {"meer": 1}}, "record", "content record"),
        ({"answer": {}, "format": "anders"}, "missing", "question"),
    ],
)
def test_a_bad_line_is_named_and_does_not_stop_the_others(read, row, what, detail):
    reading = read(wire(), "", row, wire())
    assert len(reading.exchanges) == 2
    [problem] = reading.problems
    assert (problem.line, problem.what) == (3, what)
    assert detail is None or problem.detail == detail


def test_a_file_without_a_usable_line_is_refused(tmp_path, read):
    with pytest.raises(HarvestError) as caught:
        read("\n")
    assert (caught.value.source, caught.value.problems) == ("antwoorden.jsonl", (Problem(0, "empty"),))
    with pytest.raises(HarvestError) as caught:
        read("{", {})
    assert [(one.line, one.what) for one in caught.value.problems] == [(1, "syntax"), (2, "missing")]
    path = tmp_path / "latin1.jsonl"
    path.write_bytes("één".encode("latin-1"))
    with pytest.raises(HarvestError) as caught:
        read_exchanges(path)
    assert caught.value.problems == (Problem(0, "encoding"),)
    with pytest.raises(FileNotFoundError):
        read_exchanges(tmp_path / "weg.jsonl")


@settings(max_examples=150)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["answer", "feedback", "question", "status", "format", "askedAt"]), inner),
))  # fmt: skip
def test_any_line_is_an_exchange_or_a_problem(tmp_path_factory, row):
    path = tmp_path_factory.getbasetemp() / "regels.jsonl"
    path.write_text(json.dumps(wire()) + "\n" + json.dumps(row), encoding="utf-8")
    reading = read_exchanges(path)
    assert len(reading.exchanges) + len(reading.problems) == 2


# Which questions


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        (exchange(feedback=DOWN), ["duim omlaag"]),
        (exchange(feedback=[{"helpful": False, "reason": "onvolledig", "comment": " De huur mist. "}]),
         ["duim omlaag: onvolledig; De huur mist."]),
        (exchange(feedback=[{"helpful": False, "citationNumber": 1}]), ["duim omlaag bij bron 1"]),
        (wire(status="not_found"), ["niet gevonden"]),
        (wire(status="partial"), ["deels gevonden"]),
        (exchange(wire(status="not_found"), DOWN), ["niet gevonden", "duim omlaag"]),
        (exchange(wire(status="not_found", reply="task"), DOWN), ["duim omlaag"]),
    ],
)  # fmt: skip
def test_what_was_not_answered_well_is_a_candidate(harvest, row, reasons):
    [found] = harvest(row)
    assert list(found.reasons) == reasons
    assert found.times == 1


@pytest.mark.parametrize(
    "row", [wire(), exchange(feedback=[{"helpful": True}]), wire(status="not_found", reply="greeting"),
            wire("???", "not_found")]
)  # fmt: skip
def test_what_was_answered_well_or_is_no_question_is_no_candidate(harvest, row):
    assert harvest(row) == []


def test_the_same_question_is_one_candidate_and_the_most_asked_comes_first(harvest):
    found = harvest(
        wire("Wie is de griffier?", "not_found"),
        exchange(wire("Wat kost parkeren?", "not_found"), askedAt="2026-03-02"),
        exchange(wire("Hoeveel cafés zijn er?", "not_found")),
        exchange(wire("hoeveel cafes zijn er"), DOWN),
        exchange(wire("Hoeveel cafés zijn er ?"), [{"helpful": True}]),
    )
    assert [(one.question, one.times) for one in found] == [
        ("Hoeveel cafés zijn er?", 3),
        ("Wat kost parkeren?", 1),
        ("Wie is de griffier?", 1),
    ]
    assert found[0].reasons == ("niet gevonden", "duim omlaag")
    assert found[0].cited == (EVIDENCE,)


def test_the_same_quote_is_suggested_once(harvest):
    answer = wire(status="partial", cited=2)
    answer["citations"][1] |= {"source": "map/visie.md", "quote": QUOTE.upper()}
    [found] = harvest(answer)
    assert found.cited == (EVIDENCE,)


def test_what_is_already_a_topic_is_left_out(harvest):
    known = Topic("t1", "Hoeveel woningen bouwt Veldrijk", "fact", True, (EVIDENCE,), False, (("2.150",),))
    rows = (exchange(feedback=DOWN), wire("Wie is de griffier?", "not_found"))
    assert [one.question for one in harvest(*rows, known=[known])] == ["Wie is de griffier?"]


def test_a_citation_that_somebody_found_wrong_is_not_suggested(harvest):
    answer = wire(cited=2)
    answer["citations"][1]["quote"] = "Een ander citaat."
    [found] = harvest(exchange(answer, [{"helpful": False, "citationNumber": 1}]))
    assert found.cited == (Evidence("visie.md", "Een ander citaat."),)


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [("Waarom bouwt Veldrijk?", "nl", "why"), ("Welke wijken krijgen huizen?", "nl", "list"),
     ("Why does Veldrijk build?", "en", "english"), ("Wie betaalt dat?", "nl", "fact")],
)  # fmt: skip
def test_the_kind_is_guessed_by_the_form_and_never_that_there_is_no_answer(harvest, question, language, kind):
    [found] = harvest(wire(question, "not_found", language=language))
    assert found.kind == kind


# Personal data


def test_personal_data_do_not_come_along(harvest):
    rows = [
        exchange(
            wire(
                f"Krijgt mevrouw {name} bijstand?", "not_found", conversationId="geheim-1", text="Antwoord over Bakker"
            ),
            [
                {
                    "helpful": False,
                    "reason": "mail a.b@veldrijk.nl",
                    "comment": "Bel 06-12345678, bsn 111222333",
                    "user": "u7",
                }
            ],
        )
        for name in ("Jansen", "De Wit")
    ]
    [found] = harvest(*rows)
    assert found.question == "Krijgt mevrouw [naam] bijstand?"
    assert found.times == 2
    assert found.reasons == ("niet gevonden", "duim omlaag: mail [e-mail]; Bel [telefoon], bsn [BSN]")
    text = candidates_text([found])
    for secret in ("Jansen", "Wit", "geheim", "Bakker", "veldrijk.nl", "12345678", "111222333", "u7"):
        assert secret not in text


def test_a_known_question_is_known_whoever_it_is_about(harvest):
    known = Topic("t1", "Krijgt mevrouw [naam] bijstand?", "unanswerable", False, (), False)
    assert harvest(wire("Krijgt mevrouw Jansen bijstand?", "not_found"), known=[known]) == []


# The file for a person


CANDIDATE = Candidate("Hoeveel woningen bouwt Veldrijk?", "fact", ("duim omlaag",), 3, (EVIDENCE,))


def checked(tmp_path, rows):
    """What the topics file says of these rows."""
    path = tmp_path / "oogst.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    try:
        return read_topics(path)
    except TopicsError as error:
        return [(one.what, one.detail) for one in error.problems]


def test_a_candidate_is_refused_until_a_person_completed_it(tmp_path):
    [row] = candidate_rows([CANDIDATE])
    assert row["harvest"] == {"times": 3, "reasons": ["duim omlaag"]}
    assert checked(tmp_path, [row]) == [("unknown_field", "harvest"), ("type", "answerable")]
    del row["harvest"]
    assert checked(tmp_path, [row]) == [("type", "answerable")]
    assert checked(tmp_path, [row | {"answerable": True}]) == [("lacking", "facts")]
    [topic] = checked(tmp_path, [row | {"answerable": True, "facts": [["2.150"]]}])
    assert topic.evidence == (EVIDENCE,)
    assert topic.topic_id == row["id"]
    [topic] = checked(tmp_path, [row | {"answerable": False, "kind": "unanswerable", "evidence": []}])
    assert not topic.answerable


def test_the_text_is_a_row_a_line_and_the_same_question_keeps_its_name():
    other = replace(CANDIDATE, question="Wie is de griffier?\nEn waarom?")
    lines = candidates_text([CANDIDATE, other]).splitlines()
    assert [json.loads(line) for line in lines] == candidate_rows([CANDIDATE, other])
    again = replace(CANDIDATE, question="hoeveel woningen bouwt veldrijk", times=8)
    first, second, third = candidate_rows([CANDIDATE, other, again])
    assert first["id"] == third["id"] != second["id"]
    assert candidates_text([]) == ""
