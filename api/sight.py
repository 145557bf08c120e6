"""What a caller may see: the documents of its groups, and of the rest not even that it is there."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.errors import UnknownAnswer, UnknownDocument, UnknownPassage
from api.storage.store import AnswerStore
from api.storage.types import StoredAnswer
from assistant.masking import mask
from assistant.retrieve import visible_documents
from assistant.types import Answer, Filters
from ingest.library import Library
from ingest.types import Document, Passage

MOST_TURNS = 200  # of a conversation that are looked at


@dataclass(frozen=True, slots=True)
class Sight:
    """A library as callers of these groups see it."""

    library: Library
    groups: frozenset[str]
    documents: dict[str, Document]

    def document(self, doc_id: str) -> Document:
        """The document with this id. Raises UnknownDocument."""
        if doc_id not in self.documents:
            raise UnknownDocument(doc_id)
        return self.documents[doc_id]

    def passage(self, passage_id: str) -> tuple[Passage, Document]:
        """The passage with this id, and its document. Raises UnknownPassage."""
        passage = self.library.passage(passage_id)
        if passage is None or passage.doc_id not in self.documents:
            raise UnknownPassage(passage_id)
        return passage, self.documents[passage.doc_id]

    def shows(self, answer: Answer) -> bool:
        """Whether the caller may see every document that the answer quotes or shows.

        A document may have been closed since, and have another id or name by now: what was open when the question was
        asked does not stay so.
        """
        hidden = [one for doc_id, one in self.library.documents.items() if doc_id not in self.documents]
        names = {name for one in hidden for name in (one.doc_id, one.source, one.content_hash)}
        return all(
            (not one.access or one.access & self.groups)
            and names.isdisjoint((one.doc_id, one.source, one.content_hash))
            for one in _documents_of(answer)
        )


def sight_of(library: Library, groups: frozenset[str]) -> Sight:
    """The library as callers of these groups see it."""
    visible = visible_documents(library, Filters(), groups)
    documents = library.documents if visible is None else {one: library.documents[one] for one in visible}
    return Sight(library, groups, documents)


def shown_answer(store: AnswerStore, sight: Sight, answer_id: str) -> StoredAnswer:
    """The answer that is kept, when the caller may see all that it comes from. Raises UnknownAnswer."""
    stored = store.answer(answer_id)
    if stored is None or not sight.shows(stored.answer) or not _shows_turns(store, sight, stored):
        raise UnknownAnswer(answer_id)
    return stored


def _shows_turns(store: AnswerStore, sight: Sight, stored: StoredAnswer) -> bool:
    """Whether the caller may see the earlier answers that a question was read with: it takes up words of theirs.

    Of a turn that is no longer kept nobody can tell what it came from: such an answer is for who sees all documents.
    """
    history = stored.answer.query.history
    if not history or len(sight.documents) == len(sight.library.documents):
        return True
    seen: set[tuple[str, str]] = set()
    for one in store.conversation(stored.conversation_id, MOST_TURNS):
        if sight.shows(one):
            # As they are, and as a store that masks personal data kept them among the turns.
            seen |= {(one.query.text, one.text), (mask(one.query.text), mask(one.text))}
    return seen.issuperset((turn.question, turn.answer) for turn in history)


def _documents_of(answer: Answer) -> Iterator[Document]:
    yield from (citation.document for citation in answer.citations)
    yield from (hit.document for hit in answer.passages)
    yield from (suggestion.passage.document for suggestion in answer.suggestions)
