"""Small neural networks over named features, fitted by the programs under `benchmarks/` and kept as JSON."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = 5.0  # standard deviations; what lies further off counts as this


class Networks:
    """Networks of one hidden layer with tanh, whose outputs are averaged.

    `fitted` holds the names of the `features`, their `mean` and `scale`, the weights `in` (networks, features, hidden),
    `bias` (networks, hidden) and `out` (networks, hidden), and the `slope` and `intercept` that calibrate the mean
    output (Platt 1999).
    """

    def __init__(self, fitted: Mapping[str, Any], features: Sequence[str]) -> None:
        if fitted["features"] != list(features):
            raise ValueError("fitted on other features than there are now: fit again, see benchmarks/README.md")
        mean, scale, into, bias, out = (
            np.array(fitted[name], dtype=np.float32) for name in ("mean", "scale", "in", "bias", "out")
        )
        self._mean, self._scale, self._in, self._bias, self._out = mean, scale, into, bias, out
        self._slope, self._intercept = float(fitted["slope"]), float(fitted["intercept"])

    @classmethod
    def load(cls, path: Path, features: Sequence[str]) -> "Networks":
        """The networks in a file."""
        return cls(json.loads(path.read_text(encoding="utf-8")), features)

    def output(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """The mean output for each row of features: (rows, features) -> (rows,)."""
        inputs = np.clip((features - self._mean) / self._scale, -MOST, MOST)
        hidden = np.tanh(inputs @ self._in + self._bias[:, None, :])  # (networks, rows, hidden)
        return np.asarray(np.einsum("knh,kh->n", hidden, self._out) / len(self._in), dtype=np.float64)

    def calibrated(self, outputs: NDArray[np.float64]) -> NDArray[np.float64]:
        """The outputs on the scale on which their logistic, or their softmax, is a probability."""
        return self._slope * outputs + self._intercept
