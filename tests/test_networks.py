"""The small networks: what they compute, that a fit learns, and that they refuse what they were not fitted on."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.networks import MOST, Networks
from benchmarks.networks import HIDDEN, NETWORKS, Scaling, fit_networks

FEATURES = ("lengte", "breedte", "kleur")
VALUES = st.lists(st.tuples(*[st.floats(-1e6, 1e6, width=32)] * len(FEATURES)), max_size=8)


def made(*, networks=2, hidden=3, seed=0, **changed):
    """Networks as a fit writes them, with weights from a seed."""
    rng = np.random.default_rng(seed)
    return {
        "features": list(FEATURES),
        "mean": [1.0, -2.0, 0.0],
        "scale": [2.0, 0.5, 1.0],
        "in": rng.normal(size=(networks, len(FEATURES), hidden)).tolist(),
        "bias": rng.normal(size=(networks, hidden)).tolist(),
        "out": rng.normal(size=(networks, hidden)).tolist(),
        "slope": 1.5,
        "intercept": -0.5,
    } | changed


def rows_of(*rows):
    return np.array(rows, dtype=np.float32).reshape(-1, len(FEATURES))


def naive_output(fitted, row):
    """The same as Networks.output, one weight after the other."""
    scaled = [
        min(max((value - mean) / scale, -MOST), MOST)
        for value, mean, scale in zip(row, fitted["mean"], fitted["scale"], strict=True)
    ]
    outputs = []
    for into, bias, out in zip(fitted["in"], fitted["bias"], fitted["out"], strict=True):
        hidden = [
            np.tanh(sum(value * weights[at] for value, weights in zip(scaled, into, strict=True)) + bias[at])
            for at in range(len(bias))
        ]
        outputs.append(sum(value * weight for value, weight in zip(hidden, out, strict=True)))
    return sum(outputs) / len(outputs)


@given(VALUES, st.integers(0, 5))
def test_the_output_is_the_mean_of_the_networks(values, seed):
    fitted, rows = made(seed=seed), rows_of(*values)
    found = Networks(fitted, FEATURES).output(rows)
    assert found.shape == (len(rows),)
    assert found == pytest.approx([naive_output(fitted, row.tolist()) for row in rows], abs=1e-4)


@given(VALUES)
def test_what_is_calibrated_follows_the_output(values):
    networks = Networks(made(), FEATURES)
    output = networks.output(rows_of(*values))
    assert (np.argsort(output, kind="stable") == np.argsort(networks.calibrated(output), kind="stable")).all()


def test_what_lies_far_off_counts_as_the_most():
    networks = Networks(made(), FEATURES)
    far, edge = rows_of([1e9, 0, 0]), rows_of([1 + 2 * MOST, 0, 0])
    assert networks.output(far) == pytest.approx(networks.output(edge))


def test_a_row_counts_by_itself():
    networks = Networks(made(), FEATURES)
    rows = np.random.default_rng(1).normal(size=(9, len(FEATURES))).astype(np.float32)
    apart = np.concatenate([networks.output(row[None, :]) for row in rows])
    assert networks.output(rows) == pytest.approx(apart)


def test_the_calibration_is_not_in_the_output():
    plain, certain = (Networks(made(slope=slope, intercept=0.0), FEATURES) for slope in (0.0, 2.0))
    row = rows_of([3, 1, 2])
    assert plain.output(row) == certain.output(row)
    assert plain.calibrated(plain.output(row)) == pytest.approx([0.0])


@pytest.mark.parametrize("features", [FEATURES[:2], (*FEATURES, "gewicht"), FEATURES[::-1], ()])
def test_networks_fitted_on_other_features_are_refused(tmp_path, features):
    with pytest.raises(ValueError, match="fit again"):
        Networks(made(), features)
    path = tmp_path / "netwerken.json"
    path.write_text(json.dumps(made()), encoding="utf-8")
    with pytest.raises(ValueError, match="fit again"):
        Networks.load(path, features)


def test_a_file_gives_the_same_networks(tmp_path):
    path = tmp_path / "netwerken.json"
    path.write_text(json.dumps(made()), encoding="utf-8")
    row = rows_of([0.25, -1, 3])
    read, own = Networks.load(path, FEATURES), Networks(made(), FEATURES)
    assert read.calibrated(read.output(row)) == own.calibrated(own.output(row))


# Scaling


@settings(deadline=None)
@given(VALUES.filter(bool))
def test_scaled_features_are_what_the_networks_see(values):
    rows = rows_of(*values)
    scaling = Scaling.of(rows, FEATURES)
    scaled = scaling.apply(rows)
    assert scaling.features == FEATURES
    assert (scaling.scale > 0).all()
    assert scaled.dtype == np.float32
    assert (np.abs(scaled) <= MOST).all()


def test_scaling_brings_mean_and_spread_to_none_and_one_and_leaves_a_constant_alone():
    rng = np.random.default_rng(3)
    rows = np.column_stack([rng.normal(40, 8, 500), rng.normal(-1, 0.01, 500), np.full(500, 7)]).astype(np.float32)
    scaled = Scaling.of(rows, FEATURES).apply(rows)
    assert scaled.mean(axis=0) == pytest.approx([0, 0, 0], abs=1e-3)
    assert scaled.std(axis=0) == pytest.approx([1, 1, 0], abs=1e-2)


# A fit


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """As the programs that fit have it: for networks this small, several threads only get in each other's way."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def problem():
    """Rows that are right when the first feature is neither low nor high; the others say nothing."""
    rng = np.random.default_rng(5)
    rows = rng.uniform(-3, 7, size=(600, len(FEATURES))).astype(np.float32)
    return rows, np.abs(rows[:, 0] - 2) < 2.5


def fitted_to(rows, labels, *, epochs):
    import torch

    scaling = Scaling.of(rows, FEATURES)
    inputs, wanted = torch.from_numpy(scaling.apply(rows)), torch.from_numpy(labels.astype(np.float32))

    def loss(network, chosen):
        return torch.nn.functional.binary_cross_entropy_with_logits(network(inputs[chosen]), wanted[chosen])

    return fit_networks(scaling, len(rows), loss, epochs)


@pytest.fixture(scope="module")
def fitted(problem):
    rows, labels = problem
    return fitted_to(rows[:250], labels[:250], epochs=100)


def test_a_fit_learns_what_is_no_straight_line(problem, fitted):
    rows, labels = problem
    networks = Networks(fitted, FEATURES)
    predicted = 1 / (1 + np.exp(-networks.calibrated(networks.output(rows[250:]))))
    assert np.mean((predicted > 0.5) == labels[250:]) > 0.8
    assert predicted[labels[250:]].mean() > predicted[~labels[250:]].mean() + 0.2


def test_a_fit_is_kept_as_json_without_loss(tmp_path, problem, fitted):
    rows, _ = problem
    assert json.loads(json.dumps(fitted)) == fitted
    path = tmp_path / "netwerken.json"
    path.write_text(json.dumps(fitted), encoding="utf-8")
    expected = Networks(fitted, FEATURES).output(rows)
    np.testing.assert_array_equal(Networks.load(path, FEATURES).output(rows), expected)


def test_a_fit_has_networks_that_differ_and_no_calibration_yet(fitted):
    assert np.array(fitted["in"]).shape == (NETWORKS, len(FEATURES), HIDDEN)
    assert np.array(fitted["bias"]).shape == np.array(fitted["out"]).shape == (NETWORKS, HIDDEN)
    assert len({json.dumps(weights) for weights in fitted["in"]}) == NETWORKS
    assert (fitted["features"], fitted["slope"], fitted["intercept"]) == (list(FEATURES), 1.0, 0.0)


def test_the_same_fit_gives_the_same_networks(problem):
    rows, labels = (part[:50] for part in problem)
    assert fitted_to(rows, labels, epochs=2) == fitted_to(rows, labels, epochs=2)
