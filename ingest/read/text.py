"""Plain text files -> blocks: the structure that blank lines, indents, numbers and line lengths show.

Much text is Markdown in all but name: that goes to the Markdown reader.
"""

import re
from pathlib import Path

from ingest.errors import EmptyFile
from ingest.read import lines, markdown
from ingest.read.decode import decode
from ingest.types import Extract

_MARKDOWN_HEADING = re.compile(r"^#{1,6} +\S", re.MULTILINE)
_MARKDOWN_SIGNS = re.compile(
    r"\*\*[^*\n]+\*\*|^\|.*\|[ ]*$|\[[^\]\n]+\]\([^)\n]+\)|</?(?:sup|sub|b|i|br)>|^```", re.MULTILINE
)
_FRONT_MATTER = re.compile(r"\s*---[ ]*\n\w+:")
_HASH_COMMENT = re.compile(r"^#[^# ]", re.MULTILINE)
_LEAST_SIGNS = 3
_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\(([a-z]+:[^)\s<>]+)\)")


def read(path: Path, source: str) -> Extract:
    """Give the blocks of a text file; with form feeds in it, also its pages.

    Raises EmptyFile or WrongFormat.
    """
    text = decode(path.read_bytes(), source)
    if is_markdown(text) and "\f" not in text:
        # In a text file the address of a link is there to be read, so it is part of what can be quoted.
        extract = markdown.parse(_LINK.sub(r"\1 (<\2>)", text))
    else:
        pages = text.split("\f")
        if pages and not pages[-1].strip():
            pages.pop()
        blocks = tuple(lines.blocks_of(pages))
        extract = Extract(blocks, pages=len(pages) if len(pages) > 1 else None)
    if not extract.blocks:
        raise EmptyFile(source)
    return extract


def is_markdown(text: str) -> bool:
    """Whether the text is marked up: two headings with #, or one and other markup, or other markup alone often."""
    headings = len(_MARKDOWN_HEADING.findall(text))
    if headings >= 2 and len(_HASH_COMMENT.findall(text)) <= headings:
        return True
    if _FRONT_MATTER.match(text):
        return True
    signs = len(_MARKDOWN_SIGNS.findall(text))
    return signs >= (2 if headings else _LEAST_SIGNS)
