"""One question from beginning to end: who may see what, what was said before, the answer, and where it goes."""

import logging
from contextlib import suppress
from dataclasses import replace
from functools import partial

from assistant.converse import leans
from assistant.errors import BadQuery
from assistant.types import Answer, Filters, Query, Turn
from ingest.errors import IngestError, NoLibrary
from ingest.messages import explain
from integrations.slack.conversation import answered_to, half_said, history_of, is_click, is_involved, reply_in
from integrations.slack.delivery import Work, deliver, keep, tell, tell_in_thread
from integrations.slack.errors import (
    Gone,
    JournalUnavailable,
    RateLimited,
    RecordsUnavailable,
    Refused,
    SlackError,
    SlackUnavailable,
    TokenRefused,
)
from integrations.slack.facts import ThreadMessage
from integrations.slack.messages import said
from integrations.slack.parts import SlackParts
from integrations.slack.render_errors import Problem, problem_message
from integrations.slack.render_home import usage_message
from integrations.slack.streaming import AnswerStream
from integrations.slack.types import Asked, ChannelSettings, Place, Replied

HELP = frozenset(("", "hulp", "help"))
FRESH = 1_800.0  # seconds within which a direct message can go on with the one before it, outside its thread
_log = logging.getLogger("vng_assistent.slack")


def was_answered(parts: SlackParts, asked: Asked) -> Replied | None:
    """Where the reply to a question stands in its thread already; None where there is none, or none to be seen.

    Raises SlackUnavailable and RateLimited.
    """
    return None if asked.private else reply_in(_thread(parts, asked), asked.ts, asked.place)


def answer(parts: SlackParts, asked: Asked) -> Replied | None:
    """Where the reply to a question stands, after giving it; None where there is nothing to say, or nowhere to say it.

    A reply that it has already is changed into this one. Raises SlackUnavailable, RateLimited and TokenRefused, after
    which it can be tried again, and JournalUnavailable.
    """
    former = None if parts.inbox.is_first(asked) else parts.journal.reply_of(asked.place.channel, asked.ts)
    work = Work(parts, replace(asked, place=_as_slack_knows_it(parts, asked.place)), former)
    try:
        replied = _reply(work)
    except (SlackUnavailable, RateLimited, TokenRefused, JournalUnavailable):
        raise
    except BadQuery as error:
        return _tell(work, "empty" if error.problem == "empty" else "too_long", error.limit)
    except NoLibrary:
        return _tell(work, "no_library")
    except IngestError as error:
        _log.error("Een vraag uit Slack bleef zonder antwoord: %s", explain(error))
        return _tell(work, "unavailable")
    except Refused as error:
        _log.warning("Slack weigert een antwoord: %s", error)
        return None if isinstance(error, Gone) else _tell(work, "unexpected")
    except Exception as error:  # noqa: BLE001 - the asker is told, whatever it is
        # Without its words, which may repeat the question.
        _log.error("Een vraag uit Slack bleef zonder antwoord: %s", type(error).__name__)
        return _tell(work, "unexpected")
    _erase_former(work, replied)
    return replied


def tell_given_up(parts: SlackParts, asked: Asked) -> Replied | None:
    """Where it stands that a question stays without an answer, after saying it; None where it was no question to us.

    Where that stands already, nothing is said. Raises SlackUnavailable, RateLimited, TokenRefused and
    JournalUnavailable.
    """
    former = parts.journal.reply_of(asked.place.channel, asked.ts)
    work = Work(parts, replace(asked, place=_as_slack_knows_it(parts, asked.place)), former)
    thread = _thread(parts, asked)
    if found := reply_in(thread, asked.ts, work.place):
        return found
    if not _is_for_us(work, parts.journal.settings_of(asked.place.channel), thread):
        return None
    return tell_in_thread(work, problem_message("given_up", question=asked.text))


def _reply(work: Work) -> Replied | None:
    settings = work.parts.journal.settings_of(work.place.channel)
    thread = () if _begins(work) else _thread(work.parts, work.asked)
    if found := _has_reply(work, thread):
        return found
    work = _with_half(work, thread)
    if not _is_for_us(work, settings, thread):
        return None
    if settings.mode == "off" and work.place.kind != "direct":
        return _tell(work, "off")
    if work.asked.text.strip(" ?!.").lower() in HELP:
        return tell(work, usage_message())
    return _answer(work, _query(work, settings, thread))


def _begins(work: Work) -> bool:
    """Whether a question is in no thread yet, so that nothing was said there that it could go on with."""
    return work.asked.ts == work.asked.place.thread and work.parts.inbox.is_first(work.asked)


def _has_reply(work: Work, thread: tuple[ThreadMessage, ...]) -> Replied | None:
    """The reply to exactly this question that stands there already; None where there is none, or it was changed."""
    former = work.former
    there = reply_in(thread, work.asked.ts, work.place)
    if former is None:
        return there
    if not former.answer_id and there is not None and there.ts == former.ts:
        former = there  # it was finished, and that was not written down
    known = _find(work.parts, former.answer_id)
    return former if known is not None and known.query.text == work.asked.text else None


def _with_half(work: Work, thread: tuple[ThreadMessage, ...]) -> Work:
    """The work with the half answer of a process that was killed before it wrote down where that stands."""
    parts, place = work.parts, work.place
    if work.former is not None or work.asked.private or not parts.inbox.was_tried(work.asked):
        return work
    for ts in half_said(thread, work.asked.ts):
        if not parts.journal.is_reply(ts) and parts.journal.first("half", place.channel, ts):
            return replace(work, former=work.noted(place.channel, ts, "", work.open_delivery))
    return work


def _answer(work: Work, query: Query) -> Replied:
    _show_status(work)
    if _may_stream(work, query):
        return _streamed(work, query)
    return deliver(work, work.parts.assistant.ask(query))


def _query(work: Work, settings: ChannelSettings, thread: tuple[ThreadMessage, ...]) -> Query:
    """The question as it is put to the assistant."""
    parts, place = work.parts, work.place
    bot, find = parts.gateway.identity().user, partial(_find, parts)
    return Query(
        work.asked.text,
        filters=Filters(() if place.kind == "direct" else settings.doc_ids),
        history=history_of(thread, work.asked.ts, find, bot) if len(thread) > 1 else _said_before(work),
        groups=work.sight.asks_with(place, work.asked.user),
    )


def _said_before(work: Work) -> tuple[Turn, ...]:
    """What was said last in a direct conversation, for a question that leans on it and is in no thread."""
    parts, asked, place = work.parts, work.asked, work.place
    if place.kind != "direct" or is_click(asked.ts) or asked.place.thread != asked.ts or not leans(asked.text):
        return ()
    bot = parts.gateway.identity().user
    try:
        after = f"{float(asked.ts) - FRESH:.6f}"
        messages = parts.gateway.history(place.channel, before=asked.ts, after=after)
        said_last = next((one for one in reversed(messages) if not one.bot and one.ts < asked.ts), None)
        thread = parts.gateway.replies(place.channel, said_last.ts) if said_last else ()
    except Refused:
        return ()
    turns = history_of(thread, asked.ts, partial(_find, parts), bot)
    begin = reply_in(thread, thread[0].ts, place) if turns else None
    known = _find(parts, begin.answer_id) if begin else None
    if known is None or turns[0].answer != known.text:
        return turns
    # It may have leant itself on what was before it.
    return (Turn(known.standalone_query, known.text), *turns[1:])


def _may_stream(work: Work, query: Query) -> bool:
    """Whether statements may be shown one by one: only where no later one can turn out to be for the asker alone."""
    if not work.parts.generated or work.asked.private or not work.place.thread or is_click(work.asked.ts):
        return False
    return work.place.kind == "direct" or work.sight.hides_nothing(work.place, query.groups)


def _streamed(work: Work, query: Query) -> Replied:
    place, delivery = work.place, work.open_delivery

    def started(ts: str) -> None:
        work.noted(place.channel, ts, "", delivery)

    stream = AnswerStream(work.parts.gateway, work.asked, started)
    if work.former is not None and work.former.delivery == delivery:
        # What stands there already is replaced as a whole.
        stream.ts, stream.open, stream.whole = work.former.ts, True, False
    for one in work.parts.assistant.stream(query):
        if isinstance(one, Answer):
            keep(work, one)
            return work.noted(place.channel, stream.finish(one, work.links), one.answer_id, delivery)
        stream.add(one)
    raise AssertionError("a stream ends with its answer")


def _is_for_us(work: Work, settings: ChannelSettings, thread: tuple[ThreadMessage, ...]) -> bool:
    """Whether a question is put to the bot: by name, in a channel where all are, or to go on where it answered before.

    Among other people it goes on with whoever it answered in this thread, and keeps out of what they say to each other.
    """
    asked = work.asked
    message = next((one for one in thread if one.ts == asked.ts), None)
    if work.place.kind == "direct" or asked.private or message is None:
        return True
    bot = work.parts.gateway.identity().user
    if f"<@{bot}" in message.text or work.former is not None:
        return True
    if settings.mode == "all":
        return asked.ts == work.place.thread or is_involved(thread, bot)
    return asked.ts != work.place.thread and (answered_to(thread, asked.user) or _began_here(work, thread))


def _began_here(work: Work, thread: tuple[ThreadMessage, ...]) -> bool:
    """Whether the thread is that of a question of the same person that the bot answered, be it to him alone."""
    begin = thread[0]
    return begin.user == work.asked.user and work.parts.journal.reply_of(work.place.channel, begin.ts) is not None


def _tell(work: Work, problem: Problem, limit: int | None = None) -> Replied | None:
    """Tells the asker what is wrong, in the place of what was said meanwhile."""
    asked = work.asked
    work = replace(work, former=work.parts.journal.reply_of(asked.place.channel, asked.ts))
    return tell(work, problem_message(problem, question=work.asked.text, limit=limit or 0))


def _erase_former(work: Work, replied: Replied | None) -> None:
    """Forgets the answer whose place another one has taken."""
    former = work.former.answer_id if work.former else ""
    if former and (replied is None or replied.answer_id != former):
        try:
            work.parts.records.erase(former)
        except RecordsUnavailable:
            _log.warning("a former answer could not be erased")


def _find(parts: SlackParts, answer_id: str) -> Answer | None:
    try:
        return parts.records.find(answer_id) if answer_id else None
    except RecordsUnavailable:
        return None


def _as_slack_knows_it(parts: SlackParts, place: Place) -> Place:
    """The place with what Slack says of it now: what comes in with an event may not tell that others read along."""
    if place.kind == "direct":
        return place
    try:
        facts = parts.gateway.channel(place.channel)
    except Refused:
        return replace(place, external=True)  # what cannot be looked at gets what is public
    return replace(place, kind=facts.kind, external=place.external or facts.external)


def _thread(parts: SlackParts, asked: Asked) -> tuple[ThreadMessage, ...]:
    """The messages of the thread that a question is in; none for a command, which is in no thread."""
    if not asked.place.thread:
        return ()
    try:
        return parts.gateway.replies(asked.place.channel, asked.place.thread)
    except Refused:
        return ()


def _show_status(work: Work) -> None:
    """Shows in a direct conversation that the bot is at work; in a channel that would be noise."""
    if work.place.kind == "direct" and work.place.thread and not work.asked.private and work.former is None:
        # Only a message that is posted takes it away again, and not one that is changed.
        with suppress(SlackError):
            work.parts.gateway.set_status(work.place.channel, work.place.thread, said("searching"))
