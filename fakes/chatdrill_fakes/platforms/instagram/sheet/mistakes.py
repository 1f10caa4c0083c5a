"""Calls that Meta refuses, and in which words."""

from __future__ import annotations

from chatdrill.model import Block, Event
from chatdrill.wire.sheets import Ask, Mistake
from chatdrill_fakes.families.graph_sheets import (
    BUTTON_WITHOUT_PAYLOAD,
    HI,
    HUMAN,
    REMOVED_TAG,
    UNSIGNED,
    V,
    attachment,
    bad,
    bad_message,
    delete,
    get,
    injected,
    post,
    send,
    template,
    to,
    wrong_token,
)
from chatdrill_fakes.families.meta_sheets import wrong

from .calls import COMMENTED, UPLOADED

_DATA = 2534015
_CALL = template("button", text="?", buttons=[{"type": "phone_number", "title": "Call", "payload": "+4312345678"}])
_RECEIPT = template("receipt", recipient_name="Anna")
_OFF = Event(name="message_access", data={"enabled": False})
_PAGE = {"login": "page"}


ERRORS = (
    bad("no token", UNSIGNED, 2500),
    bad("no token for the account's id", Ask(f"{V}/{{account_id}}/messages", HI.body, headers=()), 104),
    wrong_token("IGAAwrong"),
    bad("unknown path", get("/me/mesages"), 2500, message="Unknown path components: /mesages"),
    bad("wrong method", delete("/me/messages"), 100, 33),
    bad("another account", post("/111222333444555/messages", message={"text": "hi"}), 100, 33),
    bad("nobody", post("/me/messages", recipient={"id": "6842190357714420"}, message={"text": "a"}), 100, 2534014,
        message="No matching Instagram user"),
    bad("no way to name somebody", post("/me/messages", recipient={"user_ref": "x"}, message={"text": "a"}), 100),
    bad_message("nothing", {}, _DATA),
    bad_message("empty text", {"text": ""}, _DATA),
    bad_message("chip without title", {"text": "a", "quick_replies": [{"content_type": "text", "payload": "A"}]}, 2018098),
    bad_message("unknown attachment", {"attachment": {"type": "sticker", "payload": {"url": "https://a.test/x.png"}}}, _DATA),
    bad_message("unknown upload", {"attachment": {"type": "image", "payload": {"attachment_id": "123"}}}, 2018074),
    bad_message("no address", {"attachment": {"type": "image", "payload": {}}}, _DATA),
    bad_message("address without a file", attachment("image", "https://bot.example/nothing"), 2018008),
    bad_message("picture as a file", attachment("file", "https://bot.example/map.png"), 2018047),
    bad("upload of another type", send({"attachment": {"type": "audio", "payload": {"attachment_id": "{upload}"}}}, UPLOADED),
        100, 2018047),
    bad("button without payload", BUTTON_WITHOUT_PAYLOAD, 100, 2018040),
    bad("button that calls", _CALL, 100, _DATA),
    bad("receipt", _RECEIPT, 100, _DATA),
    bad("text and attachment", send({"text": "a", "attachment": {"type": "like_heart"}}), 100, _DATA),
    bad("message and action", send({"text": "a"}, sender_action="typing_on"), 100, _DATA),
    bad("neither", post("/me/messages", recipient={"id": "{to}"}), 100, _DATA),
    bad("persona", send({"text": "a"}, persona_id="1"), 100),
    bad("removed tag", send({"text": "a"}, **REMOVED_TAG), 100),
    Mistake("tag without approval", send({"text": "a"}, **HUMAN), wrong(403, 10, 2534077), {"human_agent": "no"}),
    bad("blocked", send({"text": "a"}, Block()), 100, 2534029),
    bad("access switched off", send({"text": "a"}, _OFF), 200, 2534041, 403),
    bad("another app's thread", send({"text": "a"}, Event(name="take_thread_control")), 100, 2534037),
    bad("not the default app", post("/me/take_thread_control", recipient={"id": "{to}"}), 100, 2534037),
    bad("unknown comment", to({"comment_id": "17950001112223334"}), 100, 2534025),
    bad("comment answered twice", to({"comment_id": "{comment}"}, COMMENTED, to({"comment_id": "{comment}"})), 100, 2534025),
    Mistake("profile of Messenger", post("/me/messenger_profile", ice_breakers=[{"question": "a", "payload": "A"}]),
            wrong(400, 100), _PAGE),
    Mistake("echoes by a Page", post("/me/subscribed_apps", subscribed_fields="message_echoes"), wrong(400, 100), _PAGE),
    bad("unknown field", post("/me/subscribed_apps", subscribed_fields="mesages"), 100),
    bad("broken fields", get("/me?fields=id%7B"), 2500),
    bad("wrong secret", Ask("/access_token?grant_type=ig_exchange_token&client_secret=x", method="GET"), 1),
    *(injected(*each) for each in (
        (1, None, 500), (2, None, 500), (4, None, 400), (10, None, 403), (10, 2534077, 403), (17, None, 400), (32, None, 400),
        (100, 2534013, 400), (100, 2018109, 400), (100, 2018294, 400), (190, 460, 401), (190, 463, 401), (190, 467, 401),
        (200, None, 403), (551, 1545041, 400), (613, 2534040, 400), (80002, None, 400))),
)  # fmt: skip
