"""Expected calibration error: how far the confidence that is shown is from how often answers are right.

Naeini, Cooper and Hauskrecht: Obtaining Well Calibrated Probabilities Using Bayesian Binning, AAAI 2015; with ten bins
of equal width, as in Guo, Pleiss, Sun and Weinberger: On Calibration of Modern Neural Networks, ICML 2017. Of the
answers that are shown; one is right when it says all the facts of the question.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.measures.facts import is_right
from eval.measures.measure import Measure
from eval.records import Outcome

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies in [low, high): how many, their mean confidence, and the share right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def confidence_and_right(outcome: Outcome) -> tuple[float, float] | None:
    """The confidence of an answer, and 1 when it is right; None where nothing was answered."""
    if outcome.given is None or outcome.given.refused:
        return None
    return outcome.given.confidence, float(is_right(outcome))


def expected_error(confidence: NDArray[np.float64], right: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
    """The mean distance between confidence and share right, weighed by the answers in each bin, along an axis."""
    bins = np.minimum((np.asarray(confidence) * BINS).astype(int), BINS - 1)
    gap = np.asarray(right, dtype=float) - confidence
    error = sum(np.abs(np.where(bins == number, gap, 0.0).sum(axis=axis)) for number in range(BINS))
    return np.asarray(error / np.shape(gap)[axis])


def reliability(outcomes: Sequence[Outcome]) -> list[Bin]:
    """The bins that hold answers, lowest first."""
    pairs = [pair for outcome in outcomes if (pair := confidence_and_right(outcome))]
    found = []
    for number in range(BINS):
        inside = [(sure, right) for sure, right in pairs if min(int(sure * BINS), BINS - 1) == number]
        if inside:
            sure, right = np.mean(inside, axis=0)
            found.append(Bin(number / BINS, (number + 1) / BINS, len(inside), float(sure), float(right)))
    return found


CALIBRATION = Measure(
    "ece",
    "Afwijking van de zekerheid",
    "Hoe ver de getoonde zekerheid gemiddeld af zit van hoe vaak antwoorden goed zijn; 0 is het best.",
    "answers",
    confidence_and_right,
    better="lower",
    unit="score",
    sum_up=expected_error,
    paired=False,
)
