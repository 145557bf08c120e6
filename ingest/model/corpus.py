"""The training data: pairs of texts, passages, and questions written about those passages."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Split = Literal["train", "valid"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together; `doc` and `passage` tell which pairs must not be each other's negatives."""

    a: str
    b: str
    kind: str
    law: bool
    doc: int
    passage: int


@dataclass(frozen=True, slots=True)
class Text:
    """One passage that questions were written about. `ours` is true for the documents written for this project."""

    pid: str
    heading: str
    text: str
    ours: bool
    split: Split


@dataclass(frozen=True, slots=True)
class Question:
    """One answerable question, with the passages that answer it and, where known, the sentences that do."""

    text: str
    kind: str
    pids: tuple[str, ...]
    answer: tuple[str, ...]
    ours: bool
    split: Split


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything that training and validation read."""

    pairs: tuple[Pair, ...]
    texts: tuple[Text, ...]
    questions: tuple[Question, ...]


def read_corpus(folder: Path) -> Corpus:
    """The training data in `folder`, with the headings of our own training documents added to the pairs."""
    texts, questions = _public_questions(folder / "questions.jsonl.gz")
    own_texts, own_questions, own_pairs = _own_questions(folder)
    pairs = tuple(_pairs(folder / "pairs.jsonl.gz")) + own_pairs
    return Corpus(pairs, texts + own_texts, questions + own_questions)


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _pairs(path: Path) -> Iterator[Pair]:
    for row in read_jsonl(path):
        law = "laws-markdown" in row["source"]
        yield Pair(row["a"], row["b"], row["kind"], law, int(row["doc"]), int(row["alinea"]))


def _public_questions(path: Path) -> tuple[tuple[Text, ...], tuple[Question, ...]]:
    texts: dict[str, Text] = {}
    questions = []
    for row in read_jsonl(path):
        texts[row["pid"]] = Text(row["pid"], row["heading"], row["passage"], False, row["split"])
        if row["answerable"]:
            questions.append(Question(row["question"], row["kind"], (row["pid"],), (), False, row["split"]))
    return tuple(texts.values()), tuple(questions)


def _own_questions(folder: Path) -> tuple[tuple[Text, ...], tuple[Question, ...], tuple[Pair, ...]]:
    rows = [row for row in read_jsonl(folder / "own.jsonl.gz") if row["answerable"]]
    split_of_doc: dict[str, Split] = {row["doc"]: row["split"] for row in rows}
    questions = tuple(
        Question(row["standalone"] or row["question"], row["kind"], tuple(row["pids"]), tuple(row["answer"]), True,
                 row["split"])
        for row in rows
    )  # fmt: skip
    passages = list(read_jsonl(folder / "own_passages.jsonl.gz"))
    texts = tuple(
        Text(row["pid"], f"{row['title']} – {row['heading']}", row["text"], True, split_of_doc.get(row["doc"], "train"))
        for row in passages
    )
    return texts, questions, tuple(_heading_pairs(texts))


def _heading_pairs(texts: tuple[Text, ...]) -> Iterator[Pair]:
    """The headings of our own training documents with their passages; negative numbers, so that no id is used twice."""
    docs: dict[str, int] = {}
    for number, text in enumerate(texts, start=1):
        doc = docs.setdefault(text.pid.rsplit("-", 1)[0], -len(docs) - 1)
        if text.split == "train":
            yield Pair(text.heading, text.text, "kop-alinea", False, doc, -number)
