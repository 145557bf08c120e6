"""Reranking: with the networks over the features of a passage, and with a model that reads question and passage."""

import threading

import numpy as np
import pytest

from assistant.cross_encoder import READ, CrossEncoderReranker
from assistant.features import NAMES, Candidate, candidate_features
from assistant.networks import Networks
from assistant.rerank import FittedReranker, embedded_reranker
from assistant.retrieve import find_candidates, retrieve
from assistant.understand import understand
from ingest.errors import EncoderError
from ingest.library import Library
from ingest.publish import publish
from ingest.thesaurus import load_thesaurus
from ingest.types import Document, Passage
from tests.corpus import write_corpus

QUESTION = "Hoeveel woningen bouwt Veldrijk tot 2030?"
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
WORDPIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS)]
MOST_TOKENS = 64


@pytest.fixture(scope="module")
def library(tmp_path_factory, encoder):
    folder = tmp_path_factory.mktemp("rangschikken")
    publish([write_corpus(folder / "bronnen")], folder / "data", encoder)
    opened = Library.open(folder / "data", encoder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def question(library):
    return understand(QUESTION, library, library.encoder, load_thesaurus())


@pytest.fixture(scope="module")
def candidates(library, question):
    """More candidates than a cross-encoder reads: what the library has, and passages beside the point."""
    found = find_candidates(question, library)
    filler = [f"In straat {number} staan {number} bomen." for number in range(READ + 5)]
    return [*found, *(made(text, 1000 + at) for at, text in enumerate(filler))]


@pytest.fixture(scope="module")
def features(library, question, candidates):
    return candidate_features(question, candidates, library.word_vectors)


def made(text, row):
    document = Document("vulling", "vulling.md", "Vulling", "text/markdown", "hash")
    return Candidate(row, Passage(f"p{row}", "vulling", row, text, (), 0, len(text)), document, 0.0, 0.0)


def by(name, slope=4e-6):
    """A reranker that goes by one feature only: beside that, the fixed weights are nothing."""
    chosen = [[[1.0 if other == name else 0.0] for other in NAMES]]
    nothing = dict.fromkeys(("mean", "in"), [0.0] * len(NAMES)) | {"scale": [1.0] * len(NAMES)}
    fitted = nothing | {"features": list(NAMES), "in": chosen, "bias": [[0.0]], "out": [[1e6]], "slope": slope}
    return FittedReranker(Networks(fitted | {"intercept": 0.0}, NAMES))


# Networks over the features


@pytest.mark.parametrize("name", ["coverage", "cosine", "expanded"])
def test_the_score_is_the_probability_of_the_networks(question, candidates, features, name):
    scores = by(name).score(question, candidates, features)
    assert scores.shape == (len(candidates),)
    assert ((scores > 0) & (scores < 1)).all()
    values = features[:, NAMES.index(name)]
    order = np.argsort(-scores, kind="stable")
    assert (np.diff(values[order]) <= 1e-6).all()


def test_passages_come_in_order_of_their_score(library, question):
    hits = retrieve(question, library, by("length"), limit=50)
    assert len(hits.passages) > 2
    assert {hit.retriever for hit in hits.passages} == {"fused"}
    scores = [hit.score for hit in hits.passages]
    assert scores == sorted(scores, reverse=True)
    lengths = hits.features[:, NAMES.index("length")]
    assert (np.diff(lengths) <= 0).all()


def test_equal_scores_stand_in_order_of_the_library(library, question):
    hits = retrieve(question, library, by("english", slope=0.0), limit=50)
    assert len({hit.score for hit in hits.passages}) == 1
    rows = [found.row for found in find_candidates(question, library, limit=50)]
    in_order = library.passages(rows)
    assert [hit.passage.passage_id for hit in hits.passages] == [in_order[row].passage_id for row in sorted(rows)]


def test_the_reranker_of_the_project_knows_the_features_of_now(question, candidates, features):
    scores = embedded_reranker().score(question, candidates, features)
    assert ((scores >= 0) & (scores <= 1)).all()
    assert embedded_reranker() is embedded_reranker()


def test_the_scores_of_all_candidates_are_shares_of_one(question, candidates, features):
    scores = embedded_reranker().score(question, candidates, features)
    assert scores.min() > 0
    assert scores.sum() == pytest.approx(1)
    some = [0, 3, 7]
    among_some = embedded_reranker().score(question, [candidates[at] for at in some], features[some])
    assert among_some / among_some.sum() == pytest.approx(scores[some] / scores[some].sum())


def test_the_reranker_of_the_project_puts_the_answer_first(question, candidates, features):
    best = int(np.argmax(embedded_reranker().score(question, candidates, features)))
    assert "2.150 woningen" in candidates[best].passage.text


def test_without_candidates_there_are_no_scores(library, question, reader):
    none = candidate_features(question, [], library.word_vectors)
    for reranker in (by("coverage"), reader):
        assert reranker.score(question, [], none).shape == (0,)


# A cross-encoder


def save_cross_encoder(folder, *, outputs):
    """A tiny model with random weights, the same every time."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder.mkdir()
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(WORDPIECES), encoding="utf-8")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(WORDPIECES),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=MOST_TOKENS,
        id2label={at: str(at) for at in range(outputs)},
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(str(vocabulary), model_max_length=MOST_TOKENS).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def opened_reader(tmp_path_factory):
    return CrossEncoderReranker(str(save_cross_encoder(tmp_path_factory.mktemp("modellen") / "lezer", outputs=1)))


@pytest.fixture
def reader(opened_reader, monkeypatch):
    """A cross-encoder that reads first what has most of the question, whatever the fitted networks say."""
    monkeypatch.setattr("assistant.cross_encoder.embedded_reranker", lambda: by("expanded"))
    return opened_reader


def test_it_goes_by_the_name_of_its_folder(reader):
    assert reader.name == "lezer"


def test_what_it_reads_comes_before_what_it_does_not_read(question, candidates, features, reader):
    scores = reader.score(question, candidates, features)
    first = by("expanded").score(question, candidates, features)
    read, unread = np.split(np.argsort(-first, kind="stable"), [READ])
    assert len(unread) > 5
    assert scores[read].min() > scores[unread].max()
    assert (np.diff(scores[unread]) <= 0).all()
    assert ((scores >= 0) & (scores <= 1)).all()


def test_what_it_reads_is_in_an_order_of_its_own(question, candidates, features, reader):
    chosen = list(range(READ))
    own = reader.score(question, [candidates[at] for at in chosen], features[chosen])
    first = by("expanded").score(question, [candidates[at] for at in chosen], features[chosen])
    assert np.argsort(-own).tolist() != np.argsort(-first).tolist()
    assert len({round(score, 9) for score in own.tolist()}) > 1


def test_it_scores_a_passage_by_its_text_and_its_headings(question, features, reader):
    texts = ["De raad vergadert.", "De raad vergadert.", "De raad bouwt."]
    scores = reader.score(
        question, [made(text, at) for at, text in enumerate(texts)], np.repeat(features[:1], 3, axis=0)
    )
    assert scores[0] == pytest.approx(scores[1])
    assert scores[0] != pytest.approx(scores[2], abs=1e-9)


def test_the_same_candidates_get_the_same_scores_from_threads_that_share_it(question, candidates, features, reader):
    expected = reader.score(question, candidates, features)
    results: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: results.append(reader.score(question, candidates, features))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3
    for found in results:
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_text_longer_than_it_can_read_is_cut_off(question, features, reader):
    long = made("De gemeente bouwt woningen aan het water. " * 200, 1)
    assert np.isfinite(reader.score(question, [long], features[:1])).all()


def test_retrieval_says_which_model_ranked(library, question, reader):
    hits = retrieve(question, library, reader, limit=3).passages
    assert [(hit.rank, hit.retriever) for hit in hits] == [(1, "lezer"), (2, "lezer"), (3, "lezer")]
    assert hits == retrieve(question, library, reader, limit=3).passages


def test_a_model_with_two_outputs_is_refused(tmp_path):
    folder = save_cross_encoder(tmp_path / "klassen", outputs=2)
    with pytest.raises(EncoderError, match="2 outputs instead of one") as raised:
        CrossEncoderReranker(str(folder))
    assert raised.value.name == str(folder)


@pytest.mark.parametrize("config", [None, "{}", "geen json"])
def test_a_folder_without_a_model_is_refused(tmp_path, config):
    if config is not None:
        (tmp_path / "config.json").write_text(config, encoding="utf-8")
    with pytest.raises(EncoderError, match="cannot be opened as a cross-encoder") as raised:
        CrossEncoderReranker(str(tmp_path))
    assert raised.value.name == str(tmp_path)


@pytest.mark.parametrize(
    ("spec", "detail"),
    [
        ("/geen/map/op/deze/machine", "no such directory"),
        ("voorbeeld-gemeente/bestaat-niet", "downloading is not allowed"),
    ],
)
def test_a_model_that_is_not_on_this_machine_is_refused(spec, detail):
    with pytest.raises(EncoderError, match=detail):
        CrossEncoderReranker(spec)
