import numpy as np
import pytest

from ingest.dense import DenseIndex, write_dense

VECTORS = np.eye(4, dtype=np.float32)


@pytest.fixture
def path(tmp_path):
    write_dense(tmp_path / "dense", [1, 2, 3, 4], VECTORS, ["a", "a", "b", "b"])
    return tmp_path / "dense"


def test_the_nearest_comes_first_with_its_cosine(path):
    index = DenseIndex(path)
    query = np.array([0.8, 0.6, 0, 0], dtype=np.float32)
    hits = index.search(query, limit=2)
    assert [hit.row for hit in hits] == [1, 2]
    assert [hit.cosine for hit in hits] == pytest.approx([0.8, 0.6], abs=1e-4)
    index.close()


def test_only_the_named_documents(path):
    index = DenseIndex(path)
    assert {hit.row for hit in index.search(VECTORS[0], limit=4, doc_ids=["b"])} == {3, 4}
    assert index.search(VECTORS[0], limit=4, doc_ids=[]) == []
    index.close()


def test_rows_are_taken_out_and_added(path):
    write_dense(path, [5], np.array([[0, 0, 0, 1]], dtype=np.float32), ["c"], removed=[4])
    index = DenseIndex(path)
    assert len(index) == 4
    assert index.search(VECTORS[3], limit=1)[0].row == 5
    index.close()


def test_an_empty_index_finds_nothing(tmp_path):
    write_dense(tmp_path / "dense", [], np.zeros((0, 4), dtype=np.float32), [])
    index = DenseIndex(tmp_path / "dense")
    assert len(index) == 0
    assert index.search(VECTORS[0], limit=3) == []
    index.close()
