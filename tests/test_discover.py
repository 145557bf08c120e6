import os
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.discover import content_hash, discover, misnamed
from ingest.errors import FileUnreachable, MetadataError
from ingest.types import Metadata

COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "besluit café.md") for form in ("NFC", "NFD"))


def make(folder, *names):
    """Write an empty file for each name below the folder, and give the folder back."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    return folder


def toml(folder, text):
    (folder / "bronnen.toml").write_text(text, encoding="utf-8")


def sources(*paths, known=None, **options):
    return [file.source for file in discover(paths, known or {}, **options)]


def library_of(files):
    """What a library knows of these files, given by their source."""
    return {source: (str(path), content_hash(path)) for source, path in files.items()}


def test_files_come_in_order_whatever_order_they_were_made_in(tmp_path):
    top = [f"{letter}.md" for letter in "hcgaebdf"]
    names = [*top, "a/z.md", "a/b/c.md", "c/a.md", "a/a.md", "b/b.md"]
    first, second = make(tmp_path / "een", *names), make(tmp_path / "twee", *reversed(names))
    assert sources(first) == sources(second) == [*sorted(top), "a/a.md", "a/z.md", "a/b/c.md", "b/b.md", "c/a.md"]


@pytest.mark.parametrize(
    "name",
    [
        ".verborgen.md", "~$notitie.docx", "map/~$a.docx", ".git/config.md", "map/.cache/a.md", "bronnen.toml",
        "map/bronnen.toml",
    ],
)  # fmt: skip
def test_what_is_no_document_of_a_person_is_left_out(tmp_path, name):
    make(tmp_path, "a.md", name)
    assert sources(tmp_path) == ["a.md"]


def test_a_hidden_folder_or_file_that_is_named_is_read(tmp_path):
    make(tmp_path / ".archief", "a.md", ".b.md")
    assert sources(tmp_path / ".archief") == ["a.md"]
    assert sources(tmp_path / ".archief" / ".b.md") == [".b.md"]


def test_a_folder_that_links_to_itself_or_above_is_walked_once(tmp_path):
    make(tmp_path / "map", "a.md", "onder/b.md")
    (tmp_path / "map" / "onder" / "terug").symlink_to(tmp_path / "map", target_is_directory=True)
    (tmp_path / "map" / "zelf").symlink_to(tmp_path / "map" / "zelf")
    assert [name for name in sources(tmp_path / "map") if name != "zelf"] == ["a.md", "onder/b.md"]


def test_a_link_to_a_folder_can_be_named(tmp_path):
    make(tmp_path / "echt", "a.md")
    (tmp_path / "link").symlink_to(tmp_path / "echt", target_is_directory=True)
    assert sources(tmp_path / "link") == ["a.md"]


def test_a_path_that_is_given_twice_counts_once(tmp_path, monkeypatch):
    make(tmp_path / "map", "a.md", "b/c.md")
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "map"
    once = ["a.md", "b/c.md"]
    assert sources(folder, folder) == once
    assert sources(folder, Path("map"), Path("./map/")) == once
    assert sources(folder, folder / "b" / "c.md", folder / "a.md") == once
    assert sources(folder / "b", folder) == ["c.md", "a.md"], "what was found under one name keeps it"


def test_the_same_name_in_two_folders_gets_its_folder_in_front(tmp_path):
    north, south = make(tmp_path / "noord", "plan.md", "a.md"), make(tmp_path / "zuid", "plan.md")
    assert sources(north, south) == ["a.md", "plan.md", "zuid/plan.md"]
    deep = make(tmp_path / "oost" / "zuid", "plan.md")
    assert sources(north, south, deep) == ["a.md", "plan.md", "zuid/plan.md", "oost/zuid/plan.md"]


def test_a_name_that_the_library_has_from_elsewhere_gets_its_folder_in_front(tmp_path):
    north, south = make(tmp_path / "noord", "plan.md"), make(tmp_path / "zuid", "plan.md")
    known = library_of({"plan.md": north / "plan.md"})
    assert sources(south, known=known) == ["zuid/plan.md"]
    assert sources(north, known=known) == ["plan.md"]


def test_a_file_that_was_moved_keeps_its_name_and_another_does_not_take_it(tmp_path):
    north, south = make(tmp_path / "noord", "plan.md"), make(tmp_path / "zuid", "plan.md")
    known = library_of({"plan.md": north / "plan.md"})
    (north / "plan.md").unlink()
    assert sources(south, known=known) == ["plan.md"]
    (south / "plan.md").write_text("Een heel ander plan.", encoding="utf-8")
    assert sources(south, known=known) == ["zuid/plan.md"]


def test_a_known_file_keeps_its_name_however_it_is_reached(tmp_path):
    folder = make(tmp_path / "noord", "map/plan.md")
    known = library_of({"map/plan.md": folder / "map" / "plan.md"})
    for path in (folder, folder / "map", folder / "map" / "plan.md", tmp_path):
        assert sources(path, known=known) == ["map/plan.md"]


def test_sources_do_not_change_from_run_to_run(tmp_path):
    north, south = make(tmp_path / "noord", "plan.md"), make(tmp_path / "zuid", "plan.md")
    files = list(discover([north, south], {}))
    known = library_of({file.source: file.path for file in files})
    assert sources(north, south, known=known) == sources(south, north, known=known)[::-1] == [f.source for f in files]


@pytest.mark.parametrize("in_toml", [COMPOSED, DECOMPOSED])
@pytest.mark.parametrize("on_disk", [COMPOSED, DECOMPOSED])
@pytest.mark.parametrize("below", ["", "map/"])
def test_access_holds_however_the_accents_are_written(tmp_path, in_toml, on_disk, below):
    make(tmp_path, below + on_disk)
    toml(tmp_path, f'["{below}{in_toml}"]\naccess = ["college"]\n')
    [file] = discover([tmp_path], {})
    assert file.metadata.access == {"college"}
    assert misnamed([tmp_path]) == {}


def test_access_holds_for_a_file_that_is_named_itself_or_gets_its_folder_in_front(tmp_path):
    north, south = make(tmp_path / "noord", "plan.md"), make(tmp_path / "zuid", "plan.md")
    toml(south, '["plan.md"]\naccess = ["college"]\n')
    [_, file] = discover([north, south], {})
    assert file.source == "zuid/plan.md"
    assert file.metadata.access == {"college"}
    [alone] = discover([south / "plan.md"], {})
    assert alone.metadata.access == {"college"}


def test_access_holds_for_a_file_or_folder_below_the_metadata_that_is_named_itself(tmp_path):
    make(tmp_path, "map/onder/plan.md")
    toml(tmp_path, '["map/onder/plan.md"]\naccess = ["college"]\n')
    for path in ("map", "map/onder", "map/onder/plan.md"):
        [file] = discover([tmp_path / path], {})
        assert file.metadata.access == {"college"}


def test_a_file_that_the_metadata_does_not_name_has_none(tmp_path):
    make(tmp_path, "a.md", "b.md")
    toml(tmp_path, '["a.md"]\ntitle = "Eerste"\n')
    assert [file.metadata for file in discover([tmp_path], {})] == [Metadata(title="Eerste"), Metadata()]


def test_metadata_that_cannot_be_used_stops_everything(tmp_path):
    make(tmp_path, "a.md")
    toml(tmp_path, '["a.md"]\naccess = "college"\n')
    with pytest.raises(MetadataError):
        sources(tmp_path)


def test_a_named_file_is_always_tried_and_one_that_was_found_only_when_it_can_be_read(tmp_path):
    make(tmp_path, "a.MD", "b.xyz", "zonder")
    assert {file.source: file.supported for file in discover([tmp_path], {})} == {
        "a.MD": True, "b.xyz": False, "zonder": False,
    }  # fmt: skip
    for name in ("b.xyz", "zonder"):
        [file] = discover([tmp_path / name], {})
        assert file.named
        assert file.supported


def test_a_path_that_does_not_exist_is_named(tmp_path):
    make(tmp_path, "a.md")
    with pytest.raises(FileUnreachable) as caught:
        sources(tmp_path, tmp_path / "nergens.md")
    assert caught.value.source.endswith("nergens.md")
    assert caught.value.detail == os.strerror(2)


def test_a_link_to_nothing_is_left_to_the_reader(tmp_path):
    (tmp_path / "weg.md").symlink_to(tmp_path / "nergens.md")
    assert sources(tmp_path) == sources(tmp_path / "weg.md") == ["weg.md"]


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="file names are always text here")
def test_a_name_that_is_no_text_is_shown_as_far_as_it_can_be(tmp_path):
    with open(os.fsencode(tmp_path) + b"/besluit\xe9.md", "w", encoding="utf-8"):  # noqa: PTH123 - Path takes no bytes
        pass
    make(tmp_path, "goed.md")
    assert {file.source: file.readable_name for file in discover([tmp_path], {})} == {
        "besluit�.md": False, "goed.md": True,
    }  # fmt: skip


def test_the_library_itself_is_left_out(tmp_path):
    make(tmp_path, "a.md", "data/library/v1/manifest.md", "data/b.md")
    assert sources(tmp_path, leave_out=(tmp_path / "data" / "library",)) == ["a.md", "data/b.md"]


def test_an_empty_folder_has_no_files(tmp_path):
    assert sources(tmp_path) == []


def test_misnamed_lists_what_is_not_there(tmp_path):
    make(tmp_path, "a.md", "map/b.md", ".c.md")
    toml(tmp_path, "".join(f'["{name}"]\ntitle = "X"\n' for name in ("a.md", "map/b.md", "b.md", "A.md", ".c.md")))
    found = misnamed([tmp_path])
    assert set(found) == {"b.md", "A.md", ".c.md"}
    error, said = found["b.md"]
    assert error.path == str(tmp_path / "bronnen.toml")
    assert "b.md" in error.detail
    assert said == Metadata(title="X")
    assert misnamed([tmp_path / "a.md", tmp_path / "map"]) == {}


NAMES = st.lists(
    st.lists(st.sampled_from(["a", "b", ".h", "~$l", "é", "e\u0301", "plan"]), min_size=1, max_size=3).map("/".join),
    max_size=6,
    unique=True,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES, NAMES)
def test_every_file_has_a_source_of_its_own_and_keeps_it(tmp_path_factory, first, second):
    top = tmp_path_factory.mktemp("boom")
    roots = [top / "een", top / "twee"]
    for root, names in zip(roots, (first, second), strict=True):
        root.mkdir()
        for name in names:
            make(root, f"{name}.md")
    files = list(discover(roots, {}))
    assert len({file.source for file in files}) == len({file.path for file in files}) == len(files)
    known = library_of({file.source: file.path for file in files})
    for order in (roots, roots[::-1], [*roots, *roots]):
        assert library_of({file.source: file.path for file in discover(order, known)}) == known
