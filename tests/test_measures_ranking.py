"""R@k, MRR@10, nDCG@10 and evidence within n words, worked out in another way and compared."""

import math
import runpy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.evidence import held
from eval.measures import BY_NAME, MEASURES
from eval.records import Found, Piece
from eval.topics import Evidence
from tests.eval_samples import outcome

SCORE = Path(__file__).parent.parent.parent / "shared" / "eval" / "score.py"
RETRIEVAL = [measure.name for measure in MEASURES if measure.suite == "retrieval"]


def ranking(*held_by, pieces=1, needs_all=False, words=40):
    """What came of a question of so many pieces of evidence: for each passage, best first, the pieces that it holds."""
    lengths = words if isinstance(words, list) else [words] * len(held_by)
    made = outcome()
    evidence = tuple(Piece(source="afvalplan.md", quote=f"Zin nummer {at} van het plan.") for at in range(pieces))
    found = tuple(
        Found(passage_id=f"p{at}", source="afvalplan.md", page=None, words=length, evidence=tuple(places))
        for at, (places, length) in enumerate(zip(held_by, lengths, strict=True))
    )
    asked = made.asked.model_copy(update={"evidence": evidence, "needs_all": needs_all})
    return made.model_copy(update={"asked": asked, "found": found})


def values(made):
    return {name: BY_NAME[name].of(made) for name in RETRIEVAL}


# By hand


def test_these_are_the_measures_of_retrieval():
    assert RETRIEVAL == ["R@1", "R@5", "R@10", "MRR@10", "nDCG@10", "R@300w", "R@600w"]


@pytest.mark.parametrize(
    ("rank", "expected"),
    [
        (1, (1, 1, 1, 1, 1)),
        (2, (0, 1, 1, 1 / 2, 0.6309297535714575)),  # 1 / log2(3)
        (5, (0, 1, 1, 1 / 5, 0.38685280723454163)),  # 1 / log2(6)
        (6, (0, 0, 1, 1 / 6, 0.3562071871080222)),  # 1 / log2(7)
        (10, (0, 0, 1, 1 / 10, 0.2890648263178879)),  # 1 / log2(11)
        (11, (0, 0, 0, 0, 0)),
        (20, (0, 0, 0, 0, 0)),
    ],
)
def test_one_piece_counts_by_the_rank_of_its_passage(rank, expected):
    made = ranking(*([()] * (rank - 1)), (0,), *([()] * (20 - rank)))
    found = values(made)
    assert [found[name] for name in ("R@1", "R@5", "R@10", "MRR@10", "nDCG@10")] == pytest.approx(expected)


def test_of_pieces_that_are_all_needed_a_share_is_found():
    found = values(ranking((2,), (), (0, 2), (), (), (), (1,), pieces=4, needs_all=True))
    assert found["R@1"] == 1 / 4
    assert found["R@5"] == 2 / 4
    assert found["R@10"] == 3 / 4
    assert found["MRR@10"] == 1
    ideal = sum(1 / math.log2(rank + 1) for rank in (1, 2, 3, 4))
    assert found["nDCG@10"] == pytest.approx((1 + 1 / math.log2(4) + 1 / math.log2(8)) / ideal)


def test_where_one_piece_is_enough_the_first_is_what_counts():
    found = values(ranking((), (1,), (0, 2), pieces=3))
    assert (found["R@1"], found["R@5"], found["MRR@10"]) == (0, 1, 1 / 2)
    assert found["nDCG@10"] == pytest.approx(1 / math.log2(3))


def test_a_passage_with_several_pieces_counts_once_in_the_order():
    """Otherwise a document that is cut into large passages would be out of reach of the best order."""
    assert values(ranking((0, 1), (), pieces=2, needs_all=True))["nDCG@10"] == pytest.approx(1)
    half = values(ranking((), (0, 1), pieces=2, needs_all=True))["nDCG@10"]
    assert half == pytest.approx(1 / math.log2(3))


def test_a_passage_that_repeats_a_piece_adds_nothing():
    once = values(ranking((0,), (), (), pieces=2, needs_all=True))
    assert values(ranking((0,), (0,), (0,), pieces=2, needs_all=True)) == once


def test_more_than_ten_pieces_can_still_be_in_the_best_order():
    made = ranking(*[(at,) for at in range(12)], pieces=12, needs_all=True)
    assert values(made)["nDCG@10"] == pytest.approx(1)
    assert values(made)["R@10"] == pytest.approx(10 / 12)


@pytest.mark.parametrize(
    ("words", "expected"),
    [([200, 100], (1, 1)), ([200, 101], (0, 1)), ([500, 100], (0, 1)), ([500, 101], (0, 0))],
)
def test_words_are_counted_up_to_and_with_the_passage(words, expected):
    found = values(ranking((), (0,), words=words))
    assert (found["R@300w"], found["R@600w"]) == expected


def test_the_first_passage_is_read_however_long_it_is():
    found = values(ranking((0,), words=[5_000]))
    assert (found["R@300w"], found["R@600w"]) == (1, 1)


@pytest.mark.parametrize("needs_all", [True, False])
def test_nothing_found_counts_as_nothing(needs_all):
    assert set(values(ranking(pieces=2, needs_all=needs_all)).values()) == {0.0}
    assert set(values(ranking((), (), pieces=2, needs_all=needs_all)).values()) == {0.0}


def test_a_question_that_failed_found_nothing():
    assert set(values(outcome(failed="NoLibrary: data")).values()) == {0.0}


def test_nothing_is_said_of_a_question_that_has_no_answer():
    assert set(values(outcome(kind="unanswerable")).values()) == {None}


# In another way


def by_definition(made):
    """The measures, straight from their definitions."""
    places = range(len(made.asked.evidence))
    ranks = [min((rank for rank, one in enumerate(made.found, 1) if at in one.evidence), default=99) for at in places]
    read = {rank: sum(one.words for one in made.found[:rank]) for rank in range(1, 100)}

    def part(inside):
        hits = [inside(rank) for rank in ranks]
        return sum(hits) / len(hits) if made.asked.needs_all else float(any(hits))

    first = min(ranks)
    relevant = [set(ranks) - {99}, [99] * ranks.count(99)] if made.asked.needs_all else [{first}, []]
    gains = [1 / math.log2(rank + 1) for rank in relevant[0] if rank <= 10]
    ideal = [1 / math.log2(rank + 1) for rank in range(1, min(10, len(relevant[0]) + len(relevant[1])) + 1)]
    return {
        "R@1": part(lambda rank: rank <= 1),
        "R@5": part(lambda rank: rank <= 5),
        "R@10": part(lambda rank: rank <= 10),
        "MRR@10": 1 / first if first <= 10 else 0.0,
        "nDCG@10": sum(gains) / sum(ideal),
        "R@300w": part(lambda rank: rank == 1 or (rank < 99 and read[rank] <= 300)),
        "R@600w": part(lambda rank: rank == 1 or (rank < 99 and read[rank] <= 600)),
    }


@st.composite
def rankings(draw):
    pieces = draw(st.integers(1, 5))
    passages = draw(
        st.lists(st.tuples(st.sets(st.integers(0, pieces - 1), max_size=2), st.integers(1, 400)), max_size=20)
    )
    return ranking(
        *(sorted(places) for places, _ in passages),
        pieces=pieces,
        needs_all=draw(st.booleans()),
        words=[words for _, words in passages],
    )


@settings(deadline=None)
@given(rankings())
def test_the_measures_follow_their_definitions(made):
    assert values(made) == pytest.approx(by_definition(made))


@settings(deadline=None)
@given(rankings())
def test_measures_are_shares_and_grow_with_what_is_read(made):
    found = values(made)
    assert all(isinstance(value, float) and 0 <= value <= 1 for value in found.values())
    assert found["R@1"] <= found["R@5"] <= found["R@10"]
    assert found["R@1"] <= found["R@300w"] <= found["R@600w"]
    assert (found["MRR@10"] > 0) == (found["R@10"] > 0) == (found["nDCG@10"] > 0)


# As an outsider scores it

WORD = st.sampled_from("raad zwembad wijk dorp 2027 college plan geld huis straat de het een in van".split())
SENTENCE = st.lists(WORD, min_size=1, max_size=10).map(" ".join)
SPAN = st.tuples(st.sampled_from(["afval.md", "map/wonen.pdf", "zorg.docx"]), SENTENCE)


@pytest.fixture(scope="module")
def score():
    if not SCORE.is_file():
        pytest.skip("needs ../shared/eval/score.py")
    return runpy.run_path(str(SCORE))


@settings(deadline=None)
@given(
    evidence=st.lists(SPAN, min_size=1, max_size=4),
    ranked=st.lists(SPAN, max_size=14),
    repeat=st.integers(1, 60),
    needs_all=st.booleans(),
)
def test_an_outside_program_scores_a_search_alike(score, evidence, ranked, repeat, needs_all):
    passages = [(source, " ".join([text] * repeat)) for source, text in ranked]
    topic = {"evidence": [{"doc": doc, "quote": quote} for doc, quote in evidence], "all_evidence": needs_all}
    pieces = [Evidence(source, quote) for source, quote in evidence]
    made = ranking(
        *(held(pieces, source, text) for source, text in passages),
        pieces=len(pieces),
        needs_all=needs_all,
        words=[len(text.split()) for _, text in passages],
    )
    expected = score["score_search"](topic, passages)
    assert len(expected) == 6
    assert {name: BY_NAME[name].of(made) for name in expected} == pytest.approx(expected)
