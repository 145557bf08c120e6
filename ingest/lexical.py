"""The lexical index: BM25 over the terms of `ingest.dutch`, in tantivy.

Tantivy's own analysers stay out: it is fed terms, separated by spaces. It holds no text, only terms and rows.
BM25 as in Robertson & Zaragoza 2009, with tantivy's k1 = 1.2 and b = 0.75.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

import tantivy

from ingest.dutch import Analysis, analyse
from ingest.types import Document, Passage

FIELDS = ("stems", "grams", "heading")
K1 = 1.2
WRITER_HEAP = 200_000_000  # bytes
# A term in more than this share of all passages only costs time; BM25 gives it next to no weight.
COMMON = 0.35
COMMON_FROM = 2_000  # passages; in a small library even the commonest terms cost nothing


@dataclass(frozen=True, slots=True)
class LexicalHit:
    """A passage that shares terms with the question.

    `coverage` is its BM25 score as a share of the highest that any passage could reach for this question,
    between 0 and 1, so that it means the same in a library of any size.
    """

    row: int
    coverage: float


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_text_field("doc", tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="terms", index_option="freq")
    return builder.build()


def _open(path: Path) -> tantivy.Index:
    index = tantivy.Index(_schema(), path=str(path))
    index.register_tokenizer("terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


def heading_of(passage: Passage, document: Document) -> str:
    """What stands above a passage: the document's title and the path of headings."""
    return " \n".join((document.title, *passage.section))


def write_lexical(path: Path, added: Iterable[tuple[int, Passage, Document]], removed: Sequence[int] = ()) -> None:
    """Add passages to the lexical index at `path`, made when it is not there, and remove rows from it."""
    path.mkdir(exist_ok=True)
    index = _open(path)
    # One thread: the same passages then always give the same index, and so the same order among equals.
    writer = index.writer(WRITER_HEAP, 1)
    for row in removed:
        writer.delete_documents_by_query(tantivy.Query.term_query(index.schema, "row", row))
    for row, passage, document in added:
        body, heading = analyse(passage.text), analyse(heading_of(passage, document))
        entry = tantivy.Document()
        entry.add_unsigned("row", row)
        entry.add_text("doc", passage.doc_id)
        entry.add_text("stems", " ".join(body.stems))
        entry.add_text("grams", " ".join(body.grams))
        entry.add_text("heading", " ".join((*heading.stems, *heading.grams)))
        writer.add_document(entry)
    writer.commit()
    writer.wait_merging_threads()


class LexicalIndex:
    """An open lexical index."""

    def __init__(self, path: Path) -> None:
        self._index = _open(path)
        self._schema = self._index.schema
        self._index.config_reader(reload_policy="Manual")  # a published index never changes
        self._searcher = self._index.searcher()
        self._last: tuple[Any, tuple[list[tantivy.Query], float]] | None = None

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self,
        analysis: Analysis,
        *,
        limit: int,
        weights: Mapping[str, float],
        doc_ids: Sequence[str] | None = None,
        rows: Sequence[int] | None = None,
    ) -> list[LexicalHit]:
        """The passages that match best, best first; only of these documents, and only these rows, where given.

        `weights` weighs the fields "stems", "grams" and "heading". Equal scores stand in order of row.
        """
        asked = (analysis, tuple(sorted(weights.items())))
        last = self._last  # threads share it: what was read here is what is used
        if last is None or last[0] != asked:  # a question is often put twice: to all, then to some rows
            last = self._last = (asked, self._clauses(analysis, weights))
        clauses, best = last[1]
        nothing_allowed = any(allowed is not None and not allowed for allowed in (rows, doc_ids))
        if not clauses or not limit or nothing_allowed:
            return []
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])
        allowed = []
        if doc_ids is not None:
            allowed.append(tantivy.Query.term_set_query(self._schema, "doc", list(doc_ids)))
        if rows is not None:
            allowed.append(tantivy.Query.term_set_query(self._schema, "row", list(rows)))
        if allowed:
            musts = [(tantivy.Occur.Must, tantivy.Query.const_score_query(clause, 0.0)) for clause in allowed]
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *musts])
        hits = self._searcher.search(query, limit, count=False).hits
        found = self._searcher.fast_field_values("row", [address for _, address in hits])
        scored = [LexicalHit(int(row or 0), score / best) for (score, _), row in zip(hits, found, strict=True)]
        return sorted(scored, key=lambda hit: (-hit.coverage, hit.row))

    def _clauses(self, analysis: Analysis, weights: Mapping[str, float]) -> tuple[list[tantivy.Query], float]:
        """The query's term clauses, and the score of a passage that would have every term without end."""
        clauses = []
        best = 0.0
        terms = {"stems": analysis.stems, "grams": analysis.grams, "heading": (*analysis.stems, *analysis.grams)}
        for field, weight in weights.items():
            for term, count in Counter(terms[field]).items():
                idf = self.idf(field, term)
                if weight and idf is not None:
                    clause = tantivy.Query.term_query(self._schema, field, term, "freq")
                    clauses.append(tantivy.Query.boost_query(clause, weight * count))
                    best += weight * count * idf * (K1 + 1)
        return clauses, best

    def idf(self, field: str, term: str) -> float | None:
        """The inverse document frequency as BM25 has it; None for a term too common to be of use."""
        total = self._searcher.num_docs
        having = min(total, self._searcher.doc_freq(field, term))  # which counts what was taken out, until merged
        if total >= COMMON_FROM and having > COMMON * total:
            return None
        return log(1 + (total - having + 0.5) / (having + 0.5))
