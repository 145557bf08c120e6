"""Other words for the same thing, so that a text can be said differently: synonyms and English."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import Stemmer

from ingest.model.vocabulary import Ints, Ragged, WordTable, fold_words
from ingest.thesaurus import Entry, Group


@dataclass(frozen=True, slots=True)
class WordGroup:
    """A group of the thesaurus as folded words and short phrases that can stand for each other.

    `triggers` are those that mean nothing else, and so may be replaced by others.
    """

    dutch: tuple[str, ...]
    english: tuple[str, ...]
    triggers: frozenset[str]


def word_groups(groups: Iterable[Group]) -> tuple[WordGroup, ...]:
    """The groups of a thesaurus."""
    return tuple(
        WordGroup(
            tuple(_folded(entry) for entry in group.dutch),
            _with_plurals([_folded(entry) for entry in group.english]),
            frozenset(_folded(entry) for entry in (*group.dutch, *group.english) if not entry.ambiguous),
        )
        for group in groups
    )


def phrases(groups: Iterable[WordGroup]) -> list[str]:
    """Every word and phrase of the groups, once."""
    return list(dict.fromkeys(entry for group in groups for entry in (*group.dutch, *group.english)))


class Substitutes:
    """For each word of a table the words and phrases that may replace it: English half of the time, if there is any."""

    def __init__(self, groups: Sequence[WordGroup], table: WordTable) -> None:
        dutch, english = Stemmer.Stemmer("dutch_porter"), Stemmer.Stemmer("english")
        by_dutch = _index(groups, lambda group: group.dutch, dutch)
        by_english = _index(groups, lambda group: group.english, english)
        rows_dutch, rows_english = [], []
        for word in table.ids:
            found = by_dutch.get(dutch.stemWord(word), []) or by_english.get(english.stemWord(word), [])
            rows_dutch.append([table.ids[e] for g in found for e in g.dutch if e != word])
            rows_english.append([table.ids[e] for g in found for e in g.english if e != word])
        self._dutch, self._english = Ragged.of(rows_dutch), Ragged.of(rows_english)

    def replace(self, words: Ints, chance: float, rng: np.random.Generator) -> Ints:
        """The words, each replaced with probability `chance` where there is something to replace it by."""
        chosen = np.flatnonzero(rng.random(len(words)) < chance)
        to_english = rng.random(len(chosen)) < 0.5
        result = words.copy()
        for rows, part in ((self._english, chosen[to_english]), (self._dutch, chosen[~to_english])):
            starts = rows.starts[words[part]]
            sizes = rows.starts[words[part] + 1] - starts
            pick = starts + (rng.random(len(part)) * sizes).astype(np.int64)
            result[part[sizes > 0]] = rows.flat[pick[sizes > 0]]
        return result


def _folded(entry: Entry) -> str:
    return " ".join(fold_words(entry.text))


def _with_plurals(entries: Sequence[str]) -> tuple[str, ...]:
    """The entries, and the plural that a single English word most likely has."""
    plurals = [
        entry[:-1] + "ies" if entry[-1] == "y" and entry[-2] not in "aeiou" else entry + "s"
        for entry in entries
        if " " not in entry and len(entry) > 3 and entry[-1] != "s"
    ]
    return tuple(dict.fromkeys((*entries, *plurals)))


def _index(
    groups: Iterable[WordGroup], side: Callable[[WordGroup], tuple[str, ...]], stemmer: Stemmer.Stemmer
) -> dict[str, list[WordGroup]]:
    """The groups in which a single word of that stem stands."""
    index: dict[str, list[WordGroup]] = defaultdict(list)
    for group in groups:
        words = [entry for entry in side(group) if " " not in entry and entry in group.triggers]
        for stem in dict.fromkeys(stemmer.stemWord(word) for word in words):
            index[stem].append(group)
    return index
