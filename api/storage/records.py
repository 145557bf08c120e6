"""A row of the store as what is asked of it: the answer, an exchange, or everything that is kept of it."""

import json
from datetime import datetime
from typing import Any

from api.errors import StoreDamaged
from api.storage.rows import Given, Kept
from api.storage.types import Feedback, StoredAnswer
from assistant.errors import RecordError
from assistant.messages import level_text, message_text
from assistant.record import from_json
from assistant.types import Answer


def answer_of(answer_id: str, record: str) -> Answer:
    """The answer itself. Raises StoreDamaged."""
    try:
        return from_json(record)
    except RecordError as error:
        raise StoreDamaged(answer_id) from error


def stored_answer(row: Kept) -> StoredAnswer:
    """The answer with what is kept about it. Raises StoreDamaged."""
    feedback = tuple(_feedback(row.answer_id, one) for one in row.feedback)
    return StoredAnswer(answer_of(row.answer_id, row.record), row.conversation_id, row.asked_at, feedback)


def exchange_of(row: Kept) -> dict[str, Any]:
    """The answer and its feedback, as JSON has it. Raises StoreDamaged."""
    try:
        answer = json.loads(row.record)
    except ValueError as error:
        raise StoreDamaged(row.answer_id) from error
    feedback = [
        {
            "helpful": one.helpful,
            "reason": one.reason or None,
            "comment": one.comment or None,
            "citationNumber": one.citation_number,
            "givenAt": _written(one.given_at),
        }
        for one in row.feedback
    ]
    return {"askedAt": _written(row.asked_at), "feedback": feedback, "answer": answer}


def record_text(row: Kept) -> str:
    """Everything that is kept of the answer, as JSON text to give to whoever may ask for it. Raises StoreDamaged.

    What a reader looks for first stands on top: the question, what was said, how sure that was, how it was made, and
    what the one who asked could see. `answer` is the record as `assistant.record` reads it, with all passages that
    were weighed, the statements and the citations.
    """
    answer = answer_of(row.answer_id, row.record)
    made, query = answer.generation, answer.query
    filters = query.filters
    return json.dumps(
        {
            "answerId": answer.answer_id,
            "conversationId": row.conversation_id,
            "question": query.text,
            "standaloneQuestion": answer.standalone_query,
            "earlierTurns": [{"question": one.question, "answer": one.answer} for one in query.history],
            "filters": {
                "docIds": list(filters.doc_ids),
                "kinds": list(filters.kinds),
                "issuedFrom": filters.issued_from,
                "issuedTo": filters.issued_to,
            },
            "groups": sorted(query.groups),
            "status": answer.status.value,
            "text": answer.text,
            "message": message_text(answer),
            "confidence": answer.confidence,
            "level": answer.level.value,
            "levelText": level_text(answer.level, answer.language) if answer.statements else "",
            "libraryVersion": answer.library_version,
            "generator": made.generator,
            "model": made.model,
            "promptVersion": made.prompt_version,
            "checks": list(made.checks),
            "dropped": made.dropped,
            "fellBack": made.fell_back,
            **exchange_of(row),
        },
        ensure_ascii=False,
        indent=2,
    )


def _feedback(answer_id: str, row: Given) -> Feedback:
    return Feedback(answer_id, row.helpful, row.reason, row.comment, row.citation_number)


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
