"""A text as the terms it is compared by, made once and kept for the next question."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ingest.dutch import content_words, part_stems, stem
from ingest.sentences import sentences

KEPT = 16_384  # texts; about 5 kB each


@dataclass(frozen=True, slots=True)
class Terms:
    """A text as terms.

    `sentences` are its sentences; `places` has for each stem, also of parts of compounds, a bit for each sentence that
    has it; `neighbours` are the pairs of stems that stand side by side; `words` the content words, each once, and
    `vocabulary` the same as a set; `positions` has for each content word of the text its number in `words`, and
    `starts` where in `positions` each sentence that has any begins. `length` is the number of content words.
    """

    sentences: tuple[str, ...]
    places: Mapping[str, int]
    neighbours: frozenset[tuple[str, str]]
    words: tuple[str, ...]
    vocabulary: frozenset[str]
    positions: NDArray[np.intp]
    starts: NDArray[np.intp]
    length: int


@lru_cache(maxsize=KEPT)
def text_terms(text: str) -> Terms:
    """A text as terms."""
    said = tuple(text[start:end] for start, end in sentences(text))
    places: dict[str, int] = {}
    numbers: dict[str, int] = {}
    stems: list[str] = []
    positions: list[int] = []
    starts: list[int] = []
    for at, sentence in enumerate(said):
        content = content_words(sentence)
        if content:
            starts.append(len(positions))
        for word in content:
            positions.append(numbers.setdefault(word, len(numbers)))
            own = stem(word)
            stems.append(own)
            for term in (own, *part_stems(word)):
                places[term] = places.get(term, 0) | 1 << at
    return Terms(
        said,
        places,
        frozenset(pairwise(stems)),
        tuple(numbers),
        frozenset(numbers),
        np.array(positions, dtype=np.intp),
        np.array(starts, dtype=np.intp),
        len(positions),
    )
