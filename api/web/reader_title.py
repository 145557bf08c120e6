"""The title of a document, which stands above its text: once, also where the text begins with it as a heading."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.web.reader_blocks import Element, Text, rank_of
from api.web.reader_layout import Heading, Layout, Part


@dataclass(frozen=True, slots=True)
class Titled:
    """What stands below the title: the headings that the part goes on under, each with its rank, and the elements.

    `anchor` is the id of the heading that the title stands for, "" for none.
    """

    above: tuple[tuple[Heading, int], ...]
    elements: tuple[Element, ...]
    anchor: str = ""


def titled(layout: Layout, part: Part, elements: Sequence[Element], title: str) -> Titled:
    """A part of a document of this title, without the title.

    The heading stays where something in it is marked: there a link may lead. Where all headings stood below it, they
    are one rank higher without it. Of a heading where a page begins, the beginning of that page is left.
    """
    whole = Titled(tuple((one, rank_of(one.depth)) for one in part.above), tuple(elements))
    first = layout.headings[0] if layout.headings else None
    if first is None or first.start != layout.parts[0].start or not _is_title(first.text, title):
        return whole
    raised = int(all(one.depth > first.depth for one in layout.headings[1:]))
    above = tuple((one, rank_of(one.depth) - raised) for one in part.above if one is not first)
    if part.number > 1:
        return Titled(above, tuple(_raised(one, raised) for one in elements))
    heading = elements[0]
    if not isinstance(heading, Text) or not heading.rank or _is_marked(heading):
        return whole
    return Titled(above, (*_page_start(heading), *(_raised(one, raised) for one in elements[1:])), heading.anchor)


def _is_title(text: str, title: str) -> bool:
    return text.casefold() == " ".join(title.split()).casefold()


def _is_marked(heading: Text) -> bool:
    runs = [run for segment in heading.segments for run in segment.runs]
    marked = any(segment.kind for segment in heading.segments) or any(run.found is not None for run in runs)
    return marked or any(run.page for run in runs[1:])


def _page_start(heading: Text) -> tuple[Text, ...]:
    """A paragraph with nothing but the beginning of a page; none where no page begins with the heading."""
    segment = heading.segments[0]
    if not segment.runs or segment.runs[0].page is None:
        return ()
    return (Text("paragraph", (replace(segment, runs=(replace(segment.runs[0], text=""),)),)),)


def _raised(element: Element, ranks: int) -> Element:
    return replace(element, rank=element.rank - ranks) if isinstance(element, Text) and element.rank else element
