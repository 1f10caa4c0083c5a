"""The Send API: what each message is in neutral words, and what the bot is answered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatdrill.model import (
    Activity,
    Button,
    Carousel,
    Event,
    Form,
    Keyboard,
    MarkedRead,
    Order,
    OrderItem,
    Other,
    Press,
    Products,
    Reacted,
    Sent,
    Template,
    Text,
)
from chatdrill.wire import HttpRequest

BUTTONS = [
    {"type": "postback", "title": "Track parcel", "payload": "TRACK"},
    {"type": "phone_number", "title": "Call us", "payload": "+4312345678"},
    {"type": "web_url", "title": "Shop", "url": "https://shop.example"},
]
SHOWN = (
    Button(title="Track parcel", kind="postback", payload="TRACK"),
    Button(title="Call us", kind="call", payload="+4312345678"),
    Button(title="Shop", kind="url", url="https://shop.example"),
)


def test_text_is_sent_and_answered_with_two_ids(page: Any, anna: str) -> None:
    answer = page.send(anna, {"text": "Your parcel is on its way"}, messaging_type="RESPONSE")
    message = answer.effect.message
    assert answer.json == {"recipient_id": anna, "message_id": message.ids[0]}
    assert answer.effect == Sent(to=anna, message=message)
    assert (message.author, message.parts) == ("bot", (Text(text="Your parcel is on its way"),))
    assert answer.handled.call.method == "POST /me/messages text"
    assert answer.handled.call.to == anna


def test_the_call_in_the_trace_has_no_secret(page: Any, anna: str) -> None:
    call = page.send(anna, {"text": "hi"}).handled.call
    assert "access_token" not in call.arguments and call.arguments["message"] == {"text": "hi"}


def test_json_form_multipart_and_query_say_the_same(page: Any, anna: str) -> None:
    recipient, message = json.dumps({"id": anna}), json.dumps({"text": "hi"})
    form = f"recipient={recipient}&message={message}&access_token={page.state.page_token}".encode()
    typed = (("Content-Type", "application/x-www-form-urlencoded"),)
    in_form = page.ask(HttpRequest("POST", "/v25.0/me/messages", typed, form))
    in_query = page.call("POST", "/v25.0/me/messages", recipient=recipient, message=message)
    bearer = (("Authorization", f"Bearer {page.state.page_token}"), ("Content-Type", "application/json"))
    body = json.dumps({"recipient": {"id": anna}, "message": {"text": "hi"}}).encode()
    in_json = page.ask(HttpRequest("POST", "/104837562910475/messages", bearer, body))
    assert [one.parts for one in (in_form, in_query, in_json)] == [(Text(text="hi"),)] * 3


def test_quick_replies_are_chips(page: Any, anna: str) -> None:
    replies = [
        {"content_type": "text", "title": "Yes", "payload": "YES", "image_url": "https://cdn.example/y.png"},
        {"content_type": "user_phone_number"},
        {"content_type": "user_email"},
    ]
    text, keyboard = page.send(anna, {"text": "Deliver today?", "quick_replies": replies}).parts
    assert text == Text(text="Deliver today?")
    assert keyboard == Keyboard(
        style="quick_replies",
        rows=(
            (
                Button(title="Yes", kind="reply", payload="YES", image_url="https://cdn.example/y.png"),
                Button(title="+436601234567", kind="request_contact"),
                Button(title="anna@example.org", kind="request_email"),
            ),
        ),
    )


def test_a_long_quick_reply_is_sent_and_noted(page: Any, anna: str) -> None:
    reply = {"content_type": "text", "title": "x" * 21, "payload": "X"}
    answer = page.send(anna, {"text": "?", "quick_replies": [reply]})
    assert answer.status == 200 and "20 characters" in answer.handled.call.note


def test_a_button_template_is_words_and_buttons(page: Any, anna: str) -> None:
    answer = page.template(anna, {"template_type": "button", "text": "How may I help?", "buttons": BUTTONS})
    keyboard = Keyboard(style="inline", rows=tuple((one,) for one in SHOWN))
    assert answer.parts == (Text(text="How may I help?"), keyboard)
    assert answer.handled.call.method == "POST /me/messages template.button"


def test_a_generic_template_is_a_carousel(page: Any, anna: str) -> None:
    element = {
        "title": "Blue mug",
        "subtitle": "€18.00",
        "image_url": "https://cdn.example/mug.jpg",
        "default_action": {"type": "web_url", "url": "https://shop.example/mug", "webview_height_ratio": "tall"},
        "buttons": BUTTONS,
    }
    (carousel,) = page.template(anna, {"template_type": "generic", "elements": [element]}).parts
    assert isinstance(carousel, Carousel)
    (card,) = carousel.cards
    assert (card.title, card.subtitle, card.url, card.buttons) == (
        "Blue mug",
        "€18.00",
        "https://shop.example/mug",
        SHOWN,
    )
    assert card.image is not None and card.image.url == "https://cdn.example/mug.jpg"


def test_a_receipt_is_an_order(page: Any, anna: str) -> None:
    payload = {
        "template_type": "receipt",
        "recipient_name": "Anna Huber",
        "merchant_name": "Mug Shop",
        "order_number": "A-77",
        "currency": "EUR",
        "payment_method": "Visa 1881",
        "order_url": "https://shop.example/o/77",
        "timestamp": "1795212300",
        "address": {
            "street_1": "Ring 1",
            "street_2": "",
            "city": "Wien",
            "postal_code": "1010",
            "state": "W",
            "country": "AT",
        },
        "summary": {"subtotal": 36.0, "shipping_cost": 4.9, "total_tax": 6.82, "total_cost": 40.9},
        "adjustments": [{"name": "Voucher", "amount": 5}],
        "elements": [{"title": "Blue mug", "quantity": 2, "price": 18.0, "currency": "EUR"}],
    }
    item = OrderItem(id="Blue mug", name="Blue mug", quantity=2, price=18.0)
    order = Order(items=(item,), number="A-77", total=40.9, note="Anna Huber")
    assert page.template(anna, payload).parts == (order,)


def test_a_media_template_shows_an_upload(page: Any, anna: str) -> None:
    key = upload(page).json["attachment_id"]
    element = {"media_type": "image", "attachment_id": key, "buttons": BUTTONS[:1]}
    photo, keyboard = page.template(anna, {"template_type": "media", "elements": [element]}).parts
    assert photo.kind == "photo" and photo.file.sha256 in page.state.blobs
    assert keyboard.buttons == SHOWN[:1]


def test_the_echo_of_an_attachment_id_is_a_number(page: Any, anna: str) -> None:
    page.subscribe("messages", "message_echoes")
    key = upload(page).json["attachment_id"]
    payload = {"template_type": "media", "elements": [{"media_type": "image", "attachment_id": key}]}
    echo = page.event(anna, page.template(anna, payload).handled.later[0].act)
    assert echo["message"]["attachments"][0]["payload"]["elements"][0]["attachment_id"] == int(key)


def test_products_coupons_grids_feedback_and_forms(page: Any, anna: str) -> None:
    product = page.template(anna, {"template_type": "product", "elements": [{"id": "5218907442"}]})
    coupon = page.template(anna, {"template_type": "coupon", "title": "10% off", "coupon_code": "MUG10"})
    form = page.template(anna, {"template_type": "instant_form", "form_id": "99001122"})
    optin = page.template(anna, {"template_type": "notification_messages", "title": "Weekly", "payload": "W"})
    assert product.parts == (Products(ids=("5218907442",)),)
    assert coupon.parts[0] == Text(text="10% off\nMUG10") and isinstance(coupon.parts[1], Other)
    assert form.parts == (Form(name="99001122"),)
    assert optin.parts[0] == Text(text="Weekly")


def test_an_image_grid_is_pictures_with_buttons(page: Any, anna: str) -> None:
    images = [
        {"url": "https://cdn.example/1.jpg", "is_hero_image": True},
        {"url": "https://cdn.example/2.jpg", "action": {"type": "postback", "payload": "P2", "text": "Second"}},
    ]
    element = {"title": "New in", "subtitle": "autumn", "images": images, "buttons": BUTTONS[:1]}
    words, first, second, keyboard = page.template(anna, {"template_type": "image_grid", "elements": [element]}).parts
    assert words == Text(text="New in\nautumn")
    assert [one.file.url for one in (first, second)] == ["https://cdn.example/1.jpg", "https://cdn.example/2.jpg"]
    assert [button.title for button in keyboard.buttons] == ["Second", "Track parcel"]


def test_customer_feedback_is_a_form(page: Any, anna: str) -> None:
    question = {"id": "q-csat", "type": "csat", "title": "Rate our answer"}
    payload = {
        "template_type": "customer_feedback",
        "title": "How was it?",
        "subtitle": "One tap",
        "button_title": "Rate",
        "feedback_screens": [{"questions": [question]}],
        "business_privacy": {"url": "https://shop.example/privacy"},
        "expires_in_days": 3,
    }
    words, form = page.template(anna, payload).parts
    assert words == Text(text="How was it?\nOne tap") and form.name == "customer_feedback"


def test_a_utility_message_is_filled_in_and_needs_no_window(page: Any, anna: str, moved: Any) -> None:
    component = {"type": "BODY", "text": "Parcel {{nr}} is out"}
    template = {"name": "parcel_update", "language": "en", "category": "UTILITY", "parameter_format": "NAMED"}
    made = page.call("POST", "/v25.0/me/message_templates", {**template, "components": [component]})
    moved(30 * 86_400)
    parameter = {"type": "text", "parameter_name": "nr", "text": "77"}
    components = [{"type": "body", "parameters": [parameter]}]
    message = {"template": {"name": "parcel_update", "language": {"code": "en"}, "components": components}}
    (part,) = page.send(anna, message, messaging_type="UTILITY").parts
    assert made.json["status"] == "APPROVED"
    assert part == Template(name="parcel_update", language="en", parameters=("77",), text="Parcel 77 is out")


def test_a_sticker_is_sent_by_number(page: Any, anna: str) -> None:
    (sticker,) = page.send(anna, {"sticker_id": 369239263222822}).parts
    assert (sticker.kind, sticker.file.name) == ("sticker", "369239263222822")


def test_a_reply_quotes_and_a_persona_signs(page: Any, anna: str) -> None:
    quoted = page.says(anna)
    eva = {"name": "Eva", "profile_picture_url": "https://bot.example/eva.png"}
    persona = page.call("POST", "/v25.0/me/personas", eva).json["id"]
    message = page.send(anna, {"text": "hi"}, reply_to={"mid": quoted}, persona_id=persona).effect.message
    assert (message.reply_to, message.sender) == (quoted, "Eva")


@pytest.mark.parametrize("action", ["typing_on", "typing_off"])
def test_typing_is_an_activity(page: Any, anna: str, action: str) -> None:
    answer = page.call("POST", "/v25.0/me/messages", {"recipient": {"id": anna}, "sender_action": action})
    assert answer.json == {"recipient_id": anna}
    assert answer.effect == Activity(to=anna, action=action)
    assert answer.handled.call.method == f"POST /me/messages {action}"


def test_mark_seen_and_reactions(page: Any, anna: str) -> None:
    mid = page.says(anna)

    def act(action: str, **payload: str) -> Any:
        body = {"recipient": {"id": anna}, "sender_action": action, "payload": payload}
        return page.call("POST", "/v25.0/me/messages", body).effect

    assert act("mark_seen") == MarkedRead(to=anna, message_id=mid)
    assert act("react", message_id=mid, reaction="😊") == Reacted(to=anna, message_id=mid, emoji="😊")
    assert act("react", message_id=mid, reaction="love") == Reacted(to=anna, message_id=mid, emoji="❤️")
    assert act("unreact", message_id=mid) == Reacted(to=anna, message_id=mid)


def test_the_platform_echoes_and_then_delivers(page: Any, anna: str) -> None:
    page.subscribe("messages", "message_echoes", "message_deliveries")
    answer = page.send(anna, {"text": "hi"})
    echo, receipt = answer.handled.later
    assert 0 < echo.after_s < receipt.after_s == 0.1
    assert receipt.act.status == "delivered" and receipt.act.message_id == answer.json["message_id"]
    page.subscribe("messages")
    assert page.send(anna, {"text": "hi"}).handled.later == ()


def test_a_comment_is_answered_in_private_once_within_a_week(page: Any, fresh: str, moved: Any) -> None:
    (entry,) = page.entries(fresh, Event(name="feed"))
    comment = entry["changes"][0]["value"]["comment_id"]
    body = {"recipient": {"comment_id": comment}, "message": {"text": "Hi!"}}
    first, second = (page.call("POST", "/v25.0/me/messages", body) for _ in range(2))
    (late,) = page.entries(fresh, Event(name="feed"))
    moved(8 * 86_400)
    body["recipient"] = {"comment_id": late["changes"][0]["value"]["comment_id"]}
    assert first.json["recipient_id"] == fresh
    assert second.code == (10900, None)
    assert page.call("POST", "/v25.0/me/messages", body).code == (10903, None)


def test_a_private_reply_opens_no_window(page: Any, fresh: str) -> None:
    (entry,) = page.entries(fresh, Event(name="feed"))
    comment = "104837562910475_" + entry["changes"][0]["value"]["comment_id"]
    body = {"recipient": {"comment_id": comment}, "message": {"text": "Hi!"}}
    assert page.call("POST", "/v25.0/me/messages", body).status == 200
    assert page.send(fresh, {"text": "and?"}).code == (10, 2018278)


def test_a_marketing_token_works_once_a_day_outside_the_window(page: Any, anna: str, moved: Any) -> None:
    token = page.event(anna, Event(name="optin"))["optin"]["notification_messages_token"]
    body = {"recipient": {"notification_messages_token": token}, "message": {"text": "deal"}}
    moved(3 * 86_400)
    first, second = (page.call("POST", "/v25.0/me/messages", body) for _ in range(2))
    moved(86_401)
    third = page.call("POST", "/v25.0/me/messages", body)
    assert (first.status, second.code, third.status) == (200, (4, 2018354), 200)


def test_a_one_time_token_works_once(page: Any, anna: str, moved: Any) -> None:
    optin = page.event(anna, Event(name="optin", data={"type": "one_time_notif_req"}))["optin"]
    body = {"recipient": {"one_time_notif_token": optin["one_time_notif_token"]}, "message": {"text": "back!"}}
    moved(3 * 86_400)
    first, second = (page.call("POST", "/v25.0/me/messages", body) for _ in range(2))
    assert (first.status, second.code) == (200, (100, None))


def test_a_checkbox_or_a_phone_number_hides_the_psid(page: Any, fresh: str) -> None:
    page.event(fresh, Event(name="optin", data={"ref": "x", "user_ref": "u-5b1c"}))
    for recipient in ({"user_ref": "u-5b1c"}, {"phone_number": "+43 660 1234567"}):
        answer = page.call("POST", "/v25.0/me/messages", {"recipient": recipient, "message": {"text": "hi"}})
        action = page.call("POST", "/v25.0/me/messages", {"recipient": recipient, "sender_action": "typing_on"})
        assert answer.json.keys() == {"message_id"} and action.json == {}


def test_an_account_link_button_makes_a_token(page: Any, anna: str) -> None:
    buttons = [{"type": "account_link", "url": "https://bot.example/login"}, {"type": "account_unlink"}]
    answer = page.template(anna, {"template_type": "button", "text": "Log in", "buttons": buttons})
    login, logout = answer.effect.message.buttons
    assert page.events(anna, Press(button=login)) == []
    (token,) = page.state.linking_tokens
    assert page.call("GET", "/v25.0/me", account_linking_token=token).json["recipient"] == anna
    assert page.event(anna, Press(button=logout))["account_linking"] == {"status": "unlinked"}


def upload(page: Any, kind: str = "image", url: str = "https://bot.example/map.png") -> Any:
    page.serve(url, PNG, "image/png")
    attachment = {"type": kind, "payload": {"url": url, "is_reusable": True}}
    return page.call("POST", "/v25.0/me/message_attachments", {"message": {"attachment": attachment}})


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
