"""What follows on an answer: why it did not help, a colleague who is asked to look, and showing it to the channel."""

import json
import re

from assistant.types import Answer, Language
from integrations.slack import names
from integrations.slack.messages import said
from integrations.slack.render_answer import answer_message
from integrations.slack.render_parts import Json, Links, Message, fallback, line, paragraph, plain, quoted, rich, runs
from integrations.slack.text import MOST_PRIVATE, MOST_TITLE, cut, shown

REASONS = ("incomplete", "incorrect", "wrong_source", "unclear", "other")
MOST_COMMENT = 2_000
MOST_QUESTION = 1_000
_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
_GROUP = re.compile(r"S[A-Z0-9]{1,30}")


def reason_view(answer_id: str, *, language: Language = "nl", context: str = "") -> Json:
    """The window that asks why an answer did not help.

    When it is sent in, its private_metadata is {"answer": id, "context": context} as JSON; see `reason_context`.
    """
    options = [{"text": plain(said(one, language)), "value": one} for one in REASONS]
    kept = json.dumps({"answer": answer_id, "context": context})
    return {
        "type": "modal",
        "callback_id": names.REASON_VIEW,
        "private_metadata": kept if len(kept) <= MOST_PRIVATE else json.dumps({"answer": answer_id, "context": ""}),
        "title": plain(said("reason_title", language), MOST_TITLE),
        "submit": plain(said("send", language), MOST_TITLE),
        "close": plain(said("cancel", language), MOST_TITLE),
        "blocks": [
            {
                "type": "input",
                "block_id": names.REASON_FIELD[0],
                "label": plain(said("reason_label", language)),
                "element": {"type": "radio_buttons", "action_id": names.REASON_FIELD[1], "options": options},
            },
            {
                "type": "input",
                "block_id": names.COMMENT_FIELD[0],
                "optional": True,
                "label": plain(said("comment_label", language)),
                "hint": plain(said("comment_hint", language)),
                "element": {
                    "type": "plain_text_input",
                    "action_id": names.COMMENT_FIELD[1],
                    "multiline": True,
                    "max_length": MOST_COMMENT,
                    "placeholder": plain(said("comment_placeholder", language), 150),
                },
            },
        ],
    }


def reason_context(private_metadata: str) -> tuple[str, str]:
    """The answer's id and the context that `reason_view` was given; "" and "" for any other text."""
    try:
        kept = json.loads(private_metadata)
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(kept, dict):
        return "", ""
    return str(kept.get("answer", "")), str(kept.get("context", ""))


def colleague_message(
    question: str, *, links: Links, language: Language = "nl", hidden: bool = False, user: str = ""
) -> Message:
    """The message that asks the group of colleagues to look at a question: the one mention that the bot makes.

    It stands in the thread of the answer; `hidden` says that the answer is not there, for not everyone may see it.
    Without a question, which may come out of what not everyone may see either, it says which `user` to ask.
    """
    group = links.colleagues
    who: list[Json] = [{"type": "usergroup", "usergroup_id": group}, *runs(" ")] if _GROUP.fullmatch(group) else []
    asked = said("colleague_asks", language)
    shown_question = cut(shown(question).strip(), MOST_QUESTION)
    blocks = [rich([line(who, runs(asked)), *([quoted(runs(shown_question))] if shown_question else [])])]
    if hidden:
        blocks.append(paragraph(said("colleague_hidden", language), italic=True))
    if _USER.fullmatch(user):
        named = [{"type": "user", "user_id": user}]
        blocks.append(rich([line(runs(said("colleague_ask", language)), named, runs("."))]))
    below = said("colleague_question", language, question=shown_question) if shown_question else ""
    return Message(fallback(asked, below), blocks)


def shared_message(answer: Answer, *, user: str, links: Links, asked_ts: str = "") -> Message:
    """The message that shows the channel an answer which only its asker saw; its asker is named as a user of Slack."""
    above = [rich([line([{"type": "user", "user_id": user}], runs(said("shared_by", answer.language)))])]
    known = above if _USER.fullmatch(user) else []
    return answer_message(answer, links=links, asked_ts=asked_ts, show_question=True, above=known)


def notice(name: str, *, language: Language = "nl", **values: str | int) -> Message:
    """A message of one sentence of ours, by its name in `messages`."""
    sentence = said(name, language, **values)
    return Message(fallback(sentence), [paragraph(sentence)])
