"""How near the words of texts come to those of a question, one by one: late interaction (Khattab & Zaharia 2020)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.terms import Terms

Floats = NDArray[np.float32]
WordVectors = Callable[[Sequence[tuple[str, ...]]], tuple[Floats, NDArray[np.intp]] | None]
"""Gives a unit vector for each different word of texts, and which of these each word of each text is; None where the
encoder has none for words."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near the nearest word of a text comes to each word of the question: `of_text` is (words, texts).

    `of_sentence` is the same for each sentence of these texts, (words, sentences), 0 where it has no words, and `first`
    the number of the first sentence of each text. `has_words` tells which texts these are about: those that have any
    words.
    """

    of_text: Floats
    of_sentence: Floats
    first: NDArray[np.intp]
    has_words: NDArray[np.bool_]


def nearness(asked: tuple[str, ...], texts: Sequence[Terms], word_vectors: WordVectors) -> Nearness | None:
    """How near these texts come to the words `asked`; None where there are no words, or no vectors, to compare."""
    has_words = np.array([bool(text.words) for text in texts], dtype=np.bool_)
    spoken = [text for text in texts if text.words]
    asked_for, found = word_vectors([asked]), word_vectors([text.words for text in spoken])
    if asked_for is None or found is None or not asked or not spoken:
        return None
    (of_asked, questioned), (of_words, said) = asked_for, found
    begins = _starts([len(text.words) for text in spoken])
    by_word = np.maximum(of_asked[questioned] @ of_words.T, np.float32(0))[:, said]
    # A sentence has words that its text has: `positions` says which, by their number in the text.
    in_text = np.concatenate([text.positions + begin for text, begin in zip(spoken, begins.tolist(), strict=True)])
    placed = _starts([len(text.positions) for text in spoken]).tolist()
    bounds = np.concatenate([text.bounds[:-1] + begin for text, begin in zip(spoken, placed, strict=True)])
    filled = np.diff(bounds, append=len(in_text)) > 0
    of_sentence = np.zeros((len(asked), len(bounds)), dtype=np.float32)
    of_sentence[:, filled] = np.maximum.reduceat(by_word[:, in_text], bounds[filled], axis=1)
    return Nearness(
        np.maximum.reduceat(by_word, begins, axis=1),
        of_sentence,
        _starts([len(text.sentences) for text in spoken]),
        has_words,
    )


def _starts(lengths: Sequence[int]) -> NDArray[np.intp]:
    """Where each of a row of things of these lengths begins."""
    return np.cumsum([0, *lengths[:-1]], dtype=np.intp)
