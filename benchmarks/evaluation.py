"""What an evaluation costs: `python -m benchmarks.evaluation` asks the sample questions over and over, 1,000 in all.

Beside it stands LlamaIndex' own evaluation of retrieval (`RetrieverEvaluator`: hit rate and MRR) over its starter
project, in the same run: a search for each question. Ours searches, answers, checks every citation, puts up to eight
false statements a question to the verifier, and measures all of it with intervals.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

from benchmarks.measure import ROOT, Run, command_line, python, run
from benchmarks.report import number

TOPICS = ROOT / "eval" / "topics" / "voorbeelden.jsonl"
DOCUMENTS = ROOT / "voorbeelden" / "documenten"
QUESTIONS = 1_000


def repeated(count: int) -> list[dict[str, object]]:
    """The sample questions over and over, so many in all, each under an id of its own."""
    rows = [json.loads(line) for line in TOPICS.read_text(encoding="utf-8").splitlines()]
    return [rows[at % len(rows)] | {"id": f"q{at}"} for at in range(count)]


def ours(rows: list[dict[str, object]], work: Path) -> Run:
    """The whole command, from its start to its end, with all of its reports."""
    topics = work / "topics.jsonl"
    topics.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    data = work / "ours"
    run(command_line("ingest", DOCUMENTS, "--data", data, "--json"))
    return run(command_line("evaluate", topics, "--data", data, "--report", work / "report", "--json"))


def theirs(rows: list[dict[str, object]], work: Path) -> Run:
    """The peer, from the start of its process to its end."""
    questions, corpus, store = work / "questions.json", work / "corpus", work / "theirs"
    questions.write_text(json.dumps([row["question"] for row in rows]), encoding="utf-8")
    corpus.mkdir()
    for path in DOCUMENTS.iterdir():
        if path.suffix not in {".odt", ".toml"}:  # it has no reader for OpenDocument
            shutil.copy(path, corpus)
    run(python("benchmarks.starter", "ingest", corpus, store))
    return run(python("benchmarks.starter", "evaluate", questions, store))


def main() -> None:
    """Measure both and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    rows = repeated(parser.parse_args().questions)
    with tempfile.TemporaryDirectory() as work:
        mine, peer = ours(rows, Path(work)), theirs(rows, Path(work))
    print(f"| {len(rows)} questions | ours | LlamaIndex | ratio |\n|---|---:|---:|---:|")
    for name, unit, own, other in (
        ("evaluation, whole process", "s", mine.seconds, peer.seconds),
        ("peak memory", "MB", mine.peak_mb, peer.peak_mb),
    ):
        print(f"| {name} ({unit}) | {number(own)} | {number(other)} | {number(other / own)} |")


if __name__ == "__main__":
    main()
