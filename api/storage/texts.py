"""What texts a database can hold."""

from api.errors import Unstorable

MAX_ID = 200  # characters
_NUL, _INSTEAD = "\0", "\ufffd"  # a character that PostgreSQL has no room for


def is_id(text: str) -> bool:
    """Whether there can be something with this id: not for what no database can hold."""
    return 0 < len(text) <= MAX_ID and _NUL not in text and _encodes(text)


def checked_id(field: str, text: str) -> str:
    """The id itself. Raises Unstorable for a text that can be none."""
    if not is_id(text):
        raise Unstorable(field, "id", MAX_ID)
    return text


def plain(field: str, text: str) -> str:
    """The text with a sign in the place of each NUL. Raises Unstorable."""
    return whole(field, text).replace(_NUL, _INSTEAD)


def whole(field: str, text: str) -> str:
    """The text itself. Raises Unstorable for half a character."""
    if not _encodes(text):
        raise Unstorable(field, "encoding")
    return text


def _encodes(text: str) -> bool:
    """Whether a text can be written: not one with half of a character of two."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
