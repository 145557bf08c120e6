import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dense import DenseIndex, DenseTable, write_dense

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


# The table, which compares with every vector


def test_the_table_finds_what_the_index_finds(path):
    index, table = DenseIndex(path), DenseTable([1, 2, 3, 4], VECTORS, ["a", "a", "b", "b"])
    query = np.array([0.8, 0.5, 0.3, np.sqrt(0.02)], dtype=np.float32)
    for limit, doc_ids in ((2, None), (4, None), (9, None), (1, ["b"]), (4, ["b", "z"]), (4, []), (0, None)):
        found, expected = (one.search(query, limit=limit, doc_ids=doc_ids) for one in (table, index))
        assert [hit.row for hit in found] == [hit.row for hit in expected]
        assert [hit.cosine for hit in found] == pytest.approx([hit.cosine for hit in expected], abs=1e-4)
    index.close()


# Short whole numbers, so that many are equally near.
SMALL = st.lists(st.tuples(*[st.integers(-2, 2)] * 2), max_size=12)


@given(SMALL, st.tuples(*[st.integers(-2, 2)] * 2), st.integers(1, 14), st.none() | st.sets(st.sampled_from("abz")))
def test_the_nearest_of_all_come_first_and_of_equals_the_first(vectors, direction, limit, doc_ids):
    matrix = np.array(vectors, dtype=np.float32).reshape(-1, 2)
    documents = ["ab"[at % 2] for at in range(len(matrix))]
    table = DenseTable(range(len(matrix)), matrix, documents)
    query = np.array(direction, dtype=np.float32)
    found = table.search(query, limit=limit, doc_ids=None if doc_ids is None else sorted(doc_ids))
    lengths = np.linalg.norm(matrix, axis=1)
    cosines = np.divide(matrix @ query, lengths, out=np.zeros(len(matrix), dtype=np.float32), where=lengths > 0)
    allowed = [at for at in range(len(matrix)) if doc_ids is None or documents[at] in doc_ids]
    expected = sorted(allowed, key=lambda at: (-cosines[at], at))[:limit]
    assert [hit.row for hit in found] == expected
    assert [hit.cosine for hit in found] == pytest.approx([float(cosines[at]) for at in expected])


def test_the_table_gives_the_vectors_that_it_has():
    table = DenseTable([3, 7], VECTORS[:2], ["a", "b"])
    found = table.vectors([7, 5])
    assert list(found) == [7]
    assert found[7].tolist() == VECTORS[1].tolist()
