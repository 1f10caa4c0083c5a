"""Telegram Business: the bot answers for a person's account."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Deleted, Event, MarkedRead


@pytest.fixture
def business(drill):
    """A bot connected to an owner, to whom a customer has written."""
    connection = drill.act(Event(name="business_connection"))[0]["business_connection"]
    message = drill.act(Event(name="business_message", data={"text": "hello shop"}))[0]["business_message"]
    return drill, connection, message


def test_a_customer_writes_to_the_owner(business):
    drill, connection, message = business
    assert list(connection) == ["id", "user", "user_chat_id", "date", "is_enabled", "can_reply", "rights"]
    assert next(iter(message)) == "business_connection_id" and message["business_connection_id"] == connection["id"]
    assert message["from"]["id"] == int(drill.to) and message["text"] == "hello shop"
    assert drill.call("getBusinessConnection", business_connection_id=connection["id"]) == connection


def test_the_bot_answers_as_the_owner(business):
    drill, connection, message = business
    sent = drill.send(
        text="hi", business_connection_id=connection["id"], reply_parameters={"message_id": message["message_id"]}
    )
    assert sent["sender_business_bot"]["is_bot"] and sent["from"] == connection["user"]
    assert sent["reply_to_message"]["text"] == "hello shop"


def test_what_the_owner_says_does_not_open_the_window(business):
    drill, connection, _ = business
    drill.now += 86_401
    said = drill.act(Event(name="business_message", data={"text": "later", "from": "owner"}))[0]["business_message"]
    assert said["from"] == connection["user"]
    chat = drill.state.connections[connection["id"]].chats[drill.to]
    assert chat.messages[str(said["message_id"])].author == "agent"
    error = drill.error("sendMessage", chat_id=drill.to, business_connection_id=connection["id"], text="x")
    assert error == "400 Bad Request: BUSINESS_PEER_USAGE_MISSING"


def test_edits_and_deletions_of_the_customer_are_told(business):
    drill, connection, message = business
    edit = Event(name="edited_business_message", data={"message_id": message["message_id"], "text": "hello, shop"})
    assert drill.act(edit)[0]["edited_business_message"]["text"] == "hello, shop"
    deleted = drill.act(Event(name="deleted_business_messages"))[0]["deleted_business_messages"]
    assert deleted["message_ids"] == [message["message_id"]] and deleted["business_connection_id"] == connection["id"]


def test_the_owner_may_write_from_another_device(business):
    drill, connection, _ = business
    updates = drill.act(Event(name="business_message", data={"text": "one moment", "from": "owner"}))
    assert updates[0]["business_message"]["from"] == connection["user"]


def test_the_bot_reads_and_deletes_for_the_owner(business):
    drill, connection, message = business
    where = {"business_connection_id": connection["id"], "chat_id": drill.to}
    key = str(message["message_id"])
    handled = drill.handle("readBusinessMessage", {**where, "message_id": message["message_id"]})
    assert handled.effects == (MarkedRead(to=drill.to, message_id=key),)
    batch = {"business_connection_id": connection["id"], "message_ids": [message["message_id"]]}
    assert drill.handle("deleteBusinessMessages", batch).effects == (Deleted(to=drill.to, message_ids=(key,)),)
    assert drill.error("deleteBusinessMessages", **batch) == "400 Bad Request: MESSAGE_ID_INVALID"


def test_a_day_of_silence_closes_the_window(business):
    drill, connection, _ = business
    drill.now += 86_401
    error = drill.error("sendMessage", chat_id=drill.to, text="x", business_connection_id=connection["id"])
    assert error == "400 Bad Request: BUSINESS_PEER_USAGE_MISSING"


def test_a_disabled_connection_is_of_no_use(business):
    drill, connection, _ = business
    drill.act(Event(name="business_connection", data={"id": connection["id"], "is_enabled": False}))
    error = drill.error("sendMessage", chat_id=drill.to, text="x", business_connection_id=connection["id"])
    assert error == "400 Bad Request: BUSINESS_CONNECTION_NOT_ALLOWED"


def test_an_unknown_connection_is_refused(drill):
    error = drill.error("sendMessage", chat_id=drill.to, text="x", business_connection_id="nope")
    assert error == "400 Bad Request: business connection not found"
    with pytest.raises(Unsupported, match="business_connection"):
        drill.act(Event(name="business_message", data={"text": "x"}))
