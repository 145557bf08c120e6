"""The bot for Slack under load: how soon it acknowledges and answers, and whether each question gets one answer.

    python benchmarks/slack.py speed --in-flight 50 --questions 500
    python benchmarks/slack.py once --events 10000

The real bot runs as a process of its own, against the local Slack of the tests. `once` sends each mention as the two
events that Slack makes of it, three in ten again, all out of order, and kills the bot (kill -9) halfway.
"""

import argparse
import os
import random
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ingest.encode import load_encoder
from tests.api_server import publish_corpus
from tests.slack_local.server import LocalSlack, local_slack
from tests.slack_local.world import BOT_USER
from tests.slack_process import running_bot, start_bot, wait_for_bot

CHANNEL, PEOPLE = "C0RAAD", 40
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
    """Print the times while so many people wait for an answer at any moment."""
    took: list[float] = []

    def ask(number: int) -> None:
        began = time.perf_counter()
        user = f"U0P{number % PEOPLE:03}"
        ts = slack.say(CHANNEL, user, f"<@{BOT_USER}> {QUESTIONS[number % len(QUESTIONS)]}")
        slack.world.wait(lambda: slack.world.by_bot(CHANNEL, ts), 120)
        took.append(time.perf_counter() - began)

    with running_bot(slack, data, **settings):
        ask(0)
        took.clear()
        slack.acknowledged.clear()
        with ThreadPoolExecutor(in_flight) as people:
            list(people.map(ask, range(questions)))
    show("acknowledged", slack.acknowledged)
    show("answered", took)
    print(f"{in_flight} in flight, {questions} questions")


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
