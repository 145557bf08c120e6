"""The judge: do these passages answer this question? A probability, and a threshold below which nothing is said.

Boosted trees over the signals below, fitted by `benchmarks/fit_judge.py` on written questions of which it is known
whether anything answers them: near misses among them, which ask for what a passage that is found does not say. None of
the signals depends on the size of the library.
"""

import json
from collections.abc import Collection
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.features import INTENT_NAMES, NAMES
from assistant.retrieve import Retrieval
from assistant.sentence_match import YEAR
from assistant.trees import Trees
from assistant.types import Verdict

FITTED = Path(__file__).parent / "judge.json"

PASSAGES = 3  # the best passages, one of which should answer
BEST_OF = ("soft", "expanded", "sentence", "window", "named", "expected", "window_cosine", "phrases")
# What sort of answer is asked for, how a text is written and where a retriever put it say nothing of whether the
# answer is there, though in written questions and documents they may.
LEFT_OUT = (
    *INTENT_NAMES, "length", "body", "beside", "pointed_at", "best_coverage", "best_cosine", "best_expanded",
    "best_late", "lexical_rank", "dense_rank", "words", "english", "coverage", "cosine", "second_window",
)  # fmt: skip
OF_FIRST = tuple(name for name in NAMES if name not in LEFT_OUT)
# The features of the best passage, the best of the first few of some of them, and the scores of the first two.
SIGNALS = (*OF_FIRST, *(f"best_{name}_of_{PASSAGES}" for name in BEST_OF), "first_score", "second_score")


def judge(found: Retrieval, absent: Collection[str] = ()) -> Verdict:
    """How likely the passages that were found answer the question, and the signals that say so.

    `absent` are the names and numbers of the question that nothing in the library has: what is asked of a year that no
    document speaks of is not answered.
    """
    if not found.passages or any(YEAR.fullmatch(word) for word in absent):
        return Verdict(0.0)
    scores = np.array([hit.score for hit in found.passages])
    row = signals(found.features, scores)
    probability = _trees().probability(row)
    return Verdict(probability, dict(zip(SIGNALS, map(float, row), strict=True)))


def signals(features: NDArray[np.float32], scores: NDArray[np.float64]) -> NDArray[np.float32]:
    """The judge's signals, in order of SIGNALS, from the features and scores of the passages, best first."""
    best = [features[:PASSAGES, NAMES.index(name)].max() for name in BEST_OF]
    second = scores[1] if len(scores) > 1 else 0.0
    of_first = [features[0, NAMES.index(name)] for name in OF_FIRST]
    return np.array([*of_first, *best, _logit(scores[0]), _logit(float(second))], dtype=np.float32)


@cache
def threshold() -> float:
    """The probability below which a question counts as not answered."""
    return float(json.loads(FITTED.read_text(encoding="utf-8"))["threshold"])


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))


@cache
def _trees() -> Trees:
    return Trees.load(FITTED, SIGNALS)
