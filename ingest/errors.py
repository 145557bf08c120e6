"""The errors of `ingest`, as a tree. Data sits on the exception; the Dutch sentence is made where a person reads it.

IngestError
├── ReadError                a file that could not be read; the other files go on
│   ├── UnsupportedFormat    no reader for this kind of file
│   ├── WrongFormat          the content is not what the file's name says
│   ├── EmptyFile            no bytes, or no text in it
│   ├── NoTextLayer          a PDF of page images: needs OCR first
│   ├── EncryptedFile        needs a password
│   ├── DamagedFile          truncated or corrupt
│   ├── FileTooLarge         larger than the limit, before or after unpacking
│   ├── ReadTimeout          took longer than the limit
│   ├── ReadOutOfMemory      needed more memory than the limit
│   └── FileUnreachable      gone, or no permission to read it
├── MetadataError            a bronnen.toml that cannot be used
├── ThesaurusError           a file of the thesaurus that cannot be used
└── LibraryError
    ├── NoLibrary            nothing has been published in this directory yet
    ├── LibraryDamaged       a published library that does not hold what its manifest says
    ├── LibraryMismatch      made with another encoder, analyser, splitter or reader
    ├── PublisherBusy        another process is publishing into this directory
    ├── UnknownSource        no document with this source
    └── EncoderError         the encoder that the settings name cannot be used
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.types import FileReport


class IngestError(Exception):
    """Any error of `ingest`."""


class ReadError(IngestError):
    """One file could not be read."""

    def __init__(self, source: str, detail: str = "") -> None:
        super().__init__(source, detail)
        self.source = source
        self.detail = detail


class UnsupportedFormat(ReadError):
    """There is no reader for this kind of file; `detail` is its extension."""


class WrongFormat(ReadError):
    """The content is not what the name says; `detail` is what it seems to be."""


class EmptyFile(ReadError):
    """The file has no bytes, or no text."""


class NoTextLayer(ReadError):
    """A PDF whose pages hold no text, only images; `detail` is the number of pages."""


class EncryptedFile(ReadError):
    """The file needs a password."""


class DamagedFile(ReadError):
    """The file is truncated or corrupt; `detail` is what the parser said."""


class FileTooLarge(ReadError):
    """The file is over a size limit; `detail` says which, with the numbers."""


class ReadTimeout(ReadError):
    """Reading took longer than the limit; `detail` is the limit in seconds."""


class ReadOutOfMemory(ReadError):
    """Reading needed more memory than the limit, or the reading process died; `detail` is the limit in MB."""


class FileUnreachable(ReadError):
    """The file is gone or may not be read; `detail` is what the operating system said."""


class MetadataError(IngestError):
    """A bronnen.toml cannot be used."""

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(path, detail)
        self.path = path
        self.detail = detail


class LibraryError(IngestError):
    """The library cannot be opened, published or changed."""


class NoLibrary(LibraryError):
    """Nothing has been published in `data` yet."""

    def __init__(self, data: str) -> None:
        super().__init__(data)
        self.data = data


class NothingPublished(LibraryError):
    """No file gave a document, and there was no library yet; `files` are the reports of the files."""

    def __init__(self, files: "tuple[FileReport, ...]") -> None:
        super().__init__(files)
        self.files = files


class CatalogueLost(LibraryError):
    """No version of the library in `data` has a catalogue that can be read: the documents must be ingested again."""

    def __init__(self, data: str) -> None:
        super().__init__(data)
        self.data = data


class LibraryDamaged(LibraryError):
    """A published library does not hold what its manifest says; `problems` lists what was found."""

    def __init__(self, version: str, problems: tuple[str, ...]) -> None:
        super().__init__(version, problems)
        self.version = version
        self.problems = problems


class LibraryMismatch(LibraryError):
    """The library was made with another `part` (encoder, analyser, splitter or reader) than the one in force."""

    def __init__(self, part: str, in_library: str, in_force: str) -> None:
        super().__init__(part, in_library, in_force)
        self.part = part
        self.in_library = in_library
        self.in_force = in_force


class PublisherBusy(LibraryError):
    """Another process publishes: `owner` says who, `seconds` for how long it has been at it."""

    def __init__(self, owner: str, seconds: float) -> None:
        super().__init__(owner, seconds)
        self.owner = owner
        self.seconds = seconds


class UnknownSource(LibraryError):
    """No document of the library has this source."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.source = source


class ThesaurusError(IngestError):
    """The thesaurus file `name` cannot be used; `line` is the line that is wrong, 0 for the whole file."""

    def __init__(self, name: str, line: int, detail: str) -> None:
        super().__init__(name, line, detail)
        self.name = name
        self.line = line
        self.detail = detail


class EncoderError(LibraryError):
    """The encoder `name` cannot be used; `detail` says why."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(name, detail)
        self.name = name
        self.detail = detail
