"""What a page of a document is called, the same wherever somebody reads it."""

from ingest.types import Document


def page_text(page: int | None, label: str | None = None) -> str:
    """The page as it is printed, and where that is another one also in the file: "bladzijde iv (pagina 6 van het
    bestand)"; "" without pages.
    """
    if page is None:
        return ""
    if label in (None, "", str(page)):
        return f"bladzijde {page}"
    return f"bladzijde {label} (pagina {page} van het bestand)"


def pages_text(document: Document, first: int | None, last: int | None) -> str:
    """A page of this document, or all from the first to the last."""
    if first is None or last in (None, first):
        return page_text(first, label_of(document, first))
    return f"{page_text(first, label_of(document, first))} tot en met {page_text(last, label_of(document, last))}"


def label_of(document: Document, page: int | None) -> str:
    """What is printed on a page of this document as its number, "" where that is not known."""
    return document.page_labels[page - 1] if page and page <= len(document.page_labels) else ""
