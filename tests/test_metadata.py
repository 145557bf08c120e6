import datetime
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import MetadataError
from ingest.messages import explain
from ingest.metadata import FILE_NAME, load_metadata, unused
from ingest.types import Metadata


def load(text: str, folder: Path) -> dict[str, Metadata]:
    (folder / FILE_NAME).write_text(text, "utf-8")
    return load_metadata(folder)


def test_a_folder_without_the_file_has_no_metadata(tmp_path: Path):
    assert load_metadata(tmp_path) == {}


def test_all_keys_are_read(tmp_path: Path):
    text = """
        ["2023/verslag.pdf"]
        title = "Jaarverslag 2023"
        publisher = "Gemeente Voorbeeldstad"
        author = " Fatima de Vries "
        kind = "jaarverslag"
        issued = "2024-04"
        language = "nl"
        access = ["directie", "raad"]
        ["leeg.txt"]
        title = ""
    """
    assert load(text, tmp_path) == {
        "2023/verslag.pdf": Metadata(
            title="Jaarverslag 2023",
            publisher="Gemeente Voorbeeldstad",
            author="Fatima de Vries",
            kind="jaarverslag",
            issued="2024-04",
            language="nl",
            access=frozenset({"directie", "raad"}),
        ),
        "leeg.txt": Metadata(),
    }


@pytest.mark.parametrize(
    ("written", "issued"),
    [
        ("2019", "2019"),
        ('"2019"', "2019"),
        ('"2019-06"', "2019-06"),
        ('"2019-02-08"', "2019-02-08"),
        ("2019-02-08", "2019-02-08"),
        ("2019-02-08T10:00:00", "2019-02-08"),
        ('""', None),
    ],
)
def test_a_date_can_be_written_in_every_way(written: str, issued: str | None, tmp_path: Path):
    assert load(f'["a.txt"]\nissued = {written}', tmp_path)["a.txt"].issued == issued


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ('["a.txt"]\ntitle = "goed"\nauthor = fout', "syntax: Invalid value: 3"),
        ('["a.txt"]\ntitle = "goed', "syntax: Unterminated string: 2"),
        ('["a.txt"]\n["a.txt"]', "syntax"),
        ("[a.txt]\ntitle = 'x'", "unknown key: txt: a"),
        ('["a.txt"]\ntitel = "x"', "unknown key: titel: a.txt"),
        ('title = "x"', "not a table: : title"),
        ('["a.txt"]\ntitle = 3', "wrong type: title: a.txt"),
        ('["a.txt"]\nissued = true', "wrong type: issued: a.txt"),
        ('["a.txt"]\nissued = ["2019"]', "wrong type: issued: a.txt"),
        ('["a.txt"]\nissued = "2019-02-30"', "bad date: 2019-02-30: a.txt"),
        ('["a.txt"]\nissued = "8 februari 2019"', "bad date: 8 februari 2019: a.txt"),
        ('["a.txt"]\nissued = 19', "bad date: 19: a.txt"),
        ('["a.txt"]\naccess = "directie"', "wrong type: access: a.txt"),
        ('["a.txt"]\naccess = ["directie", 3]', "wrong type: access: a.txt"),
        ('["a.txt"]\naccess = [" "]', "wrong type: access: a.txt"),
    ],
)
def test_a_mistake_is_pointed_at(text: str, detail: str, tmp_path: Path):
    with pytest.raises(MetadataError) as caught:
        load(text, tmp_path)
    assert caught.value.path == str(tmp_path / FILE_NAME)
    assert detail in caught.value.detail
    assert explain(caught.value).startswith(f"{tmp_path / FILE_NAME} heeft ")


def test_a_file_in_another_encoding_says_at_which_line(tmp_path: Path):
    (tmp_path / FILE_NAME).write_bytes('["a.txt"]\ntitle = "Café"'.encode("cp1252"))
    with pytest.raises(MetadataError, match="not utf-8: : 2"):
        load_metadata(tmp_path)


def test_a_file_of_notepad_with_a_byte_order_mark_is_read(tmp_path: Path):
    (tmp_path / FILE_NAME).write_bytes(b'\xef\xbb\xbf["a.txt"]\r\ntitle = "x"\r\n')
    assert load_metadata(tmp_path) == {"a.txt": Metadata(title="x")}


def test_something_that_is_not_a_file_cannot_be_read(tmp_path: Path):
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(MetadataError, match="unreadable") as caught:
        load_metadata(tmp_path)
    assert "kan niet worden geopend" in explain(caught.value)


def test_names_without_a_file_are_found_whatever_way_they_are_written(tmp_path: Path):
    metadata = load('["./map/één.txt"]\n["map\\\\twee.txt"]\n["typfout.txt"]', tmp_path)
    sources = [unicodedata.normalize("NFD", "map/één.txt"), "map/twee.txt", "ander.txt"]
    assert list(metadata) == ["map/één.txt", "map/twee.txt", "typfout.txt"]
    assert unused(metadata, sources) == ("typfout.txt",)


@settings(max_examples=100, deadline=None)
@given(st.dates(min_value=datetime.date(1000, 1, 1), max_value=datetime.date(2999, 12, 31)))
def test_every_day_can_be_written_as_text_or_as_a_date(tmp_path_factory: pytest.TempPathFactory, day: datetime.date):
    folder = tmp_path_factory.mktemp("dag")
    metadata = load(f'["a"]\nissued = {day}\n["b"]\nissued = "{day}"', folder)
    assert metadata["a"].issued == metadata["b"].issued == day.isoformat()


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str):
    folder = tmp_path_factory.mktemp("tekst")
    (folder / FILE_NAME).write_bytes(text.encode("utf-8", "replace"))
    try:
        read: object = load_metadata(folder)
    except MetadataError as error:
        read = explain(error)
    assert isinstance(read, dict) or str(read).endswith(".")


def test_the_shared_sources_are_described():
    folder = Path(__file__).parents[2] / "shared" / "bronnen"
    if not (folder / FILE_NAME).exists():
        pytest.skip("../shared/bronnen is not here")
    metadata = load_metadata(folder)
    assert unused(metadata, [path.name for path in folder.iterdir()]) == ()
    assert all(entry.title for entry in metadata.values())
