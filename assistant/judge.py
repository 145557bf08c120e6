"""The judge: do these passages answer this question? A probability, and a threshold below which nothing is said.

A logistic regression over the signals below, fitted by `benchmarks/fit_judge.py` on written questions of which it is
known whether their passage answers them. None of the signals depends on the size of the library.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from assistant.retrieve import Question
from assistant.sentence_match import QuestionWords, best_coverage, most_telling, names_and_numbers
from assistant.types import ScoredPassage, Verdict
from ingest.dutch import words
from ingest.encode import Encoder
from ingest.sentences import sentences

PASSAGES = 3  # the best passages, in which the answer should stand
SIGNALS = ("covered", "telling", "cosine", "named", "score", "lead")
NAMED_IN = 5  # passages in which the names and numbers of the question should stand


@dataclass(frozen=True, slots=True)
class Fit:
    """The fitted judge: a weight a signal, the intercept, and the probability below which nothing is answered."""

    weights: dict[str, float]
    intercept: float
    threshold: float


FIT = Fit(
    {"covered": 1.126, "telling": 0.209, "cosine": 2.883, "named": 1.557, "score": 5.497, "lead": 3.887}, -5.441, 0.282
)


def judge(
    question: Question, asked: QuestionWords, passages: Sequence[ScoredPassage], encoder: Encoder, fit: Fit = FIT
) -> Verdict:
    """How likely the passages answer the question, and the signals that say so."""
    features = signals(question, asked, passages, encoder)
    total = fit.intercept + sum(weight * features[name] for name, weight in fit.weights.items())
    return Verdict(1 / (1 + exp(-total)), features)


def signals(
    question: Question, asked: QuestionWords, passages: Sequence[ScoredPassage], encoder: Encoder
) -> dict[str, float]:
    """The judge's signals, each between about 0 and 1.

    covered: share of the question's words, by weight, in the best passage; telling: how well the most telling word
    of the question is matched in one of the first passages; cosine: the sentence nearest in meaning; named: share of
    the question's names and numbers in the first passages; score: the fused score of the first passage; lead: how far
    it stands above the tenth.
    """
    if not passages:
        return dict.fromkeys(SIGNALS, 0.0)
    first = passages[:PASSAGES]
    texts = [f"{hit.document.title}\n" + "\n".join((*hit.passage.section, hit.passage.text)) for hit in first]
    said = [hit.passage.text[start:end] for hit in first for start, end in sentences(hit.passage.text)]
    if encoder.additive and said:
        cosine = float(np.max(encoder.encode_passages(said) @ question.vector))
    else:
        cosine = max((part.score for hit in first for part in hit.parts if part.retriever == "dense"), default=0.0)
    names = names_and_numbers(question.text)
    present = {
        word
        for hit in passages[:NAMED_IN]
        for word in words("\n".join((hit.document.title, *hit.passage.section, hit.passage.text)))
    }
    return {
        "covered": best_coverage(texts, asked),
        "telling": best_coverage(texts, most_telling(asked)),
        "cosine": cosine,
        "named": len(names & present) / len(names) if names else 1.0,
        "score": passages[0].score,
        "lead": passages[0].score - passages[min(9, len(passages) - 1)].score,
    }
