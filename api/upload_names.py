"""What an uploaded file is called: a name that is safe everywhere, and a source that no hidden document can have."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from ingest.discover import UPLOADED

LONGEST_NAME = 120  # characters
LONGEST_BYTES = 200  # file systems have room for 255
_LONGEST_SUFFIX = 16
_LONGEST_SPACE = 60
_PLAIN_GROUP = re.compile(r"[a-z0-9][a-z0-9_-]*")
# Characters that mean something to a file system, here or on the computer that the file goes to later.
_MEANT = str.maketrans(dict.fromkeys('<>:"|?*', "-"))
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def safe_name(given: str) -> str:
    """The name of a file without its path and whatever else could do harm; "" when nothing of it remains."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    # Control characters, those that turn the direction of the text, and halves of characters.
    shown = "".join(
        " " if one.isspace() else one for one in last if one.isspace() or unicodedata.category(one)[0] != "C"
    )
    name = " ".join(shown.translate(_MEANT).split()).lstrip(".~$ ").rstrip(". ")
    if _DEVICES.fullmatch(name):
        name = f"_{name}"
    suffix = PurePosixPath(name).suffix[:_LONGEST_SUFFIX]
    stem = name.removesuffix(suffix)[: LONGEST_NAME - len(suffix)]
    while len((stem + suffix).encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    return (stem.rstrip(". ") + suffix) if stem.strip(". ") else ""


def source_of(name: str, access: Iterable[str], groups: Iterable[str], owner: str) -> str:
    """What an uploaded file is known by in the library.

    A file replaces the one with the same source, so two have the same source only when the same groups see them: who
    uploads sees what he replaces, and cannot find out what else there is. Whoever may close a document to groups that
    he is not in has a place of his own there.
    """
    closed = sorted(access)
    if not closed:
        return f"{UPLOADED}{name}"
    place = UPLOADED + _space(closed)
    if set(closed).isdisjoint(groups):
        place += f"/van-{_short(owner)}"
    return f"{place}/{name}"


def _space(groups: list[str]) -> str:
    """A name for exactly these groups."""
    plain = "+".join(groups)
    if len(plain) <= _LONGEST_SPACE and all(_PLAIN_GROUP.fullmatch(one) for one in groups):
        return plain
    return "+" + _short("\0".join(groups))  # no group that is plain begins with a plus


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
