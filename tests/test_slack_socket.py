"""Socket Mode: what comes in is acknowledged when it was taken, and the connection comes back."""

import threading
from contextlib import contextmanager

import pytest

from integrations.slack.bolt_app import over_socket
from integrations.slack.errors import JournalUnavailable, TokenRefused
from integrations.slack.socket import SocketMode, connections
from tests.slack_local.server import local_slack
from tests.slack_local.world import APP_TOKEN, BOT_USER
from tests.slack_samples import ANNA, RAAD, small_bot


@pytest.fixture
def slack():
    with local_slack() as running:
        running.world.channel(RAAD, running.world.user(ANNA))
        yield running


@contextmanager
def connected(slack, take, **options):
    socket = SocketMode(
        connections(APP_TOKEN, address=slack.address), take, first_pause=0.01, longest_pause=0.05, **options
    )
    thread = threading.Thread(target=socket.run)
    thread.start()
    try:
        yield socket
    finally:
        socket.stop()
        thread.join(20)
        assert not thread.is_alive()


def test_a_mention_is_acknowledged_and_answered_once(slack, tmp_path):
    with small_bot(slack, tmp_path) as (app, _), connected(slack, lambda one: over_socket(app, one)):
        ts = slack.say(RAAD, ANNA, f"<@{BOT_USER}> hoeveel?")
        slack.world.wait(lambda: slack.world.by_bot(RAAD, ts))
        assert slack.command(ANNA, RAAD, "hoeveel?")["text"] == "Je vroeg: hoeveel?"
    assert len(slack.world.by_bot(RAAD, ts)) == 1
    assert slack.undelivered == []


def test_what_could_not_be_taken_comes_again(slack):
    tries = []

    def take(payload):
        tries.append(payload)
        if len(tries) == 1:
            raise JournalUnavailable("vol")
        return len(tries) > 2, None

    from tests.slack_local import wire

    patience, wire.ACK_SECONDS = wire.ACK_SECONDS, 0.5
    try:
        with connected(slack, take):
            slack.say(RAAD, ANNA, "hoeveel?")
    finally:
        wire.ACK_SECONDS = patience
    assert len(tries) == 3
    assert slack.undelivered == []


def test_the_connection_comes_back_and_is_said_once(slack, tmp_path, caplog):
    with small_bot(slack, tmp_path) as (app, _), connected(slack, lambda one: over_socket(app, one)):
        slack.say(RAAD, ANNA, "een")
        slack.fail("apps.connections.open", "http500", times=9)
        slack.drop_connections()
        ts = slack.say(RAAD, ANNA, "twee")
        slack.world.wait(lambda: slack.world.by_bot(RAAD, ts))
    assert slack.undelivered == []
    assert caplog.text.count("HTTP 500") == 1


def test_a_token_that_is_refused_at_the_start_ends_it(slack):
    socket = SocketMode(connections("xapp-vreemd", address=slack.address), lambda _: (True, None))
    with pytest.raises(TokenRefused):
        socket.run()


def test_what_is_under_way_at_the_end_is_acknowledged(slack):
    begun, go_on = threading.Event(), threading.Event()

    def take(payload):
        begun.set()
        assert go_on.wait(20)
        return True, None

    with connected(slack, take) as socket:
        saying = threading.Thread(target=slack.say, args=(RAAD, ANNA, "hoeveel?"))
        saying.start()
        assert begun.wait(20)
        socket.stop()
        go_on.set()
        saying.join()
    assert len(slack.acknowledged) == 1
