"""Refusals: whether "niet gevonden" is said where the documents do not answer, and only there."""

from eval.measures.measure import Measure
from eval.records import Outcome


def _refused(outcome: Outcome) -> float | None:
    return float(outcome.given.refused) if outcome.given else None


def _of_answerable(outcome: Outcome) -> float | None:
    return _refused(outcome) if outcome.asked.answerable else None


def _of_unanswerable(outcome: Outcome) -> float | None:
    return None if outcome.asked.answerable else _refused(outcome)


def _precision(outcome: Outcome) -> float | None:
    return float(not outcome.asked.answerable) if _refused(outcome) else None


RECALL = Measure(
    "refusal_recall",
    "Terecht “niet gevonden”",
    "Deel van de vragen zonder antwoord in de documenten waarop “niet gevonden” volgt.",
    "refusals",
    _of_unanswerable,
)
PRECISION = Measure(
    "refusal_precision",
    "“Niet gevonden” dat klopt",
    "Deel van alle keren “niet gevonden” dat klopt.",
    "refusals",
    _precision,
    paired=False,
)
WRONG = Measure(
    "refused_answerable",
    "Ten onrechte “niet gevonden”",
    "Deel van de vragen met een antwoord in de documenten waarop toch “niet gevonden” volgt.",
    "refusals",
    _of_answerable,
    better="lower",
)
