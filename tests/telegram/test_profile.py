"""The bot's own account."""

from __future__ import annotations

import json

import pytest


def test_a_bot_knows_itself(drill):
    me = drill.call("getMe")
    assert me["id"] == 7012345678 and me["username"] == "acme_help_bot" and me["can_read_all_group_messages"] is False


def test_command_lists_are_kept_by_scope_and_language(drill):
    start = [{"command": "start", "description": "Begin"}]
    help_ = [{"command": "/help", "description": "Pomoc"}]
    assert drill.call("setMyCommands", commands=start) is True
    drill.call("setMyCommands", commands=json.dumps(help_), language_code="pl", scope={"type": "all_private_chats"})
    assert drill.call("getMyCommands") == start
    assert drill.call("getMyCommands", language_code="pl", scope={"type": "all_private_chats"})[0]["command"] == "help"
    assert drill.call("deleteMyCommands") is True and drill.call("getMyCommands") == []


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("x", "can't parse BotCommand: expected an Object"),
        ({"command": "a"}, "can't parse BotCommand: Can't find field \"description\""),
        ({"command": "", "description": "d"}, "command must be non-empty"),
        ({"command": "a" * 33, "description": "d"}, "command length must not exceed 32"),
        ({"command": "a", "description": "d" * 257}, "command description length must not exceed 256"),
        ({"command": "Upper", "description": "d"}, "BOT_COMMAND_INVALID"),
    ],
)
def test_wrong_commands_are_refused(drill, command, error):
    assert drill.error("setMyCommands", commands=[command]) == f"400 Bad Request: {error}"


@pytest.mark.parametrize(
    ("scope", "error"),
    [
        ("{", "can't parse BotCommandScope JSON object"),
        ([], "can't parse BotCommandScope: BotCommandScope must be an Object"),
        ({"type": "planet"}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"type": "chat"}, "can't parse BotCommandScope: Can't find field \"chat_id\""),
        ({"type": "chat", "chat_id": 5}, "chat not found"),
    ],
)
def test_wrong_scopes_are_refused(drill, scope, error):
    assert drill.error("getMyCommands", scope=scope) == f"400 Bad Request: {error}"


@pytest.mark.parametrize(
    ("what", "name", "most"),
    [("Name", "name", 64), ("Description", "description", 512), ("ShortDescription", "short_description", 120)],
)
def test_names_and_descriptions_are_kept_by_language(drill, what, name, most):
    assert drill.call(f"setMy{what}", **{name: "Acme"}) is True
    drill.call(f"setMy{what}", **{name: "Акме"}, language_code="uk")
    assert drill.call(f"getMy{what}") == {name: "Acme"}
    assert drill.call(f"getMy{what}", language_code="uk") == {name: "Акме"}
    assert drill.error(f"setMy{what}", **{name: "x" * (most + 1)}).startswith("400 Bad Request: BOT_")


def test_the_menu_button_has_a_default_and_one_per_chat(drill):
    assert drill.call("getChatMenuButton") == {"type": "commands"}
    app = {"type": "web_app", "text": "Shop", "web_app": {"url": "https://shop.test/"}}
    assert drill.call("setChatMenuButton", chat_id=drill.to, menu_button=app) is True
    assert drill.call("getChatMenuButton", chat_id=drill.to) == app
    error = drill.error("setChatMenuButton", menu_button={"type": "x"})
    assert error == "400 Bad Request: can't parse menu button: MenuButton has unsupported type"


def test_a_bot_that_logged_out_is_refused(drill):
    assert drill.call("logOut") is True
    assert drill.error("getMe") == "400 Logged out"
    drill.now += 601
    assert drill.call("getMe")["is_bot"] is True


def test_a_closed_bot_cannot_be_closed_again(drill):
    assert drill.call("close") is True
    assert drill.error("close") == "400 Bad Request: the bot has already been closed"
    assert drill.call("getMe")["is_bot"] is True
