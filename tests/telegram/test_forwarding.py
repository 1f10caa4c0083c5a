"""Forwarding and copying."""

from __future__ import annotations

import pytest


@pytest.fixture
def other(drill):
    to = drill.join("anna")
    drill.write("hi", to=to)
    return to


def test_a_forwarded_message_names_its_origin(drill, other):
    asked = drill.write("see this")
    handled = drill.handle(
        "forwardMessage", {"chat_id": other, "from_chat_id": drill.to, "message_id": asked["message_id"]}
    )
    message = drill.call("forwardMessage", chat_id=other, from_chat_id=drill.to, message_id=asked["message_id"])
    assert message["forward_origin"]["type"] == "user" and message["forward_from"]["id"] == int(drill.to)
    assert message["text"] == "see this" and message["forward_date"] == asked["date"]
    assert handled.effects[0].to == other and handled.effects[0].message.forwarded


def test_a_message_forwarded_twice_keeps_its_first_origin(drill, other):
    seen = drill.write("see this", forwarded=True)
    message = drill.call("forwardMessage", chat_id=other, from_chat_id=drill.to, message_id=seen["message_id"])
    assert message["forward_origin"] == seen["forward_origin"] and "forward_from" not in message
    assert message["forward_sender_name"] == seen["forward_sender_name"]


def test_a_copy_has_no_origin_and_may_have_another_caption(drill, other, samples):
    photo = drill.write(drill.media("photo", samples["photo"]), "old")
    arguments = {"chat_id": other, "from_chat_id": drill.to, "message_id": photo["message_id"], "caption": "new"}
    handled = drill.handle("copyMessage", arguments)
    (effect,) = handled.effects
    assert effect.message.media[0].caption.text == "new" and not effect.message.forwarded
    assert handled.response.body == b'{"ok":true,"result":{"message_id":%d}}' % int(effect.message.id)


def test_batches_leave_out_what_is_gone(drill, other):
    ids = [drill.write(word)["message_id"] for word in ("a", "b")]
    batch = {"chat_id": other, "from_chat_id": drill.to, "message_ids": [*ids, 999999]}
    assert len(drill.call("forwardMessages", **batch)) == 2
    assert len(drill.call("copyMessages", **batch)) == 2
    unordered = {**batch, "message_ids": ids[::-1]}
    error = drill.error("forwardMessages", **unordered)
    assert error == "400 Bad Request: message identifiers must be in a strictly increasing order"


@pytest.mark.parametrize(("method", "what"), [("forwardMessage", "forward"), ("copyMessage", "copy")])
def test_what_is_not_there_cannot_be_passed_on(drill, other, method, what):
    where = {"chat_id": other, "from_chat_id": drill.to}
    assert drill.error(method, **where, message_id=999999) == f"400 Bad Request: message to {what} not found"
    assert drill.error(method, chat_id=other) == '400 Bad Request: parameter "from_chat_id" is required'


def test_protected_content_stays(drill, other):
    secret = drill.send(text="secret", protect_content=True)
    where = {"chat_id": other, "from_chat_id": drill.to, "message_id": secret["message_id"]}
    error = drill.error("forwardMessage", **where)
    assert error == "400 Bad Request: message has protected content and can't be forwarded"
