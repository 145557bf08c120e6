"""What is read before anyone asks: the published library and the next version, until it is told to stop."""

import threading
import time

import pytest

from assistant.ahead import ReadAhead, read_passages
from assistant.terms import text_terms
from ingest.errors import NoLibrary
from ingest.library import Library, LiveLibrary
from ingest.publish import publish
from tests.corpus import write_corpus

PATIENCE = 60.0  # seconds


@pytest.fixture
def published(tmp_path, encoder):
    write_corpus(tmp_path / "bronnen")
    publish([tmp_path / "bronnen"], tmp_path / "data", encoder)
    return tmp_path / "data"


@pytest.fixture
def live(published, encoder):
    library = LiveLibrary(published, encoder)
    yield library
    library.close()


def wait_until(reached):
    until = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < until, "it never came so far"
        time.sleep(0.01)


def version_of(library):
    with library.lease() as opened:
        return opened.manifest.library_version


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "read-ahead"]


def test_what_was_read_ahead_is_not_read_or_analysed_again(published, encoder):
    library = Library.open(published, encoder)
    rows = library.rows
    read_passages(library, rows)
    analysed = text_terms.cache_info().misses
    before = library.passages(rows), library.sentence_vectors(rows)
    library._catalogue.close()
    (published / "library" / library.folder.name / "catalogue.sqlite").unlink()  # nothing can be read from now on
    after = library.passages(rows), library.sentence_vectors(rows)
    assert after[0] == before[0]
    assert after[1].keys() == before[1].keys()
    assert len(rows) == library.manifest.passages > 0
    for passage in after[0].values():
        assert text_terms(passage.text).length > 0
        assert library.canonical(passage.doc_id) is not None
    assert text_terms.cache_info().misses == analysed
    library.close()


def test_all_of_the_published_library_is_read(live):
    with ReadAhead(live, rest=0.0, look=0.01) as reader:
        wait_until(lambda: reader.version)
        assert reader.version == version_of(live)
    assert threads() == []


def test_a_new_version_is_read_too(live, published, tmp_path, encoder):
    with ReadAhead(live, rest=0.0, look=0.01) as reader:
        wait_until(lambda: reader.version)
        first = reader.version
        (tmp_path / "bronnen" / "nieuw.md").write_text("# Nieuws\n\nHet zwembad gaat open.\n", encoding="utf-8")
        publish([tmp_path / "bronnen"], published, encoder)
        wait_until(lambda: reader.version != first)
        assert reader.version == version_of(live)


def test_it_stops_at_once_however_long_it_would_rest(live):
    reader = ReadAhead(live, rest=1e9, look=1e6)
    with reader:
        pass
    assert threads() == []
    assert reader.version == ""


def test_a_library_that_comes_later_is_read(tmp_path, encoder):
    library = LiveLibrary(tmp_path / "data", encoder)
    with pytest.raises(NoLibrary):
        version_of(library)
    with ReadAhead(library, rest=0.0, look=0.01) as reader:
        time.sleep(0.05)
        assert reader.version == ""
        write_corpus(tmp_path / "bronnen")
        publish([tmp_path / "bronnen"], tmp_path / "data", encoder)
        wait_until(lambda: reader.version)
    library.close()
