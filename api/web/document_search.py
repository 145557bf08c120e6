"""Searching within a text: where a word stands, in any inflection and in compounds, or a phrase in quotation marks."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.web.reader_marks import Found
from ingest.dutch import STOP_WORDS, TOKEN, part_stems, stem, words
from ingest.types import CanonicalText

LONGEST = 200  # characters of what is searched for
MOST_HITS = 2_000
CONTEXT = 90  # characters on each side of a hit
_PHRASE = re.compile(r"[\"“”„]([^\"“”„]+)[\"“”„]")

_WORD_START = r"(?<![^\W_])(?<![^\W_][.,'’&])"  # where a token begins, as ingest.dutch has it


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for: stems of words, and phrases as stems in a row. `text` is how it was typed."""

    text: str
    stems: frozenset[str]
    phrases: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stems or self.phrases)

    @property
    def parts(self) -> int:
        """Of how many words and phrases it consists."""
        return len(self.stems) + len(self.phrases)


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where it stands, at [start, end): `number` counts from 1."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Search:
    """What was found: the hits in order, and every word to mark.

    `together`: each hit has all that was searched for; otherwise nothing has, and a hit has one word of it. `more`:
    there are more hits than are counted.
    """

    wanted: Wanted
    hits: tuple[Hit, ...] = ()
    found: tuple[Found, ...] = ()
    together: bool = True
    more: bool = False

    def hit(self, number: int) -> Hit | None:
        """The hit of this number."""
        return self.hits[number - 1] if 0 < number <= len(self.hits) else None


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text in pieces, of which every other one was searched for: the first, third, ... were not."""

    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Match:
    """A word or phrase of what is searched for, at [start, end): `what` says which."""

    start: int
    end: int
    what: object


def wanted_of(typed: str) -> Wanted:
    """What is searched for, from what was typed; it is falsy where that has no word in it."""
    text = " ".join("".join(one if one.isprintable() else " " for one in typed[:LONGEST]).split())
    phrases = tuple(stems for found in _PHRASE.findall(text) if len(stems := _stems(found)) > 1)
    loose = words(_PHRASE.sub(lambda found: found[0] if len(_stems(found[1])) < 2 else " ", text))
    telling = [word for word in loose if word not in STOP_WORDS]
    # Where someone types only "de", that is what he wants; beside other words it says nothing.
    return Wanted(text, frozenset(map(stem, telling or ([] if phrases else loose))), phrases)


def search_text(canonical: CanonicalText, wanted: Wanted) -> Search:
    """Where a document has what is searched for, in order.

    Of several words a hit is a block or row that has all of them; where there is none, each place of a single one.
    """
    if not wanted:
        return Search(wanted)
    matches = list(_matches(canonical.text, wanted))
    if wanted.parts == 1:
        return _counted(wanted, matches, [(one.start, one.end) for one in matches], together=True)
    lines = [
        (first, last) for block in canonical.blocks for first, last in _lines(canonical.text, block.start, block.end)
    ]
    starts = [one.start for one in matches]
    hits, inside = [], []
    for first, last in lines:
        within = matches[bisect_left(starts, first) : bisect_left(starts, last)]
        if len({one.what for one in within}) == wanted.parts:
            hits.append(_narrowest(within, wanted.parts))
            inside += within
    if hits:
        return _counted(wanted, inside, hits, together=True)
    return _counted(wanted, matches, [(one.start, one.end) for one in matches], together=False)


def snippet(text: str, start: int, end: int, found: Sequence[Found], *, context: int = CONTEXT) -> Snippet:
    """The text at [start, end) with what stands around it in its line, as far as whole words go."""
    first = max(text.rfind("\n", 0, start) + 1, start - context)
    stop = text.find("\n", end)
    last = min(len(text) if stop < 0 else stop, end + context)
    opens = first > 0 and not text[first - 1].isspace()
    if opens:
        space = text.find(" ", first, start)
        first = space + 1 if space >= 0 else first
    closes = last < len(text) and not text[last].isspace()
    if closes:
        space = text.rfind(" ", end, last)
        last = space if space >= 0 else last
    begun = text.rfind("\n", 0, first) + 1 == first
    ended = last == len(text) or text[last] == "\n"
    pieces = [("" if begun else "… ")]
    at = first
    for one in found[bisect_right([one.end for one in found], first) :]:
        if one.start >= last:
            break
        pieces[-1] += text[at : max(at, one.start)]
        pieces += [text[max(at, one.start) : min(one.end, last)], ""]
        at = min(one.end, last)
    pieces[-1] += text[at:last] + ("" if ended else " …")
    return Snippet(tuple(pieces))


def excerpt(text: str, wanted: Wanted, *, context: int = 2 * CONTEXT) -> Snippet:
    """The piece of a text that has most of what is searched for; its beginning where it has nothing of it."""
    found = [Found(one.start, one.end, 0) for one in _matches(text, wanted)]
    best, most = 0, 0
    for at, one in enumerate(found):
        reach = sum(other.end <= one.start + context for other in found[at:])
        if reach > most:
            best, most = at, reach
    if not found:
        return snippet(text, 0, 0, (), context=2 * context)
    return snippet(text, found[best].start, found[best].end, found, context=context)


def _counted(wanted: Wanted, matches: Sequence[_Match], hits: Sequence[tuple[int, int]], *, together: bool) -> Search:
    kept = tuple(Hit(number, *hit) for number, hit in enumerate(hits[:MOST_HITS], 1))
    begun = {hit.start: hit.number for hit in kept}
    found = tuple(Found(one.start, one.end, begun.get(one.start, 0)) for one in matches)
    return Search(wanted, kept, found, together, len(hits) > MOST_HITS)


def _narrowest(matches: Sequence[_Match], parts: int) -> tuple[int, int]:
    """The narrowest stretch of a line that has all that is searched for."""
    best = (matches[0].start, matches[-1].end)
    last: dict[object, _Match] = {}
    for one in matches:
        last[one.what] = one
        if len(last) == parts:
            start = min(other.start for other in last.values())
            if one.end - start < best[1] - best[0]:
                best = (start, one.end)
    return best


def _matches(text: str, wanted: Wanted) -> Iterator[_Match]:
    """The words and phrases in a text, in order, none over another."""
    # Each word is looked at once: a text has many words, and few different ones.
    known = {word: _stems(word) for chunk in set(text.split()) for word in TOKEN.findall(chunk)}
    hits = {word: hit for word, stems in known.items() if (hit := _hit(word, stems, wanted.stems))}
    if wanted.phrases:
        yield from _with_phrases(text, wanted.phrases, known, hits)
    elif hits:
        any_hit = re.compile(_WORD_START + f"(?:{'|'.join(map(re.escape, sorted(hits)))})")
        for begun in any_hit.finditer(text):
            token = TOKEN.match(text, begun.start())
            if token and (hit := hits.get(token[0])):
                yield _Match(token.start(), token.end(), hit)


def _with_phrases(
    text: str, phrases: Sequence[tuple[str, ...]], known: dict[str, tuple[str, ...]], hits: dict[str, str]
) -> Iterator[_Match]:
    longest = max(map(len, phrases))
    row: list[tuple[str, int]] = []  # the last stems, and where the word of each begins
    free_from = 0
    for token in TOKEN.finditer(text):
        row = [*row, *((one, token.start()) for one in known[token[0]])][-longest:]
        said = tuple(one for one, _ in row)
        phrase = next((one for one in phrases if said[-len(one) :] == one), None)
        if phrase is not None and row[-len(phrase)][1] >= free_from:
            yield _Match(row[-len(phrase)][1], token.end(), phrase)
            free_from = token.end()
        elif hit := hits.get(token[0]):
            yield _Match(token.start(), token.end(), hit)
            free_from = token.end()


def _hit(word: str, stems: tuple[str, ...], wanted: frozenset[str]) -> str | None:
    """Which of the words that are searched for this one is, or is composed of."""
    parts = (part for one in words(word) for part in part_stems(one))
    return next((one for one in (*stems, *parts) if one in wanted), None)


def _stems(text: str) -> tuple[str, ...]:
    return tuple(map(stem, words(text)))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of a block: the rows of a table are apart, and so are the lines of an address."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1
