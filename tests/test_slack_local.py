"""The local Slack itself: Slack's own client works with it, and it refuses what Slack refuses."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

from tests.slack_local.blocks import complaints
from tests.slack_local.server import local_slack
from tests.slack_local.world import APP_TOKEN, BOT_TOKEN, BOT_USER


@pytest.fixture
def slack():
    with local_slack() as running:
        running.world.channel("C0RAAD", running.world.user("U0ANNA"))
        yield running


@pytest.fixture
def client(slack):
    return WebClient(BOT_TOKEN, base_url=slack.address)


def test_a_message_is_posted_in_its_thread_changed_and_taken_away(slack, client):
    asked = slack.say("C0RAAD", "U0ANNA", "Hallo", deliver=False)
    metadata = {"event_type": "vng_answer", "event_payload": {"question": asked}}
    ts = client.chat_postMessage(channel="C0RAAD", text="Dag", thread_ts=asked, metadata=metadata)["ts"]
    client.chat_update(channel="C0RAAD", ts=ts, text="Dag Anna")
    thread = client.conversations_replies(channel="C0RAAD", ts=asked, include_all_metadata=True)["messages"]
    assert [one["text"] for one in thread] == ["Hallo", "Dag Anna"]
    assert thread[1]["metadata"] == metadata
    client.chat_delete(channel="C0RAAD", ts=ts)
    assert slack.world.by_bot("C0RAAD") == []


@pytest.mark.parametrize(
    ("error", "call"),
    [
        ("channel_not_found", lambda one: one.chat_postMessage(channel="C0ELDERS", text="Dag")),
        ("no_text", lambda one: one.api_call("chat.postMessage", json={"channel": "C0RAAD"})),
        ("message_not_found", lambda one: one.chat_update(channel="C0RAAD", ts="1.000001", text="Dag")),
        ("expired_trigger_id", lambda one: one.views_open(trigger_id="1.2", view=_modal())),
        ("user_not_in_channel", lambda one: one.chat_postEphemeral(channel="C0RAAD", user="U0WIE", text="Dag")),
    ],
)
def test_what_slack_refuses_is_refused(client, error, call):
    with pytest.raises(SlackApiError) as caught:
        call(client)
    assert caught.value.response["error"] == error


def test_another_token_is_refused(slack):
    with pytest.raises(SlackApiError, match="invalid_auth"):
        WebClient("xoxb-vreemd", base_url=slack.address).auth_test()


def test_a_stream_has_its_state_and_expires(slack, client):
    asked = slack.say("C0RAAD", "U0ANNA", "Hallo", deliver=False)
    slack.world.expire_streams_after = 1
    with pytest.raises(SlackApiError, match="missing_recipient"):
        client.chat_startStream(channel="C0RAAD", thread_ts=asked)
    to = {"recipient_user_id": "U0ANNA", "recipient_team_id": "T0VELDRIJK"}
    ts = client.chat_startStream(channel="C0RAAD", thread_ts=asked, markdown_text="Een", **to)["ts"]
    client.chat_appendStream(channel="C0RAAD", ts=ts, markdown_text=" twee")
    with pytest.raises(SlackApiError, match="message_not_in_streaming_state"):
        client.chat_appendStream(channel="C0RAAD", ts=ts, markdown_text=" drie")
    client.chat_update(channel="C0RAAD", ts=ts, text="Een twee drie")
    assert slack.world.by_bot("C0RAAD")[0]["text"] == "Een twee drie"


def test_blocks_over_the_limits_are_refused_and_noted(slack, client):
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "a" * 3001}}]
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        client.chat_postMessage(channel="C0RAAD", text="Dag", blocks=blocks)
    assert "3001 characters" in slack.world.complaints[0]


@pytest.mark.parametrize(
    "block",
    [
        {"type": "section"},
        {"type": "raadsel"},
        {"type": "header", "text": {"type": "mrkdwn", "text": "Kop"}},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "a" * 76}}]},
        {"type": "actions", "elements": []},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": ""}]},
        {"type": "markdown", "text": "a" * 12_001},
        {"type": "context_actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Ja"}}]},
    ],
)
def test_a_block_that_slack_does_not_take(block):
    assert complaints([block])


def test_blocks_that_slack_takes():
    ja = {"text": {"type": "plain_text", "text": "Ja"}, "value": "ja"}
    feedback = {"type": "feedback_buttons", "action_id": "f", "positive_button": ja, "negative_button": ja}
    assert complaints([{"type": "divider"}, {"type": "context_actions", "elements": [feedback]}]) == []
    assert complaints([{"type": "divider"}] * 51)


def test_events_come_over_a_websocket_and_are_acknowledged(slack):
    got = []
    client = SocketModeClient(APP_TOKEN, web_client=WebClient(BOT_TOKEN, base_url=slack.address))

    def listen(own, request):
        got.append(request)
        own.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    client.socket_mode_request_listeners.append(listen)
    client.connect()
    try:
        slack.say("C0RAAD", "U0ANNA", f"<@{BOT_USER}> hoeveel?")
        assert [one.payload["event"]["type"] for one in got] == ["message", "app_mention"]
        assert not slack.undelivered
        assert len(slack.acknowledged) == 2
    finally:
        client.close()


def test_a_limit_is_told_with_how_long_to_wait(slack, client):
    slack.fail("chat.postMessage", "ratelimited", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="C0RAAD", text="Dag")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"


def _modal():
    return {"type": "modal", "title": {"type": "plain_text", "text": "Titel"}, "blocks": []}
