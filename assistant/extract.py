"""The generator that needs no language model: an answer of verbatim sentences out of the retrieved passages."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from assistant.generator import Evidence
from assistant.sentence_match import QuestionWords, match_sentence, question_words
from assistant.types import Draft, ScoredPassage
from ingest.encode import Encoder
from ingest.sentences import sentences
from ingest.types import BlockSpan, CanonicalText, PassageRole

NAME = "extractive"

PASSAGES = 6  # passages whose sentences are considered
MAX_STATEMENTS = {"amount": 1, "person": 1, "time": 1}
DEFAULT_STATEMENTS = 2
MUST_HOLD = ("amount", "time")  # questions whose answer must hold a number, or a date
# A further statement must come this near to the best one, and not repeat it.
FAR = 100  # times as unlikely as the best passage: what such a passage says counts for nothing more
NEAR_BEST = 0.9
MAX_OVERLAP = 0.5
LIST_WORDS = 150  # words of a list that is quoted whole
JOINED_WORDS = 70  # words of a statement that takes the sentence before along

# The choice of sentences is learnt: `benchmarks/fit_sentences.py` fits these weights on written questions of which
# the answering sentence is known.
WEIGHTS = {
    "covered": 6.0, "around": 0.6, "cosine": 3.0, "passage": 7.7, "expected": 0.5, "short": -0.9, "first": -1.5
}  # fmt: skip
LEAST = 4  # words; fewer, without a figure among them, are a label
SHORT = 5  # words; a sentence of fewer is seldom an answer
FEW_NEW = 2  # content words that a sentence should add to those of the question

DANGLING = re.compile(
    r"(dit|deze|dat|die|zij|ze|hij|daarom|daardoor|daarmee|daarbij|hierdoor|hiermee|hierbij|dergelijke)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer the question."""

    doc_id: str
    start: int
    end: int
    block: int
    text: str
    passage_score: float
    first: bool


class Extractive:
    """The generator that needs no language model."""

    name = NAME

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def drafts(self, evidence: Evidence) -> Iterator[Draft]:
        """Statements that answer the question, best first: each a sentence or list as it stands in the document."""
        question = evidence.question
        asked = question_words(question.text, question.idf)
        yield from extract(question.vector, asked, evidence.passages, evidence.canonical, self._encoder)


def extract(
    vector: NDArray[np.float32],
    asked: QuestionWords,
    passages: Sequence[ScoredPassage],
    canonical: Callable[[str], CanonicalText],
    encoder: Encoder,
) -> list[Draft]:
    """Statements that answer the question, best first: each a sentence or list as it stands in the document.

    `vector` is the question's. `canonical` gives the canonical text of a document by its id.
    """
    candidates = find_candidates(passages[:PASSAGES], canonical)
    if not candidates:
        return []
    signals = sentence_signals(vector, asked, candidates, encoder)
    scores = [sum(weight * of_sentence[name] for name, weight in WEIGHTS.items()) for of_sentence in signals]
    # What says no number does not answer "how many", however near it comes.
    # Nor does what only says the question again.
    fit = [
        at
        for at, of_sentence in enumerate(signals)
        if of_sentence["expected"] or (asked.intent not in MUST_HOLD and not of_sentence["echo"])
    ]
    order = sorted(fit, key=lambda at: (-scores[at], at))
    most = MAX_STATEMENTS.get(asked.intent or "", DEFAULT_STATEMENTS)
    drafts: list[Draft] = []
    for at in order:
        if len(drafts) == most or (drafts and scores[at] < NEAR_BEST * scores[order[0]]):
            break
        chosen = candidates[at]
        text = canonical(chosen.doc_id)
        start, end = _widen(chosen, text, wants_list=asked.intent == "list")
        if not any(_repeats(text.text[start:end], draft.text) for draft in drafts):
            drafts.append(Draft(statement_text(text, start, end), ((chosen.doc_id, start, end),)))
    return drafts


def statement_text(canonical: CanonicalText, start: int, end: int) -> str:
    """A quote as it is shown: in quotation marks, white space made even, the items of a list on lines of their own."""
    pieces: list[str] = []
    for block in canonical.blocks:
        if block.start < end and block.end > start:
            piece = " ".join(canonical.text[max(start, block.start) : min(end, block.end)].split())
            pieces.append(f"\n– {piece}" if block.kind == "list_item" and pieces else piece)
    return "“" + re.sub(r" ?\n", "\n", " ".join(pieces)) + "”"


def find_candidates(passages: Sequence[ScoredPassage], canonical: Callable[[str], CanonicalText]) -> list[Candidate]:
    """The sentences of these passages that can be quoted, in order of passage."""
    best = max((hit.score for hit in passages), default=0.0)
    found: dict[tuple[str, int], Candidate] = {}
    for hit in passages:
        text = canonical(hit.passage.doc_id)
        begin = bisect_right(text.blocks, hit.passage.start, key=lambda block: block.end)
        until = bisect_left(text.blocks, hit.passage.end, key=lambda block: block.start)
        for number, block in enumerate(text.blocks[begin:until], begin):
            start, end = max(block.start, hit.passage.start), min(block.end, hit.passage.end)
            if block.kind == "heading" or start >= end:
                continue
            for first, last in _units(text.text[start:end], hit.passage.role):
                quote = text.text[start + first : start + last]
                if not quote.endswith("?") and (len(quote.split()) >= LEAST or any(map(str.isdigit, quote))):
                    key = (hit.passage.doc_id, start + first)
                    score = _closeness(hit.score, best)
                    opens = start + first == hit.passage.start
                    found.setdefault(key, Candidate(*key, start + last, number, quote, score, opens))
    return list(found.values())


def _closeness(score: float, best: float) -> float:
    """How near the score of a passage comes to the best one: 1 for that, 0 where it is a hundredth of it."""
    return max(0.0, 1 - log(best / score) / log(FAR)) if score > 0 else 0.0


def _units(text: str, role: PassageRole) -> list[tuple[int, int]]:
    """The spans of a block that can be quoted: its sentences, or all of it where full stops end no sentences."""
    return [(0, len(text))] if role in ("references", "imprint") else sentences(text)


def sentence_signals(
    vector: NDArray[np.float32], asked: QuestionWords, candidates: Sequence[Candidate], encoder: Encoder
) -> list[dict[str, float]]:
    """For each sentence what it is chosen by, each between about 0 and 1.

    covered: share of the question's words; around: the same in the sentence before or after; cosine: nearness in
    meaning; passage: score of its passage as a share of the best; expected: whether it holds the number, date, name,
    reason or list that is asked for; echo: whether it adds nothing to the question; short: whether it adds or says
    next to nothing; first: whether it opens its passage.
    """
    cosines = np.zeros(len(candidates), dtype=np.float32)
    if encoder.additive:
        cosines = encoder.encode_passages([candidate.text for candidate in candidates]) @ vector
    matches = [match_sentence(candidate.text, asked) for candidate in candidates]
    found = []
    for at, (candidate, matched, cosine) in enumerate(zip(candidates, matches, cosines, strict=True)):
        beside = [
            matches[other].covered
            for other in (at - 1, at + 1)
            if 0 <= other < len(candidates) and candidates[other].doc_id == candidate.doc_id
        ]
        found.append({
            "covered": matched.covered,
            "around": max(beside, default=0.0),
            "cosine": float(cosine),
            "passage": candidate.passage_score,
            "expected": float(matched.expected),
            "echo": float(matched.new_words == 0),
            "short": float(matched.new_words < FEW_NEW or len(candidate.text.split()) < SHORT),
            "first": float(candidate.first),
        })  # fmt: skip
    return found


def _widen(chosen: Candidate, canonical: CanonicalText, *, wants_list: bool) -> tuple[int, int]:
    """The span to quote: the sentence, with the list it leads into, or the sentence before that it refers to."""
    block = canonical.blocks[chosen.block]
    if chosen.text.endswith(":") or (wants_list and block.kind == "list_item"):
        return _list_span(chosen, canonical)
    if DANGLING.match(chosen.text):
        before = sentences(canonical.text[block.start : chosen.start])
        if before:
            start = block.start + before[-1][0]
            if len(canonical.text[start : chosen.end].split()) <= JOINED_WORDS:
                return start, chosen.end
    return chosen.start, chosen.end


def _list_span(chosen: Candidate, canonical: CanonicalText) -> tuple[int, int]:
    """The list that a sentence leads into or is an item of, with its lead-in, as far as it is not too long.

    An item that stands beyond that is quoted by itself.
    """
    blocks = canonical.blocks
    first = chosen.block
    while blocks[first].kind == "list_item" and first > 0 and blocks[first - 1].kind == "list_item":
        first -= 1
    start = chosen.start if first == chosen.block else blocks[first].start
    if blocks[first].kind == "list_item" and first > 0 and _leads_in(canonical, blocks[first - 1]):
        lead = blocks[first - 1]
        start = lead.start + sentences(canonical.text[lead.start : lead.end])[-1][0]
    last = first
    length = len(canonical.text[start : blocks[first].end].split())
    for following in range(first + 1, len(blocks)):
        block = blocks[following]
        length += len(canonical.text[block.start : block.end].split())
        if block.kind != "list_item" or length > LIST_WORDS:
            break
        last = following
    return (chosen.start, chosen.end) if last < chosen.block else (start, max(chosen.end, blocks[last].end))


def _leads_in(canonical: CanonicalText, block: BlockSpan) -> bool:
    return block.kind == "paragraph" and canonical.text[block.start : block.end].rstrip().endswith(":")


def _repeats(quote: str, earlier: str) -> bool:
    """Whether a quote says what an earlier statement says, as running text and its pull quote do."""
    mine, theirs = set(quote.lower().split()), set(earlier.lower().split())
    return len(mine & theirs) > MAX_OVERLAP * min(len(mine), len(theirs))
