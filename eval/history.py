"""What earlier evaluations came to: a line of JSON each, so that a report can show the course of a measure."""

import json
import math
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.records import Evaluation, Stamp


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier evaluation: when it was made (ISO 8601), of which commit, and its measures over all questions by name.

    `label` is what it is called along an axis: the commit in short, with "+" where files differed from it; the date
    where there is no commit.
    """

    created: str
    commit: str | None
    label: str
    values: dict[str, float]


def read_history(path: Path, topics: str) -> list[Past]:
    """The earlier evaluations of a file of questions of this name, oldest first; none when there is no such history.

    Lines that cannot be read are skipped. Raises OSError.
    """
    rows = [row for line in _lines(path) if (row := _row(line)).get("topics") == topics]
    known = [past for row in rows if (past := _past(row))]
    return sorted(known, key=lambda past: moment(past.created))


def add_to_history(path: Path, evaluation: Evaluation) -> None:
    """Write one line for this evaluation. Raises OSError.

    It takes the place of the line of an earlier run of these questions on the same commit, unless files were changed.
    Lines that cannot be read stay as they are.
    """
    stamp = evaluation.stamp
    kept = [line for line in _lines(path) if not _is_again(stamp, _row(line))]
    row = {
        "created": stamp.created,
        "commit": stamp.commit,
        "changed": stamp.changed,
        "topics": stamp.topics,
        "label": label(stamp),
        "values": {name: found.value for name, found in evaluation.summary.all.items()},
    }
    _write(path, [*kept, json.dumps(row, ensure_ascii=False).encode()])


def label(stamp: Stamp) -> str:
    """What a run is called in short: its commit, or else the day that it was made."""
    if stamp.commit is None:
        return stamp.created[:10]
    return stamp.commit[:7] + ("+" if stamp.changed else "")


def moment(created: str) -> datetime:
    """When a run was made, to put runs in order; in UTC where it does not say. Raises ValueError for no ISO 8601."""
    found = datetime.fromisoformat(created)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _write(path: Path, lines: list[bytes]) -> None:
    """A new file, put in place at once: who reads meanwhile reads the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(b"".join(line + b"\n" for line in lines))
        Path(name).chmod(0o644)  # a temporary file is for its maker alone
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _lines(path: Path) -> Iterator[bytes]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    yield from (line.rstrip(b"\r") for line in content.split(b"\n") if line.strip())


def _row(line: bytes) -> dict[str, Any]:
    """The line as JSON; {} where it is no object."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_again(stamp: Stamp, row: dict[str, Any]) -> bool:
    """Whether this line is of a run that the present one repeats."""
    if stamp.commit is None or stamp.changed or _past(row) is None:
        return False
    return (row["commit"], row.get("changed"), row.get("topics")) == (stamp.commit, False, stamp.topics)


def _past(row: dict[str, Any]) -> Past | None:
    created, commit, name, values = (row.get(key) for key in ("created", "commit", "label", "values"))
    if not (isinstance(created, str) and isinstance(commit, str | None) and isinstance(name, str)):
        return None
    if not isinstance(values, dict) or not all(map(_is_number, values.values())):
        return None
    try:
        moment(created)
    except ValueError:
        return None
    return Past(created, commit, name, {measure: float(value) for measure, value in values.items()})


def _is_number(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number of hundreds of digits
        return False
