"""What helps on where nothing was found: what came near, why that is no answer, and what the documents do answer.

What is said of a passage must be true of it. So a word counts as being in a passage when anything looks like it there:
its stem, a part of a compound, a synonym, another spelling; in the text, in its headings, in what the document is
called.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.question_forms import Form, TurnedQuestion, subject_question, turned_questions
from assistant.sentence_match import CAUSE, PERSON, YEAR, is_number, names_and_numbers, similarity
from assistant.terms import Terms, above, text_terms
from assistant.types import Reason, ScoredPassage, Suggestion
from assistant.understand import Question
from assistant.word_match import AskedWord, add_best, asked_words, by_form, most, plainly
from ingest.dutch import MONTHS, NUMBER_WORDS, STOP_WORDS, content_words, fold, stem, words

Answers = Callable[[str, ScoredPassage], bool]
"""Whether the documents answer a question, by its text, from this passage."""

NEAREST = 3
QUESTIONS = 2
TRIED = 2  # questions that are tried, at most: each takes a search
SHARE_NEAR = 0.25  # of the question, by weight, that a passage must have to be near it
SHARE_PART = 0.4  # from which it speaks of a part of the question, and not just of something alike
SHARE_SUBJECT = 0.5  # from which it speaks of the subject, so that it is telling what it does not say
SHARE_WORD = 0.08  # of the question that a word must be to be worth naming
SHARE_NOUN = 0.15  # from which a noun is worth a question of its own
SHARE_TELLING = 0.25  # from which a word is much of a question
HALF = 0.5  # of a word; the other part of a compound, or what only looks like it, is less
NEAR_BEST = 0.5  # share of what the best sentence has of the question, from which a sentence is near the subject
SHARE_ASKED = 0.1  # of the question that one made out of a sentence must have
SAME = 0.6  # share of the words of two questions from which they ask the same
NEARNESS = 2.0  # what all of the question counts for in a suggested one, beside how it was made

_NAME = re.compile(r"[A-ZÀ-Ý][\w&’'-]+(?: (?:(?:van|de|den|der|ten|ter|het|op|aan|'t) )*[A-ZÀ-Ý][\w&’'-]+)*")
# In a question a word is a noun, as far as can be told, where an article, a preposition or an adjective precedes it.
_NOUN = re.compile(
    r"\b(?:de|het|een|van|voor|over|in|op|bij|aan|met|naar|welke?|hoeveel|tussen|door|the|an?|of|for|about|on|at|with|"
    r"many|much|which|[\w-]{3,}e) (?=([\w-]+))",
    re.IGNORECASE,
)
_RELATIONAL = re.compile(r"([\w-]+) (?:van|of)\b", re.IGNORECASE)
_MEASURES = frozenset("procent percentage aantal bedrag euro jaar keer percent number amount year times".split())
_LARGE = re.compile(r"\w*(?:tien|tig|honderd|duizend|miljoen|miljard|half|halve|helft|derde|kwart|dubbele?|tal|tallen)")
_TIME = re.compile(
    r"\b(?:\w*jaar|jaren|jaarlijks\w*|\w*maand\w*|\w*week|weken|\w*dag|dagen|eeuw\w*|uur|kwartaal|voorjaar|najaar|"
    r"zomer|winter|herfst|lente|begin|eind\w*|medio|sinds|vanaf|vroeger|straks|onlangs|recent\w*|nu|toen|periode|"
    r"\d{1,2}[-/:.]\d{1,2})\b"
)
_REASON = re.compile(
    r"\b(?:om|te danken|te wijten|aangezien|veroorza\w+|komt|komen|zorgt|leidt|leiden|hangt|heeft te maken|"
    r"reden\w*|hierdoor|hierom|doel|bedoel\w+|belang\w*|nodig|noodza\w+|daarmee|als|wanneer|immers|dus)\b|:|;"
)


@dataclass(frozen=True, slots=True)
class _Place:
    """The texts in which a passage's words are looked for: its own, what stands above it, and what is known of it."""

    body: Terms
    above: Terms
    known: Terms

    @property
    def texts(self) -> tuple[Terms, ...]:
        return self.body, self.above, self.known


def nearest(question: Question, hits: Sequence[ScoredPassage], limit: int = NEAREST) -> tuple[Suggestion, ...]:
    """The passages that come near a question, best first, each with why it is no answer.

    At most one of a section; none that has next to nothing of the question, and no table of contents or the like.
    """
    found: list[Suggestion] = []
    sections: set[tuple[str, tuple[str, ...]]] = set()
    asked = asked_words(question)
    for hit in hits:
        section = (hit.passage.doc_id, hit.passage.section)
        if len(found) < limit and section not in sections and _is_near(asked, hit):
            sections.add(section)
            found.append(why_not(question, hit))
    return tuple(found)


def why_not(question: Question, hit: ScoredPassage) -> Suggestion:
    """A passage that does not answer a question, with the reason why that says most."""
    asked, place = asked_words(question), _place(hit)
    if question.documents and hit.passage.doc_id not in question.documents:
        return Suggestion(hit, Reason.OTHER_DOCUMENT)
    if year := _other_year(question, hit):
        return Suggestion(hit, Reason.OTHER_YEAR, year)
    if name := _other_name(question, asked, hit, place):
        return Suggestion(hit, Reason.OTHER_NAME, name)
    share = _share(asked, place)
    if share >= SHARE_SUBJECT and (reason := _not_said(question, asked, place)):
        return Suggestion(hit, reason)
    return Suggestion(hit, Reason.PART if share >= SHARE_PART else Reason.SUBJECT, _lacking(question, asked, place))


def answerable_questions(
    question: Question, hits: Sequence[ScoredPassage], answers: Answers, *, limit: int = QUESTIONS
) -> tuple[str, ...]:
    """Questions near this one that the documents do answer, best first; none where nothing comes near.

    They are made out of the passages that came near. `answers` has the last word on each.
    """
    asked = asked_words(question)
    near = [hit for hit in hits if _is_near(asked, hit)]
    candidates = [
        (_worth(shared, turned.form) - at / len(near), turned.text, hit)
        for at, hit in enumerate(near)
        for turned in (*turned_questions(hit.passage), *_about(question, asked, hit))
        # A heading says what the passage that came near is about; a sentence of it may be about anything.
        if (shared := _share_of_text(asked, turned.text)) >= SHARE_ASKED or turned.form is Form.SUBJECT
    ]
    kept: list[str] = []
    tried: list[str] = []
    own = {stem(word) for word in content_words(question.text)}
    for _, text, hit in sorted(candidates, key=lambda one: -one[0]):
        if len(kept) == limit or len(tried) == TRIED:
            break
        if own != {stem(word) for word in content_words(text)} and not any(_same(text, other) for other in tried):
            tried.append(text)
            if answers(text, hit):
                kept.append(text)
    return tuple(kept)


# Whether a passage has a word


def _place(hit: ScoredPassage) -> _Place:
    document = hit.document
    known = (document.issued, document.publisher, document.author, document.kind, document.source)
    return _Place(
        text_terms(hit.passage.text),
        above(hit.passage, document),
        text_terms("\n".join(one for one in known if one)),
    )


def _is_near(asked: Sequence[AskedWord], hit: ScoredPassage) -> bool:
    return hit.passage.role == "body" and _share(asked, _place(hit)) >= SHARE_NEAR


def _share(asked: Sequence[AskedWord], place: _Place) -> float:
    """How much of a question a passage has, by the weight of its words, between 0 and 1."""
    return sum(one.weight * max(_holds(one, text) for text in place.texts) for one in asked)


def _holds(one: AskedWord, text: Terms) -> float:
    if text.places.keys().isdisjoint(one.stems):
        return 0.0
    return most(plainly(one.word, text) + by_form(one, text))


def _lacks(one: AskedWord, place: _Place) -> bool:
    """Whether nothing of a passage, or above it, even looks like a word."""
    return not any(
        _holds(one, text) or any(similarity(one.word.text, other) for other in text.words) for text in place.texts
    )


def _lacking(question: Question, asked: Sequence[AskedWord], place: _Place) -> str:
    """The most telling noun or name of a question that a passage lacks, as the question spells it; "" without one."""
    # An English word is never in a Dutch text: that it is not there says nothing, unless its translation is not either.
    lacked = [one for one in asked if one.weight >= SHARE_WORD and (one.word.forms or not question.english)]
    names = question.names | {word for found in _NOUN.findall(question.text) for word in words(found)}
    names |= {one.word.text for one in asked if one.word.parts}  # compounds are mostly nouns
    lacked = [one for one in lacked if one.word.text in names - question.attributed and _lacks(one, place)]
    lacked = [one for one in lacked if YEAR.fullmatch(one.word.text) or not _counts(one.word.text)]
    best = max(lacked, key=lambda one: one.weight, default=None)
    return _spelled(question.text, best.word.text) if best else ""


def _counts(word: str) -> bool:
    """Whether a word only says how much there is, or in what it is counted."""
    return is_number(word) or word in _MEASURES


def _spelled(text: str, word: str) -> str:
    """A folded word as a text spells it."""
    return next((one for one in re.findall(r"[\w&’'.,-]*\w", text) if words(one) == [word]), word)


# The reasons


def _other_year(question: Question, hit: ScoredPassage) -> str:
    """The year that a passage names where the question asks for another; "" where that is not so."""
    asked = {int(word) for word in question.names if YEAR.fullmatch(word)}
    above = " ".join((*hit.passage.section, hit.document.title, hit.document.issued or ""))
    said = [int(word) for word in words(f"{hit.passage.text} {above}") if YEAR.fullmatch(word)]
    own = [int(word) for word in words(hit.passage.text) if YEAR.fullmatch(word)]
    if not asked or not own or asked & set(said):
        return ""
    # Of "2015 tot 2019" each year between is named as well.
    if any(min(said) < year < max(said) for year in asked):
        return ""
    return str(min(own, key=lambda year: min(abs(year - one) for one in asked)))


def _other_name(question: Question, asked: Sequence[AskedWord], hit: ScoredPassage, place: _Place) -> str:
    """A name or number of the question that a passage lacks while it has another; "" where there is none."""
    by_text = {one.word.text: one for one in asked}
    others = names_and_numbers(hit.passage.text) - by_text.keys()
    for name in _names(question):
        of_name = [by_text[word] for word in content_words(name) if word in by_text]
        number = name[0].isdigit()
        alike = any(one[0].isdigit() == number and not YEAR.fullmatch(one) for one in others)
        if of_name and alike and all(_lacks(one, place) for one in of_name):
            return name
    return ""


def _names(question: Question) -> Iterator[str]:
    """The names in a question, each whole, and its numbers but for years and for how many are asked for."""
    for found in _NAME.finditer(question.text):
        pieces = found[0].split()
        while pieces and fold(pieces[0]) in STOP_WORDS:
            pieces.pop(0)
        if any(word in question.names for word in words(" ".join(pieces))):
            yield " ".join(pieces)
    if question.intent != "list":
        for word in sorted(question.names):
            if word[0].isdigit() and not YEAR.fullmatch(word):
                yield _spelled(question.text, word)


def _not_said(question: Question, asked: Sequence[AskedWord], place: _Place) -> Reason | None:
    """What sort of answer no sentence near the subject of the question can be; None where one may be."""
    check = _SAYS.get(question.intent or "")
    if check is None or question.parts:
        return None
    reason, says = check
    of_sentence = [0.0] * max(1, len(place.body.sentences))
    for one in asked:
        add_best(of_sentence, plainly(one.word, place.body) + by_form(one, place.body), one.weight, reach=1)
    # What lacks a word that is much of the question is not about its subject.
    if not max(of_sentence) or any(_half_lacks(one, place) for one in asked):
        return None
    least = NEAR_BEST * max(of_sentence)
    near = {at + step for at, value in enumerate(of_sentence) if value >= least for step in (-1, 0, 1)}
    known = {one.word.text for one in asked}
    said = (sentence for at, sentence in enumerate(place.body.sentences) if at in near)
    return None if any(says(sentence, known) for sentence in said) else reason


def _half_lacks(one: AskedWord, place: _Place) -> bool:
    return one.weight >= SHARE_TELLING and max(_holds(one, text) for text in place.texts) < HALF


def _says_amount(sentence: str, known: set[str]) -> bool:
    said = [word for word in words(sentence) if word not in known and not YEAR.fullmatch(word)]
    return any(is_number(word) or word in NUMBER_WORDS or _LARGE.fullmatch(word) for word in said)


def _says_time(sentence: str, known: set[str]) -> bool:
    said = [word for word in words(sentence) if word not in known]
    return any(word[0].isdigit() or word in MONTHS for word in said) or bool(_TIME.search(fold(sentence)))


def _says_person(sentence: str, known: set[str]) -> bool:
    # Any name at all: with one word only, that of a person looks like that of a place.
    capitals = re.findall(r"\b[A-ZÀ-Ý][\w-]+", sentence)
    return bool(PERSON.search(sentence)) or any(set(content_words(one)) - known for one in capitals)


def _says_reason(sentence: str, known: set[str]) -> bool:
    del known
    return bool(CAUSE.search(fold(sentence)) or _REASON.search(fold(sentence)))


_SAYS: dict[str, tuple[Reason, Callable[[str, set[str]], bool]]] = {
    "amount": (Reason.NO_AMOUNT, _says_amount),
    "time": (Reason.NO_TIME, _says_time),
    "person": (Reason.NO_PERSON, _says_person),
    "why": (Reason.NO_REASON, _says_reason),
}


# Questions that can be answered


def _about(question: Question, asked: Sequence[AskedWord], hit: ScoredPassage) -> Iterator[TurnedQuestion]:
    """Questions after what a passage says of the names and nouns of a question."""
    for name in _names(question):
        if not name[0].isdigit() and re.search(rf"\b{re.escape(name)}\b(?!-)", hit.passage.text):
            article = re.search(rf"\b((?:de|het) )?{re.escape(name)}", question.text)
            yield TurnedQuestion(f"Wat staat er over {(article and article[1]) or ''}{name}?", Form.SUBJECT)
    nouns = {word for found in _NOUN.findall(question.text) for word in words(found)}
    # What "the introduction of" is the introduction of, it does not say by itself.
    nouns -= {word for found in _RELATIONAL.findall(question.text) for word in words(found)}
    for one in asked:
        if one.word.parts or (one.word.text in nouns and one.weight >= SHARE_NOUN):
            own = [one.word.stem] if not question.english else []
            forms = [form.stems[0] for form in one.word.forms if len(form.stems) == 1 and question.english]
            for wanted in own + forms:
                if text := subject_question(hit.passage.text, wanted):
                    yield TurnedQuestion(text, Form.SUBJECT)
                    break


def _share_of_text(asked: Sequence[AskedWord], text: str) -> float:
    """How much of a question stands in a text, by the weight of its words."""
    terms = text_terms(text)
    return sum(one.weight * _holds(one, terms) for one in asked)


def _worth(shared: float, form: Form) -> float:
    """How much a question is worth asking: by how near it is to what was asked, and what it was made out of."""
    return NEARNESS * shared - form / len(Form)


def _same(text: str, other: str) -> bool:
    """Whether two questions ask the same, as far as their words tell."""
    mine, theirs = ({stem(word) for word in content_words(one)} for one in (text, other))
    return len(mine & theirs) >= SAME * len(mine | theirs)
