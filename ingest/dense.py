"""The dense index: nearest passages by cosine, in Chroma (HNSW; Malkov & Yashunin 2018).

In a library that is not large, comparing a question with every vector is sooner done than asking the index, and misses
none: `DenseTable` does that.

Only our own vectors go in, never text: Chroma keeps deleted text, and would embed with a downloaded model.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from ingest.memory import zeroed

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateCollectionConfiguration

COLLECTION = "passages"
HNSW: "CreateCollectionConfiguration" = {
    "hnsw": {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 200}
}


SCANNED = 20_000  # passages up to which every vector is compared: 20 MB with 256 dimensions, and a millisecond or two


@dataclass(frozen=True, slots=True)
class DenseHit:
    """A passage near the question; `cosine` is between -1 and 1."""

    row: int
    cosine: float


def _client(path: Path) -> "Client":
    import chromadb  # noqa: PLC0415 - takes a second, and only some commands need it
    from chromadb.config import Settings  # noqa: PLC0415

    client = chromadb.PersistentClient(str(path), settings=Settings(anonymized_telemetry=False))
    return cast("Client", client)  # annotated as its interface, which lacks close()


def write_dense(
    path: Path, rows: Sequence[int], vectors: NDArray[np.float32], doc_ids: Sequence[str], removed: Sequence[int] = ()
) -> None:
    """Add vectors to the dense index at `path`, made when it is not there, and remove rows from it."""
    # Its index writes to the file what it never filled.
    with zeroed(), closing(_client(path)) as client:
        collection = client.get_or_create_collection(
            COLLECTION,
            embedding_function=None,
            configuration=HNSW,
        )
        size = client.get_max_batch_size()
        for at in range(0, len(removed), size):
            collection.delete(ids=[str(row) for row in removed[at : at + size]])
        for at in range(0, len(rows), size):
            collection.add(
                ids=[str(row) for row in rows[at : at + size]],
                embeddings=vectors[at : at + size],
                metadatas=[{"doc": doc_id} for doc_id in doc_ids[at : at + size]],
            )


class DenseIndex:
    """An open dense index."""

    def __init__(self, path: Path) -> None:
        self._client = _client(path)
        self._collection = self._client.get_collection(COLLECTION, embedding_function=None)

    def __len__(self) -> int:
        return self._collection.count()

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()

    def search(
        self, vector: NDArray[np.float32], *, limit: int, doc_ids: Sequence[str] | None = None
    ) -> list[DenseHit]:
        """The passages nearest to an L2-normalised vector, nearest first; only of these documents where given."""
        if not limit or (doc_ids is not None and not doc_ids):
            return []
        where = None if doc_ids is None else {"doc": {"$in": list(doc_ids)}}
        found = self._collection.query(
            query_embeddings=vector[None, :],
            n_results=limit,
            where=where,  # type: ignore[arg-type]
            include=["distances"],
        )
        distances = found["distances"]
        assert distances is not None, "asked for in `include`"  # noqa: S101
        hits = [DenseHit(int(row), 1.0 - d) for row, d in zip(found["ids"][0], distances[0], strict=True)]
        return sorted(hits, key=lambda hit: (-hit.cosine, hit.row))


class DenseTable:
    """The vectors of all passages, in memory: finds what is nearest by comparing with each of them."""

    def __init__(self, rows: Sequence[int], vectors: NDArray[np.float32], doc_ids: Sequence[str]) -> None:
        """`rows` ascending, with the vector of each and the document that it is of."""
        self._rows = np.array(rows, dtype=np.int64)
        self._vectors = vectors
        self._places = {row: at for at, row in enumerate(rows)}
        lengths = np.linalg.norm(vectors, axis=1) if len(rows) else np.zeros(0, dtype=np.float32)
        self._lengths = np.where(lengths > 0, lengths, np.float32(1))
        self._documents = {doc_id: number for number, doc_id in enumerate(dict.fromkeys(doc_ids))}
        self._document = np.array([self._documents[doc_id] for doc_id in doc_ids], dtype=np.int64)

    def vectors(self, rows: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """Row -> its vector, for the rows that there are."""
        return {row: self._vectors[at] for row in rows if (at := self._places.get(row)) is not None}

    def search(
        self, vector: NDArray[np.float32], *, limit: int, doc_ids: Sequence[str] | None = None
    ) -> list[DenseHit]:
        """As `DenseIndex.search`, without ever missing a passage."""
        if not limit or not len(self._rows):
            return []
        places = np.arange(len(self._rows))
        cosines = self._vectors @ vector
        cosines /= self._lengths
        if doc_ids is not None:
            wanted = [self._documents[doc_id] for doc_id in doc_ids if doc_id in self._documents]
            places = places[np.isin(self._document, wanted)]
            cosines = cosines[places]
        if limit < len(places):
            # All that are as near as the last one that counts, so that of equals those come first that stand first.
            least = np.partition(cosines, len(places) - limit)[len(places) - limit]
            near = cosines >= least
            places, cosines = places[near], cosines[near]
        nearest = np.argsort(-cosines, kind="stable")[:limit]
        return [
            DenseHit(row, cosine)
            for row, cosine in zip(self._rows[places[nearest]].tolist(), cosines[nearest].tolist(), strict=True)
        ]
