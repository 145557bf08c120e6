"""The lexical index: BM25 over the terms of `ingest.dutch`, in tantivy.

Tantivy's own analysers stay out: it is fed terms, separated by spaces. It holds no text, only terms and rows.
BM25 as in Robertson & Zaragoza 2009, with tantivy's k1 = 1.2 and b = 0.75.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log, log2
from pathlib import Path

import tantivy

from ingest.dutch import analyse, content_words, part_stems, stem, word_grams
from ingest.types import Document, Passage

FIELDS = ("stems", "grams", "heading")
META = "meta.json"  # tantivy's own, of its segments
SPELLED = "spelled"  # the words as they are written, in which those that look alike are found
K1 = 1.2
WRITER_HEAP = 200_000_000  # bytes
PARTS_WEIGHT = 0.8  # what all parts of a compound count for, beside the compound itself
FUZZY_WEIGHT = 0.7
FUZZY_FROM = (5, 9)  # characters from which one, and from which two letters may differ
# A term in more than this share of all passages only costs time; BM25 gives it next to no weight.
COMMON = 0.35
KEPT_TERMS = 20_000  # of which it is remembered how common they are
DECIMALS = 6  # of a coverage: what the index adds up in 32 bits is not exact beyond these
COMMON_FROM = 2_000  # passages; in a small library even the commonest terms cost nothing


@dataclass(frozen=True, slots=True)
class Form:
    """Another way in which a word of the question may stand in a text: as these stems, all of them in one passage.

    `weight` is between 0 and 1: how far finding them counts as finding the word.
    """

    stems: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word that is searched for: `text` folded, `stem`, `parts` of a compound, `forms`: synonyms and translations.

    A word counts once, by the best of what a passage has of it. `fuzzy`: where no text of the library has the word,
    words that differ by a letter or two are taken for it.
    """

    text: str
    stem: str
    parts: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    fuzzy: bool = False


def query_word(word: str, forms: Iterable[Form] = (), *, fuzzy: bool = False) -> QueryWord:
    """A folded word to search for."""
    return QueryWord(word, stem(word), part_stems(word), tuple(forms), fuzzy)


def plain_words(text: str) -> tuple[QueryWord, ...]:
    """The content words of a text, as they stand."""
    return tuple(query_word(word) for word in content_words(text))


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
    builder.add_text_field(SPELLED, tokenizer_name="terms", index_option="basic")
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
        entry.add_text("stems", " ".join((*body.stems, *body.parts)))
        entry.add_text("grams", " ".join(body.grams))
        entry.add_text(SPELLED, " ".join(sorted(set(content_words(passage.text)))))
        entry.add_text("heading", " ".join((*heading.stems, *heading.parts, *heading.grams)))
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
        # What was taken out counts in its scores until segments are merged, and only this file tells how much that is.
        segments = json.loads((path / META).read_text(encoding="utf-8"))["segments"]
        self._counted = sum(int(segment["max_doc"]) for segment in segments)
        self._idfs: dict[tuple[str, str], float | None] = {}

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self,
        words: Sequence[QueryWord],
        *,
        limit: int,
        weights: Mapping[str, float],
        doc_ids: Sequence[str] | None = None,
        also: Collection[int] = (),
    ) -> list[LexicalHit]:
        """The passages that match best, best first; only of these documents, where given.

        `weights` weighs the fields "stems", "grams" and "heading". Equal scores stand in order of row. Passages of the
        rows `also` are among the hits when they match at all, below the limit too.
        """
        query, best = self._query(words, weights)
        if query is None or not (limit or also) or (doc_ids is not None and not doc_ids):
            return []
        # More than any passage can score, so that these rows come first; in f32 a power of two costs least precision.
        ahead = 2.0 ** ceil(log2(best + 1))
        if also:
            # One by one: these are few, and a set of terms goes through all rows that there are.
            of_rows = [tantivy.Query.term_query(self._schema, "row", row) for row in also]
            wanted = tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in of_rows])
            wanted = tantivy.Query.const_score_query(wanted, ahead)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Should, query), (tantivy.Occur.Should, wanted)])
        if doc_ids is not None:
            allowed = tantivy.Query.term_set_query(self._schema, "doc", list(doc_ids))
            allowed = tantivy.Query.const_score_query(allowed, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, allowed), (tantivy.Occur.Must, query)])
        hits = self._searcher.search(query, limit + len(also), count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        scores = (
            (row or 0, score - ahead if row in also else score) for (score, _), row in zip(hits, rows, strict=True)
        )
        coverages = ((round(score / best, DECIMALS), row) for row, score in scores)
        found = sorted((-coverage, int(row)) for coverage, row in coverages if coverage > 0)
        return [LexicalHit(row, -less) for rank, (less, row) in enumerate(found) if rank < limit or row in also]

    def _query(self, words: Sequence[QueryWord], weights: Mapping[str, float]) -> tuple[tantivy.Query | None, float]:
        """The query, None where there is nothing to search for, and the score of a passage that would have every word
        and n-gram without end.
        """
        clauses: list[tantivy.Query] = []
        best = 0.0
        grams = Counter(gram for word in words for gram in word_grams(word.text))
        for field, weight in weights.items():
            if not weight:
                continue
            if field != "grams":
                for word in words:
                    if (idf := self.idf(field, word.stem)) is not None:
                        clauses += self._word_clause(field, word, idf, weight)
                        best += weight * idf * (K1 + 1)
            if field != "stems":
                for gram, count in grams.items():
                    if (idf := self.idf(field, gram)) is not None:
                        clause = tantivy.Query.term_query(self._schema, field, gram, "freq")
                        boost = weight * count
                        clauses.append(clause if boost == 1 else tantivy.Query.boost_query(clause, boost))
                        best += weight * count * idf * (K1 + 1)
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in clauses]) if clauses else None
        return query, best

    def _word_clause(self, field: str, word: QueryWord, idf: float, weight: float) -> Iterator[tantivy.Query]:
        """The best of the forms of a word, none of which can bring more than its share of the word's idf."""

        def term(stem: str) -> tantivy.Query:
            return tantivy.Query.term_query(self._schema, field, stem, "freq")

        found = [tantivy.Query.boost_query(term(word.stem), weight)]
        if word.parts:
            # Half a compound is worth half: its parts add up.
            scaled = [
                (tantivy.Occur.Should, tantivy.Query.boost_query(term(part), share))
                for part, share in self._shares(field, word.parts, idf, weight * PARTS_WEIGHT)
            ]
            found.append(tantivy.Query.boolean_query(scaled))
        for form in word.forms:
            # A phrase is nothing by halves: "hulp" is not "hulp aan huis".
            if all(self._searcher.doc_freq(field, stem) for stem in form.stems):
                scaled = [
                    (tantivy.Occur.Must, tantivy.Query.boost_query(term(stem), share))
                    for stem, share in self._shares(field, form.stems, idf, weight * form.weight)
                ]
                found.append(tantivy.Query.boolean_query(scaled))
        if (
            word.fuzzy
            and field == "stems"
            and len(word.text) >= FUZZY_FROM[0]
            and not self._searcher.doc_freq(field, word.stem)
        ):
            distance = sum(len(word.text) >= length for length in FUZZY_FROM)
            alike = tantivy.Query.fuzzy_term_query(self._schema, SPELLED, word.text, distance)
            found.append(tantivy.Query.boost_query(alike, weight * FUZZY_WEIGHT * idf))
        yield found[0] if len(found) == 1 else tantivy.Query.disjunction_max_query(found)

    def _shares(self, field: str, stems: Sequence[str], idf: float, weight: float) -> Iterator[tuple[str, float]]:
        """For each stem the boost with which together they bring `weight` of a word with this idf."""
        total = sum(self.idf(field, one) or 0.0 for one in stems)
        for one in stems:
            yield one, weight * idf / total if total else 0.0

    def known(self, stem: str) -> bool:
        """Whether any passage has this stem, in its text or above it."""
        return any(self._searcher.doc_freq(field, stem) for field in ("stems", "heading"))

    def idf(self, field: str, term: str) -> float | None:
        """The inverse document frequency as BM25 has it; None for a term too common to be of use."""
        try:
            return self._idfs[field, term]
        except KeyError:
            if len(self._idfs) >= KEPT_TERMS:
                self._idfs.clear()
            found = self._idfs[field, term] = self._idf(field, term)
            return found

    def _idf(self, field: str, term: str) -> float | None:
        total, having = self._counted, self._searcher.doc_freq(field, term)
        if total >= COMMON_FROM and having > COMMON * total:
            return None
        return log(1 + (total - having + 0.5) / (having + 0.5))
