"""The assistant: one question in, one answer out, in which every statement carries a verified quote."""

import time
import uuid
from functools import cache

from assistant.converse import standalone
from assistant.errors import BadQuery
from assistant.extract import NAME, extract
from assistant.judge import FIT, judge
from assistant.retrieve import retrieve, understand, visible_documents
from assistant.sentence_match import question_words
from assistant.types import Answer, Query, ScoredPassage, Status
from assistant.verify import verify
from ingest.dutch import STOP_WORDS, stem, words
from ingest.encode import Encoder
from ingest.library import Library, LiveLibrary
from ingest.types import CanonicalText

MAX_QUESTION = 2_000  # characters
MAX_TOP_K = 100
ANSWERED_FROM = 10  # passages that an answer is made from, whatever number is asked to be shown
SUGGESTIONS = 3


class Assistant:
    """Answers questions from a library, always the version that is published at that moment."""

    def __init__(self, library: LiveLibrary, encoder: Encoder) -> None:
        self._library = library
        self._encoder = encoder

    def ask(self, query: Query) -> Answer:
        """The answer to a question, with status not_found when the documents do not hold it.

        Raises BadQuery, and LibraryError when there is no library to answer from.
        """
        started = time.perf_counter()
        _check(query)
        question = understand(standalone(query.text, query.history), self._encoder)
        with self._library.lease() as library:
            canonical = cache(lambda doc_id: _canonical(library, doc_id))
            allowed = visible_documents(library, query.filters, query.groups)
            passages = retrieve(question, library, limit=max(query.top_k, ANSWERED_FROM), doc_ids=allowed)
            content = [word for word in words(question.text) if word not in STOP_WORDS]
            asked = question_words(question.text, library.idf({stem(word) for word in content}))
            verdict = judge(question, asked, passages, self._encoder)
            evidence = passages[:ANSWERED_FROM]
            answerable = verdict.probability >= FIT.threshold
            drafts = extract(question, asked, evidence, canonical, self._encoder) if answerable else []
            statements, citations = verify(drafts, evidence, canonical)
            version = library.manifest.library_version
        return Answer(
            answer_id=uuid.uuid4().hex,
            query=query,
            standalone_query=question.text,
            status=Status.ANSWERED if statements else Status.NOT_FOUND,
            statements=statements,
            citations=citations,
            passages=tuple(passages[: query.top_k]),
            suggestions=() if statements else tuple(passages[:SUGGESTIONS]),
            confidence=verdict.probability,
            generator=NAME,
            library_version=version,
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def search(self, query: Query) -> list[ScoredPassage]:
        """The passages that may answer a question, best first. Raises what `ask` raises."""
        _check(query)
        question = understand(standalone(query.text, query.history), self._encoder)
        with self._library.lease() as library:
            allowed = visible_documents(library, query.filters, query.groups)
            return retrieve(question, library, limit=query.top_k, doc_ids=allowed)


def _canonical(library: Library, doc_id: str) -> CanonicalText:
    text = library.canonical(doc_id)
    assert text is not None, "a passage names a document of its own library"  # noqa: S101
    return text


def _check(query: Query) -> None:
    if not query.text.strip():
        raise BadQuery("question", "empty")
    if len(query.text) > MAX_QUESTION:
        raise BadQuery("question", "too_long", MAX_QUESTION)
    if not 1 <= query.top_k <= MAX_TOP_K:
        raise BadQuery("topK", "range", MAX_TOP_K)
