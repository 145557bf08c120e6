"""What stands on the page of one question, ready to be filled in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval.compare import Comparison
from eval.measures import BY_NAME
from eval.records import Cited, Found, Given, Outcome, Said
from eval.report.marking import Edit, Stretch, stretches, word_edits
from eval.report.marks import MARK_MEANINGS, MARK_SYMBOLS, MARK_WORDS, Tone, kind_text, mark_of, tone_of
from eval.report.numbers import short_text, value_text
from eval.words import normalise

LEVELS = {"high": "zeker", "medium": "waarschijnlijk", "low": "onzeker"}
STATUSES = {"answered": "beantwoord", "partial": "deels beantwoord", "not_found": "niet gevonden"}

PassageText = Callable[[str], str | None]
"""Gives the text of a passage by its id; None when the library does not have it any more."""


@dataclass(frozen=True, slots=True)
class ExpectedPiece:
    """A piece of evidence: the rank at which it was found, and the numbers of the citations that point at it."""

    number: int
    source: str
    quote: str
    rank: int | None
    cited: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ExpectedFact:
    """A fact that the answer should say, in one of several wordings, and whether it does."""

    wordings: tuple[str, ...]
    said: bool


@dataclass(frozen=True, slots=True)
class Quoted:
    """A citation, with its quote marked within its passage. `missing`: the passage is gone, or does not hold it."""

    cited: Cited
    text: tuple[Stretch, ...]
    missing: bool
    holds: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage that was found, with the evidence marked where it stands there literally; no text when it is gone."""

    rank: int
    found: Found
    text: tuple[Stretch, ...]
    holds: str
    literally: bool


@dataclass(frozen=True, slots=True)
class Was:
    """What changed since the baseline: measures as (label, before, now, word, tone), and the words of the answer."""

    measures: tuple[tuple[str, str, str, str, Tone], ...]
    answer: tuple[Edit, ...]
    same_answer: bool


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """The page of one question."""

    outcome: Outcome
    kind: str
    symbol: str
    mark: str
    meaning: str
    tone: Tone
    status: str
    confidence: str
    evidence: tuple[ExpectedPiece, ...]
    facts: tuple[ExpectedFact, ...]
    statements: tuple[Said, ...]
    citations: tuple[Quoted, ...]
    retrieved: tuple[Retrieved, ...]
    times: tuple[str, ...]
    compared: str
    was: Was | None


def question_page(outcome: Outcome, comparison: Comparison | None, passage_text: PassageText) -> QuestionPage:
    """The page of one question."""
    mark = mark_of(outcome)
    given = outcome.given
    times = (("zoeken", outcome.search_ms), ("antwoorden", outcome.ask_ms))
    return QuestionPage(
        outcome=outcome,
        kind=kind_text(outcome.asked.kind),
        symbol=MARK_SYMBOLS[mark],
        mark=MARK_WORDS[mark],
        meaning=MARK_MEANINGS[mark],
        tone=tone_of(mark),
        status=STATUSES[given.status] if given else "",
        confidence=f"{LEVELS[given.level]} ({short_text(given.confidence, 'share')})" if given else "",
        evidence=tuple(_expected(outcome, at) for at in range(len(outcome.asked.evidence))),
        facts=tuple(_facts(outcome)),
        statements=given.statements if given else (),
        citations=tuple(_quoted(one, outcome, passage_text) for one in given.citations) if given else (),
        retrieved=tuple(
            _retrieved(rank, found, outcome, passage_text(found.passage_id))
            for rank, found in enumerate(outcome.found, 1)
        ),
        times=tuple(f"{what} {value_text(taken, 'ms')}" for what, taken in times if taken is not None),
        compared=_compared(outcome.asked.topic_id, comparison) if comparison else "",
        was=_was(outcome, comparison) if comparison else None,
    )


def _expected(outcome: Outcome, at: int) -> ExpectedPiece:
    piece = outcome.asked.evidence[at]
    citations = outcome.given.citations if outcome.given else ()
    return ExpectedPiece(
        at + 1,
        piece.source,
        piece.quote,
        next((rank for rank, found in enumerate(outcome.found, 1) if at in found.evidence), None),
        tuple(one.number for one in citations if at in one.evidence or at in one.near),
    )


def _facts(outcome: Outcome) -> list[ExpectedFact]:
    """The facts, held against the answer as the measure does."""
    said = normalise(outcome.given.text) if outcome.given and not outcome.given.refused else None
    return [
        ExpectedFact(fact, said is not None and any(normalise(one) in said for one in fact))
        for fact in outcome.asked.facts
    ]


def _quoted(cited: Cited, outcome: Outcome, passage_text: PassageText) -> Quoted:
    text = passage_text(cited.passage_id)
    pieces = [outcome.asked.evidence[at].quote for at in sorted({*cited.evidence, *cited.near})]
    marked = stretches(text, [cited.quote], pieces) if text else ()
    missing = not any(one.quote for one in marked)
    if missing:
        marked = stretches(cited.quote, [cited.quote], pieces)
    if cited.evidence:
        holds = f"In dit citaat staat {_pieces(cited.evidence)}."
    elif cited.near:
        holds = f"In de passage om dit citaat staat {_pieces(cited.near)}."
    else:
        holds = "In dit citaat staat geen verwacht bewijs." if outcome.asked.evidence else ""
    return Quoted(cited, marked, missing, holds)


def _retrieved(rank: int, found: Found, outcome: Outcome, text: str | None) -> Retrieved:
    pieces = [outcome.asked.evidence[at].quote for at in found.evidence]
    marked = stretches(text, evidence=pieces) if text else ()
    holds = _pieces(found.evidence) if found.evidence else ""
    return Retrieved(rank, found, marked, holds, any(one.evidence for one in marked))


def _pieces(places: Sequence[int]) -> str:
    return "bewijs " + " en ".join(str(at + 1) for at in places)


def _compared(topic_id: str, comparison: Comparison) -> str:
    """Why a question is not compared with the baseline; "" where it is."""
    if topic_id in comparison.added:
        return "Deze vraag is nieuw: hij zat niet in de eerdere evaluatie."
    if topic_id in comparison.rewritten:
        return (
            "Deze vraag, of wat erbij wordt verwacht, is gewijzigd sinds de eerdere evaluatie. "
            "Daarom is hij niet vergeleken."
        )
    return ""


def _was(outcome: Outcome, comparison: Comparison) -> Was | None:
    topic_id = outcome.asked.topic_id
    before = comparison.before.get(topic_id)
    if before is None or topic_id not in comparison.compared:
        return None
    change = next((one for one in comparison.questions if one.topic_id == topic_id), None)
    directions: tuple[tuple[str, Tone], ...] = (("▼ slechter", "bad"), ("▲ beter", "good"))
    measures = [
        (
            BY_NAME[name].label,
            value_text(values[0], BY_NAME[name].unit),
            value_text(values[1], BY_NAME[name].unit),
            word,
            tone,
        )
        for (word, tone), changed in zip(directions, (change.worse, change.better) if change else (), strict=False)
        for name, values in changed.items()
    ]
    edits = word_edits(_shown(before.given), _shown(outcome.given))
    return Was(tuple(measures), edits, all(edit.what == "same" for edit in edits))


def _shown(given: Given | None) -> str:
    """An answer as the reader saw it."""
    return (given.text or given.message) if given else ""
