"""The assistant: one question in, one answer out, in which every statement carries a verified quote."""

import time
import uuid
from collections.abc import Generator as Yields
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from assistant.compose import Composition
from assistant.confidence import confidence, level, quoted_belief
from assistant.converse import Rewriter, standalone
from assistant.errors import BadQuery
from assistant.extract import Extractive
from assistant.generator import Evidence, Generator
from assistant.inquiry import Finding, Inquiry
from assistant.rerank import Reranker, embedded_reranker
from assistant.retrieve import visible_documents
from assistant.scope import fixed_reply, without_greeting
from assistant.suggest import answerable_questions, nearest
from assistant.types import Answer, Filters, Generation, Level, Query, Reply, ScoredPassage, Status
from assistant.understand import is_english
from assistant.verify import Verified, Verifier
from ingest.encode import Encoder
from ingest.library import Library, LiveLibrary
from ingest.thesaurus import Thesaurus, load_thesaurus

MAX_QUESTION = 2_000  # characters
MAX_TOP_K = 100
ANSWERED_FROM = 10  # passages that an answer is made from, at least, whatever number is asked to be shown


class Assistant:
    """Answers questions from a library, always the version that is published at that moment."""

    def __init__(
        self,
        library: LiveLibrary,
        encoder: Encoder,
        *,
        reranker: Reranker | None = None,
        thesaurus: Thesaurus | None = None,
        generator: Generator | None = None,
        rewriter: Rewriter | None = None,
    ) -> None:
        """`generator` is tried before the one that needs no language model, and `rewriter` before the rules."""
        self._library = library
        self._encoder = encoder
        self._reranker = embedded_reranker() if reranker is None else reranker
        self._thesaurus = load_thesaurus() if thesaurus is None else thesaurus
        # Tried in order; the last one needs nothing that can fail.
        self._generators: tuple[Generator, ...] = (*([generator] if generator else []), Extractive())
        self._rewriter = rewriter

    def ask(self, query: Query) -> Answer:
        """The answer to a question, with status not_found when the documents do not hold it.

        Raises BadQuery, and LibraryError when there is no library to answer from.
        """
        *_, answer = self.stream(query)
        assert isinstance(answer, Answer), "a stream ends with its answer"  # noqa: S101
        return answer

    def stream(self, query: Query) -> Yields[Verified | Answer, None, None]:
        """The statements of the answer, each as soon as it has been checked, and then the whole answer.

        Raises what `ask` raises.
        """
        started = time.perf_counter()
        _check(query)
        reply = fixed_reply(query.text, has_history=bool(query.history))
        # What gets a fixed reply needs no language model to be understood.
        text = query.text if reply else self._standalone(query)
        with self._inquiry(query) as (library, inquiry):
            version = library.manifest.library_version
            if reply:
                yield _replied(query, reply, version, started)
                return
            finding = inquiry.find(text, max(query.top_k, ANSWERED_FROM))
            passages = finding.passages[: max(ANSWERED_FROM, finding.read)]
            evidence = Evidence(finding.question, passages, inquiry.canonical, finding.answerable)
            composition = Composition(self._generators, evidence, Verifier(passages, inquiry.canonical))
            said: list[Verified] = []
            if finding.answerable:
                for verified in composition.statements():
                    said.append(verified)
                    yield verified
            suggestions = () if said else nearest(finding.question, passages)
            # Of what is kept with the answer: whoever may see all of that may see the questions made out of it.
            shown = finding.passages[: query.top_k]
            questions = () if said else answerable_questions(finding.question, shown, inquiry.answers)
        citations = tuple(citation for one in said for citation in one.citations)
        sure = confidence(finding.parts, citations)
        yield Answer(
            answer_id=uuid.uuid4().hex,
            query=query,
            standalone_query=text,
            status=_status(said, finding, composition),
            statements=tuple(one.statement for one in said),
            citations=citations,
            passages=shown,
            suggestions=suggestions,
            confidence=sure,
            level=level(sure) if said else Level.LOW,
            generation=composition.generation,
            library_version=version,
            took_ms=(time.perf_counter() - started) * 1000,
            language="en" if finding.question.english else "nl",
            questions=questions,
        )

    def search(self, query: Query) -> list[ScoredPassage]:
        """The passages that may answer a question, best first. Raises what `ask` raises."""
        _check(query)
        text = self._standalone(query)
        with self._inquiry(query) as (_, inquiry):
            return list(inquiry.search(text, query.top_k))

    def _standalone(self, query: Query) -> str:
        """The question by itself: without the turns it leans on, and without the courtesy around it."""
        text = standalone(query.text, query.history, rewriter=self._rewriter)
        return without_greeting(text)

    @contextmanager
    def _inquiry(self, query: Query) -> Iterator[tuple[Library, Inquiry]]:
        """The library that is published now, with what its documents can be asked by whoever asks this."""
        with self._library.lease() as library:
            visible = visible_documents(library, Filters(), query.groups)
            documents = library.documents if visible is None else {one: library.documents[one] for one in visible}
            allowed = visible_documents(library, query.filters, query.groups)
            inquiry = Inquiry(
                library, self._encoder, self._reranker, self._thesaurus, documents=documents, doc_ids=allowed
            )
            yield library, inquiry


def _status(said: Sequence[Verified], finding: Finding, composition: Composition) -> Status:
    """Whether all parts of the question are answered: by the judge's lights, and with a quote."""
    if not said:
        return Status.NOT_FOUND
    citations = [citation for one in said for citation in one.citations]
    answered = sum(quoted_belief(part, citations) > 0 for part in finding.answerable)
    whole = (answered == len(finding.parts) or len(finding.parts) == 1) and not composition.cut_short
    return Status.ANSWERED if whole else Status.PARTIAL


def _replied(query: Query, reply: Reply, version: str, started: float) -> Answer:
    """The answer to what is no question to the documents."""
    return Answer(
        answer_id=uuid.uuid4().hex,
        query=query,
        standalone_query=query.text,
        status=Status.NOT_FOUND,
        statements=(),
        citations=(),
        passages=(),
        suggestions=(),
        confidence=0.0,
        level=level(0.0),
        generation=Generation("fixed"),
        library_version=version,
        took_ms=(time.perf_counter() - started) * 1000,
        language="en" if is_english(query.text) else "nl",
        reply=reply,
    )


def _check(query: Query) -> None:
    if not query.text.strip():
        raise BadQuery("question", "empty")
    if len(query.text) > MAX_QUESTION:
        raise BadQuery("question", "too_long", MAX_QUESTION)
    if not 1 <= query.top_k <= MAX_TOP_K:
        raise BadQuery("topK", "range", MAX_TOP_K)
