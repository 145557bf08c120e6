"""The assistant: one question in, one answer out, in which every statement carries a verified quote."""

import time
import uuid
from collections.abc import Iterator
from functools import cache

from assistant.converse import standalone
from assistant.errors import BadQuery
from assistant.extract import Extractive
from assistant.generator import Evidence
from assistant.judge import judge, threshold
from assistant.rerank import Reranker, embedded_reranker
from assistant.retrieve import retrieve, visible_documents
from assistant.types import Answer, Generation, Level, Query, Reason, ScoredPassage, Status, Suggestion
from assistant.understand import understand
from assistant.verify import CHECKS, Verified, Verifier
from ingest.encode import Encoder
from ingest.library import Library, LiveLibrary
from ingest.thesaurus import Thesaurus, load_thesaurus
from ingest.types import CanonicalText

MAX_QUESTION = 2_000  # characters
MAX_TOP_K = 100
ANSWERED_FROM = 10  # passages that an answer is made from, whatever number is asked to be shown
SUGGESTIONS = 3


class Assistant:
    """Answers questions from a library, always the version that is published at that moment."""

    def __init__(
        self,
        library: LiveLibrary,
        encoder: Encoder,
        *,
        reranker: Reranker | None = None,
        thesaurus: Thesaurus | None = None,
    ) -> None:
        self._library = library
        self._encoder = encoder
        self._reranker = embedded_reranker() if reranker is None else reranker
        self._thesaurus = load_thesaurus() if thesaurus is None else thesaurus
        self._extractive = Extractive(encoder)

    def ask(self, query: Query) -> Answer:
        """The answer to a question, with status not_found when the documents do not hold it.

        Raises BadQuery, and LibraryError when there is no library to answer from.
        """
        *_, answer = self.stream(query)
        assert isinstance(answer, Answer), "a stream ends with its answer"  # noqa: S101
        return answer

    def stream(self, query: Query) -> Iterator[Verified | Answer]:
        """The statements of the answer, each as soon as it has been checked, and then the whole answer.

        Raises what `ask` raises.
        """
        started = time.perf_counter()
        _check(query)
        text = standalone(query.text, query.history)
        with self._library.lease() as library:
            question = understand(text, library, self._encoder, self._thesaurus)
            canonical = cache(lambda doc_id: _canonical(library, doc_id))
            allowed = visible_documents(library, query.filters, query.groups)
            most = max(query.top_k, ANSWERED_FROM)
            found = retrieve(question, library, self._reranker, limit=most, doc_ids=allowed)
            verdict = judge(found, question.absent)
            evidence = Evidence(question, found.passages[:ANSWERED_FROM], canonical)
            verifier = Verifier(evidence.passages, canonical)
            statements: list[Verified] = []
            if verdict.probability >= threshold():
                for draft in self._extractive.drafts(evidence):
                    if verified := verifier.check(draft):
                        statements.append(verified)
                        yield verified
            version = library.manifest.library_version
        yield Answer(
            answer_id=uuid.uuid4().hex,
            query=query,
            standalone_query=question.text,
            status=Status.ANSWERED if statements else Status.NOT_FOUND,
            statements=tuple(one.statement for one in statements),
            citations=tuple(citation for one in statements for citation in one.citations),
            passages=found.passages[: query.top_k],
            suggestions=tuple(
                Suggestion(hit, Reason.SUBJECT) for hit in (() if statements else found.passages[:SUGGESTIONS])
            ),
            confidence=verdict.probability,
            level=Level.HIGH,
            generation=Generation(self._extractive.name, checks=CHECKS, dropped=verifier.dropped),
            library_version=version,
            took_ms=(time.perf_counter() - started) * 1000,
            language="en" if question.english else "nl",
        )

    def search(self, query: Query) -> list[ScoredPassage]:
        """The passages that may answer a question, best first. Raises what `ask` raises."""
        _check(query)
        text = standalone(query.text, query.history)
        with self._library.lease() as library:
            question = understand(text, library, self._encoder, self._thesaurus)
            allowed = visible_documents(library, query.filters, query.groups)
            found = retrieve(question, library, self._reranker, limit=query.top_k, doc_ids=allowed)
            return list(found.passages)


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
