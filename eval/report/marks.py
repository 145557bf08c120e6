"""What came of a question, in one word."""

from enum import StrEnum
from typing import Literal

from eval.measures.facts import fact_recall
from eval.records import Outcome
from eval.report.findings import KIND_LABELS

Tone = Literal["good", "bad", "same"]


class Mark(StrEnum):
    """What came of a question. Every question has exactly one."""

    GOOD = "good"
    PARTLY = "partly"
    WRONG = "wrong"
    REFUSED_RIGHTLY = "refused_rightly"
    REFUSED_WRONGLY = "refused_wrongly"
    ANSWERED_WRONGLY = "answered_wrongly"  # the documents do not answer it
    FAILED = "failed"


MARK_WORDS: dict[Mark, str] = {
    Mark.GOOD: "goed",
    Mark.PARTLY: "deels goed",
    Mark.WRONG: "fout",
    Mark.REFUSED_RIGHTLY: "terecht “niet gevonden”",
    Mark.REFUSED_WRONGLY: "ten onrechte “niet gevonden”",
    Mark.ANSWERED_WRONGLY: "ten onrechte beantwoord",
    Mark.FAILED: "mislukt",
}
MARK_MEANINGS: dict[Mark, str] = {
    Mark.GOOD: "Alle verwachte feiten staan in het antwoord.",
    Mark.PARTLY: "Een deel van de verwachte feiten staat in het antwoord.",
    Mark.WRONG: "Geen van de verwachte feiten staat in het antwoord.",
    Mark.REFUSED_RIGHTLY: "De documenten geven geen antwoord, en dat zegt de assistent.",
    Mark.REFUSED_WRONGLY: "De documenten geven antwoord, maar de assistent zegt van niet.",
    Mark.ANSWERED_WRONGLY: "De documenten geven geen antwoord, maar de assistent antwoordt toch.",
    Mark.FAILED: "Door een fout kwam er geen antwoord.",
}
MARK_SYMBOLS: dict[Mark, str] = {
    Mark.GOOD: "✓",
    Mark.PARTLY: "◐",
    Mark.WRONG: "✗",
    Mark.REFUSED_RIGHTLY: "✓",
    Mark.REFUSED_WRONGLY: "✗",
    Mark.ANSWERED_WRONGLY: "✗",
    Mark.FAILED: "!",
}
RIGHT = frozenset((Mark.GOOD, Mark.REFUSED_RIGHTLY))
WORST_FIRST = (
    Mark.FAILED,
    Mark.ANSWERED_WRONGLY,
    Mark.WRONG,
    Mark.REFUSED_WRONGLY,
    Mark.PARTLY,
    Mark.GOOD,
    Mark.REFUSED_RIGHTLY,
)


def mark_of(outcome: Outcome) -> Mark:
    """What came of a question."""
    if outcome.given is None:
        return Mark.FAILED
    if not outcome.asked.answerable:
        return Mark.REFUSED_RIGHTLY if outcome.given.refused else Mark.ANSWERED_WRONGLY
    if outcome.given.refused:
        return Mark.REFUSED_WRONGLY
    said = fact_recall(outcome) or 0.0
    return Mark.GOOD if said == 1.0 else Mark.PARTLY if said else Mark.WRONG


def tone_of(mark: Mark) -> Tone:
    """Whether a mark is good news."""
    return "good" if mark in RIGHT else "same" if mark is Mark.PARTLY else "bad"


def kind_text(kind: str) -> str:
    """A kind of question in Dutch; as it stands where it has no name."""
    return KIND_LABELS.get(kind, kind)
