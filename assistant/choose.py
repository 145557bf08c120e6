"""Choosing sentences: what was found -> each sentence with the share of belief that it is the one that answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.networks import Networks
from assistant.passage_sentences import Sentence
from assistant.rerank import shares
from assistant.sentence_features import NAMES

FITTED = Path(__file__).parent / "sentences.json"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence with its score, a share of 1 over all sentences of the question, what the networks made of it, from
    which that comes, and its features.
    """

    sentence: Sentence
    score: float
    output: float
    features: NDArray[np.float32]


def choose(said: Sequence[Sentence], features: NDArray[np.float32]) -> list[Chosen]:
    """The sentences that may stand in an answer, best first. Networks fitted by `benchmarks/fit_sentences.py`."""
    quotable = [at for at, sentence in enumerate(said) if sentence.quotable]
    if not quotable:
        return []
    rows = features[quotable]
    outputs = _networks().output(rows)
    scores = shares(_networks().calibrated(outputs))
    order = sorted(range(len(quotable)), key=lambda at: (-scores[at], at))
    return [Chosen(said[quotable[at]], float(scores[at]), float(outputs[at]), rows[at]) for at in order]


@cache
def _networks() -> Networks:
    return Networks.load(FITTED, NAMES)
