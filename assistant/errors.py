"""The errors of `assistant`, as a tree. That the documents do not answer a question is no error: see `Status`.

AssistantError
├── AssistantFailed      something that nobody foresaw, in another process
├── AssistantUnavailable no process to answer with
├── BadQuery             a question that cannot be asked: empty, too long, or with impossible filters
├── GeneratorError       a generator that could not make an answer; another takes over
├── RecordError          text that is no stored answer, or one that this version cannot read
└── SettingsError        settings that cannot be used; raised before any work is done
"""


class AssistantError(Exception):
    """Any error of `assistant`."""


class AssistantFailed(AssistantError):
    """Something that nobody foresaw went wrong in another process; `kind` is the name of the error, `where` the lines
    of code that led to it. What the error said stays there: it may repeat what was asked.
    """

    def __init__(self, kind: str, where: str) -> None:
        super().__init__(kind, where)
        self.kind = kind
        self.where = where


class AssistantUnavailable(AssistantError):
    """There is no process to answer with; `problem` is "start" (it does not start), "died" or "closed"."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class BadQuery(AssistantError):
    """A question that cannot be asked; `field` names what is wrong, `problem` is "empty", "too_long" or "range"."""

    def __init__(self, field: str, problem: str, limit: int | None = None) -> None:
        super().__init__(field, problem, limit)
        self.field = field
        self.problem = problem
        self.limit = limit


class SettingsError(AssistantError):
    """A setting that cannot be used; `problems` has one line a setting."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


class GeneratorError(AssistantError):
    """A generator that could not make an answer; `problem` is one word for what went wrong.

    "timeout": not done in time; "rate_limit": the server is asked too much; "unreachable": there is no server;
    "refused": the server does not take the request, for its key or otherwise; "server": it fails; "broken": the reply
    ends halfway, or is no reply; "empty": it says nothing; "nonsense": nothing in it is a statement; "language": it is
    in another language.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class RecordError(AssistantError):
    """Text that is not a stored answer. `problem` is "syntax" (no JSON), "foreign" (another sort of JSON), "version" (a
    later one of the format) or "content"; `place` is that version, or where in the JSON it is wrong.
    """

    def __init__(self, problem: str, place: str = "") -> None:
        super().__init__(problem, place)
        self.problem = problem
        self.place = place
