"""Dutch analysis: text -> the terms by which it is found. The same code serves documents and questions.

A word gives three sorts of terms: its stem (Snowball's Dutch stemmer, Porter 2001) for inflection; the stems of the
words that it is composed of; and its character 4-grams with word boundaries (McNamee & Mayfield 2004, "Character n-gram
tokenization for European language text retrieval") for spelling variants and typing errors.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from ingest.compounds import split_compound

ANALYSER_VERSION = "2"

GRAM = 4
# The stemmer knows kk, dd and tt; and no word ends in a v or a z.
DOUBLED = frozenset("bfglmnprs")
VOICED = {"v": "f", "z": "s"}
OTHER_VOWEL = {"sted": "stad", "led": "lid", "kinder": "kind"}  # steden, (raads)leden, kinderen
# A letter or digit, then letters, digits, and points, commas or apostrophes between two of them (44.000, foto's).
# Ampersand for B&W; a hyphen separates, so that both halves of "sociaal-economisch" are found.
TOKEN = re.compile(r"[^\W_]+(?:[.,'’&][^\W_]+)*")
APOSTROPHES = re.compile(r"['’]")
SEPARATORS = re.compile(r"[.,]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
DATE = re.compile(r"\b(\d{1,2})[-/](\d{1,2})[-/]((?:19|20)\d\d)\b")
ORDINAL = re.compile(r"(\d{1,9})(?:e|de|ste)")  # int() refuses thousands of digits
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        "twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien "
        "negentien twintig".split(),
        2,
    )
}
ORDINAL_WORDS = {
    word: number
    for number, word in enumerate(
        "tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde".split(), 2
    )
}
NOT_PLAIN = re.compile(r"[^\x00-\x7f]+")
LATIN_EXTRAS = str.maketrans({"ø": "o", "Ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ĳ": "ij", "Ĳ": "ij"})

# Words that say nothing of what a text is about. "niet", "geen", "zonder" and "tegen" are left out on purpose:
# they turn a meaning around.
STOP_WORDS = frozenset(
    """
    aan al alle alleen alles als altijd ander andere anders anderen bent ben bij binnen daar daarbij daarin
    daarna daarom daarop daarvan daarvoor dan dat de deze die dit doch door dus echter een eens en enkele er
    eraan erbij erdoor erin erop ertoe eruit ervan ervoor even gaan gaat ge gedaan geweest geworden haar had
    hadden hare heb hebben hebt heeft heel hem hen het hier hierbij hierdoor hierin hij hoe waarvandaan waartoe
    waarover waarmee wanneer hoeveelste hoeveel hoewel hun iets ieder iedere iemand ik in is ja je jij jou jouw
    jouw jullie kan komen komt kon konden kunnen kunt laat laten maakt maar maken me meer meest men met mij mijn
    moest moesten moet moeten mogen na naar nadat namelijk nog nu of om omdat onder ons onze ook op opdat over
    pas per reeds sinds soms staan staat steeds te ten ter terwijl tijdens toch toe toen tot tussen u uit
    uw vaak van vanaf vanuit vanwege veel verder via vond voor vooral voordat waar waarbij waardoor waarin
    waarna waarom waarop waarvan waarvoor waren was wat we weer wel welk welke werd werden wie wij wil willen
    wilt word worden wordt zal ze zei zeer zelf zelfs zich zij zijn zo zoals zodat zou zouden zowel zullen
    volgens gaf geeft geven noemt noemen genoemd the of a an and or to in on for with by at from is are was were
    be been it its this that these those what which who whom when where why how do does did has have had as than
    then they their there about into according
    """.split()
)


@dataclass(frozen=True, slots=True)
class Analysis:
    """The terms of a text, in order and with repeats: `stems` one a word, `parts` of compounds, `grams` several."""

    stems: tuple[str, ...]
    grams: tuple[str, ...]
    parts: tuple[str, ...] = ()


def fold(text: str) -> str:
    """The text in lower case, without accents, soft hyphens and old letter forms."""
    # Only what is not plain is looked up, and there is little of that: a quotation mark, an accent.
    return text.lower() if text.isascii() else NOT_PLAIN.sub(_plain, text).lower()


def words(text: str) -> list[str]:
    """The words and numbers of a text, folded: "€ 44.000 voor foto's" -> ["44000", "voor", "fotos"]."""
    folded = fold(text)
    if "-" in folded or "/" in folded:
        folded = DATE.sub(_date, folded)
    tokens = TOKEN.findall(folded)
    if "".join(tokens).isalnum():  # the common case, of a whole sentence
        return tokens
    found: list[str] = []
    for word in tokens:
        if word.isalnum():  # the common case
            found.append(word)
        elif NUMBER.fullmatch(word):
            found.append(_number(word))
        else:
            found.extend(part for part in SEPARATORS.split(APOSTROPHES.sub("", word)) if part)
    return found


def content_words(text: str) -> list[str]:
    """The words and numbers of a text without those that say nothing of what it is about."""
    return [word for word in words(text) if word not in STOP_WORDS]


def analyse(text: str) -> Analysis:
    """The terms of the content words of a text."""
    stems: list[str] = []
    grams: list[str] = []
    parts: list[str] = []
    for word in content_words(text):
        terms = _terms(word)
        stems.append(terms.stem)
        grams.extend(terms.grams)
        parts.extend(terms.parts)
    return Analysis(tuple(stems), tuple(grams), tuple(parts))


def english_stem(word: str) -> str:
    """The stem of one folded English word."""
    return str(_english_stemmer.stemWord(word))


def part_stems(word: str) -> tuple[str, ...]:
    """The stems of the words that one folded word is composed of; () when it is no compound."""
    return _terms(word).parts


def word_stems(word: str) -> tuple[str, ...]:
    """The stem of one folded word, and then those of the words that it is composed of."""
    return _terms(word).stems


def word_grams(word: str) -> tuple[str, ...]:
    """The character n-grams of one folded word, with its boundaries."""
    return _terms(word).grams


@dataclass(frozen=True, slots=True)
class _Terms:
    stem: str
    grams: tuple[str, ...]
    parts: tuple[str, ...]
    stems: tuple[str, ...]  # the stem and the parts


# Not Snowball's newer "dutch", to which "gemeente", "mening" and "menen" are one.
_stemmer = Stemmer.Stemmer("dutch_porter")
_english_stemmer = Stemmer.Stemmer("english")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of one folded word; "vierde" and "4e" are one, and so are "vier" and "4"."""
    if ordinal := ORDINAL.fullmatch(word):
        return f"{int(ordinal[1])}e"
    if word in ORDINAL_WORDS:
        return f"{ORDINAL_WORDS[word]}e"
    if word in NUMBER_WORDS:
        return str(NUMBER_WORDS[word])
    if word[0].isdigit():
        return word
    return _singular(_stemmer.stemWord(word))


def _singular(stem: str) -> str:
    """What the stemmer leaves of a plural as the singular ends: bedrijv(en) -> bedrijf, buss(en) -> bus, foto(s)."""
    if len(stem) < 3:
        return stem
    if stem[-1] == stem[-2] and stem[-1] in DOUBLED:
        stem = stem[:-1]
    stem = stem[:-1] + VOICED.get(stem[-1], stem[-1])
    # Of these the stemmer takes some ("kans") and leaves others ("kansen", "foto's").
    if len(stem) > 3 and stem[-1] == "s":
        stem = stem[:-1]
    ending = next((plural for plural in OTHER_VOWEL if stem.endswith(plural)), "")
    return stem[: -len(ending)] + OTHER_VOWEL[ending] if ending else stem


@lru_cache(maxsize=200_000)
def _terms(word: str) -> _Terms:
    own = stem(word)
    if own[0].isdigit():
        return _Terms(own, (f"_{own}_",), (), (own,))
    bounded = f"_{word}_"
    grams = tuple(bounded[at : at + GRAM] for at in range(max(1, len(bounded) - GRAM + 1)))
    parts = tuple(dict.fromkeys(stem(part) for part in split_compound(word)))
    return _Terms(own, grams, parts, (own, *parts))


def _plain(found: re.Match[str]) -> str:
    return _without_marks(found[0])


@lru_cache(maxsize=10_000)
def _without_marks(letters: str) -> str:
    """Letters that are not plain as the plain ones that they are made of, in the same case."""
    parts = unicodedata.normalize("NFKD", letters.replace("\u00ad", "")).translate(LATIN_EXTRAS)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _date(found: re.Match[str]) -> str:
    """05-11-2018 as it is written out: "5 november 2018"."""
    month = int(found[2])
    return f"{int(found[1])} {MONTHS[month - 1]} {found[3]}" if 1 <= month <= len(MONTHS) else found[0]


def _number(word: str) -> str:
    """A number without separators of thousands, and with a decimal point: "44.000" and "44000" are one."""
    whole, _, decimals = word.partition(",")
    groups = whole.split(".")
    if len(groups) > 1 and all(len(group) == 3 for group in groups[1:]):
        whole = "".join(groups)
    return f"{whole}.{decimals}" if decimals else whole
