"""Generated answers are streamed, statement by statement; a stream that ends too soon loses nothing."""

import pytest

from assistant.generate import Generative
from assistant.llm.language_model import open_model
from tests.api_server import HIDDEN_QUESTION, publish_corpus
from tests.openai_server import Behaviour
from tests.openai_server import serving as model_server
from tests.slack_bot import ANNA, BOARD, CEES, MENTION, OPEN, bot_on

QUESTION = "Hoeveel woningen bouwt Veldrijk tot 2030?"
HOMES = "Tot 2030 bouwt Veldrijk 2.150 woningen."
RENT = "Een derde daarvan is sociale huur."
HIDDEN = "Het project Zilverreiger kost 8,6 miljoen euro."


def written(asked):
    """What the model writes: the statements of the passages that it was given, and one that nothing supports."""
    lines = [f"- {one} [{asked.number_of(one)}] «{one}»" for one in (HOMES, RENT, HIDDEN) if one in asked.prompt]
    return Behaviour("\n".join([*lines, "- Veldrijk is failliet. [1] «Veldrijk is failliet.»"]))


@pytest.fixture(scope="module")
def running(tmp_path_factory, encoder):
    library = publish_corpus(tmp_path_factory.mktemp("slack-bibliotheek"), encoder)
    with model_server(written) as (url, _):
        model = open_model(
            "openai", url=url, model="proefmodel", key="geheim", seconds=20, tokens=300, context_words=2_500
        )
        folder = tmp_path_factory.mktemp("slack-bot")
        with bot_on(
            library,
            encoder,
            folder,
            generator=Generative(model, 2_500),
            llm="openai",
            llm_url=url,
            llm_model="proefmodel",
        ) as bot:
            yield bot


@pytest.fixture
def bot(running):
    running.world.expire_streams_after = None
    yield running
    running.world.expire_streams_after = None
    assert running.world.complaints == []
    assert "failliet" not in running.everything()


def test_a_generated_answer_is_streamed_in_a_direct_message(bot):
    started = len(bot.world.called("chat.startStream"))
    ts, reply = bot.ask("D0CEES", CEES, QUESTION)
    assert "2.150 woningen" in reply["text"]
    assert "sociale huur" in reply["text"]
    assert reply["blocks"]
    bot.world.wait(lambda: len(bot.world.called("chat.startStream")) == started + 1)
    assert len(bot.world.by_bot("D0CEES", ts)) == 1


def test_a_stream_in_a_channel_says_for_whom_it_is(bot):
    bot.ask(BOARD, ANNA, f"{MENTION} {QUESTION}")
    call = bot.world.wait(lambda: bot.world.called("chat.startStream"))[-1]
    assert call.arguments["recipient_user_id"] == ANNA
    assert call.arguments["recipient_team_id"] == "T0VELDRIJK"


def test_a_stream_that_expires_is_completed_in_its_place(bot):
    bot.world.expire_streams_after = 0
    ts, reply = bot.ask("D0CEES", CEES, QUESTION)
    assert "2.150 woningen" in reply["text"]
    assert "sociale huur" in reply["text"]
    assert bot.world.wait(lambda: bot.world.called("chat.update"))[-1].arguments["ts"] == reply["ts"]
    assert len(bot.world.by_bot("D0CEES", ts)) == 1


@pytest.mark.parametrize("method", ["chat.startStream", "chat.stopStream"])
def test_a_stream_that_cannot_start_or_end_becomes_one_message(bot, method):
    bot.slack.fail(method, "feature_not_enabled")
    ts, reply = bot.ask("D0CEES", CEES, QUESTION)
    assert "sociale huur" in reply["text"]
    assert len(bot.world.by_bot("D0CEES", ts)) == 1


def test_a_stream_that_slack_stops_halfway_is_tried_again_in_its_place(bot):
    bot.slack.fail("chat.stopStream", "http500", times=1)
    ts, reply = bot.ask("D0CEES", CEES, QUESTION)
    assert "sociale huur" in reply["text"]
    bot.settle()
    assert len(bot.world.by_bot("D0CEES", ts)) == 1


def test_what_may_turn_out_to_be_for_the_asker_alone_is_not_streamed(bot):
    started = len(bot.world.called("chat.startStream"))
    ts = bot.slack.say(OPEN, ANNA, f"{MENTION} {HIDDEN_QUESTION}")
    assert "8,6 miljoen" in bot.alone(ANNA)["text"]
    assert len(bot.world.called("chat.startStream")) == started
    assert bot.world.by_bot(OPEN, ts) == []
