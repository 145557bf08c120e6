"""Example questions: ones that the library answers with certainty, out of several of its documents.

They are made as suggestions are, out of the sentences and headings of passages, and each was asked before it is shown.
That takes a second or so, so it happens beside the requests, once for each version of the library and set of groups.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from api.sight import Sight, sight_of
from assistant.assistant import Assistant
from assistant.question_forms import Form, TurnedQuestion, turned_questions
from assistant.types import Answer, Level, Query, Status
from ingest.dutch import content_words, stem, words
from ingest.library import LiveLibrary
from ingest.types import Document

WANTED = 6
DOCUMENTS = 24  # that are looked at, spread over the library
TRIED = 24  # questions that are asked, at most
OF_DOCUMENT = 4  # questions of one document that are tried, at most
KEPT = 32  # sets of examples that are remembered
PATIENCE = 0.25  # seconds that a page waits for them
ALIKE = 0.5  # share of the words of two questions from which they are too much alike
# Words that tie a sentence to the one before it, which whoever reads the question has not seen.
_TIED = frozenset("dan ook echter dus immers namelijk toch nog wel nooit juist hierbij daarbij".split())
_log = logging.getLogger("vng_assistent.api")

_Key = tuple[str, frozenset[str]]
_MakeAssistant = Callable[[], Assistant]


@dataclass(slots=True)
class _Set:
    """The examples for one key, in the making until `done`."""

    questions: tuple[str, ...] = ()
    done: threading.Event = field(default_factory=threading.Event)


class Examples:
    """Remembers example questions, and has them made where there are none yet. Threads may share it."""

    def __init__(self) -> None:
        self._sets: OrderedDict[_Key, _Set] = OrderedDict()
        self._lock = threading.Lock()
        self._making = threading.Lock()  # one at a time: the requests come first

    def questions(self, library: LiveLibrary, sight: Sight, *, patience: float = PATIENCE) -> tuple[str, ...]:
        """The examples for whoever has this sight; those that are there, where they are still being made."""
        key = (sight.library.manifest.library_version, sight.groups)
        with self._lock:
            found = self._sets.get(key)
            if found is None:
                found = self._sets[key] = _Set()
                while len(self._sets) > KEPT:
                    self._sets.popitem(last=False)
                threading.Thread(target=self._make, args=(library, key, found), daemon=True).start()
            self._sets.move_to_end(key)
        found.done.wait(patience)
        return found.questions

    def _make(self, library: LiveLibrary, key: _Key, found: _Set) -> None:
        try:
            with self._making, library.lease() as opened:
                if opened.manifest.library_version != key[0]:
                    return  # published anew while these waited for their turn: nobody will see them
                # Of the library alone: no language model is asked for examples.
                assistant = Assistant(library, opened.encoder)
                for question in good_questions(sight_of(opened, key[1]), assistant.ask):
                    found.questions = (*found.questions, question)
        except Exception as error:  # noqa: BLE001 - a page without examples is a page
            _log.warning("no examples: %s", type(error).__qualname__)
        finally:
            found.done.set()


def good_questions(sight: Sight, ask: Callable[[Query], Answer], wanted: int = WANTED) -> Iterator[str]:
    """Questions that are answered with certainty from the document that they were made out of, no two alike."""
    kept: list[str] = []
    for tried, (question, doc_id) in enumerate(_candidates(sight)):
        if tried == TRIED or len(kept) == wanted:
            return
        if any(_alike(question.text, other) for other in kept):
            continue
        if _answers(ask(Query(question.text, groups=sight.groups)), doc_id):
            kept.append(question.text)
            yield question.text


def _answers(answer: Answer, doc_id: str) -> bool:
    sure = answer.status is Status.ANSWERED and answer.level is Level.HIGH
    return sure and {one.document.doc_id for one in answer.citations} == {doc_id}


def _candidates(sight: Sight) -> Iterator[tuple[TurnedQuestion, str]]:
    """The best questions of the documents: the first of each, then the second of each, and so on."""
    of_each = [[(one, doc.doc_id) for one in _of_document(sight, doc)] for doc in _spread(sight)]
    for row in zip_longest(*of_each):
        yield from filter(None, row)


def _spread(sight: Sight) -> Sequence[Document]:
    """Documents from all over the library, always the same ones."""
    documents = sorted(sight.documents.values(), key=lambda one: one.source)
    step = max(1.0, len(documents) / DOCUMENTS)
    return [documents[int(at * step)] for at in range(min(len(documents), DOCUMENTS))]


def _of_document(sight: Sight, document: Document) -> list[TurnedQuestion]:
    """The questions of one document that are most worth trying; of each form one before there are two of any."""
    found: dict[Form, list[TurnedQuestion]] = {}
    for passage in sight.library.passages_of(document.doc_id):
        for question in turned_questions(passage):
            if _TIED.intersection(words(question.text)):
                continue
            found.setdefault(question.form, []).append(question)
    # What stands in a text about something is the least of questions: only where there is nothing else.
    forms = [found[form] for form in sorted(found) if form is not Form.SUBJECT]
    rows = [one for row in zip_longest(*forms) for one in row if one is not None]
    return [*rows, *found.get(Form.SUBJECT, ())][:OF_DOCUMENT]


def _alike(question: str, other: str) -> bool:
    mine, theirs = ({stem(word) for word in content_words(one)} for one in (question, other))
    return len(mine & theirs) >= ALIKE * min(len(mine), len(theirs))
