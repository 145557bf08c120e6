"""Compounds: "woningbouwopgave" -> woningbouw, opgave, woning, bouw.

Splitting by frequency as in Koehn & Knight 2003 ("Empirical methods for compound splitting"): of all ways to cut a
word into known words, with or without a linking s, e, en or n, the one whose rarest part is the most common. The known
words, commonest first, stand in compound_parts.txt, which `ingest/model/parts.py` makes from public texts; the same
list for every library, so that a document does not have to be read again when another one arrives.
"""

from functools import cache, lru_cache
from math import log
from pathlib import Path

PARTS = Path(__file__).parent / "compound_parts.txt"

SHORTEST = 8  # characters; a shorter word is not split
LONGEST = 50  # neither is a longer one, which is no word: the time goes up with the square of the length
SHORTEST_PART = 4
# Parts of three letters are mostly chance; these are words that many compounds have.
SHORT_PARTS = frozenset("wet weg lid bus net gas wmo hof dag zee bos dak kas les man mbo hbo eis cel tak vak".split())
LINKS = ("", "s", "e", "en", "n")
UNKNOWN = -20.0  # below the logarithm of any rank
# Particles, prefixes and halves of words that are no compounds to whoever reads them.
NEVER_FIRST = frozenset(
    "vast goed overeen voort vers over samen deel weer neer terug bijeen binnen buiten boven trans inter meta para "
    "even daar hier waar veer acht vijf zeven negen gelijk maat vrij daad nood terecht tussen trek hand alle grote "
    "digi plat bovend ambt ander mede ever door onder voor naar achter tegen niet zelf ende vooraf para waarom "
    "anti post echt belang wets gene eerst laatst meer minder best beter hoog laag bekend verplicht soft intra infra "
    "noord zuid oost west tegelijk vergel bove toen waarde gewoon leef stand ieder hoofd genoeg tach tever uitein "
    "uit".split()
)
NEVER_LAST = frozenset(
    "heid lijk ling atie ende aard baar teit isch ment voor over onder door naar achter tegen mede enige eren eerd "
    "ering eringen elen ningen heden lijke sche ische aten iteit ties agen ages elijk ander andere matige matig schap "
    "schappen ling lingen achtig gende rende tende lende ding ring ting ning sing king ping eerde iseren isering nale "
    "ieel iele ieve ief atief atieve teerd teerde ster sters aren enen uren tien maal komst komt taal nationale "
    "nationaal diend dien form formatie port actie acties actieve gang graaf meters rijke rijk houder houders steen "
    "leren halve waardig soortig plegen haven naast eens boven omtrent binnen aldus onder meen zicht ging genoot "
    "genoten zins vuldig talig tijdig tallig stelling stellingen stellen gesteld gestelde stelt".split()
)


@lru_cache(maxsize=100_000)
def split_compound(word: str) -> tuple[str, ...]:
    """The parts of a folded word, two of them and what these consist of in turn; () when it is no compound."""
    cut = _cut(word)
    if cut is None:
        return ()
    return tuple(dict.fromkeys(part for half in cut for part in (half, *split_compound(half))))


def _cut(word: str) -> tuple[str, str] | None:
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
        return None
    known, heads, tails = _known(), _heads(), _tails()
    best: tuple[float, str, str] | None = None
    for at in range(3, len(word) - 2):
        # The head first: nearly all places of a cut fail on that.
        found = [
            word[: at - len(link)] for link in LINKS if word.endswith(link, 0, at) and word[: at - len(link)] in heads
        ]
        if not found:
            continue
        tail = word[at:]
        if tail not in tails and (tail in NEVER_LAST or not split_compound(tail)):
            continue
        for head in found:
            # A tail that is only known by its own parts comes after all that are known.
            score = min(known[head], known.get(tail, UNKNOWN))
            if best is None or score > best[0]:
                best = (score, head, tail)
    return best and (best[1], best[2])


@cache
def _heads() -> frozenset[str]:
    return frozenset(word for word in _known() if word not in NEVER_FIRST and _is_long_enough(word))


@cache
def _tails() -> frozenset[str]:
    return frozenset(word for word in _known() if word not in NEVER_LAST and _is_long_enough(word))


def _is_long_enough(part: str) -> bool:
    return len(part) >= SHORTEST_PART or part in SHORT_PARTS


@cache
def _known() -> dict[str, float]:
    """Known word -> how common it is: minus the logarithm of its rank (Zipf)."""
    lines = PARTS.read_text(encoding="utf-8").split()
    return {word: -log(rank) for rank, word in enumerate(lines, 1)}
