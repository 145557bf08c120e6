"""An answer as a file to take along."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from api.export import markdown, odt, word
from api.export.compose import paper_of
from api.export.paper import Paper
from api.export.words import file_name
from assistant.types import Answer

Format = Literal["docx", "odt", "md"]
_WRITERS: dict[Format, tuple[Callable[[Paper], bytes], str]] = {
    "docx": (word.word_file, word.MEDIA_TYPE),
    "odt": (odt.odt_file, odt.MEDIA_TYPE),
    "md": (markdown.markdown_file, f"{markdown.MEDIA_TYPE}; charset=utf-8"),
}
MEDIA_TYPES: dict[Format, str] = {name: media_type.partition(";")[0] for name, (_, media_type) in _WRITERS.items()}


@dataclass(frozen=True, slots=True)
class Exported:
    """A file: its name, its media type and what is in it."""

    name: str
    media_type: str
    content: bytes

    @property
    def disposition(self) -> str:
        """The header Content-Disposition (RFC 6266): the name, and a plain one for who cannot read it."""
        plain = self.name.encode("ascii", "ignore").decode() or "antwoord"
        return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(self.name, safe='')}"


def export(answer: Answer, as_format: Format, *, asked_at: datetime, link: str, organisation: str = "") -> Exported:
    """The answer as a file of this format; the same bytes for the same answer.

    `link` is the address at which the answer is found again, "" for none; the pages of documents stand beside it.
    """
    write, media_type = _WRITERS[as_format]
    paper = paper_of(answer, asked_at=asked_at, link=link, organisation=organisation)
    return Exported(f"{file_name(answer.query.text)}.{as_format}", media_type, write(paper))
