"""Spreadsheets with questions for tests, as a person's program would write them."""

import csv
import re
import zipfile

import openpyxl
import pytest

from eval.errors import TopicsError
from eval.spreadsheet import read_any
from eval.table import COLUMNS
from tests.topic_samples import QUOTE

HEADER = list(COLUMNS.values())
ROW = ["v1", "Wanneer komt het oud papier?", "feit", "ja", "afvalplan.md", QUOTE, "nee", "donderdag | elke donderdag"]
FORMATS = pytest.mark.parametrize("suffix", [".csv", ".xlsx"])


def table(path, rows):
    """Write rows as a person's program would, without our own writer; cells may be of any type."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
        return path
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path


def problems_of(path):
    with pytest.raises(TopicsError) as caught:
        read_any(path)
    assert caught.value.source == path.name
    return [(one.line, one.what, one.detail) for one in caught.value.problems]


def changed_part(path, name, pattern, replacement):
    """Change a part of an Excel file."""
    with zipfile.ZipFile(path) as packed:
        parts = {one: packed.read(one) for one in packed.namelist()}
    parts[name], count = re.subn(pattern, replacement, parts[name])
    assert count == 1
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for one, content in parts.items():
            packed.writestr(one, content)
