"""What Slack accepts as blocks: its documented limits, as a list of complaints.

After https://docs.slack.dev/reference/block-kit. A kind of block or element that is not here is a complaint as well, so
that nothing passes unseen.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MARKDOWN_IN_ALL = 12_000
# Undocumented: Slack answers msg_blocks_too_long to a message whose blocks are somewhat over 13,000 characters, and
# view_too_large to a view of more than 250 kB.
MOST_IN_ALL = {"message": 13_000, "modal": 250_000, "home": 250_000}
_ID = 255


def complaints(blocks: object, surface: str = "message") -> list[str]:
    """What Slack would refuse in these blocks, a line each; [] when they are fine."""
    if not isinstance(blocks, list):
        return ["blocks: no list"]
    found = []
    if len(blocks) > MOST_BLOCKS[surface]:
        found.append(f"blocks: {len(blocks)} of them, at most {MOST_BLOCKS[surface]}")
    if (long := len(json.dumps(blocks, ensure_ascii=False))) > MOST_IN_ALL[surface]:
        found.append(f"blocks: {long} characters in all, at most {MOST_IN_ALL[surface]}")
    for at, block in enumerate(blocks):
        found += [f"blocks[{at}] {one}" for one in _block(block, surface)]
    ids = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    found += [f"block_id {one!r} stands there twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
    markdown = sum(len(block.get("text", "")) for block in blocks if block.get("type") == "markdown")
    if markdown > MARKDOWN_IN_ALL:
        found.append(f"markdown: {markdown} characters in all, at most {MARKDOWN_IN_ALL}")
    return found


def view_complaints(view: object) -> list[str]:
    """What Slack would refuse in a view: a modal or a home tab."""
    if not isinstance(view, dict):
        return ["view: no object"]
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [f"view: type {kind!r}"]
    found = complaints(view.get("blocks"), kind)
    if kind == "modal":
        found += _text(view.get("title"), "title", 24, ("plain_text",))
        for part in ("submit", "close"):
            if part in view:
                found += _text(view[part], part, 24, ("plain_text",))
        if any(block.get("type") == "input" for block in view.get("blocks", ())) and "submit" not in view:
            found.append("view: input blocks without submit")
    found += _length(view.get("private_metadata", ""), "private_metadata", 3000)
    found += _length(view.get("callback_id", ""), "callback_id", _ID)
    return found


def _block(block: object, surface: str) -> Iterator[str]:
    if not isinstance(block, dict):
        yield "no object"
        return
    check = _BLOCKS.get(str(block.get("type")))
    if check is None:
        yield f"type {block.get('type')!r} is unknown"
        return
    yield from _length(block.get("block_id", ""), "block_id", _ID)
    yield from (f"{block['type']}: {one}" for one in check(block))
    if block["type"] in ("markdown", "context_actions") and surface != "message":
        yield f"{block['type']}: only in messages"
    elements = block.get("elements", [])
    ids = [one["action_id"] for one in elements if isinstance(one, dict) and "action_id" in one]
    if len(ids) != len(set(ids)):
        yield "action_id stands there twice"


def _length(text: object, name: str, most: int, least: int = 0) -> Iterator[str]:
    if not isinstance(text, str):
        yield f"{name}: no text"
    elif not least <= len(text) <= most:
        yield f"{name}: {len(text)} characters, {least} to {most}"


def _text(text: object, name: str, most: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Iterator[str]:
    if not isinstance(text, dict):
        yield f"{name}: no text object"
        return
    if text.get("type") not in kinds:
        yield f"{name}: type {text.get('type')!r}"
    if text.get("type") == "mrkdwn" and "emoji" in text:
        yield f"{name}: emoji on mrkdwn"
    yield from _length(text.get("text"), f"{name}.text", most, 1)
    known = {"type", "text", "emoji", "verbatim"}
    yield from (f"{name}: unknown field {one}" for one in text if one not in known)


def _section(block: Json) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "neither text nor fields"
    if "text" in block:
        yield from _text(block["text"], "text", 3000)
    fields = block.get("fields", [])
    if len(fields) > 10:
        yield f"{len(fields)} fields, at most 10"
    for one in fields:
        yield from _text(one, "field", 2000)
    if "accessory" in block:
        yield from _element(block["accessory"])


def _header(block: Json) -> Iterator[str]:
    yield from _text(block.get("text"), "text", 150, ("plain_text",))


def _markdown(block: Json) -> Iterator[str]:
    yield from _length(block.get("text"), "text", MARKDOWN_IN_ALL, 1)


def _context(block: Json) -> Iterator[str]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 10:
        yield f"{len(elements)} elements, 1 to 10"
    for one in elements:
        if isinstance(one, dict) and one.get("type") == "image":
            yield from _image(one)
        else:
            yield from _text(one, "element", 3000)


def _actions(block: Json) -> Iterator[str]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 25:
        yield f"{len(elements)} elements, 1 to 25"
    for one in elements:
        yield from _element(one)


def _context_actions(block: Json) -> Iterator[str]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 5:
        yield f"{len(elements)} elements, 1 to 5"
    for one in elements:
        if not isinstance(one, dict) or one.get("type") not in ("feedback_buttons", "icon_button"):
            yield "only feedback_buttons and icon_button"
        else:
            yield from _element(one)


def _input(block: Json) -> Iterator[str]:
    yield from _text(block.get("label"), "label", 2000, ("plain_text",))
    if "hint" in block:
        yield from _text(block["hint"], "hint", 2000, ("plain_text",))
    yield from _element(block.get("element"))


def _image(block: Json) -> Iterator[str]:
    yield from _length(block.get("image_url", ""), "image_url", 3000, 1)
    yield from _length(block.get("alt_text"), "alt_text", 2000, 1)


def _rich_text(block: Json) -> Iterator[str]:
    kinds = {"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}
    elements = block.get("elements")
    if not isinstance(elements, list) or not elements:
        yield "no elements"
        return
    yield from (f"element {one.get('type')!r}" for one in elements if one.get("type") not in kinds)
    for element in elements:
        inner = element.get("elements")
        if not isinstance(inner, list) or not inner:
            yield f"{element.get('type')}: no elements"
        elif element.get("type") == "rich_text_list":
            if element.get("style") not in ("bullet", "ordered"):
                yield f"rich_text_list.style {element.get('style')!r}"
            for item in inner:
                if item.get("type") != "rich_text_section":
                    yield f"rich_text_list: an item is {item.get('type')!r}"
                else:
                    yield from _pieces(item.get("elements", []))
        else:
            yield from _pieces(inner)


def _pieces(inner: list[Json]) -> Iterator[str]:
    """What is wrong with the pieces of a paragraph of rich text."""
    if not inner:
        yield "rich_text_section: no elements"
    for one in inner:
        kind = one.get("type")
        if kind == "text":
            yield from _length(one.get("text"), "text", 3000, 1)
        elif kind == "link":
            yield from _length(one.get("url"), "link.url", 3000, 1)
            yield from _length(one.get("text", ""), "link.text", 3000)
        elif kind in _IDS:
            field, pattern = _IDS[kind]
            if not re.fullmatch(pattern, str(one.get(field))):
                yield f"{kind}.{field} {one.get(field)!r}"
        elif kind not in ("emoji", "broadcast", "date", "color"):
            yield f"{kind!r} in rich text"
        unknown = set(one.get("style", {})) - {"bold", "italic", "strike", "code", "underline", "highlight"}
        if unknown or any(value is not True and value is not False for value in one.get("style", {}).values()):
            yield f"style {one['style']!r}"


_IDS = {
    "user": ("user_id", r"[UW][A-Z0-9]+"),
    "usergroup": ("usergroup_id", r"S[A-Z0-9]+"),
    "channel": ("channel_id", r"[CDG][A-Z0-9]+"),
}


def _nothing(_block: Json) -> Iterator[str]:
    yield from ()


_BLOCKS: dict[str, Callable[[Json], Iterator[str]]] = {
    "section": _section,
    "header": _header,
    "markdown": _markdown,
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "divider": _nothing,
    "input": _input,
    "image": _image,
    "rich_text": _rich_text,
}


def _element(element: object) -> Iterator[str]:
    if not isinstance(element, dict):
        yield "element: no object"
        return
    kind = str(element.get("type"))
    check = _ELEMENTS.get(kind)
    if check is None:
        yield f"element {kind!r} is unknown"
        return
    yield from _length(element.get("action_id", ""), f"{kind}.action_id", _ID)
    yield from check(element)


def _button(element: Json) -> Iterator[str]:
    yield from _text(element.get("text"), "button.text", 75, ("plain_text",))
    yield from _length(element.get("value", ""), "button.value", 2000)
    yield from _length(element.get("url", ""), "button.url", 3000)
    yield from _length(element.get("accessibility_label", ""), "button.accessibility_label", 75)
    if element.get("style", "primary") not in ("primary", "danger"):
        yield f"button.style {element['style']!r}"


def _feedback(element: Json) -> Iterator[str]:
    for side in ("positive_button", "negative_button"):
        button = element.get(side)
        if not isinstance(button, dict):
            yield f"feedback_buttons: no {side}"
            continue
        yield from _text(button.get("text"), f"{side}.text", 75, ("plain_text",))
        yield from _length(button.get("value"), f"{side}.value", 2000, 1)
        yield from _length(button.get("accessibility_label", ""), f"{side}.accessibility_label", 75)


def _icon(element: Json) -> Iterator[str]:
    yield from _text(element.get("text"), "icon_button.text", 75, ("plain_text",))
    if element.get("icon") != "trash":
        yield f"icon_button.icon {element.get('icon')!r}"


def _options(most: int, least: int = 1) -> Callable[[Json], Iterator[str]]:
    def check(element: Json) -> Iterator[str]:
        options = element.get("options", [])
        groups = element.get("option_groups", [])
        for group in groups:
            yield from _text(group.get("label"), "option_group.label", 75, ("plain_text",))
            options = [*options, *group.get("options", [])]
        if len(groups) > 100:
            yield f"{len(groups)} option groups, at most 100"
        if not groups and not least <= len(options) <= most:
            yield f"{len(options)} options, {least} to {most}"
        for option in [*options, *element.get("initial_options", [])]:
            yield from _text(option.get("text"), "option.text", 75)
            yield from _length(option.get("value"), "option.value", 150, 1)
            if "description" in option:
                yield from _text(option["description"], "option.description", 75)
        if any(one not in options for one in element.get("initial_options", [])):
            yield "an initial option that is none of the options"
        if "initial_option" in element and element["initial_option"] not in options:
            yield "an initial option that is none of the options"
        if "placeholder" in element:
            yield from _text(element["placeholder"], "placeholder", 150, ("plain_text",))

    return check


def _typed(element: Json) -> Iterator[str]:
    if "placeholder" in element:
        yield from _text(element["placeholder"], "placeholder", 150, ("plain_text",))
    if not 1 <= element.get("max_length", 3000) <= 3000:
        yield f"max_length {element['max_length']}"
    yield from _length(element.get("initial_value", ""), "initial_value", element.get("max_length", 3000))


def _external(element: Json) -> Iterator[str]:
    if "placeholder" in element:
        yield from _text(element["placeholder"], "placeholder", 150, ("plain_text",))
    for option in element.get("initial_options", []):
        yield from _text(option.get("text"), "option.text", 75)
        yield from _length(option.get("value"), "option.value", 150, 1)


_ELEMENTS: dict[str, Callable[[Json], Iterator[str]]] = {
    "button": _button,
    "feedback_buttons": _feedback,
    "icon_button": _icon,
    "image": _image,
    "overflow": _options(5),
    "static_select": _options(100),
    "multi_static_select": _options(100),
    "external_select": _external,
    "multi_external_select": _external,
    "radio_buttons": _options(10),
    "checkboxes": _options(10),
    "plain_text_input": _typed,
}
