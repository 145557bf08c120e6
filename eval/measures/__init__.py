"""The measures, each in a file of its own with its source; here all of them, and their values over many questions."""

from collections.abc import Iterable, Sequence

import numpy as np

from eval.measures import (
    calibration,
    citations,
    cost,
    facts,
    failures,
    language,
    latency,
    length,
    quotes,
    ranking,
    refusal,
    tampering,
)
from eval.measures.measure import Measure, Values
from eval.records import Estimate, Estimates, Outcome, Summary
from eval.topics import KINDS

MEASURES: tuple[Measure, ...] = (
    *ranking.RECALL,
    ranking.RECIPROCAL_RANK,
    ranking.NDCG,
    *ranking.WITHIN,
    facts.FACTS,
    facts.ALL_FACTS,
    citations.EVIDENCE,
    citations.POINTED,
    calibration.CALIBRATION,
    refusal.RECALL,
    refusal.PRECISION,
    refusal.WRONG,
    quotes.EXACT,
    quotes.UNCITED,
    citations.RECALL,
    citations.PRECISION,
    tampering.SHOWN,
    language.LANGUAGE,
    length.WORDS,
    latency.MEDIAN,
    latency.SLOW,
    cost.TOKENS,
    failures.FAILED,
    failures.FELL_BACK,
)
BY_NAME = {measure.name: measure for measure in MEASURES}
SUITES = {
    "retrieval": "Zoeken",
    "answers": "Antwoorden",
    "refusals": "Niet gevonden",
    "trust": "Betrouwbaarheid",
    "service": "Gebruik",
}
RESAMPLES = 1_000
CONFIDENCE = 0.95
SEED = 2026

Measured = dict[str, dict[str, Values]]
"""For each question, by id, the value of each measure by name."""


def measure_each(outcomes: Sequence[Outcome]) -> Measured:
    """The value of every measure for every question."""
    return {outcome.asked.topic_id: {measure.name: measure.of(outcome) for measure in MEASURES} for outcome in outcomes}


def summarise(outcomes: Sequence[Outcome], measured: Measured) -> Summary:
    """The measures over all questions, by kind, and by document that holds evidence."""
    kinds = [kind for kind in KINDS if any(outcome.asked.kind == kind for outcome in outcomes)]
    documents = sorted({name for outcome in outcomes for name in outcome.asked.documents})

    def over(chosen: Iterable[Outcome]) -> Estimates:
        rows = [measured[outcome.asked.topic_id] for outcome in chosen]
        return {
            measure.name: found
            for measure in MEASURES
            if (found := estimate(measure, [row[measure.name] for row in rows]))
        }

    return Summary(
        all=over(outcomes),
        kinds={kind: over(one for one in outcomes if one.asked.kind == kind) for kind in kinds},
        documents={name: over(one for one in outcomes if name in one.asked.documents) for name in documents},
    )


def estimate(measure: Measure, values: Sequence[Values]) -> Estimate | None:
    """What the values of several questions come to; None where the measure says nothing of any of them.

    The interval is the percentile bootstrap over questions (Efron and Tibshirani: An Introduction to the Bootstrap,
    1993). Where all values are alike it has no width, which says more about their number than about the measure.
    """
    known = [value if isinstance(value, tuple) else (value,) for value in values if value is not None]
    if not known:
        return None
    columns = tuple(np.array(column, dtype=float) for column in zip(*known, strict=True))
    value = float(measure.sum_up(*columns, axis=-1))
    low, high = _interval(measure, columns)
    if low is not None and high is not None:
        # Samples drawn anew are further off than the questions themselves: a calibration error of 0 would fall outside.
        low, high = min(low, value), max(high, value)
    return Estimate(value=value, low=low, high=high, count=len(known))


def _interval(measure: Measure, columns: tuple[np.ndarray, ...]) -> tuple[float | None, float | None]:
    from scipy.stats import bootstrap  # noqa: PLC0415 - takes long to import

    if len(columns[0]) < 2:
        return None, None
    found = bootstrap(
        columns,
        measure.sum_up,
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return float(found.low), float(found.high)
