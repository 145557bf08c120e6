"""Checks before a zip-based document (.docx, .odt) is unpacked: real, readable without a password, and not a bomb."""

import re
import zipfile
import zlib
from pathlib import Path

from ingest.errors import DamagedFile, EncryptedFile, FileTooLarge

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Word and LibreOffice write one part a picture, so real documents have hundreds of parts, not tens of thousands.
MAX_MEMBERS = 10_000
MAX_UNPACKED = 1024 * 1024 * 1024
# The XML that becomes text takes many times its size in memory once parsed; pictures are never unpacked.
MAX_XML = 300 * 1024 * 1024
# Deflate reaches 1032 : 1 at most; XML of real documents stays under 100 : 1. Below this size nothing can explode.
MAX_RATIO = 300
RATIO_FLOOR = 10 * 1024 * 1024
_XML_NAMES = (".xml", ".rels")
# Entities are declared before the root element. (Only that: old OpenOffice files name a DTD, which does no harm.)
_PROLOGUE = 4096
_ENTITIES = re.compile(rb"<!ENTITY|<!DOCTYPE[^>]*\[")
_ODF_MANIFEST = "META-INF/manifest.xml"
_OLE_SAMPLE = 1024 * 1024
_MEGABYTE = 1024 * 1024
_ENCRYPTED_FLAG = 0x1


def check_archive(path: Path, source: str) -> None:
    """Raise unless the file is a zip that is safe to unpack: EncryptedFile, FileTooLarge or DamagedFile."""
    if is_encrypted_ole(path):
        raise EncryptedFile(source)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_sizes(members, source)
            if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
                raise EncryptedFile(source)
            _check_xml(archive, members, source)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, zlib.error) as error:
        raise DamagedFile(source, str(error)) from error


def is_encrypted_ole(path: Path) -> bool:
    """Whether this is the container that Office puts a document with a password in."""
    with path.open("rb") as file:
        start = file.read(_OLE_SAMPLE)
        file.seek(max(path.stat().st_size - _OLE_SAMPLE, 0))
        names = start + file.read()
    return start.startswith(OLE_MAGIC) and "EncryptedPackage".encode("utf-16-le") in names


def _check_sizes(members: list[zipfile.ZipInfo], source: str) -> None:
    if len(members) > MAX_MEMBERS:
        raise FileTooLarge(source, f"{len(members)} > {MAX_MEMBERS} parts")
    unpacked = sum(member.file_size for member in members)
    xml = sum(member.file_size for member in members if member.filename.endswith(_XML_NAMES))
    for size, limit in ((unpacked, MAX_UNPACKED), (xml, MAX_XML)):
        if size > limit:
            raise FileTooLarge(source, f"{size // _MEGABYTE} MB > {limit // _MEGABYTE} MB")
    for member in members:
        if member.file_size > RATIO_FLOOR and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise FileTooLarge(source, f"{member.file_size // _MEGABYTE} MB > {RATIO_FLOOR // _MEGABYTE} MB")


def _check_xml(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], source: str) -> None:
    """Refuse entity declarations, which both formats forbid and which exist here only to do harm."""
    for member in members:
        if not member.filename.endswith(_XML_NAMES):
            continue
        with archive.open(member) as part:
            prologue = part.read(_PROLOGUE)
            if _ENTITIES.search(prologue):
                raise DamagedFile(source, f"entity declarations in {member.filename}")
            if member.filename == _ODF_MANIFEST and b"encryption-data" in prologue + part.read():
                raise EncryptedFile(source)
