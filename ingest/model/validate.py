"""How well vectors find the passage of a question that they were not trained on."""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.model.corpus import Question, Text

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
MEASURES = ("R@1", "R@5", "R@10", "MRR@10")


def with_heading(text: Text) -> str:
    """The passage as it is encoded: its headings, then itself."""
    return f"{text.heading}\n{text.text}"


def score_questions(encode: Encode, questions: Sequence[Question], texts: Sequence[Text]) -> dict[str, list[float]]:
    """The mean of each of `MEASURES` and the number of questions, by kind of question and for all."""
    index = {text.pid: row for row, text in enumerate(texts)}
    passages = encode([with_heading(text) for text in texts])
    scores = encode([question.text for question in questions]) @ passages.T
    rows = defaultdict(list)
    for question, row in zip(questions, scores, strict=True):
        relevant = [index[pid] for pid in question.pids]
        ranks = sorted(int((row > row[number]).sum()) for number in relevant)
        measures = [float(np.mean([rank < cut for rank in ranks])) for cut in (1, 5, 10)]
        measures.append(1 / (ranks[0] + 1) if ranks[0] < 10 else 0.0)
        for kind in (question.kind, "all"):
            rows[kind].append(measures)
    return {kind: [*np.mean(rows[kind], axis=0).tolist(), len(rows[kind])] for kind in sorted(rows)}


def render_scores(title: str, scores: dict[str, list[float]]) -> str:
    """The scores as a Markdown table."""
    lines = [f"| {title} | n | {' | '.join(MEASURES)} |", f"|---|{'---:|' * 5}"]
    for kind, row in scores.items():
        lines.append(f"| {kind} | {int(row[-1])} | {' | '.join(f'{value:.3f}' for value in row[:-1])} |")
    return "\n".join(lines)
