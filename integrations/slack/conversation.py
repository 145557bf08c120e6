"""What was said before in a thread, and whether what is said now is a question to the bot."""

import re
from collections.abc import Callable, Sequence

from assistant.converse import EXPLAIN, MORE
from assistant.dialogue.phrases import ASKING
from assistant.types import Answer, Turn
from integrations.slack.facts import ThreadMessage
from integrations.slack.text import asked_text
from integrations.slack.types import Delivery, Place, Replied

TOMBSTONE = "tombstone"  # what stands in the place of a message that was deleted and has a thread
TURNS = 5  # of the thread that a question is read with
LONGEST_TURN = 2_000  # characters of an answer that is only known as a message

_ADDRESSED = re.compile(r"\s*<[@!]")
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_JOINER = "\u2060"
_SOURCES = re.compile(r"\n(?:Bronnen|Sources):?\n.*", re.DOTALL)
_ASKS = re.compile(
    rf"(?:en |maar |and |but )?(?:(?:{'|'.join(sorted(map(re.escape, ASKING)))}"
    r"|is|zijn|was|waren|heeft|hebben|had|kan|kun|kunnen|mag|mogen|moet|moeten|gaat|gaan|komt|komen|wordt|worden|geldt"
    r"|bestaat|staat|weet|klopt|are|does|do|did|can|may|must|has|have)\b)",
    re.IGNORECASE,
)
_FEWEST_WORDS = 3  # of a question without a question mark


def history_of(
    messages: Sequence[ThreadMessage], before: str, find: Callable[[str], Answer | None], bot_user: str = ""
) -> tuple[Turn, ...]:
    """The questions of a thread before this ts that the bot answered, oldest first, with what it said: the last few.

    What other people say to each other is left out, and so is a question that was taken away. `find` gives an answer
    that is kept; one that is not is read off the message.
    """
    by_ts = {one.ts: one for one in messages if one.subtype != TOMBSTONE}
    turns: dict[str, Turn] = {}
    for message in messages:
        if not message.ours or not message.question or _moment(message.question) >= _moment(before):
            continue
        question, answer = by_ts.get(message.question), find(answer_id_of(message))
        if question is None and not (is_click(message.question) and answer):
            continue
        asked = asked_text(question.text, bot_user) if question else ""
        asked = asked or (answer.query.text if answer else "")
        if asked:
            # What is no answer says what went wrong: the question was asked all the same.
            known = answer.text if answer else _read(message.text) if answer_id_of(message) else ""
            turns[message.question] = Turn(asked, known)
    return tuple(turns[ts] for ts in sorted(turns, key=_moment))[-TURNS:]


def is_click(ts: str) -> bool:
    """Whether a question is no message: it was asked with a button, a command or a shortcut."""
    return not ts[:1].isdigit()


def answer_id_of(message: ThreadMessage) -> str:
    """The id of the answer in a message of ours; "" where it has none."""
    payload = message.metadata.get("event_payload") or {}
    return str(payload.get("answer", "")) if message.ours else ""


def reply_in(messages: Sequence[ThreadMessage], question: str, place: Place) -> Replied | None:
    """Where in a thread the reply to the question with this ts stands; None where there is none."""
    delivery: Delivery = "direct" if place.kind == "direct" else "thread"
    for message in messages:
        if message.ours and message.question == question:
            return Replied(place.channel, message.ts, answer_id_of(message), delivery)
    return None


def half_said(messages: Sequence[ThreadMessage], after: str) -> list[str]:
    """The ts of what the bot began to say in a thread after this ts and did not finish: nothing marks it yet."""
    return [one.ts for one in messages if one.ours and not one.metadata and one.ts > after]


def answered_to(messages: Sequence[ThreadMessage], user: str) -> bool:
    """Whether the bot answered a question of this person in a thread."""
    by_ts = {one.ts: one for one in messages}
    answered = (by_ts.get(one.question) for one in messages if one.ours and one.question)
    return any(one is not None and one.user == user for one in answered)


def is_asked_in(messages: Sequence[ThreadMessage], question: str, bot_user: str) -> bool:
    """Whether somebody said this question in a thread, where everybody read it."""
    return any(not one.ours and asked_text(one.text, bot_user) == question for one in messages)


def is_involved(messages: Sequence[ThreadMessage], bot_user: str) -> bool:
    """Whether the bot said something in a thread, or was mentioned in it."""
    return any(one.ours or f"<@{bot_user}" in one.text for one in messages)


def is_question(raw: str, *, follow_up: bool = False) -> bool:
    """Whether the text of a message, which does not mention the bot, asks something of whoever reads it.

    What begins with the name of somebody is for him. With `follow_up` more counts as a question: "leg dat eens uit".
    """
    if _ADDRESSED.match(raw) or _MENTION.search(raw):
        return False
    text = asked_text(raw)
    words = text.split()
    if not words:
        return False
    if text.endswith("?"):
        return len(words) > 1 or follow_up
    if follow_up and (MORE.fullmatch(bare := text.lower().rstrip(" .!")) or EXPLAIN.fullmatch(bare)):
        return True
    return len(words) >= _FEWEST_WORDS and bool(_ASKS.match(text)) and not text.endswith((".", "!"))


def _read(text: str) -> str:
    """What a message of ours says, without its sources and what escaping put in it."""
    said = _SOURCES.sub("", text).replace(_JOINER, "")
    return asked_text(said)[:LONGEST_TURN]


def _moment(ts: str) -> str:
    """When something was asked, to be put in order: of equal length, so that text orders as numbers do."""
    return ts.lstrip("q-")
