"""What was evaluated: the commit, the library, the questions and the settings; and a fingerprint of all that counts."""

import hashlib
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from eval.records import Stamp
from eval.topics import Topic, topics_text
from ingest.types import Manifest

PRODUCT = "vng-assistent"
PACKAGES = ("ingest", "assistant", "eval")


def stamp(topics: Sequence[Topic], source: str, manifest: Manifest, settings: Mapping[str, str]) -> Stamp:
    """The stamp of a run of these questions, out of a file of this name, that begins now."""
    commit = _git("rev-parse", "HEAD")
    return Stamp(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        version=_version(),
        commit=commit,
        changed=bool(commit and _git("status", "--porcelain", "--untracked-files=no")),
        topics=source,
        topics_hash=hashlib.sha256(topics_text(topics).encode()).hexdigest(),
        library={
            "libraryVersion": manifest.library_version,
            "corpusHash": manifest.corpus_hash,
            "documents": manifest.documents,
            "passages": manifest.passages,
            "encoder": manifest.encoder,
            "analyserVersion": manifest.analyser_version,
            "splitterVersion": manifest.splitter_version,
            "readerVersion": manifest.reader_version,
        },
        settings=dict(settings),
    )


def fingerprint(made: Stamp, *extra: str) -> str:
    """What tells whether an interrupted run may go on: it changes with anything that an outcome depends on.

    The program itself counts by the names, sizes and times of its files: a commit says nothing of files that changed
    after it.
    """
    about = made.model_dump_json(exclude={"created"})
    root = Path(__file__).parent.parent
    files = sorted(path for name in PACKAGES for path in (root / name).rglob("*") if "__pycache__" not in path.parts)
    known = [(path, path.stat()) for path in files if path.is_file()]
    program = "\n".join(f"{path.relative_to(root)} {found.st_size} {found.st_mtime_ns}" for path, found in known)
    return hashlib.sha256("\0".join((about, program, *extra)).encode()).hexdigest()


def _version() -> str:
    try:
        return version(PRODUCT)
    except PackageNotFoundError:
        return "unknown"


def _git(*arguments: str) -> str | None:
    """What git says of the working directory; None where there is no git, or no repository."""
    try:
        found = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() if found.returncode == 0 else None
