"""Fit the choice of sentences: `python -m benchmarks.fit_sentences TRAINING_FOLDER --pairs VECTORS` writes
assistant/sentences.json.

Of each written question about our own documents the sentence that answers it is known. Networks learn, with a softmax
over the sentences of the passages that were found (ListNet), to prefer it. Questions of the `train` split are
cross-fitted, as for the reranker; those of the `valid` split say how often the answer is among the first sentences.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.choose import FITTED
from assistant.networks import Networks
from assistant.sentence_features import NAMES
from benchmarks.crossfit import Asked
from benchmarks.fit_reranker import features_of
from benchmarks.networks import Listed, fit_by_list, temperature

# Half of the written questions avoid the words of the text on purpose; few of those that people ask do.
KIND_WEIGHTS = {"paraphrase": 0.5, "english": 0.5}
EPOCHS = 12
FIRST = 3  # sentences


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, report, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("training", type=Path)
    parser.add_argument("--pairs", type=Path, required=True, help="vectors from before the questions")
    parser.add_argument("--features", type=Path, help="file to keep the features in, or to take them from")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    train, valid = features_of(options.training, options.pairs, options.features)
    examples = [
        Listed(one.sentences, one.answers, KIND_WEIGHTS.get(one.written.kind, 1.0))
        for one in train
        if one.answers.any()
    ]
    fitted = fit_by_list(examples, NAMES, EPOCHS)
    networks = Networks(fitted, NAMES)
    fitted["slope"] = temperature([(networks.output(one.sentences), one.answers) for one in valid if one.answers.any()])
    FITTED.write_text(json.dumps(fitted) + "\n", encoding="utf-8")
    print(report(valid, networks.output))


def report(asked: Sequence[Asked], score: Callable[[NDArray[np.float32]], NDArray[np.float64]]) -> str:
    """A table of how often a sentence that answers is among the first, of the questions whose answer was found."""
    rows: dict[str, list[list[float]]] = defaultdict(list)
    for one in asked:
        if one.answers.any():
            order = np.argsort(-score(one.sentences), kind="stable")
            rank = next(at for at, place in enumerate(order) if one.answers[place])
            for kind in ("all", one.written.kind):
                rows[kind].append([float(rank < first) for first in range(1, FIRST + 1)])
    lines = ["| kind | n | first | first 2 | first 3 |", "|---|---:|---:|---:|---:|"]
    for kind, found in sorted(rows.items()):
        means = " | ".join(f"{value:.3f}" for value in np.mean(found, axis=0))
        lines.append(f"| {kind} | {len(found)} | {means} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
