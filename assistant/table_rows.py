"""Rows of a table: one that the question names is about what is asked, and the others are about something else."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.choose import Chosen
from assistant.types import CanonicalTexts
from assistant.understand import Question
from ingest.dutch import content_words, stem
from ingest.types import CanonicalText

CELL = " | "  # between two cells


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that begins at `start`, with the stems of its first cell, by which it is named, and of all of it."""

    start: int
    name: frozenset[str]
    stems: frozenset[str]


def named_rows(question: Question, chosen: Sequence[Chosen], canonical: CanonicalTexts) -> list[Chosen]:
    """The sentences with their shares, best first, where the rows of a table that a question names by their first cell
    have the shares of that whole table.

    "Wat doet een netwerkende overheid?" is answered by the row "Netwerkende overheid | ...", whatever the rows around
    it have in common with the question. Not so where another row has a word of the question that these have not.
    """
    tables: dict[tuple[str, int], list[Chosen]] = defaultdict(list)
    for one in chosen:
        if one.sentence.kind == "table":
            tables[one.sentence.doc_id, one.sentence.block].append(one)
    asked = frozenset(word.stem for word in question.words)
    shares: dict[int, float] = {}
    for (doc_id, block), sentences in tables.items():
        rows = _rows(canonical(doc_id), block)
        named = {row.start for row in _named(asked, rows)}
        begins = [max(row.start for row in rows if row.start <= one.sentence.start) for one in sentences]
        within = [one for one, begin in zip(sentences, begins, strict=True) if begin in named]
        if within:
            total, of_named = sum(one.score for one in sentences), sum(one.score for one in within)
            shares |= {id(one): 0.0 for one in sentences}
            shares |= {id(one): total * (one.score / of_named if of_named else 1 / len(within)) for one in within}
    if not shares:
        return list(chosen)
    shared = [replace(one, score=shares.get(id(one), one.score)) for one in chosen]
    return sorted(shared, key=lambda one: -one.score)


def _rows(text: CanonicalText, block: int) -> list[_Row]:
    found = []
    start = text.blocks[block].start
    for line in text.text[start : text.blocks[block].end].split("\n"):
        found.append(_Row(start, _stems(line.split(CELL)[0]), _stems(line)))
        start += len(line) + 1
    return found


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(text))


def _named(asked: frozenset[str], rows: Sequence[_Row]) -> list[_Row]:
    """The rows that are named, word for word; not "gemeente" where "kleine gemeente" is too.

    None where the first is, which mostly has the headings, or where one that is not named has something of the question
    that neither these nor the first have.
    """
    within = [row for row in rows if row.name and row.name <= asked]
    named = [row for row in within if not any(row.name < other.name for other in within)]
    if not named or rows[0] in named:
        return []
    known = rows[0].stems.union(*(row.stems for row in named))
    others = (row for row in rows if row not in named)
    return [] if any((row.stems & asked) - known for row in others) else named
