"""What was measured, as a page of Markdown tables that says on what machine and what code."""

import os
import platform
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import ROOT

RESULTS = Path(__file__).parent / "results"
PEER_PARTS = ("llama-index-core", "chromadb", "sentence-transformers", "torch")


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure of both sides; `better` says which way is better."""

    measure: str
    unit: str
    ours: float
    theirs: float
    better: str = "less"

    @property
    def ratio(self) -> float:
        """How many times better ours is; below 1 it is worse."""
        return self.theirs / self.ours if self.better == "less" else self.ours / self.theirs


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of ours alone; `floor` is the least it could cost, None where there is no such thing."""

    measure: str
    unit: str
    value: float
    floor: float | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A table with a title and a sentence on what was measured."""

    title: str
    about: str
    rows: Sequence[Compared] | Sequence[Measured]


def number(value: float) -> str:
    """A number in three digits that matter."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def _table(rows: Sequence[Compared] | Sequence[Measured]) -> Iterator[str]:
    if rows and isinstance(rows[0], Compared):
        yield "| measure | unit | ours | LlamaIndex starter | ours is better by |\n|---|---|--:|--:|--:|"
    else:
        yield "| measure | unit | ours | floor | times the floor |\n|---|---|--:|--:|--:|"
    for row in rows:
        if isinstance(row, Compared):
            yield f"| {row.measure} | {row.unit} | {number(row.ours)} | {number(row.theirs)} | {row.ratio:.1f}× |"
        elif row.floor:
            times = f"{row.value / row.floor:.1f}×"
            yield f"| {row.measure} | {row.unit} | {number(row.value)} | {number(row.floor)} | {times} |"
        else:
            yield f"| {row.measure} | {row.unit} | {number(row.value)} | | |"


def commit() -> str:
    """The commit that was measured, with "+" when files differ from it; "none" outside git."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "none"
    return found.stdout.strip()


def page(sections: Sequence[Section]) -> str:
    """The whole report."""
    parts = ", ".join(f"{name} {version(name)}" for name in PEER_PARTS)
    lines = [
        f"# Benchmarks, {datetime.now(UTC):%Y-%m-%d}, commit {commit()}",
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
        f"{parts}.",
    ]
    for section in sections:
        lines += [f"## {section.title}", section.about, "\n".join(_table(section.rows))]
    return "\n\n".join(lines) + "\n"


def save(text: str) -> Path:
    """Write the report among the results; -> the file."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{datetime.now(UTC):%Y-%m-%d}-{commit().removesuffix('+')}.md"
    path.write_text(text, encoding="utf-8")
    return path
