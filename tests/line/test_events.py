"""Events by LINE's own names, and acts."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Block,
    Delete,
    Edit,
    Event,
    File,
    Location,
    Media,
    React,
    Read,
    Start,
    Text,
    Typing,
    Unblock,
    Write,
)
from chatdrill.model.parts import Span
from chatdrill_fakes.platforms.line.events import EVENT_NAMES
from chatdrill_fakes.platforms.line.scene import CHANNEL
from line.kit import PNG, Account

SILENT = {"api_error", "quota", "standby"}


@pytest.mark.parametrize("name", sorted(EVENT_NAMES - SILENT))
def test_every_declared_event_is_told(account: Account, name: str) -> None:
    account.says()
    event = account.event(Event(name=name))
    assert event["type"] == name and event["mode"] == "active" and event["deliveryContext"] == {"isRedelivery": False}
    assert ("source" in event) is (name not in CHANNEL)


def test_a_scenario_overrides_the_payload_and_takes_keys_away(account: Account) -> None:
    data = {"beacon": {"hwid": "x", "type": "stay"}, "replyToken": None}
    event = account.event(Event(name="beacon", data=data))
    assert event["beacon"] == {"hwid": "x", "type": "stay"} and "replyToken" not in event


def test_an_unknown_event_suggests_the_nearest(account: Account) -> None:
    with pytest.raises(Unsupported, match="beacon"):
        account.told(Event(name="baecon"))


def test_groups_and_rooms_are_named_and_joining_names_nobody(account: Account) -> None:
    joined = account.event(Event(name="join"))
    said = account.event(Event(name="message", data={"source": "group"}))
    room = account.event(Event(name="join", data={"source": "room"}))
    assert joined["source"] == {"type": "group", "groupId": said["source"]["groupId"]}
    assert said["source"]["userId"] == account.to and room["source"]["roomId"].startswith("R")


def test_starting_adds_the_account_once(account: Account) -> None:
    assert [event["type"] for event in account.told(Start())] == ["follow"]
    assert account.told(Start()) == []


def test_a_link_carries_words_which_the_customer_sends() -> None:
    friend, stranger = Account(), Account(friends="no")
    assert [event["message"]["text"] for event in friend.told(Start(payload="order 553"))] == ["order 553"]
    assert [event["type"] for event in stranger.told(Start(payload="order 553"))] == ["follow", "message"]


def test_leaving_and_coming_back_are_told_once(account: Account) -> None:
    told = [account.told(act) for act in (Block(), Block(), Unblock(), Unblock())]
    assert [[event["type"] for event in events] for events in told] == [["unfollow"], [], ["follow"], []]
    assert told[2][0]["follow"] == {"isUnblocked": True}


def test_what_a_bot_is_not_told(account: Account) -> None:
    id = account.says()["message"]["id"]
    acts: list[Any] = [
        Edit(message_id=id, parts=(Text(text="x"),)),
        React(message_id=id, emoji="x"),
        Typing(),
        Read(message_id=id),
    ]
    assert [account.told(act) for act in acts] == [[], [], [], []]


def test_unsending_names_the_message(account: Account) -> None:
    id = account.says()["message"]["id"]
    assert account.event(Delete(message_id=id))["unsend"] == {"messageId": id}


def test_pictures_sent_together_are_a_set_and_words_follow(account: Account) -> None:
    photo = Media(kind="photo", file=account.file(PNG), caption=Text(text="torn"))
    events = account.told(Write(parts=(photo, photo)))
    assert [event["message"]["type"] for event in events] == ["image", "text", "image", "text"]
    sets = [event["message"]["imageSet"] for event in events if event["message"]["type"] == "image"]
    assert [(one["index"], one["total"]) for one in sets] == [(1, 2), (2, 2)] and sets[0]["id"] == sets[1]["id"]


def test_mentions_and_emojis_are_counted_in_utf16(account: Account) -> None:
    spans = (Span(2, 5, "mention", "self"), Span(8, 1, "custom_emoji", "p/7"))
    message = account.event(Write(parts=(Text(text="\U0001f600 @Acme $", spans=spans),)))["message"]
    assert message["mention"]["mentionees"] == [
        {"index": 3, "length": 5, "type": "user", "userId": account.state.bot, "isSelf": True}
    ]
    assert message["emojis"] == [{"index": 9, "length": 1, "productId": "p", "emojiId": "7"}]


def test_an_answer_names_what_it_quotes(account: Account) -> None:
    sent = account.sent({"type": "text", "text": "?"})
    assert account.says("this", reply_to=sent.id)["message"]["quotedMessageId"] == sent.id


def test_a_place_without_a_name_has_none(account: Account) -> None:
    message = account.event(Write(parts=(Location(latitude=1.5, longitude=2.5),)))["message"]
    assert "title" not in message and (message["latitude"], message["longitude"]) == (1.5, 2.5)


def test_a_file_from_elsewhere_says_where_it_lies(account: Account) -> None:
    photo = Media(kind="photo", file=File(url="https://cdn.acme.test/a.jpg"))
    provider = account.event(Write(parts=(photo,)))["message"]["contentProvider"]
    assert provider["type"] == "external" and provider["originalContentUrl"] == "https://cdn.acme.test/a.jpg"
