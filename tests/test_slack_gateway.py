"""The gateway: Slack's errors as ours, and patience where that helps, against the local Slack."""

import re
import select
import socket
import threading
from contextlib import closing, suppress

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
    with closing(Gateway(BOT_TOKEN, address=slack.address, seconds=5)) as opened:
        yield opened


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


def test_calls_go_over_one_connection_after_another(slack, gateway):
    slack.wire.callers.clear()
    for number in range(5):
        assert gateway.post(RAAD, {"text": f"Dag {number}"})
    assert len(slack.wire.callers) == 1
    gateway.close()
    assert gateway.post(RAAD, {"text": "Dag"})
    assert len(slack.wire.callers) == 2


class Fleeting:
    """A server that ends each connection after one answer without saying so, or gives its second no answer at all."""

    def __init__(self, answers: int) -> None:
        self.requests: list[bytes] = []
        self._answers = answers
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}/api/"
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                with connection:
                    for _ in range(self._answers):
                        self._answer(connection)
                    if self._answers > 1:
                        self._read(connection)

    def _read(self, connection: socket.socket) -> None:
        """Reads a whole request, of which the head and the body may come one after the other."""
        request = b""
        while (end := request.find(b"\r\n\r\n")) < 0 or len(request) < end + 4 + _length(request[:end]):
            if not (more := connection.recv(65_536)):
                raise ConnectionError("the other side has ended it")
            request += more
        self.requests.append(request)

    def _answer(self, connection: socket.socket) -> None:
        self._read(connection)
        said = b'{"ok": true, "ts": "1.5", "user_id": "U0ASSISTENT"}'
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
        connection.sendall(head.encode() + said)


def test_a_connection_that_slack_has_ended_is_not_used_again():
    with Fleeting(1) as server, closing(Gateway(BOT_TOKEN, address=server.address, seconds=5)) as gateway:
        for _ in range(3):
            assert gateway.post(RAAD, {"text": "Dag"}) == "1.5"
            _until_ended(gateway)
    assert len(server.requests) == 3


def test_a_message_that_got_no_answer_is_not_sent_twice():
    """It may have been posted; whoever asks again looks first."""
    with Fleeting(2) as server, closing(Gateway(BOT_TOKEN, address=server.address, seconds=5)) as gateway:
        for _ in range(2):
            gateway.post(RAAD, {"text": "Dag"})
        with pytest.raises(SlackUnavailable):
            gateway.post(RAAD, {"text": "Dag"})
        assert len(server.requests) == 3
        assert gateway.identity().user == BOT_USER


def _length(head: bytes) -> int:
    """How long the body is of a request with this head."""
    found = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    return int(found[1]) if found else 0


def _until_ended(gateway: Gateway) -> None:
    """Returns when the end of the connection that is kept has come in."""
    [(_, kept)] = gateway._calls._connections._idle
    assert select.select([kept.sock], [], [], 10)[0]
