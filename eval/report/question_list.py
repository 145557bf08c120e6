"""The questions of an evaluation as lists: those that need a look first, and all of them by kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.compare import Comparison, QuestionChange
from eval.measures import BY_NAME
from eval.records import Evaluation, Outcome
from eval.report.marks import MARK_SYMBOLS, MARK_WORDS, WORST_FIRST, Tone, kind_text, mark_of, tone_of

MOST_NAMED = 3  # measures that changed


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question in a list: what came of it, what changed since the baseline, and where its page stands."""

    topic_id: str
    question: str
    kind: str
    symbol: str
    mark: str
    tone: Tone
    changes: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class KindList:
    """The questions of one kind, the worst first."""

    name: str
    anchor: str
    rows: tuple[QuestionRow, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """`attention`: the questions that got worse, and then those that went wrong; `kinds`: all of them."""

    attention: tuple[QuestionRow, ...]
    kinds: tuple[KindList, ...]


def question_lists(evaluation: Evaluation, comparison: Comparison | None, hrefs: Sequence[str]) -> Lists:
    """The questions in lists; `hrefs` are the places of their pages, in their order."""
    changed = {one.topic_id: one for one in comparison.questions} if comparison else {}
    rows = [
        (outcome, _question(outcome, comparison, changed.get(outcome.asked.topic_id), href))
        for outcome, href in zip(evaluation.outcomes, hrefs, strict=True)
    ]

    def worse(outcome: Outcome) -> int:
        """The number of measures that got worse."""
        change = changed.get(outcome.asked.topic_id)
        return len(change.worse) if change else 0

    ordered = sorted(rows, key=lambda row: (-worse(row[0]), WORST_FIRST.index(mark_of(row[0]))))
    return Lists(
        attention=tuple(row for outcome, row in ordered if row.tone == "bad" or worse(outcome)),
        kinds=tuple(
            KindList(kind_text(kind), anchor, tuple(row for outcome, row in ordered if outcome.asked.kind == kind))
            for kind, anchor in kind_anchors(evaluation).items()
        ),
    )


def kind_anchors(evaluation: Evaluation) -> dict[str, str]:
    """Each kind of question, in the order of the summary, with the anchor of its list."""
    kinds = dict.fromkeys((*evaluation.summary.kinds, *(one.asked.kind for one in evaluation.outcomes)))
    return {kind: f"soort-{number}" for number, kind in enumerate(kinds, 1)}


def _question(outcome: Outcome, comparison: Comparison | None, change: QuestionChange | None, href: str) -> QuestionRow:
    mark = mark_of(outcome)
    return QuestionRow(
        outcome.asked.topic_id,
        outcome.asked.question,
        kind_text(outcome.asked.kind),
        MARK_SYMBOLS[mark],
        MARK_WORDS[mark],
        tone_of(mark),
        _changes(outcome.asked.topic_id, comparison, change),
        href,
    )


def _changes(topic_id: str, comparison: Comparison | None, change: QuestionChange | None) -> tuple[str, ...]:
    if comparison and topic_id in comparison.added:
        return ("nieuwe vraag",)
    if comparison and topic_id in comparison.rewritten:
        return ("vraag gewijzigd",)
    if change is None:
        return ()
    said = []
    for word, measures in (("▼ slechter", change.worse), ("▲ beter", change.better)):
        # What a reader notices of an answer before how its passages were found.
        names = sorted(measures, key=lambda name: BY_NAME[name].suite == "retrieval")
        labels = [BY_NAME[name].label for name in names]
        if labels:
            more = f" en nog {len(labels) - MOST_NAMED}" if len(labels) > MOST_NAMED else ""
            said.append(f"{word}: {', '.join(labels[:MOST_NAMED])}{more}")
    return tuple(said)
