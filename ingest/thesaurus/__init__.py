"""The thesaurus: words and phrases that people use for one another, and their English. README.md describes the files.

A question in everyday words, or in English, finds the text that uses other words; training replaces words by others of
their group. A municipality adds files of its own; a library adds the abbreviations that its documents explain.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from ingest.dutch import content_words, english_stem, stem
from ingest.errors import ThesaurusError

FOLDER = Path(__file__).parent
LONGEST = 4  # content words of a phrase that is looked for in a question
AMBIGUOUS = "?"
KEPT_KEYS = 50_000  # of the texts that were looked up last: more than the thesaurus itself has


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase. `ambiguous`: it also means something else, so that it does not bring its group into play."""

    text: str
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Words and short phrases for one thing, in Dutch and in English."""

    dutch: tuple[Entry, ...]
    english: tuple[Entry, ...] = ()


def read_groups(folder: Path = FOLDER) -> tuple[Group, ...]:
    """All groups of the `.txt` files of a folder, in order of name; raises ThesaurusError."""
    if not folder.is_dir():
        raise ThesaurusError(str(folder), 0, "there is no such directory")
    return tuple(group for path in sorted(folder.glob("*.txt")) for group in read_file(path))


def read_file(path: Path) -> tuple[Group, ...]:
    """The groups of one file; raises ThesaurusError with the line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()  # Notepad puts a mark before the text
    except (OSError, UnicodeDecodeError) as error:
        raise ThesaurusError(path.name, 0, str(error)) from error
    groups = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            dutch, _, english = line.partition("=")
            group = Group(_entries(dutch), _entries(english))
            if not group.dutch or len(group.dutch) + len(group.english) < 2 or "=" in english:
                raise ThesaurusError(path.name, number, line.strip())
            groups.append(group)
    return tuple(groups)


def _entries(side: str) -> tuple[Entry, ...]:
    texts = (part.strip() for part in side.split(","))
    return tuple(Entry(text.rstrip(AMBIGUOUS).strip(), text.endswith(AMBIGUOUS)) for text in texts if text.strip("? "))


class Thesaurus:
    """Groups, found by the words of a question. Inflected words are found too; an English word by its English stem."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._groups = tuple(groups)

    # Each index is made at the first question that needs it: most libraries never see an English one.

    @cached_property
    def _dutch(self) -> dict[tuple[str, ...], list[Group]]:
        return _index(((group, group.dutch) for group in self._groups), dutch_key)

    @cached_property
    def _english(self) -> dict[tuple[str, ...], list[Group]]:
        return _index(((group, group.english) for group in self._groups), english_key)

    def synonyms(self, words: Sequence[str]) -> list[tuple[int, int, tuple[str, ...]]]:
        """(begin, end, the other words and phrases) for each stretch of these Dutch words that is in a group."""
        found = _find([stem(word) for word in words], self._dutch)
        own = [tuple(stem(word) for word in words[begin:end]) for begin, end, _ in found]
        return [
            (begin, end, tuple(text for text in texts if dutch_key(text) != key))
            for (begin, end, texts), key in zip(found, own, strict=True)
        ]

    def translations(self, words: Sequence[str]) -> list[tuple[int, int, tuple[str, ...]]]:
        """(begin, end, the Dutch words and phrases) for each stretch of these English words that is in a group."""
        return _find([english_stem(word) for word in words], self._english)


def _index(
    sides: Iterable[tuple[Group, Sequence[Entry]]], key_of: Callable[[str], tuple[str, ...]]
) -> dict[tuple[str, ...], list[Group]]:
    """Key -> the groups that an unambiguous entry with that key is in."""
    index: dict[tuple[str, ...], list[Group]] = defaultdict(list)
    for group, entries in sides:
        keys = ((key_of(entry.text), entry) for entry in entries if not entry.ambiguous)
        for key in dict.fromkeys(key for key, entry in keys if _tells(key, entry)):
            index[key].append(group)
    return index


def _tells(key: tuple[str, ...], entry: Entry) -> bool:
    """Whether an entry can be recognised by its key: "te voet" is more than the word "voet"."""
    return 0 < len(key) <= LONGEST and (len(key) > 1 or len(entry.text.split()) == 1)


def _find(
    stems: Sequence[str], index: Mapping[tuple[str, ...], Sequence[Group]]
) -> list[tuple[int, int, tuple[str, ...]]]:
    """Longer stretches first; one that lies within a longer one that was found is left out."""
    found: list[tuple[int, int, tuple[str, ...]]] = []
    for length in range(min(LONGEST, len(stems)), 0, -1):
        for begin in range(len(stems) - length + 1):
            end = begin + length
            groups = index.get(tuple(stems[begin:end]), ())
            if groups and not any(b <= begin and end <= e for b, e, _ in found):
                texts = dict.fromkeys(entry.text for group in groups for entry in group.dutch)
                found.append((begin, end, tuple(texts)))
    return found


@lru_cache(maxsize=KEPT_KEYS)
def dutch_key(text: str) -> tuple[str, ...]:
    """What a Dutch word or phrase is looked up by: the stems of its content words."""
    return tuple(stem(word) for word in content_words(text))


def english_key(text: str) -> tuple[str, ...]:
    """What an English word or phrase is looked up by: the stems of its content words."""
    return tuple(english_stem(word) for word in content_words(text))


@cache
def load_thesaurus(own: Path | None = None) -> Thesaurus:
    """The thesaurus of this project, with the files of the folder `own` added; raises ThesaurusError."""
    return Thesaurus((*read_groups(), *(read_groups(own) if own else ())))
