"""Characters that an extraction left wrong -> the text as it was printed: ligatures, spaces, cut words, line ends."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

from ingest.clean.flow import is_address, leaves_open
from ingest.types import Block

Breaks = tuple[tuple[int, int | None], ...]
Replacement = str | Callable[[re.Match[str]], str]

_SPELLED = {
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "ĳ": "ij", "Ĳ": "IJ",
    **dict.fromkeys("\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a", " "),
    **dict.fromkeys("\u202f\u205f\u3000", " "),
    **dict.fromkeys("\u2028\u2029\x0b\x0c\x85", "\n"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\ufffe", ""),
    "\u2010": "-", "\u2011": "-",
}  # fmt: skip
# U+0000-U+001F without tab and newline, delete, the private use area (bullets of symbol fonts) and surrogates.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff\ud800-\udfff]")
_ODD = re.compile(f"[{''.join(map(re.escape, _SPELLED))}]")
_WRONG = re.compile(f"{_ODD.pattern[:-1]}\u00ad{_UNPRINTABLE.pattern[1:]}")
_SOFT_HYPHEN = re.compile("\u00ad[ \t\u00a0]*\n?[ \t\u00a0]*")
_RAISED_FIGURE = re.compile(r"(?<=\S)<sup>\s*(\d+)\s*</sup>", re.IGNORECASE)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_TAG = re.compile(r"</?(?:b|i|u|em|strong|sup|sub|span|font|small|div|p|br|a)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_STARS = re.compile(r"\*\*+")
_CUT = re.compile(r"([^\W_]*[^\W\d_])-(?:[ ]*\n[ ]*|([ ]+))([^\W_]+)")
# "opgaven -anders gezegd- niet": a hyphen used as a dash has its other half before it.
_OPEN_DASH = re.compile(r"(?:^|\s)-\w[^-]*$")
_INNER_HYPHEN = re.compile(r"-(?=[^\W\d_]{4})")
_WORD_BEFORE = re.compile(r"(?<![\w-])[^\W\d_]{4,}$")
_WORD_AFTER = re.compile(r"[^\W\d_]{4,}(?![\w-])")
_TOKEN = re.compile(r"[\w-]+")
_UNEVEN = re.compile(r"  |\n\n|\n | \n")
_SPACES = re.compile(r"[ ]{2,}|[ ]+(?=\n)|(?<=\n)[ ]+|\n{2,}")
# "sociaal- en jeugdbeleid": after these words the hyphen stands for the rest of the compound.
_CONJUNCTIONS = frozenset("en of dan tot als maar noch respectievelijk resp and or ofwel dan wel c.q".split())
_HYPHEN_PREFIXES = frozenset(
    "ex non niet oud semi pseudo quasi anti pro bijna adjunct aspirant interim vice kandidaat".split()
)
# Two vowels that would be read as one sound: Dutch spelling keeps the hyphen between them.
_CLASH = re.compile(r"a[aeiu]|e[eiu]|i[ij]|o[eiou]|u[iu]")


class Vocabulary:
    """The words of one document, counted when first asked for: what tells a cut word from a compound."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = texts
        self._counts: Counter[str] | None = None

    def __getitem__(self, word: str) -> int:
        """Give how often the document has `word`, whatever its capitals; hyphenated words count as one."""
        if self._counts is None:
            self._counts = Counter()
            for text in self._texts:
                self._counts.update(_TOKEN.findall(text.lower()))
        return self._counts[word.lower()]


def tidy(block: Block, vocabulary: Vocabulary) -> Block:
    """Give the block with its characters put right; page breaks in it move along."""
    text, breaks = block.text, block.breaks
    if _WRONG.search(text):
        text, breaks = _put_right(text, breaks)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text, breaks = _composed(text, breaks)
    if "<" in text:
        text, breaks = substitute(_RAISED_FIGURE, lambda m: m[1].translate(_RAISED), text, breaks)
        text, breaks = substitute(_TAG, "", text, breaks)
    if "**" in text:
        text, breaks = substitute(_STARS, "", text, breaks)
    if "-" in text:
        if "- " in text or "-\n" in text:
            text, breaks = substitute(_CUT, lambda m: _mend(m, vocabulary), text, breaks)
        text, breaks = substitute(_INNER_HYPHEN, lambda m: _unhyphened(m, vocabulary), text, breaks)
    if "\n" in text and block.kind != "table":
        text, breaks = unwrap(text, breaks)
    if _UNEVEN.search(text):
        text, breaks = substitute(_SPACES, lambda m: "\n" if "\n" in m[0] or _at_line_edge(m) else " ", text, breaks)
    return _trimmed(block, text, breaks)


def _at_line_edge(found: re.Match[str]) -> bool:
    return False if found.end() >= len(found.string) else found.string[found.end()] == "\n"


def _put_right(text: str, breaks: Breaks) -> tuple[str, Breaks]:
    for pattern, replacement in (
        (_SOFT_HYPHEN, ""),
        (_ODD, lambda m: _SPELLED[m[0]]),
        (_UNPRINTABLE, ""),
    ):
        text, breaks = substitute(pattern, replacement, text, breaks)
    return text, breaks


def _composed(text: str, breaks: Breaks) -> tuple[str, Breaks]:
    """Letters with their accents as one character, a page at a time so that the breaks stay where they are."""
    pieces, moved, length = [], [], 0
    for (start, page), end in zip([(0, 0), *breaks], [*(offset for offset, _ in breaks), len(text)], strict=True):
        if start:
            moved.append((length, page))
        pieces.append(unicodedata.normalize("NFC", text[start:end]))
        length += len(pieces[-1])
    return "".join(pieces), tuple(moved)


def substitute(pattern: re.Pattern[str], replacement: Replacement, text: str, breaks: Breaks) -> tuple[str, Breaks]:
    """Give what `pattern.sub` gives, and the page breaks of the text at their new offsets."""
    if not breaks:
        return pattern.sub(replacement, text), breaks
    pieces, moved, done, length, waiting = [], [], 0, 0, list(breaks)
    for found in pattern.finditer(text):
        new = found.expand(replacement) if isinstance(replacement, str) else replacement(found)
        while waiting and waiting[0][0] < found.end():
            offset, page = waiting.pop(0)
            # Measured from the end: what is cut from a broken word stands before its second half.
            inside = max(0, len(new) - (found.end() - offset)) if offset > found.start() else 0
            at = length + min(offset, found.start()) - done + inside
            moved.append((at, page))
        pieces += [text[done : found.start()], new]
        length += found.start() - done + len(new)
        done = found.end()
    moved += [(length + offset - done, page) for offset, page in waiting]
    return "".join([*pieces, text[done:]]), tuple(moved)


def _mend(found: re.Match[str], vocabulary: Vocabulary) -> str:
    """A word cut at a line end is made whole; a hyphen that belongs there stays."""
    left, gap, right = found.groups()
    if gap and _OPEN_DASH.search(found.string, 0, found.start()):
        return found[0]
    return mended(left, right, vocabulary, at_line_end=gap is None) or found[0]


def mended(left: str, right: str, vocabulary: Vocabulary, *, at_line_end: bool) -> str:
    """Give `left-` and `right` as one; "" where the hyphen in the middle of a line is no cut at all."""
    joined, hyphened = left + right, f"{left}-{right}"
    if right.lower() in _CONJUNCTIONS:
        return f"{left}- {right}"
    if vocabulary[joined]:
        return joined
    if not at_line_end:
        return joined if not vocabulary[left] and vocabulary[right] < 2 and right[0].islower() else ""
    shouted = left.isupper() and len(left) > 1
    if (right.isupper() and shouted and len(left) > 4) or not vocabulary[hyphened]:
        keep = (
            not (right[0].islower() or (shouted and right.isupper()))
            or (shouted and right[0].islower())
            or left.lower() in _HYPHEN_PREFIXES
            or bool(_CLASH.fullmatch((left[-1] + right[0]).lower()))
        )
        return hyphened if keep else joined
    return hyphened


def _unhyphened(found: re.Match[str], vocabulary: Vocabulary) -> str:
    """A hyphen within a line is left from a cut where the document writes the same word without it more often."""
    at = found.start()
    left, right = _WORD_BEFORE.search(found.string, max(0, at - 40), at), _WORD_AFTER.match(found.string, at + 1)
    if left is None or right is None or not right[0][0].islower():
        return "-"
    return "" if vocabulary[left[0] + right[0]] > vocabulary[f"{left[0]}-{right[0]}"] else "-"


def unwrap(text: str, breaks: Breaks) -> tuple[str, Breaks]:
    """Give the text with the line ends of a column taken out, and those a writer meant kept."""
    lines = text.split("\n")
    running = sum(line[:1].islower() and not is_address(line) for line in lines[1:])
    if len(lines) > 3 and running * 2 >= len(lines) - 1 and not any(is_address(line) for line in lines):
        return text.replace("\n", " "), breaks
    ends = [not _runs_on(before, after) for before, after in pairwise(lines)]
    wanted = iter(ends)
    return substitute(re.compile("\n"), lambda _: "\n" if next(wanted) else " ", text, breaks)


_FULL_LINE = 60
_LONE_LABEL = re.compile(r"(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]+|[A-Za-z])[.)]$")


def _runs_on(before: str, after: str) -> bool:
    before, after = before.strip(), after.strip()
    if not before or not after or is_address(after):
        return not before or not after
    if _LONE_LABEL.match(before):
        return True
    if after[0].islower():
        return before[-1] not in ".!?:" or len(before) >= _FULL_LINE
    if len(before) >= _FULL_LINE:
        return before[-1] not in ".!?:;"
    # "Namens het bestuur," and "Met vriendelijke groet," close a line of a letter.
    return leaves_open(before) and before[-1] != ","


def _trimmed(block: Block, text: str, breaks: Breaks) -> Block:
    whole = text.strip()
    if whole == block.text and breaks == block.breaks:
        return block
    lead = len(text) - len(text.lstrip())
    kept = tuple((max(0, offset - lead), page) for offset, page in breaks if offset - lead < len(whole))
    starts = [page for offset, page in kept if offset == 0]
    page = starts[-1] if starts else block.page
    return replace(block, text=whole, page=page, breaks=tuple(item for item in kept if item[0] > 0))
