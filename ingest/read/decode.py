"""Bytes of a text file -> str, whatever encoding an office computer wrote it in."""

import codecs
import re

from ingest.errors import EmptyFile, WrongFormat

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip (docx, odt, xlsx)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc (Word 97-2003)"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"\x1f\x8b", "gzip"),
)
# What Dutch office software has written over the years; guessing wider makes short texts come out as Greek.
_OLD_ENCODINGS = ["cp1252", "mac_roman"]
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_MOST_CONTROL = 0.01


def decode(data: bytes, source: str) -> str:
    """Give the text of `data`, with line feeds as line ends and no byte order mark.

    Tries a byte order mark, UTF-8, UTF-16 without a mark, and then the encodings of old office software.
    Raises EmptyFile where there is no text, WrongFormat where the bytes are not text.
    """
    if not data.strip():
        raise EmptyFile(source)
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise WrongFormat(source, name)
    text = _to_text(data, source).replace("\r\n", "\n").replace("\r", "\n")
    if len(_CONTROL.findall(text)) > _MOST_CONTROL * len(text):
        raise WrongFormat(source, "binary")
    if not text.strip():
        raise EmptyFile(source)
    return text


def _to_text(data: bytes, source: str) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if b"\x00" in data:
        return data.decode(_utf16_without_mark(data, source), errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _old_encoding(data)


def _utf16_without_mark(data: bytes, source: str) -> str:
    """In UTF-16 Dutch nearly every other byte is zero: which of the two tells the byte order."""
    half = max(1, len(data) // 2)
    even, odd = data[0::2].count(0) / half, data[1::2].count(0) / half
    if odd > 0.5 and even < 0.05:
        return "utf-16-le"
    if even > 0.5 and odd < 0.05:
        return "utf-16-be"
    raise WrongFormat(source, "binary")


def _old_encoding(data: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to load, and seldom needed

    best = from_bytes(data, cp_isolation=_OLD_ENCODINGS, enable_fallback=False).best()
    return str(best) if best is not None else data.decode("cp1252", errors="replace")
