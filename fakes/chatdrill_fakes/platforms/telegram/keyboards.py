"""``reply_markup``: read, checked, echoed and put into neutral words. Source of the rules: tdlib/td, ReplyMarkup.cpp."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from chatdrill.model import Button, Keyboard, KeyboardRemoved, Part, ReplyForced
from chatdrill_fakes.platforms.telegram.arguments import Arguments, BadJson
from chatdrill_fakes.platforms.telegram.encoding import dumps
from chatdrill_fakes.platforms.telegram.errors import bad_request
from chatdrill_fakes.platforms.telegram.fields import (
    FieldError,
    array_field,
    bool_field,
    int_field,
    object_field,
    text_field,
)
from chatdrill_fakes.platforms.telegram.limits import (
    CALLBACK_DATA_MAX_BYTES,
    COPY_TEXT_MAX,
    KEYBOARD_MAX,
    KEYBOARD_ROW_MAX,
    REPLY_MARKUP_MAX_BYTES,
)
from chatdrill_fakes.platforms.telegram.links import BadLink, check_link, linked_user

Json = dict[str, Any]
_STYLES = frozenset(("primary", "danger", "success"))


@dataclass
class Markup:
    """A read keyboard. ``rows`` hold the buttons as the vendor writes them; ``json`` is what messages echo."""

    kind: Literal["inline", "reply", "remove", "force"]
    rows: list[list[Json]] = field(default_factory=list)
    is_one_time: bool = False
    placeholder: str | None = None

    @property
    def json(self) -> Json | None:
        """The ``InlineKeyboardMarkup`` that the message shows; other keyboards are never echoed."""
        return {"inline_keyboard": self.rows} if self.kind == "inline" else None

    @property
    def part(self) -> Part:
        """The keyboard in neutral words."""
        if self.kind == "remove":
            return KeyboardRemoved()
        if self.kind == "force":
            return ReplyForced(placeholder=self.placeholder)
        name = _inline_button if self.kind == "inline" else _reply_button
        rows = tuple(tuple(name(button) for button in row) for row in self.rows)
        return Keyboard(style=self.kind, rows=rows, one_time=self.is_one_time, placeholder=self.placeholder)


# ---------------------------------------------------------------------------------------------------- reading


def read_markup(arguments: Arguments) -> Markup | None:
    """The keyboard of a call, or ``None``. Raises ``ApiError``; what needs the chat is left to ``check_markup``."""
    if not arguments.text("reply_markup"):
        return None
    try:
        value = arguments.json("reply_markup")
    except BadJson as error:
        raise bad_request("Can't parse reply keyboard markup JSON object") from error
    if not isinstance(value, dict):
        raise bad_request("Object expected as reply markup")
    try:
        return _read(value)
    except FieldError as error:
        raise bad_request(str(error)) from error


def _read(value: Json) -> Markup | None:
    reply = [_row(row, _read_reply, 'Field "keyboard" must be', "keyboard") for row in array_field(value, "keyboard")]
    prefix = 'Field "inline_keyboard" of the InlineKeyboardMarkup must be'
    inline = [_row(row, _read_inline, prefix, "inline keyboard") for row in array_field(value, "inline_keyboard")]
    flags = {name for name in _FLAGS if name in value and bool_field(value, name)}
    placeholder = text_field(value, "input_field_placeholder", "") or None
    if reply:
        return Markup("reply", reply, "one_time_keyboard" in flags, placeholder)
    if inline:
        return Markup("inline", inline)
    if flags & {"remove_keyboard", "hide_keyboard"}:
        return Markup("remove")
    return Markup("force", placeholder=placeholder) if flags & {"force_reply", "force_reply_keyboard"} else None


_FLAGS = (
    "hide_keyboard",
    "remove_keyboard",
    "personal_keyboard",
    "selective",
    "force_reply_keyboard",
    "force_reply",
    "resize_keyboard",
    "one_time_keyboard",
    "is_persistent",
)


def _row(row: Any, read: Callable[[Any], Json], prefix: str, what: str) -> list[Json]:
    if not isinstance(row, list):
        raise FieldError(f"{prefix} an Array of Arrays")
    try:
        return [read(button) for button in row]
    except FieldError as error:
        raise FieldError(f"Can't parse {what} button: {error}") from error


def _face(button: Json) -> Json:
    """The fields that both sorts of buttons have, in the vendor's order."""
    found: Json = {"text": text_field(button, "text")}
    if "icon_custom_emoji_id" not in button and "style" not in button:
        return found
    if icon := int_field(button, "icon_custom_emoji_id", 0, wide=True):
        found["icon_custom_emoji_id"] = str(icon)
    style = text_field(button, "style", "").lower()
    if style in _STYLES:
        found["style"] = style
    elif style not in ("", "default"):
        raise FieldError("invalid button style specified")
    return found


def _read_reply(button: Any) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict):
        raise FieldError("KeyboardButton must be a String or an Object")
    found = _face(button)
    for name, canonical in (
        ("request_phone_number", "request_contact"),
        ("request_contact", "request_contact"),
        ("request_location", "request_location"),
    ):
        if bool_field(button, name):
            return {**found, canonical: True}
    for name in ("request_poll", "web_app", "request_users", "request_user", "request_chat", "request_managed_bot"):
        if name in button:
            return {**found, name: object_field(button, name)}
    return found


def _read_inline(button: Any) -> Json:
    if not isinstance(button, dict):
        raise FieldError("InlineKeyboardButton must be an Object")
    found = _face(button)
    for name in ("url", "callback_data"):
        if name in button and (value := text_field(button, name)):
            found[name] = value
            return found
    for name, read in _INLINE_ACTIONS:
        if name in button:
            return {**found, **read(button, name)}
    if "callback_data" in button:
        return {**found, "callback_data": ""}  # refused once the chat is known, as one that is too long
    raise FieldError("Text buttons are unallowed in the inline keyboard")


def _copied(button: Json, name: str) -> Json:
    return {name: text_field(button, name)}


def _with_text(inner: str) -> Callable[[Json, str], Json]:
    return lambda button, name: {name: {inner: text_field(object_field(button, name), inner)}}


def _login(button: Json, name: str) -> Json:
    return {"url": text_field(object_field(button, name), "url")}


def _switch_chosen(button: Json, name: str) -> Json:
    chosen = object_field(button, name)
    found: Json = {"query": text_field(chosen, "query", "")}
    for allowed in ("allow_user_chats", "allow_bot_chats", "allow_group_chats", "allow_channel_chats"):
        found[allowed] = bool_field(chosen, allowed)
    return {name: found}


_INLINE_ACTIONS: tuple[tuple[str, Callable[[Json, str], Json]], ...] = (
    ("callback_game", lambda _button, name: {name: {}}),
    ("pay", lambda _button, name: {name: True}),
    ("switch_inline_query", _copied),
    ("switch_inline_query_chosen_chat", _switch_chosen),
    ("switch_inline_query_current_chat", _copied),
    ("login_url", _login),
    ("web_app", _with_text("url")),
    ("copy_text", _with_text("text")),
)


# --------------------------------------------------------------------------------------------------- checking


def check_markup(markup: Markup | None, *, is_private: bool, only_inline: bool = False) -> Markup | None:
    """What the servers make of a read keyboard in a chat; ``None`` if no button remains. Raises ``ApiError``."""
    if markup is None:
        return None
    if only_inline and markup.kind != "inline":
        raise bad_request("Inline keyboard expected")
    if markup.kind in ("remove", "force"):
        return markup
    check = _check_inline if markup.kind == "inline" else _check_reply
    left = KEYBOARD_MAX
    rows = []
    for row in markup.rows:
        wanted = [b for b in row if b["text"] or "icon_custom_emoji_id" in b][: min(KEYBOARD_ROW_MAX, left)]
        left -= len(wanted)
        if kept := [check(button, is_private) for button in wanted]:
            rows.append(kept)
    if len(dumps(rows)) > REPLY_MARKUP_MAX_BYTES:
        raise bad_request("reply markup is too long")
    return Markup(markup.kind, rows, markup.is_one_time, markup.placeholder) if rows else None


_PRIVATE_ONLY = {
    "request_contact": "Phone number can be requested",
    "request_location": "Location can be requested",
    "request_poll": "Poll can be requested",
    "web_app": "Web App buttons can be used",
    "request_users": "Users can be requested",
    "request_user": "Users can be requested",
    "request_chat": "Chats can be requested",
    "request_managed_bot": "Managed bots can be requested",
}


def _check_reply(button: Json, is_private: bool) -> Json:
    if not button["text"]:
        raise bad_request("Keyboard button text must be non-empty")
    for name, words in _PRIVATE_ONLY.items():
        if name in button and not is_private:
            raise bad_request(f"{words} in private chats only")
    return button


def _check_inline(button: Json, is_private: bool) -> Json:
    if not button["text"]:
        raise bad_request("Inline keyboard button text must be non-empty")
    data = button.get("callback_data")
    if data is not None and not 0 < len(data.encode("utf-8", "replace")) <= CALLBACK_DATA_MAX_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= COPY_TEXT_MAX:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "url" in button:
        return {**button, "url": _checked_url(button["url"])}
    if "web_app" in button:
        return _check_web_app(button, is_private)
    return button


def _checked_url(url: str) -> str:
    user = linked_user(url)
    if user is not None:
        return f"tg://user?id={user}"
    try:
        return check_link(url)
    except BadLink as error:
        raise bad_request(f"Inline keyboard button URL '{url}' is invalid: {error}") from error


def _check_web_app(button: Json, is_private: bool) -> Json:
    url = button["web_app"]["url"]
    try:
        checked = check_link(url)
        if not checked.startswith("https://"):
            raise BadLink("Only HTTPS links are allowed")
    except BadLink as error:
        raise bad_request(f"Inline keyboard button Web App URL '{url}' is invalid: {error}") from error
    if not is_private:
        raise bad_request("BUTTON_TYPE_INVALID")
    return {**button, "web_app": {"url": checked}}


# ---------------------------------------------------------------------------------------------- neutral words


def _inline_button(button: Json) -> Button:
    title = button["text"]
    if "callback_data" in button:
        return Button(title=title, kind="callback", payload=button["callback_data"])
    if "url" in button:
        return Button(title=title, kind="url", url=button["url"])
    if "copy_text" in button:
        return Button(title=title, kind="copy", payload=button["copy_text"]["text"])
    return Button(title=title, kind="other", payload=next(_actions(button), None), url=_app_url(button))


def _reply_button(button: Json) -> Button:
    title = button["text"]
    if "request_contact" in button:
        return Button(title=title, kind="request_contact")
    if "request_location" in button:
        return Button(title=title, kind="request_location")
    action = next(_actions(button), None)
    return Button(title=title, kind="other" if action else "reply", payload=action, url=_app_url(button))


def _actions(button: Json) -> Iterator[str]:
    return (name for name in button if name not in ("text", "icon_custom_emoji_id", "style"))


def _app_url(button: Json) -> str | None:
    app = button.get("web_app")
    return str(app.get("url", "")) or None if isinstance(app, dict) else None
