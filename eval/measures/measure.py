"""What a measure is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eval.records import Outcome

Suite = Literal["retrieval", "answers", "refusals", "trust", "service"]
Unit = Literal["share", "score", "words", "ms", "tokens", "count"]
Better = Literal["higher", "lower", "neither"]
Values = float | tuple[float, ...] | None
SumUp = Callable[..., NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its value for one question, and how those of many are summed up.

    `of` gives None for a question that the measure says nothing of; it gives several values where the sum over
    questions needs several. `sum_up` takes an array for each of these, and the axis of the questions. `label` is what
    it is called in a report, `meaning` one sentence about it. `paired`: values of one question in two runs can be
    compared; `stable`: the same run twice gives the same value.
    """

    name: str
    label: str
    meaning: str
    suite: Suite
    of: Callable[[Outcome], Values]
    better: Better = "higher"
    unit: Unit = "share"
    sum_up: SumUp = np.mean
    paired: bool = True
    stable: bool = True
