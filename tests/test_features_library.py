"""The features of what a real small library finds: their ranges, and what they do not depend on."""

from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.features import NAMES, candidate_features
from assistant.retrieve import find_candidates
from assistant.understand import understand
from ingest.dutch import stem, words
from ingest.library import Library
from ingest.publish import publish
from ingest.thesaurus import load_thesaurus
from tests.corpus import DOCUMENTS, write_corpus

COSINES = "cosine window_cosine second_window best_cosine".split()
GAPS = "coverage_gap cosine_gap window_gap expanded_gap late_gap".split()
SCALES = ["length", "words"]
SHARES = [name for name in NAMES if name not in {*COSINES, *GAPS, *SCALES}]
ROUNDING = 2e-3  # the vectors of words are kept in half precision


class WordEncoder:
    """Counts stems in 64 boxes, and says that its vectors do not add up."""

    name = "woorden 64d"
    dimensions = 64
    additive = False

    def encode_queries(self, texts):
        return self.encode_passages(texts)

    def encode_passages(self, texts):
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in words(text):
                vectors[row, crc32(stem(word).encode()) % self.dimensions] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    def encode_parts(self, texts):
        raise NotImplementedError("the vector of a text is not the sum of those of its parts")


def opened(folder, encoder):
    publish([write_corpus(folder / "bronnen")], folder / "data", encoder)
    return Library.open(folder / "data", encoder)


@pytest.fixture(scope="module")
def library(tmp_path_factory, encoder):
    made = opened(tmp_path_factory.mktemp("kenmerken"), encoder)
    yield made
    made.close()


SAID = sorted({word for text in DOCUMENTS.values() for word in text.split()})
ASKED = st.one_of(
    st.lists(st.sampled_from(SAID), min_size=1, max_size=8).map(" ".join),
    st.sampled_from(["How many houses does Veldrijk build?", "Waarom zijn gezinscoaches nodig in 1987?", "???", ""]),
    st.text(max_size=40),
)


def candidates_of(text, library):
    asked = understand(text, library, library.encoder, load_thesaurus())
    return asked, find_candidates(asked, library)


def named(row):
    return dict(zip(NAMES, map(float, row), strict=True))


@settings(max_examples=60, deadline=None)
@given(text=ASKED)
def test_features_stay_in_their_range(library, text):
    asked, candidates = candidates_of(text, library)
    rows = candidate_features(asked, candidates, library.word_vectors)
    assert rows.shape == (len(candidates), len(NAMES))
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all()
    for row in map(named, rows):
        assert [name for name in SHARES if not 0 <= row[name] <= 1 + ROUNDING] == []
        assert [name for name in COSINES if not -1 - 1e-4 <= row[name] <= 1 + 1e-4] == []
        assert [name for name in GAPS if not 0 <= row[name] <= 2 + 1e-4] == []
        assert row["exact"] <= row["soft"] + 1e-6 <= row["expanded"] + 2e-6
        assert row["sentence"] <= row["window"] + 1e-6
        assert row["second_window"] <= row["window_cosine"] + 1e-6
        assert row["late_sentence"] <= row["late"] + 1e-5


def test_a_feature_has_one_name():
    assert len(set(NAMES)) == len(NAMES)
    assert {*COSINES, *GAPS, *SCALES} < set(NAMES)


@settings(max_examples=30, deadline=None)
@given(text=ASKED, seed=st.integers(0, 9))
def test_the_order_of_the_candidates_makes_no_difference(library, text, seed):
    asked, candidates = candidates_of(text, library)
    order = np.random.default_rng(seed).permutation(len(candidates))
    rows = candidate_features(asked, candidates, library.word_vectors)
    shuffled = candidate_features(asked, [candidates[at] for at in order], library.word_vectors)
    np.testing.assert_allclose(shuffled, rows[order], atol=1e-5)


def test_the_passage_with_the_answer_has_most_of_the_question(library):
    asked, candidates = candidates_of("Hoeveel sociale huur bouwt Veldrijk tot 2030?", library)
    rows = [named(row) for row in candidate_features(asked, candidates, library.word_vectors)]
    best = max(range(len(rows)), key=lambda at: rows[at]["expanded"])
    assert "2.150 woningen" in candidates[best].passage.text
    assert rows[best]["expanded_gap"] == 0
    assert rows[best]["lexical_rank"] == 1


def test_words_near_in_meaning_count_with_the_embedded_model(library):
    asked, candidates = candidates_of("Wie komt er op elke leerling af?", library)
    rows = [named(row) for row in candidate_features(asked, candidates, library.word_vectors)]
    assert all(0 <= row["late_weakest"] <= row["late"] + ROUNDING for row in rows)
    assert max(row["late"] for row in rows) > max(row["exact"] for row in rows)


def test_an_encoder_that_does_not_add_up_has_only_whole_passages(tmp_path):
    library = opened(tmp_path, WordEncoder())
    asked, candidates = candidates_of("Wie beslist over het budget van een dorp?", library)
    assert candidates
    assert all(found.stretches == () for found in candidates)
    for found, row in zip(candidates, candidate_features(asked, candidates, library.word_vectors), strict=True):
        own = named(row)
        assert own["window_cosine"] == own["second_window"] == pytest.approx(found.cosine)
        assert own["late"] == own["late_gap"] == 0
    library.close()
