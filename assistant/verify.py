"""The gate before every answer: a statement passes with quotes that stand in the document, or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.dates import written_date
from assistant.support.check import CHECKS as SUPPORT_CHECKS
from assistant.support.check import supports
from assistant.types import CanonicalTexts, Citation, Draft, ScoredPassage, Statement
from ingest.types import CanonicalText, Document, Passage

CHECKS = ("quote", "page", *SUPPORT_CHECKS)  # what a statement is held against


@dataclass(frozen=True, slots=True)
class Verified:
    """A statement that holds, with the citations that are new with it."""

    statement: Statement
    citations: tuple[Citation, ...]


class Verifier:
    """Checks the drafts of one answer one by one, and numbers their citations in order of appearance.

    A statement holds when each of its quotes lies within its document's canonical text and at least partly within a
    retrieved passage (a list may run on beyond it), and when the quotes support all that it says: see
    `assistant.support.check`. A quote that runs over a page, or around a footnote, becomes several
    citations, so that each stands in one piece on the page it names.
    """

    def __init__(self, passages: Sequence[ScoredPassage], canonical: CanonicalTexts) -> None:
        self._canonical = canonical
        self._by_document: dict[str, list[ScoredPassage]] = {}
        for hit in passages:
            self._by_document.setdefault(hit.passage.doc_id, []).append(hit)
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.dropped = 0

    def check(self, draft: Draft) -> Verified | None:
        """The statement with its new citations, or None when it does not hold."""
        spans = [
            (found, start, end)
            for doc_id, start, end in draft.quotes
            if (found := _holder(self._by_document.get(doc_id, []), start, end))
            and _stands(self._canonical(doc_id), start, end)
        ]
        if len(spans) < len(draft.quotes) or not spans or not _supported(draft, spans, self._canonical):
            self.dropped += 1
            return None
        cited: list[int] = []
        new: list[Citation] = []
        for holder, start, end in spans:
            document, text = holder.document, self._canonical(holder.document.doc_id)
            for first, last in pieces_in_place(text, start, end):
                key = (document.doc_id, first, last)
                if key not in self._numbers:
                    self._numbers[key] = len(self._numbers) + 1
                    new.append(cite(self._numbers[key], holder.passage, document, text, first, last))
                cited.append(self._numbers[key])
        return Verified(Statement(draft.text, tuple(dict.fromkeys(cited))), tuple(new))


def cite(number: int, passage: Passage, document: Document, canonical: CanonicalText, start: int, end: int) -> Citation:
    """The citation of [start, end) of a document."""
    page = page_at(canonical, start)
    label = document.page_labels[page - 1] if page and page <= len(document.page_labels) else None
    return Citation(number, passage, document, canonical.text[start:end], start, end, page, label)


def page_at(canonical: CanonicalText, offset: int) -> int | None:
    """The 1-based page on which this offset stands; None where the document has no pages."""
    page = None
    for begins, number in canonical.pages:
        if begins > offset:
            break
        page = number
    return page


def pieces_in_place(canonical: CanonicalText, start: int, end: int) -> list[tuple[int, int]]:
    """[start, end) cut where a new page begins, or where something else stands in between in the file; white space at
    the cuts left out.
    """
    joints = (joint for block in canonical.blocks if block.start < end and start < block.end for joint in block.joints)
    inner = {offset for offset in (*(offset for offset, _ in canonical.pages), *joints) if start < offset < end}
    cuts = [start, *sorted(inner), end]
    found = []
    for first, last in pairwise(cuts):
        piece = canonical.text[first:last]
        if piece.strip():
            found.append((first + len(piece) - len(piece.lstrip()), first + len(piece.rstrip())))
    return found


def _holder(hits: Sequence[ScoredPassage], start: int, end: int) -> ScoredPassage | None:
    """The passage that a quote is shown with: the one that holds most of it; None when none holds any of it."""

    def shared(hit: ScoredPassage) -> int:
        return min(end, hit.passage.end) - max(start, hit.passage.start)

    best: ScoredPassage | None = max(hits, key=shared, default=None)
    return best if best is not None and shared(best) > 0 else None


def _stands(canonical: CanonicalText, start: int, end: int) -> bool:
    return 0 <= start < end <= len(canonical.text) and bool(canonical.text[start:end].strip())


def _supported(
    draft: Draft, spans: Sequence[tuple[ScoredPassage, int, int]], canonical: Callable[[str], CanonicalText]
) -> bool:
    quotes = [canonical(hit.document.doc_id).text[start:end] for hit, start, end in spans]
    about = [text for hit, _, _ in spans for text in known_of(hit.document, hit.passage)]
    return supports(quotes, draft.text, about)


def known_of(document: Document, passage: Passage) -> list[str]:
    """What is known of the document and the place that a quote comes from, which a statement may say besides it."""
    known = (document.title, document.publisher, document.author, document.kind, *passage.section)
    return [*(text for text in known if text), *_dates(document.issued or "")]


def _dates(issued: str) -> list[str]:
    """An ISO 8601 date, and how it may be named: the year, and the date as it is written."""
    return [issued, issued[:4], written_date(issued, "nl"), written_date(issued, "en")] if issued else []
