"""Servers that are measured: started as a user starts them, watched from outside, and stopped again."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile

import psutil

from benchmarks.corpus import _WORD, _swap
from benchmarks.measure import OFFLINE, ROOT, ChildFailed, command_line, python
from benchmarks.written_questions import WrittenSource, publish_sources
from ingest.encode import load_encoder

START_SECONDS = 300.0
STOP_SECONDS = 40.0


class Served:
    """A server that runs, at a port of this computer."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.port = port
        self._process = psutil.Process(process.pid)

    def family(self) -> list[psutil.Process]:
        """The process and those that it started."""
        return [self._process, *self._process.children(recursive=True)]

    def cpu(self) -> float:
        """The seconds of processor time that all of them have had, those that are gone left out."""
        return sum(sum(one.cpu_times()[:2]) for one in self.family())

    def memory_mb(self) -> float:
        """The memory of all of them; what they share counts once."""
        return float(sum(one.memory_full_info().pss for one in self.family())) / 1e6

    def resident_mb(self) -> dict[int, float]:
        """The resident memory of each of them."""
        return {one.pid: one.memory_info().rss / 1e6 for one in self.family()}


@contextmanager
def ours(data: Path, processes: int) -> Iterator[Served]:
    """Our server of this data directory, that makes answers in so many processes."""
    port = free_port()
    with _running(command_line("serve", "--port", port, "--data", data), port, VNG_PROCESSES=str(processes)) as served:
        yield served


@contextmanager
def peer(data: Path, store: Path) -> Iterator[Served]:
    """The server of the peer, over the same passages."""
    port = free_port()
    with _running(python("benchmarks.peer_server", data, store, port), port) as served:
        yield served


@contextmanager
def _running(command: Sequence[str], port: int, **environment: str) -> Iterator[Served]:
    with TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **OFFLINE, **environment},
            stdout=said,
            stderr=said,
            stdin=subprocess.DEVNULL,
        )
        try:
            until = time.monotonic() + START_SECONDS
            while not _answers(port):
                if process.poll() is not None or time.monotonic() > until:
                    said.seek(0)
                    raise ChildFailed(f"{' '.join(command)} did not start:\n{said.read().decode()[-2000:]}")
                time.sleep(0.1)
            yield Served(process, port)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def make_library(written: Sequence[WrittenSource], data: Path, *, passages: int, seed: int) -> None:
    """Publish the written documents, and copies of them with other words until there are so many passages."""
    import random

    chance = random.Random(seed)
    words = [word for one in written for _, text in one.passages.values() for word in _WORD.findall(text)]
    sources = list(written)
    count = sum(len(one.passages) for one in sources)
    number = 0
    while count < passages:
        number += 1
        for one in written:
            copied = {
                f"{passage_id}-{number}": (heading, _swap(text, words, chance))
                for passage_id, (heading, text) in one.passages.items()
            }
            sources.append(replace(one, name=f"{one.name}-{number}", passages=copied, questions=[]))
            count += len(copied)
    publish_sources(sources, data, load_encoder(None))


def copy_library(data: Path, target: Path) -> None:
    """A copy of a library, so that what is kept of the questions is not put beside the original."""
    shutil.copytree(data / "library", target / "library")
