"""What measures come to over many questions: values, bootstrap intervals, kinds and documents."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.measures import BY_NAME, CONFIDENCE, MEASURES, estimate, measure_each, summarise
from eval.records import Estimate
from tests.eval_samples import outcome

FACTS, CALIBRATION = BY_NAME["facts"], BY_NAME["ece"]


def test_a_value_is_the_mean_of_what_is_known():
    found = estimate(FACTS, [1.0, None, 0.0, 0.5, None])
    assert found is not None
    assert (found.value, found.count) == (0.5, 3)


def test_of_nothing_known_nothing_is_said():
    assert estimate(FACTS, []) is None
    assert estimate(FACTS, [None, None]) is None


def test_of_one_question_there_is_no_interval():
    assert estimate(FACTS, [0.5, None]) == Estimate(value=0.5, low=None, high=None, count=1)
    assert estimate(CALIBRATION, [(0.75, 1.0)]) == Estimate(value=0.25, low=None, high=None, count=1)


def test_values_that_are_alike_have_an_interval_without_width():
    assert estimate(FACTS, [0.25] * 7) == Estimate(value=0.25, low=0.25, high=0.25, count=7)


@pytest.mark.parametrize("name", ["facts", "words", "latency_p50", "latency_p95"])
def test_an_interval_is_the_middle_of_the_values_of_questions_drawn_anew(name):
    values = np.random.default_rng(5).gamma(2.0, 3.0, 60)
    found = estimate(BY_NAME[name], values.tolist())
    drawn = np.random.default_rng(6).choice(values, (20_000, 60))
    low, high = np.percentile(BY_NAME[name].sum_up(drawn, axis=-1), [2.5, 97.5])
    assert found is not None
    assert found.low == pytest.approx(low, rel=0.06)
    assert found.high == pytest.approx(high, rel=0.06)


def test_an_interval_holds_the_truth_nearly_as_often_as_it_says():
    chance = np.random.default_rng(7)
    times, share = 300, 0.7
    found = [estimate(FACTS, (chance.random(60) < share).astype(float).tolist()) for _ in range(times)]
    held = sum(one is not None and one.low is not None and one.low <= share <= (one.high or 0) for one in found)
    assert CONFIDENCE - 0.04 < held / times < CONFIDENCE + 0.04


def test_an_interval_of_many_questions_is_that_of_the_normal_distribution():
    values = np.random.default_rng(8).random(900)
    found = estimate(FACTS, values.tolist())
    reach = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * values.std() / 30
    assert found is not None
    assert (found.low, found.high) == pytest.approx((values.mean() - reach, values.mean() + reach), abs=reach / 8)


def test_the_interval_of_the_calibration_holds_how_far_off_it_is():
    """Answers that are right 15 % less often than they say."""
    chance = np.random.default_rng(9)
    held, times = 0, 100
    for _ in range(times):
        sure = chance.choice([0.55, 0.65, 0.75, 0.85, 0.95], 80)
        right = (chance.random(80) < sure - 0.15).astype(float)
        found = estimate(CALIBRATION, list(zip(sure.tolist(), right.tolist(), strict=True)))
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.15 <= found.high
    assert held >= 0.9 * times


def test_confidence_that_is_just_right_lies_within_its_interval():
    """In each bin as many are right as it says; in samples drawn anew hardly ever."""
    pairs = [(sure, float(at < sure * 20)) for sure in (0.55, 0.65, 0.75, 0.85, 0.95) for at in range(20)]
    found = estimate(CALIBRATION, pairs)
    assert found is not None
    assert found.value == pytest.approx(0, abs=1e-9)
    assert found.low == found.value < (found.high or 0)


def test_confidence_stays_with_its_answer_when_questions_are_drawn_anew():
    """Whatever is drawn, these are off by a twentieth each; drawn apart they would be off by half."""
    found = estimate(CALIBRATION, [(0.05, 0.0), (0.95, 1.0)] * 10)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.05, 0.05))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=30))
def test_a_value_lies_within_its_interval(pairs):
    for measure, values in ((CALIBRATION, [(one, float(two)) for one, two in pairs]), (FACTS, [a for a, _ in pairs])):
        found = estimate(measure, values)
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        assert found.low <= found.value <= found.high
        assert estimate(measure, values) == found


OUTCOMES = [
    outcome("v1", "why", source="map/zorg.pdf", refused=True),
    outcome("v2", "fact"),
    outcome("v3", "unanswerable", refused=True),
    outcome("v4", "fact", facts_found=False, rank=3),
    outcome("v5", "fact", failed="NoLibrary: data"),
]


def test_a_summary_is_over_all_by_kind_and_by_document():
    summary = summarise(OUTCOMES, measure_each(OUTCOMES))
    assert list(summary.kinds) == ["fact", "why", "unanswerable"]
    assert list(summary.documents) == ["afvalplan", "zorg"]
    assert (summary.all["facts"].value, summary.all["facts"].count) == (1 / 4, 4)
    assert summary.kinds["fact"]["facts"].value == pytest.approx(1 / 3)
    assert summary.kinds["fact"]["facts"].count == 3
    assert summary.documents["zorg"]["refused_answerable"].value == 1
    assert (summary.all["failed"].value, summary.all["failed"].count) == (1 / 5, 5)
    assert (summary.all["refusal_precision"].value, summary.all["refusal_precision"].count) == (1 / 2, 2)


def test_a_measure_that_says_nothing_is_left_out():
    summary = summarise(OUTCOMES, measure_each(OUTCOMES))
    assert "R@5" not in summary.kinds["unanswerable"]
    assert "refusal_recall" not in summary.kinds["fact"]
    assert "citation_recall" not in summary.kinds["why"]
    assert set(summary.all) == {measure.name for measure in MEASURES}


def test_a_document_counts_for_every_question_that_it_holds_evidence_for():
    both = OUTCOMES[1].asked.model_copy(update={"documents": ("afvalplan", "zorg")})
    made = [OUTCOMES[0], OUTCOMES[1].model_copy(update={"asked": both})]
    summary = summarise(made, measure_each(made))
    assert summary.documents["zorg"]["facts"].count == 2
    assert summary.documents["afvalplan"]["facts"].count == 1


def test_the_same_outcomes_give_the_same_summary_in_whatever_order_they_are_read():
    once = summarise(OUTCOMES, measure_each(OUTCOMES))
    assert summarise(OUTCOMES, measure_each(OUTCOMES)) == once
    turned = summarise(OUTCOMES[::-1], measure_each(OUTCOMES[::-1]))
    assert {name: one.value for name, one in turned.all.items()} == pytest.approx(
        {name: one.value for name, one in once.all.items()}
    )
