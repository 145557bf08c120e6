"""Where a reply goes: into the thread when everybody there may see it, else to the asker alone.

Where it stands is noted as soon as it stands there, before anything else can go wrong.
"""

import hashlib
import logging
from contextlib import suppress
from dataclasses import dataclass, replace

from assistant.types import Answer
from integrations.slack.conversation import answer_id_of, is_click
from integrations.slack.errors import Gone, NotInChannel, RateLimited, RecordsUnavailable, Refused, StreamExpired
from integrations.slack.messages import said
from integrations.slack.parts import SlackParts
from integrations.slack.render_answer import answer_message, answer_metadata
from integrations.slack.render_errors import problem_message, recalling
from integrations.slack.render_parts import Links, Message
from integrations.slack.sight import Sight
from integrations.slack.streaming import sent
from integrations.slack.types import Asked, Delivery, Place, Replied

_log = logging.getLogger("vng_assistent.slack")


@dataclass(frozen=True, slots=True)
class Work:
    """A question that is being answered. `former` is an earlier reply to it, whose place this one takes: of a try
    that broke off, or to what the question was before it was changed.
    """

    parts: SlackParts
    asked: Asked
    former: Replied | None = None

    @property
    def place(self) -> Place:
        """Where it is asked."""
        return self.asked.place

    @property
    def sight(self) -> Sight:
        """Who may see what."""
        return sight_of(self.parts)

    @property
    def links(self) -> Links:
        """Where messages may lead to."""
        return links_of(self.parts)

    @property
    def open_delivery(self) -> Delivery:
        """How a reply is delivered that everybody in the place may see."""
        return "direct" if self.place.kind == "direct" else "thread"

    def noted(self, channel: str, ts: str, answer_id: str, delivery: Delivery) -> Replied:
        """Where the reply stands, written down."""
        replied = Replied(channel, ts, answer_id, delivery)
        self.parts.inbox.note(self.asked, replied)
        return replied


def sight_of(parts: SlackParts) -> Sight:
    """Who may see what."""
    return Sight(parts.access, parts.gateway, parts.library)


def links_of(parts: SlackParts) -> Links:
    """Where messages may lead to."""
    return Links(parts.public_url, parts.chosen.colleagues)


def conversation_id(place: Place) -> str:
    """The id under which the answers of one thread are kept together; nobody can tell the thread by it."""
    return hashlib.sha256("\0".join((place.team, place.channel, place.thread)).encode()).hexdigest()[:32]


def deliver(work: Work, answer: Answer) -> Replied:
    """Where an answer stands, after giving it. Raises what Gateway raises."""
    shown = for_all(work, answer)
    if shown is not None:
        answer = shown
    keep(work, answer)
    try:
        if shown is None or work.asked.private:
            _take_back(work)
            return _to_asker(work, answer)
        try:
            return _to_all(work, answer)
        except NotInChannel:
            return _to_own_conversation(work, answer)
    except (RateLimited, Refused):
        # Nobody got to see it.
        with suppress(RecordsUnavailable):
            work.parts.records.erase(answer.answer_id)
        raise


def for_all(work: Work, answer: Answer) -> Answer | None:
    """The answer as everybody in the place may see it; None where not everybody may.

    Questions to go on with are made out of all that the asker may read, so they are left out where others may not.
    """
    if work.place.kind == "direct":
        return answer
    if answer.questions and not work.sight.hides_nothing(work.place, answer.query.groups):
        answer = replace(answer, questions=())
    return answer if work.sight.all_see_answer(work.place, answer) else None


def keep(work: Work, answer: Answer) -> None:
    """Keeps an answer for what follows on it; without that it is given all the same."""
    try:
        work.parts.records.keep(answer, conversation_id(work.place), work.parts.clock())
    except RecordsUnavailable:
        _log.warning("an answer could not be kept")


def tell(work: Work, message: Message) -> Replied | None:
    """Where something that is no answer stands, after saying it to the asker alone; None where Slack refused it."""
    try:
        try:
            return _told_there(work, message)
        except Gone:
            return None  # and so is the question
        except Refused:
            return _told_apart(work, message)
    except Refused as error:
        _log.warning("a message was refused: %s", error)
        return None


def tell_in_thread(work: Work, message: Message) -> Replied | None:
    """Where something that is no answer stands, after saying it below the question, where it can be found again.

    What only the asker sees cannot: that is said in his own conversation. None where Slack refused it.
    """
    asked, place = work.asked, work.place
    try:
        if asked.private or not place.thread:
            return _told_apart(work, message)
        try:
            marked = {**sent(message), "metadata": answer_metadata(asked.ts, "")}
            return _in_its_place(work, marked, "") or work.noted(
                place.channel, work.parts.gateway.post(place.channel, marked, place.thread), "", work.open_delivery
            )
        except NotInChannel:
            return _told_apart(work, message)
    except Refused as error:
        _log.warning("a message was refused: %s", error)
        return None


def _told_there(work: Work, message: Message) -> Replied:
    """Says something to the asker alone, where he asked."""
    asked, place, gateway = work.asked, work.place, work.parts.gateway
    if asked.response_url:
        with suppress(Refused):
            gateway.respond(asked.response_url, sent(message))
            return work.noted(place.channel, asked.ts, "", "ephemeral")
    if place.kind == "direct":
        marked = {**sent(message), "metadata": answer_metadata(asked.ts, "")}
        if replied := _in_its_place(work, marked, ""):
            return replied
        return work.noted(place.channel, gateway.post(place.channel, marked, place.thread), "", "direct")
    _take_back(work)
    ts = gateway.ephemeral(place.channel, asked.user, sent(message), place.thread)
    return work.noted(place.channel, ts, "", "ephemeral")


def _told_apart(work: Work, message: Message) -> Replied:
    """Says something in the asker's own conversation, with his question, once."""
    asked, gateway = work.asked, work.parts.gateway
    channel = gateway.direct(asked.user)
    there = next((one for one in gateway.history(channel) if one.ours and one.question == asked.ts), None)
    marked = {**sent(recalling(message, asked.text)), "metadata": answer_metadata(asked.ts, "")}
    return work.noted(channel, there.ts if there else gateway.post(channel, marked), "", "direct")


def withdraw(parts: SlackParts, asked: Asked, replied: Replied) -> None:
    """Takes the reply away to a question that was itself taken away, what followed on it, and forgets the answer.

    Raises RecordsUnavailable, SlackUnavailable and RateLimited.
    """
    place, gateway = asked.place, parts.gateway
    if replied.answer_id:
        parts.records.erase(replied.answer_id)
    if replied.answer_id and place.thread and place.kind != "direct":
        with suppress(Refused):
            for one in gateway.replies(place.channel, place.thread):
                if one.ours and answer_id_of(one) == replied.answer_id and one.ts != replied.ts:
                    gateway.delete(place.channel, one.ts)
    if replied.delivery != "ephemeral" and (replied.channel or asked.user):
        with suppress(Refused):
            gateway.delete(replied.channel or gateway.direct(asked.user), replied.ts)


def _to_all(work: Work, answer: Answer) -> Replied:
    """Puts an answer in the thread, for everybody there."""
    gateway, place, delivery = work.parts.gateway, work.place, work.open_delivery
    asked = work.asked
    message = sent(answer_message(answer, links=work.links, asked_ts=asked.ts, show_question=is_click(asked.ts)))
    if replied := _in_its_place(work, message, answer.answer_id):
        return replied
    ts = gateway.post(place.channel, message, place.thread)
    return work.noted(place.channel, ts, answer.answer_id, delivery)


def _to_asker(work: Work, answer: Answer) -> Replied:
    """Shows an answer to the asker alone."""
    asked, place, gateway = work.asked, work.place, work.parts.gateway
    message = answer_message(
        answer,
        links=work.links,
        private=True,
        shareable=place.kind != "direct",
        show_question=asked.private,
        note=said("only_you" if asked.private else "only_you_documents", answer.language),
    )
    if asked.response_url:
        try:
            gateway.respond(asked.response_url, sent(message))
        except Refused as error:
            _log.info("a response address was refused: %s", error.error)  # it is older than half an hour
        else:
            return work.noted(place.channel, asked.ts, answer.answer_id, "ephemeral")
    try:
        ts = gateway.ephemeral(place.channel, asked.user, sent(message), place.thread)
    except NotInChannel:
        # The bot is not in the channel, or the asker has left it.
        return _to_own_conversation(work, answer)
    return work.noted(place.channel, ts, answer.answer_id, "ephemeral")


def _to_own_conversation(work: Work, answer: Answer) -> Replied:
    """Gives an answer in the asker's own conversation, if it is for his eyes without the channel's groups as well."""
    channel = work.parts.gateway.direct(work.asked.user)
    apart = Place(work.place.team, channel, "", "direct")
    if not work.sight.sees_answer(apart, work.asked.user, answer):
        with suppress(RecordsUnavailable):
            work.parts.records.erase(answer.answer_id)
        return _told_apart(work, problem_message("not_allowed"))
    message = answer_message(answer, links=work.links, asked_ts=work.asked.ts, show_question=True)
    ts = work.parts.gateway.post(channel, sent(message))
    return work.noted(channel, ts, answer.answer_id, "direct")


def _in_its_place(work: Work, message: dict[str, object], answer_id: str) -> Replied | None:
    """Where a message stands, after putting it in the place of an earlier reply; None where there is none to change."""
    former = _former(work)
    if former is None:
        return None
    gateway = work.parts.gateway
    delivery: Delivery = work.open_delivery if former.channel == work.place.channel else "direct"
    try:
        try:
            gateway.update(former.channel, former.ts, message)
        except StreamExpired:
            # It is half an answer, of a process that was killed: only what has ended can be changed.
            with suppress(Refused):
                gateway.stop_stream(former.channel, former.ts)
            gateway.update(former.channel, former.ts, message)
    except (Gone, StreamExpired):
        return None
    return work.noted(former.channel, former.ts, answer_id, delivery)


def _former(work: Work) -> Replied | None:
    """A reply that can be changed into another; what only the asker saw cannot."""
    former = work.former
    if former is None or former.delivery == "ephemeral" or not former.ts:
        return None
    return former if former.channel else replace(former, channel=work.parts.gateway.direct(work.asked.user))


def _take_back(work: Work) -> None:
    """Takes a reply out of a thread whose place is taken by one for the asker alone."""
    if former := _former(work):
        with suppress(Refused):
            work.parts.gateway.delete(former.channel, former.ts)
