"""Quotes in the text around them, cut to what a reader needs to see what is said and about what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import Citation

AROUND = 280  # characters before the first quote and after the last that are shown, about
WHOLE = 900  # characters of an excerpt that is shown as it is
ELLIPSIS = "…"
_BLANK = re.compile(r"\n\s*\n+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an excerpt; `numbers` are the citations that it is the quote of, none for the text around."""

    text: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The text of a document from `start` on."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def excerpts(citations: Sequence[Citation]) -> tuple[tuple[Piece, ...], ...]:
    """The excerpts that show these quotes, all of one passage: mostly one, more where a quote stands outside of it.

    Every quote is in them whole, as it stands in its document.
    """
    ordered = sorted(citations, key=lambda one: (one.start, one.end))
    return tuple(_excerpt(one, [c for c in ordered if _within(c, one)]) for one in _stretches(ordered))


def _stretches(ordered: Sequence[Citation]) -> list[_Stretch]:
    """The passage with the quotes that run on beyond it; each quote that does not touch it by itself."""
    passage = ordered[0].passage
    whole = _Stretch(passage.start, passage.text)
    apart: list[_Stretch] = []
    for citation in ordered:
        quote = _Stretch(citation.start, citation.quote)
        if quote.start < whole.end and whole.start < quote.end:
            whole = _joined(whole, quote)
        elif not any(_within(citation, one) for one in apart):
            apart.append(quote)
    touched = any(_within(one, whole) for one in ordered)
    return sorted([*([whole] if touched else []), *apart], key=lambda one: one.start)


def _joined(one: _Stretch, other: _Stretch) -> _Stretch:
    before = other.text[: max(0, one.start - other.start)]
    after = other.text[one.end - other.start :] if other.end > one.end else ""
    return _Stretch(min(one.start, other.start), f"{before}{one.text}{after}")


def _within(citation: Citation, stretch: _Stretch) -> bool:
    return stretch.start <= citation.start and citation.end <= stretch.end


def _excerpt(stretch: _Stretch, citations: Sequence[Citation]) -> tuple[Piece, ...]:
    """The stretch as pieces. Where quotes overlap, the second goes on where the first ends."""
    pieces: list[Piece] = []
    at = stretch.start
    for citation in citations:
        begin = max(citation.start, at)
        if begin >= citation.end:  # all of it is marked already
            pieces[-1] = Piece(pieces[-1].text, (*pieces[-1].numbers, citation.number))
            continue
        if begin > at:
            pieces.append(Piece(stretch.text[at - stretch.start : begin - stretch.start]))
        pieces.append(Piece(stretch.text[begin - stretch.start : citation.end - stretch.start], (citation.number,)))
        at = citation.end
    if at < stretch.end:
        pieces.append(Piece(stretch.text[at - stretch.start :]))
    return tuple(_even(one) for one in _shortened(pieces, len(stretch.text)))


def _shortened(pieces: list[Piece], length: int) -> list[Piece]:
    """The pieces with less of the text before the first quote and after the last, where there is much of it."""
    if length <= WHOLE:
        return pieces
    last = len(pieces) - 1
    found = []
    for at, piece in enumerate(pieces):
        if piece.numbers:
            found.append(piece)
        elif at == 0:
            found.append(Piece(_ending(piece.text)))
        elif at == last:
            found.append(Piece(_beginning(piece.text)))
        elif len(piece.text) > 2 * AROUND:
            found.append(Piece(f"{_beginning(piece.text)} {_ending(piece.text).removeprefix(ELLIPSIS).lstrip()}"))
        else:
            found.append(piece)
    return found


def _ending(text: str) -> str:
    """The last part of a text, from a word on."""
    if len(text) <= AROUND:
        return text
    return f"{ELLIPSIS} {text[-AROUND:].partition(' ')[2]}"


def _beginning(text: str) -> str:
    """The first part of a text, up to a word."""
    if len(text) <= AROUND:
        return text
    return f"{text[:AROUND].rpartition(' ')[0]} {ELLIPSIS}"


def _even(piece: Piece) -> Piece:
    """The piece with one blank line at most between its paragraphs."""
    return Piece(_BLANK.sub("\n\n", piece.text), piece.numbers)
