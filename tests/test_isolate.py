import ctypes
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import errors
from ingest.errors import DamagedFile, EmptyFile, ReadError, ReadOutOfMemory, ReadTimeout
from ingest.isolate import AHEAD_PER_WORKER, run_isolated

ROOT = Path(__file__).parent.parent


def work(item: str) -> str | int:
    """Do what the item says, in a worker."""
    verb, _, rest = item.partition(" ")
    match verb:
        case "wait":
            time.sleep(float(rest))
        case "hang-in-c":
            ctypes.PyDLL(None).sleep(60)  # keeps the interpreter lock, as a stuck parser does
        case "eat":
            return len(bytearray(int(rest) * 1024 * 1024))
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            sys.exit(3)
        case "empty":
            raise EmptyFile(rest)
        case "fail":
            raise ValueError(rest + "\ntweede regel")
        case "chatter":
            print("lawaai op stdout")  # noqa: T201
            os.write(2, b"lawaai op stderr\n")
        case "pid":
            return os.getpid()
    return item.upper()


def outcomes(items: list[str], *, workers: int = 2, timeout_s: float = 30, memory_mb: int = 2000) -> list[object]:
    results = run_isolated(work, items, name=str, workers=workers, timeout_s=timeout_s, memory_mb=memory_mb)
    pairs = list(results)
    assert [item for item, _ in pairs] == items
    return [outcome for _, outcome in pairs]


def test_results_come_in_the_order_of_the_items():
    assert outcomes(["wait 0.3", "b", "c", *map(str, range(50))]) == ["WAIT 0.3", "B", "C", *map(str, range(50))]


def test_no_items_start_no_workers():
    assert outcomes([]) == []


def test_the_task_runs_in_other_processes():
    pids = set(outcomes(["pid"] * 6))
    assert pids
    assert os.getpid() not in pids


def test_one_bad_item_does_not_stop_the_others():
    items = ["a", "die now", "b", "fail kapot", "c", "empty leeg.txt", "d", "exit now", "e"]
    results = outcomes(items)
    assert [result for result in results if isinstance(result, str)] == ["A", "B", "C", "D", "E"]
    died, failed, empty, left = (result for result in results if isinstance(result, ReadError))
    assert isinstance(died, ReadOutOfMemory)
    assert (died.source, died.detail) == ("die now", "2000")
    assert isinstance(failed, DamagedFile)
    assert failed.detail.startswith("ValueError: kapot")
    assert isinstance(empty, EmptyFile)
    assert empty.source == "leeg.txt"
    assert isinstance(left, DamagedFile)


@pytest.mark.parametrize("item", ["wait 60", "hang-in-c"])
def test_an_item_over_its_time_is_ended_and_the_rest_goes_on(item: str):
    started = time.monotonic()
    late, after = outcomes([item, "b"], workers=1, timeout_s=0.5)
    assert isinstance(late, ReadTimeout)
    assert (late.source, late.detail) == (item, "0.5")
    assert after == "B"
    assert time.monotonic() - started < 20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux holds a process to its address space")
def test_an_item_over_its_memory_is_ended_and_the_rest_goes_on():
    too_much, after, enough = outcomes(["eat 600", "b", "eat 20"], workers=1, memory_mb=400)
    assert isinstance(too_much, ReadOutOfMemory)
    assert too_much.detail == "400"
    assert after == "B"
    assert enough == 20 * 1024 * 1024


def test_many_deaths_in_a_row_lose_no_item():
    items = ["die", "a", "die", "die", "b", "die", "die", "die", "c"] * 3
    results = outcomes(items)
    assert [isinstance(result, ReadOutOfMemory) for result in results] == [item == "die" for item in items]


def test_items_are_taken_as_results_are_taken():
    taken = 0

    def items() -> Iterator[str]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield str(number)

    results = run_isolated(work, items(), name=str, workers=2, timeout_s=30, memory_mb=2000)
    for _ in range(5):
        next(results)
    assert taken <= 5 + 2 * AHEAD_PER_WORKER
    results.close()  # type: ignore[attr-defined]


def test_leaving_early_stops_workers_that_are_busy():
    started = time.monotonic()
    results = run_isolated(work, ["a", "wait 60", "hang-in-c"], name=str, workers=2, timeout_s=90, memory_mb=2000)
    assert next(results) == ("a", "A")
    results.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 20


def test_an_interrupt_stops_at_once_and_the_workers_are_silent():
    script = (
        "from tests.test_isolate import work\n"
        "from ingest.isolate import run_isolated\n"
        "if __name__ == '__main__':\n"
        "    items = ['chatter', 'a', 'hang-in-c', 'wait 60']\n"
        "    for item, outcome in run_isolated(work, items, name=str, workers=2, timeout_s=90, memory_mb=2000):\n"
        "        print(outcome, flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "CHATTER\n"
    assert process.stdout.readline() == "A\n"
    os.killpg(process.pid, signal.SIGINT)  # what Ctrl-C does: the whole group gets it
    rest, complaints = process.communicate(timeout=20)
    assert rest == ""
    assert "lawaai" not in complaints
    assert complaints.count("Traceback") == 1  # of the main process, which the command line turns into a sentence
    assert "KeyboardInterrupt" in complaints


def test_every_read_error_survives_the_way_back_from_a_worker():
    for kind in ReadError.__subclasses__():
        copy = pickle.loads(pickle.dumps(kind("map/bestand.pdf", "12")))  # noqa: S301
        assert type(copy) is kind
        assert (copy.source, copy.detail) == ("map/bestand.pdf", "12")
    copy = pickle.loads(pickle.dumps(errors.MetadataError("bronnen.toml", "x")))  # noqa: S301
    assert (copy.path, copy.detail) == ("bronnen.toml", "x")
