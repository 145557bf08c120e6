"""Cells -> the one line a table row has in a block."""

import re
from collections.abc import Iterable

_TABS = re.compile(r"[ ]*\t+[ ]*")


def as_row(cells: Iterable[str]) -> str:
    """Give cells as one line, separated by " | "; "" where all are empty."""
    kept = [" ".join(cell.split()) for cell in cells]
    return " | ".join(kept) if any(kept) else ""


def row_of_tabs(text: str) -> str:
    """Give tab-separated lines as table rows; "" where fewer than two lines and half of them have tabs."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    with_tabs = sum("\t" in line for line in lines)
    if with_tabs < 2 or with_tabs * 2 < len(lines):
        return ""
    return "\n".join(as_row(_TABS.split(line)) for line in lines)
