"""The bot from end to end over signed HTTP: where it answers, where it keeps out, edits, deletions and buttons."""

import json

import pytest

from tests.api_server import publish_corpus
from tests.slack_bot import ANNA, BERT, CEES, MENTION, OPEN, bot_on, buttons

HOMES = "Hoeveel woningen bouwt Veldrijk tot 2030?"
TAIL = "2.150 woningen"


@pytest.fixture(scope="module")
def library(tmp_path_factory, encoder):
    return publish_corpus(tmp_path_factory.mktemp("slack-bibliotheek"), encoder)


@pytest.fixture(scope="module")
def running(library, encoder, tmp_path_factory):
    with bot_on(library, encoder, tmp_path_factory.mktemp("slack-bot")) as bot:
        yield bot


@pytest.fixture
def bot(running):
    yield running
    assert running.world.complaints == []
    assert running.slack.undelivered == []


def test_a_mention_is_answered_in_the_thread_once(bot):
    ts, reply = bot.ask(OPEN, ANNA, f"{MENTION} {HOMES}")
    assert TAIL in reply["text"]
    assert reply["thread_ts"] == ts
    bot.settle()
    assert len(bot.world.by_bot(OPEN, ts)) == 1  # of the two events that Slack sends


def test_a_direct_message_is_answered_with_a_status_meanwhile(bot):
    ts, reply = bot.ask("D0ANNA", ANNA, HOMES)
    assert TAIL in reply["text"]
    assert any(one["thread_ts"] == ts for one in bot.world.statuses)


def test_a_dialogue_of_five_turns(bot):
    ts, first = bot.ask(OPEN, ANNA, f"{MENTION} {HOMES}")
    follow_ups = (
        "Waarom is die opgave groter dan vroeger?",
        "Hoeveel inwoners telt Veldrijk?",
        "Wie is daar burgemeester?",
        "En sinds wanneer is hij dat?",
    )
    replies = [first, *(bot.ask(OPEN, ANNA, one, thread=ts)[1] for one in follow_ups)]
    for reply, part in zip(replies, (TAIL, "huishoudens", "38.400", "Slingerland", "2019"), strict=True):
        assert part in reply["text"]
        assert reply["thread_ts"] == ts
    read_as = ["Ik heb je vraag gelezen als" in json.dumps(one["blocks"]) for one in replies]
    assert read_as == [False, True, False, True, True]


def test_chatter_and_other_peoples_questions_in_a_thread_are_left_alone(bot):
    ts, _ = bot.ask(OPEN, ANNA, f"{MENTION} {HOMES}")
    before = len(bot.world.by_bot(OPEN, ts))
    bot.slack.say(OPEN, CEES, "Hoeveel inwoners telt Veldrijk?", thread=ts)  # asks his colleagues
    bot.slack.say(OPEN, ANNA, "Dank je wel, dat helpt.", thread=ts)
    bot.slack.say(OPEN, ANNA, f"<@{CEES}> weet jij hoeveel inwoners Veldrijk telt?", thread=ts)
    elsewhere = bot.slack.say(OPEN, BERT, "Hoeveel inwoners telt Veldrijk?")
    bot.slack.say(OPEN, BERT, "Weet iemand het aantal inwoners?", thread=elsewhere)
    bot.settle()
    bot.settle()
    assert len(bot.world.by_bot(OPEN, ts)) == before
    assert bot.world.by_bot(OPEN, elsewhere) == []


def test_a_mention_without_a_question_gets_help(bot):
    before = len(bot.world.ephemeral)
    bot.slack.say(OPEN, BERT, MENTION)
    bot.world.wait(lambda: len(bot.world.ephemeral) > before)
    assert "/vng" in bot.world.ephemeral[-1]["text"]


def test_a_question_that_is_edited_gets_its_new_answer_in_the_same_place(bot):
    ts, reply = bot.ask(OPEN, ANNA, f"{MENTION} {HOMES}")
    old = reply["metadata"]["event_payload"]["answer"]
    bot.slack.edit(OPEN, ts, f"{MENTION} Hoeveel inwoners telt Veldrijk?")
    bot.world.wait(lambda: "38.400" in bot.reply(OPEN, ts)["text"])
    assert [one["ts"] for one in bot.world.by_bot(OPEN, ts)] == [reply["ts"]]
    new = bot.reply(OPEN, ts)["metadata"]["event_payload"]["answer"]
    bot.settle()
    assert bot.store.answer(old) is None
    assert bot.store.answer(new) is not None


def test_a_question_that_is_deleted_takes_its_answer_with_it(bot):
    ts, reply = bot.ask(OPEN, ANNA, f"{MENTION} {HOMES}")
    answer_id = reply["metadata"]["event_payload"]["answer"]
    bot.slack.delete(OPEN, ts)
    bot.world.wait(lambda: bot.find(OPEN, ts) is None)
    assert bot.store.answer(answer_id) is None


def test_a_command_is_answered_to_the_asker_alone_and_shared_by_a_button(bot):
    before, count = len(bot.world.responses), len(bot.world.by_bot(OPEN))
    assert bot.slack.command(ANNA, OPEN, f"vraag {HOMES}") == ""
    bot.world.wait(lambda: len(bot.world.responses) > before)
    answer = bot.world.responses[-1]
    assert TAIL in answer["text"]
    assert answer["response_type"] == "ephemeral"
    assert len(bot.world.by_bot(OPEN)) == count
    share = buttons(answer, "vng_share")[0]
    bot.slack.click(ANNA, {**share}, message={"ts": "1.000001"}, channel=OPEN, ephemeral=True)
    bot.world.wait(lambda: len(bot.world.by_bot(OPEN)) > count)
    assert TAIL in bot.world.by_bot(OPEN)[-1]["text"]


@pytest.mark.parametrize("typed", ["", "hulp"])
def test_a_command_without_a_question_gives_help(bot, typed):
    said = bot.slack.command(ANNA, OPEN, typed)
    assert said["response_type"] == "ephemeral"
    assert "/vng" in said["text"]


def test_a_source_opens_with_its_neighbours_and_a_link(bot):
    _, reply = bot.ask(OPEN, ANNA, f"{MENTION} {HOMES}")
    count = len(bot.world.views)
    bot.slack.click(CEES, buttons(reply, "vng_passage")[0], message=reply, channel=OPEN)
    bot.world.wait(lambda: len(bot.world.views) > count)
    view = json.dumps(bot.world.views[-1], ensure_ascii=False)
    assert TAIL in view
    assert "https://assistent.veldrijk.nl/documenten/" in view


def test_what_somebody_thinks_of_an_answer_is_kept(bot):
    _, reply = bot.ask("D0ANNA", ANNA, HOMES)
    answer_id = reply["metadata"]["event_payload"]["answer"]
    count, said = len(bot.world.views), len(bot.world.ephemeral)
    choose = {"type": "feedback_buttons", "action_id": "vng_feedback"}
    bot.slack.click(ANNA, {**choose, "value": f"down:{answer_id}"}, message=reply, channel="D0ANNA")
    bot.world.wait(lambda: len(bot.world.views) > count)
    values = {
        "reden": {"reden": {"selected_option": {"value": "unclear"}}},
        "toelichting": {"toelichting": {"value": "Te kort."}},
    }
    bot.slack.submit(ANNA, bot.world.views[-1], values)
    bot.world.wait(lambda: len(bot.world.ephemeral) > said)
    bot.slack.click(ANNA, {**choose, "value": f"up:{answer_id}"}, message=reply, channel="D0ANNA")
    bot.world.wait(lambda: len(bot.world.ephemeral) > said + 1)
    assert "Bedankt" in bot.world.ephemeral[-1]["text"]


def test_colleagues_are_asked_once(bot):
    ts, reply = bot.ask(OPEN, ANNA, f"{MENTION} {HOMES}")
    said = len(bot.world.ephemeral)
    for clicks in (1, 2):
        bot.slack.click(ANNA, buttons(reply, "vng_colleague")[0], message=reply, channel=OPEN)
        bot.world.wait(lambda wanted=clicks: len(bot.world.ephemeral) >= said + wanted)
    asked = [one for one in bot.world.by_bot(OPEN, ts) if "S0HULP" in json.dumps(one)]
    assert len(asked) == 1


def test_in_a_direct_message_no_colleague_can_look(bot):
    _, reply = bot.ask("D0ANNA", ANNA, HOMES)
    count, said = len(bot.world.by_bot("D0ANNA")), len(bot.world.ephemeral)
    bot.slack.click(ANNA, buttons(reply, "vng_colleague")[0], message=reply, channel="D0ANNA")
    bot.world.wait(lambda: len(bot.world.ephemeral) > said)
    assert "geen collega" in bot.world.ephemeral[-1]["text"]
    assert len(bot.world.by_bot("D0ANNA")) == count


def test_a_suggested_question_is_asked_with_its_button(bot):
    _, reply = bot.ask("D0ANNA", ANNA, "Hoeveel woningen bouwt Oostmarke in 1987 aan de Havenkade?")
    found = buttons(reply, "vng_question")
    action = found[0] if found else {"type": "button", "action_id": "vng_question_1", "value": HOMES}
    count = len(bot.world.by_bot("D0ANNA"))
    bot.slack.click(ANNA, action, message=reply, channel="D0ANNA")
    bot.world.wait(lambda: len(bot.world.by_bot("D0ANNA")) > count)
    assert bot.world.by_bot("D0ANNA")[-1]["thread_ts"] == reply["thread_ts"]


def test_a_message_is_asked_about(bot):
    ts = bot.slack.say(OPEN, CEES, "Ik vraag me af hoeveel inwoners Veldrijk telt")
    views, said = len(bot.world.views), len(bot.world.ephemeral)
    bot.slack.shortcut(BERT, OPEN, bot.world.find(OPEN, ts), "vng_ask_about")
    bot.world.wait(lambda: len(bot.world.views) > views)
    view = bot.world.views[-1]
    assert view["blocks"][0]["element"]["initial_value"] == "Ik vraag me af hoeveel inwoners Veldrijk telt"
    bot.slack.submit(BERT, view, {"vraag": {"vraag": {"value": "Hoeveel inwoners telt Veldrijk?"}}})
    bot.world.wait(lambda: len(bot.world.ephemeral) > said)
    assert "38.400" in bot.world.ephemeral[-1]["text"]
    assert bot.world.by_bot(OPEN, ts) == []


def test_the_home_tab_shows_documents_examples_and_what_was_asked(bot):
    bot.ask("D0BERT", BERT, HOMES)
    bot.slack.open_home(BERT)
    home = bot.world.wait(lambda: bot.world.homes.get(BERT))
    assert "Woonvisie Veldrijk 2030" in json.dumps(home)
    assert HOMES in json.dumps(home)
    search = {"type": "plain_text_input", "action_id": "vng_home_search", "value": "jeugdhulp"}
    bot.slack.click(BERT, search, view={"id": "V1", "type": "home"})
    bot.world.wait(lambda: "Woonvisie Veldrijk 2030" not in json.dumps(bot.world.homes[BERT]["blocks"][-6:]))


def test_the_messages_tab_offers_questions(bot):
    bot.slack.open_home(ANNA, "messages")
    prompts = bot.world.wait(lambda: bot.world.prompts)[-1]["prompts"]
    assert all(one["message"].endswith("?") for one in prompts)


def test_a_channel_greets_once(bot):
    bot.world.channel("C0NIEUW", ANNA)
    event = {"type": "member_joined_channel", "user": "U0ASSISTENT", "channel": "C0NIEUW", "channel_type": "C"}
    for _ in range(2):
        bot.slack.deliver(bot.slack.envelope(event))
    bot.world.wait(lambda: bot.world.by_bot("C0NIEUW"))
    bot.settle()
    assert len(bot.world.by_bot("C0NIEUW")) == 1
