"""Questions that got no answer because something broke, and answers that had to do without the language model."""

from eval.measures.measure import Measure
from eval.records import Outcome


def _fell_back(outcome: Outcome) -> float | None:
    return float(outcome.given.fell_back is not None) if outcome.given else None


FAILED = Measure(
    "failed",
    "Mislukte vragen",
    "Deel van de vragen waarop door een fout geen antwoord kwam.",
    "service",
    lambda outcome: float(outcome.failed is not None),
    better="lower",
)
FELL_BACK = Measure(
    "fell_back",
    "Zonder taalmodel beantwoord",
    "Deel van de antwoorden dat het ingestelde taalmodel niet kon maken.",
    "service",
    _fell_back,
    better="lower",
    paired=False,
    stable=False,
)
