"""The generator with a language model: its reply becomes statements, each with the place of the words it quotes."""

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from assistant.errors import GeneratorError
from assistant.generator import Evidence
from assistant.llm.claims import Claim, Lines, claim, is_shaped
from assistant.llm.language import is_in
from assistant.llm.language_model import LanguageModel
from assistant.llm.locate import locate
from assistant.llm.prompt import NOT_FOUND, PROMPT_VERSION, new_nonce, system_prompt, user_prompt, within
from assistant.types import Draft, ScoredPassage

CHARACTERS_A_TOKEN = 3.5  # of Dutch; an estimate for where the server does not count
QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"")
SAYS_NOT_FOUND = re.compile(rf"\W*{NOT_FOUND}\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Generative:
    """The generator with a language model. `context_words` is how much of the passages it may read."""

    model: LanguageModel
    context_words: int

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.model.name

    def drafts(self, evidence: Evidence) -> "Writing":
        """The statements of one reply, each as soon as its line is complete. Raises GeneratorError while it is read."""
        return Writing(self.model, within(evidence.passages, self.context_words), evidence)


class Writing:
    """One reply in the making: an iterator of drafts, that tells afterwards how it went.

    `dropped` counts the lines that are no statement with a quote that stands where it should. `prompt_tokens` and
    `completion_tokens` are as the server counts them, or else estimated.
    """

    prompt_version = PROMPT_VERSION

    def __init__(self, model: LanguageModel, passages: Sequence[ScoredPassage], evidence: Evidence) -> None:
        self.model = model.name
        self.dropped = 0
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self._model = model
        self._passages = passages
        self._evidence = evidence
        self._language = "en" if evidence.question.english else "nl"
        self._claims = 0
        self._foreign = 0
        self._not_found = False
        self._written = self._write()

    def __iter__(self) -> Iterator[Draft]:
        return self._written

    def __next__(self) -> Draft:
        return next(self._written)

    @property
    def found_nothing(self) -> bool:
        """Whether the model says that the passages do not hold the answer."""
        return self._not_found and not self._claims

    def close(self) -> None:
        """Stop reading the reply."""
        self._written.close()

    def _write(self) -> Generator[Draft, None, None]:
        nonce = new_nonce()
        system = system_prompt(nonce, english=self._evidence.question.english)
        asked = user_prompt(self._evidence.question.text, self._passages, nonce)
        lines = Lines()
        length = 0
        self.prompt_tokens = _estimate(len(system) + len(asked))
        stream = self._model.stream(system, asked)
        try:
            for chunk in stream:
                length += len(chunk.text)
                self.prompt_tokens = chunk.prompt_tokens or self.prompt_tokens
                self.completion_tokens = chunk.completion_tokens or _estimate(length)
                for line in lines.feed(chunk.text):
                    yield from self._drafts(line)
            for line in lines.end():
                yield from self._drafts(line)
        finally:
            stream.close()
        if not self._claims and not self._not_found:
            raise GeneratorError("language" if self._foreign else "nonsense" if self.dropped else "empty")

    def _drafts(self, line: str) -> Iterator[Draft]:
        if SAYS_NOT_FOUND.fullmatch(line):
            self._not_found = True
            return
        made = claim(line)
        if not is_in(QUOTED.sub(" ", made.text if made else line), self._language):
            self._foreign += 1
        elif made or is_shaped(line):
            self._claims += 1
            if made and (draft := self._draft(made)):
                yield draft
                return
        self.dropped += 1

    def _draft(self, made: Claim) -> Draft | None:
        """The statement with the places of its quotes; None when one of these is not in the passage it points at."""
        quotes: list[tuple[str, int, int]] = []
        for number, quote in made.pointed:
            if not 1 <= number <= len(self._passages):
                return None
            passage = self._passages[number - 1].passage
            span = locate(quote, self._evidence.canonical(passage.doc_id), passage.start, passage.end)
            if span is None:
                return None
            quotes.append((passage.doc_id, *span))
        return Draft(made.text, tuple(dict.fromkeys(quotes)))


def _estimate(characters: int) -> int:
    return round(characters / CHARACTERS_A_TOKEN)
