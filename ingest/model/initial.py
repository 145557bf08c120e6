"""Starting vectors for the tokens: what occurs together in the training texts."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from sklearn.utils.extmath import randomized_svd

from ingest.model.vocabulary import Ints

Floats = NDArray[np.float32]


def cooccurrence_vectors(tokens: Ints, rows: Ints, size: int, dimensions: int, *, window: int, seed: int) -> Floats:
    """A unit vector for each of `size` tokens: positive pointwise mutual information, reduced by an SVD.

    `tokens` are all texts one after the other and `rows` the text of each token; two tokens count as seen together
    within `window` places of one text.
    """
    counts = csr_matrix((size, size), dtype=np.float32)
    for distance in range(1, window + 1):
        same = rows[:-distance] == rows[distance:]
        left, right = tokens[:-distance][same], tokens[distance:][same]
        weight = np.full(len(left), 1.0 / distance, dtype=np.float32)
        counts = counts + coo_matrix((weight, (left, right)), shape=(size, size)).tocsr()
    counts = (counts + counts.T).tocoo()
    total = counts.sum()
    marginal = np.asarray(counts.sum(axis=1)).ravel()
    context = marginal**0.75
    context *= total / context.sum()
    information = np.log(counts.data * total / (marginal[counts.row] * context[counts.col]))
    keep = information > 0
    matrix = csr_matrix((information[keep], (counts.row[keep], counts.col[keep])), shape=(size, size))
    left_vectors, values, _ = randomized_svd(matrix, n_components=dimensions, n_iter=3, random_state=seed)
    vectors = left_vectors * np.sqrt(values)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), dtype=np.float32)


def rarity_weights(tokens: Ints, size: int, smoothing: float = 1e-3) -> Floats:
    """Smooth inverse frequency (Arora et al., 2017) of each token: near 1 for rare ones, near 0 for the commonest."""
    share = np.bincount(tokens, minlength=size) / max(len(tokens), 1)
    return np.asarray(smoothing / (smoothing + share), dtype=np.float32)
