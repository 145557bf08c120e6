"""What a sentence holds and how it is written."""

import pytest

from assistant.sentence_forms import STYLE, sentence_forms
from assistant.sentence_match import INTENTS
from assistant.terms import text_terms, whole_terms


def form(sentence):
    [found] = sentence_forms(whole_terms(sentence))
    return found


@pytest.mark.parametrize(
    ("sentence", "intent", "expected"),
    [
        ("Het begint in mei.", "time", True),
        ("Het begint in 2024.", "time", False),
        ("Er komen 12 bomen.", "amount", True),
        ("Er komen bomen in 2024.", "amount", False),
        ("Dat zegt Karin Hulst.", "person", True),
        ("Dat zegt de wethouder.", "person", False),
        ("Dat komt doordat het regent.", "why", True),
        ("Het regent.", "why", False),
        ("Er komen bomen, struiken, bloemen.", "list", True),
        ("Er komen drie dingen:", "list", True),
        ("Er komen bomen, ook in Elzen.", "list", False),
    ],
)
def test_a_sentence_holds_what_is_asked_for_unless_the_question_gave_it(sentence, intent, expected):
    assert form(sentence).expected({"2024"})[intent] is expected


def test_it_is_known_for_every_intent_whether_a_sentence_holds_what_is_asked_for():
    assert form("De raad vergadert.").expected(frozenset()).keys() == INTENTS.keys()


def test_a_text_has_a_form_for_each_of_its_sentences():
    text = text_terms("Dit plan is duur. De raad koos, na lang praten, voor de \u201cgroene\u201d brug. Dus:")
    first, second, third = (dict(zip(STYLE, one.style, strict=True)) for one in sentence_forms(text))
    assert (first["dangling"], first["defines"], first["commas"], first["leads"]) == (1, 1, 0, 0)
    assert (second["dangling"], second["quotes"], second["commas"]) == (0, 1, 0.5)
    assert (third["leads"], third["length"]) == (1, 0)
    assert second["length"] > first["length"]


def test_the_form_of_a_text_is_made_once():
    text = text_terms("De brug kost 3 miljoen euro.")
    assert sentence_forms(text) is sentence_forms(text)
