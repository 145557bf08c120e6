"""A statement in pieces: its lines, its quotes, and each footnote behind the quote that it belongs to."""

import re
from collections.abc import Sequence

from api.export.paper import Block, Inline, Mark, Run, clean
from assistant.types import Answer, Citation, Statement

_ITEM = re.compile(r"\s*[–•*-]\s+")
_AFTER = re.compile(r"[.,;:!?…]?[”’\"']+[.,;:!?]?")  # what may still stand between a quote and its footnote
_FRAME = re.compile(r"[^“”\n]{1,300}: (?=“)")
_OPEN, _CLOSE = "“", "”"


def statement_blocks(answer: Answer) -> list[Block]:
    """The statements as paragraphs and lists, with a mark for every [n] of `answer.text`, in the same order."""
    citations = {one.number: one for one in answer.citations}
    several = len({one.document.doc_id for one in answer.citations}) > 1
    blocks: list[Block] = []
    notes = 0
    for statement in answer.statements:
        blocks += _blocks(statement, citations, notes, answer.language, several)
        notes += len(statement.citations)
    return blocks


def _blocks(
    statement: Statement, citations: dict[int, Citation], first: int, language: str, several: bool
) -> list[Block]:
    text = clean(statement.text).rstrip()
    cited = [citations[number] for number in statement.citations]
    places = note_places(text, cited)
    languages = (cited[0].document.language if cited else "nl", language)
    blocks: list[Block] = []
    start, depth = 0, 0
    for line in text.split("\n"):
        end = start + len(line)
        item = _ITEM.match(line)
        begin = start + (item.end() if item else 0)
        marks = [(max(place, begin), first + at) for at, place in enumerate(places) if start <= place <= end]
        frame = _FRAME.match(line) if several and not item else None
        inlines, depth = _inlines(text, begin, end, marks, depth, languages)
        if frame and isinstance(inlines[0], Run):
            inlines[0] = Run(inlines[0].text, language, strong=True)
        if inlines:
            blocks.append(Block("item" if item else "text", tuple(inlines)))
        start = end + 1
    return blocks


def note_places(text: str, cited: Sequence[Citation]) -> list[int]:
    """Where the footnote of each citation goes, in order: behind its quote, or else at the end of the statement.

    The places never go back, so that footnotes count up as the numbers in the text of the answer do.
    """
    places: list[int] = []
    at = 0
    for citation in cited:
        quote = clean(citation.quote)
        found = text.find(_OPEN + quote, at)
        closed = _AFTER.match(text, found + 1 + len(quote)) if found >= 0 else None
        at = closed.end() if closed else len(text)
        places.append(at)
    return places


def _inlines(
    text: str, start: int, end: int, marks: Sequence[tuple[int, int]], depth: int, languages: tuple[str, str]
) -> tuple[list[Inline], int]:
    """One line in runs and marks, and how many quotes are still open at its end.

    `languages` are that of what is quoted, and that of what stands around it.
    """
    found: list[Inline] = []
    piece = start
    pending = list(marks)

    def cut(until: int, quoted: bool) -> None:
        nonlocal piece
        if until > piece:
            found.append(Run(text[piece:until], languages[0] if quoted else languages[1], quote=quoted))
            piece = until

    for at in range(start, end + 1):
        while pending and pending[0][0] == at:
            cut(at, depth > 0 or text[at - 1 : at] == _CLOSE)
            found.append(Mark(pending.pop(0)[1]))
        if at == end:
            break
        if text[at] == _OPEN:
            if not depth:
                cut(at, False)
            depth += 1
        elif text[at] == _CLOSE and depth:
            depth -= 1
            if not depth:
                cut(at + 1, True)
    cut(end, depth > 0)
    return found, depth
