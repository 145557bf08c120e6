"""Fit the judge: `python -m benchmarks.fit_judge TRAINING_FOLDER --pairs VECTORS` writes assistant/judge.json and
assistant/domain.json.

Run after fit_reranker.py and fit_sentences.py, with the same `--features`. Two models: what fools the one is plain to
the other. The first learns from the cross-fitted questions of the `train` split: those whose answer was found, against
near misses (about something that a passage speaks of, but asking what it does not say) and questions put to a library
without their document. The second tells what the library is about at all: the same answered questions, against those of
another document and of `elsewhere.txt`, which no strategy document answers. Each threshold refuses few of the answered
questions of the `valid` split. Reports, for that split, what is refused at several thresholds, and how well calibrated
the first is.
"""

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.choose import FITTED as SENTENCES
from assistant.features import NAMES
from assistant.judge import DOMAIN, FITTED, SIGNALS, sentence_signals, signals
from assistant.networks import Networks
from assistant.rerank import FITTED as RERANKER
from assistant.rerank import preference, shares
from assistant.sentence_features import NAMES as SENTENCE_NAMES
from assistant.trees import Trees
from benchmarks.crossfit import Asked
from benchmarks.fit_reranker import KIND_WEIGHTS, features_of

# Of the answerable questions whose answer was found, many of them hard on purpose: these set the thresholds.
REFUSED = 0.07
OUT_OF_DOMAIN = 0.04
FOUND = 10  # passages among which the answer must be, to count as found
BINS = 10

SORTS = ("answered", "near", "foreign", "elsewhere")
# What part of the weight each sort of question has. Near misses, which are harder, have more than the rest.
WEIGHTS = {
    FITTED: {"answered": 0.5, "near": 0.35, "foreign": 0.15},
    DOMAIN: {"answered": 0.5, "foreign": 0.2, "elsewhere": 0.3},
}
REFUSES = {FITTED: REFUSED, DOMAIN: OUT_OF_DOMAIN}
# Shares of all that was found, and distances to the best of it, are smaller where documents have several versions: that
# says nothing of what a library is about. Nor does what sort of question it is, though who writes them has habits.
RELATIVE = ("first_score", "second_score", "sentence_share", "two_sentences_share")
LEFT_OUT = {
    FITTED: (),
    DOMAIN: (*RELATIVE, *(name for name in SIGNALS if re.search("_gap$|_believed_|_asks_", name))),
}


@dataclass(frozen=True, slots=True)
class Rows:
    """The judge's signals for each question, which of SORTS it is, and what it weighs among the answered."""

    inputs: NDArray[np.float32]
    sorts: NDArray[np.str_]
    weights: NDArray[np.float64]

    def of(self, *sorts: str) -> "Rows":
        """Only the questions of these sorts."""
        chosen = np.isin(self.sorts, sorts)
        return Rows(self.inputs[chosen], self.sorts[chosen], self.weights[chosen])

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Which of them were answered."""
        return np.equal(self.sorts, "answered")


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, report, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("training", type=Path)
    parser.add_argument("--pairs", type=Path, required=True, help="vectors from before the questions")
    parser.add_argument("--features", type=Path, help="file to keep the features in, or to take them from")
    options = parser.parse_args(arguments)
    train, valid = features_of(options.training, options.pairs, options.features)
    reranker = Networks.load(RERANKER, NAMES)
    learnt, held = rows_of(train, reranker), rows_of(valid, reranker)
    for sort in SORTS:
        if sort not in learnt.sorts or sort not in held.sorts:
            raise SystemExit(
                f"no {sort!r} among the features: make them again, without --features or into another file"
            )
    for path, weights in WEIGHTS.items():
        some = held.of(*weights)
        fitted = fit(learnt.of(*weights), weights, LEFT_OUT[path])
        output = np.array([Trees(fitted, SIGNALS).output(row) for row in some.inputs])
        model = LogisticRegression().fit(output[:, None], some.answered)
        fitted |= {"slope": round(float(model.coef_[0, 0]), 4), "intercept": round(float(model.intercept_[0]), 4)}
        predicted = np.array([Trees(fitted, SIGNALS).probability(row) for row in held.inputs])
        fitted["threshold"] = round(float(np.quantile(predicted[held.answered], REFUSES[path])), 4)
        path.write_text(json.dumps(fitted) + "\n", encoding="utf-8")
        print("\n".join([path.name, "", *_report(predicted, held.sorts, list(weights))]), end="\n\n")


def fit(rows: Rows, shares: Mapping[str, float], left_out: Sequence[str] = ()) -> dict[str, Any]:
    """Small boosted trees, which hold better than networks where documents are unlike those that were learnt from.

    `shares` is what part of the weight the questions of each sort have; nothing is made of the signals `left_out`.
    """
    inputs = rows.inputs.copy()
    inputs[:, [SIGNALS.index(name) for name in left_out]] = 0.0
    weights = rows.weights.copy()
    for sort, share in shares.items():
        chosen = rows.sorts == sort
        weights[chosen] *= share * len(weights) / max(1.0, weights[chosen].sum())
    model = HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.05,
        max_leaf_nodes=6,
        l2_regularization=5,
        min_samples_leaf=60,
        early_stopping=False,
        random_state=0,
    ).fit(inputs, rows.answered, sample_weight=weights)
    return {
        "features": list(SIGNALS),
        "baseline": round(float(model._baseline_prediction.item()), 6),
        "trees": [nodes_of(predictor[0].nodes) for predictor in model._predictors],
        "slope": 1.0,
        "intercept": 0.0,
    }


def nodes_of(nodes: NDArray[Any]) -> list[list[float]]:
    """One of scikit-learn's trees as `assistant.trees` reads it."""
    return [
        [round(float(node["value"]), 6)]
        if node["is_leaf"]
        else [int(node["feature_idx"]), float(node["num_threshold"]), int(node["left"]), int(node["right"])]
        for node in nodes
    ]


def rows_of(asked: Sequence[Asked], reranker: Networks) -> Rows:
    """The rows to fit on; a question with an answer that was not found is none of them."""
    inputs, sorts, weights = [], [], []
    chooser = Networks.load(SENTENCES, SENTENCE_NAMES)
    for one in asked:
        scores = shares(reranker.calibrated(preference(reranker, one.features)))
        order = np.argsort(-scores, kind="stable")[:FOUND]
        found = bool(one.found[order].any())
        if one.quotable.any() and (found or not one.answerable):
            inputs.append(np.concatenate([signals(one.features[order], scores[order]), _of_sentences(one, chooser)]))
            sorts.append(_sort(one))
            weights.append(KIND_WEIGHTS.get(one.written.kind, 1.0) if one.answerable else 1.0)
    return Rows(np.array(inputs), np.array(sorts), np.array(weights))


def _sort(one: Asked) -> str:
    if one.answerable:
        return "answered"
    if one.written.kind == "elsewhere":
        return "elsewhere"
    return "foreign" if one.foreign else "near"


def _of_sentences(one: Asked, networks: Networks) -> NDArray[np.float32]:
    rows = one.sentences[one.quotable]
    outputs = networks.output(rows)
    order = np.argsort(-outputs, kind="stable")
    return sentence_signals(rows[order], outputs[order], shares(networks.calibrated(outputs))[order])


def _report(predicted: NDArray[np.float64], sorts: NDArray[np.str_], fitted_on: Sequence[str]) -> Sequence[str]:
    others = SORTS[1:]
    answered = predicted[sorts == "answered"]
    lines = [
        f"{sort}: {len(of_sort)} questions, AUC against the answered {_auc(answered, of_sort):.3f}"
        for sort in others
        if len(of_sort := predicted[sorts == sort])
    ]
    lines += ["", f"| threshold | answered refused | {' | '.join(f'{sort} refused' for sort in others)} |"]
    lines.append("|---:" * (2 + len(others)) + "|")
    for share in (0.02, OUT_OF_DOMAIN, REFUSED, 0.1, 0.15, 0.2):
        at = float(np.quantile(answered, share))
        refused = " | ".join(f"{np.mean(predicted[sorts == sort] < at):.2f}" for sort in others)
        lines.append(f"| {at:.3f} | {share:.2f} | {refused} |")
    lines += ["", "| probability | questions | answered |", "|---|---:|---:|"]
    for low in np.arange(BINS) / BINS:
        chosen = (predicted >= low) & (predicted < low + 1 / BINS) & np.isin(sorts, fitted_on)
        if chosen.any():
            right = np.mean(sorts[chosen] == "answered")
            lines.append(f"| {low:.1f} to {low + 1 / BINS:.1f} | {chosen.sum()} | {right:.2f} |")
    return lines


def _auc(answered: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    labels = np.repeat([True, False], [len(answered), len(others)])
    return float(roc_auc_score(labels, np.concatenate([answered, others])))


if __name__ == "__main__":
    main()
