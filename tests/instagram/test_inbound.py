"""What the bot is told of each act, key by key."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Act,
    Button,
    Delete,
    Echo,
    Edit,
    Location,
    Media,
    Message,
    Other,
    Press,
    React,
    Read,
    Receipt,
    Referral,
    Start,
    Text,
    Typing,
    Write,
)
from instagram.kit import NOW, OWN, Account


def write(*parts: Any, **more: Any) -> Write:
    return Write(parts=parts, **more)


def test_each_act_is_told_key_by_key(talk: Account) -> None:
    mine = next(iter(talk.chat.messages))
    theirs = talk.send({"text": "hi"}).json["message_id"]
    told: list[tuple[Act, str, dict[str, Any]]] = [
        (Press(button=Button(title="Yes", kind="reply", payload="Y")), "message", {"text": "Yes", "quick_reply": {"payload": "Y"}}),
        (Press(button=Button(title="Help", kind="postback", payload="H")), "postback", {"title": "Help", "payload": "H"}),
        (write(Text(text="that"), reply_to=theirs), "message", {"text": "that", "reply_to": {"mid": theirs}}),
        (write(Other(kind="like_heart")), "message", {"attachments": [{"type": "like_heart"}]}),
        (write(Other(kind="unsupported")), "message", {"is_unsupported": True}),
        (React(message_id=theirs, emoji="❤️"), "reaction", {"mid": theirs, "action": "react", "reaction": "love", "emoji": "❤️"}),
        (React(message_id=theirs), "reaction", {"mid": theirs, "action": "unreact"}),
        (Edit(message_id=mine, parts=(Text(text="b"),)), "message_edit", {"mid": mine, "text": "b", "num_edit": 1}),
        (Read(message_id=theirs), "read", {"mid": theirs}),
        (Delete(message_id=mine), "message", {"mid": mine, "is_deleted": True}),
    ]  # fmt: skip
    for act, key, value in told:
        event = talk.event(act)
        assert list(event) == ["sender", "recipient", "timestamp", key]
        assert (event["sender"], event["recipient"]) == ({"id": talk.to}, {"id": OWN})
        assert {name: one for name, one in event[key].items() if name != "mid" or "mid" in value} == value


@pytest.mark.parametrize("login", ["instagram", "page"])
def test_echoes_have_a_field_of_their_own_only_without_a_page(login: str) -> None:
    account = Account(login=login)
    account.says()
    answer = account.send({"text": "hi"})
    (later,) = answer.handled.later
    (update,) = account.updates(later.act)  # type: ignore[arg-type]
    assert update.kind == {"instagram": "message_echoes", "page": "messages"}[login]
    assert b'"is_echo":true' in update.body and update.id == answer.json["message_id"]


def test_what_a_person_writes_in_the_app_is_an_echo(talk: Account) -> None:
    message = Message(ids=(), author="agent", parts=(Text(text="Eva here"),), at=NOW)
    event = talk.event(Echo(message=message))
    assert (event["sender"], event["recipient"]) == ({"id": OWN}, {"id": talk.to})
    assert event["message"]["text"] == "Eva here" and "app_id" not in event["message"]


def test_edits_are_told_only_without_a_page() -> None:
    account = Account(login="page")
    mid = account.says()
    assert account.updates(Edit(message_id=mid, parts=(Text(text="b"),))) == []


def test_a_link_is_told_with_the_first_message_and_later_at_once(account: Account) -> None:
    assert account.updates(Start(payload="flyer-17")) == []
    link = {"ref": "flyer-17", "source": "IGME-SOURCE-LINK", "type": "OPEN_THREAD"}
    assert account.event(write(Text(text="hi")))["message"]["referral"] == link
    assert account.event(Start(payload="flyer-17"))["referral"] == link
    with pytest.raises(Unsupported, match="no plugin"):
        account.updates(Start(referral=Referral(source="plugin", ref="x")))


def test_pictures_chosen_together_are_one_message_and_captions_follow(talk: Account) -> None:
    photo = talk.media()
    captioned = Media(kind="photo", file=photo.file, caption=Text(text="torn"))
    entries = talk.entries(write(photo, captioned))
    messages = [entry["messaging"][0]["message"] for entry in entries]
    assert [one["type"] for one in messages[0]["attachments"]] == ["image", "image"]
    assert [one.get("text") for one in messages] == [None, "torn"] and len(entries) == 2


def test_a_story_that_is_answered_is_quoted(talk: Account) -> None:
    message = talk.event(write(Other(kind="story_reply", data={"text": "wow", "id": "77"})))["message"]
    assert message["text"] == "wow" and message["reply_to"]["story"]["id"] == "77"
    both = talk.event(write(Other(kind="share_and_post")))["message"]["attachments"]
    assert [one["type"] for one in both] == ["share", "ig_post"]
    assert both[0]["payload"]["url"] == both[1]["payload"]["url"]


def test_neither_typing_nor_delivery_is_told(talk: Account) -> None:
    mid = talk.send({"text": "hi"}).json["message_id"]
    assert talk.updates(Typing()) == talk.updates(Receipt(message_id=mid, status="delivered")) == []


@pytest.mark.parametrize("part", [Location(latitude=1.0, longitude=2.0), Other(kind="poll"), Text(text="")])
def test_what_nobody_can_send_is_refused(talk: Account, part: Any) -> None:
    with pytest.raises(Unsupported):
        talk.updates(write(part))


def test_a_sticker_produces_no_webhook_so_nobody_can_send_one(talk: Account) -> None:
    with pytest.raises(Unsupported, match="no webhook"):
        talk.updates(write(talk.media("sticker")))
