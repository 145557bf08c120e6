"""What a follow-up question points at: "Wie zei dat?", "Wat vond hij daarvan?" with the person and the matter in it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.dialogue.phrases import (
    ADJECTIVE,
    BY_ADVERB,
    COUNTED,
    DEMONSTRATIVES,
    PARTICLES,
    PLACED,
    ROLES,
    SAYING,
    Phrase,
    bare,
    head_stem,
    lower_first,
    parse,
    said,
    subject_end,
    verb_at,
)
from assistant.sentence_match import PERSON, is_number
from assistant.understand import PART_WORDS, is_english
from ingest.dutch import content_words, fold, stem

PERSONAL = frozenset("hij zij ze hem hen he she they him them".split())
PLURAL = frozenset("zij ze hen they them".split())
THERE = frozenset({"daar", "there"})
ALIKE = frozenset("zo'n zulke zulk such".split())
# What is always of something else.
RELATIONAL = frozenset(
    "reden redenen oorzaak oorzaken aanleiding doel doelen uitkomst uitkomsten resultaat resultaten gevolg gevolgen "
    "kosten bedrag conclusie conclusies voorwaarden verschil verschillen reactie reacties voordelen nadelen opbrengst "
    "planning vervolg reason reasons cause goal outcome result results consequences costs conclusion difference".split()
)
FUNCTION_BEFORE = re.compile(rf"\b(?i:{ROLES.pattern})\s+(?=[A-Z])")
ENGLISH_ROLES = re.compile(r"mayor|alderman|director|chair|clerk|researcher")
SHARES = frozenset("procent deel percentage aandeel percent share".split())
# Verbs with which "het" may mean nothing: "Hoe gaat het met …".
EXPLETIVE = frozenset("gaat ging zit staat komt kwam is was kan moet lukt blijft klopt does".split())


def points(phrases: Sequence[Phrase]) -> bool:
    """Whether a clause has a word that points at something outside it, and not at an earlier phrase of its own."""
    if _lacks_a_matter(phrases):
        return True
    nouns = 0  # so far: these a pronoun may mean
    for at, phrase in enumerate(phrases):
        low = [bare(word) for word in phrase.text.split()]
        if phrase.kind == "noun":
            followed = phrases[at + 1].kind if at + 1 < len(phrases) else ""
            alike = low[0] in ALIKE and not any(is_number(word) for word in low[1:2])  # "zo'n 500" is about 500
            if nouns == 0 and (alike or low[0] in DEMONSTRATIVES) and followed != "clause":
                return True
            nouns += not phrase.prep or not nouns
        elif phrase.kind == "ask":
            nouns += len(low) > 1 and low[0] in COUNTED
        elif phrase.kind == "clause":
            return False
        elif phrase.kind == "other" and _points_back(low[0], phrases, at, nouns):
            return True
    return False


def _lacks_a_matter(phrases: Sequence[Phrase]) -> bool:
    """Whether a clause does not say what it is about: "Wie betaalt?", "Wat was de uitkomst?"."""
    if (
        phrases[0].kind != "ask"
        or len(phrases[0].text.split()) > 1
        or any(phrase.kind == "clause" for phrase in phrases)
    ):
        return False
    nouns = [phrase for phrase in phrases if phrase.kind == "noun"]
    return not nouns or (len(nouns) == 1 and bare(nouns[0].text.split()[-1]) in RELATIONAL and not nouns[0].prep)


def _points_back(word: str, phrases: Sequence[Phrase], at: int, nouns: int) -> bool:
    """Whether a small word points outside its clause, with so many noun phrases before it."""
    last = at == len(phrases) - 1
    after = phrases[at + 1 :]
    if BY_ADVERB.fullmatch(word) and word.startswith("er"):
        return nouns < 2 and all(phrase.kind == "other" for phrase in after)
    if BY_ADVERB.fullmatch(word) or word == "daar" or (word == "there" and last):
        return nouns < 2
    if word in DEMONSTRATIVES | PERSONAL:
        return nouns == 0
    bare_verb = bare(phrases[at - 1].text) not in EXPLETIVE
    return (
        word in ("het", "it")
        and nouns == 0
        and (
            all(phrase.kind == "other" for phrase in after)
            or (bare_verb and not any(p.kind == "clause" for p in after))
        )
    )


def resolved(text: str, earlier: Sequence[Phrase], answer: str) -> str:
    """A clause with what its pointing words point at, and with the subject of the question before it."""
    english = is_english(text)
    phrases = parse(text)
    if clause := _as_clause(phrases, earlier):
        return clause
    found = [_referred(phrase, phrases, earlier, answer) for phrase in phrases]
    if any(one is None for one in found):
        if len(content_words(text)) < PART_WORDS:
            return f"{said(earlier)}, {'and' if english else 'en'} {lower_first(text)}"
        found = [one or phrase for one, phrase in zip(found, phrases, strict=True)]
    made = [phrase for phrase in found if phrase]
    if (prep := next((one for one in made if one.kind == "open"), None)) and made[-1].text in PARTICLES | {
        "van",
        "met",
    }:
        made = [*(one for one in made[:-1] if one is not prep), replace(prep, kind="noun", prep=made[-1].text)]
    return _with_context(said(made), earlier, english=english)


def _as_clause(phrases: Sequence[Phrase], earlier: Sequence[Phrase]) -> str:
    """For "Wie zei dat?" about a yes-no question: who said that it is so. "" where it is not that."""
    pointed = next((at for at, p in enumerate(phrases) if fold(p.text) in ("dat", "dit", "that", "this")), None)
    says = any(SAYING.fullmatch(bare(phrase.text)) for phrase in phrases)
    if pointed is None or not says or len(phrases) > pointed + 2 or earlier[0].kind != "verb":
        return ""
    asked = said(earlier)
    if given := re.match(r"(?:klopt het|is het (?:zo|waar)|is it true) (dat|that) (.+)", asked, re.IGNORECASE):
        clause = f"{given[1]} {given[2]}"
    elif is_english(asked):
        last = len(earlier) - 1 if not earlier[-1].prep else 0  # "closed", in "Is the pool in Elzen closed?"
        end = last if last > 1 else 1 + max(1, subject_end(earlier[1:], ("",)))
        verb = "" if bare(earlier[0].text) in ("does", "do", "did") else f"{bare(earlier[0].text)} "
        clause = f"that {said(earlier[1:end])} {verb}{said(earlier[end:])}"
    else:
        verb, rest = earlier[0].text.lower(), said(earlier[1:])
        particle = earlier[-1].kind == "other" and earlier[-1].text in PARTICLES
        clause = f"dat {rest}{'' if particle else ' '}{verb}"
    return said([*phrases[:pointed], *phrases[pointed + 1 :], Phrase("clause", clause)])


def _referred(phrase: Phrase, phrases: Sequence[Phrase], earlier: Sequence[Phrase], answer: str) -> Phrase | None:
    """The phrase, or what it points at; None where it points at all of the earlier question."""
    low = [bare(word) for word in phrase.text.split()]
    if phrase.kind == "other":
        split = low[0] in THERE and phrases[-1].text in PARTICLES | {"van", "met"}  # "daar … over"
        return Phrase("open", _topic(earlier)) if split else _referred_word(phrase, earlier, answer)
    if phrase.kind in ("noun", "clause") and low[0] in DEMONSTRATIVES:
        if len(low) == 1:
            return _demonstrated(low[0], earlier)
        at = next((at for at, p in enumerate(earlier) if p.kind == "noun" and _same_head(p.text, phrase.text)), None)
        if at is not None:
            return replace(phrase, text=said([replace(earlier[at], prep=""), *_behind(earlier, at)]))
    return phrase


def _referred_word(phrase: Phrase, earlier: Sequence[Phrase], answer: str) -> Phrase | None:
    """The same for a small word: "daarvan", "daar", "hij", "het", "die"."""
    word = bare(phrase.text)
    if word in DEMONSTRATIVES:
        return _demonstrated(word, earlier)
    found: Phrase | None = None
    if adverb := BY_ADVERB.fullmatch(word):
        found = Phrase("noun", _topic(earlier), {"mee": "met", "toe": "tot"}.get(adverb[1], adverb[1]))
    elif word in THERE:
        found = _place(earlier)
    elif word in PERSONAL:
        found = _person(earlier, answer, plural=word in PLURAL)
        if not found and word in ("hem", "him", "them"):  # "hem" may be a thing too
            found = Phrase("noun", _topic(earlier))
    elif word in ("het", "it"):
        found = _neuter(earlier) or Phrase("noun", _topic(earlier))
    return found if found and found.text else phrase


def _demonstrated(word: str, earlier: Sequence[Phrase]) -> Phrase | None:
    """What "die" means, a thing that was named; None for "dat", which may be all that was said."""
    about = _topic(earlier)
    return Phrase("noun", about) if word in ("die", "deze", "those", "these") and about else None


def _neuter(phrases: Sequence[Phrase]) -> Phrase | None:
    """What "het" means: the first phrase with "het" that has no preposition, with whose it is."""
    at = next((at for at, p in enumerate(phrases) if not p.prep and p.text.lower().startswith(("het ", "dat "))), None)
    return Phrase("noun", said([phrases[at], *_behind(phrases, at)[:1]])) if at is not None else None


def _same_head(one: str, other: str) -> bool:
    return bool(head_stem(other)) and head_stem(one).endswith(head_stem(other))


def _behind(phrases: Sequence[Phrase], at: int) -> list[Phrase]:
    """The phrases with a preposition that follow one."""
    end = at + 1
    while end < len(phrases) and phrases[end].prep:
        end += 1
    return list(phrases[at + 1 : end])


def _topic(phrases: Sequence[Phrase]) -> str:
    """What a question is about, as a noun phrase; "" where it has none."""
    verb = verb_at(phrases) or 0
    own = phrases[0].text.split()
    plain = [at for at, p in enumerate(phrases) if p.kind == "noun" and not p.prep and p.sort != "person"]
    things = [at for at in plain if phrases[at].sort != "name" and not _is_predicate(phrases, at)]
    things = [at for at in things if phrases[at].sort != "people"] or (things if len(own) == 1 else [])
    asked = [phrase for phrase in phrases if phrase.kind == "noun" and phrase.prep and phrase.prep != "volgens"]
    owner = [replace(phrases[at], prep="van") for at in plain if phrases[at].sort == "name" and at not in things]
    counted = phrases[0].kind == "ask" and len(own) > 1 and bare(own[0]) in COUNTED and bare(own[1]) not in SHARES
    if counted and not things:
        determiner = {"welk": "dat", "hoeveel": "de", "which": "the"}.get(bare(own[0]), "die")
        return said([Phrase("noun", " ".join([determiner, *own[1:]])), *owner, *asked])
    if things:
        at = things[-1]
        others = [phrase for phrase in phrases[verb + 1 :] if phrase in asked and phrase not in _behind(phrases, at)]
        clauses = (phrase for phrase in phrases if phrase.kind == "clause")
        return said([phrases[at], *owner, *_behind(phrases, at), *others, *clauses])
    matters = [*(phrases[at] for at in plain if phrases[at].sort == "name"), *asked]
    return said([replace(matters[0], prep=""), *matters[1:]]) if matters else ""


def _is_predicate(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether a phrase without a preposition looks like what is said of something ("scheef"), not like a thing."""
    *before, last = phrases[at].text.split()
    adjective = not last.endswith("e") and ADJECTIVE.fullmatch(bare(last)) is not None
    return adjective or (not before and phrases[at - 1].kind != "verb" and at == len(phrases) - 1)


def _place(phrases: Sequence[Phrase]) -> Phrase | None:
    """Where a question is about: "in Veldrijk"."""
    named = [phrase for phrase in phrases if phrase.kind == "noun" and phrase.named and phrase.sort == "name"]
    placed = [phrase for phrase in named if phrase.prep in PLACED] or [p for p in named if p.prep != "volgens"]
    if not placed:
        return None
    return placed[-1] if placed[-1].prep in PLACED else replace(placed[-1], prep="in")


def _person(phrases: Sequence[Phrase], answer: str, *, plural: bool) -> Phrase | None:
    """The person, or with `plural` also those, whom a question is about."""
    nouns = [phrase for phrase in phrases if phrase.kind == "noun" and not phrase.prep]
    person = only_person(answer)
    if persons := [phrase for phrase in phrases if phrase.kind == "noun" and phrase.sort == "person"]:
        if person and bare(phrases[0].text) in ("wie", "who"):
            return Phrase("noun", person)
        return _definite(replace(persons[0], prep=""))
    together = [phrase for phrase in nouns if plural and (phrase.sort == "people" or " en " in phrase.text)]
    if person and not together:
        return Phrase("noun", person)
    if ROLES.fullmatch(bare(phrases[0].text.split()[-1])):
        whose = said(phrases[1 : verb_at(phrases)])
        return Phrase("noun", " ".join(["die", *phrases[0].text.split()[1:], whose]).strip())
    return next(iter([*together, *(phrase for phrase in nouns if phrase.named)]), None)


def _definite(role: Phrase) -> Phrase:
    """A function with its article, which "Wie is daar secretaris?" leaves out; a name is as it was."""
    if " " in role.text or not ROLES.fullmatch(role.text):
        return role
    return replace(role, text=f"{'the' if ENGLISH_ROLES.fullmatch(role.text) else 'de'} {role.text}")


def _with_context(text: str, earlier: Sequence[Phrase], *, english: bool) -> str:
    """The text with what the earlier question was about, as far as it is not said in it."""
    told = {stem(word) for word in content_words(text)}
    about = _topic(earlier)
    if told & {stem(word) for word in content_words(about)}:
        untold = [
            phrase
            for at, phrase in enumerate(earlier)
            if _is_untold(phrase, told) and (phrase.prep or not _is_predicate(earlier, at))
        ]
        about = said([replace(untold[0], prep=""), *untold[1:]]) if untold else ""
    if not content_words(about):
        return text
    return f"{text}, {'when it comes to' if english else 'als het gaat om'} {about.rstrip(',;:')}"


def _is_untold(phrase: Phrase, told: Collection[str]) -> bool:
    """Whether a phrase is about something that was not told yet; "in gesprek", "in plaats" and a time are not."""
    idiom = phrase.prep in ("in", "op") and phrase.sort == "thing" and " " not in phrase.text
    subject = not phrase.prep and phrase.sort == "people"
    if phrase.kind != "noun" or phrase.sort in ("time", "person") or phrase.prep in ("volgens", "per"):
        return False
    if idiom or subject:
        return False
    return not {stem(word) for word in content_words(phrase.text)} <= set(told)


def only_person(answer: str) -> str:
    """The person whom an answer names, where that is exactly one; else ""."""
    # "Burgemeester Ada Hulst" is Ada Hulst.
    names = PERSON.findall(FUNCTION_BEFORE.sub("", answer))
    named = {name for name in names if not name.startswith(("De ", "Het ", "The "))}
    return named.pop() if len(named) == 1 else ""
