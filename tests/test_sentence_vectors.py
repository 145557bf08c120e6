"""The vectors of sentences in a byte a value: what comes back of them, and how long stretches of them are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentence_vectors import STRETCH, pack, unpack

MATRICES = st.lists(st.tuples(*[st.floats(-50, 50, width=32)] * 3), max_size=6).map(
    lambda rows: np.array(rows, dtype=np.float32).reshape(-1, 3)
)


@given(MATRICES)
def test_a_value_comes_back_within_half_a_step(matrix):
    step = float(np.abs(matrix).max(initial=0.0)) / 127
    assert np.abs(unpack(pack(matrix), 3).vectors - matrix).max(initial=0.0) <= 0.51 * step + 1e-30


@given(MATRICES)
def test_the_lengths_are_those_of_the_rows_added_up(matrix):
    kept = unpack(pack(matrix), 3)
    assert kept.lengths.shape == (len(matrix), STRETCH)
    for begin in range(len(matrix)):
        for size in range(1, STRETCH + 1):
            length = kept.lengths[begin, size - 1]
            if begin + size > len(matrix):
                assert np.isnan(length)
            else:
                total = np.linalg.norm(kept.rows[begin : begin + size].astype(np.float64).sum(axis=0))
                assert length == (pytest.approx(total, rel=1e-5) if total else np.inf)


def test_a_passage_without_sentences_has_no_lengths():
    kept = unpack(pack(np.zeros((0, 4), dtype=np.float32)), 4)
    assert kept.vectors.shape == (0, 4)
    assert kept.lengths.shape == (0, STRETCH)
