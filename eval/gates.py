"""Gates: what an evaluation must reach to pass, and how far it may fall behind an earlier one.

A gates file is TOML; every part may be left out:

    [at_least]                      # measures by name; see eval/README.md
    facts = 0.75
    [at_most]
    refused_answerable = 0.05
    [kinds.why.at_least]            # the same for one kind of question
    facts = 0.60
    [baseline]                      # against the evaluation that is given with --baseline
    not_worse = ["facts", "R@5"]    # may not be significantly worse
    alpha = 0.05
    [baseline.largest_drop]         # may not be worse by more than this, significant or not
    facts = 0.03
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from eval.compare import ALPHA, ROUNDING, Comparison, is_worse
from eval.errors import GatesError, Problem
from eval.measures import BY_NAME
from eval.records import Summary
from eval.topics import KINDS

Rule = Literal["at_least", "at_most", "not_worse", "largest_drop"]
PARTS = ("at_least", "at_most", "kinds", "baseline")
LARGEST = 1e12  # a bound beyond this is none: infinity, or an integer that no float can hold
BOUNDS: tuple[Literal["at_least", "at_most"], ...] = ("at_least", "at_most")


@dataclass(frozen=True, slots=True)
class Gate:
    """One bound on one measure, over all questions or those of one kind. For not_worse the bound is alpha."""

    rule: Rule
    measure: str
    bound: float
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A gate with the value that it was held against.

    `passed` is None where there was no baseline to compare with. `value` is None where there was nothing to measure:
    then a gate does not pass. For not_worse the value is the p-value, for largest_drop how much worse the measure got.
    """

    gate: Gate
    passed: bool | None
    value: float | None


def read_gates(path: Path) -> tuple[Gate, ...]:
    """The gates in a file. Raises GatesError with everything that is wrong with it, and OSError."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise GatesError(path.name, (Problem(0, "encoding"),)) from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a ValueError as well
        raise GatesError(path.name, (Problem(0, "syntax", str(error)),)) from None
    found = list(_gates(content))
    if problems := tuple(one for one in found if isinstance(one, Problem)):
        raise GatesError(path.name, problems)
    if not found:
        raise GatesError(path.name, (Problem(0, "empty"),))
    return tuple(one for one in found if isinstance(one, Gate))


def compared_measures(gates: tuple[Gate, ...]) -> tuple[str, ...]:
    """The measures that are to be tested against the baseline."""
    return tuple(gate.measure for gate in gates if gate.rule == "not_worse")


def check(gates: tuple[Gate, ...], summary: Summary, comparison: Comparison | None) -> tuple[Checked, ...]:
    """Each gate with whether it passed."""
    return tuple(
        _check_bound(gate, summary) if gate.rule in BOUNDS else _check_baseline(gate, comparison) for gate in gates
    )


def _check_bound(gate: Gate, summary: Summary) -> Checked:
    estimates = summary.all if gate.kind is None else summary.kinds.get(gate.kind, {})
    found = estimates.get(gate.measure)
    if found is None:
        return Checked(gate, passed=False, value=None)
    room = found.value - gate.bound if gate.rule == "at_least" else gate.bound - found.value
    return Checked(gate, room >= -ROUNDING, found.value)


def _check_baseline(gate: Gate, comparison: Comparison | None) -> Checked:
    if comparison is None:
        return Checked(gate, passed=None, value=None)
    change = comparison.by_measure.get(gate.measure)
    if change is None:
        return Checked(gate, passed=False, value=None)
    worse = is_worse(BY_NAME[gate.measure], change.difference)
    if gate.rule == "largest_drop":
        drop = abs(change.difference) if worse else 0.0
        return Checked(gate, drop <= gate.bound + ROUNDING, drop)
    # Without a p-value nothing was tested, so nothing shows that it passes.
    passed = change.adjusted is not None and not (worse and change.adjusted < gate.bound)
    return Checked(gate, passed, change.adjusted)


def _gates(content: Mapping[str, Any]) -> Iterator[Gate | Problem]:
    yield from (Problem(0, "unknown_part", name) for name in content if name not in PARTS)
    yield from _no_tables(content)
    yield from _bounds(content, None)
    for kind, bounds in _table(content.get("kinds")).items():
        if kind not in KINDS:
            yield Problem(0, "unknown_kind", kind)
            continue
        yield from (Problem(0, "unknown_part", f"kinds.{kind}.{name}") for name in _table(bounds) if name not in BOUNDS)
        yield from _bounds(_table(bounds), kind)
    yield from _against_baseline(_table(content.get("baseline")))


def _no_tables(content: Mapping[str, Any]) -> Iterator[Problem]:
    """What should be a table and is not: passed over, it would be a gate that is never closed."""
    kinds = _table(content.get("kinds"))
    tables = {
        **{name: content.get(name, {}) for name in PARTS},
        **{f"kinds.{kind}": bounds for kind, bounds in kinds.items()},
        **{f"kinds.{kind}.{name}": _table(bounds).get(name, {}) for kind, bounds in kinds.items() for name in BOUNDS},
        "baseline.largest_drop": _table(content.get("baseline")).get("largest_drop", {}),
    }
    yield from (Problem(0, "no_table", name) for name, value in tables.items() if not isinstance(value, dict))


def _bounds(content: Mapping[str, Any], kind: str | None) -> Iterator[Gate | Problem]:
    for rule in BOUNDS:
        for name, bound in _table(content.get(rule)).items():
            yield _gate(rule, name, bound, kind)


def _against_baseline(content: Mapping[str, Any]) -> Iterator[Gate | Problem]:
    known = ("not_worse", "alpha", "largest_drop")
    yield from (Problem(0, "unknown_part", f"baseline.{name}") for name in content if name not in known)
    alpha = content.get("alpha", ALPHA)
    if not _is_number(alpha) or not 0 < alpha < 1:
        yield Problem(0, "alpha", str(alpha))
        alpha = ALPHA
    names = content.get("not_worse", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        yield Problem(0, "no_list", "baseline.not_worse")
        names = []
    for name in dict.fromkeys(names):
        yield _gate("not_worse", name, alpha, None)
    for name, bound in _table(content.get("largest_drop")).items():
        yield _gate("largest_drop", name, bound, None)


def _gate(rule: Rule, name: str, bound: object, kind: str | None) -> Gate | Problem:
    measure = BY_NAME.get(name)
    if measure is None:
        return Problem(0, "unknown_measure", name)
    if not _is_number(bound):
        return Problem(0, "no_number", name)
    if not 0 <= float(bound) <= (1 if measure.unit in ("share", "score") else LARGEST):  # type: ignore[arg-type]
        return Problem(0, "out_of_range", f"{name} {bound}")
    against = rule in ("not_worse", "largest_drop")
    if against and measure.better == "neither":
        return Problem(0, "no_direction", name)
    if rule == "not_worse" and not (measure.paired and measure.stable):
        return Problem(0, "not_comparable", name)
    return Gate(rule, name, float(bound), kind)  # type: ignore[arg-type]  # a number, as was just seen


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST  # NaN is not


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
