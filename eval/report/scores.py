"""The gates and the measures of an evaluation as rows of tables, with what became of them since the baseline."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.compare import Change, Comparison
from eval.gates import Checked
from eval.measures import BY_NAME, MEASURES, SUITES
from eval.measures.measure import Measure
from eval.messages import gate_text
from eval.records import Estimate, Evaluation
from eval.report.findings import NO_DIFFERENCE, Meaning, difference_text, meaning
from eval.report.marks import Tone
from eval.report.numbers import NOTHING, decimals_text, interval_text, p_text, short_text, value_text

# What tells most at a glance.
FIRST = ("R@5", "facts", "refusal_recall", "refused_answerable", "quotes_exact", "latency_p95")
MEANINGS: dict[Meaning, tuple[str, Tone]] = {
    "better": ("▲ beter", "good"),
    "worse": ("▼ slechter", "bad"),
    "unclear": (NO_DIFFERENCE, "same"),
    "same": ("gelijk", "same"),
    "untested": ("niet getoetst", "same"),
}


@dataclass(frozen=True, slots=True)
class GateRow:
    """A gate: its rule in words, its bound, what was measured, and whether that passes."""

    rule: str
    bound: str
    value: str
    mark: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure: its value, and what became of it since the baseline ("" without one)."""

    name: str
    label: str
    meaning: str
    value: str
    interval: str
    count: int
    before: str = ""
    difference: str = ""
    p: str = ""
    verdict: str = ""
    tally: str = ""
    tone: Tone = "same"


@dataclass(frozen=True, slots=True)
class Tile:
    """A measure at a glance."""

    label: str
    value: str
    before: str


def gate_row(one: Checked) -> GateRow:
    """A gate as a row."""
    unit = BY_NAME[one.gate.measure].unit
    tested = one.gate.rule == "not_worse"
    words: dict[bool | None, tuple[str, Tone]] = {
        True: ("✓ gehaald", "good"),
        False: ("✗ niet gehaald", "bad"),
        None: ("– niet getoetst: er is geen eerdere evaluatie", "same"),
    }
    bound, value = (
        None if number is None else _p(number) if tested else value_text(number, unit)
        for number in (one.gate.bound, one.value)
    )
    if value == bound and one.value is not None and one.value != one.gate.bound:
        value = decimals_text(one.value)  # or it would look as if the bound were reached, or not
    lacking = NOTHING if one.passed is None else "niets te meten"
    return GateRow(gate_text(one.gate), bound or "", value or lacking, *words[one.passed])


def _p(number: float) -> str:
    return f"p = {p_text(number)}".replace("= <", "<")


def tiles(evaluation: Evaluation, comparison: Comparison | None) -> list[Tile]:
    """The measures that tell most."""
    changes = comparison.by_measure if comparison else {}
    return [
        Tile(
            BY_NAME[name].label,
            short_text(found.value, BY_NAME[name].unit),
            short_text(changes[name].before, BY_NAME[name].unit) if name in changes else "",
        )
        for name in FIRST
        if (found := evaluation.summary.all.get(name))
    ]


def suites(
    evaluation: Evaluation, comparison: Comparison | None, checked: Sequence[Checked]
) -> list[tuple[str, tuple[MeasureRow, ...]]]:
    """Each suite of measures by its name, with its rows."""
    changes = comparison.by_measure if comparison else {}
    return [
        (label, rows)
        for suite, label in SUITES.items()
        if (
            rows := tuple(
                _measure(measure, found, changes.get(measure.name), checked)
                for measure in MEASURES
                if measure.suite == suite and (found := evaluation.summary.all.get(measure.name))
            )
        )
    ]


def _measure(measure: Measure, found: Estimate, change: Change | None, checked: Sequence[Checked]) -> MeasureRow:
    value = value_text(found.value, measure.unit)
    interval = interval_text(found.low, found.high, measure.unit) or NOTHING
    if change is None:
        return MeasureRow(measure.name, measure.label, measure.meaning, value, interval, found.count)
    verdict, tone = MEANINGS[meaning(change, checked)]
    return MeasureRow(
        measure.name,
        measure.label,
        measure.meaning,
        value,
        interval,
        found.count,
        value_text(change.before, measure.unit),
        difference_text(change),
        NOTHING if change.adjusted is None else p_text(change.adjusted),
        verdict,
        f"{change.better} beter, {change.worse} slechter" if change.better or change.worse else "",
        tone,
    )
