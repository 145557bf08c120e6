"""What was said before in a thread, and what is a question to the bot."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Turn
from integrations.slack.conversation import TURNS, answered_to, history_of, is_involved, is_question, reply_in
from integrations.slack.facts import ThreadMessage
from integrations.slack.types import Place, Replied
from tests.slack_answers import answer_of

BOT = "U0ASSISTENT"
PLACE = Place("T0VELDRIJK", "C0RAAD", "1.000001", "channel")


def person(ts, text, user="U0ANNA"):
    return ThreadMessage(ts, user, text, "1.000001")


def reply(ts, question, text="Dag [1]\nBronnen:\n[1] Woonplan", answer="weg"):
    payload = {"question": question, "answer": answer}
    metadata = {"event_type": "vng_answer", "event_payload": payload}
    return ThreadMessage(ts, BOT, text, "1.000001", ours=True, bot=True, question=question, metadata=metadata)


THREAD = (
    person("1.000001", f"<@{BOT}> Hoeveel woningen?"),
    reply("1.000002", "1.000001", answer="a"),
    person("1.000003", "Dat valt mee.", "U0BERT"),
    person("1.000004", "En waar?"),
    reply("1.000005", "1.000004"),
    person("1.000006", "En wanneer?"),
)


def test_history_has_the_answered_questions_and_no_chatter():
    kept = answer_of("Veldrijk bouwt 2.150 woningen.", question="Hoeveel woningen?")
    turns = history_of(THREAD, "1.000006", {"a": kept}.get, BOT)
    assert turns == (Turn("Hoeveel woningen?", kept.text), Turn("En waar?", "Dag [1]"))


def test_a_question_that_was_not_answered_is_history_without_an_answer_and_a_deleted_one_is_none():
    failed = (THREAD[0], reply("1.000002", "1.000001", "Er ging iets mis.", ""))
    assert history_of(failed, "1.000006", lambda _: None, BOT) == (Turn("Hoeveel woningen?", ""),)
    deleted = replace(THREAD[0], user="USLACKBOT", text="This message was deleted.", subtype="tombstone")
    assert [one.question for one in history_of((deleted, *THREAD[1:]), "1.000006", lambda _: None, BOT)] == ["En waar?"]


def test_history_ends_before_the_question_and_leaves_out_what_was_taken_away():
    assert [one.question for one in history_of(THREAD, "1.000004", lambda _: None, BOT)] == ["Hoeveel woningen?"]
    without = tuple(one for one in THREAD if one.ts != "1.000001")
    assert [one.question for one in history_of(without, "1.000006", lambda _: None, BOT)] == ["En waar?"]


def test_history_has_a_question_as_it_was_changed():
    changed = (replace(THREAD[0], text="Hoeveel inwoners?", edited=True), *THREAD[1:])
    assert history_of(changed, "1.000006", lambda _: None, BOT)[0].question == "Hoeveel inwoners?"


def test_a_question_of_a_button_is_read_off_its_answer():
    kept = answer_of("Het fabrieksterrein.", question="Waar precies?")
    thread = (*THREAD[:2], reply("1.000003", "q-1.000002", answer="b"))
    assert history_of(thread, "q-1.000009", {"b": kept}.get, BOT)[-1].question == "Waar precies?"


@given(st.integers(0, 12))
def test_history_is_the_last_few(count):
    pairs = [
        (person(f"1.{2 * at:06d}", f"Vraag {at}?"), reply(f"1.{2 * at + 1:06d}", f"1.{2 * at:06d}"))
        for at in range(count)
    ]
    turns = history_of([one for pair in pairs for one in pair], "1.999999", lambda _: None, BOT)
    assert [one.question for one in turns] == [f"Vraag {at}?" for at in range(count)][-TURNS:]


def test_a_reply_is_found_in_its_thread():
    assert reply_in(THREAD, "1.000001", PLACE) == Replied("C0RAAD", "1.000002", "a", "thread")
    assert reply_in(THREAD, "1.000006", PLACE) is None
    forged = replace(reply("1.000007", "1.000006"), ours=False, user="U0BERT")
    assert reply_in((*THREAD, forged), "1.000006", PLACE) is None


def test_who_was_answered_in_a_thread():
    assert answered_to(THREAD, "U0ANNA")
    assert not answered_to(THREAD, "U0BERT")
    assert is_involved(THREAD, BOT)
    assert not is_involved((THREAD[2],), BOT)


@pytest.mark.parametrize(
    ("text", "alone", "follow_up"),
    [
        ("Hoeveel woningen bouwt Veldrijk?", True, True),
        ("hoeveel woningen bouwt veldrijk", True, True),
        ("En in 2024?", True, True),
        ("Waarom?", False, True),
        ("leg dat eens uit", False, True),
        ("Dank je wel!", False, False),
        ("Dat is mooi.", False, False),
        ("Ik ga naar huis", False, False),
        ("<@U0BERT> weet jij hoeveel?", False, False),
        ("Hoeveel? Vraag dat aan <@U0BERT> of niet?", False, False),
        ("<!here> wie gaat er mee?", False, False),
        ("Is goed.", False, False),
        ("", False, False),
    ],
)
def test_what_is_a_question(text, alone, follow_up):
    assert is_question(text) is alone
    assert is_question(text, follow_up=True) is follow_up


@given(st.text(max_size=200))
def test_any_text_is_a_question_or_not(text):
    assert is_question(text) in (True, False)
    assert not is_question(text) or is_question(text, follow_up=True)
