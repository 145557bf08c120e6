"""The copies of the files that a library was made from, each named by the SHA-256 of its bytes.

A copy is written beside its place and renamed to it when it is whole, so that a name always stands for its content.
Documents with the same bytes share one. What no version needs any more is removed when a version is published.
"""

import contextlib
import hashlib
import os
from collections.abc import Collection, Iterable
from pathlib import Path

from ingest.types import Document

FOLDER = "originals"
_PARTIAL = ".new"
_CHUNK = 2**20


def kept_original(root: Path, content_hash: str) -> Path | None:
    """The copy in the library at `root` of the file with this hash; None where there is none."""
    path = root / FOLDER / content_hash
    return path if path.is_file() else None


def keep_original(root: Path, path: Path, content_hash: str) -> bool:
    """Whether the library at `root` has a copy of the file with this hash, taken from `path` where it had none.

    A file that is not there, has other bytes by now or cannot be copied, gives no copy: the document does without.
    """
    if kept_original(root, content_hash):
        return True
    if not path.is_file():
        return False
    folder = root / FOLDER
    partial = folder / (content_hash + _PARTIAL)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        same = _copied(path, partial) == content_hash
        if same:
            partial.replace(folder / content_hash)
    except OSError:
        same = False
    if not same:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return same


def _copied(source: Path, target: Path) -> str:
    """The hash of what was copied, which the disk holds by then."""
    digest = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as written:
        while chunk := read.read(_CHUNK):
            digest.update(chunk)
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    return digest.hexdigest()


def prune_originals(root: Path, needed: Collection[str]) -> None:
    """Remove the copies of all but these hashes, and what a broken off run left. Raises OSError for one that stays."""
    folder = root / FOLDER
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name not in needed and path.is_file():
            path.unlink()
    with contextlib.suppress(OSError):  # it holds what is needed
        folder.rmdir()


def damaged_originals(root: Path, documents: Iterable[Document]) -> list[Document]:
    """The documents whose copy has other bytes than the file they were read from."""
    return [
        document
        for document in documents
        if (path := kept_original(root, document.content_hash)) and _hash(path) != document.content_hash
    ]


def drop_damaged(root: Path, documents: Iterable[Document]) -> None:
    """Remove the copies that have other bytes than their name says, so that they are taken again."""
    for document in damaged_originals(root, documents):
        (root / FOLDER / document.content_hash).unlink(missing_ok=True)


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
