"""The data that flows through `ingest`: a file becomes a document of blocks, blocks become passages."""

from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["heading", "paragraph", "list_item", "quote", "table", "caption", "footnote"]
PassageRole = Literal["body", "contents", "references", "imprint"]


@dataclass(frozen=True, slots=True)
class Block:
    """One structural unit of a document, in reading order.

    `text` is one paragraph, heading, list item (without its bullet, with its number or letter), quote,
    caption or footnote; or one table, a line a row, cells separated by " | ", the header row first.
    `level` is the heading level (1 = title or chapter) or the nesting depth of a list item (1 = outermost);
    0 for every other kind. `page` is the 1-based page where the text starts, None where the format has none.
    `breaks` lists (offset in text, page) for text that was put together: from that offset on, the text stands on
    that page, a later one or, where something else stood in between, the same; None where pages are not known.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None
    breaks: tuple[tuple[int, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Extract:
    """What one format reader gives back: the blocks of a file and what the file says of itself.

    `pages` is the number of pages, None where the format has none; `page_labels` are the labels printed on
    those pages ("iv", "12"; one per page, in order; empty where the format has none).
    `issued` is an ISO 8601 date that may be a year or a year and month only.
    """

    blocks: tuple[Block, ...]
    title: str | None = None
    author: str | None = None
    issued: str | None = None
    language: str | None = None
    pages: int | None = None
    page_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a `bronnen.toml` says of one file; it wins over what the file says of itself."""

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    kind: str | None = None
    issued: str | None = None
    language: str | None = None
    access: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Document:
    """One source document.

    `source` is the path relative to the ingested folder, with forward slashes. `content_hash` is the
    SHA-256 of the file's bytes. `access` names the groups that may see it; empty means everyone.
    """

    doc_id: str
    source: str
    title: str
    media_type: str
    content_hash: str
    publisher: str | None = None
    author: str | None = None
    kind: str | None = None
    issued: str | None = None
    language: str = "nl"
    pages: int | None = None
    page_labels: tuple[str, ...] = ()
    access: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BlockSpan:
    """Where one block stands in the canonical text: `canonical_text[start:end]` is the block's text.

    `joints` are the offsets in the canonical text at which it was put together: in the file something else, such as a
    footnote or the end of a page, stands before them.
    """

    kind: BlockKind
    level: int
    start: int
    end: int
    joints: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CanonicalText:
    """The cleaned text of a document, to which all offsets and quotes refer.

    `pages` lists (offset, page), ascending: from that offset on the text stands on that page; empty where
    the format has no pages. `blocks` lists the blocks in order; they do not overlap.
    """

    text: str
    blocks: tuple[BlockSpan, ...]
    pages: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that is retrieved and cited as one.

    `section` is the path of headings above it, outermost first. `start` and `end` are offsets in the
    document's canonical text: `text == canonical_text[start:end]`. Pages are 1-based and inclusive.
    """

    passage_id: str
    doc_id: str
    ordinal: int
    text: str
    section: tuple[str, ...]
    start: int
    end: int
    first_page: int | None = None
    last_page: int | None = None
    role: PassageRole = "body"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as it is shown, in parts of its width and height: 0 is left or top, 1 right or bottom."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a published library holds and what made it; a reader that cannot match it refuses to open it.

    `encoder` is the encoder's name with its dimensions and, for a local model, a fingerprint of its files.
    `corpus_hash` is a SHA-256 over the documents' sources and content hashes.
    """

    library_version: str
    created: str
    encoder: str
    dimensions: int
    analyser_version: str
    splitter_version: str
    reader_version: str
    documents: int
    passages: int
    corpus_hash: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file in one run of `publish`."""

    source: str
    outcome: Literal["added", "changed", "unchanged", "removed", "missing", "skipped", "failed"]
    passages: int = 0
    error: "Exception | None" = field(default=None, compare=False)
