"""Which files an ingest is about: the folders and files a person names, as sources with their metadata."""

import errno
import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import FileUnreachable, MetadataError
from ingest.metadata import FILE_NAME, load_metadata, unused
from ingest.read import SUPPORTED
from ingest.types import Metadata


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to ingest. `named` tells a file that was named itself from one that was found in a folder."""

    path: Path
    source: str
    metadata: Metadata
    named: bool

    @property
    def supported(self) -> bool:
        """Whether there is a reader for its extension; a file that was named is always tried."""
        return self.named or self.path.suffix.lower() in SUPPORTED


def discover(paths: Sequence[Path], known: Mapping[str, str]) -> Iterator[SourceFile]:
    """The files below these paths, in a stable order; each file once.

    `known` maps the sources that a library already has to the absolute path they came from: a file that has the
    same source but came from another path that still exists, gets the name of its folder in front.
    Raises FileUnreachable when a path does not exist, MetadataError for a bronnen.toml that cannot be used.
    """
    taken = dict(known)
    seen: set[Path] = set()
    for path in paths:
        root = path.absolute() if path.is_dir() else path.absolute().parent
        if not path.is_dir() and not os.path.lexists(path):
            raise FileUnreachable(str(path), os.strerror(errno.ENOENT))
        metadata = load_metadata(root)
        for file in _files(path.absolute()):
            if file in seen:
                continue
            seen.add(file)
            relative = file.relative_to(root).as_posix()
            source = _free_source(relative, file, root, taken)
            taken[source] = str(file)
            yield SourceFile(file, source, metadata.get(_composed(relative), Metadata()), named=file == path.absolute())


def misnamed(paths: Sequence[Path]) -> dict[str, MetadataError]:
    """The files that a bronnen.toml in one of these folders names and that are not there, with what to say of it."""
    found = {}
    for path in paths:
        if path.is_dir():
            root = path.absolute()
            present = [_composed(file.relative_to(root).as_posix()) for file in _files(root)]
            for name in unused(load_metadata(root), present):
                found[name] = MetadataError(str(path / FILE_NAME), f"no such file: {name}")
    return found


def _composed(name: str) -> str:
    """A file name as a bronnen.toml has it: some systems write "é" as two characters."""
    return unicodedata.normalize("NFC", name)


def _files(path: Path) -> Iterator[Path]:
    """The files at or below a path, sorted; not hidden ones, lock files of office programs, or bronnen.toml."""
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")) and name != FILE_NAME:
                yield Path(folder, name)


def _free_source(relative: str, file: Path, root: Path, taken: Mapping[str, str]) -> str:
    source = relative
    for folder in (root, *root.parents):
        origin = taken.get(source)
        if origin is None or origin == str(file) or not Path(origin).exists():
            break
        source = f"{folder.name}/{source}"
    return source
