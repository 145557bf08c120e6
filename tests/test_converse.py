from assistant.converse import standalone
from assistant.types import Turn

HISTORY = (Turn("Hoeveel woningen bouwt Veldrijk?", "2.150 woningen."),)


def test_a_first_question_stays_as_it_is():
    assert standalone("En in Drenthe?", ()) == "En in Drenthe?"


def test_a_follow_up_takes_the_question_before_along():
    for question in ("En in Elzen?", "Waarom?", "Wie zei dat?"):
        assert standalone(question, HISTORY) == f"Hoeveel woningen bouwt Veldrijk – {question}"


def test_a_new_topic_is_not_polluted():
    question = "Wanneer beginnen de gezinscoaches op school?"
    assert standalone(question, HISTORY) == question
