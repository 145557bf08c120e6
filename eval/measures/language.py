"""Whether an answer speaks the language of the question. Quotes stay in the language of their document."""

from eval.measures.measure import Measure
from eval.records import Outcome


def _same_language(outcome: Outcome) -> float | None:
    return float(outcome.given.language == outcome.asked.language) if outcome.given else None


LANGUAGE = Measure(
    "language",
    "Taal van de vraag",
    "Deel van de antwoorden in de taal van de vraag; citaten blijven in de taal van het document.",
    "service",
    _same_language,
)
