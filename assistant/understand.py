"""What a question asks: its words with their other forms, its intent, its language, and the documents it points at."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from assistant.sentence_match import ATTRIBUTION, intent, names_and_numbers
from ingest.dutch import content_words, stem, words
from ingest.encode import Encoder
from ingest.lexical import Form, QueryWord, query_word
from ingest.library import Library
from ingest.thesaurus import Thesaurus, dutch_key
from ingest.titles import Titles
from ingest.types import Document

SYNONYM_WEIGHT = 0.4
TRANSLATION_WEIGHT = 0.6
ABBREVIATION_WEIGHT = 0.9
MOST_FORMS = 12  # of a word; more say that it means too much
# The commonest words that are English only, and Dutch only.
ENGLISH = frozenset(
    "the of and to for by from are were be been its this that these those what which who when where why how does did "
    "has have had than then they their there about into according can could should would will may must not if do an "
    "we our you your".split()
)
DUTCH = frozenset(
    "de het een en van voor bij uit naar zijn wordt worden dat dit die deze wat welke wie wanneer waar waarom hoe "
    "heeft hebben dan zij hun er over volgens kan kunnen moet moeten zal niet als om te ik je op met aan geen".split()
)
# "Wat kost de proef, en wie betaalt dat?": where a second question word follows "en", a second question begins.
SECOND = re.compile(
    r"[,;]?\s+(?:en|and)\s+(?=(?:(?:op|in|met|van|voor|uit|bij|aan|door|tegen|from|for|with)\s+)?"
    r"(?:hoe|hoeveel|wat|welke?|wie|waar|waar(?:om|door|voor|mee|in|op|bij|van)|wanneer|"
    r"what|which|who|how|when|where|why)\b)",
    re.IGNORECASE,
)
POINTING = re.compile(
    r"\b(die|dat|dit|deze|daar\w*|hier\w*|er(?:van|voor|mee|bij|over|op|in|uit|aan|door)?|hij|zij|ze|hem|haar|hun|"
    r"(?:van|in|met|over|voor|aan|bij|uit|op|is|was|heet|luidt) zijn|"
    r"it|its|that|this|those|they|their|he|she|his|her)\b",
    re.IGNORECASE,
)
PART_WORDS = 2  # content words without which a part does not stand by itself
DOCUMENT_SHARE = 0.5  # share of a title's words, by their number, from which a question points at that document
TITLE_WORDS = 2  # of a title, at least, that must be in the question


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A question, analysed once for one library. Equal only to itself, so that what is made of it can be kept with it.

    `words` are searched for; `idf` is how telling the stem of each is in the library, `known` which stems it has.
    `vector` is L2-normalised. `names` are the folded words that name or count something, `absent` those of them that
    nothing in the library has. `documents` are the ids of those that it points at ("volgens het essay"), if any.
    `attributed` are the folded words that only say which document or person says it. `parts` are the questions it
    consists of, where these are several.
    """

    text: str
    words: tuple[QueryWord, ...]
    idf: Mapping[str, float]
    known: frozenset[str]
    vector: NDArray[np.float32]
    intent: str | None
    english: bool
    names: frozenset[str]
    absent: frozenset[str]
    documents: frozenset[str]
    attributed: frozenset[str] = frozenset()
    parts: tuple["Question", ...] = ()


def understand(
    text: str,
    library: Library,
    encoder: Encoder,
    thesaurus: Thesaurus,
    *,
    documents: Mapping[str, Document] | None = None,
) -> Question:
    """The question as this library can be asked it; `documents` are those that it can point at, None for all."""
    asked = partial(
        _understand_one,
        library=library,
        encoder=encoder,
        thesaurus=thesaurus,
        documents=library.documents if documents is None else documents,
    )
    pieces = SECOND.split(text)
    whole = asked(text)
    if len(pieces) == 1 or any(len(content_words(piece)) < PART_WORDS for piece in pieces):
        return whole
    parts = [asked(pieces[0])]
    for piece in pieces[1:]:
        # "..., en wat zegt de VNG daarover?" asks about what the first part names.
        leaning = POINTING.search(piece) is not None
        part = asked(f"{pieces[0]} – {piece}" if leaning else piece)
        parts.append(replace(part, text=piece, intent=intent(piece)) if leaning else part)
    return replace(whole, parts=tuple(parts))


def _understand_one(
    text: str, *, library: Library, encoder: Encoder, thesaurus: Thesaurus, documents: Mapping[str, Document]
) -> Question:
    english = is_english(text)
    content = list(dict.fromkeys(content_words(text)))
    found = [*_forms(content, library.abbreviations.synonyms(content), ABBREVIATION_WEIGHT)]
    if english:
        found += _forms(content, thesaurus.translations(content), TRANSLATION_WEIGHT)
    else:
        found += _forms(content, thesaurus.synonyms(content), SYNONYM_WEIGHT)
    forms: dict[str, dict[tuple[str, ...], Form]] = {word: {} for word in content}
    for word, form in found:
        forms[word].setdefault(form.stems, form)
    asked = tuple(
        query_word(word, list(forms[word].values())[:MOST_FORMS], fuzzy=word.isalpha() and not english)
        for word in content
    )
    stems = {stem for word in asked for stem in (word.stem, *word.parts)}
    names = frozenset(names_and_numbers(text))
    in_texts = library.known({stem(name) for name in names})
    # A document is known by its title and its date too: "het interview uit 2019".
    nowhere = {
        name
        for name in names
        if stem(name) not in in_texts and documents.keys().isdisjoint(library.titles.known_by(name))
    }
    return Question(
        text,
        asked,
        library.idf(stems),
        frozenset(library.known(stems)),
        encoder.encode_queries([text])[0],
        intent(text),
        english,
        names,
        frozenset(nowhere),
        frozenset(pointed_at(text, library.titles, documents)),
        frozenset(_attributed(text)),
    )


def is_english(text: str) -> bool:
    """Whether a question is in English: it has more of the commonest English words than of the Dutch ones."""
    said = set(words(text))
    return len(said & ENGLISH) > len(said & DUTCH)


def pointed_at(text: str, titles: Titles, documents: Collection[str]) -> set[str]:
    """The ids of those of these documents that a question names, by words of their title or by what kind they are."""
    content = {stem(word) for word in content_words(text)}
    named = {stem(word) for phrase in ATTRIBUTION.findall(text) for word in content_words(phrase)}
    found = {*titles.sharing(content, share=DOCUMENT_SHARE, least=TITLE_WORDS), *titles.of_kind_in(text)}
    found |= titles.with_all(named)
    found.intersection_update(documents)
    # What points at most documents points at none.
    return found if len(found) <= max(1, len(documents) // 2) else set()


def _attributed(text: str) -> set[str]:
    """The words that only say who says it, in "volgens ..."."""
    elsewhere = set(words(ATTRIBUTION.sub(" ", text)))
    return {word for phrase in ATTRIBUTION.findall(text) for word in words(phrase)} - elsewhere


def _forms(
    content: Sequence[str], found: Sequence[tuple[int, int, tuple[str, ...]]], weight: float
) -> list[tuple[str, Form]]:
    """(word, another form of it) for what a thesaurus found; each word of a phrase has the forms of the phrase."""
    return [
        (word, Form(key, weight))
        for begin, end, texts in found
        for text in texts
        if (key := dutch_key(text))
        for word in content[begin:end]
    ]
