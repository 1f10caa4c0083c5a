"""Groups, forums and channels: who may send what, and where."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Button, Edit, Event, Press, React, Text, Write

CHANNEL = {"id": -1002222333444, "title": "Acme news", "username": "acme_news", "type": "channel"}
FORUM = {"id": -1001987654321, "title": "Acme club", "type": "supergroup", "is_forum": True}


@pytest.fixture
def enter(drill):
    """Lets the bot into a chat, with a status."""

    def into(chat, **member):
        given = {"new_chat_member": member} if member else {}
        return drill.act(Event(name="my_chat_member", data={"chat": chat, **given}))

    return into


def test_a_channels_posts_name_the_channel_and_no_person(drill):
    post = drill.act(Event(name="channel_post", data={"chat": CHANNEL, "text": "news"}))[0]["channel_post"]
    sent = drill.call("sendMessage", chat_id="@acme_news", text="more")
    for message in (post, sent):
        assert list(message) == ["message_id", "sender_chat", "chat", "date", "text"]
        assert message["sender_chat"] == message["chat"] == CHANNEL
    forwarded = drill.call(
        "forwardMessage", chat_id=drill.to, from_chat_id=CHANNEL["id"], message_id=sent["message_id"]
    )
    assert forwarded["forward_origin"]["type"] == "channel" and forwarded["forward_from_chat"] == CHANNEL
    assert forwarded["forward_from_message_id"] == sent["message_id"]


def test_only_administrators_post_in_a_channel(drill, enter):
    refused = "400 Bad Request: need administrator rights in the channel chat"
    enter(CHANNEL, status="member")
    assert drill.error("sendMessage", chat_id=CHANNEL["id"], text="x") == refused
    enter(CHANNEL, status="administrator", can_post_messages=False)
    assert drill.error("sendMessage", chat_id=CHANNEL["id"], text="x") == refused
    enter(CHANNEL)
    assert drill.call("sendMessage", chat_id=CHANNEL["id"], text="x")


def test_a_restricted_bot_sends_what_it_is_allowed_to(drill, enter, group, samples, read):
    enter(group)
    enter(group, status="restricted", can_send_photos=True)
    error = drill.error("sendMessage", chat_id=group["id"], text="x")
    assert error == "400 Bad Request: not enough rights to send text messages to the chat"
    assert read(drill.upload("sendPhoto", {"photo": ("a.jpg", samples["photo"])}, chat_id=str(group["id"])))["photo"]
    error = drill.error("sendPoll", chat_id=group["id"], question="?", options=["a", "b"])
    assert error == "400 Bad Request: not enough rights to send polls to the chat"


def test_the_data_of_an_event_lie_over_the_bots_standing(enter, group):
    enter(group)
    standing = enter(group, status="administrator", can_pin_messages=False)[0]["my_chat_member"]
    assert standing["old_chat_member"]["status"] == "member"
    assert standing["new_chat_member"]["can_pin_messages"] is False
    assert standing["new_chat_member"]["can_manage_chat"] is True


def test_threads_are_those_of_the_forum(drill, enter):
    enter(FORUM)
    topic = drill.act(Event(name="forum_topic_created", data={"chat": FORUM, "name": "Orders"}))[0]["message"]
    assert topic["message_thread_id"] == topic["message_id"] and topic["is_topic_message"]
    sent = drill.call("sendMessage", chat_id=FORUM["id"], text="x", message_thread_id=topic["message_id"])
    assert sent["message_thread_id"] == topic["message_id"] and sent["is_topic_message"] is True
    for chat_id in (FORUM["id"], drill.to):
        error = drill.error("sendMessage", chat_id=chat_id, text="x", message_thread_id=999)
        assert error == "400 Bad Request: message thread not found"


def test_a_group_without_topics_does_not_mind_a_thread(drill, enter, group):
    enter(group)
    assert "message_thread_id" not in drill.call("sendMessage", chat_id=group["id"], text="x", message_thread_id=9)


def test_reactions_in_groups_are_told_to_administrators(drill, enter, group):
    drill.call("getUpdates", allowed_updates=["message_reaction"])
    enter(group)
    key = str(drill.call("sendMessage", chat_id=group["id"], text="x")["message_id"])
    assert drill.act(React(message_id=key, emoji="👍"), to=str(group["id"])) == []
    enter(group, status="administrator")
    (update,) = drill.act(React(message_id=key, emoji="🔥"), to=str(group["id"]))
    assert update["message_reaction"]["chat"]["id"] == group["id"]


def test_bots_do_not_write_to_themselves(drill):
    error = drill.error("sendMessage", chat_id=drill.state.bot_id, text="x")
    assert error == "403 Forbidden: the bot can't send messages to the bot"


def test_a_bot_outside_the_group_hears_nothing_of_it(drill, enter, group):
    enter(group)
    address = str(group["id"])
    hello = Write(parts=(Text(text="@acme_help_bot hello"),))
    told = drill.act(hello, to=address)[0]["message"]
    assert drill.act(Write(parts=(Text(text="@acme_help_bot2 hello"),)), to=address) == []
    edit = Edit(message_id=str(told["message_id"]), parts=(Text(text="@acme_help_bot hi"),))
    assert drill.act(edit, to=address)[0]["edited_message"]["text"] == "@acme_help_bot hi"
    enter(group, status="kicked")
    assert drill.act(hello, to=address) == []


def test_a_link_that_leads_into_a_group_starts_nothing(drill):
    button = Button(title="Add", kind="url", url="https://t.me/acme_help_bot?startgroup=x")
    with pytest.raises(Unsupported, match="startgroup"):
        drill.act(Press(button=button))
