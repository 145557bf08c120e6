"""What a passage has of a question, as numbers, and the best stretches of its sentences."""

from dataclasses import replace
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.features import NAMES, NEAR, Candidate, candidate_features, stretch_cosines
from assistant.sentence_match import INTENTS, intent, names_and_numbers
from assistant.understand import Question
from assistant.word_match import PART_VALUE
from ingest.dutch import content_words, stem
from ingest.lexical import Form, query_word
from ingest.sentence_vectors import STRETCH, pack, unpack
from ingest.types import Document, Passage


def question(text, *, forms=None, idf=None, absent=(), documents=(), unknown=(), english=False):
    """A question as a library would have it that knows all of its words but the `unknown`."""
    asked = [query_word(word, (forms or {}).get(word, ()), fuzzy=True) for word in content_words(text)]
    stems = {found for word in asked for found in (word.stem, *word.parts)}
    return Question(
        text,
        tuple(asked),
        dict.fromkeys(stems, 1.0) | {stem(word): value for word, value in (idf or {}).items()},
        frozenset(stems - {stem(word) for word in unknown}),
        np.array([1.0, 0.0], dtype=np.float32),
        intent(text),
        english,
        frozenset(names_and_numbers(text)),
        frozenset(absent),
        frozenset(documents),
    )


def candidate(text, *, title="Titel", section=(), ordinal=0, role="body", doc_id="d", **found):
    passage = Passage(f"{doc_id}{ordinal}", doc_id, ordinal, text, tuple(section), 0, len(text), role=role)
    document = Document(doc_id, f"{doc_id}.md", title, "text/markdown", "hash")
    return replace(Candidate(ordinal, passage, document, 0.0, 0.0), **found)


def no_words(texts):
    """No vectors for words, as with an encoder that is not additive."""
    return


def one_hot(texts):
    """Each word has a direction of its own, as far as a thousand of them go."""
    words = [word for text in texts for word in text]
    vectors = np.zeros((len(words), 1000), dtype=np.float32)
    for row, word in enumerate(words):
        vectors[row, crc32(word.encode()) % 1000] = 1
    return vectors, np.arange(len(words))


def named(row):
    return dict(zip(NAMES, map(float, row), strict=True))


def features(asked, *candidates, word_vectors=no_words):
    return [named(row) for row in candidate_features(asked, candidates, word_vectors)]


def of(asked, text, **found):
    return features(asked, candidate(text, **found))[0]


# The words of the question


def test_a_word_counts_by_how_telling_it_is():
    asked = question("Krijgt het zwembad verlichting?", idf={"zwembad": 3.0, "krijgt": 0.0})
    assert of(asked, "Het zwembad is dicht.")["exact"] == pytest.approx(0.75)
    assert of(asked, "De verlichting is stuk.")["exact"] == pytest.approx(0.25)
    assert of(asked, "Krijgt de straat bomen?")["exact"] == 0


def test_inflection_makes_no_difference():
    assert of(question("wijkteam"), "De wijkteams helpen bewoners.")["exact"] == 1


def test_parts_of_a_compound_count_for_most_of_it_and_one_for_less():
    asked = question("woningbouw")
    whole, both, half = (of(asked, text)["exact"] for text in ("De woningbouw.", "Bouw een woning.", "Een woning."))
    assert (whole, both) == (1, pytest.approx(PART_VALUE))
    assert 0 < half < both


def test_another_form_counts_as_far_as_it_is_the_word():
    asked = question("jeugdzorg", forms={"jeugdzorg": [Form((stem("opvoedhulp"),), 0.4)]})
    found = of(asked, "Er komt opvoedhulp.")
    assert (found["exact"], found["expanded"], found["only_expanded"]) == pytest.approx((0, 0.4, 0.4))
    plainly = of(asked, "Jeugdzorg is opvoedhulp.")
    assert (plainly["exact"], plainly["expanded"], plainly["only_expanded"]) == (1, 1, 0)


def test_a_phrase_must_stand_in_one_sentence():
    asked = question("thuiszorg", forms={"thuiszorg": [Form((stem("hulp"), stem("huis")), 0.4)]})
    assert of(asked, "Zij krijgt hulp in huis.")["expanded"] == pytest.approx(0.4)
    assert of(asked, "Zij krijgt hulp. Dat is in het huis van de wijk.")["expanded"] == 0


def test_only_a_word_that_nothing_has_is_taken_for_one_that_looks_like_it():
    text = "De begroting is rond."
    unknown, known = question("begrotign", unknown=["begrotign"]), question("begrotign")
    assert 0.5 < of(unknown, text)["soft"] < 1
    assert of(unknown, text)["exact"] == of(known, text)["soft"] == 0


def test_words_close_together_count_for_more_than_words_apart():
    asked = question("zwembad verlichting")
    for between in range(STRETCH + 1):
        found = of(asked, " ".join(["Het zwembad is dicht.", *["De raad vergadert."] * between, "De verlichting ook."]))
        assert found["exact"] == 1
        assert found["sentence"] == 0.5
        assert found["window"] == (1 if between <= STRETCH - 2 else 0.5)
    together = of(asked, "Het zwembad heeft verlichting.")
    assert (together["sentence"], together["window"]) == (1, 1)


def test_neighbours_in_the_question_that_are_neighbours_in_the_text():
    asked = question("sociale huur nieuwbouw")
    assert of(asked, "Nieuwbouw: sociale huur.")["phrases"] == 0.5
    assert of(asked, "Huur is sociaal.")["phrases"] == 0
    assert of(question("huur"), "De huur.")["phrases"] == 0


def test_headings_and_title_are_apart_from_the_text():
    found = of(question("zwembad verlichting"), "Tekst.", title="Nota zwembad", section=["Beheer", "Verlichting"])
    assert (found["exact"], found["title"], found["heading"], found["soft"]) == (0, 0.5, 0.5, 0.5)


# Names, answers, and where the passage stands


def test_names_count_wherever_they_stand():
    asked, text = question("Wat bouwt Veldrijk in 2030?"), "In 2030 komt er een brug."
    assert of(asked, "In 2030 bouwt Veldrijk.")["named"] == 1
    assert of(asked, text, title="Visie Veldrijk")["named"] == of(asked, text, section=["Veldrijk"])["named"] == 1
    assert of(asked, text)["named"] == 0.5
    assert of(asked, "Er komt een brug.")["named"] == 0
    assert of(question("Wat bouwt de gemeente?"), "Niets.")["named"] == 1


def test_the_best_sentence_with_what_is_asked_for_counts():
    asked = question("Hoeveel woningen komen er?")
    assert of(asked, "Er komen 300 woningen.")["expected"] == 1
    assert of(asked, "Er komen woningen.")["expected"] == 0
    assert of(asked, "Er staan 300 bomen.")["expected"] == 0
    assert of(question("Vertel over woningen"), "Er komen 300 woningen.")["expected"] == 0


def test_a_number_of_something_must_stand_next_to_it():
    asked = question("Hoeveel woningen bouwt Veldrijk in 2030?")
    texts = [
        "Er komen 300 nieuwe woningen.",
        "De woningen staan in 2030 leeg.",
        "Er zijn 300 bomen. Ook woningen.",
        "Niets.",
    ]
    assert [of(asked, text)["counted"] for text in texts] == [1, 0, 0, 0]
    assert of(question("Wat kost het zwembad?"), "Het zwembad.")["counted"] == 0.5


def test_the_most_telling_word_that_is_nowhere_is_missed():
    asked = question("zwembad verlichting", idf={"zwembad": 3.0}, forms={"zwembad": [Form((stem("badhuis"),), 0.4)]})
    texts = ["Het zwembad.", "De verlichting.", "De raad.", "Het badhuis met verlichting."]
    assert [of(asked, text)["missing"] for text in texts] == pytest.approx([0.25, 0.75, 0.75, 0])
    assert of(asked, "De verlichting.", title="Zwembad")["missing"] == 0


def test_a_document_that_the_question_points_at():
    pointing, other = question("woning", documents=["d"]), question("woning", documents=["e"])
    found = [of(asked, "Een woning.")["pointed_at"] for asked in (pointing, other, question("woning"))]
    assert found == [1, 0, 0.5]


def test_a_list_of_references_is_no_body():
    asked = question("woning")
    assert [of(asked, "Woning.", role=role)["body"] for role in ("body", "references")] == [1, 0]


def test_ranks_fall_from_one_to_nothing():
    asked = question("woning")
    found = [of(asked, "Woning.", lexical_rank=rank)["lexical_rank"] for rank in (1, 2, 10, NEAR, 10 * NEAR, None)]
    assert found[0] == 1
    assert found[:4] == sorted(found[:4], reverse=True)
    assert found[3:] == pytest.approx([0, 0, 0], abs=1e-6)
    assert of(asked, "Woning.", dense_rank=1)["dense_rank"] == 1


# Beside the other candidates


def test_each_is_measured_against_the_best():
    asked = question("zwembad verlichting")
    near = candidate("Het zwembad heeft verlichting.", coverage=0.6, cosine=0.5)
    far = candidate("De verlichting.", coverage=0.2, cosine=0.7, ordinal=7)
    first, second = features(asked, near, far)
    assert (first["coverage_gap"], second["coverage_gap"]) == pytest.approx((0, 0.4))
    assert (first["cosine_gap"], second["cosine_gap"]) == pytest.approx((0.2, 0))
    assert (first["expanded_gap"], second["expanded_gap"]) == pytest.approx((0, 0.5))
    for name, value in (("best_coverage", 0.6), ("best_cosine", 0.7), ("best_expanded", 1)):
        assert first[name] == second[name] == pytest.approx(value)


def test_a_neighbour_in_the_same_document_counts():
    asked = question("zwembad")
    texts = {("d", 3): "Het zwembad.", ("d", 4): "De raad.", ("d", 6): "De raad.", ("e", 2): "De raad."}
    found = features(asked, *(candidate(text, doc_id=doc_id, ordinal=at) for (doc_id, at), text in texts.items()))
    assert [row["beside"] for row in found] == [0, 1, 0, 0]


def test_what_is_said_of_the_question_is_said_with_each():
    asked = question("Hoeveel vlinders telt Oostmarke in 2030?", absent=["oostmarke"], unknown=["vlinders"])
    rows = features(asked, candidate("Een."), candidate("Twee.", ordinal=1))
    for row in rows:
        assert row["absent"] == 0.5
        assert row["unknown"] == pytest.approx(1 / len(asked.words))
        assert row["words"] == pytest.approx(np.log(1 + len(asked.words)))
        assert {name for name in INTENTS if row[f"asks_{name}"]} == {"amount"}
        assert row["english"] == 0
    assert features(replace(asked, english=True), candidate("Een."))[0]["english"] == 1


def test_a_question_without_words_says_nothing():
    for row in features(question(""), candidate("De raad vergadert."), candidate("", ordinal=1), word_vectors=one_hot):
        assert np.isfinite(list(row.values())).all()
        assert row["exact"] == row["window"] == row["late"] == row["unknown"] == row["absent"] == 0


@pytest.mark.parametrize("word_vectors", [no_words, one_hot])
def test_without_candidates_there_are_no_rows(word_vectors):
    assert candidate_features(question("Wat kost het zwembad?"), [], word_vectors).shape == (0, len(NAMES))


# Word by word


def test_words_come_as_near_as_their_vectors():
    asked = question("zwembad verlichting", idf={"zwembad": 3.0})
    texts = ["Het zwembad is dicht. De verlichting brandt.", "Het zwembad.", "De raad.", "..."]
    found = features(asked, *(candidate(text, ordinal=at) for at, text in enumerate(texts)), word_vectors=one_hot)
    assert [row["late"] for row in found] == pytest.approx([1, 0.75, 0, 0])
    assert [row["late_sentence"] for row in found] == pytest.approx([0.75, 0.75, 0, 0])
    assert [row["late_weakest"] for row in found] == [1, 0, 0, 0]
    assert [row["late_gap"] for row in found] == pytest.approx([0, 0.25, 1, 1])
    assert {row["best_late"] for row in found} == {1}


def test_without_vectors_for_words_none_comes_near():
    found = of(question("zwembad"), "Het zwembad.")
    assert found["late"] == found["late_sentence"] == found["late_weakest"] == found["best_late"] == 0


# Stretches of sentences


def packed(matrices):
    return [None if matrix is None else unpack(pack(matrix), matrix.shape[1]) for matrix in matrices]


def naive_cosines(matrix, question):
    """The same as stretch_cosines, one stretch after the other."""
    found = []
    for begin in range(len(matrix)):
        cosines = []
        for end in range(begin + 1, min(begin + STRETCH, len(matrix)) + 1):
            total = matrix[begin:end].astype(np.float64).sum(axis=0)
            length = np.linalg.norm(total)
            cosines.append(float(total @ question / length) if length else 0.0)
        found.append(max(cosines))
    return found


# Whole numbers, so that sentences that cancel each other out do so exactly.
ROWS = st.lists(st.tuples(*[st.integers(-20, 20)] * 3), max_size=7)
MATRICES = st.lists(
    st.none() | ROWS.map(lambda rows: np.array(rows, dtype=np.float32).reshape(-1, 3)),
    max_size=6,
)


@settings(deadline=None)
@given(MATRICES, st.tuples(*[st.integers(-9, 9)] * 3).filter(any))
def test_stretches_are_those_of_a_naive_loop(matrices, direction):
    asked = (np.array(direction) / np.linalg.norm(direction)).astype(np.float32)
    kept = packed(matrices)
    found = stretch_cosines(kept, asked)
    expected = [[] if one is None else naive_cosines(one.vectors, asked) for one in kept]
    assert list(map(len, found)) == list(map(len, expected))
    for own, other in zip(found, expected, strict=True):
        assert own == pytest.approx(other, abs=1e-4)


def test_a_stretch_does_not_run_on_into_the_next_passage():
    asked = np.array([1, 1], dtype=np.float32) / np.sqrt(2, dtype=np.float32)
    one, other = np.array([[1, 0]], dtype=np.float32), np.array([[0, 1]], dtype=np.float32)
    assert stretch_cosines(packed([one, other]), asked) == [pytest.approx([0.7071], abs=1e-4)] * 2
    assert stretch_cosines(packed([np.concatenate([one, other])]), asked)[0][0] == pytest.approx(1, abs=1e-4)


def test_the_best_stretches_of_a_passage_are_features():
    found = of(question("zwembad"), "Een. Twee. Drie.", cosine=0.3, stretches=(0.2, 1.0, 0.7))
    assert (found["window_cosine"], found["second_window"]) == pytest.approx((1, 0.7))
    without = of(question("zwembad"), "Een. Twee. Drie.", cosine=0.3)
    assert (without["window_cosine"], without["second_window"]) == pytest.approx((0.3, 0.3))
