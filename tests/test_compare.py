"""Two runs compared: which questions count, the test for chance, Holm's correction, wins and losses."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest, ttest_1samp

from eval.compare import TESTED, Change, _adjusted, _chance, compare, is_worse
from eval.measures import BY_NAME, MEASURES
from eval.records import Outcome
from tests.eval_samples import evaluation, outcome


def runs(before, now):
    """Two evaluations of questions that said all facts, or not; from flags for each question."""
    return tuple(
        evaluation([outcome(f"v{at}", facts_found=bool(good)) for at, good in enumerate(flags)])
        for flags in (now, before)
    )


# Which questions


def test_two_runs_that_are_alike_differ_in_nothing():
    now, before = runs([1, 0, 1], [1, 0, 1])
    found = compare(now, before)
    assert found.compared == ("v0", "v1", "v2")
    assert found.added == found.removed == found.rewritten == ()
    assert found.questions == ()
    assert {change.difference for change in found.changes} == {0.0}
    assert {found.by_measure[name].p for name in TESTED if name in found.by_measure} == {1.0}


def test_only_questions_that_are_the_same_are_compared():
    before = evaluation([outcome("weg"), outcome("v1"), outcome("anders", facts_found=False), outcome("bron")])
    now = evaluation(
        [
            outcome("nieuw", facts_found=False),
            outcome("bron", source="ander/plan.md"),
            outcome("anders", question="Wanneer komt de ophaaldienst?"),
            outcome("v1"),
        ]
    )
    found = compare(now, before)
    assert (found.compared, found.added, found.removed) == (("v1",), ("nieuw",), ("weg",))
    assert found.rewritten == ("bron", "anders")
    assert found.by_measure["facts"].count == 1
    assert found.questions == ()
    assert found.baseline == before.stamp
    assert found.before["weg"] == before.outcomes[0]


def test_runs_without_a_question_in_common_have_no_changes():
    found = compare(evaluation([outcome("v1")]), evaluation([outcome("v2")]))
    assert (found.changes, found.questions, found.compared) == ((), (), ())


def test_a_measure_is_compared_over_questions_of_which_both_runs_have_a_value():
    before = evaluation([outcome("v1"), outcome("v2"), outcome("v3", refused=True)])
    now = evaluation([outcome("v1", supported=False), outcome("v2", refused=True), outcome("v3")])
    change = compare(now, before).by_measure["citation_recall"]
    assert (change.count, change.before, change.now, change.worse) == (1, 1.0, 0.0, 1)
    assert compare(now, before).by_measure["refused_answerable"].count == 3


def test_a_question_that_failed_counts_as_worse():
    before = evaluation([outcome("v1"), outcome("v2")])
    found = compare(evaluation([outcome("v1"), outcome("v2", failed="NoLibrary: data")]), before)
    assert found.by_measure["facts"].worse == 1
    assert found.by_measure["failed"].worse == 1
    assert found.questions[0].worse["failed"] == (0.0, 1.0)


# What changed


def test_wins_and_losses_are_told_by_question():
    now, before = runs([1, 1, 0, 0, 1], [1, 0, 1, 1, 0])
    found = compare(now, before)
    change = found.by_measure["facts"]
    assert (change.before, change.now) == pytest.approx((0.6, 0.6))
    assert (change.count, change.better, change.worse) == (5, 2, 2)
    assert [one.topic_id for one in found.questions] == ["v1", "v2", "v3", "v4"]
    assert found.questions[0].worse["facts"] == (1.0, 0.0)
    assert found.questions[0].better == {}
    assert found.questions[1].better["facts"] == (0.0, 1.0)


def test_less_of_what_should_be_low_is_better():
    before = evaluation([outcome("v1", refused=True)])
    found = compare(evaluation([outcome("v1")]), before)
    change = found.by_measure["refused_answerable"]
    assert (change.difference, change.better, change.worse) == (-1.0, 1, 0)
    assert found.questions[0].better["refused_answerable"] == (1.0, 0.0)


def test_speed_and_length_are_no_change_of_a_question():
    before = evaluation([outcome("v1", ask_ms=10.0, tokens=0)])
    found = compare(evaluation([outcome("v1", ask_ms=900.0, tokens=70)]), before)
    assert found.questions == ()
    assert found.by_measure["latency_p50"].difference == 890
    assert found.by_measure["tokens"].difference == 70
    assert found.by_measure["latency_p50"].p is None


def test_calibration_is_compared_as_a_whole():
    before = evaluation([outcome(f"v{at}", confidence=0.9) for at in range(4)])
    found = compare(evaluation([outcome(f"v{at}", confidence=0.6) for at in range(4)]), before)
    change = found.by_measure["ece"]
    assert (change.before, change.now) == pytest.approx((0.1, 0.4))
    assert (change.better, change.worse, change.p) == (0, 0, None)


@pytest.mark.parametrize(
    ("name", "difference", "worse"),
    [
        ("facts", -0.01, True),
        ("facts", 0.01, False),
        ("facts", -1e-12, False),
        ("refused_answerable", 0.01, True),
        ("refused_answerable", -0.01, False),
        ("refused_answerable", 1e-12, False),
        ("words", -50, False),
        ("words", 50, False),
    ],
)
def test_worse_goes_by_the_direction_of_a_measure(name, difference, worse):
    assert is_worse(BY_NAME[name], difference) is worse


FLAGS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=10)


@settings(deadline=None, max_examples=10)
@given(FLAGS)
def test_the_other_way_round_wins_are_losses(flags):
    now, before = runs([one for one, _ in flags], [other for _, other in flags])
    there, back = compare(now, before), compare(before, now)
    for change in there.changes:
        other = back.by_measure[change.measure]
        assert other.difference == pytest.approx(-change.difference)
        assert (other.better, other.worse) == (change.worse, change.better)
        assert other.p == pytest.approx(change.p)
    assert {one.topic_id: (one.better.keys(), one.worse.keys()) for one in there.questions} == {
        one.topic_id: (one.worse.keys(), one.better.keys()) for one in back.questions
    }


# Chance


def changed_signs(differences):
    """The share of all ways to change signs with a mean that is as far off: the test written out in full."""
    means = [abs(np.mean(np.multiply(signs, differences))) for signs in product([1, -1], repeat=len(differences))]
    return np.mean([mean >= abs(np.mean(differences)) - 1e-12 for mean in means])


@pytest.mark.parametrize(
    "differences",
    [[1.0, 1, 1, 1, 1], [1.0, -1, 1, 0, 0, 1], [0.5, 0.5, -0.25, 0, 1, 1, 1, -1], [0.1, 0.2, 0.3], [-1.0, -1], [1.0]],
)
def test_for_few_questions_all_signs_are_tried(differences):
    now = np.array(differences)
    assert _chance(now, np.zeros(len(now))) == pytest.approx(changed_signs(differences))


def test_six_losses_out_of_six_are_no_chance_and_five_are():
    """2 of 64, and 2 of 32 ways to change the signs are as far off."""
    for losses, p in ((6, 0.03125), (5, 0.0625)):
        now, before = runs([1] * 20, [0] * losses + [1] * (20 - losses))
        change = compare(now, before, ("facts",)).by_measure["facts"]
        assert change.p == pytest.approx(p, rel=0.15)


def test_where_runs_are_equally_good_every_p_value_is_as_likely():
    chance = np.random.default_rng(12)
    found = [_chance(chance.normal(size=11), chance.normal(size=11)) for _ in range(200)]
    assert kstest(found, "uniform").pvalue > 0.01
    assert np.mean(np.array(found) < 0.05) < 0.09


def test_for_many_questions_the_p_value_is_that_of_the_t_test():
    chance = np.random.default_rng(12)
    for shift in (0.0, 0.05, 0.1, 0.2):
        before = chance.random(150)
        now = before + chance.normal(shift, 0.5, 150)
        assert _chance(now, before) == pytest.approx(ttest_1samp(now - before, 0).pvalue, abs=0.02)


def test_a_large_run_is_tested_in_parts_that_fit_in_memory():
    chance = np.random.default_rng(13)
    now, before = chance.random(1_500), chance.random(1_500)
    p = _chance(now, before)
    assert p == pytest.approx(ttest_1samp(now - before, 0).pvalue, abs=0.02)


def test_a_difference_of_rounding_is_none():
    now = np.array([0.1 + 0.2, 0.7, 1 / 3])
    assert _chance(now, np.array([0.3, 0.7, 1 / 3])) == 1.0


# Several measures


def changes(*p):
    return [Change(f"m{at}", 0.5, 0.4, 10, 1, 2, one) for at, one in enumerate(p)]


def test_holm_multiplies_the_smallest_by_their_number_the_next_by_one_less():
    """Worked by hand: 4 × 0.01, 3 × 0.02, 2 × 0.03 and 1 × 0.04, none smaller than the one before."""
    found = _adjusted(changes(0.03, 0.01, 0.04, 0.02))
    assert [one.measure for one in found] == ["m0", "m1", "m2", "m3"]
    assert [one.adjusted for one in found] == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert [one.adjusted for one in _adjusted(changes(0.6, 0.001, 0.4))] == pytest.approx([0.8, 0.003, 0.8])


def test_what_is_not_tested_does_not_count_for_holm():
    found = _adjusted(changes(None, 0.02, None, 0.03))
    assert [one.adjusted for one in found] == [None, pytest.approx(0.04), None, pytest.approx(0.04)]
    assert _adjusted([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_adjusted_values_keep_the_order_and_never_get_smaller(values):
    found = _adjusted(changes(*values))
    assert all(one.p is not None and one.adjusted is not None and one.p <= one.adjusted <= 1 for one in found)
    by_p = sorted(found, key=lambda one: one.p or 0.0)
    assert [one.adjusted for one in by_p] == sorted(one.adjusted or 0.0 for one in by_p)
    assert by_p[0].adjusted == pytest.approx(min(1, len(values) * min(values)))


def test_only_what_is_asked_for_is_tested():
    now, before = runs([1] * 12, [0] * 8 + [1] * 4)
    one = compare(now, before, ("facts",)).by_measure
    assert {name for name, change in one.items() if change.p is not None} == {"facts"}
    assert one["facts"].adjusted == one["facts"].p
    two = compare(now, before, ("facts", "R@5")).by_measure
    assert two["facts"].p == one["facts"].p
    assert two["facts"].adjusted == pytest.approx(2 * (one["facts"].p or 0))


def test_what_is_tested_can_be_tested():
    assert all(BY_NAME[name].paired and BY_NAME[name].stable for name in TESTED)
    assert [measure.name for measure in MEASURES if measure.name in TESTED] == sorted(
        TESTED, key=[measure.name for measure in MEASURES].index
    )


def test_a_run_that_was_written_and_read_back_compares_alike():
    now, before = runs([1, 1, 0, 1], [1, 0, 0, 1])
    read = before.model_copy(
        update={"outcomes": tuple(Outcome.model_validate_json(one.model_dump_json()) for one in before.outcomes)}
    )
    assert compare(now, read) == compare(now, before)
