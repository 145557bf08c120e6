"""One question put to the assistant, and all that is kept of what came back."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.messages import message_text
from assistant.support.check import supports
from assistant.types import Answer, Citation, Query, ScoredPassage, Statement
from assistant.verify import known_of, page_at
from eval.evidence import held
from eval.llm_judge import Judge
from eval.records import Asked, Cited, Found, Given, Outcome, Piece, Said, Tampered
from eval.tamper import Tampering
from eval.topics import Evidence, Topic
from ingest.errors import IngestError
from ingest.library import Library, LiveLibrary

RETRIEVED = 20  # passages of a search that are kept


@dataclass(frozen=True, slots=True)
class Subject:
    """What is evaluated: a library, the assistant that answers from it, and the same one with a generator that lies.

    `judge` is a language model that gives an opinion of each answer, None without one.
    """

    library: LiveLibrary
    assistant: Assistant
    tampered: Assistant
    judge: Judge | None = None

    def close(self) -> None:
        """Close the library."""
        self.library.close()


Open = Callable[[], Subject]
"""Opens the subject anew; must survive being sent to another process."""


def examine(topic: Topic, subject: Subject, *, tamper: bool = True) -> Outcome:
    """What the assistant finds and answers, held against what it should.

    `tamper` tells whether false versions of the answer are put to the verifier, which takes another search.
    """
    asked = asked_of(topic)
    try:
        with subject.library.lease() as library:
            groups = frozenset(group for document in library.documents.values() for group in document.access)
            started = time.perf_counter()
            hits = subject.assistant.search(Query(topic.question, top_k=RETRIEVED, groups=groups))
            searched = time.perf_counter()
            answer = subject.assistant.ask(Query(topic.question, groups=groups))
            answered = time.perf_counter()
            return Outcome(
                asked=asked,
                found=tuple(_found(hit, topic.evidence) for hit in hits),
                given=_given(answer, topic.evidence, library),
                tampered=_tampered(topic, groups, subject.tampered) if tamper and answer.statements else None,
                judged=subject.judge.judge(answer) if subject.judge and answer.statements else None,
                ask_ms=round((answered - searched) * 1000, 1),
                search_ms=round((searched - started) * 1000, 1),
            )
    except (AssistantError, IngestError) as error:
        return Outcome(asked=asked, failed=f"{type(error).__name__}: {error}")


def asked_of(topic: Topic) -> Asked:
    """A question as it is kept with what came of it."""
    return Asked(
        topic_id=topic.topic_id,
        question=topic.question,
        kind=topic.kind,
        answerable=topic.answerable,
        evidence=tuple(Piece(source=found.source, quote=found.quote) for found in topic.evidence),
        needs_all=topic.needs_all,
        facts=topic.facts,
        language="en" if topic.language == "en" else "nl",
        documents=topic.documents,
    )


def _found(hit: ScoredPassage, evidence: Sequence[Evidence]) -> Found:
    return Found(
        passage_id=hit.passage.passage_id,
        source=hit.document.source,
        page=hit.passage.first_page,
        words=len(hit.passage.text.split()),
        evidence=held(evidence, hit.document.source, hit.passage.text),
    )


def _given(answer: Answer, evidence: Sequence[Evidence], library: Library) -> Given:
    by_number = {citation.number: citation for citation in answer.citations}
    return Given(
        status=answer.status.value,
        text=answer.text,
        message=message_text(answer),
        statements=tuple(
            _said(one, [by_number[number] for number in one.citations if number in by_number])
            for one in answer.statements
        ),
        citations=tuple(_cited(citation, answer.passages, evidence, library) for citation in answer.citations),
        language=answer.language,
        confidence=answer.confidence,
        level=answer.level.value,
        generator=answer.generator,
        fell_back=answer.generation.fell_back,
        prompt_tokens=answer.generation.prompt_tokens,
        completion_tokens=answer.generation.completion_tokens,
    )


def _said(statement: Statement, cited: Sequence[Citation]) -> Said:
    """A statement, with those of its citations that it cannot do without or that are enough by themselves."""
    supported = _supported(statement.text, cited)
    needed = [
        one.number
        for one in cited
        if supported
        and (
            len(cited) == 1
            or _supported(statement.text, [one])
            or not _supported(statement.text, [other for other in cited if other is not one])
        )
    ]
    return Said(text=statement.text, citations=statement.citations, supported=supported, needed=tuple(needed))


def _supported(text: str, cited: Sequence[Citation]) -> bool:
    about = [known for one in cited for known in known_of(one.document, one.passage)]
    return bool(cited) and supports([one.quote for one in cited], text, about)


def _cited(citation: Citation, shown: Sequence[ScoredPassage], evidence: Sequence[Evidence], library: Library) -> Cited:
    source = citation.document.source
    # As much as a reader gets to see of the passage around the quote.
    around = [hit.passage.text for hit in shown if hit.passage.passage_id == citation.passage.passage_id]
    return Cited(
        number=citation.number,
        passage_id=citation.passage.passage_id,
        source=source,
        title=citation.document.title,
        section=citation.passage.section,
        page=citation.page,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        exact=_is_exact(citation, library),
        evidence=held(evidence, source, citation.quote),
        near=held(evidence, source, around[0]) if around else (),
    )


def _is_exact(citation: Citation, library: Library) -> bool:
    """Whether the quote stands at its place in its document, and all of it on its page."""
    canonical = library.canonical(citation.document.doc_id)
    if canonical is None or not citation.quote or canonical.text[citation.start : citation.end] != citation.quote:
        return False
    return page_at(canonical, citation.start) == citation.page == page_at(canonical, citation.end - 1)


def _tampered(topic: Topic, groups: frozenset[str], lying: Assistant) -> Tampered:
    """What is shown of an answer when the generator lies."""
    answer = lying.ask(Query(topic.question, groups=groups))
    shown = tuple(one.text for one in answer.statements) if answer.generator == Tampering.name else ()
    return Tampered(proposed=len(shown) + answer.generation.dropped, shown=shown)
