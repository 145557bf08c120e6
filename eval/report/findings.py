"""What the reports have in common: the verdict, the measures that matter most, and what a difference amounts to."""

import unicodedata
from collections.abc import Sequence
from typing import Literal

from eval.compare import ALPHA, ROUNDING, Change, Comparison, is_worse
from eval.gates import Checked
from eval.measures import BY_NAME, MEASURES
from eval.measures.measure import Measure
from eval.records import Evaluation
from eval.report.numbers import MINUS, value_text
from eval.table import KIND_WORDS

MAIN = (
    "R@5",
    "nDCG@10",
    "facts",
    "evidence",
    "refusal_recall",
    "refused_answerable",
    "quotes_exact",
    "citation_recall",
    "tampered_shown",
    "latency_p50",
    "failed",
)
KIND_LABELS = {kind: words[:1].upper() + words[1:] for kind, words in KIND_WORDS.items()}
NO_DIFFERENCE = "geen aantoonbaar verschil"
Meaning = Literal["better", "worse", "unclear", "same", "untested"]


def main_measures(evaluation: Evaluation, checked: Sequence[Checked]) -> list[Measure]:
    """The measures of this evaluation that are always shown, and those that a gate is about."""
    wanted = {*MAIN, *(one.gate.measure for one in checked)}
    return [measure for measure in MEASURES if measure.name in wanted and measure.name in evaluation.summary.all]


def failed_gates(checked: Sequence[Checked]) -> list[Checked]:
    """The gates that are not passed."""
    return [one for one in checked if one.passed is False]


def failed_questions(evaluation: Evaluation) -> int:
    """How many questions got no answer because something broke."""
    return sum(outcome.failed is not None for outcome in evaluation.outcomes)


def has_passed(evaluation: Evaluation, checked: Sequence[Checked]) -> bool:
    """Whether no gate failed, and no question."""
    return not failed_gates(checked) and not failed_questions(evaluation)


def verdict_text(evaluation: Evaluation, checked: Sequence[Checked]) -> str:
    """Whether the evaluation passes, in a line."""
    failed, broken = len(failed_gates(checked)), failed_questions(evaluation)
    waiting = sum(one.passed is None for one in checked)
    if failed or broken:
        why = [f"{failed} van de {counted(len(checked), 'eis', 'eisen')} niet gehaald"] if failed else []
        why += [f"{counted(broken, 'vraag', 'vragen')} mislukt"] if broken else []
        return f"Niet geslaagd: {', '.join(why)}"
    if not checked:
        return "Niet getoetst: er zijn geen eisen"
    if waiting == len(checked):
        return "Niet getoetst: er is geen eerdere evaluatie"
    said = f"Geslaagd: {counted(len(checked) - waiting, 'eis', 'eisen')} gehaald"
    return f"{said}, {waiting} niet getoetst (geen eerdere evaluatie)" if waiting else said


def meaning(change: Change, checked: Sequence[Checked]) -> Meaning:
    """What a change amounts to; whether chance explains it is decided at the level of the gate about it, if any."""
    if abs(change.difference) <= ROUNDING:
        return "same"
    if change.adjusted is None:
        return "untested"
    levels = [one.gate.bound for one in checked if one.gate.rule == "not_worse" and one.gate.measure == change.measure]
    if change.adjusted >= (levels[0] if levels else ALPHA):
        return "unclear"
    return "worse" if is_worse(BY_NAME[change.measure], change.difference) else "better"


def difference_text(change: Change) -> str:
    """How much a measure went up or down: "+0,030", "−12 ms"; without a sign where nothing can be seen of it."""
    said = value_text(abs(change.difference), BY_NAME[change.measure].unit)
    if not any(digit in said for digit in "123456789"):
        return said
    return ("+" if change.difference > 0 else MINUS) + said


def change_text(measure: Measure, before: float, now: float) -> str:
    """What a measure was and is, of one question: "Feiten in het antwoord 1,000 → 0,500"."""
    return f"{measure.label} {value_text(before, measure.unit)} → {value_text(now, measure.unit)}"


def left_out_text(comparison: Comparison) -> str:
    """Which questions are not compared, in a sentence; "" where all are."""
    parts = [
        counted(len(found), *words)
        for found, words in (
            (comparison.added, ("nieuwe vraag", "nieuwe vragen")),
            (comparison.removed, ("verdwenen vraag", "verdwenen vragen")),
            (comparison.rewritten, ("gewijzigde vraag", "gewijzigde vragen")),
        )
        if found
    ]
    return f"Niet vergeleken: {', '.join(parts)}." if parts else ""


def opinion_text(evaluation: Evaluation) -> str:
    """What a language model thinks of the answers, in a sentence; "" where none was asked, or none had an opinion."""
    judged = [outcome.judged for outcome in evaluation.outcomes if outcome.judged]
    if not judged:
        return ""
    fluency, completeness = (
        f"{sum(marks) / len(judged):.1f}".replace(".", ",")
        for marks in ([one.fluency for one in judged], [one.completeness for one in judged])
    )
    answers = counted(len(judged), "antwoord", "antwoorden")
    return (
        f"Mening van een taalmodel over {answers}: vloeiend {fluency}, volledig {completeness} (van 5). Telt niet mee."
    )


def counted(count: int, one: str, more: str) -> str:
    """A number with what is counted: "1 vraag", "2 vragen"."""
    return f"{count} {one if count == 1 else more}"


def one_line(text: str, most: int | None = None) -> str:
    """The text on one line of at most so many characters, without any that are not seen or that a terminal obeys."""
    said = " ".join("".join(map(_seen, text)).split())
    return said if most is None or len(said) <= most else said[: most - 1].rstrip() + "…"


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    sort = unicodedata.category(character)
    return "" if sort == "Cf" else "�" if sort in ("Cc", "Cs", "Co") else character
