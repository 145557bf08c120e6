"""The peer of our server: the chat application that create-llama makes, around LlamaIndex' query engine.

    python -m benchmarks.peer_server DATA STORE PORT

FastAPI with `POST /api/chat`, one process of uvicorn. It is given what is dear to it: the passages of our library with
their vectors, an index on disk instead of in lists, and a language model that answers at once (MockLLM).
"""

import sys
from pathlib import Path
from typing import Any

from ingest.encode import Encoder, load_encoder
from ingest.library import Library

TOP_K = 10
BATCH = 1_000  # passages put in the index at a time


def query_engine(data: Path, store: Path, encoder: Encoder) -> Any:
    """The query engine of LlamaIndex over the passages of the library in `data`, its index in `store`."""
    import chromadb
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms.mock import MockLLM
    from llama_index.core.schema import TextNode
    from llama_index.vector_stores.chroma import ChromaVectorStore

    class OurVectors(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            return list(map(float, encoder.encode_queries([query])[0]))

        def _get_text_embedding(self, text: str) -> list[float]:
            return list(map(float, encoder.encode_passages([text])[0]))

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    library = Library.open(data, encoder)
    nodes = [
        TextNode(id_=passage.passage_id, text=passage.text, metadata={"title": document.title})
        for document in library.documents.values()
        for passage in library.passages_of(document.doc_id)
    ]
    library.close()
    collection = chromadb.PersistentClient(str(store)).get_or_create_collection("peer")
    storage = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
    index = VectorStoreIndex([], storage_context=storage, embed_model=OurVectors())
    for at in range(0, len(nodes), BATCH):
        index.insert_nodes(nodes[at : at + BATCH])
    return index.as_query_engine(llm=MockLLM(max_tokens=100), similarity_top_k=TOP_K)


def application(engine: Any) -> Any:
    """The application: the last message of a chat is answered, with the passages that it comes from."""
    from fastapi import FastAPI
    from pydantic import BaseModel

    class Message(BaseModel):
        role: str
        content: str

    class Chat(BaseModel):
        messages: list[Message]

    class Source(BaseModel):
        id: str
        metadata: dict[str, Any]
        score: float | None
        text: str

    class Result(BaseModel):
        result: Message
        nodes: list[Source]

    app = FastAPI()

    async def chat(data: Chat) -> Result:
        found = await engine.aquery(data.messages[-1].content)
        nodes = [
            Source(id=one.node.node_id, metadata=one.node.metadata, score=one.score, text=one.node.get_content())
            for one in found.source_nodes
        ]
        return Result(result=Message(role="assistant", content=str(found)), nodes=nodes)

    app.post("/api/chat")(chat)
    return app


def main() -> None:
    """Serve until told to stop."""
    import uvicorn

    data, store, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    app = application(query_engine(data, store, load_encoder(None)))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
