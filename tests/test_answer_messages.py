"""What a person reads about an answer: said for everything that can be, in both languages, and to the point."""

import re
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.messages import (
    explain_reason,
    generated_by_text,
    heading_text,
    level_text,
    message_text,
    not_found_text,
    partial_text,
    read_as_text,
)
from assistant.types import (
    Answer,
    Generation,
    Language,
    Level,
    Query,
    Reason,
    Reply,
    ScoredPassage,
    Statement,
    Status,
    Suggestion,
)
from ingest.types import Document, Passage

LANGUAGES = get_args(Language)
HIT = ScoredPassage(
    Passage("p", "d", 0, "Tekst.", (), 0, 6), Document("d", "a.md", "A", "text/markdown", "hash"), 0.5, 1, "fused"
)
ANSWER = Answer(
    "a", Query("Wat?"), "Wat?", Status.NOT_FOUND, (), (), (), (), 0.1, Level.LOW, Generation("extractive"), "v1", 1.0
)


def sentences(language):
    said = [not_found_text(language), partial_text(language)]
    said += [level_text(level, language) for level in Level]
    said += [explain_reason(Suggestion(HIT, reason, detail), language) for reason in Reason for detail in ("", "2019")]
    said += [message_text(replace(ANSWER, reply=reply, language=language)) for reply in Reply]
    return said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_whole_and_short(language):
    for said in sentences(language):
        assert re.match(r"[A-Z“]", said)
        assert re.search(r"[.?!]$", said)
        assert "{" not in said
        assert max(len(one.split()) for one in re.split(r"[.:?!]", said)) <= 25


def test_the_languages_say_the_same_in_other_words():
    assert not set(sentences("nl")) & set(sentences("en"))
    for name in ("sources", "nearest", "questions"):
        assert heading_text(name, "nl") != heading_text(name, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_levels_and_reasons_are_told_apart(language):
    assert len({level_text(level, language) for level in Level}) == len(Level)
    assert len({explain_reason(Suggestion(HIT, reason, "x"), language) for reason in Reason}) == len(Reason)


def test_a_message_takes_the_place_of_statements():
    assert message_text(ANSWER) == not_found_text("nl")
    assert message_text(replace(ANSWER, language="en")) == not_found_text("en")
    assert message_text(replace(ANSWER, statements=(Statement("Ja.", (1,)),))) == ""


@given(st.text(max_size=30), st.sampled_from(LANGUAGES), st.sampled_from(Reason))
def test_what_stands_in_a_question_is_never_a_template(text, language, reason):
    assert text in read_as_text(text, language)
    said = explain_reason(Suggestion(HIT, reason, text), language)
    assert said.count(text) >= (reason in (Reason.OTHER_YEAR, Reason.OTHER_NAME, Reason.PART, Reason.SUBJECT))
    assert text in generated_by_text(Generation("x", model=text), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_wrote_an_answer_is_said(language):
    assert generated_by_text(Generation("extractive"), language) == ""
    assert generated_by_text(Generation("extractive", dropped=2), language) == ""
    made = [generated_by_text(Generation("m", model="m", dropped=count), language) for count in (0, 1, 2)]
    assert made[1].startswith(made[0])
    assert len(set(made)) == 3
    assert "2" in made[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_a_language_model_did_not_is_said(language):
    known = "timeout rate_limit unreachable server refused broken language unsupported iets".split()
    said = [generated_by_text(Generation("extractive", model="m", fell_back=why), language) for why in known]
    assert len(set(said)) == len(known)
    cut_short = generated_by_text(Generation("m", model="m", fell_back="timeout"), language)
    assert cut_short not in said
    assert cut_short.partition(". ")[0] == said[0].partition(". ")[0]
