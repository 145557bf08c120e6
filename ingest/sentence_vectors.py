"""The vectors of the sentences of one passage, as a library keeps them: a byte a value."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STRETCH = 3  # sentences at most that are taken together


@dataclass(frozen=True, slots=True, eq=False)
class SentenceVectors:
    """For each sentence the sum of the vectors of its tokens, to be added up with others: `rows` times `scale`.

    `rows` are whole numbers, (sentences, dimensions). `lengths` has for each sentence the lengths of the stretches of
    one to STRETCH rows that begin with it, (sentences, STRETCH): infinite for a sum of nothing but zeros, and nan for a
    stretch that would go beyond the last sentence.
    """

    rows: NDArray[np.int8]
    scale: float
    lengths: NDArray[np.float32]

    @property
    def vectors(self) -> NDArray[np.float32]:
        """A vector a sentence, not of length one."""
        return self.rows * np.float32(self.scale)


def pack(matrix: NDArray[np.float32]) -> bytes:
    """A matrix in a byte a value, after the scale that they share: direction is what counts here."""
    scale = np.float32(np.abs(matrix).max(initial=0.0) / 127 or 1.0)
    return bytes(scale.tobytes() + np.rint(matrix / scale).astype(np.int8).tobytes())


def unpack(packed: bytes, dimensions: int) -> SentenceVectors:
    """What `pack` made of a matrix with so many columns."""
    rows = np.frombuffer(packed, dtype=np.int8, offset=4).reshape(-1, dimensions)
    return SentenceVectors(rows, float(np.frombuffer(packed, dtype=np.float32, count=1)[0]), _lengths(rows))


def _lengths(rows: NDArray[np.int8]) -> NDArray[np.float32]:
    lengths = np.full((len(rows), STRETCH), np.nan, dtype=np.float32)
    sums = rows.astype(np.float32)
    for more in range(min(STRETCH, len(rows))):
        if more:
            sums = sums[:-1] + rows[more:]
        lengths[: len(sums), more] = np.linalg.norm(sums, axis=1)
    lengths[lengths == 0] = np.inf
    return lengths
