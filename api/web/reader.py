"""A document as its page shows it: the part that was asked for, with what is marked in it and the ways on from it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from api.sight import Sight
from api.storage.types import StoredAnswer
from api.web.document_list import title_of
from api.web.document_search import Search, Snippet, Wanted, search_text, snippet
from api.web.reader_blocks import Element, anchor_of, elements_of
from api.web.reader_contents import Contents, contents_of, shortened
from api.web.reader_layout import Heading, Layout, Part, layout_of
from api.web.reader_marks import Marks, PageStart, Target, on_page, page_at, page_name, page_starts
from api.web.reader_title import titled
from assistant.messages import recheck_text
from assistant.record import Outcome, recheck
from assistant.types import Citation
from ingest.types import CanonicalText, Document

HITS_SHOWN = 20
NO_PASSAGE = "De passage die je zoekt, staat niet meer in dit document. Het document is waarschijnlijk vernieuwd."
NO_ANSWER = "Het antwoord waar je vandaan komt, is er niet meer. Hieronder lees je het document zelf."
NO_SOURCE = "Dit document is geen bron met dit nummer bij het antwoord waar je vandaan komt."


@dataclass(frozen=True, slots=True)
class Wish:
    """What of a document somebody asks to see, as it stands in the address; "" and 0 for what does not.

    `deel` wins over `pagina`, that over the place of the passage, quote or hit. `lijst` is a page of the list of hits.
    """

    passage: str = ""
    antwoord: str = ""
    bron: int = 0
    zoek: str = ""
    treffer: int = 0
    deel: int = 0
    pagina: int = 0
    lijst: int = 0

    def link(self, fragment: str = "", **other: str | int) -> str:
        """The address of another place in the same document, within which the same stays marked."""
        kept: dict[str, str | int] = {"passage": self.passage, "antwoord": self.antwoord, "bron": self.bron}
        kept |= {"zoek": self.zoek} | other
        return f"?{urlencode({name: value for name, value in kept.items() if value})}" + (fragment and f"#{fragment}")


@dataclass(frozen=True, slots=True)
class Origin:
    """The answer from which somebody came: the question, the number of its source, and what became of the quote.

    `check` is "" where it stands as it did; `lost` is the quote where it is no longer there.
    """

    answer_id: str
    question: str
    number: int
    check: str = ""
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Aim:
    """What the reader is opened for: the place, the answer it comes from, and what there is to say where it is lost."""

    target: Target | None = None
    origin: Origin | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class HitLine:
    """A hit in the list of hits."""

    number: int
    snippet: Snippet
    place: str
    link: str


@dataclass(frozen=True, slots=True)
class Hits:
    """The hits around the one that is looked at, of all there are; `current` is 0 where none is looked at.

    The others are addresses, "" where there is nothing: of the hit before and after, and of the list before and after.
    """

    search: Search
    lines: tuple[HitLine, ...]
    current: int = 0
    previous: str = ""
    next: str = ""
    earlier_list: str = ""
    later_list: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A way to another part: what is there, and the address."""

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Reader:
    """All that the page of a document shows of its text.

    `above` are the headings that the part goes on under, each with its rank. `anchor` is the id of the heading that the
    title of the page stands for, "" for none. `page` is the page of the file that the part is read at, None where the
    document has none.
    """

    document: Document
    canonical: CanonicalText
    wish: Wish
    aim: Aim
    layout: Layout
    part: Part
    above: tuple[tuple[Heading, int], ...]
    elements: tuple[Element, ...]
    anchor: str
    contents: Contents
    hits: Hits | None
    page: int | None

    @property
    def earlier(self) -> Step | None:
        """The way to the part before."""
        return self._step(self.part.number - 1)

    @property
    def later(self) -> Step | None:
        """The way to the part after."""
        return self._step(self.part.number + 1)

    def heading_link(self, heading: Heading) -> str:
        """The address of a heading: within this part only its id."""
        if heading.part == self.part.number:
            return f"#{anchor_of(heading.number)}"
        return self.wish.link(anchor_of(heading.number), deel=heading.part)

    def page_link(self, page: int) -> str:
        """The address of the image of a page, with its text beside it."""
        return self.wish.link("afbeelding", pagina=page)

    def page_name(self, page: int) -> str:
        """What a page is called."""
        return page_name(self.document, page)

    def marked_on(self, page: int) -> tuple[tuple[int, str], ...]:
        """What is marked on this page of the file, as (start in the canonical text, text)."""
        if self.aim.target is None:
            return ()
        spans = on_page(self.canonical, page, self.aim.target.start, self.aim.target.end)
        return tuple((start, self.canonical.text[start:end]) for start, end in spans)

    def _step(self, number: int) -> Step | None:
        if not 0 < number <= len(self.layout.parts):
            return None
        part = self.layout.parts[number - 1]
        first = next((one for one in self.layout.headings if one.part == number), None)
        heading = first or (part.above[-1] if part.above else None)
        return Step(shortened(heading.text, 80) if heading else "", self.wish.link("tekst", deel=number))


def read(document: Document, canonical: CanonicalText, wish: Wish, aim: Aim, wanted: Wanted) -> Reader:
    """The document as its page shows it."""
    layout = layout_of(canonical)
    starts = page_starts(document, canonical)
    search = search_text(canonical, wanted)
    hit = search.hit(wish.treffer)
    place = _place(wish, aim, hit.start if hit else None, layout, starts)
    part = layout.part_at(place)
    current = hit.number if hit else 0
    # In a place that was searched for, the words are what is looked at.
    target = None if hit else aim.target
    marks = Marks(canonical, starts, target=target, found=search.found, current=current)
    shown = titled(layout, part, elements_of(part, canonical, marks), title_of(document))
    return Reader(
        document,
        canonical,
        wish,
        replace(aim, target=target),
        layout,
        part,
        shown.above,
        shown.elements,
        shown.anchor,
        contents_of(layout, part, place),
        _hits(document, canonical, wish, search, layout, current) if wanted else None,
        wish.pagina or page_at(canonical, place),
    )


def aim_of(sight: Sight, document: Document, wish: Wish, stored: StoredAnswer | None) -> Aim:
    """What the reader is opened for, as far as the caller may see it and it is still there."""
    if wish.antwoord and wish.bron:
        if stored is None or not sight.shows(stored.answer):
            return Aim(notice=NO_ANSWER)
        cited = next((one for one in stored.answer.citations if one.number == wish.bron), None)
        if cited is None or cited.document.doc_id != document.doc_id:
            return Aim(notice=NO_SOURCE)
        return _quoted(sight, stored, cited)
    if wish.passage:
        passage = sight.library.passage(wish.passage)
        if passage is None or passage.doc_id != document.doc_id:
            return Aim(notice=NO_PASSAGE)
        return Aim(Target("passage", passage.start, passage.end))
    return Aim()


def _quoted(sight: Sight, stored: StoredAnswer, cited: Citation) -> Aim:
    """The quote where it stands now."""
    alone = replace(stored.answer, citations=(cited,), statements=())
    [check] = recheck(alone, sight.library, groups=sight.groups).citations
    unchanged = check.outcome is Outcome.UNCHANGED and not check.revised
    origin = Origin(
        stored.answer.answer_id,
        stored.answer.query.text,
        cited.number,
        "" if unchanged else recheck_text(check),
        "" if check.stands else cited.quote,
    )
    if check.start is None or check.end is None:
        return Aim(None, origin)
    return Aim(Target("quote", check.start, check.end), origin)


def _place(wish: Wish, aim: Aim, hit: int | None, layout: Layout, starts: Sequence[PageStart]) -> int:
    """The place in the text that is to be shown."""
    if wish.deel:
        return layout.parts[min(wish.deel, len(layout.parts)) - 1].start
    if wish.pagina and starts:
        # A page without text has its place where the page before it has.
        return max(
            (one for one in starts if one.first and one.page <= wish.pagina), default=starts[0], key=_by_page
        ).offset
    if hit is not None:
        return hit
    return aim.target.start if aim.target else 0


def _by_page(start: PageStart) -> int:
    return start.page


def _hits(
    document: Document, canonical: CanonicalText, wish: Wish, search: Search, layout: Layout, current: int
) -> Hits:
    lists = max(1, -(-len(search.hits) // HITS_SHOWN))
    shown = min(wish.lijst or (max(current, 1) - 1) // HITS_SHOWN + 1, lists)
    first = (shown - 1) * HITS_SHOWN
    lines = tuple(
        HitLine(
            hit.number,
            snippet(canonical.text, hit.start, hit.end, search.found),
            _place_name(document, canonical, layout, hit.start),
            _hit_link(wish, hit.number),
        )
        for hit in search.hits[first : first + HITS_SHOWN]
    )
    return Hits(
        search,
        lines,
        current,
        _hit_link(wish, current - 1) if current > 1 else "",
        _hit_link(wish, current + 1) if current < len(search.hits) else "",
        wish.link("gevonden", lijst=shown - 1) if shown > 1 else "",
        wish.link("gevonden", lijst=shown + 1) if shown < lists else "",
    )


def _hit_link(wish: Wish, number: int) -> str:
    return wish.link("citaat", treffer=number)


def _place_name(document: Document, canonical: CanonicalText, layout: Layout, offset: int) -> str:
    """Where a hit stands: under which heading, on which page."""
    path = layout.headings_at(offset)
    page = page_at(canonical, offset)
    named = [shortened(path[-1].text, 80)] if path else []
    return ", ".join([*named, *([page_name(document, page).lower()] if page else [])])
