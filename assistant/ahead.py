"""Reading ahead: what questions need of passages is read and analysed before anyone asks.

For a program that keeps running. Analysing a passage takes as long as all the rest that is done with it, and is done
once. This does it beforehand, in a thread that works a small part of the time, for threads of Python take turns.
"""

import gc
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType

from assistant.sentence_forms import sentence_forms
from assistant.terms import above, text_terms
from ingest.errors import IngestError
from ingest.library import KEPT_PASSAGES, Library, LiveLibrary

BATCH = 4  # passages read in one go: some milliseconds, after which a question can have its turn
REST = 3.0  # times as long as a batch took, that is waited before the next one
LOOK = 5.0  # seconds after which it is seen whether a new version was published


def read_passages(library: Library, rows: Sequence[int]) -> None:
    """Read and analyse these passages, so that the next question which finds them need not."""
    library.sentence_vectors(rows)
    for passage in library.passages(rows).values():
        library.canonical(passage.doc_id)
        terms = text_terms(passage.text)
        library.word_vectors([terms.words])
        sentence_forms(terms)
        text_terms("\n".join(passage.section))
        above(passage, library.documents[passage.doc_id])


class ReadAhead:
    """A thread that reads the published library and each new version, from `start` to `stop`: those of a `with` block.

    No more is read than is kept. What cannot be read is left to the question that needs it, which says what is wrong.
    """

    def __init__(self, library: LiveLibrary, *, rest: float = REST, look: float = LOOK) -> None:
        """`rest` is how long is waited after each batch, in times that a batch took; `look` is in seconds."""
        self._library = library
        self._rest = rest
        self._look = look
        self._version = ""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="read-ahead", daemon=True)

    def __enter__(self) -> "ReadAhead":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begin; once."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, at once: returns when the passages that are being read have been."""
        self._stopped.set()
        self._thread.join()

    @property
    def version(self) -> str:
        """The version that has been read; empty before any has been read to its end."""
        return self._version

    def _work(self) -> None:
        while not self._stopped.is_set():
            with suppress(IngestError, OSError):  # there is none, or it is damaged: whoever asks is told
                self._read_library()
            self._stopped.wait(self._look)

    def _read_library(self) -> None:
        """Read the published version, unless that was done; stops where another one is published meanwhile."""
        with self._library.lease() as library:
            version, rows = library.manifest.library_version, library.rows[:KEPT_PASSAGES]
        if version == self._version:
            return
        for at in range(0, len(rows), BATCH):
            started = time.perf_counter()
            # A lease for each batch: a version that was replaced is not kept open to be read to its end.
            with self._library.lease() as library:
                if library.manifest.library_version != version:
                    return
                read_passages(library, rows[at : at + BATCH])
            if self._stopped.wait(self._rest * (time.perf_counter() - started)):
                return
        # From now on Python's collector need not go through all that was read each time that it comes by.
        gc.collect()
        gc.freeze()
        self._version = version
