"""The statements of one answer: made by the generator that is configured, checked, or else made without a model."""

from collections.abc import Iterator
from contextlib import closing
from itertools import count

from assistant.errors import GeneratorError
from assistant.generate import Writing
from assistant.generator import Evidence, Generator
from assistant.types import Draft, Generation
from assistant.verify import CHECKS, Verified, Verifier


class Composition:
    """One answer in the making. `cut_short` tells whether the generator failed after something was shown."""

    def __init__(self, generators: tuple[Generator, ...], evidence: Evidence, verifier: Verifier) -> None:
        """`generators` are tried in order; the last must not fail."""
        self._generators = generators
        self._evidence = evidence
        self._verifier = verifier
        self._made_by = generators[-1]  # until one was asked
        self._writing: Writing | None = None
        self._fell_back: str | None = None
        self.cut_short = False

    def statements(self) -> Iterator[Verified]:
        """The statements that hold, each as soon as it was checked."""
        for at in count():
            self._made_by = self._generators[at]
            last = at + 1 == len(self._generators)
            shown = False
            try:
                for verified in self._checked(self._made_by):
                    shown = True
                    yield verified
            except GeneratorError as error:
                if last:
                    raise
                self._fell_back = error.problem
                if shown:
                    self.cut_short = True
                    return
            else:
                # A model that finds no answer in the passages is believed; one whose statements do not hold is not.
                if last or shown or (self._writing and self._writing.found_nothing):
                    return
                self._fell_back = "unsupported"

    @property
    def generation(self) -> Generation:
        """How the statements so far were made."""
        writing = self._writing
        return Generation(
            self._made_by.name,
            model=writing.model if writing else None,
            prompt_version=writing.prompt_version if writing else None,
            checks=CHECKS,
            dropped=self._dropped,
            fell_back=self._fell_back,
            prompt_tokens=writing.prompt_tokens if writing else 0,
            completion_tokens=writing.completion_tokens if writing else 0,
        )

    @property
    def _dropped(self) -> int:
        return self._verifier.dropped + (self._writing.dropped if self._writing else 0)

    def _checked(self, generator: Generator) -> Iterator[Verified]:
        drafts = generator.drafts(self._evidence)
        if isinstance(drafts, Writing):
            self._writing = drafts
            with closing(drafts):
                yield from self._hold(drafts)
        else:
            yield from self._hold(drafts)

    def _hold(self, drafts: Iterator[Draft]) -> Iterator[Verified]:
        for draft in drafts:
            if verified := self._verifier.check(draft):
                yield verified
