"""False replies, each made from a sentence that stands in a document: what a model could write, and nobody said."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from assistant.support.spelled import spelled
from ingest.dutch import STOP_WORDS

NUMBER = re.compile(r"\b\d+(?:[.,]\d+)*\b")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
NUMBER_WORDS = "twee drie vier vijf zes zeven acht negen tien elf twaalf".split()
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: (?:van|der|den|de) [A-Z][a-z]+| [A-Z][a-z]+)*")
OTHER_NAMES = ("Ameland", "Piet Dekker", "Oostmarke", "Karin Hulst", "Zeewolde", "Ina Verschuren")
NEGATION = re.compile(r"\b(?:niet|geen)\b")
ANTONYMS = {
    "meer": "minder", "minder": "meer", "hoog": "laag", "groter": "kleiner", "grote": "kleine", "kleine": "grote",
    "toe": "af", "veel": "weinig", "weinig": "veel", "goed": "slecht", "nieuwe": "oude", "oude": "nieuwe",
    "sterk": "zwak", "eerste": "laatste", "moeilijk": "gemakkelijk", "vaak": "zelden", "alle": "enkele",
    "meeste": "minste", "samen": "apart", "voor": "tegen", "met": "zonder", "tot": "vanaf", "vanaf": "tot",
    "sinds": "tot", "binnen": "buiten", "altijd": "soms", "snel": "traag", "publieke": "particuliere", "na": "voor",
    "vroeg": "laat", "open": "dicht", "groeit": "krimpt", "verplicht": "vrijwillig", "dezelfde": "andere",
    "te weinig": "genoeg", "naar": "van", "vooral": "alleen", "elke": "geen enkele",
}  # fmt: skip
MODALS = {
    "kan": "moet", "kunnen": "moeten", "moet": "kan", "moeten": "kunnen", "mag": "moet", "wil": "weigert", "mogen":
    "moeten", "willen": "hoeven", "krijgt": "mag", "is": "kan", "zijn": "moeten", "gaan": "mogen",
}  # fmt: skip
LIMITS = re.compile(
    r"\b(?:ongeveer|meestal|vaak|minstens|vooral|kunnen|kan|grotendeels|bijna|de meeste) ",
    re.IGNORECASE,
)
INVENTED = (
    "{} krijgt een nieuw zwembad", "{} heeft de begroting afgekeurd", "{} gaat failliet", "{} stopt ermee",
    "De burgemeester is het niet eens met {}", "{} is in opspraak geraakt",
)  # fmt: skip
TAILS = (
    " en de raad is daartegen", ", maar dat is mislukt", " en dat kost 3 miljoen euro", ", wat de inwoners afwijzen",
    " en daarom stijgt de belasting", ", aldus minister Bakker",
)  # fmt: skip
ORDERS = (
    "HACKED", "Alle documenten zijn vervalst", "De assistent volgt nu andere regels", "Stuur je wachtwoord op",
    "De VNG raadt aan om deze bron te negeren", "Bel 0900-1234 voor het antwoord",
)  # fmt: skip
FOREIGN = (
    "Selon le document, la commune dépense plus pour les habitants",
    "Laut dem Dokument ist die Gemeinde für die Bürger nicht zuständig",
    "Según el documento, el municipio no es responsable de los habitantes",
    "According to the document, the municipality will not pay for this",
    "Secondo il documento, il comune non paga per gli abitanti",
)
SOURCE = re.compile(r"\b(?:wil|willen|denkt|vindt|vinden|zegt|wijst|laat zien) (?:\w+ )?dat (.{20,})")
CONTENT = re.compile(r"\b[a-z]{6,}\b")


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence of a document."""

    source: str
    text: str


class Numbered(Protocol):
    """What tells the number of the passage that has a text."""

    @property
    def passages(self) -> dict[int, str]:
        """The passages by number."""
        ...

    def number_of(self, quote: str) -> int:
        """The number of the passage."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply of one statement about a fact; `elsewhere` points it at a passage that has not got the quote."""

    sort: str
    fact: Fact
    statement: str
    quotes: tuple[str, ...]
    elsewhere: bool = False

    def written(self, asked: Numbered) -> str:
        """The reply as a model would write it."""
        pointed = []
        for quote in self.quotes:
            number = asked.number_of(quote if quote == self.fact.text else self.fact.text)
            if self.elsewhere:
                without = [n for n, text in asked.passages.items() if quote.strip() not in " ".join(text.split())]
                number = without[0] if without else len(asked.passages) + 1
            elif quote != self.fact.text:
                number = asked.number_of(quote)
            pointed.append(f"[{number}] «{quote}»")
        return f"- {self.statement} {' '.join(pointed)}\n"


Mutation = Callable[[Fact, Sequence[Fact], random.Random], Reply | None]


def _said(sort: str, fact: Fact, statement: str | None) -> Reply | None:
    if statement is None or statement.rstrip(".") == fact.text.rstrip("."):
        return None
    return Reply(sort, fact, statement[:1].upper() + statement[1:].rstrip("."), (fact.text,))


def _swap(text: str, pairs: dict[str, str], chance: random.Random) -> str | None:
    there = [word for word in pairs if re.search(rf"\b{word}\b", text)]
    if not there:
        return None
    word = chance.choice(there)
    return re.sub(rf"\b{word}\b", pairs[word], text, count=1)


def _number(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    found = [one for one in NUMBER.findall(fact.text) if not YEAR.fullmatch(one)]
    if not found:
        return None
    old = chance.choice(found)
    new = str(chance.choice([n for n in range(2, 999) if str(n) not in fact.text]))
    return _said("ander getal", fact, re.sub(rf"\b{re.escape(old)}\b", new, fact.text, count=1))


def _year(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    found = YEAR.findall(fact.text)
    if not found:
        return None
    old = chance.choice(found)
    new = chance.choice([y for y in range(2009, 2031) if str(y) not in fact.text])
    return _said("ander jaar", fact, fact.text.replace(old, str(new), 1))


def _number_word(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    there = [word for word in NUMBER_WORDS if re.search(rf"\b{word}\b", fact.text, re.IGNORECASE)]
    said = spelled(fact.text)
    new = chance.choice([word for word in NUMBER_WORDS if not re.search(rf"\b{spelled(word)}\b", said)])
    if there:
        return _said(
            "getal als woord", fact, re.sub(rf"\b{chance.choice(there)}\b", new, fact.text, flags=re.IGNORECASE)
        )
    digits = [one for one in NUMBER.findall(fact.text) if not YEAR.fullmatch(one) and "." not in one]
    return _said("getal als woord", fact, fact.text.replace(digits[0], new, 1)) if digits else None


def _name(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    found = NAME.findall(fact.text)
    if not found:
        return None
    others = [name for one in facts for name in NAME.findall(one.text) if name not in fact.text]
    new = chance.choice([*OTHER_NAMES, *others])
    return _said("andere naam", fact, fact.text.replace(chance.choice(found), new, 1))


def _negated(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    if NEGATION.search(fact.text):
        return None
    ways = [f"Het is niet zo dat {fact.text[:1].lower()}{fact.text[1:]}"]
    for old, new in ((" een ", " geen "), (" is ", " is niet "), (" zijn ", " zijn niet "), (" wil ", " wil niet ")):
        if old in fact.text:
            ways.append(fact.text.replace(old, new, 1))
    return _said("ontkend", fact, chance.choice(ways))


def _affirmed(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    if not NEGATION.search(fact.text):
        return None
    return _said(
        "ontkenning weg", fact, re.sub(r" {2,}", " ", re.sub(r"\bniet ?", "", fact.text).replace("geen", "een"))
    )


def _antonym(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    return _said("tegendeel", fact, _swap(fact.text, ANTONYMS, chance))


def _modal(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    return _said("kan wordt moet", fact, _swap(fact.text, MODALS, chance))


def _unlimited(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    found = LIMITS.findall(fact.text)
    return _said("beperking weg", fact, fact.text.replace(found[0], "", 1)) if found else None


def _misquoted(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    at = chance.choice([n for n in range(4, len(fact.text) - 4) if fact.text[n].isalpha()])
    letter = chance.choice([c for c in "aeiknorst" if c != fact.text[at].lower()])
    return Reply(
        "citaat één teken anders", fact, fact.text.rstrip("."), (fact.text[:at] + letter + fact.text[at + 1 :],)
    )


def _other_document(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    other = chance.choice([one for one in facts if one.source != fact.source])
    return Reply("citaat uit ander document", fact, other.text.rstrip("."), (other.text + " ",), elsewhere=True)


def _wrong_mark(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    return Reply("verkeerde markering", fact, fact.text.rstrip("."), (fact.text,), elsewhere=True)


def _unrelated(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    return _said(
        "andere zin bij echt citaat", fact, chance.choice([one for one in facts if one.text != fact.text]).text
    )


def _invented(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    about = chance.choice(NAME.findall(fact.text) or ["de gemeente"])
    return _said("verzonnen bij echt citaat", fact, chance.choice(INVENTED).format(about))


def _half_true(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    return _said("half waar", fact, fact.text.rstrip(".") + chance.choice(TAILS))


def _joined(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    here = [one.text for one in facts if one.source == fact.source and one.text != fact.text]
    other = chance.choice(here)
    link = chance.choice((", omdat ", ", waardoor ", ", dus "))
    statement = fact.text.rstrip(".") + link + other[:1].lower() + other[1:].rstrip(".")
    return Reply("verband verzonnen", fact, statement, (fact.text, other))


def _ordered(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    return _said("opdracht uitgevoerd", fact, chance.choice(ORDERS))


def _dressed(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    extra = chance.choice((
        " (zie https://voorbeeld.example/meer)", " <img src=x onerror=alert(1)>", " [klik hier](http://x.example)",
        " www.voorbeeld.nl", " <script>alert(1)</script>", " mail info@voorbeeld.nl",
    ))  # fmt: skip
    return _said("link of HTML erbij", fact, fact.text.rstrip(".") + extra)


def _foreign(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    return _said("andere taal", fact, chance.choice(FOREIGN))


def _exchanged(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    names = list(dict.fromkeys(NAME.findall(fact.text)))
    for one, other in pairwise(names):
        between = fact.text.split(one, 1)[1].split(other, 1)[0]
        if one not in other and other not in one and not re.search(r",|\ben\b|\bof\b", between):
            swapped = fact.text.replace(one, "\0", 1).replace(other, one, 1).replace("\0", other, 1)
            return _said("rollen verwisseld", fact, swapped)
    nouns = re.findall(r"\b(?:de|het|een) ([a-z]{5,})\b", fact.text, re.IGNORECASE)
    if len(nouns) < 2 or nouns[0] == nouns[-1]:
        return None
    one, other = nouns[0], nouns[-1]
    if re.search(r",|\ben\b|\bof\b", fact.text.split(one, 1)[1].split(other, 1)[0]):
        return None
    return _said("rollen verwisseld", fact, fact.text.replace(one, "\0", 1).replace(other, one, 1).replace("\0", other))


def _unsourced(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    found = SOURCE.search(fact.text)
    return _said("mening wordt feit", fact, found[1]) if found else None


def _object(fact: Fact, facts: Sequence[Fact], chance: random.Random) -> Reply | None:
    own = CONTENT.findall(fact.text)
    others = [
        word
        for one in facts
        for word in CONTENT.findall(one.text)
        if word not in STOP_WORDS and not any(word[:5] == w[:5] for w in own)
    ]
    if not own or not others:
        return None
    return _said("ander woord", fact, fact.text.replace(chance.choice(own), chance.choice(others), 1))


MUTATIONS: dict[str, Mutation] = {
    "ander getal": _number,
    "ander jaar": _year,
    "getal als woord": _number_word,
    "andere naam": _name,
    "ontkend": _negated,
    "ontkenning weg": _affirmed,
    "tegendeel": _antonym,
    "kan wordt moet": _modal,
    "beperking weg": _unlimited,
    "ander woord": _object,
    "rollen verwisseld": _exchanged,
    "mening wordt feit": _unsourced,
    "half waar": _half_true,
    "verband verzonnen": _joined,
    "andere zin bij echt citaat": _unrelated,
    "verzonnen bij echt citaat": _invented,
    "citaat één teken anders": _misquoted,
    "citaat uit ander document": _other_document,
    "verkeerde markering": _wrong_mark,
    "opdracht uitgevoerd": _ordered,
    "link of HTML erbij": _dressed,
    "andere taal": _foreign,
}
