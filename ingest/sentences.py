"""Where sentences begin and end in Dutch text: sentencex finds candidates, the rules below settle what it misses."""

import re

from sentencex import segment

# After these comes a name, number or the rest of the sentence: their full stop ends nothing.
_LEADS_ON = frozenset(
    "dhr mw mevr mej prof dr drs mr ir ing ds st nr nrs no art artt par blz pag p pp hfst fig tab afb bijl vgl bijv "
    "m.b.t d.w.z o.a m.n i.v.m t.a.v n.a.v i.p.v t.o.v m.i.v i.h.k.v t.b.v o.b.v o.l.v i.s.m i.o.v m.u.v t.g.v z.g zgn "
    "c.q resp incl excl max min gem ca circa plm o.m a.h.v i.c t.h.v vs jan feb febr mrt apr aug sept okt nov dec tel "
    "mln mld wnd wvd plv mr.dr prof.dr prof.mr drs.ing bijv.w".split()
)
# These may end a sentence as well: the next word tells.
_MAY_END = frozenset("enz etc e.d e.a jl a.s dd o.i.d e.o s.v.p i.d ff b.v n.v bv nv sr jr".split())
_INITIALS = re.compile(r"(?:[A-Z]|Th|Ch|Ph|IJ)(?:\.(?:[A-Z]|Th|Ch|Ph|IJ))*$")
_ORDINAL = re.compile(r"(?:\d{1,3}|[ivx]{1,4}|[IVX]{1,4}|[a-z])$")
_NUMBERING = " (0123456789ivxIVX."
_CANDIDATE = re.compile(r"[.!?…]+[)\]»”’\"'*]*[¹²³⁴-⁹⁰]*(?=\s)")
_STARTS = re.compile(r"\s+[\"'‘’“„«(\[*]*(?:[A-ZÀ-ÖØ-Þ0-9&@#€]|['’‘](?:[stnkm])\b)")
_CLOSING = ")]»”’\"'*¹²³⁴⁵⁶⁷⁸⁹⁰"
_HAS_WORD = re.compile(r"\w")
_TAIL = 16


def sentences(text: str) -> list[tuple[int, int]]:
    """Give the (start, end) of each sentence in `text`: trimmed, not empty, in order, not overlapping.

    A line end is always a boundary: within a block it stands only between lines, items and rows that are apart.
    """
    spans: list[tuple[int, int]] = []
    offset = 0
    for line in text.split("\n"):
        if line and not line.isspace():
            _add_line(line, offset, spans)
        offset += len(line) + 1
    return spans


def _add_line(line: str, offset: int, spans: list[tuple[int, int]]) -> None:
    start = 0
    for end in [*_boundaries(line), len(line)]:
        # "[...]" or a lone dash is no sentence: it goes with the next.
        if end < len(line) and not _HAS_WORD.search(line, start, end):
            continue
        left, right = start, end
        while left < right and line[left].isspace():
            left += 1
        while right > left and line[right - 1].isspace():
            right -= 1
        if left < right:
            spans.append((offset + left, offset + right))
        start = end


def _boundaries(line: str) -> list[int]:
    found = {match.end() for match in _CANDIDATE.finditer(line)}
    if not found:
        return []
    if len(found) > 1 or max(found) < len(line.rstrip()):
        found |= _by_library(line)
    return [end for end in sorted(found) if 0 < end < len(line) and _ends_there(line, end)]


def _by_library(line: str) -> set[int]:
    ends, at = set(), 0
    for piece in segment("nl", line):
        at += len(piece)
        ends.add(at - (len(piece) - len(piece.rstrip())))
    return ends


def _ends_there(line: str, end: int) -> bool:
    """Whether the candidate is a boundary: what comes after must start a sentence, what comes before may end one."""
    if not _STARTS.match(line, end):
        return False
    tail = line[max(0, end - _TAIL) : end]
    bare = tail.rstrip(_CLOSING)
    if not bare.endswith(".") or bare.endswith("..") or len(bare) < len(tail):
        return True
    word = bare[:-1].rpartition(" ")[2].lstrip("([\"'‘“„«")
    lowered = word.lower()
    if lowered in _LEADS_ON or (_INITIALS.match(word) and lowered not in _MAY_END):
        return False
    if _ORDINAL.match(word):
        # "In 2019 waren het er 12. Dat is" ends; "1. Inleiding" and "de 3. plaats" do not.
        return bool(line[:end].strip(_NUMBERING)) and not (len(word) == 1 and word.isalpha())
    return lowered not in _MAY_END or line[end:].lstrip("\"'‘“„«( ")[:1].isupper()
