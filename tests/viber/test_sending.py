"""``send_message`` and ``broadcast_message``: what the customer sees, and what the answer says."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Contact, Customer, Keyboard, Location, Media, Sent, Span, Text
from chatdrill.wire import HttpRequest
from viber.kit import OLENA, TOKEN, Account, answer, keys, status

VIDEO = {"media": "https://a.test/v.mp4", "size": 2_210_010, "duration": 9, "thumbnail": "https://a.test/v.jpg"}
FILE = {"media": "https://a.test/i", "size": 88_412, "file_name": "invoice.pdf"}
TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "text", "text": "Order 553 is on its way"},
    "picture": {"type": "picture", "text": "A shoe", "media": "https://a.test/p.jpg"},
    "video": {"type": "video", **VIDEO},
    "file": {"type": "file", **FILE},
    "contact": {"type": "contact", "contact": {"name": "Shop", "phone_number": "+380441112233", "avatar": None}},
    "location": {"type": "location", "location": {"lat": 50.45, "lon": "30.5233"}},
    "url": {"type": "url", "media": "https://a.test"},
    "sticker": {"type": "sticker", "sticker_id": 46105},
    "keyboard": {"keyboard": keys()},
}
LOOKS = {
    "text": lambda parts: parts == (Text(text="Order 553 is on its way"),),
    "picture": lambda parts: (parts[0].kind, parts[0].caption.text) == ("photo", "A shoe"),
    "video": lambda parts: (parts[0].kind, parts[0].file.url) == ("video", "https://a.test/v.mp4"),
    "file": lambda parts: (parts[0].kind, parts[0].file.name) == ("document", "invoice.pdf"),
    "contact": lambda parts: parts == (Contact(name="Shop", phone="+380441112233"),),
    "location": lambda parts: parts == (Location(latitude=50.45, longitude=30.5233),),
    "url": lambda parts: parts == (Text(text="https://a.test", spans=(Span(0, 14, "link", "https://a.test"),)),),
    "sticker": lambda parts: (parts[0].kind, parts[0].file.name) == ("sticker", "46105"),
    "keyboard": lambda parts: isinstance(parts[0], Keyboard) and parts[0].buttons[0].payload == "menu",
}


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_message_is_sent_and_named(talk: Account, kind: str) -> None:
    handled = talk.send(**TYPES[kind])
    (effect,) = handled.effects
    assert isinstance(effect, Sent) and LOOKS[kind](effect.message.parts)
    assert handled.call is not None and handled.call.method == f"send_message {kind}" and handled.call.to == talk.to
    assert effect.message.id == str(answer(handled)["message_token"]) and effect.message.sender == "Acme Help"


def test_the_answer_has_a_numeric_token_and_says_how_the_message_counts(talk: Account) -> None:
    body = answer(talk.send(type="text", text="Hi"))
    assert (body["status"], body["status_message"], body["billing_status"]) == (0, "ok", 1)
    assert isinstance(body["message_token"], int) and body["chat_hostname"] == "SN-CHAT-05_"


def test_a_moving_picture_is_sent_as_a_link(talk: Account) -> None:
    (part,) = talk.sent(type="url", media="https://a.test/wave.gif").parts
    assert isinstance(part, Media) and part.kind == "animation"


def test_every_type_may_have_a_keyboard(talk: Account) -> None:
    shown = talk.sent(type="location", location={"lat": 1, "lon": 2}, keyboard=keys())
    assert [type(part) for part in shown.parts] == [Location, Keyboard]


@pytest.mark.parametrize("where", ["header", "body", "both"])
def test_the_token_may_stand_in_the_header_or_in_the_body(talk: Account, where: str) -> None:
    body = {"receiver": talk.to, "type": "text", "text": "Hi", **({"auth_token": TOKEN} if where != "header" else {})}
    handled = talk.call("send_message", body, token=None if where == "body" else TOKEN)
    assert status(handled) == 0
    assert handled.call is not None and "auth_token" not in handled.call.arguments


@pytest.mark.parametrize("content_type", ["", "application/x-www-form-urlencoded", "text/plain; charset=utf-8"])
def test_json_is_read_whatever_the_content_type(talk: Account, content_type: str) -> None:
    body = {"receiver": talk.to, "type": "text", "text": "Hi"}
    assert status(talk.call("send_message", body, headers=(("Content-Type", content_type),))) == 0


def test_null_counts_as_not_there(talk: Account) -> None:
    nothing = dict.fromkeys(("keyboard", "chat_id", "min_api_version", "tracking_data", "thumbnail"))
    assert status(talk.send(type="picture", media="https://a.test/p.jpg", text="", **nothing)) == 0


def test_a_message_without_a_sender_is_let_through_unless_it_is_required() -> None:
    bare = {"sender": None, "type": "text", "text": "Hi"}
    for required, expected in (("no", 0), ("yes", 4)):
        account = Account(require_sender=required)
        account.says()
        assert status(account.send(**bare)) == expected


def test_a_chat_id_is_for_inline_bots(talk: Account) -> None:
    assert status(talk.send(type="text", text="Hi", chat_id="abc")) == 17


def test_a_message_for_newer_devices_is_refused() -> None:
    account = Account(api_version="3")
    account.says()
    assert [status(account.send(type="text", text="Hi", min_api_version=level)) for level in (3, 4)] == [0, 13]


# ------------------------------------------------------------------------------------------------------ broadcasts


def broadcast(account: Account, *receivers: str, **message: Any) -> Any:
    return account.call("broadcast_message", {"broadcast_list": list(receivers), "type": "text", **message})


def test_a_broadcast_lists_those_who_cannot_get_it(talk: Account) -> None:
    other = talk.join(Customer(key="petro", first_name="Petro"))
    handled = broadcast(talk, talk.to, other, "unknown==", text="Hello")
    body = answer(handled)
    assert [(one["receiver"], one["status"]) for one in body["failed_list"]] == [(other, 6), ("unknown==", 5)]
    assert [effect.to for effect in handled.effects] == [talk.to] and body["status"] == 0
    assert handled.call is not None and handled.call.method == "broadcast_message"


def test_a_broadcast_has_one_token_for_all(talk: Account) -> None:
    other = talk.join(Customer(key="petro", first_name="Petro"))
    talk.state.chats[other].subscribed = True
    handled = broadcast(talk, talk.to, other, text="Hello")
    token = answer(handled)["message_token"]
    assert {effect.message.id for effect in handled.effects} == {str(token)}
    assert [(one["user_id"], one["message_token"]) for one in talk.play(handled)] == [(talk.to, token), (other, token)]


def test_a_broadcast_speaks_to_each_by_name(talk: Account) -> None:
    words = 'Hi "replace_me_with_user_name", replace_me_with_receiver_id replace_me_with_url_encoded_receiver_id'
    handled = broadcast(talk, talk.to, text=words)
    quoted = talk.to.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    assert handled.effects[0].message.text == f'Hi "{OLENA.name}", {talk.to} {quoted}'


def test_a_receiver_named_twice_gets_it_once(talk: Account) -> None:
    assert len(broadcast(talk, talk.to, talk.to, text="Hello").effects) == 1


def test_without_a_webhook_nothing_can_be_sent(talk: Account) -> None:
    talk.state.webhook_url = None
    assert status(talk.send(type="text", text="Hi")) == status(broadcast(talk, talk.to, text="Hi")) == 10


def test_a_call_by_another_verb_or_name_is_answered_loudly(talk: Account) -> None:
    unknown = talk.call("edit_message", {})
    assert unknown.response is not None and unknown.response.status == 404
    assert unknown.call is not None and unknown.call.support == "unknown" and "edit_message" in str(unknown.call.error)
    verb = talk.handle(HttpRequest("GET", "/pa/send_message"))
    assert verb.response is not None and verb.response.status == 405
