"""Numbers, amounts and dates of a text in one spelling, so that "125.000", "125,000" and "125 duizend" are the same."""

import re
from functools import lru_cache

from ingest.dutch import DATE, MONTHS, NUMBER_WORDS, ORDINAL_WORDS, fold

TENS = {word: 10 * number for number, word in enumerate(
    "twintig dertig veertig vijftig zestig zeventig tachtig negentig".split(), 2
)}  # fmt: skip
MULTIPLIERS = {"duizend": 1_000, "miljoen": 1_000_000, "mln": 1_000_000, "miljard": 1_000_000_000, "mld": 1_000_000_000}
ENGLISH = {
    word: number
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        2,
    )
} | {"hundred": 100, "thousand": 1_000}  # fmt: skip
ENGLISH_MONTHS = {
    "january": "januari", "february": "februari", "march": "maart", "june": "juni", "july": "juli",
    "august": "augustus", "october": "oktober",
}  # fmt: skip
DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
CURRENCY = re.compile(r"(?:€|\beuro|\beur)\s*(\d+(?:[.,]\d+)*(?:[,.]-)?(?:\s*(?:duizend|miljoen|miljard|mln|mld))?)")
ORDINAL = re.compile(r"\b(\d{1,9})(?:e|de|ste|st|nd|rd|th)\b")
PERCENT = re.compile(r"\s*%")
# An accent is what tells the number from the article.
ONE = re.compile(r"\b[ée]én\b|\béen\b", re.IGNORECASE)
MULTIPLIED = re.compile(r"\b(\d+(?:\.\d+)?)\s*(duizend|miljoen|miljard|mln|mld)\b\.?")
ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")


def spelled(text: str) -> str:
    """The text, folded, with every number in digits without separators, ordinals as "4e", and dates written out."""
    folded = fold(ONE.sub("1", text))
    folded = ISO.sub(lambda m: _date(int(m[3]), int(m[2]), m[1]) or m[0], folded)
    folded = DATE.sub(lambda m: _date(int(m[1]), int(m[2]), m[3]) or m[0], folded)
    folded = re.sub(r"\bmay(?=\s+(?:19|20)\d\d\b)", "mei", folded)  # by itself it is a common word
    folded = CURRENCY.sub(r"\1 euro ", folded)
    folded = PERCENT.sub(" procent", folded)
    folded = ORDINAL.sub(lambda m: f"{int(m[1])}e", folded)
    folded = DIGITS.sub(lambda m: _digits(m[0]), folded)
    folded = MULTIPLIED.sub(_multiplied, folded)  # before "duizend" alone becomes 1000
    folded = re.sub(r"[^\W\d_]+", lambda m: _word(m[0]), folded)
    return MULTIPLIED.sub(_multiplied, folded)


def _date(day: int, month: int, year: str) -> str | None:
    return f"{day} {MONTHS[month - 1]} {year}" if 1 <= month <= len(MONTHS) else None


def _digits(number: str) -> str:
    if GROUPED.fullmatch(number) and not number.startswith("0"):
        return re.sub(r"[.,]", "", number)
    whole, separator, decimals = number.replace(",", ".").rpartition(".")
    if not separator:
        return decimals.lstrip("0") or "0"
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


@lru_cache(maxsize=50_000)
def _word(word: str) -> str:
    if word in ENGLISH_MONTHS:
        return ENGLISH_MONTHS[word]
    if word in ORDINAL_WORDS:
        return f"{ORDINAL_WORDS[word]}e"
    number = ENGLISH.get(word) or _of_word(word)
    return word if number is None else str(number)


def _of_word(word: str) -> int | None:
    """The value of a number word up to 99.999: "zevenenvijftig", "tweehonderd", "vijfentwintigduizend"."""
    for ending, factor in (("duizend", 1_000), ("honderd", 100)):
        if word.endswith(ending):
            head = word.removesuffix(ending)
            times = _below_hundred(head) if head else 1
            return None if times is None else times * factor
    return _below_hundred(word)


def _below_hundred(word: str) -> int | None:
    if word in NUMBER_WORDS:
        return NUMBER_WORDS[word]
    if word in TENS:
        return TENS[word]
    for ten, value in TENS.items():
        unit = word.removesuffix(ten).removesuffix("en")
        if word.endswith(f"en{ten}") and (unit == "een" or NUMBER_WORDS.get(unit, 10) < 10):
            return value + (1 if unit == "een" else NUMBER_WORDS[unit])
    return None


def _multiplied(found: re.Match[str]) -> str:
    whole, _, decimals = found[1].partition(".")
    factor = MULTIPLIERS[found[2]]
    value = int(whole) * factor + (int(decimals) * factor // 10 ** len(decimals) if decimals else 0)
    return str(value)
