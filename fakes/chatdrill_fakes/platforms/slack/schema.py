"""What blocks and views must look like: fields, lengths and places, as tables.

Source: docs.slack.dev, Block Kit reference (2026-08). The wording follows answers of the live service where some are known; bots should
go by ``invalid_blocks`` and the JSON pointer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chatdrill_fakes.platforms.slack import limits
from chatdrill_fakes.platforms.slack.state import Json

Check = Callable[[Any, str], Iterator[str]]
"""The problems of a value, given where it stands (a JSON pointer)."""


def _at(problem: str, place: str) -> str:
    return f"{problem} [json-pointer:{place}]"


# -------------------------------------------------------------------------------------------------------- single values


def string(most: int, least: int = 1) -> Check:
    """A string of so many characters."""

    def check(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield _at("must provide a string", place)
        elif len(value) > most:
            yield _at(f"must be less than {most + 1} characters", place)
        elif len(value) < least:
            yield _at(f"must be more than {least - 1} characters", place)

    return check


def link(value: Any, place: str) -> Iterator[str]:
    """An address of the web."""
    yield from string(limits.URL_MAX)(value, place)
    if isinstance(value, str) and value and not value.startswith(("http://", "https://", "mailto:", "slack://")):
        yield _at("must be a valid URL", place)


def flag(value: Any, place: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield _at("must provide a boolean", place)


def number(value: Any, place: str) -> Iterator[str]:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        yield _at("must provide an integer", place)


def anything(_value: Any, _place: str) -> Iterator[str]:
    """What is not looked into."""
    yield from ()


def one_of(*words: str) -> Check:
    """One of a few words."""

    def check(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, str) or value not in words:
            yield _at(f"must be one of: {', '.join(words)}", place)

    return check


def many(check: Check, most: int, least: int = 1) -> Check:
    """A list of so many."""

    def checked(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield _at("must provide an array", place)
            return
        if len(value) > most:
            yield _at(f"no more than {most} items allowed", place)
        if len(value) < least:
            yield _at(f"no fewer than {least} items allowed", place)
        for index, each in enumerate(value[:most]):
            yield from check(each, f"{place}/{index}")

    return checked


@dataclass(frozen=True, slots=True)
class Fields:
    """An object: what it must have, and what it may have."""

    required: Mapping[str, Check]
    optional: Mapping[str, Check] = field(default_factory=dict)

    def __call__(self, value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _at("must provide an object", place)
            return
        for name, check in self.required.items():
            if value.get(name) is None:
                yield _at(f"missing required field: {name}", place)
            else:
                yield from check(value[name], f"{place}/{name}")
        for name, check in self.optional.items():
            if value.get(name) is not None:
                yield from check(value[name], f"{place}/{name}")


def kinds(table: Mapping[str, Check], names: frozenset[str] | None = None) -> Check:
    """An object whose ``type`` says which of the table it is."""

    def check(value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _at("must provide an object", place)
            return
        kind = value.get("type")
        if kind is None:
            yield _at("missing required field: type", place)
            return
        known = table.get(kind) if isinstance(kind, str) and (names is None or kind in names) else None
        if known is None:
            yield _at(f"unsupported type: {str(kind)[:40]}", f"{place}/type")
        else:
            yield from known(value, place)

    return check


def words(most: int, *, plain: bool = True) -> Check:
    """A text object; ``plain``: markup is not allowed."""
    allowed = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    rest = {"emoji": flag, "verbatim": flag}
    return Fields({"type": one_of(*allowed), "text": string(most)}, rest)


# ------------------------------------------------------------------------------------------------------------- elements

CONFIRM = Fields(
    {"title": words(limits.CONFIRM_TITLE_MAX), "text": words(limits.CONFIRM_TEXT_MAX, plain=False),
     "confirm": words(limits.CONFIRM_BUTTON_MAX), "deny": words(limits.CONFIRM_BUTTON_MAX)},
    {"style": one_of("primary", "danger")},
)  # fmt: skip
_ID: dict[str, Check] = {"action_id": string(limits.ID_MAX), "confirm": CONFIRM, "focus_on_load": flag}
_HELD: dict[str, Check] = {**_ID, "placeholder": words(limits.PLACEHOLDER_MAX)}


def _option(*, plain: bool) -> Check:
    required = {"text": words(limits.OPTION_TEXT_MAX, plain=plain), "value": string(limits.OPTION_VALUE_MAX)}
    return Fields(required, {"description": words(limits.DESCRIPTION_MAX, plain=plain), "url": link})


OPTION, MARKED_OPTION = _option(plain=True), _option(plain=False)
_GROUP = Fields({"label": words(limits.OPTION_TEXT_MAX), "options": many(OPTION, limits.OPTIONS_MAX)})
_CHOICES: dict[str, Check] = {"options": many(MARKED_OPTION, limits.CHOICES_MAX)}


def _static(more: Mapping[str, Check]) -> Check:
    """Options, or groups of them."""
    fields = Fields(
        {}, {"options": many(OPTION, limits.OPTIONS_MAX), "option_groups": many(_GROUP, limits.GROUPS_MAX), **more}
    )

    def check(value: Any, place: str) -> Iterator[str]:
        yield from fields(value, place)
        if isinstance(value, dict) and value.get("options") is None and value.get("option_groups") is None:
            yield _at("missing required field: options", place)

    return check


_MULTI: dict[str, Check] = {**_HELD, "max_selected_items": number}
_PLAIN_SELECTS = ("users_select", "conversations_select", "channels_select")
_DATES = {"datepicker": "initial_date", "timepicker": "initial_time"}
ELEMENTS: dict[str, Check] = {
    "button": Fields(
        {"text": words(limits.BUTTON_TEXT_MAX)},
        {**_ID, "url": link, "value": string(limits.BUTTON_VALUE_MAX, 0), "style": one_of("primary", "danger"),
         "accessibility_label": string(limits.BUTTON_TEXT_MAX)},
    ),
    "static_select": _static({**_HELD, "initial_option": OPTION}),
    "multi_static_select": _static({**_MULTI, "initial_options": many(OPTION, limits.OPTIONS_MAX)}),
    "external_select": Fields({}, {**_HELD, "min_query_length": number, "initial_option": OPTION}),
    "multi_external_select": Fields({}, {**_MULTI, "min_query_length": number}),
    **{name: Fields({}, _HELD) for name in _PLAIN_SELECTS},
    **{f"multi_{name}": Fields({}, _MULTI) for name in _PLAIN_SELECTS},
    **{name: Fields({}, {**_HELD, initial: string(10)}) for name, initial in _DATES.items()},
    "datetimepicker": Fields({}, {**_HELD, "initial_date_time": number}),
    "radio_buttons": Fields(_CHOICES, {**_ID, "initial_option": MARKED_OPTION}),
    "checkboxes": Fields(_CHOICES, {**_ID, "initial_options": many(MARKED_OPTION, limits.CHOICES_MAX)}),
    "overflow": Fields({"options": many(OPTION, limits.OVERFLOW_MAX)}, _ID),
    "image": Fields({"alt_text": string(limits.ALT_MAX)}, {"image_url": link}),
    "plain_text_input": Fields(
        {}, {**_HELD, "initial_value": string(limits.INPUT_MAX, 0), "multiline": flag, "max_length": number, "min_length": number}
    ),
    "email_text_input": Fields({}, _HELD),
    "url_text_input": Fields({}, _HELD),
    "number_input": Fields({"is_decimal_allowed": flag}, _HELD),
    "rich_text_input": Fields({}, _HELD),
    "file_input": Fields({}, {**_ID, "max_files": number}),
    "mrkdwn": words(limits.FIELD_MAX, plain=False),
    "plain_text": words(limits.FIELD_MAX, plain=False),
}  # fmt: skip
_INPUTS = frozenset(
    {"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input"}
)
PRESSED = frozenset(ELEMENTS) - _INPUTS - {"image", "mrkdwn", "plain_text"}
"""Elements that something happens with at once."""

# --------------------------------------------------------------------------------------------------------------- blocks

_BLOCK: dict[str, Check] = {"block_id": string(limits.ID_MAX)}


def _section(value: Any, place: str) -> Iterator[str]:
    yield from _SECTION(value, place)
    if isinstance(value, dict) and value.get("text") is None and value.get("fields") is None:
        yield _at("missing required field: text", place)


_SECTION = Fields(
    {},
    {**_BLOCK, "text": words(limits.SECTION_MAX, plain=False), "fields": many(words(limits.FIELD_MAX, plain=False), limits.FIELDS_MAX),
     "accessory": kinds(ELEMENTS, PRESSED | {"image"}), "expand": flag},
)  # fmt: skip
BLOCKS: dict[str, Check] = {
    "section": _section,
    "header": Fields({"text": words(limits.HEADER_MAX)}, _BLOCK),
    "divider": Fields({}, _BLOCK),
    "image": Fields({"alt_text": string(limits.ALT_MAX)}, {**_BLOCK, "image_url": link, "title": words(limits.IMAGE_TITLE_MAX)}),
    "context": Fields(
        {"elements": many(kinds(ELEMENTS, frozenset({"image", "mrkdwn", "plain_text"})), limits.CONTEXT_MAX)}, _BLOCK
    ),
    "actions": Fields({"elements": many(kinds(ELEMENTS, PRESSED), limits.ACTIONS_MAX)}, _BLOCK),
    "input": Fields(
        {"label": words(limits.LABEL_MAX), "element": kinds(ELEMENTS, (PRESSED - {"button", "overflow"}) | _INPUTS)},
        {**_BLOCK, "hint": words(limits.LABEL_MAX), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": Fields({"elements": many(anything, 1000, 0)}, _BLOCK),
    "markdown": Fields({"text": string(limits.MARKDOWN_MAX)}, _BLOCK),
    "video": Fields(
        {"video_url": link, "thumbnail_url": link, "alt_text": string(limits.ALT_MAX), "title": words(limits.IMAGE_TITLE_MAX)}, _BLOCK
    ),
}  # fmt: skip
_IN_VIEWS = frozenset(BLOCKS) - {"markdown"}
_OF_MESSAGE = many(kinds(BLOCKS), limits.BLOCKS_MAX, 0)
_OF_VIEW = many(kinds(BLOCKS, _IN_VIEWS), limits.VIEW_BLOCKS_MAX, 0)
_VIEW_REST: dict[str, Check] = {
    "callback_id": string(limits.ID_MAX, 0), "external_id": string(limits.ID_MAX, 0), "private_metadata": string(limits.PRIVATE_MAX, 0),
    "notify_on_close": flag, "clear_on_close": flag, "submit": words(limits.VIEW_TITLE_MAX), "close": words(limits.VIEW_TITLE_MAX),
}  # fmt: skip
VIEWS: dict[str, Check] = {
    "modal": Fields({"title": words(limits.VIEW_TITLE_MAX), "blocks": _OF_VIEW}, _VIEW_REST),
    "home": Fields({"blocks": _OF_VIEW}, _VIEW_REST),
}


def block_problems(blocks: Any) -> list[str]:
    """What is wrong with the blocks of a message."""
    return [*_OF_MESSAGE(blocks, "/blocks"), *_twice(blocks)]


def view_problems(view: Any, *kinds_wanted: str) -> list[str]:
    """What is wrong with a view."""
    return [
        *kinds(VIEWS, frozenset(kinds_wanted))(view, "/view"),
        *_twice(view.get("blocks") if isinstance(view, dict) else ()),
    ]


def _twice(blocks: Any) -> Iterator[str]:
    """A ``block_id`` stands once in a message."""
    seen: set[str] = set()
    for index, block in enumerate(blocks if isinstance(blocks, list) else ()):
        given = block.get("block_id") if isinstance(block, dict) else None
        if isinstance(given, str) and given in seen:
            yield _at("`block_id` already exists", f"/blocks/{index}/block_id")
        seen.add(given if isinstance(given, str) else "")


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks with the ids that Slack gives to what has none."""
    return [_with_id(block, index) for index, block in enumerate(blocks)]


def _with_id(block: Json, index: int) -> Json:
    done: Json = {**block, "block_id": block.get("block_id") or f"b{index}"}
    if isinstance(block.get("accessory"), dict):
        done["accessory"] = _named(block["accessory"], f"b{index}a")
    if block["type"] in ("actions",):
        done["elements"] = [_named(one, f"b{index}e{number}") for number, one in enumerate(block["elements"])]
    if block["type"] == "input":
        done["element"] = _named(block["element"], f"b{index}i")
    return done


def _named(element: Json, name: str) -> Json:
    return {**element, "action_id": element.get("action_id") or name}
