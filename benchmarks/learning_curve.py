"""What more written questions bring: `python -m benchmarks.learning_curve TRAINING_FOLDER --pairs VECTORS`.

Does the last stage of training again with a part of our own documents, and prints the measures of the embedded model
on the questions held out. VECTORS as for fit_reranker.py. About a minute a row.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from benchmarks.crossfit import without
from benchmarks.written_questions import written_sources
from ingest.model.corpus import read_corpus
from ingest.model.train import Plan, Trainer

SHARES = (0.0, 0.25, 0.5, 1.0)
KINDS = ("all", "paraphrase", "english", "sloppy", "fact")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a row for each share of our own training documents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("training", type=Path)
    parser.add_argument("--pairs", type=Path, required=True, help="vectors from before the questions")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    pairs = np.load(options.pairs)
    own = [
        source for source in written_sources(options.training) if source.collection == "own" and source.split == "train"
    ]
    order = np.random.default_rng(0).permutation(len(own))
    trainer = Trainer(read_corpus(options.training), Plan(runs=1), seed=1)
    whole = trainer.material
    print(f"| documents | questions | {' | '.join(f'{kind} R@10' for kind in KINDS)} |")
    print(f"|---:|---:|{'---:|' * len(KINDS)}")
    for share in SHARES:
        used = round(share * len(own))
        left_out = [own[at] for at in order[used:]]
        trainer.material = replace(whole, corpus=without(whole.corpus, left_out))
        # The table of our own documents: a row for each kind, with n, R@1, R@5, R@10 and MRR@10.
        table = trainer.validation(trainer.on_questions(pairs)).split("\n\n")[0]
        rows = {cells[1].strip(): cells[5].strip() for line in table.splitlines() if len(cells := line.split("|")) > 6}
        questions = sum(len(own[at].questions) for at in order[:used])
        print(f"| {used} | {questions} | {' | '.join(rows[kind] for kind in KINDS)} |", flush=True)


if __name__ == "__main__":
    main()
