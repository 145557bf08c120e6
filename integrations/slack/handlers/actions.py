"""The buttons of an answer. Whoever clicks is looked at again: what he may see, and what everybody in the place may."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.record import recheck
from assistant.types import Answer
from ingest.types import Passage
from integrations.slack import names
from integrations.slack.access import Groups
from integrations.slack.asking import channel_of, clicked, place_clicked, thread_of
from integrations.slack.conversation import is_asked_in
from integrations.slack.delivery import links_of, sight_of
from integrations.slack.errors import Gone, RecordsUnavailable, SlackError
from integrations.slack.handlers.windows import show
from integrations.slack.parts import SlackParts
from integrations.slack.render_answer import whole_view
from integrations.slack.render_feedback import colleague_message, notice, reason_view, shared_message
from integrations.slack.render_parts import Message
from integrations.slack.render_source import gone_view, near_view, passage_view
from integrations.slack.streaming import sent
from integrations.slack.types import Place

if TYPE_CHECKING:
    from slack_bolt import Ack, App

Json = dict[str, Any]
COLLEAGUE_EVENT = "vng_colleague"


def register(app: "App", parts: SlackParts) -> None:
    """Has the application do what the buttons of an answer promise."""

    def passage(ack: "Ack", body: Json, action: Json) -> None:
        ack()
        value = str(action.get("value") or "")
        chosen = names.chosen(value)
        slow = _is_closed(parts, chosen.answer_id if chosen else "")
        show(parts, body, lambda: source_view(parts, body, value), slow=slow)

    def whole(ack: "Ack", body: Json, action: Json) -> None:
        ack()
        answer_id = str(action.get("value") or "")
        show(parts, body, lambda: _whole(parts, body, answer_id), slow=_is_closed(parts, answer_id))

    def feedback(ack: "Ack", body: Json, action: Json) -> None:
        ack()
        thought = names.opinion(str(action.get("value") or ""))
        if thought is None:
            return
        helpful, answer_id = thought
        if not helpful:
            # The window first: it must be there within seconds of the click.
            where = json.dumps([channel_of(body), thread_of(body)])
            with suppress(Gone):
                parts.gateway.open_view(str(body["trigger_id"]), reason_view(answer_id, context=where))
        thanks = _thanks(parts, answer_id, helpful=helpful)
        if thanks is not None:
            _whisper(parts, body, thanks)

    def colleague(ack: "Ack", body: Json, action: Json) -> None:
        ack()
        with _told_of_failure(parts, body):
            ask_colleague(parts, body, str(action.get("value") or ""))

    def share(ack: "Ack", body: Json, action: Json) -> None:
        ack()
        with _told_of_failure(parts, body):
            share_answer(parts, body, str(action.get("value") or ""))

    def ask(ack: "Ack", body: Json, action: Json) -> None:
        question = str(action.get("value") or "").strip()
        if question:
            parts.inbox.take(clicked(parts, body, question))
        ack()

    app.action(re.compile(f"^{names.PASSAGE}"))(passage)
    app.action(names.WHOLE)(whole)
    app.action(names.FEEDBACK)(feedback)
    app.action(names.COLLEAGUE)(colleague)
    app.action(names.SHARE)(share)
    app.action(re.compile(f"^({names.QUESTION}|{names.RETRY})"))(ask)


def source_view(parts: SlackParts, body: Json, value: str) -> Json:
    """The window with the passage that a button names, or that it is not there for whoever clicked."""
    chosen = names.chosen(value)
    answer = _kept(parts, chosen.answer_id) if chosen else None
    if chosen is None or answer is None:
        return gone_view()
    sight, place, user = sight_of(parts), place_clicked(parts, body), str(body["user"]["id"])
    if chosen.kind == "citation":
        shown = [(one.passage, one.document) for one in answer.citations if one.number == chosen.number]
    else:
        near = answer.suggestions[chosen.number - 1 : chosen.number] if chosen.number else ()
        shown = [(one.passage.passage, one.passage.document) for one in near]
    if not shown or not sight.sees(place, user, [document for _, document in shown]):
        return gone_view(answer.language)
    before, after = _neighbours(parts, shown[0][0])
    links = links_of(parts)
    if chosen.kind == "suggestion":
        return near_view(answer, chosen.number, before=before, after=after, links=links)
    check = _check(parts, answer, chosen.number, sight.asks_with(place, user))
    return passage_view(answer, chosen.number, before=before, after=after, check=check, links=links)


def ask_colleague(parts: SlackParts, body: Json, answer_id: str) -> None:
    """Asks the group of colleagues to look at a question, in its thread, once."""
    place = place_clicked(parts, body)
    answer = _visible(parts, body, answer_id)
    if answer is None:
        _whisper(parts, body, notice("problem_expired"))
        return
    if place.kind == "direct":
        _whisper(parts, body, notice("colleague_direct", language=answer.language))
        return
    mark = {"event_type": COLLEAGUE_EVENT, "event_payload": {"answer": answer_id}}
    thread = parts.gateway.replies(place.channel, place.thread) if place.thread else ()
    if any(one.ours and one.metadata == mark for one in thread):
        _whisper(parts, body, notice("colleague_asked", language=answer.language))
        return
    hidden = not sight_of(parts).all_see_answer(place, answer)
    known = not hidden or is_asked_in(thread, answer.query.text, parts.gateway.identity().user)
    message = colleague_message(
        answer.query.text if known else "",
        links=links_of(parts),
        language=answer.language,
        hidden=hidden,
        user="" if known else str(body["user"]["id"]),
    )
    with _once(parts, "colleague", place.channel, answer_id) as first:
        if first:
            parts.gateway.post(place.channel, {**sent(message), "metadata": mark}, place.thread)
    _whisper(parts, body, notice("colleague_asked", language=answer.language))


def share_answer(parts: SlackParts, body: Json, answer_id: str) -> None:
    """Shows an answer to the channel that only its asker saw, once, if everybody there may see it now."""
    place, user = place_clicked(parts, body), str(body["user"]["id"])
    answer = _visible(parts, body, answer_id)
    if answer is None:
        _whisper(parts, body, notice("problem_expired"))
        return
    # Questions to go on with were made out of all that the asker may read.
    answer = replace(answer, questions=())
    if place.kind == "direct" or not answer.statements or not sight_of(parts).all_see_answer(place, answer):
        _whisper(parts, body, notice("not_shared", language=answer.language))
        return
    message = shared_message(answer, user=user, links=links_of(parts))
    with _once(parts, "share", place.channel, answer_id) as first:
        if first:
            parts.gateway.post(place.channel, sent(message), place.thread)
    _whisper(parts, body, notice("shared", language=answer.language), replace=True)


@contextmanager
def _once(parts: SlackParts, *what: str) -> Iterator[bool]:
    """Whether this is the first time that this is done here; not so any more when it fails."""
    first = parts.journal.first(*what)
    try:
        yield first
    except SlackError:
        if first:
            parts.journal.undone(*what)
        raise


@contextmanager
def _told_of_failure(parts: SlackParts, body: Json) -> Iterator[None]:
    """Tells whoever clicked when what he wanted was not done, whatever the reason."""
    try:
        yield
    except Exception:
        with suppress(SlackError):
            _whisper(parts, body, notice("click_failed"))
        raise


def _thanks(parts: SlackParts, answer_id: str, *, helpful: bool) -> Message | None:
    """What is said about an opinion, which is kept; None where the window that asks why says enough."""
    try:
        known = parts.records.feedback(answer_id, helpful=helpful)
    except RecordsUnavailable:
        return notice("feedback_lost")
    if not known:
        return notice("problem_expired")
    return notice("thanks_up") if helpful else None


def _whisper(parts: SlackParts, body: Json, message: Message, *, replace: bool = False) -> None:
    """Tells something to whoever clicked, and to nobody else."""
    url = str(body.get("response_url") or "")
    if url and (replace or (body.get("container") or {}).get("is_ephemeral")):
        parts.gateway.respond(url, sent(message), replace=replace)
    elif channel := channel_of(body):
        parts.gateway.ephemeral(channel, str(body["user"]["id"]), sent(message), thread_of(body))


def _whole(parts: SlackParts, body: Json, answer_id: str) -> Json:
    answer = _visible(parts, body, answer_id)
    return whole_view(answer, links=links_of(parts)) if answer else gone_view()


def _is_closed(parts: SlackParts, answer_id: str) -> bool:
    """Whether something of an answer is not for everybody, so that it takes a while to see who is there."""
    answer = _kept(parts, answer_id)
    return answer is not None and not sight_of(parts).is_public(answer)


def _kept(parts: SlackParts, answer_id: str) -> Answer | None:
    try:
        return parts.records.find(answer_id) if answer_id else None
    except RecordsUnavailable:
        return None


def _visible(parts: SlackParts, body: Json, answer_id: str) -> Answer | None:
    """The answer that a button is about; None where it is no longer kept, or not for the eyes of whoever clicked."""
    answer = _kept(parts, answer_id)
    place: Place = place_clicked(parts, body)
    user = str(body["user"]["id"])
    return answer if answer is not None and sight_of(parts).sees_answer(place, user, answer) else None


def _neighbours(parts: SlackParts, passage: Passage) -> tuple[str, str]:
    """What stands before and after a passage, where it still stands in its document."""
    with parts.library.lease() as library:
        if passage.doc_id not in library.documents:
            return "", ""
        passages = library.passages_of(passage.doc_id)
    at = next((at for at, one in enumerate(passages) if one.passage_id == passage.passage_id), None)
    if at is None:
        return "", ""
    before = passages[at - 1].text if at else ""
    return before, passages[at + 1].text if at + 1 < len(passages) else ""


def _check(parts: SlackParts, answer: Answer, number: int, groups: Groups) -> Any:
    """What became of a citation since."""
    with parts.library.lease() as library:
        checks = recheck(answer, library, groups=groups).citations
    return next((one for one in checks if one.number == number), None)
