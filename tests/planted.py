"""Regressions, planted: the command with something broken in it, as a change could break it.

`python -m tests.planted NAME ARGUMENTS…` runs `vng-assistent ARGUMENTS…` so. In one process: set VNG_WORKERS=1.
"""

import sys
from collections.abc import Callable


class NoStemmer:
    """A stemmer that leaves words as they are."""

    def stemWord(self, word: str) -> str:  # noqa: N802 - the name in the library
        return word

    def stemWords(self, words: list[str]) -> list[str]:  # noqa: N802 - the name in the library
        return words


def stemming_off() -> None:
    """Words are not brought back to their stem any more, in the index or in questions."""
    import Stemmer

    Stemmer.Stemmer = lambda *_: NoStemmer()


def verifier_off() -> None:
    """Whatever a statement says, its quotes are thought to support it."""
    import assistant.verify

    vars(assistant.verify)["supports"] = lambda *_: True


def quotes_off() -> None:
    """Quotes are cited one character further on than they stand."""
    import assistant.verify

    cite = assistant.verify.cite
    vars(assistant.verify)["cite"] = lambda n, passage, document, text, start, end: cite(
        n, passage, document, text, start + 1, end
    )


def nothing() -> None:
    """All is as it is."""


REGRESSIONS: dict[str, Callable[[], None]] = {
    found.__name__: found for found in (nothing, stemming_off, verifier_off, quotes_off)
}

if __name__ == "__main__":
    REGRESSIONS[sys.argv[1]]()
    from vng_assistent import main

    main(sys.argv[2:])
