"""The training data: pairs of texts, passages, and questions written about those passages."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingest.model.written import DATA, Split, read_written
from ingest.thesaurus import FOLDER as THESAURUS
from ingest.thesaurus import Group, read_groups

DOCUMENT_OF = re.compile(r"(?:#|-)\d+$")


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
    groups: tuple[Group, ...] = ()


def read_corpus(folder: Path, written: Path = DATA, thesaurus: Path = THESAURUS) -> Corpus:
    """The training data in `folder`, and what was written for this project: documents with questions, a thesaurus.

    The headings of our own training documents, and the words of the thesaurus, are added to the pairs.
    """
    texts, questions = _public_questions(folder / "questions.jsonl.gz")
    own_texts, own_questions = _own_questions(folder)
    written_texts, written_questions = _written_questions(written)
    groups = read_groups(thesaurus)
    ours = own_texts + written_texts
    pairs = (*_pairs(folder / "pairs.jsonl.gz"), *_heading_pairs(ours), *_thesaurus_pairs(groups, len(ours)))
    return Corpus(pairs, texts + ours, questions + own_questions + written_questions, groups)


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


def _own_questions(folder: Path) -> tuple[tuple[Text, ...], tuple[Question, ...]]:
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
    return texts, questions


def _written_questions(folder: Path) -> tuple[tuple[Text, ...], tuple[Question, ...]]:
    documents = read_written(folder)
    texts = tuple(
        Text(passage.pid, f"{document.title} – {passage.heading}", passage.text, True, document.split)
        for document in documents
        for passage in document.passages
    )
    questions = tuple(
        Question(question.text, question.kind, question.pids, question.answer, True, document.split)
        for document in documents
        for question in document.questions
        if question.pids
    )
    return texts, questions


def _heading_pairs(texts: tuple[Text, ...]) -> Iterator[Pair]:
    """The headings of our own training documents with their passages; negative numbers, so that no id is used twice."""
    docs: dict[str, int] = {}
    for number, text in enumerate(texts, start=1):
        doc = docs.setdefault(DOCUMENT_OF.split(text.pid)[0], -len(docs) - 1)
        if text.split == "train":
            yield Pair(text.heading, text.text, "kop-alinea", False, doc, -number)


def _thesaurus_pairs(groups: tuple[Group, ...], used: int) -> Iterator[Pair]:
    """Each entry of a group with the one after it, and the English with the Dutch; numbers after those of `used`."""
    number = -used
    for group in groups:
        dutch = [entry.text for entry in group.dutch]
        english = [entry.text for entry in group.english]
        links = [
            *pairwise(dutch),
            *((text, dutch[at % len(dutch)]) for at, text in enumerate(english)),
        ]
        for a, b in links:
            number -= 1
            yield Pair(a, b, "thesaurus", False, number, number)
