"""The judge: its signals, and that what is answered is more probable than what is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.choose import Chosen, choose
from assistant.features import NAMES
from assistant.inquiry import Inquiry
from assistant.judge import (
    BELIEVED,
    BEST_OF,
    BEST_OF_SENTENCES,
    DOMAIN,
    FITTED,
    LEAST_OF_SENTENCES,
    OF_FIRST,
    OF_SENTENCE,
    PASSAGES,
    SENTENCES,
    SIGNALS,
    is_answered,
    judge,
    sentence_signals,
    signals,
    threshold,
)
from assistant.passage_sentences import Sentence, read_sentences, sentence_vectors
from assistant.rerank import embedded_reranker
from assistant.retrieve import Retrieval, retrieve
from assistant.sentence_features import NAMES as SENTENCE_NAMES
from assistant.sentence_features import sentence_features
from assistant.types import ScoredPassage, Verdict
from assistant.understand import understand
from benchmarks.crossfit import elsewhere
from ingest.library import Library
from ingest.publish import publish
from ingest.thesaurus import load_thesaurus
from ingest.types import Document, Passage
from tests.corpus import write_corpus

OF_PASSAGES = SIGNALS[: len(OF_FIRST) + len(BEST_OF) + 2]
OF_SENTENCES = SIGNALS[len(OF_PASSAGES) :]
NOTHING = Retrieval((), np.zeros((0, len(NAMES)), dtype=np.float32))
DOCUMENT = Document("d", "d.md", "Titel", "text/markdown", "hash")


@pytest.fixture(scope="module")
def library(tmp_path_factory, encoder):
    folder = tmp_path_factory.mktemp("oordelen")
    publish([write_corpus(folder / "bronnen")], folder / "data", encoder)
    opened = Library.open(folder / "data", encoder)
    yield opened
    opened.close()


def verdict_on(library, text):
    """What the judge makes of a question to the library."""
    finding = Inquiry(library, library.encoder, embedded_reranker(), load_thesaurus()).find(text, 10)
    return max((part.verdict for part in finding.parts), key=lambda one: one.probability * one.in_domain)


def probability(library, text):
    """How probable it is that the library answers a question."""
    verdict = verdict_on(library, text)
    return verdict.probability * verdict.in_domain


def found_with(features, scores):
    """What was found, with these features and scores."""
    passages = [
        ScoredPassage(Passage(f"p{at}", "d", at, "Tekst.", (), 0, 6), DOCUMENT, score, at + 1, "fused")
        for at, score in enumerate(scores)
    ]
    return Retrieval(tuple(passages), np.array(features, dtype=np.float32).reshape(-1, len(NAMES)))


def chosen_with(found, features, shares):
    """Sentences of the first passage, with these features and shares."""
    rows = np.array(features, dtype=np.float32).reshape(-1, len(SENTENCE_NAMES))
    sentence = Sentence(found.passages[0], 0, 6, 0, "paragraph", "Tekst.", quotable=True)
    return [Chosen(sentence, share, 10 * share, row) for share, row in zip(shares, rows, strict=True)]


def named(features, scores):
    row = signals(np.array(features, dtype=np.float32), np.array(scores))
    return dict(zip(OF_PASSAGES, map(float, row), strict=True))


def named_of_sentences(features, outputs, shares):
    row = sentence_signals(np.array(features, dtype=np.float32), np.array(outputs), np.array(shares))
    return dict(zip(OF_SENTENCES, map(float, row), strict=True))


def rows_with(name, values, names=NAMES):
    """A row of features for each value, which has that value for one of them."""
    return [[value if other == name else 0.0 for other in names] for value in values]


# Signals


def test_a_signal_has_one_name():
    assert len(set(SIGNALS)) == len(SIGNALS)
    assert set(OF_FIRST) < set(SIGNALS)
    assert set(BEST_OF) <= set(NAMES)
    for some in (OF_SENTENCE, BEST_OF_SENTENCES, LEAST_OF_SENTENCES, BELIEVED):
        assert set(some) <= set(SENTENCE_NAMES)


def test_of_a_passage_the_sort_of_question_is_no_signal():
    assert not any(name.startswith("asks_") for name in OF_PASSAGES)


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


def test_the_features_of_the_first_sentence_are_signals():
    rows = np.random.default_rng(3).random((4, len(SENTENCE_NAMES)))
    found = named_of_sentences(rows, [3.0, 2.0, 1.0, 0.0], [0.6, 0.2, 0.1, 0.1])
    first = dict(zip(SENTENCE_NAMES, rows[0].tolist(), strict=True))
    assert [found[f"sentence_{name}"] for name in OF_SENTENCE] == pytest.approx([first[name] for name in OF_SENTENCE])
    assert (found["sentence_output"], found["second_sentence_output"]) == (3, 2)
    assert (found["sentence_share"], found["two_sentences_share"]) == pytest.approx((0.6, 0.8))


@pytest.mark.parametrize("name", BEST_OF_SENTENCES)
def test_the_best_of_the_first_sentences_is_a_signal(name):
    values = [0.3, 0.2, 0.6, 0.9]
    for count in range(1, len(values) + 1):
        found = named_of_sentences(rows_with(name, values[:count], SENTENCE_NAMES), [0.0] * count, [1 / count] * count)
        assert found[f"sentences_best_{name}"] == pytest.approx(max(values[: min(count, SENTENCES)]))


@pytest.mark.parametrize("name", LEAST_OF_SENTENCES)
def test_the_least_of_the_first_sentences_is_a_signal(name):
    values = [0.6, 0.7, 0.2, 0.1]
    for count in range(1, len(values) + 1):
        found = named_of_sentences(rows_with(name, values[:count], SENTENCE_NAMES), [0.0] * count, [1 / count] * count)
        assert found[f"sentences_least_{name}"] == pytest.approx(min(values[: min(count, SENTENCES)]))


@pytest.mark.parametrize("name", BELIEVED)
def test_what_sentences_hold_counts_for_as_much_as_they_are_believed(name):
    found = named_of_sentences(rows_with(name, [1, 0, 1, 1], SENTENCE_NAMES), [0.0] * 4, [0.5, 0.3, 0.15, 0.05])
    assert found[f"sentences_believed_{name}"] == pytest.approx(0.7)


def test_a_lone_sentence_has_a_second_that_is_surely_wrong():
    found = named_of_sentences(rows_with("late", [1], SENTENCE_NAMES), [2.0], [1.0])
    assert found["second_sentence_output"] < -5
    assert found["two_sentences_share"] == 1


# The verdict


def test_without_passages_nothing_is_answered():
    assert judge(NOTHING, []).probability == 0
    assert not is_answered(judge(NOTHING, []))
    assert judge(NOTHING, []).features == {}


def test_without_sentences_to_quote_nothing_is_answered():
    assert judge(found_with(rows_with("soft", [1.0]), [0.9]), []).probability == 0


@pytest.mark.parametrize("fitted", [FITTED, DOMAIN])
def test_a_threshold_lies_between_none_and_one(fitted):
    assert 0 < threshold(fitted) < 1


def test_answered_is_what_is_in_the_domain_and_probable():
    probable, in_domain = threshold(FITTED), threshold(DOMAIN)
    assert is_answered(Verdict(probable, in_domain))
    assert not is_answered(Verdict(probable - 0.01, 1.0))
    assert not is_answered(Verdict(1.0, in_domain - 0.01))


@settings(deadline=None)
@given(
    st.integers(0, 1000),
    st.lists(st.floats(0, 1), min_size=1, max_size=5),
    st.lists(st.floats(0, 1), min_size=1, max_size=5),
    st.floats(0.1, 1e4),
)
def test_a_verdict_is_a_probability_whatever_was_found(seed, scores, shares, spread):
    random = np.random.default_rng(seed)
    found = found_with(random.normal(0, spread, (len(scores), len(NAMES))), sorted(scores, reverse=True))
    rows = random.normal(0, spread, (len(shares), len(SENTENCE_NAMES)))
    verdict = judge(found, chosen_with(found, rows, sorted(shares, reverse=True)))
    assert 0 <= verdict.probability <= 1
    assert 0 <= verdict.in_domain <= 1
    assert tuple(verdict.features) == SIGNALS
    assert np.isfinite(list(verdict.features.values())).all()


def test_the_verdict_rests_on_the_signals_of_what_was_found(library):
    asked = understand("Wat kost de jeugdhulp?", library, library.encoder, load_thesaurus())
    found = retrieve(asked, library, embedded_reranker(), limit=10)
    said = read_sentences(found.passages, library.canonical)
    vectors = sentence_vectors(said, library, found.rows)
    assert vectors is not None
    assert vectors @ asked.vector == pytest.approx(
        library.encoder.encode_passages([s.text for s in said]) @ asked.vector, abs=0.02
    )
    assert sentence_vectors([], library, {}) is None
    chosen = choose(said, sentence_features(asked, said, library.word_vectors, vectors))
    verdict = judge(found, chosen)
    of_passages = signals(found.features, np.array([hit.score for hit in found.passages]))
    of_sentences = sentence_signals(
        np.stack([one.features for one in chosen]),
        np.array([one.output for one in chosen]),
        np.array([one.score for one in chosen]),
    )
    assert list(verdict.features.values()) == pytest.approx([*of_passages.tolist(), *of_sentences.tolist()])
    assert judge(found, chosen) == verdict


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
    answered, not_answered = ([probability(library, text) for text in texts] for texts in (ANSWERED, NOT_ANSWERED))
    assert min(answered) > max(not_answered)


def test_most_of_what_a_passage_plainly_says_is_answered(library):
    answered = [text for text in ANSWERED if is_answered(verdict_on(library, text))]
    assert len(answered) > len(ANSWERED) / 2


@pytest.mark.parametrize("text", NOT_ANSWERED)
def test_what_no_document_is_about_is_not_answered(library, text):
    assert not is_answered(verdict_on(library, text))


def test_most_of_what_is_asked_elsewhere_is_not_answered(library):
    """Of the questions that the judge did not learn from: who asks for a recipe gets no quote out of a vision."""
    texts = [question.text for question in elsewhere("valid")]
    answered = [text for text in texts if is_answered(verdict_on(library, text))]
    assert len(answered) < len(texts) / 4, answered


@pytest.mark.parametrize("text", ["", "???", "de het een", "x"])
def test_a_question_that_asks_nothing_is_less_probable_than_one_that_is_answered(library, text):
    assert probability(library, text) < probability(library, ANSWERED[0])


def test_what_is_asked_of_a_year_that_no_document_speaks_of_is_not_answered(library):
    text = "Hoeveel woningen bouwt Veldrijk tot {}?"
    assert is_answered(verdict_on(library, text.format(2030)))
    assert verdict_on(library, text.format(2047)).probability == 0.0


def test_a_year_that_is_absent_decides_and_another_word_does_not():
    found = found_with(rows_with("soft", [1.0]), [0.9])
    chosen = chosen_with(found, rows_with("exact", [1.0], SENTENCE_NAMES), [1.0])
    present = judge(found, chosen).probability
    assert present > 0
    assert judge(found, chosen, {"2047"}).probability == 0
    assert judge(found, chosen, {"zandbergen", "12"}).probability == present
