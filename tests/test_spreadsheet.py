"""Questions in CSV and Excel: what is written is read, and people may write it their own way."""

import csv
import io
import re
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings

from eval.spreadsheet import EXPLAINED, SHEET, read_any, write_any
from eval.table import COLUMNS, KIND_WORDS, UNHOLDABLE
from eval.topics import KINDS, Evidence, Topic
from tests.spreadsheet_samples import FORMATS, HEADER, ROW, changed_part, problems_of, table
from tests.topic_samples import CHARACTERS, QUOTE, an_answer, lists_of_topics, no_answer, texts

HOLDABLE = lists_of_topics(
    texts(CHARACTERS.filter(lambda one: not UNHOLDABLE.search(one))).filter(lambda text: not UNHOLDABLE.search(text))
)


def with_plain_line_ends(topics):
    """The questions as a spreadsheet holds them."""

    def plain(text):
        return re.sub("\r\n?", "\n", text)

    return [
        replace(
            topic,
            question=plain(topic.question),
            evidence=tuple(Evidence(plain(found.source), plain(found.quote)) for found in topic.evidence),
            facts=tuple(tuple(plain(one) for one in fact) for fact in topic.facts),
        )
        for topic in topics
    ]


# What is written is read


@FORMATS
@settings(deadline=None, max_examples=50)
@given(topics=HOLDABLE)
def test_nothing_is_lost_but_kinds_of_line_ends(tmp_path_factory, suffix, topics):
    path = tmp_path_factory.mktemp("vragen") / f"vragen{suffix}"
    write_any(path, topics)
    assert read_any(path) == with_plain_line_ends(topics)


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".xlsx", ".XLSX"])
def test_the_suffix_tells_the_format(tmp_path, suffix):
    topics = [an_answer(), no_answer()]
    write_any(tmp_path / f"vragen{suffix}", topics)
    assert read_any(tmp_path / f"vragen{suffix}") == topics


@FORMATS
@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+31",
        "-5",
        "@raad",
        "\tx",
        " =1+1",
        "'=1+1",
        "''-5",
        "'s avonds",
        "＝1",
        "#N/A",
        "1e5",
        "007",
        "3-4",
        "WAAR",
    ],
)
def test_text_stays_text(tmp_path, suffix, text):
    topics = [an_answer(question=text, evidence=[(text, text)], facts=((text,),))]
    write_any(tmp_path / f"vragen{suffix}", topics)
    assert read_any(tmp_path / f"vragen{suffix}") == topics


def test_no_cell_of_a_csv_file_is_a_formula(tmp_path):
    path = tmp_path / "vragen.csv"
    write_any(path, [an_answer(question="=1+1", facts=(("-5",),)), an_answer("v2", question=" @SUM(A1)")])
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=";"))
    assert [row[1] for row in rows] == ["vraag", "'=1+1", "' @SUM(A1)"]
    assert rows[1][7] == "'-5"


def test_a_csv_file_is_what_a_dutch_excel_opens(tmp_path):
    path = tmp_path / "vragen.csv"
    write_any(path, [an_answer(question="Hoe heet het café?")])
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfnummer;vraag;soort;")
    assert content.endswith(b"\r\n")
    assert "café".encode() in content


def test_every_cell_of_an_excel_file_is_text(tmp_path):
    path = tmp_path / "vragen.xlsx"
    write_any(path, [an_answer("12", question="=1+1", facts=(("12,4", "#N/A"), ("3-4-2024",)))])
    sheet = openpyxl.load_workbook(path)[SHEET]
    filled = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {(cell.data_type, cell.number_format) for cell in filled} == {("s", "@")}
    assert sheet["B2"].value == "=1+1"


def test_an_excel_file_helps_to_fill_it_in(tmp_path):
    path = tmp_path / "vragen.xlsx"
    write_any(path, [an_answer()])
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames == [SHEET, EXPLAINED]
    sheet = workbook[SHEET]
    assert [cell.value for cell in sheet[1]] == HEADER
    assert sheet.freeze_panes == "A2"
    assert sheet["B2"].alignment.wrap_text
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["A"].width
    assert sheet.column_dimensions["H"].number_format == "@"
    choices = {
        str(one.sqref).partition("2:")[0]: one.formula1.strip('"') for one in sheet.data_validations.dataValidation
    }
    assert choices == {"C": ",".join(KIND_WORDS.values()), "D": "ja,nee", "G": "ja,nee"}
    explained = {row[0] for row in workbook[EXPLAINED].iter_rows(values_only=True)}
    assert explained >= set(HEADER)


def test_every_kind_has_a_word_of_its_own_that_is_explained(tmp_path):
    assert set(KIND_WORDS) == set(KINDS)
    assert len(set(KIND_WORDS.values())) == len(KINDS)
    path = tmp_path / "vragen.xlsx"
    write_any(path, [an_answer()])
    rows = openpyxl.load_workbook(path)[EXPLAINED].iter_rows(values_only=True)
    [about_kinds] = [row[1] for row in rows if row[0] == COLUMNS["kind"]]
    assert all(f"\n{word}: " in about_kinds for word in KIND_WORDS.values())


@FORMATS
def test_more_evidence_stands_in_the_rows_below(tmp_path, suffix):
    pieces = [("a.md", "Een zin."), ("b.md", "Nog een zin."), ("a.md", "Derde zin.")]
    path = tmp_path / f"vragen{suffix}"
    topics = [an_answer(evidence=pieces), an_answer("v2")]
    write_any(path, topics)
    if suffix == ".csv":
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=";"))
        assert rows[2] == ["", "", "", "", "b.md", "Nog een zin.", "", ""]
        assert len(rows) == 5
    assert read_any(path) == topics


@FORMATS
def test_an_unfinished_question_can_be_written(tmp_path, suffix):
    path = tmp_path / f"vragen{suffix}"
    write_any(path, [Topic("v1", "Wanneer?", "fact", True, (), False, ())])
    assert problems_of(path) == [(2, "lacking", "evidence"), (2, "lacking", "facts")]


# What people write


@FORMATS
def test_people_may_write_it_their_own_way(tmp_path, suffix):
    path = table(
        tmp_path / f"vragen{suffix}",
        [
            ["", ""],
            [
                " Feiten ",
                "NUMMER",
                "vraag",
                "Soort",
                "Antwoord  staat erin",
                "document",
                "citaat",
                "alle citaten nodig",
            ],
            ["  donderdag|elke donderdag \n\n oud papier", " v1 ", *ROW[1:2], "FACT", " Ja ", *ROW[4:6], "", ""],
            [],
            ["", "", "", "", "", "b.md", "Een andere zin.", ""],
            ["", "v2", "Wie?", "Zonder  antwoord", "N", "", "", "onwaar"],
        ],
    )
    evidence = [("afvalplan.md", QUOTE), ("b.md", "Een andere zin.")]
    expected = an_answer(evidence=evidence, facts=(("donderdag", "elke donderdag"), ("oud papier",)))
    assert read_any(path) == [expected, Topic("v2", "Wie?", "unanswerable", False, (), False)]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_of_any_program_is_read(tmp_path, delimiter, encoding, end):
    text = io.StringIO()
    question = f"Één{delimiter} twee; drie, vier\tvijf?"
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerows([HEADER, [ROW[0], question, *ROW[2:]]])
    path = tmp_path / "vragen.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    assert read_any(path) == [an_answer(question=question)]


@pytest.mark.parametrize(
    ("cell", "facts"),
    [
        ("een", (("een",),)),
        ("een|twee", (("een", "twee"),)),
        ("een |  twee\r\ndrie", (("een", "twee"), ("drie",))),
        ("een \\| twee", (("een | twee",),)),
        ("C:\\\\map | D:\\", (("C:\\map", "D:\\"),)),
        ("\\seen\\t", ((" een\t",),)),
        ("een\\ntwee", (("een\ntwee",),)),
        ("50\\%", (("50\\%",),)),
    ],
)
def test_facts_stand_a_line_each_with_their_alternatives(tmp_path, cell, facts):
    path = table(tmp_path / "vragen.csv", [HEADER, [*ROW[:7], cell]])
    assert read_any(path)[0].facts == facts


def test_excel_may_make_numbers_of_what_is_a_whole_number(tmp_path):
    path = table(tmp_path / "vragen.xlsx", [HEADER, [12, *ROW[1:3], True, *ROW[4:6], False, 355.0]])
    assert read_any(path) == [an_answer("12", facts=(("355",),))]


def test_characters_that_excel_writes_as_a_code_are_read(tmp_path):
    path = table(tmp_path / "vragen.xlsx", [HEADER, [ROW[0], "Wie_x000D_\nwat?", *ROW[2:]]])
    assert read_any(path)[0].question == "Wie\nwat?"


def test_the_questions_are_on_the_sheet_of_that_name_or_else_the_first(tmp_path):
    path = table(tmp_path / "vragen.xlsx", [HEADER, ROW])
    workbook = openpyxl.load_workbook(path)
    workbook.create_sheet("Kladblok")["A1"] = "iets"
    workbook.save(path)
    assert read_any(path) == [an_answer()]
    workbook.move_sheet("Kladblok", -1)
    workbook["Sheet"].title = SHEET
    workbook.save(path)
    assert read_any(path) == [an_answer()]


def test_a_wrong_size_in_an_excel_file_loses_no_rows(tmp_path):
    path = table(tmp_path / "vragen.xlsx", [HEADER, ROW, ["v2", *ROW[1:]]])
    changed_part(path, "xl/worksheets/sheet1.xml", rb'<dimension ref="[^"]*"', b'<dimension ref="A1:H2"')
    assert len(read_any(path)) == 2
