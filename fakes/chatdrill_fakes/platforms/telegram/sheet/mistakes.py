"""Calls that the Bot API refuses, and in which words."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Block, Event
from chatdrill.wire.sheets import Ask, Happens, Mistake, Refused
from chatdrill_fakes.platforms.telegram.sheet.calls import GROUP, JOINED, PRESSED, SUBSCRIBED, TEXT, call, on, send
from chatdrill_fakes.platforms.telegram.sheet.limits import refused

_SUPERGROUP = {"id": -1001987654321, "title": "Acme club", "username": "acme_club", "type": "supergroup"}
_KICKED = Happens(
    Event(name="my_chat_member", data={"chat": _SUPERGROUP, "new_chat_member": {"status": "kicked"}}),
    after=(Happens(Event(name="my_chat_member", data={"chat": _SUPERGROUP})),),
)
_GROWN = Happens(
    Event(name="migrate_to_chat_id", data={"chat": GROUP, "migrate_to_chat_id": _SUPERGROUP["id"]}), after=(JOINED,)
)
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def _get(name: str, path: str, code: int, description: str) -> Mistake:
    return Mistake(name, Ask(path, method="GET"), refused(description, code))


def _bad(name: str, ask: Ask, description: str) -> Mistake:
    return Mistake(name, ask, refused(f"Bad Request: {description}"))


def _text(name: str, description: str, **arguments: Any) -> Mistake:
    return _bad(name, send("sendMessage", **arguments), description)


def _forbidden(name: str, ask: Ask, description: str) -> Mistake:
    return Mistake(name, ask, refused(f"Forbidden: {description}", 403))


_PLAIN = {"text": "x"}
_RATE = Refused(
    429,
    {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    },
    {"Retry-After": "1"},
)
_BURST = tuple(send("sendMessage", text=f"x{number}") for number in range(19))  # and the answer before it: 20

ERRORS = (
    _get("no method", "/bot{token}", 404, "Not Found"),
    _get("unknown method", "/bot{token}/nonsense", 404, "Not Found: method not found"),
    _get("wrong token", "/bot{token}x/getMe", 401, "Unauthorized"),
    _get("malformed token", "/botabc/getMe", 401, "Unauthorized: invalid token specified"),
    _text("no text", "message text is empty"),
    _text("blank text", "text must be non-empty", text=" \n "),
    _text("unknown parse mode", "unsupported parse_mode", text="x", parse_mode="BB"),
    _text("open tag", "can't parse entities: Can't find end tag corresponding to start tag \"b\"", text="<b>x", parse_mode="HTML"),
    _text("no reply markup", "object expected as reply markup", text="x", reply_markup=None),
    _text("unknown quote", "message to be replied not found", text="x", reply_parameters={"message_id": 999999}),
    _text("keyboard without a purpose", "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
          text="x", reply_markup={"inline_keyboard": [[{"text": "b"}]]}),
    _bad("no chat", call("sendMessage", text="x"), "chat_id is empty"),
    _bad("unknown chat", call("sendMessage", chat_id=5, text="x"), "chat not found"),
    _bad("edit without change", on("editMessageText", TEXT, text="first", reply_markup=TEXT.body["reply_markup"]), _NOT_MODIFIED),
    _bad("edit of nothing", send("editMessageText", message_id=999999, text="x"), "message to edit not found"),
    _bad("edit of a customer's message", send("editMessageText", message_id="{mine}", text="x"), "message can't be edited"),
    _bad("deletion of nothing", send("deleteMessage", message_id=999999), "message to delete not found"),
    _bad("unknown press", call("answerCallbackQuery", callback_query_id="12"), _TOO_OLD),
    _bad("press answered twice", call("answerCallbackQuery", (PRESSED, call("answerCallbackQuery", callback_query_id="{press}")),
                                      callback_query_id="{press}"), _TOO_OLD),
    _bad("unknown action", send("sendChatAction", action="sleeping"), "wrong parameter action in request"),
    _bad("unknown reaction", send("setMessageReaction", message_id="{mine}", reaction=[{"type": "emoji", "emoji": "🥒"}]),
         "REACTION_INVALID"),
    _bad("unknown file", send("sendPhoto", photo="AAA"), "wrong remote file identifier specified: ..."),
    _bad("wrong webhook", call("setWebhook", url="ftp://x.y"), "invalid webhook URL specified"),
    _bad("group that grew", call("sendMessage", (_GROWN,), chat_id=GROUP["id"], text="x"),
         "group chat was upgraded to a supergroup chat"),
    Mistake("poll beside a webhook", call("getUpdates", (SUBSCRIBED,)), refused(
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", 409)),
    _forbidden("blocked", send("sendMessage", (Block(),), **_PLAIN), "bot was blocked by the user"),
    _forbidden("kicked", call("sendMessage", (_KICKED,), chat_id=_SUPERGROUP["id"], text="x"),
               "bot was kicked from the supergroup chat"),
    _forbidden("left", call("sendMessage", (call("leaveChat", (JOINED,), chat_id=GROUP["id"]),), chat_id=GROUP["id"], text="x"),
               "bot is not a member of the group chat"),
    Mistake("too many", send("sendMessage", _BURST, text="x"), _RATE, {"rate_limits": "yes"}),
    Mistake("logged out", call("getMe", (call("logOut"),)), refused("Logged out", 400)),
)  # fmt: skip
