"""Answers for tests of what the bot shows: made of any text, with quotes that stand in their passages."""

from assistant.types import (
    Answer,
    Citation,
    Generation,
    Level,
    Query,
    Reason,
    ScoredPassage,
    Statement,
    Status,
    Suggestion,
)
from ingest.types import Document, Passage
from integrations.slack.render_parts import Json

ANSWER_ID = "0123456789abcdef0123456789abcdef"


def document(title: str = "Woonplan Veldrijk") -> Document:
    """A document of this title."""
    return Document(
        "d1",
        "woonplan.pdf",
        title,
        "application/pdf",
        "0" * 64,
        publisher="Gemeente Veldrijk",
        issued="2024-03",
        pages=12,
    )


def passage(text: str, section: tuple[str, ...] = ("Wonen",), passage_id: str = "p1") -> Passage:
    """A passage that begins where its document does."""
    return Passage(passage_id, "d1", 0, text, section, 0, len(text), 4, 5)


def answer_of(
    *quotes: str,
    title: str = "Woonplan Veldrijk",
    section: str = "Wonen",
    question: str = "Wat staat er?",
    status: Status = Status.ANSWERED,
) -> Answer:
    """An answer that quotes these texts, a statement each; of no quotes it is one that found nothing."""
    source = document(title)
    citations = tuple(
        Citation(number, passage(quote, (section,), f"p{number}"), source, quote, 0, len(quote), 4, "iv")
        for number, quote in enumerate(quotes, 1)
    )
    statements = tuple(Statement(f"“{one.quote}”", (one.number,)) for one in citations)
    near = ScoredPassage(passage(question or "–", (section,)), source, 1.0, 1, "lexical")
    return Answer(
        ANSWER_ID,
        Query(question),
        question,
        status if statements else Status.NOT_FOUND,
        statements,
        citations,
        (near,),
        () if statements else (Suggestion(near, Reason.PART, question), Suggestion(near, Reason.SUBJECT)),
        0.9,
        Level.HIGH,
        Generation("extractive"),
        "v1",
        1.0,
        questions=() if statements else (question, title),
    )


def texts_of(part: object) -> list[str]:
    """All text of rich text in blocks, in order."""
    if isinstance(part, list):
        return [text for one in part for text in texts_of(one)]
    if not isinstance(part, dict):
        return []
    if part.get("type") == "text":
        return [str(part["text"])]
    return [text for one in part.values() for text in texts_of(one)]


def quotes_of(blocks: list[Json]) -> list[str]:
    """The text of each quote in blocks, without the numbers before it."""
    found = []
    for block in blocks:
        for element in block.get("elements", []):
            if element.get("type") == "rich_text_quote":
                runs = [one["text"] for one in element["elements"] if not one.get("style")]
                found.append("".join(runs))
    return found


def markup_of(part: object) -> list[str]:
    """All text in which Slack reads its markup."""
    if isinstance(part, list):
        return [text for one in part for text in markup_of(one)]
    if not isinstance(part, dict):
        return []
    if part.get("type") == "mrkdwn":
        return [str(part["text"])]
    return [text for one in part.values() for text in markup_of(one)]


def kinds_of(part: object) -> set[str]:
    """The types of all that is in blocks."""
    if isinstance(part, list):
        return {kind for one in part for kind in kinds_of(one)}
    if not isinstance(part, dict):
        return set()
    return {str(part.get("type"))} | {kind for one in part.values() for kind in kinds_of(one)}
