"""Lines joined into running text: words that were divided at the end of a line made whole again."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ingest.read.pdf.geometry import Line

_ENDS_DIVIDED = re.compile(r"[^\W\d_]-$")
_HEAD = re.compile(r"[\w'’]+(?:-[\w'’]+)*-$")
_TAIL = re.compile(r"^[\w'’]+(?:-[\w'’]+)*")
_HYPHENATED = re.compile(r"\b[^\W\d_]+(?:-[^\W\d_]+)+\b")
_WHOLE = re.compile(r"[^\W\d_]{5,}")
# "raads- en statenleden": the hyphen stands for the rest of a word that follows later
_SUSPENDED = {"en", "of", "en/of", "tot", "dan", "als", "maar", "noch", "respectievelijk", "resp", "plus"}
# first parts that Dutch spelling joins with a hyphen
_FIRST_PARTS = {
    "aspirant", "adjunct", "bijna", "ex", "interim", "juridisch", "kandidaat", "leerling", "maatschappelijk",
    "midden", "niet", "noord", "non", "oost", "oud", "politiek", "sociaal", "technisch", "vice", "west", "zuid",
}  # fmt: skip
# vowels that would be read as one sound if the hyphen went: "auto-ongeluk", "zee-egel"
# (not "ie", "eu" and "ui": those fall apart in "financi-eel", "muse-um" and "altru-isme")
_CLASHES = {"aa", "ae", "ai", "au", "ee", "ei", "ii", "oe", "oi", "oo", "ou", "uu"}


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words of a document that are not divided over lines: those with a hyphen in them, and whole ones."""

    hyphenated: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Joined:
    """A text, and (offset, page) for each page after the first over which it runs on."""

    text: str
    breaks: tuple[tuple[int, int], ...] = ()


def spelling(texts: Collection[str]) -> Spelling:
    """How the document itself spells its words, by the lines in which they stand undivided."""
    hyphenated: set[str] = set()
    whole: set[str] = set()
    for text in texts:
        inner = _HEAD.sub("", text)
        hyphenated.update(word.lower() for word in _HYPHENATED.findall(inner))
        whole.update(word.lower() for word in _WHOLE.findall(inner))
    return Spelling(frozenset(hyphenated), frozenset(whole))


def joined(lines: Sequence[Line], known: Spelling | None = None) -> Joined:
    """The lines as one text; `known` helps to tell a hyphen that belongs to a word from one that divides it."""
    text = ""
    page = lines[0].page if lines else 0
    breaks: list[tuple[int, int]] = []
    for line in lines:
        text, start = _append(text, line.text, known or Spelling())
        if line.page != page:
            page = line.page
            breaks.append((start, page))
    return Joined(text, tuple(breaks))


def _append(text: str, more: str, known: Spelling) -> tuple[str, int]:
    """The two joined, and the offset where the second starts."""
    if not text:
        return more, 0
    if not more:
        return text, len(text)
    if not _ENDS_DIVIDED.search(text):
        glued = text.endswith(("/", "–")) and not text.endswith((" /", " –")) and "://" not in more
        glued = glued or bool(re.search(r"\d-$", text))
        gap = "" if glued and more[:1].isalnum() else " "
        return text + gap + more, len(text) + len(gap)
    head, tail = _HEAD.search(text), _TAIL.search(more)
    first = head[0][:-1] if head else ""
    last = tail[0] if tail else ""
    if not last or last.lower() in _SUSPENDED:
        return f"{text} {more}", len(text) + 1
    if keeps_hyphen(first, last, known):
        return text + more, len(text)
    return text[:-1] + more, len(text) - 1


def keeps_hyphen(first: str, last: str, known: Spelling) -> bool:
    """True if `first-last`, divided over two lines after the hyphen, is a word with a hyphen in it."""
    if f"{first}-{last}".lower() in known.hyphenated:
        return True
    if (first + last).lower() in known.whole:
        return False
    if last[0].isupper() or last[0].isdigit() or first[-1:].isdigit():
        return True
    part = first.rsplit("-", 1)[-1]
    if len(part) > 1 and part.isupper():  # VNG-bureau
        return True
    return part.lower() in _FIRST_PARTS or (part[-1:] + last[:1]).lower() in _CLASHES
