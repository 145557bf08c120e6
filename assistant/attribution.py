"""Who says it: the frame around a quote, from what is known of its document, where the quote needs one."""

import re
from collections.abc import Iterator, Sequence

from assistant.dates import written_date
from assistant.generator import Evidence
from assistant.quotation import Quotation
from assistant.sentence_match import PERSON
from assistant.types import Draft
from ingest.types import Document, Passage

FIRST_PERSON = re.compile(r"\b(ik|mij|mijn|wij|we|ons|onze|my|our|we)\b", re.IGNORECASE)
RELATIVE_TIME = re.compile(
    r"\b(nu|momenteel|op dit moment|vandaag|onlangs|recent\w*|dit jaar|vorig jaar|volgend jaar|afgelopen \w+|"
    r"komende? \w+|huidige|inmiddels|binnenkort|tegenwoordig)\b",
    re.IGNORECASE,
)

# "Ada Hulst, wethouder in Veldrijk", and not "Samen Sterk, een visie": a function follows the name.
SPEAKER = re.compile(
    PERSON.pattern
    + r",\s+(?:[\w-]+\s){0,3}?[\w-]*(?:burgemeester|wethouder|raadslid|voorzitter|directeur|secretaris|griffier|"
    r"hoogleraar|lector|onderzoeker|adviseur|manager|gedeputeerde|minister|bestuurder|ondernemer|projectleider|"
    r"coördinator|mayor|professor|director|chair)",
)
SPEAKER_WORDS = 25


def attributed(quotations: Sequence[Quotation], evidence: Evidence) -> Iterator[Draft]:
    """A statement for each quotation, with who says it, or the document and its date, before it where these matter.

    They do where the text stands under a person's name, where several documents speak, where the quote speaks of "wij"
    or of "nu", and in an English answer, which says that the quotes are Dutch.
    """
    english = evidence.question.english
    several = len({one.doc_id for one in quotations}) > 1
    before = ""
    for one in quotations:
        speaker = speaker_of(one.sentence.hit.passage)
        needed = speaker or several or english or FIRST_PERSON.search(one.text) or RELATIVE_TIME.search(one.text)
        frame = source_frame(one.sentence.hit.document, speaker, english=english) if needed else ""
        yield Draft(
            one.text if frame == before else frame + one.text,
            tuple((one.doc_id, start, end) for start, end in one.spans),
        )
        before = frame


def speaker_of(passage: Passage) -> str:
    """The person under whose name, as a heading, a passage stands: "Ada Hulst, wethouder in Veldrijk"; "" for none."""
    heading = passage.section[-1] if passage.section else ""
    return heading if len(heading.split()) <= SPEAKER_WORDS and SPEAKER.match(heading) else ""


def source_frame(document: Document, speaker: str = "", *, english: bool = False) -> str:
    """What stands before a quote: "Gemeenten 2024 (juni 2019): "."""
    title = short_title(document.title)
    date = written_date(document.issued, "en" if english else "nl") if document.issued else ""
    date = "" if date in title else date
    if english:
        who = f"{speaker}, in " if speaker else ""
        return f"According to {who}{title} ({date + ', ' if date else ''}in Dutch): "
    source = f"{title} ({date})" if date else title
    return f"{speaker}, in {source}: " if speaker else f"{source}: "


def short_title(title: str) -> str:
    """A title without its subtitle; of "Essay: over water" the first word alone would say too little."""
    short = re.split(r"(?<=\w\w)\s*(?::\s|\s[–—-]\s)|(?<=[.!?])\s+(?=['‘“\"A-Z])", title, maxsplit=1)[0].strip()
    return short if len(short.split()) > 1 else title.strip()
