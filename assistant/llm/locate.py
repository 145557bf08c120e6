"""Where the words that a model quotes stand in a document."""

import re
import unicodedata

from ingest.sentences import sentences
from ingest.types import CanonicalText

SHORTEST = 8  # letters and digits of a quote; of fewer it is chance where they stand
SAME = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "‐": "-",
                      "‑": "-", "–": "-", "—": "-"})  # fmt: skip
HYPHENATED = re.compile(r"(?<=\w)-\n\s*(?=[a-zà-ÿ])")


def locate(quote: str, canonical: CanonicalText, start: int, end: int) -> tuple[int, int] | None:
    """Where a quote stands in the canonical text, widened to whole sentences; None when it does not stand there.

    It must begin within [start, end), and may run on. White space, hyphenation at the end of a line, ligatures, soft
    hyphens, sorts of quotation marks and dashes, and the case of its first letter may differ: nothing else.
    """
    wanted, _ = _compared(quote)
    wanted = wanted.rstrip(".…")
    if sum(map(str.isalnum, wanted)) < SHORTEST:
        return None
    reach = min(len(canonical.text), end + 2 * len(quote) + 200)
    stretch, places = _compared(canonical.text[start:reach])
    at = next((at for at in _all_places(wanted, stretch) if start + places[at] < end), None)
    if at is None:
        return None
    return _whole_sentences(canonical, start + places[at], start + places[at + len(wanted) - 1] + 1)


def _all_places(wanted: str, stretch: str) -> list[int]:
    """Where it stands, between other words: "de raad" does not stand in "de raadzaal"."""
    first, rest = re.escape(wanted[0]), re.escape(wanted[1:])
    either = f"(?:{first}|{re.escape(wanted[0].swapcase())})"
    before, after = (r"(?<!\w)" if wanted[0].isalnum() else ""), (r"(?!\w)" if wanted[-1].isalnum() else "")
    return [found.start() for found in re.finditer(before + either + rest + after, stretch)]


def _compared(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and where each of its characters stood."""
    characters: list[str] = []
    places: list[int] = []
    skip = {at for found in HYPHENATED.finditer(text) for at in range(found.start(), found.end())}
    for at, character in enumerate(text):
        if at in skip or character == "\u00ad":
            continue
        if character.isspace():
            if characters and characters[-1] != " ":
                characters.append(" ")
                places.append(at)
            continue
        for one in unicodedata.normalize("NFKC", character).translate(SAME):
            characters.append(one)
            places.append(at)
    while characters and characters[-1] == " ":
        characters.pop()
        places.pop()
    return "".join(characters), places


def _whole_sentences(canonical: CanonicalText, start: int, end: int) -> tuple[int, int]:
    """The span of the whole sentences that this one touches: what stands before "niet" is no quote by itself."""
    first, last = start, end
    for block in canonical.blocks:
        if block.start < end and block.end > start:
            for begin, until in sentences(canonical.text[block.start : block.end]):
                if block.start + begin < end and block.start + until > start:
                    first, last = min(first, block.start + begin), max(last, block.start + until)
    return first, last
