"""The words of a source as they stand in a footnote, in a list of sources and behind a copied text."""

import re
import unicodedata
from collections.abc import Sequence

from api.export.paper import one_line
from assistant.dates import written_date
from assistant.types import Citation
from ingest.types import Document, Passage

_ISO = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?")
_NO_NAME = re.compile(r"[^\w]+|_+")
_LONGEST_NAME = 60
_SECTIONS = 2  # of the nearest headings: the whole path of a long document says no more


def date_text(issued: str | None) -> str:
    """A date in Dutch words; as it stands where it is no date, and "" where there is none."""
    if not issued:
        return ""
    return written_date(issued) if _ISO.fullmatch(issued) else one_line(issued)


def section_text(passage: Passage, document: Document) -> str:
    """The nearest headings above a passage; the title of the document is not one of them."""
    headings = [one_line(one) for one in passage.section if one != document.title]
    return " › ".join([one for one in headings if one][-_SECTIONS:])


def page_text(page: int | None, label: str | None) -> str:
    """The page as it is printed, and where that is another one also in the file: "p. iv (pagina 6 van het bestand)"."""
    if page is None:
        return ""
    label = one_line(label or "")
    return f"p. {page}" if label in ("", str(page)) else f"p. {label} (pagina {page} van het bestand)"


def title_text(document: Document) -> str:
    """What a document is called; its file name where it has no title."""
    return one_line(document.title) or one_line(document.source) or "Document zonder titel"


def origin_text(document: Document) -> str:
    """Who published a document, and when: "Gemeente Veldrijk, maart 2024"."""
    return ", ".join(filter(None, (one_line(document.publisher or ""), date_text(document.issued))))


def place_text(citation: Citation) -> str:
    """Where a quote comes from, after its title: " (Gemeente Veldrijk, maart 2024), Opgave, p. 4"."""
    origin = origin_text(citation.document)
    parts = (
        section_text(citation.passage, citation.document),
        page_text(citation.page, citation.page_label),
    )
    return "".join((f" ({origin})" if origin else "", *(f", {part}" for part in parts if part)))


def ended(sentence: str) -> str:
    """The text with a full stop, where it does not end in a sign of its own."""
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def pages_text(citations: Sequence[Citation]) -> str:
    """The pages on which a document is quoted: "p. 4, 7 en 12"."""
    pages = {one.page: one_line(one.page_label or "") or str(one.page) for one in citations if one.page is not None}
    labels = [pages[page] for page in sorted(pages)]
    if not labels:
        return ""
    return "p. " + (labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} en {labels[-1]}")


def file_name(question: str) -> str:
    """The name of the file, without what follows the dot: "antwoord-hoeveel-woningen-bouwt-veldrijk"."""
    words = _NO_NAME.sub(" ", unicodedata.normalize("NFC", one_line(question)).casefold()).split()
    name = "antwoord"
    for word in words:
        if len(name) + 1 + len(word) > _LONGEST_NAME:
            break
        name += f"-{word}"
    return name
