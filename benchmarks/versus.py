"""Ours next to the LlamaIndex starter, on one folder: each measure of both sides in turn, in the same run."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.corpus import paragraphs_of, questions, sources, varied_copies
from benchmarks.floor import read_all
from benchmarks.measure import Run, command_line, folder_bytes, percentiles, python, run
from benchmarks.report import Compared, Section

Tell = Callable[[str], None]
NOTHING_FOUND = 3  # exit status of `search` and `ask` when the documents do not hold it
SEED = 20250101


def compare(folder: Path, work: Path, *, title: str, runs: int, text_bytes: int, asked: int, tell: Tell) -> Section:
    """The table for one folder. A folder with less text than `text_bytes` is filled up with varied copies."""
    documents = sources(folder)
    has = sum(len(paragraph.encode()) for path in documents for paragraph in paragraphs_of(path))
    corpus = work / "corpus"
    if has < text_bytes:
        files = varied_copies(documents, corpus, text_bytes=text_bytes, seed=SEED)
        made = f"{files} varied copies of its {len(documents)} documents"
    else:
        for path in documents:
            copy = corpus / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        made = f"its {len(documents)} documents"
    asking = questions(corpus, count=asked, seed=SEED)
    megabytes = folder_bytes(corpus) / 1e6

    ingests = _ingest(corpus, work, runs, tell)
    colds = _cold(asking, work, runs, tell)
    warms = _warm(asking, work, runs, tell)

    def speed(side: str) -> float:
        return megabytes / _seconds(ingests[side])

    def quantile(side: str, task: str, name: str) -> float:
        return median(percentiles(one.output[task])[name] for one in warms[side])

    def cold(task: str) -> Compared:
        return Compared(
            f"cold process to first answer: `{task}`", "s", _seconds(colds[task]), _seconds(colds["theirs"])
        )

    rows = [
        Compared("ingest, whole process", "MB/s", speed("ours"), speed("theirs"), better="more"),
        Compared("ingest, whole process", "s", _seconds(ingests["ours"]), _seconds(ingests["theirs"])),
        Compared("ingest, peak memory", "MB", _peak(ingests["ours"]), _peak(ingests["theirs"])),
        cold("search"),
        cold("ask"),
        Compared("warm `search`, p50", "ms", quantile("ours", "search", "p50"), quantile("theirs", "search", "p50")),
        Compared("warm `search`, p95", "ms", quantile("ours", "search", "p95"), quantile("theirs", "search", "p95")),
        Compared("warm `ask`, p50", "ms", quantile("ours", "ask", "p50"), quantile("theirs", "search", "p50")),
        Compared("warm `ask`, p95", "ms", quantile("ours", "ask", "p95"), quantile("theirs", "search", "p95")),
        Compared("answering, peak memory", "MB", _peak(warms["ours"]), _peak(warms["theirs"])),
    ]
    about = (
        f"{made[0].upper()}{made[1:]}: {megabytes:.1f} MB. Reading the bytes alone takes {read_all(corpus):.3f} s. "
        f"Median of {runs} runs, {asked} questions. The starter retrieves passages only, so it stands next to both "
        f"our `search` (passages) and our `ask` (an answer with checked citations)."
    )
    return Section(title, about, rows)


def _seconds(done: list[Run]) -> float:
    return median(one.seconds for one in done)


def _peak(done: list[Run]) -> float:
    return median(one.peak_mb for one in done)


def _stores(work: Path) -> dict[str, Path]:
    return {"ours": work / "ours", "theirs": work / "theirs"}


def _ingest(corpus: Path, work: Path, runs: int, tell: Tell) -> dict[str, list[Run]]:
    """Each side ingests the corpus from nothing, in turn; the last stores stay for the questions."""
    stores = _stores(work)
    commands = {
        "ours": command_line("ingest", corpus, "--data", stores["ours"], "--json"),
        "theirs": python("benchmarks.starter", "ingest", corpus, stores["theirs"]),
    }
    done: dict[str, list[Run]] = {side: [] for side in commands}
    for at in range(runs):
        for side, command in commands.items():
            tell(f"ingest {at + 1}/{runs}: {side}")
            shutil.rmtree(stores[side], ignore_errors=True)
            done[side].append(run(command))
    return done


def _cold(asking: list[str], work: Path, runs: int, tell: Tell) -> dict[str, list[Run]]:
    """A fresh process for each question, from its start to the passages or the answer."""
    stores = _stores(work)
    done: dict[str, list[Run]] = {"search": [], "ask": [], "theirs": []}
    for at, question in enumerate(asking[:runs]):
        tell(f"cold {at + 1}/{runs}")
        for task in ("search", "ask"):
            command = command_line(task, question, "--json", "--data", stores["ours"])
            done[task].append(run(command, accept=(0, NOTHING_FOUND)))
        done["theirs"].append(run(python("benchmarks.starter", "first", question, stores["theirs"])))
    return done


def _warm(asking: list[str], work: Path, runs: int, tell: Tell) -> dict[str, list[Run]]:
    """All questions to a process in which everything is loaded."""
    stores = _stores(work)
    path = work / "questions.json"
    path.write_text(json.dumps(asking), encoding="utf-8")
    modules: dict[str, Any] = {"ours": "benchmarks.ours", "theirs": "benchmarks.starter"}
    done: dict[str, list[Run]] = {side: [] for side in modules}
    for at in range(runs):
        for side, module in modules.items():
            tell(f"warm {at + 1}/{runs}: {side}")
            done[side].append(run(python(module, "warm", path, stores[side])))
    return done
