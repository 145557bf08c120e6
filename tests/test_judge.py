"""The judge: its signals, and that what is answered is more probable than what is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.features import NAMES
from assistant.judge import BEST_OF, OF_FIRST, PASSAGES, SIGNALS, judge, signals, threshold
from assistant.rerank import embedded_reranker
from assistant.retrieve import Retrieval, retrieve
from assistant.types import ScoredPassage
from assistant.understand import understand
from ingest.library import Library
from ingest.publish import publish
from ingest.thesaurus import load_thesaurus
from ingest.types import Document, Passage
from tests.corpus import write_corpus

NOTHING = Retrieval((), np.zeros((0, len(NAMES)), dtype=np.float32))
DOCUMENT = Document("d", "d.md", "Titel", "text/markdown", "hash")


@pytest.fixture(scope="module")
def library(tmp_path_factory, encoder):
    folder = tmp_path_factory.mktemp("oordelen")
    publish([write_corpus(folder / "bronnen")], folder / "data", encoder)
    opened = Library.open(folder / "data", encoder)
    yield opened
    opened.close()


def find(library, text):
    asked = understand(text, library, library.encoder, load_thesaurus())
    return retrieve(asked, library, embedded_reranker(), limit=10)


def found_with(features, scores):
    """What was found, with these features and scores."""
    passages = [
        ScoredPassage(Passage(f"p{at}", "d", at, "Tekst.", (), 0, 6), DOCUMENT, score, at + 1, "fused")
        for at, score in enumerate(scores)
    ]
    return Retrieval(tuple(passages), np.array(features, dtype=np.float32).reshape(-1, len(NAMES)))


def named(features, scores):
    row = signals(np.array(features, dtype=np.float32), np.array(scores))
    assert row.shape == (len(SIGNALS),)
    return dict(zip(SIGNALS, map(float, row), strict=True))


def rows_with(name, values):
    """A row of features for each value, which has that value for one of them."""
    return [[value if other == name else 0.0 for other in NAMES] for value in values]


# Signals


def test_a_signal_has_one_name():
    assert len(set(SIGNALS)) == len(SIGNALS)
    assert set(OF_FIRST) < set(SIGNALS)
    assert not any(name.startswith("asks_") for name in SIGNALS)
    assert set(BEST_OF) <= set(NAMES)


def test_the_features_of_the_first_passage_are_signals():
    rows = np.random.default_rng(2).random((4, len(NAMES)))
    found = named(rows, [0.9, 0.5, 0.4, 0.1])
    first = dict(zip(NAMES, rows[0].tolist(), strict=True))
    assert {name: found[name] for name in OF_FIRST} == pytest.approx({name: first[name] for name in OF_FIRST})


@pytest.mark.parametrize("name", BEST_OF)
def test_the_best_of_the_first_passages_is_a_signal(name):
    values = [0.2, 0.3, 0.6, 0.9]
    for count, best in ((1, 0.2), (2, 0.3), (PASSAGES, 0.6), (len(values), 0.6)):
        found = named(rows_with(name, values[:count]), [0.5] * count)
        assert found[f"best_{name}_of_{PASSAGES}"] == pytest.approx(best)
        assert found[name] == pytest.approx(0.2)


def test_the_scores_of_the_first_two_are_signals():
    found = named(rows_with("soft", [0, 0, 0]), [0.9, 0.5, 0.2])
    assert (found["first_score"], found["second_score"]) == pytest.approx((np.log(9), 0), abs=1e-5)


def test_a_lone_passage_has_a_second_that_is_surely_wrong():
    lone, beaten = named(rows_with("soft", [0]), [0.9]), named(rows_with("soft", [0, 0]), [0.9, 0.0])
    assert lone == beaten
    assert lone["second_score"] < -9


@given(st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_scores_without_doubt_stay_finite_and_keep_their_order(scores):
    ordered = sorted(scores, reverse=True)
    found = named(rows_with("soft", [0] * len(ordered)), ordered)
    assert np.isfinite(list(found.values())).all()
    assert found["first_score"] >= found["second_score"]


# The verdict


def test_without_passages_nothing_is_answered():
    assert judge(NOTHING).probability == 0 < threshold()
    assert judge(NOTHING).features == {}


def test_the_threshold_lies_between_none_and_one():
    assert 0 < threshold() < 1


@settings(deadline=None)
@given(st.integers(0, 1000), st.lists(st.floats(0, 1), min_size=1, max_size=5), st.floats(0.1, 1e4))
def test_a_verdict_is_a_probability_whatever_was_found(seed, scores, spread):
    rows = np.random.default_rng(seed).normal(0, spread, (len(scores), len(NAMES)))
    verdict = judge(found_with(rows, sorted(scores, reverse=True)))
    assert 0 <= verdict.probability <= 1
    assert tuple(verdict.features) == SIGNALS
    assert np.isfinite(list(verdict.features.values())).all()


def test_the_verdict_rests_on_the_signals_of_what_was_found(library):
    found = find(library, "Wat kost de jeugdhulp?")
    scores = np.array([hit.score for hit in found.passages])
    assert list(judge(found).features.values()) == pytest.approx(signals(found.features, scores).tolist())
    assert judge(found) == judge(found)


ANSWERED = [
    "Hoeveel woningen bouwt Veldrijk tot 2030?",
    "Wanneer beginnen de gezinscoaches?",
    "Wie beslist over het budget van het dorp?",
    "Hoeveel gaf de gemeente in 2023 uit aan jeugdhulp?",
]
NOT_ANSWERED = [
    "Hoeveel zonnepanelen liggen er op het dak van het zwembad in Zandbergen?",
    "Wie schilderde het portret van koningin Wilhelmina?",
    "Wat is de hoofdstad van Peru?",
    "Welke vogels broeden er op het eiland Texel?",
]


def test_a_clear_answer_is_more_probable_than_none(library):
    answered, not_answered = (
        [judge(find(library, text)).probability for text in texts] for texts in (ANSWERED, NOT_ANSWERED)
    )
    assert min(answered) > max(not_answered)


def test_most_of_what_a_passage_plainly_says_is_answered(library):
    answered = [text for text in ANSWERED if judge(find(library, text)).probability >= threshold()]
    assert len(answered) > len(ANSWERED) / 2


@pytest.mark.parametrize("text", NOT_ANSWERED)
def test_what_no_document_is_about_is_not_answered(library, text):
    assert judge(find(library, text)).probability < threshold()


@pytest.mark.parametrize("text", ["", "???", "de het een", "x"])
def test_a_question_that_asks_nothing_is_less_probable_than_one_that_is_answered(library, text):
    assert judge(find(library, text)).probability < judge(find(library, ANSWERED[0])).probability


def test_what_is_asked_of_a_year_that_no_document_speaks_of_is_not_answered(library):
    text = "Hoeveel woningen bouwt Veldrijk tot {}?"
    probable = []
    for year in (2030, 2047):
        asked = understand(text.format(year), library, library.encoder, load_thesaurus())
        found = retrieve(asked, library, embedded_reranker(), limit=10)
        probable.append(judge(found, asked.absent).probability)
    assert probable[0] > threshold()
    assert probable[1] == 0.0
