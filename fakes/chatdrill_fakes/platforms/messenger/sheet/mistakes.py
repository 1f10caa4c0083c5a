"""Calls that Meta refuses, and in which words."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Block, Event
from chatdrill.wire.sheets import Ask, Mistake, Refused
from chatdrill_fakes.families.meta_sheets import wrong

from .calls import INBOX, POSTBACK, UPLOADED, V, attachment, delete, get, post, send, template

_HI = send({"text": "hi"})
_GONE = 'OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token...'


def _bad(name: str, ask: Ask, code: int, subcode: int | None = None, status: int = 400, **error: Any) -> Mistake:
    return Mistake(name, ask, wrong(status, code, subcode, **error))


def _message(name: str, message: Any, subcode: int | None = None) -> Mistake:
    return _bad(name, send(message), 100, subcode)


def _injected(code: int, subcode: int | None, status: int) -> Mistake:
    data = {"code": code} if subcode is None else {"code": code, "subcode": subcode}
    failing = send({"text": "hi"}, Event(name="api_error", data=data))
    return _bad(f"{code}/{subcode}", failing, code, subcode, status)


_BUTTON = template("button", text="?", buttons=[{"type": "postback", "title": "A"}])
_TAG = {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}
_PASS = post("/me/pass_thread_control", recipient={"id": "{to}"}, target_app_id=INBOX)

ERRORS = (
    _bad("no token", Ask(_HI.path, _HI.body, headers=()), 2500),
    _bad("no token for the Page's id", Ask(f"{V}/{{page_id}}/messages", _HI.body, headers=()), 104),
    Mistake("wrong token", Ask(_HI.path, _HI.body, headers=(("Authorization", "Bearer EAAwrong"),)),
            Refused(401, {"error": {"code": 190, "type": "OAuthException"}})),
    _bad("unknown path", get("/me/mesages"), 2500, message="Unknown path components: /mesages"),
    _bad("wrong method", delete("/me/messages"), 100, 33),
    _bad("another Page", post("/111222333444555/messages", message={"text": "hi"}), 100, 33),
    _bad("nobody", post("/me/messages", recipient={"id": "1234567890123456"}, message={"text": "a"}), 100, 2018001),
    _message("nothing", {}, 2018034),
    _message("empty text", {"text": ""}, 2018034),
    _message("chip without title", {"text": "a", "quick_replies": [{"content_type": "text", "payload": "A"}]}, 2018098),
    _message("chip without payload", {"text": "a", "quick_replies": [{"content_type": "text", "title": "A"}]}, 2018099),
    _message("unknown upload", {"attachment": {"type": "image", "payload": {"attachment_id": "123"}}}, 2018074),
    _message("address without a file", attachment("image", "https://bot.example/nothing"), 2018008),
    _bad("upload of another type", send({"attachment": {"type": "audio", "payload": {"attachment_id": "{upload}"}}}, UPLOADED),
         100, 2018047),
    _bad("button without payload", _BUTTON, 100, 2018040),
    _bad("bare element", template("generic", elements=[{"title": "Mug"}]), 100, 2018035),
    _bad("message and action", send({"text": "a"}, sender_action="typing_on"), 100, 2018014),
    _bad("neither", post("/me/messages", recipient={"id": "{to}"}), 100, 2018015),
    _bad("removed tag", send({"text": "a"}, **_TAG), 100),
    _bad("blocked", send({"text": "a"}, Block()), 551, 1545041),
    _bad("another app's thread", send({"text": "a"}, Event(name="take_thread_control")), 10, 2018300, 403),
    _bad("passed twice", post("/me/pass_thread_control", _PASS, recipient={"id": "{to}"}, target_app_id=INBOX), 10, 2018105, 403),
    _bad("restricted Page", send({"text": "a"}, Event(name="policy_enforcement")), 10, 1893063, 403),
    _bad("menu without start", post("/me/messenger_profile", persistent_menu=[
        {"locale": "default", "call_to_actions": [POSTBACK]}]), 100, 2018145),
    _bad("unknown field", post("/me/subscribed_apps", subscribed_fields="mesages"), 100),
    _bad("broken fields", get("/{to}?fields=id%7B"), 2500),
    *(_injected(*each) for each in (
        (1, None, 500), (2, None, 500), (4, 2018022, 400), (9, 2018352, 400), (10, None, 403), (190, 460, 401),
        (190, 463, 401), (200, None, 403), (200, 2018028, 403), (613, None, 400), (1200, None, 400), (80006, None, 400))),
)  # fmt: skip
