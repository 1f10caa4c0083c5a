"""Calls that Meta refuses, and in which words."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Block, Event
from chatdrill.wire.sheets import Ask, Mistake, Refused
from chatdrill_fakes.families.meta_sheets import wrong

from .calls import COMMENTED, UPLOADED, V, attachment, delete, get, post, send, template, to

_HI = send({"text": "hi"})
_DATA = 2534015
_BUTTON = template("button", text="?", buttons=[{"type": "postback", "title": "A"}])
_CALL = template("button", text="?", buttons=[{"type": "phone_number", "title": "Call", "payload": "+4312345678"}])
_RECEIPT = template("receipt", recipient_name="Anna")
_TAG = {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}
_HUMAN = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
_OFF = Event(name="message_access", data={"enabled": False})
_PAGE = {"login": "page"}


def _bad(name: str, ask: Ask, code: int, subcode: int | None = None, status: int = 400, **error: Any) -> Mistake:
    return Mistake(name, ask, wrong(status, code, subcode, **error))


def _message(name: str, message: Any, subcode: int | None = None) -> Mistake:
    return _bad(name, send(message), 100, subcode)


def _injected(code: int, subcode: int | None, status: int) -> Mistake:
    data = {"code": code} if subcode is None else {"code": code, "subcode": subcode}
    failing = send({"text": "hi"}, Event(name="api_error", data=data))
    return _bad(f"{code}/{subcode}", failing, code, subcode, status)


ERRORS = (
    _bad("no token", Ask(_HI.path, _HI.body, headers=()), 2500),
    _bad("no token for the account's id", Ask(f"{V}/{{account_id}}/messages", _HI.body, headers=()), 104),
    Mistake("wrong token", Ask(_HI.path, _HI.body, headers=(("Authorization", "Bearer IGAAwrong"),)),
            Refused(401, {"error": {"code": 190, "type": "OAuthException"}})),
    _bad("unknown path", get("/me/mesages"), 2500, message="Unknown path components: /mesages"),
    _bad("wrong method", delete("/me/messages"), 100, 33),
    _bad("another account", post("/111222333444555/messages", message={"text": "hi"}), 100, 33),
    _bad("nobody", post("/me/messages", recipient={"id": "6842190357714420"}, message={"text": "a"}), 100, 2534014,
         message="No matching Instagram user"),
    _bad("no way to name somebody", post("/me/messages", recipient={"user_ref": "x"}, message={"text": "a"}), 100),
    _message("nothing", {}, _DATA),
    _message("empty text", {"text": ""}, _DATA),
    _message("chip without title", {"text": "a", "quick_replies": [{"content_type": "text", "payload": "A"}]}, 2018098),
    _message("unknown attachment", {"attachment": {"type": "sticker", "payload": {"url": "https://a.test/x.png"}}}, _DATA),
    _message("unknown upload", {"attachment": {"type": "image", "payload": {"attachment_id": "123"}}}, 2018074),
    _message("no address", {"attachment": {"type": "image", "payload": {}}}, _DATA),
    _message("address without a file", attachment("image", "https://bot.example/nothing"), 2018008),
    _message("picture as a file", attachment("file", "https://bot.example/map.png"), 2018047),
    _bad("upload of another type", send({"attachment": {"type": "audio", "payload": {"attachment_id": "{upload}"}}}, UPLOADED),
         100, 2018047),
    _bad("button without payload", _BUTTON, 100, 2018040),
    _bad("button that calls", _CALL, 100, _DATA),
    _bad("receipt", _RECEIPT, 100, _DATA),
    _bad("text and attachment", send({"text": "a", "attachment": {"type": "like_heart"}}), 100, _DATA),
    _bad("message and action", send({"text": "a"}, sender_action="typing_on"), 100, _DATA),
    _bad("neither", post("/me/messages", recipient={"id": "{to}"}), 100, _DATA),
    _bad("persona", send({"text": "a"}, persona_id="1"), 100),
    _bad("removed tag", send({"text": "a"}, **_TAG), 100),
    Mistake("tag without approval", send({"text": "a"}, **_HUMAN), wrong(403, 10, 2534077), {"human_agent": "no"}),
    _bad("blocked", send({"text": "a"}, Block()), 100, 2534029),
    _bad("access switched off", send({"text": "a"}, _OFF), 200, 2534041, 403),
    _bad("another app's thread", send({"text": "a"}, Event(name="take_thread_control")), 100, 2534037),
    _bad("not the default app", post("/me/take_thread_control", recipient={"id": "{to}"}), 100, 2534037),
    _bad("unknown comment", to({"comment_id": "17950001112223334"}), 100, 2534025),
    _bad("comment answered twice", to({"comment_id": "{comment}"}, COMMENTED, to({"comment_id": "{comment}"})), 100, 2534025),
    Mistake("profile of Messenger", post("/me/messenger_profile", ice_breakers=[{"question": "a", "payload": "A"}]),
            wrong(400, 100), _PAGE),
    Mistake("echoes by a Page", post("/me/subscribed_apps", subscribed_fields="message_echoes"), wrong(400, 100), _PAGE),
    _bad("unknown field", post("/me/subscribed_apps", subscribed_fields="mesages"), 100),
    _bad("broken fields", get("/me?fields=id%7B"), 2500),
    _bad("wrong secret", Ask("/access_token?grant_type=ig_exchange_token&client_secret=x", method="GET"), 1),
    *(_injected(*each) for each in (
        (1, None, 500), (2, None, 500), (4, None, 400), (10, None, 403), (10, 2534077, 403), (17, None, 400), (32, None, 400),
        (100, 2534013, 400), (100, 2018109, 400), (100, 2018294, 400), (190, 460, 401), (190, 463, 401), (190, 467, 401),
        (200, None, 403), (551, 1545041, 400), (613, 2534040, 400), (80002, None, 400))),
)  # fmt: skip
