"""What is said where there is no answer because something is wrong, and what a reader can do about it."""

from typing import Literal

from assistant.types import Language
from integrations.slack import names
from integrations.slack.messages import said
from integrations.slack.render_parts import Message, actions, button, context, fallback, paragraph
from integrations.slack.text import MOST_VALUE, cut, one_line

Problem = Literal[
    "no_library",  # nothing was published yet
    "busy",  # too much is asked at once
    "too_long",
    "empty",
    "unavailable",  # the library or the database cannot be read now
    "not_allowed",
    "off",  # in this channel
    "expired",  # the answer that a button is about is no longer kept
    "unexpected",
    "given_up",  # tried many times
]
MOST_SHOWN_QUESTION = 300
PASSING: tuple[Problem, ...] = ("busy", "unavailable", "unexpected", "given_up")


def problem_message(problem: Problem, *, language: Language = "nl", limit: int = 2_000, question: str = "") -> Message:
    """The message that says what is wrong; with the `question`, and where that may help, a button to ask it again."""
    sentence = said(f"problem_{problem}", language, limit=f"{limit:,}".replace(",", "." if language == "nl" else ","))
    again = problem in PASSING and bool(question.strip()) and len(question) <= MOST_VALUE
    retry = [button(said("retry", language), names.RETRY, question)] if again else []
    return Message(fallback(sentence), [paragraph(sentence), *actions(retry)])


def recalling(message: Message, question: str, *, language: Language = "nl") -> Message:
    """The message below the question that it is about, for where that does not stand above it."""
    asked = cut(one_line(question), MOST_SHOWN_QUESTION)
    if not asked:
        return message
    above = said("you_asked", language, question=asked)
    return Message(f"{fallback(above)}\n{message.text}", [context(above), *message.blocks], message.metadata)
