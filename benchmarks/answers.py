"""What one answer costs, in processor time and in wall time, next to LlamaIndex' query engine over the same passages.

python -m benchmarks.answers [--passages 10000] [--questions 200]

The peer is given what is dear to it: our vectors, which are made without a network, and a language model that answers
at once (MockLLM). So what is compared is the work around the model: find the passages, and make something of them.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.assistant import ANSWERED_FROM, Assistant
from assistant.generator import Evidence
from assistant.inquiry import Inquiry
from assistant.rerank import embedded_reranker
from assistant.retrieve import CANDIDATES, LEXICAL_WEIGHTS, retrieve
from assistant.types import Query
from assistant.understand import understand
from benchmarks.corpus import archive, questions, sources
from benchmarks.measure import OFFLINE, ROOT, percentiles
from benchmarks.ours import publish_folder
from benchmarks.peer_server import query_engine
from ingest.encode import Encoder, load_encoder
from ingest.library import Library, LiveLibrary
from ingest.thesaurus import load_thesaurus

SEED = 20250103
TOP_K = 10
Costs = dict[str, list[float]]


def cost(work: Callable[[Any], object], items: Sequence[Any]) -> Costs:
    """The milliseconds of processor time and of wall time that `work` takes for each item."""
    took: Costs = {"cpu": [], "wall": []}
    for item in items:
        wall, cpu = time.perf_counter(), time.process_time()
        work(item)
        took["cpu"].append((time.process_time() - cpu) * 1000)
        took["wall"].append((time.perf_counter() - wall) * 1000)
    return took


def ours(asked: Sequence[str], data: Path, encoder: Encoder) -> dict[str, Costs]:
    """What our answers cost: to questions that are new, to the same once more, and then by stage."""
    live = LiveLibrary(data, encoder)
    assistant = Assistant(live, encoder)
    queries = [Query(text, top_k=TOP_K) for text in asked]
    assistant.ask(Query("Wat is een gemeente?"))  # which loads what is loaded once
    found = {"answer, new question": cost(assistant.ask, queries), "answer, seen before": cost(assistant.ask, queries)}
    with live.lease() as library:
        found |= _stages(asked, library, encoder)
    live.close()
    return found


def _stages(asked: Sequence[str], library: Library, encoder: Encoder) -> dict[str, Costs]:
    thesaurus, reranker = load_thesaurus(), embedded_reranker()
    understood = [understand(text, library, encoder, thesaurus) for text in asked]
    inquiry = Inquiry(library, encoder, reranker, thesaurus)
    findings = [inquiry.find(text, ANSWERED_FROM) for text in asked]
    evidence = [Evidence(one.question, one.passages, inquiry.canonical, one.answerable) for one in findings]
    return {
        "– understand": cost(lambda text: understand(text, library, encoder, thesaurus), asked),
        "– lexical search": cost(
            lambda one: library.search_lexical(one.words, limit=CANDIDATES, weights=LEXICAL_WEIGHTS), understood
        ),
        "– dense search": cost(lambda one: library.search_dense(one.vector, limit=CANDIDATES), understood),
        "– retrieve, both searches in it": cost(lambda one: retrieve(one, library, reranker, limit=TOP_K), understood),
        "– find: understand, retrieve, read, judge": cost(lambda text: inquiry.find(text, ANSWERED_FROM), asked),
        "– quote": cost(lambda one: list(_extractive().drafts(one)), evidence),
    }


def _extractive() -> Any:
    from assistant.extract import Extractive

    return Extractive()


def theirs(asked: Sequence[str], data: Path, store: Path, encoder: Encoder) -> dict[str, Costs]:
    """What the answers of LlamaIndex' query engine cost over the passages of the same library."""
    engine = query_engine(data, store, encoder)
    engine.query("Wat is een gemeente?")
    return {"answer, new question": cost(engine.query, asked), "answer, seen before": cost(engine.query, asked)}


def table(own: dict[str, Costs], peer: dict[str, Costs]) -> str:
    """The page of Markdown: a row a stage, and how many times as long the peer takes."""
    lines = ["| | cpu p50 | cpu p95 | wall p50 | wall p95 | peer, cpu p50 | times ours |", "|---|" + "---:|" * 6]
    for name, costs in own.items():
        cpu, wall = percentiles(costs["cpu"]), percentiles(costs["wall"])
        cells = [f"{value:.1f} ms" for value in (cpu["p50"], cpu["p95"], wall["p50"], wall["p95"])]
        if name in peer:
            other = percentiles(peer[name]["cpu"])["p50"]
            cells += [f"{other:.1f} ms", f"{other / cpu['p50']:.1f}"]
        lines.append(f"| {name} | {' | '.join([*cells, '', ''][:6])} |")
    return "\n".join(lines)


def main() -> None:
    """Make a library, ask both sides, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--library", type=Path, help="the data directory of a library that there is already")
    chosen = parser.parse_args()
    os.environ.update(OFFLINE)
    with tempfile.TemporaryDirectory() as work:
        folder, data = Path(work) / "archive", chosen.library or Path(work) / "data"
        archive(folder, sources(ROOT / "voorbeelden" / "documenten"), passages=chosen.passages, seed=SEED)
        if chosen.library is None:
            publish_folder(folder, data)
        asked = questions(folder, count=chosen.questions, seed=SEED)
        encoder = load_encoder(None)
        own = ours(asked, data, encoder)
        print(table(own, theirs(asked, data, Path(work) / "peer", encoder)))


if __name__ == "__main__":
    main()
