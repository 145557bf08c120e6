"""One question put to a library: the passages that were found, the sentences in them, and whether they answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from assistant.choose import Chosen, choose
from assistant.generator import Part
from assistant.judge import is_answered, judge
from assistant.passage_sentences import read_sentences, sentence_vectors
from assistant.rerank import Reranker
from assistant.retrieve import READ, Retrieval, interleave, retrieve, retrieve_part
from assistant.sentence_features import NAMES, PASSAGES, sentence_features
from assistant.table_rows import named_rows
from assistant.types import CanonicalTexts, ScoredPassage, Verdict
from assistant.understand import Question, understand
from ingest.encode import Encoder
from ingest.library import Library
from ingest.thesaurus import Thesaurus
from ingest.types import CanonicalText, Document

EXPANDED = NAMES.index("expanded")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for a question: passages, best first, and for each part of it what may answer it.

    Among the first `read` passages are all whose sentences are considered.
    """

    question: Question
    passages: tuple[ScoredPassage, ...]
    parts: tuple[Part, ...]

    @property
    def read(self) -> int:
        """How many of the passages were read sentence by sentence, at most."""
        return PASSAGES * len(self.parts)

    @property
    def answerable(self) -> tuple[Part, ...]:
        """The parts that the passages answer, as far as the judge can tell."""
        return tuple(part for part in self.parts if is_answered(part.verdict))


class Inquiry:
    """A library, as a caller may see it, and what is needed to put questions to it.

    `documents` are those that the caller may see, None for all; `doc_ids` the only ones looked at, None for all.
    """

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        reranker: Reranker,
        thesaurus: Thesaurus,
        *,
        documents: Mapping[str, Document] | None = None,
        doc_ids: Sequence[str] | None = None,
    ) -> None:
        self._library = library
        self._encoder = encoder
        self._reranker = reranker
        self._thesaurus = thesaurus
        self._documents = library.documents if documents is None else documents
        self._doc_ids = doc_ids
        # Of the library alone: a cache that knows this object would keep the texts until the collector comes by.
        self.canonical: CanonicalTexts = cache(partial(_canonical, library))

    def find(self, text: str, most: int, *, read: int = READ) -> Finding:
        """What there is to answer a question with: for each part at most so many passages, the best of `read`."""
        question = self._understand(text)
        asked = question.parts or (question,)
        found = [
            retrieve_part(part, self._library, self._reranker, limit=most, doc_ids=self._doc_ids, read=read)
            for part in asked
        ]
        parts = tuple(self._part(part, of_part) for part, of_part in zip(asked, found, strict=True))
        return Finding(question, interleave(found, max(most, PASSAGES * len(found))).passages, parts)

    def search(self, text: str, most: int) -> tuple[ScoredPassage, ...]:
        """The passages that may answer a question, at most so many, best first."""
        question = self._understand(text)
        return retrieve(question, self._library, self._reranker, limit=most, doc_ids=self._doc_ids).passages

    def answers(self, text: str, hit: ScoredPassage) -> bool:
        """Whether the documents answer a question, by its text, from this passage."""
        finding = self.find(text, PASSAGES, read=PASSAGES)
        first = finding.passages[0].passage.passage_id if finding.passages else None
        return first == hit.passage.passage_id and len(finding.answerable) == len(finding.parts)

    def _understand(self, text: str) -> Question:
        return understand(text, self._library, self._encoder, self._thesaurus, documents=self._documents)

    def _part(self, question: Question, found: Retrieval) -> Part:
        said = read_sentences(found.passages[:PASSAGES], self.canonical)
        vectors = sentence_vectors(said, self._library, found.rows)
        features = sentence_features(question, said, self._library.word_vectors, vectors)
        chosen = choose(said, features)
        understood = _is_understood(question, chosen)
        verdict = judge(found, chosen, question.absent) if understood else Verdict(0.0, 0.0)
        return Part(question, tuple(named_rows(question, chosen, self.canonical)), verdict)


def _canonical(library: Library, doc_id: str) -> CanonicalText:
    text = library.canonical(doc_id)
    assert text is not None, "a passage names a document of its own library"  # noqa: S101
    return text


def _is_understood(question: Question, chosen: Sequence[Chosen]) -> bool:
    """Whether the library has any word of a question, or one of these sentences has what may be one.

    "???", "Hoezo dan?" and "Wat is een flapdoedel?" are about nothing in it, whatever comes nearest.
    """
    known = any(word.stem in question.known or question.known.intersection(word.parts) for word in question.words)
    return known or any(one.features[EXPANDED] > 0 for one in chosen)
