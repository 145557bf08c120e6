"""An answer without the personal data that somebody typed, for a store that keeps none."""

import re
from dataclasses import replace

from assistant.masking import mask
from assistant.types import Answer, Suggestion, Turn

_WORD = re.compile(r"\w+")


def masked(answer: Answer) -> Answer:
    """The answer with personal data masked in whatever came from the one who asked.

    That is the question, the question it was read as, the earlier turns, and what suggestions repeat of it. What was
    quoted from documents stays to the letter: without that a quote can no longer be checked.
    """
    query = answer.query
    history = tuple(Turn(mask(turn.question), mask(turn.answer)) for turn in query.history)
    question, standalone = mask(query.text), mask(answer.standalone_query)
    left = {word.casefold() for word in _WORD.findall(f"{question} {standalone}")}
    return replace(
        answer,
        query=replace(query, text=question, history=history),
        standalone_query=standalone,
        suggestions=tuple(_without(one, left) for one in answer.suggestions),
        questions=tuple(mask(one) for one in answer.questions),
    )


def _without(suggestion: Suggestion, left: set[str]) -> Suggestion:
    """The suggestion without its word of the question, when masking took that word away."""
    words = {word.casefold() for word in _WORD.findall(suggestion.detail)}
    return suggestion if words <= left else replace(suggestion, detail="")
