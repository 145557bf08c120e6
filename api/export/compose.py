"""An answer as a paper: what was asked, what the documents say, where that stands, and how sure it is."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import quote, urljoin, urlsplit
from zoneinfo import ZoneInfo

from api.export.paper import Block, Paper, Run, Section, one_line
from api.export.statements import statement_blocks
from api.export.words import ended, origin_text, page_text, pages_text, place_text, section_text, title_text
from assistant.dates import written_date
from assistant.messages import (
    explain_reason,
    generated_by_text,
    heading_text,
    level_text,
    message_text,
    not_found_text,
    partial_text,
    read_as_text,
)
from assistant.types import Answer, Citation, Level, Status, Suggestion
from ingest.types import Document

PROGRAM = "VNG-assistent"
CHECK = "Lees de citaten na in de bron voordat je dit overneemt."
_HERE = ZoneInfo("Europe/Amsterdam")
_SHOWN_WORDS = 45  # of a passage that comes near
_WITHOUT_MODEL = "zonder taalmodel, met letterlijke citaten"


def paper_of(answer: Answer, *, asked_at: datetime, link: str, organisation: str = "") -> Paper:
    """The answer as a paper. `link` is the address at which it is found again, "" for none."""
    asked = asked_at.astimezone(_HERE)
    link = web_address(link)
    said = Section("Antwoord", (*_read_as(answer), *_said(answer), *_warnings(answer)))
    sections = [said, *_nearest(answer, link), *_questions(answer), *_sources(answer, link)]
    sections.append(Section("Over dit antwoord", tuple(_about(answer, asked, link))))
    title = one_line(answer.query.text) or "Vraag zonder tekst"
    maker = one_line(organisation)
    cited = {one.number: one for one in answer.citations}
    return Paper(
        title=title,
        title_language=answer.language,
        subtitle=f"Antwoord van de {PROGRAM}{' van ' + maker if maker else ''}, {_day(asked)}",
        language="nl-NL",
        maker=maker or PROGRAM,
        asked=asked,
        sections=tuple(sections),
        notes=tuple(_note(cited[number]) for statement in answer.statements for number in statement.citations),
    )


def web_address(link: str) -> str:
    """The address itself, when it is one of a web page: nothing else is made a link."""
    try:
        return link if urlsplit(link).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def document_link(document: Document, link: str, **query: str) -> str:
    """The address of the page on which a document is read, beside that of an answer; "" without that."""
    if not link:
        return ""
    asked = "&".join(f"{name}={quote(value, safe='', errors='replace')}" for name, value in query.items())
    return urljoin(link, f"/documenten/{quote(document.doc_id, safe='', errors='replace')}?{asked}")


def _read_as(answer: Answer) -> Iterator[Block]:
    if answer.reply is None and answer.standalone_query != answer.query.text:
        yield Block("text", (Run(read_as_text(one_line(answer.standalone_query))),))


def _said(answer: Answer) -> Sequence[Block]:
    if answer.statements:
        return statement_blocks(answer)
    said = not_found_text() if answer.reply is None else message_text(answer)
    language = "nl" if answer.reply is None else answer.language
    return (Block("message", (Run(one_line(said), language),)),)


def _warnings(answer: Answer) -> Iterator[Block]:
    """What a reader must know before he uses it: how much of the answer it is, and how sure."""
    if not answer.statements:
        return
    yield Block("warning", (Run("Hoe zeker is dit? ", strong=True), Run(sure_text(answer))))


def sure_text(answer: Answer) -> str:
    """How much of the answer the statements are, how sure they are, and that a reader checks them himself."""
    said = [partial_text()] if answer.status is Status.PARTIAL else []
    said.append(level_text(answer.level))
    if answer.level is Level.HIGH:
        said.append(CHECK)  # what is said of the others asks for it already
    return " ".join(said)


def _note(citation: Citation) -> tuple[Run, ...]:
    document = citation.document
    return (
        Run(f"“{citation.quote}”", document.language, quote=True),
        Run(f" – {ended(title_text(document) + place_text(citation))}"),
    )


def _nearest(answer: Answer, link: str) -> Iterator[Section]:
    if answer.suggestions:
        blocks = tuple(_suggestion(one, link) for one in answer.suggestions)
        yield Section(heading_text("nearest").rstrip(":"), blocks)


def _suggestion(suggestion: Suggestion, link: str) -> Block:
    passage, document = suggestion.passage.passage, suggestion.passage.document
    words = one_line(passage.text).split()
    excerpt = " ".join(words[:_SHOWN_WORDS]) + (" …" if len(words) > _SHOWN_WORDS else "")
    label = None
    if passage.first_page and passage.first_page <= len(document.page_labels):
        label = document.page_labels[passage.first_page - 1]
    places = [origin_text(document), section_text(passage, document), page_text(passage.first_page, label)]
    said = one_line(explain_reason(suggestion))
    return Block(
        "item",
        (
            _title(document, document_link(document, link, passage=passage.passage_id)),
            Run("".join(f", {one}" for one in places if one) + "\n"),
            Run(f"“{excerpt}”", document.language, quote=True),
            Run(f"\n{said}"),
        ),
    )


def _title(document: Document, address: str) -> Run:
    return Run(title_text(document), document.language, strong=True, link=address)


def _questions(answer: Answer) -> Iterator[Section]:
    asked = [one_line(one) for one in answer.questions]
    if any(asked):
        blocks = tuple(Block("item", (Run(one),)) for one in asked if one)
        yield Section(heading_text("questions").rstrip(":"), blocks)


def _sources(answer: Answer, link: str) -> Iterator[Section]:
    """The documents that are quoted, each once, in the order in which they are."""
    used = {number for statement in answer.statements for number in statement.citations}
    by_document: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        if citation.number in used:
            by_document.setdefault(citation.document.doc_id, []).append(citation)
    if by_document:
        blocks = tuple(_source(answer, citations, link) for citations in by_document.values())
        yield Section(heading_text("sources"), blocks)


def _source(answer: Answer, citations: Sequence[Citation], link: str) -> Block:
    document = citations[0].document
    address = document_link(document, link, antwoord=answer.answer_id, bron=str(citations[0].number))
    facts = [origin_text(document), pages_text(citations)]
    return Block("item", (_title(document, address), Run("".join(f", {one}" for one in facts if one))))


def _about(answer: Answer, asked: datetime, link: str) -> Iterator[Block]:
    made = generated_by_text(answer.generation) or _WITHOUT_MODEL
    facts = {
        "Gevraagd op": f"{_day(asked)} om {asked:%H.%M} uur",
        "Gemaakt door": f"{PROGRAM}: {one_line(made)}",
        "Versie van de documenten": one_line(answer.library_version),
        "Nummer van het antwoord": one_line(answer.answer_id),
    }
    for name, value in facts.items():
        yield Block("fact", (Run(f"{name}: ", strong=True), Run(value)))
    if link:
        yield Block("fact", (Run("Te vinden op: ", strong=True), Run(link, link=link)))


def _day(asked: datetime) -> str:
    return written_date(asked.date().isoformat())
