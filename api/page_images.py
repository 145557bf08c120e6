"""The pages of PDF documents as images, and where on them a quote stands."""

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Generic, Literal, TypeVar

from api.errors import Busy
from ingest.errors import ReadError
from ingest.library import Library
from ingest.read.pdf.page_image import PageWorker
from ingest.types import Box, CanonicalText

Width = Literal[550, 1100, 1650]
WIDTHS: tuple[Width, ...] = (550, 1100, 1650)
PDF = "application/pdf"
CACHE_BYTES = 48 * 2**20
AT_ONCE = 2
WAITING, WAIT_SECONDS = 8, 10.0
# What could not be shown may be shown later: the server may have been busy, or short of memory.
FORGET_SECONDS = 60.0
RETRY_SECONDS = 5
_SURROUNDINGS = 1200  # characters round a quote that tell it from the same words elsewhere on the page
_BOX_BYTES, _ENTRY_BYTES = 100, 1000
R = TypeVar("R")
_log = logging.getLogger("vng_assistent.api")


class PageImages:
    """Images of pages, drawn in processes of their own; safe to use from several threads.

    Whatever is wrong with a page, it has no image then: that is logged, and never an error. Both methods raise Busy
    when more pages are asked for at once than can wait.
    """

    def __init__(self, *, cache_bytes: int = CACHE_BYTES, worker: PageWorker | None = None) -> None:
        self._worker = worker or PageWorker(AT_ONCE)
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._asking = 0
        self._counting = threading.Lock()
        self._images: _Recent[bytes] = _Recent(cache_bytes, len)
        self._boxes: _Recent[tuple[Box, ...]] = _Recent(cache_bytes // 16, lambda boxes: _BOX_BYTES * len(boxes))

    def image(self, library: Library, doc_id: str, page: int, width: int = 1100) -> bytes | None:
        """The page (1-based) as WebP, as wide as the nearest of WIDTHS; None where it cannot be shown."""
        path = _original_pdf(library, doc_id, page)
        if path is None:
            return None
        near = min(WIDTHS, key=lambda one: abs(one - width))
        return self._images.get((path.name, page, near), partial(self._done, self._worker.render, path, page, near))

    def boxes(
        self, library: Library, doc_id: str, page: int, quote: str, *, start: int | None = None
    ) -> tuple[Box, ...]:
        """Where on the page (1-based) the quote stands, a box a line; () where it does not, or that is not certain.

        `quote` is a text from the document's canonical text; `start` is its offset there, which tells it from the same
        words elsewhere. Of a quote that goes on over the end of a page, each page has its own part.
        """
        path, canonical = _original_pdf(library, doc_id, page), library.canonical(doc_id)
        if path is None or canonical is None:
            return ()
        found: list[Box] = []
        for part in parts_on(canonical, page, quote, start):
            text, before, after = with_surroundings(canonical.text, part)
            key = (path.name, page, part.start, text)
            work = partial(self._done, self._worker.boxes, path, page, text, before, after)
            found += self._boxes.get(key, work) or ()
        return tuple(found)

    @property
    def free(self) -> int:
        """How many more may ask for a page now."""
        return AT_ONCE + WAITING - self._asking

    def close(self) -> None:
        """Stop the processes."""
        self._worker.close()

    def _done(self, work: Callable[..., R], path: Path, page: int, *more: object) -> R | None:
        """What the worker makes of a page; None, which is logged, where it cannot. Raises Busy."""
        with self._turn():
            try:
                return work(path, page, *more)
            except ReadError as error:
                _log.warning("page %d of %s: %s", page, path.name, type(error).__qualname__)
                return None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Waits for a turn, and gives it back. Raises Busy: whoever waits here holds up a thread of the server."""
        with self._counting:
            if not self.free:
                raise Busy(RETRY_SECONDS)
            self._asking += 1
        try:
            if not self._turns.acquire(timeout=WAIT_SECONDS):
                raise Busy(RETRY_SECONDS)
            try:
                yield
            finally:
                self._turns.release()
        finally:
            with self._counting:
                self._asking -= 1


class _Recent(Generic[R]):
    """What was made last, up to so many bytes; what could not be made is tried again after a while."""

    def __init__(self, most_bytes: int, size: Callable[[R], int]) -> None:
        self._left = most_bytes
        self._size = size
        self._made: OrderedDict[Hashable, tuple[R | None, float]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], R | None]) -> R | None:
        """What was made under this key, made now where it was not."""
        with self._lock:
            if key in self._made:
                value, until = self._made[key]
                if time.monotonic() < until:
                    self._made.move_to_end(key)
                    return value
                self._drop(key)
        value = make()
        with self._lock:
            if key not in self._made:
                forget = math.inf if value is not None else time.monotonic() + FORGET_SECONDS
                self._made[key] = value, forget
                self._left -= self._cost(value)
            while self._left < 0 and self._made:
                self._drop(next(iter(self._made)))
        return value

    def _drop(self, key: Hashable) -> None:
        value, _ = self._made.pop(key)
        self._left += self._cost(value)

    def _cost(self, value: R | None) -> int:
        return _ENTRY_BYTES + (0 if value is None else self._size(value))


def _original_pdf(library: Library, doc_id: str, page: int) -> Path | None:
    """The copy of the PDF that has this page; None where there is none."""
    document = library.documents.get(doc_id)
    if document is None or document.media_type != PDF or not 1 <= page <= (document.pages or 0):
        return None
    return library.original(doc_id)


def parts_on(canonical: CanonicalText, page: int, quote: str, start: int | None) -> list[range]:
    """The parts of the quote that stand on the page, as offsets in the text; none where it is not in the text."""
    if start is not None and start >= 0 and canonical.text.startswith(quote, start):
        return list(_on_page(canonical, page, start, start + len(quote)))
    at = canonical.text.find(quote) if quote else -1
    while at >= 0:
        if parts := list(_on_page(canonical, page, at, at + len(quote))):
            return parts
        at = canonical.text.find(quote, at + 1)
    return []


def _on_page(canonical: CanonicalText, page: int, start: int, end: int) -> Iterator[range]:
    ends = [offset for offset, _ in canonical.pages[1:]] + [len(canonical.text)]
    for (offset, number), until in zip(canonical.pages, ends, strict=True):
        part = range(max(offset, start), min(until, end))
        if number == page and canonical.text[part.start : part.stop].strip():
            yield part


def with_surroundings(text: str, part: range) -> tuple[str, str, str]:
    """A part of the text, and what stands before and after it."""
    before = text[max(0, part.start - _SURROUNDINGS) : part.start]
    return text[part.start : part.stop], before, text[part.stop : part.stop + _SURROUNDINGS]
