"""Questions in files: JSON lines for programs, CSV and Excel for people (see `eval.table` for how they stand there).

CSV is written as a Dutch Excel opens it: with semicolons, and as UTF-8 that says so. What a spreadsheet program would
take for a formula gets an apostrophe before it, which reading takes off again. In Excel every cell is text.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from eval.errors import Problem, TopicsError
from eval.explanation import EXPLANATION
from eval.table import COLUMNS, KIND_WORDS, MOST_ROWS, NO, YES, Row, header_name, table_of, topics_in
from eval.topics import LARGEST, Topic, content_of, read_topics, topics_text

SHEET, EXPLAINED = "Vragen", "Uitleg"
DELIMITERS = (";", ",", "\t")
# Characters wide, by column.
WIDTHS = {
    "id": 12,
    "question": 50,
    "kind": 16,
    "answerable": 12,
    "doc": 30,
    "quote": 60,
    "all_evidence": 12,
    "facts": 30,
}
LARGEST_UNPACKED = 100_000_000  # bytes; an Excel file is a zip
EXCEL_ROWS = 1_048_576
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")  # what old Office files and encrypted new ones begin with
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
TEXT = "@"  # the number format of a cell in which nothing becomes a number, a date or a formula
FORMULA = r"(?:\s*[=+\-@＝＋－＠]|\t)"
IS_FORMULA = re.compile(f"'*{FORMULA}")
WAS_FORMULA = re.compile(f"'+{FORMULA}")
CODE = re.compile("_x([0-9A-Fa-f]{4})_")  # how Excel writes a character that XML cannot


def read_any(path: Path) -> list[Topic]:
    """The questions in a file, which its suffix tells the format of. Raises TopicsError, and OSError."""
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        return read_topics(path)
    readers: dict[str, Callable[[bytes, str], Iterable[Row | Problem]]] = {".csv": _csv_rows, ".xlsx": _excel_rows}
    if suffix not in readers:
        raise TopicsError(path.name, (Problem(0, "suffix", suffix),))
    return topics_in(readers[suffix](content_of(path), path.name), path.name)


def write_any(path: Path, topics: Iterable[Topic]) -> None:
    """Write questions to a file, in the format that its suffix tells.

    Raises OSError, and TopicsError for what the format cannot hold; then there is no file, or the one that was.
    """
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        content = topics_text(topics).encode()
    elif suffix == ".csv":
        content = _csv(table_of(topics, path.name))
    elif suffix == ".xlsx":
        content = _excel(table_of(topics, path.name))
    else:
        raise TopicsError(path.name, (Problem(0, "suffix", suffix),))
    if len(content) > LARGEST:
        raise TopicsError(path.name, (Problem(0, "too_large", str(len(content))),))
    path.write_bytes(content)


# CSV


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerows([f"'{cell}" if IS_FORMULA.match(cell) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _csv_rows(content: bytes, source: str) -> Iterator[Row | Problem]:
    text = _decoded(content)
    if text is None:
        raise TopicsError(source, (Problem(0, "encoding"),))
    reader = _reader(text, _delimiter(text))
    line = 0
    try:
        for line, cells in enumerate(reader, 1):
            yield line, tuple(cell[1:] if WAS_FORMULA.match(cell) else cell for cell in cells)
    except csv.Error:
        raise TopicsError(source, (Problem(line + 1, "quotes"),)) from None


def _decoded(content: bytes) -> str | None:
    """The text of a file as UTF-8, or as what Windows wrote before that; None for a file that is not text."""
    if b"\0" in content:
        return None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _reader(text: str, delimiter: str) -> Any:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _delimiter(text: str) -> str:
    """The delimiter with which the header has most of the columns."""

    def known(delimiter: str) -> int:
        try:
            rows: Iterator[list[str]] = _reader(text, delimiter)
            header = next((row for row in rows if any(cell.strip() for cell in row)), [])
        except csv.Error:
            return 0
        return len({name for cell in header if (name := header_name(cell))})

    return max(DELIMITERS, key=known)


# Excel


def _excel(rows: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - takes long to import

    workbook = Workbook()
    workbook.properties.creator = "VNG-assistent"
    sheet = workbook.active
    sheet.title = SHEET
    _fill(sheet, rows, [WIDTHS[name] for name in COLUMNS])
    _add_choices(sheet, "kind", KIND_WORDS.values())
    _add_choices(sheet, "answerable", (YES, NO))
    _add_choices(sheet, "all_evidence", (YES, NO))
    _fill(workbook.create_sheet(EXPLAINED), EXPLANATION, (22, 90, 50))
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _fill(sheet: Any, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    """Put a table on a sheet, with a header that stays in sight; every cell is text, also those still to be filled."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    wrapped, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    for at, width in enumerate(widths, 1):
        column = sheet.column_dimensions[get_column_letter(at)]
        column.width, column.alignment, column.number_format = width, wrapped, TEXT
    for line, row in enumerate(rows, 1):
        for at, text in enumerate(row, 1):
            if text:
                cell = sheet.cell(line, at, text)
                cell.data_type = "s"  # also for a text that begins with = or is the name of an error
                cell.alignment, cell.number_format = wrapped, TEXT
                if line == 1:
                    cell.font = bold
    sheet.freeze_panes = "A2"


def _add_choices(sheet: Any, name: str, words: Iterable[str]) -> None:
    """Let a person choose from these words in a column."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    letter = get_column_letter(list(COLUMNS).index(name) + 1)
    choices = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True)
    choices.errorTitle, choices.error = COLUMNS[name], "Kies een woord uit de lijst."
    choices.add(f"{letter}2:{letter}{MOST_ROWS}")
    sheet.add_data_validation(choices)


def _excel_rows(content: bytes, source: str) -> list[Row | Problem]:
    if content.startswith(OLD_OFFICE):
        raise TopicsError(source, (Problem(0, "password" if ENCRYPTED in content else "no_excel"),))
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise TopicsError(source, (Problem(0, "no_excel"),))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise TopicsError(source, (Problem(0, "too_large", str(unpacked)),))
        with warnings.catch_warnings():  # about parts of the file that are of no use here
            warnings.simplefilter("ignore")
            return list(_sheet_rows(content, source))
    except (TopicsError, MemoryError):
        raise
    except Exception as error:  # a damaged file makes openpyxl throw anything
        raise TopicsError(source, (Problem(0, "damaged"),)) from error


def _sheet_rows(content: bytes, source: str) -> Iterator[Row | Problem]:
    from openpyxl import load_workbook  # noqa: PLC0415 - takes long to import

    workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        sheet = workbook[SHEET] if SHEET in workbook.sheetnames else workbook.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size may be wrong, and rows beyond it would be lost
        filled = 0
        for line, cells in enumerate(sheet.iter_rows(), 1):
            texts = tuple(_cell_text(cell) for cell in cells)
            filled += any(texts)
            if line > EXCEL_ROWS or filled > MOST_ROWS:
                raise TopicsError(source, (Problem(0, "many_rows"),))
            if any(texts):
                yield line, texts
                yield from (
                    Problem(line, what, cell.coordinate) for cell in cells if (what := _wrong_cell(cell)) is not None
                )
    finally:
        workbook.close()


def _cell_text(cell: Any) -> str:
    """What a cell says, as a person sees it in a Dutch Excel."""
    if cell.value is None:
        return ""
    if isinstance(cell.value, bool):
        return "WAAR" if cell.value else "ONWAAR"
    if isinstance(cell.value, float) and cell.value.is_integer():
        return f"{cell.value:.0f}"
    return CODE.sub(lambda code: chr(int(code[1], 16)), str(cell.value))


def _wrong_cell(cell: Any) -> str | None:
    """What is wrong with a cell of which it is not sure what a person sees; None when nothing is."""
    if cell.value is None or cell.data_type in ("s", "b"):
        return None
    if cell.data_type in ("f", "e"):
        return "formula"
    whole = isinstance(cell.value, int) or (isinstance(cell.value, float) and cell.value.is_integer())
    return None if whole and cell.number_format in ("General", "0", TEXT) else "not_text"
