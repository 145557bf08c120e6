"""The bot for Slack under load: how soon it acknowledges and answers, and whether each question gets one answer.

    python benchmarks/slack.py speed --in-flight 50 --questions 500
    python benchmarks/slack.py once --events 10000

The real bot runs as a process of its own, against the local Slack of the tests. `once` sends each mention as the two
events that Slack makes of it, three in ten again, all out of order, and kills the bot (kill -9) halfway.
"""

import argparse
import asyncio
import os
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import psutil

from ingest.encode import load_encoder
from tests.api_server import publish_corpus
from tests.slack_local.server import LocalSlack, local_slack
from tests.slack_local.world import BOT_USER
from tests.slack_process import running_bot, start_bot, wait_for_bot

CHANNEL, PEOPLE = "C0RAAD", 40
WARM_UP, PATIENCE = 20, 120.0  # questions; seconds for an answer
QUESTIONS = ("Wat zijn de speerpunten van het woonbeleid?", "Hoeveel woningen komen er?", "Wie is de wethouder?")


def main() -> None:
    """Run what the command line asks for, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "once"))
    parser.add_argument("--in-flight", type=int, default=50)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--processes", default="", help="VNG_PROCESSES van de bot")
    given = parser.parse_args()
    settings = {"VNG_PROCESSES": given.processes} if given.processes else {}
    with tempfile.TemporaryDirectory() as folder, local_slack() as slack:
        slack.world.channel(CHANNEL, *(slack.world.user(f"U0P{number:03}") for number in range(PEOPLE)))
        data = publish_corpus(Path(folder), load_encoder(None))
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        if given.what == "speed":
            speed(slack, data, given.in_flight, given.questions, settings)
        else:
            once(slack, data, given.events, settings)
        print(f"complaints about blocks: {len(slack.world.complaints)}; not delivered: {len(slack.undelivered)}")


def speed(slack: LocalSlack, data: Path, in_flight: int, questions: int, settings: dict[str, str]) -> None:
    """Print the times while so many people wait for an answer at any moment, and what each answer costs.

    The clock of an answer runs from the moment that its question is sent until its message stands in Slack.
    """
    with running_bot(slack, data, **settings) as bot:
        slack.wire.run(_asked(slack, in_flight, WARM_UP))
        slack.acknowledged.clear()
        called, costs = len(slack.world.calls), Costs(bot.pid)
        began = time.perf_counter()
        took = slack.wire.run(_asked(slack, in_flight, questions))
        seconds = time.perf_counter() - began
        print(f"processor time a question: {costs.each(questions)}; Slack, which checks all blocks, is of this process")
    show("acknowledged", slack.acknowledged)
    show("answered", took)
    calls = Counter(call.method for call in slack.world.calls[called:])
    print("calls:", ", ".join(f"{number / questions:.2f} {method}" for method, number in calls.most_common(4)))
    print(f"{in_flight} in flight, {questions} questions, {questions / seconds:.0f} a second")


async def _asked(slack: LocalSlack, in_flight: int, questions: int) -> list[float]:
    """The seconds that each answer took, while so many people ask, each as soon as he has his answer."""
    numbers, took = iter(range(questions)), list[float]()

    async def person() -> None:
        for number in numbers:
            took.append(await _ask(slack, number))

    await asyncio.gather(*(person() for _ in range(in_flight)))
    return took


async def _ask(slack: LocalSlack, number: int) -> float:
    """The seconds from the events of a question, which Slack sends at once, until its answer is posted."""
    text = f"<@{BOT_USER}> {QUESTIONS[number % len(QUESTIONS)]}"
    ts = slack.say(CHANNEL, f"U0P{number % PEOPLE:03}", text, deliver=False)
    message = slack.world.channels[CHANNEL].by_ts[ts]
    posted: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    slack.world.awaited[CHANNEL, ts] = posted.set_result
    began = time.perf_counter()
    await asyncio.gather(*(slack.hand_over(one) for one in slack.events_of(CHANNEL, message)))
    async with asyncio.timeout(PATIENCE):
        return await posted - began


class Costs:
    """The processor time of the bot, its workers and this process from now on."""

    def __init__(self, bot: int) -> None:
        whole = psutil.Process(bot)
        self._of = {"bot": [whole], "workers": whole.children(recursive=True), "local Slack": [psutil.Process()]}
        self._before = self._now()

    def each(self, questions: int) -> str:
        """The milliseconds of each, over so many questions."""
        spent = {name: (now - self._before[name]) * 1000 / questions for name, now in self._now().items()}
        return ", ".join(f"{name} {spent[name]:.1f} ms" for name in spent if self._of[name])

    def _now(self) -> dict[str, float]:
        return {name: sum(sum(one.cpu_times()[:2]) for one in all_of) for name, all_of in self._of.items()}


def once(slack: LocalSlack, data: Path, events: int, settings: dict[str, str]) -> None:
    """Print how many questions got how many answers, across a kill."""
    chance = random.Random(20260301)
    count = events // 2
    asked = [
        slack.say(
            CHANNEL,
            f"U0P{number % PEOPLE:03}",
            f"<@{BOT_USER}> {QUESTIONS[number % len(QUESTIONS)]}",
            deliver=False,
        )
        for number in range(count)
    ]
    said = {one["ts"]: one for one in slack.world.channels[CHANNEL].messages}
    sent = [one for ts in asked for one in slack.events_of(CHANNEL, said[ts])]
    sent += chance.sample(sent, len(sent) * 3 // 10)
    chance.shuffle(sent)
    slack.retries = 50
    first = start_bot(slack, data, **settings)
    wait_for_bot(slack, first, data)
    began = time.perf_counter()
    senders = [threading.Thread(target=_deliver, args=(slack, sent[n::8])) for n in range(8)]
    for one in senders:
        one.start()
    slack.world.wait(lambda: len(slack.world.called("chat.postMessage")) > count // 2, 3_600)
    first.kill()
    first.wait()
    print(f"killed after {len(slack.world.called('chat.postMessage'))} answers")
    with running_bot(slack, data, **settings):
        for one in senders:
            one.join()
        slack.world.wait(lambda: _answers(slack, asked).count(0) == 0, 3_600)
    found = _answers(slack, asked)
    print(f"{len(sent)} events, {count} questions, {time.perf_counter() - began:.0f} s")
    print("answers a question:", {number: found.count(number) for number in sorted(set(found))})


def _answers(slack: LocalSlack, asked: Sequence[str]) -> list[int]:
    """How many answers each question has."""
    counted = dict.fromkeys(asked, 0)
    for one in slack.world.channels[CHANNEL].messages:
        if one.get("user") == BOT_USER:
            counted[one["thread_ts"]] += 1
    return list(counted.values())


def _deliver(slack: LocalSlack, events: Sequence[dict[str, object]]) -> None:
    for one in events:
        slack.deliver(one)


def show(name: str, seconds: Sequence[float]) -> None:
    """Print the middle and the slow end of some times."""
    ordered = sorted(seconds)
    p50, p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99))
    print(f"{name}: p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms ({len(ordered)})")


if __name__ == "__main__":
    main()
