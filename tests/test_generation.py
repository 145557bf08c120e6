import shutil
from zlib import crc32

import numpy as np
import pytest

from ingest.catalogue import Prepared
from ingest.dutch import stem, words
from ingest.encode import load_encoder
from ingest.errors import CatalogueLost, LibraryDamaged, NoLibrary
from ingest.generation import complete, discard_next, next_catalogue, parts_to_encode, prune, vector_key
from ingest.lexical import plain_words
from ingest.library import Library, library_root, published_version, read_manifest
from ingest.publish import quiet
from ingest.split import canonical, split
from ingest.types import Block, Document, Passage
from ingest.verify import check_library

TASK = "toets"
WEIGHTS = {"grams": 1.0, "stems": 0.5, "heading": 0.3}
SUBJECTS = (
    "zwembad warmtenet jeugdhulp dorpsraad fietspad bibliotheek sporthal begroting riolering bomen haven markt".split()
)
TEXTS = {
    f"{subject}.md": f"Het plan voor {subject} begint in 20{number}. De wethouder legt {subject} aan de raad voor."
    for number, subject in enumerate(SUBJECTS, 20)
}
QUESTIONS = ["Wanneer begint het plan voor het zwembad?", "Wie legt de begroting voor?", "warmtenetten", "???"]


class CountingEncoder:
    """Counts stems in boxes, and keeps what it was given to encode."""

    def __init__(self, dimensions=128, *, additive=True):
        self.name = f"woorden {dimensions}d"
        self.dimensions = dimensions
        self.additive = additive
        self.encoded = []

    def encode_queries(self, texts):
        return self._unit(texts)

    def encode_passages(self, texts):
        self.encoded += texts
        return self._unit(texts)

    def encode_parts(self, texts):
        assert self.additive
        self.encoded += texts
        return self._sums(texts)

    def forget(self):
        """What was encoded since the last time, a line a text."""
        lines = "\n".join(self.encoded).splitlines()
        self.encoded.clear()
        return lines

    def _sums(self, texts):
        sums = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in words(text):
                sums[row, crc32(stem(word).encode()) % self.dimensions] += 1
        return sums

    def _unit(self, texts):
        sums = self._sums(texts)
        return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)


def prepared(source, text):
    """A document of one section, as reading, cleaning and splitting would leave it."""
    document = Document(source, source, "Raadsstuk", "text/markdown", "hash")
    content = canonical([Block("heading", source.removesuffix(".md"), 1), Block("paragraph", text)])
    return Prepared(document, content, split(document, content), f"/map/{source}", text)


def publish(data, encoder, texts, *, purge=False, progress=quiet):
    """Publish a library of exactly these texts; -> what `complete` gives."""
    with next_catalogue(data, encoder, TASK) as catalogue:
        known = catalogue.origins()
        for source in known.keys() - texts.keys():
            catalogue.remove(source)
        for source, text in texts.items():
            if source not in known or known[source][1] != text:
                made = prepared(source, text)
                catalogue.put(made, [vector_key(passage, made.document) for passage in made.passages])
        return complete(data, encoder, catalogue, purge=purge, progress=progress)


def searches(data, encoder):
    """What each question finds in both indexes, by id of the passage."""
    library = Library.open(data, encoder)
    found = []
    for question in QUESTIONS:
        lexical = library.search_lexical(plain_words(question), limit=50, weights=WEIGHTS)
        dense = library.search_dense(encoder.encode_queries([question])[0], limit=50)
        of_row = library.passages([*(hit.row for hit in lexical), *(hit.row for hit in dense)])
        found.append((
            {of_row[hit.row].passage_id: hit.coverage for hit in lexical},
            {of_row[hit.row].passage_id: hit.cosine for hit in dense},
        ))  # fmt: skip
    library.close()
    return found


@pytest.fixture
def encoder():
    return CountingEncoder()


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    data = tmp_path_factory.mktemp("basis")
    publish(data, CountingEncoder(), TEXTS)
    return data


@pytest.fixture
def filled(base, tmp_path):
    """A data directory with a library of TEXTS."""
    shutil.copytree(base, tmp_path / "filled")
    return tmp_path / "filled"


# What goes into a vector

DOCUMENT = Document("d", "d.md", "Woonvisie", "text/markdown", "hash")


def passage(text, *section):
    return Passage("p", "d", 0, text, section, 0, len(text))


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ((), ("Woonvisie", "Tekst.")),
        (("Opgave",), ("Opgave", "Tekst.")),
        (("Deel 1", "Opgave", "Aantallen"), ("Opgave", "Aantallen", "Tekst.")),
    ],
)
def test_a_passage_is_encoded_below_its_nearest_headings_or_the_title(section, expected):
    assert parts_to_encode(passage("Tekst.", *section), DOCUMENT) == expected


def test_passages_share_a_vector_when_they_say_the_same_in_the_same_place():
    other = Document("e", "e.md", "Woonvisie", "text/markdown", "ander")
    same = vector_key(passage("Tekst."), DOCUMENT)
    assert same == vector_key(Passage("q", "e", 7, "Tekst.", (), 40, 46, 3, 4), other)
    assert len({same, vector_key(passage("Tekst!"), DOCUMENT), vector_key(passage("Tekst.", "Kop"), DOCUMENT)}) == 3


# Incremental publishing


WITHOUT_ONE = {source: text for source, text in TEXTS.items() if source != "bomen.md"}
CHANGED = {
    "added": TEXTS | {"brug.md": "De brug gaat in 2040 open voor het zwembad."},
    "all at once": WITHOUT_ONE | {"haven.md": "Er komt geen haven.", "brug.md": "Er komt een brug."},
    "all replaced": {source: f"{text} Dat is de begroting." for source, text in TEXTS.items()},
}
# Tantivy weighs words by the passages that were taken out too, until it merges; so scores are a little off then.
TOLERANCE = {"added": 1e-4, "all at once": 0.05, "all replaced": 1e-4}


@pytest.mark.parametrize("change", CHANGED)
def test_an_index_that_was_added_to_finds_what_one_made_anew_finds(filled, data, encoder, change):
    manifest, is_new = publish(filled, encoder, CHANGED[change])
    assert is_new
    publish(data, encoder, CHANGED[change])
    assert check_library(library_root(filled) / manifest.library_version, encoder) == []
    for (lexical, dense), (lexical_anew, dense_anew) in zip(
        searches(filled, encoder), searches(data, encoder), strict=True
    ):
        assert dense == pytest.approx(dense_anew, abs=1e-4)
        assert lexical == pytest.approx(lexical_anew, abs=TOLERANCE[change])
        assert list(lexical)[:2] == list(lexical_anew)[:2]


def test_vectors_are_made_once(filled, encoder):
    publish(filled, encoder, TEXTS | {"brug.md": "De brug gaat open."})
    assert encoder.forget() == ["brug", "De brug gaat open."]
    publish(filled, encoder, TEXTS)
    assert encoder.forget() == []


def test_an_encoder_that_does_not_add_up_makes_them_once_too_and_none_of_sentences(data):
    encoder = CountingEncoder(additive=False)
    publish(data, encoder, TEXTS)
    assert sorted(line for line in encoder.forget() if " " not in line) == sorted(SUBJECTS)
    publish(data, encoder, TEXTS | {"brug.md": "De brug gaat open."})
    assert encoder.forget() == ["brug", "De brug gaat open."]
    library = Library.open(data, encoder)
    assert library.sentence_vectors(range(20)) == {}
    library.close()


def test_equal_texts_are_encoded_once(data, encoder):
    with next_catalogue(data, encoder, TASK) as catalogue:
        for source in ("a.md", "b.md", "c.md"):
            document = Document(source, source, "Titel", "text/markdown", "hash")
            same = Passage(f"{source}-1", source, 0, "Tekst.", (), 0, 6)
            content = canonical([Block("paragraph", "Tekst.")])
            made = Prepared(document, content, (same,), f"/{source}", source)
            catalogue.put(made, [vector_key(same, document)])
        manifest, _ = complete(data, encoder, catalogue, purge=False, progress=quiet)
    assert encoder.forget() == ["Titel", "Tekst."]
    assert manifest.passages == 3
    library = Library.open(data, encoder)
    assert len(library.search_dense(encoder.encode_queries(["tekst"])[0], limit=5)) == 3
    library.close()


@pytest.mark.parametrize("make", [lambda: load_encoder(None), CountingEncoder, lambda: CountingEncoder(additive=False)])
def test_the_vector_of_a_passage_is_that_of_its_headings_and_text_together(data, make):
    encoder = make()
    publish(data, encoder, {"haven.md": TEXTS["haven.md"], "leeg.md": "…", "markt.md": "Elke vrijdag. En 's zondags?"})
    library = Library.open(data, encoder)
    rows = range(1, 4)
    vectors, passages = library.vectors(rows), library.passages(rows)
    whole = encoder.encode_passages([
        "\n".join(parts_to_encode(passages[row], library.documents[passages[row].doc_id])) for row in rows
    ])  # fmt: skip
    np.testing.assert_allclose(np.array([vectors[row] for row in rows]), whole, atol=2e-3)
    library.close()


def test_the_vectors_of_the_sentences_are_kept(data, encoder):
    publish(data, encoder, {"a.md": "Het zwembad is open. De haven is dicht."})
    library = Library.open(data, encoder)
    kept = library.sentence_vectors([1])[1].vectors
    library.close()
    expected = encoder.encode_parts(["Het zwembad is open.", "De haven is dicht."])
    np.testing.assert_allclose(kept / np.abs(kept).max(), expected / expected.max(), atol=0.02)


def test_another_encoder_makes_all_vectors_again(filled):
    data = filled
    other = CountingEncoder(dimensions=32)
    manifest, is_new = publish(data, other, TEXTS)
    assert is_new
    assert set(TEXTS) == {f"{line}.md" for line in other.forget() if " " not in line}
    assert (manifest.encoder, manifest.dimensions) == (other.name, 32)
    library = Library.open(data, other)
    assert all(len(vector) == 32 for vector in library.vectors(range(20)).values())
    library.close()


def test_purging_takes_over_no_index(filled, encoder):
    data = filled
    first = published_version(data)
    marker = library_root(data) / first / "lexical" / "van-vorige-keer"
    marker.write_text("x", encoding="utf-8")
    publish(data, encoder, TEXTS | {"a.md": "Iets nieuws."})
    assert (library_root(data) / published_version(data) / "lexical" / marker.name).exists(), "the index was copied"
    publish(data, encoder, TEXTS, purge=True)
    versions = [path for path in library_root(data).iterdir() if path.is_dir() and path.name != "next"]
    assert [path.name for path in versions] == [published_version(data)]
    assert not (versions[0] / "lexical" / marker.name).exists()


# Versions


def test_nothing_new_leaves_everything_as_it_is(filled, encoder):
    manifest, is_new = publish(filled, encoder, TEXTS)
    assert not is_new
    assert manifest == read_manifest(library_root(filled) / published_version(filled))
    assert not (library_root(filled) / "next").exists()


def test_the_published_version_and_the_one_before_are_kept(data, encoder):
    made = [publish(data, encoder, {"a.md": f"Versie {number}."})[0].library_version for number in range(3)]
    assert made == sorted(made)
    assert published_version(data) == made[-1]
    for keep, kept in ((made[1:2], made[1:]), ((), made[2:])):
        prune(data, keep=keep)
        assert sorted(path.name for path in library_root(data).iterdir() if path.is_dir()) == kept


def test_the_manifest_says_what_is_there(filled, encoder):
    first = read_manifest(library_root(filled) / published_version(filled))
    assert (first.documents, first.passages) == (len(TEXTS), len(TEXTS))
    assert (first.encoder, first.dimensions) == (encoder.name, encoder.dimensions)
    other, _ = publish(filled, encoder, TEXTS | {"bomen.md": "Geen bomen meer."})
    assert other.library_version == published_version(filled)
    assert other.corpus_hash != first.corpus_hash
    back, _ = publish(filled, encoder, TEXTS)
    assert back.corpus_hash == first.corpus_hash


def test_a_library_needs_a_document_but_may_lose_its_last(data, encoder):
    with pytest.raises(NoLibrary):
        publish(data, encoder, {})
    assert not (library_root(data) / "next").exists()
    publish(data, encoder, {"a.md": "Een enkele zin."})
    manifest, _ = publish(data, encoder, {})
    assert (manifest.documents, manifest.passages) == (0, 0)
    assert searches(data, encoder) == [({}, {})] * len(QUESTIONS)


def test_what_does_not_verify_is_not_published(filled, encoder):
    data, before = filled, published_version(filled)

    def sabotage(stage, done, _total):
        if stage == "verify" and not done:
            shutil.rmtree(library_root(data) / "next" / "lexical")

    with pytest.raises(LibraryDamaged):
        publish(data, encoder, {"a.md": "Iets anders."}, progress=sabotage)
    assert published_version(data) == before
    assert publish(data, encoder, {"a.md": "Iets anders."})[1]


def test_what_a_killed_publisher_left_is_used_only_on_top_of_the_same_version(filled, encoder):
    data = filled
    made = prepared("half.md", "Nog niet gepubliceerd.")
    with next_catalogue(data, encoder, TASK) as catalogue:
        catalogue.put(made, [vector_key(passage, made.document) for passage in made.passages])
    with next_catalogue(data, encoder, TASK) as catalogue:
        assert "half.md" in catalogue.origins()
    (library_root(data) / "next" / "catalogue.sqlite").write_bytes(b"half geschreven")
    with next_catalogue(data, encoder, TASK) as catalogue:
        assert catalogue.origins().keys() == TEXTS.keys()
        catalogue.put(made, [vector_key(passage, made.document) for passage in made.passages])
        catalogue.note({"base": "een oudere versie"})
    with next_catalogue(data, encoder, TASK) as catalogue:
        assert catalogue.origins().keys() == TEXTS.keys()
        catalogue.put(made, [vector_key(passage, made.document) for passage in made.passages])
    with next_catalogue(data, encoder, "een andere opdracht") as catalogue:
        assert catalogue.origins().keys() == TEXTS.keys()
    with next_catalogue(data, encoder, TASK) as catalogue:
        assert catalogue.origins().keys() == TEXTS.keys()
    discard_next(data)
    assert not (library_root(data) / "next").exists()


def test_a_published_catalogue_that_is_damaged_is_passed_over_for_the_one_before(data, encoder):
    for texts in ({"a.md": "Versie 1."}, {"a.md": "Versie 2."}):
        publish(data, encoder, texts)
    root = library_root(data)
    (root / published_version(data) / "catalogue.sqlite").write_bytes(b"half geschreven")
    with next_catalogue(data, encoder, TASK) as catalogue:
        assert catalogue.origins()["a.md"][1] == "Versie 1."
    for path in root.glob("*/catalogue.sqlite"):
        path.write_bytes(b"half geschreven")
    with pytest.raises(CatalogueLost), next_catalogue(data, encoder, TASK):
        pass


def test_progress_tells_each_stage_to_its_end(data, encoder):
    seen = []
    publish(data, encoder, TEXTS, progress=lambda *step: seen.append(step))
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == ["encode", "lexical", "dense", "verify"]
    last = {stage: (done, total) for stage, done, total in seen}
    assert last == {"encode": (12, 12), "lexical": (12, 12), "dense": (12, 12), "verify": (1, 1)}
