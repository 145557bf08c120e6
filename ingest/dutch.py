"""Dutch analysis: text -> the terms by which it is found. The same code serves documents and questions.

A word gives two sorts of terms: its stem (Snowball's Dutch stemmer, Porter 2001) for inflection, and its
character 4-grams with word boundaries (McNamee & Mayfield 2004, "Character n-gram tokenization for European
language text retrieval") for compounds, spelling variants and typing errors.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

ANALYSER_VERSION = "1"

GRAM = 4
# A letter or digit, then letters, digits, and points, commas or apostrophes between two of them (44.000, foto's).
# Ampersand for B&W; a hyphen separates, so that both halves of "sociaal-economisch" are found.
TOKEN = re.compile(r"[^\W_]+(?:[.,'’&][^\W_]+)*")
APOSTROPHES = re.compile(r"['’]")
SEPARATORS = re.compile(r"[.,]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
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
    pas per reeds samen sinds soms staan staat steeds te ten ter terwijl tijdens toch toe toen tot tussen u uit
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
    """The terms of a text, in order and with repeats: `stems` a word, `grams` several a word."""

    stems: tuple[str, ...]
    grams: tuple[str, ...]


def fold(text: str) -> str:
    """The text in lower case, without accents, soft hyphens and old letter forms."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.replace("\u00ad", "")).translate(LATIN_EXTRAS)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


def words(text: str) -> list[str]:
    """The words and numbers of a text, folded: "€ 44.000 voor foto's" -> ["44000", "voor", "fotos"]."""
    found: list[str] = []
    for word in TOKEN.findall(fold(text)):
        if word.isalnum():  # the common case
            found.append(word)
        elif NUMBER.fullmatch(word):
            found.append(_number(word))
        else:
            found.extend(part for part in SEPARATORS.split(APOSTROPHES.sub("", word)) if part)
    return found


def analyse(text: str) -> Analysis:
    """The stems and the character n-grams of the content words of a text."""
    stems: list[str] = []
    grams: list[str] = []
    for word in words(text):
        if word not in STOP_WORDS:
            stem, of_word = _terms(word)
            stems.append(stem)
            grams.extend(of_word)
    return Analysis(tuple(stems), tuple(grams))


def stem(word: str) -> str:
    """The stem of one folded word."""
    return _terms(word)[0]


_stemmer = Stemmer.Stemmer("dutch")


@lru_cache(maxsize=200_000)
def _terms(word: str) -> tuple[str, tuple[str, ...]]:
    if word[0].isdigit():
        return word, (f"_{word}_",)
    bounded = f"_{word}_"
    grams = tuple(bounded[at : at + GRAM] for at in range(max(1, len(bounded) - GRAM + 1)))
    return _stemmer.stemWord(word), grams


def _number(word: str) -> str:
    """A number without separators of thousands, and with a decimal point: "44.000" and "44000" are one."""
    whole, _, decimals = word.partition(",")
    groups = whole.split(".")
    if len(groups) > 1 and all(len(group) == 3 for group in groups[1:]):
        whole = "".join(groups)
    return f"{whole}.{decimals}" if decimals else whole
