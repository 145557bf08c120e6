"""How many questions the server answers, and how fast, next to a server of LlamaIndex over the same passages.

    python -m benchmarks.server [--library DATA] [--passages 10000] [--count 1200]
    python -m benchmarks.server --pages                     what a page weighs, and when an answer is there
    python -m benchmarks.server --soak MINUTES              whether memory grows under all sorts of work

Servers and clients share the processors of this computer, and speak over 127.0.0.1 only. The questions are the written
ones, as many of each kind; those of the warm-up are others.
"""

import argparse
import asyncio
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import psutil

from benchmarks.load import Outcome, Target, closed_loop, paced_loop
from benchmarks.measure import OFFLINE, percentiles
from benchmarks.pages import pages_table
from benchmarks.served import Served, copy_library, make_library, ours, peer
from benchmarks.soak import PUBLISH_EVERY, soak
from benchmarks.written_questions import WrittenSource, _written

SEED = 20250109
CLIENTS = 20
RATE = 60.0  # questions a second
OF_KIND = 40
WARM_UP = 100
ENOUGH = 0.95  # of that rate, which clients that wait must reach before it is tried
SECONDS = 90.0  # that one loop may take
READING_AHEAD = 180.0  # seconds at most
QUIET = 4.0  # seconds of next to no work
_OURS, _THEIRS = ("/v1/answers", '{"question": %s}'), ("/api/chat", '{"messages": [{"role": "user", "content": %s}]}')
_HEAD = "| | answers/s | p50 | p95 | p99 | cpu, server | cpu, client | host took | memory | errors |"
Start = Callable[[], AbstractContextManager[Served]]


def chosen_questions(written: Sequence[WrittenSource], seed: int) -> tuple[list[str], list[str]]:
    """Different questions, as many of each kind, in an order without pattern; and others, to warm up with."""
    chance = random.Random(seed)
    by_kind: dict[str, list[str]] = {}
    for one in written:
        for question in one.questions:
            by_kind.setdefault(question.kind, []).append(question.text)
    asked, warm = [], []
    for kind in sorted(by_kind):
        texts = list(dict.fromkeys(by_kind[kind]))
        chance.shuffle(texts)
        asked += texts[:OF_KIND]
        warm += texts[OF_KIND : OF_KIND + WARM_UP // len(by_kind)]
    chance.shuffle(asked)
    return asked, warm


def row(name: str, served: Served, work: Callable[[], Outcome]) -> tuple[str, Outcome]:
    """A row of the table, and the outcome that is in it."""
    before, taken, started = served.cpu(), host_took(), time.monotonic()
    outcome = work()
    spent = served.cpu() - before
    share = (host_took() - taken) / (time.monotonic() - started) / (psutil.cpu_count() or 1)
    if not outcome.milliseconds:
        return f"| {name} | 0 | | | | | | | | {len(outcome.errors)}: {outcome.errors[:3]} |", outcome
    times = percentiles(outcome.milliseconds)
    cells = [
        f"{outcome.rate:.1f}",
        *(f"{times[one]:.0f} ms" for one in ("p50", "p95", "p99")),
        f"{spent / len(outcome.milliseconds) * 1000:.1f} ms an answer",
        f"{outcome.client_cpu / len(outcome.milliseconds) * 1000:.1f} ms",
        f"{share:.1%}",
        f"{served.memory_mb():.0f} MB",
        str(len(outcome.errors)),
    ]
    return f"| {name} | {' | '.join(cells)} |", outcome


def host_took() -> float:
    """Seconds of the processors that a virtual machine wanted and its host gave to others; 0 where this is not told.

    What the host takes makes every answer wait, so that figures of two runs only compare where this is alike.
    """
    return float(getattr(psutil.cpu_times(), "steal", 0.0))


def measure(name: str, start: Start, speaks: tuple[str, str], asked: list[str], warm: list[str], count: int) -> float:
    """Measure one server and print its rows; -> its answers a second, with clients that wait for their answer."""
    with start() as served:
        target = Target(name, served.port, *speaks)
        closed_loop(target, warm, clients=4, count=len(warm), seconds=SECONDS)
        line, _ = row(
            f"{name}, just started, {CLIENTS} clients that wait",
            served,
            lambda: closed_loop(target, asked, clients=CLIENTS, count=count // 2, seconds=SECONDS),
        )
        print(line, flush=True)
        until_quiet(served)
        line, waiting = row(
            f"{name}, {CLIENTS} clients that wait",
            served,
            lambda: closed_loop(target, asked, clients=CLIENTS, count=count, seconds=SECONDS),
        )
        print(line, flush=True)
        # What cannot keep up with this would only grow a queue.
        rate = RATE if waiting.rate > ENOUGH * RATE else max(1.0, 0.8 * waiting.rate)
        line, _ = row(
            f"{name}, {CLIENTS} clients, {rate:.0f} questions a second",
            served,
            lambda: paced_loop(target, asked, clients=CLIENTS, rate=rate, count=min(count, int(rate * SECONDS))),
        )
        print(line, flush=True)
    return waiting.rate


def until_quiet(served: Served) -> None:
    """Returns when a server has read ahead what it can, or does nothing that can be waited for."""
    until = time.monotonic() + READING_AHEAD
    while time.monotonic() < until:
        before = served.cpu()
        time.sleep(QUIET)
        if served.cpu() - before < 0.1 * QUIET:
            return


def compare(data: Path, work: Path, asked: list[str], warm: list[str], count: int) -> None:
    """Print the table of our server, in other processes and in its own, and of the peer."""
    print(f"{len(asked)} questions; load average before: {os.getloadavg()[0]:.1f}; {psutil.cpu_count()} processors\n")
    print(_HEAD, "|---|" + "---:|" * 9, sep="\n", flush=True)
    several = measure("VNG_PROCESSES=2", lambda: ours(data, 2), _OURS, asked, warm, count)
    single = measure("VNG_PROCESSES=0", lambda: ours(data, 0), _OURS, asked, warm, count)
    theirs = measure("LlamaIndex", lambda: peer(data, work / "peer"), _THEIRS, asked, warm, count)
    print(f"\nOurs, in two processes: {several / theirs:.1f} times the answers a second of the peer; ", end="")
    print(f"in one: {single / theirs:.1f} times. Load average after: {os.getloadavg()[0]:.1f}")


def main() -> None:
    """Make a library where none is given, and do what is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path, help="the data directory of a library that there is already")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--count", type=int, default=1_200, help="questions for each row of the table")
    parser.add_argument("--processes", type=int, default=2, help="with --pages and --soak")
    parser.add_argument("--pages", action="store_true")
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    parser.add_argument("--rate", type=float, default=5.0, help="requests a second of the soak")
    parser.add_argument("--publish-every", type=float, default=PUBLISH_EVERY, metavar="SECONDS", help="with --soak")
    chosen = parser.parse_args()
    os.environ.update(OFFLINE)
    written = list(_written())
    asked, warm = chosen_questions(written, SEED)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        data = work / "data"
        if chosen.library:
            copy_library(chosen.library, data)
        else:
            make_library(written, data, passages=chosen.passages, seed=SEED)
        if chosen.pages:
            with ours(data, chosen.processes) as served:
                print(asyncio.run(pages_table(served.port, asked[:30], warm[:10])))
        elif chosen.soak:
            with ours(data, chosen.processes) as served:
                work_done = soak(
                    served,
                    data,
                    asked,
                    minutes=chosen.soak,
                    rate=chosen.rate,
                    publish_every=chosen.publish_every,
                )
                print(asyncio.run(work_done))
        else:
            compare(data, work, asked, warm, chosen.count)


if __name__ == "__main__":
    main()
