"""The words of a text, which is all that evidence and facts are compared by."""

import unicodedata
from re import sub


def normalise(text: str) -> str:
    """The words of a text without case, accents, hyphenation and punctuation; "" for a text without words."""
    plain = unicodedata.normalize("NFKD", text.replace("\u00ad", ""))
    folded = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return sub(r"[\W_]+", " ", sub(r"</?\w+>", "", sub(r"(\w)-\s+(\w)", r"\1\2", folded))).strip()
