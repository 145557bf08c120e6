"""The copies of files that a library keeps: there when they are needed, gone when they are not."""

import hashlib
import shutil

import pytest

from ingest.errors import UnknownSource
from ingest.library import Library, library_root, published_version
from ingest.originals import FOLDER, keep_original, kept_original, prune_originals
from ingest.publish import Limits, publish, rebuild, remove
from ingest.verify import check_library
from tests.corpus import DOCUMENTS
from tests.test_crash import run_until_killed

NONE_KEPT = Limits(keep_originals=False)


def kept(data):
    """What is kept, by name."""
    folder = library_root(data) / FOLDER
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def hash_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def originals(data, encoder):
    """The source of each document with the bytes of its copy, or None."""
    library = Library.open(data, encoder)
    try:
        paths = {one.source: library.original(doc_id) for doc_id, one in library.documents.items()}
        assert library.original("onbekend") is None
    finally:
        library.close()
    return {source: path.read_bytes() if path else None for source, path in paths.items()}


def test_a_copy_of_each_file_is_kept_and_stays_when_the_file_goes(corpus, data, encoder):
    publish([corpus], data, encoder)
    expected = {source: (corpus / source).read_bytes() for source in DOCUMENTS}
    shutil.rmtree(corpus)
    assert originals(data, encoder) == expected
    assert check_library(library_root(data) / published_version(data), encoder) == []


def test_a_changed_file_has_its_new_copy_and_the_old_one_goes_with_its_version(corpus, data, encoder):
    publish([corpus], data, encoder)
    old = hash_of(corpus / "woonvisie.md")
    for step in ("een", "twee"):
        (corpus / "woonvisie.md").write_text(f"# Woonvisie\n\nDit is versie {step} van de visie.\n", encoding="utf-8")
        publish([corpus], data, encoder)
        assert (old in kept(data)) is (step == "een"), "as long as the version that needs it"
    assert b"versie twee" in originals(data, encoder)["woonvisie.md"]


@pytest.mark.parametrize("change", ["missing", "damaged"])
def test_rebuilding_takes_a_copy_again(corpus, data, encoder, change):
    publish([corpus], data, encoder)
    copy = library_root(data) / FOLDER / hash_of(corpus / "woonvisie.md")
    copy.unlink() if change == "missing" else copy.write_bytes(b"iets anders")
    folder = library_root(data) / published_version(data)
    problems = check_library(folder, encoder)
    assert [problem for problem in problems if "woonvisie.md" in problem] == (problems if change == "damaged" else [])
    assert bool(problems) is (change == "damaged")
    rebuild(data, encoder)
    assert originals(data, encoder)["woonvisie.md"] == (corpus / "woonvisie.md").read_bytes()
    assert check_library(library_root(data) / published_version(data), encoder) == []


def test_a_publish_in_which_nothing_changed_takes_the_copies_that_were_not_kept(corpus, data, encoder):
    publish([corpus], data, encoder, limits=NONE_KEPT)
    assert set(originals(data, encoder).values()) == {None}
    assert not publish([corpus], data, encoder).published
    assert None not in originals(data, encoder).values()
    assert not publish([corpus], data, encoder, limits=NONE_KEPT).published
    assert kept(data) == set()
    assert set(originals(data, encoder).values()) == {None}


def test_removing_a_document_removes_its_copy_unless_another_has_the_same_bytes(corpus, data, encoder):
    shutil.copy(corpus / "woonvisie.md", corpus / "dubbel.md")
    publish([corpus], data, encoder)
    shared = hash_of(corpus / "dubbel.md")
    remove("dubbel.md", data, encoder)
    assert shared in kept(data)
    remove("woonvisie.md", data, encoder)
    assert shared not in kept(data)
    assert kept(data) == {hash_of(corpus / source) for source in DOCUMENTS if source != "woonvisie.md"}


def test_a_killed_publisher_leaves_no_copy_that_nothing_needs(corpus, data, encoder, tmp_path):
    publish([corpus / "woonvisie.md"], data, encoder)
    run_until_killed(tmp_path, corpus, data, "lexical", 1)
    assert len(kept(data)) == 1 + len(DOCUMENTS) - 1, "written before the version that needs them"
    assert originals(data, encoder).keys() == {"woonvisie.md"}
    publish([corpus / "woonvisie.md"], data, encoder)
    assert kept(data) == {hash_of(corpus / "woonvisie.md")}


def test_a_killed_removal_leaves_no_trace_once_it_is_done_again(corpus, data, encoder, tmp_path):
    publish([corpus], data, encoder)
    run_until_killed(tmp_path, corpus, data, "verify", 2, "interview.md")
    assert hash_of(corpus / "interview.md") in kept(data)
    remove("interview.md", data, encoder)
    assert hash_of(corpus / "interview.md") not in kept(data)
    for path in library_root(data).rglob("*"):
        assert not path.is_file() or b"dorpsraad" not in path.read_bytes(), path


@pytest.mark.parametrize("again", ["remove", "publish"])
def test_a_removal_that_was_killed_after_the_switch_is_cleaned_up(corpus, data, encoder, again):
    publish([corpus], data, encoder)
    root, gone = library_root(data), hash_of(corpus / "interview.md")
    old = root / published_version(data)
    shutil.copytree(old, root / "bewaard")
    shutil.copy(root / FOLDER / gone, root / "bewaard.md")
    remove("interview.md", data, encoder)
    (root / "bewaard.md").rename(root / FOLDER / gone)  # as if the process died before it removed these
    if again == "remove":
        (root / "bewaard").rename(old)
        with pytest.raises(UnknownSource):
            remove("interview.md", data, encoder)
        assert not old.exists()
    else:
        publish([corpus / "woonvisie.md"], data, encoder)
    assert gone not in kept(data)


def test_a_file_with_other_bytes_is_not_kept_and_leaves_nothing(tmp_path):
    (tmp_path / "stuk.txt").write_bytes(b"nieuw")
    wanted = hashlib.sha256(b"oud").hexdigest()
    for path in (tmp_path / "stuk.txt", tmp_path / "weg.txt", tmp_path):
        assert not keep_original(tmp_path / "library", path, wanted)
    assert not list((tmp_path / "library").rglob("*.new"))
    assert kept_original(tmp_path / "library", wanted) is None


def test_a_copy_that_cannot_be_written_fails_no_document(corpus, data, encoder):
    library_root(data).mkdir(parents=True)
    (library_root(data) / FOLDER).write_text("hier kan geen map staan", encoding="utf-8")
    assert publish([corpus], data, encoder).published
    assert set(originals(data, encoder).values()) == {None}


def test_what_a_copy_that_was_broken_off_left_is_removed_and_made_again(tmp_path):
    wanted = hashlib.sha256(b"stuk").hexdigest()
    (tmp_path / "stuk.txt").write_bytes(b"stuk")
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / f"{wanted}.new").write_bytes(b"st")
    assert kept_original(tmp_path, wanted) is None
    assert keep_original(tmp_path, tmp_path / "stuk.txt", wanted)
    (tmp_path / FOLDER / "ander.new").write_bytes(b"st")
    prune_originals(tmp_path, {wanted})
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == [wanted]
    prune_originals(tmp_path, ())
    assert not (tmp_path / FOLDER).exists()
