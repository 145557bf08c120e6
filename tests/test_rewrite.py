"""Follow-ups made to stand alone by a language model, through a real server; the rules take over when it fails."""

import pytest

from assistant.assistant import Assistant
from assistant.llm.language_model import open_model
from assistant.llm.rewrite import ModelRewriter
from assistant.types import Query, Turn
from ingest.encode import load_encoder
from ingest.library import LiveLibrary
from ingest.publish import publish
from tests.corpus import write_corpus
from tests.openai_server import Behaviour, serving

HISTORY = (Turn("Hoeveel woningen bouwt Veldrijk tot 2030?", "2.150 woningen."),)
FOLLOW_UP = "En hoeveel daarvan is sociale huur?"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("herschrijven")
    publish([write_corpus(folder / "bronnen")], folder / "data", load_encoder(None))
    opened = LiveLibrary(folder / "data", load_encoder(None))
    yield opened
    opened.close()


def read_as(library, respond, question=FOLLOW_UP):
    with serving(respond) as (url, script):
        model = open_model("openai", url=url, model="m", key=None, seconds=5.0, tokens=100, context_words=500)
        assistant = Assistant(library, load_encoder(None), rewriter=ModelRewriter(model))
        answer = assistant.ask(Query(question, history=HISTORY))
    return answer.standalone_query, script


def test_the_question_is_read_as_the_model_has_it(library):
    wanted = "Hoeveel van de woningen die Veldrijk tot 2030 bouwt is sociale huur?"
    found, script = read_as(library, wanted)
    assert found == wanted
    assert FOLLOW_UP in script.asked[0].prompt
    assert "<gesprek>" in script.asked[0].prompt


def test_a_question_that_stands_alone_is_not_sent(library):
    question = "Wanneer beginnen de gezinscoaches op school?"
    found, script = read_as(library, "Iets anders?", question)
    assert found == question
    assert script.asked == []


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Dit is geen vraag",
        "Hoeveel woningen bouwt Zwolle in 2045?",
        "Eerste regel?\nTweede regel?",
        "x" * 2000 + "?",
        Behaviour(status=500),
        Behaviour("Hoeveel daarvan", broken_after=4),
    ],
)
def test_what_is_no_good_gives_way_to_the_rules(library, reply):
    found, _ = read_as(library, reply)
    assert "Veldrijk" in found
    assert "sociale huur" in found
    assert "Zwolle" not in found
