"""Reads a PDF: its text in the order a person reads it, with its headings, lists, tables and notes.

The work is divided over the modules of this package: glyphs and drawing (what stands on a page), columns, lines and
layout (in which order), furniture (what is left out), paragraphs, kinds, headings and flow (what it is).
"""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ingest.errors import EmptyFile, NoTextLayer
from ingest.read.pdf.flow import blocks, whole
from ingest.read.pdf.furniture import page_labels, without_furniture
from ingest.read.pdf.geometry import Line, PageMarks, Table
from ingest.read.pdf.glyphs import PdfFile
from ingest.read.pdf.headings import title_on_first_page, with_levels
from ingest.read.pdf.kinds import bookmarks, classify
from ingest.read.pdf.layout import PageLayout, lay_out
from ingest.read.pdf.paragraphs import Draft, gather, setting
from ingest.read.pdf.text import spelling
from ingest.read.properties import sensible_author, sensible_date, sensible_title
from ingest.types import Extract

_UNREADABLE = 0.4  # of the characters of a page: if more cannot be read, none of its text is used
_DATE = re.compile(r"D?:?(\d{4})(\d{2})?(\d{2})?")


def read(path: Path, source: str) -> Extract:
    """What a PDF holds, in reading order, and what it says of itself.

    Not thread-safe. Raises EmptyFile, WrongFormat, DamagedFile, EncryptedFile, and NoTextLayer if its pages show
    only images.
    """
    with PdfFile(path, source) as file:
        if not file.pages:
            raise EmptyFile(source)
        pages, shown = _pages(file)
        metadata, outline, labels = file.metadata(), file.outline(), file.labels()
    lines = _lines(pages)
    if not lines and not any(page.items for page in pages):
        if shown:
            raise NoTextLayer(source, str(len(pages)))
        raise EmptyFile(source)
    pages, printed = without_furniture(pages, setting(lines).style.size)
    items = _items(pages, outline)
    return Extract(
        blocks=blocks(whole(items), spelling([line.text for line in lines])),
        title=sensible_title(metadata.get("Title")) or title_on_first_page(items),
        author=sensible_author(metadata.get("Author")),
        issued=_date(metadata.get("CreationDate", "")) or _date(metadata.get("ModDate", "")),
        pages=len(pages),
        page_labels=page_labels(len(pages), labels, printed),
    )


def _pages(file: PdfFile) -> tuple[list[PageLayout], bool]:
    """The layout of each page, and whether any page shows something."""
    pages: list[PageLayout] = []
    shown = False
    for marks in file.marks():
        pages.append(lay_out(marks if _is_readable(marks) else PageMarks(marks.number, marks.width, marks.height, ())))
        shown = shown or marks.objects > 0
    return pages, shown


def _is_readable(marks: PageMarks) -> bool:
    readable = sum(len(word.text) for word in marks.words)
    return marks.unreadable <= _UNREADABLE * (readable + marks.unreadable)


def _lines(pages: Sequence[PageLayout]) -> list[Line]:
    return [item for page in pages for item in page.items if isinstance(item, Line)]


def _items(pages: Sequence[PageLayout], outline: Sequence[tuple[int, str, int | None]]) -> list[Draft | Table]:
    """The paragraphs and tables of the document, each with its kind and level."""
    body = setting(_lines(pages))
    known = bookmarks(outline)
    items = [item for page in pages for item in classify(gather(page, body), body, known)]
    return with_levels(items, body, known)


def _date(text: str) -> str | None:
    match = _DATE.match(text)
    if not match:
        return None
    try:
        return sensible_date(datetime(int(match[1]), int(match[2] or 1), int(match[3] or 1)))
    except ValueError:
        return None
