"""A text as terms."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.terms import text_terms, whole_terms
from ingest.dutch import content_words, word_stems
from ingest.sentences import sentences

TEXTS = st.lists(
    st.sampled_from(
        ["De brug kost geld.", "Gemeenten bouwen woningen.", "Ja.", "\n", "Woningbouw in 2030?", "- brug,"]
    ),
    max_size=8,
).map(" ".join)


def bits(places):
    return {at for at in range(places.bit_length()) if places >> at & 1}


def test_a_text_has_its_stems_by_sentence():
    found = text_terms("De brug kost geld. Gemeenten bouwen bruggen.")
    assert bits(found.places["brug"]) == {0, 1}
    assert bits(found.sentences_with("brug")) == {0}
    assert bits(found.sentences_with("bruggen")) == {1}
    assert found.sentences_with("molen") == 0
    assert found.beside({("brug", "kost"), ("kost", "brug"), ("geld", "gemeent")}) == 2


@given(TEXTS)
def test_what_is_known_of_a_text_is_known_of_each_sentence(text):
    found = text_terms(text)
    spans = sentences(text)
    assert [(begin, begin + len(one)) for begin, one in zip(found.begins, found.sentences, strict=True)] == spans
    bounds = found.bounds.tolist()
    assert bounds[-1] == found.length == len(found.positions)
    for at, sentence in enumerate(found.sentences):
        words = content_words(sentence)
        assert [found.words[number] for number in found.positions[bounds[at] : bounds[at + 1]]] == words
        stems = {stem for word in words for stem in word_stems(word)}
        assert {stem for stem, places in found.places.items() if places >> at & 1} == stems
        assert found.distinct[at] == len(stems)
        assert all(found.sentences_with(word) >> at & 1 for word in words)


@given(TEXTS)
def test_a_text_can_be_one_sentence(text):
    found = whole_terms(text)
    assert found.sentences == (text,)
    assert set(found.places.values()) <= {1}
    assert list(found.stems) == [word_stems(word)[0] for word in content_words(text)]
