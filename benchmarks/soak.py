"""All sorts of work for a long time, to see whether memory grows: questions, searches, pages, exports, readers that
leave halfway, opinions, and now and then a library that is published anew.
"""

import asyncio
import json
import os
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from urllib.parse import quote

import numpy as np

from benchmarks.http_client import Client, Reply
from benchmarks.measure import OFFLINE, ROOT, python
from benchmarks.pages import ask_form, ask_on_page
from benchmarks.served import Served

EVERY = 10.0  # seconds between two looks at the memory
PUBLISH_EVERY = 120.0  # seconds, where nothing else is said
WARM_SHARE = 0.4  # of the time, after which growth is counted
CLIENTS = 4
_JSON = ("Content-Type: application/json",)
_HTML = ("Accept: text/html",)
_PUBLISH = """
import sys
from pathlib import Path
from ingest.encode import load_encoder
from ingest.publish import publish

if __name__ == "__main__":
    publish([Path(sys.argv[1])], Path(sys.argv[2]), load_encoder(None))
"""


class Visitor:
    """Somebody who does all sorts of things, one after the other."""

    def __init__(self, port: int, asked: Sequence[str], documents: Sequence[str], chance: random.Random) -> None:
        self._client = Client(port)
        self._asked = asked
        self._documents = documents
        self._chance = chance
        self._csrf = ""
        self._answers: list[str] = []
        self.done: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()

    async def step(self) -> None:
        """Do one thing."""
        works: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self._ask, 6),
            (self._ask_page, 3),
            (self._search, 3),
            (self._look, 6),
            (self._take_along, 3),
            (self._say, 2),
            (self._leave, 2),
        ]
        [(work, _)] = self._chance.choices(works, [weight for _, weight in works])
        name = work.__name__.lstrip("_")
        self.done[name] += 1
        try:
            await work()
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            self.wrong[f"{name}: {error!r}"[:120]] += 1

    async def _send(self, method: str, path: str, body: bytes = b"", headers: tuple[str, ...] = ()) -> Reply:
        reply = await self._client.send(method, path, body, headers)
        if reply.status >= 400:
            raise ValueError(f"{method} {path.partition('?')[0]}: {reply.status}")
        return reply

    def _question(self) -> str:
        return self._chance.choice(self._asked)

    async def _ask(self) -> None:
        reply = await self._send("POST", "/v1/answers", json.dumps({"question": self._question()}).encode(), _JSON)
        self._answers = [*self._answers[-50:], json.loads(reply.body)["answerId"]]

    async def _ask_page(self) -> None:
        self._csrf = self._csrf or await ask_form(self._client)
        await ask_on_page(self._client, self._question(), self._csrf)

    async def _search(self) -> None:
        await self._send("GET", f"/v1/passages?q={quote(self._question())}")

    async def _look(self) -> None:
        document = self._chance.choice(self._documents)
        paths = ["/", "/documenten", f"/documenten/{document}", f"/documenten/{document}?zoek=gemeente", "/over"]
        await self._send("GET", self._chance.choice(paths), headers=_HTML)

    async def _take_along(self) -> None:
        if self._answers:
            suffix = self._chance.choice(["docx", "odt", "md"])
            await self._send("GET", f"/antwoorden/{self._chance.choice(self._answers)}/bestand.{suffix}")

    async def _say(self) -> None:
        if self._answers:
            said = {"answerId": self._chance.choice(self._answers), "helpful": self._chance.random() < 0.7}
            await self._send("POST", "/v1/feedback", json.dumps(said).encode(), _JSON)

    async def _leave(self) -> None:
        body = json.dumps({"question": self._question()}).encode()
        most = self._chance.choice([1, 200, 4000])
        await self._client.start("POST", "/v1/answers", body, (*_JSON, "Accept: text/event-stream"), most=most)


async def soak(
    served: Served,
    data: Path,
    asked: Sequence[str],
    *,
    minutes: float,
    rate: float,
    publish_every: float = PUBLISH_EVERY,
) -> str:
    """Go on for so many minutes at about this many requests a second; -> what was done, and how memory went.

    After each `publish_every` seconds a new version of the library is made.
    """
    client = Client(served.port)
    listed = json.loads((await client.send("GET", "/v1/documents")).body)["documents"]
    await client.close()
    chance = random.Random(1)
    visitors = [Visitor(served.port, asked, [one["docId"] for one in listed], chance) for _ in range(CLIENTS)]
    until = time.monotonic() + 60 * minutes
    samples: list[tuple[float, dict[int, float]]] = []
    published = [0]
    await asyncio.gather(
        *(_visit(one, until, CLIENTS / rate) for one in visitors),
        _watch(served, until, samples),
        _publish(data, until, publish_every, published),
    )
    done = sum((one.done for one in visitors), Counter())
    wrong = sum((one.wrong for one in visitors), Counter())
    return "\n".join(
        [
            f"{sum(done.values())} requests in {minutes:g} minutes, {published[0]} times a new library; load average "
            f"{os.getloadavg()[0]:.1f}",
            ", ".join(f"{name} {count}" for name, count in done.most_common()),
            f"failed: {dict(wrong) or 'none'}",
            "",
            *growth_table(samples),
        ]
    )


def growth_table(samples: Sequence[tuple[float, dict[int, float]]]) -> list[str]:
    """For each process, and for all together: its memory along the way, and the growth an hour after the start."""
    lines = ["| process | start | after warm-up | end | most | growth an hour, after warm-up |", "|---|" + "---:|" * 5]
    first = samples[0][0]
    span = samples[-1][0] - first
    whole = [(at, {0: sum(found.values())}) for at, found in samples]
    for name, series in [("all", whole), *((str(pid), samples) for pid in samples[-1][1])]:
        pid = 0 if name == "all" else int(name)
        points = [(at - first, found[pid]) for at, found in series if pid in found]
        later = [one for one in points if one[0] >= WARM_SHARE * span]
        if len(later) < 3:
            continue
        slope = float(np.polyfit([at for at, _ in later], [mb for _, mb in later], 1)[0]) * 3600
        cells = (points[0][1], later[0][1], points[-1][1], max(mb for _, mb in points))
        lines.append(f"| {name} | {' | '.join(f'{mb:.0f} MB' for mb in cells)} | {slope:+.1f} MB |")
    return lines


async def _visit(visitor: Visitor, until: float, pause: float) -> None:
    while time.monotonic() < until:
        started = time.monotonic()
        await visitor.step()
        await asyncio.sleep(max(0.0, pause - (time.monotonic() - started)))


async def _watch(served: Served, until: float, samples: list[tuple[float, dict[int, float]]]) -> None:
    while time.monotonic() < until:
        samples.append((time.monotonic(), served.resident_mb()))
        print(f"{samples[-1][0]:.0f}", *(f"{pid}:{mb:.1f}" for pid, mb in samples[-1][1].items()), flush=True)
        await asyncio.sleep(EVERY)


async def _publish(data: Path, until: float, every: float, published: list[int]) -> None:
    """Publish one small document again and again, with other words."""
    folder = data.parent / "nieuws"
    folder.mkdir()
    script = data.parent / "publish.py"
    script.write_text(_PUBLISH, encoding="utf-8")
    while time.monotonic() + every < until:
        await asyncio.sleep(every)
        text = f"# Nieuws\n\nDit is bericht {published[0]} van de gemeente over de dienstverlening."
        (folder / "nieuws.md").write_text(text, encoding="utf-8")
        command = [python("")[0], str(script), str(folder), str(data)]
        environment = {**os.environ, **OFFLINE, "PYTHONPATH": str(ROOT)}
        process = await asyncio.create_subprocess_exec(*command, env=environment)
        published[0] += await process.wait() == 0
