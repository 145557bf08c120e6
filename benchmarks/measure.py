"""What a program costs, seen from outside: its wall time, and the memory of it and its children."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

ROOT = Path(__file__).parent.parent
EVERY = 0.02  # seconds between two looks at the memory
OFFLINE = {
    "ANONYMIZED_TELEMETRY": "False",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "VNG_ENCODER": "",
    "OPENBLAS_NUM_THREADS": "1",  # as the program itself sets it
}


class ChildFailed(RuntimeError):
    """A program that was measured ended with an error."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a program: wall seconds from start to end, peak memory in MB, and the JSON it printed.

    The memory is the highest sum of resident sizes of the process and its children; memory that they share counts
    for each.
    """

    seconds: float
    peak_mb: float
    output: Any


def python(module: str, *arguments: object) -> list[str]:
    """The command that runs one of our modules in a fresh interpreter."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def command_line(*arguments: object) -> list[str]:
    """The command `vng-assistent` with these arguments."""
    return [str(Path(sys.executable).parent / "vng-assistent"), *map(str, arguments)]


def run(command: Sequence[str], *, accept: Sequence[int] = (0,)) -> Run:
    """What running this command to its end cost. Raises ChildFailed when its exit status is not accepted."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **OFFLINE}, stdout=output, stderr=errors, stdin=subprocess.DEVNULL
        )
        peak = 0
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            peak = max(peak, resident(watched))
            try:
                process.wait(EVERY)
            except subprocess.TimeoutExpired:
                continue
        seconds = time.perf_counter() - started
        output.seek(0)
        errors.seek(0)
        if process.returncode not in accept:
            raise ChildFailed(f"{' '.join(command)} ended with {process.returncode}:\n{errors.read().decode()[-2000:]}")
        text = output.read().decode("utf-8")
    return Run(seconds, peak / 1e6, json.loads(text) if text.strip() else None)


def resident(process: psutil.Process) -> int:
    """The resident bytes of a process and its children; 0 when it has just ended."""
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0
    total = 0
    for member in family:
        try:
            total += member.memory_info().rss
        except psutil.Error:
            continue
    return total


def own_resident_mb() -> float:
    """The resident memory of this process, in MB."""
    return float(psutil.Process().memory_info().rss) / 1e6


def timed(work: Any, items: Sequence[Any]) -> list[float]:
    """The milliseconds that `work` takes for each item."""
    took = []
    for item in items:
        started = time.perf_counter()
        work(item)
        took.append((time.perf_counter() - started) * 1000)
    return took


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99."""
    p50, p95, p99 = np.percentile(milliseconds, [50, 95, 99])
    return {"p50": float(p50), "p95": float(p95), "p99": float(p99)}


def folder_bytes(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
