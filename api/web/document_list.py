"""The list of documents, as somebody filters, sorts and leafs through it, and the passages found in them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.web.document_search import Snippet, Wanted, excerpt
from api.web.page_names import pages_text
from assistant.dates import written_date
from assistant.types import ScoredPassage
from ingest.dutch import fold
from ingest.types import Document

PER_PAGE = 50
PER_DOCUMENT = 3  # passages shown of one document
ORDERS = {"titel": "Titel (A–Z)", "nieuwste": "Nieuwste eerst", "oudste": "Oudste eerst", "uitgever": "Uitgever (A–Z)"}
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which documents somebody wants to see, and in what order; "" for no restriction. `page` counts from 1."""

    text: str = ""
    kind: str = ""
    year: str = ""
    order: str = "titel"
    page: int = 1
    search: str = ""

    @property
    def filters(self) -> bool:
        """Whether any document may fall outside it."""
        return bool(self.text or self.kind or self.year)

    @property
    def prefix(self) -> str:
        """The address of a page of this list, but for its number."""
        chosen = {"titel": self.text, "soort": self.kind, "jaar": self.year, "zoek": self.search}
        if self.order != "titel":
            chosen["volgorde"] = self.order
        return f"/documenten?{urlencode({**{name: one for name, one in chosen.items() if one}, 'pagina': ''})}"


@dataclass(frozen=True, slots=True)
class Line:
    """A document in the list."""

    document: Document
    issued: str
    passages: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list. `chosen` documents of all `total` pass the filters; `kinds` and `years` can be chosen."""

    lines: tuple[Line, ...]
    chosen: int
    total: int
    page: int
    pages: int
    kinds: tuple[str, ...]
    years: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that was found, with the words that were searched for, and where it stands."""

    snippet: Snippet
    section: str
    pages: str
    link: str


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document in which passages were found, the best first; `more` are not shown."""

    line: Line
    passages: tuple[FoundPassage, ...]
    more: int


def chosen_documents(documents: Iterable[Document], choice: Choice) -> list[Document]:
    """The documents that pass the filters, in the order that was asked for."""
    words = fold(choice.text).split()
    passing = [one for one in documents if _passes(one, choice, words)]
    passing.sort(key=_title_key)
    if choice.order == "uitgever":
        passing.sort(key=lambda one: fold(one.publisher) if one.publisher else _LAST)
    elif choice.order in ("nieuwste", "oudste"):
        dated = [one for one in passing if one.issued]
        dated.sort(key=lambda one: one.issued or "", reverse=choice.order == "nieuwste")
        passing = dated + [one for one in passing if not one.issued]
    return passing


def listing(
    documents: Sequence[Document], every: Iterable[Document], choice: Choice, counts: dict[str, int]
) -> Listing:
    """A page of the list of these documents, which are what was chosen of `every` one."""
    known = list(every)
    pages = max(1, -(-len(documents) // PER_PAGE))
    page = min(max(1, choice.page), pages)
    return Listing(
        tuple(line_of(one, counts) for one in documents[(page - 1) * PER_PAGE : page * PER_PAGE]),
        len(documents),
        len(known),
        page,
        pages,
        tuple(kind for kind, _ in Counter(one.kind for one in sorted(known, key=_kind) if one.kind).items()),
        tuple(sorted({one.issued[:4] for one in known if one.issued}, reverse=True)),
    )


def line_of(document: Document, counts: dict[str, int]) -> Line:
    """A document as a line of the list."""
    return Line(document, written_date(document.issued) if document.issued else "", counts.get(document.doc_id, 0))


def found_documents(hits: Sequence[ScoredPassage], wanted: Wanted, counts: dict[str, int]) -> tuple[FoundDocument, ...]:
    """What was found, by document, in the order in which the best passage of each was found."""
    by_document: dict[str, list[ScoredPassage]] = {}
    for hit in hits:
        by_document.setdefault(hit.document.doc_id, []).append(hit)
    return tuple(
        FoundDocument(
            line_of(group[0].document, counts),
            tuple(_found(hit, wanted) for hit in group[:PER_DOCUMENT]),
            max(0, len(group) - PER_DOCUMENT),
        )
        for group in by_document.values()
    )


def title_of(document: Document) -> str:
    """What a document is called: its title, or the name of its file where it has none."""
    return " ".join(document.title.split()) or document.source


def _found(hit: ScoredPassage, wanted: Wanted) -> FoundPassage:
    passage = hit.passage
    query = urlencode({"passage": passage.passage_id})
    return FoundPassage(
        excerpt(passage.text, wanted),
        " › ".join(passage.section[-2:]),
        pages_text(hit.document, passage.first_page, passage.last_page),
        f"/documenten/{passage.doc_id}?{query}#citaat",
    )


def _passes(document: Document, choice: Choice, words: Sequence[str]) -> bool:
    if choice.kind and document.kind != choice.kind:
        return False
    if choice.year and (document.issued or "")[:4] != choice.year:
        return False
    said = fold(f"{document.title} {document.publisher or ''}")
    return all(word in said for word in words)


def _title_key(document: Document) -> tuple[str, str]:
    return fold(title_of(document)), document.source


def _kind(document: Document) -> str:
    return fold(document.kind or "")
