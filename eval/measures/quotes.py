"""Quotes that are exact, and statements that have none: what must never go wrong."""

from eval.measures.measure import Measure
from eval.records import Outcome


def _exact(outcome: Outcome) -> float | None:
    cited = outcome.given.citations if outcome.given else ()
    return sum(one.exact for one in cited) / len(cited) if cited else None


def _uncited(outcome: Outcome) -> float | None:
    """The number of statements without a citation, or with one that is not there."""
    if outcome.given is None:
        return None
    there = {one.number for one in outcome.given.citations}
    return float(sum(not one.citations or not there.issuperset(one.citations) for one in outcome.given.statements))


EXACT = Measure(
    "quotes_exact",
    "Letterlijke citaten",
    "Deel van de citaten dat teken voor teken in het document staat, op de genoemde pagina.",
    "trust",
    _exact,
)
UNCITED = Measure(
    "uncited",
    "Uitspraken zonder citaat",
    "Hoeveel uitspraken een antwoord gemiddeld heeft waar geen citaat bij staat.",
    "trust",
    _uncited,
    better="lower",
    unit="count",
)
