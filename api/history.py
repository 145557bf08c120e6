"""The earlier questions of a conversation, as far as they may be gone by when it goes on."""

from api.sight import sight_of
from api.storage.store import AnswerStore
from assistant.types import Turn
from ingest.library import LiveLibrary


def turns_in_sight(
    store: AnswerStore, library: LiveLibrary, groups: frozenset[str], conversation_id: str
) -> tuple[Turn, ...]:
    """The last questions of a conversation with their answers, the oldest first, for a caller of these groups.

    Without those of which he may not see the answer: a follow-up question takes up words of what came before, and whose
    conversation it was, nobody knows.
    """
    answers = store.conversation(conversation_id)
    if not answers:
        return ()
    with library.lease() as opened:
        sight = sight_of(opened, groups)
        return tuple(Turn(one.query.text, one.text) for one in answers if sight.shows(one))
