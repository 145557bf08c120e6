"""An evaluation as a person reads it in a terminal of 80 columns.

What comes out of documents and questions is shown as it is: never as markup, and without what a terminal obeys.
"""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.compare import Comparison
from eval.gates import Checked
from eval.measures import SUITES
from eval.measures.measure import Measure
from eval.messages import checked_text
from eval.records import Estimates, Evaluation
from eval.report.findings import (
    NO_DIFFERENCE,
    Meaning,
    counted,
    difference_text,
    failed_gates,
    has_passed,
    left_out_text,
    main_measures,
    meaning,
    one_line,
    opinion_text,
    verdict_text,
)
from eval.report.marks import kind_text
from eval.report.numbers import interval_text, value_text

MOST_GATES = 25
MOST_FAILED = 10
LONGEST = 200
GATE_MARKS = {True: ("✓ ", "green"), False: ("✗ ", "bold red"), None: ("– ", "yellow")}
MEANINGS: dict[Meaning, tuple[str, str]] = {
    "better": (" ▲ beter", "green"),
    "worse": (" ▼ slechter", "bold red"),
    "unclear": (" ≈", "dim"),
    "same": (" =", "dim"),
    "untested": ("", ""),
}
LEGEND = f"≈ {NO_DIFFERENCE}; = gelijk; zonder teken: niet getoetst."
# Of each kind of question: a heading, and the measures of which the first that says something is shown.
COLUMNS = (
    ("Gevonden", ("R@5",)),
    ("Feiten", ("facts",)),
    ("Bewijs", ("evidence",)),
    ("“Niet gevonden”", ("refused_answerable", "refusal_recall")),
)


def show_evaluation(
    console: Console, evaluation: Evaluation, comparison: Comparison | None, checked: Sequence[Checked]
) -> None:
    """Print the verdict, the gates, the main measures with what changed, and the measures by kind of question."""
    style = "bold green" if has_passed(evaluation, checked) else "bold red"
    _say(console, Text(verdict_text(evaluation, checked), style=style if checked or style == "bold red" else "bold"))
    _show_gates(console, checked)
    _show_failed(console, evaluation)
    console.print()
    console.print(_measures(evaluation, comparison, checked))
    if comparison:
        _say(console, Text(f"{LEGEND} {left_out_text(comparison)}".rstrip(), style="dim"))
        _say(console, Text(_tally(comparison)))
    console.print()
    console.print(_kinds(evaluation))
    for line in _notes(evaluation):
        _say(console, Text(line))


def show_check(out: Console, err: Console, found: Sequence[str], *, sound: bool, held: bool) -> None:
    """Print what was found wrong or doubtful in questions; `held`: they were held against a library."""
    for line in found:
        err.print(line, markup=False, highlight=False, soft_wrap=True)
    if not held:
        err.print("Er is nog geen bibliotheek: of de citaten kloppen, is niet gecontroleerd.")
    if sound:
        out.print("De vragen zijn te gebruiken." if found else "De vragen kloppen.", highlight=False)


def _say(console: Console, text: Text) -> None:
    """Print a line; not in a Padding, which would cut it off where lines are left whole, as in a log of CI."""
    console.print(text, highlight=False)


def _show_gates(console: Console, checked: Sequence[Checked]) -> None:
    """A line for each gate, with what was measured; the failing ones first."""
    ordered = [*failed_gates(checked), *(one for one in checked if one.passed is not False)]
    for one in ordered[:MOST_GATES]:
        said = one_line(checked_text(one), LONGEST)
        _say(console, Text.assemble("  ", GATE_MARKS[one.passed], said))
    if len(ordered) > MOST_GATES:
        _say(console, Text(f"  … en nog {counted(len(ordered) - MOST_GATES, 'eis', 'eisen')}"))


def _show_failed(console: Console, evaluation: Evaluation) -> None:
    """The questions that got no answer because something broke."""
    failed = [outcome for outcome in evaluation.outcomes if outcome.failed is not None]
    for one in failed[:MOST_FAILED]:
        said = one_line(f"{one.asked.topic_id}: {one.failed}", LONGEST)
        _say(console, Text.assemble("  ", GATE_MARKS[False], said))
    if len(failed) > MOST_FAILED:
        _say(console, Text(f"  … en nog {counted(len(failed) - MOST_FAILED, 'vraag', 'vragen')}"))


def _measures(evaluation: Evaluation, comparison: Comparison | None, checked: Sequence[Checked]) -> Table:
    table = Table("Meting", box=None, header_style="bold", pad_edge=False)
    for heading in ("Nu", "95%-interval"):
        table.add_column(heading, justify="right")
    if comparison:
        table.add_column("Verschil")
    measures = main_measures(evaluation, checked)
    for suite, label in SUITES.items():
        rows = [measure for measure in measures if measure.suite == suite]
        if rows:
            table.add_row(Text(label, style="bold cyan"))
        for measure in rows:
            found = evaluation.summary.all[measure.name]
            cells = [f"  {measure.label}", value_text(found.value, measure.unit)]
            cells.append(interval_text(found.low, found.high, measure.unit))
            compared = [_compared(measure, comparison, checked)] if comparison else []
            table.add_row(*map(Text, cells), *compared)
    return table


def _compared(measure: Measure, comparison: Comparison, checked: Sequence[Checked]) -> Text:
    change = comparison.by_measure.get(measure.name)
    if change is None:
        return Text()
    return Text.assemble(difference_text(change), MEANINGS[meaning(change, checked)])


def _tally(comparison: Comparison) -> str:
    """How many questions got worse and better in some measure."""
    worse = sum(bool(one.worse) for one in comparison.questions)
    better = sum(bool(one.better) for one in comparison.questions)
    both = len(comparison.compared)
    return (
        f"Van {counted(both, 'vergeleken vraag', 'vergeleken vragen')}: {worse} ergens slechter, {better} ergens beter."
    )


def _kinds(evaluation: Evaluation) -> Table:
    table = Table("Soort vraag", box=None, header_style="bold", pad_edge=False)
    for heading in ("Vragen", *(heading for heading, _ in COLUMNS)):
        table.add_column(heading, justify="right")
    kinds = [outcome.asked.kind for outcome in evaluation.outcomes]
    for kind in dict.fromkeys((*evaluation.summary.kinds, *kinds)):
        found = evaluation.summary.kinds.get(kind, {})
        cells = [_first(found, names) for _, names in COLUMNS]
        table.add_row(*map(Text, (one_line(kind_text(kind)), str(kinds.count(kind)), *cells)))
    return table


def _first(found: Estimates, names: Sequence[str]) -> str:
    return next((value_text(found[name].value, "share") for name in names if name in found), "–")


def _notes(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.warnings:
        yield f"{counted(len(evaluation.warnings), 'waarschuwing', 'waarschuwingen')} over de vragen."
    if opinion := opinion_text(evaluation):
        yield opinion
