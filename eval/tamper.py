"""False statements put to the verifier: a generator that lies, so that an evaluation notices when lies are shown.

Each answer that was made is made again out of untrue versions of its own statements: another number, a negation, a
cause that nobody gave, a quote from elsewhere. None of them may reach the reader.
"""

import random
import re
from collections.abc import Iterator, Sequence

from assistant.extract import Extractive
from assistant.generator import Evidence
from assistant.types import Draft
from eval.mutate import MUTATIONS, Fact, Reply

SEED = 2026
MOST = 8  # false statements made of one answer
SENTENCE = re.compile(r"(?<=[.!?])\s+")
# These change the reply of a language model around a statement, and not the statement.
OF_REPLIES = frozenset(("citaat één teken anders", "citaat uit ander document", "verkeerde markering"))


class Tampering:
    """A generator of false statements, made from what the answer would be; the same question gives the same ones."""

    name = "tampering"

    def drafts(self, evidence: Evidence) -> Iterator[Draft]:
        """At most MOST false statements, of many sorts, with true quotes; or true ones, with a wrong quote."""
        chance = random.Random(f"{SEED} {evidence.question.text}")
        facts = [
            Fact(hit.document.source, sentence)
            for hit in evidence.passages
            for sentence in SENTENCE.split(hit.passage.text)
            if sentence.strip()
        ]
        told = [false for draft in Extractive().drafts(evidence) for false in _false(draft, evidence, facts, chance)]
        chance.shuffle(told)
        yield from told[:MOST]


def _false(draft: Draft, evidence: Evidence, facts: list[Fact], chance: random.Random) -> Iterator[Draft]:
    quotes = [evidence.canonical(doc_id).text[start:end] for doc_id, start, end in draft.quotes]
    doc_id = draft.quotes[0][0]
    said = Fact(next(hit.document.source for hit in evidence.passages if hit.passage.doc_id == doc_id), draft.text)
    for sort, mutate in MUTATIONS.items():
        if sort in OF_REPLIES:
            continue
        try:
            reply = mutate(said, facts, chance)
        except (IndexError, ValueError):  # this statement does not lend itself to it
            continue
        # Words that were added can happen to be the document's own; that is no lie.
        if reply and not any(_plain(reply.statement) in _plain(quote) for quote in quotes):
            yield Draft(reply.statement, (*draft.quotes, *_leaned_on(reply, doc_id, evidence)))
    yield from _wrong_quotes(draft, quotes, evidence)


def _leaned_on(reply: Reply, doc_id: str, evidence: Evidence) -> Iterator[tuple[str, int, int]]:
    """The other sentences of the document that a false statement is put together with."""
    text = evidence.canonical(doc_id).text
    for quote in reply.quotes[1:]:
        if (start := text.find(quote)) >= 0:
            yield doc_id, start, start + len(quote)


def _wrong_quotes(draft: Draft, quotes: Sequence[str], evidence: Evidence) -> Iterator[Draft]:
    """The statement with the quote of another passage, and with one that stands beyond the end of its document."""
    cited = {doc_id for doc_id, _, _ in draft.quotes}
    for hit in evidence.passages:
        passage = hit.passage
        # The same text can stand in another document as well, as where one file is there in two formats.
        if passage.doc_id not in cited and not any(_plain(quote) in _plain(passage.text) for quote in quotes):
            yield Draft(draft.text, ((passage.doc_id, passage.start, passage.end),))
            break
    doc_id = draft.quotes[0][0]
    end = len(evidence.canonical(doc_id).text)
    yield Draft(draft.text, ((doc_id, end - 1, end + len(draft.text)),))


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" .").lower()
