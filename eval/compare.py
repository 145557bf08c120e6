"""Two runs of the same questions: what changed, question by question, and whether that can be chance.

A paired randomisation test for each measure (Fisher, 1935; for retrieval: Smucker, Allan and Carterette: A Comparison
of Statistical Significance Tests for Information Retrieval Evaluation, CIKM 2007), with Holm's correction for testing
several at once (Holm: A Simple Sequentially Rejective Multiple Test Procedure, 1979).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.measures import MEASURES, SEED, Measured, estimate, measure_each
from eval.measures.measure import Measure
from eval.records import Evaluation, Outcome, Stamp

ALPHA = 0.05
PERMUTATIONS = 9_999
AT_ONCE = 1_000_000  # signs drawn at a time: all of them together would take gigabytes of memory
# What is tested when nobody says what: a few, because every measure more makes it harder to show a difference in each.
TESTED = ("R@5", "nDCG@10", "facts", "evidence", "refusal_recall", "refused_answerable", "citation_recall")
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one measure, over the questions that both runs have a value for.

    `better` and `worse` count these questions. `p` is the chance of a difference at least this large if the runs were
    equally good, `adjusted` the same after Holm's correction; both None for a measure that was not tested.
    """

    measure: str
    before: float
    now: float
    count: int
    better: int
    worse: int
    p: float | None = None
    adjusted: float | None = None

    @property
    def difference(self) -> float:
        """How much the value went up; below zero where it went down."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question of which some measures changed: their names, with the values before and now."""

    topic_id: str
    better: Mapping[str, tuple[float, float]]
    worse: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed since an earlier run. Questions that were added, removed or rewritten since are not compared."""

    baseline: Stamp
    compared: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    rewritten: tuple[str, ...]
    changes: tuple[Change, ...]
    questions: tuple[QuestionChange, ...]
    before: Mapping[str, Outcome]

    @property
    def by_measure(self) -> dict[str, Change]:
        """The changes by the name of the measure."""
        return {change.measure: change for change in self.changes}


def compare(now: Evaluation, before: Evaluation, tested: Sequence[str] = TESTED) -> Comparison:
    """What changed between two runs; the measures that are `tested` together get a p-value each."""
    mine = {outcome.asked.topic_id: outcome for outcome in now.outcomes}
    theirs = {outcome.asked.topic_id: outcome for outcome in before.outcomes}
    common = [one for one in mine if one in theirs]
    same = tuple(one for one in common if mine[one].asked == theirs[one].asked)
    values = measure_each([mine[one] for one in same])
    earlier = measure_each([theirs[one] for one in same])
    return Comparison(
        baseline=before.stamp,
        compared=same,
        added=tuple(one for one in mine if one not in theirs),
        removed=tuple(one for one in theirs if one not in mine),
        rewritten=tuple(one for one in common if one not in same),
        changes=tuple(
            _adjusted([change for m in MEASURES if (change := _change(m, values, earlier, m.name in tested))])
        ),
        questions=tuple(found for one in same if (found := _question(one, values, earlier))),
        before=theirs,
    )


def is_worse(measure: Measure, difference: float) -> bool:
    """Whether a measure that went up by this much got worse."""
    return measure.better != "neither" and (
        difference < -ROUNDING if measure.better == "higher" else difference > ROUNDING
    )


def _change(measure: Measure, values: Measured, earlier: Measured, tested: bool) -> Change | None:
    if not measure.paired:
        return _unpaired(measure, values, earlier)
    pairs = [
        (now, before)
        for one in values
        if isinstance(now := values[one][measure.name], float)
        and isinstance(before := earlier[one][measure.name], float)
    ]
    if not pairs:
        return None
    now, before = np.array(pairs).T
    worse = sum(is_worse(measure, gain) for gain in now - before)
    changed = int((np.abs(now - before) > ROUNDING).sum())
    p = _chance(now, before) if tested else None
    return Change(measure.name, float(before.mean()), float(now.mean()), len(pairs), changed - worse, worse, p)


def _unpaired(measure: Measure, values: Measured, earlier: Measured) -> Change | None:
    now = estimate(measure, [row[measure.name] for row in values.values()])
    before = estimate(measure, [row[measure.name] for row in earlier.values()])
    return Change(measure.name, before.value, now.value, now.count, 0, 0) if now and before else None


def _chance(now: np.ndarray, before: np.ndarray) -> float:
    """The p-value, two-sided, of the mean difference under changing the sign of each difference at random."""
    from scipy.stats import permutation_test  # noqa: PLC0415 - takes long to import

    differences = now - before
    if len(differences) < 2 or np.abs(differences).max() <= ROUNDING:
        return 1.0  # of one difference both signs are equally far off
    found = permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=PERMUTATIONS,
        batch=max(1, AT_ONCE // len(differences)),
        rng=np.random.default_rng(SEED),
    )
    return float(found.pvalue)


def _adjusted(changes: Sequence[Change]) -> list[Change]:
    """The changes with their p-values adjusted by Holm: the smallest times their number, the next times one less, …"""
    tested = sorted((change for change in changes if change.p is not None), key=lambda change: change.p or 0.0)
    adjusted: dict[str, float] = {}
    highest = 0.0
    for place, change in enumerate(tested):
        highest = max(highest, min(1.0, (len(tested) - place) * (change.p or 0.0)))
        adjusted[change.measure] = highest
    return [
        Change(c.measure, c.before, c.now, c.count, c.better, c.worse, c.p, adjusted.get(c.measure)) for c in changes
    ]


def _question(topic_id: str, values: Measured, earlier: Measured) -> QuestionChange | None:
    better: dict[str, tuple[float, float]] = {}
    worse: dict[str, tuple[float, float]] = {}
    for measure in MEASURES:
        now, before = values[topic_id][measure.name], earlier[topic_id][measure.name]
        # Latency differs between any two runs, and length is neither good nor bad.
        if not measure.stable or measure.better == "neither" or not measure.paired:
            continue
        if not isinstance(now, float) or not isinstance(before, float) or abs(now - before) <= ROUNDING:
            continue
        (worse if is_worse(measure, now - before) else better)[measure.name] = (before, now)
    return QuestionChange(topic_id, better, worse) if better or worse else None
