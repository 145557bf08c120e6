"""Whether one word is another in a different form: "gebouwd" and "bouwt", "koos" and "kiezen", "stelde vast"."""

import re
from collections.abc import Set
from functools import lru_cache

from ingest.dutch import part_stems, stem

# The forms of verbs that change their vowel, the infinitive first.
STRONG = """
beginnen begon begonnen | besluiten besloot besloten | blijven bleef bleven gebleven | breken brak braken gebroken |
brengen bracht brachten gebracht | denken dacht dachten gedacht | dragen droeg droegen gedragen |
geven geeft gaf gaven gegeven | grijpen greep grepen gegrepen | hangen hing hingen gehangen |
helpen hielp hielpen geholpen | houden houdt hield hielden gehouden | kiezen koos kozen gekozen |
kijken keek keken gekeken | komen kwam kwamen gekomen | kopen koopt kocht kochten gekocht |
krijgen kreeg kregen gekregen | lezen las lazen gelezen | liggen lag lagen gelegen | lopen liep liepen gelopen |
nemen neemt nam namen genomen | onderzoeken onderzocht onderzochten | rijden reed reden gereden |
roepen riep riepen geroepen | schrijven schreef schreven geschreven | sluiten sloot sloten gesloten |
spreken sprak spraken gesproken | staan stond stonden gestaan | stijgen steeg stegen gestegen |
treffen trof troffen getroffen | trekken trok trokken getrokken | vallen viel vielen gevallen |
verdwijnen verdween verdwenen | vergeten vergat vergaten | verkopen verkocht verkochten |
verliezen verloor verloren | vertrekken vertrok vertrokken | verschijnen verscheen verschenen |
vinden vond vonden gevonden | vragen vroeg vroegen gevraagd | wijken week weken geweken |
wijzen wees wezen gewezen | winnen won wonnen gewonnen | zeggen zegt zei zeiden gezegd |
zien ziet zag zagen gezien | zoeken zocht zochten gezocht | schuiven schoof schoven geschoven |
bieden bood boden geboden | gelden geldt gold golden gegolden | werven wierf wierven geworven |
bepleiten bepleit | ontstaan ontstond ontstonden | bespreken besprak bespraken besproken |
bestaan bestond bestonden | bevinden bevond bevonden | krimpen kromp krompen gekrompen | dalen daal
"""
PARTICLES = (
    "aan", "achter", "af", "bij", "binnen", "door", "in", "mee", "na", "om", "onder", "op", "over", "samen", "tegen",
    "terug", "toe", "tussen", "uit", "vast", "voor", "weg",
)  # fmt: skip
SHORTEST_REST = 4
VOWELS = re.compile(r"([aeou])\1(?=[^aeiou]$)")
# What stands before these is what there is none of.
WITHOUT = ("vrij", "loos", "loze", "arm", "arme")


def _irregular() -> dict[str, str]:
    found = {}
    for verb in STRONG.split("|"):
        infinitive, *forms = verb.split()
        found.update(dict.fromkeys((infinitive, *forms), stem(infinitive)))
    return found


IRREGULAR = _irregular()


@lru_cache(maxsize=50_000)
def forms(word: str) -> frozenset[str]:
    """The stems by which a folded word is known: two words that share one are forms of each other."""
    own = stem(word)
    found = {own}
    if word in IRREGULAR:
        found.add(IRREGULAR[word])
    if not own[0].isdigit():
        found |= _without_ending(word, own)
    return frozenset(found)


@lru_cache(maxsize=50_000)
def separated(word: str) -> tuple[str, frozenset[str]] | None:
    """A verb with a particle in front, in two: "vastgesteld" -> ("vast", the forms of "gesteld"); None if it is not."""
    for particle in PARTICLES:
        rest = word.removeprefix(particle)
        if rest != word and len(rest) >= SHORTEST_REST:
            return particle, forms(rest.removeprefix("te") if rest.startswith("te") and len(rest) > 6 else rest)
    return None


def has_word(word: str, stems: Set[str], own_words: Set[str]) -> bool:
    """Whether a sentence with these stems (of all forms) and words has this folded word in some form.

    A compound is there when its parts are. A part of a compound is not: "gemeentefonds" is no "gemeente".
    """
    if word in own_words or forms(word) & stems:
        return True
    if (apart := separated(word)) and apart[0] in own_words and apart[1] & stems:
        return True
    return not word.endswith(WITHOUT) and _covered(word, stems)


def joined(words: Set[str], said: Set[str]) -> set[str]:
    """The stems that a sentence has besides those of its words, given all that is said of it.

    "woningbouw" has "woning" and "bouw" where both are said, "vastgesteld" has "stelt" where "vast" is said.
    """
    found: set[str] = set()
    said_stems = {form for word in said for form in forms(word)}
    for word in words:
        if (apart := separated(word)) and apart[0] in said:
            found |= {apart[0], *apart[1]}
        if not word.endswith(WITHOUT):
            parts = part_stems(word)
            for first in parts:
                for last in parts:
                    if _spans(first, last, word) and first in said_stems and last in said_stems:
                        found |= {first, last}
    return found


def _covered(word: str, stems: Set[str]) -> bool:
    parts = [part for part in part_stems(word) if part in stems]
    return any(_spans(first, last, word) for first in parts for last in parts)


def _spans(first: str, last: str, word: str) -> bool:
    """Whether two stems are the two halves of a compound: what is left over is a link and an ending."""
    return first != last and len(first) + len(last) >= len(word) - 4 and word.startswith(first[:3])


def _without_ending(word: str, own: str) -> set[str]:
    """What a verb leaves without the ending of its tense, and of its participle: "telde" and "geteld" are "tel"."""
    found = set()
    roots = {own}
    if word.startswith("ge") and word.endswith(("d", "t")):
        roots.add(own.removeprefix("ge"))
    for root in roots:
        bare = root[:-1] if root.endswith(("t", "d")) else root
        # "gered" is "red", not "re".
        for one in (root, bare):
            if len(one) >= 3:
                found.add(VOWELS.sub(r"\1", _single(one)))
    return found


def _single(root: str) -> str:
    return root[:-1] if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "aeou" else root
