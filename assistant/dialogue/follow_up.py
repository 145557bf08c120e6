"""A follow-up question of a few words put into the question before it: "En in 2019?", "Waarom niet?", "Nog meer?".

New words take the place of the phrase of the same sort, new asking words that of the old ones. What fits nowhere is
added, so that no word that a search needs is lost.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue.phrases import (
    BEING,
    COUNTED,
    DETERMINERS,
    PEOPLE,
    PLACED,
    PREPOSITIONS,
    WHOLE,
    Phrase,
    asked_lower,
    bare,
    describes,
    head_stem,
    lower_first,
    parse,
    said,
    subject_end,
    verb_at,
)
from assistant.dialogue.pointing import only_person
from assistant.sentence_match import YEAR
from assistant.understand import is_english
from ingest.dutch import fold

RELATIVE_YEAR = re.compile(
    r"(?:(?:een|het|a|one|\w+) )?(?:jaar|years?) (eerder|ervoor|daarvoor|later|erna|daarna|before|after)"
)
NOW = frozenset("nu nog toen vroeger vandaag tegenwoordig later daarna straks now today later".split())


# A phrase for a phrase.


def replaced(text: str, phrases: Sequence[Phrase]) -> list[Phrase]:
    """The phrases of a question with each phrase of the text in the place of the one of its sort, or added."""
    found = list(phrases)
    if year := _relative_year(text, found):
        text = f"in {year}"
    if all(bare(word) in NOW for word in text.split()):
        return _put(Phrase("noun", text, ""), found, time=True)
    new: list[Phrase] = []
    for phrase in parse(f"is {lower_first(text)}")[1:]:  # behind a verb, everything is a phrase
        if new and (phrase.prep in ("van", "of") or phrase.kind != "noun"):
            new[-1] = replace(new[-1], text=f"{new[-1].text} {phrase}")
        else:
            new.append(replace(phrase, kind="noun"))
    for phrase in new:
        found = _put(phrase, found)
    return found


def _relative_year(text: str, phrases: Sequence[Phrase]) -> int | None:
    """The year that "een jaar later" means, from the last one said."""
    relative = RELATIVE_YEAR.fullmatch(fold(text))
    years = [int(year[0]) for phrase in phrases for year in YEAR.finditer(phrase.text)]
    if not relative or not years:
        return None
    return years[-1] + (1 if relative[1] in ("later", "erna", "daarna", "after") else -1)


def _put(new: Phrase, phrases: list[Phrase], *, time: bool = False) -> list[Phrase]:
    """The phrases with a new one in the place of the one that it fits best, or added where it fits none."""
    if described := _described_so(new, phrases):
        return described
    scores = [_fit(new, phrase, time=time) for phrase in phrases]
    best = max(scores, default=0)
    beside = next((at for at, p in enumerate(phrases) if new.prep in PLACED and p.prep in PLACED and p.named), None)
    if new.named or (beside is not None and new.prep != phrases[beside].prep and best):
        beside = None
    if best > 2 or (best and beside is None):
        at = scores.index(best)
        old = phrases[at]
        end = at + 1
        while (
            old.prep
            and new.sort == "thing"
            and end < len(phrases)
            and phrases[end].prep == "van"
            and not phrases[end].named
        ):
            end += 1
        return [*phrases[:at], _instead(new, old), *phrases[end:]]
    if beside is not None:
        return _at(phrases, beside, [new, phrases[beside]])
    if not new.prep and not time:
        about = "when it comes to" if is_english(said(phrases)) else "als het gaat om"
        return [*phrases[:-1], replace(phrases[-1], text=f"{phrases[-1].text}, {about} {new.text}")]
    end = len(phrases) - (phrases[-1].kind == "other" and len(phrases) > 2)
    return [*phrases[:end], new, *phrases[end:]]


def _described_so(new: Phrase, phrases: Sequence[Phrase]) -> list[Phrase]:
    """The phrases with an adjective that stands by itself ("En rode?") for another; none where there is none."""
    if new.prep or " " in new.text or not describes(new.text) or PEOPLE.fullmatch(new.text):
        return []
    for at, phrase in enumerate(phrases):
        before, _, noun = phrase.text.rpartition(" ")
        if before and describes(before.split()[-1]) and phrase.kind in ("noun", "ask"):
            return _at(phrases, at, [replace(phrase, text=" ".join([*before.split()[:-1], new.text, noun]))])
    return []


def _at(phrases: Sequence[Phrase], at: int, new: Sequence[Phrase]) -> list[Phrase]:
    return [*phrases[:at], *new, *phrases[at + 1 :]]


def _fit(new: Phrase, old: Phrase, *, time: bool) -> int:
    """How well a new phrase takes the place of an old one; 0 where it does not."""
    if old.kind not in ("noun", "ask") or old.prep in ("volgens", "per"):
        return 0
    heads = bare(new.text.split()[-1]), bare(old.text.split()[-1])
    if (
        min(map(len, heads)) > 3
        and not new.named
        and (head_stem(new.text) == head_stem(old.text) or heads[1].endswith(heads[0]))
    ):
        return 9
    sort = "time" if time else new.sort
    if old.kind == "ask":
        bare_ask = len(old.text.split()) > 1 and not new.prep and bare(new.text.split()[0]) not in DETERMINERS
        return (3 if PEOPLE.fullmatch(heads[1]) else 1) if bare_ask and sort == "people" else 0
    if sort in ("time", "amount", "person") or old.sort == "time":
        return 4 * (sort == old.sort) or 2 * (sort == "person" and old.named and not old.prep)
    if sort == "name" or (old.named and WHOLE & {bare(word) for word in new.text.split()}):
        return _fit_name(new, old)
    return _fit_thing(new, old)


def _fit_name(new: Phrase, old: Phrase) -> int:
    """How well a name takes the place of another: place for place, abbreviation for abbreviation."""
    if not old.named or (old.sort != "name" and new.prep):
        return 0
    shape = new.text.isupper() == old.text.split()[-1].isupper()
    placed = old.prep in PLACED or (not new.prep and not old.prep)
    return 2 + (new.prep == old.prep) + 2 * shape + 2 * placed


def _fit_thing(new: Phrase, old: Phrase) -> int:
    """How well what is not a name takes the place of another: with the same preposition, or the same article."""
    if old.named or old.sort == "person":
        return 0
    if new.prep:
        return 3 * (new.prep == old.prep) or 2 * (new.prep in PLACED and old.prep in PLACED)
    if new.sort == "people":
        return 3 * (old.sort == "people")
    article, old_article = bare(new.text.split()[0]), bare(old.text.split()[0])
    if article in DETERMINERS:
        return (article == old_article) * (3 - bool(old.prep))
    return 2 * (old_article not in DETERMINERS and not old.prep)


def _instead(new: Phrase, old: Phrase) -> Phrase:
    """The new phrase as it stands in the place of the old one, whose preposition a name keeps."""
    if old.kind == "ask":
        return replace(old, text=f"{old.text.split()[0]} {new.text}")
    if YEAR.fullmatch(new.text) and not new.prep:
        return replace(new, prep=old.prep)
    if new.sort == "time" or (
        new.prep and not new.named and new.sort != "amount" and not WHOLE & set(new.text.split())
    ):
        same_head = head_stem(new.text) in head_stem(old.text)
        return replace(new, prep=old.prep if same_head and old.prep else new.prep)
    article, *others = old.text.split()
    if new.sort == old.sort == "people" and others and bare(new.text.split()[0]) not in DETERMINERS | {bare(article)}:
        return Phrase("noun", f"{article} {new.text}" if bare(article) in DETERMINERS else new.text, old.prep)
    lead = [word for word in old.text.split() if not word[:1].isupper()]
    alone = new.named and old.sort == "name" and new.text[:1].isupper() and len(lead) > 1
    return Phrase(
        "noun", " ".join([*lead, new.text]) if alone else new.text, new.prep if new.sort == "amount" else old.prep
    )


# Another asking word for the same question.


def swapped(asking: str, phrases: Sequence[Phrase], answer: str) -> str:
    """The question with other asking words, and with what its own asked for as something known."""
    asking_words = asking.split()
    first = bare(asking_words[0])
    verb = verb_at(phrases)
    if phrases[0].kind != "ask":
        return _swapped_yes_no(asking, phrases)
    own = phrases[0].text.split()
    if verb is None:
        return f"{said(phrases)}, en {lower_first(asking)}"
    if first in COUNTED and len(asking_words) == 1 and bare(own[0]) in COUNTED and len(own) > 1:
        return said([replace(phrases[0], text=" ".join([asking, *own[1:]])), *phrases[1:]])
    before, rest = list(phrases[1:verb]), list(phrases[verb + 1 :])
    known, degree = _known(phrases[0].text, before, answer)
    subject = subject_end(rest, own)
    if bare(own[0]) in ("wat", "what") and bare(phrases[verb].text) in BEING:
        subject = 0
    end = len(rest) - (bool(rest) and rest[-1].kind == "other")
    at = end if degree and end > subject else subject
    if known.split(" ")[0] in ("so", "that") and at < len(rest) and not rest[at].prep and " " not in rest[at].text:
        at += 1  # in English an object stands behind the verb
    middle = [*rest[:at], *([Phrase("noun", known)] if known else []), *rest[at:]]
    return said([Phrase("ask", asking), phrases[verb], *middle])


def _swapped_yes_no(asking: str, phrases: Sequence[Phrase]) -> str:
    first = bare(asking.split(maxsplit=1)[0])
    yes_no = [replace(phrases[0], text=phrases[0].text.lower()), *phrases[1:]]
    there = next((at for at, phrase in enumerate(phrases[:3]) if bare(phrase.text) in ("er", "there")), None)
    counted = next((phrase for phrase in phrases[1:] if phrase.kind == "noun" and not phrase.prep), None)
    if first == "hoeveel" and there and counted and len(asking.split()) == 1:
        noun = " ".join(word for word in counted.text.split() if bare(word) not in DETERMINERS)
        return said([Phrase("ask", f"{asking} {noun}"), *(phrase for phrase in yes_no if phrase is not counted)])
    if first in ("wie", "wat", "welk", "welke"):
        return f"{'Om wie gaat het' if first == 'wie' else 'Waar gaat het om'}: {asked_lower(phrases)}"
    if first in ("who", "what", "which"):
        return f"{asking} is it about: {asked_lower(phrases)}"
    return f"{asking} {asked_lower(phrases)}"


def _known(asked: str, before: Sequence[Phrase], answer: str) -> tuple[str, bool]:
    """What a question asked for, as something that is known by now, and whether it says to what degree."""
    first, *others = asked.split()
    word, rest = bare(first), " ".join(others)
    tail = said(before)
    if word in PREPOSITIONS:
        noun = " ".join(others[1:])
        return (
            (f"{first.lower()} {'dat' if bare(others[0]) == 'welk' else 'die'} {noun} {tail}".strip(), False)
            if noun
            else ("", False)
        )
    if word in ("hoe", "how"):
        return (f"{'zo' if word == 'hoe' else 'so'} {rest} {tail}".strip(), True) if rest else (tail, False)
    known = {
        "wat": "dat", "what": "that", "wie": "hij of zij", "who": "he or she", "welke": "die", "welk": "dat",
        "hoeveel": "zoveel", "which": "that", "waar": "daar", "where": "there",
    }.get(word, "")  # fmt: skip
    person = only_person(answer) if word in ("wie", "who", "welke", "which") else ""
    return (person or f"{known} {rest} {tail}".strip() if known else tail), False


def negated(phrases: Sequence[Phrase]) -> list[Phrase]:
    """A yes-no question with "niet" in it, or "geen" for "een"."""
    if phrases[0].kind == "ask" or any(bare(phrase.text) in ("niet", "not") for phrase in phrases):
        return list(phrases)
    english = is_english(said(phrases))
    end = 1 + subject_end(phrases[1:], ("",))
    while end < len(phrases) and phrases[end].prep in PLACED and phrases[end].named:
        end += 1
    if end < len(phrases) and phrases[end].text.startswith("een ") and not phrases[end].prep:
        return _at(phrases, end, [replace(phrases[end], text="g" + phrases[end].text)])
    return [*phrases[:end], Phrase("other", "not" if english else "niet"), *phrases[end:]]


def more(phrases: Sequence[Phrase], *, english: bool) -> str:
    """The question, asking for what was not said yet."""
    if english:
        first, *others = phrases[0].text.split()
        if phrases[0].kind == "ask" and others and bare(first) in ("which", "what"):
            return said([replace(phrases[0], text=" ".join([first, "other", *others])), *phrases[1:]])
        return f"{said(phrases)}, and what more"
    end = next((at + 1 for at, phrase in enumerate(phrases) if bare(phrase.text) == "er"), 0)
    end = end or len(phrases) - (phrases[-1].kind == "other")
    return said([*phrases[:end], Phrase("other", "nog meer"), *phrases[end:]])
