"""What is sent in about an answer: why it did not help."""

import json
from typing import TYPE_CHECKING, Any

from integrations.slack import names
from integrations.slack.errors import RecordsUnavailable
from integrations.slack.parts import SlackParts
from integrations.slack.render_feedback import REASONS, notice, reason_context
from integrations.slack.streaming import sent

if TYPE_CHECKING:
    from slack_bolt import Ack, App

Json = dict[str, Any]


def register(app: "App", parts: SlackParts) -> None:
    """Has the application keep why an answer did not help."""

    def reasoned(ack: "Ack", body: Json, view: Json) -> None:
        answer_id, where = reason_context(str(view.get("private_metadata") or ""))
        values = view["state"]["values"]
        reason = (_field(values, names.REASON_FIELD).get("selected_option") or {}).get("value", "other")
        comment = str(_field(values, names.COMMENT_FIELD).get("value") or "")
        try:
            known = parts.records.feedback(
                answer_id, helpful=False, reason=reason if reason in REASONS else "other", comment=comment
            )
        except RecordsUnavailable:
            ack(response_action="errors", errors={names.REASON_FIELD[0]: notice("feedback_lost").text})
            return
        ack()
        channel, thread = _aim(where)
        if channel:
            message = notice("thanks_down" if known else "problem_expired")
            parts.gateway.ephemeral(channel, str(body["user"]["id"]), sent(message), thread)

    app.view(names.REASON_VIEW)(reasoned)


def _field(values: Json, field: tuple[str, str]) -> Json:
    block, action = field
    found: Json = (values.get(block) or {}).get(action) or {}
    return found


def _aim(where: str) -> tuple[str, str]:
    try:
        channel, thread = json.loads(where)
    except (ValueError, TypeError):
        return "", ""
    return str(channel), str(thread)
