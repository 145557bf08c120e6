"""The Web API: each method as Slack answers it, with its errors."""

import json
from collections.abc import Callable
from typing import Any

from tests.slack_local.blocks import complaints, view_complaints
from tests.slack_local.world import APP, APP_TOKEN, BOT, BOT_TOKEN, BOT_USER, TEAM, Channel, World

Json = dict[str, Any]
Method = Callable[[World, Json], Json]

MOST_TEXT, MOST_MARKDOWN, PAGE = 40_000, 12_000, 200


def answer(world: World, method: str, token: str, given: Json) -> Json:
    """What Slack answers to a call."""
    known = METHODS.get(method)
    if known is None:
        world.complaints.append(f"{method}: unknown method")
        return _refused("unknown_method")
    if token != (APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN):
        return _refused("invalid_auth" if token else "not_authed")
    arguments = {name: _decoded(value) for name, value in given.items()}
    with world.changing():
        try:
            return {"ok": True, **known(world, arguments)}
        except Refused as refused:
            return _refused(refused.error, refused.details)


class Refused(Exception):
    """A call that Slack does not carry out."""

    def __init__(self, error: str, details: list[str] | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.details = details or []


def _refused(error: str, details: list[str] | None = None) -> Json:
    return {"ok": False, "error": error, "response_metadata": {"messages": details or []}}


def _decoded(value: Any) -> Any:
    """The value of a form field, which holds JSON where it is no plain text."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _channel(world: World, arguments: Json, name: str = "channel") -> Channel:
    channel = world.channels.get(arguments.get(name, ""))
    if channel is None or BOT_USER not in channel.members:
        raise Refused("channel_not_found")
    return channel


def _checked(world: World, method: str, arguments: Json) -> None:
    """Raises Refused for a message that Slack does not take."""
    found = complaints(arguments["blocks"]) if "blocks" in arguments else []
    if not arguments.get("text") and not arguments.get("blocks") and not arguments.get("markdown_text"):
        raise Refused("no_text")
    if len(arguments.get("text", "")) > MOST_TEXT:
        found.append(f"text: {len(arguments['text'])} characters")
    if len(arguments.get("markdown_text", "")) > MOST_MARKDOWN:
        found.append(f"markdown_text: {len(arguments['markdown_text'])} characters")
    if "blocks" in arguments and not arguments.get("text"):
        found.append("text: a message with blocks has none, for notifications and screen readers")
    if (metadata := arguments.get("metadata")) and not {"event_type", "event_payload"} <= set(metadata):
        found.append("metadata: event_type or event_payload is lacking")
    _complain(world, method, found)


def _complain(world: World, method: str, found: list[str]) -> None:
    if found:
        world.complaints += [f"{method}: {one}" for one in found]
        raise Refused("invalid_blocks", found)


def _message(world: World, arguments: Json) -> Json:
    message = {"type": "message", "user": BOT_USER, "bot_id": BOT, "app_id": APP, "team": TEAM, "ts": world.ts()}
    for name in ("text", "blocks", "thread_ts", "metadata"):
        if arguments.get(name):
            message[name] = arguments[name]
    return message


def _post(world: World, arguments: Json) -> Json:
    channel = _channel(world, arguments)
    _checked(world, "chat.postMessage", arguments)
    if (thread := arguments.get("thread_ts")) and not world.find(channel.id, thread):
        raise Refused("message_not_found")
    message = world.add(channel.id, _message(world, arguments))
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def _update(world: World, arguments: Json) -> Json:
    channel = _channel(world, arguments)
    _checked(world, "chat.update", arguments)
    message = world.find(channel.id, arguments["ts"])
    if message is None:
        raise Refused("message_not_found")
    if message.get("user") != BOT_USER:
        raise Refused("cant_update_message")
    if world.streams.get((channel.id, message["ts"])) == "open":
        raise Refused("streaming_state_conflict")
    for name in ("text", "blocks", "metadata"):
        if name in arguments:
            message[name] = arguments[name]
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def _delete(world: World, arguments: Json) -> Json:
    channel = _channel(world, arguments)
    message = world.find(channel.id, arguments["ts"])
    if message is None:
        raise Refused("message_not_found")
    channel.remove(message)
    return {"channel": channel.id, "ts": arguments["ts"]}


def _ephemeral(world: World, arguments: Json) -> Json:
    channel = _channel(world, arguments)
    _checked(world, "chat.postEphemeral", arguments)
    if arguments.get("user") not in channel.members:
        raise Refused("user_not_in_channel")
    message = {**_message(world, arguments), "channel": channel.id, "to": arguments["user"]}
    world.ephemeral.append(message)
    return {"message_ts": message["ts"]}


def _start_stream(world: World, arguments: Json) -> Json:
    channel = _channel(world, arguments)
    if not arguments.get("thread_ts") or not world.find(channel.id, arguments["thread_ts"]):
        raise Refused("message_not_found")
    if channel.kind != "im" and not (arguments.get("recipient_user_id") and arguments.get("recipient_team_id")):
        raise Refused("missing_recipient_user_id")
    message = world.add(channel.id, {**_message(world, arguments), "text": "", "appends": 0})
    world.streams[channel.id, message["ts"]] = "open"
    _append(world, "chat.startStream", message, arguments)
    return {"channel": channel.id, "ts": message["ts"]}


def _append(world: World, method: str, message: Json, arguments: Json) -> None:
    text = arguments.get("markdown_text", "")
    for chunk in arguments.get("chunks", []):
        if chunk.get("type") == "markdown_text":
            text += chunk["text"]
        elif chunk.get("type") == "blocks":
            _complain(world, method, complaints(chunk["blocks"]))
            message.setdefault("blocks", []).extend(chunk["blocks"])
        elif chunk.get("type") not in ("task_update", "plan_update"):
            raise Refused("invalid_arguments")
    if len(text) > MOST_MARKDOWN or len(message["text"]) + len(text) > MOST_MARKDOWN:
        raise Refused("msg_too_long")
    message["text"] += text


def _stream_of(world: World, arguments: Json) -> Json:
    channel = _channel(world, arguments)
    message = world.find(channel.id, arguments["ts"])
    if message is None:
        raise Refused("message_not_found")
    if world.streams.get((channel.id, message["ts"])) != "open":
        raise Refused("message_not_in_streaming_state")
    return message


def _append_stream(world: World, arguments: Json) -> Json:
    message = _stream_of(world, arguments)
    message["appends"] += 1
    if world.expire_streams_after is not None and message["appends"] > world.expire_streams_after:
        world.streams[arguments["channel"], message["ts"]] = "expired"
        raise Refused("message_not_in_streaming_state")
    if not arguments.get("markdown_text") and not arguments.get("chunks"):
        raise Refused("no_text")
    _append(world, "chat.appendStream", message, arguments)
    return {"channel": arguments["channel"], "ts": message["ts"]}


def _stop_stream(world: World, arguments: Json) -> Json:
    message = _stream_of(world, arguments)
    _append(world, "chat.stopStream", message, arguments)
    if blocks := arguments.get("blocks"):
        _complain(world, "chat.stopStream", complaints(blocks))
        message["blocks"] = blocks
    if arguments.get("metadata"):
        message["metadata"] = arguments["metadata"]
    del world.streams[arguments["channel"], message["ts"]]
    return {"channel": arguments["channel"], "ts": message["ts"], "message": message}


def _replies(world: World, arguments: Json) -> Json:
    channel = _channel(world, arguments)
    found = world.thread(channel.id, arguments["ts"])
    if not found:
        raise Refused("thread_not_found")
    with_metadata = str(arguments.get("include_all_metadata", "")).lower() in ("1", "true")
    shown = [one if with_metadata else {k: v for k, v in one.items() if k != "metadata"} for one in found]
    limit, start = int(arguments.get("limit", PAGE)), int(arguments.get("cursor") or 0)
    more = start + limit < len(shown)
    cursor = {"response_metadata": {"next_cursor": str(start + limit)}} if more else {}
    return {"messages": shown[start : start + limit], "has_more": more, **cursor}


def _history(world: World, arguments: Json) -> Json:
    channel = _channel(world, arguments)
    top = [one for one in channel.messages if one.get("thread_ts", one["ts"]) == one["ts"]]
    latest, oldest = arguments.get("latest", "~"), arguments.get("oldest", "")
    return {"messages": [one for one in reversed(top) if oldest <= one["ts"] <= latest], "has_more": False}


def _info(world: World, arguments: Json) -> Json:
    channel = _channel(world, arguments)
    kinds = {"is_channel": "channel", "is_private": "private", "is_im": "im", "is_mpim": "mpim"}
    shared = {"is_ext_shared": channel.external, "is_shared": channel.external}
    creator = {"creator": min(channel.members - {BOT_USER}, default="")}
    named = {"id": channel.id, "name": channel.id.lower(), "is_member": True}
    return {"channel": {**named, **{name: channel.kind == kind for name, kind in kinds.items()}, **shared, **creator}}


def _members(world: World, arguments: Json) -> Json:
    members = sorted(_channel(world, arguments).members)
    limit, start = int(arguments.get("limit", 100)), int(arguments.get("cursor") or 0)
    cursor = str(start + limit) if start + limit < len(members) else ""
    return {"members": members[start : start + limit], "response_metadata": {"next_cursor": cursor}}


def _open(world: World, arguments: Json) -> Json:
    user = arguments.get("users", "")
    if user not in world.users:
        raise Refused("user_not_found")
    channel = f"D{user[1:]}"
    if channel not in world.channels:
        world.channel(channel, user, kind="im")
    return {"channel": {"id": channel}}


def _user(world: World, arguments: Json) -> Json:
    if arguments.get("user") not in world.users:
        raise Refused("user_not_found")
    return {"user": world.users[arguments["user"]]}


def _group(world: World, arguments: Json) -> Json:
    if arguments.get("usergroup") not in world.usergroups:
        raise Refused("no_such_subteam")
    return {"users": world.usergroups[arguments["usergroup"]]}


def _view(world: World, arguments: Json) -> Json:
    _complain(world, "views", view_complaints(arguments.get("view")))
    if "trigger_id" in arguments:
        if arguments["trigger_id"] not in world.triggers:
            raise Refused("expired_trigger_id")
        world.triggers.remove(arguments["trigger_id"])
    view = {**arguments["view"], "id": arguments.get("view_id") or f"V{len(world.views):08d}", "hash": world.ts()}
    world.views.append(view)
    return {"view": view}


def _publish(world: World, arguments: Json) -> Json:
    _complain(world, "views.publish", view_complaints(arguments.get("view")))
    if arguments.get("user_id") not in world.users:
        raise Refused("user_not_found")
    world.homes[arguments["user_id"]] = arguments["view"]
    return {"view": arguments["view"]}


def _status(world: World, arguments: Json) -> Json:
    channel = _channel(world, arguments, "channel_id")
    if not world.find(channel.id, arguments.get("thread_ts", "")):
        raise Refused("message_not_found")
    world.statuses.append(arguments)
    return {}


def _prompts(world: World, arguments: Json) -> Json:
    _channel(world, arguments, "channel_id")
    if not 1 <= len(arguments.get("prompts", [])) <= 4:
        raise Refused("invalid_arguments")
    world.prompts.append(arguments)
    return {}


def _permalink(world: World, arguments: Json) -> Json:
    channel = _channel(world, arguments)
    ts = arguments["message_ts"]
    return {
        "channel": channel.id,
        "permalink": f"https://veldrijk.slack.com/archives/{channel.id}/p{ts.replace('.', '')}",
    }


METHODS: dict[str, Method] = {
    "api.test": lambda *_: {},
    "auth.test": lambda *_: {
        "url": "https://veldrijk.slack.com/",
        "team": "Veldrijk",
        "user": "assistent",
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    },
    "chat.postMessage": _post,
    "chat.update": _update,
    "chat.delete": _delete,
    "chat.postEphemeral": _ephemeral,
    "chat.startStream": _start_stream,
    "chat.appendStream": _append_stream,
    "chat.stopStream": _stop_stream,
    "chat.getPermalink": _permalink,
    "conversations.replies": _replies,
    "conversations.history": _history,
    "conversations.info": _info,
    "conversations.members": _members,
    "conversations.open": _open,
    "users.info": _user,
    "usergroups.users.list": _group,
    "views.open": _view,
    "views.push": _view,
    "views.update": _view,
    "views.publish": _publish,
    "assistant.threads.setStatus": _status,
    "assistant.threads.setTitle": lambda *_: {},
    "assistant.threads.setSuggestedPrompts": _prompts,
    "agents.sessions.setStatus": lambda *_: {},
    "reactions.add": lambda *_: {},
    "apps.connections.open": lambda *_: {},  # its address is the server's to say
}
