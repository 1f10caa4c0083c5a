"""Every update of the vendor can be brought about, as an act or as an event."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Event, Text, Write
from chatdrill_fakes.platforms.telegram.capabilities import SERVICE_MESSAGES
from chatdrill_fakes.platforms.telegram.inbound.events import EVENTS
from chatdrill_fakes.platforms.telegram.state import UPDATE_NAMES

SUPERGROUP = {"id": -1001987654321, "title": "Acme club", "username": "acme_club", "type": "supergroup"}
DATA = {
    "message": {"text": "hi"},
    "edited_message": {"text": "changed"},
    "channel_post": {"text": "news", "chat": {"id": -1002222333444, "title": "Acme news", "type": "channel"}},
    "edited_channel_post": {"text": "news", "chat": {"id": -1002222333444, "title": "Acme news", "type": "channel"}},
    "guest_message": {"text": "hi"},
    "business_message": {"text": "hello shop"},
    "edited_business_message": {"text": "hello, shop"},
}
TOLD_AS = {"guest_message": "message"}


@pytest.fixture
def curious(drill):
    """A bot that asked for everything, in the middle of things."""
    drill.call("getUpdates", allowed_updates=list(UPDATE_NAMES))
    drill.send(text="x")
    return drill


@pytest.mark.parametrize("name", UPDATE_NAMES)
def test_every_update_can_be_brought_about(curious, name):
    if "business_message" in name:
        curious.act(Event(name="business_connection"))
    if name in ("edited_business_message", "deleted_business_messages"):
        curious.act(Event(name="business_message", data={"text": "hello shop"}))
    if name == "edited_channel_post":
        curious.act(Event(name="channel_post", data=DATA["channel_post"]))
    updates = curious.act(Event(name=name, data=DATA.get(name, {})))
    assert list(updates[-1]) == ["update_id", TOLD_AS.get(name, name)]


@pytest.mark.parametrize("name", SERVICE_MESSAGES)
def test_every_service_message_can_be_brought_about(curious, name):
    last = int(next(reversed(curious.chat.stored)))
    data = {"message_id": last} if name == "pinned_message" else {}
    updates = curious.act(Event(name=name, data=data))
    assert any(name in update["message"] for update in updates)


def test_events_declared_are_events_known(curious):
    assert set(EVENTS) == {*UPDATE_NAMES, *SERVICE_MESSAGES}


def test_data_lie_over_the_standard_payload(curious):
    (update,) = curious.act(Event(name="pre_checkout_query", data={"total_amount": 100}))
    query = update["pre_checkout_query"]
    assert query["total_amount"] == 100 and query["currency"] == "EUR" and query["from"]["id"] == int(curious.to)


def test_an_unknown_event_is_refused_with_the_nearest_name(curious):
    with pytest.raises(Unsupported, match="my_chat_member"):
        curious.act(Event(name="my_chat_membr"))


def test_being_added_to_a_group_is_told_twice(curious, group):
    member, service = curious.act(Event(name="my_chat_member", data={"chat": group}))
    assert member["my_chat_member"]["old_chat_member"]["status"] == "left"
    assert member["my_chat_member"]["chat"]["all_members_are_administrators"] is False
    bot = curious.state.bot
    message = service["message"]
    assert message["new_chat_participant"] == bot and message["new_chat_member"] == bot
    assert message["new_chat_members"] == [bot]


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("hello all", False),
        ("@acme_help_bot status?", True),
        ("/status", True),
        ("/status@acme_help_bot", True),
        ("/status@other_bot", False),
    ],
)
def test_privacy_mode_keeps_group_talk_from_the_bot(curious, group, text, is_told):
    curious.act(Event(name="my_chat_member", data={"chat": group}))
    assert bool(curious.act(Event(name="message", data={"chat": group, "text": text}))) == is_told


def test_replies_to_the_bot_pass_privacy_mode(curious, group):
    curious.act(Event(name="my_chat_member", data={"chat": group}))
    asked = curious.call("sendMessage", chat_id=group["id"], text="which order?")
    address = str(group["id"])
    assert curious.act(Write(parts=(Text(text="553"),), reply_to=str(asked["message_id"])), to=address)
    assert curious.act(Write(parts=(Text(text="just talk"),)), to=address) == []


def test_a_group_that_grew_answers_with_its_new_id(curious, group):
    curious.act(Event(name="my_chat_member", data={"chat": group}))
    updates = curious.act(
        Event(name="migrate_to_chat_id", data={"chat": group, "migrate_to_chat_id": SUPERGROUP["id"]})
    )
    assert updates[0]["message"]["migrate_to_chat_id"] == SUPERGROUP["id"]
    answer = curious.answer("sendMessage", chat_id=group["id"], text="x")
    assert answer["parameters"] == {"migrate_to_chat_id": SUPERGROUP["id"]}
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert curious.call("sendMessage", chat_id=SUPERGROUP["id"], text="x")["chat"]["type"] == "supergroup"


def test_a_bot_that_was_kicked_cannot_write(curious):
    curious.act(Event(name="my_chat_member", data={"chat": SUPERGROUP}))
    assert curious.call("sendMessage", chat_id="@acme_club", text="x")["chat"]["id"] == SUPERGROUP["id"]
    curious.act(Event(name="my_chat_member", data={"chat": SUPERGROUP, "new_chat_member": {"status": "kicked"}}))
    error = curious.error("sendMessage", chat_id=SUPERGROUP["id"], text="x")
    assert error == "403 Forbidden: bot was kicked from the supergroup chat"


def test_a_customer_known_from_a_group_only_cannot_be_written_to(strangers, group):
    strangers.act(Event(name="my_chat_member", data={"chat": group}))
    error = strangers.error("sendMessage", chat_id=strangers.to, text="x")
    assert error == "403 Forbidden: bot can't initiate conversation with a user"


def test_a_callback_can_come_from_a_message_sent_in_inline_mode(curious):
    (update,) = curious.act(
        Event(name="callback_query", data={"inline_message_id": "AAA", "data": "y", "message_id": 1})
    )
    query = update["callback_query"]
    assert query["inline_message_id"] == "AAA" and query["message"]["date"] == 0


def test_data_of_the_wrong_shape_are_refused(curious):
    for name, data in (
        ("migrate_to_chat_id", {"migrate_to_chat_id": "x"}),
        ("left_chat_member", {"left_chat_member": 5}),
    ):
        with pytest.raises(Unsupported, match="do not fit"):
            curious.act(Event(name=name, data=data))
