"""The written questions of a training folder and a library of the passages they are about.

The folder holds `own.jsonl.gz` with `own_passages.jsonl.gz` (strategy documents of imagined municipalities) and
`questions.jsonl.gz` (public texts, each question with its passage). Used to fit what is fitted,
never to report quality.
"""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.catalogue import Prepared
from ingest.encode import Encoder
from ingest.generation import complete, next_catalogue, vector_key
from ingest.publish import quiet
from ingest.types import BlockSpan, CanonicalText, Document, Passage


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A question with the ids of the passages that answer it; none when it has no answer.

    `collection` names the passages it is about: "own" or "public". `answer` are the sentences that answer it, where
    these were written down.
    """

    collection: str
    text: str
    kind: str
    answerable: bool
    passage_ids: tuple[str, ...]
    split: str
    answer: tuple[str, ...] = ()


def written_questions(folder: Path) -> list[WrittenQuestion]:
    """All questions that stand alone."""
    own = (
        WrittenQuestion(
            "own", q["question"], q["kind"], q["answerable"], tuple(q["pids"]), q["split"], tuple(q["answer"])
        )
        for q in _lines(folder / "own.jsonl.gz")
        if not q["history"]
    )
    public = (
        WrittenQuestion("public", q["question"], q["kind"], q["answerable"], (q["pid"],), q["split"])
        for q in _lines(folder / "questions.jsonl.gz")
    )
    return [*own, *public]


def publish_passages(folder: Path, collection: str, data: Path, encoder: Encoder) -> None:
    """Publish a library of the passages of a collection; passage ids are those of the questions."""
    documents: dict[tuple[str, str], dict[str, tuple[str, str]]] = defaultdict(dict)
    if collection == "own":
        for line in _lines(folder / "own_passages.jsonl.gz"):
            documents[line["doc"], line["title"]][line["pid"]] = (line["heading"], line["text"])
    else:
        for line in _lines(folder / "questions.jsonl.gz"):
            name = line["pid"].split("#")[0]
            documents[name, name][line["pid"]] = (line["heading"], line["passage"])
    with next_catalogue(data, encoder, task="benchmark") as catalogue:
        for (name, title), texts in documents.items():
            prepared = _prepared(name, title, texts)
            catalogue.put(prepared, [vector_key(passage, prepared.document) for passage in prepared.passages])
        complete(data, encoder, catalogue, purge=False, progress=quiet)


def _prepared(name: str, title: str, texts: dict[str, tuple[str, str]]) -> Prepared:
    document = Document(name.replace("/", "-"), name, title, "text/plain", name)
    text = ""
    spans, passages = [], []
    for ordinal, (passage_id, (heading, body)) in enumerate(texts.items()):
        start = len(text) + 2 * bool(text)
        text = f"{text}\n\n{body}" if text else body
        spans.append(BlockSpan("paragraph", 0, start, len(text)))
        section = tuple(part for part in heading.split(" – ")[-2:] if part)
        passages.append(Passage(passage_id, document.doc_id, ordinal, body, section, start, len(text)))
    return Prepared(document, CanonicalText(text, tuple(spans)), tuple(passages), name, name)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)
