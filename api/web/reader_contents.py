"""The table of contents of a document, no longer than a page can hold: all of it, or what is near and on top."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from api.web.reader_layout import Heading, Layout, Part

MOST = 150  # headings
MOST_NEAR = 60  # headings of the part that is shown
LONGEST = 120  # characters of a heading


@dataclass(slots=True)
class Entry:
    """A heading with those below it; `here`: what is read now stands under it."""

    text: str
    heading: Heading
    here: bool
    entries: "list[Entry]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Contents:
    """The entries of the outermost headings; `whole`: no heading is left out."""

    entries: Sequence[Entry]
    whole: bool


def contents_of(layout: Layout, part: Part, at: int) -> Contents:
    """The table of contents for a reader of this part, who is at this place in the text."""
    here = layout.headings_at(at)
    chosen = _chosen(layout, part, here)
    roots: list[Entry] = []
    above: list[Entry] = []
    for heading in chosen:
        entry = Entry(shortened(heading.text), heading, bool(here) and heading == here[-1])
        above = [one for one in above if one.heading.depth < heading.depth]
        (above[-1].entries if above else roots).append(entry)
        above.append(entry)
    return Contents(roots, len(chosen) == len(layout.headings))


def shortened(text: str, most: int = LONGEST) -> str:
    """The text, cut at a word where it is longer than this."""
    if len(text) <= most:
        return text
    return f"{text[:most].rsplit(' ', 1)[0]} …"


def _chosen(layout: Layout, part: Part, here: Sequence[Heading]) -> list[Heading]:
    if len(layout.headings) <= MOST:
        return list(layout.headings)
    near = [one for one in layout.headings if one.part == part.number][:MOST_NEAR]
    shallow = _shallow(layout.headings) or _sampled(layout.headings)
    numbers = {one.number for one in (*near, *shallow, *part.above, *here)}
    return [one for one in layout.headings if one.number in numbers]


def _shallow(headings: Sequence[Heading]) -> list[Heading]:
    """The headings down to the deepest level of which all fit."""
    fitting: list[Heading] = []
    for depth in range(1, max(one.depth for one in headings) + 1):
        down_to = [one for one in headings if one.depth <= depth]
        if len(down_to) > MOST:
            break
        fitting = down_to
    return fitting


def _sampled(headings: Iterable[Heading]) -> list[Heading]:
    """The first outermost heading of each part, and of very many parts evenly some."""
    firsts: dict[int, Heading] = {}
    for one in headings:
        if one.depth == 1:
            firsts.setdefault(one.part, one)
    found = list(firsts.values())
    return found[:: -(-len(found) // MOST)]
