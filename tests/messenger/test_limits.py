"""Every limit at n and at n + 1, and what Meta answers to messages that break the schema."""

from __future__ import annotations

from typing import Any

import pytest

POSTBACK = {"type": "postback", "title": "A", "payload": "A"}
URL = "https://shop.example"


def button(**over: Any) -> dict[str, Any]:
    return {"template_type": "button", "text": "Choose", "buttons": [POSTBACK], **over}


def generic(**over: Any) -> dict[str, Any]:
    return {"template_type": "generic", "elements": [{"title": "Mug", "subtitle": "blue", **over}]}


def receipt(**over: Any) -> dict[str, Any]:
    return {
        "template_type": "receipt",
        "recipient_name": "Anna",
        "order_number": "A-77",
        "currency": "EUR",
        "payment_method": "Visa",
        "summary": {"total_cost": 40.9},
        "elements": [],
        **over,
    }


def grid(count: int = 2, **over: Any) -> dict[str, Any]:
    images = [{"url": f"{URL}/{n}.jpg"} for n in range(count)]
    return {"template_type": "image_grid", "elements": [{"title": "New", "images": images, **over}]}


def feedback(**over: Any) -> dict[str, Any]:
    return {
        "template_type": "customer_feedback",
        "title": "How?",
        "subtitle": "Tap",
        "button_title": "Rate",
        "feedback_screens": [{"questions": [{"id": "q", "type": "csat", "title": "Rate us"}]}],
        "business_privacy": {"url": URL},
        **over,
    }


def question(**over: Any) -> dict[str, Any]:
    return feedback(feedback_screens=[{"questions": [{"id": "q", "type": "csat", **over}]}])


ITEM = {"title": "Mug", "price": 1}
TEMPLATES = {
    "button payload": (lambda n: button(buttons=[{**POSTBACK, "payload": "x" * n}]), 1000),
    "element buttons": (lambda n: generic(buttons=[POSTBACK] * n), 3),
    "products": (lambda n: {"template_type": "product", "elements": [{"id": "1"}] * n}, 10),
    "grid subtitle": (lambda n: grid(subtitle="x" * n), 80),
    "media elements": (
        lambda n: {"template_type": "media", "elements": [{"media_type": "image", "url": "https://fb.com/p/1"}] * n},
        1,
    ),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_may_be_as_large_as_the_limit_and_no_larger(page: Any, anna: str, name: str) -> None:
    make, most = TEMPLATES[name]
    assert page.template(anna, make(most)).status == 200
    refused = page.template(anna, make(most + 1))
    assert (refused.status, refused.code) == (400, (100, None))


WRONG_TEMPLATES = {
    "no kind": ({"text": "x"}, None),
    "removed kind": ({"template_type": "list", "elements": []}, None),
    "old kind": ({"template_type": "airline_itinerary"}, None),
    "no buttons": (button(buttons=None), None),
    "empty buttons": (button(buttons=[]), None),
    "button without title": (button(buttons=[{"type": "postback", "payload": "A"}]), 2018053),
    "postback without payload": (button(buttons=[{"type": "postback", "title": "A"}]), 2018040),
    "url button without url": (button(buttons=[{"type": "web_url", "title": "A"}]), 2018041),
    "url button with nonsense": (button(buttons=[{"type": "web_url", "title": "A", "url": "shop"}]), None),
    "unknown button": (button(buttons=[{"type": "element_share", "title": "A"}]), None),
    "phone without plus": (button(buttons=[{"type": "phone_number", "title": "A", "payload": "0660"}]), None),
    "bare element": ({"template_type": "generic", "elements": [{"title": "Mug"}]}, 2018035),
    "no elements": ({"template_type": "generic", "elements": []}, None),
    "action with title": (generic(default_action={"type": "web_url", "url": URL, "title": "x"}), None),
    "media with both": (
        {"template_type": "media", "elements": [{"media_type": "image", "url": "x", "attachment_id": "1"}]},
        None,
    ),
    "media elsewhere": ({"template_type": "media", "elements": [{"media_type": "image", "url": URL}]}, None),
    "media unknown": (
        {"template_type": "media", "elements": [{"media_type": "image", "attachment_id": "123"}]},
        2018074,
    ),
    "receipt in small letters": (receipt(currency="usd"), None),
    "receipt without number": (receipt(order_number=None), None),
    "receipt with fractions": (receipt(summary={"total_cost": 40.999}), 2018055),
    "receipt with no number for a price": (receipt(elements=[{"title": "Mug", "price": "nan"}]), None),
    "receipt of endless things": (receipt(elements=[{**ITEM, "quantity": "inf"}]), None),
    "login without https": (button(buttons=[{"type": "account_link", "url": "http://bot.example"}]), None),
    "media of 5000 digits": (
        {"template_type": "media", "elements": [{"media_type": "image", "attachment_id": "9" * 5000}]},
        2018074,
    ),
    "receipt with a wordy price": (receipt(elements=[{"title": "Mug", "price": "much"}]), None),
    "coupon without code": ({"template_type": "coupon", "title": "10%"}, None),
    "grid of one": (grid(1), None),
    "short question": (question(title="Why?"), None),
    "feedback of no kind": (question(type="stars"), None),
}


@pytest.mark.parametrize("name", WRONG_TEMPLATES)
def test_a_wrong_template_is_refused(page: Any, anna: str, name: str) -> None:
    payload, subcode = WRONG_TEMPLATES[name]
    refused = page.template(anna, payload)
    assert (refused.status, refused.code) == (400, (100, subcode))
    assert not refused.handled.effects and refused.handled.call.ok is False


WRONG_MESSAGES = {
    "nothing": ({}, 2018034),
    "empty text": ({"text": ""}, 2018034),
    "text as list": ({"text": ["a"]}, None),
    "both": ({"text": "a", "attachment": {"type": "image", "payload": {"url": URL}}}, None),
    "no type": ({"attachment": {"payload": {"url": URL}}}, None),
    "unknown type": ({"attachment": {"type": "imaaaagie", "payload": {"url": URL}}}, None),
    "no payload": ({"attachment": {"type": "image"}}, None),
    "no url": ({"attachment": {"type": "image", "payload": {}}}, None),
    "no real url": ({"attachment": {"type": "image", "payload": {"url": "map.png"}}}, None),
    "unknown upload": ({"attachment": {"type": "image", "payload": {"attachment_id": "123"}}}, 2018074),
    "chips without list": ({"text": "a", "quick_replies": {}}, None),
    "no chips": ({"text": "a", "quick_replies": []}, None),
    "chip without type": ({"text": "a", "quick_replies": [{"title": "A"}]}, None),
    "chip of location": ({"text": "a", "quick_replies": [{"content_type": "location"}]}, None),
    "chip without title": ({"text": "a", "quick_replies": [{"content_type": "text", "payload": "A"}]}, 2018098),
    "chip without payload": ({"text": "a", "quick_replies": [{"content_type": "text", "title": "A"}]}, 2018099),
    "sticker of words": ({"sticker_id": "thumb"}, None),
    "text and pictures": ({"text": "a", "attachments": [{"type": "image", "payload": {"url": URL}}]}, None),
    "text and sticker": ({"text": "a", "sticker_id": 369239263222822}, None),
    "sticker and picture": ({"sticker_id": 1, "attachment": {"type": "image", "payload": {"url": URL}}}, None),
    "two sounds": ({"attachments": [{"type": "audio", "payload": {"url": URL}}]}, None),
    "unknown template": ({"template": {"name": "x", "language": {"code": "en"}}}, None),
    "chips alone": ({"quick_replies": [{"content_type": "text", "title": "A", "payload": "A"}]}, 2018034),
}


@pytest.mark.parametrize("name", WRONG_MESSAGES)
def test_a_wrong_message_is_refused(page: Any, anna: str, name: str) -> None:
    message, subcode = WRONG_MESSAGES[name]
    refused = page.send(anna, message)
    assert (refused.status, refused.code) == (400, (100, subcode))


WRONG_SENDS = {
    "message and action": ({"message": {"text": "a"}, "sender_action": "typing_on"}, 2018014),
    "neither": ({}, 2018015),
    "unknown action": ({"sender_action": "dance"}, None),
    "reaction to nothing": ({"sender_action": "react", "payload": {"message_id": "m_x", "reaction": "love"}}, None),
    "unknown type": ({"message": {"text": "a"}, "messaging_type": "REPLY"}, None),
    "unknown notification": ({"message": {"text": "a"}, "notification_type": "LOUD"}, None),
    "tag missing": ({"message": {"text": "a"}, "messaging_type": "MESSAGE_TAG"}, None),
    "tag unknown": ({"message": {"text": "a"}, "messaging_type": "MESSAGE_TAG", "tag": "SHIPPING_UPDATE"}, None),
    "tag removed": ({"message": {"text": "a"}, "messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}, None),
    "tag removed too": ({"message": {"text": "a"}, "tag": "POST_PURCHASE_UPDATE"}, None),
    "feedback tag on text": ({"message": {"text": "a"}, "tag": "CUSTOMER_FEEDBACK"}, None),
    "utility without template": ({"message": {"text": "a"}, "messaging_type": "UTILITY"}, None),
    "unknown persona": ({"message": {"text": "a"}, "persona_id": "1160000770"}, None),
    "unknown quote": ({"message": {"text": "a"}, "reply_to": {"mid": "m_x"}}, None),
    "unknown control": ({"message": {"text": "a"}, "thread_control": {"control_type": "grab"}}, None),
}


@pytest.mark.parametrize("name", WRONG_SENDS)
def test_a_wrong_call_is_refused(page: Any, anna: str, name: str) -> None:
    more, subcode = WRONG_SENDS[name]
    refused = page.call("POST", "/v25.0/me/messages", {"recipient": {"id": anna}, **more})
    assert (refused.status, refused.code) == (400, (100, subcode))


RECIPIENTS = {
    "none": (None, None),
    "words": ("anna", None),
    "empty": ({}, None),
    "two": ({"id": "1", "user_ref": "x"}, None),
    "no digits": ({"id": "anna"}, None),
    "object": ({"id": {"a": 1}}, None),
    "unknown": ({"id": "1234567890123456"}, 2018001),
    "unknown phone": ({"phone_number": "+1"}, 2018001),
    "unknown box": ({"user_ref": "x"}, 2018001),
    "unknown comment": ({"comment_id": "1_2"}, None),
    "unknown token": ({"notification_messages_token": "1"}, None),
}


@pytest.mark.parametrize("name", RECIPIENTS)
def test_a_wrong_recipient_is_refused(page: Any, anna: str, name: str) -> None:
    recipient, subcode = RECIPIENTS[name]
    body = {"recipient": recipient, "message": {"text": "a"}}
    assert page.call("POST", "/v25.0/me/messages", body).code == (100, subcode)


def test_a_psid_may_come_as_a_number(page: Any, anna: str) -> None:
    body = {"recipient": {"id": int(anna)}, "message": {"text": "a"}}
    assert page.call("POST", "/v25.0/me/messages", body).json["recipient_id"] == anna
