"""XML that is well-formed by the way it is made, and packages of it with the same bytes for the same content."""

import io
import zipfile
from collections.abc import Mapping
from typing import NewType
from xml.sax.saxutils import escape, quoteattr

from api.export.paper import clean

Xml = NewType("Xml", str)

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file knows
_READABLE = 0o644 << 16


def text(value: str) -> Xml:
    """The text, so that nothing in it is read as XML."""
    return Xml(escape(clean(value)))


def element(name: str, *inner: Xml, **attributes: str) -> Xml:
    """An element; of an attribute "w__val" is the name "w:val", and "fo__font_size" gives "fo:font-size"."""
    said = "".join(
        f" {one.replace('__', ':').replace('_', '-')}={quoteattr(clean(value))}" for one, value in attributes.items()
    )
    body = "".join(inner)
    return Xml(f"<{name}{said}>{body}</{name}>" if body else f"<{name}{said}/>")


def root(name: str, namespaces: Mapping[str, str], *inner: Xml, **attributes: str) -> str:
    """A whole file of XML; `namespaces` are by prefix."""
    declared = {f"xmlns__{prefix}": address for prefix, address in namespaces.items()}
    return _HEAD + element(name, *inner, **declared, **attributes)


def package(files: Mapping[str, str], *, first: str = "") -> bytes:
    """The files in a zip file; `first` stands in front and is not compressed, as OpenDocument wants it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_STORED if name == first else zipfile.ZIP_DEFLATED
            entry.external_attr = _READABLE
            entry.create_system = 3  # the same bytes on every system
            archive.writestr(entry, content.encode())
    return buffer.getvalue()
