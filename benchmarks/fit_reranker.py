"""Fit the reranker: `python -m benchmarks.fit_reranker TRAINING_FOLDER --pairs VECTORS` writes assistant/reranker.json.

VECTORS is what `python -m ingest.model.train --keep VECTORS` kept of the stage before the questions. The features are
cross-fitted (see crossfit.py) on the `train` split; what is reported is the `valid` split, of which neither the
encoder nor the reranker has seen anything. Needs about fifteen minutes, most of it for the features, which are kept in
`--features` for the next time.
"""

import argparse
import json
import pickle
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.features import NAMES
from assistant.fuse import Signals, fuse
from assistant.networks import Networks
from assistant.rerank import FITTED, preference
from benchmarks.crossfit import Asked, unseen
from benchmarks.networks import Listed, fit_by_list, temperature

EPOCHS = 30
# More than half of the written questions avoid every word of the text or are in English; of what people ask, less.
KIND_WEIGHTS = {"paraphrase": 0.5, "english": 0.6}


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, report, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("training", type=Path)
    parser.add_argument("--pairs", type=Path, required=True, help="vectors from before the questions")
    parser.add_argument("--features", type=Path, help="file to keep the features in, or to take them from")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    train, valid = features_of(options.training, options.pairs, options.features)
    fitted = fit(train)
    networks = Networks(fitted, NAMES)
    fitted["slope"] = temperature([(preference(networks, one.features), one.found) for one in valid if one.found.any()])
    FITTED.write_text(json.dumps(fitted) + "\n", encoding="utf-8")
    for title, score in (
        ("fused by fixed weights", fixed),
        ("networks alone", networks.output),
        ("reranked", partial(preference, networks)),
    ):
        print(f"\n## {title}\n\n{report(valid, score)}")


def features_of(folder: Path, pairs: Path, kept: Path | None) -> tuple[list[Asked], list[Asked]]:
    """The questions of the training split, cross-fitted, and of the validation split, with their features."""
    if kept and kept.is_file():
        found: tuple[list[Asked], list[Asked]] = pickle.loads(kept.read_bytes())  # noqa: S301 - our own file
        return found
    vectors = np.load(pairs)
    models = pairs.with_suffix(".folds")
    found = (
        unseen(folder, vectors, models, split="train", workers=2),
        unseen(folder, vectors, models, split="valid", workers=2),
    )
    if kept:
        kept.write_bytes(pickle.dumps(found))
    return found


def fit(asked: Sequence[Asked]) -> dict[str, Any]:
    """Networks trained on the candidates of each question that has an answer among them."""
    examples = [
        Listed(one.features, one.found, KIND_WEIGHTS.get(one.written.kind, 1.0)) for one in asked if one.found.any()
    ]
    return fit_by_list(examples, NAMES, EPOCHS)


def fixed(features: NDArray[np.float32]) -> NDArray[np.float64]:
    """The score with fixed weights, to compare with."""
    names = [NAMES.index(name) for name in ("coverage", "cosine", "window_cosine")]
    return np.array([fuse(Signals(*map(float, row))) for row in features[:, names]])


def report(asked: Sequence[Asked], score: Callable[[NDArray[np.float32]], NDArray[np.float64]]) -> str:
    """A table of how often a passage that answers is among the first, by collection, size and kind."""
    rows: dict[tuple[str, int, str], list[list[float]]] = defaultdict(list)
    for one in asked:
        if one.answerable:
            order = np.argsort(-score(one.features), kind="stable")
            rank = next((at for at, place in enumerate(order) if one.found[place]), 10**6)
            row = [float(rank < 1), float(rank < 5), float(rank < 10), 1 / (rank + 1) if rank < 10 else 0.0]
            for kind in ("all", one.written.kind):
                rows[one.collection, one.size, kind].append(row)
    lines = [
        "| collection | passages | kind | n | R@1 | R@5 | R@10 | MRR@10 |",
        "|---|---:|---|---:|---:|---:|---:|---:|",
    ]
    for (collection, size, kind), found in sorted(rows.items()):
        means = " | ".join(f"{value:.3f}" for value in np.mean(found, axis=0))
        lines.append(f"| {collection} | {size} | {kind} | {len(found)} | {means} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
