"""The floor: what the same work costs with nothing of ours around it.

    python -m benchmarks.floor QUESTIONS.json DATA     bare look-ups in the two indexes of the published library

Chroma writes into the directory that it opens, so it gets a copy.
"""

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import own_resident_mb, timed
from ingest.dense import COLLECTION
from ingest.dutch import analyse
from ingest.encode import load_encoder
from ingest.library import DENSE, LEXICAL, library_root, published_version

TOP_K = 10
WARM_UP = 5  # questions


def read_all(folder: Path) -> float:
    """The seconds it takes to read the bytes of every file in a folder."""
    started = time.perf_counter()
    for path in folder.rglob("*"):
        if path.is_file():
            path.read_bytes()
    return time.perf_counter() - started


def dense(path: Path, questions: list[str]) -> list[float]:
    """Milliseconds of one nearest-neighbour query in Chroma for each question; the vectors are made before."""
    import chromadb

    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(path, copy, dirs_exist_ok=True)
        collection = chromadb.PersistentClient(copy).get_collection(COLLECTION, embedding_function=None)
        vectors = load_encoder(None).encode_queries(questions)

        def look_up(row: int) -> None:
            collection.query(query_embeddings=vectors[row : row + 1], n_results=TOP_K, include=["distances"])

        timed(look_up, range(min(WARM_UP, len(questions))))
        return timed(look_up, range(len(questions)))


def lexical(path: Path, questions: list[str]) -> list[float]:
    """Milliseconds of one BM25 query on stems in tantivy for each question; the terms are made before."""
    import tantivy

    index = tantivy.Index.open(str(path))
    searcher = index.searcher()
    queries = [
        tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(index.schema, "stems", stem, "freq"))
                for stem in analyse(question).stems
            ]
        )
        for question in questions
    ]

    def look_up(query: Any) -> None:
        searcher.search(query, TOP_K)

    timed(look_up, queries[:WARM_UP])
    return timed(look_up, queries)


def main() -> None:
    """Look up all questions and print the milliseconds as JSON."""
    questions = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    data = Path(sys.argv[2])
    folder = library_root(data) / published_version(data)
    gave = {
        "lexical": lexical(folder / LEXICAL, questions),
        "dense": dense(folder / DENSE, questions),
        "resident_mb": own_resident_mb(),
    }
    print(json.dumps(gave))


if __name__ == "__main__":
    main()
