"""How long answers are: the median number of words, markers included; 0 where nothing was answered."""

import numpy as np

from eval.measures.measure import Measure

WORDS = Measure(
    "words",
    "Woorden per antwoord",
    "Het aantal woorden van het middelste antwoord, op volgorde van lengte.",
    "service",
    lambda outcome: float(len(outcome.given.text.split())) if outcome.given else None,
    better="neither",
    unit="words",
    sum_up=np.median,
    paired=False,
)
