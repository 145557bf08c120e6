"""The generator that needs no language model: an answer of verbatim sentences out of the retrieved passages."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from assistant.attribution import attributed
from assistant.choose import Chosen
from assistant.generator import Evidence, Part
from assistant.quotation import LABEL, Quotation, quotation
from assistant.sentence_features import NAMES
from assistant.sentence_match import PERSON, is_amount
from assistant.types import CanonicalTexts, Draft
from assistant.understand import Question
from ingest.dutch import content_words, words

NAME = "extractive"

# For each sort of question how many statements, and how many words, an answer has at most.
LIMITS = {"amount": (2, 60), "person": (2, 60), "time": (2, 60), "list": (2, 130)}
DEFAULT_LIMIT = (3, 100)
PART_LIMIT = (2, 60)  # for each part of a question of several
ENOUGH = 0.85  # share of the belief in all sentences with which no more are added
REASONS = 2  # statements that a why-question gets, if the second is likely at all: a reason and what follows from it
FAR_LESS = 0.06  # a further statement is at least so likely as the first
OTHER_SOURCE = 0.02  # the same for one that gives the number that is asked for out of another document
SAME_SUBJECT = 0.3  # share of the question that such a one must have
UNSURE = 0.15  # belief in the best sentence, below which more of them would only be more guesses
UNSURE_STATEMENTS = 2
LEAST_BELIEF = 0.2  # that the sentences that can be shown must have together
MAX_OVERLAP = 0.6
NAMED = 0.1  # how likely, beside the best, a sentence of a document that is pointed at must be to leave out all others
LABEL_WORDS = 12
LABEL_HAS = 0.4  # share of the question that a label must have to be quoted
LABEL_SCORE = 0.2
EXPECTED, COUNTED, NEW_WORDS, EXPANDED, WITH_HEADING = (
    NAMES.index(name) for name in ("expected", "counted", "new_words", "expanded", "with_heading")
)


class Extractive:
    """The generator that needs no language model."""

    name = NAME

    def drafts(self, evidence: Evidence) -> Iterator[Draft]:
        """Statements that answer the question, each a sentence, a few that belong together, or a list, as it stands."""
        quotations: list[Quotation] = []
        for part in evidence.parts:
            quotations += _answer_part(part, evidence, quotations)
        yield from attributed(quotations, evidence)


@dataclass(slots=True)
class _Picked:
    """What was picked for a part so far: quotations, best first, and what they add up to."""

    quotations: list[Quotation]
    belief: float = 0.0
    words: int = 0


def _answer_part(part: Part, evidence: Evidence, earlier: Sequence[Quotation]) -> list[Quotation]:
    """The quotations that answer one part of a question, best first."""
    intent = part.question.intent
    most, most_words = LIMITS.get(intent or "", DEFAULT_LIMIT) if len(evidence.parts) == 1 else PART_LIMIT
    fit = _fit(part)
    unsure = bool(fit) and fit[0].score < UNSURE
    if unsure:
        most = min(most, UNSURE_STATEMENTS)
    picked = _Picked([])
    for chosen in fit:
        enough = picked.belief >= ENOUGH and len(picked.quotations) >= (REASONS if intent == "why" else 1)
        other_source = intent == "amount" and _gives_number(chosen) and _from_elsewhere(chosen, picked.quotations)
        likely = (OTHER_SOURCE if other_source else FAR_LESS) * fit[0].score
        if any(one.is_list for one in picked.quotations):
            break  # a whole list is the answer
        if unsure and picked.quotations and chosen.sentence.doc_id != picked.quotations[0].doc_id:
            continue  # loose sentences out of several documents are no answer
        if len(picked.quotations) >= most or chosen.score < likely or (enough and not other_source):
            if intent == "amount" and len(picked.quotations) < most:
                continue  # another document may give another number
            break
        _add(picked, chosen, part, evidence.canonical, [*earlier, *picked.quotations], most_words)
    return picked.quotations


def _fit(part: Part) -> list[Chosen]:
    """The sentences that can answer: where a number or date is asked, those with one, and preferably those with a name
    where a person is; none that only says the question again; where documents are pointed at, those in them.
    """
    fit = list(part.sentences)
    if part.question.intent == "time":
        fit = [one for one in fit if one.features[EXPECTED]]
    elif part.question.intent == "amount":
        asked = {word.text for word in part.question.words}
        fit = [one for one in fit if any(is_amount(word) for word in words(one.sentence.text) if word not in asked)]
    else:
        fit = [
            one
            for one in fit
            if one.features[NEW_WORDS]
            or one.features[EXPECTED]
            or one.sentence.text.endswith(":")  # it leads to a list
        ]
    fit = [one for one in fit if not _is_label(one.sentence.text) or _label_answers(one, part.question)]
    if part.question.intent == "person":
        people = [one for one in fit if one.features[EXPECTED] or _is_label(one.sentence.text)]
        fit = people if sum(one.score for one in people) >= LEAST_BELIEF else fit
    if sum(one.score for one in fit) < LEAST_BELIEF:
        return []  # what is believed to answer can't be shown, and what can be shown doesn't answer
    named = [one for one in fit if one.sentence.doc_id in part.question.documents]
    return named if named and named[0].score >= NAMED * fit[0].score else fit


def _label_answers(chosen: Chosen, question: Question) -> bool:
    """Whether a label can be the answer: "Ada Hulst, voorzitter" is, where the question asks who is the chair."""
    if chosen.sentence.kind == "list_item" and question.intent == "list":
        return True  # it leads to its list
    names = PERSON.match(chosen.sentence.text) is not None
    # "Datum: 12 mei" says of what under its heading.
    has = chosen.features[WITH_HEADING if LABEL.match(chosen.sentence.text) else EXPANDED]
    telling = has >= LABEL_HAS and chosen.score >= LABEL_SCORE
    return bool(telling) and (not names or question.intent == "person")


def _is_label(text: str) -> bool:
    """Whether a text is a label or a name rather than a sentence."""
    return len(text.split()) <= LABEL_WORDS and not text.rstrip("’”'\"").endswith((".", "!", ":", ";"))


def _add(
    picked: _Picked,
    chosen: Chosen,
    part: Part,
    canonical: CanonicalTexts,
    there: Sequence[Quotation],
    most_words: int,
) -> None:
    """Add what this sentence brings, unless it stands there already, says the same, or makes the answer too long."""
    text = canonical(chosen.sentence.doc_id)
    found = quotation(chosen.sentence, part.question, text)
    picked.belief += chosen.score
    if any(found.within(other) for other in there):
        return
    for at, other in enumerate(picked.quotations):
        if joined := found.joined(other, text):
            picked.quotations[at] = joined
            picked.words += len(joined.text.split()) - len(other.text.split())
            return
    length = len(found.text.split())
    if picked.quotations and picked.words + length > most_words:
        return
    asked = {word.text for word in part.question.words}
    if any(_repeats(found.text, other.text, asked) for other in there):
        return
    picked.quotations.append(found)
    picked.words += length


def _gives_number(chosen: Chosen) -> bool:
    return bool(chosen.features[COUNTED] == 1 and chosen.features[WITH_HEADING] >= SAME_SUBJECT)


def _from_elsewhere(chosen: Chosen, quotations: Sequence[Quotation]) -> bool:
    return bool(quotations) and all(chosen.sentence.doc_id != other.doc_id for other in quotations)


def _repeats(text: str, other: str, asked: Set[str]) -> bool:
    """Whether two quotes say much the same beside the words that were `asked`, as running text and a pull quote do."""
    own, theirs = set(content_words(text)) - asked, set(content_words(other)) - asked
    return not own or len(own & theirs) > MAX_OVERLAP * min(len(own), len(theirs) or 1)
