"""Text on its way to Slack and back: what would take effect does not, and what is too long is cut at a word.

Text of documents and questions goes into elements in which Slack interprets nothing (the "text" of rich text, and plain
text without emoji), so that a quote stays character for character. `escaped` is for the few places where Slack reads
its own markup: the text of notifications, and the names of documents beside a button.
"""

import re
from collections.abc import Iterator

# https://docs.slack.dev/reference/block-kit
MOST_BLOCKS = 50
MOST_TEXT = 3_000  # of a section, or one element
MOST_IN_ALL = 12_000  # of a message: Slack refuses one as a whole from about 13,000 on
MOST_FALLBACK = 3_000
MOST_BUTTON = 75
MOST_OPTION = 75
MOST_VALUE = 2_000
MOST_URL = 3_000
MOST_TITLE = 24  # of a modal
MOST_HEADER = 150
MOST_PRIVATE = 3_000  # private_metadata

ELLIPSIS = "…"
_JOINER = "\u2060"  # takes no room and is no white space: what stands on both sides is no markup together
# What is shown nowhere: control characters but the line end, half surrogate pairs, and marks that turn the direction
# of what follows.
_UNSHOWN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_MARKUP = re.compile(r"[*_~`]|(?<=:)(?=//)|:(?=[\w+'-]+:)|@(?=\w)|(?m:^)(?=\s*(?:&gt;|[•◦-]\s|\d{1,3}[.)]\s))")
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))

_ANGLED = re.compile(r"<([^<>\n]*)>")
_EMOJI = re.compile(r"(?<![\w:]):(?=[\w+'-]*[a-z])[a-z0-9_+'-]{1,60}:(?::skin-tone-[2-6]:)?(?!\w)")
_STYLED = re.compile(r"(?<![\w*_~`])([*_~`]{1,3})(?=\S)([^\n]*?\S)\1(?![\w*_~`])")
_QUOTED = re.compile(r"(?m)^\s*&gt;\s?")


def length(text: str) -> int:
    """The length of a text as Slack may count it: a character beyond the basic plane counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shown(text: str) -> str:
    """The text with "�" for every character that is obeyed instead of shown; as long as it was."""
    return _UNSHOWN.sub(lambda found: " " if found[0].isspace() else "�", text)


def one_line(text: str) -> str:
    """The text as `shown`, without line ends: a title cannot pass for a line of ours."""
    return " ".join(shown(text).split())


def escaped(text: str) -> str:
    """The text for where Slack reads its markup: it mentions nobody, and links, formats and lists nothing."""
    said = shown(text)
    for character, entity in _ENTITIES:
        said = said.replace(character, entity)
    return _MARKUP.sub(lambda found: f"{_JOINER}{found[0]}{_JOINER}" if found[0] else _JOINER, said)


def cut(text: str, most: int) -> str:
    """The text when it is not longer than this, else as many of its words as fit, and "…"."""
    if length(text) <= most:
        return text
    kept = _within(text, most - len(ELLIPSIS))
    # A word is broken only where that leaves more than half of the room: long text may have no spaces at all.
    before, space, _ = kept.rpartition(" ")
    return f"{(before if space and length(before) * 2 > most else kept).rstrip(' ,;:–-')}{ELLIPSIS}"


def pieces(text: str, most: int = MOST_TEXT) -> Iterator[str]:
    """The text in pieces that each fit, which together are the text."""
    while text:
        piece = _within(text, most)
        yield piece
        text = text[len(piece) :]


def asked_text(raw: str, bot_user: str = "") -> str:
    """What somebody asks, out of the text of a message: without mentions, emoji and Slack's own escapes.

    `bot_user` is there for the one form of its mention that carries a name, which is left out whatever it is.
    """
    said = _QUOTED.sub("", raw)
    said = _ANGLED.sub(lambda found: _read(found[1], bot_user), said)
    said = _EMOJI.sub(" ", said)
    for _ in range(3):  # bold in italics in struck out
        said = _STYLED.sub(lambda found: found[2], said)
    for character, entity in reversed(_ENTITIES):
        said = said.replace(entity, character)
    return re.sub(r"\s+([,?!;])", r"\1", " ".join(shown(said).split())).strip(" ,:" if _mentions(raw, bot_user) else "")


def _mentions(raw: str, bot_user: str) -> bool:
    return bool(bot_user) and f"<@{bot_user}" in raw


def _read(inside: str, bot_user: str) -> str:
    """What a reader sees of what stands between angle brackets."""
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return " "
    if target.startswith("#"):
        return label
    if target.startswith("!"):
        return label if target.startswith("!date") else " "
    return label or target.removeprefix("mailto:").removeprefix("tel:")


def _within(text: str, most: int) -> str:
    """As much of the beginning as fits."""
    kept = text[:most]
    while length(kept) > most:
        kept = kept[: len(kept) - max(1, (length(kept) - most) // 2)]
    return kept
