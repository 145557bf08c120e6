"""R@k, MRR@10, nDCG@10 and evidence within n words: whether the passages that were found hold the evidence.

Relevance is by piece of evidence, not by passage, so that a judgment stays true when documents are cut into other
passages: a piece is found at the rank of the first passage that holds it. Where a question needs all of its evidence,
R@k is the share of the pieces within the first k passages; where one is enough, whether any is.

Ranks are scored by ir-measures (MacAvaney, Macdonald and Ounis: Streamlining Evaluation with ir-measures, ECIR 2022).
nDCG: Järvelin and Kekäläinen: Cumulated Gain-based Evaluation of IR Techniques, TOIS 2002.
"""

from functools import partial
from itertools import accumulate

import ir_measures
from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG

from eval.measures.measure import Measure
from eval.records import Outcome

DEPTHS = (1, 5, 10)
WITHIN_WORDS = (300, 600)


def _ranks(outcome: Outcome) -> list[int | None]:
    """For each piece of evidence the 1-based rank of the first passage that holds it."""
    return [
        next((rank for rank, found in enumerate(outcome.found, 1) if piece in found.evidence), None)
        for piece in range(len(outcome.asked.evidence))
    ]


def _scored(measure: ir_measures.Measure, passages: int, relevant: list[int | None]) -> float:
    """The measure of a ranking of so many passages, in which the relevant ones stand at these ranks, or nowhere."""
    qrels = [Qrel("q", f"{rank or f'missing {at}'}", 1) for at, rank in enumerate(relevant)]
    run = [ScoredDoc("q", str(rank), -float(rank)) for rank in range(1, passages + 1)]
    return float(ir_measures.calc_aggregate([measure], qrels, run)[measure]) if run and qrels else 0.0


def _share(outcome: Outcome, hits: list[float]) -> float:
    """The share of the pieces for which there is a hit, or where one piece is enough, whether there is any."""
    if not hits:
        return 0.0
    return sum(hits) / len(hits) if outcome.asked.needs_all else max(hits)


def _recall(depth: int, outcome: Outcome) -> float | None:
    if not outcome.asked.answerable:
        return None
    return _share(outcome, [_scored(Success @ depth, len(outcome.found), [rank]) for rank in _ranks(outcome)])


def _reciprocal_rank(outcome: Outcome) -> float | None:
    if not outcome.asked.answerable:
        return None
    return _scored(RR @ 10, len(outcome.found), list(_ranks(outcome)))


def _ndcg(outcome: Outcome) -> float | None:
    """Every piece that is needed is worth the same; a passage that holds several counts once."""
    if not outcome.asked.answerable:
        return None
    ranks = _ranks(outcome)
    found = sorted({rank for rank in ranks if rank is not None})
    missing: list[int | None] = [None] * ranks.count(None)
    relevant = [*found, *missing] if outcome.asked.needs_all else [found[0] if found else None]
    return _scored(nDCG @ 10, len(outcome.found), relevant)


def _within(words: int, outcome: Outcome) -> float | None:
    if not outcome.asked.answerable:
        return None
    read = list(accumulate(found.words for found in outcome.found))
    near = [rank is not None and (rank == 1 or read[rank - 1] <= words) for rank in _ranks(outcome)]
    return _share(outcome, [float(is_near) for is_near in near])


RECALL = tuple(
    Measure(
        f"R@{depth}",
        f"Gevonden bij de eerste {depth}" if depth > 1 else "Als eerste gevonden",
        f"Deel van het bewijs dat staat in de eerste {depth} gevonden passages."
        if depth > 1
        else "Deel van het bewijs dat staat in de passage die als eerste is gevonden.",
        "retrieval",
        partial(_recall, depth),
    )
    for depth in DEPTHS
)
RECIPROCAL_RANK = Measure(
    "MRR@10",
    "Hoe hoog het bewijs staat",
    "Eén gedeeld door de plek van de eerste passage met bewijs; 0 als dat niet bij de eerste tien is.",
    "retrieval",
    _reciprocal_rank,
    unit="score",
)
NDCG = Measure(
    "nDCG@10",
    "Kwaliteit van de volgorde",
    "Hoe dicht de volgorde van de eerste tien passages bij de beste volgorde komt; 1 is de beste.",
    "retrieval",
    _ndcg,
    unit="score",
)
WITHIN = tuple(
    Measure(
        f"R@{words}w",
        f"Gevonden binnen {words} woorden",
        f"Deel van het bewijs binnen de eerste {words} woorden die een lezer onder ogen krijgt.",
        "retrieval",
        partial(_within, words),
    )
    for words in WITHIN_WORDS
)
