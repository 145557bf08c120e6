"""An answer as its page shows it: statements in pieces, the sources with the quotes in them, what helps on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, groupby
from urllib.parse import urlencode

from api.export.paper import Mark
from api.export.statements import statement_blocks
from api.sight import Sight
from api.storage.types import StoredAnswer
from api.web.page_names import label_of, page_text
from api.web.passage_view import Piece, excerpts
from assistant.messages import (
    explain_reason,
    generated_by_text,
    heading_text,
    level_text,
    message_text,
    partial_text,
    read_as_text,
    recheck_text,
)
from assistant.record import CitationCheck, recheck
from assistant.types import Answer, Citation, Level, Status, Suggestion
from ingest.types import Document, Passage

HEADINGS_SHOWN = 3  # of a section, the nearest ones
SNIPPET = 320  # characters of a passage that comes near


@dataclass(frozen=True, slots=True)
class Inline:
    """A piece of a line of the answer: text, or with a `number` the marker of a citation.

    `ref` makes the id of a marker the only one, where a citation is referred to more than once.
    """

    text: str = ""
    language: str = "nl"
    strong: bool = False
    number: int = 0
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, of one line, or a list, of one line an item."""

    is_list: bool
    lines: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the library; `link` is "" for what the library no longer has."""

    title: str
    publisher: str
    kind: str
    issued: str
    language: str
    section: tuple[str, ...]
    pages: str
    link: str


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that is quoted: the `numbers` of its citations, and the excerpts in which they stand.

    `links` lead to each of its quotes in the document; there are none where the library no longer has it.
    `check` says what became of it, in an answer of an earlier version of the library.
    """

    numbers: tuple[int, ...]
    links: tuple[tuple[int, str], ...]
    place: Place
    excerpts: tuple[tuple[Piece, ...], ...]
    check: str

    @property
    def first(self) -> int:
        """The number that the source goes by."""
        return self.numbers[0]


@dataclass(frozen=True, slots=True)
class Near:
    """A passage that came near: where it stands, how it begins, and why it is no answer."""

    place: Place
    snippet: str
    why: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """All that the page of an answer says of it, but for forms; sentences are "" where there is nothing to say."""

    answer: Answer
    conversation_id: str
    asked_at: datetime
    read_as: str
    message: str
    parts: tuple[Part, ...]
    level: Level | None
    level_text: str
    partial_text: str
    made_by: str
    sources: tuple[Source, ...]
    near: tuple[Near, ...]
    outdated: bool

    @property
    def found(self) -> bool:
        """Whether there are statements."""
        return bool(self.answer.statements)

    @property
    def foreign(self) -> str:
        """The language of our own sentences where that is not the language of the page, else ""."""
        return self.answer.language if self.answer.language != "nl" else ""

    def said(self, name: str) -> str:
        """What stands above the "sources", the "nearest" passages or the "questions" that can be answered."""
        return heading_text(name, self.answer.language).removesuffix(":")


def answer_view(stored: StoredAnswer, sight: Sight) -> AnswerView:
    """The answer as its page shows it to whoever has this sight, who may see all that is in it."""
    answer = stored.answer
    language = answer.language
    outdated = answer.library_version != sight.library.manifest.library_version
    checks = recheck(answer, sight.library, groups=sight.groups).citations if outdated else ()
    reworded = answer.standalone_query != answer.query.text and answer.reply is None
    return AnswerView(
        answer,
        stored.conversation_id,
        stored.asked_at,
        read_as=read_as_text(answer.standalone_query, language) if reworded else "",
        message=message_text(answer),
        parts=parts_of(answer),
        level=answer.level if answer.statements else None,
        level_text=level_text(answer.level, language) if answer.statements else "",
        partial_text=partial_text(language) if answer.status is Status.PARTIAL else "",
        made_by=generated_by_text(answer.generation, language) if answer.reply is None else "",
        sources=tuple(_sources(answer, sight, checks)),
        near=tuple(_near(one, answer, sight) for one in answer.suggestions),
        outdated=outdated and answer.reply is None,
    )


def parts_of(answer: Answer) -> tuple[Part, ...]:
    """The statements as paragraphs and lists, with a marker behind each quote."""
    numbers = list(chain.from_iterable(one.citations for one in answer.statements))
    lines: list[tuple[bool, tuple[Inline, ...]]] = []
    seen: set[int] = set()
    for block in statement_blocks(answer):
        found: list[Inline] = []
        for one in block.inlines:
            if isinstance(one, Mark):
                number = numbers[one.note]
                ref = f"verwijzing-{number}" if number not in seen else f"verwijzing-{number}-{one.note}"
                seen.add(number)
                found.append(Inline(number=number, ref=ref))
            else:
                found.append(Inline(one.text, one.language, one.strong))
        lines.append((block.kind == "item", tuple(found)))
    parts: list[Part] = []
    for is_list, of_kind in groupby(lines, key=lambda line: line[0]):
        texts = tuple(line for _, line in of_kind)
        parts += [Part(True, texts)] if is_list else [Part(False, (line,)) for line in texts]
    return tuple(parts)


def _sources(answer: Answer, sight: Sight, checks: Sequence[CitationCheck]) -> list[Source]:
    """The citations, those of one passage together, in order of their first number."""
    became = {check.number: check for check in checks}
    by_passage: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        by_passage.setdefault(citation.passage.passage_id, []).append(citation)
    found = []
    for citations in by_passage.values():
        first = citations[0]
        said = {recheck_text(became[one.number], answer.language) for one in citations if _worth_saying(became, one)}
        numbers = tuple(one.number for one in citations)
        links = tuple((one, _quote_link(first.document.doc_id, sight, answer.answer_id, one)) for one in numbers)
        found.append(
            Source(
                numbers,
                tuple((number, link) for number, link in links if link),
                _place(first.document, first.passage, _pages_of(citations), links[0][1]),
                excerpts(citations),
                " ".join(sorted(said)),
            )
        )
    return found


def _quote_link(doc_id: str, sight: Sight, answer_id: str, number: int) -> str:
    link = document_link(doc_id, sight, antwoord=answer_id, bron=number)
    return f"{link}#citaat" if link else ""


def _worth_saying(became: dict[int, CitationCheck], citation: Citation) -> bool:
    check = became.get(citation.number)
    return check is not None and (check.revised or not check.stands)


def _near(suggestion: Suggestion, answer: Answer, sight: Sight) -> Near:
    passage, document = suggestion.passage.passage, suggestion.passage.document
    text = " ".join(passage.text.split())
    snippet = text if len(text) <= SNIPPET else f"{text[:SNIPPET].rpartition(' ')[0]} …"
    link = document_link(document.doc_id, sight, passage=passage.passage_id)
    place = _place(
        document,
        passage,
        page_text(passage.first_page, label_of(document, passage.first_page)),
        f"{link}#citaat" if link else "",
    )
    return Near(place, snippet, explain_reason(suggestion, answer.language))


def _place(document: Document, passage: Passage, pages: str, link: str) -> Place:
    section = [one for one in passage.section if one != document.title][-HEADINGS_SHOWN:]
    return Place(
        document.title,
        document.publisher or "",
        document.kind or "",
        document.issued or "",
        document.language,
        tuple(section),
        pages,
        link,
    )


def document_link(doc_id: str, sight: Sight, **query: str | int) -> str:
    """The address at which the document is read; "" where whoever looks has no such document (any more)."""
    return f"/documenten/{doc_id}?{urlencode(query)}" if doc_id in sight.documents else ""


def _pages_of(citations: Sequence[Citation]) -> str:
    return ", ".join(dict.fromkeys(filter(None, (page_text(one.page, one.page_label) for one in citations))))
