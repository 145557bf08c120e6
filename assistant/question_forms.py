"""Questions that a passage answers, turned out of its own sentences and headings by patterns of Dutch grammar.

In a Dutch main clause the verb comes second: what stands before it can be replaced by a question word, and the rest
stays as it is. "In 2026 volgt een evaluatie." -> "Wanneer volgt een evaluatie?" A clause that begins with its subject
is turned around first, at a verb from a list. What points back ("dit", "hij") cannot be understood alone, so that
makes no question.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from ingest.dutch import MONTHS, fold, stem
from ingest.sentences import sentences
from ingest.types import Passage


class Form(IntEnum):
    """What a question was turned out of; the lower, the more there is to be said for asking it."""

    ASKED = 0  # the text asks it itself
    AMOUNT = 1
    TIME = 2
    CAUSE = 3
    LIST = 4
    MEANING = 5
    SUBJECT = 6


@dataclass(frozen=True, slots=True)
class TurnedQuestion:
    """A question that a passage seems to answer."""

    text: str
    form: Form


FEWEST, MOST = 4, 16  # words of a question
FEWEST_IN_HEADING = 3  # of a question out of a heading

_NUMBER = (
    r"(?:ruim |bijna |ongeveer |zo'n |meer dan |minstens |circa )?(?:\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?|twee|drie|vier"
    r"|vijf|zes|zeven|acht|negen|tien|elf|twaalf|twintig|dertig|veertig|vijftig|honderd|duizend)(?: miljoen| miljard)?"
)
_COUNT = r"(?:twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|\d{1,2})"
_DATE = rf"(?:(?:\d{{1,2}} )?(?:{'|'.join(MONTHS)})(?: (?:19|20)\d\d)?|(?:19|20)\d\d)"
# Finite verbs that texts of governments are full of. The verb is looked for by this list where nothing else tells it.
_VERB = (
    "is|zijn|was|waren|wordt|worden|werd|werden|heeft|hebben|had|hadden|kan|kunnen|moet|moeten|moest|moesten|wil|willen"
    "|mag|mogen|zal|zullen|gaat|gaan|ging|gingen|blijft|blijven|krijgt|krijgen|kreeg|kregen|geeft|geven|komt|komen|kwam"
    "|kwamen|kiest|kiezen|koos|kozen|maakt|maken|doet|doen|deed|staat|staan|ligt|liggen|neemt|nemen|nam|namen|vraagt"
    "|vragen|werkt|werken|groeit|groeien|stijgt|stijgen|steeg|stegen|daalt|dalen|daalde|vindt|vinden|houdt|houden"
    "|begint|beginnen|begon|start|starten|startte|telt|tellen|telde|bouwt|bouwen|kost|kosten|kostte|betaalt|betalen"
    "|stelt|stellen|stelde|zet|zetten|zette|biedt|bieden|brengt|brengen|bracht|leidt|leiden|leidde|vormt|vormen|geldt"
    "|gelden|helpt|helpen|zoekt|zoeken|speelt|spelen|besluit|besloot|beslist|organiseert|organiseren|verandert|draagt"
    "|ontvangt|ontvangen|beheert|beheren|bestaat|bestaan|duurt|duren|sluit|sluiten|opent|openen|verwacht|verwachten"
)
_DETERMINERS = frozenset("de het een alle veel elke elk iedere ieder nieuwe beide sommige andere meer geen".split())
# Who or what these are is said elsewhere.
_POINTING = frozenset(
    "dit dat deze die hij zij ze hem haar hun hen ik je jij jou jouw jullie u uw we wij ons onze mij mijn me daar "
    "hier er zulke zulk dergelijke dezelfde hetzelfde zo zo'n zulks diens dier laatste laatstgenoemde "
    "eerstgenoemde volgende volgend vorige vorig bovenstaande onderstaande voornoemde genoemde anderen ander ene "
    "daarbij daarin daarmee daarna daarom daarvan daarvoor daardoor daarnaast daartoe daarbinnen daarover daaraan "
    "daarop hierbij hierin hiermee hierna hierom hiervan hiervoor hierdoor hiernaast hiertoe hierover hieraan "
    "hierop ervan ervoor erin ermee erop erover eraan eruit erbij erdoor ertoe waaronder zichzelf komende "
    "afgelopen inmiddels nu tegenwoordig vandaag straks".split()
)
_THERE = re.compile(r"\b(zijn|komen|waren|kwamen|gelden|bestaan) er\b")  # which points at nothing
# Adverbs that tie a sentence to the one before; without them it stands alone.
_TIES = re.compile(
    r"\b(?:dan ook|ook|echter|dus|immers|namelijk|bovendien|tevens|eveneens|vervolgens|overigens|bijvoorbeeld|"
    r"tegelijkertijd|anderzijds|enerzijds|kortom|wel(?! degelijk)|juist|toch) "
)
_GOES_ON = re.compile(
    r", (?=(?:omdat|doordat|want|zodat|waardoor|waarmee|waarbij|waarin|terwijl|maar|en|hoewel|aldus|die|dat|wat)\b)"
)
_BROKEN = re.compile(r"[\"“”„«»‘\[\]{}|•…<>=]|(?<!\w)['’]|['’](?!\w)|https?:|www\.|[a-z]\d|\.\.")
_FOOTED = re.compile(r"\s*\([^)]*\)")

_AT_TIME = re.compile(rf"(?P<when>In|Op|Vanaf|Sinds|Per|Eind|Begin) (?P<date>{_DATE}) (?P<rest>[a-z]+ .+)")
_COUNTED = re.compile(rf"(?P<number>{_NUMBER}) (?P<rest>.+)", re.IGNORECASE)
_BECAUSE_FIRST = re.compile(r"(?:Omdat|Doordat) [^,]+, (?P<rest>[a-z]+ .+)")
_THEREFORE = re.compile(r"(?P<word>Daarom|Daardoor|Hierdoor|Hierom) (?P<rest>[a-z]+ .+)")
_BECAUSE = re.compile(r"(?P<clause>.+?),? (?:omdat|doordat|want|dankzij het feit dat) .+")
_AT_TIME_LAST = re.compile(rf"(?P<clause>.+?) (?P<when>op|in|vanaf|sinds|per) (?P<date>{_DATE})")
_CLAUSE = re.compile(rf"(?P<subject>[A-Z]\S*(?: \S+){{0,5}}?) (?P<verb>{_VERB})(?: (?P<rest>.+))?")
# Right after an article and a noun comes the verb, or what goes on about the noun.
_SHORT_CLAUSE = re.compile(
    r"(?P<subject>(?:De|Het|Een) (?:[a-z]+e )?(?:gemeente|commissie|[a-z]{2,}[^\Wen])) (?P<verb>[a-z]{2,}(?:t|de|te))"
    r"(?: (?P<rest>.+))?"
)
_HAS_COUNT = re.compile(rf"(?P<number>{_NUMBER}) (?P<noun>[a-z]+en|[a-z]+s|euro|procent)\b(?P<after>.*)")
_LEADS_IN = re.compile(
    rf"(?P<prep>(?:op|in|uit|met|voor|van|aan|bij) )?(?:de )?(?P<count>{_COUNT}) (?P<things>[a-z][a-z -]*)"
)
_THERE_ARE = re.compile(rf"Er (?P<verb>zijn|komen|waren|kwamen|gelden|bestaan) (?P<count>{_COUNT}) (?P<things>[a-z].*)")
_IS_A = re.compile(r"(?P<what>Een \w+|(?:De |Het )?[A-Z]\w+(?: [A-Z]\w+)*) is (?:een|het|de) (?!van\b|soort\b)\w+ .+")
_MAIN_THING = re.compile(
    r"(?P<what>(?:De|Het) (?:belangrijkste |centrale |eerste |grootste )?[a-z]+ (?:van|voor) [^,:;]+?) "
    r"(?P<verb>is|zijn)(?P<rest>:| (?:dat|om|een|het|de|dus dat) .+)"
)
_ABSTRACT = frozenset(
    "aanleiding aandachtspunt advies belang conclusie doel essentie gevolg grondgedachte idee kern kracht kwestie "
    "les manier mogelijkheid moment nadeel onderdeel opgave oplossing probleem punt reactie reden resultaat "
    "risico situatie stap stelling taak uitdaging uitgangspunt valkuil verhaal verschil voorbeeld voordeel "
    "voorwaarde vraag werkelijkheid wens zaak zorg dilemma aanpak vervolg begin eind resultaat".split()
)
_FURNITURE = re.compile(
    r"\b(?:inleiding|voorwoord|nawoord|dankwoord|samenvatting|conclusies?|inhoud|inhoudsopgave|colofon|bijlagen?|noten|"
    r"voetnoten|bronnen|literatuur|literatuurlijst|leeswijzer|slot|slotwoord|vooraf|tot slot|ten slotte|verantwoording|"
    r"contact|referenties|aanhef|ondertekening|agenda|bijschrift|figuur|tabel|afbeelding|overzicht|algemeen|overig|"
    r"in het kort|hoofdstuk|deel|paragraaf|sheet|dia|kader|interview|essay|blog|column|verhalen?|handreiking)\b",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"^(?:(?:\d+|[IVX]+|[a-z])(?:[.)]\d*)*\.?\s+)+(?:\|\s*)?")
_NOUN = r"[a-zA-Zé&-]{4,}"
_SUBJECT = re.compile(
    rf"(?:(?:De|Het) (?:[a-z]+e )?{_NOUN}(?: (?:van|voor|in|op|met|bij) (?:(?:de|het|een) )?(?:[a-z]+e )?{_NOUN})?"
    rf"|[A-Z][a-z]+(?:ing|ingen|heid|heden|schap|schappen|tie|ties|teit|ment|sel|zorg|beleid|huur|bouw|samenleving|raad"
    rf"|hulp|opgaven?|domein|wijk|wijken|markt|akkoord|akkoorden|visie|budget|net|netten|rol|taken|middelen|financiën"
    rf"|inwoners|gemeenten?|regio|regio's|onderwijs|veiligheid|wonen|vervoer|verkeer|energie|klimaat)"
    rf"(?: (?:en|van|voor|in|op|met|bij) (?:(?:de|het|een) )?(?:[a-z]+e )?{_NOUN})?)"
)
_COUNTED_HEADING = re.compile(rf"(?P<count>{_COUNT}) (?P<things>[a-zé ]+ (?:van|voor|om|bij) .+)", re.IGNORECASE)
# A noun with what precedes it, where what follows seldom comes after an adjective or a verb.
_NOUN_PLACE = re.compile(
    r"(?P<before>\b\w+[ ,]+)?\b(?P<noun>[a-zé]{5,})"
    rf"(?=[.;:,]| (?:van|voor|in|op|met|en|of|bij|aan|door|die|dat|om|uit|over|{_VERB})\b)"
)
_MASS = re.compile(r"\w+(?:ing|heid|schap|atie|iteit|zorg|hulp|beleid|onderwijs|huur|bouw|vervoer)")
_BEFORE_PLURAL = re.compile(r"van|voor|met|over|naar|tussen|door|bij|(?!te$|ze$|we$|je$|die$|deze$)\w+e", re.IGNORECASE)
_QUESTION_WORD = re.compile(
    r"(?:Wat|Wie|Waar\w*|Welke?|Wanneer|Hoe\w*|Waarom|(?:Voor|Met|Van|Aan|Op|In|Uit) (?:wie|welke?)|Vanaf wanneer)\b"
)


def turned_questions(passage: Passage) -> Iterator[TurnedQuestion]:
    """The questions that a passage seems to answer, as it comes: out of its nearest heading, then its sentences."""
    if passage.role != "body":
        return
    known = frozenset(re.findall(r"(?<![.?!:\n] )(?<!^)\b\w+", "\n".join((passage.text, *passage.section))))
    if passage.section and (found := _of_heading(passage.section[-1], known)):
        yield found
    for start, end in sentences(passage.text):
        sentence = " ".join(passage.text[start:end].split())
        if sentence.endswith("?"):
            if _asks_alone(passage.text, start, end) and _good_question(sentence):
                yield TurnedQuestion(sentence, Form.ASKED)
        elif not _BROKEN.search(sentence):
            yield from _of_sentence(_TIES.sub("", _FOOTED.sub("", sentence)), known)


def subject_question(text: str, wanted: str) -> str:
    """The question what stands in a text about the noun with this stem, as the text spells it; "" where it has none."""
    for found in _NOUN_PLACE.finditer(text):
        before, noun = (found["before"] or "").strip(" ,"), found["noun"]
        if stem(fold(noun)) != wanted:
            continue
        if before in ("de", "het"):
            return f"Wat staat er over {before} {noun}?"
        if _MASS.fullmatch(noun) or (re.search(r"(?:en|s)$", noun) and _BEFORE_PLURAL.fullmatch(before)):
            return f"Wat staat er over {noun}?"
    return ""


def _asks_alone(text: str, start: int, end: int) -> bool:
    """Whether a question has a line of its own with an answer below it, as in an interview: no rhetorical question."""
    below = text[end:].lstrip().partition("\n")[0]
    return text[:start].rstrip(" ")[-1:] in ("", "\n") and bool(re.match(r" *\n", text[end:])) and "?" not in below[-2:]


def _good_question(question: str) -> bool:
    return bool(_QUESTION_WORD.match(question)) and _stands_alone(question[:-1])


def _of_sentence(sentence: str, known: frozenset[str]) -> Iterator[TurnedQuestion]:
    if sentence.endswith(":"):
        if found := _of_lead_in(sentence[:-1], known):
            yield from _made(found, Form.LIST)
        return
    if not sentence.endswith("."):
        return
    sentence = sentence[:-1]
    for found, form in (
        (_of_reason(sentence, known), Form.CAUSE),
        (_of_meaning(sentence, known), Form.MEANING),
    ):
        if found:
            yield from _made(found, form)
    if clause := _main_clause(sentence):
        for found, form in ((_of_time(clause, known), Form.TIME), (_of_amount(clause, known), Form.AMOUNT)):
            if found:
                yield from _made(found, form)


def _made(question: str, form: Form) -> Iterator[TurnedQuestion]:
    if _stands_alone(question):
        yield TurnedQuestion(f"{question}?", form)


def _main_clause(sentence: str) -> str:
    """The main clause that a sentence begins with; "" where it cannot be told where that ends."""
    clause = _GOES_ON.split(sentence, maxsplit=1)[0]
    return "" if re.search(r"[,;:()–—]| - ", clause) else clause


def _stands_alone(question: str) -> bool:
    """Whether a question can be understood by whoever does not see the text it comes from."""
    said = _THERE.sub(r"\1", question.lower()).split()
    return FEWEST <= len(said) <= MOST and not _POINTING & set(said) and not _BROKEN.search(question)


def _of_time(clause: str, known: frozenset[str]) -> str:
    if found := _AT_TIME.fullmatch(clause):
        asks = {"Vanaf": "Vanaf wanneer", "Sinds": "Sinds wanneer"}.get(found["when"], "Wanneer")
        return f"{asks} {found['rest']}" if _begins_with_verb(found["rest"]) else ""
    if (found := _AT_TIME_LAST.fullmatch(clause)) and (turned := _turned(found["clause"], known)):
        asks = {"vanaf": "Vanaf wanneer", "sinds": "Sinds wanneer"}.get(found["when"], "Wanneer")
        return f"{asks} {turned}"
    return ""


def _of_amount(clause: str, known: frozenset[str]) -> str:
    if found := _COUNTED.fullmatch(clause):
        rest = found["rest"]
        said = rest.split()
        plain = not re.fullmatch(r"(?:19|20)\d\d", found["number"]) and said[0].islower() and said[0] not in MONTHS
        return f"Hoeveel {rest}" if plain and re.search(rf"\b(?:{_VERB}|\w+t)\b", " ".join(said[1:])) else ""
    if not (found := _clause(clause)) or not found["rest"]:
        return ""
    counted = _HAS_COUNT.fullmatch(found["rest"])
    subject = _mid_sentence(found["subject"], known)
    if not counted or not subject or re.search(r"\d", counted["after"]):
        return ""
    return f"Hoeveel {counted['noun']} {found['verb']} {subject}{counted['after']}"


def _of_reason(sentence: str, known: frozenset[str]) -> str:
    if (found := _BECAUSE_FIRST.fullmatch(sentence)) and (clause := _main_clause(found["rest"])):
        return f"Waarom {clause}" if _begins_with_verb(clause) else ""
    if (found := _THEREFORE.fullmatch(sentence)) and (clause := _main_clause(found["rest"])):
        asks = "Waarom" if found["word"].endswith("om") else "Waardoor"
        return f"{asks} {clause}" if _begins_with_verb(clause) else ""
    if (found := _BECAUSE.fullmatch(sentence)) and (clause := _main_clause(found["clause"])):
        turned = _turned(clause, known)
        return f"Waarom {turned}" if turned else ""
    return ""


def _of_lead_in(sentence: str, known: frozenset[str]) -> str:
    if found := _THERE_ARE.fullmatch(sentence):
        things, _, more = found["things"].partition(" ")
        return f"Welke {found['count']} {things} {found['verb']} er{' ' if more else ''}{more}"
    if not (clause := _clause(sentence)) or not clause["rest"]:
        return ""
    listed = _LEADS_IN.fullmatch(clause["rest"])
    subject = _mid_sentence(clause["subject"], known)
    if not listed or not subject or len(listed["things"].split()) > 2:
        return ""
    asks = f"{listed['prep'] or ''}welke {listed['count']} {listed['things']}"
    return f"{asks[0].upper()}{asks[1:]} {clause['verb']} {subject}"


def _of_meaning(sentence: str, known: frozenset[str]) -> str:
    if found := _MAIN_THING.fullmatch(sentence):
        return f"Wat {found['verb']} {_mid_sentence(found['what'], known)}"
    if found := _IS_A.fullmatch(sentence):
        what = _mid_sentence(found["what"], known)
        return f"Wat is {what}" if what and what.split()[-1] not in _ABSTRACT else ""
    return ""


def _of_heading(heading: str, known: frozenset[str]) -> TurnedQuestion | None:
    heading = _NUMBERING.sub("", heading.strip())
    if heading.endswith("?"):
        return TurnedQuestion(heading, Form.ASKED) if _good_question(heading) else None
    if heading.isupper() or _FURNITURE.search(heading) or _POINTING & set(heading.lower().split()):
        return None
    if found := _COUNTED_HEADING.fullmatch(heading):
        return TurnedQuestion(f"Wat zijn de {found['count'].lower()} {found['things']}?", Form.LIST)
    if _SUBJECT.fullmatch(heading):
        lowered = _mid_sentence(heading, known | {heading.split()[0].lower()})
        return TurnedQuestion(f"Wat staat er over {lowered}?", Form.SUBJECT)
    return None


def _clause(text: str) -> re.Match[str] | None:
    """A clause as its subject, its verb and the rest of it."""
    if (found := _SHORT_CLAUSE.fullmatch(text)) and found["verb"] not in _NO_VERB:
        return found
    return _CLAUSE.fullmatch(text)


def _turned(clause: str, known: frozenset[str]) -> str:
    """A clause with its verb in front: "De raad besluit" -> "besluit de raad"; "" where that is unclear."""
    found = _clause(clause)
    subject = _mid_sentence(found["subject"], known) if found else ""
    return " ".join(filter(None, (found["verb"], subject, found["rest"]))) if found and subject else ""


def _mid_sentence(phrase: str, known: frozenset[str]) -> str:
    """A phrase that began a sentence as it stands in the middle of one; "" when that cannot be told, or when it is no
    subject: `known` are words as the text has them there.
    """
    first, _, rest = phrase.partition(" ")
    lowered = first.lower()
    if first in _NO_SUBJECT or (lowered in _DETERMINERS and not rest):
        return ""
    if rest[:1].isupper() and lowered not in _DETERMINERS:
        return phrase  # a name of several words
    if lowered in _DETERMINERS or lowered in known:
        return f"{lowered} {rest}".strip()
    return phrase if first in known or first.isupper() else ""


_NO_SUBJECT = frozenset(
    "In Op Aan Bij Met Voor Van Uit Door Over Onder Tussen Tijdens Na Naar Om Te Ten Ter Als Wanneer Hoe Wat Wie "
    "Waar Waarom Zo Daarbij Daarnaast Daarmee Ook Toen Dan Vaak Soms Maar En Want Dus Of Volgens Binnen Buiten "
    "Zonder Tot Per Sinds Vanaf Vanuit Via Naast Tegen Rond Vooral Juist Niet Alleen Uiteindelijk Uiteraard "
    "Steeds Nog Naarmate Doordat Omdat Hoewel Terwijl Zodra Immers Namelijk Vanwege Wegens Dankzij Ondanks "
    "Tegelijk Tegelijkertijd Zeker Natuurlijk Kortom Meestal Opnieuw Eerst Verder Bovendien Helaas Gelukkig "
    "Vandaar Zowel".split()
)


def _begins_with_verb(rest: str) -> bool:
    """Whether what comes after the first part of a clause can be its verb: no preposition, article or conjunction."""
    first = rest.split(maxsplit=1)[0]
    return bool(re.fullmatch(rf"{_VERB}|[a-z]{{3,}}(?:t|d|de|te|en)", first)) and first not in _NO_VERB


_NO_VERB = frozenset(
    "en met het de een dat niet tot met uit omtrent omstreeks tussen binnen buiten beiden iedereen mede steeds "
    "met worst resp want maart oogst".split()
)
