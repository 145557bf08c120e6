"""How long a person waits for an answer, in milliseconds: the middle one, and the one in twenty that takes longest.

Measured while other questions are asked at the same time, on whatever machine this is: compare runs of one machine
only.
"""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.measures.measure import Measure
from eval.records import Outcome


def _percentile(share: float, values: NDArray[np.float64], axis: int = -1) -> Any:
    return np.percentile(values, share, axis=axis)


def _waited(outcome: Outcome) -> float | None:
    return outcome.ask_ms


MEDIAN, SLOW = (
    Measure(
        f"latency_p{share}",
        label,
        meaning,
        "service",
        _waited,
        better="lower",
        unit="ms",
        sum_up=partial(_percentile, share),
        paired=False,
        stable=False,
    )
    for share, label, meaning in (
        (50, "Wachttijd, middelste", "De tijd tot het antwoord op de middelste vraag, op volgorde van tijd."),
        (95, "Wachttijd, langste", "De tijd waarbinnen 95 van de 100 antwoorden er zijn."),
    )
)
