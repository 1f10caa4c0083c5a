"""reply_markup: what is read, refused, normalised and pressed."""

from __future__ import annotations

import pytest

from chatdrill.model import Button, Event, Keyboard


def _inline(**button):
    return {"inline_keyboard": [[{"text": "b", **button}]]}


ERRORS = [
    ({"inline_keyboard": [{}]}, 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'),
    ({"keyboard": ["a"]}, 'field "keyboard" must be an Array of Arrays'),
    ({"keyboard": {}}, 'field "keyboard" must be of type Array'),
    ({"keyboard": [[{"text": [1]}]]}, 'can\'t parse keyboard button: Field "text" must be of type String'),
    ({"keyboard": [[1]]}, "can't parse keyboard button: KeyboardButton must be a String or an Object"),
    (_inline(), "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    ({"inline_keyboard": [["x"]]}, "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
    ({"inline_keyboard": [[{"url": "x"}]]}, 'can\'t parse inline keyboard button: Can\'t find field "text"'),
    (_inline(style="pink", callback_data="x"), "can't parse inline keyboard button: invalid button style specified"),
    (_inline(callback_data="ж" * 33), "BUTTON_DATA_INVALID"),
    (_inline(callback_data=""), "BUTTON_DATA_INVALID"),
    (_inline(url="nonsense"), "inline keyboard button URL 'nonsense' is invalid: Wrong HTTP URL"),
    (_inline(url="ftp://a.b"), "inline keyboard button URL 'ftp://a.b' is invalid: Unsupported URL protocol"),
    (_inline(copy_text={"text": ""}), "BUTTON_COPY_TEXT_INVALID"),
    (_inline(web_app={"url": "http://a.b"}),
     "inline keyboard button Web App URL 'http://a.b' is invalid: Only HTTPS links are allowed"),
    ({"remove_keyboard": "yes"}, 'field "remove_keyboard" must be of type Boolean'),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "error"), ERRORS)
def test_wrong_keyboards_are_refused(drill, markup, error):
    found = drill.error("sendMessage", chat_id=drill.to, text="x", reply_markup=markup)
    assert found == f"400 Bad Request: {error}"


def test_buttons_are_echoed_in_the_vendors_spelling(drill):
    rows = [
        [{"style": "Primary", "text": "a", "url": "HTTPS://Acme.test", "extra": 1}, {"text": "c", "callback_data": "1"}]
    ]
    message = drill.send(text="x", reply_markup={"inline_keyboard": rows})
    assert message["reply_markup"]["inline_keyboard"] == [
        [{"text": "a", "style": "primary", "url": "https://acme.test/"}, {"text": "c", "callback_data": "1"}]
    ]


def test_a_keyboard_becomes_neutral_buttons(drill):
    rows = [
        [{"text": "c", "callback_data": "d"}, {"text": "u", "url": "https://a.test/"}],
        [{"text": "k", "copy_text": {"text": "A-553"}}, {"text": "p", "pay": True}],
    ]
    handled = drill.handle("sendMessage", {"chat_id": drill.to, "text": "x", "reply_markup": {"inline_keyboard": rows}})
    keyboard = handled.effects[0].message.parts[1]
    assert isinstance(keyboard, Keyboard) and [len(row) for row in keyboard.rows] == [2, 2]
    assert [(b.kind, b.payload, b.url) for b in keyboard.buttons] == [
        ("callback", "d", None),
        ("url", None, "https://a.test/"),
        ("copy", "A-553", None),
        ("other", "pay", None),
    ]


def test_a_reply_keyboard_knows_what_it_asks_for(drill):
    rows = [["Status", {"text": "Phone", "request_contact": True}, {"text": "Here", "request_location": True}]]
    markup = {"keyboard": rows, "one_time_keyboard": True, "input_field_placeholder": "Choose"}
    handled = drill.handle("sendMessage", {"chat_id": drill.to, "text": "x", "reply_markup": markup})
    keyboard = handled.effects[0].message.parts[1]
    assert [b.kind for b in keyboard.buttons] == ["reply", "request_contact", "request_location"]
    assert keyboard.one_time and keyboard.placeholder == "Choose" and keyboard.style == "reply"


def test_empty_keyboards_are_no_keyboards(drill):
    for markup in ({"inline_keyboard": []}, {"keyboard": []}, {}, {"inline_keyboard": [[]]}):
        handled = drill.handle("sendMessage", {"chat_id": drill.to, "text": "x", "reply_markup": markup})
        assert len(handled.effects[0].message.parts) == 1


def test_contacts_are_asked_for_in_private_chats_only(drill, group):
    drill.act(Event(name="my_chat_member", data={"chat": group}))
    markup = {"keyboard": [[{"text": "Phone", "request_contact": True}]]}
    error = drill.error("sendMessage", chat_id=group["id"], text="x", reply_markup=markup)
    assert error == "400 Bad Request: phone number can be requested in private chats only"


def test_rows_hold_twelve_buttons_at_most(drill):
    row = [{"text": str(n), "callback_data": str(n)} for n in range(20)]
    message = drill.send(text="x", reply_markup={"inline_keyboard": [row]})
    assert len(message["reply_markup"]["inline_keyboard"][0]) == 12


def test_a_buttons_neutral_twin_can_be_pressed(drill):
    handled = drill.handle(
        "sendMessage", {"chat_id": drill.to, "text": "x", "reply_markup": _inline(callback_data="d")}
    )
    assert handled.effects[0].message.buttons == (Button(title="b", kind="callback", payload="d"),)
