"""Slack over HTTP: only what Slack signed just now is taken, and only at its own path."""

import json
import time
from types import SimpleNamespace

import httpx
import pytest

from api.app import create_app
from integrations.slack.bolt_app import MOST_BODY, is_of_program, slack_asgi
from tests.api_server import open_parts, serving
from tests.slack_local.server import local_slack, signed
from tests.slack_local.world import BOT, BOT_USER
from tests.slack_samples import ANNA, RAAD, small_bot

PATH = "/slack/events"


@pytest.fixture(scope="module")
def running(tmp_path_factory, encoder):
    """A local Slack, the parts of a small bot, and a client of a server that is open to one person."""
    folder = tmp_path_factory.mktemp("slack")
    with local_slack() as slack, small_bot(slack, folder) as (app, parts), open_parts(folder / "d", encoder) as own:
        slack.world.channel(RAAD, slack.world.user(ANNA))
        served = create_app(own, mounts={PATH: slack_asgi(app)})
        with serving(served) as address, httpx.Client(base_url=address, timeout=20) as client:
            slack.events_address = address + PATH
            yield SimpleNamespace(slack=slack, parts=parts, client=client)


def _event(running, text="hoeveel?"):
    ts = running.slack.say(RAAD, ANNA, text, deliver=False)
    message = running.slack.world.find(RAAD, ts)
    return ts, json.dumps(running.slack.events_of(RAAD, message)[0])


def test_a_mention_gets_one_answer_past_a_proxy_and_under_any_name(running):
    slack = running.slack
    ts = slack.say(RAAD, ANNA, f"<@{BOT_USER}> hoeveel?")
    slack.world.wait(lambda: slack.world.by_bot(RAAD, ts))
    other, body = _event(running)
    from_outside = {"Host": "assistent.veldrijk.nl", "X-Forwarded-For": "203.0.113.9", "Origin": "https://elders.nl"}
    assert running.client.post(PATH, content=body, headers={**signed(body), **from_outside}).status_code == 200
    slack.world.wait(lambda: slack.world.by_bot(RAAD, other))
    assert len(slack.world.by_bot(RAAD, ts)) == 1
    assert slack.undelivered == []


@pytest.mark.parametrize(
    "headers",
    [
        lambda body: {},
        lambda body: signed(body, secret="een ander geheim"),  # noqa: S106
        lambda body: signed(body, at=int(time.time()) - 400),
        lambda body: signed(body, at=int(time.time()) + 400),
        lambda body: signed(body + " "),
        lambda body: {**signed(body), "X-Slack-Request-Timestamp": "gisteren"},
    ],
)
def test_what_slack_did_not_sign_just_now_is_refused(running, headers):
    ts, body = _event(running)
    response = running.client.post(PATH, content=body, headers={"Content-Type": "application/json", **headers(body)})
    assert response.status_code in (400, 401)
    assert running.slack.world.by_bot(RAAD, ts) == []


def test_the_same_request_again_does_nothing(running):
    body = "payload=" + json.dumps({"type": "view_closed"})
    command = f"command=%2Fvng&text=hoi&channel_id={RAAD}&user_id={ANNA}&team_id=T0VELDRIJK"
    headers = {**signed(command), "Content-Type": "application/x-www-form-urlencoded"}
    first = running.client.post(PATH, content=command, headers=headers)
    again = running.client.post(PATH, content=command, headers=headers)
    assert (first.status_code, first.text) == (200, "Je vroeg: hoi")
    assert (again.status_code, again.text) == (200, "")
    assert running.client.post(PATH, content=body).status_code in (400, 401)


def test_slack_is_told_its_challenge(running):
    body = json.dumps({"type": "url_verification", "challenge": "abc"})
    response = running.client.post(PATH, content=body, headers={**signed(body), "Content-Type": "application/json"})
    assert response.json() == {"challenge": "abc"}


def test_only_that_path_is_let_past(running):
    body = json.dumps({"type": "event_callback"})
    outside = {**signed(body), "Host": "elders.nl"}
    for path in ("/v1/answers", f"{PATH}/", "/slack", f"{PATH}x"):
        assert running.client.post(path, content=body, headers=outside).status_code in (400, 403, 404, 421)
    assert running.client.get(PATH).status_code == 405
    assert running.client.post(PATH, content=b"a" * (MOST_BODY + 1)).status_code == 413
    assert running.client.post(PATH, content=b"\xff{", headers=signed("x")).status_code in (400, 401)


def test_an_error_of_a_handler_is_logged_without_what_was_said(running, caplog):
    running.slack.click(ANNA, {"action_id": "kapot", "type": "button"})
    running.slack.say(RAAD, ANNA, "en verder?")
    assert "RuntimeError" in caplog.text
    assert "geheim" not in caplog.text


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "bot_id": BOT},
        {"type": "message", "subtype": "bot_message"},
        {"type": "app_mention", "user": BOT_USER},
        {"type": "message", "subtype": "message_changed", "message": {"bot_id": "B0ANDER"}},
        {"type": "message", "subtype": "message_deleted", "previous_message": {"user": BOT_USER}},
    ],
)
def test_programs_are_not_talked_with(event):
    assert is_of_program({"event": event}, BOT_USER)
    assert not is_of_program({"event": {"type": "message", "user": ANNA}}, BOT_USER)
    assert not is_of_program({"event": {"type": "member_joined_channel", "user": BOT_USER}}, BOT_USER)
