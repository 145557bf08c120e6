"""The errors of `api`, as a tree. Data sits on the exception; status and sentence are made where they are needed.

ApiError
├── BadForm                  a form with more in it than ours have
├── BadRate                  a text that says no number of requests in a time
├── BindRefused              a host on which the API may not listen yet
├── Busy                     too many questions at once
├── Unauthenticated          a caller that has to say first who he is
├── Forbidden                a caller that may not do this
├── TooManyRequests          a caller that asks more often than it may
├── KeysError                the keys that are kept
│   ├── KeysUnreadable       the file with keys cannot be read
│   ├── KeyNameTaken         there is a key with this name
│   └── UnknownKey           no key with this prefix or name
├── UnknownDocument          no document with this id, in the eyes of this caller
├── UnknownPassage           no passage with this id, in the eyes of this caller
├── UnknownOriginal          a document of whose file no copy is kept
├── UnknownPage              a page that is not there, or of which no image can be made
├── UnsupportedBody          a body that is no JSON in UTF-8
├── BodyTooLarge             a body of more than the limit
├── BodyTooSlow              a body that comes in too slowly
├── BadMultipart             a form with files that cannot be used
├── BadUpload                an upload whose fields say what cannot be
├── UnknownUpload            no upload with this id, in the eyes of this caller
├── StorageFull              no room for what is uploaded
└── StoreError               the answers that are kept
    ├── StoreAddress         an address that names no database that can be used
    ├── StoreTooNew          a database that a later version of the program made
    ├── StoreBusy            others held the database for too long; trying again helps
    ├── StoreUnavailable     the database cannot be reached, read or written
    ├── StoreDamaged         what was kept can no longer be read
    ├── Unstorable           a text that cannot be kept
    ├── AnswerExists         an answer is kept already under this id
    ├── UnknownAnswer        no answer is kept under this id
    ├── UnknownCitation      the answer has no citation with this number
    └── TooMuchFeedback      as much was said of the answer as is kept
"""


class ApiError(Exception):
    """Any error of `api`."""


class BadForm(ApiError):
    """A form with more fields, or longer ones, than any of ours has."""


class BadRate(ApiError):
    """A text that does not say how often something may be done; `rate` is the text."""

    def __init__(self, rate: str) -> None:
        super().__init__(rate)
        self.rate = rate


class BindRefused(ApiError):
    """Without a key that works the API is open to whoever reaches it, so it listens to this computer only.

    `host` is another, or None where a setting or an option says that others reach it some other way.
    """

    def __init__(self, host: str | None) -> None:
        super().__init__(host)
        self.host = host


class Busy(ApiError):
    """As many questions are asked as can wait; `seconds` is how long to wait before asking again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Unauthenticated(ApiError):
    """Nobody knows who makes the request; `why` is "missing", "mistyped", "unknown", "expired" or "revoked"."""

    def __init__(self, why: str = "missing") -> None:
        super().__init__(why)
        self.why = why


class Forbidden(ApiError):
    """The caller is known, and may not do this: `needed` is the scope that is lacking, "csrf" for a form that is not of
    ours, or "session" for one of ours that is too old.
    """

    def __init__(self, needed: str) -> None:
        super().__init__(needed)
        self.needed = needed


class TooManyRequests(ApiError):
    """The caller asks more often than it may; `seconds` is how long to wait before asking again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class KeysError(ApiError):
    """Keys could not be found, made or kept."""


class KeysUnreadable(KeysError):
    """The file with keys cannot be read, or is no such file; `path` is where it is."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class KeyNameTaken(KeysError):
    """There is a key with this name already that is not revoked."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class UnknownKey(KeysError):
    """No key has this prefix or name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


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


class UnknownOriginal(ApiError):
    """No copy is kept of the file that this document was read from."""

    def __init__(self, doc_id: str) -> None:
        super().__init__(doc_id)
        self.doc_id = doc_id


class UnknownPage(ApiError):
    """The document has no page with this number, or none of which an image can be made."""

    def __init__(self, doc_id: str, page: int) -> None:
        super().__init__(doc_id, page)
        self.doc_id = doc_id
        self.page = page


class UnsupportedBody(ApiError):
    """A body that does not say it is what is wanted, JSON in UTF-8 most often; `media_type` is what it says."""

    def __init__(self, media_type: str, wanted: str = "application/json") -> None:
        super().__init__(media_type, wanted)
        self.media_type = media_type
        self.wanted = wanted


class BodyTooLarge(ApiError):
    """A body of more than `limit` bytes; the rest of it is not read."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class BodyTooSlow(ApiError):
    """A body that did not come in within the time there is for as much as came."""


class BadMultipart(ApiError):
    """A form with files that cannot be used.

    `problem` is "syntax", "encoding", "parts" or "fields" (too many), "field" (one too long), "files" (too many) or
    "file_field" (a file in a field that is not for files).
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class BadUpload(ApiError):
    """An upload that cannot be taken in as it is; `problems` are fields with what is wrong with each.

    That is "unknown", "twice", "empty", "long", "characters", "date", "language", "group" (one of others), "groups"
    (too many), "title" (one for several files), "audience" (not said who may see it) or "missing" (no files).
    """

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__(problems)
        self.problems = problems


class UnknownUpload(ApiError):
    """No upload that the caller may see has this id."""

    def __init__(self, upload_id: str) -> None:
        super().__init__(upload_id)
        self.upload_id = upload_id


class StorageFull(ApiError):
    """There is no room on the disk for what is uploaded."""


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


class TooMuchFeedback(StoreError):
    """As many have said what they thought of the answer as are kept: `limit`."""

    def __init__(self, answer_id: str, limit: int) -> None:
        super().__init__(answer_id, limit)
        self.answer_id = answer_id
        self.limit = limit
