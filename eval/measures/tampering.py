"""False statements that get through: made from each answer, and put to the same verifier. See `eval.tamper`."""

from eval.measures.measure import Measure
from eval.records import Outcome


def _shown(outcome: Outcome) -> float | None:
    tampered = outcome.tampered
    return len(tampered.shown) / tampered.proposed if tampered and tampered.proposed else None


SHOWN = Measure(
    "tampered_shown",
    "Onware uitspraken doorgelaten",
    "Deel van de opzettelijk onware uitspraken dat door de controle komt.",
    "trust",
    _shown,
    better="lower",
)
