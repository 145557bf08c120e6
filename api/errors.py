"""The errors of `api`, as a tree. Data sits on the exception; status and sentence are made where they are needed.

ApiError
├── BindRefused              a host on which the API may not listen yet
├── Busy                     too many questions at once
├── UnknownDocument          no document with this id, in the eyes of this caller
├── UnknownPassage           no passage with this id, in the eyes of this caller
├── UnsupportedBody          a body that is no JSON in UTF-8
└── StoreError               the answers that are kept
    ├── StoreAddress         an address that names no database that can be used
    ├── StoreTooNew          a database that a later version of the program made
    ├── StoreBusy            others held the database for too long; trying again helps
    ├── StoreUnavailable     the database cannot be reached, read or written
    ├── StoreDamaged         what was kept can no longer be read
    ├── Unstorable           a text that cannot be kept
    ├── AnswerExists         an answer is kept already under this id
    ├── UnknownAnswer        no answer is kept under this id
    └── UnknownCitation      the answer has no citation with this number
"""


class ApiError(Exception):
    """Any error of `api`."""


class BindRefused(ApiError):
    """The API is open to whoever reaches it, so it listens to this computer only; `host` is another."""

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.host = host


class Busy(ApiError):
    """As many questions are asked as can wait; `seconds` is how long to wait before asking again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class UnknownDocument(ApiError):
    """No document that the caller may see has this id."""

    def __init__(self, doc_id: str) -> None:
        super().__init__(doc_id)
        self.doc_id = doc_id


class UnknownPassage(ApiError):
    """No passage that the caller may see has this id."""

    def __init__(self, passage_id: str) -> None:
        super().__init__(passage_id)
        self.passage_id = passage_id


class UnsupportedBody(ApiError):
    """A body that does not say it is JSON in UTF-8; `media_type` is what it says."""

    def __init__(self, media_type: str) -> None:
        super().__init__(media_type)
        self.media_type = media_type


class StoreError(ApiError):
    """Answers could not be kept, found or erased."""


class StoreAddress(StoreError):
    """The address of the database cannot be used; it may hold a password, and so it is not repeated here.

    `problem` is "syntax" (no address), "database" (of a kind that is not supported), "memory" (a database without a
    file) or "driver" (the library for this database is not installed).
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class StoreTooNew(StoreError):
    """A later version of the program made this database; `found` is its version, `known` the newest known here."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(found, known)
        self.found = found
        self.known = known


class StoreBusy(StoreError):
    """Others held the database longer than was waited for."""


class StoreUnavailable(StoreError):
    """The database cannot be reached, read or written; `detail` is what it said, without what was to be kept."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class StoreDamaged(StoreError):
    """What was kept cannot be read; `answer_id` says which answer, "" for the database as a whole."""

    def __init__(self, answer_id: str = "") -> None:
        super().__init__(answer_id)
        self.answer_id = answer_id


class Unstorable(StoreError):
    """A text that cannot be kept; `field` names it.

    `problem` is "encoding" (it has half a character), "too_long" (over `limit` characters) or "id" (no text that can
    be an id: empty, or with a character that a database has no room for).
    """

    def __init__(self, field: str, problem: str, limit: int | None = None) -> None:
        super().__init__(field, problem, limit)
        self.field = field
        self.problem = problem
        self.limit = limit


class AnswerExists(StoreError):
    """An answer is kept already under this id."""

    def __init__(self, answer_id: str) -> None:
        super().__init__(answer_id)
        self.answer_id = answer_id


class UnknownAnswer(StoreError):
    """No answer is kept under this id."""

    def __init__(self, answer_id: str) -> None:
        super().__init__(answer_id)
        self.answer_id = answer_id


class UnknownCitation(StoreError):
    """The answer has no citation with this number."""

    def __init__(self, answer_id: str, number: int) -> None:
        super().__init__(answer_id, number)
        self.answer_id = answer_id
        self.number = number
