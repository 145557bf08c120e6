"""What an answer costs in tokens of a language model, read and written; 0 without one."""

from eval.measures.measure import Measure
from eval.records import Outcome


def _tokens(outcome: Outcome) -> float | None:
    return float(outcome.given.prompt_tokens + outcome.given.completion_tokens) if outcome.given else None


TOKENS = Measure(
    "tokens",
    "Tokens van het taalmodel",
    "Hoeveel tokens (stukjes woord) het taalmodel gemiddeld leest en schrijft voor een antwoord.",
    "service",
    _tokens,
    better="lower",
    unit="tokens",
    paired=False,
    stable=False,
)
