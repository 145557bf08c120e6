"""A publisher that is killed, or finds damage: what was published stays, and the next run completes."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ingest.errors import (
    CatalogueLost,
    UnknownSource,
)
from ingest.library import library_root, published_version
from ingest.publish import publish, rebuild, remove
from ingest.verify import check_library
from tests.corpus import DOCUMENTS, outcomes, sources

ROOT = Path(__file__).parent.parent


def test_rebuild_mends_a_damaged_index(corpus, data, encoder):
    publish([corpus], data, encoder)
    folder = library_root(data) / published_version(data)
    shutil.rmtree(folder / "lexical")
    assert check_library(folder, encoder)
    rebuild(data, encoder)
    assert check_library(library_root(data) / published_version(data), encoder) == []


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from ingest.encode import load_encoder
    from ingest.publish import publish, remove

    stage, nth = sys.argv[3], int(sys.argv[4])
    seen = 0

    def progress(name, done, total):
        global seen
        seen += name == stage
        if seen == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    if __name__ == "__main__":
        if len(sys.argv) > 5:
            remove(sys.argv[5], Path(sys.argv[2]), load_encoder(None), progress=progress)
        else:
            publish([Path(sys.argv[1])], Path(sys.argv[2]), load_encoder(None), progress=progress)
"""


def run_until_killed(tmp_path, corpus, data, stage, nth, *more):
    script = tmp_path / "killed.py"
    script.write_text(textwrap.dedent(KILLED), encoding="utf-8")
    killed = subprocess.run(
        [sys.executable, script, corpus, data, stage, str(nth), *more],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert killed.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("stage", "nth"),
    [("read", 1), ("read", 2), ("encode", 1), ("lexical", 1), ("dense", 1), ("verify", 1), ("verify", 2)],
)
def test_a_killed_publisher_leaves_the_old_version_and_the_next_run_completes(
    corpus, data, encoder, tmp_path, stage, nth
):
    publish([corpus / "woonvisie.md"], data, encoder)
    before = published_version(data)
    run_until_killed(tmp_path, corpus, data, stage, nth)
    assert published_version(data) == before
    assert sources(data, encoder) == {"woonvisie.md"}
    report = publish([corpus], data, encoder)
    assert report.published
    assert sources(data, encoder) == set(DOCUMENTS)
    assert check_library(library_root(data) / published_version(data), encoder) == []
    if stage != "read":
        assert set(outcomes(report).values()) == {"unchanged"}, "what was read before the kill is not read again"


def test_a_version_that_was_renamed_but_not_switched_to_is_cleaned_up(corpus, data, encoder):
    publish([corpus], data, encoder)
    root = library_root(data)
    shutil.copytree(root / published_version(data), root / "20010101T000000000000Z-00000000")
    (corpus / "extra.md").write_text("# Extra\n\nNog een document voor de bibliotheek.\n", encoding="utf-8")
    publish([corpus], data, encoder)
    assert not (root / "20010101T000000000000Z-00000000").exists()
    assert not (root / "next").exists()


def test_what_a_broken_off_run_took_in_is_not_published_by_another(corpus, data, encoder, tmp_path):
    publish([corpus / "woonvisie.md"], data, encoder)
    run_until_killed(tmp_path, corpus, data, "lexical", 1)
    (tmp_path / "ander.md").write_text("# Ander\n\nEen ander stuk van de gemeente.\n", encoding="utf-8")
    publish([tmp_path / "ander.md"], data, encoder)
    assert sources(data, encoder) == {"woonvisie.md", "ander.md"}


def test_nor_what_has_left_the_folder_since(corpus, data, encoder, tmp_path):
    publish([corpus / "woonvisie.md"], data, encoder)
    run_until_killed(tmp_path, corpus, data, "lexical", 1)
    (corpus / "interview.md").unlink()
    publish([corpus], data, encoder)
    assert sources(data, encoder) == {"woonvisie.md", "brieven/jeugdhulp.md"}


@pytest.mark.parametrize("stage", ["lexical", "verify"])
def test_a_killed_removal_can_be_done_again(corpus, data, encoder, tmp_path, stage):
    publish([corpus], data, encoder)
    run_until_killed(tmp_path, corpus, data, stage, 1, "interview.md")
    assert "interview.md" in sources(data, encoder)
    remove("interview.md", data, encoder)
    for path in library_root(data).rglob("*"):
        assert not path.is_file() or b"dorpsraad" not in path.read_bytes(), path


def test_removing_what_is_gone_cleans_up_after_a_removal_that_was_cut_off(corpus, data, encoder):
    publish([corpus], data, encoder)
    root = library_root(data)
    old = root / published_version(data)
    shutil.copytree(old, root / "bewaard")
    remove("interview.md", data, encoder)
    (root / "bewaard").rename(old)  # as if the process died before it removed the older version
    with pytest.raises(UnknownSource):
        remove("interview.md", data, encoder)
    assert not old.exists()


def test_only_versions_are_pruned(corpus, data, encoder):
    publish([corpus / "woonvisie.md"], data, encoder)
    (library_root(data) / "lost+found").mkdir()
    publish([corpus], data, encoder)
    remove("interview.md", data, encoder)
    assert (library_root(data) / "lost+found").exists()


@pytest.mark.parametrize("lost", ["manifest.json", "catalogue.sqlite"])
def test_rebuild_recovers_from_a_lost_file_while_an_older_version_has_it(corpus, data, encoder, lost):
    publish([corpus / "woonvisie.md"], data, encoder)
    publish([corpus], data, encoder)
    (library_root(data) / published_version(data) / lost).unlink()
    rebuild(data, encoder)
    assert check_library(library_root(data) / published_version(data), encoder) == []
    assert "woonvisie.md" in sources(data, encoder)


def test_a_library_without_any_catalogue_is_lost(corpus, data, encoder):
    publish([corpus], data, encoder)
    (library_root(data) / published_version(data) / "catalogue.sqlite").write_bytes(b"geen database")
    with pytest.raises(CatalogueLost):
        rebuild(data, encoder)


def test_a_damaged_index_mends_at_the_next_ingest(corpus, data, encoder):
    publish([corpus / "woonvisie.md"], data, encoder)
    shutil.rmtree(library_root(data) / published_version(data) / "lexical")
    publish([corpus], data, encoder)
    assert check_library(library_root(data) / published_version(data), encoder) == []
