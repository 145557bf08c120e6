"""Each kind of damage to a published library is named, when it is checked and when it is used."""

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ingest.errors import CatalogueLost, LibraryDamaged
from ingest.lexical import plain_words
from ingest.library import Library, library_root, published_version, read_manifest
from ingest.publish import publish, rebuild, remove
from ingest.verify import check_library
from tests.corpus import write_corpus

CATALOGUE = "catalogue.sqlite"
OTHER_TEXTS = {
    "zwembad.md": "# Zwembad Ruitenhoek\n\nHet zwembad opent elke ochtend om zeven uur. Kinderen zwemmen gratis.\n",
    "afval.md": "# Afval scheiden\n\nPapier en glas gaan in aparte bakken. De vuilniswagen komt op maandag langs.\n",
    "markt.md": "# Weekmarkt\n\nKramen staan vanaf vrijdag op het plein. Vis en kaas zijn het meest in trek.\n",
}


@pytest.fixture(scope="module")
def published(tmp_path_factory, encoder):
    """A sound library that nobody touches."""
    folder = tmp_path_factory.mktemp("heel")
    publish([write_corpus(folder / "bronnen")], folder / "data", encoder)
    return folder / "data"


@pytest.fixture(scope="module")
def other(tmp_path_factory, encoder):
    """The folder of a library of other texts, with as many documents and passages."""
    folder = tmp_path_factory.mktemp("ander")
    (folder / "bronnen").mkdir()
    for name, text in OTHER_TEXTS.items():
        (folder / "bronnen" / name).write_text(text, encoding="utf-8")
    publish([folder / "bronnen"], folder / "data", encoder)
    return library_root(folder / "data") / published_version(folder / "data")


@pytest.fixture
def data(published, tmp_path):
    """A copy of the library, to damage."""
    shutil.copytree(published, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def folder(data):
    return library_root(data) / published_version(data)


def edit(folder, statement, *values):
    with closing(sqlite3.connect(folder / CATALOGUE)) as connection, connection:
        assert connection.execute(statement, values).rowcount, "the edit must change something"


def overwrite(path, content):
    assert path.is_file()
    path.write_bytes(content)


def halve(path):
    overwrite(path, path.read_bytes()[: path.stat().st_size // 2])


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def empty(path):
    shutil.rmtree(path)
    path.mkdir()


def make_other_database(folder):
    (folder / CATALOGUE).unlink()
    with closing(sqlite3.connect(folder / CATALOGUE)) as connection:
        connection.execute("CREATE TABLE x (y)")


def scramble_words(folder):
    for path in (folder / "lexical").iterdir():
        if path.suffix in {".term", ".idx"}:
            # The footer stays, so that it opens; what is read then is nonsense.
            content = path.read_bytes()
            overwrite(path, b"\xa7" * (len(content) - 200) + content[-200:])


def ask_everything(data, encoder):
    """Everything that a reader does with a library."""
    library = Library.open(data, encoder)
    try:
        for doc_id in library.documents:
            library.canonical(doc_id)
            library.passages_of(doc_id)
        hits = library.search_lexical(plain_words("woningen Veldrijk"), limit=5, weights={"stems": 1.0, "grams": 1.0})
        library.passages([hit.row for hit in hits])
        near = library.search_dense(encoder.encode_queries(["woningen"])[0], limit=5)
        library.vectors([hit.row for hit in near])
        library.sentence_vectors([hit.row for hit in near])
        library.idf(["woning"])
    finally:
        library.close()


def test_a_sound_library_has_no_problems(published, encoder):
    assert check_library(library_root(published) / published_version(published), encoder) == []
    ask_everything(published, encoder)


# Damage that both the check and a reader run into


DAMAGE = {
    "no catalogue": (lambda f: (f / CATALOGUE).unlink(), "catalogue.sqlite ontbreekt"),
    "half a catalogue": (lambda f: halve(f / CATALOGUE), "catalogue.sqlite is beschadigd"),
    "an empty catalogue": (lambda f: overwrite(f / CATALOGUE, b""), "catalogue.sqlite is beschadigd"),
    "no catalogue but text": (lambda f: overwrite(f / CATALOGUE, b"tekst" * 999), "catalogue.sqlite is beschadigd"),
    "another database": (make_other_database, "catalogue.sqlite is beschadigd"),
    "a document that is no JSON": (
        lambda f: edit(f, "UPDATE documents SET fields = '{'"),
        "catalogue.sqlite is beschadigd",
    ),
    "a document of unknown fields": (
        lambda f: edit(f, "UPDATE documents SET fields = '{\"naam\": 1}'"),
        "catalogue.sqlite is beschadigd",
    ),
    "text that is no UTF-8": (
        lambda f: edit(f, "UPDATE documents SET text = CAST(x'ff41ff' AS TEXT)"),
        "catalogue.sqlite is beschadigd",
    ),
    "no lexical index": (lambda f: shutil.rmtree(f / "lexical"), "de woordindex ontbreekt"),
    "an empty lexical index": (
        lambda f: empty(f / "lexical"),
        "de woordindex heeft 0 passages in plaats van 3",
    ),
    "a lexical index of text": (
        lambda f: overwrite(f / "lexical" / "meta.json", b"niets"),
        "de woordindex is beschadigd",
    ),
    "a lexical index of nonsense": (scramble_words, "de woordindex is beschadigd"),
    "no dense index": (lambda f: shutil.rmtree(f / "dense"), "de vectorindex ontbreekt"),
    "an empty dense index": (
        lambda f: empty(f / "dense"),
        "de vectorindex is beschadigd",
    ),
    "a dense index of text": (
        lambda f: overwrite(f / "dense" / "chroma.sqlite3", b"tekst" * 999),
        "de vectorindex is beschadigd",
    ),
    "half a dense index": (lambda f: halve(f / "dense" / "chroma.sqlite3"), "de vectorindex is beschadigd"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_named_when_checked_and_when_used(damage, data, folder, encoder, monkeypatch):
    monkeypatch.setattr("ingest.library.SCANNED", 0)  # as in a library that is too large to go through
    break_it, said = DAMAGE[damage]
    break_it(folder)
    with pytest.raises(LibraryDamaged) as caught:
        ask_everything(data, encoder)
    assert caught.value.version == folder.name
    problems = check_library(folder, encoder)
    assert problems == [said]


# Damage that only the check finds


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE passages SET text = text || ' En meer.' WHERE ordinal = 0", "staat niet in"),
        ("UPDATE documents SET text = replace(text, '2.150', '9.999') WHERE source = 'woonvisie.md'", "woonvisie.md"),
        ('UPDATE passages SET start = start + 1, "end" = "end" + 1', "staat niet in"),
        ("DELETE FROM passages WHERE row = (SELECT min(row) FROM passages)", "2 passages in plaats van 3"),
        ("DELETE FROM documents WHERE source = 'interview.md'", "2 documenten in plaats van 3"),
        ("DELETE FROM vectors WHERE vector_key = (SELECT min(vector_key) FROM vectors)", "van 1 teksten ontbreekt"),
        (
            "UPDATE vectors SET vector = (SELECT vector FROM vectors ORDER BY vector_key LIMIT 1)",
            "de vectorindex vindt",
        ),
    ],
)
def test_a_changed_catalogue_is_found(folder, encoder, statement, said):
    edit(folder, statement)
    problems = check_library(folder, encoder)
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize("fact", ["documents", "passages"])
def test_a_manifest_with_other_counts_is_found(folder, encoder, fact):
    before = f'"{fact}": {getattr(read_manifest(folder), fact)}'
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    assert before in text
    (folder / "manifest.json").write_text(text.replace(before, f'"{fact}": 12'), encoding="utf-8")
    assert any("in plaats van 12" in problem for problem in check_library(folder, encoder))


@pytest.mark.parametrize(("index", "said"), [("lexical", "de woordindex vindt"), ("dense", "de vectorindex vindt")])
def test_an_index_of_another_library_is_found(folder, other, encoder, index, said):
    assert read_manifest(other).passages == read_manifest(folder).passages, "else the counts would tell"
    shutil.rmtree(folder / index)
    shutil.copytree(other / index, folder / index)
    problems = check_library(folder, encoder)
    assert problems
    assert all(said in problem for problem in problems), problems


def test_a_catalogue_of_another_library_is_found(folder, other, encoder):
    shutil.copy(other / CATALOGUE, folder / CATALOGUE)
    assert check_library(folder, encoder)


def test_damage_to_both_indexes_is_all_named(folder, encoder):
    shutil.rmtree(folder / "lexical")
    shutil.rmtree(folder / "dense")
    assert check_library(folder, encoder) == ["de woordindex ontbreekt", "de vectorindex ontbreekt"]


def test_another_version_of_a_part_is_named(folder, encoder):
    manifest = folder / "manifest.json"
    text = manifest.read_text(encoding="utf-8").replace(encoder.name, "oud model 7d")
    manifest.write_text(text, encoding="utf-8")
    assert check_library(folder, encoder) == [f"encoder: oud model 7d (nu: {encoder.name})"]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\xfe", b'{"library_version": 1}'])
def test_without_a_manifest_there_is_nothing_to_check_against(data, folder, encoder, content):
    overwrite(folder / "manifest.json", content)
    with pytest.raises(LibraryDamaged):
        check_library(folder, encoder)
    with pytest.raises(LibraryDamaged):
        Library.open(data, encoder)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"../..", b"bestaat-niet", b"een\0twee"])
def test_a_pointer_to_no_version_is_damage(data, encoder, content):
    overwrite(library_root(data) / "current", content)
    with pytest.raises(LibraryDamaged):
        Library.open(data, encoder)


# What the check and the readers leave behind, and what follows from damage


def test_checking_and_reading_change_nothing(data, folder, encoder):
    def state():
        return {
            path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and "dense" not in path.parts
        }

    before = state()
    check_library(folder, encoder)
    ask_everything(data, encoder)
    assert state() == before


@pytest.mark.parametrize("scanned", [0, 20_000])
def test_a_missing_index_is_not_made_by_a_reader(scanned, data, folder, encoder, monkeypatch):
    monkeypatch.setattr("ingest.library.SCANNED", scanned)
    shutil.rmtree(folder / "dense")
    if scanned:
        ask_everything(data, encoder)  # a small library is searched without its index
    else:
        with pytest.raises(LibraryDamaged):
            ask_everything(data, encoder)
    assert not (folder / "dense").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts open files in /proc")
def test_a_refused_library_leaves_no_file_open(data, folder, encoder):
    overwrite(folder / CATALOGUE, b"tekst" * 999)
    before = open_files()
    for _ in range(5):
        with pytest.raises(LibraryDamaged):
            Library.open(data, encoder)
        check_library(folder, encoder)
    assert open_files() == before


@pytest.mark.parametrize("change", [rebuild, lambda d, e: remove("interview.md", d, e)])
def test_a_damaged_catalogue_is_not_published_again(data, folder, encoder, change):
    halve(folder / CATALOGUE)
    with pytest.raises(CatalogueLost):
        change(data, encoder)
    assert published_version(data) == folder.name


def test_an_id_that_cannot_be_text_is_no_damage(published, encoder):
    library = Library.open(published, encoder)
    with pytest.raises(UnicodeEncodeError):
        library.passage("\ud800")
    library.close()
