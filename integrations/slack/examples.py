"""Example questions: ones that the documents answer, made out of their own sentences."""

import logging
import threading

from assistant.assistant import Assistant
from assistant.question_forms import Form, turned_questions
from assistant.types import Level, Query, Status
from ingest.library import LiveLibrary
from integrations.slack.access import Groups
from integrations.slack.sight import visible

WANTED = 4
DOCUMENTS = 8  # that are looked at
PASSAGES = 6  # of a document
KEPT = 32  # sets that are remembered
_log = logging.getLogger("vng_assistent.slack")


class Examples:
    """Remembers examples by version of the library and groups. Threads may share it."""

    def __init__(self, library: LiveLibrary) -> None:
        self._library = library
        self._known: dict[tuple[str, Groups], tuple[str, ...]] = {}
        self._making = threading.Lock()  # one at a time: questions come first

    def questions(self, groups: Groups) -> tuple[str, ...]:
        """Questions that can be asked by whoever has these groups; none where the library cannot be read."""
        try:
            with self._making, self._library.lease() as library:
                key = (library.manifest.library_version, groups)
                if key not in self._known:
                    while len(self._known) >= KEPT:
                        self._known.pop(next(iter(self._known)))
                    self._known[key] = self._made(groups)
                return self._known[key]
        except Exception as error:  # noqa: BLE001 - a page without examples is a page
            _log.warning("no examples: %s", type(error).__qualname__)
            return ()

    def _made(self, groups: Groups) -> tuple[str, ...]:
        """One question of a document each, that is answered with certainty from it."""
        found: list[str] = []
        with self._library.lease() as library:
            # Of the library alone: no language model is asked for examples.
            assistant = Assistant(self._library, library.encoder)
            for doc_id in list(visible(library, groups))[:DOCUMENTS]:
                candidates = [
                    turned.text
                    for passage in library.passages_of(doc_id)[:PASSAGES]
                    for turned in turned_questions(passage)
                    if turned.form is not Form.SUBJECT
                ]
                for question in candidates[:2]:
                    answer = assistant.ask(Query(question, groups=groups))
                    cited = {one.document.doc_id for one in answer.citations}
                    if answer.status is Status.ANSWERED and answer.level is Level.HIGH and doc_id in cited:
                        found.append(question)
                        break
                if len(found) == WANTED:
                    break
        return tuple(found)
