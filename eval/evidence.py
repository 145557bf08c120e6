"""Whether a passage holds a piece of evidence, and how well a ranking does on one question."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import PurePosixPath
from re import sub
from typing import Any

MEASURES = ("R@1", "R@5", "R@10", "MRR@10", "R@300w")
SHARE = 0.6  # of the words of a quote, in one run, that a passage must have to hold it
WORDS = 300


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote that answers a question, and the document it stands in (its file name without extension)."""

    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A question with what answers it. `needs_all`: all of the evidence is needed, not just one piece."""

    topic_id: str
    question: str
    kind: str
    answerable: bool
    evidence: tuple[Evidence, ...]
    needs_all: bool

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Topic":
        """The topic in one row of a topics file."""
        evidence = tuple(Evidence(document_name(found["doc"]), found["quote"]) for found in row["evidence"])
        return cls(row["id"], row["question"], row["kind"], row["answerable"], evidence, row["all_evidence"])


def document_name(source: str) -> str:
    """The file name of a source, without folders and extension."""
    return PurePosixPath(source.replace("\\", "/")).stem


def normalise(text: str) -> str:
    """The words of a text without case, accents, hyphenation and punctuation."""
    plain = unicodedata.normalize("NFKD", text.replace("\u00ad", ""))
    folded = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return sub(r"[\W_]+", " ", sub(r"</?\w+>", "", sub(r"(\w)-\s+(\w)", r"\1\2", folded))).strip()


def holds(passage: str, quote: str) -> bool:
    """Whether a normalised passage has a normalised quote, or most of it in one run."""
    if quote in passage:
        return bool(quote)
    mine, asked = passage.split(), quote.split()
    run = SequenceMatcher(None, mine, asked, autojunk=False).find_longest_match(0, len(mine), 0, len(asked)).size
    return bool(asked) and run >= SHARE * len(asked)


def measure(topic: Topic, ranked: Sequence[tuple[str, str]]) -> dict[str, float]:
    """The MEASURES of a ranking of (document, text of the passage) for one question.

    R@k: the share of the evidence within the first k passages; of all of it, or else whether any is. MRR@10: one over
    the rank of the first passage with evidence, 0 beyond ten. R@300w: R within the first 300 words.
    """
    texts = [(document_name(source), normalise(text)) for source, text in ranked]
    ranks = [
        next(
            (at for at, (name, text) in enumerate(texts) if name == e.document and holds(text, normalise(e.quote))),
            None,
        )
        for e in topic.evidence
    ]
    words, total = [], 0
    for _, text in ranked:
        total += len(text.split())
        words.append(total)

    def share(hits: list[bool]) -> float:
        return sum(hits) / len(hits) if topic.needs_all and hits else float(any(hits))

    found = {f"R@{k}": share([rank is not None and rank < k for rank in ranks]) for k in (1, 5, 10)}
    best = min((rank for rank in ranks if rank is not None), default=None)
    found["MRR@10"] = 1 / (best + 1) if best is not None and best < 10 else 0.0
    found["R@300w"] = share([rank is not None and (rank == 0 or words[rank] <= WORDS) for rank in ranks])
    return found
