"""Whether citations are right: do they point at the evidence, and do they support what is said?

Precision and recall of citations as in ALCE (Gao, Yen, Yu and Chen: Enabling Large Language Models to Generate Text
with Citations, EMNLP 2023), with one difference. ALCE asks a language model whether a text follows from another; here
that is held word by word (`assistant.support.check`), so that the same answer always gets the same mark.
"""

from eval.measures.measure import Measure
from eval.records import Given, Outcome


def _answered(outcome: Outcome) -> Given | None:
    return outcome.given if outcome.given and outcome.given.statements else None


def _cited_evidence(outcome: Outcome) -> float | None:
    """The share of the evidence that a quote holds, or the passage that the quote is shown in."""
    if not outcome.asked.answerable:
        return None
    if outcome.given is None or outcome.given.refused:
        return 0.0
    cited = {piece for one in outcome.given.citations for piece in (*one.evidence, *one.near)}
    if not outcome.asked.needs_all:
        return float(bool(cited))
    return len(cited) / len(outcome.asked.evidence)


def _pointed(outcome: Outcome) -> float | None:
    """The share of the citations whose quote, or passage, holds evidence."""
    given = _answered(outcome)
    if given is None or not given.citations:
        return None
    return sum(bool(one.evidence or one.near) for one in given.citations) / len(given.citations)


def _recall(outcome: Outcome) -> float | None:
    given = _answered(outcome)
    return sum(one.supported for one in given.statements) / len(given.statements) if given else None


def _precision(outcome: Outcome) -> float | None:
    given = _answered(outcome)
    pointed = sum(len(one.citations) for one in given.statements) if given else 0
    return sum(len(one.needed) for one in given.statements) / pointed if given and pointed else None


EVIDENCE = Measure(
    "evidence",
    "Bewijs aangehaald",
    "Deel van het bewijs dat staat in een citaat, of in de passage eromheen.",
    "answers",
    _cited_evidence,
)
POINTED = Measure(
    "evidence_precision",
    "Citaten die bewijs zijn",
    "Deel van de citaten dat bewijs is, of dat staat in een passage met bewijs.",
    "answers",
    _pointed,
)
RECALL = Measure(
    "citation_recall",
    "Uitspraken die de citaten dragen",
    "Deel van de uitspraken dat helemaal volgt uit de citaten die erbij staan.",
    "trust",
    _recall,
)
PRECISION = Measure(
    "citation_precision",
    "Citaten die nodig zijn",
    "Deel van de citaten dat een uitspraak draagt, of zonder welke zij niet te dragen is.",
    "trust",
    _precision,
)
