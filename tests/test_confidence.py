"""How sure an answer is: never outside 0 and 1, less where less of the belief is quoted, and in three steps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.choose import Chosen
from assistant.confidence import HIGH, MEDIUM, confidence, level
from assistant.generator import Part
from assistant.passage_sentences import Sentence
from assistant.sentence_features import NAMES
from assistant.types import Citation, Level, ScoredPassage, Verdict
from assistant.understand import understand
from ingest.library import Library
from ingest.publish import publish
from ingest.thesaurus import load_thesaurus
from ingest.types import Document, Passage
from tests.corpus import write_corpus

TEXT = "Veldrijk telt 38.400 inwoners. De raad besloot dat in maart. Elzen krijgt een loket."
SPANS = ((0, 30), (31, 60), (61, 84))
DOCUMENT = Document("d", "d.md", "Woonvisie", "text/markdown", "h")
PASSAGE = Passage("p", "d", 0, TEXT, (), 0, len(TEXT))
NOTHING = np.zeros(len(NAMES), dtype=np.float32)
HIT = ScoredPassage(PASSAGE, DOCUMENT, 1.0, 1, "fused")


@pytest.fixture(scope="module")
def question(tmp_path_factory, encoder):
    folder = tmp_path_factory.mktemp("zekerheid")
    publish([write_corpus(folder / "bronnen")], folder / "data", encoder)
    library = Library.open(folder / "data", encoder)
    yield understand("Hoeveel inwoners telt Veldrijk?", library, encoder, load_thesaurus())
    library.close()


def part(question, probability, shares, in_domain=1.0):
    chosen = tuple(
        Chosen(Sentence(HIT, start, end, 0, "paragraph", TEXT[start:end], True), share, 0.0, NOTHING)
        for (start, end), share in zip(SPANS, shares, strict=False)
    )
    return Part(question, chosen, Verdict(probability, in_domain))


def cited(*spans):
    return [
        Citation(number, PASSAGE, DOCUMENT, TEXT[start:end], start, end) for number, (start, end) in enumerate(spans, 1)
    ]


def test_it_is_the_chance_of_an_answer_times_the_belief_in_what_is_quoted(question):
    one = part(question, 0.8, (0.5, 0.3, 0.2))
    assert confidence([one], cited(SPANS[0])) == pytest.approx(0.4)
    assert confidence([one], cited(SPANS[0], SPANS[1])) == pytest.approx(0.64)
    assert confidence([one], cited((0, len(TEXT)))) == pytest.approx(0.8)


def test_a_part_that_is_not_answered_halves_it(question):
    parts = [part(question, 1.0, (1.0,)), part(question, 0.0, (1.0,))]
    assert confidence(parts, cited(SPANS[0])) == pytest.approx(0.5)


def test_it_is_no_surer_than_that_the_library_is_about_the_question(question):
    assert confidence([part(question, 0.8, (1.0,), 0.9)], cited(SPANS[0])) == pytest.approx(0.8)
    assert confidence([part(question, 0.8, (1.0,), 0.5)], cited(SPANS[0])) == pytest.approx(0.5)


def test_what_cites_nothing_answers_nothing(question):
    assert confidence([part(question, 0.9, (1.0,))], []) == 0.0
    assert confidence([], []) == 0.0


@given(st.floats(0, 1), st.lists(st.floats(0, 1), min_size=1, max_size=3), st.sets(st.sampled_from(SPANS)))
def test_it_stays_between_0_and_1(question, probability, shares, spans):
    total = sum(shares)
    fair = [share / total if total else 0.0 for share in shares]
    found = confidence([part(question, probability, fair)], cited(*sorted(spans)))
    assert 0.0 <= found <= 1.0 + 1e-9


def test_the_three_steps():
    assert [level(one) for one in (1.0, HIGH, HIGH - 0.01, MEDIUM, MEDIUM - 0.01, 0.0)] == [
        Level.HIGH, Level.HIGH, Level.MEDIUM, Level.MEDIUM, Level.LOW, Level.LOW,
    ]  # fmt: skip
