"""The phrases of a question: its asking words, its verb, its noun phrases with their preposition.

By word lists and the order of Dutch and English questions, in which the verb stands first or right behind what is
asked for. No dictionary of verbs or nouns: what is cut wrongly stays in the question, in its own order.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.sentence_match import YEAR, is_number
from ingest.dutch import MONTHS, fold, stem

PLACED = frozenset("in op bij te langs rond rondom binnen buiten onder achter naast at on near".split())
PREPOSITIONS = PLACED | frozenset(
    "aan uit van voor door met naar over tegen tot tussen boven per sinds vanaf na tijdens vanuit volgens zonder "
    "via wegens vanwege dankzij for from by with to of about since during between under among against into "
    "after".split()
)
DETERMINERS = frozenset(
    "de het een geen elke elk ieder iedere alle deze dit die dat mijn onze ons hun haar zijn beide enkele sommige "
    "veel weinig meer minder heel zo'n zulke zulk such the a an this these those their his her its all every "
    "many".split()
)
INDEFINITE = frozenset("een geen a an veel weinig meer minder".split())
ASKING = frozenset(
    "wie wat waar wanneer waarom hoe hoeveel hoelang hoezo welk welke waardoor waarvoor waarmee waarover waarin "
    "waarop waaraan waarvan waarheen waartegen wiens who whom what where when why how which whose".split()
)
COUNTED = frozenset("welk welke hoeveel which what whose many much".split())  # these take a noun
DEGREES = frozenset(
    "groot klein hoog laag lang kort vaak snel oud veel ver duur zwaar goed laat breed diep sterk belangrijk "
    "tevreden many much often long big large high old far fast expensive important".split()
)
ADJECTIVE = re.compile(
    r"nieuw|\w*groot|klein|eigen|hard|goed|ander|extra|vast|jong|oud|hoog|laag|open|heel|new|large|small|own|other|local"
    r"|.{3,}(ig|lijk|isch|baar|zaam|loos|eel|aal|ief|air|end|e)"
)
NOUN_IN_E = re.compile(
    r".*(gemeente|[^aei]ie|tie|ruimte|hoogte|behoefte|gedeelte|iode|thode|age|orde|einde|waarde|ure|urce)"
)
ADVERBS = frozenset(
    "ik u hem hen him them "
    "er ook nog al wel niet dan toch nu toen weer gemiddeld ongeveer zelf samen later eerder straks tegelijk "
    "kwijt elkaar precies eigenlijk momenteel uiteindelijk voortijdig meestal vaak altijd nooit zich je we ze men "
    "jullie zo hier open daar af elders hij zij it he she they there now then still also not currently exactly".split()
)
PARTICLES = frozenset("aan af op over mee vast uit in door toe bij tegen voor".split())
ADDED = frozenset("niet ook nog dan toch zo precies not then also".split())
PRONOUNS = frozenset("je we ze men jullie hij zij u ik it he she they you".split())
CLAUSES = frozenset(
    "die dat waar om als toen omdat terwijl zodat voordat nadat of dan that who which if because".split()
)
VERBS = frozenset(
    "is zijn was waren wordt worden werd werden heeft hebben had hadden kan kunnen kon konden mag mogen moet "
    "moeten wil willen wilde zal zullen zou zouden gaat gaan ging komt komen kwam doet doen deed staat krijgt "
    "kreeg geeft neemt maakt kost klopt zei zegt noemt vindt are were has have had does do did can could will "
    "would should may".split()
)
BEING = frozenset("is zijn was waren are were".split())
SAYING = re.compile(r"zei|zegt|zeggen|vond|vindt|beweer\w*|denkt|dacht|stelt|stelde|schreef|schrijft|meent|sa(?:id|ys)"
                    r"|thinks?|thought|claim\w*|wrote")  # fmt: skip
PARTICIPLE = re.compile(r"(?:aan|af|op|uit|in|om|voor|toe|mee|bij)?ge\w{2,}[dt]|(?:be|ver|ont|her|onder)\w{2,}[dt]")
INFINITIVE = re.compile(r"\w{3,}en")
ROLES = re.compile(
    r"\w*(wethouder|burgemeester|voorzitter|gedeputeerde|griffier|directeur|secretaris|minister|raadslid|onderzoeker"
    r"|hoogleraar|lector|bestuurder|projectleider|mayor|alderman|director|chair|clerk|researcher)"
)
PEOPLE = re.compile(
    r"\w+(ers|aren|isten|anten|enten|leden)|\w*(ouderen|jongeren|kinderen|mannen|vrouwen|jongens|meisjes|volwassenen)"
    r"|gezinnen|mensen|women|men|children|adults|residents|youth|people"
)
AGENTS = frozenset(
    "gemeente gemeenten partij partijen fractie fracties kern kernen dorp dorpen stad steden wijk buurt "
    "organisatie organisaties provincie provincies municipality municipalities party parties".split()
)
TIMES = frozenset(
    "jaar jaren periode raadsperiode maand kwartaal week eeuw nu vandaag toekomst year period now".split()
)
FUNCTION_WORDS = PREPOSITIONS | DETERMINERS | CLAUSES | ADVERBS | VERBS | ASKING | {"en", "and", "or"}
DEMONSTRATIVES = frozenset("dat dit die deze that this those these".split())
BY_ADVERB = re.compile(r"(?:daar|er|hier)(aan|af|bij|door|in|mee|naar|onder|op|over|tegen|tot|uit|van|voor)")
FINITE = re.compile(r"\w+(?:t|en|de|te)")
WHOLE = frozenset("heel hele overal landelijk whole entire".split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a question that belong together: kind is "ask", "verb", "noun", "clause" or "other".

    `prep` is the preposition of a noun phrase, "" without; `text` is the rest of it.
    """

    kind: str
    text: str
    prep: str = ""

    def __str__(self) -> str:
        return f"{self.prep} {self.text}".strip()

    @property
    def named(self) -> bool:
        """Whether it has a name in it."""
        return any(
            word[:1].isupper() and not re.match(r"[A-Z]+-[a-z]", word) for word in re.split(r"[\s(\"'‘“]+", self.text)
        )

    @property
    def sort(self) -> str:
        """What it is about, so that like may be replaced by like."""
        folded = [bare(word) for word in self.text.split()]
        if any(YEAR.search(word) or word in TIMES or word in MONTHS for word in folded):
            return "time"
        if any(ROLES.fullmatch(word) for word in folded):
            return "person"
        if self.named:
            return "name"
        if folded and PEOPLE.fullmatch(folded[-1]):
            return "people"
        return "amount" if any(is_number(word) for word in folded if word) else "thing"


def bare(word: str) -> str:
    """The word folded, without punctuation around it."""
    return fold(word).strip(",;:()\"'“”‘’?!.")


def head_stem(text: str) -> str:
    """The stem of the last word of a phrase, "" where that has no letters."""
    last = bare(text.rsplit(maxsplit=1)[-1]) if text.split() else ""
    return stem(last) if last else ""


def _is_content(word: str) -> bool:
    plain = bare(word)
    return bool(plain) and plain not in FUNCTION_WORDS and not BY_ADVERB.fullmatch(plain)


def parse(question: str) -> list[Phrase]:
    """The phrases of a question, in order; together they are all of it but the question mark."""
    tokens = question.strip().rstrip("?!. ").split()
    found: list[Phrase] = []
    at = 0
    while at < len(tokens):
        phrase, at = _next(tokens, at, found)
        found.append(phrase)
    return found


def _next(tokens: list[str], at: int, before: list[Phrase]) -> tuple[Phrase, int]:
    """The phrase that begins at a word, and where the next one begins."""
    word, following = bare(tokens[at]), bare(tokens[at + 1]) if at + 1 < len(tokens) else ""
    if not any(phrase.kind == "verb" for phrase in before):
        if not before and (word in ASKING or (word in PREPOSITIONS and following in ASKING)):
            end = _asking_end(tokens, at + (1 if word in ASKING else 2))
            return Phrase("ask", " ".join(tokens[at:end])), end
        if word not in PREPOSITIONS | DETERMINERS and tokens[at] != "'s" and (not before or tokens[at].islower()):
            return Phrase("verb", tokens[at]), at + 1
    behind_verb = bool(before) and before[-1].kind == "verb"
    saying = behind_verb and word in ("dat", "that") and _begins_clause(tokens[at + 1 :], bare(before[-1].text))
    if (
        word in CLAUSES
        and at + 2 < len(tokens)
        and (word not in ("die", "dat", "that", "dan") or saying or not behind_verb)
    ):
        end = next((n for n in range(at, len(tokens)) if tokens[n].endswith(",")), len(tokens) - 1) + 1
        return Phrase("clause", " ".join(tokens[at:end])), end
    if word in PREPOSITIONS and (end := _noun_end(tokens, at + 1)) > at + 1:
        if word in ("tussen", "between") and end < len(tokens) and bare(tokens[end]) in ("en", "and"):
            end = max(end, _noun_end(tokens, end + 1))
        return Phrase("noun", " ".join(tokens[at + 1 : end]), tokens[at]), end
    return _noun_or_other(tokens, at, behind_verb=behind_verb)


def _begins_clause(tokens: list[str], verb: str) -> bool:
    """Whether what follows "dat" behind the verb makes it "Wie zegt dat …", not "Wat kost dat?" or "dat plan"."""
    word = bare(tokens[0]) if tokens else ""
    subject = bool(tokens) and (_begins_subject(tokens[0]) or word in {"er", "there"} or PEOPLE.fullmatch(word))
    return bool(subject or (SAYING.fullmatch(verb) and word and word not in ADDED and word not in INDEFINITE))


def _noun_or_other(tokens: list[str], at: int, *, behind_verb: bool) -> tuple[Phrase, int]:
    """The noun phrase that begins at a word, or else the word by itself, and where the next phrase begins."""
    word, end = bare(tokens[at]), _noun_end(tokens, at)
    if tokens[at] == "'s":  # 's avonds
        return Phrase("other", " ".join(tokens[at : at + 2])), at + 2
    if end == at + 1 and not behind_verb and tokens[at].islower() and _is_verbal(word, last=end == len(tokens)):
        end = at
    if word in DEMONSTRATIVES and end == at + 2 == len(tokens) and _is_verbal(bare(tokens[at + 1]), last=True):
        end = at + 1
    if end > at and not all(bare(token) in DETERMINERS for token in tokens[at:end]):
        return Phrase("noun", " ".join(tokens[at:end])), end
    return Phrase("other", tokens[at]), at + 1


def _is_verbal(word: str, *, last: bool) -> bool:
    """Whether a word by itself looks like a participle, or at the end like an infinitive."""
    if last and (word in PARTICLES or (INFINITIVE.fullmatch(word) and not PEOPLE.fullmatch(word))):
        return True
    return PARTICIPLE.fullmatch(word) is not None


def _asking_end(tokens: list[str], end: int) -> int:
    """Where the asking words end, with what they count or measure: "hoeveel nieuwe woningen", "hoe vaak"."""
    word, following = bare(tokens[end - 1]), bare(tokens[end]) if end < len(tokens) else ""
    if word in ("hoe", "how") and following in DEGREES:
        end, word, following = end + 1, following, bare(tokens[end + 1]) if end + 1 < len(tokens) else ""
    if (word, following) == ("wat", "voor"):
        return _noun_end(tokens, end + 1)
    counted = _noun_end(tokens, end) if word in COUNTED and following not in DETERMINERS else end
    # "Hoeveel bedraagt het budget": before a subject stands the verb.
    after = tokens[counted] if counted == end + 1 and counted < len(tokens) else ""
    is_verb = after and (_begins_subject(after) or bare(after) in DEMONSTRATIVES)
    return end if is_verb else counted


def _begins_subject(word: str) -> bool:
    return bare(word) in {"de", "het", "the"} | PRONOUNS or word[:1].isupper()


def _noun_end(tokens: list[str], at: int) -> int:
    """Where the noun phrase ends that begins at a word; `at` itself where none does."""
    end = at
    while end < len(tokens) and bare(tokens[end]) in DETERMINERS | WHOLE:
        end += 1
        if end < len(tokens) and bare(tokens[end]) in DEMONSTRATIVES | {"een", "de", "het"}:
            break
    while end + 1 < len(tokens) and describes(tokens[end]) and _is_content(tokens[end + 1]):
        end += 1
    if end < len(tokens) and _is_content(tokens[end]) and not tokens[end][:1].isupper():
        end += 1
    while end < len(tokens) and _goes_on(tokens, at, end):
        end += 1
    if end == at or end + 1 >= len(tokens) or tokens[end] not in ("en", "of", "and", "or"):
        return end
    after = tokens[end + 1]
    joins = bare(after) in DETERMINERS - {"dat", "die", "that"} or after[:1].isupper() or _is_content(after)
    return _noun_end(tokens, end + 1) if joins else end


def describes(word: str) -> bool:
    """Whether a word looks like one that stands before a noun: a number, an adjective."""
    plain = bare(word)
    if plain and (is_number(plain) or (word[:1].isupper() and plain.endswith("se"))):
        return not YEAR.fullmatch(plain)
    return word.islower() and bool(ADJECTIVE.fullmatch(plain)) and not NOUN_IN_E.fullmatch(plain) and plain not in VERBS


def _goes_on(tokens: list[str], begin: int, at: int) -> bool:
    """Whether a name or a year goes on at a word: "gemeente | Veldrijk", "Karin | van der | Berg", "maart | 2024"."""
    if at > begin and tokens[at - 1].endswith((",", ";", ":")):
        return False
    if at > begin and YEAR.match(tokens[at - 1]):
        return False
    if tokens[at][:1].isupper() or YEAR.match(tokens[at]):
        return True
    ahead = tokens[at : at + 3]
    small = [word for word in ahead if word in ("van", "de", "den", "der", "ten", "ter", "'t")]
    after = tokens[at + len(small)] if small and at + len(small) < len(tokens) else ""
    named = at > begin and tokens[at - 1][:1].isupper() and ahead[: len(small)] == small and after[:1].isupper()
    of_person = at - 2 >= 0 and bool(ROLES.fullmatch(bare(tokens[at - 2])))
    return named and (small[0] != "van" or len(small) > 1 or of_person) and (small[0] != "van" or at > begin)


def is_clause(text: str) -> bool:
    """Whether a text has a verb where a question has it."""
    tokens = [bare(token) for token in text.split()]
    phrases = parse(text)
    if len(tokens) < 2 or phrases[0].kind == "ask":
        return len(tokens) > 1 and any(phrase.kind == "verb" for phrase in phrases)
    after = text.split()[1]
    noun = NOUN_IN_E.fullmatch(tokens[0]) or ROLES.fullmatch(tokens[0]) or PEOPLE.fullmatch(tokens[0])
    subject = tokens[1] in DETERMINERS | PRONOUNS | {"er", "there"} or after[:1].isupper()
    return tokens[0] in VERBS or (subject and not noun and bool(FINITE.fullmatch(tokens[0])))


def said(phrases: Iterable[Phrase]) -> str:
    """The phrases as text."""
    return " ".join(str(phrase) for phrase in phrases)


def asked_lower(phrases: Sequence[Phrase]) -> str:
    """A question as it stands behind other words, without its capital."""
    text = said(phrases)
    return text[:1].lower() + text[1:] if phrases[0].kind in ("ask", "verb") else text


def lower_first(text: str) -> str:
    """The text as it stands inside a sentence: a name keeps its capital."""
    first, *others = [*text.split(), ""]
    is_verb = FINITE.fullmatch(bare(first)) and (_begins_subject(others[0]) or bare(others[0]) in FUNCTION_WORDS)
    return text[:1].lower() + text[1:] if bare(first) in FUNCTION_WORDS or is_verb else text


def verb_at(phrases: Sequence[Phrase]) -> int | None:
    """Where the verb stands, None where none was found."""
    return next((at for at, phrase in enumerate(phrases) if phrase.kind == "verb"), None)


def subject_end(rest: Sequence[Phrase], own: Sequence[str]) -> int:
    """How many of the phrases behind the verb are its subject; 0 where what is asked for is itself the subject."""
    agent = ROLES.fullmatch(bare(own[-1])) or bare(own[0]) in ("wie", "who") or bare(own[-1]) in AGENTS
    if not rest or agent or rest[0].prep:
        return 0
    if rest[0].kind == "other":
        return int(bare(rest[0].text) in PRONOUNS | {"er", "there"})
    if rest[0].kind != "noun" or bare(rest[0].text.split()[0]) in INDEFINITE:
        return 0
    end = 1
    while end < len(rest) and rest[end].prep in ("van", "of") and rest[end].named:
        end += 1
    return end
