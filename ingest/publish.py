"""Folder -> a new version of the library, with a report a file; and the other ways to change a library.

Publishing is incremental, atomic, and safe to kill at any moment: see `ingest.generation`.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.catalogue import Catalogue, Prepared
from ingest.clean import READER_VERSION
from ingest.discover import SourceFile, discover, misnamed
from ingest.encode import Encoder
from ingest.errors import ReadError, UnknownSource, UnsupportedFormat
from ingest.generation import Progress, complete, discard_next, next_catalogue, vector_key
from ingest.isolate import run_isolated
from ingest.library import library_root, published_version
from ingest.lock import publisher_lock
from ingest.read import read
from ingest.split import SPLITTER_VERSION, canonical, split
from ingest.types import FileReport, Manifest, Metadata

TEXT_VERSIONS = {"reader": READER_VERSION, "splitter": SPLITTER_VERSION}


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost."""

    file_bytes: int = 200_000_000
    seconds: float = 120.0
    memory_mb: int = 2048
    workers: int = 2


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What a publish did. `published` is False when nothing had changed; `manifest` is what is published now."""

    manifest: Manifest
    files: tuple[FileReport, ...]
    published: bool


@dataclass(frozen=True, slots=True)
class _Task:
    """What a worker process needs to prepare one file."""

    file: SourceFile
    input_hash: str
    max_bytes: int


def quiet(_stage: str, _done: int, _total: int) -> None:
    """A Progress that shows nothing."""


def publish(
    paths: Sequence[Path],
    data: Path,
    encoder: Encoder,
    *,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress = quiet,
) -> PublishReport:
    """Read the files at these paths into the library of `data` and publish it, with a report a file.

    A file that cannot be read is reported and the others go on; a document it gave earlier stays. A document whose
    file is gone stays too, reported as "missing". Raises FileUnreachable for a path that does not exist,
    MetadataError, PublisherBusy, LibraryDamaged when the result does not verify, and NoLibrary when no
    file gave a document and there was no library yet.
    """
    with publisher_lock(library_root(data)), next_catalogue(data, encoder) as catalogue:
        origins = catalogue.origins()
        files = list(discover(paths, {source: origin for source, (origin, _) in origins.items()}))
        reports = list(_take_in([*files, *_outdated(catalogue, files)], catalogue, limits, progress))
        catalogue.note(TEXT_VERSIONS)
        reports += _missing(paths, files, origins)
        reports += [FileReport(name, "skipped", error=error) for name, error in misnamed(paths).items()]
        reports.sort(key=lambda report: report.source)
        manifest, published = complete(data, encoder, catalogue, purge=False, progress=progress)
        return PublishReport(manifest, tuple(reports), published)


def remove(source: str, data: Path, encoder: Encoder, *, progress: Progress = quiet) -> PublishReport:
    """Publish the library without this document, and leave no trace of it in any version on disk.

    Raises UnknownSource, NoLibrary, PublisherBusy, LibraryDamaged.
    """
    published_version(data)
    with publisher_lock(library_root(data)), next_catalogue(data, encoder) as catalogue:
        documents = [document for document in catalogue.documents() if document.source == source]
        if not documents:
            discard_next(data)
            raise UnknownSource(source)
        catalogue.remove(documents[0].doc_id)
        manifest, _ = complete(data, encoder, catalogue, purge=True, progress=progress)
        return PublishReport(manifest, (FileReport(source, "removed"),), published=True)


def rebuild(
    data: Path, encoder: Encoder, *, limits: Limits = DEFAULT_LIMITS, progress: Progress = quiet
) -> PublishReport:
    """Publish the library with everything that is derived from its catalogue made anew.

    For a damaged index, another encoder, or a newer version of the program. Raises NoLibrary, PublisherBusy,
    LibraryDamaged.
    """
    published_version(data)
    with publisher_lock(library_root(data)), next_catalogue(data, encoder) as catalogue:
        reports = tuple(_take_in(_outdated(catalogue, ()), catalogue, limits, progress))
        catalogue.note(TEXT_VERSIONS)
        catalogue.clear_vectors()
        manifest, _ = complete(data, encoder, catalogue, purge=True, progress=progress)
        return PublishReport(manifest, reports, published=True)


def _take_in(
    files: Sequence[SourceFile], catalogue: Catalogue, limits: Limits, progress: Progress
) -> Iterator[FileReport]:
    """Read what is new or changed into the catalogue."""
    known = {source: input_hash for source, (_, input_hash) in catalogue.origins().items()}
    tasks = []
    for file in files:
        if not file.supported:
            yield FileReport(file.source, "skipped", error=UnsupportedFormat(file.source, file.path.suffix))
            continue
        try:
            task = _Task(file, _input_hash(file), limits.file_bytes)
        except OSError:
            task = _Task(file, "", limits.file_bytes)  # the reader will say what is wrong with it
        if known.get(file.source) == task.input_hash:
            yield FileReport(file.source, "unchanged")
        else:
            tasks.append(task)
    results = run_isolated(
        prepare,
        tasks,
        name=lambda task: task.file.source,
        workers=limits.workers,
        timeout_s=limits.seconds,
        memory_mb=limits.memory_mb,
    )
    for done, (task, result) in enumerate(results, 1):
        progress("read", done, len(tasks))
        if isinstance(result, ReadError):
            yield FileReport(task.file.source, "failed", error=result)
            continue
        keys = [vector_key(passage, result.document) for passage in result.passages]
        catalogue.put(result, keys)
        yield FileReport(task.file.source, "changed" if task.file.source in known else "added", passages=len(keys))


def prepare(task: _Task) -> Prepared:
    """The document of one file, read, cleaned and split; runs in a worker process. Raises ReadError."""
    file = task.file
    document, blocks = read(file.path, source=file.source, metadata=file.metadata, max_bytes=task.max_bytes)
    text = canonical(blocks)
    return Prepared(document, text, split(document, text), str(file.path), task.input_hash)


def _outdated(catalogue: Catalogue, files: Iterable[SourceFile]) -> list[SourceFile]:
    """The documents beside these files that an earlier version of the program read, and whose file is still there."""
    noted = catalogue.meta()
    if all(noted.get(part, version) == version for part, version in TEXT_VERSIONS.items()):
        return []
    taken = {file.source for file in files}
    origins = catalogue.origins()
    found = []
    for document in catalogue.documents():
        path = Path(origins[document.source][0])
        if document.source not in taken and path.exists():
            facts = {name: getattr(document, name) for name in Metadata.__dataclass_fields__}
            found.append(SourceFile(path, document.source, Metadata(**facts), named=True))
    return found


def _missing(
    paths: Sequence[Path], files: Iterable[SourceFile], origins: dict[str, tuple[str, str]]
) -> Iterator[FileReport]:
    """The documents that came from one of these folders and whose file is gone."""
    present = {file.source for file in files}
    folders = [path.absolute() for path in paths if path.is_dir()]
    for source, (origin, _) in origins.items():
        inside = any(Path(origin).is_relative_to(folder) for folder in folders)
        if source not in present and inside and not Path(origin).exists():
            yield FileReport(source, "missing")


def _input_hash(file: SourceFile) -> str:
    """A hash over all that a document is made from: bytes, name, metadata, reader and splitter."""
    metadata = asdict(file.metadata)
    metadata["access"] = sorted(file.metadata.access)
    facts = json.dumps([file.source, metadata, READER_VERSION, SPLITTER_VERSION], ensure_ascii=False)
    with file.path.open("rb") as stream:
        content = hashlib.file_digest(stream, "sha256").hexdigest()
    return hashlib.sha256(f"{facts}\n{content}".encode()).hexdigest()
