import pytest

from assistant.rerank import embedded_reranker
from assistant.retrieve import retrieve, visible_documents
from assistant.types import Filters
from assistant.understand import understand
from ingest.encode import load_encoder
from ingest.library import Library
from ingest.publish import publish
from ingest.thesaurus import load_thesaurus
from tests.corpus import write_corpus


@pytest.fixture(scope="module")
def encoder():
    return load_encoder(None)


@pytest.fixture(scope="module")
def library(tmp_path_factory, encoder):
    folder = tmp_path_factory.mktemp("zoeken")
    corpus = write_corpus(folder / "bronnen")
    toml = corpus / "bronnen.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + '\n["interview.md"]\naccess = ["bestuur"]\n', encoding="utf-8")
    publish([corpus], folder / "data", encoder)
    opened = Library.open(folder / "data", encoder)
    yield opened
    opened.close()


def find(library, encoder, question, **kwargs):
    asked = understand(question, library, encoder, load_thesaurus())
    return list(retrieve(asked, library, embedded_reranker(), limit=5, **kwargs).passages)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Hoeveel woningen bouwt Veldrijk tot 2030?", "2.150 woningen"),
        ("Wat kost de jeugdhulp?", "12,4 miljoen"),
        ("wie beslis over dorps budjet", "dorpsraad"),
        ("Wanneer beginnen de gezinscoaches?", "1 september 2025"),
    ],
)
def test_the_passage_with_the_answer_comes_first(library, encoder, question, expected):
    assert expected in find(library, encoder, question)[0].passage.text


def test_ranks_scores_and_parts_are_in_order(library, encoder):
    hits = find(library, encoder, "Waarom is inspraak belangrijk?")
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert hit.document.doc_id == hit.passage.doc_id
        assert {part.retriever for part in hit.parts} <= {"lexical", "dense"}
        assert hit.parts


def test_the_same_question_gives_the_same_result(library, encoder):
    assert find(library, encoder, "warmtenet") == find(library, encoder, "warmtenet")


def test_only_the_documents_that_are_asked_for(library, encoder):
    wanted = [d.doc_id for d in library.documents.values() if d.source == "woonvisie.md"]
    hits = find(library, encoder, "Wanneer beginnen de gezinscoaches?", doc_ids=wanted)
    assert {hit.document.source for hit in hits} == {"woonvisie.md"}
    assert find(library, encoder, "gezinscoaches", doc_ids=[]) == []


def test_a_question_without_words_still_gives_an_order(library, encoder):
    assert find(library, encoder, "???") == find(library, encoder, "???")


EVERYTHING = Filters()


def visible(library, filters=EVERYTHING, groups=frozenset()):
    ids = visible_documents(library, filters, groups)
    return {library.documents[i].source for i in (library.documents if ids is None else ids)}


def test_a_document_of_a_group_does_not_exist_for_others(library):
    assert "interview.md" not in visible(library)
    assert "interview.md" in visible(library, groups=frozenset({"bestuur"}))
    assert "interview.md" not in visible(library, groups=frozenset({"anders"}))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(kinds=("visie",)), {"woonvisie.md"}),
        (Filters(issued_from="2024"), {"woonvisie.md", "brieven/jeugdhulp.md"}),
        (Filters(issued_from="2024-04"), {"brieven/jeugdhulp.md"}),
        (Filters(issued_to="2024"), {"woonvisie.md"}),
        (Filters(issued_from="2025-05-06", issued_to="2025-05-06"), {"brieven/jeugdhulp.md"}),
        (Filters(issued_from="2024", issued_to="2025", kinds=("raadsbrief",)), {"brieven/jeugdhulp.md"}),
        (Filters(issued_from="2026"), set()),
    ],
)
def test_filters_narrow_down(library, filters, expected):
    assert visible(library, filters) == expected
