"""After a process that was killed: half an answer becomes a whole one, and who stays without one is told so, once."""

import json

import pytest

from integrations.slack.owner import new_owner
from integrations.slack.types import Asked, Place, Replied
from tests.api_server import publish_corpus
from tests.slack_bot import ANNA, BERT, CEES, MENTION, OPEN, bot_on, question_of
from tests.slack_local.world import BOT, BOT_USER, TEAM

HOMES = "Hoeveel woningen bouwt Veldrijk tot 2030?"
TAIL = "2.150 woningen"
DEAD = "|".join((*new_owner().split("|")[:3], "1", "dood"))  # a process of before this machine started


@pytest.fixture(scope="module")
def library(tmp_path_factory, encoder):
    return publish_corpus(tmp_path_factory.mktemp("slack-bibliotheek"), encoder)


def said(slack, channel, user, text, thread=None):
    """What somebody says while the bot is away, and the question as the bot took it before."""
    ts = slack.say(channel, user, text, thread=thread, deliver=False)
    place = Place(TEAM, channel, thread or ts, "direct" if channel.startswith("D") else "channel")
    return Asked(place, ts, user, text.replace(MENTION, "").strip())


def begun(slack, asked, text, *, is_open=True):
    """The ts of what the bot began to say in a thread."""
    message = {"type": "message", "user": BOT_USER, "bot_id": BOT, "ts": slack.world.ts(), "text": text, "appends": 0}
    slack.world.add(asked.place.channel, {**message, "thread_ts": asked.place.thread})
    if is_open:
        slack.world.streams[asked.place.channel, message["ts"]] = "open"
    return message["ts"]


def given_up(journal, *questions):
    assert all(journal.take(one) for one in questions)
    for claim in [journal.claim("ik", 60) for _ in questions]:
        journal.give_up(claim)


def test_who_stays_without_an_answer_is_told_where_he_asked_and_nobody_else(library, encoder, tmp_path):
    questions: list[Asked] = []

    def before(slack, journal):
        in_channel = said(slack, OPEN, ANNA, f"{MENTION} {HOMES}")
        alone = said(slack, "D0BERT", BERT, HOMES)
        private = Asked(Place(TEAM, OPEN, "", "channel"), "q-1.2", CEES, "Wat kost Zilverreiger?", private=True)
        chatter = said(slack, OPEN, BERT, "Weet iemand hoeveel inwoners er zijn?", thread=in_channel.ts)
        told = said(slack, OPEN, BERT, f"{MENTION} {HOMES}")
        was = {"event_type": "vng_answer", "event_payload": {"question": told.ts, "answer": ""}}
        slack.world.find(OPEN, begun(slack, told, "Het is niet gelukt", is_open=False))["metadata"] = was
        questions.extend((in_channel, alone, private, chatter, told))
        given_up(journal, *questions)

    with bot_on(library, encoder, tmp_path, before=before) as bot:
        in_channel, alone, private, chatter, told = questions
        assert "niet gelukt" in bot.reply(OPEN, in_channel.ts)["text"]
        assert "niet gelukt" in bot.reply("D0BERT", alone.ts)["text"]
        message = bot.world.wait(lambda: bot.find("D0CEES", private.ts))
        assert "Zilverreiger" in message["text"]
        bot.settle()
        bot.settle()
        assert bot.find(OPEN, chatter.ts) is None
        assert len(bot.world.by_bot(OPEN, told.ts)) == 1
        assert "Zilverreiger" not in json.dumps(bot.world.by_bot(OPEN))
        assert bot.world.ephemeral == []
        # Whoever changes his question is answered in the place of the excuse.
        bot.slack.edit(OPEN, in_channel.ts, f"{MENTION} Hoeveel inwoners telt Veldrijk?")
        bot.world.wait(lambda: "38.400" in bot.reply(OPEN, in_channel.ts)["text"])
        assert bot.world.complaints == []


@pytest.mark.parametrize("is_noted", [True, False], ids=["noted", "not-noted"])
@pytest.mark.parametrize("is_open", [True, False], ids=["open", "ended"])
def test_half_an_answer_becomes_a_whole_one_in_its_place(library, encoder, tmp_path, is_noted, is_open):
    """The process was killed while it streamed; this one has no language model, so it answers in another way."""
    halves = {}

    def before(slack, journal):
        for one in (said(slack, OPEN, CEES, f"{MENTION} {HOMES}"), said(slack, "D0BERT", BERT, HOMES)):
            journal.take(one)
            claim = journal.claim(DEAD, 60)
            halves[one.place.channel, one.ts] = ts = begun(slack, one, "Tot 2030 bouwt", is_open=is_open)
            if is_noted:
                journal.note(claim, Replied(one.place.channel, ts, "", "direct" if one.user == BERT else "thread"))

    with bot_on(library, encoder, tmp_path, before=before) as bot:
        for (channel, question), half in halves.items():
            reply = bot.reply(channel, question)
            assert TAIL in reply["text"]
            assert [one["ts"] for one in bot.world.by_bot(channel)] == [half]
        assert "open" not in bot.world.streams.values()
        assert bot.world.complaints == []


def test_the_stream_of_another_question_in_the_thread_is_left_alone(library, encoder, tmp_path):
    questions: list[Asked] = []
    streams: list[str] = []

    def before(slack, journal):
        first = said(slack, OPEN, CEES, f"{MENTION} {HOMES}")
        second = said(slack, OPEN, CEES, "Hoeveel inwoners telt Veldrijk?", thread=first.ts)
        for one in (first, second):
            journal.take(one)
            claim = journal.claim(DEAD, 60)
            if one is second:
                streams.append(begun(slack, second, "Veldrijk telt"))
                journal.note(claim, Replied(OPEN, streams[0], "", "thread"))
        questions.extend((first, second))

    with bot_on(library, encoder, tmp_path, before=before) as bot:
        assert TAIL in bot.reply(OPEN, questions[0].ts)["text"]
        assert "38.400" in bot.reply(OPEN, questions[1].ts)["text"]
        assert bot.reply(OPEN, questions[1].ts)["ts"] == streams[0]
        assert len(bot.world.by_bot(OPEN)) == 2


def test_an_answer_that_was_finished_and_not_written_down_stays(library, encoder, tmp_path):
    asked = []

    def before(slack, journal):
        one = said(slack, OPEN, CEES, f"{MENTION} {HOMES}")
        journal.take(one)
        ts = begun(slack, one, "Het hele antwoord", is_open=False)
        slack.world.find(OPEN, ts)["metadata"] = {
            "event_type": "vng_answer",
            "event_payload": {"question": one.ts, "answer": "a1"},
        }
        journal.note(journal.claim(DEAD, 60), Replied(OPEN, ts, "", "thread"))
        asked.append(one)

    with bot_on(library, encoder, tmp_path, before=before) as bot:
        bot.settle()
        bot.settle()
        (message,) = bot.world.by_bot(OPEN)
        assert question_of(message) == asked[0].ts
        assert "chat.update" not in [one.method for one in bot.world.calls] or TAIL in message["text"]


def test_what_was_said_to_a_deleted_question_is_taken_away_after_a_restart(library, encoder, tmp_path):
    def before(slack, journal):
        one = said(slack, OPEN, CEES, f"{MENTION} {HOMES}")
        journal.take(one)
        claim = journal.claim(DEAD, 60)
        ts = begun(slack, one, "Tot 2030 bouwt", is_open=False)
        journal.note(claim, Replied(OPEN, ts, "0" * 32, "thread"))
        assert journal.forget(one)

    with bot_on(library, encoder, tmp_path, before=before) as bot:
        bot.world.wait(lambda: not bot.world.by_bot(OPEN))


def test_a_token_that_is_refused_for_a_while_costs_no_answer(library, encoder, tmp_path):
    with bot_on(library, encoder, tmp_path) as bot:
        bot.slack.fail("chat.postMessage", "token_expired", times=1)
        ts, reply = bot.ask(OPEN, CEES, f"{MENTION} {HOMES}")
        assert TAIL in reply["text"]
        assert len(bot.world.by_bot(OPEN, ts)) == 1


def test_a_channel_that_was_archived_meanwhile_has_the_answer_sent_to_the_asker(library, encoder, tmp_path):
    with bot_on(library, encoder, tmp_path) as bot:
        bot.slack.fail("chat.postMessage", "is_archived", times=1)
        ts = bot.slack.say(OPEN, CEES, f"{MENTION} {HOMES}")
        assert TAIL in bot.reply("D0CEES", ts)["text"]
        assert bot.world.by_bot(OPEN) == []
