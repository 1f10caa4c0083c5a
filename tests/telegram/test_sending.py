"""sendMessage: the order of the checks, and what comes back."""

from __future__ import annotations

import pytest

from chatdrill.model import Block, Keyboard, KeyboardRemoved, ReplyForced, Sent, Text


def test_a_sent_text_comes_back_parsed_with_what_it_replies_to(drill):
    asked = drill.write("order #554")
    message = drill.send(
        text="<b>Order 553</b> is <i>on its way</i>",
        parse_mode="HTML",
        reply_parameters={"message_id": asked["message_id"]},
        reply_markup={"inline_keyboard": [[{"text": "Track", "url": "https://acme.test/t/553"}]]},
    )
    assert list(message) == [
        "message_id", "from", "chat", "date", "reply_to_message", "text", "entities", "reply_markup",
    ]  # fmt: skip
    assert message["reply_to_message"]["text"] == "order #554"
    assert message["text"] == "Order 553 is on its way"
    assert [e["type"] for e in message["entities"]] == ["bold", "italic"]
    assert message["from"] == {"id": 7012345678, "is_bot": True, "first_name": "Acme Help", "username": "acme_help_bot"}


def test_the_effect_of_a_send_is_the_neutral_message(drill):
    handled = drill.handle("sendMessage", {"chat_id": drill.to, "text": "*hi*", "parse_mode": "Markdown"})
    (effect,) = handled.effects
    assert isinstance(effect, Sent) and effect.to == drill.to
    text = effect.message.parts[0]
    assert isinstance(text, Text) and text.text == "hi" and text.spans[0].style == "bold"
    assert drill.chat.messages[effect.message.id] == effect.message
    assert handled.call.to == drill.to and handled.call.support == "supported"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "message text is empty"),
        ({"text": "x", "parse_mode": "BB"}, "unsupported parse_mode"),
        (
            {"text": "<b>x", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ({"text": "x", "reply_parameters": "nonsense"}, "can't parse reply parameters JSON object"),
        ({"text": "x", "reply_parameters": [1]}, "object expected as reply parameters"),
        ({"text": "x", "reply_parameters": {"quote": "y"}}, 'can\'t find field "message_id"'),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": None}, "object expected as reply markup"),
        ({"text": "x"}, "chat_id is empty"),
        ({"text": "x", "chat_id": 5}, "chat not found"),
        ({"text": "x", "chat_id": "@olena_k"}, "chat not found"),
        ({"text": "x", "chat_id": True}, "chat not found"),
        ({"text": "x", "chat_id": "OLENA", "reply_parameters": {"message_id": 1}}, "message to be replied not found"),
        ({"text": " \n ", "chat_id": "OLENA"}, "text must be non-empty"),
        ({"text": "\u200b\u00a0", "chat_id": "OLENA"}, "text must be non-empty"),
        ({"text": "x" * 4097, "chat_id": "OLENA"}, "message is too long"),
        ({"text": "ж" * 20_000}, "text is too long"),
    ],
)
def test_the_first_thing_wrong_is_the_one_complained_of(drill, arguments, error):
    if arguments.get("chat_id") == "OLENA":
        arguments["chat_id"] = drill.to
    assert drill.error("sendMessage", **arguments) == f"400 Bad Request: {error}"


def test_a_customer_who_never_started_does_not_exist_for_the_bot(strangers):
    assert strangers.error("sendMessage", chat_id=strangers.to, text="x") == "400 Bad Request: chat not found"


def test_a_bot_that_was_blocked_is_told_so_when_it_sends(drill):
    drill.act(Block())
    assert drill.error("sendMessage", chat_id=drill.to, text="x") == "403 Forbidden: bot was blocked by the user"


def test_a_missing_reply_is_forgiven_where_the_bot_says_so(drill):
    lenient = {"message_id": 999999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in drill.send(text="x", reply_parameters=lenient)
    assert "reply_to_message" not in drill.send(text="x", reply_to_message_id=9, allow_sending_without_reply=True)


def test_a_quote_must_stand_in_the_message(drill):
    asked = drill.write("😀 is it order 553?")
    quoted = drill.send(text="y", reply_parameters={"message_id": asked["message_id"], "quote": "order 553"})
    assert quoted["quote"] == {"text": "order 553", "position": 9, "is_manual": True}
    wrong = {"message_id": asked["message_id"], "quote": "order 9"}
    error = drill.error("sendMessage", chat_id=drill.to, text="y", reply_parameters=wrong)
    assert error == "400 Bad Request: QUOTE_TEXT_INVALID"


def test_white_space_around_a_text_is_trimmed_and_control_characters_become_blanks(drill):
    assert drill.send(text=" \n a\tb\r\n c \n")["text"] == "a b\n c"


def test_only_inline_keyboards_are_echoed(drill):
    keyboards = {
        Keyboard: {"keyboard": [["Yes"]], "one_time_keyboard": True},
        KeyboardRemoved: {"remove_keyboard": True},
        ReplyForced: {"force_reply": True, "input_field_placeholder": "number"},
    }
    for kind, markup in keyboards.items():
        handled = drill.handle("sendMessage", {"chat_id": drill.to, "text": "x", "reply_markup": markup})
        assert b"reply_markup" not in handled.response.body
        assert isinstance(handled.effects[0].message.parts[1], kind)


def test_protected_and_effectful_messages_say_so(drill):
    message = drill.send(text="x", protect_content=True, message_effect_id="5104841245755180586")
    assert list(message)[-2:] == ["has_protected_content", "effect_id"]


def test_link_preview_options_are_echoed(drill):
    options = {"is_disabled": True}
    assert drill.send(text="x", link_preview_options=options)["link_preview_options"] == options
    assert drill.send(text="x", disable_web_page_preview=True)["link_preview_options"] == options
    assert "link_preview_options" not in drill.send(text="x")


def test_messages_are_dated_by_the_clock_of_the_chat(drill):
    drill.chat.ahead_s = 86_400.0
    assert drill.send(text="x")["date"] == int(drill.now) + 86_400


def test_answers_are_ascii_json_with_a_content_type(drill):
    handled = drill.handle("sendMessage", {"chat_id": drill.to, "text": 'Привет "мир" \\ 😀 /'})
    assert handled.response.header("content-type") == "application/json"
    assert rb'"text":"\u041f\u0440\u0438\u0432\u0435\u0442 \"' in handled.response.body
    assert rb"\\ \ud83d\ude00 /" in handled.response.body
