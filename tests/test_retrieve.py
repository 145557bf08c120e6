from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.features import NAMES
from assistant.rerank import embedded_reranker
from assistant.retrieve import Retrieval, interleave, retrieve, retrieve_part, visible_documents
from assistant.types import Filters, ScoredPassage
from assistant.understand import understand
from ingest.encode import load_encoder
from ingest.library import Library
from ingest.publish import publish
from ingest.thesaurus import load_thesaurus
from ingest.types import Document, Passage
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


# Questions in several parts

BOTH = "Hoeveel woningen bouwt Veldrijk tot 2030, en wanneer beginnen de gezinscoaches?"


def test_a_question_that_is_one_is_retrieved_as_one(library, encoder):
    asked = understand("Hoeveel woningen bouwt Veldrijk tot 2030?", library, encoder, load_thesaurus())
    assert asked.parts == ()
    whole, part = (search(asked, library, embedded_reranker(), limit=5) for search in (retrieve, retrieve_part))
    assert whole.passages == part.passages
    np.testing.assert_array_equal(whole.features, part.features)


def test_each_part_of_a_question_brings_its_best_passage_to_the_front(library, encoder):
    asked = understand(BOTH, library, encoder, load_thesaurus())
    assert len(asked.parts) == 2
    found = retrieve(asked, library, embedded_reranker(), limit=5)
    parts = [retrieve_part(part, library, embedded_reranker(), limit=5) for part in asked.parts]
    first = {hit.passage.passage_id for hit in found.passages[:2]}
    assert first == {part.passages[0].passage.passage_id for part in parts}
    assert found.features.shape == (len(found.passages), len(NAMES))
    together = interleave(parts, 5)
    assert together.passages == found.passages
    np.testing.assert_array_equal(together.features, found.features)


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_limit_holds_for_a_part_and_for_all_parts(library, encoder, limit):
    asked = understand(BOTH, library, encoder, load_thesaurus())
    for found in (
        retrieve(asked, library, embedded_reranker(), limit=limit),
        retrieve_part(asked.parts[0], library, embedded_reranker(), limit=limit),
    ):
        assert [hit.rank for hit in found.passages] == list(range(1, limit + 1))
        assert len(found.features) == limit


def retrieval(scores):
    """What was found: passages by their number, with these scores, and a row of features that holds the number."""
    document = Document("d", "d.md", "Titel", "text/markdown", "hash")
    ordered = sorted(scores.items(), key=lambda one: (-one[1], one[0]))
    passages = tuple(
        ScoredPassage(Passage(f"p{at}", "d", at, "Tekst.", (), 0, 6), document, score, rank, "fused")
        for rank, (at, score) in enumerate(ordered, 1)
    )
    rows = [[float(at)] * len(NAMES) for at, _ in ordered]
    return Retrieval(passages, np.array(rows, dtype=np.float32).reshape(-1, len(NAMES)))


def numbers(found):
    return [hit.passage.ordinal for hit in found.passages]


def test_passages_of_parts_take_turns_the_surest_first():
    one, other = retrieval({1: 0.5, 2: 0.4, 3: 0.1}), retrieval({4: 0.9, 5: 0.05})
    assert numbers(interleave([one, other], 10)) == [4, 1, 2, 5, 3]


def test_a_passage_of_two_parts_stands_once_where_it_first_came():
    one, other = retrieval({1: 0.5, 2: 0.4}), retrieval({2: 0.9, 1: 0.05})
    assert numbers(interleave([one, other], 10)) == [2, 1]


def test_a_part_that_found_nothing_takes_no_turn():
    one = retrieval({1: 0.5, 2: 0.4})
    assert numbers(interleave([one, retrieval({})], 10)) == [1, 2]
    assert interleave([one], 10) is one
    nothing = interleave([retrieval({}), retrieval({})], 10)
    assert nothing.passages == ()
    assert nothing.features.shape == (0, len(NAMES))


SCORES = st.dictionaries(st.integers(0, 12), st.floats(0, 1), max_size=8)


@given(st.lists(SCORES, min_size=2, max_size=4), st.integers(1, 12))
def test_whatever_the_parts_found_the_whole_is_in_order_and_nothing_is_lost(parts, limit):
    retrievals = [retrieval(scores) for scores in parts]
    found = interleave(retrievals, limit)
    everything = {number for scores in parts for number in scores}
    assert len(numbers(found)) == len(set(numbers(found))) == min(limit, len(everything))
    assert set(numbers(found)) <= everything
    assert [hit.rank for hit in found.passages] == list(range(1, len(found.passages) + 1))
    scores = [hit.score for hit in found.passages]
    assert scores == sorted(scores, reverse=True)
    assert found.features[:, 0].tolist() == numbers(found), "each keeps its own features"
    own = {hit.passage.passage_id: hit for one in reversed(retrievals) for hit in one.passages}
    for hit in found.passages:
        assert replace(hit, score=0, rank=0) == replace(own[hit.passage.passage_id], score=0, rank=0)
