"""An evaluation from questions to verdict, on the real corpus."""

import json
from functools import partial

import pytest

from eval.errors import BaselineError, GatesError, TopicsError
from eval.evaluate import Files, check_topics, decide, evaluate_files
from eval.examine import Subject
from eval.gates import Gate
from eval.measures import MEASURES
from eval.records import read_evaluation
from eval.topics import Evidence, Topic, topics_text
from ingest.encode import load_encoder
from ingest.library import Library
from ingest.publish import publish
from tests.corpus import write_corpus
from tests.eval_samples import evaluation, outcome
from tests.test_eval_run import open_subject

TOPICS = [
    Topic(
        "v1", "Hoeveel inwoners telt Veldrijk?", "fact", True,
        (Evidence("woonvisie.md", "Veldrijk telt 38.400 inwoners en groeit."),), False, (("38.400",),),
    ),
    Topic(
        "v2", "Wie beslist over het dorpsbudget?", "fact", True,
        (Evidence("interview.md", "Over dat budget beslist een dorpsraad"),), False, (("dorpsraad",),),
    ),
    Topic("v3", "Hoeveel woningen bouwt Veldrijk in 2041?", "unanswerable", False, (), False),
]  # fmt: skip
GATES = "[at_least]\nfacts = {}\n[at_most]\ntampered_shown = 0\n[baseline]\nnot_worse = ['facts']\n"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bron")
    publish([write_corpus(folder / "bronnen")], folder / "data", load_encoder(None))
    return folder / "data"


@pytest.fixture(scope="module")
def library(published):
    opened = Library.open(published, load_encoder(None))
    yield opened
    opened.close()


@pytest.fixture
def verdict_on(published, library, tmp_path):
    """Gives the verdict on these questions; what is given by name is the text of a file."""

    def verdict(topics, *, report=None, history=None, **texts):
        files = {"topics": topics_text(topics), **texts}
        paths = {name: tmp_path / f"{name}.{'toml' if name == 'gates' else 'jsonl'}" for name in files}
        for name, text in files.items():
            paths[name].write_text(text, encoding="utf-8")
        return evaluate_files(
            Files(**paths, report=report, history=history), library, partial(open_subject, published),
            data=published, settings={}, workers=1, judged=False, progress=lambda done, total: None,
        )  # fmt: skip

    return verdict


def stable(found):
    """The measures that are the same every time."""
    return {measure.name: found.summary.all.get(measure.name) for measure in MEASURES if measure.stable}


def test_questions_get_a_verdict_and_leave_no_journal(verdict_on, published):
    verdict = verdict_on(TOPICS, gates=GATES.format("1.0"))
    assert verdict.passed
    assert [one.passed for one in verdict.checked] == [True, True, None]
    assert (verdict.comparison, verdict.history, verdict.evaluation.warnings) == (None, (), ())
    assert [one.asked.topic_id for one in verdict.evaluation.outcomes] == ["v1", "v2", "v3"]
    assert list((published / "evaluatie").iterdir()) == []


def test_the_report_of_a_run_is_the_baseline_of_the_next(verdict_on, tmp_path):
    first = verdict_on(TOPICS, report=tmp_path / "rapport", history=tmp_path / "verloop.jsonl")
    text = (tmp_path / "rapport" / "evaluatie.json").read_text(encoding="utf-8")
    assert json.loads(text)["summary"]["all"]["facts"]["value"] == 1
    assert read_evaluation(tmp_path / "rapport" / "evaluatie.json") == first.evaluation
    second = verdict_on(TOPICS, baseline=text, gates=GATES.format("1.0"), history=tmp_path / "verloop.jsonl")
    assert second.passed
    assert second.comparison is not None
    assert second.comparison.questions == ()
    assert stable(second.evaluation) == stable(first.evaluation)
    assert {one.values["facts"] for one in second.history} == {1.0}


def test_a_gate_that_is_not_reached_fails(verdict_on):
    wrong = [*TOPICS, Topic("v4", TOPICS[0].question, "fact", True, TOPICS[0].evidence, False, (("12.000",),))]
    verdict = verdict_on(wrong, gates=GATES.format("0.9"))
    assert not verdict.passed
    assert next((one.gate.measure, one.passed) for one in verdict.checked) == ("facts", False)


def test_a_question_that_failed_fails_whatever_the_gates_say():
    assert decide(evaluation([outcome()]), None, ()).passed
    assert not decide(evaluation([outcome(), outcome("mis", failed="NoLibrary: data")]), None, ()).passed


def test_worse_than_the_baseline_fails():
    good, bad = (evaluation([outcome(f"v{at}", facts_found=found) for at in range(12)]) for found in (True, False))
    gates = (Gate("not_worse", "facts", 0.05), Gate("largest_drop", "facts", 0.5))
    assert [one.passed for one in decide(bad, good, gates).checked] == [False, False]
    assert decide(good, bad, gates).passed
    assert decide(bad, None, gates).passed


def test_evidence_that_the_library_does_not_hold_is_a_warning(verdict_on, library, tmp_path):
    lost = [
        Topic("v9", TOPICS[0].question, "fact", True, (Evidence("weg.md", "Zin die er niet is."),), False, (("x",),))
    ]
    assert len(verdict_on(lost).evaluation.warnings) == 1
    wrong, _ = check_topics(tmp_path / "topics.jsonl", library)
    assert len(wrong) == 1
    assert check_topics(tmp_path / "topics.jsonl", None) == ([], [])


@pytest.mark.parametrize(
    ("texts", "error"),
    [({"gates": "facts = 1"}, GatesError), ({"baseline": "{}"}, BaselineError), ({"topics": "{}"}, TopicsError)],
)
def test_a_mistake_in_a_file_is_told_before_anything_is_asked(library, tmp_path, texts, error):
    paths = {name: tmp_path / f"{name}.{'toml' if name == 'gates' else 'jsonl'}" for name in ("topics", *texts)}
    for name, text in {"topics": topics_text(TOPICS), **texts}.items():
        paths[name].write_text(text, encoding="utf-8")

    def open_nothing() -> Subject:
        raise AssertionError("nothing should be asked")

    with pytest.raises(error):
        evaluate_files(
            Files(**paths), library, open_nothing,
            data=tmp_path, settings={}, workers=1, judged=False, progress=lambda done, total: None,
        )  # fmt: skip
