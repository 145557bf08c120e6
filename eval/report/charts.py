"""Charts as SVG that stands in a page: its colours are the custom properties of the page, its text is text.

The same data gives the same bytes. Drawing sets the parameters of matplotlib for as long as it lasts, which holds for
the whole process: not for use in several threads at once.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from io import StringIO
from itertools import pairwise
from typing import TYPE_CHECKING

from eval.measures.calibration import Bin
from eval.report.numbers import value_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 380  # units of the drawing; a page shows it at any width
TEXT = 13
MOST_POINTS = 40  # of a history, the newest
MOST_TICKS = 6
# Drawn with these colours, which then become custom properties of the page.
INK, MUTED, LINE, PAPER, ACCENT, SECOND = (f"#a1b2c{number}" for number in range(6))
PROPERTIES = {
    INK: "ink",
    MUTED: "muted",
    LINE: "line",
    PAPER: "paper",
    ACCENT: "accent",
    SECOND: "second",
}
MARKERS = ("o", "s", "^", "D", "v", "P")


@dataclass(frozen=True, slots=True)
class Dot:
    """A measure with its interval, and what it was in the baseline."""

    label: str
    value: float
    low: float | None
    high: float | None
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """A group of bars with one label; None where there is nothing to measure."""

    label: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """The course of one measure; None where it was not known."""

    label: str
    values: tuple[float | None, ...]


def measures_chart(key: str, title: str, dots: Sequence[Dot]) -> str:
    """Each measure as a dot on a line of its own from 0 to 1, with its interval; the baseline as a diamond below it."""
    with _figure(len(dots) * 36 + 40) as figure:
        axes = _axes(figure)
        for at, dot in enumerate(dots):
            axes.plot([0, 1], [at, at], color=LINE, linewidth=1, zorder=1)
            if dot.low is not None and dot.high is not None:
                axes.plot([dot.low, dot.high], [at, at], color=ACCENT, linewidth=3, zorder=2)
            axes.plot([dot.value], [at], "o", color=ACCENT, markersize=9, zorder=4)
            if dot.before is not None:
                axes.plot(
                    [dot.before], [at], "D", markersize=9, markerfacecolor="none", markeredgecolor=SECOND,
                    markeredgewidth=1.8, zorder=5,
                )  # fmt: skip
            axes.text(0, at - 0.27, dot.label, color=INK, va="bottom")
            axes.text(1, at - 0.27, value_text(dot.value, "score"), color=INK, va="bottom", ha="right")
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(len(dots) - 0.5, -0.85)
        _shares(axes, "x")
        axes.set_yticks([])
        return _svg(figure, key, title)


def reliability_chart(key: str, title: str, bins: Sequence[Bin]) -> str:
    """How often answers are right against how sure they were, with the number of answers; the diagonal is perfect."""
    with _figure(340) as figure:
        axes = _axes(figure)
        axes.plot([0, 1], [0, 1], color=MUTED, linewidth=1.2, linestyle=(0, (5, 4)), zorder=1)
        for one in bins:
            axes.bar(
                one.low, one.right, one.high - one.low, align="edge", color=ACCENT, alpha=0.22, edgecolor=ACCENT,
                linewidth=1, zorder=2,
            )  # fmt: skip
            axes.plot([one.confidence], [one.right], "o", color=ACCENT, markersize=7, zorder=3)
            axes.text((one.low + one.high) / 2, one.right + 0.045, str(one.count), color=INK, ha="center", zorder=4)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1.12)
        _shares(axes, "x")
        _shares(axes, "y")
        axes.set_xlabel("getoonde zekerheid", color=INK)
        axes.set_ylabel("deel dat goed is", color=INK)
        return _svg(figure, key, title)


def latency_chart(key: str, title: str, edges: Sequence[float], counts: Sequence[int], marks: dict[str, float]) -> str:
    """How many answers took how long, with a line for each of the marks."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - takes long to import

    with _figure(300) as figure:
        axes = _axes(figure)
        widths = [high - low for low, high in pairwise(edges)]
        axes.bar(
            edges[:-1], counts, widths, align="edge", color=ACCENT, alpha=0.3, edgecolor=ACCENT, linewidth=1, zorder=2
        )
        top = max(counts)
        for place, (label, at) in enumerate(marks.items()):
            height = top * (1.08 + 0.14 * place)
            left = at > 0.28 * edges[-1]  # else there is no room for the label
            axes.plot([at, at], [0, height], color=SECOND, linewidth=1.8, linestyle=(0, (4, 3)), zorder=3)
            axes.annotate(
                label, (at, height), xytext=(-6 if left else 6, -8), textcoords="offset points",
                ha="right" if left else "left", color=INK, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1},
                zorder=4,
            )  # fmt: skip
        axes.set_ylim(0, top * (1.12 + 0.14 * len(marks)))
        axes.set_xlim(edges[0], edges[-1])
        axes.set_xlabel("milliseconden tot het antwoord", color=INK)
        axes.set_ylabel("aantal vragen", color=INK)
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        return _svg(figure, key, title)


def bars_chart(key: str, title: str, groups: Sequence[Bars], series: Sequence[str]) -> str:
    """A group of bars from 0 to 1 for each label, the first filled and the second only outlined, with their values."""
    thick = 0.3
    with _figure(len(groups) * (len(series) * 19 + 24) + 80) as figure:
        axes = _axes(figure)
        for number, name in enumerate(series):
            known = [(at, one.values[number]) for at, one in enumerate(groups) if one.values[number] is not None]
            places = [at + number * thick for at, _ in known]
            values = [value or 0.0 for _, value in known]
            fill = ACCENT if number == 0 else "none"
            colour = ACCENT if number == 0 else SECOND
            axes.barh(places, values, thick * 0.8, color=fill, edgecolor=colour, linewidth=1.5, label=name, zorder=2)
            for place, value in zip(places, values, strict=True):
                axes.text(value + 0.015, place, value_text(value, "score"), color=INK, va="center", fontsize=TEXT - 1)
        for at, one in enumerate(groups):
            axes.text(0, at - thick * 0.62, one.label, color=INK, va="bottom")
        axes.set_xlim(0, 1.14)
        axes.set_ylim(len(groups) - 0.4, -0.75)
        _shares(axes, "x")
        axes.set_yticks([])
        _legend(figure)
        return _svg(figure, key, title)


def history_chart(key: str, title: str, labels: Sequence[str], lines: Sequence[Line]) -> str:
    """The course of measures from 0 to 1 over the newest runs, each with a marker of its own."""
    labels = labels[-MOST_POINTS:]
    with _figure(290 + 20 * len(lines)) as figure:
        axes = _axes(figure)
        for number, line in enumerate(lines):
            colour = (ACCENT, SECOND, INK)[number % 3]
            values = [float("nan") if value is None else value for value in line.values[-MOST_POINTS:]]
            axes.plot(
                range(len(labels)), values, color=colour, marker=MARKERS[number % len(MARKERS)], markersize=6,
                linewidth=1.8, linestyle="-" if number < 3 else (0, (5, 3)), label=line.label,
            )  # fmt: skip
        step = -(-len(labels) // MOST_TICKS)
        shown = sorted(range(len(labels) - 1, -1, -step))
        axes.set_xticks(shown, [_short(labels[at]) for at in shown], rotation=35, ha="right")
        axes.set_ylim(0, 1.04)
        axes.set_xlim(-0.3, len(labels) - 0.7)
        _shares(axes, "y")
        _legend(figure)
        return _svg(figure, key, title)


@contextmanager
def _figure(height: float) -> Iterator["Figure"]:
    from matplotlib import rc_context  # noqa: PLC0415 - takes long to import
    from matplotlib.figure import Figure  # noqa: PLC0415

    with rc_context(
        {
            "svg.fonttype": "none",
            "font.family": ["DejaVu Sans"],  # comes with matplotlib, so that a chart has the same form everywhere
            "font.size": TEXT,
            "text.parse_math": False,  # a dollar sign is a dollar sign
            "path.simplify": False,
        }
    ):
        yield Figure(figsize=(WIDTH / 72, height / 72), dpi=72, layout="constrained")


def _axes(figure: "Figure") -> "Axes":
    axes = figure.add_subplot()
    axes.set_facecolor("none")
    axes.tick_params(colors=MUTED, length=0, labelsize=TEXT - 1)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.grid(color=LINE, linewidth=0.7)
    axes.set_axisbelow(True)
    return axes


def _shares(axes: "Axes", side: str) -> None:
    ticks = [0, 0.25, 0.5, 0.75, 1]
    (axes.set_xticks if side == "x" else axes.set_yticks)(ticks, ["0", "0,25", "0,5", "0,75", "1"])


def _legend(figure: "Figure") -> None:
    figure.legend(loc="outside lower left", frameon=False, labelcolor=INK, fontsize=TEXT - 1)


def _short(label: str) -> str:
    return label if len(label) <= 12 else label[:11] + "…"


def _svg(figure: "Figure", key: str, title: str) -> str:
    """The figure as an SVG element for in a page; `key` keeps its ids apart from those of other charts."""
    from matplotlib import rc_context  # noqa: PLC0415

    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with rc_context({"svg.hashsalt": key}), StringIO() as file:
        figure.savefig(file, format="svg", transparent=True, metadata=nothing)
        drawn = file.getvalue()
    inside = drawn[drawn.index(">", drawn.index("<svg")) + 1 : drawn.rindex("</svg>")]
    # Rules of style would hold for all of a page.
    inside = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>", "", inside, flags=re.DOTALL)
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', inside))
    # Tags only: what stands between them is text, and escaped.
    body = re.sub(r"<[^>]+>", lambda tag: _for_a_page(tag[0], key, used), inside)
    height = figure.get_figheight() * 72
    return (
        f'<svg class="chart" role="img" aria-labelledby="{key}-titel" viewBox="0 0 {WIDTH} {height:g}" '
        f'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{key}-titel">{escape(title)}</title>{_tight(body)}</svg>'
    )


def _for_a_page(tag: str, key: str, used: set[str]) -> str:
    """A tag with the colours and font of the page, and with an id of this chart's own where something points at it."""
    for colour, name in PROPERTIES.items():
        tag = tag.replace(colour, f"var(--{name})")
    # The family is that of the page; the size is the chart's own.
    tag = re.sub(r" ?font-family: [^;\"]*;?", "", tag)
    tag = re.sub(r"font: (?:[\w ]+ )?([\d.]+)px [^;\"]*", r"font-size: \1px", tag)
    tag = re.sub(r' id="([^"]*)"', lambda found: f' id="{key}-{found[1]}"' if found[1] in used else "", tag)
    return re.sub(r'(href="|url\()#', rf"\g<1>#{key}-", tag)


def _tight(svg: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", svg).strip()
