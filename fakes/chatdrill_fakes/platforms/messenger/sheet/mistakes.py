"""Calls that Meta refuses, and in which words."""

from __future__ import annotations

from chatdrill.model import Block, Event
from chatdrill.wire.sheets import Ask
from chatdrill_fakes.families.graph_sheets import (
    BUTTON_WITHOUT_PAYLOAD,
    HI,
    POSTBACK,
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
    wrong_token,
)

from .calls import INBOX, UPLOADED

_PASS = post("/me/pass_thread_control", recipient={"id": "{to}"}, target_app_id=INBOX)

ERRORS = (
    bad("no token", UNSIGNED, 2500),
    bad("no token for the Page's id", Ask(f"{V}/{{page_id}}/messages", HI.body, headers=()), 104),
    wrong_token("EAAwrong"),
    bad("unknown path", get("/me/mesages"), 2500, message="Unknown path components: /mesages"),
    bad("wrong method", delete("/me/messages"), 100, 33),
    bad("another Page", post("/111222333444555/messages", message={"text": "hi"}), 100, 33),
    bad("nobody", post("/me/messages", recipient={"id": "1234567890123456"}, message={"text": "a"}), 100, 2018001),
    bad_message("nothing", {}, 2018034),
    bad_message("empty text", {"text": ""}, 2018034),
    bad_message("chip without title", {"text": "a", "quick_replies": [{"content_type": "text", "payload": "A"}]}, 2018098),
    bad_message("chip without payload", {"text": "a", "quick_replies": [{"content_type": "text", "title": "A"}]}, 2018099),
    bad_message("unknown upload", {"attachment": {"type": "image", "payload": {"attachment_id": "123"}}}, 2018074),
    bad_message("address without a file", attachment("image", "https://bot.example/nothing"), 2018008),
    bad("upload of another type", send({"attachment": {"type": "audio", "payload": {"attachment_id": "{upload}"}}}, UPLOADED),
        100, 2018047),
    bad("button without payload", BUTTON_WITHOUT_PAYLOAD, 100, 2018040),
    bad("bare element", template("generic", elements=[{"title": "Mug"}]), 100, 2018035),
    bad("message and action", send({"text": "a"}, sender_action="typing_on"), 100, 2018014),
    bad("neither", post("/me/messages", recipient={"id": "{to}"}), 100, 2018015),
    bad("removed tag", send({"text": "a"}, **REMOVED_TAG), 100),
    bad("blocked", send({"text": "a"}, Block()), 551, 1545041),
    bad("another app's thread", send({"text": "a"}, Event(name="take_thread_control")), 10, 2018300, 403),
    bad("passed twice", post("/me/pass_thread_control", _PASS, recipient={"id": "{to}"}, target_app_id=INBOX), 10, 2018105, 403),
    bad("restricted Page", send({"text": "a"}, Event(name="policy_enforcement")), 10, 1893063, 403),
    bad("menu without start", post("/me/messenger_profile", persistent_menu=[
        {"locale": "default", "call_to_actions": [POSTBACK]}]), 100, 2018145),
    bad("unknown field", post("/me/subscribed_apps", subscribed_fields="mesages"), 100),
    bad("broken fields", get("/{to}?fields=id%7B"), 2500),
    *(injected(*each) for each in (
        (1, None, 500), (2, None, 500), (4, 2018022, 400), (9, 2018352, 400), (10, None, 403), (190, 460, 401),
        (190, 463, 401), (200, None, 403), (200, 2018028, 403), (613, None, 400), (1200, None, 400), (80006, None, 400))),
)  # fmt: skip
