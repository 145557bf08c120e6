"""The files that pages load: read once, each with an address that changes when any of them does."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).with_name("static")
PREFIX = "/static"
# What may be in the folder, and as what it is sent.
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_HASH_LENGTH = 12
_WORTH_PACKING = 1024  # bytes; below it a packed file saves no packet


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent: its bytes, the same packed with gzip (None where that saves nothing), and its etag."""

    content: bytes
    packed: bytes | None
    media_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """The files by name ("app.css", "nlds/nlds.css"), and the version of all of them together.

    One version for all, as part of the path: what a module imports or a css file refers to by a relative address then
    has the same version, without a build that rewrites files.
    """

    files: Mapping[str, StaticFile]
    version: str

    def url(self, name: str) -> str:
        """The address of the file, of which the content never changes. Raises KeyError for a name that is none."""
        if name not in self.files:
            raise KeyError(name)
        return f"{PREFIX}/{self.version}/{name}"


def read_files(root: Path) -> StaticFiles:
    """The files below this folder that have a media type of ours."""
    paths = sorted(path for path in root.rglob("*") if path.suffix in MEDIA_TYPES and path.is_file())
    files = {path.relative_to(root).as_posix(): static_file(path.read_bytes(), path.suffix) for path in paths}
    together = hashlib.sha256()
    for name, file in files.items():
        together.update(f"{name} {file.etag}\n".encode())
    return StaticFiles(files, together.hexdigest()[:_HASH_LENGTH])


def static_file(content: bytes, suffix: str) -> StaticFile:
    """The content as a file that is sent, of the kind that the suffix (".css") says."""
    packed = gzip.compress(content, mtime=0) if len(content) >= _WORTH_PACKING else None
    if packed is not None and len(packed) >= len(content):
        packed = None
    return StaticFile(content, packed, MEDIA_TYPES[suffix], f'"{hashlib.sha256(content).hexdigest()[:32]}"')


@cache
def ours() -> StaticFiles:
    """The files of the product, read at the first request for one or for a page."""
    return read_files(ROOT)


def static_url(name: str) -> str:
    """The address of a file of ours, for a template. Raises KeyError for a name that is none."""
    return ours().url(name)


def static_has(name: str) -> bool:
    """Whether there is such a file: what comes from npm need not be there."""
    return name in ours().files
