"""The sentences of passages: what an answer quotes, and where in the terms of its passage each of them is."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from assistant.nearness import Floats
from assistant.terms import Terms, text_terms, whole_terms
from assistant.types import CanonicalTexts, ScoredPassage
from ingest.library import Library
from ingest.types import CanonicalText, Passage

LEAST = 4  # words; fewer, without a figure among them, are a label
# Where full stops end no sentences, a block is quoted as a whole.
WHOLE = frozenset({"references", "imprint"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage that was found, at [start, end) of its document; `block` is the number of its block.

    `quotable`: whether it may stand in an answer; headings, labels and questions are only context to others.
    """

    hit: ScoredPassage
    start: int
    end: int
    block: int
    kind: str
    text: str
    quotable: bool

    @property
    def doc_id(self) -> str:
        """The document that it stands in."""
        return self.hit.document.doc_id


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences that follow each other in what was read, from number `first`, and that are of one text: `terms`.

    `numbers` says which sentences of that text they are.
    """

    terms: Terms
    first: int
    numbers: tuple[int, ...]

    @property
    def members(self) -> Iterator[tuple[int, int]]:
        """The number of each sentence in what was read, and its number in the text."""
        return enumerate(self.numbers, self.first)


def read_sentences(passages: Sequence[ScoredPassage], canonical: CanonicalTexts) -> list[Sentence]:
    """The sentences of these passages, passage by passage and in order within each; none twice."""
    found: dict[tuple[str, int], Sentence] = {}
    for hit in passages:
        text = canonical(hit.passage.doc_id)
        for start, quote, block in _quotes(hit.passage, text):
            kind = text.blocks[block].kind
            quotable = (
                kind != "heading"
                and not quote.endswith("?")
                and (len(quote.split()) >= LEAST or any(map(str.isdigit, quote)))
            )
            key = (hit.passage.doc_id, start)
            found.setdefault(key, Sentence(hit, start, start + len(quote), block, kind, quote, quotable))
    return list(found.values())


def grouped(said: Sequence[Sentence]) -> list[Group]:
    """What `read_sentences` gave, text by text."""
    groups = []
    first = 0
    for _, of_hit in groupby(said, key=lambda one: id(one.hit)):
        sentences = list(of_hit)
        passage = sentences[0].hit.passage
        if passage.role in WHOLE:
            groups += [Group(whole_terms(one.text), at, (0,)) for at, one in enumerate(sentences, first)]
        else:
            terms = text_terms(passage.text)
            numbers = {passage.start + begin: number for number, begin in enumerate(terms.begins)}
            groups.append(Group(terms, first, tuple(numbers[one.start] for one in sentences)))
        first += len(sentences)
    return groups


def sentence_vectors(said: Sequence[Sentence], library: Library, rows: Mapping[str, int]) -> Floats | None:
    """A unit vector for each sentence, or zeros; None without sentences, or with an encoder that is not additive.

    They are made of what the library keeps for each passage. `rows` has the row of each by its id.
    """
    ids = {one.hit.passage.passage_id for one in said}
    kept = {row: one.vectors for row, one in library.sentence_vectors([rows[one] for one in ids]).items()}
    if not said or len(kept) < len(ids):
        return None
    found = []
    for one in said:
        of_text = kept[rows[one.hit.passage.passage_id]]
        begins = text_terms(one.hit.passage.text).begins
        start = one.start - one.hit.passage.start
        first = bisect_left(begins, start)
        until = bisect_left(begins, start + len(one.text))
        found.append(of_text[first] if until <= first + 1 else of_text[first:until].sum(axis=0))
    vectors = np.array(found, np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Floats = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit


def _quotes(passage: Passage, text: CanonicalText) -> Iterator[tuple[int, str, int]]:
    """What can be quoted of a passage: where it begins in the document, its text, and the number of its block."""
    first = bisect_right(text.blocks, passage.start, key=lambda block: block.end)
    if passage.role in WHOLE:
        until = bisect_left(text.blocks, passage.end, key=lambda block: block.start)
        for number, block in enumerate(text.blocks[first:until], first):
            start, end = max(block.start, passage.start), min(block.end, passage.end)
            if start < end:
                yield start, text.text[start:end], number
        return
    terms = text_terms(passage.text)
    number = first
    for begin, sentence in zip(terms.begins, terms.sentences, strict=True):
        start = passage.start + begin
        while text.blocks[number].end <= start:
            number += 1
        yield start, sentence, number
