"""Spreadsheets that cannot be used, and questions that cannot be written to one."""

import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.errors import Problem, TopicsError
from eval.spreadsheet import read_any, write_any
from eval.table import LONGEST_CELL, MOST_ROWS
from eval.topics import LARGEST
from tests.spreadsheet_samples import FORMATS, HEADER, ROW, changed_part, problems_of, table
from tests.topic_samples import QUOTE, an_answer

# What cannot be written


@FORMATS
@pytest.mark.parametrize("text", ["bel\x07", "nul\x00", "half \ud83d", "geen\ufffe", "_x000D_", "_x005F_", "x005F_"])
def test_what_a_spreadsheet_cannot_hold_is_refused(tmp_path, suffix, text):
    path = tmp_path / f"vragen{suffix}"
    path.write_bytes(b"wat er was")
    with pytest.raises(TopicsError) as caught:
        write_any(path, [an_answer("v1"), an_answer("v2", facts=((text,),))])
    assert caught.value.problems == (Problem(0, "unholdable", "facts v2"),)
    assert path.read_bytes() == b"wat er was"


@FORMATS
def test_a_cell_has_an_end(tmp_path, suffix):
    path = tmp_path / f"vragen{suffix}"
    fits = "😀" * (LONGEST_CELL // 2) + "a"
    write_any(path, [an_answer(evidence=[("a.md", fits)])])
    assert read_any(path)[0].evidence[0].quote == fits
    with pytest.raises(TopicsError) as caught:
        write_any(path, [an_answer(evidence=[("a.md", fits + "b")])])
    assert caught.value.problems == (Problem(0, "long_cell", "quote v1"),)


def test_a_table_has_an_end(tmp_path):
    path = tmp_path / "vragen.csv"
    write_any(path, [an_answer(f"v{number}") for number in range(MOST_ROWS - 1)])
    with pytest.raises(TopicsError) as caught:
        write_any(path, [an_answer(f"v{number}") for number in range(MOST_ROWS)])
    assert [one.what for one in caught.value.problems] == ["many_rows"]
    with path.open("a", encoding="utf-8") as file:
        file.write(";".join(ROW) + "\n")
    assert problems_of(path) == [(0, "many_rows", "")]
    path.write_text(";".join(HEADER) + "\n" + ";;;;a.md;\n" * (MOST_ROWS - 1), encoding="utf-8")
    assert problems_of(path) == [(line, "no_question", "") for line in range(2, MOST_ROWS + 1)]


# What is not read


@pytest.mark.parametrize("name", ["vragen.ods", "vragen.xls", "vragen.json", "vragen"])
def test_other_files_are_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"x")
    expected = (Problem(0, "suffix", path.suffix),)
    with pytest.raises(TopicsError) as caught:
        read_any(path)
    assert caught.value.problems == expected
    with pytest.raises(TopicsError) as caught:
        write_any(path, [])
    assert caught.value.problems == expected


@FORMATS
def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path, suffix):
    with pytest.raises(FileNotFoundError):
        read_any(tmp_path / f"vragen{suffix}")


@FORMATS
def test_a_huge_file_is_not_read(tmp_path, suffix):
    path = tmp_path / f"vragen{suffix}"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    assert problems_of(path) == [(0, "too_large", str(LARGEST + 1))]


def test_an_excel_file_that_is_huge_inside_is_not_read(tmp_path):
    path = tmp_path / "vragen.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", bytes(110_000_000))
    assert path.stat().st_size < LARGEST
    assert problems_of(path) == [(0, "too_large", "110000000")]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "no_excel"),
        (b"nummer;vraag\n", "no_excel"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "no_excel"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(64) + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_what_is_no_excel_file_is_refused(tmp_path, content, what):
    path = tmp_path / "vragen.xlsx"
    path.write_bytes(content)
    assert problems_of(path) == [(0, what, "")]


def test_another_zip_is_refused(tmp_path):
    path = tmp_path / "vragen.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("brief.txt", "Geachte raad")
    assert problems_of(path) == [(0, "damaged", "")]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 0.999), st.integers(1, 255)), min_size=1, max_size=20), st.floats(0.5, 1))
def test_a_damaged_excel_file_is_a_problem_and_no_crash(tmp_path_factory, flips, share):
    path = table(tmp_path_factory.mktemp("vragen") / "vragen.xlsx", [HEADER, ROW])
    content = bytearray(path.read_bytes())
    for place, change in flips:
        content[int(place * len(content))] ^= change
    path.write_bytes(content[: int(share * len(content))])
    try:
        found = read_any(path)
    except TopicsError:
        return
    assert len(found) == 1


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n;;\r\n"])
def test_an_empty_csv_file_is_refused(tmp_path, content):
    path = tmp_path / "vragen.csv"
    path.write_bytes(content)
    assert problems_of(path) == [(0, "empty", "")]


@FORMATS
def test_a_table_without_questions_is_refused(tmp_path, suffix):
    path = tmp_path / f"vragen{suffix}"
    write_any(path, [])
    assert problems_of(path) == [(0, "empty", "")]


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00", "nummer;vraag".encode("utf-16"), b"caf\x81"])
def test_csv_that_is_no_text_is_refused(tmp_path, content):
    path = tmp_path / "vragen.csv"
    path.write_bytes(content)
    assert problems_of(path) == [(0, "encoding", "")]


@FORMATS
@pytest.mark.parametrize(
    ("header", "problems"),
    [
        (HEADER[:5], [(1, "missing_columns", "citaat, alle citaten nodig, feiten")]),
        (
            ["Blad", "van", "iemand"],
            [(1, "missing_columns", ", ".join(HEADER)), (1, "unknown_columns", "Blad, van, iemand")],
        ),
        ([*HEADER, " Opmerking "], [(1, "unknown_columns", "Opmerking")]),
        ([*HEADER, "Vraag"], [(1, "repeated_columns", "vraag")]),
    ],
)
def test_a_table_has_these_columns_and_no_others(tmp_path, suffix, header, problems):
    assert problems_of(table(tmp_path / f"vragen{suffix}", [header, ROW])) == problems


@FORMATS
def test_a_column_without_name_must_be_empty(tmp_path, suffix):
    path = table(tmp_path / f"vragen{suffix}", [["", *HEADER, "", ""], ["", *ROW, "", " "]])
    assert read_any(path) == [an_answer()]
    table(path, [[*HEADER, ""], [*ROW, ""], ["v2", *ROW[1:], "", "nog iets"]])
    assert problems_of(path) == [(3, "outside", "")]


@FORMATS
@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["", *ROW[1:]], (3, "blank", "id")),
        ([ROW[0].upper(), *ROW[1:]], (3, "repeated_id", "2 V1")),
        (["a/b", *ROW[1:]], (3, "id", "a/b")),
        (["v2", *ROW[1:2], "raadsel", *ROW[3:]], (3, "kind", "raadsel")),
        (["v2", *ROW[1:3], "misschien wel", *ROW[4:]], (3, "yes_no", "answerable misschien wel")),
        (["v2", *ROW[1:3], "", *ROW[4:]], (3, "yes_no", "answerable ")),
        (["v2", *ROW[1:6], "soms", ROW[7]], (3, "yes_no", "all_evidence soms")),
        (["v2", *ROW[1:7], ""], (3, "lacking", "facts")),
        (["", "", "", "", "b.md", "", "", ""], (3, "blank", "quote")),
        (["", "", "", "", "", "Een zin.", "", ""], (3, "blank", "doc")),
        (["", "", "", "", "afvalplan.md", QUOTE, "", ""], (2, "repeated_evidence", "")),
    ],
)
def test_a_problem_has_the_number_of_its_row(tmp_path, suffix, row, problem):
    assert problems_of(table(tmp_path / f"vragen{suffix}", [HEADER, ROW, row])) == [problem]


def test_a_row_is_counted_as_a_spreadsheet_program_counts(tmp_path):
    two_lines = ["v1", "Wie\nof wat?", *ROW[2:]]
    path = table(tmp_path / "vragen.csv", [HEADER, two_lines, [], ["v2", *ROW[1:2], "raadsel", *ROW[3:]]])
    assert problems_of(path) == [(4, "kind", "raadsel")]


@FORMATS
def test_evidence_belongs_to_a_question_above_it(tmp_path, suffix):
    path = table(tmp_path / f"vragen{suffix}", [HEADER, ["", "", "", "", "a.md", "Zin.", "", ""], ROW])
    assert problems_of(path) == [(2, "no_question", "")]


@pytest.mark.parametrize("line", ['v1;"open', 'v1;"half"vol;feit', f'v1;"{"x" * 200_000}"'])
def test_csv_with_wrong_quotes_is_refused_with_its_row(tmp_path, line):
    path = tmp_path / "vragen.csv"
    path.write_text(";".join(HEADER) + "\n" + ";".join(ROW) + "\n" + line + "\n", encoding="utf-8")
    assert problems_of(path) == [(3, "quotes", "")]


@pytest.mark.parametrize(
    ("value", "number_format", "what"),
    [
        ("=1+1", "General", "formula"),
        ("=A1", "@", "formula"),
        ("#N/A", "General", "formula"),
        (0.6, "General", "not_text"),
        (1, "0%", "not_text"),
        (2000, "#,##0", "not_text"),
        (date(2024, 3, 14), "dd-mm-yyyy", "not_text"),
    ],
)
def test_what_excel_made_of_a_text_is_not_guessed_at(tmp_path, value, number_format, what):
    path = table(tmp_path / "vragen.xlsx", [HEADER, [*ROW[:7], value]])
    workbook = openpyxl.load_workbook(path)
    workbook.active["H2"].number_format = number_format
    workbook.save(path)
    assert problems_of(path) == [(2, what, "H2")]


def test_a_row_far_below_is_no_reason_to_hang(tmp_path):
    path = table(tmp_path / "vragen.xlsx", [HEADER, ROW])
    changed_part(path, "xl/worksheets/sheet1.xml", rb'<row r="2"', b'<row r="99999999999"')
    assert problems_of(path) == [(0, "many_rows", "")]
