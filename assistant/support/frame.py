"""What of a statement is quoted, what only says where it is quoted from, and what is left."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, pairwise

from assistant.support.marked import OF_WORD, REPORTING
from assistant.support.spelled import spelled
from assistant.support.word_forms import forms
from ingest.dutch import STOP_WORDS, TOKEN
from ingest.sentences import sentences

QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|^– (.+)$", re.MULTILINE)
TRIM = " \t\n“”\"'‘’«»*.,;:!–-…"  # not the question mark: a question says nothing
OPENS = re.compile(
    r"\b(?:volgens|aldus|according to)\s|\b(?:in|uit|van|from)\s+(?:(?:de|het|the)\s+)?"
    r"(?=(?:document|rapport|essay|blog|jaarbericht|publicatie|brief|raadsbrief|visie|interview|nota)\b)",
    re.IGNORECASE,
)
# Who says or thinks it, in a quote or in what is said of it.
SAYS = re.compile(r"\b(?:volgens|aldus|according to)\s", re.IGNORECASE)
SOURCE_WORDS = 6  # words after it among which the name stands
ANSWERS = {"ja", "nee", "yes", "no", "echter", "toch"}
# English words that a frame is made of, besides those that are stop words of the analyser.
ENGLISH = frozenset("his her itself two both different also there under here see more".split())
# What a frame may be made of beside what is known of the document.
ALLOWED = (STOP_WORDS | REPORTING | ENGLISH) - (OF_WORD.keys() - REPORTING) - ANSWERS
KEPT = 4_096  # titles, headings and the like of which it is kept what words they have
SPACE = re.compile(r"\s+")
DASH = re.compile(r"\s+–\s+")


def without_quotes(statement: str, quotes: Sequence[str]) -> tuple[str, int]:
    """What a statement says besides whole sentences of the quotes, and how many times it repeats any of these.

    A few words out of a sentence are no quote here: "niet" can be left out before them.
    """
    stand = [[_even(quote[start:end]) for start, end in sentences(quote)] for quote in quotes]
    wholes = {_even(quote) for quote in quotes} | {_even(" ".join(quotes))}

    def repeats(text: str) -> bool:
        said = _even(text)
        return bool(said) and (said in wholes or any(_whole(said, one) for one in stand))

    if repeats(statement) or repeats(re.sub(r"\n– ", " ", statement)):
        return "", 1
    rest, found = _without_wholes(statement, quotes)

    def taken(match: re.Match[str]) -> str:
        nonlocal found
        text = next(group for group in match.groups() if group is not None)
        if repeats(text) or repeats(re.sub(r"\n– ", " ", text)):
            found += 1
            return " "
        return f" {text} "

    rest = QUOTED.sub(taken, rest)
    return rest, found


def _without_wholes(statement: str, quotes: Sequence[str]) -> tuple[str, int]:
    """The statement without each quote that stands in it whole, whatever marks are within it, and how many there were.

    The items of a list in a quote may each stand on a line of its own.
    """
    found = 0
    for quote in sorted(set(quotes), key=len, reverse=True):
        said = quote.split()
        at = statement.find("“")
        while at >= 0:
            if end := _quote_end(statement, at + 1, said):
                statement = f"{statement[:at]} {statement[end:]}"
                found += 1
            at = statement.find("“", at + 1)
    return statement, found


def _quote_end(statement: str, at: int, said: Sequence[str]) -> int:
    """Where the quote ends, with its mark, that begins here with these words and no others; 0 where it does not.

    By hand, for a pattern of a whole quote takes longer to make than all the rest of the check.
    """
    for number, word in enumerate(said):
        if number:
            gaps = (found for gap in (SPACE, DASH) if (found := gap.match(statement, at)))
            at = next((gap.end() for gap in gaps if statement.startswith(word, gap.end())), -1)
        if at < 0 or not statement.startswith(word, at):
            return 0
        at += len(word)
    return at + 1 if statement.startswith("”", at) else 0


def is_frame(rest: str, about: Sequence[str], repeated: int) -> bool:
    """Whether text around quotes only reports them: words for that, and words about the document.

    A number in it is one about the document, or how many quotes there are. Words about the document that follow each
    other do so there too: "november 2020" is not "november 2026" of a document about 2020.
    """
    if not (said := _words(rest)):
        return True
    known = _forms_in(about)
    if not all(word in ALLOWED or bool(forms(word) & known) or word == str(repeated) for word in said):
        return False
    beside = set().union(*map(_pairs_in, about))
    return all(pair in beside or ALLOWED.intersection(pair) for pair in _pairs(rest))


def sources(text: str) -> set[str]:
    """The names that a text gives as whose words or thoughts these are: "volgens wethouder Hulst", "aldus de VNG"."""
    found: set[str] = set()
    for opens in SAYS.finditer(text):
        for match in islice(TOKEN.finditer(text, opens.end()), SOURCE_WORDS):
            if re.search(r"[,.;:]", text[opens.end() : match.start()]):
                break
            if match[0][0].isupper():
                found.update(form for word in _words(match[0]) for form in forms(word))
    return found


def without_attribution(text: str, about: Sequence[str]) -> str:
    """The text without the words that say which document says it: "Volgens de Woonvisie (2024)"."""
    known = _forms_in(about)
    if not known:
        return text

    def is_about(word: str) -> bool:
        return word in REPORTING or word in {"de", "het", "een", "van", "the"} or bool(forms(word) & known)

    while opens := OPENS.search(text):
        end = opens.end()
        for match in TOKEN.finditer(text, opens.end()):
            gap = text[end : match.start()]
            if re.search(r"[,.;:]", gap) or not all(map(is_about, _words(match[0]))):
                break
            end = match.end()
        if end == opens.end():
            return text
        text = f"{text[: opens.start()]} {text[end:].lstrip(',:) ')}"
    return text


def _forms_in(texts: Sequence[str]) -> set[str]:
    """The forms of all words of these texts."""
    return set().union(*map(_forms_of_text, texts))


@lru_cache(maxsize=KEPT)
def _forms_of_text(text: str) -> frozenset[str]:
    return frozenset(form for word in _words(text) for form in forms(word))


@lru_cache(maxsize=KEPT)
def _pairs_in(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(_pairs(text))


def _pairs(text: str) -> list[tuple[str, str]]:
    """The words of a text that directly follow each other, with nothing but white space between."""
    plain = spelled(text)
    tokens = list(TOKEN.finditer(plain))
    near = [(one, other) for one, other in pairwise(tokens) if not plain[one.end() : other.start()].strip()]
    return [(first[-1], last[0]) for one, other in near if (first := _apart(one[0])) and (last := _apart(other[0]))]


def _words(text: str) -> list[str]:
    return [part for token in TOKEN.findall(spelled(text)) for part in _apart(token)]


def _apart(token: str) -> list[str]:
    return [token] if token[0].isdigit() else [part for part in re.split(r"[.,'’]", token) if part]


def _even(text: str) -> str:
    """The text as it is compared: white space even, no punctuation around it, no capital in front."""
    plain = " ".join(text.split()).strip(TRIM)
    return plain[:1].lower() + plain[1:]


def _whole(said: str, units: Sequence[str]) -> bool:
    """Whether something said is one or more whole sentences in a row."""
    for first in range(len(units)):
        joined = ""
        for unit in units[first:]:
            joined = f"{joined} {unit}" if joined else unit
            if _even(re.sub(r"[.;:,!?] ", " ", joined)) == re.sub(r"[.;:,!?] ", " ", said):
                return True
            if len(joined) > len(said) + len(units):
                break
    return False
