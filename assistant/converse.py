"""Follow-up questions: a question that leans on the conversation is made to stand alone."""

import re
from collections.abc import Sequence

from assistant.types import Turn
from ingest.dutch import content_words

# "En in Drenthe?", "waarom?", "wie zei dat?": a question that begins so, or points back, leans on the one before.
LEANING = re.compile(
    r"^(en|maar|dus|ook|and)\b|\b(dat|dit|die|deze|daar|daarvan|daarover|hij|zij|ze|hem|haar|hun|ervan|it|that|they)\b",
    re.IGNORECASE,
)
SHORT = 2  # content words; "Waarom?" and "Hoeveel dan?" say too little to search with


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question as it can be understood by itself: unchanged, or with the earlier question it leans on in front."""
    if not history:
        return question
    content = content_words(question)
    if len(content) > SHORT and not LEANING.search(question):
        return question
    return f"{history[-1].question.rstrip(' ?')} – {question}"
