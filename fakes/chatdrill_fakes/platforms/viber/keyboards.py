"""Keyboards and rich media: what the server's schema demands, and what the customer sees.

Sources: developers.viber.com, Keyboards (2026) for fields, values and API levels; the wording is that of the validator which
known answers of the live service show. Keys are case-sensitive; numbers may come as text, as some clients send them.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chatdrill.model import Button, Card, Carousel, File, Keyboard
from chatdrill.model.parts import ButtonKind
from chatdrill_fakes.platforms.viber import limits
from chatdrill_fakes.platforms.viber.errors import ApiError
from chatdrill_fakes.platforms.viber.state import Json, Pressable

Check = Callable[[Any], str | None]
_TAG = re.compile(r"<br\s*/?>|</?[a-zA-Z][^<>]*>")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?")


@dataclass(frozen=True, slots=True)
class Field:
    """A field's check and the API level that it needs (``levels``: single values of it)."""

    check: Check
    level: int = 1
    levels: tuple[tuple[str, int], ...] = ()


# ------------------------------------------------------------------------------------------------------ single values


def _type_error(value: Any, allowed: str) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return f'instance type ({names.get(type(value), "null")}) does not match any allowed primitive type (allowed: ["{allowed}"])'


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) else _type_error(value, "string")


def _flag(value: Any) -> str | None:
    ok = isinstance(value, bool) or value in ("true", "false")
    return None if ok else _type_error(value, "boolean")


def _number(least: int, most: int) -> Check:
    def check(value: Any) -> str | None:
        number = _as_number(value)
        if number is None:
            return _type_error(value, "integer")
        if number > most:
            return f"numeric instance is greater than the required maximum (maximum: {most}, found: {number})"
        if number < least:
            return f"numeric instance is lower than the required minimum (minimum: {least}, found: {number})"
        return None

    return check


def _as_number(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _one_of(*words: str) -> Check:
    def check(value: Any) -> str | None:
        if value in words and isinstance(value, str):
            return None
        return f"instance value ({_json(value)}) not found in enum (possible values: {_json(words)})"

    return check


def _colour(value: Any) -> str | None:
    if not isinstance(value, str):
        return _type_error(value, "string")
    if _COLOUR.fullmatch(value):
        return None
    return f'ECMA 262 regex "^#[0-9a-fA-F]{{6}}$" does not match input string "{value[:40]}"'


def _title(value: Any) -> str | None:
    if not isinstance(value, str):
        return _type_error(value, "string")
    most = limits.BROWSER_TITLE_MAX
    too_long = len(value) > most
    return f'string "{value[:40]}" is too long (length: {len(value)}, maximum allowed: {most})' if too_long else None


def _paddings(value: Any) -> str | None:
    if not isinstance(value, list):
        return _type_error(value, "array")
    if len(value) != 4:
        return f"array must have 4 elements but instance has {len(value)} elements"
    return next((problem for one in value if (problem := _number(0, 12)(one))), None)


def _object(fields: dict[str, Field]) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, dict):
            return _type_error(value, "object")
        return next(_problems(value, fields), None)

    return check


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))[:200]


def _problems(value: Json, fields: dict[str, Field]) -> Iterator[str]:
    for name, given in value.items():
        field = fields.get(name)
        if field is not None and given is not None and (problem := field.check(given)) is not None:
            yield problem


# ------------------------------------------------------------------------------------------------------------ tables

_SCALES = _one_of("crop", "fill", "fit")
_BROWSER = {
    "ActionButton": Field(_one_of("forward", "send", "open-externally", "send-to-bot", "none")),
    "ActionPredefinedURL": Field(_text),
    "TitleType": Field(_one_of("domain", "default")),
    "CustomTitle": Field(_title),
    "Mode": Field(_one_of("fullscreen", "fullscreen-portrait", "fullscreen-landscape", "partial-size")),
    "FooterType": Field(_one_of("default", "hidden")),
    "ActionReplyData": Field(_text),
}
_FRAME = {"BorderWidth": Field(_number(0, 10)), "BorderColor": Field(_colour), "CornerRadius": Field(_number(0, 10))}
_PLAYER = {"Title": Field(_text), "Subtitle": Field(_text), "ThumbnailURL": Field(_text), "Loop": Field(_flag)}
_ACTIONS = ("reply", "open-url", "location-picker", "share-phone", "none", "open-map")
_ACTION_LEVELS = (("location-picker", 3), ("share-phone", 3), ("open-map", 6))

BUTTON: dict[str, Field] = {
    "Columns": Field(_number(1, limits.COLUMNS_MAX)),
    "Rows": Field(_number(1, limits.ROWS_MAX)),
    "ActionType": Field(_one_of(*_ACTIONS), levels=_ACTION_LEVELS),
    "ActionBody": Field(_text),
    "Text": Field(_text),
    "TextSize": Field(_one_of("small", "regular", "large")),
    "TextVAlign": Field(_one_of("top", "middle", "bottom")),
    "TextHAlign": Field(_one_of("left", "center", "right")),
    "TextOpacity": Field(_number(0, 100)),
    "TextPaddings": Field(_paddings, 4),
    "TextBgGradientColor": Field(_colour),
    "TextShouldFit": Field(_flag, 6),
    "BgColor": Field(_colour),
    "BgMedia": Field(_text),
    "BgMediaType": Field(_one_of("picture", "gif")),
    "BgMediaScaleType": Field(_SCALES, 6),
    "BgLoop": Field(_flag),
    "Image": Field(_text),
    "ImageScaleType": Field(_SCALES, 6),
    "Silent": Field(_flag),
    "OpenURLType": Field(_one_of("internal", "external")),
    "OpenURLMediaType": Field(_one_of("not-media", "video", "gif", "picture")),
    "InternalBrowser": Field(_object(_BROWSER), 3),
    "Map": Field(_object({"Latitude": Field(_text), "Longitude": Field(_text)}), 6),
    "Frame": Field(_object(_FRAME), 6),
    "MediaPlayer": Field(_object(_PLAYER), 6),
}
RICH_BUTTON = BUTTON | {"Rows": Field(_number(1, limits.RICH_ROWS_MAX))}
KEYBOARD: dict[str, Field] = {
    "Type": Field(_one_of("keyboard")),
    "BgColor": Field(_colour),
    "DefaultHeight": Field(_flag),
    "CustomDefaultHeight": Field(_number(40, 70), 3),
    "HeightScale": Field(_number(20, 100), 3),
    "ButtonsGroupColumns": Field(_number(1, limits.COLUMNS_MAX), 4),
    "ButtonsGroupRows": Field(_number(1, limits.RICH_ROWS_MAX), 4),
    "InputFieldState": Field(_one_of("regular", "minimized", "hidden"), 4),
    "FavoritesMetadata": Field(lambda value: None if isinstance(value, dict) else _type_error(value, "object"), 6),
}
RICH_MEDIA = KEYBOARD | {
    "Type": Field(_one_of("rich_media")),
    "ButtonsGroupColumns": Field(_number(1, limits.COLUMNS_MAX)),
    "ButtonsGroupRows": Field(_number(1, limits.RICH_ROWS_MAX)),
}
_NO_BODY = ("none", "open-map")  # nothing happens to it there


# --------------------------------------------------------------------------------------------------------- the schema


def check(value: Any, level: int, *, rich: bool = False) -> Json:
    """The keyboard (or rich media) as it is. Raises status 3 for what breaks the schema, 14 for what needs a higher level than
    the message states."""
    what, fields, buttons = ("rich_media", RICH_MEDIA, RICH_BUTTON) if rich else ("keyboard", KEYBOARD, BUTTON)
    problem = _problem(value, fields, buttons)
    if problem is not None:
        raise ApiError(3, text=f"{what} is not valid. [{problem}]")
    for holder, known in ((value, fields), *((button, buttons) for button in value["Buttons"])):
        for name, needed in _needs(holder, known):
            if needed > level:
                raise ApiError(14, f"{name} needs min_api_version {needed}, the message has {level}")
    checked: Json = value
    return checked


def _problem(value: Any, fields: dict[str, Field], buttons: dict[str, Field]) -> str | None:
    if not isinstance(value, dict):
        return _type_error(value, "object")
    lacking = [name for name in ("Buttons", "Type") if value.get(name) is None]
    if lacking:
        return f"object has missing required properties ({_json(lacking)})"
    if not isinstance(value["Buttons"], list):
        return _type_error(value["Buttons"], "array")
    if not value["Buttons"]:
        return "array is too short: must have at least 1 elements but instance has 0 elements"
    found = next(_problems(value, fields), None)
    return found or next((wrong for one in value["Buttons"] if (wrong := _button_problem(one, buttons))), None)


def _button_problem(button: Any, fields: dict[str, Field]) -> str | None:
    if not isinstance(button, dict):
        return _type_error(button, "object")
    if button.get("ActionBody") is None and button.get("ActionType") not in _NO_BODY:
        return 'object has missing required properties (["ActionBody"])'
    return next(_problems(button, fields), None)


def _needs(value: Json, fields: dict[str, Field]) -> Iterator[tuple[str, int]]:
    for name, given in value.items():
        field = fields.get(name)
        if field is None or given is None:
            continue
        yield name, field.level
        yield from ((f"{name} {word}", level) for word, level in field.levels if word == given)


# ------------------------------------------------------------------------------------------------- what is on the screen

_KINDS: dict[str, ButtonKind] = {
    "reply": "postback",
    "open-url": "url",
    "location-picker": "request_location",
    "share-phone": "request_contact",
    "open-map": "other",
    "none": "other",
}


def shown(words: Any) -> str:
    """A button's text without its marks."""
    if not isinstance(words, str):
        return ""
    return html.unescape(_TAG.sub(lambda tag: "\n" if tag[0][:3].lower() == "<br" else "", words)).strip()


def _size(button: Json, name: str, default: int) -> int:
    return _as_number(button.get(name)) or default


def _pressable(raw: Json, is_key: bool = False) -> Pressable:
    action, body = raw.get("ActionType") or "reply", raw.get("ActionBody")
    button = Button(
        title=shown(raw.get("Text")),
        kind=_KINDS[action],
        payload=None if action == "open-url" else body,
        url=body if action == "open-url" else None,
        image_url=raw.get("Image") or raw.get("BgMedia"),
    )
    return Pressable(button, raw, is_key)


def keyboard(raw: Json) -> tuple[Keyboard, list[Pressable]]:
    """The keyboard in place of the keys, row by row as its columns fill up."""
    width = _size(raw, "ButtonsGroupColumns", limits.COLUMNS_MAX)
    pressables = [_pressable(one, is_key=True) for one in raw["Buttons"]]
    rows: list[list[Button]] = []
    left = 0
    for one in pressables:
        columns = _size(one.raw, "Columns", limits.COLUMNS_MAX)
        if columns > left:
            rows.append([])
            left = width
        rows[-1].append(one.button)
        left -= columns
    return Keyboard(style="reply", rows=tuple(map(tuple, rows))), pressables


def carousel(raw: Json) -> tuple[Carousel, list[Pressable]]:
    """Rich media as cards: each takes buttons until its group of columns and rows is full. What does nothing when it is pressed
    is the card's text or its picture."""
    room = _size(raw, "ButtonsGroupColumns", limits.COLUMNS_MAX) * _size(raw, "ButtonsGroupRows", limits.RICH_ROWS_MAX)
    cards: list[Card] = []
    pressables: list[Pressable] = []
    group: list[Pressable] = []
    left = room
    for one in map(_pressable, raw["Buttons"]):
        area = _size(one.raw, "Columns", limits.COLUMNS_MAX) * _size(one.raw, "Rows", 1)
        if area > left and group:
            cards.append(_card(group, pressables))
            group, left = [], room
        group.append(one)
        left -= area
    cards.append(_card(group, pressables))
    return Carousel(cards=tuple(cards)), pressables


def _card(group: Sequence[Pressable], pressables: list[Pressable]) -> Card:
    active = [one for one in group if one.button.kind != "other"]
    pressables.extend(active)
    titled = [one for one in active if one.button.title]
    words = [one.button.title for one in group if one not in active and one.button.title]
    link = next((one.button.url for one in active if one.button.url), None)
    image = next((one.button.image_url for one in group if one.button.image_url), None)
    return Card(
        title=words[0] if words else (titled[0].button.title if titled else ""),
        subtitle="\n".join(words[1:]) or None,
        image=File(url=image) if image else None,
        url=link,
        buttons=tuple(one.button for one in active),
    )
