"""Gates: reading them with all that is wrong, and holding an evaluation against them."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.compare import compare
from eval.errors import GatesError
from eval.gates import Gate, check, read_gates
from eval.gates import compared_measures as measures_to_test  # pytest takes a name with "test" at its head for a test
from eval.measures import BY_NAME
from tests.eval_samples import evaluation, outcome

GATES = """
[at_least]
facts = 0.75
"R@5" = 1
[at_most]
refused_answerable = 0.05
[kinds.why.at_least]
facts = 0.6
[kinds.unanswerable.at_most]
uncited = 0
[baseline]
not_worse = ["facts", "R@5", "facts"]
alpha = 0.01
[baseline.largest_drop]
facts = 0.03
latency_p95 = 200
"""


def read(folder, text):
    path = folder / "gates.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_gates(path)


def problems(folder, text):
    with pytest.raises(GatesError) as caught:
        read(folder, text)
    assert caught.value.source == "gates.toml"
    return [(one.what, one.detail) for one in caught.value.problems]


# Reading


def test_a_file_gives_its_gates_in_order(tmp_path):
    assert read(tmp_path, GATES) == (
        Gate("at_least", "facts", 0.75),
        Gate("at_least", "R@5", 1.0),
        Gate("at_most", "refused_answerable", 0.05),
        Gate("at_least", "facts", 0.6, "why"),
        Gate("at_most", "uncited", 0.0, "unanswerable"),
        Gate("not_worse", "facts", 0.01),
        Gate("not_worse", "R@5", 0.01),
        Gate("largest_drop", "facts", 0.03),
        Gate("largest_drop", "latency_p95", 200.0),
    )


def test_the_measures_to_test_are_those_that_may_not_be_worse(tmp_path):
    assert measures_to_test(read(tmp_path, GATES)) == ("facts", "R@5")
    assert measures_to_test(read(tmp_path, "[at_least]\nfacts = 0.5")) == ()


def test_without_alpha_it_is_one_in_twenty(tmp_path):
    assert read(tmp_path, "baseline.not_worse = ['facts']") == (Gate("not_worse", "facts", 0.05),)


def test_a_byte_order_mark_is_no_problem(tmp_path):
    assert read(tmp_path, "\ufeff[at_least]\nfacts = 0.5") == (Gate("at_least", "facts", 0.5),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("empty", "")),
        ("[baseline]\nalpha = 0.1", ("empty", "")),
        (b"\xff\xfe", ("encoding", "")),
        ("[floor]\nfacts = 1", ("unknown_part", "floor")),
        ("[kinds.why.minimum]\nfacts = 1", ("unknown_part", "kinds.why.minimum")),
        ("[baseline]\nbetter = 1", ("unknown_part", "baseline.better")),
        ("[kinds.waarom.at_least]\nfacts = 1", ("unknown_kind", "waarom")),
        ("[at_least]\nfeiten = 1", ("unknown_measure", "feiten")),
        ("[baseline]\nnot_worse = ['feiten']", ("unknown_measure", "feiten")),
        ("[at_least]\nfacts = '0.7'", ("no_number", "facts")),
        ("[at_least]\nfacts = true", ("no_number", "facts")),
        ("[at_least]\nfacts = nan", ("no_number", "facts")),
        ("[at_most]\nuncited = inf", ("no_number", "uncited")),
        (f"[at_most]\nuncited = {'9' * 400}", ("no_number", "uncited")),
        ("[at_least.facts]\nwhy = 1", ("no_number", "facts")),
        ("[baseline]\nnot_worse = 'facts'", ("no_list", "baseline.not_worse")),
        ("[baseline]\nnot_worse = [1]", ("no_list", "baseline.not_worse")),
        ("[baseline]\nalpha = 0", ("alpha", "0")),
        ("[baseline]\nalpha = 1.0", ("alpha", "1.0")),
        ("[baseline]\nalpha = '5%'", ("alpha", "5%")),
        ("[baseline]\nnot_worse = ['words']", ("no_direction", "words")),
        ("[baseline.largest_drop]\nwords = 10", ("no_direction", "words")),
        ("[baseline]\nnot_worse = ['ece']", ("not_comparable", "ece")),
        ("[baseline]\nnot_worse = ['latency_p50']", ("not_comparable", "latency_p50")),
        ("at_least = 0.7", ("no_table", "at_least")),
        ("kinds = 'why'", ("no_table", "kinds")),
        ("baseline = []", ("no_table", "baseline")),
    ],
)
def test_what_is_wrong_is_told(tmp_path, text, expected):
    assert expected in problems(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("kinds.why = 1", "kinds.why"),
        ("kinds.why.at_least = 0.7", "kinds.why.at_least"),
        ("[kinds]\nwhy = [0.7]", "kinds.why"),
        ("baseline.largest_drop = 0.03", "baseline.largest_drop"),
    ],
)
def test_a_gate_that_would_be_passed_over_in_silence_is_refused(tmp_path, text, place):
    """Beside gates that are right, nobody would notice that one is never held against anything."""
    assert problems(tmp_path, f"at_least.facts = 0.5\n{text}") == [("no_table", place)]


def test_everything_that_is_wrong_is_told_at_once(tmp_path):
    text = "[at_least]\nfeiten = 1\nfacts = 'x'\n[kinds.what.at_most]\nfacts = 1\n[extra]\n[baseline]\nalpha = 7"
    assert {what for what, _ in problems(tmp_path, text)} == {
        "unknown_measure", "no_number", "unknown_kind", "unknown_part", "alpha",
    }  # fmt: skip


def test_what_is_no_toml_is_told_with_its_place(tmp_path):
    [(what, detail)] = problems(tmp_path, "[at_least]\nfacts = \n")
    assert what == "syntax"
    assert "line 2" in detail


VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.sampled_from(["facts", "why", "", "x"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from([*"ab", "facts", "why", "at_least", "largest_drop", "alpha"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


def toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {toml(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    return json.dumps(value).replace("Infinity", "inf").replace("NaN", "nan")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["at_least", "at_most", "kinds", "baseline", "else"]), VALUES))
def test_a_file_gives_gates_or_a_reason_why_not(tmp_path, content):
    try:
        found = read(tmp_path, "\n".join(f"{name} = {toml(value)}" for name, value in content.items()))
    except GatesError as error:
        reasons = error.problems
    else:
        reasons = ()
        assert all(gate.measure in BY_NAME for gate in found)
    assert reasons or found


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.text("[]{}=\"'.a1\n #", max_size=60).map(str.encode))
def test_no_file_breaks_the_reader(tmp_path, content):
    with pytest.raises(GatesError):
        read(tmp_path, content)


def test_nesting_without_end_and_numbers_without_end_are_no_toml(tmp_path):
    assert problems(tmp_path, "at_least = " + "[" * 100_000)[0][0] == "syntax"
    assert problems(tmp_path, "[at_most]\nuncited = " + "9" * 10_000)[0][0] == "syntax"


# Holding an evaluation against them


def facts(*flags, kind="fact", first=0):
    return [outcome(f"v{at}", kind, facts_found=bool(good)) for at, good in enumerate(flags, first)]


def held(gate, now, before=None, tested=("facts",)):
    comparison = compare(evaluation(now), evaluation(before), tested) if before else None
    [found] = check((gate,), evaluation(now).summary, comparison)
    assert found.gate == gate
    return found.passed, found.value


@pytest.mark.parametrize(
    ("rule", "measure", "bound", "passed"),
    [
        ("at_least", "facts", 0.5, True),
        ("at_least", "facts", 0.75, True),
        ("at_least", "facts", 0.76, False),
        ("at_most", "facts", 0.75, True),
        ("at_most", "facts", 0.74, False),
    ],
)
def test_a_bound_is_inclusive(rule, measure, bound, passed):
    assert held(Gate(rule, measure, bound), facts(1, 1, 1, 0)) == (passed, 0.75)


def test_rounding_fails_no_gate():
    """Three of 0.1 are a little more than 0.3; and 0.7 less 0.6 a little more than 0.1."""
    thirds = facts(*[1] * 7, *[0] * 3)
    assert held(Gate("largest_drop", "facts", 0.1), facts(*[1] * 6, *[0] * 4), thirds)[0] is True
    assert held(Gate("at_least", "facts", 0.1 + 0.2), facts(*[1] * 3, *[0] * 7))[0] is True
    assert held(Gate("at_least", "facts", 0.300001), facts(*[1] * 3, *[0] * 7))[0] is False


def test_a_gate_of_a_kind_looks_at_that_kind():
    made = [*facts(1, 1, 1), *facts(0, kind="why", first=3)]
    assert held(Gate("at_least", "facts", 0.75), made) == (True, 0.75)
    assert held(Gate("at_least", "facts", 0.75, "why"), made) == (False, 0.0)
    assert held(Gate("at_least", "facts", 0.75, "fact"), made) == (True, 1.0)


def test_what_was_not_measured_passes_nothing():
    assert held(Gate("at_least", "facts", 0.0, "compare"), facts(1)) == (False, None)
    assert held(Gate("at_most", "refusal_recall", 1.0), facts(1)) == (False, None)
    assert held(Gate("largest_drop", "refusal_recall", 1.0), facts(1), facts(1)) == (False, None)
    assert held(Gate("not_worse", "facts", 0.05), facts(1), facts(1, first=7)) == (False, None)


def test_without_a_baseline_nothing_is_said_of_it():
    assert held(Gate("not_worse", "facts", 0.05), facts(0)) == (None, None)
    assert held(Gate("largest_drop", "facts", 0.0), facts(0)) == (None, None)


def test_worse_fails_only_when_it_is_no_chance():
    gate = Gate("not_worse", "facts", 0.05)
    passed, p = held(gate, facts(*[0] * 3, *[1] * 17), facts(*[1] * 20))
    assert passed is True
    assert p == pytest.approx(0.25, abs=0.02)
    passed, p = held(gate, facts(*[0] * 8, *[1] * 12), facts(*[1] * 20))
    assert passed is False
    assert p == pytest.approx(2 / 2**8, abs=0.004)


def test_much_better_is_not_worse():
    passed, p = held(Gate("not_worse", "facts", 0.05), facts(*[1] * 20), facts(*[0] * 20))
    assert passed is True
    assert p < 0.001


def test_more_of_what_should_be_low_is_worse():
    gate = Gate("not_worse", "refused_answerable", 0.05)
    fine, bad = ([outcome(f"v{at}", refused=refused) for at in range(12)] for refused in (False, True))
    assert held(gate, bad, fine, ("refused_answerable",))[0] is False
    assert held(gate, fine, bad, ("refused_answerable",))[0] is True
    assert held(Gate("largest_drop", "refused_answerable", 0.5), bad, fine) == (False, 1.0)
    assert held(Gate("largest_drop", "refused_answerable", 0.5), fine, bad) == (True, 0.0)


def test_a_measure_that_was_not_tested_does_not_pass_as_not_worse():
    assert held(Gate("not_worse", "facts", 0.05), facts(0, 0), facts(1, 1), ("R@5",)) == (False, None)


def test_the_value_of_a_drop_is_how_much_worse_it_got():
    passed, drop = held(Gate("largest_drop", "facts", 0.2), facts(1, 1, 0, 0), facts(1, 1, 1, 0))
    assert passed is False
    assert drop == pytest.approx(0.25)
    assert held(Gate("largest_drop", "facts", 0.2), facts(1, 1, 1, 0), facts(1, 1, 0, 0)) == (True, 0.0)


def test_a_liar_that_is_believed_is_stopped_by_a_gate():
    lies = [outcome(f"v{at}", shown=("Onwaar.",)) for at in range(3)]
    assert held(Gate("at_most", "tampered_shown", 0.0), lies) == (False, 0.125)
    assert held(Gate("at_most", "tampered_shown", 0.0), facts(1)) == (True, 0.0)
