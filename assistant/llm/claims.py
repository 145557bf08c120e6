"""What a language model wrote, line by line: statements, each with the passage and the words it points at."""

import re
from dataclasses import dataclass

MAX_LINE = 2_000  # characters; a longer line is no statement
BULLET = re.compile(r"\s*(?:[-*•–—]|\d{1,2}[.)])\s+")
MARK = r"\[(\d{1,3})\]"
QUOTE = r"(«[^«»]+»|“[^“”]+”|„[^„”]+”|\"[^\"]+\")"
POINTED = re.compile(rf"{MARK}\s*{QUOTE}|{QUOTE}\s*{MARK}")
# A statement, one or more marks with their quotes, and nothing after these.
# White space can be read in one way only: else a line that is none takes for ever.
LINE = re.compile(rf"(?P<text>.+?)\s*(?P<pointed>(?:(?:{MARK}\s*{QUOTE}|{QUOTE}\s*{MARK})\s*(?:[.,;]\s*)?)+)")
SHAPED = re.compile(rf"{MARK}|«")
# What is never part of a statement: marks, HTML, Markdown, addresses, braces of code.
FORBIDDEN = re.compile(
    r"[\[\]<>{}`*_#|\\«»]|https?:|www\.|\b[\w.-]+@[\w-]+\.\w|\b[\w-]+\.(?:nl|com|org|net|eu|io|info)\b|&\w+;",
    re.IGNORECASE,
)
EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
END = '.!?”"’)'


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement as a model made it, and the (number of a passage, quote from it) that it points at."""

    text: str
    pointed: tuple[tuple[int, str], ...]


class Lines:
    """Cuts a stream into whole lines; what comes of a line that is far too long is thrown away."""

    def __init__(self) -> None:
        self._rest = ""
        self._skipping = False

    def feed(self, text: str) -> list[str]:
        """The lines that this text completes."""
        *done, self._rest = (self._rest + text).replace("\r", "\n").split("\n")
        if done and self._skipping:
            done[0] = "?"  # the end of the line that was thrown away
            self._skipping = False
        if len(self._rest) > MAX_LINE:
            self._rest = ""
            self._skipping = True
        return [line for line in done if line.strip()]

    def end(self) -> list[str]:
        """The last line, when it has no line end."""
        last = "?" if self._skipping else self._rest
        self._rest = ""
        return [last] if last.strip() else []


def claim(line: str) -> Claim | None:
    """The statement on a line; None when the line is not one: no mark, no quote, or what has no place in it."""
    if len(line) > MAX_LINE or UNSEEN.search(line.rstrip()):
        return None
    bare = BULLET.sub("", line, count=1).strip()
    found = LINE.fullmatch(bare)
    if found is None:
        return None
    text = EMPHASIS.sub(r"\2", found["text"]).strip()
    if FORBIDDEN.search(text) or not any(map(str.isalpha, text)):
        return None
    pointed = tuple(
        (int(one[1] or one[4]), (one[2] or one[3])[1:-1].strip()) for one in POINTED.finditer(found["pointed"])
    )
    return Claim(text if text[-1] in END else f"{text}.", pointed)


def is_shaped(line: str) -> bool:
    """Whether a line has a mark or a quote, so that it was meant as a statement."""
    return bool(SHAPED.search(line))
