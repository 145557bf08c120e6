"""What a text is made of that questions ask for: numbers, times, names, reasons; and whether two words look alike."""

import re
from functools import lru_cache

from ingest.dutch import GRAM, MONTHS, content_words, fold, words

ATTRIBUTED = 0.2  # weight of a word that only says who says it
SOFT_MATCH = 0.55  # Dice similarity of character n-grams from which two words count as the same
NUMBER_WORDS = frozenset(
    "twee drie vier vijf zes zeven acht negen tien elf twaalf twintig dertig veertig vijftig zestig zeventig "
    "tachtig negentig honderd duizend miljoen miljard helft kwart derde tientallen honderden duizenden".split()
)
YEAR = re.compile(r"(1[89]|20)\d\d")
ORDINAL = re.compile(r"\d+(?:e|de|ste|st|nd|rd|th)")
CAUSE = re.compile(
    r"\b(omdat|doordat|want|daardoor|daarom|waardoor|zodat|dankzij|vanwege|wegens|immers|namelijk|gevolg|oorzaak|reden|"
    r"komt door|leidt tot|anders|zo|door)\b"
)
PERSON = re.compile(r"\b[A-Z][\w-]+(?: (?:van|de|den|der|ten|ter|'t))* [A-Z][\w-]+")
# "volgens wethouder Jansen van Rotterdam": who says it stands above a text more often than in its sentences.
ATTRIBUTION = re.compile(
    r"\b(?:volgens|according to)\s+(?:(?:de|het|een|the|an?|in|van)\s+)*(?:[a-z-]+\s+){0,2}"
    r"(?:(?:[A-Z&][\w&'’-]*|van|de|der|den|\d{4})[\s]*)+"
)
INTENTS = {
    "amount": re.compile(
        r"\b(hoeveel|how many|how much|aantal|percentage|hoe (groot|hoog|vaak|lang|veel|oud)|wat kost(te|ten|en)?|"
        r"wat (is|was) de prijs)\b"
    ),
    "person": re.compile(r"\b(wie|who|whom|welke (persoon|burgemeester|wethouder|voorzitter|directeur|hoogleraar))\b"),
    # "Wanneer kies je voor ...?" asks for a condition.
    "time": re.compile(
        r"\b((wanneer|when)(?! \w+ (je|u|men|we|wij|you)\b)|(in )?welk jaar|welke (datum|dag|maand|periode)|sinds|"
        r"vanaf wanneer)\b"
    ),
    "why": re.compile(
        r"\b(waarom|waardoor|why|vanwaar|hoe komt het|wat is de (reden|oorzaak)|om welke reden|"
        r"waar (komt|ligt) (\w+ ){1,4}(door|aan))\b"
    ),
    # "Welke onderdelen", "welke nare kanten", "welke drie": more than one is asked for. Not "welke rol spelen".
    "list": re.compile(
        r"\b(?:noem\b|som\b.+\bop\b|lijstje\b|checklist\b|rijtje\b|opsomming\b|(?:name|list) (?:the|all)\b|"
        r"(?:welke|which|geef (?:me |mij |ons )?(?:de|alle))\s+(?:[\w-]+e\s+)?"
        r"(?:[\w-]{2,}(?:en|ers|els|ors|ies|ures|ments|nts|ons|ects|'s|as|os)|"
        r"twee|drie|vier|vijf|zes|zeven|acht|negen|tien|two|three|four|five|six)\b|wat zijn de\b|what are the\b)"
    ),
}


def intent(question: str) -> str | None:
    """What sort of answer a question asks for: "amount", "person", "time", "why", "list", or None."""
    folded = fold(question)
    return next((name for name, pattern in INTENTS.items() if pattern.search(folded)), None)


def names_and_numbers(text: str) -> set[str]:
    """The folded words of a text that name or count something: those with a digit, and capitalised ones that do not
    merely begin a sentence.
    """
    found = {word for word in words(text) if any(c.isdigit() for c in word)}
    for found_name in re.finditer(r"(?<![.?!:]\s)(?<!^)(?<![\"“‘'])\b[A-Z][\w&-]+", text):
        found.update(content_words(found_name.group()))
    return found


@lru_cache(maxsize=100_000)
def similarity(word: str, other: str) -> float:
    """How alike two words look: Dice similarity of n-grams where high enough, else whether one is in the other."""
    shorter, longer = sorted((word, other), key=len)
    if len(shorter) * 2 < len(longer) and shorter not in longer:
        return 0.0
    a, b = _grams(word), _grams(other)
    dice = 2 * len(a & b) / (len(a) + len(b))
    if dice >= SOFT_MATCH:
        return dice
    return 0.7 if len(shorter) >= 5 and shorter in longer else 0.0


@lru_cache(maxsize=100_000)
def _grams(word: str) -> frozenset[str]:
    bounded = f"_{word}_"
    size = GRAM - 1  # shorter than in the index: here two words are compared, not a library searched
    return frozenset(bounded[at : at + size] for at in range(max(1, len(bounded) - size + 1)))


def is_number(word: str) -> bool:
    """Whether a folded word is a number, in digits or as a word."""
    return word[0].isdigit() or word in NUMBER_WORDS


def is_time(word: str) -> bool:
    """Whether a folded word is a year or a month."""
    return bool(YEAR.fullmatch(word)) or word in MONTHS


def is_amount(word: str) -> bool:
    """Whether a folded word says how many or how much: a number, but no year and no place in order ("4e")."""
    return is_number(word) and not is_time(word) and not ORDINAL.fullmatch(word)
