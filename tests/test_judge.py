from dataclasses import replace
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.judge import FIT, NAMED_IN, SIGNALS, Fit, judge, signals
from assistant.retrieve import understand
from assistant.sentence_match import question_words
from assistant.types import RetrieverRank, ScoredPassage
from ingest.dutch import stem, words
from ingest.types import Document, Passage

QUESTION = "Hoeveel woningen bouwt Veldrijk in 2030?"
EVIDENCE = "In 2030 bouwt Veldrijk 2.150 woningen. Een derde is sociale huur."
OTHER = "De raad vergadert in mei over het zwembad."


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


def hit(text, *, score=0.9, rank=1, dense=None, title="Titel", section=()):
    document = Document("d", "d.md", title, "text/markdown", "hash")
    parts = () if dense is None else (RetrieverRank("dense", rank, dense),)
    return ScoredPassage(
        Passage(f"p{rank}", "d", 0, text, section, 0, len(text)), document, score, rank, "fused", parts
    )


def verdict(encoder, passages, question=QUESTION):
    return judge(understand(question, encoder), question_words(question, {}), passages, encoder)


def test_more_of_any_signal_never_lowers_the_probability():
    assert FIT.weights.keys() == set(SIGNALS)
    assert all(weight >= 0 for weight in FIT.weights.values())
    assert 0 < FIT.threshold < 1


def test_an_answer_is_likelier_than_something_else(encoder):
    good, bad = verdict(encoder, [hit(EVIDENCE)]), verdict(encoder, [hit(OTHER, score=0.2)])
    assert good.probability > 0.9
    assert good.probability > FIT.threshold > bad.probability


def test_without_passages_nothing_is_answered(encoder):
    empty = verdict(encoder, [])
    assert empty.features == dict.fromkeys(SIGNALS, 0.0)
    assert empty.probability < 0.05 < FIT.threshold


def test_without_an_answer_the_embedded_fit_holds_back_even_with_a_fair_score(encoder):
    assert verdict(encoder, [hit(OTHER, score=0.4)]).probability < FIT.threshold


@pytest.mark.parametrize("missing", ["Veldrijk", "2030"])
def test_a_name_or_number_of_the_question_that_is_nowhere_lowers_it(encoder, missing):
    without = EVIDENCE.replace(missing, "")
    there, gone = verdict(encoder, [hit(EVIDENCE)]), verdict(encoder, [hit(without)])
    assert there.features["named"] == 1.0
    assert gone.features["named"] == 0.5
    assert gone.probability < there.probability


@pytest.mark.parametrize("where", [{"title": "Visie Veldrijk"}, {"section": ("Wonen", "Veldrijk en omstreken")}])
def test_a_name_may_stand_above_the_text(encoder, where):
    assert verdict(encoder, [hit("In 2030 komen er 2.150 woningen.", **where)]).features["named"] == 1.0


def test_a_name_counts_only_among_the_first_passages(encoder):
    filler = [hit(OTHER, rank=rank) for rank in range(1, NAMED_IN + 1)]
    last = hit(EVIDENCE, rank=NAMED_IN)
    assert verdict(encoder, [*filler[:-1], last]).features["named"] == 1.0
    assert verdict(encoder, [*filler, last]).features["named"] == 0.0


def test_a_question_without_names_is_not_held_against_it(encoder):
    assert verdict(encoder, [hit(OTHER)], "Waarom stijgen de kosten?").features["named"] == 1.0


def test_the_first_word_of_the_question_is_no_name(encoder):
    assert verdict(encoder, [hit("De jeugdhulp is duurder.")], "Jeugdhulp kost wat?").features["named"] == 1.0


def test_a_better_score_and_a_longer_lead_make_it_likelier(encoder):
    even = [hit(EVIDENCE, score=0.5, rank=rank) for rank in range(1, 11)]
    ahead = [hit(EVIDENCE, score=0.8), *even[1:]]
    level = [hit(EVIDENCE, score=0.8, rank=rank) for rank in range(1, 11)]
    found = [verdict(encoder, passages) for passages in (even, level, ahead)]
    assert [round(one.features["lead"], 6) for one in found] == [0.0, 0.0, 0.3]
    assert [one.features["score"] for one in found] == [0.5, 0.8, 0.8]
    assert found[0].probability < found[1].probability < found[2].probability


def test_the_lead_is_over_the_tenth_or_the_last(encoder):
    falling = [hit(EVIDENCE, score=1 - rank / 20, rank=rank) for rank in range(1, 16)]
    assert verdict(encoder, falling).features["lead"] == pytest.approx(9 / 20)
    assert verdict(encoder, falling[:3]).features["lead"] == pytest.approx(2 / 20)


def test_the_most_telling_word_weighs_by_itself(encoder):
    asked = question_words("Wat kost het zwembad de gemeente?", {stem("zwembad"): 5.0, stem("gemeente"): 1.0})
    question = understand("Wat kost het zwembad de gemeente?", encoder)
    with_it = signals(question, asked, [hit("Het zwembad is dicht.")], encoder)
    without = signals(question, asked, [hit("De gemeente bouwt.")], encoder)
    assert with_it["telling"] == 1.0 > without["telling"]


def test_an_encoder_that_does_not_add_up_judges_by_the_dense_index():
    encoder = WordEncoder()
    far, near, none = (verdict(encoder, [hit(EVIDENCE, dense=dense)]) for dense in (0.2, 0.8, None))
    assert (far.features["cosine"], near.features["cosine"], none.features["cosine"]) == (0.2, 0.8, 0.0)
    assert none.probability < far.probability < near.probability
    lexical = replace(hit(EVIDENCE), parts=(RetrieverRank("lexical", 1, 0.95),))
    assert verdict(encoder, [lexical]).features["cosine"] == 0.0


def test_an_encoder_that_adds_up_judges_by_the_nearest_sentence(encoder):
    alone = verdict(encoder, [hit(EVIDENCE)]).features["cosine"]
    among = verdict(encoder, [hit(f"{OTHER} {EVIDENCE} {OTHER}", dense=0.01)]).features["cosine"]
    assert among == pytest.approx(alone, abs=1e-5)
    assert among > verdict(encoder, [hit(OTHER)]).features["cosine"]


def test_another_fit_gives_another_probability(encoder):
    arguments = (understand(QUESTION, encoder), question_words(QUESTION, {}), [hit(EVIDENCE)], encoder)
    assert judge(*arguments, Fit({"named": 0.0}, 0.0, 0.5)).probability == 0.5
    assert judge(*arguments, Fit({"named": 2.0}, -1.0, 0.5)).probability == pytest.approx(1 / (1 + np.exp(-1)))


TEXTS = st.one_of(st.text(max_size=60), st.sampled_from([EVIDENCE, OTHER, "", "…", "2.150", "Veldrijk"]))


@settings(max_examples=80, deadline=None)
@given(
    st.one_of(st.text(max_size=60), st.just(QUESTION)),
    st.lists(st.tuples(TEXTS, st.floats(-1, 2), st.floats(-1, 1)), max_size=12),
    st.booleans(),
)
def test_signals_stay_in_their_range(encoder, question, found, adds_up):
    passages = [hit(text, score=score, rank=rank, dense=near) for rank, (text, score, near) in enumerate(found, 1)]
    passages.sort(key=lambda one: -one.score)
    result = verdict(encoder if adds_up else WordEncoder(), passages, question)
    assert 0 < result.probability < 1
    assert result.features.keys() == set(SIGNALS)
    for name in ("covered", "telling", "named"):
        assert 0 <= result.features[name] <= 1 + 1e-6
    assert -1 - 1e-6 <= result.features["cosine"] <= 1 + 1e-6
    assert result.features["lead"] >= 0
