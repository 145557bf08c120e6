"""By what a question can point at a document."""

from ingest.titles import Titles
from ingest.types import Document


def document(doc_id, title, **known):
    return Document(doc_id, f"{doc_id}.md", media_type="text/markdown", content_hash="hash", title=title, **known)


TITLES = Titles({
    one.doc_id: one
    for one in (
        document("a", "Woonvisie Veldrijk 2030", kind="visie"),
        document("b", "Brief over de jeugdzorg", kind="raadsbrief", issued="2019-03-01"),
        document("c", "", kind="c++ (nota)"),
    )
})  # fmt: skip


def test_documents_are_found_by_a_share_of_their_title():
    assert TITLES.sharing({"woonvisie", "veldrijk"}, share=0.5, least=2) == ["a"]
    assert TITLES.sharing({"woonvisie"}, share=0.3, least=1) == ["a"]
    assert TITLES.sharing({"veldrijk"}, share=0.5, least=1) == []
    assert TITLES.sharing(set(), share=0.0, least=0) == []


def test_a_title_can_have_all_of_some_stems():
    assert TITLES.with_all(["veldrijk", "2030"]) == {"a"}
    assert TITLES.with_all(["veldrijk", "brug"]) == set()
    assert TITLES.with_all([]) == set()


def test_a_kind_is_a_word_of_the_question_whatever_characters_it_has():
    assert TITLES.of_kind_in("Wat staat er in de Raadsbrief?") == ["b"]
    assert TITLES.of_kind_in("Wat is een raadsbrieven?") == []
    assert TITLES.of_kind_in("c+") == []


def test_a_document_is_known_by_its_title_and_its_date():
    assert list(TITLES.known_by("2019")) == ["b"]
    assert list(TITLES.known_by("veldrijk")) == ["a"]
    assert list(TITLES.known_by("molen")) == []
