"""The manifest asks for what the bot uses, and for nothing else."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from integrations.slack import names

ROOT = Path(__file__).parent.parent
MANIFEST: dict[str, Any] = json.loads((ROOT / "integrations/slack/manifest.json").read_text(encoding="utf-8"))
GUIDE = (ROOT / "docs/handleiding/slack.md").read_text(encoding="utf-8")
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "integrations/slack").rglob("*.py")))
SCOPES: list[str] = MANIFEST["oauth_config"]["scopes"]["bot"]
EVENTS: list[str] = MANIFEST["settings"]["event_subscriptions"]["bot_events"]

# The scopes of which one is enough for what stands behind it: https://docs.slack.dev/reference/events and /methods.
READS = [f"{kind}:read" for kind in ("channels", "groups", "im", "mpim")]
HISTORY = {"channels": "channels:history", "groups": "groups:history", "im": "im:history", "mpim": "mpim:history"}
EVENT_SCOPES = {
    "app_home_opened": [],
    "app_mention": ["app_mentions:read"],
    "member_joined_channel": ["channels:read", "groups:read"],
    "member_left_channel": ["channels:read", "groups:read"],
    **{f"message.{kind}": [scope] for kind, scope in HISTORY.items()},
}
METHOD_SCOPES = {
    "assistant.threads.setStatus": ["assistant:write"],
    "assistant.threads.setSuggestedPrompts": ["assistant:write"],
    "auth.test": [],
    "chat.appendStream": ["chat:write"],
    "chat.delete": ["chat:write"],
    "chat.getPermalink": [],
    "chat.postEphemeral": ["chat:write"],
    "chat.postMessage": ["chat:write"],
    "chat.startStream": ["chat:write"],
    "chat.stopStream": ["chat:write"],
    "chat.update": ["chat:write"],
    "conversations.history": list(HISTORY.values()),
    "conversations.info": READS,
    "conversations.members": READS,
    "conversations.open": ["im:write"],
    "conversations.replies": list(HISTORY.values()),
    "usergroups.users.list": ["usergroups:read"],
    "users.info": ["users:read"],
    "views.open": [],
    "views.publish": [],
    "views.push": [],
    "views.update": [],
}
CALLED = set(re.findall(r'"((?:assistant|auth|chat|conversations|usergroups|users|views)\.[a-zA-Z.]+)"', CODE))


def test_the_lengths_that_slack_allows() -> None:
    shown, features = MANIFEST["display_information"], MANIFEST["features"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4_000
    assert re.fullmatch(r"#[0-9A-F]{6}", shown["background_color"])
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert 1 <= len(features["agent_view"]["suggested_prompts"]) <= 4
    assert all(set(one) == {"title", "message"} for one in features["agent_view"]["suggested_prompts"])
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in features["shortcuts"])


def test_the_agent_has_both_tabs_and_is_no_legacy_assistant() -> None:
    home = MANIFEST["features"]["app_home"]
    assert home == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert "assistant_view" not in MANIFEST["features"]


def test_the_command_and_the_shortcut_are_those_of_the_code() -> None:
    (command,), (shortcut,) = MANIFEST["features"]["slash_commands"], MANIFEST["features"]["shortcuts"]
    assert (command["command"], shortcut["callback_id"], shortcut["type"]) == (names.COMMAND, names.SHORTCUT, "message")
    assert command["should_escape"]


def test_it_works_over_a_socket_with_one_token_that_stays() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"]
    assert not MANIFEST["settings"]["token_rotation_enabled"]
    assert MANIFEST["settings"]["interactivity"] == {"is_enabled": True}


def test_every_method_that_is_called_is_allowed() -> None:
    assert CALLED - METHOD_SCOPES.keys() == set()
    lacking = {one for one in CALLED if METHOD_SCOPES[one] and not set(METHOD_SCOPES[one]) & set(SCOPES)}
    assert lacking == set()


def test_every_event_that_is_listened_to_is_subscribed_to() -> None:
    listened = set(re.findall(r'\.event\(\s*"([a-z_]+)"', CODE)) - {"message"}
    assert listened - set(EVENTS) == set()


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_its_scopes(event: str) -> None:
    assert set(EVENT_SCOPES[event]) <= set(SCOPES)


@pytest.mark.parametrize("scope", SCOPES)
def test_every_scope_is_used_and_explained(scope: str) -> None:
    used = {one for event in EVENTS for one in EVENT_SCOPES[event]}
    used |= {one for method in CALLED for one in METHOD_SCOPES[method]}
    assert scope in used | {"commands"}
    assert re.search(rf"^\| `{scope}` \|", GUIDE, re.MULTILINE)


def test_no_scope_is_asked_for_twice() -> None:
    assert sorted(set(SCOPES)) == SCOPES
    assert sorted(set(EVENTS)) == EVENTS
