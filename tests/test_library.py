import threading
from pathlib import Path

import pytest

from ingest.encode import load_encoder
from ingest.errors import LibraryDamaged, NoLibrary
from ingest.lexical import plain_words
from ingest.library import Library, LiveLibrary, library_root, published_version
from ingest.publish import publish, remove
from tests.corpus import write_corpus

WEIGHTS = {"grams": 1.0}


@pytest.fixture(scope="module")
def encoder():
    return load_encoder(None)


@pytest.fixture
def data(tmp_path, encoder):
    publish([write_corpus(tmp_path / "bronnen")], tmp_path / "data", encoder)
    return tmp_path / "data"


def test_no_library_says_so(tmp_path, encoder):
    with pytest.raises(NoLibrary):
        Library.open(tmp_path, encoder)


def test_a_library_without_manifest_is_damaged(data, encoder):
    (library_root(data) / published_version(data) / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(LibraryDamaged):
        Library.open(data, encoder)


def test_a_pointer_that_leads_elsewhere_is_refused(data, encoder):
    (library_root(data) / "current").write_text("../../etc", encoding="utf-8")
    with pytest.raises(LibraryDamaged):
        Library.open(data, encoder)


def test_a_lease_keeps_its_version_while_a_new_one_is_published(data, tmp_path, encoder):
    live = LiveLibrary(data, encoder)
    with live.lease() as old:
        (tmp_path / "bronnen" / "zwembad.md").write_text("# Zwembad\n\nEr komt een nieuw zwembad.\n", encoding="utf-8")
        publish([tmp_path / "bronnen"], data, encoder)
        assert old.search_lexical(plain_words("burgemeester"), limit=3, weights=WEIGHTS)
        with live.lease() as new:
            assert new.folder != old.folder
            assert len(new.documents) == len(old.documents) + 1
        assert old.passages_of(next(iter(old.documents)))
    live.close()


def test_no_question_is_dropped_while_versions_switch(data, tmp_path, encoder):
    live = LiveLibrary(data, encoder)
    vector = encoder.encode_queries(["woningen bouwen"])[0]
    stop = threading.Event()
    problems, asked = [], []

    def ask():
        while not stop.is_set():
            try:
                with live.lease() as library:
                    assert library.search_lexical(plain_words("woningen"), limit=5, weights=WEIGHTS)
                    assert library.search_dense(vector, limit=5)
                    asked.append(library.folder.name)
            except Exception as error:  # noqa: BLE001 - whatever it is, the main thread shows it
                problems.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(3):
        (tmp_path / "bronnen" / "nieuw.md").write_text(f"# Nieuw\n\nVersie {number} van dit stuk.\n", encoding="utf-8")
        publish([tmp_path / "bronnen"], data, encoder)
    stop.set()
    for thread in threads:
        thread.join()
    live.close()
    assert not problems
    assert len(set(asked)) > 1


def test_a_lease_outlives_the_removal_of_its_version(data, encoder):
    live = LiveLibrary(data, encoder)
    with live.lease() as library:
        remove("interview.md", data, encoder)
        assert not library.folder.exists()
        assert library.search_lexical(plain_words("burgemeester"), limit=3, weights=WEIGHTS)
        assert library.search_dense(encoder.encode_queries(["burgemeester"])[0], limit=3)
        found = []
        thread = threading.Thread(target=lambda: found.extend(library.passages_of(next(iter(library.documents)))))
        thread.start()
        thread.join()
        assert found
    live.close()


def test_abbreviations_outlive_the_removal_of_their_version(tmp_path, encoder):
    files = tmp_path / "bronnen"
    files.mkdir()
    text = "# {}\n\nDe Algemene Ledenvergadering (ALV) stemt over het plan van de gemeente.\n"
    for name in ("alv.md", "kort.md"):
        (files / name).write_text(text.format(name), encoding="utf-8")
    data = tmp_path / "data"
    publish([files], data, encoder)
    live = LiveLibrary(data, encoder)
    with live.lease() as library:
        remove("kort.md", data, encoder)
        assert not library.folder.exists()
        assert library.abbreviations.synonyms(["alv"]), "read when the version was opened"
    live.close()


def test_threads_leave_no_open_files_behind(data, encoder):
    library = Library.open(data, encoder)
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("counts open files in ../proc, which this platform does not have")
    library.passage_counts  # noqa: B018 - opens the catalogue
    before = len(list(folder.iterdir()))
    for _ in range(50):
        thread = threading.Thread(target=lambda: library.passages([1, 2]))
        thread.start()
        thread.join()
    assert len(list(folder.iterdir())) <= before + 2
    library.close()
