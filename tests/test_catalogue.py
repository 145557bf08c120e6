import numpy as np
import pytest

from ingest.catalogue import Catalogue, Prepared, copy_catalogue
from ingest.types import BlockSpan, CanonicalText, Document, Passage


def prepared(source="a.md", text="Eerste zin. Tweede zin.", access=frozenset()):
    document = Document(
        source, source, "Titel", "text/markdown", "hash", pages=2, page_labels=("i", "1"), access=access
    )
    canonical = CanonicalText(text, (BlockSpan("paragraph", 0, 0, len(text), (5,)),), ((0, 1), (12, 2)))
    passage = Passage(f"{source}-1", source, 0, text, ("Kop", "Onderkop"), 0, len(text), 1, 2, "imprint")
    return Prepared(document, canonical, (passage,), f"/map/{source}", "invoer")


@pytest.fixture
def catalogue(tmp_path):
    opened = Catalogue(tmp_path / "catalogue.sqlite", writable=True)
    yield opened
    opened.close()


def test_what_is_put_in_comes_out_the_same(catalogue):
    given = prepared(access=frozenset({"college", "griffie"}))
    catalogue.put(given, ["sleutel"])
    assert catalogue.documents() == [given.document]
    assert catalogue.document("a.md") == given.document
    assert catalogue.canonical("a.md") == given.canonical
    assert catalogue.passages_of("a.md") == list(given.passages)
    assert catalogue.passage("a.md-1") == given.passages[0]
    assert catalogue.origins() == {"a.md": ("/map/a.md", "invoer")}


def test_a_changed_document_takes_the_place_of_the_old_one(catalogue):
    catalogue.put(prepared(), ["oud"])
    before = catalogue.rows()
    catalogue.put(prepared(text="Een heel andere tekst."), ["nieuw"])
    assert [p.text for p in catalogue.passages_of("a.md")] == ["Een heel andere tekst."]
    assert not before & catalogue.rows(), "a row is never used twice"


def test_vectors_are_shared_by_key_and_dropped_when_unused(catalogue):
    catalogue.put(prepared("a.md"), ["zelfde"])
    catalogue.put(prepared("b.md"), ["zelfde"])
    assert catalogue.missing_vectors() == ["zelfde"]
    parts = np.array([[1, 0], [-0.5, 2]], dtype=np.float32)
    catalogue.put_vectors([("zelfde", np.array([0.6, 0.8], dtype=np.float32), parts)])
    assert catalogue.missing_vectors() == []
    rows, matrix = catalogue.vectors(sorted(catalogue.rows()))
    assert len(rows) == 2
    np.testing.assert_allclose(matrix, [[0.6, 0.8]] * 2, atol=1e-3)
    np.testing.assert_allclose(catalogue.sentence_vectors(rows)[rows[0]].vectors, parts, atol=0.02)
    catalogue.remove("a.md")
    catalogue.remove("b.md")
    catalogue.finish(vacuum=True)
    assert catalogue.vectors([1, 2])[0] == []


def test_a_removed_document_leaves_no_bytes_behind(catalogue):
    catalogue.put(prepared(text="GEHEIMWOORD staat hier."), ["sleutel"])
    catalogue.remove("a.md")
    catalogue.finish(vacuum=True)
    catalogue.close()
    assert b"GEHEIMWOORD" not in catalogue.path.read_bytes()


def test_a_reader_cannot_write(catalogue, tmp_path):
    catalogue.put(prepared(), ["sleutel"])
    catalogue.close()
    reader = Catalogue(tmp_path / "catalogue.sqlite")
    with pytest.raises(OSError, match="readonly"):
        reader.remove("a.md")
    reader.close()


def test_a_copy_holds_the_same(catalogue, tmp_path):
    catalogue.put(prepared(), ["sleutel"])
    catalogue.close()
    copy_catalogue(catalogue.path, tmp_path / "kopie.sqlite")
    copy = Catalogue(tmp_path / "kopie.sqlite")
    assert copy.problems() == []
    assert [d.source for d in copy.documents()] == ["a.md"]
    copy.close()


def test_many_rows_are_read_in_batches(catalogue):
    for number in range(1200):
        catalogue.put(prepared(f"{number:04}.md"), [f"sleutel-{number}"])
    rows = sorted(catalogue.rows())
    assert len(catalogue.passages(rows)) == 1200
    assert [document.source for _, _, document in catalogue.iterate(rows)] == sorted(f"{n:04}.md" for n in range(1200))
