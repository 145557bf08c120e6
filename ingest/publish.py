"""Folder -> a new version of the library, with a report a file; and the other ways to change a library.

Publishing is incremental, atomic, and safe to kill at any moment: see `ingest.generation`.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.catalogue import Catalogue, Prepared
from ingest.clean import READER_VERSION
from ingest.discover import SourceFile, content_hash, discover, misnamed
from ingest.encode import Encoder
from ingest.errors import FileUnreachable, NoLibrary, NothingPublished, ReadError, UnknownSource, UnsupportedFormat
from ingest.generation import Progress, complete, discard_next, next_catalogue, prune, settle_originals, vector_key
from ingest.isolate import run_isolated
from ingest.library import CATALOGUE, library_root, published_version
from ingest.lock import publisher_lock
from ingest.originals import drop_damaged, keep_original
from ingest.read import read
from ingest.split import SPLITTER_VERSION, canonical, split
from ingest.types import FileReport, Manifest, Metadata

TEXT_VERSIONS = {"reader": READER_VERSION, "splitter": SPLITTER_VERSION}


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost, and whether the library keeps a copy of it."""

    file_bytes: int = 200 * 2**20
    seconds: float = 120.0
    memory_mb: int = 2048
    workers: int = 2
    keep_originals: bool = True


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What a publish did. `published` is False when nothing had changed; `manifest` is what is published now."""

    manifest: Manifest
    files: tuple[FileReport, ...]
    published: bool


@dataclass(frozen=True, slots=True)
class Published:
    """A document of the published library: `origin` is the absolute path it came from."""

    doc_id: str
    origin: str
    passages: int


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
    MetadataError, PublisherBusy, LibraryDamaged when the result does not verify, CatalogueLost, and NothingPublished
    when no file gave a document and there was no library yet.
    """
    misnames = misnamed(paths)
    # Whoever names a file wrongly in a bronnen.toml must not find it open to everyone.
    if unsafe := [error for error, metadata in misnames.values() if metadata.access]:
        raise unsafe[0]
    task = json.dumps(["ingest", *sorted(str(path.absolute()) for path in paths)])
    with publisher_lock(library_root(data)), next_catalogue(data, encoder, task) as catalogue:
        published = _published_sources(data, catalogue)
        known = {document.source: document.content_hash for document in catalogue.documents()}
        origins = {source: (origin, known[source]) for source, (origin, _) in catalogue.origins().items()}
        files = list(discover(paths, origins, leave_out=(library_root(data), uploads_root(data))))
        reports = _take_in_and_tidy(files, catalogue, published, limits, progress)
        reports += _missing(paths, files, catalogue)
        reports += [FileReport(name, "skipped", error=error) for name, (error, _) in misnames.items()]
        return _completed(data, encoder, catalogue, reports, limits, progress)


def publish_files(
    files: Sequence[SourceFile],
    data: Path,
    encoder: Encoder,
    *,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress = quiet,
) -> PublishReport:
    """Read exactly these files, under the sources they have, into the library of `data` and publish it.

    Else as `publish`, with the same errors.
    """
    task = json.dumps(["files", *sorted(str(file.path) for file in files)])
    with publisher_lock(library_root(data)), next_catalogue(data, encoder, task) as catalogue:
        published = _published_sources(data, catalogue)
        reports = _take_in_and_tidy(files, catalogue, published, limits, progress)
        return _completed(data, encoder, catalogue, reports, limits, progress)


def published(data: Path) -> dict[str, Published]:
    """The documents of the published library by source; none when there is no library. Raises LibraryDamaged."""
    try:
        catalogue = Catalogue(library_root(data) / published_version(data) / CATALOGUE)
    except NoLibrary:
        return {}
    try:
        origins, counts = catalogue.origins(), catalogue.passage_counts()
        return {
            one.source: Published(one.doc_id, origins[one.source][0], counts.get(one.doc_id, 0))
            for one in catalogue.documents()
        }
    finally:
        catalogue.close()


def uploads_root(data: Path) -> Path:
    """Where the uploaded files of this data directory stand: whoever took them in says what they are, not a folder."""
    return data / "uploads"


def remove(source: str, data: Path, encoder: Encoder, *, progress: Progress = quiet) -> PublishReport:
    """Publish the library without this document, and leave no trace of it in any version on disk.

    Raises UnknownSource, NoLibrary, PublisherBusy, LibraryDamaged.
    """
    with publisher_lock(library_root(data)), _purging(data, encoder) as catalogue:
        documents = [document for document in catalogue.documents() if document.source == source]
        if not documents:
            discard_next(data)
            prune(data)  # an earlier removal may have been cut off just before this
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
    with publisher_lock(library_root(data)), _purging(data, encoder) as catalogue:
        reports = tuple(_take_in(_outdated(catalogue, ()), catalogue, limits, progress))
        catalogue.note(TEXT_VERSIONS)
        catalogue.clear_vectors()
        drop_damaged(library_root(data), catalogue.documents())
        _keep_originals(catalogue, {}, limits)
        manifest, _ = complete(data, encoder, catalogue, purge=True, progress=progress)
        settle_originals(data, keep=limits.keep_originals)
        return PublishReport(manifest, reports, published=True)


def _keep_originals(catalogue: Catalogue, files: Mapping[str, Path], limits: Limits) -> None:
    """Keep a copy of the files of the documents, from where these are now or else from where they were read.

    Before the version that needs them is published, so that none ever lacks one that could be had.
    """
    if not limits.keep_originals:
        return
    root = catalogue.path.parent.parent
    origins = catalogue.origins()
    for document in catalogue.documents():
        path = files.get(document.source) or Path(origins[document.source][0])
        keep_original(root, path, document.content_hash)


@contextmanager
def _purging(data: Path, encoder: Encoder) -> Iterator[Catalogue]:
    """The catalogue of a next version that goes on from nothing but the published one. Raises NoLibrary."""
    if not (library_root(data) / "current").exists():
        raise NoLibrary(str(data))
    discard_next(data)
    with next_catalogue(data, encoder, task="purge") as catalogue:
        yield catalogue


def _published_sources(data: Path, catalogue: Catalogue) -> set[str]:
    """The sources of the version that the next one is made from."""
    base = catalogue.meta()["base"]
    if not base:
        return set()
    previous = Catalogue(library_root(data) / base / CATALOGUE)
    try:
        return set(previous.origins())
    finally:
        previous.close()


def _take_in_and_tidy(
    files: Sequence[SourceFile], catalogue: Catalogue, published: set[str], limits: Limits, progress: Progress
) -> list[FileReport]:
    """Read these files, and what an earlier version of the program read, into the catalogue; nothing else stays new."""
    reports = list(_take_in([*files, *_outdated(catalogue, files)], catalogue, limits, progress))
    catalogue.note(TEXT_VERSIONS)
    _drop_strays(catalogue, published, files)
    _keep_originals(catalogue, {file.source: file.path for file in files}, limits)
    return reports


def _completed(
    data: Path,
    encoder: Encoder,
    catalogue: Catalogue,
    reports: list[FileReport],
    limits: Limits,
    progress: Progress,
) -> PublishReport:
    """The report of a publish, which is done here. Raises NothingPublished."""
    told = tuple(sorted(reports, key=lambda report: report.source))
    try:
        manifest, is_new = complete(data, encoder, catalogue, purge=False, progress=progress)
    except NoLibrary:
        raise NothingPublished(told) from None
    settle_originals(data, keep=limits.keep_originals)
    return PublishReport(manifest, told, is_new)


def _drop_strays(catalogue: Catalogue, published: set[str], files: Iterable[SourceFile]) -> None:
    """Take out what only a run that was broken off took in, and this run does not ask for."""
    asked = {file.source for file in files}
    for document in catalogue.documents():
        if document.source not in published and document.source not in asked:
            catalogue.remove(document.doc_id)


def _take_in(
    files: Sequence[SourceFile], catalogue: Catalogue, limits: Limits, progress: Progress
) -> Iterator[FileReport]:
    """Read what is new or changed into the catalogue."""
    known = {source: input_hash for source, (_, input_hash) in catalogue.origins().items()}
    tasks = []
    for file in files:
        if not file.readable_name:
            yield FileReport(file.source, "failed", error=FileUnreachable(file.source, "name"))
        elif not file.supported:
            yield FileReport(file.source, "skipped", error=UnsupportedFormat(file.source, file.path.suffix))
        elif known.get(file.source, "") == (input_hash := _input_hash(file)):
            yield FileReport(file.source, "unchanged")
        else:
            tasks.append(_Task(file, input_hash, limits.file_bytes))
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


def _missing(paths: Sequence[Path], files: Iterable[SourceFile], catalogue: Catalogue) -> Iterator[FileReport]:
    """The documents that came from one of these folders and whose file is gone."""
    present = {file.source for file in files}
    folders = [path.absolute() for path in paths if path.is_dir()]
    for source, (origin, _) in catalogue.origins().items():
        inside = any(Path(origin).is_relative_to(folder) for folder in folders)
        if source not in present and inside and not Path(origin).exists():
            yield FileReport(source, "missing")


def _input_hash(file: SourceFile) -> str:
    """A hash over all that a document is made from: bytes, name, metadata, reader and splitter.

    "!" for what is no file or cannot be read: then the reader says what is wrong with it.
    """
    metadata = asdict(file.metadata)
    metadata["access"] = sorted(file.metadata.access)
    facts = json.dumps([file.source, metadata, READER_VERSION, SPLITTER_VERSION], ensure_ascii=False)
    try:
        content = content_hash(file.path) if file.path.is_file() else None
    except OSError:
        content = None
    return "!" if content is None else hashlib.sha256(f"{facts}\n{content}".encode()).hexdigest()
