"""What a stretch of a document is for: running text, a table of contents, references, or an imprint."""

import re
from collections.abc import Sequence

from ingest.clean.contents import CONTENTS_TITLES, folded
from ingest.types import PassageRole

_REFERENCES = re.compile(
    r"\b(?:literatuur\w*|bronnen\w*|bronvermelding\w*|referenties|bibliografie|geraadpleegde|aangehaalde|eindnoten|voetnoten|"
    r"bronverwijzing\w*|links|references|meer lezen|verder lezen)\b"
)
_IMPRINT = re.compile(r"\b(?:colofon|colophon|impressum|contactgegevens|adresgegevens)\b")
_PAGE_ENTRY = re.compile(r"(?:^|[\s.·…|_])(?:p|pag|blz)?\.?\s?\d{1,3}$")
_REFERENCE = re.compile(r"\((?:19|20)\d\d[a-z]?\)|https?://\S+$|(?:\b\w+,\s+(?:[A-Z]\.\s?)+.*\b(?:19|20)\d\d\b)")
_ADDRESS = re.compile(
    r"\b\d{4}\s?[A-Z]{2}\b|(?<!\d)(?:\+31|0)[\s\d()-]{8,}\d|[\w.+-]+@[\w-]+\.\w+|^(?:www\.|https?://)?[\w-]+\.(?:nl|com|org|eu)\b\S*$|"
    r"^(?:postbus|telefoon\w*|tel|e-mail|kvk|isbn|druk|vormgeving|fotografie|opmaak|ontwerp\w*|redactie|uitgave|drukwerk|kenmerk|t\.a\.v)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\((?:19|20)\d\d[a-z]?\)\.")
_SENTENCE = re.compile(r"[a-zà-ÿ]{2,}[.!?][’'”\")]*$")


def role_of(section: Sequence[str], texts: Sequence[str]) -> PassageRole:
    """Give the role of a passage with these headings above it and these blocks in it."""
    titles = [folded(title) for title in section[-2:]]
    last = titles[-1] if titles else ""
    if any(title in CONTENTS_TITLES for title in titles):
        return "contents"
    if len(last) < 60 and _IMPRINT.search(last):
        return "imprint"
    lines = [line for text in texts for line in text.split("\n") if line]
    running = [line.count(" ") for line in lines if line.count(" ") >= 12 and _is_running(line)]
    if len(last) < 80 and _REFERENCES.search(last) and len(running) * 2 <= len(lines):
        return "references"
    if len(running) >= 2 or len(running) * 3 > len(lines) or max(running, default=0) >= 40:
        return "body"
    return _role_by_lines(lines)


def _role_by_lines(lines: Sequence[str]) -> PassageRole:
    if _share(_PAGE_ENTRY, lines) >= 0.6 and len(lines) >= 4 and all(len(line) < 120 for line in lines):
        return "contents"
    if _share(_REFERENCE, lines) >= 0.5 and len(lines) >= 3:
        return "references"
    if _share(_ADDRESS, lines) >= 0.34 and len(lines) >= 3:
        return "imprint"
    return "body"


def _is_running(line: str) -> bool:
    """Whether a line is a sentence of running text, not an entry of a list of literature."""
    return bool(_SENTENCE.search(line, max(0, len(line) - 8))) and not _YEAR.search(line)


def _share(pattern: re.Pattern[str], lines: Sequence[str]) -> float:
    return sum(bool(pattern.search(line)) for line in lines) / len(lines) if lines else 0.0
