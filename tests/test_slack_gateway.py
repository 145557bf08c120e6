"""The gateway: Slack's errors as ours, and patience where that helps, against the local Slack."""

import pytest

from integrations.slack.errors import (
    Gone,
    NotInChannel,
    RateLimited,
    Refused,
    SlackUnavailable,
    StreamExpired,
    TokenRefused,
)
from integrations.slack.gateway import Gateway, answer_metadata
from tests.slack_local.server import local_slack
from tests.slack_local.world import BOT_TOKEN, BOT_USER, TEAM
from tests.slack_samples import ANNA, RAAD


@pytest.fixture
def slack():
    with local_slack() as running:
        running.world.channel(RAAD, running.world.user(ANNA))
        running.world.channel("C0SAMEN", ANNA, external=True)
        yield running


@pytest.fixture
def gateway(slack):
    return Gateway(BOT_TOKEN, address=slack.address, seconds=5)


def test_a_reply_stands_in_its_thread_and_is_known_by_its_question(slack, gateway):
    question = slack.say(RAAD, ANNA, "Hoeveel?", deliver=False)
    ts = gateway.post(RAAD, {"text": "Drie", "metadata": answer_metadata(question)}, question)
    asked, said = gateway.replies(RAAD, question)
    assert (asked.ours, asked.user, asked.question) == (False, ANNA, "")
    assert (said.ours, said.ts, said.question, said.thread) == (True, ts, question, question)
    gateway.update(RAAD, ts, {"text": "Vier"})
    assert gateway.replies(RAAD, question)[1].text == "Vier"
    gateway.delete(RAAD, ts)
    gateway.delete(RAAD, ts)
    assert len(gateway.replies(RAAD, question)) == 1


def test_who_and_where_is_asked_once(slack, gateway):
    for _ in range(2):
        assert gateway.identity().user == BOT_USER
        assert (gateway.channel(RAAD).kind, gateway.channel(RAAD).external) == ("channel", False)
        assert gateway.channel("C0SAMEN").external
        assert gateway.members(RAAD) == {ANNA, BOT_USER}
        assert gateway.user(ANNA).team == TEAM
        assert gateway.channel(gateway.direct(ANNA)).kind == "direct"
    assert len(slack.world.called("conversations.members")) == 1
    slack.world.channels[RAAD].members.add(slack.world.user("U0BRAM"))
    gateway.forget(RAAD)
    assert gateway.members(RAAD) == {ANNA, BOT_USER, "U0BRAM"}


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("not_in_channel", NotInChannel),
        ("message_not_found", Gone),
        ("message_not_in_streaming_state", StreamExpired),
        ("invalid_auth", TokenRefused),
        ("internal_error", SlackUnavailable),
        ("http500", SlackUnavailable),
        ("iets_nieuws", Refused),
    ],
)
def test_what_slack_says_is_an_error_of_ours(slack, gateway, word, error):
    slack.fail("chat.postMessage", word, times=9)
    with pytest.raises(error):
        gateway.post(RAAD, {"text": "Dag"})
    assert slack.world.faults[0].times == 8  # a message may have been posted, so it is not tried again here


def test_a_short_limit_is_waited_for_and_a_long_one_is_told(slack, gateway):
    slack.fail("chat.postMessage", "ratelimited", retry_after=0)
    assert gateway.post(RAAD, {"text": "Dag"})
    slack.fail("chat.postMessage", "ratelimited", retry_after=60)
    with pytest.raises(RateLimited) as caught:
        gateway.post(RAAD, {"text": "Dag"})
    assert caught.value.seconds == 60


def test_what_may_happen_twice_is_tried_again(slack, gateway):
    slack.fail("users.info", "http500", times=2)
    assert gateway.user(ANNA).user == ANNA
    slack.fail("users.info", "http500", times=3)
    gateway.forget(ANNA)
    with pytest.raises(SlackUnavailable):
        gateway.user(ANNA)


def test_without_a_server_slack_is_unavailable():
    with pytest.raises(SlackUnavailable):
        Gateway(BOT_TOKEN, address="http://127.0.0.1:9/api/").identity()


def test_it_answers_only_at_addresses_of_slack(slack, gateway):
    gateway.respond(slack.response_url(), {"text": "Dag"}, shared=True)
    assert slack.world.responses == [{"text": "Dag", "response_type": "in_channel", "replace_original": False}]
    for elsewhere in ("http://127.0.0.1:9/respond/1", "file:///etc/passwd", "https://hooks.slack.com.elders.nl/1"):
        with pytest.raises(Refused, match="foreign_address"):
            gateway.respond(elsewhere, {"text": "Dag"})


def test_a_stream_grows_ends_and_can_be_over(slack, gateway):
    question = slack.say(RAAD, ANNA, "Hoeveel?", deliver=False)
    ts = gateway.start_stream(RAAD, question, user=ANNA, team=TEAM, text="Een")
    gateway.append_stream(RAAD, ts, " twee")
    gateway.stop_stream(RAAD, ts, {"text": "", "metadata": answer_metadata(question)})
    said = gateway.replies(RAAD, question)[1]
    assert (said.text, said.question) == ("Een twee", question)
    with pytest.raises(StreamExpired):
        gateway.append_stream(RAAD, ts, " drie")
