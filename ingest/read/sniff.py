"""What a file is by its content, whatever its name says."""

import zipfile
import zlib
from pathlib import Path

from ingest.read.archive import OLE_MAGIC, is_encrypted_ole

# Names of what a file can turn out to be. `ingest.messages` has the words for them.
_MAGIC = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"RIFF", "media"),
    (b"ID3", "media"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x7fELF", "program"),
    (b"MZ\x90\x00", "program"),
    (b"SQLite format 3\x00", "database"),
)
_ODF_TYPES = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
_OOXML_FOLDERS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_UNICODE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body")
_SAMPLE = 8192
# Share of control characters above which no encoding makes the bytes text.
_MOST_CONTROL = 0.05
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b") | {127})


def sniff(path: Path) -> str:
    """The name of what the content is: "pdf", "docx", "odt", "html", "text", "image", "zip", "binary", ..."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if b"%PDF-" in sample[:1024]:
        return "pdf"
    if sample.startswith(OLE_MAGIC):
        return _kind_of_ole(path, sample)
    if sample.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(path)
    for magic, kind in _MAGIC:
        if sample.startswith(magic):
            return kind
    return _kind_of_text(sample)


def _kind_of_ole(path: Path, sample: bytes) -> str:
    if is_encrypted_ole(path):
        return "encrypted"
    return "doc" if b"\xec\xa5\xc1\x00" in sample else "ole"


def _kind_of_zip(path: Path) -> str:
    """What a zip holds; "zip" when it is none of the known formats, "broken-zip" when it cannot be opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < _SAMPLE:
                mimetype = archive.read("mimetype").decode("ascii", "replace").strip()
                family = mimetype.removeprefix("application/vnd.oasis.opendocument.").removesuffix("-template")
                return "epub" if "epub" in mimetype else _ODF_TYPES.get(family, "zip")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError, OSError):
        return "broken-zip"
    if "[Content_Types].xml" in names:
        for folder, kind in _OOXML_FOLDERS.items():
            if any(name.startswith(folder) for name in names):
                return kind
    return "zip"


def _kind_of_text(sample: bytes) -> str:
    if not sample.startswith(_UNICODE_MARKS):
        # UTF-16 without a mark: Western text has a zero in every other byte, and nearly nowhere else.
        halves = sample[0::2], sample[1::2]
        zeros = [half.count(0) / max(len(half), 1) for half in halves]
        if 0 in sample and not (max(zeros) > 0.7 and min(zeros) < 0.05):
            return "binary"
        control = len(sample) - len(sample.translate(None, _CONTROL)) - sample.count(0)
        if control > _MOST_CONTROL * len(sample):
            return "binary"
    start = sample.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith(b"<?xml"):
        return "html" if b"<html" in start else "xml"
    while start.startswith(b"<!--"):
        start = start.partition(b"-->")[2].lstrip()
    return "html" if start.startswith(_HTML_STARTS) else "text"
