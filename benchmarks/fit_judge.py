"""Fit the judge: `python -m benchmarks.fit_judge TRAINING_FOLDER --pairs VECTORS` writes assistant/judge.json.

Run after fit_reranker.py, with the same `--features`. Learns from the cross-fitted questions of the `train` split:
those whose answer was found, against near misses (about something that a passage speaks of, but asking what it does not
say) and questions put to a library without their document. The threshold refuses few of the answered questions of the
`valid` split. Reports, for that split, what is refused at several thresholds, and how well calibrated it is.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.features import NAMES
from assistant.judge import FITTED, SIGNALS, signals
from assistant.networks import Networks
from assistant.rerank import FITTED as RERANKER
from assistant.rerank import shares
from benchmarks.crossfit import Asked
from benchmarks.fit_reranker import features_of
from benchmarks.networks import Network, Scaling, fit_networks

EPOCHS = 12
REFUSED = 0.05  # of the answerable questions whose answer was found; the threshold is set by it
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
    torch.set_num_threads(1)
    train, valid = features_of(options.training, options.pairs, options.features)
    reranker = Networks.load(RERANKER, NAMES)
    fitted = fit(_rows(train, reranker))
    inputs, answered, near, _ = _rows(valid, reranker)
    output = Networks(fitted, SIGNALS).output(inputs)
    model = LogisticRegression(class_weight="balanced").fit(output[:, None], answered)
    fitted |= {"slope": round(float(model.coef_[0, 0]), 4), "intercept": round(float(model.intercept_[0]), 4)}
    predicted = Networks(fitted, SIGNALS).probability(inputs)
    fitted["threshold"] = round(float(np.quantile(predicted[answered], REFUSED)), 4)
    FITTED.write_text(json.dumps(fitted) + "\n", encoding="utf-8")
    print("\n".join(_report(predicted, answered, near)))


def fit(rows: Rows) -> dict[str, object]:
    """Networks trained with the logistic loss; both classes weigh the same."""
    inputs, answered, _, weights = rows
    scaling = Scaling.of(inputs, SIGNALS)
    scaled, labels = torch.from_numpy(scaling.apply(inputs)), torch.from_numpy(answered.astype(np.float32))
    weighed = torch.from_numpy(weights)

    def loss(network: Network, chosen: NDArray[np.int64]) -> torch.Tensor:
        of_each = torch.nn.functional.binary_cross_entropy_with_logits(
            network(scaled[chosen]), labels[chosen], reduction="none"
        )
        return (of_each * weighed[chosen]).mean()

    return fit_networks(scaling, len(inputs), loss, EPOCHS)


def _rows(asked: Sequence[Asked], reranker: Networks) -> Rows:
    """The judge's signals, whether the answer was found, whether it is a near miss, and the weight of each question.

    A question with an answer that was not found counts as neither.
    """
    inputs, answered, near = [], [], []
    for one in asked:
        scores = shares(reranker.scaled(one.features))
        order = np.argsort(-scores, kind="stable")[:FOUND]
        found = bool(one.found[order].any())
        if found or not one.answerable:
            inputs.append(signals(one.features[order], scores[order]))
            answered.append(found)
            near.append(not one.answerable and not one.foreign)
    labels, misses = np.array(answered), np.array(near)
    # Half of the weight is for the answered; near misses, which are harder, have more than the rest.
    weights = np.zeros(len(labels), dtype=np.float32)
    for chosen, share in ((labels, 0.5), (misses, 0.3), (~labels & ~misses, 0.2)):
        weights[chosen] = share * len(labels) / max(1, chosen.sum())
    return np.array(inputs), labels, misses, weights


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
