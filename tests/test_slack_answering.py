"""Who gets to see what: answers in channels, alone and in direct messages, and nothing of a closed document beyond."""

import json

import pytest

from tests.api_server import HIDDEN_QUESTION, HIDDEN_WORD, publish_corpus
from tests.slack_bot import ANNA, BERT, BOARD, CEES, GUEST, GUESTS, MENTION, OPEN, SHARED, bot_on, buttons, question_of

AMOUNT = "8,6 miljoen"
HOMES = "Hoeveel woningen bouwt Veldrijk tot 2030?"


@pytest.fixture(scope="module")
def running(tmp_path_factory, encoder):
    library = publish_corpus(tmp_path_factory.mktemp("slack-bibliotheek"), encoder)
    with bot_on(library, encoder, tmp_path_factory.mktemp("slack-bot")) as bot:
        yield bot


@pytest.fixture
def bot(running):
    yield running
    assert running.world.complaints == []


def posted(bot):
    """All that stands in channels for everybody, as text, without what people themselves said."""
    places = [bot.world.by_bot(one) for one in (OPEN, SHARED, GUESTS)]
    return json.dumps([[message["text"], message.get("blocks")] for said in places for message in said])


def test_a_closed_document_is_answered_in_a_channel_to_the_asker_alone(bot):
    ts = bot.slack.say(OPEN, ANNA, f"{MENTION} {HIDDEN_QUESTION}")
    message = bot.alone(ANNA)
    assert AMOUNT in message["text"]
    assert message["thread_ts"] == ts
    bot.settle()
    assert bot.world.by_bot(OPEN, ts) == []
    count, said = len(bot.world.by_bot(OPEN)), len(bot.world.responses)
    share = buttons(message, "vng_share")[0]
    bot.slack.click(ANNA, share, message=message, channel=OPEN, ephemeral=True)
    bot.world.wait(lambda: len(bot.world.responses) > said)
    assert "niet" in bot.world.responses[-1]["text"]
    assert len(bot.world.by_bot(OPEN)) == count


def test_a_closed_document_is_answered_in_the_channel_of_its_group(bot):
    _, reply = bot.ask(BOARD, BERT, f"{MENTION} {HIDDEN_QUESTION}")
    assert AMOUNT in reply["text"]


def test_a_closed_document_is_answered_in_a_direct_message_to_who_may_see_it(bot):
    _, reply = bot.ask("D0ANNA", ANNA, HIDDEN_QUESTION)
    assert AMOUNT in reply["text"]


@pytest.mark.parametrize(
    ("channel", "user", "mention"),
    [
        (OPEN, BERT, MENTION),
        (SHARED, ANNA, MENTION),
        (GUESTS, ANNA, MENTION),
        ("D0BERT", BERT, ""),
        ("D0GAST", GUEST, ""),
    ],
)
def test_who_may_not_see_it_or_is_not_among_his_own_gets_nothing_of_it(bot, channel, user, mention):
    _, reply = bot.ask(channel, user, f"{mention} {HIDDEN_QUESTION}")
    shown = json.dumps([reply["text"], reply["blocks"]])
    assert AMOUNT not in shown
    assert "geheim" not in shown


def test_public_documents_are_answered_everywhere(bot):
    for channel, user in ((SHARED, ANNA), (GUESTS, GUEST), (OPEN, CEES)):
        assert "2.150" in bot.ask(channel, user, f"{MENTION} {HOMES}")[1]["text"]


def test_a_button_shows_a_closed_passage_to_nobody_else(bot):
    _, reply = bot.ask("D0ANNA", ANNA, HIDDEN_QUESTION)
    source, answer_id = buttons(reply, "vng_passage")[0], reply["metadata"]["event_payload"]["answer"]
    whole = {"type": "button", "action_id": "vng_whole", "value": answer_id}
    for user, channel, seen in (
        (ANNA, "D0ANNA", True),
        (BERT, OPEN, False),
        (GUEST, GUESTS, False),
        (ANNA, SHARED, False),
    ):
        for action in (source, whole):
            count = len(bot.world.views)
            bot.slack.click(user, action, message={"ts": "1.000001"}, channel=channel)
            # Opened at once, and filled when it is known who may see it.
            bot.world.wait(lambda before=count: len(bot.world.views) == before + 2)
            assert AMOUNT not in json.dumps(bot.world.views[-2])
            assert (AMOUNT in json.dumps(bot.world.views[-1])) is seen, (user, channel)


def test_home_and_options_show_a_closed_document_to_nobody_else(bot):
    for user, seen in ((ANNA, True), (BERT, False), (GUEST, False)):
        bot.world.homes.pop(user, None)
        bot.slack.open_home(user)
        home = bot.world.wait(lambda one=user: bot.world.homes.get(one))
        assert ("Project Zilverreiger" in json.dumps(home["blocks"])) is seen, user
    for channel, seen in ((OPEN, False), (BOARD, True)):
        view = {"id": "V1", "callback_id": "vng_settings", "private_metadata": channel}
        given = bot.slack.suggest(BERT, "vng_documents", "zilver", view)
        assert bool(given["options"]) is seen, channel
    assert bot.slack.suggest(CEES, "vng_documents", "", {"id": "V1", "private_metadata": BOARD})["options"] == []


def test_nothing_closed_stands_where_others_read(bot):
    for user in (ANNA, BERT):
        for question in (HIDDEN_QUESTION, f"Waar komt {HIDDEN_WORD} vandaan?", "Wat besluit de directie?"):
            bot.slack.say(OPEN, user, f"{MENTION} {question}")
    bot.settle()
    bot.settle()
    shown = posted(bot)
    assert AMOUNT not in shown
    assert "besloten vergadering" not in shown
    assert "Project Zilverreiger" not in shown


def test_settings_are_for_managers_and_hold(bot):
    refused = bot.slack.command(CEES, OPEN, "instellingen")
    assert "beheerder" in refused["text"]
    count = len(bot.world.views)
    bot.slack.command(BERT, OPEN, "instellingen")
    bot.world.wait(lambda: len(bot.world.views) == count + 2)
    view = bot.world.views[-1]

    def choose(mode):
        return {
            "wanneer": {"wanneer": {"selected_option": {"value": mode}}},
            "documenten": {"vng_documents": {"selected_options": []}},
        }

    assert bot.slack.submit(CEES, view, choose("off"))["response_action"] == "errors"
    bot.slack.submit(BERT, view, choose("all"))
    assert "2.150" in bot.ask(OPEN, CEES, HOMES)[1]["text"]
    bot.slack.submit(BERT, view, choose("off"))
    said = len([one for one in bot.world.ephemeral if one["to"] == CEES])
    bot.slack.say(OPEN, CEES, f"{MENTION} {HOMES}")
    assert "uit in dit kanaal" in bot.alone(CEES, said + 1)["text"]
    bot.slack.submit(BERT, view, choose("mention"))


def test_what_cannot_be_asked_is_told_to_the_asker_alone(bot):
    said = len([one for one in bot.world.ephemeral if one["to"] == CEES])
    bot.slack.say(OPEN, CEES, f"{MENTION} {'waarom ' * 400}")
    assert "te lang" in bot.alone(CEES, said + 1)["text"]


@pytest.mark.parametrize(
    ("error", "method"), [("ratelimited", "chat.postMessage"), ("http500", "conversations.replies")]
)
def test_trouble_of_slack_is_overcome_without_a_second_reply(bot, error, method):
    thread, _ = bot.ask(OPEN, CEES, f"{MENTION} Wie is de wethouder?")
    bot.slack.fail(method, error, times=4, retry_after=0)
    ts, reply = bot.ask(OPEN, CEES, f"{MENTION} {HOMES}", thread=thread)
    assert "2.150" in reply["text"]
    bot.settle()
    assert len([one for one in bot.world.by_bot(OPEN) if question_of(one) == ts]) == 1
