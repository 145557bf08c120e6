"""What is said of the files of an upload, checked before anything is taken in."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.access import Caller
from api.errors import BadUpload
from ingest.metadata import is_date

TEXTS = ("title", "publisher", "author", "kind", "issued", "language")
ACCESS = "access"
LONGEST_TEXT = 300
LONGEST_GROUP = 64
MOST_GROUPS = 20
# What steers a screen or a printer, or is not seen: control characters, marks of direction, line ends. Only the joiner
# of emoji (200d) may stand in a line.
UNWRITABLE = (
    r"\u0000-\u001f\u007f-\u009f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200c\u200e\u200f"
    r"\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
)
# What is not seen either, of rare scripts, and tags in which text can hide: taken out. A pattern in the description of
# the API cannot name these, for JSON Schema knows no \u of more than four figures.
_UNSEEN = re.compile(
    "[\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
_LINE = f"^[^{UNWRITABLE}]*$"
# What each field must look like: the description of the API says the same, and so each is checked as it came in.
PATTERNS = dict.fromkeys(TEXTS, _LINE) | {
    "issued": "^ *([12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?)? *$",
    "language": "^ *([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)? *$",
}
# One name: with a comma it would be two, and what begins with a bracket or a quote is JSON.
GROUP = f'^ *[^{UNWRITABLE}\\s,{{\\["][^{UNWRITABLE},]*$'
_OF_ITS_KIND = {"issued": "date", "language": "language"}


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of all files of an upload: texts by the name of their field, and the groups that may see them."""

    facts: dict[str, str]
    access: frozenset[str]


def said_of(fields: Mapping[str, Sequence[str]], *, files: int, caller: Caller) -> Said:
    """What these fields say of this many files. Raises BadUpload with all that is wrong.

    A field that is not known is refused: a name that is mistyped must not leave a document open to everyone. Who
    uploads closes documents to groups of his own, unless he administers.
    """
    problems = tuple(_problems(fields, files, caller))
    if problems:
        raise BadUpload(problems)
    texts = {name: _plain(fields[name][0]) for name in TEXTS if name in fields}
    return Said({name: text for name, text in texts.items() if text}, frozenset(map(_plain, fields.get(ACCESS, ()))))


def _problems(fields: Mapping[str, Sequence[str]], files: int, caller: Caller) -> Iterator[tuple[str, str]]:
    if not files:
        yield "files", "missing"
    for name, values in fields.items():
        if name == ACCESS:
            yield from ((name, problem) for problem in _problems_of_groups(values, caller))
        elif name not in TEXTS:
            yield name, "unknown"
        elif len(values) > 1:
            yield name, "twice"
        elif problem := _problem(name, values[0]):
            yield name, problem
    if files > 1 and any(map(_plain, fields.get("title", ()))):
        yield "title", "title"


def _problem(name: str, value: str) -> str:
    if len(value) > LONGEST_TEXT:
        return "long"
    if not re.fullmatch(_LINE, value):
        return "characters"
    if not re.fullmatch(PATTERNS[name], value) or (name == "issued" and _plain(value) and not is_date(_plain(value))):
        return _OF_ITS_KIND[name]
    return ""


def _problems_of_groups(values: Sequence[str], caller: Caller) -> Iterator[str]:
    groups = [_plain(value) for value in values]
    if len(groups) > MOST_GROUPS:
        yield "groups"
    elif not all(groups):
        yield "empty"
    elif any(len(value) > LONGEST_GROUP for value in values):
        yield "long"
    elif not all(re.fullmatch(_LINE, value) for value in values):
        yield "characters"
    elif not all(re.fullmatch(GROUP, value) for value in values):
        yield "group_name"
    elif not caller.may("admin") and not caller.groups.issuperset(groups):
        yield "group"


def _plain(value: str) -> str:
    return unicodedata.normalize("NFC", _UNSEEN.sub("", value).strip())
