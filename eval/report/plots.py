"""The plots of a report: each a chart, what it shows in words, and its data as a table for who cannot see it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from eval.compare import Comparison
from eval.history import Past
from eval.measures import BY_NAME, MEASURES
from eval.measures.calibration import reliability
from eval.measures.measure import Measure
from eval.records import Evaluation
from eval.report.charts import (
    Bars,
    Dot,
    Line,
    bars_chart,
    history_chart,
    latency_chart,
    measures_chart,
    reliability_chart,
)
from eval.report.marks import kind_text
from eval.report.numbers import NOTHING, date_text, interval_text, value_text

OVER_TIME = ("R@5", "facts", "evidence", "refusal_recall", "citation_recall", "refused_answerable")
PER_KIND = ("R@5", "facts")
LATENCY_BINS = 20


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart as an SVG element, with what it shows in words, and its data."""

    key: str
    title: str
    explanation: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def plots(evaluation: Evaluation, comparison: Comparison | None, history: Sequence[Past]) -> tuple[Plot, ...]:
    """The plots that there is something to show in."""
    found = (
        _measures(evaluation, comparison),
        _reliability(evaluation),
        _kinds(evaluation),
        _latency(evaluation),
        _history(history),
    )
    return tuple(plot for plot in found if plot)


def _measures(evaluation: Evaluation, comparison: Comparison | None) -> Plot | None:
    before = {name: change.before for name, change in comparison.by_measure.items()} if comparison else {}
    chosen = list(_shares(evaluation))
    if not chosen:
        return None
    title = "De metingen, met hun onzekerheid"
    dots = [
        Dot(_direction(measure), found.value, found.low, found.high, before.get(measure.name))
        for measure in chosen
        if (found := evaluation.summary.all[measure.name])
    ]
    return Plot(
        "maten",
        title,
        "Een stip is de waarde nu, van 0 tot 1. De dikke lijn is het 95 %-interval: met evenveel andere vragen zou de "
        "waarde daar meestal in liggen." + (" Een open ruit is de eerdere evaluatie." if before else ""),
        measures_chart("maten", title, dots),
        ("Meting", "Waarde", "95 %-interval", *(("Eerder",) if before else ())),
        tuple(
            (
                dot.label,
                value_text(dot.value, "score"),
                interval_text(dot.low, dot.high, "score") or NOTHING,
                *((_known(dot.before),) if before else ()),
            )
            for dot in dots
        ),
    )


def _shares(evaluation: Evaluation) -> Iterator[Measure]:
    """The measures between 0 and 1 that tell how good answers are; first those of which more is better."""
    chosen = [
        measure
        for measure in MEASURES
        if measure.unit in ("share", "score") and measure.suite != "service" and measure.name in evaluation.summary.all
    ]
    yield from sorted(chosen, key=lambda measure: measure.better == "lower")


def _direction(measure: Measure) -> str:
    return f"{measure.label} (lager is beter)" if measure.better == "lower" else measure.label


def _reliability(evaluation: Evaluation) -> Plot | None:
    bins = reliability(evaluation.outcomes)
    if not bins:
        return None
    title = "Klopt de getoonde zekerheid?"
    return Plot(
        "zekerheid",
        title,
        "Een balk is het deel van de antwoorden met deze zekerheid dat goed is; het getal is hoeveel het er zijn. "
        "Hoe dichter de stippen bij de streepjeslijn liggen, hoe beter de zekerheid klopt.",
        reliability_chart("zekerheid", title, bins),
        ("Zekerheid", "Antwoorden", "Gemiddelde zekerheid", "Deel dat goed is"),
        tuple(
            (
                "–".join(value_text(bound, "score")[:3] for bound in (one.low, one.high)),
                str(one.count),
                value_text(one.confidence, "score"),
                value_text(one.right, "score"),
            )
            for one in bins
        ),
    )


def _kinds(evaluation: Evaluation) -> Plot | None:
    counts = {kind: sum(one.asked.kind == kind for one in evaluation.outcomes) for kind in evaluation.summary.kinds}
    groups = [
        Bars(
            f"{kind_text(kind)} ({counts[kind]})",
            tuple(found[name].value if name in found else None for name in PER_KIND),
        )
        for kind, found in evaluation.summary.kinds.items()
        if any(name in found for name in PER_KIND)
    ]
    if not groups:
        return None
    title = "Per soort vraag"
    series = tuple(BY_NAME[name].label for name in PER_KIND)
    return Plot(
        "soorten",
        title,
        f"De volle balk is “{series[0]}”, de open balk “{series[1]}”. Achter de soort staat het aantal vragen: bij "
        "weinig vragen zegt een verschil weinig.",
        bars_chart("soorten", title, groups, series),
        ("Soort (aantal vragen)", *series),
        tuple((one.label, *map(_known, one.values)) for one in groups),
    )


def _latency(evaluation: Evaluation) -> Plot | None:
    times = np.array([one.ask_ms for one in evaluation.outcomes if one.ask_ms is not None], dtype=float)
    if not len(times):
        return None
    title = "Wachttijd"
    # From 0, and never without width: where all answers took no time, the axis still needs some.
    counts, edges = np.histogram(times, bins=LATENCY_BINS, range=(0.0, max(float(times.max()), 1.0)))
    middle, slow = (float(np.percentile(times, share)) for share in (50, 95))
    marks = {f"p50: {value_text(middle, 'ms')}": middle, f"p95: {value_text(slow, 'ms')}": slow}
    return Plot(
        "wachttijd",
        title,
        "Hoeveel vragen na hoeveel milliseconden antwoord kregen. De helft had antwoord bij p50, 95 % bij p95.",
        latency_chart("wachttijd", title, [float(edge) for edge in edges], [int(count) for count in counts], marks),
        ("Milliseconden", "Vragen"),
        tuple(
            (interval_text(float(low), float(high), "ms"), str(count))
            for low, high, count in zip(edges, edges[1:], counts, strict=False)
            if count
        ),
    )


def _history(history: Sequence[Past]) -> Plot | None:
    if len(history) < 2:
        return None
    names = [name for name in OVER_TIME if sum(name in past.values for past in history) > 1]
    if not names:
        return None
    title = "Verloop"
    lines = [Line(BY_NAME[name].label, tuple(past.values.get(name) for past in history)) for name in names]
    lower = ", ".join(BY_NAME[name].label for name in names if BY_NAME[name].better == "lower")
    return Plot(
        "verloop",
        title,
        "De metingen bij de laatste runs, de oudste links. Bij een run staat de commit, met een + als er bestanden "
        "waren gewijzigd." + (f" Lager is beter bij: {lower}." if lower else ""),
        history_chart("verloop", title, [past.label for past in history], lines),
        ("Run", "Datum", *(line.label for line in lines)),
        tuple(
            (past.label, date_text(past.created), *(_known(line.values[at]) for line in lines))
            for at, past in enumerate(history)
        ),
    )


def _known(value: float | None) -> str:
    return NOTHING if value is None else value_text(value, "score")
