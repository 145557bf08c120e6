"""Ten thousand requests that nobody means well, to a server of our own: pages, forms and API.

python -m benchmarks.fuzz [--requests 10000] [--seed 20250103] [--threads 4]

Half of the addresses and fields are real, the rest is what breaks programs. It fails where a response is a 5xx or lacks
what every response of ours has, where a page holds markup that came in, and where a redirect leads elsewhere.
"""

import argparse
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fuzz_requests import MARK, QUESTIONS, Fuzz, Real, Sent
from benchmarks.measure import OFFLINE, ROOT, command_line
from benchmarks.ours import publish_folder

SEED = 20250103
HOST = "127.0.0.1"
STARTS = 120.0  # seconds in which the server has to be there
PATIENCE = 60.0  # seconds for one response
TRACES = ("Traceback (most recent call last)", "sqlite3.", ".venv/")


@dataclass(frozen=True, slots=True)
class Server:
    """A server on this computer, which only this program knows of."""

    port: int

    def send(self, sent: Sent) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Status, headers and body of the response."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            connection.request(sent.method, sent.path, sent.body or None, sent.headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """A server of a library of the sample documents, in a process of its own, until the end."""
    data = folder / "data"
    publish_folder(ROOT / "voorbeelden" / "documenten", data)
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    own = {name: value for name, value in os.environ.items() if not name.startswith("VNG_")}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command_line("serve", "--host", HOST, "--port", port, "--data", data),
            env={**own, **OFFLINE},
            cwd=folder,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
        try:
            server = Server(port)
            _wait(server, process)
            yield server
            if process.poll() is not None:
                raise SystemExit(f"the server ended by itself, with {process.returncode}")
        finally:
            process.terminate()
            process.wait()


def _wait(server: Server, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTS
    while time.monotonic() < until and process.poll() is None:
        try:
            if server.send(Sent("", "GET", "/health/ready"))[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def what_there_is(server: Server) -> Real:
    """The ids that there are, after a few questions."""
    answers, passages = [], []
    for question in QUESTIONS:
        body = json.dumps({"question": question}).encode()
        _, _, said = server.send(Sent("", "POST", "/v1/answers", body, {"Content-Type": "application/json"}))
        answers.append(json.loads(said))
        passages += [one["passageId"] for one in answers[-1]["passages"]]
    documents = json.loads(server.send(Sent("", "GET", "/v1/documents"))[2])["documents"]
    _, headers, page = server.send(Sent("", "GET", "/"))
    found = re.search(r'name="csrf" value="([^"]+)"', page.decode())
    return Real(
        tuple(one["docId"] for one in documents),
        tuple(passages),
        tuple(one["answerId"] for one in answers),
        tuple(one["conversationId"] for one in answers),
        str(headers["set-cookie"]).partition(";")[0],
        found[1] if found else "",
    )


def wrong(sent: Sent, status: int, headers: http.client.HTTPMessage, body: bytes) -> list[str]:
    """What is wrong with a response; nothing is what it should be."""
    found = [f"status {status}"] if status >= 500 else []
    found += [
        f"no {name}"
        for name in ("X-Request-Id", "Content-Security-Policy", "X-Content-Type-Options")
        if name not in headers
    ]
    if "X-Fuzz" in headers:
        found.append("a header that came in")
    where = headers.get("Location", "/")
    if not where.startswith("/") or where.startswith(("//", "/\\")):
        found.append(f"leads to {where[:80]}")
    text = (
        body.decode("utf-8", "replace") if headers.get("Content-Type", "").startswith(("text/", "application/")) else ""
    )
    if headers.get("Content-Type", "").startswith("text/html") and MARK in text:
        found.append("markup that came in")
    return found + [f"says {trace}" for trace in TRACES if trace in text]


def fuzz(server: Server, made: Iterator[Sent], threads: int) -> tuple[Counter[tuple[str, int]], list[str]]:
    """How often each kind of request got each status, and what was wrong."""
    counts: Counter[tuple[str, int]] = Counter()
    faults: list[str] = []
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                sent = next(made, None)
            if sent is None:
                return
            try:
                status, headers, body = server.send(sent)
                found = wrong(sent, status, headers, body)
            except (OSError, http.client.HTTPException) as error:
                status, found = 0, [f"no response: {type(error).__name__}"]
            with lock:
                counts[sent.kind, status] += 1
                faults.extend(
                    f"{one}: {sent.method} {sent.path[:300]} {sent.headers} {sent.body[:300]!r}" for one in found
                )

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    return counts, faults


def table(counts: Counter[tuple[str, int]]) -> str:
    """The page of Markdown: a row a kind of request, a column a status."""
    kinds, statuses = sorted({kind for kind, _ in counts}), sorted({status for _, status in counts})
    lines = [f"| | {' | '.join(map(str, statuses))} | all |", "|---|" + "---:|" * (len(statuses) + 1)]
    for kind in kinds:
        row = [counts[kind, status] for status in statuses]
        lines.append(f"| {kind} | {' | '.join(map(str, row))} | {sum(row)} |")
    columns = [sum(counts[kind, status] for kind in kinds) for status in statuses]
    return "\n".join([*lines, f"| all | {' | '.join(map(str, columns))} | {sum(columns)} |"])


def main() -> None:
    """Start a server, send the requests, print the table, and fail where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--threads", type=int, default=4)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        made = Fuzz(chosen.seed, what_there_is(server)).requests(chosen.requests)
        counts, faults = fuzz(server, made, chosen.threads)
        log = (Path(folder) / "server.log").read_text(encoding="utf-8", errors="replace").splitlines()
    print(table(counts))
    for one in faults[:40]:
        print(one, file=sys.stderr)
    for at in [at for at, line in enumerate(log) if " failed: " in line][:5]:
        print("\n".join(log[at : at + 60]), file=sys.stderr)
    if faults:
        raise SystemExit(f"{len(faults)} responses are not as they should be")


if __name__ == "__main__":
    main()
