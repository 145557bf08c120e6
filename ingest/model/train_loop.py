"""Contrastive training of token vectors: a question must be nearer to its passage than to the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from ingest.model.substitutes import Substitutes
from ingest.model.vocabulary import Ints, Ragged, WordTable

Floats = NDArray[np.float32]
Rows = tuple[Ints, Ints]
"""Values of several rows one after the other, and for each value the row that it belongs to."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as rows of word numbers, with what turns words into tokens and what may replace them."""

    rows: Ragged
    table: WordTable
    substitutes: Substitutes


@dataclass(frozen=True, slots=True)
class Batch:
    """Queries with the passage of each, as row numbers.

    `group` tells which passages are the same one. The candidates are the passages of the batch, or `pool` where it
    is given: ascending row numbers, among which are those of the batch.
    """

    queries: Ints
    passages: Ints
    group: Ints
    pool: Ints | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one stage trains, with the chances that something is done to a query.

    `drop_shared`: it loses the words that it shares with its passage. `swap`: a word is replaced by a synonym or by
    English, for each word. `windows`: it is replaced by a stretch of words from its passage.
    """

    rate: float
    scale: float = 20.0
    drop_shared: float = 0.5
    swap: float = 0.0
    windows: float = 0.0


def train_vectors(
    start: Floats, queries: Texts, passages: Texts, batches: Sequence[Batch], recipe: Recipe, *, seed: int
) -> Floats:
    """The token vectors after one pass over `batches`, with a learning rate that falls to zero."""
    rng = np.random.default_rng(seed)
    vectors = torch.tensor(start, requires_grad=True)
    optimiser = torch.optim.Adam([vectors], lr=recipe.rate, betas=(0.9, 0.98))
    for step, batch in enumerate(batches):
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * (1 - step / len(batches))
        loss = _loss(vectors, queries, passages, batch, recipe, rng)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return vectors.detach().numpy()


def consecutive_batches(
    order: Ints, group: Ints, *, size: int, block: int, rng: np.random.Generator
) -> Iterator[Batch]:
    """Batches of pairs `order`, made of blocks of neighbours: passages of one document are the hard negatives."""
    blocks = [order[i : i + block] for i in range(0, len(order), block)]
    shuffled = np.concatenate([blocks[i] for i in rng.permutation(len(blocks))])
    for i in range(0, max(len(shuffled) - size // 2, 1), size):
        rows = shuffled[i : i + size]
        yield Batch(rows, rows, group[rows])


def pooled_batches(pairs: Ints, pool: Ints, *, size: int, rng: np.random.Generator) -> Iterator[Batch]:
    """Batches of (question, passage) rows in random order, with all of `pool` as candidates each time."""
    shuffled = pairs[rng.permutation(len(pairs))]
    for i in range(0, max(len(shuffled) - size // 2, 1), size):
        part = shuffled[i : i + size]
        yield Batch(part[:, 0], part[:, 1], part[:, 1], pool)


def encode_rows(vectors: Floats, texts: Texts, numbers: Ints) -> Floats:
    """The unit vector of each of these texts."""
    with torch.no_grad():
        pooled = _pool(torch.from_numpy(vectors), texts.table, _take(texts, numbers), len(numbers))
    return np.asarray(pooled.numpy(), dtype=np.float32)


def _loss(
    vectors: torch.Tensor, queries: Texts, passages: Texts, batch: Batch, recipe: Recipe, rng: np.random.Generator
) -> torch.Tensor:
    """Cross-entropy in both directions; the same passage elsewhere in the batch does not count as wrong."""
    count = len(batch.queries)
    candidates = batch.passages if batch.pool is None else batch.pool
    asked = _reword(queries, _take(queries, batch.queries), _take(passages, batch.passages), count, recipe, rng)
    left = _pool(vectors, queries.table, asked, count)
    right = _pool(vectors, passages.table, _take(passages, candidates), len(candidates))
    group = torch.from_numpy(batch.group)
    same = group[:, None] == group[None, :]
    same.fill_diagonal_(False)
    own = torch.arange(count)
    if batch.pool is None:
        scores = (recipe.scale * left @ right.T).masked_fill(same, -1e4)
        return (functional.cross_entropy(scores, own) + functional.cross_entropy(scores.T, own)) / 2
    target = torch.from_numpy(np.searchsorted(batch.pool, batch.passages))
    back = (recipe.scale * right[target] @ left.T).masked_fill(same, -1e4)
    forth = functional.cross_entropy(recipe.scale * left @ right.T, target)
    return forth + functional.cross_entropy(back, own) / 2


def _pool(vectors: torch.Tensor, table: WordTable, rows: Rows, count: int) -> torch.Tensor:
    """The unit mean vector of each of `count` rows of words."""
    tokens, lengths = table.to_tokens(rows[0], np.bincount(rows[1], minlength=count))
    starts = np.cumsum(lengths) - lengths
    means = functional.embedding_bag(torch.from_numpy(tokens), vectors, torch.from_numpy(starts), mode="mean")
    return functional.normalize(means, dim=1)


def _take(texts: Texts, numbers: Ints) -> Rows:
    """The words of these texts."""
    words, lengths = texts.rows.take(numbers)
    return words, np.repeat(np.arange(len(numbers)), lengths)


def _reword(texts: Texts, asked: Rows, found: Rows, count: int, recipe: Recipe, rng: np.random.Generator) -> Rows:
    """The queries said in other words, and without what gives their passage away; none is left empty."""
    words, row = _with_windows(asked, found, count, recipe.windows, rng)
    stems = texts.table.stems
    span = int(stems.max()) + 1
    shared = np.isin(row * span + stems[words], found[1] * span + stems[found[0]])
    swapped = texts.substitutes.replace(words, recipe.swap, rng)
    # A word that was replaced by another no longer gives the passage away.
    drop = shared & (rng.random(count) < recipe.drop_shared)[row] & (swapped == words)
    left = np.bincount(row[~drop], minlength=count)
    keep = ~drop | (left == 0)[row]
    return swapped[keep], row[keep]


def _with_windows(asked: Rows, found: Rows, count: int, chance: float, rng: np.random.Generator) -> Rows:
    """The queries, some of them replaced by 6 to 15 words in a row from their passage."""
    lengths = np.bincount(found[1], minlength=count)
    starts = np.cumsum(lengths) - lengths
    size = rng.integers(6, 16, count)
    chosen = (rng.random(count) < chance) & (lengths > 2 * size)
    first = starts + (rng.random(count) * (lengths - size).clip(1)).astype(np.int64)
    place, row = np.arange(len(found[0])), found[1]
    taken = chosen[row] & (place >= first[row]) & (place < (first + size)[row])
    kept = ~chosen[asked[1]]
    words, rows = np.concatenate([asked[0][kept], found[0][taken]]), np.concatenate([asked[1][kept], row[taken]])
    order = np.argsort(rows, kind="stable")
    return words[order], rows[order]
