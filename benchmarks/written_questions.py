"""The written questions and the documents they are about, and a library of any of these documents.

The training folder holds `own.jsonl.gz` with `own_passages.jsonl.gz` (strategy documents of imagined municipalities)
and `questions.jsonl.gz` (public texts, each question with its passage); more of the first sort stands in
`ingest/model/data`. Used to fit what is fitted, never to report quality.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ingest.catalogue import Prepared
from ingest.encode import Encoder
from ingest.generation import complete, next_catalogue, vector_key
from ingest.model.written import read_written
from ingest.publish import quiet
from ingest.types import BlockSpan, CanonicalText, Document, Passage

Collection = Literal["own", "public"]


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A question about `document`, with the ids of the passages that answer it, none when nothing does, and the
    sentences that do where these were written down. `near` is the passage that one without an answer was written at.
    """

    text: str
    kind: str
    document: str
    passage_ids: tuple[str, ...]
    answer: tuple[str, ...] = ()
    near: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the document answers it."""
        return bool(self.passage_ids)


@dataclass(slots=True)
class WrittenSource:
    """A document that questions were written about: passage id -> (heading, text), in order."""

    name: str
    title: str
    collection: Collection
    split: str
    passages: dict[str, tuple[str, str]] = field(default_factory=dict)
    questions: list[WrittenQuestion] = field(default_factory=list)


def written_sources(folder: Path) -> list[WrittenSource]:
    """All documents with their questions that stand alone, in a fixed order."""
    return [*_own(folder), *_written(), *_public(folder)]


def _own(folder: Path) -> Iterable[WrittenSource]:
    sources: dict[str, WrittenSource] = {}
    for row in _lines(folder / "own_passages.jsonl.gz"):
        source = sources.setdefault(row["doc"], WrittenSource(row["doc"], row["title"], "own", "train"))
        source.passages[row["pid"]] = (row["heading"], row["text"])
    for row in _lines(folder / "own.jsonl.gz"):
        source = sources[row["doc"]]
        source.split = row["split"]
        if not row["history"]:
            pids = tuple(row["pids"])
            source.questions.append(
                WrittenQuestion(
                    row["question"], row["kind"], source.name, pids if row["answerable"] else (), tuple(row["answer"]),
                    pids[0],
                )
            )  # fmt: skip
    return sources.values()


def _written() -> Iterator[WrittenSource]:
    for document in read_written():
        yield WrittenSource(
            document.name,
            document.title,
            "own",
            document.split,
            {passage.pid: (passage.heading, passage.text) for passage in document.passages},
            [WrittenQuestion(q.text, q.kind, document.name, q.pids, q.answer, q.asked_at) for q in document.questions],
        )


def _public(folder: Path) -> Iterable[WrittenSource]:
    sources: dict[str, WrittenSource] = {}
    for row in _lines(folder / "questions.jsonl.gz"):
        # Of one source some passages are for training and others for validation.
        name = f"{row['pid'].split('#')[0]} {row['split']}"
        source = sources.setdefault(name, WrittenSource(name, name.split(maxsplit=1)[0], "public", row["split"]))
        source.passages[row["pid"]] = (row["heading"], row["passage"])
        pids = (row["pid"],) if row["answerable"] else ()
        source.questions.append(WrittenQuestion(row["question"], row["kind"], name, pids, (), row["pid"]))
    return sources.values()


def publish_sources(sources: Iterable[WrittenSource], data: Path, encoder: Encoder) -> None:
    """Publish a library of these documents; passage ids are those of the questions."""
    with next_catalogue(data, encoder, task="benchmark") as catalogue:
        for source in sources:
            prepared = _prepared(source)
            catalogue.put(prepared, [vector_key(passage, prepared.document) for passage in prepared.passages])
        complete(data, encoder, catalogue, purge=False, progress=quiet)


def _prepared(source: WrittenSource) -> Prepared:
    document = Document(source.name.replace("/", "-"), source.name, source.title, "text/plain", source.name)
    text = ""
    spans, passages = [], []
    for ordinal, (passage_id, (heading, body)) in enumerate(source.passages.items()):
        start = len(text) + 2 * bool(text)
        text = f"{text}\n\n{body}" if text else body
        spans.append(BlockSpan("paragraph", 0, start, len(text)))
        section = tuple(part for part in heading.split(" – ")[-2:] if part)
        passages.append(Passage(passage_id, document.doc_id, ordinal, body, section, start, len(text)))
    return Prepared(document, CanonicalText(text, tuple(spans)), tuple(passages), source.name, source.name)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)
