"""Limits that a call shows, and why the other ones cannot be shown so."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Start
from chatdrill.wire.sheets import Ask, Bound, Happens, Refused
from chatdrill_fakes.platforms.telegram.sheet.calls import CLIENT, PHOTO, PRESSED, TEXT, call, on, send


def refused(description: str, code: int = 400) -> Refused:
    """The envelope of an error."""
    return Refused(code, {"ok": False, "error_code": code, "description": description})


def _bad(description: str) -> Refused:
    return refused(f"Bad Request: {description}")


def _button(**button: Any) -> Ask:
    return send("sendMessage", text="?", reply_markup={"inline_keyboard": [[{"text": "A", **button}]]})


_ROW = "reply_markup.inline_keyboard.0"
_KEPT = Ask(PHOTO.path, PHOTO.body, files=PHOTO.files, keeps={"file": "result.photo.0.file_id"})
_SHOWN = send("sendPhoto", (_KEPT,), photo="{file}")
_COMMAND = {"command": "a", "description": "b"}

BOUNDS = (
    Bound("start_payload", Happens(Start()), None, "payload", "a"),
    Bound("text", send("sendMessage"), _bad("message is too long"), "text", "😀"),
    Bound("text_input", send("sendMessage"), _bad("text is too long"), "text", " " * 32_767 + "x"),
    Bound("caption", _SHOWN, _bad("message caption is too long"), "caption", "😀"),
    Bound("callback_data", _button(), _bad("BUTTON_DATA_INVALID"), f"{_ROW}.0.callback_data", "ж"),
    Bound("callback_answer", call("answerCallbackQuery", (PRESSED,), callback_query_id="{press}"),
          _bad("MESSAGE_TOO_LONG"), "text"),
    Bound("copy_text", _button(copy_text={}), _bad("BUTTON_COPY_TEXT_INVALID"), f"{_ROW}.0.copy_text.text"),
    Bound("commands", call("setMyCommands"), _bad("BOT_COMMANDS_TOO_MUCH"), "commands", {**_COMMAND, "command": "c{i}"}),
    Bound("command", call("setMyCommands", commands=[_COMMAND]), _bad("command length must not exceed 32"),
          "commands.0.command", "a"),
    Bound("command_description", call("setMyCommands", commands=[_COMMAND]),
          _bad("command description length must not exceed 256"), "commands.0.description"),
    Bound("name", call("setMyName"), _bad("BOT_TITLE_INVALID"), "name"),
    Bound("description", call("setMyDescription"), _bad("BOT_DESCRIPTION_INVALID"), "description"),
    Bound("short_description", call("setMyShortDescription"), _bad("BOT_SHORT_DESCRIPTION_INVALID"), "short_description"),
    Bound("album", send("sendMediaGroup", (_KEPT,)), _bad("too many messages to send as an album"), "media",
          {"type": "photo", "media": "{file}"}),
    Bound("batch", call("deleteMessages", chat_id="{to}"), _bad("too many message identifiers specified"),
          "message_ids", "1{i}"),
    Bound("secret_token", call("setWebhook", url="https://a.test/"), _bad("secret token is too long"), "secret_token"),
    Bound("delete_window", on("deleteMessage", TEXT), _bad("message can't be deleted for everyone")),
    Bound("business_window", call("sendMessage", (CLIENT,), chat_id="{to}", text="x", business_connection_id="{connection}"),
          _bad("BUSINESS_PEER_USAGE_MISSING")),
)  # fmt: skip

_LIFE = "how long an undelivered update is kept: the courier drops it"
_FILE = "megabytes: tests/telegram/test_files.py"
_RATE = "a rate, and the laws switch rates off"
UNTRIED = {
    "entities": "what is beyond is left out, and nothing is refused",
    "keyboard_row": "what is beyond is left out, and nothing is refused",
    "keyboard": "what is beyond is left out, and nothing is refused",
    "photo": _FILE,
    "upload": _FILE,
    "photo_by_url": _FILE,
    "voice_by_url": _FILE,
    "file_by_url": _FILE,
    "download": _FILE,
    "certificate": "megabytes: tests/telegram/test_webhooks.py",
    "arguments": "a whole body: tests/telegram/test_arguments.py",
    "files": "51 of them: tests/telegram/test_limits.py",
    "thumbnail": "a larger one is not used, and nothing is refused",
    "thumbnail_side": "a larger one is not used, and nothing is refused",
    "photo_sides": "needs a picture of that size: tests/telegram/test_files.py",
    "photo_ratio": "needs a picture of that shape: tests/telegram/test_files.py",
    "updates": "the most that one call fetches; more are fetched by the next one",
    "updates_answer": "the most that one call fetches; more are fetched by the next one",
    "offset_ahead": "a larger offset counts as none",
    "poll_timeout": "a longer one is cut to it",
    "max_connections": "a larger number is cut to it",
    "update_life_message": _LIFE,
    "update_life_query": _LIFE,
    "update_life_inline": _LIFE,
    "update_life_chosen": _LIFE,
    "webhook_gone": "how long answers with 410 are borne: tests/telegram/test_webhooks.py",
    "log_out": "how long a bot that logged out is refused: tests/telegram/test_profile.py",
    "rate_chat": _RATE,
    "burst_chat": _RATE,
    "rate_group": _RATE,
    "burst_group": _RATE,
    "rate_bot": _RATE,
}
