"""The home tab: what the app is, which documents there are, what can be asked, and what somebody asked before."""

import re
from typing import TYPE_CHECKING, Any

from ingest.errors import IngestError
from integrations.slack import names
from integrations.slack.delivery import links_of, sight_of
from integrations.slack.errors import RecordsUnavailable
from integrations.slack.examples import Examples
from integrations.slack.parts import SlackParts
from integrations.slack.render_home import Recent, home_view
from integrations.slack.types import Place

if TYPE_CHECKING:
    from slack_bolt import Ack, App

Json = dict[str, Any]


def register(app: "App", parts: SlackParts, examples: Examples) -> None:
    """Has the application show the home tab, and search in it."""

    def opened(event: Json) -> None:
        show_home(parts, examples, str(event["user"]))

    def searched(ack: "Ack", body: Json, action: Json) -> None:
        ack()
        show_home(parts, examples, str(body["user"]["id"]), search=str(action.get("value") or ""))

    def turned(ack: "Ack", body: Json, action: Json) -> None:
        ack()
        page, search = names.home_aim(str(action.get("value") or ""))
        show_home(parts, examples, str(body["user"]["id"]), search=search, page=page)

    app.event({"type": "app_home_opened"}, matchers=[_in_home])(opened)
    app.action(names.HOME_SEARCH)(searched)
    app.action(re.compile(f"^{names.HOME_PAGE}"))(turned)


def show_home(parts: SlackParts, examples: Examples, user: str, *, search: str = "", page: int = 1) -> None:
    """Shows somebody the home tab with the documents that he may read now."""
    sight = sight_of(parts)
    groups = sight.groups(Place(parts.gateway.identity().team, "", "", "direct"), user)
    try:
        documents = list(sight.documents(groups).values())
    except IngestError:
        documents = []
    view = home_view(
        documents,
        links=links_of(parts),
        examples=examples.questions(groups) if documents else (),
        recent=_recent(parts, user),
        search=search,
        page=page,
        retention_days=parts.chosen.retention_days,
        language_model=parts.chosen.language_model,
    )
    parts.gateway.publish_home(user, view)


def _recent(parts: SlackParts, user: str) -> list[Recent]:
    """What somebody asked last, as far as it is still kept."""
    found = []
    for earlier in parts.journal.recent(user):
        try:
            answer = parts.records.find(earlier.answer_id)
        except RecordsUnavailable:
            return []
        if answer is not None:
            found.append(Recent(answer.query.text, links_of(parts).answer(earlier.answer_id)))
    return found


def _in_home(event: Json) -> bool:
    return bool(event.get("tab", "home") == "home")
