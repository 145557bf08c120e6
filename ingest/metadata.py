"""What people say of their documents in a `bronnen.toml`: title, publisher, date, who may see it.

    ["2023/jaarverslag.pdf"]
    title = "Jaarverslag 2023"
    publisher = "Gemeente Voorbeeldstad"
    issued = 2024-04-01
    access = ["directie"]

The keys are paths from the folder that holds the file, with forward slashes.
"""

import json
import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from ingest.errors import MetadataError
from ingest.types import Metadata

FILE_NAME = "bronnen.toml"

_TEXT_KEYS = frozenset({"title", "publisher", "author", "kind", "language"})
_KEYS = _TEXT_KEYS | {"issued", "access"}
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


def load_metadata(folder: Path) -> dict[str, Metadata]:
    """What the folder's bronnen.toml says, by path from the folder (Unicode NFC); empty where there is none.

    Raises MetadataError. Its `detail` is "problem: subject: place", where problem is one of: unreadable, not
    utf-8, syntax, not a table, unknown key, wrong type, bad date, no such file; place is a line number or a key of
    the file.
    """
    path = folder / FILE_NAME
    try:
        text = path.read_bytes().decode("utf-8-sig")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise MetadataError(str(path), f"unreadable: {error.strerror}: ") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise MetadataError(str(path), f"not utf-8: : {line}") from error
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        raise MetadataError(str(path), f"syntax: {_PLACE.sub('', str(error))}: {line}") from error
    return {_key(name): _metadata(table, name, path) for name, table in tables.items()}


def write_metadata(folder: Path, name: str, metadata: Metadata) -> None:
    """Write a bronnen.toml that says this of the one file in the folder with this name. Raises OSError."""
    facts = {key: value for key, value in asdict(metadata).items() if value}
    lines = [f"{key} = {_toml(sorted(value) if key == 'access' else value)}" for key, value in facts.items()]
    (folder / FILE_NAME).write_text("\n".join([f"[{_toml(name)}]", *lines, ""]), encoding="utf-8")


def _toml(value: str | list[str]) -> str:
    """A text or a list of texts as TOML has it: as JSON does, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def unused(metadata: Mapping[str, Metadata], sources: Collection[str]) -> tuple[str, ...]:
    """The names in a bronnen.toml that no source answers to, in their order: most likely typing errors."""
    known = {_key(source) for source in sources}
    return tuple(name for name in metadata if name not in known)


def _key(name: str) -> str:
    return str(PurePosixPath(unicodedata.normalize("NFC", name.replace("\\", "/"))))


def _metadata(table: Any, name: str, path: Path) -> Metadata:
    if not isinstance(table, dict):
        raise MetadataError(str(path), f"not a table: : {name}")
    for key in table:
        if key not in _KEYS:
            raise MetadataError(str(path), f"unknown key: {key}: {name}")
    texts = {key: _text(table, key, name, path) for key in _TEXT_KEYS}
    return Metadata(**texts, issued=_issued(table, name, path), access=_access(table, name, path))


def _text(table: dict[str, Any], key: str, name: str, path: Path) -> str | None:
    value = table.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise MetadataError(str(path), f"wrong type: {key}: {name}")
    return value.strip() or None


def _issued(table: dict[str, Any], name: str, path: Path) -> str | None:
    value = table.get("issued")
    match value:
        case None | "":
            return None
        case bool():
            raise MetadataError(str(path), f"wrong type: issued: {name}")
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case int() | str() if is_date(str(value).strip()):
            return str(value).strip()
        case int() | str():
            raise MetadataError(str(path), f"bad date: {value}: {name}")
        case _:
            raise MetadataError(str(path), f"wrong type: issued: {name}")


def is_date(text: str) -> bool:
    """Whether this is a year, a year and month or a day in ISO 8601, and exists."""
    if not re.fullmatch(r"[12][0-9]{3}(?:-[0-9]{2}(?:-[0-9]{2})?)?", text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _access(table: dict[str, Any], name: str, path: Path) -> frozenset[str]:
    """The groups; anything but a list of names is refused, for a mistake here would show a document to everyone."""
    groups = table.get("access", [])
    if not isinstance(groups, list) or not all(isinstance(group, str) and group.strip() for group in groups):
        raise MetadataError(str(path), f"wrong type: access: {name}")
    return frozenset(group.strip() for group in groups)
