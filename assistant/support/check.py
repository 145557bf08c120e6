"""Whether a quote supports a statement that a language model wrote about it. In doubt it does not.

No model judges here: a statement is held against the quote word by word. Every word that says something must stand in
one sentence of the quote, in some form; numbers, dates and names as they are, with the same things beside them. Words
that turn or limit a meaning (see `marked`) may be neither added nor left out, and what governs what may not change
places. So a paraphrase in other words than the document's is dropped, however true it is: what is shown is what
can be proven.

Text that repeats whole sentences of the quote needs no such proof. Around these, a frame of reporting words and words
of the document's title, headings, publisher, author and date may stand ("Volgens de Woonvisie (2024): “…”"). Text in
English can only be such a frame around Dutch quotes: its own words would not be found in them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.support.clauses import (
    PREPOSITIONS,
    YEAR,
    Sentence,
    Word,
    is_content,
    read,
    read_sentence,
)
from assistant.support.frame import is_frame, sources, without_attribution, without_quotes
from assistant.support.marked import BOUNDS, KEPT, OF_WORD, WORDS_KEPT
from assistant.support.roles import described, roles_hold
from assistant.support.spelled import spelled
from assistant.support.word_forms import PARTICLES, forms, has_word, joined, separated
from ingest.dutch import TOKEN

CHECKS = ("words", "numbers", "names", "negation", "limits", "direction", "roles")

LEAST = 2  # content words of a statement, which is else no statement
PART = 3  # content words of a part of a sentence that is held against the quote by itself
UNIT = 3  # words after a number among which stands what it counts
CAUSAL = re.compile(
    r"\W*(?:dus|want|omdat|doordat|waardoor|daardoor|hierdoor|daarom|zodat|because|so|therefore)\b", re.IGNORECASE
)
JOINTS = re.compile(r"[,;:]\s+|\s+(?=(?:en|maar|omdat|want|terwijl|zodat)\s)")
NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’'&]*(?:[ -](?:(?:van|de|der|den|het|ten|ter|in|’t|'t|&) ){0,2}[A-ZÀ-ÖØ-Þ][\w’'&]*)+")
PAST = frozenset({"was", "waren"})
PRESENT = frozenset({"is"})
# These say something of what comes after them, and not of what stands before.
OF_NEXT = frozenset("geen zonder sommige alle meeste".split())
NEXT_GROUPS = frozenset(("if", "unless", "cause", "though", "after", "before"))
# Who takes part in it: no other word may make place for these.
MUTUAL = frozenset(("elkaar", "elkaars", "zichzelf"))
FREE_PREPOSITIONS = frozenset(("door", "in", "volgens"))


def supports(quotes: Sequence[str], statement: str, about: Sequence[str] = ()) -> bool:
    """Whether these quotes support all of a statement. `about` are texts about their documents: titles and the like."""
    rest, repeated = without_quotes(statement, quotes)
    if repeated and is_frame(rest, about, repeated):
        return True
    if (told := sources(rest)) and any((theirs := sources(quote)) and not told & theirs for quote in quotes):
        return False  # what one says in the quote is not said by another
    if repeated and CAUSAL.match(rest):
        return False  # that the one follows from the other stands in neither
    said = read(without_attribution(rest, about))
    stand = [sentence for quote in quotes for sentence in read(without_attribution(quote, about))]
    return any(one.content() for one in said) and all(_held(one, stand) or _held_in_parts(one, stand) for one in said)


def _held(said: Sentence, stand: Sequence[Sentence]) -> bool:
    return any(_holds(quote, said) for quote in stand)


def _held_in_parts(said: Sentence, stand: Sequence[Sentence]) -> bool:
    """Whether each part of a sentence stands in a sentence of the quotes; a cause in the same one as what it causes."""
    parts = _parts(said)
    return all(_held(part, stand) for part in parts) and not any(
        CAUSAL.match(part.text) and not any(_holds(quote, part) and _holds(quote, before) for quote in stand)
        for before, part in pairwise(parts)
    )


def _parts(sentence: Sentence) -> list[Sentence]:
    """A sentence in parts that each say something: "A doet dit, en B doet dat" is two of them."""
    parts: list[str] = []
    for piece in JOINTS.split(sentence.text):
        if parts and min(len(read_sentence(one).content()) for one in (piece, parts[-1])) < PART:
            parts[-1] += f", {piece}"
        else:
            parts.append(piece)
    return [read_sentence(part) for part in parts]


def _holds(quote: Sentence, said: Sentence) -> bool:
    asks = quote.text.rstrip(" ”’\"'").endswith("?")
    if _more_often(quote, said):
        return False
    if len(said.content()) < LEAST or (asks and not said.text.rstrip().endswith("?")):
        return False
    stems = quote.stems | joined(quote.plain, said.plain)
    return (
        all(_has(quote, word, stems) for word in said.content())
        and _numbers_hold(quote, said)
        and _between_hold(quote, said)
        and _names_hold(quote, said)
        and _particles_hold(quote, said)
        and _tense_holds(quote, said)
        and _markers_hold(quote, said)
        and _source_holds(quote, said)
        and roles_hold(quote, said)
        and described(quote, said)
    )


def _more_often(quote: Sentence, said: Sentence) -> bool:
    """Whether a statement has a word more often than the quote has it in any form."""
    counted = Counter(word.text for word in said.words if word.content or word.text in PREPOSITIONS)
    return any(
        often > max(1, sum(bool(forms(word) & forms(other.text)) for other in quote.words))
        for word, often in counted.items()
    )


def _has(quote: Sentence, word: Word, stems: frozenset[str] | set[str]) -> bool:
    if word.number or word.capital:
        return word.text in quote.plain
    return has_word(word.text, stems, quote.plain)


def _numbers_hold(quote: Sentence, said: Sentence) -> bool:
    """Whether each number counts what it counts in the quote, with the same bound ("minstens", "tot") before it."""
    places = [at for at, word in enumerate(said.words) if word.number]
    return all(
        any(
            _bound(quote, there) == _bound(said, at) and _same_unit(quote, there, said, at)
            for there, word in enumerate(quote.words)
            if word.text == said.words[at].text
        )
        for at in places
    )


def _between_hold(quote: Sentence, said: Sentence) -> bool:
    """Whether a statement with a number or name does not reach over another one: what follows belongs to that.

    A name between commas does not count: "de Denktank, onder leiding van Anna Smit, schreef".
    """
    wanted = {form for word in said.content() for form in forms(word.text)}
    places = [at for at, word in enumerate(quote.words) if word.content and forms(word.text) & wanted]
    clauses = {quote.words[at].clause for at in places}
    numbers = any(word.number for word in said.words)
    return not any(
        word.text not in said.plain and ((numbers and word.number) or (word.capital and word.clause in clauses))
        for word in quote.words[min(places) : max(places)]
    )


def _bound(sentence: Sentence, at: int) -> str | None:
    for word in reversed(sentence.words[max(0, at - 2) : at]):
        if word.text in BOUNDS:
            return BOUNDS[word.text]
        if word.number or word.content:
            return None
    return None


def _same_unit(quote: Sentence, there: int, said: Sentence, at: int) -> bool:
    following = said.words[at + 1 : at + 2]
    year = YEAR.fullmatch(said.words[at].text)
    if year or not following or not following[0].content or following[0].number:
        return True
    after = {form for word in quote.words[there + 1 : there + 1 + UNIT] for form in forms(word.text)}
    return bool(forms(following[0].text) & after)


def _names_hold(quote: Sentence, said: Sentence) -> bool:
    """Whether the words of each name stand together in the quote: two halves of two names are no name."""
    stand = " ".join(word.text for word in quote.words)
    for name in NAME.findall(said.text):
        words = [part for token in TOKEN.findall(spelled(name)) for part in re.split(r"[.,'’]", token) if part]
        # The first word may only begin the sentence: "De Drechtsteden", "In Overijssel".
        opens = said.text.lstrip("“‘'\" ").startswith(name) and not is_content(words[0])
        shorter = words[1:] if opens else words
        if not any(re.search(rf"\b{re.escape(' '.join(one))}\b", stand) for one in (words, shorter)):
            return False
    return True


def _particles_hold(quote: Sentence, said: Sentence) -> bool:
    """Whether prepositions and particles are in the quote: "nam toe" is not "nam af", "gaat na" not "gaat voor"."""
    joined_there = {apart[0] for word in quote.plain if (apart := separated(word))}
    there = quote.plain | joined_there
    if (MUTUAL & said.plain) - there:
        return False
    if any(word.text in PREPOSITIONS - FREE_PREPOSITIONS and word.text not in there for word in said.words):
        return False
    for at, word in enumerate(said.words):
        last = at + 1 == len(said.words) or said.words[at + 1].clause != word.clause
        if last and word.text in PARTICLES and word.text not in there:
            return False
    return True


def _tense_holds(quote: Sentence, said: Sentence) -> bool:
    """Whether what was is not said to be, nor the other way round."""
    for one, other in ((PAST, PRESENT), (PRESENT, PAST)):
        if said.plain & one and not quote.plain & one and quote.plain & other:
            return False
    return True


def _markers_hold(quote: Sentence, said: Sentence) -> bool:
    """Whether the statement turns and limits what it says as the quote does."""
    used = _used(quote, said)
    there = [group for at, group in _groups(quote).items() if quote.words[at].main in used]
    here = [*_groups(said).values()]
    if set(here) - set(there) or any(here.count(group) != there.count(group) for group in KEPT):
        return False
    kept = [word.text for word in quote.words if word.main in used and word.text in WORDS_KEPT]
    if any(not forms(word) & said.stems for word in kept):
        return False
    return _markers_stand_by(quote, said)


def _groups(sentence: Sentence) -> dict[int, str]:
    """The place of each marked word in a sentence, and its group."""
    return {
        at: OF_WORD.get(word.text, "if")
        for at, word in enumerate(sentence.words)
        if (word.text in OF_WORD and not (word.text == "als" and _names_role(sentence, at)))
        or (word.text == "dan" and at and sentence.words[at - 1].clause != word.clause)
    }


def _names_role(sentence: Sentence, at: int) -> bool:
    """Whether "als" says what somebody is, as in "met Anna als voorzitter", and sets no condition."""
    clause = sentence.words[at].clause
    return any(word.text == "met" for word in sentence.words[:at] if word.clause == clause)


def _used(quote: Sentence, said: Sentence) -> set[int]:
    """The main clauses of a quote that a statement takes words from."""
    stems = {form for word in said.content() for form in forms(word.text)}
    return {word.main for word in quote.content() if forms(word.text) & stems} or {0}


def _markers_stand_by(quote: Sentence, said: Sentence) -> bool:
    """Whether each negation and limit stands by a word that it stands by in the quote."""
    stands = _groups(quote)
    for at, group in _groups(said).items():
        if group not in KEPT and group not in NEXT_GROUPS:
            continue
        places = [there for there, other in stands.items() if other == group]
        mine = set(_beside(said, at, 1))
        if mine and not any(mine & set(_beside(quote, there, 2)) for there in places):
            return False
        if said.words[at].text in OF_NEXT or group in NEXT_GROUPS:
            after = set(_after(said, at, 1))
            if after and not any(after & set(_after(quote, there, 2)) for there in places):
                return False
    return True


def _beside(sentence: Sentence, at: int, reach: int) -> Iterator[str]:
    """The stems of the nearest content words, before and after."""
    yield from _after(sentence, at, reach)
    before = [word for word in sentence.words[:at] if word.content][-reach:]
    for word in before:
        yield from forms(word.text)


def _after(sentence: Sentence, at: int, reach: int) -> Iterator[str]:
    for word in [word for word in sentence.words[at + 1 :] if word.content][:reach]:
        yield from forms(word.text)


def _source_holds(quote: Sentence, said: Sentence) -> bool:
    """Whether what is only said, thought or feared by somebody in the quote ("X vindt dat …") still is."""
    for at, word in enumerate(quote.words):
        if word.text not in {"dat", "of"} or not at:
            continue
        before = {form for one in quote.words[:at] if one.content for form in forms(one.text)}
        after = {form for one in quote.words[at:] if one.content for form in forms(one.text)}
        mine = {form for one in said.content() for form in forms(one.text)}
        if mine & (after - before) and before - after and not mine & (before - after):
            return False
    return True
