"""Our side of the measurements that a command line cannot take.

python -m benchmarks.ours publish FOLDER DATA              seconds for each stage
python -m benchmarks.ours warm QUESTIONS.json DATA         milliseconds for each question, and for each stage
python -m benchmarks.ours reopen QUESTION DATA             seconds from nothing loaded to the first passages
"""

import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from assistant.features import candidate_features
from assistant.rerank import embedded_reranker
from assistant.retrieve import CANDIDATES, LEXICAL_WEIGHTS, find_candidates, retrieve
from assistant.types import Query
from assistant.understand import Question, understand
from benchmarks.measure import own_resident_mb, timed
from ingest.encode import load_encoder
from ingest.library import Library, LiveLibrary
from ingest.publish import publish
from ingest.thesaurus import load_thesaurus

TOP_K = 10
WARM_UP = 5  # questions


def publish_folder(folder: Path, data: Path) -> dict[str, Any]:
    """Publish a folder; -> the seconds of each stage, what it holds, and the outcome of the files."""
    stages: dict[str, float] = defaultdict(float)
    last = started = time.perf_counter()

    def note(stage: str, _done: int, _total: int) -> None:
        nonlocal last
        now = time.perf_counter()
        stages[stage] += now - last
        last = now

    report = publish([folder], data, load_encoder(None), progress=note)
    stages["switch"] = time.perf_counter() - last
    outcomes: dict[str, int] = defaultdict(int)
    for file in report.files:
        outcomes[file.outcome] += 1
    return {
        "seconds": time.perf_counter() - started,
        "stages": stages,
        "documents": report.manifest.documents,
        "passages": report.manifest.passages,
        "outcomes": outcomes,
    }


def warm(questions: list[str], data: Path) -> dict[str, Any]:
    """Milliseconds for each question, as a whole and in stages, once everything is loaded; and the memory after it."""
    encoder = load_encoder(None)
    assistant = Assistant(LiveLibrary(data, encoder), encoder)
    queries = [Query(text=text, top_k=TOP_K) for text in questions]
    timed(assistant.ask, queries[:WARM_UP])
    took = {"search": timed(assistant.search, queries), "ask": timed(assistant.ask, queries)}
    resident = own_resident_mb()

    library = Library.open(data, encoder)
    thesaurus, reranker = load_thesaurus(), embedded_reranker()
    understood: list[Question] = [understand(text, library, encoder, thesaurus) for text in questions]
    took["understand"] = timed(lambda text: understand(text, library, encoder, thesaurus), questions)
    timed(lambda question: retrieve(question, library, reranker, limit=TOP_K), understood[:WARM_UP])
    took["lexical"] = timed(
        lambda question: library.search_lexical(question.words, limit=CANDIDATES, weights=LEXICAL_WEIGHTS),
        understood,
    )
    took["dense"] = timed(lambda question: library.search_dense(question.vector, limit=CANDIDATES), understood)
    found = [(question, find_candidates(question, library)) for question in understood]
    took["features"] = timed(lambda item: candidate_features(item[0], item[1], library.word_vectors), found)
    took["retrieve"] = timed(lambda question: retrieve(question, library, reranker, limit=TOP_K), understood)
    return {**took, "resident_mb": resident}


def reopen(question: str, data: Path) -> dict[str, float]:
    """Seconds to open a library and to find the first passages in it, after the imports above."""
    started = time.perf_counter()
    encoder = load_encoder(None)
    library = Library.open(data, encoder)
    opened = time.perf_counter()
    asked = understand(question, library, encoder, load_thesaurus())
    found = retrieve(asked, library, embedded_reranker(), limit=TOP_K).passages
    return {"open": opened - started, "first": time.perf_counter() - opened, "passages": len(found)}


def main() -> None:
    """Run one task and print what it gave as JSON."""
    task, what, data = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    if task == "publish":
        gave: dict[str, Any] = publish_folder(Path(what), data)
    elif task == "warm":
        gave = warm(json.loads(Path(what).read_text(encoding="utf-8")), data)
    else:
        gave = dict(reopen(what, data))
    print(json.dumps(gave))


if __name__ == "__main__":
    main()
