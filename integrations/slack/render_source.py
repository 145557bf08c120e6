"""Sources: a block for each passage that is quoted, and the window in which a passage is read."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from assistant.messages import explain_reason, recheck_text
from assistant.record import CitationCheck
from assistant.types import Answer, Citation, Language, Suggestion
from ingest.types import Document, Passage
from integrations.slack import names
from integrations.slack.messages import said
from integrations.slack.render_parts import (
    Json,
    Links,
    button,
    context,
    line,
    link_button,
    marked,
    page_text,
    paragraph,
    place_text,
    plain,
    quoted,
    rich,
    runs,
    section,
    title_text,
)
from integrations.slack.text import MOST_TEXT, MOST_TITLE, cut, escaped, one_line, shown

MOST_REASON = 300  # characters of why it is no answer
SNIPPET = 220  # characters of a passage that comes near
NEIGHBOUR = 600  # characters of the text before and after a passage
MOST_PASSAGE = 20_000  # characters of a passage in a window


def by_passage(citations: Sequence[Citation]) -> list[list[Citation]]:
    """The citations, those of one passage together, in order of their first number."""
    found: dict[str, list[Citation]] = {}
    for citation in citations:
        found.setdefault(citation.passage.passage_id, []).append(citation)
    return list(found.values())


def source_blocks(
    citations: Sequence[Citation], answer_id: str, language: Language, *, quotes: bool = True
) -> list[Json]:
    """The blocks of a passage that is quoted: where it stands, with a button to it, and its quotes to the letter."""
    first = citations[0]
    numbers = " ".join(f"[{one.number}]" for one in citations)
    place = place_text(first.document, first.passage, _pages(citations, language), language)
    # The names of documents stand beside our own markup here: escaped, and never a quote.
    heading = f"*{numbers}* {escaped(title_text(first.document))}" + (f"\n{escaped(place)}" if place else "")
    choose = button(
        said("show_passage", language),
        f"{names.PASSAGE}_{first.number}",
        names.value_of(answer_id, "citation", first.number),
        spoken=said("show_passage_of", language, number=first.number),
    )
    block = section(marked(heading[:MOST_TEXT]), choose)
    if not quotes:
        return [block, context(said("quote_too_long", language))]
    return [block, rich([quoted(*_quote(one, several=len(citations) > 1)) for one in citations])]


def near_blocks(suggestion: Suggestion, at: int, answer_id: str, language: Language) -> list[Json]:
    """The blocks of a passage that comes near: where it stands, with a button to it, and why it is no answer."""
    passage, document = suggestion.passage.passage, suggestion.passage.document
    place = place_text(document, passage, page_text(passage.first_page, None, language), language)
    heading = f"*{escaped(title_text(document))}*" + (f"\n{escaped(place)}" if place else "")
    choose = button(
        said("show_passage", language), f"{names.PASSAGE}_s{at}", names.value_of(answer_id, "suggestion", at)
    )
    snippet = cut(" ".join(shown(passage.text).split()), SNIPPET)
    return [
        section(marked(heading[:MOST_TEXT]), choose),
        rich([quoted(runs(snippet or "–")), line(runs(_why(suggestion, language), italic=True))]),
    ]


def _why(suggestion: Suggestion, language: Language) -> str:
    # What it is about is a word or a few of the question, which may be any.
    return cut(one_line(explain_reason(suggestion, language)), MOST_REASON)


def source_line(citation: Citation, language: Language) -> str:
    """A source in a line, for notifications and screen readers."""
    place = place_text(citation.document, citation.passage, _pages([citation], language), language)
    return f"[{citation.number}] {title_text(citation.document)}" + (f" · {place}" if place else "")


def passage_view(
    answer: Answer,
    number: int,
    *,
    before: str = "",
    after: str = "",
    check: CitationCheck | None = None,
    links: Links,
) -> Json:
    """The window with the passage that this citation stands in: its quotes marked, between its neighbours.

    `before` and `after` are the text around the passage as it is now, "" where there is none or it is not to be had.
    `check` says what became of the citation since. Raises KeyError for a number that the answer does not have.
    """
    cited = {one.number: one for one in answer.citations}[number]
    together = [one for one in answer.citations if one.passage.passage_id == cited.passage.passage_id]
    warnings = []
    if check is not None and (check.revised or not check.stands):
        warnings = [recheck_text(check, answer.language), said("as_cited", answer.language)]
        before = after = ""  # the text around it is no longer that of when it was cited
    url = links.reader(cited.document.doc_id, antwoord=answer.answer_id, bron=number)
    return _window(
        cited.document,
        cited.passage,
        _pages(together, answer.language),
        [(one.start - cited.passage.start, one.end - cited.passage.start) for one in together],
        answer.language,
        notes=warnings or [said("quote_marked", answer.language)],
        around=(before, after),
        url=url,
        whole=[one.quote for one in together if not _inside(one)],
    )


def near_view(answer: Answer, at: int, *, links: Links, before: str = "", after: str = "") -> Json:
    """The window with a passage that comes near; `at` is its place in the answer, from 1. Raises IndexError."""
    if at < 1:
        raise IndexError(at)
    suggestion = answer.suggestions[at - 1]
    passage, document = suggestion.passage.passage, suggestion.passage.document
    return _window(
        document,
        passage,
        page_text(passage.first_page, None, answer.language),
        [],
        answer.language,
        notes=[said("near_only", answer.language), _why(suggestion, answer.language)],
        around=(before, after),
        url=links.reader(document.doc_id, passage=passage.passage_id),
    )


def waiting_view(language: Language = "nl") -> Json:
    """The window that is there while it is looked up what may be shown in it."""
    return _modal("passage_title", [paragraph(said("waiting", language))], language)


def failed_view(language: Language = "nl") -> Json:
    """The window that says that what was asked for cannot be shown now."""
    return _modal("passage_title", [paragraph(said("view_failed", language))], language)


def gone_view(language: Language = "nl") -> Json:
    """The window that says that an answer or its source is no longer there for this reader."""
    return _modal("passage_gone_title", [paragraph(said("passage_gone", language))], language)


def _window(
    document: Document,
    passage: Passage,
    pages: str,
    marks: Sequence[tuple[int, int]],
    language: Language,
    *,
    notes: Sequence[str],
    around: tuple[str, str],
    url: str,
    whole: Sequence[str] = (),
) -> Json:
    place = place_text(document, passage, pages, language)
    opening = [line(runs(title_text(document), bold=True), runs(f"\n{place}") if place else [])]
    before, after = (shown(text).strip() for text in around)
    text = passage.text[:MOST_PASSAGE]
    blocks = [rich(opening), context(*notes)]
    if before:
        start = (
            before if len(before) <= NEIGHBOUR else f"… {before[-NEIGHBOUR:].partition(' ')[2] or before[-NEIGHBOUR:]}"
        )
        blocks += [context(said("before", language)), _neighbour(start)]
    blocks += [{"type": "divider"}, *_passage_blocks(text, marks)]
    # A quote that runs beyond its passage is shown by itself, so that it is read in one piece.
    blocks += [rich([quoted(runs(one, bold=True))]) for one in whole]
    if len(passage.text) > MOST_PASSAGE:
        blocks.append(context(said("passage_cut", language)))
    blocks.append({"type": "divider"})
    if after:
        blocks += [context(said("after", language)), _neighbour(cut(after, NEIGHBOUR))]
    if url:
        blocks.append({"type": "actions", "elements": [link_button(said("open_reader", language), url)]})
    return _modal("passage_title", blocks, language)


def _passage_blocks(text: str, marks: Sequence[tuple[int, int]]) -> Iterator[Json]:
    """The passage as paragraphs, with bold what is quoted."""
    cuts = sorted({0, len(text), *(min(max(at, 0), len(text)) for mark in marks for at in mark)})
    found = []
    for first, last in pairwise(cuts):
        bold = any(start <= first and last <= end for start, end in marks)
        found += runs(text[first:last], bold=True) if bold else runs(text[first:last])
    # A block of its own for what would make one too long.
    batch: list[Json] = []
    for one in found or runs("–"):
        if batch and sum(len(run["text"]) for run in [*batch, one]) > MOST_TEXT:
            yield rich([line(batch)])
            batch = []
        batch.append(one)
    yield rich([line(batch)])


def _neighbour(text: str) -> Json:
    return {"type": "context", "elements": [plain(text)]}


def _modal(title: str, blocks: Sequence[Json], language: Language) -> Json:
    return {
        "type": "modal",
        "title": plain(said(title, language), MOST_TITLE),
        "close": plain(said("close", language), MOST_TITLE),
        "blocks": list(blocks),
    }


def _inside(citation: Citation) -> bool:
    """Whether a quote lies within its passage as it is shown."""
    start, end = citation.start - citation.passage.start, citation.end - citation.passage.start
    return start >= 0 and citation.passage.text[start:end] == citation.quote and end <= MOST_PASSAGE


def _quote(citation: Citation, *, several: bool) -> list[list[Json]]:
    number = runs(f"[{citation.number}] ", bold=True) if several else []
    return [number, runs(citation.quote) or runs("–")]


def _pages(citations: Sequence[Citation], language: Language) -> str:
    """The pages on which these stand, each once."""
    said_of = [page_text(one.page, one.page_label, language) for one in citations]
    first, *others = [one for one, _ in groupby(said_of) if one] or [""]
    return ", ".join([first, *(one for one in dict.fromkeys(others) if one != first)])
