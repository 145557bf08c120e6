"""The judge: do these passages answer this question? Probabilities, and thresholds below which nothing is said.

Boosted trees over the signals below, fitted by `benchmarks/fit_judge.py` on written questions of which it is known
whether anything answers them: near misses among them, which ask for what a passage that is found does not say. Other
trees, over the same signals, tell whether the library is about such a thing at all: what gives away a near miss does
not give away who asks a vision on housing how to bake a pie. None of the signals depends on the size of the library.
"""

import json
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.choose import Chosen
from assistant.features import INTENT_NAMES, NAMES
from assistant.retrieve import Retrieval
from assistant.sentence_features import NAMES as SENTENCE_NAMES
from assistant.sentence_match import YEAR
from assistant.trees import Trees
from assistant.types import Verdict

FITTED = Path(__file__).parent / "judge.json"
DOMAIN = Path(__file__).parent / "domain.json"

PASSAGES = 3  # the best passages, one of which should answer
LEAST_OUTPUT = -9.0  # of a second sentence, where there is none
BEST_OF = ("soft", "expanded", "sentence", "window", "named", "expected", "window_cosine", "phrases")
# What sort of answer is asked for, how a text is written and where a retriever put it say nothing of whether the
# answer is there, though in written questions and documents they may.
LEFT_OUT = (
    *INTENT_NAMES, "length", "body", "beside", "pointed_at", "best_coverage", "best_cosine", "best_expanded",
    "best_late", "lexical_rank", "dense_rank", "words", "english", "coverage", "cosine", "second_window",
)  # fmt: skip
OF_FIRST = tuple(name for name in NAMES if name not in LEFT_OUT)
# Of the sentence that comes out best, all but how it is written and where it stands.
SENTENCE_LEFT_OUT = (
    "length", "words", "english", "new_words", "list_item", "other_kind", "place", "first", "passage_rank", "commas",
    "quotes", "share",
)  # fmt: skip
OF_SENTENCE = tuple(name for name in SENTENCE_NAMES if name not in SENTENCE_LEFT_OUT)
SENTENCES = 3  # the best sentences
BEST_OF_SENTENCES = (
    "expanded", "with_heading", "late", "late_around", "cosine", "named_around", "named", "counted", "expected",
    "phrases",
)  # fmt: skip
LEAST_OF_SENTENCES = ("missing", "uncovered")
# What the sentences hold on the whole, each for as much as it is believed to answer.
BELIEVED = ("expected", "expanded", "counted", "person", "time", "new_number")
# The features of the best passage, the best of the first few of some of them, and the scores of the first two; then
# the same of sentences.
SIGNALS = (
    *OF_FIRST, *(f"best_{name}_of_{PASSAGES}" for name in BEST_OF), "first_score", "second_score",
    *(f"sentence_{name}" for name in OF_SENTENCE),
    "sentence_output", "second_sentence_output", "sentence_share", "two_sentences_share",
    *(f"sentences_best_{name}" for name in BEST_OF_SENTENCES),
    *(f"sentences_least_{name}" for name in LEAST_OF_SENTENCES),
    *(f"sentences_believed_{name}" for name in BELIEVED),
)  # fmt: skip
_OF_FIRST, _BEST_OF = ([NAMES.index(one) for one in names] for names in (OF_FIRST, BEST_OF))
_OF_SENTENCE, _BEST_OF_SENTENCES, _LEAST_OF_SENTENCES, _BELIEVED = (
    [SENTENCE_NAMES.index(one) for one in names]
    for names in (OF_SENTENCE, BEST_OF_SENTENCES, LEAST_OF_SENTENCES, BELIEVED)
)


def judge(found: Retrieval, chosen: Sequence[Chosen], absent: Collection[str] = ()) -> Verdict:
    """How likely the library is about the question, and what was found answers it, and the signals that say so.

    `chosen` are their sentences, best first. `absent` are the names and numbers of the question that nothing in the
    library has: what is asked of a year that no document speaks of is not answered.
    """
    if not found.passages or not chosen or any(YEAR.fullmatch(word) for word in absent):
        return Verdict(0.0, 0.0)
    scores = np.array([hit.score for hit in found.passages])
    of_sentences = sentence_signals(
        np.stack([one.features for one in chosen]),
        np.array([one.output for one in chosen]),
        np.array([one.score for one in chosen]),
    )
    row = np.concatenate([signals(found.features, scores), of_sentences])
    return Verdict(
        _trees(FITTED).probability(row),
        _trees(DOMAIN).probability(row),
        dict(zip(SIGNALS, map(float, row), strict=True)),
    )


def is_answered(verdict: Verdict) -> bool:
    """Whether a question counts as answered."""
    return verdict.probability >= threshold(FITTED) and verdict.in_domain >= threshold(DOMAIN)


def signals(features: NDArray[np.float32], scores: NDArray[np.float64]) -> NDArray[np.float32]:
    """The first of the judge's signals, from the features and scores of the passages, best first."""
    best = features[:PASSAGES, _BEST_OF].max(axis=0)
    second = scores[1] if len(scores) > 1 else 0.0
    of_scores = np.array([_logit(scores[0]), _logit(float(second))], dtype=np.float32)
    return np.concatenate([features[0, _OF_FIRST], best, of_scores])


def sentence_signals(
    features: NDArray[np.float32], outputs: NDArray[np.float64], shares: NDArray[np.float64]
) -> NDArray[np.float32]:
    """The rest of the judge's signals, from the features, outputs and shares of the sentences, best first."""
    few = features[:SENTENCES]
    second = outputs[1] if len(outputs) > 1 else LEAST_OUTPUT
    return np.concatenate([
        features[0, _OF_SENTENCE],
        np.array([outputs[0], second, shares[0], shares[:2].sum()], dtype=np.float32),
        few[:, _BEST_OF_SENTENCES].max(axis=0),
        few[:, _LEAST_OF_SENTENCES].min(axis=0),
        (shares @ features[:, _BELIEVED]).astype(np.float32),
    ])  # fmt: skip


@cache
def threshold(fitted: Path) -> float:
    """The probability below which a question counts as not answered, or as one that the library is not about."""
    return float(json.loads(fitted.read_text(encoding="utf-8"))["threshold"])


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))


@cache
def _trees(fitted: Path) -> Trees:
    return Trees.load(fitted, SIGNALS)
