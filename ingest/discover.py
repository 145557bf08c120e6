"""Which files an ingest is about: the folders and files a person names, as sources with their metadata."""

import errno
import hashlib
import os
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.errors import FileUnreachable, MetadataError
from ingest.metadata import FILE_NAME, load_metadata, unused
from ingest.read import SUPPORTED
from ingest.types import Metadata

UPLOADED = "upload/"  # how the source of an uploaded document begins, and no other


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to ingest. `named` tells a file that was named itself from one that was found in a folder.

    `readable_name` is False when the name holds bytes that are no text; `source` then shows them as "�".
    """

    path: Path
    source: str
    metadata: Metadata
    named: bool
    readable_name: bool = True

    @property
    def supported(self) -> bool:
        """Whether there is a reader for its extension; a file that was named is always tried."""
        return self.named or self.path.suffix.lower() in SUPPORTED


def discover(
    paths: Sequence[Path], known: Mapping[str, tuple[str, str]], *, leave_out: Collection[Path] = ()
) -> Iterator[SourceFile]:
    """The files below these paths, in a stable order; each file once; nothing below the folders to leave out.

    `known` maps the sources that a library has to (the absolute path they came from, the hash of their content). A
    file that is known keeps its source, however it is named now. Another file takes a source over only when the first
    has moved: it is gone, and the content is the same; else it gets the name of its folder in front. So does a file
    whose source would begin as the sources of uploaded documents do.
    A file's metadata is in the bronnen.toml of its folder, or of the nearest folder above that names it.
    Raises FileUnreachable when a path does not exist, MetadataError for a bronnen.toml that cannot be used.
    """
    taken = dict(known)
    by_origin = {origin: source for source, (origin, _) in known.items()}
    tables: dict[Path, dict[str, Metadata]] = {}
    seen: set[Path] = set()
    for path in paths:
        if not os.path.lexists(path):
            raise FileUnreachable(str(path), os.strerror(errno.ENOENT))
        start = Path(os.path.normpath(path.absolute()))  # "map/../map" is one folder, not two
        root = start if path.is_dir() else start.parent
        for file in _files(start, leave_out):
            if file in seen:
                continue
            seen.add(file)
            relative = file.relative_to(root).as_posix()
            if (shown := os.fsencode(relative).decode("utf-8", "replace")) != relative:
                yield SourceFile(file, shown, Metadata(), named=file == start, readable_name=False)
                continue
            source = by_origin.get(str(file)) or _free_source(relative, file, root, taken)
            taken[source] = (str(file), "")
            yield SourceFile(file, source, _metadata(file, tables), named=file == start)


def misnamed(paths: Sequence[Path]) -> dict[str, tuple[MetadataError, Metadata]]:
    """The files that a bronnen.toml in one of these folders names and that are not there, with what it says of them."""
    found = {}
    for path in paths:
        if path.is_dir():
            root = path.absolute()
            metadata = load_metadata(root)
            present = [_composed(file.relative_to(root).as_posix()) for file in _files(root, ())]
            for name in unused(metadata, present):
                found[name] = (MetadataError(str(path / FILE_NAME), f"no such file: {name}"), metadata[name])
    return found


def content_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _metadata(file: Path, tables: dict[Path, dict[str, Metadata]]) -> Metadata:
    """What the nearest bronnen.toml says of a file; who may see it comes from the nearest that limits that."""
    found: Metadata | None = None
    for folder in file.parents:
        if folder not in tables:
            tables[folder] = load_metadata(folder)
        above = tables[folder].get(_composed(file.relative_to(folder).as_posix()))
        if found is None:
            found = above
        elif above and not found.access:
            found = replace(found, access=above.access)
    return found or Metadata()


def _composed(name: str) -> str:
    """A file name as a bronnen.toml has it: some systems write "é" as two characters."""
    return unicodedata.normalize("NFC", name)


def _files(path: Path, leave_out: Collection[Path]) -> Iterator[Path]:
    """The files at or below a path, sorted; not hidden ones, lock files of office programs, or bronnen.toml."""
    if not path.is_dir():
        yield path
        return
    skipped = {folder.absolute() for folder in leave_out}
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and Path(folder, name) not in skipped)
        for name in sorted(names):
            if not name.startswith((".", "~$")) and name != FILE_NAME:
                yield Path(folder, name)


def _free_source(relative: str, file: Path, root: Path, taken: Mapping[str, tuple[str, str]]) -> str:
    source = relative
    for folder in (root, *root.parents):
        if not source.startswith(UPLOADED) and (source not in taken or _has_moved(*taken[source], file)):
            break
        source = f"{folder.name}/{source}"
    return source


def _has_moved(origin: str, content: str, file: Path) -> bool:
    """Whether a document's file is no longer where it was, and this file is the same."""
    try:
        return not Path(origin).exists() and content_hash(file) == content
    except OSError:
        return False
