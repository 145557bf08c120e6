"""How sure an answer is: as a probability, and in three steps that people can be told.

Sure means: the library is about the question and the passages answer it, as the judge sees it, and what is quoted is
what answers. How often that was so, by level, stands in eval/README.md.
"""

from collections.abc import Sequence

from assistant.generator import Part
from assistant.types import Citation, Level

HIGH = 0.7
MEDIUM = 0.45


def confidence(parts: Sequence[Part], citations: Sequence[Citation]) -> float:
    """How likely an answer with these citations answers the question: the mean over its parts, between 0 and 1.

    It is no surer than that the library is about the question. What cites nothing answers nothing: 0.
    """
    if not parts:
        return 0.0
    return sum(
        min(part.verdict.probability, part.verdict.in_domain) * quoted_belief(part, citations) for part in parts
    ) / len(parts)


def level(confidence: float) -> Level:
    """The confidence in three steps."""
    if confidence >= HIGH:
        return Level.HIGH
    return Level.MEDIUM if confidence >= MEDIUM else Level.LOW


def quoted_belief(part: Part, citations: Sequence[Citation]) -> float:
    """The share of belief in the sentences of a part that are quoted."""
    return sum(
        one.score
        for one in part.sentences
        if any(
            citation.document.doc_id == one.sentence.doc_id
            and citation.start < one.sentence.end
            and one.sentence.start < citation.end
            for citation in citations
        )
    )
