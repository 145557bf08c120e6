"""Reranking: candidates -> a score each, by what `assistant.features` says of them."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.features import NAMES, Candidate
from assistant.fuse import fuse_all
from assistant.networks import Networks
from assistant.understand import Question

FITTED = Path(__file__).parent / "reranker.json"
FUSION_WEIGHT = 10.0  # see the cross-validation in eval/README.md
FUSED = [NAMES.index(name) for name in ("coverage", "cosine", "window_cosine")]


class Reranker(Protocol):
    """Gives candidates a score each; higher is better."""

    @property
    def name(self) -> str:
        """What stands with a passage as the retriever that ranked it."""
        ...

    def score(
        self, question: Question, candidates: Sequence[Candidate], features: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        """A score for each candidate, between 0 and 1. `features` are those of `candidate_features`."""
        ...


class FittedReranker:
    """Networks over features, fitted by `benchmarks/fit_reranker.py`, beside fusion with fixed weights.

    Trained with a softmax over the candidates of a question (ListNet; Cao et al. 2007): the score is the share of a
    candidate in that, so that the scores of all candidates add up to 1.
    """

    name = "fused"

    def __init__(self, networks: Networks) -> None:
        self._networks = networks

    def score(
        self,
        question: Question,
        candidates: Sequence[Candidate],
        features: NDArray[np.float32],
    ) -> NDArray[np.float64]:
        """A score for each candidate."""
        return shares(self._networks.calibrated(preference(self._networks, features)))


def preference(networks: Networks, features: NDArray[np.float32]) -> NDArray[np.float64]:
    """What each row of features is preferred by: the networks, and fusion with fixed weights, which also holds where
    texts are unlike those that the networks learnt from.
    """
    coverages, cosines, windows = features[:, FUSED].astype(np.float64).T
    fused: NDArray[np.float64] = fuse_all(coverages, cosines, windows)
    return networks.output(features) + FUSION_WEIGHT * fused


def shares(outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """The softmax of the outputs for the candidates of one question."""
    if not len(outputs):
        return outputs
    powers = np.exp(outputs - outputs.max())
    return np.asarray(powers / powers.sum(), dtype=np.float64)


@cache
def embedded_reranker() -> FittedReranker:
    """The reranker that comes with the project."""
    return FittedReranker(Networks.load(FITTED, NAMES))
