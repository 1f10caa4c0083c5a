"""Limits, each with a call that shows it."""

from __future__ import annotations

from typing import Any

from chatdrill.wire.sheets import Ask, Bound, Refused
from chatdrill_fakes.platforms.slack.sheet.calls import (
    BUTTON,
    COMMAND,
    MODAL,
    OPTION,
    PLAIN,
    actions,
    call,
    modal,
    says,
    section,
    sent,
    uploaded,
)
from chatdrill_fakes.platforms.slack.sheet.mistakes import refused

_BLOCKS = refused("invalid_blocks")
_VIEW = refused("invalid_arguments")
_FIRST = "blocks.0"
_ELEMENT = f"{_FIRST}.elements.0"
_SELECT: dict[str, Any] = {"type": "static_select", "action_id": "s", "placeholder": PLAIN, "options": [OPTION]}
_GROUP = {"label": PLAIN, "options": [OPTION]}
_DATE = {"type": "datepicker", "action_id": "d", "placeholder": PLAIN}
_CONFIRM = {"title": PLAIN, "text": PLAIN, "confirm": PLAIN, "deny": PLAIN}
_DIVIDER = {"type": "divider"}


def _of(block: dict[str, Any]) -> Ask:
    return says(text="x", blocks=[block])


_BUTTON = {**BUTTON, "url": "https://a.test/"}
_CHOICES = {"type": "checkboxes", "action_id": "c", "options": [OPTION]}
_OVERFLOW = {"type": "overflow", "action_id": "o", "options": [OPTION]}
_IMAGE = {"type": "image", "image_url": "https://a.test/p.png", "alt_text": "x", "title": PLAIN}
_METADATA = {"event_type": "a", "event_payload": {"a": ""}}
_FIXED = len('{"event_type":"a","event_payload":{"a":""}}')
BOUNDS: tuple[Bound, ...] = (
    Bound("update.text", sent("chat.update", ts="{ts}"), refused("msg_too_long"), "text", "ї"),
    Bound("markdown_text", says(), refused("msg_too_long"), "markdown_text", "ї"),
    Bound("blocks", says(text="x"), _BLOCKS, "blocks", _DIVIDER),
    Bound("view.blocks", modal(), _VIEW, "view.blocks", _DIVIDER),
    Bound("message.blocks", says(blocks=[{"type": "section", "text": {"type": "plain_text", "text": "x" * 3000}}] * 4
          + [{"type": "section", "text": {"type": "plain_text"}}]), refused("msg_blocks_too_long"), "blocks.4.text.text",
          fixed=4 * 3000 + 5 * len("sectionplain_text")),
    Bound("attachments", says(text="x"), refused("too_many_attachments"), "attachments", {"text": "x"}),
    Bound("section.text", section(), _BLOCKS, f"{_FIRST}.text.text", "ї"),
    Bound("section.fields", section(), _BLOCKS, f"{_FIRST}.fields", PLAIN),
    Bound("section.field", section(fields=[PLAIN]), _BLOCKS, f"{_FIRST}.fields.0.text"),
    Bound("header.text", _of({"type": "header", "text": PLAIN}), _BLOCKS, f"{_FIRST}.text.text"),
    Bound("context.elements", _of({"type": "context", "elements": []}), _BLOCKS, f"{_FIRST}.elements", PLAIN),
    Bound("actions.elements", actions(), _BLOCKS, f"{_FIRST}.elements", {**BUTTON, "action_id": "a{i}"}),
    Bound("button.text", actions(BUTTON), _BLOCKS, f"{_ELEMENT}.text.text"),
    Bound("button.value", actions(BUTTON), _BLOCKS, f"{_ELEMENT}.value"),
    Bound("action_id", actions(BUTTON), _BLOCKS, f"{_ELEMENT}.action_id"),
    Bound("block_id", actions(BUTTON), _BLOCKS, f"{_FIRST}.block_id"),
    Bound("select.options", actions(_SELECT), _BLOCKS, f"{_ELEMENT}.options", OPTION),
    Bound("select.option_groups", actions({**_SELECT, "options": None}), _BLOCKS, f"{_ELEMENT}.option_groups", _GROUP),
    Bound("option.text", actions(_SELECT), _BLOCKS, f"{_ELEMENT}.options.0.text.text"),
    Bound("option.value", actions(_SELECT), _BLOCKS, f"{_ELEMENT}.options.0.value"),
    Bound("option.description", actions({**_SELECT, "options": [{**OPTION, "description": PLAIN}]}), _BLOCKS,
          f"{_ELEMENT}.options.0.description.text"),
    Bound("choices.options", actions(_CHOICES), _BLOCKS, f"{_ELEMENT}.options", OPTION),
    Bound("overflow.options", actions(_OVERFLOW), _BLOCKS, f"{_ELEMENT}.options", OPTION),
    Bound("confirm.title", actions({**BUTTON, "confirm": _CONFIRM}), _BLOCKS, f"{_ELEMENT}.confirm.title.text"),
    Bound("confirm.text", actions({**BUTTON, "confirm": _CONFIRM}), _BLOCKS, f"{_ELEMENT}.confirm.text.text"),
    Bound("confirm.button", actions({**BUTTON, "confirm": _CONFIRM}), _BLOCKS, f"{_ELEMENT}.confirm.deny.text"),
    Bound("image.alt_text", _of(_IMAGE), _BLOCKS, f"{_FIRST}.alt_text"),
    Bound("image.title", _of(_IMAGE), _BLOCKS, f"{_FIRST}.title.text"),
    Bound("input.label", modal(), _VIEW, "view.blocks.0.label.text"),
    Bound("placeholder", actions(_DATE), _BLOCKS, f"{_ELEMENT}.placeholder.text"),
    Bound("view.title", modal(), _VIEW, "view.title.text"),
    Bound("view.submit", modal(), _VIEW, "view.submit.text"),
    Bound("view.private_metadata", modal(), _VIEW, "view.private_metadata"),
    Bound("view.callback_id", modal(), _VIEW, "view.callback_id"),
    Bound("metadata", says(text="x", metadata=_METADATA), refused("metadata_too_large"), "metadata.event_payload.a", fixed=_FIXED),
    Bound("trigger_id", call("views.open", (COMMAND,), trigger_id="{trigger}", view=MODAL), refused("expired_trigger_id")),
    Bound("response_url.life", Ask("{answer}", {"text": "x"}, headers=(), after=(COMMAND,)),
          Refused(404, {"ok": False, "error": "expired_url"})),
    Bound("conversations.open.users", call("conversations.open"), refused("too_many_users"), "users", "{to}"),
    Bound("file.channels", call("files.completeUploadExternal", uploaded("a.pdf"), files=[{"id": "{file_id}"}]),
          refused("channels_limit_exceeded"), "channels", "{dm}"),
)  # fmt: skip
_RATES = "is about many calls: tests/slack_app/test_limits.py"
UNTRIED: dict[str, str] = {
    "message.text": "what is longer is cut, and not refused: tests/slack_app/test_limits.py",
    "url": "is an address, not any text: tests/slack_app/test_limits.py",
    "view": "is about the whole view: tests/slack_app/test_limits.py",
    "view.stack": "is about several views: tests/slack_app/test_views.py",
    "response_url.uses": "is about several calls: tests/slack_app/test_interactivity.py",
    "file.size": "a gigabyte is not brought for a test: tests/slack_app/test_limits.py",
    "tier.2": _RATES,
    "tier.3": _RATES,
    "tier.4": _RATES,
    "messages": _RATES,
    "sockets": "is about WebSockets: tests/slack_app/test_socket_mode.py",
}
