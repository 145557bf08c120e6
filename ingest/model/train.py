"""Makes the embedded Dutch model: `python -m ingest.model.train --training FOLDER --out FOLDER`.

Everything follows from the training data and the seed. Takes about six minutes on one core. README.md beside this
file is the model card: what the steps are for and what each brings.
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ingest.model.corpus import Corpus, read_corpus
from ingest.model.export import save_model
from ingest.model.initial import cooccurrence_vectors, rarity_weights
from ingest.model.substitutes import Substitutes, WordGroup, phrases, word_groups
from ingest.model.train_loop import (
    Batch,
    Floats,
    Recipe,
    Texts,
    consecutive_batches,
    encode_rows,
    pooled_batches,
    train_vectors,
)
from ingest.model.validate import render_scores, score_questions, with_heading
from ingest.model.vocabulary import Ints, WordTable, fold_words, train_tokenizer
from ingest.sentences import sentences

WORD_PAIRS = ("synoniem", "gloss", "thesaurus")
ON_PAIRS = Recipe(rate=0.008, swap=0.3, windows=0.3)
ON_QUESTIONS = Recipe(rate=0.003, drop_shared=0.3, swap=0.3, windows=0.3)


@dataclass(frozen=True, slots=True)
class Plan:
    """The sizes and chances of a training run."""

    tokens: int = 32_000
    dimensions: int = 256
    runs: int = 2
    epochs: int = 2
    batch: int = 2048
    block: int = 64
    law_share: float = 0.65
    word_share: float = 0.5
    pairs: Recipe = ON_PAIRS
    question_epochs: int = 4
    question_batch: int = 512
    own_weight: int = 2
    questions: Recipe = ON_QUESTIONS


@dataclass(frozen=True, slots=True)
class Material:
    """The corpus as numbers. The rows of `texts` are its passages, and after these the sentences of our own ones."""

    corpus: Corpus
    table: WordTable
    left: Texts
    right: Texts
    questions: Texts
    texts: Texts
    sentences: tuple[tuple[str, str], ...]
    """The passage id and the text of each of these sentences."""


class Trainer:
    """One training run: prepared data, and the steps that turn it into vectors."""

    def __init__(self, corpus: Corpus, plan: Plan, seed: int) -> None:
        self.plan, self.seed = plan, seed
        groups = word_groups(corpus.groups)
        counts = count_words(corpus, groups)
        self.tokenizer = train_tokenizer(counts, plan.tokens)
        self.material = _store(corpus, counts, groups, WordTable(_all_words(corpus, counts, groups), self.tokenizer))

    def initial(self) -> Floats:
        """Co-occurrence vectors, scaled so that a mean of them weighs rare words more."""
        rows = self.material.right.rows
        words, lengths = rows.take(np.arange(len(rows.starts) - 1))
        tokens, sizes = self.material.table.to_tokens(words, lengths)
        size = self.tokenizer.get_vocab_size()
        texts = np.repeat(np.arange(len(sizes)), sizes)
        vectors = cooccurrence_vectors(tokens, texts, size, self.plan.dimensions, window=6, seed=self.seed)
        return vectors * rarity_weights(tokens, size)[:, None]

    def on_pairs(self, start: Floats) -> Floats:
        """Trained on headings and passages, sentences and their context, words and their meaning."""
        plan, data = self.plan, self.material
        results = []
        for run in range(plan.runs):
            rng = np.random.default_rng(self.seed + run)
            group = _pair_groups(data.corpus)
            batches: list[Batch] = []
            for _ in range(plan.epochs):
                order = _sample_pairs(data.corpus, plan, rng)
                batches += consecutive_batches(order, group, size=plan.batch, block=plan.block, rng=rng)
            results.append(train_vectors(start, data.left, data.right, batches, plan.pairs, seed=self.seed + run))
        return _mean(results)

    def on_questions(self, start: Floats) -> Floats:
        """Trained on the written questions of the training split, each against all passages, and against all sentences
        where the one that answers it is known.
        """
        plan, data = self.plan, self.material
        targets = [question_pairs(data.corpus, plan.own_weight), answer_pairs(data.corpus, data.sentences)]
        results = []
        for run in range(plan.runs):
            rng = np.random.default_rng(self.seed + run)
            batches: list[Batch] = []
            for _ in range(plan.question_epochs):
                epoch = [
                    batch
                    for pairs, pool in targets
                    if len(pairs)
                    for batch in pooled_batches(pairs, pool, size=plan.question_batch, rng=rng)
                ]
                batches += [epoch[at] for at in rng.permutation(len(epoch))]
            seed = self.seed + 100 + run
            results.append(train_vectors(start, data.questions, data.texts, batches, plan.questions, seed=seed))
        return _mean(results)

    def validation(self, vectors: Floats) -> str:
        """The tables of measures on the questions held out: those on our own documents, and the public ones."""
        table, substitutes = self.material.table, self.material.questions.substitutes

        def encode(texts: Sequence[str]) -> Floats:
            return encode_rows(vectors, Texts(table.store(texts), table, substitutes), np.arange(len(texts)))

        parts = []
        for title, ours in (("own documents", True), ("public texts", False)):
            held = [q for q in self.material.corpus.questions if q.split == "valid" and q.ours == ours]
            if held:
                parts.append(render_scores(title, score_questions(encode, held, self.material.corpus.texts)))
        return "\n\n".join(parts)


def count_words(corpus: Corpus, groups: Sequence[WordGroup]) -> Counter[str]:
    """How often each word occurs in the texts that may be learnt from; questions and the word list count extra."""
    counts: Counter[str] = Counter()
    seen: set[int] = set()
    for pair in corpus.pairs:
        counts.update(fold_words(pair.a))
        if pair.passage not in seen or pair.kind in WORD_PAIRS:
            counts.update(fold_words(pair.b))
            seen.add(pair.passage)
    for text in corpus.texts:
        if text.split == "train":
            counts.update(fold_words(with_heading(text)))
    for weight, lines in (
        (3, (question.text for question in corpus.questions if question.split == "train")),
        (20, phrases(groups)),
    ):
        for line in lines:
            for word in fold_words(line):
                counts[word] += weight
    return counts


def question_pairs(corpus: Corpus, own_weight: int) -> tuple[Ints, Ints]:
    """The training questions as rows (question, passage), our own several times, and the passages to choose from."""
    index = {text.pid: row for row, text in enumerate(corpus.texts)}
    pairs = [
        (row, index[pid])
        for row, question in enumerate(corpus.questions)
        if question.split == "train"
        for pid in question.pids
        for _ in range(own_weight if question.ours else 1)
    ]
    pool = [row for row, text in enumerate(corpus.texts) if text.split == "train"]
    return np.array(pairs, dtype=np.int64), np.array(pool, dtype=np.int64)


def answer_pairs(corpus: Corpus, sentences: Sequence[tuple[str, str]]) -> tuple[Ints, Ints]:
    """The training questions whose answering sentence is known as rows (question, sentence), and the sentences to
    choose from. The rows of sentences come after those of the passages.
    """
    index = {sentence: len(corpus.texts) + at for at, sentence in enumerate(sentences)}
    training = {text.pid for text in corpus.texts if text.split == "train"}
    pairs = [
        (row, index[pid, answer])
        for row, question in enumerate(corpus.questions)
        if question.split == "train"
        for answer in question.answer
        for pid in question.pids
        if (pid, answer) in index
    ]
    pool = [row for (pid, _), row in index.items() if pid in training]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2), np.array(pool, dtype=np.int64)


def own_sentences(corpus: Corpus) -> tuple[tuple[str, str], ...]:
    """The passage id and the text of each sentence of the passages written for this project."""
    found = (
        (text.pid, text.text[start:end]) for text in corpus.texts if text.ours for start, end in sentences(text.text)
    )
    return tuple(dict.fromkeys(found))


def _all_words(corpus: Corpus, counts: Counter[str], groups: Sequence[WordGroup]) -> list[str]:
    """Every word and phrase that training or validation can meet."""
    words = set(counts) | set(phrases(groups))
    for text in corpus.texts:
        words.update(fold_words(with_heading(text)))
    for question in corpus.questions:
        words.update(fold_words(question.text))
    return sorted(words)


def _store(corpus: Corpus, counts: Counter[str], groups: Sequence[WordGroup], table: WordTable) -> Material:
    substitutes = Substitutes(groups, table)
    of_passages = own_sentences(corpus)
    left, right, questions, texts = (
        Texts(table.store(lines), table, substitutes)
        for lines in (
            [pair.a for pair in corpus.pairs],
            [pair.b for pair in corpus.pairs],
            [question.text for question in corpus.questions],
            # Without headings, so that text without a telling heading, or a single sentence, is found as well.
            [*(text.text for text in corpus.texts), *(sentence for _, sentence in of_passages)],
        )
    )
    return Material(corpus, table, left, right, questions, texts, of_passages)


def _pair_groups(corpus: Corpus) -> Ints:
    """For each pair the number of its passage; pairs of words carry one number in the data, but are all different."""
    return np.array([10**9 + row if pair.kind in WORD_PAIRS else pair.passage for row, pair in enumerate(corpus.pairs)])


def _sample_pairs(corpus: Corpus, plan: Plan, rng: np.random.Generator) -> Ints:
    """The pairs of one epoch in document order: part of the laws, by document, and part of the pairs of words."""
    laws: dict[int, bool] = {}
    rows = []
    for row, pair in enumerate(corpus.pairs):
        if pair.kind == "thesaurus":
            keep = True
        elif pair.kind in WORD_PAIRS:
            keep = rng.random() < plan.word_share
        elif pair.law:
            keep = laws[pair.doc] if pair.doc in laws else laws.setdefault(pair.doc, rng.random() < plan.law_share)
        else:
            keep = True
        if keep:
            rows.append(row)
    return np.array(rows, dtype=np.int64)


def _mean(results: Sequence[Floats]) -> Floats:
    """The mean of the vectors of several runs from one start, which beats each of them (Wortsman et al., 2022)."""
    return np.asarray(np.mean(results, axis=0), dtype=np.float32)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, print the validation after each step, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training", type=Path, required=True, help="folder with the training data")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="file for the vectors from before the questions, to fit others on")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    began = time.monotonic()
    trainer = Trainer(read_corpus(options.training), Plan(), options.seed)

    def show(step: str, vectors: Floats) -> Floats:
        print(
            f"\n## {step}, {(time.monotonic() - began) / 60:.1f} minutes\n\n{trainer.validation(vectors)}", flush=True
        )
        return vectors

    vectors = show("Co-occurrence", trainer.initial())
    vectors = show("Pairs", trainer.on_pairs(vectors))
    if options.keep:
        np.save(options.keep, vectors)
    vectors = show("Questions", trainer.on_questions(vectors))
    save_model(options.out, vectors, trainer.tokenizer)


if __name__ == "__main__":
    main()
