"""The errors of `eval`, as a tree.

EvalError
├── TopicsError          questions that cannot be used: with a line number and a reason for each
├── GatesError           gates that cannot be used
├── HarvestError         answers that no questions can be taken from
├── BaselineError        text that is no earlier evaluation, or one that this version cannot read
└── WorkerLost           a process that ended before its work was done
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one line of a file: a word for it, and what it is about. `line` is 1-based, 0 for the whole."""

    line: int
    what: str
    detail: str = ""


class EvalError(Exception):
    """Any error of `eval`."""


class InputError(EvalError):
    """A file that cannot be used; `problems` says line by line why."""

    def __init__(self, source: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(source, problems)
        self.source = source
        self.problems = problems


class TopicsError(InputError):
    """Questions that cannot be used."""


class GatesError(InputError):
    """Gates that cannot be used; `detail` of a problem names the gate."""


class HarvestError(InputError):
    """Stored answers that cannot be read."""


class BaselineError(EvalError):
    """Text that is no evaluation. `problem` is "syntax", "foreign", "version" or "content"; `place` says where."""

    def __init__(self, source: str, problem: str, place: str = "") -> None:
        super().__init__(source, problem, place)
        self.source = source
        self.problem = problem
        self.place = place


class WorkerLost(EvalError):
    """A process that ended before its work was done: killed, or out of memory. What was done is kept."""
