"""Buttons and follow-ups by people: what is done once, kept at once, told when it fails, and not shown to others."""

import json

import pytest

from tests.api_server import HIDDEN_QUESTION, publish_corpus
from tests.slack_bot import ANNA, BERT, BOARD, CEES, MENTION, OPEN, bot_on, buttons, question_of

HOMES = "Hoeveel woningen bouwt Veldrijk tot 2030?"
AMOUNT = "8,6 miljoen"


@pytest.fixture(scope="module")
def running(tmp_path_factory, encoder):
    library = publish_corpus(tmp_path_factory.mktemp("slack-bibliotheek"), encoder)
    with bot_on(library, encoder, tmp_path_factory.mktemp("slack-bot")) as bot:
        yield bot


@pytest.fixture
def bot(running):
    yield running
    assert running.world.complaints == []


def answer_of(message):
    return message["metadata"]["event_payload"]["answer"]


def test_a_direct_message_goes_on_with_the_one_before_it_outside_its_thread(bot):
    _, first = bot.ask("D0ANNA", ANNA, "Hoeveel inwoners telt Veldrijk?")
    _, second = bot.ask("D0ANNA", ANNA, "Wie is daar burgemeester?")
    _, third = bot.ask("D0ANNA", ANNA, "En sinds wanneer is hij dat?")
    assert [part in one["text"] for one, part in ((first, "38.400"), (second, "Slingerland"), (third, "2019"))] == [
        True
    ] * 3
    assert "Ik heb je vraag gelezen als" in json.dumps(third["blocks"])
    ts, in_thread = bot.ask("D0ANNA", ANNA, "Hoeveel woningen bouwt de gemeente tot 2030?")
    bot.ask("D0ANNA", ANNA, "Waarom is die opgave groter dan vroeger?", thread=ts)
    assert in_thread["thread_ts"] == ts


def test_a_direct_message_does_not_go_on_with_one_of_long_ago(bot):
    was = bot.slack.say("D0BERT", BERT, "Hoeveel inwoners telt Veldrijk?")
    reply = bot.reply("D0BERT", was)
    for one in (bot.world.find("D0BERT", was), reply):  # an hour goes by
        one["ts"] = f"{float(one['ts']) - 3_600:.6f}"
    reply["thread_ts"] = bot.world.channels["D0BERT"].messages[0]["ts"]
    _, later = bot.ask("D0BERT", BERT, "Wie is daar burgemeester?")
    assert "Ik heb je vraag gelezen als" not in json.dumps(later["blocks"])


def test_an_opinion_is_kept_at_once_and_its_reason_later(bot):
    _, reply = bot.ask("D0ANNA", ANNA, HOMES)
    answer_id, views = answer_of(reply), len(bot.world.views)
    choose = {"type": "feedback_buttons", "action_id": "vng_feedback", "value": f"down:{answer_id}"}
    bot.slack.click(ANNA, choose, message=reply, channel="D0ANNA")
    bot.world.wait(lambda: len(bot.world.views) > views)
    bot.until(lambda: bot.store.answer(answer_id).feedback)
    bot.slack.submit(ANNA, bot.world.views[-1], {"reden": {"reden": {"selected_option": {"value": "unclear"}}}})
    kept = bot.until(lambda: [one for one in bot.store.answer(answer_id).feedback if one.reason])
    assert [(one.helpful, one.reason) for one in kept] == [(False, "unclear")]


def test_an_opinion_is_kept_where_the_window_cannot_open_any_more(bot):
    _, reply = bot.ask("D0ANNA", ANNA, HOMES)
    bot.slack.fail("views.open", "expired_trigger_id")
    choose = {"type": "feedback_buttons", "action_id": "vng_feedback", "value": f"down:{answer_of(reply)}"}
    bot.slack.click(ANNA, choose, message=reply, channel="D0ANNA")
    bot.until(lambda: bot.store.answer(answer_of(reply)).feedback)


def test_an_answer_is_shared_once_however_often_it_is_clicked(bot):
    said = len(bot.world.responses)
    bot.slack.command(ANNA, OPEN, HOMES)
    bot.world.wait(lambda: len(bot.world.responses) > said)
    share, before = buttons(bot.world.responses[-1], "vng_share")[0], len(bot.world.by_bot(OPEN))
    said = len(bot.world.responses)
    for _ in range(3):
        bot.slack.click(ANNA, share, message={"ts": "1.000001"}, channel=OPEN, ephemeral=True)
    bot.world.wait(lambda: len(bot.world.responses) == said + 3)
    assert len(bot.world.by_bot(OPEN)) == before + 1


def test_a_click_that_fails_is_told_and_can_be_done_again(bot):
    said = len(bot.world.responses)
    bot.slack.command(CEES, OPEN, HOMES)
    bot.world.wait(lambda: len(bot.world.responses) > said)
    share, before = buttons(bot.world.responses[-1], "vng_share")[0], len(bot.world.by_bot(OPEN))
    bot.slack.fail("chat.postMessage", "ratelimited", times=1, retry_after=60)
    bot.slack.click(CEES, share, message={"ts": "1.000001"}, channel=OPEN, ephemeral=True)
    bot.world.wait(lambda: "niet gelukt" in bot.world.responses[-1]["text"])
    bot.slack.click(CEES, share, message={"ts": "1.000001"}, channel=OPEN, ephemeral=True)
    bot.world.wait(lambda: len(bot.world.by_bot(OPEN)) == before + 1)


def test_a_private_question_of_a_closed_answer_is_not_told_to_the_channel(bot):
    said = len(bot.world.responses)
    bot.slack.command(ANNA, OPEN, HIDDEN_QUESTION)
    bot.world.wait(lambda: len(bot.world.responses) > said)
    message, before = bot.world.responses[-1], len(bot.world.by_bot(OPEN))
    assert AMOUNT in message["text"]
    bot.slack.click(ANNA, buttons(message, "vng_colleague")[0], message={"ts": "1.1"}, channel=OPEN, ephemeral=True)
    bot.world.wait(lambda: len(bot.world.by_bot(OPEN)) > before)
    shown = json.dumps(bot.world.by_bot(OPEN)[-1])
    assert "Zilverreiger" not in shown
    assert "S0HULP" in shown
    assert ANNA in shown


def test_whoever_left_a_channel_has_its_groups_no_longer(bot):
    """By a window that he opened before, and by a question of which the answer comes after."""
    channel = bot.world.channels[BOARD]
    ts = bot.slack.say(BOARD, BERT, "Wat besluit de directie?", deliver=False)
    views = len(bot.world.views)
    bot.slack.shortcut(BERT, BOARD, bot.world.find(BOARD, ts), "vng_ask_about")
    bot.world.wait(lambda: len(bot.world.views) > views)
    view, before = bot.world.views[-1], len(bot.world.by_bot("D0BERT"))
    channel.members.discard(BERT)
    try:
        left = {"type": "member_left_channel", "user": BERT, "channel": BOARD, "channel_type": "C"}
        bot.slack.deliver(bot.slack.envelope(left))
        bot.slack.submit(BERT, view, {"vraag": {"vraag": {"value": HIDDEN_QUESTION}}})
        bot.world.wait(lambda: len(bot.world.by_bot("D0BERT")) > before)
        assert AMOUNT not in json.dumps(bot.world.by_bot("D0BERT")[before:])
    finally:
        channel.members.add(BERT)
        bot.slack.deliver(bot.slack.envelope({**left, "type": "member_joined_channel"}))


def test_a_deleted_question_takes_along_what_followed_on_its_answer(bot):
    ts, reply = bot.ask(OPEN, BERT, f"{MENTION} {HOMES}")
    bot.slack.click(BERT, buttons(reply, "vng_colleague")[0], message=reply, channel=OPEN)
    bot.world.wait(lambda: len(bot.world.by_bot(OPEN, ts)) == 2)
    bot.slack.delete(OPEN, ts)
    bot.world.wait(lambda: not bot.world.by_bot(OPEN, ts))
    assert bot.world.find(OPEN, ts)["subtype"] == "tombstone"
    bot.until(lambda: bot.store.answer(answer_of(reply)) is None)


def test_an_answer_that_slack_refuses_is_not_left_without_a_word(bot):
    bot.slack.fail("chat.postMessage", "restricted_action", times=1)
    said = len([one for one in bot.world.ephemeral if one["to"] == CEES])
    ts = bot.slack.say(OPEN, CEES, f"{MENTION} {HOMES}")
    assert "niet beantwoord" in bot.alone(CEES, said + 1)["text"]
    assert bot.find(OPEN, ts) is None


def test_what_slack_refuses_to_show_in_a_channel_is_told_in_the_own_conversation(bot):
    bot.slack.fail("chat.postEphemeral", "restricted_action", times=1)
    ts = bot.slack.say(OPEN, CEES, f"{MENTION} {'waarom ' * 400}")
    message = bot.world.wait(lambda: next((one for one in bot.world.by_bot("D0CEES") if question_of(one) == ts), None))
    assert "te lang" in message["text"]


def test_a_window_that_cannot_be_filled_says_so(bot):
    _, reply = bot.ask("D0ANNA", ANNA, HIDDEN_QUESTION)
    somebody, views = bot.world.user("U0NIEUW"), len(bot.world.views)
    bot.slack.fail("users.info", "ratelimited", retry_after=60)
    bot.slack.click(somebody, buttons(reply, "vng_passage")[0], message=reply, channel="D0ANNA")
    bot.world.wait(lambda: len(bot.world.views) == views + 2)
    assert bot.world.views[-1]["id"] == bot.world.views[-2]["id"]
    assert "niet te laten zien" in json.dumps(bot.world.views[-1])
