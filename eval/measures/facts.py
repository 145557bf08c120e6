"""Fact recall: how much of what an answer should say, it says. Also whether it says all of it."""

from eval.evidence import normalise
from eval.measures.measure import Measure
from eval.records import Outcome


def fact_recall(outcome: Outcome) -> float | None:
    """The share of the facts of which one of the alternatives stands in the answer; 0 where nothing was answered."""
    if not outcome.asked.answerable:
        return None
    if outcome.given is None or outcome.given.refused:
        return 0.0
    said = normalise(outcome.given.text)
    facts = outcome.asked.facts
    return sum(any(normalise(one) in said for one in fact) for fact in facts) / len(facts) if facts else 1.0


def is_right(outcome: Outcome) -> bool:
    """Whether an answer says all it should; an answer to what the documents do not answer never is."""
    return fact_recall(outcome) == 1.0


FACTS = Measure(
    "facts",
    "Feiten in het antwoord",
    "Deel van de verwachte feiten dat in het antwoord staat.",
    "answers",
    fact_recall,
)
ALL_FACTS = Measure(
    "all_facts",
    "Volledig goede antwoorden",
    "Deel van de vragen met een antwoord waarin alle verwachte feiten staan.",
    "answers",
    lambda outcome: float(is_right(outcome)) if outcome.asked.answerable else None,
)
