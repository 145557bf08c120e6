"""Whether the documents of a library hold the evidence of questions, before anything is measured with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from eval.errors import Problem
from eval.evidence import holds
from eval.topics import Evidence, Topic, document_name
from eval.words import normalise
from ingest.library import Library

NEAREST = 3  # known documents that are named instead of an unknown one
MOST_UNKNOWN = 20  # unknown documents for which these are looked up, which takes long; nobody reads on after so many
COMMON = 3  # places of one document in which a quote stands, from which on it says little
HINTS = frozenset(("partly_held", "common_quote"))


@dataclass(frozen=True, slots=True)
class Unheld(Problem):
    """What is wrong with a piece of evidence of a question; `line` is 0: questions do not know where they stand.

    `what` is "unknown_document" (`others` are the sources nearest to it, for the first MOST_UNKNOWN of them),
    "ambiguous_document" (`others` are the sources that go by its name), "unheld_quote", or one of HINTS, with which a
    question can still be measured: "partly_held" where a document has most of the quote and not all, "common_quote"
    where it has it in many places.
    `detail` is the source that the question names.
    """

    topic_id: str = ""
    quote: str = ""
    others: tuple[str, ...] = ()


def unheld(topics: Iterable[Topic], library: Library) -> list[Unheld]:
    """What is wrong with the evidence of these questions, in their order. Raises LibraryDamaged."""
    documents = _Documents(library)
    return [
        problem
        for topic in topics
        for found in topic.evidence
        for problem in _problems(topic.topic_id, found, documents)
    ]


class _Documents:
    """The documents of a library by name, with the words of those that were asked for."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.by_name: dict[str, list[str]] = {}
        for doc_id, document in library.documents.items():
            self.by_name.setdefault(document_name(document.source), []).append(doc_id)
        self.words = lru_cache(maxsize=None)(self._words)
        self._known_nearest: dict[str, tuple[str, ...]] = {}

    def sources(self, names: Iterable[str]) -> tuple[str, ...]:
        """The sources of the documents of these names."""
        return tuple(self._library.documents[doc_id].source for name in names for doc_id in self.by_name[name])

    def _words(self, doc_id: str) -> str:
        canonical = self._library.canonical(doc_id)
        return normalise(canonical.text) if canonical else ""

    def nearest(self, name: str) -> tuple[str, ...]:
        """The sources of the documents whose names are nearest to a name, nearest first."""
        if name not in self._known_nearest:
            self._known_nearest[name] = self._nearest(name) if len(self._known_nearest) < MOST_UNKNOWN else ()
        return self._known_nearest[name]

    def _nearest(self, name: str) -> tuple[str, ...]:
        folded: dict[str, list[str]] = {}
        for known in self.by_name:
            folded.setdefault(known.casefold(), []).append(known)
        near = get_close_matches(name.casefold(), folded, n=NEAREST)
        return self.sources(known for one in near for known in folded[one])[:NEAREST]


def _problems(topic_id: str, found: Evidence, documents: _Documents) -> Iterable[Unheld]:
    def problem(what: str, others: tuple[str, ...] = ()) -> Unheld:
        return Unheld(0, what, found.source, topic_id, found.quote, others)

    doc_ids = documents.by_name.get(found.document, [])
    if not doc_ids:
        yield problem("unknown_document", documents.nearest(found.document))
        return
    if len(doc_ids) > 1:
        yield problem("ambiguous_document", documents.sources([found.document]))
    if what := _wrong_quote(normalise(found.quote), [documents.words(doc_id) for doc_id in doc_ids]):
        yield problem(what)


def _wrong_quote(quote: str, texts: Sequence[str]) -> str | None:
    """What is wrong with a quote out of one of these texts, both normalised; None when nothing is."""
    exact = [text for text in texts if quote and quote in text]
    if not exact:
        return "partly_held" if any(holds(text, quote) for text in texts) else "unheld_quote"
    return "common_quote" if all(_places(text, quote) >= COMMON for text in exact) else None


def _places(text: str, quote: str) -> int:
    """In how many places a text has a quote, as whole words; counting stops where it has enough."""
    within, asked = f" {text} ", f" {quote} "
    count, at = 0, within.find(asked)
    while at >= 0 and count < COMMON:
        count, at = count + 1, within.find(asked, at + 1)
    return count
