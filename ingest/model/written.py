"""The documents and questions written for training, `data/*.md`: parsed, and checked with line numbers.

`python -m ingest.model.written FILE...` says what is wrong and counts what is there. data/BRIEF.md has the format.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.sentences import sentences

DATA = Path(__file__).parent / "data"
KINDS = ("paraphrase", "english", "fact", "why", "list", "sloppy", "multi", "compare", "unanswerable")
QUESTION = re.compile(r"- (?P<kind>[a-z]+): (?P<text>.+?)(?: => (?P<answer>.+))?")

Split = Literal["train", "valid"]


@dataclass(frozen=True, slots=True)
class WrittenPassage:
    """A passage with its heading; `pid` is the file's name and the number of the passage in it."""

    pid: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A question under the passage `asked_at`; `pids` hold its answering sentences `answer`, both empty if there are
    none.
    """

    text: str
    kind: str
    asked_at: str
    pids: tuple[str, ...]
    answer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """A document written for training or validation, with its questions."""

    name: str
    title: str
    genre: str
    split: Split
    passages: tuple[WrittenPassage, ...]
    questions: tuple[WrittenQuestion, ...]


class WrittenError(ValueError):
    """What is wrong with a file of written questions, a line each."""


def read_written(folder: Path = DATA) -> tuple[WrittenDocument, ...]:
    """All documents of a folder, in order of name; raises WrittenError."""
    return tuple(parse_written(path) for path in sorted(folder.glob("*.md")) if path.name != "BRIEF.md")


def parse_written(path: Path) -> WrittenDocument:
    """The document in a file; raises WrittenError with everything that is wrong with it."""
    title = heading = ""
    fields: dict[str, str] = {}
    passages: list[WrittenPassage] = []
    asked: list[tuple[int, str, WrittenPassage | None]] = []
    for number, whole in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = whole.strip()
        if line.startswith("# "):
            title = line[2:]
        elif line.startswith("## "):
            heading = line[3:]
        elif line.startswith("- "):
            asked.append((number, line, passages[-1] if passages else None))
        elif line and not heading:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
        elif line:
            passages.append(WrittenPassage(f"{path.stem}#{len(passages) + 1}", heading, line))
    wrong, questions = [], []
    for number, line, passage in asked:
        try:
            questions.append(_question(line, passage, passages))
        except WrittenError as error:
            wrong.append(f"{path.name}:{number}: {error}")
    if not title or not passages or fields.get("split") not in ("train", "valid"):
        wrong.append(f"{path.name}:1: a title, `split: train` or `split: valid`, and passages are needed")
    if wrong:
        raise WrittenError("\n".join(wrong))
    split: Split = "valid" if fields["split"] == "valid" else "train"
    return WrittenDocument(path.stem, title, fields.get("genre", ""), split, tuple(passages), tuple(questions))


def _question(line: str, asked_at: WrittenPassage | None, passages: Sequence[WrittenPassage]) -> WrittenQuestion:
    """The question on a line below a passage; raises WrittenError."""
    found = QUESTION.fullmatch(line)
    if not found or found["kind"] not in KINDS or asked_at is None:
        raise WrittenError(f"not a question: {line}")
    parts = (part.strip().rstrip(".…") for part in (found["answer"] or "").split("||"))
    begins = [part for part in parts if part]
    if bool(begins) == (found["kind"] == "unanswerable"):
        raise WrittenError(f"{found['kind']} {'with' if begins else 'without'} an answer: {found['text']}")
    answers = dict.fromkeys(_find(begin, (asked_at, *passages)) for begin in begins)
    return WrittenQuestion(
        found["text"],
        found["kind"],
        asked_at.pid,
        tuple(dict.fromkeys(pid for pid, _ in answers)),
        tuple(sentence for _, sentence in answers),
    )


def _find(begin: str, passages: Sequence[WrittenPassage]) -> tuple[str, str]:
    """The first passage and sentence that begin so, or else that have these words; raises WrittenError."""
    said = [(p.pid, p.text[start:end]) for p in passages for start, end in sentences(p.text)]
    for fits in (str.startswith, str.__contains__):
        for pid, sentence in said:
            if fits(sentence, begin):
                return pid, sentence
    raise WrittenError(f"no sentence has: {begin}")


def counts(documents: Sequence[WrittenDocument]) -> Iterator[str]:
    """How many passages, words and questions of each kind there are, a line each."""
    kinds = Counter(question.kind for document in documents for question in document.questions)
    passages = [passage for document in documents for passage in document.passages]
    lengths = [len(passage.text.split()) for passage in passages]
    yield f"{len(documents)} documents, {len(passages)} passages of {sum(lengths) // max(len(lengths), 1)} words"
    yield ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()) + f"; {kinds.total()} questions"


def main(arguments: Sequence[str]) -> int:
    """Check files; the exit code is 1 if something is wrong."""
    documents, failed = [], False
    for name in arguments:
        try:
            documents.append(parse_written(Path(name)))
        except WrittenError as error:
            failed = True
            print(error)
    print("\n".join(counts(documents)))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
