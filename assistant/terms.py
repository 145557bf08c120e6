"""A text as the terms it is compared by, made once and kept for the next question."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from sys import intern

import numpy as np
from numpy.typing import NDArray

from ingest.dutch import content_words, word_stems
from ingest.sentences import sentences
from ingest.types import Document, Passage

KEPT = 16_384  # sentences, of what is only made of some
KEPT_TEXTS = 24_576  # texts of passages, and what stands above them


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """A text as terms. Equal only to itself, so that what is made of it can be kept with it.

    `sentences` are its sentences, and `begins` where each of them begins in it; `places` has for each stem, also of
    parts of compounds, a bit for each sentence that has it; `stems` has the stem of each content word, in order;
    `words` are the content words, each once; `positions` has for each content word of the text its number in `words`,
    and `bounds` where in `positions` each sentence begins, and where the last one ends; `distinct` is how many stems
    each sentence has. No sets: of ten thousand texts these would take more room than all the rest.
    """

    sentences: tuple[str, ...]
    begins: tuple[int, ...]
    places: Mapping[str, int]
    stems: tuple[str, ...]
    words: tuple[str, ...]
    positions: NDArray[np.int32]
    bounds: NDArray[np.int32]
    distinct: tuple[int, ...]

    @property
    def length(self) -> int:
        """The number of content words."""
        return len(self.stems)

    def beside(self, pairs: Collection[tuple[str, str]]) -> int:
        """How many of these pairs of stems stand side by side somewhere in the text."""
        likely = {pair for pair in pairs if pair[0] in self.places and pair[1] in self.places}
        return len(likely.intersection(pairwise(self.stems))) if likely else 0

    def sentences_with(self, word: str) -> int:
        """A bit for each sentence that has a content word, as it is spelled."""
        if word not in self.words:
            return 0
        at = np.flatnonzero(self.positions == self.words.index(word))
        numbers = np.searchsorted(self.bounds, at, side="right") - 1
        return sum(1 << number for number in set(numbers.tolist()))


@lru_cache(maxsize=KEPT_TEXTS)
def text_terms(text: str) -> Terms:
    """A text as terms: a passage, or what stands above it."""
    return _terms(text, sentences(text))


def above(passage: Passage, document: Document) -> Terms:
    """What stands above a passage as terms: the title of its document, and its headings."""
    return text_terms("\n".join((document.title, *passage.section)))


@lru_cache(maxsize=KEPT)
def whole_terms(text: str) -> Terms:
    """A text as terms, all of it as if it were one sentence."""
    return _terms(text, [(0, len(text))])


def _terms(text: str, spans: Sequence[tuple[int, int]]) -> Terms:
    said = tuple(text[start:end] for start, end in spans)
    places: dict[str, int] = {}
    numbers: dict[str, int] = {}
    stems: list[str] = []
    positions: list[int] = []
    bounds = [0]
    distinct = [0] * len(said)
    for at, sentence in enumerate(said):
        bit = 1 << at
        for word in content_words(sentence):
            # Texts have most of their words in common: each is kept once.
            positions.append(numbers.setdefault(intern(word), len(numbers)))
            of_word = word_stems(word)
            stems.append(of_word[0])
            for term in of_word:
                before = places.get(term, 0)
                if not before & bit:
                    places[term] = before | bit
                    distinct[at] += 1
        bounds.append(len(positions))
    return Terms(
        said,
        tuple(start for start, _ in spans),
        places,
        tuple(stems),
        tuple(numbers),
        np.array(positions, dtype=np.int32),
        np.array(bounds, dtype=np.int32),
        tuple(distinct),
    )
