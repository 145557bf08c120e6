"""Boosted decision trees over named features, fitted by a program under `benchmarks/` and kept as JSON."""

import json
from collections.abc import Mapping, Sequence
from math import exp
from pathlib import Path
from typing import Any, Union

import numpy as np
from numpy.typing import NDArray

_Tree = Union[float, tuple[int, float, "_Tree", "_Tree"]]  # noqa: UP007 - one that names itself
"""A value, or a feature, its threshold, and what follows for a value up to that and for one above it."""


class Trees:
    """Gradient-boosted trees (Friedman 2001), whose sum is turned into a probability.

    `fitted` holds the names of the `features`, the `baseline` that the trees add to, the `trees`, each a list of nodes,
    and the `slope` and `intercept` that calibrate the sum (Platt 1999). A node is [feature, threshold, left, right],
    where a value up to the threshold goes left, or [value].
    """

    def __init__(self, fitted: Mapping[str, Any], features: Sequence[str]) -> None:
        if fitted["features"] != list(features):
            raise ValueError("fitted on other features than there are now: fit again, see benchmarks/README.md")
        self._trees: list[_Tree] = [_nested(tree, 0) for tree in fitted["trees"]]
        self._baseline = float(fitted["baseline"])
        self._slope, self._intercept = float(fitted["slope"]), float(fitted["intercept"])

    @classmethod
    def load(cls, path: Path, features: Sequence[str]) -> "Trees":
        """The trees in a file."""
        return cls(json.loads(path.read_text(encoding="utf-8")), features)

    def output(self, row: Sequence[float] | NDArray[np.float32]) -> float:
        """The sum of what all trees say of one row of features."""
        values = np.asarray(row, dtype=np.float32).tolist()  # a list, of which single values are sooner taken
        return self._baseline + sum(_value(tree, values) for tree in self._trees)

    def probability(self, row: Sequence[float] | NDArray[np.float32]) -> float:
        """The calibrated probability for one row of features."""
        return 1 / (1 + exp(-(self._slope * self.output(row) + self._intercept)))


def _nested(tree: Sequence[Sequence[float]], at: int) -> _Tree:
    """A node with the nodes below it, and its threshold as precise as the features that are held against it."""
    node = tree[at]
    if len(node) == 1:
        return float(node[0])
    feature, threshold, left, right = node
    return int(feature), float(np.float32(threshold)), _nested(tree, int(left)), _nested(tree, int(right))


def _value(tree: _Tree, row: Sequence[float]) -> float:
    while isinstance(tree, tuple):
        feature, threshold, left, right = tree
        tree = left if row[feature] <= threshold else right
    return tree
