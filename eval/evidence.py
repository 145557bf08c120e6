"""Whether a text holds a piece of evidence."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil

from eval.topics import Evidence, document_name
from eval.words import normalise

__all__ = ["SHARE", "held", "holds", "normalise"]  # `normalise` also from here: it goes together with `holds`

SHARE = 0.6  # of the words of a quote, in one run, that a text must have to hold it


def holds(text: str, quote: str) -> bool:
    """Whether a normalised text has a normalised quote, or most of it in one run."""
    if quote in text:
        return bool(quote)
    # A text that has the longest run there may be also has every shorter one, so runs of one length are enough.
    words, within = quote.split(), f" {text} "
    length = ceil(SHARE * len(words))
    return any(f" {' '.join(words[at : at + length])} " in within for at in range(len(words) - length + 1))


def held(evidence: Sequence[Evidence], source: str, text: str) -> tuple[int, ...]:
    """Which of the pieces of evidence a text of this source holds, as places in `evidence`."""
    name, words = document_name(source), normalise(text)
    return tuple(
        at for at, found in enumerate(evidence) if found.document == name and holds(words, _quote(found.quote))
    )


_quote = lru_cache(maxsize=10_000)(normalise)
