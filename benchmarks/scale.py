"""Ours alone on a large made-up archive: what each step costs, next to the least it could cost."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.corpus import archive, questions, sources
from benchmarks.floor import read_all
from benchmarks.measure import Run, folder_bytes, percentiles, python, run
from benchmarks.report import Measured, Section
from benchmarks.versus import Tell

SEED = 20250102


def scale(vocabulary_from: Path, work: Path, *, passages: int, asked: int, tell: Tell) -> Section:
    """The table for an archive of about this many passages."""
    folder, data = work / "archive", work / "data"
    tell(f"making {passages:,} passages")
    archive(folder, sources(vocabulary_from), passages=passages, seed=SEED)
    bytes_alone = read_all(folder)
    megabytes = folder_bytes(folder) / 1e6
    asking = work / "questions.json"
    asking.write_text(json.dumps(questions(folder, count=asked, seed=SEED)), encoding="utf-8")

    tell("publishing all of it")
    whole = run(python("benchmarks.ours", "publish", folder, data))
    on_disk = folder_bytes(data) / 1e6
    tell("publishing one more document")
    extra = work / "extra"
    archive(extra, sources(vocabulary_from), passages=1, seed=SEED + 1)
    one_more = next(extra.iterdir()).rename(folder / "een-erbij.md")
    more = run(python("benchmarks.ours", "publish", folder, data))
    tell(f"opening it again, and {asked} questions")
    again = run(python("benchmarks.ours", "reopen", json.loads(asking.read_text(encoding="utf-8"))[0], data))
    warm = run(python("benchmarks.ours", "warm", asking, data))
    floor = run(python("benchmarks.floor", asking, data))

    rows = [
        *_publishing("publish", whole, bytes_alone),
        *_publishing(f"publish one more document ({one_more.stat().st_size:,} bytes)", more, None),
        Measured("library on disk, one version", "MB", on_disk, megabytes),
        Measured("open the library", "s", again.output["open"]),
        Measured("first question after opening", "s", again.output["first"]),
        Measured("fresh process to first passages", "s", again.seconds),
        *_asking(warm.output, floor.output),
        Measured("resident memory after the questions", "MB", warm.output["resident_mb"], floor.output["resident_mb"]),
    ]
    about = (
        f"{whole.output['passages']:,} passages in {whole.output['documents']:,} made-up documents, {megabytes:.0f} "
        f"MB; {asked} questions; one run. The floor of publishing is reading the bytes (in memory by then); that of "
        "disk is the documents themselves; that of a question is one bare look-up in the vector index "
        "and one in the full-text index, of 10 passages each, with vectors and terms made beforehand. `search` asks "
        "each for more. Stage `read` includes taking over what was published before, `lexical` the copy of its indexes."
    )
    return Section(f"{passages:,} passages", about, rows)


def _publishing(name: str, done: Run, floor: float | None) -> Iterator[Measured]:
    yield Measured(name, "s", done.seconds, floor)
    for stage, seconds in done.output["stages"].items():
        yield Measured(f"– of which {stage}", "s", seconds)
    yield Measured(f"{name}: peak memory", "MB", done.peak_mb)


def _asking(ours: dict[str, list[float]], floor: dict[str, list[float]]) -> Iterator[Measured]:
    bare = {name: percentiles(floor[name]) for name in ("lexical", "dense")}
    both = percentiles(np.add(floor["lexical"], floor["dense"]).tolist())
    for task in ("search", "ask"):
        for name, value in percentiles(ours[task]).items():
            yield Measured(f"`{task}`, {name}", "ms", value, both[name])
    for stage, milliseconds in _stages(ours).items():
        known: dict[str, Any] = bare.get(stage, {})
        yield Measured(f"– p95 of {stage}", "ms", percentiles(milliseconds)["p95"], known.get("p95"))


def _stages(ours: dict[str, list[float]]) -> dict[str, list[float]]:
    """Where the time of `ask` goes, question by question: what was not measured by itself is a difference."""
    retrieve, ask = np.array(ours["retrieve"]), np.array(ours["ask"])
    lookups = np.add(ours["lexical"], ours["dense"])
    return {
        "understand": ours["understand"],
        "lexical": ours["lexical"],
        "dense": ours["dense"],
        "fuse and rerank": np.maximum(retrieve - lookups, 0).tolist(),
        "judge, compose and verify": np.maximum(ask - retrieve - np.array(ours["understand"]), 0).tolist(),
    }
