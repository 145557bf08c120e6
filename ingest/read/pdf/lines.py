"""Words of one column joined into lines: raised and lowered characters, letter-spaced words and drop caps in place."""

import itertools
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.read.pdf.geometry import Line, Style, Word

_SAME_LINE = 0.3  # of the size: baselines this near are one line
_SMALL = 0.85  # of the size of its line: a raised or lowered character is smaller
_SPACE = 0.12  # of the size: a narrower gap between words is no space
_TAB = 2.2  # of the size: a wider gap is a jump, as before the page number in a table of contents
_DROP_CAP = 1.8  # of the text size
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNITS = ("m", "km", "cm", "dm", "mm", "hm")


@dataclass(slots=True)
class _Row:
    """A line in the making."""

    baseline: float
    size: float
    words: list[Word]

    def gap_to(self, word: Word) -> float:
        """The distance along the line from the word to the nearest of its words; below 0 where they overlap."""
        return min(max(other.x0 - word.x1, word.x0 - other.x1) for other in self.words)


def lines(
    words: Sequence[Word],
    page: int,
    *,
    inset: int = 0,
    framed: bool = False,
    column: tuple[float, float] | None = None,
) -> list[Line]:
    """The words of one column as lines, from the top down; `column` is its left and right edge if known."""
    if not words:
        return []
    rows = _rows(words)
    edges = column or _column(rows)
    return [_line(row, page, edges, inset, framed=framed) for row in rows]


def _column(rows: Sequence[_Row]) -> tuple[float, float]:
    """The left and right edge of the text; one line that sticks out does not count."""
    ends = sorted(max(word.x1 for word in row.words) for row in rows)
    return min(row.words[0].x0 for row in rows), ends[-2] if len(ends) > 4 else ends[-1]


def text_size(words: Iterable[Word]) -> float:
    """The size in which most characters are set, 10 if there are none."""
    sizes: Counter[float] = Counter()
    for word in words:
        sizes[word.style.size] += len(word.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def join_drop_caps(words: Sequence[Word]) -> list[Word]:
    """The words with each drop cap put before the word it begins."""
    size = text_size(words)
    result = list(words)
    for cap in words:
        if cap.style.size < _DROP_CAP * size or len(cap.text.strip("“‘'\"")) != 1 or not cap.text[-1].isalpha():
            continue
        beside = [
            word
            for word in result
            if word is not cap
            and word.style.size < 0.7 * cap.style.size
            and word.x0 - cap.x1 + 0.1 * size >= 0
            and word.x0 - cap.x1 < 1.2 * size
            and cap.top - 0.6 * size <= word.baseline - 0.5 * word.style.size
            and word.baseline <= cap.baseline + 0.3 * size
        ]
        starts = {round(word.baseline): word for word in sorted(beside, key=lambda word: -word.x0)}
        if len(starts) < 2:
            continue
        first = min(starts.values(), key=lambda word: word.baseline)
        moved = set(map(id, starts.values()))
        result = [_beside_cap(word, cap, first) if id(word) in moved else word for word in result if word is not cap]
    return result


def _beside_cap(word: Word, cap: Word, first: Word) -> Word:
    """The word moved to the margin where the drop cap stands, so that its line does not look indented."""
    return replace(word, x0=cap.x0, text=cap.text + word.text if word is first else word.text)


def _rows(words: Sequence[Word]) -> list[_Row]:
    """The words grouped by baseline; what is small and stands a little higher or lower goes with its line."""
    rows: list[_Row] = []
    for word in sorted(words, key=lambda word: (-word.style.size, word.baseline)):
        size = word.style.size
        home = next((row for row in rows if abs(row.baseline - word.baseline) < _SAME_LINE * min(size, row.size)), None)
        if home is None:
            home = next((row for row in rows if _leans_on(word, row)), None)
        if home is None:
            rows.append(_Row(word.baseline, size, [word]))
        else:
            home.words.append(word)
    rows.sort(key=lambda row: (row.baseline, row.words[0].x0))
    for row in rows:
        row.words.sort(key=lambda word: word.x0)
    return rows


def _leans_on(word: Word, row: _Row) -> bool:
    """True for a raised or lowered word that touches the line."""
    if word.style.size > _SMALL * row.size:
        return False
    rise = row.baseline - word.baseline
    return -0.35 * row.size <= rise <= 0.7 * row.size and row.gap_to(word) < 0.35 * row.size and len(word.text) <= 8


def _line(row: _Row, page: int, column: tuple[float, float], inset: int, *, framed: bool) -> Line:
    words = row.words
    style = _line_style(words)
    second = words[1].x0 if len(words) > 1 else words[0].x1
    return Line(
        text=_text(words, row),
        page=page,
        x0=words[0].x0,
        x1=max(word.x1 for word in words),
        baseline=row.baseline,
        style=style,
        column=column,
        first_width=words[0].x1 - words[0].x0,
        hang=second,
        inset=inset,
        framed=framed,
    )


def _line_style(words: Sequence[Word]) -> Style:
    """The style of most of the line: it is bold or italic only where nearly all of it is."""
    weights: Counter[Style] = Counter()
    for word in words:
        weights[word.style] += len(word.text)
    total = sum(weights.values())
    bold = sum(count for style, count in weights.items() if style.bold) >= 0.85 * total
    italic = sum(count for style, count in weights.items() if style.italic) >= 0.85 * total
    return replace(weights.most_common(1)[0][0], bold=bold, italic=italic, size=text_size(words))


def _text(words: Sequence[Word], row: _Row) -> str:
    spread = _letter_gap(words)
    number_first = words[0].style.size <= _SMALL * row.size and words[0].text.strip("*†‡").isdigit() | (
        not words[0].text.strip("*†‡")
    )
    parts: list[str] = []
    last: Word | None = None
    for word in words:
        text = word.text
        raised = word.style.size <= _SMALL * row.size and row.baseline - word.baseline > 0.12 * row.size
        if raised and last is not None and text.strip("*†‡,").isdigit() | (text in {"*", "**", "†", "‡"}):
            before = parts[-1] if parts else ""
            if text.isdigit() and (before in _UNITS or before[-1:].isdigit()):
                parts.append(text.translate(_RAISED))
            continue  # the number of a note is no part of the sentence
        if last is not None and not raised:
            gap = word.x0 - last.x1
            if gap > _TAB * row.size or (number_first and len(parts) == 1):
                parts.append("\t" if gap > _TAB * row.size else " ")
                parts.append(text)
                last = word
                continue
            wide = spread or _SPACE * min(word.style.size, last.style.size)
            if gap > wide or (not spread and word.spaced and gap > 0.02 * word.style.size):
                parts.append(" ")
        parts.append(text)
        last = word
    return "".join(parts).strip()


def _letter_gap(words: Sequence[Word]) -> float:
    """The gap above which letter-spaced text has a space; 0 if the line is not letter-spaced."""
    if len(words) < 5 or sum(len(word.text) == 1 and word.text.isalpha() for word in words) < 0.7 * len(words):
        return 0.0
    gaps = [b.x0 - a.x1 for a, b in itertools.pairwise(words)]
    return max(1.7 * statistics.median(gaps), 0.01)
