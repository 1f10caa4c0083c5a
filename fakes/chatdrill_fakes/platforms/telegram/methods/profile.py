"""The bot's own account: who it is, its commands, names and menu button."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from chatdrill_fakes.platforms.telegram.errors import bad_request
from chatdrill_fakes.platforms.telegram.fields import FieldError, int_field, object_field, text_field
from chatdrill_fakes.platforms.telegram.limits import (
    COMMAND_DESCRIPTION_MAX,
    COMMAND_MAX,
    COMMANDS_MAX,
    DESCRIPTION_MAX,
    NAME_MAX,
    SHORT_DESCRIPTION_MAX,
)
from chatdrill_fakes.platforms.telegram.links import BadLink, check_link
from chatdrill_fakes.platforms.telegram.methods.base import Handler, MethodCall, chat_by, read_json
from chatdrill_fakes.platforms.telegram.state import Json

_COMMAND = re.compile("[a-z0-9_]+")
_LANGUAGE = re.compile("(?:[a-z]{2})?")
_PLAIN_SCOPES = frozenset(("default", "all_private_chats", "all_group_chats", "all_chat_administrators"))
_CHAT_SCOPES = frozenset(("chat", "chat_administrators", "chat_member"))


def get_me(call: MethodCall) -> Json:
    """``getMe``."""
    return {
        **call.state.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": not call.state.is_on("privacy_mode"),
        "supports_inline_queries": False,
        "supports_guest_queries": False,
        "can_connect_to_business": True,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_join_request_queries": False,
    }


def log_out(call: MethodCall) -> bool:
    """``logOut``: for ten minutes every call is refused; then the bot may log in again, here by any call."""
    call.state.logged_out_at = call.now
    return True


def close(call: MethodCall) -> bool:
    """``close``: the instance stops and comes back with the next call."""
    call.state.is_closed = True
    return True


# -------------------------------------------------------------------------------------------------- commands


def _scope(call: MethodCall) -> str:
    """The scope of a command list as a key; raises ``ApiError``."""
    if not call.arguments.text("scope"):
        return "default"
    value = read_json(call, "scope", "BotCommandScope")
    try:
        return _read_scope(call, value)
    except FieldError as error:
        raise bad_request(f"Can't parse BotCommandScope: {error}") from error


def _read_scope(call: MethodCall, value: Any) -> str:
    if not isinstance(value, dict):
        raise FieldError("BotCommandScope must be an Object")
    kind = text_field(value, "type")
    if kind in _PLAIN_SCOPES:
        return kind
    if kind not in _CHAT_SCOPES:
        raise FieldError("Unsupported type specified")
    chat_id = text_field(value, "chat_id")
    if not chat_id:
        raise FieldError("Empty chat_id specified")
    user = int_field(value, "user_id", wide=True) if kind == "chat_member" else 0
    if kind == "chat_member" and user <= 0:
        raise FieldError("Invalid user_id specified")
    return f"{kind}:{chat_by(call.state, chat_id).address}:{user}"


def _language(call: MethodCall) -> str:
    code = call.arguments.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _command(value: Any) -> Json:
    try:
        if not isinstance(value, dict):
            raise FieldError("expected an Object")
        command, description = text_field(value, "command"), text_field(value, "description")
    except FieldError as error:
        raise bad_request(f"Can't parse BotCommand: {error}") from error
    command = command.removeprefix("/")
    for what, text, most in (("command", command, COMMAND_MAX), ("description", description, COMMAND_DESCRIPTION_MAX)):
        name = "Command" if what == "command" else "Command description"
        if not text.strip():
            raise bad_request(f"{name} must be non-empty")
        if len(text) > most:
            raise bad_request(f"{name} length must not exceed {most}")
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}


def set_my_commands(call: MethodCall) -> bool:
    """``setMyCommands``."""
    given = read_json(call, "commands", "commands") if call.arguments.text("commands") else []
    if not isinstance(given, list):
        raise bad_request("Expected an Array of BotCommand")
    commands = [_command(value) for value in given]
    if len(commands) > COMMANDS_MAX:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.state.commands[_scope(call), _language(call)] = commands
    return True


def get_my_commands(call: MethodCall) -> list[Json]:
    """``getMyCommands``."""
    return call.state.commands.get((_scope(call), _language(call)), [])


def delete_my_commands(call: MethodCall) -> bool:
    """``deleteMyCommands``."""
    call.state.commands.pop((_scope(call), _language(call)), None)
    return True


# ----------------------------------------------------------------------------------------------------- words


def _set_words(name: str, most: int, error: str, call: MethodCall) -> bool:
    words = call.arguments.text(name)
    if len(words) > most:
        raise bad_request(error)
    call.state.profile[name, _language(call)] = words
    return True


def _get_words(name: str, call: MethodCall) -> Json:
    default = str(call.state.bot["first_name"]) if name == "name" else ""
    found = call.state.profile.get((name, _language(call))) or call.state.profile.get((name, ""))
    return {name: found or default}


# ----------------------------------------------------------------------------------------------- menu button


def set_chat_menu_button(call: MethodCall) -> bool:
    """``setChatMenuButton``: of one private chat, or the default."""
    button: Json = {"type": "default"}
    if call.arguments.text("menu_button"):
        try:
            button = _menu_button(read_json(call, "menu_button", "menu button"))
        except FieldError as error:
            raise bad_request(f"Can't parse menu button: {error}") from error
    call.state.menu_buttons[_menu_place(call)] = button
    return True


def _menu_place(call: MethodCall) -> int:
    text = call.arguments.text("chat_id")
    return chat_by(call.state, text).id if text else 0


def _menu_button(value: Any) -> Json:
    if not isinstance(value, dict):
        raise FieldError("MenuButton must be an Object")
    kind = text_field(value, "type")
    if kind in ("default", "commands"):
        return {"type": kind}
    if kind != "web_app":
        raise FieldError("MenuButton has unsupported type")
    title, url = text_field(value, "text"), text_field(object_field(value, "web_app"), "url")
    try:
        return {"type": kind, "text": title, "web_app": {"url": check_link(url)}}
    except BadLink as error:
        raise bad_request(f"Menu button Web App URL '{url}' is invalid: {error}") from error


def get_chat_menu_button(call: MethodCall) -> Json:
    """``getChatMenuButton``."""
    place = _menu_place(call)
    buttons = call.state.menu_buttons
    return buttons.get(place, buttons.get(0, {"type": "commands"}))


PROFILE: dict[str, Handler] = {
    "getMe": get_me,
    "logOut": log_out,
    "close": close,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": partial(_set_words, "name", NAME_MAX, "BOT_TITLE_INVALID"),
    "getMyName": partial(_get_words, "name"),
    "setMyDescription": partial(_set_words, "description", DESCRIPTION_MAX, "BOT_DESCRIPTION_INVALID"),
    "getMyDescription": partial(_get_words, "description"),
    "setMyShortDescription": partial(
        _set_words, "short_description", SHORT_DESCRIPTION_MAX, "BOT_SHORT_DESCRIPTION_INVALID"
    ),
    "getMyShortDescription": partial(_get_words, "short_description"),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
