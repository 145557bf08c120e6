"""Boosted trees as they are kept: what they say is what scikit-learn says."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.trees import Trees
from benchmarks.fit_judge import nodes_of

ONE = {"features": ["a"], "baseline": 0.5, "trees": [[[0, 1.0, 1, 2], [-1.0], [2.0]]], "slope": 2.0, "intercept": 1.0}


def test_a_value_up_to_the_threshold_goes_left() -> None:
    trees = Trees(ONE, ["a"])
    assert [trees.output([value]) for value in (0.0, 1.0, 1.5)] == [-0.5, -0.5, 2.5]


def test_the_sum_is_calibrated() -> None:
    assert Trees(ONE, ["a"]).probability([0.0]) == pytest.approx(0.5)
    assert Trees(ONE, ["a"]).probability([2.0]) == pytest.approx(1 / (1 + np.exp(-6)))


def test_other_features_are_refused(tmp_path: Path) -> None:
    (tmp_path / "trees.json").write_text(json.dumps(ONE), encoding="utf-8")
    assert Trees.load(tmp_path / "trees.json", ["a"]).output([3.0]) == 2.5
    with pytest.raises(ValueError, match="other features"):
        Trees.load(tmp_path / "trees.json", ["b"])


def test_they_say_what_the_fitted_model_says() -> None:
    rows = np.random.default_rng(1).random((400, 3)).astype(np.float32)
    labels = rows[:, 0] + rows[:, 1] * rows[:, 2] > 0.8
    model = HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=5, random_state=0).fit(rows, labels)
    fitted = {
        "features": ["a", "b", "c"],
        "baseline": float(model._baseline_prediction.item()),
        "trees": [nodes_of(predictor[0].nodes) for predictor in model._predictors],
        "slope": 1.0,
        "intercept": 0.0,
    }
    trees = Trees(fitted, ["a", "b", "c"])
    assert [trees.output(row) for row in rows] == pytest.approx(model.decision_function(rows).tolist(), abs=1e-4)
