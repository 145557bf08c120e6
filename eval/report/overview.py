"""What stands on the first page of a report, ready to be filled in."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.compare import Comparison
from eval.gates import Checked
from eval.history import Past, label
from eval.measures import BY_NAME
from eval.messages import checked_text
from eval.records import Estimates, Evaluation, Stamp
from eval.report.findings import counted, failed_gates, has_passed, left_out_text, opinion_text, verdict_text
from eval.report.marks import MARK_MEANINGS, MARK_SYMBOLS, MARK_WORDS, Mark, Tone, kind_text, mark_of
from eval.report.numbers import NOTHING, date_text, value_text
from eval.report.plots import Plot, plots
from eval.report.question_list import Lists, kind_anchors, question_lists
from eval.report.scores import GateRow, MeasureRow, Tile, gate_row, suites, tiles

PER_GROUP = ("R@5", "facts", "evidence", "words")


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The main measures over the questions of one kind, or about one document."""

    name: str
    anchor: str
    count: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The first page of a report."""

    verdict: str
    tone: Tone
    reasons: tuple[str, ...]
    stamp: Stamp
    created: str
    count: int
    baseline: str
    left_out: str
    tiles: tuple[Tile, ...]
    gates: tuple[GateRow, ...]
    suites: tuple[tuple[str, tuple[MeasureRow, ...]], ...]
    plots: tuple[Plot, ...]
    group_columns: tuple[str, ...]
    kinds: tuple[GroupRow, ...]
    documents: tuple[GroupRow, ...]
    marks: tuple[tuple[str, str, str, int], ...]
    lists: Lists
    opinion: str
    warnings: tuple[str, ...]


def overview(
    evaluation: Evaluation,
    comparison: Comparison | None,
    checked: Sequence[Checked],
    history: Sequence[Past],
    hrefs: Sequence[str],
) -> Overview:
    """The first page; `hrefs` are the places of the pages of the questions, in their order."""
    anchors = kind_anchors(evaluation)
    return Overview(
        verdict=verdict_text(evaluation, checked),
        tone=_tone(evaluation, checked),
        reasons=tuple(checked_text(one) for one in failed_gates(checked)),
        stamp=evaluation.stamp,
        created=date_text(evaluation.stamp.created),
        count=len(evaluation.outcomes),
        baseline=_baseline(comparison) if comparison else "",
        left_out=left_out_text(comparison) if comparison else "",
        tiles=tuple(tiles(evaluation, comparison)),
        gates=tuple(map(gate_row, checked)),
        suites=tuple(suites(evaluation, comparison, checked)),
        plots=plots(evaluation, comparison, history),
        group_columns=(*(BY_NAME[name].label for name in PER_GROUP[:-1]), "“Niet gevonden” gezegd", "Woorden"),
        kinds=tuple(
            _group(
                kind_text(kind),
                anchors[kind],
                sum(one.asked.kind == kind for one in evaluation.outcomes),
                evaluation.summary.kinds.get(kind, {}),
            )
            for kind in anchors
        ),
        documents=tuple(
            _group(name, "", sum(name in one.asked.documents for one in evaluation.outcomes), found)
            for name, found in evaluation.summary.documents.items()
        ),
        marks=tuple(_tally(evaluation)),
        lists=question_lists(evaluation, comparison, hrefs),
        opinion=opinion_text(evaluation),
        warnings=evaluation.warnings,
    )


def _tone(evaluation: Evaluation, checked: Sequence[Checked]) -> Tone:
    if not has_passed(evaluation, checked):
        return "bad"
    return "good" if any(one.passed for one in checked) else "same"


def _baseline(comparison: Comparison) -> str:
    """What is compared with, in words."""
    made = f"{label(comparison.baseline)}, gemaakt op {date_text(comparison.baseline.created)}"
    return f"{made}: {counted(len(comparison.compared), 'dezelfde vraag', 'dezelfde vragen')}."


def _group(name: str, anchor: str, count: int, found: Estimates) -> GroupRow:
    refused = found.get("refused_answerable") or found.get("refusal_recall")
    *main, words = (found.get(one) for one in PER_GROUP)
    cells = (*main, refused, words)
    return GroupRow(
        name,
        anchor,
        count,
        tuple(NOTHING if one is None else value_text(one.value, "count" if one is words else "score") for one in cells),
    )


def _tally(evaluation: Evaluation) -> list[tuple[str, str, str, int]]:
    """Each mark with its symbol, its meaning, and how many questions have it."""
    marks = [mark_of(outcome) for outcome in evaluation.outcomes]
    return [
        (MARK_SYMBOLS[mark], MARK_WORDS[mark], MARK_MEANINGS[mark], marks.count(mark)) for mark in Mark if mark in marks
    ]
