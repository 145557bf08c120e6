"""By what a question can point at a document: the words of its title, and what kind it is."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence, Set

from ingest.dutch import content_words, fold, stem
from ingest.types import Document


class Titles:
    """The titles and kinds of documents, arranged so that a question need not be held against each of them."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        stems = {doc_id: {stem(word) for word in content_words(one.title)} for doc_id, one in documents.items()}
        self._sizes = {doc_id: len(of_title) for doc_id, of_title in stems.items()}
        self._with_stem: dict[str, list[str]] = defaultdict(list)
        self._with_word: dict[str, list[str]] = defaultdict(list)
        self._of_kind: dict[str, list[str]] = defaultdict(list)
        for doc_id, one in documents.items():
            for part in stems[doc_id]:
                self._with_stem[part].append(doc_id)
            for word in set(content_words(f"{one.title} {one.issued or ''}")):
                self._with_word[word].append(doc_id)
            if one.kind:
                self._of_kind[one.kind].append(doc_id)

    def sharing(self, stems: Set[str], *, share: float, least: int) -> list[str]:
        """The ids of the documents whose title has at least `least` of these stems, and that are `share` of it."""
        found = Counter(doc_id for one in stems for doc_id in self._with_stem.get(one, ()))
        return [doc_id for doc_id, count in found.items() if count >= max(least, share * self._sizes[doc_id])]

    def with_all(self, stems: Collection[str]) -> set[str]:
        """The ids of the documents whose title has all of these stems; none without stems."""
        having = [set(self._with_stem.get(one, ())) for one in stems]
        return set.intersection(*having) if having else set()

    def of_kind_in(self, text: str) -> list[str]:
        """The ids of the documents of a kind that a text names."""
        folded = fold(text)
        return [
            doc_id
            for kind, of_kind in self._of_kind.items()
            if re.search(rf"\b{re.escape(fold(kind))}\b", folded)
            for doc_id in of_kind
        ]

    def known_by(self, word: str) -> Sequence[str]:
        """The ids of the documents that have a folded word in their title or date."""
        return self._with_word.get(word, ())
