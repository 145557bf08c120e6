"""Fit the judge: `python -m benchmarks.fit_judge TRAINING_FOLDER --pairs VECTORS` writes assistant/judge.json.

Run after fit_reranker.py and fit_sentences.py, with the same `--features`. Learns from the cross-fitted questions of
the `train` split: those whose answer was found, against near misses (about something that a passage speaks of, but
asking what it does not say) and questions put to a library without their document. The threshold refuses few of the
answered questions of the `valid` split. Reports, for that split, what is refused at several thresholds, and how well
calibrated it is.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.choose import FITTED as SENTENCES
from assistant.features import NAMES
from assistant.judge import FITTED, SIGNALS, sentence_signals, signals
from assistant.networks import Networks
from assistant.rerank import FITTED as RERANKER
from assistant.rerank import preference, shares
from assistant.sentence_features import NAMES as SENTENCE_NAMES
from assistant.trees import Trees
from benchmarks.crossfit import Asked
from benchmarks.fit_reranker import KIND_WEIGHTS, features_of

REFUSED = 0.07  # of the answerable questions whose answer was found, many of them hard on purpose: sets the threshold
FOUND = 10  # passages among which the answer must be, to count as found
BINS = 10

Rows = tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.float32]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, report, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("training", type=Path)
    parser.add_argument("--pairs", type=Path, required=True, help="vectors from before the questions")
    parser.add_argument("--features", type=Path, help="file to keep the features in, or to take them from")
    options = parser.parse_args(arguments)
    train, valid = features_of(options.training, options.pairs, options.features)
    reranker = Networks.load(RERANKER, NAMES)
    fitted = fit(_rows(train, reranker))
    inputs, answered, near, _ = _rows(valid, reranker)
    output = np.array([Trees(fitted, SIGNALS).output(row) for row in inputs])
    model = LogisticRegression().fit(output[:, None], answered)
    fitted |= {"slope": round(float(model.coef_[0, 0]), 4), "intercept": round(float(model.intercept_[0]), 4)}
    predicted = np.array([Trees(fitted, SIGNALS).probability(row) for row in inputs])
    fitted["threshold"] = round(float(np.quantile(predicted[answered], REFUSED)), 4)
    FITTED.write_text(json.dumps(fitted) + "\n", encoding="utf-8")
    print("\n".join(_report(predicted, answered, near)))


def fit(rows: Rows) -> dict[str, Any]:
    """Small boosted trees, which hold better than networks where documents are unlike those that were learnt from."""
    inputs, answered, _, weights = rows
    model = HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.05,
        max_leaf_nodes=6,
        l2_regularization=5,
        min_samples_leaf=60,
        early_stopping=False,
        random_state=0,
    ).fit(inputs, answered, sample_weight=weights)
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


def _rows(asked: Sequence[Asked], reranker: Networks) -> Rows:
    """The judge's signals, whether the answer was found, whether it is a near miss, and the weight of each question.

    A question with an answer that was not found counts as neither.
    """
    inputs, answered, near, kinds = [], [], [], []
    chooser = Networks.load(SENTENCES, SENTENCE_NAMES)
    for one in asked:
        scores = shares(reranker.calibrated(preference(reranker, one.features)))
        order = np.argsort(-scores, kind="stable")[:FOUND]
        found = bool(one.found[order].any())
        if one.quotable.any() and (found or not one.answerable):
            inputs.append(np.concatenate([signals(one.features[order], scores[order]), _of_sentences(one, chooser)]))
            answered.append(found)
            near.append(not one.answerable and not one.foreign)
            kinds.append(KIND_WEIGHTS.get(one.written.kind, 1.0) if one.answerable else 1.0)
    labels, misses = np.array(answered), np.array(near)
    # Half of the weight is for the answered; near misses, which are harder, have more than the rest.
    weights = np.array(kinds, dtype=np.float32)
    for chosen, share in ((labels, 0.5), (misses, 0.35), (~labels & ~misses, 0.15)):
        weights[chosen] *= share * len(labels) / max(1.0, weights[chosen].sum())
    return np.array(inputs), labels, misses, weights


def _of_sentences(one: Asked, networks: Networks) -> NDArray[np.float32]:
    rows = one.sentences[one.quotable]
    outputs = networks.output(rows)
    order = np.argsort(-outputs, kind="stable")
    return sentence_signals(rows[order], outputs[order], shares(networks.calibrated(outputs))[order])


def _report(predicted: NDArray[np.float64], answered: NDArray[np.bool_], near: NDArray[np.bool_]) -> Sequence[str]:
    foreign = ~answered & ~near
    lines = [
        f"{answered.sum()} answered, {near.sum()} near misses, {foreign.sum()} put to another library",
        f"AUC: near misses {roc_auc_score(answered[answered | near], predicted[answered | near]):.3f}, "
        f"other library {roc_auc_score(answered[answered | foreign], predicted[answered | foreign]):.3f}",
        "",
        "| threshold | answered refused | near misses refused | other library refused |",
        "|---:|---:|---:|---:|",
    ]
    for share in (0.02, REFUSED, 0.1, 0.15, 0.2):
        at = float(np.quantile(predicted[answered], share))
        lines.append(
            f"| {at:.3f} | {share:.2f} | {np.mean(predicted[near] < at):.2f} | {np.mean(predicted[foreign] < at):.2f} |"
        )
    lines += ["", "| probability | questions | answered |", "|---|---:|---:|"]
    for low in np.arange(BINS) / BINS:
        chosen = (predicted >= low) & (predicted < low + 1 / BINS)
        if chosen.any():
            lines.append(f"| {low:.1f} to {low + 1 / BINS:.1f} | {chosen.sum()} | {np.mean(answered[chosen]):.2f} |")
    return lines


if __name__ == "__main__":
    main()
