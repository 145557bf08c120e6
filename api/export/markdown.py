"""A paper as Markdown with footnotes, in which nothing of a document is read as markup."""

import re
from collections.abc import Iterator, Sequence

from api.export.paper import Block, Inline, Mark, Paper, Run, clean, one_line

MEDIA_TYPE = "text/markdown"
_MARKUP = re.compile(r"[\\`*_\[\]<>&~|$^{}#]")
_LINE_START = re.compile(r"^(\d*)([-+=:.)])")  # of an item, or of a line under a heading
_PREFIXES = {"text": "", "item": "- ", "warning": "> ", "message": "", "fact": "- "}
_IN_LINK = {"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C"}


def markdown_file(paper: Paper) -> bytes:
    """The paper as the bytes of a Markdown file in UTF-8."""
    return ("\n".join(_lines(paper)) + "\n").encode()


def _lines(paper: Paper) -> Iterator[str]:
    yield f"# {escaped(paper.title)}"
    yield ""
    yield escaped(paper.subtitle)
    for section in paper.sections:
        yield from ("", f"## {escaped(section.heading)}")
        before = ""
        for block in section.blocks:
            prefix = _PREFIXES[block.kind]
            if not prefix or prefix != before:
                yield ""  # items of one list stand together
            yield prefix + _block(block, " " * len(prefix) if prefix == "- " else prefix)
            before = prefix
    if paper.notes:
        yield ""
    for number, note in enumerate(paper.notes, 1):
        yield f"[^{number}]: " + _joined(note, "    ")


def _block(block: Block, indent: str) -> str:
    said = _joined(block.inlines, indent)
    return f"**{said}**" if block.kind == "message" else said


def _joined(inlines: Sequence[Inline], indent: str) -> str:
    """The text, without empty lines; a backslash at the end of a line is what breaks it."""
    lines = "".join(map(_inline, inlines)).split("\n")
    kept = [_LINE_START.sub(r"\1\\\2", line.strip()) for line in lines if line.strip()]
    return f"\\\n{indent}".join(kept)


def _inline(one: Inline) -> str:
    if isinstance(one, Mark):
        return f"[^{one.note + 1}]"
    said = escaped(one.text)
    if one.strong and said.strip():
        core = said.strip()
        said = said.replace(core, f"**{core}**", 1)
    return f"[{said}]({_address(one)})" if one.link else said


def _address(run: Run) -> str:
    return "".join(_IN_LINK.get(character, character) for character in one_line(run.link))


def escaped(text: str) -> str:
    """The text with a backslash before all that Markdown would read as markup."""
    return _MARKUP.sub(lambda found: "\\" + found[0], clean(text).replace("\t", " "))
