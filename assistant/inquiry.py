"""One question put to a library: the passages that were found, the sentences in them, and whether they answer it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.choose import choose
from assistant.generator import Part
from assistant.judge import judge, threshold
from assistant.rerank import Reranker
from assistant.retrieve import READ, Retrieval, interleave, retrieve, retrieve_part
from assistant.sentence_features import PASSAGES, read_sentences, sentence_features
from assistant.types import CanonicalTexts, ScoredPassage
from assistant.understand import Question, understand
from ingest.encode import Encoder
from ingest.library import Library
from ingest.thesaurus import Thesaurus
from ingest.types import CanonicalText


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for a question: passages, best first, and for each part of it what may answer it."""

    question: Question
    passages: tuple[ScoredPassage, ...]
    parts: tuple[Part, ...]

    @property
    def answerable(self) -> tuple[Part, ...]:
        """The parts that the passages answer, as far as the judge can tell."""
        return tuple(part for part in self.parts if part.verdict.probability >= threshold())


class Inquiry:
    """A library, as a caller may see it, and what is needed to put questions to it.

    `doc_ids` are the only documents looked at, None for all.
    """

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        reranker: Reranker,
        thesaurus: Thesaurus,
        *,
        doc_ids: Sequence[str] | None = None,
    ) -> None:
        self._library = library
        self._encoder = encoder
        self._reranker = reranker
        self._thesaurus = thesaurus
        self._doc_ids = doc_ids
        self.canonical: CanonicalTexts = cache(self._canonical)

    def find(self, text: str, most: int, *, read: int = READ) -> Finding:
        """What there is to answer a question with, in at most so many passages, the best of `read` candidates."""
        question = understand(text, self._library, self._encoder, self._thesaurus)
        asked = question.parts or (question,)
        found = [
            retrieve_part(part, self._library, self._reranker, limit=most, doc_ids=self._doc_ids, read=read)
            for part in asked
        ]
        parts = tuple(self._part(part, of_part) for part, of_part in zip(asked, found, strict=True))
        return Finding(question, interleave(found, most).passages, parts)

    def search(self, text: str, most: int) -> tuple[ScoredPassage, ...]:
        """The passages that may answer a question, at most so many, best first."""
        question = understand(text, self._library, self._encoder, self._thesaurus)
        return retrieve(question, self._library, self._reranker, limit=most, doc_ids=self._doc_ids).passages

    def answers(self, text: str, hit: ScoredPassage) -> bool:
        """Whether the documents answer a question, by its text, from this passage."""
        finding = self.find(text, PASSAGES, read=PASSAGES)
        first = finding.passages[0].passage.passage_id if finding.passages else None
        return first == hit.passage.passage_id and len(finding.answerable) == len(finding.parts)

    def _part(self, question: Question, found: Retrieval) -> Part:
        said = read_sentences(found.passages[:PASSAGES], self.canonical)
        features = sentence_features(question, said, self._library.word_vectors, self._library.text_vectors)
        chosen = choose(said, features)
        return Part(question, tuple(chosen), judge(found, chosen, question.absent))

    def _canonical(self, doc_id: str) -> CanonicalText:
        text = self._library.canonical(doc_id)
        assert text is not None, "a passage names a document of its own library"  # noqa: S101
        return text
