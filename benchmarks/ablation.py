"""What each step of retrieval brings: `python -m benchmarks.ablation FOLDER TOPICS.jsonl` prints a Markdown table.

FOLDER holds the documents, TOPICS the questions with their evidence (see eval/topics.py). Every row is
measured in the same run on the same passages; beside each measure stands its 95 % interval (bootstrap over questions,
Efron 1979), and beside the row the milliseconds a question took.
"""

import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from math import log
from pathlib import Path

import numpy as np

from assistant.features import NAMES, candidate_features
from assistant.fuse import Signals, fuse
from assistant.rerank import embedded_reranker
from assistant.retrieve import LEXICAL_WEIGHTS, find_candidates, retrieve
from assistant.understand import Question, understand
from eval.evidence import held
from eval.examine import asked_of
from eval.measures import BY_NAME, estimate
from eval.records import Found, Outcome
from eval.topics import Topic, read_topics
from ingest.dutch import analyse, words
from ingest.encode import Encoder, load_encoder
from ingest.lexical import QueryWord, plain_words
from ingest.library import Library
from ingest.publish import publish
from ingest.thesaurus import Thesaurus, load_thesaurus
from ingest.types import Passage

TOP = 20
MEASURES = ("R@1", "R@5", "R@10", "MRR@10", "R@300w")
K1, B = 1.2, 0.75

Ranking = Sequence[Passage]
Step = Callable[[str], Ranking]


class Bm25:
    """Plain BM25 in memory over any terms, as the peer of the lexical index."""

    def __init__(self, passages: Sequence[Passage], terms: Callable[[str], Sequence[str]]) -> None:
        self._passages, self._terms = passages, terms
        self._counts = [Counter(terms(passage.text)) for passage in passages]
        self._lengths = [sum(counts.values()) for counts in self._counts]
        self._having = Counter(term for counts in self._counts for term in counts)

    def __call__(self, question: str) -> Ranking:
        """The passages, best first."""
        asked = self._terms(question)
        total, mean = len(self._passages), sum(self._lengths) / len(self._lengths)
        scores = []
        for counts, length in zip(self._counts, self._lengths, strict=True):
            damping = K1 * (1 - B + B * length / mean)
            scores.append(
                sum(
                    log(1 + (total - self._having[term] + 0.5) / (self._having[term] + 0.5))
                    * counts[term] * (K1 + 1) / (counts[term] + damping)
                    for term in asked
                    if term in counts
                )
            )  # fmt: skip
        order = sorted(range(total), key=lambda at: (-scores[at], at))
        return [self._passages[at] for at in order[:TOP]]


def steps(library: Library, encoder: Encoder) -> Iterator[tuple[str, Step]]:
    """The rows of the table: a name, and what ranks the passages for a question."""
    passages = [passage for doc_id in library.documents for passage in library.passages_of(doc_id)]
    ask = partial(understand, library=library, encoder=encoder, thesaurus=load_thesaurus())
    bare = partial(understand, library=library, encoder=encoder, thesaurus=Thesaurus(()))
    reranker = embedded_reranker()

    def lexical(asked: Sequence[QueryWord], weights: dict[str, float]) -> Ranking:
        hits = library.search_lexical(asked, limit=TOP, weights=weights)
        found = library.passages([hit.row for hit in hits])
        return [found[hit.row] for hit in hits]

    def dense(text: str) -> Ranking:
        hits = library.search_dense(ask(text).vector, limit=TOP)
        found = library.passages([hit.row for hit in hits])
        return [found[hit.row] for hit in hits]

    def by_features(question: Question, score: Callable[[dict[str, float]], float]) -> Ranking:
        candidates = find_candidates(question, library)
        rows = candidate_features(question, candidates, library.word_vectors)
        scores = [score(dict(zip(NAMES, map(float, row), strict=True))) for row in rows]
        order = sorted(range(len(candidates)), key=lambda at: (-scores[at], candidates[at].row))
        return [candidates[at].passage for at in order[:TOP]]

    def fused(row: dict[str, float]) -> float:
        return fuse(Signals(row["coverage"], row["cosine"], row["window_cosine"]))

    def reranked(question: Question) -> Ranking:
        return [hit.passage for hit in retrieve(question, library, reranker, limit=TOP).passages]

    def without_forms(text: str) -> Sequence[QueryWord]:
        return [replace(word, parts=()) for word in plain_words(text)]

    yield "BM25, plain words", Bm25(passages, words)
    yield "BM25, stems and stop words", Bm25(passages, lambda text: analyse(text).stems)
    yield (
        "BM25, and parts of compounds",
        Bm25(passages, lambda text: (*analyse(text).stems, *analyse(text).parts)),
    )
    yield (
        "BM25, 4-grams only",
        Bm25(passages, lambda text: analyse(text).grams),
    )
    yield "index: stems and 4-grams", lambda text: lexical(without_forms(text), LEXICAL_WEIGHTS | {"heading": 0.0})
    yield "index: and headings", lambda text: lexical(without_forms(text), LEXICAL_WEIGHTS)
    yield "index: and parts of compounds", lambda text: lexical(plain_words(text), LEXICAL_WEIGHTS)
    yield "index: and abbreviations, typing errors", lambda text: lexical(bare(text).words, LEXICAL_WEIGHTS)
    yield "index: and thesaurus", lambda text: lexical(ask(text).words, LEXICAL_WEIGHTS)
    yield "dense alone", dense
    yield "dense: best run of sentences", lambda text: by_features(ask(text), lambda row: row["window_cosine"])
    yield "dense: late interaction", lambda text: by_features(ask(text), lambda row: row["late"])
    yield "fused, without thesaurus", lambda text: by_features(bare(text), fused)
    yield "fused", lambda text: by_features(ask(text), fused)
    yield "reranked, without thesaurus", lambda text: reranked(bare(text))
    yield "reranked", lambda text: reranked(ask(text))


def main(folder: Path, topics: Path) -> None:
    """Print the table over all questions, and R@5 and R@10 by kind of question."""
    asked = [topic for topic in read_topics(topics) if topic.answerable]
    kinds = list(dict.fromkeys(topic.kind for topic in asked))
    encoder = load_encoder(None)
    by_kind = []
    print(f"{len(asked)} questions\n\n| step | {' | '.join(MEASURES)} | ms |\n|---|{'---:|' * (len(MEASURES) + 1)}")
    with tempfile.TemporaryDirectory() as data:
        publish([folder], Path(data), encoder)
        library = Library.open(Path(data), encoder)
        library.warm()
        for name, step in steps(library, encoder):
            rows, took = [], []
            for topic in asked:
                begun = time.perf_counter()
                ranking = step(topic.question)
                took.append(1000 * (time.perf_counter() - begun))
                rows.append(_outcome(topic, ranking, library))
            cells = [_with_interval(name, rows) for name in MEASURES]
            print(f"| {name} | {' | '.join(cells)} | {np.median(took):.0f} |", flush=True)
            grouped = defaultdict(list)
            for topic, row in zip(asked, rows, strict=True):
                grouped[topic.kind].append(row)
            means = [" / ".join(_mean(depth, grouped[kind]) for depth in ("R@5", "R@10")) for kind in kinds]
            by_kind.append(f"| {name} | {' | '.join(means)} |")
        library.close()
    counts = Counter(topic.kind for topic in asked)
    print(f"\nR@5 / R@10\n\n| step | {' | '.join(f'{kind} ({counts[kind]})' for kind in kinds)} |")
    print(f"|---|{'---:|' * len(kinds)}\n" + "\n".join(by_kind))


def _outcome(topic: Topic, ranking: Ranking, library: Library) -> Outcome:
    """What came of a question, when these passages were found."""
    found = []
    for passage in ranking:
        source = library.documents[passage.doc_id].source
        words = len(passage.text.split())
        evidence = held(topic.evidence, source, passage.text)
        found.append(
            Found(passage_id=passage.passage_id, source=source, page=passage.first_page, words=words, evidence=evidence)
        )
    return Outcome(asked=asked_of(topic), found=tuple(found))


def _mean(name: str, outcomes: Sequence[Outcome]) -> str:
    found = estimate(BY_NAME[name], [BY_NAME[name].of(outcome) for outcome in outcomes])
    return f"{found.value:.2f}" if found else ""


def _with_interval(name: str, outcomes: Sequence[Outcome]) -> str:
    """The mean of a measure, with its 95 % interval."""
    found = estimate(BY_NAME[name], [BY_NAME[name].of(outcome) for outcome in outcomes])
    return f"{found.value:.3f} ({found.low:.2f}–{found.high:.2f})" if found else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
