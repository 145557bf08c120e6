"""A text as the terms it is compared by, made once and kept for the next question."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ingest.dutch import content_words, word_stems
from ingest.sentences import sentences

KEPT = 16_384  # sentences
KEPT_TEXTS = 24_576  # texts of passages, and what stands above them


@dataclass(frozen=True, slots=True)
class Terms:
    """A text as terms.

    `sentences` are its sentences; `places` has for each stem, also of parts of compounds, a bit for each sentence that
    has it; `stems` has the stem of each content word, in order; `words` are the content words, each once; `positions`
    has for each content word of the text its number in `words`, and `starts` where in `positions` each sentence that
    has any begins. `length` is the number of content words. No sets: of ten thousand texts these would take more room
    than all the rest.
    """

    sentences: tuple[str, ...]
    places: Mapping[str, int]
    stems: tuple[str, ...]
    words: tuple[str, ...]
    positions: NDArray[np.int32]
    starts: NDArray[np.int32]
    length: int

    def beside(self, pairs: Collection[tuple[str, str]]) -> int:
        """How many of these pairs of stems stand side by side somewhere in the text."""
        likely = {pair for pair in pairs if pair[0] in self.places and pair[1] in self.places}
        return len(likely.intersection(pairwise(self.stems))) if likely else 0


@lru_cache(maxsize=KEPT_TEXTS)
def text_terms(text: str) -> Terms:
    """A text as terms: a passage, or what stands above it."""
    return _terms(text)


@lru_cache(maxsize=KEPT)
def sentence_terms(text: str) -> Terms:
    """A sentence as terms. Kept by themselves, so that the many sentences do not drive out the passages."""
    return _terms(text)


def _terms(text: str) -> Terms:
    said = tuple(text[start:end] for start, end in sentences(text))
    places: dict[str, int] = {}
    numbers: dict[str, int] = {}
    stems: list[str] = []
    positions: list[int] = []
    starts: list[int] = []
    for at, sentence in enumerate(said):
        content = content_words(sentence)
        bit = 1 << at
        if content:
            starts.append(len(positions))
        for word in content:
            positions.append(numbers.setdefault(word, len(numbers)))
            of_word = word_stems(word)
            stems.append(of_word[0])
            for term in of_word:
                places[term] = places.get(term, 0) | bit
    return Terms(
        said,
        places,
        tuple(stems),
        tuple(numbers),
        np.array(positions, dtype=np.int32),
        np.array(starts, dtype=np.int32),
        len(positions),
    )
