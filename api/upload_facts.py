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
LANGUAGE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"


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
    text = _plain(value)
    if len(text) > LONGEST_TEXT:
        return "long"
    if not _is_text(text):
        return "characters"
    if name == "issued" and text and not is_date(text):
        return "date"
    if name == "language" and text and not re.fullmatch(LANGUAGE, text):
        return "language"
    return ""


def _problems_of_groups(values: Sequence[str], caller: Caller) -> Iterator[str]:
    groups = [_plain(value) for value in values]
    if len(groups) > MOST_GROUPS:
        yield "groups"
    elif not all(groups):
        yield "empty"
    elif any(len(group) > LONGEST_GROUP for group in groups):
        yield "long"
    elif not all(map(_is_text, groups)):
        yield "characters"
    elif not caller.may("admin") and not caller.groups.issuperset(groups):
        yield "group"


def _plain(value: str) -> str:
    return unicodedata.normalize("NFC", value.strip())


def _is_text(value: str) -> bool:
    """Whether this is a line of text, without what steers a screen or a printer."""
    return all(unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Zl", "Zp") or one == "\u200d" for one in value)
