"""The bot as it runs, a process of its own, from a question in Slack to the answer there."""

import random
import threading

import pytest

from tests.api_server import publish_corpus
from tests.slack_local.server import local_slack
from tests.slack_local.world import BOT_USER, SIGNING_SECRET
from tests.slack_process import running_bot, start_bot, wait_for_bot
from tests.slack_samples import ANNA, BRAM, RAAD

QUESTION = "Wat zijn de speerpunten van het woonbeleid?"
EVENTS = 40


@pytest.fixture
def slack():
    with local_slack() as running:
        running.world.channel(RAAD, running.world.user(ANNA), running.world.user(BRAM))
        running.world.channel("D0ANNA", ANNA, kind="im")
        yield running


@pytest.fixture(scope="module")
def data(tmp_path_factory, encoder):
    return publish_corpus(tmp_path_factory.mktemp("bot"), encoder)


def test_a_mention_and_a_direct_question_are_answered_in_their_thread(slack, data):
    with running_bot(slack, data) as process:
        in_channel = slack.say(RAAD, ANNA, f"<@{BOT_USER}> {QUESTION}")
        alone = slack.say("D0ANNA", ANNA, QUESTION)
        for channel, ts in ((RAAD, in_channel), ("D0ANNA", alone)):
            slack.world.wait(lambda channel=channel, ts=ts: slack.world.by_bot(channel, ts), 60)
    assert process.returncode == 0
    assert [len(slack.world.by_bot(RAAD, in_channel)), len(slack.world.by_bot("D0ANNA", alone))] == [1, 1]
    assert slack.world.by_bot(RAAD, in_channel)[0]["metadata"]["event_payload"]["question"] == in_channel
    assert slack.world.complaints == []
    log = (data / "bot.log").read_text(encoding="utf-8")
    assert "xoxb" not in log
    assert "woonbeleid" not in log


def test_each_question_gets_one_answer_also_when_the_bot_is_killed_halfway(slack, data):
    chance = random.Random(7)  # noqa: S311 - the same disorder each time
    first = start_bot(slack, data)
    try:
        wait_for_bot(slack, first, data)
        questions = [
            slack.say(RAAD, chance.choice((ANNA, BRAM)), f"<@{BOT_USER}> {QUESTION}", deliver=False)
            for _ in range(EVENTS)
        ]
        events = [one for ts in questions for one in slack.events_of(RAAD, slack.world.find(RAAD, ts))]
        events += chance.sample(events, len(events) * 3 // 10)
        chance.shuffle(events)
        slack.retries = 20
        senders = [
            threading.Thread(target=lambda part=events[n::4]: [slack.deliver(one) for one in part]) for n in range(4)
        ]
        for one in senders:
            one.start()
        slack.world.wait(lambda: len(slack.world.by_bot(RAAD)) > EVENTS // 4, 120)
    finally:
        first.kill()
        first.wait()
    with running_bot(slack, data):
        for one in senders:
            one.join()
        slack.world.wait(lambda: all(slack.world.by_bot(RAAD, ts) for ts in questions), 120)
    assert slack.undelivered == []
    assert {len(slack.world.by_bot(RAAD, ts)) for ts in questions} == {1}


def test_a_token_that_slack_refuses_is_said_in_dutch(slack, data):
    process = start_bot(slack, data, VNG_SLACK_BOT_TOKEN="xoxb-vreemd")  # noqa: S106
    assert process.wait(120) == 1
    log = (data / "bot.log").read_text(encoding="utf-8")
    assert "Slack kent deze sleutel niet." in log
    assert "xoxb-vreemd" not in log


def test_a_missing_token_is_named(slack, data):
    process = start_bot(slack, data, VNG_SLACK_APP_TOKEN="", VNG_SLACK_SIGNING_SECRET=SIGNING_SECRET)
    assert process.wait(120) == 1
    assert "VNG_SLACK_APP_TOKEN" in (data / "bot.log").read_text(encoding="utf-8")
