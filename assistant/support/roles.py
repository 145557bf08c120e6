"""Whether who does what to whom in a statement is as in its quote, as far as order and prepositions tell."""

from collections.abc import Sequence

from assistant.support.clauses import DETERMINERS, PREPOSITIONS, Sentence, Word, describes
from assistant.support.marked import OPPOSED
from assistant.support.word_forms import forms

COPULAS = frozenset("is was waren zijn heet heette heten luidt blijft bleef".split())
PASSIVE = frozenset("is was waren zijn wordt worden werd werden door".split())


def roles_hold(quote: Sentence, said: Sentence) -> bool:
    """Whether who does what to whom is as in the quote, as far as word order and prepositions tell."""
    content = said.content()
    places = {at: _places(quote, word) for at, word in enumerate(content)}
    for at, word in enumerate(content):
        if places[at] and not any(_may_govern(word.governed, quote.words[there].governed) for there in places[at]):
            return False
        if at and not _linked(quote, said, content[at - 1], word, places[at - 1], places[at]):
            return False
        for earlier in range(at):
            if _swapped(quote, said, (content[earlier], word), (places[earlier], places[at])):
                return False
    return True


def _places(quote: Sentence, word: Word) -> list[int]:
    own = forms(word.text)
    return [at for at, other in enumerate(quote.words) if own & forms(other.text)]


def described(quote: Sentence, said: Sentence) -> bool:
    """Whether each adjective stands by what it stands by in the quote."""
    for at in range(1, len(said.words) - 1):
        before, word, after = said.words[at - 1 : at + 2]
        opens = before.text in DETERMINERS | PREPOSITIONS or before.number
        if not (opens and word.content and after.content and describes(word.text) and word.clause == after.clause):
            continue
        nexts = {
            form
            for there in _places(quote, word)
            for one in quote.words[there + 1 : there + 3]
            for form in forms(one.text)
        }
        if not nexts & forms(after.text):
            return False
    return True


def _may_govern(mine: str | None, theirs: str | None) -> bool:
    """Whether one preposition, or none, can stand where the quote has another."""
    return mine in {None, "door", "van", theirs} and frozenset((mine, theirs)) not in OPPOSED


def _linked(
    quote: Sentence, said: Sentence, first: Word, last: Word, before: Sequence[int], after: Sequence[int]
) -> bool:
    """Whether two words with a preposition between them stand in one clause of the quote too."""
    between = said.words[said.words.index(first) + 1 : said.words.index(last)]
    if first.clause != last.clause or not before or not after or not any(word.text in PREPOSITIONS for word in between):
        return True
    return any(quote.words[one].clause == quote.words[other].clause for one in before for other in after)


def _swapped(
    quote: Sentence, said: Sentence, pair: tuple[Word, Word], places: tuple[Sequence[int], Sequence[int]]
) -> bool:
    """Whether two things changed places: in the other order, with another preposition or none to tell them apart."""
    first, last = places
    if not first or not last or min(first) <= max(last):
        return False
    copulas = sum(word.text in COPULAS for word in quote.words)
    things = all(word.argument or quote.words[where[0]].argument for word, where in zip(pair, places, strict=True))
    if not things and copulas < 2:
        return False
    changes = [
        {word.governed, quote.words[where[0]].governed}
        for word, where in zip(pair, places, strict=True)
        if all(quote.words[there].governed != word.governed for there in where)
    ]
    both = said.plain | quote.plain
    named = any(word.capital for word in (*pair, quote.words[first[0]], quote.words[last[0]]))
    if changes:
        return not (changes == [{None, "door"}] and both & PASSIVE)  # "gekozen door de raad": who is still who
    bare = all(word.governed is None for word in pair)
    return (
        bare
        and not (both & COPULAS and copulas == 1 and named)
        and not (copulas < 2 and _coordinated(quote, first[0], last[0]))
    )


def _coordinated(quote: Sentence, one: int, other: int) -> bool:
    between = [word.text for word in quote.words[min(one, other) + 1 : max(one, other)]]
    return bool({"en", "of"} & set(between))
