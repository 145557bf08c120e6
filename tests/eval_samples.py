"""Hand-made outcomes and evaluations, for tests of what is done with them."""

from collections.abc import Sequence

from eval.measures import measure_each, summarise
from eval.records import Asked, Cited, Evaluation, Found, Given, Judged, Outcome, Piece, Said, Stamp, Summary, Tampered

QUOTE = "De gemeente haalt het oud papier op donderdag op."
FACT = "donderdag"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def outcome(
    topic_id="v1",
    kind="fact",
    *,
    question="Wanneer haalt de gemeente oud papier op?",
    source="afvalplan.md",
    rank=1,
    facts_found=True,
    refused=False,
    cited=True,
    exact=True,
    supported=True,
    confidence=0.8,
    message="",
    shown=(),
    judged=None,
    failed=None,
    ask_ms=20.0,
    tokens=0,
):
    """One question and what came of it; by default all of it is good.

    `rank` is the place of the passage with the evidence, None where it was not found. `cited`: the quote is the
    evidence. `shown` are false statements that the verifier let through; `judged` two marks of a language model.
    """
    answerable = kind != "unanswerable"
    asked = Asked(
        topic_id=topic_id,
        question=question,
        kind=kind,
        answerable=answerable,
        evidence=(Piece(source=source, quote=QUOTE),) if answerable else (),
        needs_all=False,
        facts=((FACT,),) if answerable else (),
        language="en" if kind == "english" else "nl",
        documents=(source.rpartition("/")[2].rpartition(".")[0],) if answerable else (),
    )
    found = tuple(
        Found(
            passage_id=f"p{place}",
            source=source,
            page=None,
            words=40,
            evidence=(0,) if answerable and place == rank else (),
        )
        for place in range(1, 11)
    )
    if failed is not None:
        return Outcome(asked=asked, failed=failed)
    given = _given(
        asked, facts_found=facts_found, refused=refused, cited=cited and answerable, exact=exact, supported=supported,
        confidence=confidence, message=message, tokens=tokens,
    )  # fmt: skip
    return Outcome(
        asked=asked,
        found=found,
        given=given,
        tampered=None if refused else Tampered(proposed=8, shown=tuple(shown)),
        judged=Judged(fluency=judged[0], completeness=judged[1]) if judged else None,
        ask_ms=ask_ms,
        search_ms=ask_ms / 4 if ask_ms is not None else None,
    )


def evaluation(
    outcomes: Sequence[Outcome],
    *,
    commit: str | None = COMMIT,
    changed: bool = False,
    created: str = "2026-11-22T09:30:00+00:00",
    topics: str = "vragen.jsonl",
    warnings: Sequence[str] = (),
    settings: dict[str, str] | None = None,
    summary: Summary | None = None,
) -> Evaluation:
    """A run of these questions, with its measures; or with a `summary` of others, where these take too long."""
    return Evaluation(
        stamp=Stamp(
            created=created,
            version="0.1.0",
            commit=commit,
            changed=changed,
            topics=topics,
            topics_hash="3f7a",
            library={"version": "20261122-093000", "documents": 5, "passages": 120},
            settings={"encoder": "nl-static"} if settings is None else settings,
        ),
        summary=summary or summarise(outcomes, measure_each(outcomes)),
        warnings=tuple(warnings),
        outcomes=tuple(outcomes),
    )


def _given(asked, *, facts_found, refused, cited, exact, supported, confidence, message, tokens):
    if refused:
        return Given(
            status="not_found",
            text="",
            message=message or "Dit staat niet in de documenten.",
            statements=(),
            citations=(),
            language=asked.language,
            confidence=1 - confidence,
            level="low",
            generator="extractive",
            fell_back=None,
            prompt_tokens=0,
            completion_tokens=0,
        )
    said = QUOTE if facts_found else "De gemeente haalt het oud papier op."
    return Given(
        status="answered",
        text=f"{said} [1]",
        message=message or f"{said} [1]",
        statements=(Said(text=said, citations=(1,), supported=supported, needed=(1,) if supported else ()),),
        citations=(
            Cited(
                number=1,
                passage_id="p1",
                source=asked.evidence[0].source if asked.evidence else "afvalplan.md",
                title="Afvalplan",
                section=("Papier",),
                page=None,
                quote=said,
                start=100,
                end=100 + len(said),
                exact=exact,
                evidence=(0,) if cited else (),
                near=(),
            ),
        ),
        language=asked.language,
        confidence=confidence,
        level="high" if confidence >= 0.7 else "medium" if confidence >= 0.45 else "low",
        generator="model" if tokens else "extractive",
        fell_back=None,
        prompt_tokens=tokens,
        completion_tokens=0,
    )
