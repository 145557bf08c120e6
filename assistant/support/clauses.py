"""A text as the support check reads it: sentences of words, each with where it stands and what governs it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.support.marked import LIGHT, NOT_CONTENT, WORDS_KEPT
from assistant.support.spelled import spelled
from assistant.support.word_forms import forms
from ingest.dutch import STOP_WORDS, TOKEN
from ingest.sentences import sentences

DETERMINERS = frozenset("de het een deze die dit dat zijn haar hun ons onze mijn jouw uw elke elk alle".split())
PREPOSITIONS = frozenset(
    "aan achter als bij binnen boven buiten dan door in langs met na naar naast om onder op over per rond sinds te "
    "tegen tegenover tijdens tot tussen uit van vanaf vanuit via volgens voor zonder".split()
)
YEAR = re.compile(r"(?:1[6-9]|20)\d\d")
ADJECTIVE = ("e", "aal", "iek", "isch", "ig")
LINKS = frozenset("en of noch dan als".split())
# What a clause ends with: punctuation between two words, or a conjunction.
BREAK = re.compile(r"[,;:()|–—…]|\s-\s")
SUBORDINATE = frozenset("maar omdat doordat want terwijl hoewel zodat waardoor tenzij mits indien".split())
# A clause on its own begins after these: what is said before does not bear on it.
MAIN = re.compile(r"[;|\n]|,\s+(?:maar|en|of|want|dus)\b|\bmaar\b")
APOSTROPHE = re.compile(r"['’]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence: folded, with its number of clause and of main clause, and the preposition before it."""

    text: str
    clause: int
    main: int
    capital: bool
    content: bool
    governed: str | None
    argument: bool

    @property
    def number(self) -> bool:
        """Whether it is a number."""
        return self.text[0].isdigit()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a line of a list or table, as its words."""

    text: str
    words: tuple[Word, ...]
    plain: frozenset[str]
    stems: frozenset[str]

    def content(self) -> list[Word]:
        """The words that say what it is about."""
        return [word for word in self.words if word.content]


def read(text: str) -> list[Sentence]:
    """The sentences of a text."""
    return [read_sentence(text[start:end]) for start, end in sentences(text)]


def read_sentence(text: str) -> Sentence:
    """One sentence of a text."""
    capitals = _capitals(text)
    plain = spelled(text)
    found: list[tuple[str, int, int]] = []
    clause = main = last = 0
    for match in TOKEN.finditer(plain):
        between = plain[last : match.start()]
        main += len(MAIN.findall(plain[max(0, last - 1) : match.end()])) if last else 0
        for word in _words(match[0]):
            clause += bool(last and BREAK.search(between)) or word in SUBORDINATE
            between = ""
            found.append((word, clause, main))
        last = match.end()
    texts = [word for word, _, _ in found]
    words = tuple(
        Word(
            word,
            clause,
            main,
            word in capitals,
            is_content(word),
            _governed(texts, at) if word in capitals or _in_noun_phrase(texts, at) else None,
            at == 0 or word in capitals or _in_noun_phrase(texts, at),
        )
        for at, (word, clause, main) in enumerate(found)
    )
    return Sentence(
        text,
        words,
        frozenset(texts),
        frozenset(form for word in texts for form in forms(word)),
    )


def is_content(word: str) -> bool:
    """Whether a folded word says something of what a sentence is about."""
    return word in LIGHT or word in WORDS_KEPT or (word not in STOP_WORDS and word not in NOT_CONTENT)


def _capitals(text: str) -> set[str]:
    """The folded words that are written with a capital, the first word of the sentence not counted."""
    found = set()
    for at, match in enumerate(TOKEN.finditer(text)):
        if match[0][0].isupper() and (at or any(c.isupper() for c in match[0][1:])):
            found.update(_words(spelled(match[0])))
    return found


def _words(token: str) -> list[str]:
    if token[0].isdigit() and re.fullmatch(r"[\d.]+", token):
        return [token]
    return [part for part in re.split(r"[.,\s]", APOSTROPHE.sub("", token)) if part]


def _governed(texts: Sequence[str], at: int) -> str | None:
    """The preposition before a word, at most one word (an adjective or number) and its article away."""
    others = 0
    for before in reversed(texts[max(0, at - 4) : at]):
        if before in PREPOSITIONS:
            return before
        if before in DETERMINERS:
            continue
        others += 1
        if others > 1 or not describes(before):
            return None
    return None


def _in_noun_phrase(texts: Sequence[str], at: int) -> bool:
    before = [*texts[max(0, at - 2) : at]]
    opens = DETERMINERS | PREPOSITIONS
    return bool(before) and (before[-1] in opens or (before[0] in opens and describes(before[-1])))


def describes(word: str) -> bool:
    """Whether a word may stand between an article and its noun: a number, or what looks like an adjective."""
    if word[0].isdigit():
        return not YEAR.fullmatch(word)
    return word.endswith(ADJECTIVE) and word not in LINKS
