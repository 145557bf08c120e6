"""Rows of a table: of those that the question names, each is about itself, and the others are about something else."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from assistant.choose import Chosen
from assistant.types import CanonicalTexts
from assistant.understand import Question
from ingest.dutch import content_words, stem

CELL = " | "  # between two cells


def named_rows(question: Question, chosen: Sequence[Chosen], canonical: CanonicalTexts) -> list[Chosen]:
    """The sentences with their shares, best first, where the rows of a table that a question names by their first cell
    have the shares of that whole table.

    "Wat doet een netwerkende overheid?" is answered by the row "Netwerkende overheid | ...", whatever the rows around
    it have in common with the question.
    """
    tables: dict[tuple[str, int], list[Chosen]] = defaultdict(list)
    for one in chosen:
        if one.sentence.kind == "table":
            tables[one.sentence.doc_id, one.sentence.block].append(one)
    asked = {word.stem for word in question.words}
    shares: dict[int, float] = {}
    for rows in tables.values():
        block = canonical(rows[0].sentence.doc_id).blocks[rows[0].sentence.block]
        if named := _named(asked, [one for one in rows if one.sentence.start > block.start]):  # the first are headings
            total, of_named = sum(one.score for one in rows), sum(one.score for one in named)
            shares |= {id(one): 0.0 for one in rows}
            shares |= {id(one): total * (one.score / of_named if of_named else 1 / len(named)) for one in named}
    if not shares:
        return list(chosen)
    shared = [replace(one, score=shares.get(id(one), one.score)) for one in chosen]
    return sorted(shared, key=lambda one: -one.score)


def _named(asked: set[str], rows: Sequence[Chosen]) -> list[Chosen]:
    """The rows whose first cell is in the question, word for word; not "gemeente" where "kleine gemeente" is too."""
    labels = [(one, {stem(word) for word in content_words(one.sentence.text.split(CELL)[0])}) for one in rows]
    within = [(one, label) for one, label in labels if label and label <= asked]
    return [one for one, label in within if not any(label < other for _, other in within)]
