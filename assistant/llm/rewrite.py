"""Follow-up questions made to stand alone by a language model; what it makes is held against the conversation."""

from collections.abc import Sequence
from contextlib import closing

from assistant.converse import rewrite_prompt
from assistant.errors import GeneratorError
from assistant.llm.language_model import LanguageModel
from assistant.types import Turn

SYSTEM = "Je herschrijft vragen. Je beantwoordt ze niet. Je antwoordt met één vraag op één regel."
LONGEST = 400  # characters that are waited for; a question is shorter


class ModelRewriter:
    """Makes a question stand alone with a language model; see `assistant.converse.Rewriter`."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def rewrite(self, question: str, history: Sequence[Turn]) -> str | None:
        """The question as it can be understood by itself, or None when that did not work."""
        text = ""
        try:
            with closing(self._model.stream(SYSTEM, rewrite_prompt(question, history))) as chunks:
                for chunk in chunks:
                    text += chunk.text
                    if len(text) > LONGEST:
                        return None
        except GeneratorError:
            return None
        return text.strip() or None
