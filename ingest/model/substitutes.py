"""Other words for the same thing, so that a text can be said differently: synonyms and English."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import Stemmer

from ingest.model.vocabulary import Ints, Ragged, WordTable, fold_words

WORDS = Path(__file__).parent / "words.txt"


@dataclass(frozen=True, slots=True)
class Group:
    """Words and short phrases that can stand for each other."""

    dutch: tuple[str, ...]
    english: tuple[str, ...]


def read_groups(path: Path = WORDS) -> tuple[Group, ...]:
    """The groups of the word list, a line each: `Dutch, Dutch = English, English`."""
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    sides = (line.partition("=") for line in lines)
    return tuple(Group(_entries(dutch), _with_plurals(_entries(english))) for dutch, _, english in sides)


def phrases(groups: Iterable[Group]) -> list[str]:
    """Every word and phrase of the groups, once."""
    return list(dict.fromkeys(entry for group in groups for entry in (*group.dutch, *group.english)))


class Substitutes:
    """For each word of a table the words and phrases that may replace it: English half of the time, if there is any."""

    def __init__(self, groups: Sequence[Group], table: WordTable) -> None:
        dutch, english = Stemmer.Stemmer("dutch"), Stemmer.Stemmer("english")
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


def _entries(side: str) -> tuple[str, ...]:
    return tuple(" ".join(fold_words(entry)) for entry in side.split(","))


def _with_plurals(entries: tuple[str, ...]) -> tuple[str, ...]:
    """The entries, and the plural that a single English word most likely has."""
    plurals = [
        entry[:-1] + "ies" if entry[-1] == "y" and entry[-2] not in "aeiou" else entry + "s"
        for entry in entries
        if " " not in entry and len(entry) > 3 and entry[-1] != "s"
    ]
    return tuple(dict.fromkeys((*entries, *plurals)))


def _index(
    groups: Iterable[Group], side: Callable[[Group], tuple[str, ...]], stemmer: Stemmer.Stemmer
) -> dict[str, list[Group]]:
    """The groups in which a single word of that stem stands."""
    index: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        for stem in dict.fromkeys(stemmer.stemWord(entry) for entry in side(group) if " " not in entry):
            index[stem].append(group)
    return index
