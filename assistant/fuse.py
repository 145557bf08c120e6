"""Fusion: one score for a passage out of what each retriever made of it.

Coverage fusion: the lexical side counts by how much of the question it covers, not by rank, so that it hands over
to the vectors exactly where the words do not match. All inputs mean the same in a library of any size.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_Values = TypeVar("_Values", float, NDArray[np.float64])
COVERAGE_WEIGHT = 1.0
COSINE_WEIGHT = 0.35
WINDOW_WEIGHT = 0.35


@dataclass(frozen=True, slots=True)
class Signals:
    """What the retrievers made of one passage.

    `coverage`: the share of the question's terms, by BM25 weight, that it has (0 to 1). `cosine`: of the passage
    with the question. `window`: of its best stretch of one to three sentences with the question; None when
    that was not computed.
    """

    coverage: float
    cosine: float
    window: float | None = None


def fuse(signals: Signals) -> float:
    """The fused score of a passage; higher is better. Without a window, the passage's own cosine stands in for it."""
    window = signals.cosine if signals.window is None else signals.window
    return float(fuse_all(signals.coverage, signals.cosine, window))


def fuse_all(coverages: _Values, cosines: _Values, windows: _Values) -> _Values:
    """The fused score of each of a row of passages."""
    return COVERAGE_WEIGHT * coverages + COSINE_WEIGHT * cosines + WINDOW_WEIGHT * windows
